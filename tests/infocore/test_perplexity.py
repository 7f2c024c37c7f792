"""Perplexity and bits for each unit: known values, identities, edges and refusals."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import bits_per_unit, cross_entropy, perplexity, perplexity_from_loss

# The probabilities that two models gave the same ten tokens, and what 50 digits make of them.
WEAK = (0.005, 0.01, 0.008, 0.02, 0.003, 0.015, 0.007, 0.012, 0.009, 0.006)
BETTER = (0.15, 0.08, 0.12, 0.2, 0.05, 0.1, 0.07, 0.18, 0.09, 0.06)

log_probs = st.lists(st.floats(-700, 0), min_size=1, max_size=30)


def geometric_mean_of_inverses(p):
    with mpmath.workdps(50):
        return float(mpmath.exp(-mpmath.fsum(mpmath.log(mpmath.mpf(x)) for x in p) / len(p)))


@pytest.mark.parametrize(("p", "told"), [(WEAK, 119.8678), (BETTER, 10.0205)])
def test_perplexity_of_ten_tokens(p, told):
    got = perplexity(np.log(p))
    assert round(got, 4) == told
    assert got == pytest.approx(geometric_mean_of_inverses(p), rel=1e-14)


def test_a_uniform_choice_of_fifty_thousand_has_that_perplexity():
    assert perplexity(np.full(7, -math.log(50_000))) == pytest.approx(50_000, rel=1e-14)
    assert perplexity(np.full(7, -math.log2(50_000)), base=2) == pytest.approx(50_000, rel=1e-14)


def test_a_loss_of_ten_point_eight_is_perplexity_49021_and_one_of_three_is_20():
    assert round(perplexity_from_loss(3.0), 1) == 20.1
    assert round(perplexity_from_loss(10.8)) == 49_021
    with mpmath.workdps(50):
        assert perplexity_from_loss(10.8) == pytest.approx(float(mpmath.exp(10.8)), rel=1e-15)


@given(log_probs)
def test_perplexity_is_that_of_the_mean_loss_in_any_base(values):
    loss = -math.fsum(values) / len(values)
    expected = perplexity_from_loss(loss)
    assert perplexity(values) == pytest.approx(expected, rel=1e-12)
    in_bits = np.array(values) / math.log(2)
    assert perplexity(in_bits, base=2) == pytest.approx(expected, rel=1e-12)


@given(log_probs, st.integers(1, 1000))
def test_bits_for_each_unit_times_units_is_the_cost_of_the_text(values, units):
    bits = -math.fsum(values) / math.log(2)
    assert bits_per_unit(values, units) * units == pytest.approx(bits, rel=1e-13)
    assert bits_per_unit(values, len(values)) == pytest.approx(math.log2(perplexity(values)), 1e-12)


def test_the_cross_entropy_of_a_distribution_is_the_logarithm_of_a_samples_perplexity():
    p, q = [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]
    sample = np.log2(np.repeat(q, [2, 1, 1]))  # in the proportions of p
    assert perplexity(sample, base=2) == pytest.approx(2 ** cross_entropy(p, q), rel=1e-15)


def test_a_token_without_probability_makes_everything_infinite():
    assert perplexity([-1, -math.inf]) == math.inf
    assert bits_per_unit([-1, -math.inf], 5) == math.inf
    assert perplexity_from_loss(math.inf) == math.inf


def test_certain_tokens_cost_nothing_and_no_zero_is_negative():
    assert perplexity([0, 0]) == perplexity_from_loss(0) == 1
    assert math.copysign(1, bits_per_unit([0, -0.0], 3)) == 1


def test_what_exceeds_the_doubles_is_infinite_and_what_does_not_is_not():
    assert perplexity([-709.0]) < math.inf
    assert perplexity([-710.0]) == math.inf
    assert perplexity([-1e308] * 3, base=1 + 2**-52) == math.inf
    assert bits_per_unit([-1e308] * 3, 3, base=2) == pytest.approx(1e308, rel=1e-15)


def test_measures_vectorise_over_the_other_axes():
    both = np.log([WEAK, BETTER])
    assert perplexity(both).tolist() == [perplexity(both[0]), perplexity(both[1])]
    assert bits_per_unit(both, [1, 2]).shape == (2,)
    assert perplexity_from_loss([[0, 1]]).shape == (1, 2)
    assert perplexity(both.T, axis=0).tolist() == perplexity(both).tolist()
    with pytest.raises(ValueError, match=r"axis 2 does not exist in log_probs of shape \(2, 10\)"):
        perplexity(both, axis=2)


@pytest.mark.parametrize(
    ("values", "told"),
    [([-1, 0.5], "got 0.5 at 1"), ([[-1, -2], [-3, math.nan]], "got nan at 1, 1"),
     ([math.inf], "got inf at 0"), ([], "log_probs is empty"), ("ab", "must be an array"),
     (-1.0, "axis -1 does not exist")],
)  # fmt: skip
def test_what_is_no_list_of_log_probabilities_is_refused_with_its_place(values, told):
    for measure in (perplexity, lambda x: bits_per_unit(x, 1)):
        with pytest.raises(ValueError, match=told):
            measure(values)


def test_a_base_below_one_turns_the_sign_of_logarithms():
    assert perplexity([2, 4], base=0.5) == pytest.approx(8, rel=1e-15)
    with pytest.raises(ValueError, match=r"of more than 1, got -2\.0 at 0"):
        perplexity([-2], base=0.5)


@pytest.mark.parametrize(("loss", "told"), [(-0.1, "got -0.1"), ([1, math.nan], "got nan at 1")])
def test_a_loss_below_zero_is_refused(loss, told):
    with pytest.raises(ValueError, match=f"loss must be neither NaN nor negative, {told}"):
        perplexity_from_loss(loss)


@pytest.mark.parametrize("units", [0, -1, math.nan, math.inf])
def test_units_must_be_countable(units):
    with pytest.raises(ValueError, match="units must be positive and finite"):
        bits_per_unit([-1], units)


def test_units_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"do not broadcast: shapes \(2, 1\) and \(3,\)"):
        bits_per_unit([[-1], [-1]], [1, 2, 3])


@pytest.mark.parametrize("loss", [1.0, 10.8, 100.0, 700.0])
def test_perplexity_of_a_large_loss_has_all_its_digits(loss):
    with mpmath.workdps(50):
        expected = float(mpmath.exp(mpmath.mpf(loss)))
    assert perplexity_from_loss(loss) == pytest.approx(expected, rel=4.5e-16)
    assert perplexity_from_loss(loss, base=2) == 2.0**loss
