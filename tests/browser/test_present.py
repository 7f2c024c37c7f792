"""In front of a class: the figure on a projector, keys and a clicker, the code, and the handout."""

import io
import re

import pytest
import zxingcpp
from PIL import Image

from app.registry import EXPLORERS
from tests.browser.reader import Reader, let_paint
from tests.chapters import a_third
from tests.waits import wait_until

pytestmark = pytest.mark.browser

HOST = "http://notes.example"
SIZES = """(selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 1)
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""


@pytest.fixture
def hall(exported, tabs):
    """Open a page of the site under the name of a public host, as its code is for others."""
    readers = []

    def file(route):
        path = route.request.url.removeprefix(f"{HOST}/").split("#")[0]
        route.fulfill(path=exported / "site" / path)

    def opened(page, width=1280, height=720):
        reader = Reader(tabs())
        readers.append(reader)
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.page.route(f"{HOST}/**", file)
        reader.open(f"{HOST}/{page}", folded=True)
        let_paint(reader.page)
        return reader

    yield opened
    for reader in readers:
        reader.page.evaluate("localStorage.clear()")
        reader.page.close()
        assert reader.errors == []


def sizes_of_type(page, selector):
    return page.evaluate(SIZES, selector)


def decoded(picture):
    """Return what a phone reads of a picture of a QR code."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def scene(page):
    return page.locator(".presented [role=status]").inner_text()


def comes_to(page, number):
    wait_until(lambda: scene(page).startswith(f"{number} of "), f"scene {number}")


@a_third("slug", [one.slug for one in EXPLORERS])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (853, 480)], ids=["100", "150"])
def test_the_figure_fills_the_screen_in_large_type(hall, slug, width, height):
    page = hall(f"{slug}.html#present=1", width, height).page
    part = height / 720  # at 150 % a pixel of the page is one and a half of the projector's
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert all(one >= 24 * part for one in sizes_of_type(page, "figcaption, .passage"))
    assert page.locator("header, .lede, .more, .controls, .top").filter(visible=True).count() == 0
    assert page.locator("output[data-readout]").filter(visible=True).count() == 1
    picture = page.locator(".stage > .card").first.bounding_box()
    assert picture["width"] * picture["height"] >= 0.55 * width * height
    ticks = page.evaluate(
        """() => Bokeh.documents.flatMap((one) => [...one._all_models.values()])
          .flatMap((one) => parseFloat(one.attributes.major_label_text_font_size ?? 'NaN'))
          .filter(Number.isFinite)"""
    )
    assert all(one >= 20 * part for one in ticks)  # twice those on any page, and read at leisure


def test_keys_lead_through_scenes_and_tasks_and_a_clicker_does(hall):
    page = hall("kl.html#present=1").page
    assert scene(page) == "as the page opens"
    for key, number in [("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1)]:
        page.keyboard.press(key)
        comes_to(page, number)
    card = page.locator("[data-tasks]")
    assert not card.is_visible()
    page.keyboard.press("ArrowDown")
    assert card.get_by_text("Task 1 of").is_visible()
    page.keyboard.press("ArrowDown")
    assert card.get_by_text("Task 2 of").is_visible()
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    assert not card.is_visible()
    page.keyboard.press("c")
    assert page.get_by_role("slider").first.is_visible()


def test_help_a_blank_screen_and_the_way_out(hall):
    reader = hall("kl.html#present=1")
    page = reader.page
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="keys").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("b")
    blank = page.get_by_role("dialog", name="blank screen; press any key")
    assert Image.open(io.BytesIO(page.screenshot())).convert("L").getextrema() == (0, 0)
    page.keyboard.press("ArrowRight")  # brings the page back and moves nothing
    assert blank.count() == 0
    assert scene(page) == "as the page opens"
    page.keyboard.press("Escape")
    assert reader.button("Present").evaluate("(one) => one === document.activeElement")
    assert "present" not in page.url
    assert page.locator("header").is_visible()
    (ticks,) = set(sizes_of_type(page, "figure:not(.more *) figcaption"))
    assert ticks == 14  # as on any page
    reader.button("Present").click()
    assert "present=1" in page.url


def test_a_phone_reads_the_link_to_this_state_from_the_code(hall):
    reader = hall("kl.html#present=1&mu_q=2.5&theme=dark")
    page = reader.page
    address = f"{HOST}/kl.html#mu_q=2.5"
    assert (
        decoded(page.get_by_role("button", name="QR code of this page, large").screenshot())
        == address
    )
    page.keyboard.press("q")
    large = page.get_by_role("dialog", name="QR code of this page")
    assert decoded(large.screenshot()) == address
    assert large.inner_text() == address
    page.keyboard.press("q")
    assert large.count() == 0


def test_a_code_that_nobody_could_open_says_so(exported, reading):
    page = reading((exported / "site" / "kl.html").as_uri() + "#present=1").page
    assert not page.locator(".corner").is_visible()
    page.keyboard.press("q")
    assert "on your own computer" in page.get_by_role("dialog").inner_text()


def test_a_served_page_presents_too(hosted, reading):
    page = reading(f"{hosted}/kl?present=1&mu_q=2").page
    assert all(one >= 24 for one in sizes_of_type(page, "figcaption"))
    page.keyboard.press("ArrowRight")
    comes_to(page, 1)
    page.keyboard.press("Escape")
    assert "present" not in page.url
    assert "mu_q" in page.url


# On paper


@a_third("slug", [one.slug for one in EXPLORERS])
def test_a_handout_is_two_pages_with_question_picture_tasks_and_sources(hall, slug):
    page = hall(f"{slug}.html").page
    page.emulate_media(color_scheme="dark")
    page.evaluate("window.print = () => {}")  # which a browser without a screen leaves out
    page.locator("[data-action=handout]").evaluate("(one) => one.click()")
    page.evaluate(
        """() => addEventListener('beforeprint', () => {
          window.sources = document.querySelector('.sources').open;
          window.scheme = getComputedStyle(document.documentElement).colorScheme;
        })"""
    )
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    assert page.evaluate("[window.sources, window.scheme]") == [True, "light"]
    assert page.locator(".handout").count() == 0  # the page is its own again


def test_a_handout_has_the_tasks_with_room_and_the_link(hall):
    page = hall("kl.html#mu_q=2").page
    page.evaluate("window.print = () => {}")
    page.locator("[data-action=handout]").evaluate("(one) => one.click()")
    page.emulate_media(media="print")
    sheet = page.locator(".handout")
    prompts = page.locator("[data-list] > [data-name] [data-of=guess] > p").all_text_contents()
    said = " ".join(sheet.inner_text().split())
    assert len(prompts) > 3
    assert all(" ".join(one.split()) in said for one in prompts)
    assert sheet.locator(".line").count() == 2 * len(prompts)
    assert "☐" in said
    assert "My guess:" in said
    assert decoded(sheet.locator(".qr").screenshot()) == f"{HOST}/kl.html#mu_q=2"
    assert not page.locator("[data-code]").is_visible()
