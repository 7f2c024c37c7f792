"""Entropies and divergences: figures from the specification's check column unless said."""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from infocore import (
    binary_entropy,
    cross_entropy,
    entropy,
    information_content,
    jensen_shannon_divergence,
    kl_divergence,
)

LOADED_DIE = [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
MEASURES_OF_TWO = [cross_entropy, kl_divergence, jensen_shannon_divergence]


@st.composite
def stacks(draw, shape=None, zeros=True):
    """Return distributions along the last axis, with zeros and widely different entries.

    None is so small that the laws' products of probabilities would be subnormal.
    """
    shape = shape or (draw(st.integers(2, 6)),)
    weights = draw(hnp.arrays(float, shape, elements=st.floats(0 if zeros else 1e-3, 1)))
    weights = weights ** draw(st.sampled_from([1, 3, 9]))
    weights[weights < 1e-200] = 0
    weights[..., 0] += 0.01
    return weights / weights.sum(axis=-1, keepdims=True)


@st.composite
def pairs(draw, count=2):
    n = draw(st.integers(2, 6))
    return [draw(stacks((n,))) for _ in range(count)]


def close(got, want, slack=1e-12):
    return got == want or abs(got - want) <= slack * max(1, abs(want))


@pytest.mark.parametrize(
    ("p", "bits"), [(0.5, 1), (1 / 6, 2.5850), (0.9, 0.1520), (1, 0), (0, math.inf)]
)
def test_information_content_of_familiar_outcomes(p, bits):
    assert information_content(p) == pytest.approx(bits, abs=5e-5)


@pytest.mark.parametrize(
    ("p", "bits"),
    [
        ([0.5, 0.5], 1),
        ([0.9, 0.1], 0.4690),
        ([1, 0], 0),
        ([1 / 6] * 6, 2.5850),
        (LOADED_DIE, 2.1610),
        ([0.7, 0.2, 0.1], 1.1568),
    ],
)
def test_entropy_of_familiar_distributions(p, bits):
    assert entropy(p) == pytest.approx(bits, abs=5e-5)


def test_binary_entropy_rises_to_one_bit():
    bits = [0, 0.4690, 0.7219, 0.8813, 0.9710, 1]
    assert binary_entropy(np.arange(6) / 10) == pytest.approx(bits, abs=5e-5)


def test_cross_entropy_of_a_close_and_a_distant_model():
    p = [0.7, 0.2, 0.1]
    models = [[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]]
    assert cross_entropy(p, models) == pytest.approx([1.1955, 3.0219], abs=5e-5)


def test_kl_differs_between_the_directions():
    p, uniform = [0.4, 0.3, 0.2, 0.1], [0.25] * 4
    assert kl_divergence(p, uniform, base=math.e) == pytest.approx(0.1064, abs=5e-5)
    assert kl_divergence(uniform, p, base=math.e) == pytest.approx(0.1218, abs=5e-5)


def test_certainty_has_an_entropy_of_positive_zero():
    values = [information_content(1), entropy([1, 0]), binary_entropy(0), binary_entropy(1),
              cross_entropy([1, 0], [1, 0]), kl_divergence([1, 0], [1, 0])]  # fmt: skip
    assert [math.copysign(1, value) for value in values] == [1] * 6
    assert values == [0] * 6


@pytest.mark.parametrize("k", [1, 2, 10, 1022, 1074])
def test_a_power_of_two_has_a_whole_number_of_bits(k):
    assert information_content(2.0**-k) == k


def test_kl_is_exactly_zero_where_p_equals_q():
    assert kl_divergence(LOADED_DIE, LOADED_DIE) == 0
    assert jensen_shannon_divergence(LOADED_DIE, LOADED_DIE) == 0


@pytest.mark.parametrize("measure", [cross_entropy, kl_divergence])
def test_kl_is_infinite_where_q_is_zero_and_p_is_not(measure):
    assert measure([0.5, 0.5], [1, 0]) == math.inf
    assert measure([1, 0], [0.5, 0.5]) == 1


@pytest.mark.parametrize(
    ("p", "q"),
    [([1, 0], [0, 1]), ([1 - 1e-9, 0], [0, 1])],
)
def test_disjoint_distributions_are_one_bit_apart_and_infinitely_divergent(p, q):
    assert jensen_shannon_divergence(p, q) == 1
    assert kl_divergence(p, q) == math.inf


def test_a_subnormal_q_gives_a_finite_divergence():
    # mpmath, 50 digits: log2 of the double 1e-310 is -1029.7977094150823.
    want = 0.5 * (-1 + 1029.7977094150823) + 0.5 * -1
    assert kl_divergence([0.5, 0.5], [1, 1e-310]) == pytest.approx(want, rel=1e-14)
    assert cross_entropy([0.5, 0.5], [1, 1e-310]) == pytest.approx(want + 1, rel=1e-14)


@pytest.mark.parametrize("n", [63, 64, 1000])
def test_long_vectors_keep_zeros_infinities_and_near_equality(n):
    p, q = np.zeros(n), np.zeros(n)
    p[:2], q[1:3] = 0.5, 0.5
    assert kl_divergence(p, q) == math.inf
    assert kl_divergence(p, (p + q) / 2) == pytest.approx(0.5, rel=1e-15)
    even, uneven = np.full(n, 1 / n), np.full(n, 1 / n)
    uneven[:2] *= [1 + 2e-9, 1 - 2e-9]
    by_its_series = (2e-9) ** 2 / n / math.log(2)
    assert kl_divergence(uneven, even) == pytest.approx(by_its_series, rel=1e-6, abs=0)


@pytest.mark.parametrize("relative", [1e-9, 1e-4, 1e-2, 0.5])
def test_long_vectors_are_as_accurate_as_short_ones(relative):
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(200))
    q = p * (1 + relative * rng.uniform(-1, 1, 200))
    q /= q.sum()
    with mp.workdps(50):
        exact = ((mp.mpf(x), mp.mpf(y)) for x, y in zip(p.tolist(), q.tolist(), strict=True))
        want = float(mp.fsum(x * mp.log(x / y) - x + y for x, y in exact))
    assert kl_divergence(p, q, base=math.e) == pytest.approx(want, rel=1e-14, abs=0)


def test_jensen_shannon_keeps_its_bound_where_rounded_sums_exceed_one():
    p, q = [1 + 1e-9, 0], [1e-20, 1 + 1e-9]
    assert jensen_shannon_divergence(p, q) == 1


def test_long_rows_are_each_computed_as_if_alone():
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(200), size=(2, 5))
    q[1], q[2, 3], p[3, 4] = p[1], 0, 0
    q[2] /= q[2].sum()
    p[3] /= p[3].sum()
    assert kl_divergence(p, q).tolist() == [kl_divergence(*pair) for pair in zip(p, q, strict=True)]


@pytest.mark.parametrize("measure", MEASURES_OF_TWO)
def test_stacks_broadcast_along_any_axis(measure):
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3), size=(4, 5))
    rows = measure(p, q)
    assert rows.shape == (4, 5)
    assert rows[2, 3] == measure(p, q[2, 3])
    np.testing.assert_array_equal(measure(p, np.moveaxis(q, -1, 0), axis=0), rows)


@pytest.mark.parametrize("measure", [entropy, information_content, binary_entropy])
def test_one_number_comes_back_as_a_python_float(measure):
    assert type(measure([0.5, 0.5] if measure is entropy else np.float32(0.5))) is float


@pytest.mark.parametrize("measure", MEASURES_OF_TWO)
def test_two_vectors_give_a_python_float(measure):
    assert type(measure([0.5, 0.5], [1, 0])) is float


def test_an_empty_stack_has_no_entropies():
    assert entropy(np.empty((0, 3))).shape == (0,)
    assert kl_divergence(np.empty((0, 3)), [0.5, 0.5, 0]).shape == (0,)


def test_normalize_divides_by_the_sum_even_where_that_overflows():
    assert entropy([3, 1], normalize=True) == entropy([0.75, 0.25])
    assert entropy([1e308, 1e308, 1e308, 1e308], normalize=True) == 2
    assert entropy([5e-324, 5e-324], normalize=True) == 1
    assert kl_divergence([2, 2], [3, 9], normalize=True) == kl_divergence([0.5, 0.5], [0.25, 0.75])


def test_arguments_are_left_as_they_were():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.2, 0, 0.8])
    for measure in MEASURES_OF_TWO:
        measure(p, q)
    assert p.tolist() == [0.5, 0.5, 0]
    assert q.tolist() == [0.2, 0, 0.8]


@given(stacks(), st.floats(0.1, 20).filter(lambda base: abs(base - 1) > 1e-3))
def test_units_differ_by_a_factor(p, base):
    assert close(entropy(p, base=base) * math.log2(base), entropy(p), 1e-9)


@given(stacks())
def test_entropy_lies_between_zero_and_log_n(p):
    assert 0 <= entropy(p) <= math.log2(len(p)) * (1 + 4e-16 * len(p))


@given(pairs())
def test_cross_entropy_is_least_for_the_true_distribution(pair):
    p, q = pair
    assert cross_entropy(p, q) >= entropy(p) - 1e-14
    assert close(cross_entropy(p, q), entropy(p) + kl_divergence(p, q))


@given(pairs())
def test_kl_is_never_negative_and_zero_only_for_equals(pair):
    p, q = pair
    divergence = kl_divergence(p, q)
    assert divergence >= 0
    assert divergence > 0 or np.allclose(p, q, rtol=1e-7, atol=1e-150)


@given(stacks((3, 4)), stacks((3, 4)))
def test_kl_obeys_the_chain_rule(rows_p, rows_q):
    weights = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    whole = kl_divergence((weights[0][:, None] * rows_p).ravel(),
                          (weights[1][:, None] * rows_q).ravel())  # fmt: skip
    within = weights[0] @ kl_divergence(rows_p, rows_q)
    assert close(whole, kl_divergence(*weights) + within)


@given(stacks((4,)), stacks((4,)), stacks((4, 3)))
def test_processing_both_alike_never_raises_a_divergence(p, q, channel):
    assert kl_divergence(p @ channel, q @ channel) <= kl_divergence(p, q) + 1e-12
    processed = jensen_shannon_divergence(p @ channel, q @ channel)
    assert processed <= jensen_shannon_divergence(p, q) + 1e-12


@given(pairs())
def test_jensen_shannon_is_symmetric_and_at_most_one_bit(pair):
    p, q = pair
    divergence = jensen_shannon_divergence(p, q)
    assert divergence == jensen_shannon_divergence(q, p)
    assert 0 <= divergence <= 1


@given(pairs())
def test_jensen_shannon_is_the_mean_divergence_from_the_middle(pair):
    p, q = pair
    middle = (p + q) / 2
    mean = (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2
    assert close(jensen_shannon_divergence(p, q), mean)


@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_matter(pair, random):
    p, q = pair
    order = list(range(len(p)))
    random.shuffle(order)
    assert close(entropy(p[order]), entropy(p))
    assert close(kl_divergence(p[order], q[order]), kl_divergence(p, q))


@given(pairs())
def test_merging_two_outcomes_takes_their_own_entropy_away(pair):
    p, q = pair
    merged_p, merged_q = (np.append(x[:-2], x[-2:].sum()) for x in (p, q))
    both = p[-2:].sum()
    inner = both * entropy(p[-2:] / both) if both > 1e-150 else 0
    assert close(entropy(p), entropy(merged_p) + inner)
    assert kl_divergence(merged_p, merged_q) <= kl_divergence(p, q) + 1e-12


@given(st.floats(0, 1))
def test_binary_entropy_is_that_of_two_outcomes(p):
    assert close(binary_entropy(p), entropy([p, 1 - p]))
