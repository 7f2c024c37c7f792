"""The best single Gaussian: forward covers, reverse seeks a mode where the modes are apart.

The truths about equal unit-width modes at ±d are those of the specification, section 2, from an
independent fine quadrature.
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from infocore import (
    Gaussian,
    Mixture,
    fit_forward_kl,
    fit_reverse_kl,
    fitting,
    forward_kl,
    reverse_kl,
    reverse_kl_derivatives,
)
from tests.chapters import taken


def two_modes(d, weight=0.5, left=1.0, right=1.0):
    return Mixture([weight, 1 - weight], [Gaussian(-d, left), Gaussian(d, right)])


def optima(target):
    return [
        (fit.gaussian.mu, fit.gaussian.sigma, fit.divergence)
        for fit in fit_reverse_kl(target, base=math.e)
    ]


def test_at_d_2_the_best_reverse_fit_still_covers():
    ((mu, sigma, divergence),) = optima(two_modes(2))
    assert (mu, sigma) == pytest.approx((0, 2.047), abs=5e-4)
    assert divergence == pytest.approx(0.2265, abs=5e-5)


def test_at_d_3_it_seeks_a_mode():
    left, right, cover = optima(two_modes(3))
    assert left[2] == pytest.approx(right[2], rel=1e-12)
    assert left[2] == pytest.approx(0.6888, abs=5e-5)
    assert left[0] == pytest.approx(-right[0], rel=1e-9)
    assert left[0] < 0
    assert cover[0] == pytest.approx(0, abs=1e-9)
    assert cover[2] == pytest.approx(0.8406, abs=5e-5)


def test_one_mode_optima_appear_at_2_41():
    low, high = 2.3, 2.5
    while high - low > 0.001:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if len(optima(two_modes(middle))) == 3 else (middle, high)
    assert high == pytest.approx(2.41, abs=0.005)


def test_one_mode_optima_win_from_2_8001():
    def lead(d):
        fits = optima(two_modes(d))
        cover = next(divergence for mu, _, divergence in fits if abs(mu) < 0.5)
        mode = next(divergence for mu, _, divergence in fits if abs(mu) > 0.5)
        return cover - mode

    assert brentq(lead, 2.7, 2.9, xtol=1e-6) == pytest.approx(2.8001, abs=5e-5)


def test_the_forward_fit_matches_the_moments_and_no_neighbour_is_better():
    for target in (two_modes(2), two_modes(3, 0.2, 0.5, 2), two_modes(1, 1e-6)):
        fit = fit_forward_kl(target)
        assert fit.converged
        assert fit.gaussian == Gaussian(target.mean, target.sigma)
        shift = np.array([[1e-4], [0], [-1e-4]])
        around = forward_kl(target, fit.gaussian.mu + shift, fit.gaussian.sigma * np.exp(shift.T))
        assert around.min() == around[1, 1] == fit.divergence


def test_the_forward_optimum_at_d_2():
    fit = fit_forward_kl(two_modes(2), base=math.e)
    assert fit.gaussian == Gaussian(0, math.sqrt(5))
    # mpmath, 30 digits: -h(target) + ½ log(2πe·5).
    assert fit.divergence == pytest.approx(0.17199876248018, abs=1e-10)


@pytest.mark.parametrize("seed", range(12))
def test_every_valley_of_a_fine_map_is_among_the_reverse_fits(seed):
    rng = np.random.default_rng(seed)
    k = 2 + seed % 3
    weights = rng.dirichlet(np.ones(k))
    parts = [
        Gaussian(m, s) for m, s in zip(rng.uniform(-5, 5, k), rng.uniform(0.3, 2, k), strict=True)
    ]
    target = Mixture(weights, parts)
    mu = np.linspace(-6, 6, 161)
    sigma = np.geomspace(0.15, 8, 121)[:, None]
    heights = np.pad(reverse_kl(target, mu, sigma), 1, constant_values=np.inf)
    around = [
        np.roll(heights, (a, b), (0, 1)) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)
    ]
    valleys = np.argwhere((heights < np.min(around, axis=0))[1:-1, 1:-1])
    fits = optima(target)
    for row, column in valleys:
        gradient, hessian = reverse_kl_derivatives(target, mu[column], sigma[row, 0])
        if np.linalg.eigvalsh(hessian)[0] <= 0:
            continue  # on a ridge between grid lines
        step = np.linalg.solve(hessian, gradient)
        if np.linalg.norm(step) > 0.3:
            continue
        place = mu[column] - sigma[row, 0] * step[0]
        assert min(abs(place - fit[0]) for fit in fits) < 0.15, (place, fits)
    assert len(fits) <= len(valleys) + k


@pytest.mark.parametrize("seed", range(8))
def test_every_reverse_fit_is_a_minimum_and_they_come_best_first(seed):
    rng = np.random.default_rng([seed, 1])
    target = two_modes(rng.uniform(0, 6), rng.uniform(0.02, 0.98), *rng.uniform(0.2, 3, 2))
    fits = fit_reverse_kl(target, base=math.e)
    divergences = [fit.divergence for fit in fits]
    assert divergences == sorted(divergences)
    for fit in fits:
        assert fit.converged
        gradient, hessian = reverse_kl_derivatives(target, fit.gaussian.mu, fit.gaussian.sigma)
        assert abs(gradient).max() < 1e-7
        assert np.linalg.eigvalsh(hessian)[0] > 0


@pytest.mark.parametrize("unit", [1e-200, 1e-5, 1e5, 1e150])
def test_fits_do_not_depend_on_the_unit_of_x(unit):
    small = two_modes(3, 0.4, 0.7, 1.2)
    large = Mixture(
        small.weights, [Gaussian(g.mu * unit, g.sigma * unit) for g in small.components]
    )
    for a, b in zip(fit_reverse_kl(small), fit_reverse_kl(large), strict=True):
        assert b.gaussian.mu == pytest.approx(a.gaussian.mu * unit, rel=1e-7)
        assert b.gaussian.sigma == pytest.approx(a.gaussian.sigma * unit, rel=1e-7)
        assert b.divergence == pytest.approx(a.divergence, rel=1e-10)
    assert fit_forward_kl(large).divergence == pytest.approx(fit_forward_kl(small).divergence)


@pytest.mark.parametrize("d", [8, 50, 1e4])
def test_modes_far_apart_are_each_found_and_cost_what_the_missed_one_weighs(d):
    fits = fit_reverse_kl(two_modes(d, 0.25))
    best, second = fits[0], fits[1]
    assert best.gaussian.mu == pytest.approx(d)
    assert second.gaussian.mu == pytest.approx(-d)
    assert best.divergence == pytest.approx(-math.log2(0.75), rel=1e-6)
    assert second.divergence == pytest.approx(2, rel=1e-6)
    assert fit_forward_kl(two_modes(d, 0.25)).converged


def test_one_component_is_fitted_exactly_and_once():
    for target in (Mixture([1.0], [Gaussian(1, 2)]), Mixture([0.5, 0.5], [Gaussian(1, 2)] * 2)):
        (fit,) = fit_reverse_kl(target)
        assert (fit.gaussian.mu, fit.gaussian.sigma) == pytest.approx((1, 2), rel=1e-9)
        assert fit.divergence == pytest.approx(0, abs=1e-15)
        assert fit_forward_kl(target).divergence == 0


def test_a_tiny_weight_neither_hides_nor_distorts_the_main_mode():
    fit = fit_reverse_kl(two_modes(3, 1e-12))[0]
    assert (fit.gaussian.mu, fit.gaussian.sigma) == pytest.approx((3, 1), rel=1e-9)


@pytest.mark.parametrize("d", [1e7, 1e8, 1e12, 1e16, 1e17, 1e100, 1e300])
def test_modes_at_any_distance_are_fitted_exactly_and_cost_ln_2(d):
    # The other mode is nowhere near: D(q‖target) = -ln ½ at each mode.
    fits = [fit for fit in fit_reverse_kl(two_modes(d), base=math.e) if fit.divergence < 1]
    assert [fit.gaussian.mu for fit in fits] == [-d, d]
    for fit in fits:
        assert fit.converged
        assert fit.gaussian.sigma == pytest.approx(1, rel=1e-9)
        assert fit.divergence == pytest.approx(math.log(2), rel=1e-11)


def test_a_fit_beyond_the_precision_of_doubles_says_that_it_did_not_converge():
    # At 1e12 neighbouring doubles are 1e-4 apart: a mean between them is not a minimum to 1e-6.
    target = Mixture([0.5, 0.5], [Gaussian(1e12, 1), Gaussian(1e12 + 1, 1.5)])
    assert not any(fit.converged for fit in fit_reverse_kl(target))


def test_moments_at_the_edge_of_the_doubles_do_not_overflow():
    # sigma² = 0.9·0.1·(3.4e308)², so sigma = 0.3·3.4e308.
    target = Mixture([0.9, 0.1], [Gaussian(-1.7e308, 1), Gaussian(1.7e308, 1)])
    assert target.mean == pytest.approx(-1.36e308, rel=1e-15)
    assert target.sigma == pytest.approx(1.02e308, rel=1e-15)
    assert target.variance == math.inf
    fit = fit_forward_kl(target, base=math.e)
    assert fit.gaussian.sigma == target.sigma
    # Far apart D(P‖q) = log sigma + Σ w log w: by mpmath at 50 digits.
    assert fit.divergence == pytest.approx(708.8909282960708, rel=1e-13)
    huge = Mixture([0.5, 0.5], [Gaussian(-1.7e308, 1.7e308), Gaussian(1.7e308, 1.7e308)])
    for refused in (fit_forward_kl, fit_reverse_kl):
        with pytest.raises(ValueError, match="target has a standard deviation that exceeds"):
            refused(huge)


def test_eight_modes_and_the_runs_of_them_that_can_be_covered():
    target = Mixture([1 / 8] * 8, [Gaussian(10 * i, 1) for i in range(8)])
    fits = fit_reverse_kl(target, base=math.e)
    means = sorted(fit.gaussian.mu for fit in fits[:8])
    assert means == pytest.approx(range(0, 80, 10), abs=1e-4)
    assert all(fit.divergence == pytest.approx(math.log(8), rel=1e-5) for fit in fits[:8])


def test_a_fit_that_covers_two_components_is_found_however_uneven_their_weights():
    # mpmath at 50 digits: where the gradient of D(q‖target) vanishes, and D there.
    fit = optima(Mixture([0.88, 0.12], [Gaussian(-4, 0.72), Gaussian(4, 1.31)]))[-1]
    assert fit == pytest.approx((0.9044487586563419, 3.4230264173181860, 2.5890844851078157))


@pytest.mark.parametrize("fit", [fit_forward_kl, fit_reverse_kl])
def test_bits_are_nats_over_ln_2_and_a_bad_base_is_refused(fit):
    nats, bits = fit(two_modes(3), base=math.e), fit(two_modes(3))
    if fit is fit_reverse_kl:
        (nats, *_), (bits, *_) = nats, bits
    assert bits.divergence == pytest.approx(nats.divergence / math.log(2), rel=1e-15)
    with pytest.raises(ValueError, match="base must be positive"):
        fit(two_modes(3), base=1)


@pytest.mark.parametrize(
    ("spike", "share", "broad"),
    # The other minimum by Newton's steps on mpmath's quadrature at 50 digits.
    [
        (Gaussian(1, 1e-15), 0.1, (8.5970398804274529e-14, 1.0)),
        (Gaussian(0.3, 1e-10), 0.3, (2.2659350972382042e-9, 0.99999999656333175815)),
    ],
)
def test_a_spike_leaves_the_minimum_beside_it_where_it_is(spike, share, broad):
    target = Mixture([share, 1 - share], [spike, Gaussian(0, 1)])
    wide, narrow = fit_reverse_kl(target, base=math.e)
    assert wide.converged
    assert narrow.converged
    assert (wide.gaussian.mu, wide.gaussian.sigma) == pytest.approx(broad, rel=1e-15, abs=1e-15)
    assert wide.divergence == pytest.approx(-math.log(1 - share), rel=1e-7)
    assert narrow.gaussian.mu == pytest.approx(spike.mu, rel=1e-15)
    assert narrow.gaussian.sigma == pytest.approx(spike.sigma, rel=1e-7)
    assert narrow.divergence == pytest.approx(-math.log(share), rel=1e-7)


def test_a_point_with_a_slope_is_no_minimum(monkeypatch):
    def steep(target, mu, sigma):
        gradient, hessian = reverse_kl_derivatives(target, mu, sigma)
        return gradient + 1.0, 1e12 * hessian  # so that Newton's step is tiny all the same

    monkeypatch.setattr(fitting, "reverse_kl_derivatives", steep)
    assert not any(fit.converged for fit in fit_reverse_kl(two_modes(2)))


def many_components(seed, k, span):
    rng = np.random.default_rng([seed, k])
    means, sigmas = rng.uniform(-span, span, k), np.exp(rng.uniform(-1.5, 1, k))
    parts = [Gaussian(m, s) for m, s in zip(means, sigmas, strict=True)]
    return Mixture(rng.dirichlet(np.ones(k)), parts)


@pytest.mark.parametrize("seed", range(6))
def test_starts_next_to_each_other_find_nothing_more(seed, monkeypatch):
    target = many_components(seed, 3 + seed, (2, 5, 20)[seed % 3])
    fits = optima(target)
    monkeypatch.setattr(fitting, "_apart", list)
    assert np.allclose(fits, optima(target), rtol=1e-7, atol=1e-7)


# Of 78 runs of neighbours, and of 210.
@pytest.mark.parametrize(("components", "most"), [(12, 47), taken((20, 80), always=False)])
def test_many_components_take_a_fraction_of_the_runs_of_neighbours(monkeypatch, components, most):
    searches = []
    search = fitting._minimum
    monkeypatch.setattr(fitting, "_minimum", lambda *to: searches.append(to) or search(*to))
    assert fit_reverse_kl(many_components(1, components, 10))
    assert components < len(searches) < most
