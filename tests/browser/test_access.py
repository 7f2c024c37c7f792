"""Access: WCAG 2.2 by axe, focus in sight, labels in names, and reflow, of every page.

Both engines and both themes; what one opening of a page can answer is asked in one.
"""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.registry import CHAPTERS, EXPLORERS
from tests.browser.reader import let_paint, unfold
from tests.chapters import a_third, by_turns

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """async (options) => (await axe.run(document, options)).violations.flatMap(
  ({ id, nodes }) => nodes.map((node) => [id, `${node.target}`, node.failureSummary]))"""
# Focus each stop as Tab would, and name those of which neither middle nor corners can be seen.
HIDDEN_STOPS = """() => {
  const kinds = 'a[href], button, input, select, textarea, summary, [tabindex]';
  const stops = [...document.querySelectorAll(kinds)].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility());
  const seen = (one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const [across, down] = [(left + right) / 2, (top + bottom) / 2];
    const places = [left + 3, across, right - 3].flatMap(
      (x) => [top + 3, down, bottom - 3].map((y) => [x, y]));
    return places.some((place) => {
      const there = document.elementFromPoint(...place);
      const around = there?.closest('label, .choice');
      return there && (one.contains(there) || around?.contains(one));
    });
  };
  const hidden = stops.filter((one) => {
    one.focus();
    return document.activeElement === one && !seen(one);
  });
  return [stops.length, hidden.map((one) => one.outerHTML.slice(0, 90))];
}"""
# What a control's own label shows, beside the name that assistive technology gets.
UNNAMED = """() => {
  const text = (of) => of.innerText.replace(/\\s+/g, ' ').trim().toLowerCase();
  const named = [...document.querySelectorAll(':is(button, a)[aria-label]')];
  const pairs = named.map((one) => [text(one), one]);
  for (const one of document.querySelectorAll('input[aria-label]')) {
    const label = one.labels?.[0] ?? one.closest('.is-number')?.querySelector('label');
    if (label && one.checkVisibility()) pairs.push([text(label), one]);
  }
  const words = pairs.filter(([shown]) => /\\p{L}/u.test(shown));
  const odd = words.filter(([shown, one]) => !one.ariaLabel.toLowerCase().includes(shown));
  return [words.length, odd.map(([shown, one]) => [shown, one.ariaLabel])];
}"""
of_either_engine = by_turns("site", ["exported", "served"], indirect=True)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def site(request):
    """A function that gives the address of a page, by its slug, under either engine."""
    if request.param == "served":
        hosted = request.getfixturevalue("hosted")
        return lambda slug: f"{hosted}/{slug}"
    static_host = request.getfixturevalue("static_host")
    return lambda slug: f"{static_host}/site/{slug or 'index'}.html"


def found_by_axe(page, options):
    """Return what axe finds; figures are images whose insides are not the page's."""
    return page.evaluate(FOUND, {"runOnly": options})


def pages_of_either_engine():
    """Yield the gallery and each chapter under one engine, the next under the other."""
    for place, slug in enumerate(["", *(chapter.slug for chapter in CHAPTERS)]):
        yield ("exported", "served")[place % 2], slug


@a_third(("site", "slug"), pages_of_either_engine(), indirect=["site"])
def test_a_page_can_be_used_by_everybody(site, reading, slug):
    reader = reading(site(slug))
    page = reader.page
    page.evaluate(
        f"() => {{ {AXE.read_text(encoding='utf-8')} }}"
    )  # as the debugger: past the policy
    assert found_by_axe(page, {"type": "tag", "values": RULES}) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert found_by_axe(page, {"type": "rule", "values": ["color-contrast"]}) == []
    counted, unnamed = page.evaluate(UNNAMED)
    assert unnamed == []
    for width, height in ((640, 400), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        let_paint(page, 3)
        stops, hidden = page.evaluate(HIDDEN_STOPS)
        assert stops >= 4
        assert hidden == [], (width, height)
    assert page.evaluate(OVERFLOW) <= 0
    if reader.page.locator("[data-control]").count():
        assert counted >= 2


# What one page shows of all


@of_either_engine
def test_a_message_gives_the_focus_back_and_marks_the_refused_field(site, reading):
    reader = reading(site("kl"))
    page, field = reader.page, reader.typed("mean μ of P")
    box, has_focus = page.locator("[data-messages]"), "one => one === document.activeElement"
    reader.type("mean μ of P", "plenty")
    reader.told("mean μ of P must be a number")
    assert field.get_attribute("aria-invalid") == "true"
    said = page.locator(f"#{field.get_attribute('aria-errormessage')}")
    assert "mean μ of P must be a number" in said.inner_text()
    assert reader.typed("mean μ of Q").get_attribute("aria-invalid") is None
    reader.button("close this message").focus()
    page.keyboard.press("Enter")
    box.wait_for(state="hidden")
    assert field.evaluate(has_focus)
    assert field.get_attribute("aria-invalid") is None
    reader.type("mean μ of P", "99")
    reader.told("must lie between")
    reader.button("close this message").focus()
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    assert field.evaluate(has_focus)
    reader.type("mean μ of P", "lots")
    reader.told("lots")
    reader.type("mean μ of P", "1")  # what is taken ends the message and its mark
    box.wait_for(state="hidden")
    assert field.get_attribute("aria-invalid") is None


def test_the_focus_stays_among_the_outcomes_when_one_is_taken_back_or_removed(static_host, reading):
    reader = reading(f"{static_host}/site/entropy.html#p=0.5,0.25,0.25&labels=a,b,c")
    page, focused = reader.page, "document.activeElement.ariaLabel"
    reader.click("add outcome")
    reader.slider("probability of A").focus()
    page.keyboard.press("Control+z")
    reader.until(lambda: page.locator(".share").count() == 3, "the outcome is taken back")
    assert page.evaluate(focused) == "probability of c"
    reader.button("remove a").focus()
    page.keyboard.press("Enter")
    reader.until(lambda: page.locator(".share").count() == 2, "an outcome is gone")
    assert page.evaluate(focused) == "remove b"  # it moved up; nothing can be removed now
    page.keyboard.press("Enter")
    let_paint(page)
    assert page.locator(".share").count() == 2


@pytest.mark.parametrize(
    "name",
    ["می\u200cخواهم", "👨\u200d👩\u200d👧\u200d👦", "W" * 24],
    ids=["Persian", "family", "long"],
)
def test_a_name_of_any_script_and_length_stands_whole_beside_its_control(
    static_host, reading, name
):
    reader = reading(f"{static_host}/site/entropy.html")
    reader.click("rename rain")
    assert reader.page.locator(".renaming").get_attribute("dir") == "auto"
    reader.page.keyboard.type(name)
    reader.page.keyboard.press("Enter")
    shown = reader.button(f"rename {name}")
    shown.wait_for()
    assert shown.inner_text() == name
    assert shown.get_attribute("dir") == "auto"
    assert shown.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    assert shown.evaluate("one => getComputedStyle(one).textOverflow") == "clip"
    assert reader.page.locator("[data-messages]").is_hidden()


@a_third("explorer", EXPLORERS, ids=lambda explorer: explorer.slug)
def test_each_figure_says_its_numbers_once_the_hand_rests(static_host, reading, explorer):
    reader = reading(f"{static_host}/site/{explorer.slug}.html")
    page = reader.page
    shown = [one for one in explorer.pictures if not one.served]
    described = page.locator(".figure[aria-describedby]")
    assert described.count() == len(shown) >= 1
    says = "(one) => document.getElementById(one.getAttribute('aria-describedby')).textContent"
    said = "() => [...document.querySelectorAll('.described')].every((one) => one.textContent)"
    page.wait_for_function(said)
    before = described.evaluate_all(f"all => all.map({says})")
    for text in before:
        assert any(letter.isdigit() for letter in text)
        assert "{" not in text
        assert "undefined" not in text
    page.evaluate("""() => {
      globalThis.written = 0;
      const count = new MutationObserver(() => { globalThis.written += 1; });
      const look = { childList: true, characterData: true, subtree: true };
      for (const one of document.querySelectorAll('.described')) count.observe(one, look);
    }""")
    name = page.get_by_role("slider").first.get_attribute("aria-label")
    reader.drag(name, 0.3, 0.7, steps=30)
    page.wait_for_function("() => globalThis.written > 0")
    assert described.evaluate_all(f"all => all.map({says})") != before
    assert page.evaluate("globalThis.written") <= 6 * len(shown)  # of 30 moves


@of_either_engine
def test_a_description_has_the_numbers_that_the_page_shows(site, reading):
    reader = reading(site("kl"))
    reader.type("mean μ of Q", "2")
    page = reader.page
    reader.until(
        lambda: "mean 2, width 1.6" in page.locator("#described-densities").text_content(),
        "the mean is said",
    )
    number = reader.readout("kl_pq").inner_text()
    assert f"D(P‖Q), {number} nats" in page.locator("#described-forward").text_content()


def test_counts_in_descriptions_have_no_decimals(static_host, reading):
    reader = reading(f"{static_host}/site/decision-tree.html")
    described = reader.page.locator("#described-tree")
    reader.until(
        lambda: "the nodes hold 2000, " in described.text_content(), described.text_content
    )
    assert ".000" not in described.text_content()


def test_forced_colours_leave_what_is_chosen_and_what_surprises_to_be_told(static_host, reading):
    forced = {"jar": "forced", "forced_colors": "active"}
    reader = reading(f"{static_host}/site/perplexity.html", **forced)
    page, look = reader.page, "one => getComputedStyle(one)"
    ground = f"all => all.map(one => ({look})(one).backgroundColor)"
    chosen = page.locator(".choice input:checked + span").evaluate_all(ground)
    others = page.locator(".choice input:not(:checked) + span").evaluate_all(ground)
    assert not set(chosen) & set(others)
    rims = page.locator(".passage span").evaluate_all(
        f"all => all.map(one => ({look})(one).borderBottomWidth)"
    )
    assert len(set(rims)) >= 3
    reader = reading(f"{static_host}/site/entropy.html", **forced)
    reader.click("lock sun")
    reader.page.locator(".lock[aria-pressed=true]").wait_for()
    assert len(set(reader.page.locator(".lock").evaluate_all(ground))) == 2


TWICE_AS_LARGE = """new MutationObserver((_, observer) => {
  if (!document.documentElement) return;
  document.documentElement.style.fontSize = '32px';
  observer.disconnect();
}).observe(document, { childList: true })"""  # as a reader's setting, before all else


@a_third("slug", ["index", *(chapter.slug for chapter in CHAPTERS)])
def test_a_phones_page_with_text_twice_as_large_scrolls_one_way(static_host, reading, slug):
    address = f"{static_host}/site/{slug}.html"
    page = reading(address, width=390, folded=True, before=TWICE_AS_LARGE).page
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        let_paint(page, 3)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    unfold(page)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        let_paint(page, 3)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        sliders = page.locator(".is-number input[type=range]")
        widths = sliders.evaluate_all("all => all.map((one) => one.offsetWidth).filter(Boolean)")
        assert all(one >= 200 for one in widths), width  # px: on a line of its own


def test_forced_colours_show_where_each_slider_stands(static_host, reading):
    reader = reading(f"{static_host}/site/kl.html", jar="forced", forced_colors="active")
    for slider in reader.page.get_by_role("slider").all():
        shot = np.asarray(Image.open(io.BytesIO(slider.screenshot())).convert("RGB")).astype(int)
        middle = shot[shot.shape[0] // 2, 4:-4]  # a thumb without a colour is a hole in its track
        assert (abs(middle - 255).sum(axis=1) > 200).sum() >= 20


def test_text_follows_the_readers_font_size_and_wish_for_contrast(static_host, reading):
    reader = reading(f"{static_host}/site/kl.html")
    page = reader.page
    sizes = """() => [...document.querySelectorAll('main *')]
      .filter((one) => !one.closest('.figure, .unseen') && one.checkVisibility())
      .filter((one) => one.innerText?.trim())
      .map((one) => Number.parseFloat(getComputedStyle(one).fontSize))"""
    before = page.evaluate(sizes)
    page.add_init_script(TWICE_AS_LARGE)
    page.reload()
    reader.ready()
    unfold(page)
    after = page.evaluate(sizes)
    assert len(after) == len(before) > 50
    assert all(1.45 * old < new <= 2 * old for old, new in zip(before, after, strict=True))
    figures = page.evaluate("""() => Bokeh.documents.flatMap((one) => [...one._all_models.values()])
      .map(({ attributes }) => attributes.major_label_text_font_size).filter(Boolean)""")
    assert set(figures) == {"24px"}
    assert page.evaluate(OVERFLOW) <= 0
    page.emulate_media(contrast="more")
    colour = "(of) => getComputedStyle(document.querySelector(of)).color"
    assert page.evaluate(colour, "figcaption") == page.evaluate(colour, "h1")


def test_names_of_results_stand_whole_at_320_px_and_with_wide_spacing(static_host, reading):
    reader = reading(f"{static_host}/site/entropy.html", width=320)
    reader.page.add_style_tag(
        content="* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
    )
    cut = """() => [...document.querySelectorAll('.readout :is(h2, output, span)')]
      .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth)
      .map((one) => one.textContent)"""
    assert reader.page.evaluate(cut) == []
    assert reader.page.evaluate(OVERFLOW) <= 0
