"""The documentation site, as `make docs` has built it: its links, and its live explorers."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.static_host import file_server
from tests.browser.test_post import DARK, GROUND, LIGHT, value

pytestmark = [pytest.mark.browser, pytest.mark.recipes]

SITE = Path(__file__).parents[2] / "docs" / "_build" / "html"
SHOWN = {"dark": DARK, "light": LIGHT}


@pytest.fixture(scope="module")
def docs():
    """The address of a host that has the site."""
    assert (SITE / "index.html").exists(), "make docs builds it"
    with file_server(SITE) as address:
        yield address


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.places = [], [], {""}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.places |= {given.get("id"), given.get("name")}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or tag == "link":
            self.loads.append(given.get("src") or given["href"])


def pages():
    written = [one for one in SITE.rglob("*.html") if "site" not in one.relative_to(SITE).parts]
    return {one: Page(one.read_text("utf-8")) for one in written}


def test_every_link_leads_to_a_file_and_to_a_place_in_it():
    read, wrong, tried = pages(), [], 0
    for page, found in read.items():
        for link in (one for one in found.links if not urlsplit(one).scheme):
            parts, tried = urlsplit(link), tried + 1
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            known = read[target].places if target in read else {parts.fragment}
            if not target.is_file() or unquote(parts.fragment) not in known:
                wrong.append(f"{page.name}: {link}")
    assert tried > 1000
    assert wrong == []


def test_nothing_is_loaded_from_another_host():
    loads = [one for page in pages().values() for one in page.loads]
    assert len(loads) > 500
    assert [one for one in loads if urlsplit(one).netloc] == []
    styles = "".join(one.read_text("utf-8") for one in SITE.rglob("_static/**/*.css"))
    assert re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)]*", styles) == []


@pytest.fixture
def visit(docs, reading):
    """Come to a page of the site from an explorer's own."""

    def open_page(name, **options):
        reader = reading(f"{docs}/site/surprise.html", folded=True, **options)
        reader.page.goto(f"{docs}/{name}")
        return reader

    return open_page


def ready(reader, number):
    """Return the page in the explorer of this number, once a reader has come to it."""
    element = reader.page.locator("bits-explorer").nth(number)
    element.scroll_into_view_if_needed()
    inside = reader.page.frame_locator("iframe").nth(number)
    inside.locator("html[data-ready=true]").wait_for()
    return element.evaluate_handle("one => one.frame").as_element().content_frame()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_story_has_its_explorers_in_the_theme_of_the_site(visit, width, system):
    reader = visit("story.html", width=width, scheme=system)
    count = reader.page.locator("bits-explorer").count()
    assert count == 7
    for number in range(count):
        explorer = ready(reader, number)
        explorer.wait_for_function(f"() => {GROUND} === '{SHOWN[system]}'")
    other = {"light": "dark", "dark": "light"}[system]
    for _ in range(3):
        if reader.page.locator("body").get_attribute("data-theme") != other:
            reader.page.locator(".theme-toggle:visible").first.click()
    explorer.wait_for_function(f"() => {GROUND} === '{SHOWN[other]}'")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) <= 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_knob_on_the_first_page_is_pulled(visit, width):
    reader = visit("index.html", width=width)
    explorer = ready(reader, 0)
    before = value(explorer, "kl_pq")
    knob = explorer.locator("[data-handle=mu_q]")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 40, y, steps=10)
    reader.page.mouse.up()
    reader.until(lambda: value(explorer, "kl_pq") > before, "Q is pulled away from P")
