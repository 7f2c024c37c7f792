"""The expected InfoNCE loss of correlated normals, against mpmath, simulation and its limits."""

import math

import mpmath
import numpy as np
import pytest

from infocore import gaussian_info_nce, info_nce

CORRELATIONS = (0.01, 0.3, 0.7, 0.95, 0.999)


def information(rho):
    return -0.5 * math.log1p(-rho * rho)


# By correlation and temperature, from ``mp_loss_of_two`` with steps so fine that they no longer
# matter: 0.09·√τ/c, or 0.2 where that is less.
LOSS_OF_TWO = {
    (0.01, 1): 0.693122179934757883,
    (0.5, 1): 0.624648963436236243,
    (-0.8, 1): 0.469194057905351305,
    (0.9, 1): 0.356110429253227916,
    (0.7, 0.4): 0.627853692368228924,
    (0.5, 0.25): 0.821784139692559658,
    (0.8, 4): 0.552192283590796593,
}


def mp_loss_of_two(rho, tau, step):
    """Return the expected loss of two candidates by a double trapezoid sum in mpmath.

    With x = ρ·y₁ + σ·e the scores differ by f₂ - f₁ = c·d·e - ½·(c·d)², where c = ρ/σ, and
    d = y₂ - y₁ and e are independent normals of variances 2 and 1. The loss is log(1 + exp) of it.
    """
    with mpmath.workdps(30):
        c, reach = mpmath.mpf(rho) / mpmath.sqrt(1 - mpmath.mpf(rho) ** 2), round(9 / step)
        grid = [mpmath.mpf(step) * k for k in range(-reach, reach + 1)]
        weight = [step * mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi) for z in grid]
        total = mpmath.mpf(0)
        for apart, share in zip(grid, weight, strict=True):
            s = c * mpmath.sqrt(2) * apart
            losses = (w * mpmath.log1p(mpmath.exp((s * e - s * s / 2) / tau))
                      for e, w in zip(grid, weight, strict=True))  # fmt: skip
            total += share * sum(losses)
        return float(total)


def test_the_table_is_that_of_the_double_integral():
    assert mp_loss_of_two(0.5, 1, 0.25) == pytest.approx(LOSS_OF_TWO[0.5, 1], abs=1e-10)


@pytest.mark.parametrize(("rho", "tau"), LOSS_OF_TWO)
def test_the_loss_of_two_candidates_is_its_double_integral(rho, tau):
    loss, bound, _ = gaussian_info_nce(rho, 2, temperature=tau)
    assert loss == pytest.approx(LOSS_OF_TWO[rho, tau], abs=2e-10)
    assert bound == pytest.approx(math.log(2) - LOSS_OF_TWO[rho, tau], abs=2e-10)


@pytest.mark.parametrize(("rho", "tau"), [(0.5, 1), (-0.3, 0.5), (0.6, 2)])
def test_the_loss_and_the_spread_of_three_candidates_are_fourfold_sums(rho, tau):
    """By the trapezoid rule over x, the noise of its partner, and both strangers: no Frullani."""
    step, variance = 0.25, 1 - rho * rho
    z = step * np.arange(-26.0, 27.0)
    share = step * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    means = np.zeros(2)
    for x, weight in zip(z, share, strict=True):
        partner = rho * x + math.sqrt(variance) * z
        own, others = (-((x - rho * y) ** 2) / (2 * variance * tau) for y in (partner, z))
        odds = np.exp(others - own[:, np.newaxis])
        losses = np.log1p(odds[:, :, np.newaxis] + odds[:, np.newaxis, :])
        means += [weight * (share @ (power @ share @ share)) for power in (losses, losses**2)]
    loss, _, spread = gaussian_info_nce(rho, 3, temperature=tau)
    assert loss == pytest.approx(means[0], abs=1e-8)
    assert spread**2 == pytest.approx(means[1] - means[0] ** 2, abs=2e-7)


@pytest.mark.parametrize(("rho", "tau", "count"), [(0.95, 1, 8), (-0.6, 0.5, 3), (0.99, 2, 64)])
def test_batches_of_pairs_have_that_loss_on_average_and_single_choices_that_spread(rho, tau, count):
    rng, batches = np.random.default_rng(count), 160_000 // count**2
    x, noise = rng.standard_normal((2, batches, count))
    y, variance = rho * x + math.sqrt(1 - rho * rho) * noise, 1 - rho * rho
    scores = -((x[..., np.newaxis] - rho * y[:, np.newaxis]) ** 2) / (2 * variance * tau)
    found, _ = info_nce(scores)
    loss, bound, spread = gaussian_info_nce(rho, count, temperature=tau)
    assert found.mean() == pytest.approx(loss, abs=4 * found.std() / math.sqrt(batches))
    own = np.diagonal(scores, axis1=-2, axis2=-1)[..., np.newaxis]
    single = np.log(np.exp(scores - own).sum(axis=-1))
    assert single.std() == pytest.approx(spread, rel=0.08)
    assert loss + bound == pytest.approx(math.log(count), rel=1e-15)


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_the_bound_rises_with_the_candidates_below_log_n_and_below_the_information(rho):
    counts = np.array([1, 2, 3, 5, 8, 30, 256, 4096, 65536])
    loss, bound, _ = gaussian_info_nce(rho, counts)
    assert (np.diff(bound) > 0).all()
    assert (bound <= np.minimum(np.log(counts), information(rho)) + 1e-9).all()
    assert (loss >= 0).all()


def test_many_candidates_show_what_there_is():
    for rho in (0.3, 0.7, 0.9):
        assert gaussian_info_nce(rho, 65536)[1] == pytest.approx(information(rho), abs=1e-4)


@pytest.mark.parametrize("rho", CORRELATIONS[1:])
def test_no_other_temperature_has_a_smaller_loss_than_1(rho):
    best, *others = (
        gaussian_info_nce(rho, 16, temperature=tau)[0] for tau in (1, 0.25, 0.5, 0.95, 1.05, 2, 4)
    )
    assert best < min(others)


def test_who_is_too_sure_of_what_is_hardly_there_does_worse_than_guessing():
    assert gaussian_info_nce(0.3, 8, temperature=0.4)[1] < 0 < gaussian_info_nce(0.3, 8)[1]


def test_a_sign_changes_nothing_and_bits_are_nats_by_ln_2():
    for of_minus, of_plus in zip(
        gaussian_info_nce(-0.7, [2, 9]), gaussian_info_nce(0.7, [2, 9]), strict=True
    ):
        assert of_minus.tolist() == of_plus.tolist()
    nats, bits = (gaussian_info_nce(0.7, 9, base=base) for base in (math.e, 2))
    assert [one * math.log(2) for one in bits] == pytest.approx(nats, rel=1e-15)


def test_a_small_correlation_keeps_the_digits_of_its_bound():
    # To the second order in ρ the bound is (1 - 1/N)·I, the mean of a variance over N choices.
    for rho in (1e-3, 1e-5, 1e-200):
        for count in (2, 8, 256):
            first = 0.5 * rho * rho * (1 - 1 / count)
            assert gaussian_info_nce(rho, count)[1] == pytest.approx(first, abs=rho**4 + 1e-14)


@pytest.mark.parametrize("count", [1, 2, 7, 1000])
def test_the_ends_are_exact(count):
    log_n = float(np.log(count))
    assert gaussian_info_nce(0, count) == (log_n, 0, 0)
    assert gaussian_info_nce(1, count) == gaussian_info_nce(-1, count) == (0, log_n, 0)
    assert gaussian_info_nce(0.5, 1) == (0, 0, 0)
    assert all(type(one) is float for one in gaussian_info_nce(0.5, count))


def test_next_to_a_correlation_of_1_hardly_anything_is_lost():
    loss, bound, _ = gaussian_info_nce(1 - 1e-12, 8)
    assert 0 <= loss < 1e-4
    assert bound < math.log(8)


def test_candidates_of_any_shape_give_that_shape():
    counts = np.array([[2, 3, 4], [5, 6, 7]])
    for found in gaussian_info_nce(0.5, counts):
        assert found.shape == (2, 3)
    assert gaussian_info_nce(0.5, counts)[0][1, 0] == gaussian_info_nce(0.5, 5)[0]


@pytest.mark.parametrize(
    ("given", "options", "said"),
    [
        ((1.5, 8), {}, r"correlation must lie in \[-1, 1\], got 1.5"),
        ((math.nan, 8), {}, "correlation must lie in"),
        ((0.5, 0), {}, "candidates must be whole numbers from 1 to 65536, got 0"),
        ((0.5, [2, 2.5]), {}, "candidates must be whole numbers from 1 to 65536, got 2.5"),
        ((0.5, 65537), {}, "candidates must be .* got 65537"),
        ((0.5, math.nan), {}, "candidates must"),
        ((0.5, 8), {"temperature": 0}, r"temperature must lie in \[0.25, 4\], got 0"),
        ((0.5, 8), {"base": 1}, "base must be positive"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_value(given, options, said):
    with pytest.raises(ValueError, match=said):
        gaussian_info_nce(*given, **options)
