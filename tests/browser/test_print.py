"""A page on paper: dark on white from either theme, with what was set, and figures that fit."""

import re
from functools import partial

import pytest

from app.registry import CHAPTERS, EXPLORERS
from tests.browser.reader import readers_of
from tests.chapters import taken

pytestmark = pytest.mark.browser

# --p, --q and --accent of style.css as rgb, in either theme
LIGHT = ("rgb(31,95,191)", "rgb(184,80,11)", "rgb(11,110,95)")
DARK = ("rgb(127,176,255)", "rgb(255,164,92)", "rgb(92,210,189)")
EVERY = [chapter.slug for chapter in CHAPTERS]
WITH_FIGURES = [explorer.slug for explorer in EXPLORERS]


def opened(reading, site, slug, theme):
    """Open an exported page in a theme that its button chose, on the medium paper."""
    reader = reading(f"{(site / f'{slug}.html').as_uri()}#theme={theme}")
    reader.page.emulate_media(media="print", color_scheme=theme)
    return reader


@pytest.fixture
def printing(exported, reading):
    """Open one page for one test."""
    return partial(opened, reading, exported / "site")


@pytest.fixture(scope="module")
def dark(request, exported, tabs):
    """A page from a dark screen, open for the tests that only look at it."""
    with readers_of(tabs) as reading:
        yield opened(reading, exported / "site", request.param, "dark")


def a_third_of(slugs):
    """Repeat a test for every third page, the same ones for all tests that look at an open one.

    Paper has one style sheet for all pages; with every_way each page is printed.
    """
    pages = [taken(slug, EVERY.index(slug) % 3 == 0) for slug in slugs]
    return pytest.mark.parametrize("dark", pages, indirect=True, scope="module")


def luminance(colour):
    """Return WCAG's relative luminance of ``rgb(…)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@a_third_of(EVERY)
def test_every_text_on_paper_is_dark_on_white(dark):
    ground, colours = dark.page.evaluate(
        """() => {
          const texts = [...document.querySelectorAll('main *')].filter((one) =>
            one.checkVisibility() && [...one.childNodes].some((node) => node.data?.trim()));
          return [getComputedStyle(document.body).backgroundColor,
            [...new Set(texts.map((one) => getComputedStyle(one).color))]];
        }"""
    )
    assert ground == "rgb(255, 255, 255)"
    for colour in colours:  # WCAG 2.2, 1.4.3: at least 4.5 to 1
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour


@a_third_of(WITH_FIGURES)
def test_what_was_set_stands_on_paper_and_what_only_a_screen_can_do_does_not(dark):
    page = dark.page
    for box in page.locator(".controls .control").all():
        if box.evaluate("one => !one.closest('[hidden]') && one.childElementCount > 0"):
            assert box.is_visible()
    fields = page.locator(".controls input[role=spinbutton]:not([hidden])")
    assert all(one.is_visible() for one in fields.all())
    for what in ("[data-full]", "input[type=range]", "[data-action]", "header", ".scenes"):
        assert not any(one.is_visible() for one in page.locator(what).all()), what
    chosen = page.locator(".choice input:checked + span")
    assert all(one.is_visible() for one in chosen.all())


@a_third_of(WITH_FIGURES)
def test_figures_are_printed_light_and_as_wide_as_their_place(dark):
    page = dark.page
    page.evaluate(
        """() => addEventListener('beforeprint', () => {
          window.caught = [...document.querySelectorAll('.printed')].map((svg) => svg.outerHTML);
        })"""
    )
    page.emulate_media(media=None, color_scheme="dark")
    page.pdf(format="A4")  # the browser calls beforeprint as for a reader
    caught = page.evaluate("window.caught")
    shown = page.locator("figure:not([hidden])").count()
    assert len(caught) == shown > 0
    drawn = " ".join(caught)
    assert any(colour in drawn for colour in LIGHT)
    assert not any(colour in drawn for colour in DARK)
    assert all("viewBox" in svg and not re.match(r"<svg[^>]* width=", svg) for svg in caught)
    assert page.locator(".printed").count() == 0  # it is the page's own again
    assert page.locator("html[data-printing]").count() == 0


def test_an_embed_that_was_never_in_sight_is_printed_with_its_figures(exported, browser):
    post = exported / "far-down.html"
    frame = '<iframe src="site/kl.html" width="700" height="900"></iframe>'
    post.write_text(f'<div style="height: 4000px"></div>{frame}')
    page = browser.new_page(color_scheme="dark")
    page.goto(post.as_uri())
    embed = page.frames[1]
    embed.locator(".readout output[data-value]").first.wait_for(state="attached")
    embed.evaluate(
        """() => addEventListener('beforeprint', () => {
          window.caught = [...document.querySelectorAll('.printed')].map((svg) => svg.outerHTML);
        })"""
    )
    page.pdf(format="A4")
    caught = embed.evaluate("window.caught")
    page.close()
    assert len(caught) == 3  # its folds stay closed, as its height is given
    for svg in caught:
        assert any(d.count("L") > 100 for d in re.findall(r' d="([^"]*)"', svg))
        assert not any(colour in svg for colour in DARK)


def test_the_rows_of_a_table_are_on_paper_and_their_pictures_on_one_sheet_each(printing):
    page = printing("connections", "light").page
    breaks = "all => [...new Set(all.map((one) => getComputedStyle(one).breakInside))]"
    assert page.locator(".miniature figure").count() >= 20
    assert page.locator(".miniature figure").evaluate_all(breaks) == ["avoid"]
    assert page.locator(".living").evaluate_all(breaks) == ["auto"]


def test_how_to_read_a_passage_is_said_for_the_hand_at_it_and_not_on_paper(printing, tabs):
    page = printing("perplexity", "light").page
    said = page.locator("[aria-label='The text, token by token'] > p").first
    assert said.inner_text().endswith("strong colour: surprising")
    page.emulate_media(media="screen")
    assert said.inner_text().endswith("point at a token or press arrow keys")
    touched = tabs(jar="touch", has_touch=True, is_mobile=True)
    touched.goto(page.url)
    said = touched.locator("[aria-label='The text, token by token'] > p").first
    assert said.inner_text().endswith("surprising; tap a token")
    touched.close()


def test_a_page_as_wide_as_a_sheet_holds_its_figures(printing):
    reader = printing("kl", "dark")
    page = reader.page
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less two margins of 14 mm
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    inside = page.locator(".figure").evaluate_all(
        """all => all.map((place) => {
          const {width, height} = place.querySelector('.printed').getBoundingClientRect();
          return [width - place.clientWidth, height - place.clientHeight];
        })"""
    )
    assert all(abs(across) < 1 and abs(up) < 8 for across, up in inside)
