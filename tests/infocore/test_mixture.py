"""Mixtures, and both divergences between a mixture and a normal distribution.

Exact values are by mpmath's adaptive quadrature at 20 digits, in pieces split at the modes and in
between; those of the classic candidates stand in the specification, section 2.
"""

import math
from itertools import product

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infocore import (
    Gaussian,
    Mixture,
    fit_forward_kl,
    fit_reverse_kl,
    forward_kl,
    gaussian_kl,
    reverse_kl,
    reverse_kl_derivatives,
)

RNG = np.random.default_rng(4)


def two_modes(d, weight=0.5, left=1.0, right=1.0):
    return Mixture([weight, 1 - weight], [Gaussian(-d, left), Gaussian(d, right)])


TARGETS = [
    two_modes(2),
    two_modes(3),
    two_modes(6, 0.2, 0.3, 2),
    two_modes(0.5, 0.999, 1, 0.05),
    two_modes(3, 1e-9),
    Mixture([0.2, 0.3, 0.5], [Gaussian(-6, 0.5), Gaussian(0, 1), Gaussian(4, 2)]),
    Mixture([0.5, 0.5], [Gaussian(0, 1), Gaussian(0, 1e-4)]),
    Mixture([0.5, 0.5], [Gaussian(0, 1), Gaussian(300, 0.2)]),
]
CANDIDATES = [(0, 2.5), (2, 1), (-1.3, 0.1), (0.2, 6), (4, 0.01)]
# Of each target and two candidates the reverse and the forward divergence in nats, as
# ``mp_reverse`` and ``mp_forward`` find them in a second each; every_way asks them again.
EXACT = [
    [(0.3475434175146416, 0.18357053813728808), (8.814180633588006, 0.729039275491188)],
    [(1.1260513397272292, 5.810702066970922), (5.298367366510218, 129994.20553188097)],
    [(4.360143455390033, 2.7396056939868205), (5.571565681402549, 1.0028844313407204)],
    [(3.1254666945382494, 3.122511080545213), (14.231220686321675, 106199.90733964455)],
    [(5.619030824167277, 1.2162907149661075), (13.62906103856866, 1.4145372301311185)],
    [(0.9915595562542396, 7.6145056994441855), (5.491074266169739, 135743.83433551344)],
    [(2.401002992753078, 4.3695598758466625), (16.42103230219672, 5.212528612870007)],
    [(2.6931471805599454, 22201.871571775657), (12.798367366548037, 219082595.00640157)],
]


def mp_log_density(target, x):
    """Return the log density at 20 digits."""
    total = mpmath.mpf(0)
    for w, g in zip(target.weights, target.components, strict=True):
        z = (x - mpmath.mpf(g.mu)) / mpmath.mpf(g.sigma)
        total += mpmath.mpf(w) * mpmath.exp(-z * z / 2) / (g.sigma * mpmath.sqrt(2 * mpmath.pi))
    return mpmath.log(total)


def places(low, high, target):
    """Split an interval where the integrand changes its scale, around every feature."""
    scales = [0.5, 2, 8, 32]
    inner = {
        g.mu + sign * s * g.sigma for g in target.components for s in scales for sign in (-1, 1)
    }
    inner |= set(np.linspace(low, high, 25))
    return sorted({low, high, *(x for x in inner if low < x < high)})


def mp_reverse(target, mu, sigma):
    """Return D(q‖target) in nats by quadrature."""
    with mpmath.workdps(20):
        q = Mixture([1.0], [Gaussian(mu, sigma)])

        def integrand(x):
            log_q = mp_log_density(q, x)
            return mpmath.exp(log_q) * (log_q - mp_log_density(target, x))

        edges = places(mu - 12 * sigma, mu + 12 * sigma, target)
        return float(mpmath.quad(integrand, edges, maxdegree=5))


def mp_forward(target, mu, sigma):
    """Return D(target‖q) in nats by quadrature, component by component."""
    with mpmath.workdps(20):
        q = Mixture([1.0], [Gaussian(mu, sigma)])
        total = 0
        for w, g in zip(target.weights, target.components, strict=True):
            part = Mixture([1.0], [g])

            def integrand(x, part=part):
                gap = mp_log_density(target, x) - mp_log_density(q, x)
                return mpmath.exp(mp_log_density(part, x)) * gap

            edges = places(g.mu - 12 * g.sigma, g.mu + 12 * g.sigma, target)
            total += mpmath.mpf(w) * mpmath.quad(integrand, edges, maxdegree=5)
        return float(total)


def exact_cases(place):
    """Yield both candidates of a target with the two divergences by quadrature."""
    candidates = CANDIDATES[place % 2 :: 3]
    for candidate, exact in zip(candidates, EXACT[place], strict=True):
        yield TARGETS[place], candidate, exact


@pytest.mark.parametrize("place", range(len(TARGETS)))
def test_both_divergences_agree_with_quadrature_at_20_digits(place):
    for target, candidate, exact in exact_cases(place):
        for ours, want in zip((reverse_kl, forward_kl), exact, strict=True):
            got = ours(target, *candidate, base=math.e)
            assert abs(got - want) <= 1e-10 * max(1, want), (ours, candidate)


@pytest.mark.every_way
@pytest.mark.parametrize("place", range(len(TARGETS)))
def test_quadrature_at_20_digits_still_gives_the_values_above(place):
    for target, candidate, exact in exact_cases(place):
        again = mp_reverse(target, *candidate), mp_forward(target, *candidate)
        assert again == pytest.approx(exact, rel=1e-15)


def test_the_classic_candidates_have_their_exact_values():
    target = two_modes(2)
    forward = forward_kl(target, [0, 2], [2.5, 1], base=math.e)
    reverse = reverse_kl(target, [0, 2], [2.5, 1], base=math.e)
    assert forward == pytest.approx([0.18357, 3.36728], abs=5e-6)
    assert reverse == pytest.approx([0.34754, 0.63272], abs=5e-6)


def test_the_usual_grid_recipe_gives_the_wrong_numbers_that_the_page_quotes():
    x = np.linspace(-6, 6, 1000)
    p = two_modes(2).pdf(x)
    found = []
    for q in (Gaussian(0, 2.5).pdf(x), Gaussian(2, 1).pdf(x)):
        p_grid, q_grid = p / p.sum(), q / q.sum()
        p_safe, q_safe = np.clip(p_grid, 1e-12, None), np.clip(q_grid, 1e-12, None)
        found.append(np.sum(p_safe * np.log(p_safe / q_safe)))
        found.append(np.sum(q_safe * np.log(q_safe / p_safe)))
    assert found == pytest.approx([0.1674, 0.2377, 3.3632, 0.6327], abs=6e-5)


def test_one_component_is_a_plain_gaussian():
    alone, q = Mixture([1.0], [Gaussian(1, 2)]), Gaussian(-0.5, 0.7)
    assert forward_kl(alone, q.mu, q.sigma) == pytest.approx(
        gaussian_kl(Gaussian(1, 2), q), rel=1e-14
    )
    assert reverse_kl(alone, q.mu, q.sigma) == pytest.approx(
        gaussian_kl(q, Gaussian(1, 2)), rel=1e-13
    )
    assert forward_kl(alone, 1, 2) == 0
    assert reverse_kl(alone, 1, 2) == pytest.approx(0, abs=1e-15)


def test_an_array_of_candidates_gives_what_each_of_them_gives():
    target = two_modes(3, 0.3, 0.5, 1.5)
    mu, sigma = np.linspace(-6, 6, 7), np.geomspace(0.1, 5, 5)[:, None]
    for divergence in (forward_kl, reverse_kl):
        together = divergence(target, mu, sigma)
        assert together.shape == (5, 7)
        alone = [[divergence(target, m, s[0]) for m in mu] for s in sigma]
        np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-13)


def test_no_candidates_have_no_divergences():
    for divergence in (forward_kl, reverse_kl):
        assert divergence(two_modes(2), [], 1.0).shape == (0,)


def test_candidates_of_all_sizes_in_one_call():
    target = two_modes(3)
    sigma = np.array([1e-6, 1.0, 1e6])
    alone = [reverse_kl(target, 0.5, s) for s in sigma]
    np.testing.assert_allclose(reverse_kl(target, 0.5, sigma), alone, rtol=1e-10)


@settings(max_examples=40)
@given(st.floats(0, 5), st.floats(0.05, 0.95), st.floats(0.3, 3), st.floats(0.3, 3))
def test_the_derivatives_are_those_of_the_divergence(d, weight, left, right):
    target, mu, sigma, h = two_modes(d, weight, left, right), 0.7, 1.4, 1e-4

    def at(v, w):
        return reverse_kl(target, mu + sigma * v, sigma * math.exp(w), base=math.e)

    gradient, hessian = reverse_kl_derivatives(target, mu, sigma)
    steps = [(at(h, 0) - at(-h, 0)) / (2 * h), (at(0, h) - at(0, -h)) / (2 * h)]
    assert gradient == pytest.approx(steps, abs=1e-6)
    for i, (v, w) in enumerate([(h, 0), (0, h)]):
        second = (at(v, w) - 2 * at(0, 0) + at(-v, -w)) / h**2
        assert hessian[i, i] == pytest.approx(second, abs=1e-5 * max(1, abs(second)))
    mixed = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h)
    assert hessian[0, 1] == hessian[1, 0] == pytest.approx(mixed, abs=1e-5)


@settings(max_examples=40)
@given(st.floats(0, 6), st.floats(0.01, 0.99), st.floats(-9, 9), st.floats(0.05, 9))
def test_neither_divergence_is_negative_or_depends_on_the_unit_of_x(d, weight, mu, sigma):
    small = two_modes(d, weight, 0.5, 2)
    unit = 2.0**400
    large = Mixture(
        small.weights, [Gaussian(g.mu * unit, g.sigma * unit) for g in small.components]
    )
    for divergence in (forward_kl, reverse_kl):
        value = divergence(small, mu, sigma)
        assert value >= 0
        assert divergence(large, mu * unit, sigma * unit) == pytest.approx(value, rel=1e-12)


def test_far_out_the_divergences_grow_until_they_exceed_the_doubles():
    target = two_modes(2)
    assert forward_kl(target, 0, 1e-200) == reverse_kl(target, 1e200, 1) == math.inf
    assert 0 < reverse_kl(target, 1e100, 1) < math.inf


def test_a_wide_or_a_narrow_q_has_the_closed_form_of_normal_distributions():
    # mpmath, 50 digits: ½((1 + 0)/σ² - 1) + ln σ.
    alone = Mixture([1.0], [Gaussian(0, 1)])
    for sigma, exact in ((1e12, 27.131021115928548), (1e16, 36.34136148790474)):
        assert forward_kl(alone, 0, sigma, base=math.e) == pytest.approx(exact, rel=1e-15)
    assert forward_kl(two_modes(2), 0, 1e-309) == math.inf
    for sigma in (1 + 1e-9, 1 - 1e-12, 0.5, 3.0, 1e-150, 1e150):
        assert forward_kl(alone, 1e-9, sigma) == pytest.approx(
            gaussian_kl(Gaussian(0, 1), Gaussian(1e-9, sigma)), rel=1e-14
        )


def test_the_narrowest_q_of_all_has_a_reverse_divergence():
    # mpmath, 50 digits: -ln σ - ½ ln 2πe - ln p(μ), σ = 2**-1074 and 1e-309.
    for sigma, mu in ((5e-324, 0), (5e-324, 1), (1e-309, 1)):
        with mpmath.workdps(50):
            exact = (-mpmath.log(mpmath.mpf(sigma)) - mpmath.log(2 * mpmath.pi * mpmath.e) / 2
                     - mp_log_density(two_modes(2), mu))  # fmt: skip
        got = reverse_kl(two_modes(2), mu, sigma, base=math.e)
        assert got == pytest.approx(float(exact), rel=1e-13)


def test_a_far_component_takes_no_digits_from_a_near_one():
    near, far = two_modes(2), 1e8
    moved = Mixture(
        [0.25, 0.25, 0.5], [Gaussian(far - 2, 1), Gaussian(far + 2, 1), Gaussian(-far, 1)]
    )
    apart = reverse_kl(near, [0, 2, -1], [2.5, 1, 0.1], base=math.e) + math.log(2)
    got = reverse_kl(moved, [far, far + 2, far - 1], [2.5, 1, 0.1], base=math.e)
    np.testing.assert_allclose(got, apart, rtol=1e-12)


@pytest.mark.parametrize("divergence", [forward_kl, reverse_kl])
@pytest.mark.parametrize("d", [0, 1e-200, 2, 1e150, 1e307])
def test_no_magnitude_makes_a_divergence_undefined(divergence, d):
    sizes = (1e-200, 1.0, 1e150)
    for weight, left, right, mu, sigma in product(
        (1e-300, 0.3), sizes, sizes, (0, -3, 1e170, -1.7e308), (5e-324, 1e-150, 1, 1e200, 1.7e308)
    ):
        value = divergence(two_modes(d, weight, left, right), mu, sigma)
        assert value >= 0, (weight, left, right, mu, sigma)


def test_moments_of_a_mixture():
    target = two_modes(2, 0.25, 1, 3)
    # mean 0.25·(−2) + 0.75·2; variance 0.25·1 + 0.75·9 + 0.25·0.75·4².
    assert target.mean == 1
    assert target.variance == 10
    assert target.sigma == pytest.approx(math.sqrt(10), rel=1e-15)


def test_the_density_is_the_weighted_sum_and_its_logarithm_finite_in_the_tails():
    target = two_modes(2, 0.25, 1, 3)
    x = np.linspace(-5, 5, 11)
    parts = 0.25 * Gaussian(-2, 1).pdf(x) + 0.75 * Gaussian(2, 3).pdf(x)
    np.testing.assert_allclose(target.pdf(x), parts, rtol=1e-14)
    assert target.log_pdf(1e6) == pytest.approx(
        math.log(0.75) + Gaussian(2, 3).log_pdf(1e6), rel=1e-15
    )
    assert target.pdf(math.inf) == 0
    assert type(target.pdf(0)) is float


def test_a_component_of_weight_zero_changes_nothing():
    with_ghost = Mixture([0.5, 0.0, 0.5], [Gaussian(-2, 1), Gaussian(9, 1e-9), Gaussian(2, 1)])
    for divergence in (forward_kl, reverse_kl):
        assert divergence(with_ghost, 0, 2) == divergence(two_modes(2), 0, 2)


@pytest.mark.parametrize(
    ("weights", "components", "message"),
    [
        ([0.5, 0.6], [Gaussian(0, 1)] * 2, "weights must sum to 1, got 1.1"),
        ([1.5, -0.5], [Gaussian(0, 1)] * 2, "weights must hold no negative .* -0.5"),
        ([1.0], [Gaussian(0, 1)] * 2, "one entry a component"),
        ([1.0], [(0, 1)], r"components must be Gaussians, got \(0, 1\)"),
        ([], [], "weights is empty"),
        ([math.nan, 1], [Gaussian(0, 1)] * 2, "weights must hold no negative .*nan"),
    ],
)
def test_what_is_no_mixture_is_refused(weights, components, message):
    with pytest.raises(ValueError, match=message):
        Mixture(weights, components)


@pytest.mark.parametrize("divergence", [forward_kl, reverse_kl, reverse_kl_derivatives])
@pytest.mark.parametrize(
    ("mu", "sigma", "message"),
    [
        (math.nan, 1, "mu must be finite, got nan"),
        (math.inf, 1, "mu must be finite, got inf"),
        (0, 0, "sigma must be positive and finite, got 0.0"),
        (0, [1, -2], "sigma must be positive and finite, got -2.0"),
        ([0, 1], [1, 2, 3], "mu and sigma do not broadcast"),
    ],
)
def test_what_is_no_gaussian_is_refused(divergence, mu, sigma, message):
    with pytest.raises(ValueError, match=message):
        divergence(two_modes(2), mu, sigma)


def test_derivatives_beside_a_spike_keep_their_digits():
    # mpmath's quadrature at 50 digits of log(q/target) times u and u² - 1; the slopes of the log
    # density at the spike, 1e10, leave none.
    target = Mixture([0.3, 0.7], [Gaussian(0.3, 1e-10), Gaussian(0, 1)])
    gradient, hessian = reverse_kl_derivatives(target, 0, 1)
    assert gradient == pytest.approx([-2.26593509015e-9, 6.87333644013e-9], abs=1e-15)
    assert hessian == pytest.approx(np.array([[1.0, 0.0], [0.0, 2.0]]), abs=1e-7)


def test_distance_takes_no_digits_from_a_divergence():
    # D(q‖target) = -ln ½ + D(q‖N(-d, 1)), as the other mode is nowhere near.
    for d in (1e100, 1e300):
        target = two_modes(d)
        for sigma in (1, 1 + 1e-10, 1.5):
            want = math.log(2) + gaussian_kl(Gaussian(0, sigma), Gaussian(0, 1), base=math.e)
            assert reverse_kl(target, -d, sigma, base=math.e) == pytest.approx(want, rel=1e-13)


@pytest.mark.parametrize(
    "function",
    [fit_forward_kl, fit_reverse_kl, lambda target: forward_kl(target, 0, 1),
     lambda target: reverse_kl(target, 0, 1), lambda target: reverse_kl_derivatives(target, 0, 1)],
)  # fmt: skip
def test_a_target_is_a_mixture_and_its_components_are_gaussians(function):
    with pytest.raises(ValueError, match="target must be a Mixture, got Gaussian"):
        function(Gaussian(0, 1))
    with pytest.raises(ValueError, match="components must be Gaussians, got None"):
        function(Mixture([1], None))
