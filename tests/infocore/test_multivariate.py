"""Normal distributions of several dimensions, and their divergence."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import Gaussian, MultivariateGaussian, gaussian_kl

SEEDS = st.integers(0, 10_000)


def drawn(seed, d=3, apart=1.0):
    """Return two distributions with full covariances."""
    rng = np.random.default_rng(seed)
    roots = rng.standard_normal((2, d, d))
    covs = roots @ roots.swapaxes(1, 2) + np.eye(d)
    means = apart * rng.standard_normal((2, d))
    return [MultivariateGaussian(mean, cov) for mean, cov in zip(means, covs, strict=True)]


def test_it_keeps_its_parameters_as_tuples_and_cannot_change():
    g = MultivariateGaussian(np.float32([0, 1]), [[2, 1], [1, 2]])
    assert (g.mean, g.cov) == ((0.0, 1.0), ((2.0, 1.0), (1.0, 2.0)))
    assert g == MultivariateGaussian((0, 1), ((2, 1), (1, 2)))
    assert len({g, MultivariateGaussian(*(g.mean, g.cov))}) == 1
    with pytest.raises(FrozenInstanceError):
        g.mean = (0.0, 0.0)


def test_gpytorchs_example():
    # gpytorch, test/metrics/test_kl_divergence.py: the distributions of its set-up; the value is
    # ½·(tr - 2 + mᵀΣ⁻¹m - ln det) with Σ⁻¹ = [[3, -.1], [-.1, 3]]/8.99, by hand.
    q = MultivariateGaussian([1, 2], [[9, 0], [0, 9]])
    p = MultivariateGaussian([-1, 0], [[3, 0.1], [0.1, 3]])
    want = 0.5 * (54 / 8.99 - 2 + 23.2 / 8.99 - math.log(81 / 8.99))
    assert gaussian_kl(q, p, base=math.e) == pytest.approx(want, rel=1e-14)
    assert gaussian_kl(q, q) == 0
    assert gaussian_kl(p, p) == 0


def test_gpytorchs_univariate_example():
    # The same file, test_kldiv_univariate_gaussians: variances 0.2 and 1.4, means -3 and 0.1.
    q, p = MultivariateGaussian([-3], [[0.2]]), MultivariateGaussian([0.1], [[1.4]])
    want = 0.5 * math.log(1.4 / 0.2) + (0.2 + 3.1**2) / (2 * 1.4) - 0.5
    assert gaussian_kl(q, p, base=math.e) == pytest.approx(want, rel=1e-14)


@given(SEEDS, st.integers(1, 5))
def test_it_is_the_textbook_formula(seed, d):
    # Murphy, equation 6.33, which torch.distributions computes.
    p, q = drawn(seed, d)
    of_p, of_q, apart = np.array(p.cov), np.array(q.cov), np.subtract(q.mean, p.mean)
    parts = np.trace(np.linalg.solve(of_q, of_p)) - d + apart @ np.linalg.solve(of_q, apart)
    want = 0.5 * (parts + np.linalg.slogdet(of_q)[1] - np.linalg.slogdet(of_p)[1])
    assert gaussian_kl(p, q, base=math.e) == pytest.approx(want, rel=1e-11)
    assert gaussian_kl(p, q) == pytest.approx(want / math.log(2), rel=1e-11)


@given(SEEDS)
def test_independent_components_add_up(seed):
    rng = np.random.default_rng(seed)
    means, scales = rng.standard_normal((2, 4)), np.exp(rng.standard_normal((2, 4)))
    p, q = (MultivariateGaussian(m, s * s) for m, s in zip(means, scales, strict=True))
    alone = [
        gaussian_kl(Gaussian(*g), Gaussian(*h))
        for g, h in zip(zip(means[0], scales[0], strict=True),
                        zip(means[1], scales[1], strict=True), strict=True)
    ]  # fmt: skip
    assert gaussian_kl(p, q) == pytest.approx(sum(alone), rel=1e-13)
    full = MultivariateGaussian(q.mean, np.diag(q.cov))
    assert gaussian_kl(p, full) == pytest.approx(sum(alone), rel=1e-13)


@given(SEEDS)
def test_it_does_not_depend_on_the_axes(seed):
    p, q = drawn(seed)
    turn = np.linalg.qr(np.random.default_rng(seed).standard_normal((3, 3)))[0]
    turned = []
    for g in (p, q):
        cov = turn @ np.array(g.cov) @ turn.T
        turned.append(MultivariateGaussian(turn @ np.array(g.mean), 0.5 * (cov + cov.T)))
    assert gaussian_kl(*turned) == pytest.approx(gaussian_kl(p, q), rel=1e-11)


@pytest.mark.parametrize("relative", [1e-12, 1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_near_equality_it_is_a_quarter_of_the_squares(relative, d):
    # All variances grown by a share e: d·(e - log1p(e))/2, by Mercator's series.
    _, q = drawn(d, d)
    cov = np.array(q.cov)
    grown = MultivariateGaussian(q.mean, cov * (1 + relative))
    e = (1 + relative) - 1
    want = d / 2 * (e**2 / 2 - e**3 / 3 + e**4 / 4)
    # The product rounds once more, by up to 1e-16 of each entry.
    slack = 1e-3 if relative < 1e-11 else max(1e-15 / relative, 2 * relative**3)
    assert gaussian_kl(grown, q, base=math.e) == pytest.approx(want, rel=max(slack, 1e-14))


def test_widths_of_any_size():
    small, large = (MultivariateGaussian([0, 0], [variance, 1]) for variance in (1e-300, 1e300))
    assert gaussian_kl(small, large, base=math.e) == pytest.approx(300 * math.log(10) - 0.5)
    assert gaussian_kl(large, small) == math.inf
    far = MultivariateGaussian([1e308, 0], [[1, 0.5], [0.5, 1]])
    assert gaussian_kl(far, MultivariateGaussian([-1e308, 0], [[1, 0.5], [0.5, 1]])) == math.inf
    wide = MultivariateGaussian([1e150, 0], [1e300, 1e-300])
    assert gaussian_kl(wide, MultivariateGaussian([0, 0], [1e300, 1e-300]), base=math.e) == 0.5


@pytest.mark.parametrize(
    ("mean", "cov", "message"),
    [
        (0, [1], r"mean must be a vector, got shape \(\)"),
        ([], [], r"mean must be a vector, got shape \(0,\)"),
        ([0, math.nan], [1, 1], "mean must be finite, got nan"),
        ([0, 0], [1, math.inf], "cov must be finite, got inf"),
        ([0, 0], [1, 0], "cov must hold positive variances, got 0.0"),
        ([0, 0], [[1, 0], [0, -2]], "cov must hold positive variances, got -2.0"),
        ([0, 0], [1, 1, 1], r"cov must be of shape \(2,\) or \(2, 2\), as mean is, got \(3,\)"),
        ([0, 0], [[1, 0.5], [0.4, 1]], "cov must be symmetric, got 0.5 and 0.4"),
        ([0, 0], [[1, 1], [1, 1]], "cov must be positive definite, got correlations with the"),
        ([0, 0], [[1, 2], [2, 1]], "cov must be positive definite, .* eigenvalue -1.0"),
        ([0, 0], "ab", "cov must be an array of real numbers"),
    ],
)
def test_what_is_no_distribution_is_refused(mean, cov, message):
    with pytest.raises(ValueError, match=message):
        MultivariateGaussian(mean, cov)


def test_variances_whose_squares_leave_the_doubles_raise_no_warning():
    # mpmath, 50 digits: ½·(1e300 + 1e-300 - 2) nats, the determinants being the same.
    p, q = ([0, 0], [1, 1]), ([0, 0], np.diag([1e-300, 1e300]))
    got = gaussian_kl(MultivariateGaussian(*p), MultivariateGaussian(*q), base=math.e)
    assert got == pytest.approx(5e299, rel=1e-14)


def test_the_lower_triangle_counts():
    uneven = MultivariateGaussian([0, 0], [[1, 0.5 + 9e-10], [0.5, 1]])
    assert uneven.cov == ((1, 0.5), (0.5, 1))
    assert gaussian_kl(uneven, MultivariateGaussian([0, 0], [[1, 0.5], [0.5, 1]])) == 0


def test_a_rounded_covariance_is_symmetric_enough():
    assert MultivariateGaussian([0, 0], [[1, 0.1 + 1e-17], [0.1, 1]]).cov[1] == (0.1, 1.0)


def test_distributions_of_two_kinds_do_not_compare():
    one, two = MultivariateGaussian([0], [1]), MultivariateGaussian([0, 0], [1, 1])
    with pytest.raises(ValueError, match="p and q must be of one dimension, got 1 and 2"):
        gaussian_kl(one, two)
    with pytest.raises(ValueError, match="q must be a MultivariateGaussian, got Gaussian"):
        gaussian_kl(one, Gaussian(0, 1))
    with pytest.raises(ValueError, match="q must be a Gaussian, got MultivariateG"):
        gaussian_kl(Gaussian(0, 1), one)
    with pytest.raises(ValueError, match="base must be positive"):
        gaussian_kl(one, one, base=1)
