"""Total variation, and the entropies and the divergence of Rényi and of Tsallis."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import (
    binary_entropy,
    entropy,
    jensen_shannon_divergence,
    kl_divergence,
    renyi_divergence,
    renyi_entropy,
    total_variation,
    tsallis_entropy,
)

P, Q = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
ORDERS = [0, 1e-9, 0.3, 0.5, 1 - 1e-12, 1, 1 + 1e-12, 2, 10, 1e6, math.inf]
NEXT_TO_ONE = [1 - 1e-3, 1 - 1e-9, 1 - 2**-53, 1 + 2**-52, 1 + 1e-9, 1 + 1e-3]
POSITIVE = st.lists(st.floats(1e-6, 1), min_size=4, max_size=4)


def shares(weights):
    return np.array(weights) / sum(weights)


# Total variation


@pytest.mark.parametrize(
    ("p", "q", "want"),
    [([0.5, 0.5], [0.25, 0.75], 0.25), ([0.5, 0.5, 0], [0, 0.25, 0.75], 0.75)],
)
def test_total_variation_of_dits_examples(p, q, want):
    # dit, tests/divergences/test_variational_distance.py: test_vd1 and test_vd2.
    assert total_variation(p, q) == want
    assert type(total_variation(p, q)) is float


@given(POSITIVE, POSITIVE)
def test_what_is_common_and_what_is_not_add_up_to_one(a, b):
    # Leviathan et al. (2023), corollary 3.6: a token is accepted with Σ min(p, q) = 1 - TV.
    p, q = shares(a), shares(b)
    distance = total_variation(p, q)
    assert np.minimum(p, q).sum() == pytest.approx(1 - distance, abs=1e-15)
    assert total_variation(q, p) == distance
    # Pinsker's inequality, the divergence in nats.
    assert distance <= math.sqrt(kl_divergence(p, q, base=math.e) / 2) + 1e-15


def test_no_common_outcome_is_a_distance_of_exactly_one():
    assert total_variation([0.3, 0.7 - 1e-10, 0], [0, 0, 1]) == 1
    assert total_variation(P, P) == 0
    apart = total_variation(np.eye(3)[:, None], np.eye(3), axis=-1)
    assert apart.tolist() == (1 - np.eye(3)).tolist()
    assert total_variation([3, 1], [1, 1], normalize=True) == 0.25


# Rényi's and Tsallis' entropies


@pytest.mark.parametrize("order", [0, 0.5, 1, 2, 5, math.inf])
def test_renyi_entropies_of_dits_uniform_distributions(order):
    # dit, tests/other/test_renyi_entropy.py: three bits of 8 outcomes, two of 4 on a diagonal.
    assert renyi_entropy([1 / 8] * 8, order=order) == pytest.approx(3, rel=1e-15)
    diagonal = (np.eye(4) / 4).ravel()
    assert renyi_entropy(diagonal, order=order) == pytest.approx(2, rel=1e-15)


@pytest.mark.parametrize(("p", "want"), [([1 / 3, 2 / 3], 0.5878), ([1 / 3] * 3, 1.0986)])
def test_renyi_entropies_of_liu_and_xiao(p, want):
    # Their examples 3.2 and 3.1 (2021), as ComplexityMeasures.jl tests them: order 2, in nats.
    assert renyi_entropy(p, order=2, base=math.e) == pytest.approx(want, abs=5e-5)


@pytest.mark.parametrize("order", [0, 0.5, 1, 1.5, 2])
def test_tsallis_entropies_of_dits_product_are_pseudo_additive(order):
    # dit, tests/other/test_tsallis_entropy.py: two and three outcomes, six together.
    a, b, both = (tsallis_entropy([1 / n] * n, order=order) for n in (2, 3, 6))
    assert both == pytest.approx(a + b + (1 - order) * a * b, rel=1e-14)


def test_orders_with_names_of_their_own():
    assert renyi_entropy(P, order=0) == math.log2(3)
    assert renyi_entropy(P, order=1) == entropy(P)
    assert renyi_entropy(P, order=2) == pytest.approx(-math.log2(0.38), rel=1e-15)
    assert renyi_entropy([0.5, 0.25, 0.25, 0], order=math.inf) == 1
    assert tsallis_entropy([0.5, 0.25, 0.25, 0], order=0) == 2
    assert tsallis_entropy(P, order=1) == entropy(P, base=math.e)
    assert tsallis_entropy(P, order=2) == pytest.approx(1 - 0.38, rel=1e-15)  # Gini's impurity
    assert tsallis_entropy(P, order=math.inf) == 0


@given(POSITIVE)
def test_renyi_entropy_falls_as_the_order_grows(weights):
    p = shares(weights)
    values = [renyi_entropy(p, order=order) for order in ORDERS]
    assert all(a >= b - 1e-13 for a, b in itertools.pairwise(values))
    # Tsallis' is the same on another scale: (2^((1-α)·H) - 1) / (1-α).
    for order in (0.3, 2, 10):
        scaled = math.expm1((1 - order) * renyi_entropy(p, order=order, base=math.e))
        got = tsallis_entropy(p, order=order)
        assert got == pytest.approx(scaled / (1 - order), rel=1e-12)


@pytest.mark.parametrize("order", NEXT_TO_ONE)
def test_entropies_are_continuous_at_order_one(order):
    # To first order: Shannon's less (α-1)/2 times the variance of the surprise, in nats.
    surprise = -np.log(P)
    mean, nats = P @ surprise, {"order": order, "base": math.e}
    variance = P @ (surprise - mean) ** 2
    slack = max(abs(order - 1) ** 2, 4e-16)
    change = (order - 1) / 2 * variance
    assert renyi_entropy(P, **nats) == pytest.approx(mean - change, abs=slack)
    change = (order - 1) / 2 * (P @ surprise**2)
    assert tsallis_entropy(P, order=order) == pytest.approx(mean - change, abs=slack)
    divergence = kl_divergence(P, Q, base=math.e)
    spread = P @ (np.log(P / Q) - divergence) ** 2
    want = divergence + (order - 1) / 2 * spread
    assert renyi_divergence(P, Q, **nats) == pytest.approx(want, abs=slack)


@pytest.mark.parametrize("order", ORDERS)
def test_a_certain_outcome_has_no_entropy_of_any_order(order):
    for value in (renyi_entropy([0, 1], order=order), tsallis_entropy([0, 1], order=order)):
        assert (value, math.copysign(1, value)) == (0, 1)


def test_outcomes_below_the_normal_doubles_count():
    # mpmath, 50 digits: log2(1 + (5e-324)^0.01) / 0.99.
    p = [1.0, 5e-324]
    assert renyi_entropy(p, order=0.01) == pytest.approx(0.0008518247500026341, rel=1e-12)
    assert renyi_entropy(p, order=0) == 1


# Rényi's divergence


def test_renyi_divergences_of_dit():
    # dit, tests/divergences/test_generalized_divergences.py: test_renyi_values.
    up, even, down = [0, 1], [0.5, 0.5], [1, 0]
    assert renyi_divergence(up, even, order=0.5) == pytest.approx(1, rel=1e-15)
    assert renyi_divergence(even, down, order=0.5) == pytest.approx(1, rel=1e-15)
    assert renyi_divergence(up, down, order=0.5) == math.inf


@pytest.mark.parametrize("order", [0, 0.5, 1, 2])
def test_divergence_from_even_shares_is_what_the_entropy_lacks(order):
    # The same file: test_renyi.
    p, even = [0.25, 0.5, 0.25], [1 / 3] * 3
    lacking = renyi_entropy(even, order=order) - renyi_entropy(p, order=order)
    assert renyi_divergence(p, even, order=order) == pytest.approx(lacking, rel=1e-14, abs=1e-15)


@given(POSITIVE, POSITIVE, st.floats(0.01, 0.99))
def test_orders_below_one_are_those_of_the_other_direction(a, b, order):
    # van Erven and Harremoës (2014), proposition 2.
    p, q = shares(a), shares(b)
    skewed = order / (1 - order) * renyi_divergence(q, p, order=1 - order)
    assert renyi_divergence(p, q, order=order) == pytest.approx(skewed, rel=1e-12, abs=1e-15)


@given(POSITIVE, POSITIVE)
def test_renyi_divergence_grows_with_the_order(a, b):
    p, q = shares(a), shares(b)
    values = [renyi_divergence(p, q, order=order) for order in ORDERS]
    assert all(a <= b * (1 + 1e-12) + 1e-15 for a, b in itertools.pairwise(values))
    assert values[0] >= 0
    assert values[5] == kl_divergence(p, q)


def test_limits_of_the_order():
    assert renyi_divergence(P, Q, order=math.inf) == pytest.approx(math.log2(1.25), rel=1e-15)
    assert renyi_divergence([1, 0], [0.25, 0.75], order=0) == 2
    # 1e40 is more than a double can tell from ∞.
    assert renyi_divergence(P, Q, order=1e40) == renyi_divergence(P, Q, order=math.inf)
    assert renyi_entropy(P, order=1e40) == renyi_entropy(P, order=math.inf)


@pytest.mark.parametrize("order", ORDERS)
def test_equals_do_not_diverge_and_what_is_ruled_out_does(order):
    assert renyi_divergence([P, Q], [P, Q], order=order).tolist() == [0, 0]
    assert renyi_divergence([1, 0], [0, 1], order=order) == math.inf
    ruled_out = renyi_divergence([0.5, 0.5], [1, 0], order=order)
    assert (ruled_out == math.inf) == (order >= 1)
    assert renyi_divergence([1, 0], [0.5, 0.5], order=order) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("apart", [1e-4, 1e-8, 1e-12])
@pytest.mark.parametrize("order", [0.1, 0.5, 1 - 1e-9, 2, 30])
def test_near_equality_it_is_alpha_halves_of_the_square(apart, order):
    even, uneven = np.full(2, 0.5), np.array([0.5 + apart / 2, 0.5 - apart / 2])
    square = 4 * (uneven[0] - 0.5) ** 2
    want = order / 2 * square
    got = renyi_divergence(uneven, even, order=order, base=math.e)
    assert got == pytest.approx(want, rel=max(1e-14, 200 * apart * apart))


def test_stacks_are_one_call_along_any_axis():
    rng = np.random.default_rng(6)
    p, q = rng.dirichlet(np.ones(3), size=(4, 1)), rng.dirichlet(np.ones(3), size=5)
    for order in ORDERS:
        stack = renyi_divergence(p, q, order=order)
        assert stack.shape == (4, 5)
        alone = renyi_divergence(p[3, 0], q[2], order=order)
        assert stack[3, 2] == pytest.approx(alone, rel=1e-14)
        turned = renyi_divergence(p.transpose(2, 0, 1), q.T[:, None], order=order, axis=0)
        np.testing.assert_array_equal(turned, stack)
        assert renyi_entropy(p, order=order).shape == tsallis_entropy(p, order=order).shape
    assert renyi_entropy([[2, 1, 1]], order=1, normalize=True).tolist() == [1.5]


@pytest.mark.parametrize("order", [-math.inf, -5, -1, -0.5, -1e-7, math.nan, "two", [1, 2]])
def test_an_order_is_a_number_from_0_on(order):
    # Negative orders are refused as in dit, tests/other/test_renyi_entropy.py.
    told = f"order must .*{'nan' if order != order else ''}"
    for measure in (renyi_entropy, tsallis_entropy):
        with pytest.raises(ValueError, match=told):
            measure(P, order=order)
    with pytest.raises(ValueError, match=told):
        renyi_divergence(P, Q, order=order)


@pytest.mark.parametrize("bad", [[0.5, 0.6, 0], [-0.5, 1.5, 0], [math.nan, 1, 0]])
def test_what_is_no_distribution_is_refused(bad):
    for call, name in (
        (lambda: total_variation(bad, P), "p"),
        (lambda: total_variation(P, bad), "q"),
        (lambda: renyi_entropy(bad, order=2), "p"),
        (lambda: tsallis_entropy(bad, order=2), "p"),
        (lambda: renyi_divergence(P, bad, order=2), "q"),
    ):
        with pytest.raises(ValueError, match=rf"^{name} must "):
            call()


# Jensen and Shannon, of several


@pytest.mark.parametrize(
    ("p", "q", "weights", "want"),
    [
        ([0.5, 0.5], [0.5, 0.5], None, 0),
        ([0.5, 0.5, 0], [0, 0.5, 0.5], None, 0.5),
        ([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5], None, 1),
        ([0.5, 0.5, 0], [0, 0.5, 0.5], [0.25, 0.75], 0.40563906222956625),
    ],
)
def test_jensen_shannon_divergences_of_dit(p, q, weights, want):
    # dit, tests/divergences/test_jensen_shannon_divergence.py: test_jsd1 to test_jsd4.
    got = jensen_shannon_divergence(p, q, weights=weights)
    assert got == pytest.approx(want, rel=1e-15, abs=0)


def test_jensen_shannon_of_the_certain_is_the_entropy_of_the_weights():
    assert jensen_shannon_divergence([1, 0], [0, 1], weights=[0.1, 0.9]) == pytest.approx(
        binary_entropy(0.1), rel=1e-15
    )
