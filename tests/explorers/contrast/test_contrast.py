"""The rounds are true to their law, the pictures to the numbers, and the texts to both."""

import math

import numpy as np
import pytest
from scipy import stats

from app.contract.tasks import tasks_of
from app.explorers.contrast import rounds
from app.explorers.contrast.explorer import Contrast
from app.explorers.contrast.figures import FROM_TO
from app.explorers.contrast.model import COUNTS, VIEW
from infocore import categorical_cross_entropy, gaussian_info_nce, mutual_information

GAMES = [(0.95, 8, 1.0), (-0.7, 3, 0.4), (0.999, 128, 1.0), (0.0, 16, 4.0), (0.3, 2, 0.5)]
TASKS = {task.name: task for task in tasks_of(Contrast)}


def computed(**state):
    return Contrast.compute(**{**Contrast.defaults(), **state})


def told(kind, name=""):
    return Contrast.texts(kind, name)


# Rounds


@pytest.mark.parametrize(("rho", "count", "tau"), GAMES)
def test_a_rounds_loss_is_the_cross_entropy_of_its_scores(rho, count, tau):
    for place in range(6):
        (x,), (y,), _, _ = rounds.played(3, place, place + 1, rho, count, tau)
        joint = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]])
        log_ratio = [joint.logpdf([x, at]) - stats.norm.logpdf([x, at]).sum() for at in y]
        expected = categorical_cross_entropy(0, np.array(log_ratio) / tau, from_logits=True)
        found = rounds.losses(3, place + 1, rho, count, tau)[-1]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


def test_partners_are_correlated_and_strangers_are_not():
    x, y, _, _ = rounds.played(5, 0, 10_000, 0.8, 3, 1.0)
    for numbers in (x, *y.T):
        assert stats.kstest(numbers, "norm").pvalue > 1e-3
    apart = np.corrcoef([x, *y.T]) - np.eye(4)
    apart[0, 1] -= 0.8
    apart[1, 0] -= 0.8
    assert abs(apart).max() < 4.5 / math.sqrt(10_000)


def test_rounds_kept_in_blocks_are_those_played_one_by_one_and_begin_every_longer_run():
    whole = rounds.losses(7, 2 * rounds.BLOCK + 3, 0.9, 8, 1.0)
    assert len(whole) == 2 * rounds.BLOCK + 3
    for place in (0, rounds.BLOCK - 1, rounds.BLOCK, 2 * rounds.BLOCK + 2):
        assert whole[place] == rounds.lost(7, place, place + 1, 0.9, 8, 1.0)[0]
    assert rounds.losses(7, 10, 0.9, 8, 1.0).tolist() == whole[:10].tolist()
    assert rounds.losses(8, 10, 0.9, 8, 1.0).tolist() != whole[:10].tolist()


def test_more_candidates_join_those_that_are_there():
    few, many = (rounds.played(2, 4, 5, 0.9, count, 1.0)[1][0] for count in (5, 128))
    assert many[:5].tolist() == few.tolist()
    assert len(set(many)) >= 120


def test_the_average_of_rounds_ends_within_its_band_for_about_95_of_100_seeds():
    inside = 0
    for seed in range(200):
        walk = computed(rho=0.9, candidates=4, draw=300, seed=seed).tables["walk"]
        inside += walk["low"][-1] <= walk["mean"][-1] <= walk["high"][-1]
    assert 0.89 <= inside / 200 <= 0.99  # four standard errors of a share of 0.95 in 200


# Moves


def test_another_game_begins_with_its_first_round_and_a_seed_with_its_own():
    played, _ = Contrast.apply(Contrast.defaults(), [("draw_100", None), ("next_round", None)])
    assert played["draw"] == 102
    for key, value in (("rho", 0.5), ("candidates", 9), ("temperature", 2.0)):
        assert Contrast.apply(played, [(key, value)])[0]["draw"] == 1
        assert Contrast.apply(played, [(key, played[key])])[0]["draw"] == 102
    anew, _ = Contrast.apply(played, [("draw_anew", None)])
    assert (anew["seed"], anew["draw"]) == (played["seed"] + 1, 1)


# Pictures


@pytest.mark.parametrize(("rho", "count", "tau"), GAMES)
def test_shares_add_up_to_1_and_stand_on_their_curve(rho, count, tau):
    tables = computed(rho=rho, candidates=count, temperature=tau).tables
    partner, strangers, would = (tables[name] for name in ("partner", "strangers", "would"))
    assert len(strangers["y"]) == count - 1
    assert partner["share"][0] + strangers["share"].sum() == pytest.approx(1, rel=1e-14)
    for at, share in [(partner["y"][0], partner["share"][0]),
                      *zip(strangers["y"], strangers["share"], strict=True)]:  # fmt: skip
        if would["y"][0] <= at <= would["y"][-1]:
            near = np.interp(at, would["y"], would["share"])
            assert share == pytest.approx(near, abs=2e-3 * would["share"].max())
        else:
            assert share < 1e-9 or abs(at) > VIEW


def test_a_round_is_marked_where_it_can_be_seen_or_as_below_the_picture():
    where = set()
    for seed in range(40):
        result = computed(rho=0.9, seed=seed)
        gain, low = result.readouts["round_bound"], result.ranges["height"][0]
        seen, beneath = (len(result.tables[name]["n"]) for name in ("seen", "beneath"))
        assert (seen, beneath) == ((0, 1) if gain < low else (1, 0))
        assert result.flags["above"] == (gain > result.readouts["mutual_information"])
        where.add((seen, result.flags["above"]))
    assert where == {(0, False), (1, False), (1, True)}


@pytest.mark.parametrize(("rho", "count"), [(0.999, 8), (0.95, 8), (0.95, 128), (1.0, 3)])
def test_a_round_is_marked_at_its_n_and_not_above_log_n(rho, count):
    result = computed(rho=rho, candidates=count)
    marks = [result.tables[name]["n"].tolist() for name in ("seen", "beneath")]
    assert sorted(marks) == [[], [count]]
    assert result.readouts["round_bound"] <= math.log(count) + 1e-15


@pytest.mark.parametrize("unit", ["bits", "nats"])
def test_the_name_of_log_n_has_room_beside_its_line_and_is_away_from_that_of_i(unit):
    across = math.log(FROM_TO[1] / FROM_TO[0])
    for rho in (*np.linspace(0, 0.99, 34), 0.999, 1.0):
        for seed in range(5):
            result = computed(rho=float(rho), seed=seed, unit=unit)
            here, top = result.tables["here"], result.ranges["height"][1]
            assert abs(here["named"][0] - here["information"][0]) >= 0.12 * top  # a text's height
            part = math.log(here["named_n"][0] / FROM_TO[0]) / across
            assert part * 300 > 45  # px of a phone's picture, and of the text with its distance


def test_the_curve_and_the_number_are_the_same_function():
    for count in COUNTS:
        result = computed(candidates=count)
        curve = result.tables["bounds"]
        place = curve["n"].tolist().index(count)
        assert curve["bound"][place] == result.readouts["bound"]
        assert result.readouts["bound"] <= result.readouts["ceiling"]


# Edges


@pytest.mark.parametrize("count", [1, 2, 128])
def test_independent_views_lose_exactly_log_n_in_every_round(count):
    result = computed(rho=0.0, candidates=count, draw=600)
    assert result.readouts["info_nce"] == result.readouts["round_loss"] == math.log(count)
    assert result.readouts["bound"] == result.readouts["mutual_information"] == 0
    assert not result.tables["drops"]["cost"].any()


@pytest.mark.parametrize("rho", [1.0, -1.0])
def test_views_that_are_one_have_infinite_information_and_no_loss(rho):
    result = computed(rho=rho, draw=600)
    assert result.readouts["mutual_information"] == math.inf
    assert result.readouts["info_nce"] == result.readouts["round_loss"] == 0
    assert result.readouts["bound"] == result.readouts["round_bound"] == math.log(8)
    assert result.readouts["round_share"] == 1
    assert result.flags["endless"]
    assert result.flags["certain"]


def test_one_candidate_is_always_the_right_one():
    result = computed(candidates=1)
    for name in ("bound", "info_nce", "ceiling", "round_loss", "round_bound"):
        assert result.readouts[name] == 0
    assert not len(result.tables["strangers"]["y"])


# What the page says


def test_the_ceiling_is_passed_at_13_candidates_and_by_the_bound_at_24():
    state = dict(TASKS["ceiling"].start)
    rho = float(state["rho"])
    assert computed(rho=rho).readouts["mutual_information"] == pytest.approx(3.1, abs=0.05)
    assert TASKS["ceiling"].guess[0] == pytest.approx(math.log(8), abs=5e-4)
    assert math.log(12) < 2.5 < math.log(13)
    assert gaussian_info_nce(rho, 23)[1] < 2.5 < gaussian_info_nce(rho, 24)[1]
    assert "passes 2.5 nats at 13 candidates, and the bound itself at 24" in TASKS["ceiling"].why


def test_strangers_cost_ln_16():
    assert TASKS["strangers"].guess[0] == pytest.approx(math.log(16), abs=5e-4)
    assert computed(rho=0.0, candidates=16).readouts["info_nce"] == math.log(16)


def test_it_takes_58_candidates_to_come_within_a_tenth():
    information = computed(rho=0.99).readouts["mutual_information"]
    assert information == pytest.approx(2, abs=0.05)
    assert math.exp(information) == pytest.approx(7, abs=0.2)
    assert gaussian_info_nce(0.99, 7)[1] == pytest.approx(1.36, abs=0.005)
    gaps = [information - gaussian_info_nce(0.99, count)[1] for count in (57, 58)]
    assert gaps[0] > 0.1 > gaps[1]
    assert math.log(6) < information - 0.1 < math.log(7)
    assert f"I is {information:.2f} nats" in TASKS["how-many"].why
    assert f"at least e^{information - 0.1:.2f} candidates" in TASKS["how-many"].why
    assert "it takes 58 to come within 0.1 of I" in TASKS["how-many"].why


def test_one_round_may_exceed_the_information_but_never_log_n():
    assert computed(rho=0.9).readouts["mutual_information"] == pytest.approx(0.83, abs=0.005)
    gains = math.log(8) - rounds.losses(0, 10_000, 0.9, 8, 1.0)
    assert 0.83 < gains.max() <= math.log(8)
    assert gains.min() < 0
    assert "never above log N" in told("Caption", "drops")


def test_to_be_twice_as_sure_lowers_the_bound():
    assert gaussian_info_nce(0.95, 8, temperature=0.5)[1] < gaussian_info_nce(0.95, 8)[1]
    too_sure = Contrast.presets["Too sure"]
    assert computed(**too_sure).readouts["bound"] < 0
    assert computed(**too_sure).flags["worse"]


def test_eight_candidates_show_at_most_three_bits():
    assert computed(unit="bits").readouts["ceiling"] == pytest.approx(3, rel=1e-15)
    assert "8 candidates show at most 3 bits" in told("Card", "What you see")


def test_siglip_is_best_at_the_pointwise_information_plus_a_constant():
    """The mean of Σ log(1 + exp(-z·s)) over a true pair and k others has no slope there."""
    joint, k = np.array([[0.3, 0.05, 0.05], [0.02, 0.28, 0.1], [0.08, 0.02, 0.1]]), 7
    apart = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    score = np.log(joint / apart) - math.log(k)
    slope = -joint / (1 + np.exp(score)) + k * apart / (1 + np.exp(-score))
    assert abs(slope).max() < 1e-16
    assert mutual_information(joint, base=math.e) > 0
    assert "plus a constant" in told("Card", "What SigLIP does instead")
