"""The KL Visualizer's picture and numbers say the same: area in view + part outside = KL."""

import math

import mpmath
import numpy as np
import pytest

from app.explorers.kl.explorer import KL
from app.explorers.kl.model import outside
from infocore import Gaussian, gaussian_kl
from infocore.quadrature import _KL_NODES

RNG = np.random.default_rng(20)
STATES = [
    dict(zip(["mu_p", "mu_q", "sigma_p", "sigma_q"], map(float, numbers), strict=True))
    for numbers in zip(
        *RNG.uniform(-4, 4, (2, 200)), *np.exp(RNG.uniform(math.log(0.1), math.log(4), (2, 200))),
        strict=True,
    )
]  # fmt: skip
CORNERS = [
    {"mu_p": m, "mu_q": n, "sigma_p": s, "sigma_q": t}
    for m in (-4.0, 4.0) for n in (-4.0, 4.0) for s in (0.1, 4.0) for t in (0.1, 4.0)
]  # fmt: skip
both_integrands = pytest.mark.parametrize("integrand", ["signed", "non-negative"])
both_units = pytest.mark.parametrize("unit", ["nats", "bits"])


def computed(state, integrand="signed", unit="nats"):
    return KL.compute(**{**KL.defaults(), **state, "integrand": integrand, "unit": unit})


@pytest.mark.parametrize("directions", [("pq", "kl_pq"), ("qp", "kl_qp")])
@both_units
@both_integrands
def test_the_area_in_view_and_the_part_outside_add_up_to_the_number(integrand, unit, directions):
    column, readout = directions
    for state in [*STATES, *CORNERS, *KL.presets.values()]:
        result = computed(state, integrand, unit)
        in_view = np.trapezoid(result.tables["curves"][column], result.tables["curves"]["x"])
        number = result.readouts[readout]
        whole = in_view + result.readouts[f"{readout}_outside"]
        assert whole == pytest.approx(number, abs=1e-3 * max(1, number)), state


@both_integrands
def test_the_tail_case_is_47_197_nats(integrand):
    # ½(100 − 1) − ln 10 = 47.1974149…, by the closed form of SPEC §1 with t = 9, z = 0
    result = computed(KL.presets["The tail"], integrand)
    assert result.readouts["kl_pq"] == pytest.approx(49.5 - math.log(10), rel=1e-14)
    in_view = np.trapezoid(result.tables["curves"]["pq"], result.tables["curves"]["x"])
    assert in_view + result.readouts["kl_pq_outside"] == pytest.approx(47.197, abs=1e-3)


def test_the_ratio_of_the_default_state_and_its_jensen_shannon_are_as_specified():
    readout = KL.compute(**KL.defaults()).readouts
    assert readout["js"] == pytest.approx(0.18620, abs=5e-6)  # SPEC §1
    assert readout["ratio"] == readout["kl_qp"] / readout["kl_pq"]


def mp_outside(state, lifted):
    """Integrate over what lies beyond ±8 at 50 digits, in pieces as wide as the narrower curve."""
    with mpmath.workdps(50):
        mu, nu, s, t = (mpmath.mpf(state[name]) for name in ("mu_p", "mu_q", "sigma_p", "sigma_q"))

        def log_density(x, mean, sigma):
            return -(((x - mean) / sigma) ** 2) / 2 - mpmath.log(sigma * mpmath.sqrt(2 * mpmath.pi))

        def integrand(x):
            log_p, log_q = log_density(x, mu, s), log_density(x, nu, t)
            p, q = mpmath.exp(log_p), mpmath.exp(log_q)
            return p * (log_p - log_q) + (q - p if lifted else 0)

        reach = [8 + mpmath.mpf(step) for step in (0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)]
        sides = (reach, [-place for place in reversed(reach)])
        return sum(mpmath.quad(integrand, side) for side in sides)


@pytest.mark.parametrize("lifted", [False, True])
def test_the_part_outside_is_its_integral(lifted):
    for state in [*STATES[:6], *CORNERS[::6], {**CORNERS[0], "sigma_p": 2.0, "sigma_q": 2.0}]:
        p = Gaussian(state["mu_p"], state["sigma_p"])
        q = Gaussian(state["mu_q"], state["sigma_q"])
        exact = float(mp_outside(state, lifted))
        slack = 1e-13 * max(1, gaussian_kl(p, q, base=math.e))
        assert outside(p, q, lifted) == pytest.approx(exact, rel=1e-12, abs=slack), state


@both_integrands
def test_the_solid_and_the_hatched_part_make_the_curve(integrand):
    for state in STATES[:50]:
        curves = computed(state, integrand).tables["curves"]
        for name in ("pq", "qp"):
            assert np.array_equal(curves[f"{name}_above"] + curves[f"{name}_below"], curves[name])
            assert (curves[f"{name}_above"] >= 0).all()
            assert (curves[f"{name}_below"] <= 0).all()


def test_the_non_negative_integrand_has_no_negative_part_beyond_rounding():
    for state in [*STATES, *CORNERS]:
        curves = computed(state, "non-negative").tables["curves"]
        for name in ("pq", "qp"):
            assert curves[name].min() >= -1e-13 * max(1, curves[name].max())


def test_swapping_swaps_the_distributions_and_both_numbers():
    for state in STATES[:20]:
        before = {**KL.defaults(), **state}
        after = {**before, **KL.move(before, "swap", None, None)}
        one, other = (KL.compute(**each).readouts for each in (before, after))
        assert (one["kl_pq"], one["kl_qp"]) == (other["kl_qp"], other["kl_pq"])
        assert {**after, **KL.move(after, "swap", None, None)} == before


def test_equal_widths_make_both_numbers_equal_without_p_being_q():
    readout = computed(KL.presets["Shifted"]).readouts
    assert readout["kl_pq"] == readout["kl_qp"] > 0


def test_equal_distributions_have_no_divergence_and_no_ratio():
    readout = computed(KL.presets["Equal"]).readouts
    assert readout["kl_pq"] == readout["kl_qp"] == readout["js"] == 0
    assert math.isnan(readout["ratio"])


def test_the_axes_hold_what_they_show():
    for state in [*STATES, *CORNERS]:
        result = computed(state)
        curves, (low, high) = result.tables["curves"], result.ranges["integrand"]
        assert low <= min(curves["pq"].min(), curves["qp"].min())
        assert high >= max(curves["pq"].max(), curves["qp"].max())
        assert result.ranges["density"][1] >= max(curves["p"].max(), curves["q"].max())


# What the page says


def test_the_divergence_is_0_only_if_p_is_q_and_both_ways_differ_in_general():
    differ = 0
    for state in [*STATES, *CORNERS]:
        readout = computed(state).readouts
        same = (state["mu_p"], state["sigma_p"]) == (state["mu_q"], state["sigma_q"])
        assert (readout["kl_pq"] == 0) == (readout["kl_qp"] == 0) == same
        differ += readout["kl_pq"] != readout["kl_qp"]
    assert differ >= len(STATES)
    told = KL.texts("Card", "What you see")
    assert "is 0 only if P = Q" in told
    assert "in general two different numbers" in told


@both_units
def test_the_non_negative_curve_adds_what_has_no_area_in_total(unit):
    for state in STATES[:50]:
        signed, lifted = (computed(state, one, unit) for one in ("signed", "non-negative"))
        for column, readout in (("pq", "kl_pq"), ("qp", "kl_qp")):
            curves = lifted.tables["curves"], signed.tables["curves"]
            added = np.trapezoid(curves[0][column] - curves[1][column], curves[0]["x"])
            parts = [one.readouts[f"{readout}_outside"] for one in (lifted, signed)]
            assert added + parts[0] - parts[1] == pytest.approx(0, abs=1e-4)
    assert "whose total area is 0" in KL.texts("Hint", "Integrand")


def test_the_check_adds_a_thousand_slices():
    assert len(_KL_NODES) == 1001
    assert "a thousand slices" in KL.texts("Card", "With your numbers")


def test_a_letter_stands_off_the_knobs_and_within_the_picture():
    for state in (*KL.presets.values(), {"mu_q": 4.0, "sigma_q": 4.0}, {"mu_p": 4.0}):
        marks = KL.compute(**{**KL.defaults(), **state}).tables["marks"]
        for one in "pq":
            x, aside = marks[f"{one}_x"][0], marks[f"{one}_aside"][0]
            assert abs(aside) >= 12 + 8  # px: half a knob's width and half a letter's
            assert abs(x) < 7 or x * aside < 0


def test_a_quadratic_has_a_finite_mean_under_a_gaussian_and_none_under_a_cauchy():
    card = KL.texts("Card", "What you see")
    assert "ln(p/q) is a quadratic in x" in card
    for state in STATES[:20]:
        log_ratio = computed(state).tables["curves"]["log_ratio"]
        bend = np.diff(log_ratio, 2)
        assert bend == pytest.approx(np.full(len(bend), bend.mean()), abs=1e-8)
    assert "as a Cauchy distribution’s are beside a Gaussian’s, D is ∞" in card
    with mpmath.workdps(50):  # p ln(p/q) goes to 1/(2π), so its area grows without end

        def integrand(x):
            p = 1 / (mpmath.pi * (1 + x**2))
            return p * (mpmath.log(p) + x**2 / 2 + mpmath.log(2 * mpmath.pi) / 2)

        for far in (10**3, 10**6):
            assert mpmath.almosteq(integrand(mpmath.mpf(far)), 1 / (2 * mpmath.pi), 1e-4)


def test_the_logarithm_is_at_most_its_tangent_which_makes_the_divergence_never_negative():
    assert "ln r ≤ r − 1, with equality only at r = 1" in KL.texts("Card", "What you see")
    with mpmath.workdps(50):
        for r in map(mpmath.mpf, ("1e-30", "0.5", "0.999999", "1.000001", "2", "1e30")):
            assert r - 1 - mpmath.log(r) > 0
        assert mpmath.log(1) == 0
    curves = computed({}, "non-negative").tables["curves"]
    p, r = curves["p"], curves["q"] / curves["p"]
    assert curves["pq"] == pytest.approx(p * (r - 1 - np.log(r)), abs=1e-12)


@both_units
def test_what_is_added_in_bits_is_divided_by_ln_2(unit):
    signed, lifted = (
        computed({}, one, unit).tables["curves"] for one in ("signed", "non-negative")
    )
    per_nat = 1 if unit == "nats" else 1 / math.log(2)
    added = (signed["q"] - signed["p"]) * per_nat
    assert lifted["pq"] - signed["pq"] == pytest.approx(added, abs=1e-14)
    assert "(in bits, divided by ln 2)" in KL.texts("Hint", "Integrand")
    assert "p · ln(p/q) − p + q" in KL.texts("Task", "same-area")
