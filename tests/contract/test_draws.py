"""Outcomes drawn one at a time: pure, alike for a seed, and true to their distribution."""

import math
import re

import numpy as np
import pytest
from scipy import stats

from app.contract.draws import (
    MOST,
    move_draws,
    normals,
    outcomes,
    scrambled,
    shown,
    uniforms,
    walk,
)
from app.contract.messages import Refused
from app.explorers.cross_entropy.explorer import CrossEntropy
from app.explorers.entropy.explorer import Entropy
from app.registry import EXPLORERS
from tests.contract.test_twins import run_twin

SEEDS = (0, 1, 17, 999)


def test_numbers_are_scrambled_as_published():
    # By hand from C. Wellons, "Prospecting for Hash Functions" (2018), lowbias32, in whole numbers.
    def lowbias32(x):
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            x = (x ^ (x >> shift)) * factor % 2**32
        return x ^ (x >> 16)

    keys = [0, 1, 2, 12345, 2**31, 2**32 - 1]
    assert scrambled(keys).tolist() == [lowbias32(key) for key in keys]


@pytest.mark.parametrize("seed", SEEDS)
def test_uniform_and_normal_numbers_pass_kolmogorov_and_smirnovs_test(seed):
    for stream in (0, 1):
        assert stats.kstest(uniforms(seed, stream), "uniform").pvalue > 1e-3
    assert stats.kstest(normals(seed), "norm").pvalue > 1e-3
    pairs = np.corrcoef([uniforms(seed, 0), uniforms(seed, 1), np.roll(uniforms(seed, 0), 1)])
    assert abs(pairs - np.eye(3)).max() < 4.5 / math.sqrt(MOST)


@pytest.mark.parametrize("seed", SEEDS)
def test_outcomes_come_as_often_as_p_says_and_never_what_it_rules_out(seed):
    p = [0.0, 0.5, 0.25, 0.0, 0.15, 0.1, 0.0]
    counts = np.bincount(outcomes(p, seed, MOST), minlength=len(p))
    assert not counts[[0, 3, 6]].any()
    possible = np.array(p) > 0
    assert stats.chisquare(counts[possible], MOST * np.array(p)[possible]).pvalue > 1e-3


def test_more_draws_begin_with_the_same_ones():
    p = [0.5, 0.25, 0.25]
    assert outcomes(p, 5, 10).tolist() == outcomes(p, 5, 1000)[:10].tolist()
    assert outcomes(p, 5, 1000).tolist() != outcomes(p, 6, 1000).tolist()


def test_draws_add_up_to_a_most_and_begin_anew_with_another_seed():
    state = {"draw": 9_950, "seed": 999}
    assert move_draws(state, "draw_10") == {"draw": 9_960}
    assert move_draws(state, "draw_1000") == {"draw": MOST}
    assert move_draws(state, "draw_anew") == {"seed": 0, "draw": 0}
    with pytest.raises(Refused):
        move_draws({"draw": MOST, "seed": 0}, "draw_1")


def test_the_running_mean_is_that_of_all_costs_so_far_where_it_is_shown():
    costs = np.random.default_rng(3).exponential(size=2345)
    path = walk(costs, 1.0, 1.0)
    assert path["n"][:100].tolist() == list(range(1, 101))
    assert path["n"][-1] == len(costs)
    for n, mean in zip(path["n"], path["mean"], strict=True):
        assert mean == pytest.approx(costs[: int(n)].mean(), rel=1e-13)
    assert shown(costs, 1.0, 1.0)[1]["running_mean"] == pytest.approx(costs.mean(), rel=1e-13)
    assert math.isnan(shown(costs[:0], 1.0, 1.0)[1]["running_mean"])


def test_the_band_holds_95_of_100_means():
    n, inside = 500, 0
    for seed in range(400):
        costs = -np.log(uniforms(seed, 0)[:n])  # exponential: mean and spread are 1
        path = walk(costs, 1.0, 1.0)
        inside += path["low"][-1] <= path["mean"][-1] <= path["high"][-1]
    assert 0.91 <= inside / 400 <= 0.985  # four standard errors of a share of 0.95 in 400


def test_an_infinite_cost_has_an_infinite_mean_and_no_band():
    path = walk(np.array([1.0, math.inf, 2.0]), math.inf, math.inf)
    assert path["mean"].tolist() == [1.0, math.inf, math.inf]
    assert np.isposinf([path["low"], path["high"]]).all()


@pytest.mark.parametrize("explorer", [Entropy, CrossEntropy])
def test_another_number_of_outcomes_begins_another_message(explorer):
    begun = [["draw_100", None]]
    count = len(explorer.defaults()["p"])
    for move, drawn in (
        (["add", None], 0), (["remove:1", None], 0), (["p", [0.5, 0.3] * 3], 0),
        (["p:0", 0.3], 100), (["rename:0", "fog"], 100), (["p", [1.0] * count], 100),
    ):  # fmt: skip
        state, messages = explorer.apply(explorer.defaults(), [*begun, move])
        assert not [one for one in messages if one["kind"] == "refused"]
        assert state["draw"] == drawn, move
        (twin,) = run_twin(explorer, [], [[*begun, move]])["steps"]
        assert twin[-1]["state"]["draw"] == drawn, move
    linked, _ = explorer.apply(explorer.defaults(), [["p", [0.5, 0.3] * 3], ["draw", 100]])
    assert linked["draw"] == 100


def test_a_message_that_is_shown_whole_has_no_dots_before_it():
    p = [0.5, 0.25, 0.15, 0.1]
    for drawn, begins in ((0, ""), (1, ""), (12, ""), (13, "… ")):
        state = Entropy.defaults() | {"p": p, "draw": drawn}
        sent = Entropy.compute(**state).slots["sent"]
        assert sent.startswith("…") == bool(begins)
        assert len(sent.removeprefix("… ").split()) == min(drawn, 12)


def test_no_text_says_1_outcomes():
    for explorer in EXPLORERS:
        for kind in ("Caption", "Description"):
            for text in explorer.texts.all(kind).values():
                assert not re.search(r"\{drawn\}(\*\*)? (outcomes|samples|log)", text), text
