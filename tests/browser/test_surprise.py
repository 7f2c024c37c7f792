"""Surprise in a real browser: a hand on the curve, and sliders that go by powers of ten."""

import math

import pytest

from tests.browser.reader import let_paint
from tests.browser.test_mode_fit import PIXEL
from tests.chapters import by_turns

pytestmark = pytest.mark.browser
of_either_engine = by_turns("address_of", ["exported", "hosted"], indirect=True)

P, SECOND = "p, probability of the event", "p₂, probability of a second event"


def pull(page, figure, start, end):
    """Pull with the mouse from one point of a figure to another, in its own units."""
    page.locator(f"[data-figure={figure}]").scroll_into_view_if_needed()
    page.mouse.move(*page.evaluate(PIXEL, [figure, *start]))
    page.mouse.down()
    page.mouse.move(*page.evaluate(PIXEL, [figure, *end]), steps=10)
    page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
@of_either_engine
def test_a_hand_pulls_the_mark_along_the_curve_on_either_scale(reading, address_of, width):
    reader = reading(address_of("surprise?p=0.5"), width=width)
    reader.shows("surprise", 1.0)
    pull(reader.page, "curve", (0.5, 1), (0.125, 3))
    reader.until(lambda: abs(reader.value("surprise") - 3) <= 0.1, "the mark is near 3 bits")
    reader.choose("scale", "logarithmic")
    reader.page.locator("[data-figure=powers]").wait_for()
    let_paint(reader.page)
    pull(reader.page, "powers", (0.125, 3), (1 / 1024, 10))
    reader.until(lambda: abs(reader.value("surprise") - 10) <= 0.3, "the mark is near 10 bits")
    shown = float(reader.typed(P).get_attribute("title"))
    assert reader.value("surprise") == pytest.approx(-math.log2(shown), rel=1e-12)


@of_either_engine
def test_on_a_logarithmic_scale_sliders_keys_and_typing_reach_a_millionth_of_a_millionth(
    reading, address_of
):
    reader = reading(address_of("surprise?scale=logarithmic"))
    reader.slider(P).press("Home")
    reader.shows("surprise", -math.log2(1e-12))
    reader.slider(P).press("ArrowRight")  # a hundredth of twelve decades, rounded: 0.2 of one
    reader.shows("surprise", -math.log2(1.585e-12))
    reader.drag(SECOND, 0.9, 0.5)
    reader.until(lambda: 1e-7 < 2 ** -reader.value("surprise_2") < 1e-5, "p₂ is near 10⁻⁶")
    reader.type(P, "1e-12")
    reader.shows("surprise", -math.log2(1e-12))
    reader.type(P, "2^-70")  # below all decades: typed, it is taken as it is
    reader.shows("surprise", 70.0)
    reader.choose("scale", "linear")
    reader.until(lambda: reader.slider(P).get_attribute("max") == "1", "the slider goes to p = 1")
    assert reader.value("surprise") == 70


@of_either_engine
def test_an_impossible_event_is_infinite_in_words_and_a_certain_one_is_zero(reading, address_of):
    reader = reading(address_of("surprise"))
    reader.click("Impossible")
    reader.shows("surprise", math.inf)
    reader.reads("it never happens")
    reader.click("Certain")
    reader.shows("surprise", 0.0)
    reader.click("Meteor")
    reader.shows("surprise", -math.log2(1e-4 / 36_525))
    reader.reads("over powers of ten it is a straight line")
