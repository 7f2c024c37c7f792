"""Mode fit tells the true story: the page's optima are infocore's, and its texts quote them."""

import math

import numpy as np
import pytest

from app.explorers.mode_fit.explorer import ModeFit
from app.explorers.mode_fit.model import MAP_MU, MAP_SIGMA, branches_of, map_of, target_of
from app.session.session import Session
from infocore import fit_forward_kl, fit_reverse_kl, forward_kl, reverse_kl

RNG = np.random.default_rng(24)
STORY = ModeFit.texts("Card", "What this target does")
CANDIDATES = ModeFit.texts("Card", "What the usual grid would have said")


def computed(**state):
    return ModeFit.compute(**{**ModeFit.defaults(), **state})


def shapes(n):
    for d, weight, left, right in zip(
        RNG.uniform(0, 4, n), RNG.uniform(0, 1, n), *RNG.uniform(0.5, 2, (2, n)), strict=True
    ):
        yield {"d": float(d), "sigma_1": float(left), "sigma_2": float(right),
               "weight": float(weight)}  # fmt: skip


def target(shape):
    return target_of(shape["d"], shape["sigma_1"], shape["sigma_2"], shape["weight"])


@pytest.mark.parametrize("unit", ["nats", "bits"])
def test_the_optima_are_those_that_infocore_finds(unit):
    base = {"nats": math.e, "bits": 2}[unit]
    for shape in shapes(150):
        found = computed(**shape, unit=unit).tables["optima"]
        reverse = fit_reverse_kl(target(shape), base=base)
        fits = [fit_forward_kl(target(shape), base=base), *reverse]
        for name in ("mu", "sigma"):
            want = [getattr(fit.gaussian, name) for fit in fits]
            assert found[name] == pytest.approx(want, rel=1e-9, abs=1e-9), shape
        assert found["divergence"] == pytest.approx([fit.divergence for fit in fits], abs=1e-12)


def test_the_two_scenes_tell_the_true_story():
    close = computed(**ModeFit.presets["Close modes, d = 2"])
    assert close.readouts["reverse_mu"] == pytest.approx(0, abs=1e-9)
    assert close.readouts["reverse_sigma"] == pytest.approx(2.047, abs=5e-4)
    assert close.readouts["reverse_best"] == pytest.approx(0.2265, abs=5e-5)
    assert close.flags["covers"]
    assert not close.flags["has_others"]
    far = computed(**ModeFit.presets["Far modes, d = 3"])
    assert abs(far.readouts["reverse_mu"]) == pytest.approx(2.984, abs=5e-4)
    assert far.readouts["reverse_best"] == pytest.approx(0.6888, abs=5e-5)
    assert far.tables["optima"]["divergence"][-1] == pytest.approx(0.8406, abs=5e-5)
    assert far.flags["seeks_either"]
    assert far.flags["covering_too"]
    for number in ("2.047", "0.2265", "0.6888", "0.8406", "2.41", "2.80"):
        assert number in STORY


def test_the_classic_candidates_and_what_the_grid_makes_of_them_are_quoted_truly():
    for q in ({"mu": 0.0, "sigma": 2.5}, {"mu": 2.0, "sigma": 1.0}):
        readout = computed(d=2.0, **q).readouts
        for name in ("forward_kl", "reverse_kl", "recipe_forward", "recipe_reverse"):
            assert f"<td>{readout[name]:.4f}</td>" in CANDIDATES


def test_the_map_holds_the_divergence_at_the_middle_of_each_cell():
    for shape in shapes(3):
        for name, divergence in (("D(P‖Q)", forward_kl), ("D(Q‖P)", reverse_kl)):
            (image,) = map_of(*(shape[n] for n in ("d", "sigma_1", "sigma_2", "weight")), name)[
                "image"
            ]
            assert image.shape == (60, 80)
            for row, column in ((0, 0), (59, 79), (10, 40), (33, 7)):
                at = divergence(target(shape), MAP_MU[column], MAP_SIGMA[row], base=math.e)
                assert image[row, column] == pytest.approx(at, rel=1e-11, abs=1e-12)
    assert MAP_MU[0] == pytest.approx(-6 + 0.075)
    assert MAP_SIGMA[-1] == pytest.approx(5 - 0.04)


def test_no_cell_of_the_map_beats_the_best_fit():
    for shape in shapes(10):
        for name, best in (("D(P‖Q)", "forward_best"), ("D(Q‖P)", "reverse_best")):
            result = computed(**shape, map=name)
            assert result.tables["map"]["image"][0].min() >= result.readouts[best] - 1e-12


def test_the_pitchfork_opens_at_2_41_and_its_best_changes_at_2_80():
    rows = branches_of(1.0, 1.0, 0.5)
    count = {d: np.sum(rows["d"] == d) for d in np.unique(rows["d"])}
    assert all(count[d] == (1 if d < 2.41 else 3) for d in count)
    covering = abs(rows["mu"]) < 0.5
    assert np.array_equal(
        rows["best"] == 1, np.where(covering, rows["d"] < 2.8001, rows["d"] > 2.8001)
    )


@pytest.mark.parametrize("shape", list(shapes(4)))
def test_the_pitchfork_has_what_a_fit_of_its_own_finds(shape):
    rows = branches_of(shape["sigma_1"], shape["sigma_2"], shape["weight"])
    for d in np.unique(rows["d"])[::5]:
        own = fit_reverse_kl(target({**shape, "d": float(d)}))
        drawn = rows["mu"][rows["d"] == d]
        for mu in drawn:
            assert min(abs(mu - fit.gaussian.mu) for fit in own) < 1e-6
        best = rows["mu"][(rows["d"] == d) & (rows["best"] == 1)]
        assert min(abs(best - own[0].gaussian.mu)) < 1e-6


def test_moving_q_neither_computes_nor_sends_the_map_again():
    session = Session(ModeFit())
    kept = {name: session.sources[name].data for name in ("map", "branches")}
    here = session.sources["here"].data
    session.receive({"seq": 1, "changes": [["mu", 0.5], ["sigma", 1.5]]})
    assert all(session.sources[name].data is data for name, data in kept.items())
    assert session.sources["here"].data is not here
    session.receive({"seq": 2, "changes": [["d", 1.0]]})
    assert session.sources["map"].data is not kept["map"]
    assert session.sources["branches"].data is kept["branches"]


def run(state, gesture):
    return {**state, **ModeFit.move(state, gesture, "end", None)}


def test_reverse_descends_into_the_valley_where_q_is_and_forward_into_the_only_one():
    for mu, sigma, end in ((-2.5, 1.0, -2.984), (2.5, 1.0, 2.984), (0.0, 2.5, 0.0)):
        state = {**ModeFit.defaults(), "d": 3.0, "mu": mu, "sigma": sigma}
        assert run(state, "descend_reverse")["mu"] == pytest.approx(end, abs=5e-4)
        forward = run(state, "descend_forward")
        assert (forward["mu"], forward["sigma"]) == pytest.approx((0, math.sqrt(10)), abs=1e-6)


@pytest.mark.parametrize("gesture", ["descend_forward", "descend_reverse"])
def test_every_descent_ends_and_never_goes_uphill_for_long(gesture):
    readout = gesture.replace("descend_", "") + "_kl"
    for shape in shapes(6):
        state = {**ModeFit.defaults(), **shape, "mu": float(RNG.uniform(-6, 6)),
                 "sigma": float(RNG.uniform(0.2, 5))}  # fmt: skip
        ended = ModeFit.compute(**run(state, gesture))
        assert ended.flags[gesture.replace("descend_", "") + "_done"]
        assert ended.readouts[readout] <= ModeFit.compute(**state).readouts[readout] + 1e-12


def test_one_mode_alone_is_fitted_exactly():
    readout = computed(weight=1.0, sigma_1=0.7).readouts
    assert (readout["reverse_mu"], readout["reverse_sigma"]) == pytest.approx((-2.5, 0.7))
    assert readout["reverse_best"] == pytest.approx(0, abs=1e-14)
    assert readout["forward_best"] == 0
