"""Access: WCAG 2.2 by axe, focus in sight, labels in names, and reflow, of every page.

Both engines and both themes; what one opening of a page can answer is asked in one.
"""

from pathlib import Path

import pytest

from app.registry import CHAPTERS
from tests.browser.conftest import let_paint

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """async (options) => (await axe.run(document, options)).violations.flatMap(
  ({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, `${target}`, failureSummary]))"""
# Focus each stop as Tab would, and name those of which neither middle nor corners can be seen.
HIDDEN_STOPS = """() => {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility());
  const seen = (one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const [across, down] = [(left + right) / 2, (top + bottom) / 2];
    const places = [[across, down], [left + 3, top + 3], [right - 3, top + 3], [left + 3, bottom - 3],
                    [right - 3, bottom - 3], [across, top + 3], [across, bottom - 3]];
    return places.some((place) => {
      const there = document.elementFromPoint(...place);
      return there && (one.contains(there) || there.contains(one) && there.closest('label, .choice'));
    });
  };
  const hidden = stops.filter((one) => {
    one.focus();
    return document.activeElement === one && !seen(one);
  });
  return [stops.length, hidden.map((one) => one.ariaLabel || one.textContent.slice(0, 40) || one.outerHTML)];
}"""
# What a control's own label shows, beside the name that assistive technology gets.
UNNAMED = """() => {
  const text = (of) => of.innerText.replace(/\\s+/g, ' ').trim().toLowerCase();
  const pairs = [...document.querySelectorAll('button[aria-label], a[aria-label]')].map((one) => [text(one), one]);
  for (const one of document.querySelectorAll('input[aria-label]')) {
    const label = one.labels?.[0] ?? one.closest('.is-number')?.querySelector('label');
    if (label && one.checkVisibility()) pairs.push([text(label), one]);
  }
  const words = pairs.filter(([shown]) => /\\p{L}/u.test(shown));
  const odd = words.filter(([shown, one]) => !one.ariaLabel.toLowerCase().includes(shown));
  return [words.length, odd.map(([shown, one]) => [shown, one.ariaLabel])];
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(params=["exported", "served"])
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


@pytest.mark.parametrize("slug", ["", *(chapter.slug for chapter in CHAPTERS)])
def test_a_page_can_be_used_by_everybody(site, reading, slug):
    reader = reading(site(slug))
    page = reader.page
    page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
    page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")  # as the debugger: past the policy
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
        assert counted >= 3
