"""A page on paper: dark on white from either theme, with what was set, and figures that fit."""

import re

import pytest

from app.registry import CHAPTERS, EXPLORERS

pytestmark = pytest.mark.browser

LIGHT = {"p": "rgb(31,95,191)", "q": "rgb(184,80,11)"}  # --p and --q of style.css as rgb
EVERY = [chapter.slug for chapter in CHAPTERS]
WITH_FIGURES = [explorer.slug for explorer in EXPLORERS]
each_theme = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.fixture
def printing(exported, reading):
    """Open an exported page in a theme that its button chose, on the medium paper."""

    def opened(slug, theme):
        reader = reading(f"{(exported / 'site' / f'{slug}.html').as_uri()}#theme={theme}")
        reader.page.emulate_media(media="print", color_scheme=theme)
        return reader

    return opened


def luminance(colour):
    """Return WCAG's relative luminance of ``rgb(…)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@each_theme
@pytest.mark.parametrize("slug", EVERY)
def test_every_text_on_paper_is_dark_on_white(printing, slug, theme):
    reader = printing(slug, theme)
    ground, colours = reader.page.evaluate(
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


@pytest.mark.parametrize("slug", WITH_FIGURES)
def test_what_was_set_stands_on_paper_and_what_only_a_screen_can_do_does_not(printing, slug):
    reader = printing(slug, "light")
    page = reader.page
    for box in page.locator(".controls .control").all():
        if box.evaluate("one => !one.closest('[hidden]') && one.childElementCount > 0"):
            assert box.is_visible()
    fields = page.locator("input[role=spinbutton]:not([hidden])")
    assert all(one.is_visible() for one in fields.all())
    for what in ("[data-full]", "input[type=range]", "[data-action]", "header", ".scenes"):
        assert not any(one.is_visible() for one in page.locator(what).all()), what
    chosen = page.locator(".choice input:checked + span")
    assert all(one.is_visible() for one in chosen.all())


@each_theme
@pytest.mark.parametrize("slug", WITH_FIGURES)
def test_figures_are_printed_light_and_as_wide_as_their_place(printing, slug, theme):
    reader = printing(slug, theme)
    page = reader.page
    page.evaluate(
        """() => addEventListener('beforeprint', () => {
          window.caught = [...document.querySelectorAll('.printed')].map((svg) => svg.outerHTML);
        })"""
    )
    page.emulate_media(media=None, color_scheme=theme)
    page.pdf(format="A4")  # the browser calls beforeprint as for a reader
    caught = page.evaluate("window.caught")
    shown = page.locator(".figure:visible").count()
    assert len(caught) == shown > 0
    drawn = " ".join(caught)
    assert LIGHT["p"] in drawn or LIGHT["q"] in drawn
    assert "rgb(127,176,255)" not in drawn  # --p in the dark
    assert "rgb(255,164,92)" not in drawn  # --q in the dark
    assert all("viewBox" in svg and not re.match(r"<svg[^>]* width=", svg) for svg in caught)
    assert page.locator(".printed").count() == 0  # it is the page's own again
    assert page.locator("html[data-printing]").count() == 0


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
