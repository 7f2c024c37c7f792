"""The exported pages: the numbers, links and controls of the served ones, and no server at all."""

import csv
import gzip
import io
import math
import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest

from app.contract.links import in_order
from app.contract.parameters import kind
from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS
from tests.browser.conftest import INLINE
from tests.browser.reader import let_messages_arrive, let_paint
from tests.chapters import a_third

pytestmark = pytest.mark.browser

BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}
CLOSE = 1e-12  # relative to the number, or to what it is the difference of
BROKEN = (
    "window.broken = [];"
    "addEventListener('securitypolicyviolation', (event) => broken.push(event.blockedURI));"
)
KL_NAMES = {
    "mu_p": "mean μ of P", "sigma_p": "width σ of P",
    "mu_q": "mean μ of Q", "sigma_q": "width σ of Q",
}  # fmt: skip
MARKUP = [
    "<script>injected()</script>",
    "<img src=x onerror=injected()>",
    '"><svg onload=injected()>',
]
HOSTILE = {
    "kl": [
        "mu_p=NaN&sigma_p=0&unit=<b>&mu_q=" + "9" * 10_000, "mu_p=1e308&sigma_q=-1e308&swap:0=1",
        "k" * 10_000 + "=1&__proto__=1&constructor=2&%=%&%00=%ff",
        "&".join(f"mu_p={quote(text)}&{quote(text)}=1" for text in MARKUP),
    ],
    "entropy": [
        "p=NaN,1&temperature=inf&locked=nobody", "p=1e308,1e308", "p=-0.1,1.1&labels=a,a,a,a",
        "p=1&p:99=1", "p=" + "1," * 5000, f"p=0.5,0.5,{quote(MARKUP[0])}",
    ],
    "cross-entropy": [
        "q=0.5,0.5&steps=1e308&train=7", "q=NaN,1,1&steps=2.5&train:9=end",
        f"q=-1,1,1&locked_q=nobody&labels=a,b,{quote(MARKUP[1])}",
    ],
}  # fmt: skip


@pytest.fixture
def opening(exported, static_host, reading):
    """Open an explorer from the site's server, or its one file without any network."""

    def open_page(slug, address="", form="site", **options):
        if form == "site":
            return reading(f"{static_host}/site/{slug}.html{address}", **options)
        file = (exported / f"{slug}.html").as_uri()
        return reading(f"{file}{address}", offline=True, **options)

    return open_page


a_third_of_chapters = a_third("slug", BY_SLUG)


def shows_what_python_computes(reader, explorer, state, noise=0.0):
    """Compare every readout on the page with the explorer in Python."""
    exact = {**explorer.compute(**state).readouts, "one": 1.0}
    shown = reader.values()
    for readout in explorer.readouts:
        got, expected = shown[readout.name], exact[readout.name]
        scale = max(abs(exact[name]) for name in (readout.name, readout.noise_of) if name)
        scale = max(scale, noise)
        same = got == expected or (math.isnan(got) and math.isnan(expected))
        assert same or abs(got - expected) <= CLOSE * scale, (readout.name, got, expected, state)


# What a page weighs and asks for


@pytest.mark.parametrize("width", [1280, 390])
def test_the_gallery_fits_its_window(static_host, reading, width):
    reader = reading(f"{static_host}/site/index.html", width=width)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) <= 0


def test_a_source_opens_beside_the_page_which_it_learns_nothing_of(opening):
    reader = opening("entropy")
    link = reader.page.locator(".sources a").last
    told = []
    reader.page.context.route(
        re.compile("^https://"),
        lambda route: (told.append(route.request.headers), route.fulfill(body="there")),
    )
    with reader.page.expect_popup() as opened:
        link.click()
    assert opened.value.url == link.get_attribute("href")
    assert opened.value.evaluate("[opener, document.referrer]") == [None, ""]
    assert told
    assert not any("referer" in headers for headers in told)
    opened.value.close()
    reader.page.context.unroute_all()


def test_the_gallery_leads_to_every_page(static_host, reading):
    reader = reading(f"{static_host}/site/index.html", width=390)
    for slug, explorer in BY_SLUG.items():
        link = reader.page.locator("main a", has_text=explorer.question)
        assert link.evaluate("(one) => one.href") == f"{static_host}/site/{slug}.html"
    link.click()
    reader.ready()
    assert reader.page.url.split("#")[0] == f"{static_host}/site/{slug}.html"


def weighs(file):
    return len(gzip.compress(file.read_bytes()))


@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_page_of_a_site_is_small(exported, slug):
    assert weighs(exported / "site" / f"{slug}.html") <= 40_000


def test_what_all_pages_of_a_site_share_is_small(exported):
    assert weighs(exported / "site" / "index.html") <= 40_000
    (front,) = (exported / "site").glob("front-*.min.js")
    assert weighs(front) <= 40_000


def test_seven_explorers_in_a_post_ask_a_site_for_little(exported):
    """What a browser unpacks for the seven largest: their pages, and once what they share."""
    site = exported / "site"
    pages = sorted((site / f"{slug}.html").stat().st_size for slug in BY_SLUG)[-7:]
    shared = [site / "bits.js", *site.glob("*.min.js")]
    assert sum(pages) + sum(one.stat().st_size for one in shared) <= 1_600_000


@pytest.mark.parametrize("slug", INLINE)
def test_a_file_is_small_enough_to_put_into_a_post(exported, slug):
    assert weighs(exported / f"{slug}.html") <= 250_000


# That no page is refused what it needs is asked wherever one is opened: nothing may be logged.
@a_third(
    ("form", "slug"),
    [*(("site", slug) for slug in BY_SLUG), *(("inline", slug) for slug in INLINE)],
)
def test_a_page_opens_with_its_numbers_and_pictures_and_its_policy_lets_nothing_else_run(
    opening, form, slug
):
    reader = opening(slug, form=form, before=BROKEN)
    page = reader.page
    shows_what_python_computes(reader, BY_SLUG[slug], BY_SLUG[slug].defaults())
    drawn = page.evaluate("Bokeh.documents.flatMap((one) => one.roots()).length")
    assert drawn == len([one for one in BY_SLUG[slug].pictures if not one.served])
    page.locator("input[type=range]:visible, .letters button").first.press("End")
    page.locator("details summary").last.click()
    reader.choose("unit", "nats")
    assert page.evaluate("broken") == []
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.ran = true'}))"
    )
    page.wait_for_function("() => broken.length === 1")
    assert page.evaluate("window.ran") is None
    refusals = [text for text in reader.errors if "Content Security Policy" in text]
    assert len(refusals) == len(reader.errors) == 1
    reader.errors.clear()


# The numbers


def test_typed_states_show_what_python_computes_for_two_gaussians(opening):
    rng = np.random.default_rng(5)
    reader = opening("kl")
    state = KL.defaults()
    for turn in range(6):
        for name, label in KL_NAMES.items():
            low, high = KL.param[name].bounds
            state[name] = round(float(rng.uniform(low, high)), 2)
            reader.type(label, str(state[name]))
        if turn % 3 == 0:
            state["unit"] = ("bits", "nats")[turn % 2]
            state["integrand"] = ("non-negative", "signed")[turn % 2]
            reader.choose("unit", state["unit"])
            reader.choose("integrand", state["integrand"])
        # q − p, of about size 1 each, is added to the non-negative integrand
        noise = float(state["integrand"] == "non-negative")
        shows_what_python_computes(reader, KL, state, noise)


def test_typed_states_show_what_python_computes_for_outcomes(opening):
    rng = np.random.default_rng(6)
    reader = opening("entropy")
    state = Entropy.defaults()
    for turn in range(6):
        for label in rng.permutation(state["labels"])[:2]:
            reader.type(f"probability of {label}", f"{rng.uniform(0.01, 0.9):.3f}")
        if turn % 3 == 0:
            state["unit"] = ("nats", "bits")[turn % 2]
            reader.choose("unit", state["unit"])
        state["p"] = reader.probabilities()
        assert math.fsum(state["p"]) == pytest.approx(1, abs=1e-15)
        shows_what_python_computes(reader, Entropy, state)


# Links


@pytest.mark.parametrize(("form", "mark"), [("site", "#"), ("site", "?"), ("inline", "#")])
def test_a_state_after_either_mark_is_restored_to_every_digit(opening, form, mark):
    state = {"mu_p": 1 / 3, "sigma_p": 0.1 + 0.2, "mu_q": -4e-300, "sigma_q": 2.5, "unit": "bits"}
    reader = opening("kl", f"{mark}{urlencode(state)}")
    shows_what_python_computes(reader, KL, {**KL.defaults(), **state})
    assert reader.typed("width σ of P").get_attribute("title") == repr(0.1 + 0.2)
    reader = opening("entropy", f"{mark}p=0.5,0.3,0.2&labels=a,b,c&locked=a&unit=bits")
    p, labels = [0.5, 0.3, 0.2], ["a", "b", "c"]
    shows_what_python_computes(
        reader, Entropy, {**Entropy.defaults(), "p": p, "labels": labels, "locked": ["a"]}
    )
    assert reader.button("lock a").get_attribute("aria-pressed") == "true"


def test_a_moved_slider_rewrites_the_fragment_without_a_history_entry(opening):
    reader = opening("kl", "#theme=dark")
    before = reader.page.evaluate("history.length")
    reader.drag("mean μ of P", 0.4, 1)
    reader.page.wait_for_function("() => /mu_p=4&/.test(location.hash)")
    assert reader.page.evaluate("history.length") == before
    assert "theme=dark" in reader.page.url
    _, fragment = reader.page.url.split("#")
    assert opening("kl", f"#{fragment}").value("kl_pq") == reader.value("kl_pq")


# What such texts become is held by tests/contract/test_twins.py, which tries them all.
@a_third(("slug", "fragment"), [(slug, text) for slug, texts in HOSTILE.items() for text in texts])
def test_a_hostile_fragment_gives_a_usable_page_with_a_message(opening, slug, fragment):
    reader = opening(slug, f"#{fragment}")
    messages = reader.page.locator("[data-messages] li").all_text_contents()
    assert messages
    assert all(text.endswith(".") and len(text) < 200 for text in messages)
    assert reader.page.locator("main img, main script, main svg[onload]").count() == 0
    name = BY_SLUG[slug].readouts[0].name
    before = reader.value(name)
    slider = reader.page.get_by_role("slider").first
    slider.press("Home")
    slider.press("PageUp")
    assert math.isfinite(reader.moves(name, before))


@pytest.mark.parametrize(("theme", "ground"), [("dark", "rgb(20, 23, 26)"),
                                               ("light", "rgb(251, 251, 250)")])  # fmt: skip
def test_a_link_chooses_the_theme_against_the_systems(opening, theme, ground):
    other = "light" if theme == "dark" else "dark"
    page = opening("kl", f"#theme={theme}", scheme=other).page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_an_embedded_page_is_bare_and_leaves_its_address_alone(opening):
    reader = opening("kl", "#embed=1&mu_p=1")
    for part in ("header", ".story"):
        assert reader.page.locator(part).is_hidden()
    address, before = reader.page.url, reader.value("kl_pq")
    reader.slider("mean μ of P").press("End")
    reader.moves("kl_pq", before)
    reader.page.wait_for_timeout(600)  # longer than a page takes to write its address
    assert reader.page.url == address


# Controls


def test_presets_undo_and_reset_work_without_a_server(opening):
    reader = opening("kl", "#mu_p=0.5&sigma_q=2&unit=bits")
    before = reader.value("kl_pq")
    reader.click("The tail")
    # in nats ½(σp²/σq² − 1) − log(σp/σq), with σp = 1 and σq = 0.1
    reader.shows("kl_pq", (49.5 - math.log(10)) / math.log(2))
    reader.click("Undo")
    reader.shows("kl_pq", before)
    reader.click("Reset")
    shows_what_python_computes(reader, KL, KL.defaults())


def asked_for(explorer, preset):
    """Return the changes of a preset's button."""
    return [(preset, None)] if isinstance(preset, str) else [("reset", None), *preset.items()]


def linked_state(reader, explorer):
    """Return the state that the link to the full-size page restores."""
    link = urlsplit(reader.page.locator("[data-full]").get_attribute("href")).fragment
    asked = in_order(explorer, parse_qsl(link))
    return explorer.apply(explorer.defaults(), asked)[0]


def leads_to(reader, explorer, wanted):
    linked = linked_state(reader, explorer)
    return {key: linked[key] for key in wanted} == wanted


@a_third_of_chapters
def test_every_preset_is_what_python_makes_of_it_and_no_part_is_refused(opening, slug):
    explorer, reader = BY_SLUG[slug], opening(slug)
    state = explorer.defaults()
    kinds = {name: kind(parameter) for name, parameter in explorer.parameters().items()}
    for name, preset in explorer.presets.items():
        reader.click(name)
        state, refused = explorer.apply(state, asked_for(explorer, preset))
        assert refused == []
        shows_what_python_computes(reader, explorer, state)
        assert reader.page.locator("[data-messages] li.refused:visible").all_inner_texts() == []
        travels = {key: value for key, value in state.items() if kinds[key] != "text"}
        close = {
            key: pytest.approx(value, rel=1e-15, abs=0) if kinds[key] == "numbers" else value
            for key, value in travels.items()
        }
        # the link follows once a movement has ended
        reader.until(
            partial(leads_to, reader, explorer, close),
            lambda name=name: (name, linked_state(reader, explorer)),
        )


def test_a_locked_outcome_keeps_its_probability_without_a_server(opening):
    reader = opening("entropy")
    reader.click("lock rain")
    reader.type("probability of sun", "0.99")
    reader.told("What is locked leaves room for 0.85 at most")
    sun, _, rain, _ = reader.probabilities()
    assert (sun, rain) == (pytest.approx(0.85), 0.15)


@pytest.mark.parametrize("slug", ["kl", "perplexity"])
def test_a_strangers_message_to_a_page_of_its_own_changes_nothing(opening, slug):
    reader = opening(slug)
    seen = "document.documentElement.outerHTML"
    reader.page.locator("[data-status]").filter(has_text=".").wait_for(state="attached")
    before = reader.page.evaluate(seen)
    for message in ("{bitsAndNats: 'theme', theme: 'dark'}", "{bitsAndNats: 'height', height: 9}",
                    "null", "'text'", "{seq: 1, changes: [['mu_p', 1]], state: {}}"):  # fmt: skip
        reader.page.evaluate(f"postMessage({message}, '*')")
    let_messages_arrive(reader.page)
    assert reader.page.evaluate(seen) == before


# What a reader takes along


def saved(reader, name):
    """Press a button and return the name and the bytes of the file that it saves."""
    with reader.page.expect_download() as download:
        reader.button(name).first.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_saved_picture_holds_every_figure_and_the_numbers_in_the_pages_colours(opening):
    reader = opening("kl", "#mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&theme=dark")
    name, svg = saved(reader, "Save as SVG")
    root = ElementTree.fromstring(svg)
    text = "".join(root.itertext())
    assert name == "kl.svg"
    assert len(root.findall("{http://www.w3.org/2000/svg}svg")) == len(KL.pictures)
    assert f"D(P‖Q): {reader.page.locator('[data-readout=kl_pq]').inner_text()}" in text
    assert b"rgb(28, 32, 36)" in svg  # the dark card
    name, png = saved(reader, "Save as PNG")
    assert name == "kl.png"
    assert png.startswith(b"\x89PNG")
    assert len(png) > 20_000


def test_a_saved_table_holds_every_row_to_the_last_digit(opening):
    reader = opening("kl", "#mu_p=0.3&sigma_p=0.7")
    name, text = saved(reader, "Save as CSV")
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    curves = KL.compute(**{**KL.defaults(), "mu_p": 0.3, "sigma_p": 0.7}).tables["curves"]
    assert name == "kl-curves.csv"
    np.testing.assert_allclose([float(row["to D(P‖Q)"]) for row in rows], curves["pq"], atol=1e-14)
    assert [float(row["x"]) for row in rows] == list(curves["x"])
    assert list(rows[0]) == [heading for heading, _ in KL.tables[0].columns.values()]


def test_a_saved_table_says_what_the_page_says(opening):
    reader = opening("cross-entropy")
    _, text = saved(reader, "Save as CSV")
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    place = reader.page.locator("section", has_text="What each outcome costs").locator("tbody tr")
    shown = [row.locator("td").all_inner_texts() for row in place.all()]
    assert [row["outcome"] for row in rows] == [cells[0] for cells in shown]
    wasted = [cells[-1].replace("−", "-") for cells in shown]
    assert [f"{float(row['wasted']):.4f}" for row in rows] == wasted


@a_third(("slug", "width"), [("kl", 1280), *((slug, 390) for slug in BY_SLUG)])
def test_no_line_of_a_saved_picture_runs_off_its_edge(opening, slug, width):
    reader = opening(slug, width=width)
    _, svg = saved(reader, "Save as SVG")
    ends = reader.page.evaluate(
        """(svg) => {
            const drawn = document.body.appendChild(
                new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement);
            const ends = [...drawn.querySelectorAll(':scope > text')].map((text) => {
                const box = text.getBBox();
                return [text.textContent, box.x + box.width, drawn.width.baseVal.value];
            });
            drawn.remove();
            return ends;
        }""",
        svg.decode(),
    )
    assert len(ends) > 2
    assert [line for line, end, edge in ends if end > edge] == []


def test_copying_twice_at_once_leaves_the_buttons_name(opening):
    reader = opening("kl", permissions=["clipboard-read", "clipboard-write"])
    button = reader.page.locator("[data-action=copy-code]")
    button.evaluate("""(button) => {
        window.names = [];
        new MutationObserver(() => names.push(button.textContent))
            .observe(button, { childList: true });
    }""")
    button.click()
    button.filter(has_text="Copied").wait_for()
    button.click()
    reader.page.wait_for_function("() => names.length === 4")  # twice “Copied”, twice its own
    assert button.text_content() == "Copy as Python"


def test_python_code_says_infinity_as_python_prints_it(opening):
    reader = opening("cross-entropy", "#p=0.5,0.5,0&q=1,0,0")
    assert reader.page.locator("[data-code]").inner_text().endswith("\n# inf")


def test_a_phone_shows_the_chapter_that_is_open_among_the_others(static_host, reading):
    first, *_, last = BY_SLUG
    for name in [first, "kl", last, "connections"]:
        reader = reading(f"{static_host}/site/{name}.html", width=390)
        tab = reader.page.locator("header [aria-current]").bounding_box()
        assert tab["x"] >= 0
        assert tab["x"] + tab["width"] <= 390


def test_a_name_that_is_too_long_is_refused_with_a_message(opening):
    reader = opening("entropy")
    reader.click("rename sun")
    reader.page.keyboard.type("a" * 25)
    reader.page.keyboard.press("Enter")
    reader.told("has 1 to 24 letters and no comma")
    assert reader.button("rename sun").is_visible()


def test_a_name_that_a_spreadsheet_would_run_is_saved_as_text(opening):
    reader = opening("entropy", "#p=0.5,0.5&labels=%3D1%2B1,tail")
    _, text = saved(reader, "Save as CSV")
    assert [row["outcome"] for row in csv.DictReader(io.StringIO(text.decode()))] == [
        "'=1+1",
        "tail",
    ]


@a_third_of_chapters
def test_the_copied_frame_is_tall_enough_for_a_post_and_not_much_taller(opening, slug, static_host):
    page = opening(slug).page
    page.evaluate(
        "navigator.clipboard.writeText = async (text) => { document.title = `copied:${text}`; }"
    )
    page.get_by_role("button", name="Copy embed code").click()
    page.wait_for_function("document.title.startsWith('copied:')")
    given = int(re.search(r'height="(\d+)"', page.title())[1])
    page.set_viewport_size({"width": 736, "height": 900})
    page.goto("about:blank")
    page.goto(f"{static_host}/site/{slug}.html#embed=1")
    page.wait_for_selector("html[data-ready=true]")
    needed = page.evaluate("document.body.getBoundingClientRect().height")
    assert needed <= given <= 1.2 * needed


@pytest.mark.parametrize("stem", ["bokeh-", "front-"])
def test_a_page_without_a_file_that_lies_beside_it_says_so(tabs, static_host, stem):
    page = tabs()
    page.route(f"**/{stem}*.min.js", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{static_host}/site/kl.html")
    assert stem in page.locator(".figures [role=alert]").inner_text()
    page.close()


def test_open_full_size_is_reached_by_keyboard_and_carries_the_state(opening):
    page = opening("kl", "#mu_p=1.25").page
    page.get_by_role("button", name="Copy code of the figure alone").focus()
    page.keyboard.press("Tab")
    assert "mu_p=1.25" in page.evaluate("document.activeElement.href")


def test_the_brand_of_a_file_alone_leaves_the_state(opening):
    page = opening("kl", "#mu_p=1.25", form="inline").page
    page.locator(".brand").click()
    assert "mu_p=1.25" in page.url


@a_third_of_chapters
def test_a_pointer_on_a_picture_reads_its_numbers_after_a_movement_too(reading, static_host, slug):
    reader = reading(f"{static_host}/site/{slug}.html")
    slider = reader.page.get_by_role("slider").first
    for keys in ([], ["ArrowRight"] * 3):
        for key in keys:
            slider.press(key)
        assert read_by_pointer(reader.page), slug
    assert not reader.errors


def read_by_pointer(page):
    """Move the pointer over the pictures until one tells its numbers, and return what it says."""
    told = page.locator(".bk-tooltip-content:visible")
    for figure in page.locator("figure .figure:visible").all():
        figure.scroll_into_view_if_needed()
        box = figure.bounding_box()
        for x in (0.3, 0.45, 0.6, 0.75):
            for y in (0.85, 0.5, 0.2):
                page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
                let_paint(page, 3)
                if told.count():
                    text = told.first.inner_text()
                    page.mouse.move(1, 1)
                    return text
    return ""
