"""Mutual information from tables and from samples; figures without a source are by hand."""

import itertools
import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from infocore import (
    binned_mutual_information,
    conditional_entropy,
    entropy,
    joint_counts,
    mutual_information,
    permutation_null,
)

CORRECTIONS = (None, "miller-madow")

shapes = st.tuples(st.integers(1, 5), st.integers(1, 5))
weights = shapes.flatmap(lambda shape: arrays(float, shape, elements=st.integers(0, 1000)))
tables = weights.filter(np.any).map(lambda table: table / table.sum())


def classic_features(seed=42, n=2000):
    """Return a feature that decides the label, one that hints at it, one of noise, the label."""
    rng = np.random.default_rng(seed)
    x0, noise, x2 = (rng.standard_normal(n) for _ in range(3))
    return x0, x0 + 3 * noise, x2, x0 > 0


def hint_by_quadrature():
    """Return I(x0 + N(0, 3); x0 > 0) in nats: ln 2 less the mean entropy of the label given x1."""
    width, root_two = mp.sqrt(10), mp.sqrt(2)

    def left(x):
        up = mp.erfc(-x / (3 * width) / root_two) / 2  # x0 given x1 = x is N(x/10, 9/10)
        surprise = -sum(p * mp.log(p) for p in (up, 1 - up) if p > 0)
        return mp.exp(-((x / width) ** 2) / 2) / (width * mp.sqrt(2 * mp.pi)) * surprise

    return float(mp.log(2) - mp.quad(left, [k * width for k in range(-12, 13, 3)]))


# Tables


@pytest.mark.parametrize(
    ("joint", "bits"),
    [
        ([[0.5, 0.0], [0.0, 0.5]], 1.0),
        ([[0.25, 0.25], [0.25, 0.25]], 0.0),
        ([[0.5, 0.0], [0.25, 0.25]], 0.31127812445913283),  # 1.5 − ¾·log₂3 by mpmath
        ([[0.125, 0.0625, 0.03125, 0.03125], [0.0625, 0.125, 0.03125, 0.03125],
          [0.0625] * 4, [0.25, 0, 0, 0]], 0.375),  # Cover and Thomas, example 2.2.1
    ],
)  # fmt: skip
def test_known_tables(joint, bits):
    assert mutual_information(joint) == pytest.approx(bits, rel=1e-15)


def test_conditional_entropies_of_cover_and_thomas_example_2_2_1():
    joint = np.array([[4, 2, 1, 1], [2, 4, 1, 1], [2, 2, 2, 2], [8, 0, 0, 0]]) / 32
    assert conditional_entropy(joint, given="x") == 1.375  # 11/8, their H(X|Y): rows are their Y
    assert conditional_entropy(joint, given="y") == 1.625  # 13/8


@given(tables)
def test_the_parts_add_up_to_the_joint_entropy(joint):
    h_x, h_y = entropy(joint.sum(axis=1)), entropy(joint.sum(axis=0))
    x_given_y = conditional_entropy(joint, given="y")
    y_given_x = conditional_entropy(joint, given="x")
    shared = mutual_information(joint)
    assert x_given_y + shared + y_given_x == pytest.approx(entropy(joint.ravel()), abs=1e-13)
    assert (h_x - x_given_y, h_y - y_given_x) == pytest.approx((shared, shared), abs=1e-13)
    assert mutual_information(joint.T) == pytest.approx(shared, abs=1e-14)
    assert 0 <= shared <= min(h_x, h_y) + 1e-13


@given(tables)
def test_a_function_of_x_shares_all_of_its_entropy(joint):
    p = joint.sum(axis=1)
    decided = np.zeros((len(p), 2))
    decided[np.arange(len(p)), np.arange(len(p)) % 2] = p
    assert mutual_information(decided) == pytest.approx(entropy(decided.sum(axis=0)), abs=1e-14)
    assert conditional_entropy(decided, given="x") == 0


@pytest.mark.parametrize("base", [2, math.e, 10])
@pytest.mark.parametrize("n", [*range(2, 65), 100, 127, 333, 1000])
def test_equal_outcomes_that_tell_each_other_share_their_entropy_and_no_more(n, base):
    # By mpmath at 50 digits, of what the doubles hold: n·p·log(1/p) + s·log s with s = n·p.
    p = 1 / n
    with mp.workdps(50):
        s = n * mp.mpf(p)
        want = s * mp.log(s / mp.mpf(p)) / (1 if base == math.e else mp.log(base))
    h = entropy(np.full(n, p), base=base)
    permuted = np.eye(n)[np.random.default_rng(n).permutation(n)] * p
    for joint in (np.eye(n) * p, permuted, np.stack([np.eye(n) * p])):
        found = float(np.squeeze(mutual_information(joint, base=base)))
        assert abs(mp.mpf(found) - want) <= 8 * math.ulp(float(want))
        assert found <= h
    if base == 2 and n & (n - 1) == 0:
        assert found == n.bit_length() - 1
    labels = np.arange(n)
    assert binned_mutual_information(labels, labels, base=base) <= h
    assert mutual_information(np.eye(n) * p, base=1 / base) >= entropy(np.full(n, p), base=1 / base)


def test_the_bound_takes_no_more_than_rounding():
    # Sums a little above 1, which are let pass, and nearly certain sides exceed it rightly.
    joint = np.diag([0.5 + 4e-10, 0.5])
    assert mutual_information(joint, base=math.e) == pytest.approx(
        information_by_mpmath(joint), rel=4 * 2.0**-52, abs=0
    )
    skewed = np.diag([1 - 1e-12, 1e-12])
    assert mutual_information(skewed, base=math.e) == pytest.approx(
        information_by_mpmath(skewed), rel=4 * 2.0**-52, abs=0
    )


def test_a_certain_variable_shares_exactly_nothing():
    p = np.random.default_rng(5).dirichlet(np.ones(7))
    for joint in ([p], p[:, None], [p, 0 * p], np.array([[1.0]])):
        assert mutual_information(joint) == 0


def test_tables_beside_the_least_double_are_taken_as_they_are():
    # By mpmath, p·log₂(p/(p(x)·p(y))) − p + … of what the doubles hold; empty rows do no harm.
    joint = np.array([[1.0, 0.0], [5e-324, 0.0], [0.0, 0.0], [0.0, 5e-324]])
    assert mutual_information(joint) == pytest.approx(1074 * 5e-324, rel=1e-2)
    assert conditional_entropy(joint, given="x") == 0


def test_near_independence_keeps_its_digits():
    # With cells ¼ ± e/4 it is e²/2 nats to first order: 1 − entropies would leave noise.
    for e in (1e-3, 2.0**-20, 2.0**-26):
        joint = [[(1 + e) / 4, (1 - e) / 4], [(1 - e) / 4, (1 + e) / 4]]
        assert mutual_information(joint, base=math.e) == pytest.approx(e * e / 2, rel=2 * e * e)


def information_by_mpmath(joint):
    """Return p·log(p/q) - p + q in nats, summed over what the doubles hold, at 60 digits."""
    with mp.workdps(60):
        table = [[mp.mpf(float(p)) for p in row] for row in joint]
        rows, columns = (
            [mp.fsum(row) for row in table],
            [mp.fsum(row) for row in zip(*table, strict=True)],
        )
        pairs = [
            (p, rows[i] * columns[j] / mp.fsum(rows))
            for i, row in enumerate(table)
            for j, p in enumerate(row)
        ]
        return float(mp.fsum((p * mp.log(p / q) if p else 0) - p + q for p, q in pairs))


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (5, 5), (9, 8), (40, 3), (1, 6)])
@pytest.mark.parametrize("dependence", [0, 1e-12, 1e-8, 1e-6, 1e-4, 1e-2, 0.3, 1])
def test_any_table_keeps_its_digits_near_independence(shape, dependence):
    rng = np.random.default_rng([*shape, int(1e12 * dependence)])
    x, y = (rng.dirichlet(np.ones(size)) for size in shape)
    joint = np.outer(x, y) * (1 + dependence * rng.uniform(-1, 1, shape))
    joint /= joint.sum()
    found = [mutual_information(table, base=math.e) for table in (joint, np.stack([joint, joint]))]
    want = information_by_mpmath(joint) if min(shape) > 1 else 0
    assert found[0] == pytest.approx(want, rel=4 * joint.size * 2.0**-52, abs=0)
    assert found[1].tolist() == [found[0]] * 2


@pytest.mark.parametrize("seed", range(3))
def test_many_samples_keep_their_digits_near_independence(seed):
    counts = np.random.default_rng(seed).integers(999_000, 1_001_000, (2, 2))
    x, y = (np.repeat(side.ravel(), counts.ravel()) for side in np.indices((2, 2)))
    found = binned_mutual_information(x, y, base=math.e)
    want = information_by_mpmath(counts) / counts.sum()
    assert found == pytest.approx(want, rel=1e-15, abs=0)


def test_stacks_of_tables_are_one_call():
    stack = np.random.default_rng(2).dirichlet(np.ones(6), size=(3, 2)).reshape(3, 2, 2, 3)
    for measure in (mutual_information, conditional_entropy):
        together = measure(stack)
        assert together.shape == (3, 2)
        assert together[2, 1] == pytest.approx(measure(stack[2, 1]), rel=1e-15)
    assert isinstance(mutual_information(stack[0, 0]), float)


@pytest.mark.parametrize(
    ("joint", "message"),
    [
        ([0.5, 0.5], r"joint must have an axis for X and one for Y, got shape \(2,\)"),
        ([[0.5, 0.6]], "joint must sum to 1, got 1.1"),
        ([[1.5, -0.5]], "joint must hold no negative probability and no NaN, got -0.5"),
        ([[1.0, math.nan]], "joint .* got nan"),
        (np.zeros((0, 3)), r"joint is an empty table: shape \(0, 3\)"),
        ([[]], r"joint is an empty table: shape \(1, 0\)"),
        ([[10**400, 1]], r"joint must hold no number that exceeds the doubles"),
        (None, "joint must be an array of real numbers, got None"),
    ],
)
def test_what_is_no_joint_table_is_refused(joint, message):
    for measure in (mutual_information, conditional_entropy):
        with pytest.raises(ValueError, match=message):
            measure(joint)


def test_what_is_given_is_x_or_y():
    with pytest.raises(ValueError, match="given must be 'x' or 'y', got 'z'"):
        conditional_entropy([[1.0]], given="z")


# Counts


def test_intervals_are_of_equal_width_and_the_right_edge_is_closed():
    counts = joint_counts([0.0, 0.24, 0.25, 0.5, 0.75, 1.0], [0] * 6, bins=4)
    assert counts.tolist() == [[2], [1], [1], [2]]


def test_counts_are_those_of_numpy_histogram():
    rng = np.random.default_rng(7)
    x, y = rng.standard_normal(100_000), rng.integers(0, 3, 100_000)
    want, _, _ = np.histogram2d(x, y, bins=[20, 3])
    assert joint_counts(x, y).tolist() == want.tolist()
    assert joint_counts(x.astype(np.float32), y).sum() == len(x)


def test_intervals_of_whole_numbers_have_the_edges_of_numpy_histogram():
    # Where a number stands on an edge, or beside one that rounding moved, the edge decides.
    for size in (*range(2, 120), 343, 1000, 4097):
        for bins in (2, 3, 5, 7, 10, 20, 49):
            for x in (np.arange(size, dtype=float), np.arange(size) / 10, 1e9 + np.arange(size)):
                counts = joint_counts(x, np.zeros(size), bins=bins).ravel()
                assert counts.tolist() == np.histogram(x, bins)[0].tolist(), (size, bins)


def test_the_middle_of_two_intervals_belongs_to_the_right_one():
    assert joint_counts([0.0, 49.0, 98.0], [0, 0, 0], bins=2).tolist() == [[1], [2]]


def test_samples_far_from_zero_are_told_apart():
    x = 1e9 + np.array([0.0, 1.0, 2.0, 3.0]) * 2.0**-20
    assert joint_counts(x, [0] * 4, bins=3).tolist() == [[1], [1], [2]]


@pytest.mark.parametrize("scale", [1e-322, 1e-300, 1e-8, 1.0, 1e300, 8e307])
def test_intervals_are_right_at_every_magnitude(scale):
    x = scale * np.array([-1.0, -0.6, 0.1, 0.6, 1.0])
    assert joint_counts(x, ["a"] * 5, bins=2).tolist() == [[2], [3]]


@pytest.mark.parametrize(
    "labels",
    [
        [-1, 1, 1, -1, 1],
        [-1.0, 1.0, 1.0, -1.0, 1.0],
        ["no", "yes", "yes", "no", "yes"],
        np.array(["no", "yes", "yes", "no", "yes"]),
        [False, True, True, False, True],
        [0, 10**12, 10**12, 0, 10**12],
        [0.25, math.inf, math.inf, 0.25, math.inf],
        [-1e19, 1e19, 1e19, -1e19, 1e19],
        [2**63 - 2, 2**63 - 1, 2**63 - 1, 2**63 - 2, 2**63 - 1],
        np.array([2**64 - 2, 2**64 - 1, 2**64 - 1, 2**64 - 2, 2**64 - 1], dtype=np.uint64),
        [0.5, 0.75, 0.75, 0.5, 0.75],
        [None, "yes", "yes", None, "yes"],
        [1, "1", "1", 1, "1"],
        np.array([-128, 127, 127, -128, 127], dtype=np.int8),
        np.array([0, 2**64 - 1, 2**64 - 1, 0, 2**64 - 1], dtype=np.uint64),
        np.array(["2020-01-01", "2021-01-01", "2021-01-01", "2020-01-01", "2021-01-01"], "M8[D]"),
    ],
)
def test_labels_are_of_any_kind(labels):
    x = [0.1, 0.9, 0.8, 0.2, 0.1]
    assert joint_counts(x, labels, bins=2).tolist() == [[2, 1], [0, 2]]
    assert joint_counts(labels, labels, bins=None).tolist() == [[2, 0], [0, 3]]


@pytest.mark.parametrize("label", [-1e19, 1e300, -math.inf, 2**64 - 1, -(2**63)])
def test_a_label_of_any_size_may_stand_alone(label):
    assert joint_counts([0.1, 0.9], [label, label], bins=2).tolist() == [[1], [1]]


def test_whole_numbers_and_texts_are_discrete_features():
    assert joint_counts([0, 1000, 1001], [0, 1, 1]).tolist() == [[1, 0], [0, 1], [0, 1]]
    assert joint_counts(["b", "a", "b"], [0, 1, 1]).tolist() == [[0, 1], [1, 1]]
    assert joint_counts([0.0, 0.1, 0.1], [0, 1, 1], bins=None).tolist() == [[1, 0], [0, 2]]


def test_counting_leaves_its_arguments_alone():
    x, y = np.arange(5), np.array([0, 1, 1, 0, 1])
    joint_counts(x, y)
    assert (x.tolist(), y.tolist()) == ([0, 1, 2, 3, 4], [0, 1, 1, 0, 1])


@pytest.mark.parametrize(
    ("x", "y", "bins", "message"),
    [
        ([0.0, math.nan, 1.0], [0, 1, 1], 20, "x must be finite, got nan at position 1"),
        ([0.0, 1.0, -math.inf], [0, 1, 1], 20, "x must be finite, got -inf at position 2"),
        ([0.0, 1.0], [0.0, math.nan], 20, "y must be free of NaN, got nan at position 1"),
        ([0.0, 1.0], ["a", math.nan], 20, "y must be free of NaN, got nan at position 1"),
        ([0.0, math.nan], [0, 1], None, "x must be free of NaN, got nan at position 1"),
        ([0.0, 1.0], [0, 1, 1], 20, "x and y must be as long as each other, got 2 and 3"),
        ([], [], 20, r"x must hold samples along one axis, got shape \(0,\)"),
        ([[0.0]], [0], 20, r"x must hold samples along one axis, got shape \(1, 1\)"),
        ([0.0], 1, 20, r"y must hold samples along one axis, got shape \(\)"),
        ([0.0], [[1], [2, 3]], 20, "y must be a one-dimensional array"),
        ([0.0], [0], 0, "bins must be a whole number of at least 1, got 0"),
        ([0.0], [0], 2.5, "bins must be a whole number of at least 1, got 2.5"),
        ([0.0], [0], 10**12, "bins must be at most 16777216, lest the table .* got 1000000000000"),
        ([0.0, 1.0], ["a", "b"], 2**23 + 1, "bins must be at most 8388608, lest .* got 8388609"),
        ([0.0, 1.0], [0, 1023], 2**14 + 1, "bins must be at most 16384, lest .* got 16385"),
        ([0.0], [0], True, "bins must be a whole number of at least 1, got True"),
    ],
)
def test_samples_that_cannot_be_counted_are_refused(x, y, bins, message):
    for measure in (joint_counts, binned_mutual_information, permutation_null):
        with pytest.raises(ValueError, match=message):
            measure(x, y, bins=bins)


def test_many_intervals_are_taken_where_the_table_has_room():
    counts = joint_counts([0.0, 1.0], [0, 1023], bins=2**14)
    assert counts.shape == (2**14, 2)
    assert counts[[0, -1]].tolist() == [[1, 0], [0, 1]]
    assert joint_counts([0, 1], [0, 1], bins=10**12).shape == (2, 2)  # discrete: none are made


def test_a_missing_label_of_pandas_is_refused_with_its_position():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="y must be free of NaN, got <NA> at position 1"):
        joint_counts([0.0, 1.0], pandas.Series(["a", None], dtype="string"))


# Estimates


@pytest.mark.parametrize(
    ("feature", "plug_in", "corrected", "of_many_bins"),
    [(0, 0.6031, 0.6031, 0.6901), (1, 0.0335, 0.0290, 0.2371), (2, 0.0060, 0.0022, 0.181)],
)
def test_the_classic_features(feature, plug_in, corrected, of_many_bins):
    # Issue 5's figures, to its digits; 0.6901 and 0.2371 by np.histogram2d and the formula.
    x, label = classic_features()[feature], classic_features()[3]
    found = [binned_mutual_information(x, label, base=math.e, correction=c) for c in CORRECTIONS]
    assert found == pytest.approx([plug_in, corrected], abs=5e-5)
    many = binned_mutual_information(x, label, bins=1000, base=math.e)
    assert many == pytest.approx(of_many_bins, abs=5e-4)


def test_the_exact_values_of_the_classic_features():
    label = classic_features()[3]
    assert entropy(np.bincount(label) / 2000, base=math.e) == pytest.approx(0.6930, abs=5e-5)
    assert hint_by_quadrature() == pytest.approx(0.0329, abs=5e-5)
    rng = np.random.default_rng(3)
    x0 = rng.standard_normal(4_000_000)
    x1 = x0 + 3 * rng.standard_normal(len(x0))
    large = binned_mutual_information(x1, x0 > 0, bins=100, base=math.e, correction="miller-madow")
    assert large == pytest.approx(hint_by_quadrature(), abs=3e-4)  # twice the sampling error


@given(
    arrays(float, 30, elements=st.floats(-1e3, 1e3)), arrays(int, 30, elements=st.integers(0, 3))
)
def test_the_estimate_is_the_information_of_the_counts(x, y):
    counts = joint_counts(x, y, bins=5)
    want = mutual_information(counts / counts.sum())
    assert binned_mutual_information(x, y, bins=5) == pytest.approx(want, abs=1e-14)


@pytest.mark.parametrize("constant", [[0.1] * 7, [3] * 7, ["a"] * 7, [-0.0] * 7])
def test_a_constant_has_exactly_nothing_to_tell(constant):
    other = [0.1, 0.2, 0.3, 0.7, 0.7, 0.9, 1.0]
    for correction in CORRECTIONS:
        assert binned_mutual_information(constant, other, correction=correction) == 0
        assert binned_mutual_information(other, constant, correction=correction) == 0


def test_an_unknown_correction_is_refused():
    for measure in (binned_mutual_information, permutation_null):
        with pytest.raises(ValueError, match="correction must be None or 'miller-madow', got 'mm'"):
            measure([0.0], [0], correction="mm")


# The null


def test_the_null_is_that_of_shuffled_labels():
    x, _, _, _ = classic_features(n=60)
    y = np.random.default_rng(1).integers(0, 3, 60)
    rng = np.random.default_rng(2)
    shuffled = [binned_mutual_information(x, rng.permutation(y), bins=6) for _ in range(4000)]
    null = permutation_null(x, y, bins=6, n=4000, rng=3)
    spread = np.std(shuffled) / math.sqrt(4000)
    assert null.mean() == pytest.approx(np.mean(shuffled), abs=5 * spread)
    levels = [0.025, 0.5, 0.975]
    assert np.quantile(null, levels) == pytest.approx(np.quantile(shuffled, levels), rel=0.06)


def test_the_null_has_a_seed_and_a_size():
    x, _, noise, label = classic_features(n=200)
    null = permutation_null(noise, label, n=7, rng=5)
    assert null.shape == (7,)
    assert (
        null.tolist() == permutation_null(noise, label, n=7, rng=np.random.default_rng(5)).tolist()
    )
    assert null.tolist() != permutation_null(noise, label, n=7, rng=6).tolist()
    in_nats = permutation_null(noise, label, n=7, rng=5, base=math.e)
    assert in_nats == pytest.approx(null * math.log(2), rel=1e-14)
    assert permutation_null(x, label, bins=1, n=3, rng=0).tolist() == [0, 0, 0]


def test_zero_is_within_the_nulls_band_for_independent_data():
    # Less the shuffled values, the plug-in estimate is off by chance alone: 95 % of the bands hold
    # 0. Corrected for its bias, the null itself is spread about 0.
    about_estimate = about_null = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x, y = rng.standard_normal(500), rng.integers(0, 2, 500)
        null = permutation_null(x, y, rng=rng)
        low, high = np.quantile(binned_mutual_information(x, y) - null, [0.025, 0.975])
        about_estimate += low <= 0 <= high
        corrected = permutation_null(x, y, rng=rng, correction="miller-madow")
        low, high = np.quantile(corrected, [0.025, 0.975])
        about_null += low <= 0 <= high
    assert about_estimate >= 184
    assert about_null >= 184


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_the_null_needs_a_number_of_shuffles(n):
    with pytest.raises(ValueError, match="n must be a whole number of at least 1"):
        permutation_null([0.0, 1.0], [0, 1], n=n)


def test_samples_of_a_function_share_less_on_average_than_it_does_as_the_docstring_says():
    # Y = X, a fair coin, n = 4: the mean of H(k/4) over k heads, at 50 digits; the truth is ln 2.
    n = 4
    with mp.workdps(50):
        shares = [mp.mpf(k) / n for k in range(1, n)]
        surprise = [-p * mp.log(p) - (1 - p) * mp.log(1 - p) for p in shares]
        weights = [mp.binomial(n, k) / 2**n for k in range(1, n)]
        mean = float(mp.fsum(w * h for w, h in zip(weights, surprise, strict=True)))
    found = [
        binned_mutual_information(coins, coins, base=math.e)
        for coins in itertools.product(("heads", "tails"), repeat=n)
    ]
    assert math.fsum(found) / len(found) == pytest.approx(mean, rel=1e-14)
    assert mean < math.log(2)
    assert "takes away where y is a" in binned_mutual_information.__doc__
