"""Entropy from few counts, and mutual information from neighbours."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma
from sklearn.feature_selection._mutual_info import _compute_mi_cc

from infocore import (
    MultivariateGaussian,
    entropy,
    estimate_entropy,
    gaussian_kl,
    ksg_mutual_information,
)

METHODS = ["plug-in", "miller-madow", "chao-shen", "nsb"]
COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=8).filter(any)


def counted(samples):
    return np.unique(samples, return_counts=True)[1]


# Entropy: plug-in and Miller-Madow


@pytest.mark.parametrize(
    ("counts", "base", "plug_in", "added"),
    [
        ([5], 2, 0, 0),
        ([2, 2], 2, 1, 1 / 8),
        ([1, 2, 1], 2, 1.5, 2 / 8),
        ([1] * 5, 2, 2.321928094887362, 4 / 10),
        ([1] * 5, 10, 0.6989700043360187, 4 / 10),
        ([1] * 5, math.e, 1.6094379124341003, 4 / 10),
        ([1] * 8, 2, 3, 7 / 16),
        ([2000, 1000], 10, 0.2764345907, 1 / 6000),
    ],
)
def test_miller_madow_of_infomeasure(counts, base, plug_in, added):
    # infomeasure, tests/estimators/entropy/test_miller_madow.py; the last with its correction.
    assert estimate_entropy(counts, method="plug-in", base=base) == pytest.approx(plug_in, rel=1e-9)
    corrected = estimate_entropy(counts, method="miller-madow", base=base)
    assert corrected == pytest.approx(plug_in + added / math.log(base), rel=1e-9)


def test_a_rare_outcome_keeps_its_digits():
    # mpmath, 50 digits: ln N - (10¹²·ln 10¹²)/N, N = 10¹² + 1.
    got = estimate_entropy([10**12, 1], method="plug-in", base=math.e)
    assert got == pytest.approx(2.8631021115899885e-11, rel=1e-14)


@given(COUNTS)
def test_the_plug_in_estimate_is_the_entropy_of_the_shares(counts):
    want = entropy(np.array(counts, dtype=float), normalize=True)
    got = estimate_entropy(counts, method="plug-in")
    assert got == pytest.approx(want, rel=1e-13, abs=1e-15)
    assert estimate_entropy(counts, method="miller-madow") >= got


# Entropy: Chao and Shen


@pytest.mark.parametrize(
    ("samples", "base", "want"),
    [
        ([1, 1, 2], 2, 1.53826957554),
        ([0, 0, 1, 1, 2, 2], math.e, 1.204343396148),
        ([1, 1, 1, 1], 2, 0),
        ([1, 1, 2, 2], 10, 0.32109866204157994),
        ([1, 2, 2, 3, 3, 3], 2, 1.813923751653),
        ([1, 2, 3, 4, 5], math.e, 3.4868903818),
        ([1, 1, 1, 2], 2, 1.2872696988),
        ([1] * 50 + [2] * 30 + [3] * 20 + [*range(4, 14)], 2, 2.410138672),
    ],
)
def test_chao_shen_of_infomeasure(samples, base, want):
    # infomeasure, tests/estimators/entropy/test_chao_shen.py: test_chao_shen_hardcoded_values and
    # test_chao_shen_large_dataset.
    got = estimate_entropy(counted(samples), method="chao-shen", base=base)
    assert got == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5, 10])
def test_where_all_was_seen_once_one_less_is_taken_for_unseen(n):
    # As the R package entropy does: C = 1/n; each outcome weighs 1/n², seen with 1 - (1 - 1/n²)ⁿ.
    weight = 1 / n**2
    seen = 1 - (1 - weight) ** n
    want = n * weight * -math.log(weight) / seen
    got = estimate_entropy([1] * n, method="chao-shen", base=math.e)
    assert got == pytest.approx(want, rel=1e-14, abs=1e-15)
    assert math.isfinite(got)


def test_chao_shen_adds_nothing_to_many_samples():
    counts = [4_000_000, 3_000_000, 2_000_000, 1_000_000]
    got = estimate_entropy(counts, method="chao-shen")
    assert got == pytest.approx(entropy([0.4, 0.3, 0.2, 0.1]), rel=1e-14)


# Entropy: Nemenman, Shafee and Bialek


# The values in infomeasure's tests are another estimator's: its integral over β ends at log K, and
# the logarithm of each count's factor is weighed by the count once more.


def test_nsb_of_mendl_and_hong():
    # The documentation of nsb_entropy.py by Hong (2011), after Mendl's Mathematica: 40 digits.
    want = 1.940646728502697166844598206814653716492
    got = estimate_entropy([4, 2, 3, 0, 2, 4, 0, 0, 2], method="nsb", base=math.e)
    assert got == pytest.approx(want, rel=1e-14)


def test_nsb_of_ndds_readme():
    # ndd, README.rst (K = 100) and an earlier README.md; it integrates to about 1e-5.
    counts = [4, 12, 4, 5, 3, 1, 5, 1, 2, 2, 2, 2, 11, 3, 4, 12, 12, 1, 2]
    got = estimate_entropy(counts + [0] * 81, method="nsb", base=math.e)
    assert got == pytest.approx(2.8060922529931225, abs=1e-5)
    counts = [7, 3, 5, 8, 9, 1, 3, 3, 1, 0, 2, 5, 2, 11, 4, 23, 5, 0, 8, 0]
    got = estimate_entropy(counts, method="nsb", base=math.e)
    assert got == pytest.approx(2.623634344902917, abs=1e-8)


# ndd, tests/data.json: NSB and plug-in, in nats, of n samples from a Dirichlet draw with
# concentration α of K outcomes, as tests/make_test_ref.py draws them. Those with K = 1000 and
# α = 0.01 are left out: today's NumPy draws others.
NDD = {
    (10, 10): [(0.11449120309893697, 0.0), (0.11449120309893697, 0.0),
               (1.856458257509872, 1.4978661367769956), (2.1037748476440403, 1.834371970281624)],
    (10, 100): [(0.12255897355956423, 0.0), (2.4128449695598504, 1.6094379124341005),
                (4.08382215400336, 2.302585092994046), (4.08382215400336, 2.302585092994046)],
    (10, 1000): [None, (5.5707066345707625, 2.302585092994046),
                 (5.5707066345707625, 2.302585092994046), (5.5707066345707625, 2.302585092994046)],
    (100, 10): [(0.010243733836881113, 0.0), (0.2551459643740541, 0.23216582669633556),
                (1.9060130106651811, 1.859322495021051), (2.2516153617637182, 2.2258698366515177)],
    (100, 100): [(0.2162271214097148, 0.190437553518926), (2.5694139516689356, 2.410527694792209),
                 (4.322047380401459, 3.8335357838634647), (4.515552991539801, 4.0106270907407096)],
    (100, 1000): [None, (5.174995648556112, 4.1181326588943925),
                  (6.403202312772666, 4.466540749876103), (6.7857583934506955, 4.577444298765694)],
    (1000, 10): [(0.0009924199000196441, 0.0), (0.20236733989041933, 0.1990081849712695),
                 (1.951464972650243, 1.9467517367477356), (2.2394510997441825, 2.2366982579266557)],
    (1000, 100): [(0.16334285580263153, 0.15876743673285532),
                  (2.5444460533817916, 2.5200099354087824),
                  (4.269356953978328, 4.216459923244882), (4.5486604051318995, 4.499393265655103)],
    (1000, 1000): [None, (5.011193857699235, 4.832834503946499),
                   (6.512818620730908, 6.037442368873068), (6.891987339898856, 6.337760381056404)],
}  # fmt: skip


@pytest.mark.parametrize(("n", "k"), [*NDD])
def test_nsb_and_plug_in_of_ndd(n, k):
    for alpha, wanted in zip(np.logspace(-2, 1, 4), NDD[n, k], strict=True):
        if wanted is None:
            continue
        rng = np.random.RandomState(123)  # the generator that they were drawn by
        counts = rng.multinomial(n, rng.dirichlet([alpha] * k))
        plug_in = estimate_entropy(counts, method="plug-in", base=math.e)
        assert plug_in == pytest.approx(wanted[1], rel=1e-14, abs=1e-15)
        # ndd's own test asks for 1e-3; by mpmath it is up to 3e-3 off where samples are few.
        nsb = estimate_entropy(counts, method="nsb", base=math.e)
        assert nsb == pytest.approx(wanted[0], abs=3e-3 if n <= k else 2e-4)


def test_nsb_where_ndd_is_farthest_off():
    # tests/vectors/references.py at 40 digits, of the counts that ndd's third case has.
    got = estimate_entropy([1, 1, 0, 0, 1, 1, 5, 1, 0, 0], method="nsb", base=math.e)
    assert got == pytest.approx(1.85763443188988, rel=1e-13)


def test_one_sample_of_two_outcomes_is_half_way():
    # By symmetry of the prior: every entropy up to log 2 is equally likely before, and after one
    # sample still, as it tells nothing of how even the coin is.
    got = estimate_entropy([1, 0], method="nsb")
    assert got == pytest.approx(0.5, rel=1e-14)
    assert estimate_entropy([1] + [0] * 7, method="nsb") == pytest.approx(1.5, rel=1e-13)
    assert estimate_entropy([7], method="nsb") == 0


@given(COUNTS)
def test_nsb_lies_between_none_and_all(counts):
    got = estimate_entropy(counts, method="nsb", base=len(counts))
    assert 0 < got < 1
    shuffled = estimate_entropy(counts[::-1], method="nsb", base=len(counts))
    assert got == pytest.approx(shuffled, rel=1e-15)


def test_nsb_of_many_samples_is_the_truth():
    p = np.random.default_rng(7).dirichlet(np.ones(50))
    counts = np.rint(1e9 * p)
    assert estimate_entropy(counts, method="nsb") == pytest.approx(entropy(p), abs=1e-7)
    skewed = estimate_entropy([10**9, 1, 0], method="nsb", base=math.e)
    assert 0 < skewed < 1e-7


def test_the_corrections_come_nearer_to_the_truth():
    # A distribution of 100 outcomes seen 60 times, 200 repetitions: the mean errors, in bits.
    rng = np.random.default_rng(8)
    p = rng.dirichlet(np.ones(100))
    counts = rng.multinomial(60, p, size=200)
    errors = {
        method: estimate_entropy(counts, method=method).mean() - entropy(p) for method in METHODS
    }
    assert errors["plug-in"] < -0.8
    assert errors["plug-in"] < errors["miller-madow"] < -0.2
    assert abs(errors["chao-shen"]) < 0.25
    assert abs(errors["nsb"]) < 0.25


# Entropy: all methods


@pytest.mark.parametrize("method", METHODS)
def test_counts_are_stacked_and_measured_in_any_unit(method):
    counts = np.random.default_rng(9).integers(0, 5, (3, 2, 6)) + np.eye(6, dtype=int)[0]
    together = estimate_entropy(counts, method=method)
    assert together.shape == (3, 2)
    alone = estimate_entropy(counts[2, 1], method=method)
    assert type(alone) is float
    assert together[2, 1] == pytest.approx(alone, rel=1e-15)
    turned = estimate_entropy(counts.swapaxes(0, 2), method=method, axis=0, base=math.e)
    np.testing.assert_allclose(turned.T / math.log(2), together, rtol=1e-14)
    assert estimate_entropy([3.0, 0.0], method=method) == estimate_entropy([3, 0], method=method)


@pytest.mark.parametrize("method", METHODS)
def test_no_rows_have_no_estimates_and_rows_alike_are_estimated_alike(method):
    assert estimate_entropy(np.zeros((0, 3)), method=method).shape == (0,)
    alike = [[4, 2, 1], [1, 4, 2], [3, 3, 0], [4, 2, 1]]
    got = estimate_entropy([alike, alike[::-1]], method=method)
    assert got.tolist() == [got[0].tolist(), got[0, ::-1].tolist()]
    alone = [estimate_entropy(row, method=method) for row in alike]
    assert got[0] == pytest.approx(alone, rel=1e-15)


@pytest.mark.parametrize("method", METHODS[:3])
def test_what_was_not_seen_counts_for_nsb_alone(method):
    with_zeros = estimate_entropy([3, 0, 1, 0, 2], method=method)
    assert with_zeros == pytest.approx(estimate_entropy([3, 1, 2], method=method), rel=1e-15)
    of_five, of_three = (estimate_entropy(n, method="nsb") for n in ([3, 0, 1, 0, 2], [3, 1, 2]))
    assert of_five > of_three


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([3, -1], r"counts must be whole numbers from 0 on, got -1\.0"),
        ([3, 0.5], r"counts must be whole numbers from 0 on, got 0\.5"),
        ([3, math.nan], "counts must be whole numbers from 0 on, got nan"),
        ([3, math.inf], "counts must be whole numbers from 0 on, got inf"),
        ([[1, 2], [0, 0]], r"counts must count something, got \[\[1\.0, 2\.0\], \[0\.0, 0\.0\]\]"),
        ([], "counts is empty"),
        (5, "axis -1 does not exist in counts"),
        (["a"], "counts must be an array of real numbers"),
    ],
)
def test_what_is_no_count_is_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        estimate_entropy(counts, method="plug-in")


def test_methods_have_names():
    with pytest.raises(ValueError, match=r"method must be 'plug-in' or .*'nsb', got 'jackknife'"):
        estimate_entropy([1], method="jackknife")
    with pytest.raises(ValueError, match=r"method must be .*, got None"):
        estimate_entropy([1], method=None)
    with pytest.raises(ValueError, match="base must be positive"):
        estimate_entropy([1], method="nsb", base=0)


# Mutual information from neighbours

FIVE = [1.3, 1.1, 0.9, 1.2, 1.0]
TEN = [-2.49, 1.64, -3.05, 7.95, -5.96, 1.77, -5.24, 7.03, -0.11, -1.86]
SHIFTED = [0.32, -0.89, -0.01, 1.56, 0.24, 1.78, -1.63, 0.82, 0.12, 2.29]


@pytest.mark.parametrize(
    ("x", "y", "k", "want"),
    [
        ([1.0, 1.25, 0.91, 1.13, 1.32], FIVE, 1, -0.01666666666666694),
        ([1.01, 1.23, 0.92, 1.14, 1.3], FIVE, 2, 0.21666666666666648),
        ([1.04, 1.23, 0.92, 1.1, 1.34], FIVE, 3, 0.11666666666666678),
        (TEN, [-8.59, 8.41, 3.76, 3.77, 5.69, 1.75, -3.2, -4.0, -4.0, 6.85], 4,
         -0.034126984126984186),
        (TEN, [11.08, 8.41, 11.47, 8.78, 14.09, 6.03, 10.67, 9.45, 12.72, 11.12], 4,
         0.0816269841269841),
        (TEN, TEN, 4, 0.9956349206349205),
        (SHIFTED, [0.22, -0.99, -0.11, 1.46, 0.14, 1.68, -1.73, 0.72, 0.02, 2.19], 4,
         0.9206349206349206),
        ([1.8, 1.1, 1.8, 1.1, 1.8, -2.0, 1.1, 1.8, -2.0, 1.1],
         [-0.6, 0.4, -0.6, -0.6, -1.3, -1.3, -1.3, -0.6, -0.6, 0.4], 4, 0.48888888888888876),
    ],
)  # fmt: skip
def test_ksg_of_infomeasure(x, y, k, want):
    # infomeasure, tests/estimators/mutual_information/test_kraskov_stoegbauer_grassberger.py:
    # test_ksg_mi, all of its cases of the first kind in the maximum norm; and test_ksg_mi_base.
    assert ksg_mutual_information(x, y, k=k, base=math.e) == pytest.approx(want, rel=1e-12)
    bits = ksg_mutual_information(x, y, k=k)
    assert bits == pytest.approx(want / math.log(2), rel=1e-12)


def correlated(rho, n, seed):
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal((2, n))
    return x, rho * x + math.sqrt(1 - rho * rho) * noise


def exact(rho):
    """Return the information of two normal variables, -½·ln(1 - ρ²), as the divergence it is."""
    joint = MultivariateGaussian([0, 0], [[1, rho], [rho, 1]])
    return gaussian_kl(joint, MultivariateGaussian([0, 0], [1, 1]), base=math.e)


@pytest.mark.parametrize(("rho", "nats"), [(0, 0), (0.3, 0.0472), (0.6, 0.2231), (0.9, 0.8304)])
@pytest.mark.parametrize("k", [1, 3, 10])
def test_it_finds_the_information_of_normal_variables(rho, nats, k):
    # Kraskov et al. (2004), section III: unbiased but for their spread, here of 40 repetitions.
    assert exact(rho) == pytest.approx(nats, abs=5e-5)
    found = [
        ksg_mutual_information(*correlated(rho, 400, seed), k=k, base=math.e) for seed in range(40)
    ]
    spread = np.std(found) / math.sqrt(len(found))
    assert np.mean(found) == pytest.approx(nats, abs=4 * spread + 0.01)


@pytest.mark.parametrize("k", [3, 5, 7])
@pytest.mark.parametrize("rho", [0.5, -0.9])
def test_it_is_scikit_learns(k, rho):
    x, y = correlated(rho, 1000, seed=k)
    want = _compute_mi_cc(x, y, k)
    assert ksg_mutual_information(x, y, k=k, base=math.e) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("k", [3, 5, 7])
def test_scikit_learns_example(k):
    # feature_selection/tests/test_mutual_info.py: test_compute_mi_cc, its samples and tolerance.
    rng = np.random.RandomState(0)
    samples = rng.multivariate_normal([0, 0], [[1, 5], [5, 100]], size=1000)
    got = ksg_mutual_information(*samples.T, k=k, base=math.e)
    assert got == pytest.approx(exact(0.5), rel=0.1)


def test_dits_example():
    # dit, tests/inference/test_knn_estimators.py: test_total_correlation_ksg_scipy_unconditioned.
    rng = np.random.RandomState(0)
    samples = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 20_000)
    want = -math.log2(1 - 0.36) / 2
    assert ksg_mutual_information(*samples.T) == pytest.approx(want, abs=0.02)


def test_several_dimensions_share_what_their_parts_do():
    # Two independent pairs, ρ = .9 and .5: the sum of both.
    (a, b), (c, d) = correlated(0.9, 4000, 1), correlated(0.5, 4000, 2)
    got = ksg_mutual_information(np.stack([a, c], axis=1), np.stack([b, d], axis=1), base=math.e)
    assert got == pytest.approx(exact(0.9) + exact(0.5), abs=0.06)
    column = ksg_mutual_information(a[:, None], b)
    assert column == ksg_mutual_information(a, b)


def test_x_and_y_may_change_places_and_both_their_unit():
    x, y = correlated(0.7, 300, 3)
    got = ksg_mutual_information(x, y)
    assert ksg_mutual_information(y, x) == pytest.approx(got, rel=1e-14)
    for unit in (2.0**-900, 4.0, 2.0**1020):
        scaled = ksg_mutual_information(unit * x, unit * y)
        assert scaled == pytest.approx(got, rel=1e-14)


@pytest.mark.parametrize("digits", [0, 1, 15])
def test_samples_nearer_along_one_axis_are_those_that_a_comparison_of_all_counts(digits):
    # Rounded to 1 digit, differences such as 0.3 - 0.1 and 0.2 - 0 are no longer the same double.
    rng = np.random.default_rng(digits)
    x, y = rng.standard_normal((2, 300)).round(digits)
    y = y + 0.001 * rng.standard_normal(300)
    across = [abs(side[:, np.newaxis] - side) for side in (x, y)]
    reach = np.sort(np.maximum(*across), axis=1)[:, 3:4]
    counts = [np.count_nonzero(one < reach, axis=1) for one in across]
    want = digamma(3) + digamma(300) - sum(digamma(one).mean() for one in counts)
    assert ksg_mutual_information(x, y, base=math.e) == pytest.approx(want, abs=1e-13)


def test_few_ties_matter_little_and_many_add():
    # Of values that repeat none counts as nearer, so that too few neighbours are counted.
    x, y = correlated(0.9, 500, 4)
    fine, coarse = (
        ksg_mutual_information(np.round(x, digits), y, base=math.e) for digits in (3, 1)
    )
    assert fine == pytest.approx(exact(0.9), abs=0.1)
    assert coarse > exact(0.9) + 0.1


def test_the_last_neighbour_is_as_far_as_it_goes():
    x, y = [0.0, 1.0, 3.0], [0.0, 2.0, 1.0]
    assert math.isfinite(ksg_mutual_information(x, y, k=2))
    with pytest.raises(ValueError, match="k must be less than the number of samples, 3, got 3"):
        ksg_mutual_information(x, y, k=3)


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        ([0, 1, 2, 3], [0, 1, 2], {}, "x and y must be as long as each other, got 4 and 3"),
        ([0, 1, math.nan, 3], [0, 1, 2, 3], {}, "x must be finite, got .*nan.* at position 2"),
        ([0, 1, 2, 3], [math.inf, 1, 2, 3], {}, "y must be finite, got .*inf.* at position 0"),
        ([], [], {}, r"x must hold samples, one a row, got shape \(0,\)"),
        (np.zeros((2, 2, 2)), [0, 1], {}, r"x must hold samples, .* got shape \(2, 2, 2\)"),
        (["a", "b"], [0, 1], {}, "x must be an array of real numbers"),
        ([0, 1, 2], [0, 1, 2], {"k": 0}, "k must be a whole number of at least 1, got 0"),
        ([0, 1, 2], [0, 1, 2], {"k": 1.5}, "k must be a whole number of at least 1, got 1.5"),
        ([0, 1, 2], [0, 1, 2], {"k": 1, "base": 1}, "base must be positive"),
        ([5, 1, 1, 1, 2], [0, 2, 2, 2, 3], {"k": 2},
         r"x and y must be free of points that 2 others coincide with, got \[1. 2.\] at"),
    ],
)  # fmt: skip
def test_what_cannot_be_estimated_is_refused(x, y, options, message):
    with pytest.raises(ValueError, match=message):
        ksg_mutual_information(x, y, **options)
