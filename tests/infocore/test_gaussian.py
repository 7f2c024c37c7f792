"""Gaussians and their closed-form divergences."""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import Gaussian, gaussian_cross_entropy, gaussian_kl

MEANS = st.floats(-1e3, 1e3)
SCALES = st.floats(1e-3, 1e3)
GAUSSIANS = st.builds(Gaussian, MEANS, SCALES)


def test_a_gaussian_keeps_its_parameters_as_floats_and_cannot_change():
    g = Gaussian(np.float32(0.5), 2)
    assert (type(g.mu), type(g.sigma)) == (float, float)
    assert g == Gaussian(0.5, 2.0)
    with pytest.raises(FrozenInstanceError):
        g.sigma = -1


def test_the_standard_normal_density():
    # Abramowitz and Stegun, table 26.1: 0.39894 22804 at 0, 0.24197 07245 at 1.
    density = Gaussian(0, 1).pdf([0, 1, -1])
    assert density == pytest.approx([0.3989422804, 0.2419707245, 0.2419707245], abs=5e-11)
    assert type(Gaussian(0, 1).pdf(0)) is type(Gaussian(0, 1).log_pdf(0)) is float


def test_the_density_vanishes_at_infinity():
    g = Gaussian(1, 2)
    assert g.pdf([-math.inf, math.inf]).tolist() == [0, 0]
    assert g.log_pdf([-math.inf, math.inf]).tolist() == [-math.inf, -math.inf]


def test_log_densities_overflow_only_where_the_truth_does():
    far_apart = Gaussian(-1.5e308, 1e308).log_pdf(1.5e308)
    assert far_apart == pytest.approx(-4.5 - math.log(1e308) - 0.5 * math.log(2 * math.pi))
    assert Gaussian(0, 1).log_pdf(1e150) == pytest.approx(-5e299, rel=1e-15)
    assert Gaussian(0, 1).log_pdf(1e160) == -math.inf
    assert Gaussian(0, 5e-324).log_pdf(0) == pytest.approx(743.52, abs=0.01)
    assert Gaussian(0, 5e-324).pdf(0) == math.inf


def test_differential_entropy_is_negative_for_a_narrow_gaussian():
    # Cover and Thomas, 2nd ed., example 8.1.2: ½·log2(2πe·σ²), zero at σ² = 1/(2πe).
    assert Gaussian(3, 1).entropy() == pytest.approx(0.5 * math.log2(2 * math.pi * math.e))
    assert Gaussian(0, (2 * math.pi * math.e) ** -0.5).entropy() == pytest.approx(0, abs=1e-15)
    assert Gaussian(0, 0.1).entropy() < 0


def test_the_tail_case_is_47_nats():
    forward = gaussian_kl(Gaussian(0, 1), Gaussian(0, 0.1), base=math.e)
    assert forward == pytest.approx(47.197, abs=5e-4)
    # ½·r² - ½ - ln r with r = 0.1, mpmath, 50 digits.
    backward = gaussian_kl(Gaussian(0, 0.1), Gaussian(0, 1), base=math.e)
    assert backward == pytest.approx(1.807585092994045684, rel=1e-15)


def test_shifted_gaussians_of_equal_scale_diverge_by_half_the_squared_distance():
    assert gaussian_kl(Gaussian(0, 2), Gaussian(3, 2), base=math.e) == 1.125
    assert gaussian_kl(Gaussian(3, 2), Gaussian(0, 2), base=math.e) == 1.125


def test_equal_gaussians_have_exactly_no_divergence():
    divergence = gaussian_kl(Gaussian(0.1, 0.3), Gaussian(0.1, 0.3))
    assert divergence == 0
    assert math.copysign(1, divergence) == 1


@pytest.mark.parametrize("relative", [1e-12, 1e-8, 1e-4])
def test_kl_near_equality_is_the_square_of_the_relative_difference(relative):
    sigma = 1 + relative
    t = sigma - 1
    # ½t² + t - log1p(t), by Mercator's series.
    series = t**2 - t**3 / 3
    divergence = gaussian_kl(Gaussian(0, sigma), Gaussian(0, 1), base=math.e)
    assert divergence == pytest.approx(series, rel=max(1e-14, t**2), abs=0)


def test_kl_is_infinite_only_beyond_the_doubles():
    narrow = Gaussian(0, 1)
    assert gaussian_kl(Gaussian(1.8e154, 1), narrow, base=math.e) == pytest.approx(1.62e308)
    assert gaussian_kl(Gaussian(0, 1.8e154), narrow, base=math.e) == pytest.approx(1.62e308)
    assert gaussian_kl(Gaussian(2e154, 1), narrow, base=math.e) == math.inf
    assert gaussian_kl(Gaussian(2e154, 1), narrow, base=10) == pytest.approx(
        2e154 / math.log(10) * 1e154
    )
    assert gaussian_kl(Gaussian(1e308, 1), Gaussian(-1e308, 1)) == math.inf
    assert gaussian_kl(Gaussian(0, 1e-150), Gaussian(0, 1e150)) == pytest.approx(
        300 * math.log2(10) - 0.5 / math.log(2), rel=1e-15
    )


def test_scales_beyond_the_promised_range_give_no_nan():
    tiny, huge = Gaussian(0, 1e-320), Gaussian(0, 1e300)
    assert gaussian_kl(huge, tiny) == math.inf
    assert gaussian_kl(tiny, huge) == pytest.approx(620 * math.log2(10) - 0.7213, rel=1e-4)


@given(GAUSSIANS, GAUSSIANS)
def test_kl_is_never_negative_and_zero_only_for_equals(p, q):
    divergence = gaussian_kl(p, q)
    assert divergence >= 0
    assert divergence > 0 or (p.mu, p.sigma) == pytest.approx((q.mu, q.sigma), rel=1e-150)


@given(GAUSSIANS, GAUSSIANS)
def test_cross_entropy_is_entropy_plus_divergence(p, q):
    parts = p.entropy() + gaussian_kl(p, q)
    assert gaussian_cross_entropy(p, q) == pytest.approx(parts, rel=1e-13, abs=1e-13)


@given(GAUSSIANS, GAUSSIANS, st.integers(-40, 40))
def test_kl_does_not_depend_on_the_unit_of_x(p, q, exponent):
    unit = 2.0**exponent
    scaled = (Gaussian(g.mu * unit, g.sigma * unit) for g in (p, q))
    assert gaussian_kl(*scaled) == gaussian_kl(p, q)
