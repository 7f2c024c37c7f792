"""Divergences as areas."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infocore import Gaussian, gaussian_jensen_shannon, gaussian_kl, kl_integrand, kl_quadrature

GAUSSIANS = st.builds(Gaussian, st.floats(-10, 10), st.floats(0.01, 100))


def trapezoid_jensen_shannon(p, q, per_sigma):
    """Return JS in nats by the textbook integrand on one fine grid over both scales."""
    low = min(g.mu - 12 * g.sigma for g in (p, q))
    high = max(g.mu + 12 * g.sigma for g in (p, q))
    x = np.arange(low, high, min(p.sigma, q.sigma) / per_sigma)
    a, b = p.log_pdf(x), q.log_pdf(x)
    middle = np.logaddexp(a, b) - math.log(2)
    heights = np.exp(a) * (a - middle) + np.exp(b) * (b - middle)
    return np.trapezoid(heights, x) / 2


def test_the_integrand_is_p_times_the_log_ratio():
    p, q = Gaussian(0, 1), Gaussian(1, 2)
    x = np.linspace(-5, 5, 11)
    ratio = p.pdf(x) * np.log2(p.pdf(x) / q.pdf(x))
    np.testing.assert_allclose(kl_integrand(x, p, q), ratio, rtol=1e-13, atol=1e-16)
    assert kl_integrand(3, p, q) < 0 < kl_integrand(0, p, q)
    assert type(kl_integrand(1, p, q)) is float


def test_the_integrand_stays_finite_in_the_tails():
    p, q = Gaussian(0, 1), Gaussian(0, 0.1)
    x = [-math.inf, -1e200, -38, 38, 1e200, math.inf]
    assert np.isfinite(kl_integrand(x, p, q)).all()
    # mpmath, 50 digits.
    want = 6.5647542113216764975e-192
    assert kl_integrand(30, p, q, base=math.e) == pytest.approx(want, rel=1e-12, abs=0)


def test_the_integrand_of_equal_distributions_is_zero_everywhere():
    g = Gaussian(0.3, 0.7)
    assert not kl_integrand(np.linspace(-50, 50, 101), g, g).any()


@given(GAUSSIANS, GAUSSIANS)
def test_the_area_under_the_integrand_is_the_divergence(p, q):
    x = p.mu + p.sigma * np.linspace(-10, 10, 2001)
    area = np.trapezoid(kl_integrand(x, p, q), x)
    divergence = gaussian_kl(p, q)
    assert area == pytest.approx(divergence, rel=1e-11, abs=1e-11)


def test_quadrature_survives_the_tail_case():
    p, q = Gaussian(0, 1), Gaussian(0, 0.1)
    assert kl_quadrature(p, q, base=math.e) == pytest.approx(47.197, abs=5e-4)


@given(GAUSSIANS, GAUSSIANS)
def test_quadrature_agrees_with_the_closed_form(p, q):
    closed = gaussian_kl(p, q, base=math.e)
    assert abs(kl_quadrature(p, q, base=math.e) - closed) <= 1e-12 * max(closed, 1)


@pytest.mark.parametrize("p", [Gaussian(m, s) for m in (-10, 10) for s in (0.01, 1, 100)])
@pytest.mark.parametrize("q", [Gaussian(m, s) for m in (-10, 10) for s in (0.01, 1, 100)])
def test_quadrature_agrees_at_the_corners_of_the_range(p, q):
    closed = gaussian_kl(p, q, base=math.e)
    assert abs(kl_quadrature(p, q, base=math.e) - closed) <= 1e-12 * max(closed, 1)


def test_quadrature_works_at_any_scale():
    p, q = Gaussian(1, 1e-150), Gaussian(1, 3e-150)
    assert kl_quadrature(p, q) == pytest.approx(gaussian_kl(p, q), rel=1e-13)
    assert kl_quadrature(Gaussian(0, 1e150), Gaussian(0, 1e-150)) == math.inf
    assert kl_quadrature(Gaussian(1e308, 1), Gaussian(-1e308, 1)) == math.inf


def test_jensen_shannon_of_a_known_pair():
    divergence = gaussian_jensen_shannon(Gaussian(-0.5, 0.9), Gaussian(1, 1.6), base=math.e)
    assert divergence == pytest.approx(0.18620, abs=5e-6)


def test_jensen_shannon_of_equal_gaussians_is_exactly_zero():
    assert gaussian_jensen_shannon(Gaussian(0.1, 0.3), Gaussian(0.1, 0.3)) == 0


@pytest.mark.parametrize("distance", [20, 39, 41, 1e200, 1.7e308])
def test_jensen_shannon_of_distant_gaussians_is_one_bit(distance):
    divergence = gaussian_jensen_shannon(Gaussian(0, 1), Gaussian(distance, 1))
    assert divergence == pytest.approx(1, rel=1e-15)
    assert divergence <= 1


@pytest.mark.parametrize("ratio", [1e20, 1e150, 1e300])
def test_jensen_shannon_of_a_needle_and_a_plain_is_one_bit(ratio):
    assert gaussian_jensen_shannon(Gaussian(0, 1), Gaussian(0, ratio)) == 1


@settings(max_examples=40)
@given(st.floats(-20, 20), st.floats(0.02, 50))
def test_jensen_shannon_agrees_with_a_brute_force_grid(mu, sigma):
    p, q = Gaussian(0, 1), Gaussian(mu, sigma)
    brute = trapezoid_jensen_shannon(p, q, 40)
    assert gaussian_jensen_shannon(p, q, base=math.e) == pytest.approx(brute, abs=1e-13)


@given(GAUSSIANS, GAUSSIANS)
def test_jensen_shannon_is_symmetric_and_at_most_one_bit(p, q):
    divergence = gaussian_jensen_shannon(p, q)
    assert divergence == gaussian_jensen_shannon(q, p)
    assert 0 <= divergence <= 1


@pytest.mark.parametrize(("at", "other"), [((0, 0.5), (0, 0.5 - 1e-9)), ((1, 1), (1 + 1e-9, 1))])
def test_jensen_shannon_has_no_step_where_its_form_changes(at, other):
    wide = Gaussian(0, 1)
    divergences = [gaussian_jensen_shannon(Gaussian(*g), wide, base=math.e) for g in (at, other)]
    assert divergences[0] == pytest.approx(divergences[1], rel=1e-8)
    assert divergences[0] != divergences[1]
