"""The served pages, as readers with a large or small window, or a screen reader, meet them."""

import math

import pytest

from app.contract.explorer import UNITS
from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS
from tests.chapters import a_third
from tests.contract.expectations import is_undefined

pytestmark = pytest.mark.browser

BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}
SLUGS = [*BY_SLUG]


@a_third("slug", ["", *SLUGS])
def test_a_page_fits_its_window_and_asks_no_other_host(hosted, reading, slug):
    width, scheme = [(1280, "light"), (390, "dark")][len(slug) % 2]
    reader = reading(f"{hosted}/{slug}", width=width, scheme=scheme)
    page = reader.page
    if slug:
        shows_every_readout_with_its_double(reader, BY_SLUG[slug])
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    assert dark == (scheme == "dark")


def test_the_gallery_leads_to_every_explorer(hosted, reading):
    reader = reading(f"{hosted}/")
    for explorer in EXPLORERS:
        link = reader.page.locator(f'main a[href="{explorer.slug}"]')
        assert explorer.question in link.inner_text()
    link.click()
    reader.ready()
    assert reader.page.url == f"{hosted}/{explorer.slug}"


def shows_every_readout_with_its_double(reader, explorer):
    exact = explorer.compute(**explorer.defaults()).readouts
    shown = reader.values()
    for readout in explorer.readouts:
        undefined = is_undefined(explorer, readout.name, exact)
        said = reader.readout(readout.name).text_content().strip()
        assert math.isnan(shown[readout.name]) if undefined else (
            shown[readout.name] == exact[readout.name]
        )  # fmt: skip
        assert said == "–" if undefined else said not in ("", "–")


def test_an_impossible_outcome_is_shown_as_infinite_with_the_reason_in_words(hosted, reading):
    reader = reading(f"{hosted}/entropy?p=0.5,0.5,0&labels=a,b,c")
    assert reader.page.get_by_text("c: never happens, so its surprise is ∞").is_visible()
    cells = reader.page.locator('[data-table="codes"] tr').nth(2).locator("td")
    assert cells.all_text_contents() == ["c", "0.000", "∞", "∞", "∞", "–"]


@a_third("slug", SLUGS)
def test_a_table_fills_when_opened_and_after_a_movement(hosted, reading, slug):
    reader = reading(f"{hosted}/{slug}", folded=True)
    explorer = BY_SLUG[slug]
    table = next(table for table in explorer.tables if not table.live)
    body = reader.page.locator(f'[data-table="{table.name}"]')
    rows = body.locator("tr")
    assert rows.count() == 0
    reader.page.locator("summary", has_text="Data").click()
    rows.first.wait_for()
    assert 2 <= rows.count() <= 41
    before = rows.all_text_contents()
    if not reader.page.get_by_role("slider").count():
        reader.page.locator("details:has(input[type=range]) > summary").first.click()
    reader.page.get_by_role("slider").first.press("ArrowLeft")
    reader.at_rest()
    states = explorer.defaults(), reader.answered()
    still, moved = (explorer.compute(**state).tables[table.source] for state in states)
    if moved is still:  # a curve that only the unit changes
        reader.choose("unit", next(one for one in UNITS if one != states[0]["unit"]))
    reader.page.wait_for_function(
        "([rows, before]) => [...rows].some((row, i) => row.textContent !== before[i])",
        arg=[body.evaluate_handle("(body) => body.rows"), before],
    )


@pytest.mark.parametrize(("slug", "name"), [("kl", "width σ of Q"),
                                            ("entropy", "temperature")])  # fmt: skip
def test_on_a_phone_the_figure_stays_in_sight_while_a_control_far_down_moves(
    hosted, reading, slug, name
):
    reader = reading(f"{hosted}/{slug}", width=390)
    slider = reader.slider(name)
    slider.focus()
    slider.scroll_into_view_if_needed()
    reader.drag(name, 0.3, 0.7)
    figure = reader.page.locator("figure .figure").first.bounding_box()
    handle = slider.bounding_box()
    assert figure["y"] >= 0
    assert figure["y"] + figure["height"] <= handle["y"]
    assert handle["y"] + handle["height"] <= 844


@pytest.mark.parametrize("slug", ["kl", "perplexity"])
def test_a_sentence_for_screen_readers_follows_a_movement(hosted, reading, slug):
    reader = reading(f"{hosted}/{slug}")
    reader.page.get_by_role("slider").first.press("End")
    reader.page.wait_for_function("""() => {
        const [said] = document.querySelectorAll('[data-status][role=status]');
        const [slider] = document.querySelectorAll('[type=range]');
        const [readout] = document.querySelectorAll('[data-readout]');
        return slider.value === slider.max && said.textContent.includes(readout.textContent);
    }""")
    assert reader.page.locator("[aria-live=polite] [data-readout]").count() == 0


def test_panel_serve_shows_the_same_explorers(under_panel, reading):
    gallery = reading(f"{under_panel}/app")
    for explorer in EXPLORERS:
        link = gallery.page.locator(f'main a[href$="explorer={explorer.slug}"]')
        assert explorer.question in link.inner_text()
    query = "mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&unit=nats"
    reader = reading(f"{under_panel}/app?explorer=kl&{query}")
    state = {"mu_p": 0.0, "sigma_p": 1.0, "mu_q": 1.0, "sigma_q": 1.5, "unit": "nats"}
    for mu in (0.0, 2.0, -1.5):
        reader.type("mean μ of P", str(mu))
        exact = KL.compute(**{**KL.defaults(), **state, "mu_p": mu}).readouts
        for name in ("kl_pq", "kl_qp", "ratio", "js"):
            reader.shows(name, exact[name])
    reader.page.wait_for_function("() => location.search.includes('mu_p=-1.5&')")
    assert "explorer=kl" in reader.page.url
    entropy = reading(f"{under_panel}/app?explorer=entropy&p=0.9,0.1&unit=bits")
    entropy.shows("entropy", 0.4689955935892812)  # binary entropy of 0.1, mpmath at 50 digits
