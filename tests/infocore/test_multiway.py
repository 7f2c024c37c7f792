"""What three variables or more share, and mutual information as a share."""

import itertools
import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import normalized_mutual_info_score

from infocore import (
    conditional_entropy,
    conditional_mutual_information,
    entropy,
    joint_counts,
    mutual_information,
    normalized_mutual_information,
    total_correlation,
)

ONE = pytest.approx(1, rel=1e-15)  # whose last digit a logarithm may take
AVERAGES = ["arithmetic", "geometric", "min", "max"]
SEEDS = st.integers(0, 10_000)


def parity(n):
    """Return dit's n_mod_m(n, 2): n bits, all combinations of an even sum equally likely."""
    table = np.zeros((2,) * n)
    for bits in itertools.product((0, 1), repeat=n):
        table[bits] = sum(bits) % 2 == 0
    return table / table.sum()


def drawn(seed, shape=(2, 3, 4)):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(math.prod(shape), 0.5)).reshape(shape)


def table_of(x, y):
    return joint_counts(x, y, bins=None) / len(x)


# Conditional mutual information, in the numbers of dit's tests


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_any_two_bits_of_an_exclusive_or_share_one_bit_given_the_third(order):
    # dit, test_coinformation.py: test_coi1; test_dual_total_correlation.py: test_B4; NPEET's test
    # of the discrete estimators: I(X;Y) = 0 and I(X;Y|Z) = 1.
    table = parity(3).transpose(order)
    assert conditional_mutual_information(table) == ONE
    assert mutual_information(table.sum(axis=2)) == 0


def test_four_bits_of_even_sum():
    # dit, test_coinformation.py: test_coi5; test_total_correlation.py: test_tc4 and test_tc3.
    table = parity(4)
    assert conditional_mutual_information(table.reshape(2, 2, 4)) == ONE  # of two given the others
    first = conditional_mutual_information(table.sum(axis=2))  # X and Y given W: nothing
    second = conditional_mutual_information(table.reshape(4, 2, 2))  # X and Y, with Z, given W
    assert (first, second) == (0, ONE)


def test_copies_share_nothing_given_one_of_them():
    # dit, test_dual_total_correlation.py: test_B2 and test_B3.
    copies = np.zeros((2, 2, 2))
    copies[0, 0, 0] = copies[1, 1, 1] = 0.5
    assert conditional_mutual_information(copies) == 0
    four = np.zeros((2, 2, 2, 2))
    four[0, 0, 0, 0] = four[1, 1, 1, 1] = 0.5
    assert conditional_mutual_information(four.reshape(2, 4, 2)) == 0


@given(SEEDS)
def test_it_is_what_a_second_observation_adds(seed):
    # The chain rule, Cover and Thomas, theorem 2.5.2: I(X;Y,Z) = I(X;Z) + I(X;Y|Z).
    table = drawn(seed)
    both = mutual_information(table.reshape(2, 12))
    one = mutual_information(table.sum(axis=1))
    assert both == pytest.approx(one + conditional_mutual_information(table), abs=1e-14)
    swapped = conditional_mutual_information(table.swapaxes(0, 1))
    assert swapped == pytest.approx(conditional_mutual_information(table), rel=1e-12, abs=1e-15)


def test_near_conditional_independence_keeps_its_digits():
    # Given either Z, cells of ¼ ± e/4: e²/2 nats, as without Z.
    for e in (1e-3, 2.0**-20, 2.0**-26):
        pair = np.array([[1 + e, 1 - e], [1 - e, 1 + e]]) / 4
        table = np.stack([0.25 * pair, 0.75 * pair[::-1]], axis=-1)
        got = conditional_mutual_information(table, base=math.e)
        assert got == pytest.approx(e * e / 2, rel=2 * e * e)


def test_what_never_happens_is_no_condition():
    table = np.zeros((2, 2, 3))
    table[:, :, 1] = [[0.5, 0], [0, 0.5]]
    assert conditional_mutual_information(table) == ONE
    stack = conditional_mutual_information(np.stack([table, drawn(1, (2, 2, 3))]))
    assert (stack.shape, stack[0]) == ((2,), ONE)
    assert type(conditional_mutual_information(table)) is float


# Total correlation


@pytest.mark.parametrize("n", range(3, 7))
def test_bits_of_even_sum_lack_one_bit(n):
    # dit, test_total_correlation.py: test_tc1.
    assert total_correlation(parity(n)) == ONE


def test_parts_of_four_bits_of_even_sum():
    # dit, test_total_correlation.py: test_tc2, test_tc5 and test_tc6.
    table = parity(4)
    assert total_correlation(table.sum(axis=3)) == 0
    assert total_correlation(table.reshape(4, 2, 2)) == ONE
    overlapping = np.zeros((2,) * 6)
    for x, y, z, w in itertools.product((0, 1), repeat=4):
        overlapping[x, y, z, y, z, w] = table[x, y, z, w]
    assert total_correlation(overlapping.reshape(8, 8)) == pytest.approx(3, rel=1e-15)


def test_of_two_variables_it_is_their_mutual_information():
    # dit, test_total_correlation.py: test_tc7; and test_shannon.py: test_I1 and test_I2.
    table = [[1 / 3, 1 / 3], [0, 1 / 3]]
    assert total_correlation(table) == mutual_information(table)
    assert total_correlation(np.full((2, 2), 0.25)) == 0
    assert total_correlation(np.eye(2) / 2) == ONE


@given(SEEDS)
def test_it_is_what_the_entropies_have_too_much(seed):
    table = drawn(seed)
    sides = [entropy(table.sum(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    assert total_correlation(table) == pytest.approx(sum(sides) - entropy(table.ravel()), abs=1e-13)
    turned = total_correlation(table.transpose(2, 0, 1))
    assert turned == pytest.approx(total_correlation(table), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 4), (3, 2, 2, 2), (5, 6)])
@pytest.mark.parametrize("dependence", [1e-12, 1e-8, 1e-4, 1e-2, 0.5])
def test_near_independence_it_keeps_its_digits(shape, dependence):
    rng = np.random.default_rng([*shape, int(1e12 * dependence)])
    table = np.ones(())
    for size in shape:
        table = np.multiply.outer(table, rng.dirichlet(np.ones(size)))
    table = table * (1 + dependence * rng.uniform(-1, 1, shape))
    table /= table.sum()
    want = correlation_by_mpmath(table)
    assert total_correlation(table, base=math.e) == pytest.approx(want, rel=1e-14, abs=0)


@mp.workdps(700)
def correlation_by_mpmath(table):
    """Return Σ p·log(p/q) - p + q in nats, q the product of the marginals of what doubles hold."""
    cells = {place: mp.mpf(float(p)) for place, p in np.ndenumerate(table)}
    total, sides = mp.fsum(cells.values()), [{} for _ in table.shape]
    for place, p in cells.items():
        for side, k in zip(sides, place, strict=True):
            side[k] = side.get(k, 0) + p
    terms = []
    for place, p in cells.items():
        q = total * mp.fprod(side[k] / total for side, k in zip(sides, place, strict=True))
        terms.append(p * mp.log(p / q) - p + q if p else q)
    return float(mp.fsum(terms))


def test_what_is_rarer_than_products_of_doubles_counts():
    # Three copies of a coin that shows heads with 1e-150, and three coins that hardly share.
    table = np.zeros((2, 2, 2))
    table[0, 0, 0], table[1, 1, 1] = 1, 1e-150
    for other in (table, np.where(table == 0, 1e-151, table)):
        want = correlation_by_mpmath(other)
        assert total_correlation(other, base=math.e) == pytest.approx(want, rel=1e-14, abs=0)


def test_certain_variables_share_nothing():
    assert total_correlation(np.array([0.3, 0.7]).reshape(1, 2, 1, 1)) == 0
    assert type(total_correlation([[1.0]])) is float


# Normalized mutual information


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("seed", range(8))
def test_it_is_scikit_learns(average, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, 60)
    y = np.where(rng.random(60) < 0.6, x, rng.integers(0, 3, 60))
    want = normalized_mutual_info_score(x, y, average_method=average)
    got = normalized_mutual_information(table_of(x, y), average=average)
    assert got == pytest.approx(want, rel=1e-13)


def test_scikit_learns_known_values():
    # scikit-learn, metrics/cluster/tests/test_supervised.py: test_adjusted_mutual_info_score (the
    # information in nats) and test_non_consecutive_labels (V, the arithmetic average).
    a = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]
    b = [1, 1, 1, 1, 2, 1, 2, 2, 2, 2, 3, 1, 3, 3, 3, 2, 2]
    assert mutual_information(table_of(a, b), base=math.e) == pytest.approx(0.41022, abs=5e-6)
    for x, y in (
        ([0, 0, 0, 2, 2, 2], [0, 1, 0, 1, 2, 2]),
        ([0, 0, 0, 1, 1, 1], [0, 4, 0, 4, 2, 2]),
    ):
        assert normalized_mutual_information(table_of(x, y)) == pytest.approx(0.52, abs=5e-3)
    # feature_selection/tests/test_mutual_info.py: test_compute_mi_dd.
    x, y = [0, 1, 1, 0, 0], [1, 0, 0, 0, 1]
    alone = -(0.6 * math.log(0.6) + 0.4 * math.log(0.4))
    both = -(0.2 * math.log(0.2) + 0.8 * math.log(0.4))
    got = mutual_information(table_of(x, y), base=math.e)
    assert got == pytest.approx(2 * alone - both, rel=1e-14)


@pytest.mark.parametrize("average", AVERAGES)
def test_scikit_learns_limits(average):
    # The same file: test_perfect_matches, test_exactly_zero_info_score, and
    # test_normalized_mutual_info_score_bounded.
    assert normalized_mutual_information(np.eye(3) / 3, average=average) == 1
    assert normalized_mutual_information([[1.0]], average=average) == 1
    assert normalized_mutual_information([[0.0, 0.0], [0.0, 1.0]], average=average) == 1
    for n in (2, 10, 100):
        assert normalized_mutual_information(np.full((1, n), 1 / n), average=average) == 0
    constant, changing, other = [0] * 469, [1, *[0] * 468], [0, 1, *[0] * 467]
    assert normalized_mutual_information(table_of(constant, changing), average=average) == 0
    assert 0 <= normalized_mutual_information(table_of(changing, other), average=average) < 1


@given(SEEDS)
def test_the_averages_are_in_order_and_the_least_is_the_share_explained(seed):
    table = drawn(seed, (3, 4))
    values = {name: normalized_mutual_information(table, average=name) for name in AVERAGES}
    ranked = [values[name] for name in ("max", "arithmetic", "geometric", "min")]
    assert all(a <= b * (1 + 1e-15) for a, b in itertools.pairwise(ranked))
    h_x, h_y = entropy(table.sum(axis=1)), entropy(table.sum(axis=0))
    unexplained = conditional_entropy(table, given="x" if h_y < h_x else "y") / min(h_x, h_y)
    assert values["min"] == pytest.approx(1 - unexplained, abs=1e-13)


def test_a_nearly_certain_variable_keeps_its_digits():
    # X and Y the same and rare: 1 by every average, however rare.
    for rare in (1e-3, 1e-12, 1e-300):
        table = [[1 - rare, 0], [0, rare]]
        for average in AVERAGES:
            got = normalized_mutual_information(table, average=average)
            assert got == pytest.approx(1, rel=1e-14)
    stack = normalized_mutual_information([np.eye(2) / 2, np.full((2, 2), 0.25)])
    assert stack.tolist() == [1, 0]


def test_tables_of_single_precision_are_tables():
    table = np.random.default_rng(5).random((2, 3, 4)).astype(np.float32)
    table /= table.sum()
    assert 0 < conditional_mutual_information(table) < 1
    assert 0 < total_correlation(table) < 1
    assert 0 < normalized_mutual_information(table.sum(axis=2)) < 1


# Refusals


@pytest.mark.parametrize(
    ("joint", "message"),
    [
        (np.full((2, 2), 0.25), r"joint must have an axis for X and one for Y and one for Z, got"),
        (np.full((2, 2, 2), 0.25), r"joint must sum to 1, got 2\.0"),
        (np.zeros((2, 0, 2)), r"joint is an empty table: shape \(2, 0, 2\)"),
        ([[[1.5, -0.5]]], "joint must hold no negative probability and no NaN, got -0.5"),
        ([[[1.0, math.nan]]], "joint .* got nan"),
    ],
)
def test_what_is_no_table_of_three_is_refused(joint, message):
    with pytest.raises(ValueError, match=message):
        conditional_mutual_information(joint)


def test_what_is_no_table_is_refused():
    for measure in (total_correlation, normalized_mutual_information):
        with pytest.raises(ValueError, match=r"joint must have an axis for X and one for Y, got"):
            measure([0.5, 0.5])
        with pytest.raises(ValueError, match=r"joint must sum to 1, got 1\.1"):
            measure([[0.5, 0.6]])
    with pytest.raises(ValueError, match="joint must be an array of real numbers"):
        total_correlation([["a"]])
    with pytest.raises(ValueError, match=r"average must be 'arithmetic' or .*, got 'mean'"):
        normalized_mutual_information([[1.0]], average="mean")
    for measure in (conditional_mutual_information, total_correlation):
        with pytest.raises(ValueError, match="base must be positive"):
            measure(parity(3), base=1)
