"""Every page for readers who zoom, use a keyboard or hear it: both engines, both themes."""

from pathlib import Path

import pytest

from app.registry import CHAPTERS

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SLUGS = [chapter.slug for chapter in CHAPTERS]
SMALL = [(320, 256), (640, 400)]  # 1280 × 1024 and 1280 × 800 at 400 % and 200 %
MOST_STOPS = 90
# Where the focus is, and whether its middle, as far as it is in the window, is covered by anything.
FOCUSED = """() => {
  const { activeElement: at, body } = document;
  if (at === body) return null;
  const { left, top, width, height } = at.getBoundingClientRect();
  const [from, to] = [Math.max(top, 0), Math.min(top + height, innerHeight)];
  const x = Math.min(Math.max(left + width / 2, 1), innerWidth - 1);
  const shows = to - from >= Math.min(height, 8);
  const seen = shows ? document.elementFromPoint(x, (from + to) / 2) : null;
  const label = at.closest('label');
  const own = seen && (at.contains(seen) || seen.contains(at) || label?.contains(seen));
  return [at.ariaLabel ?? at.textContent.trim().slice(0, 30), Boolean(own)];
}"""


def violations(page):
    """Return what axe finds against WCAG 2.2 AA and good practice, as its rule and the place."""
    page.evaluate(AXE)
    found = page.evaluate(
        """async () => {
          const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
          const { violations } = await axe.run(document, { runOnly });
          return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        }"""
    )
    return dict(found)


@pytest.mark.parametrize("slug", ["index", *SLUGS])
def test_axe_finds_nothing_on_a_page_without_a_server(static_host, tabs, slug):
    page = tabs()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{static_host}/site/{slug}.html")
        page.wait_for_selector("html[data-ready=true]")
        assert violations(page) == {}, scheme
    page.close()


@pytest.mark.parametrize("slug", ["", *SLUGS])
def test_axe_finds_nothing_on_a_live_page(hosted, tabs, slug):
    page = tabs(bypass_csp=True)
    page.goto(f"{hosted}/{slug}")
    page.wait_for_selector("html[data-ready=true]")
    assert violations(page) == {}
    page.close()


@pytest.mark.parametrize("size", SMALL)
@pytest.mark.parametrize("slug", ["index", *SLUGS])
def test_what_has_the_focus_is_in_sight_in_a_small_window_and_nothing_overflows(
    static_host, tabs, slug, size
):
    page = tabs()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"{static_host}/site/{slug}.html")
    page.wait_for_selector("html[data-ready=true]")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    stops = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        stops.append(found)
    assert 10 < len(stops) < MOST_STOPS
    assert [name for name, in_sight in stops if not in_sight] == []
    page.close()
