"""The surprise chapter's own numbers; the contract tests cover the rest."""

import math

import mpmath
import pytest

from app.explorers.surprise.explorer import ASTEROID, SUNRISE, Surprise
from app.explorers.surprise.model import POWERS, WEATHER
from app.page.gallery import WEATHER as OF_THE_GALLERY


def result_of(**changes):
    return Surprise.compute(**{**Surprise.defaults(), **changes})


def surprise_of(scene, unit="bits"):
    return result_of(**{**Surprise.presets[scene], "unit": unit}).readouts["surprise"]


@pytest.mark.parametrize(
    ("scene", "bits"),  # SPEC §2, Surprise; the last two in mpmath from the odds that are cited
    [("Coin", 1.0), ("Die", 2.585), ("Loaded face", 0.152), ("Certain", 0.0),
     ("Impossible", math.inf), ("Meteor", 28.444)],
)  # fmt: skip
def test_each_scene_has_the_surprise_that_it_is_known_for(scene, bits):
    assert surprise_of(scene) == pytest.approx(bits, abs=5e-4)


def test_a_certain_event_has_a_plain_zero():
    assert math.copysign(1, surprise_of("Certain")) == 1


def test_the_sun_rises_by_laplaces_odds():  # 1 826 214 to 1, after 5000 years of 365.2426 days
    with mpmath.workdps(50):
        odds = mpmath.mpf(1_826_214)
        assert odds == 1_826_213 + 1  # his rule of succession: (n + 1)/(n + 2)
        want = -mpmath.log(odds / (odds + 1), 2)
        rounding = 2 * 2.0**-53 / mpmath.log(2)  # of p as a double, which is nearly 1
        assert abs(surprise_of("Sun rose") - want) < rounding
        assert abs(mpmath.mpf(SUNRISE) - odds / (odds + 1)) < 2.0**-53


def test_a_large_body_hits_tomorrow_with_a_hundred_years_share_of_one_in_ten_thousand():
    with mpmath.workdps(50):  # Chapman and Morrison (1994); a century has 36 525 days
        share = mpmath.mpf("1e-4") / 36_525
        assert pytest.approx(float(share), rel=1e-15) == ASTEROID
        want = -mpmath.log(share)
    assert surprise_of("Meteor", "nats") == pytest.approx(float(want), rel=1e-14)


@pytest.mark.parametrize(
    ("p", "p_2"), [(1 / 6, 0.5), (1 / 8, 1 / 4), (1e-9, 0.9), (1e-200, 1e-150)]
)
def test_probabilities_multiply_and_surprises_add(p, p_2):
    with mpmath.workdps(50):
        want = float(-mpmath.log(mpmath.mpf(p) * mpmath.mpf(p_2), 2))
    got = result_of(p=p, p_2=p_2)
    assert got.readouts["surprise_sum"] == pytest.approx(want, rel=1e-14)
    assert got.tables["stack"]["right"][1] == got.tables["stack"]["right"][2]


def test_a_product_that_no_double_holds_is_said_to_be_too_small_and_not_impossible():
    got = result_of(p=1e-200, p_2=1e-200)
    assert got.readouts["both"] == 0
    assert math.isfinite(got.readouts["surprise_sum"])
    assert (got.flags["tiny"], got.flags["never"]) == (True, False)


@pytest.mark.parametrize("impossible", [{"p": 0.0}, {"p_2": 0.0}])
def test_with_an_impossible_event_both_are_impossible(impossible):
    got = result_of(**impossible)
    assert got.readouts["surprise_sum"] == math.inf
    assert (got.flags["tiny"], got.flags["never"]) == (False, True)
    assert got.flags["endless"] == (impossible == {"p": 0.0})


def test_the_weather_is_that_of_the_gallery_and_stands_on_the_curve():
    assert WEATHER == OF_THE_GALLERY
    table = result_of().tables["weather"]
    assert table["label"] == ["sun", "cloud", "rain", "snow"]
    # log₂ of 20/3 and of 10, from mpmath
    assert list(table["y"]) == pytest.approx([1, 2, 2.736965594166206, 3.321928094887362])


@pytest.mark.parametrize("p", [1e-12, 1e-9, 0.5, 1.0, 3e-30, 5e-324])
def test_the_logarithmic_picture_holds_the_point_and_what_it_begins_with(p):
    got = result_of(p=p, scale="logarithmic")
    low, high = got.ranges["power"]
    assert 0 < low <= min(p, 1e-12)
    assert high >= p
    assert got.tables["here"]["at"][0] == p
    assert got.tables["here"]["y"][0] < got.ranges["height_power"][1]


def test_the_logarithmic_curve_is_straight_in_powers_of_ten():
    y = result_of(unit="nats").tables["powers"]["y"]
    assert len(POWERS) == len(y) == 308
    assert list(y[1:]) == pytest.approx([k * math.log(10) for k in range(1, 308)], rel=1e-15)


def test_a_probability_outside_zero_to_one_is_refused_by_name():
    with pytest.raises(ValueError, match=r"p, probability of the event must lie between 0 and 1"):
        Surprise(p=1.5)


def test_its_scale_leaves_p_as_it_is():
    made = Surprise(p=2e-9)
    made.scale = "logarithmic"
    assert made.p == 2e-9
    assert made.state["scale"] == "logarithmic"
