"""The preferences chapter's own numbers; the contract tests cover the rest."""

import math

import mpmath
import numpy as np
import pytest

from app.contract.tasks import start_of, tasks_of
from app.explorers.preferences.explorer import Preferences
from infocore import dpo_loss, kl_divergence, tilt

TRIES = [
    {},
    {"beta": 0.01},
    {"beta": 100.0},
    {"rewards": [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]},
    {"rewards": [0.5, 0.5 + 1e-9, 0.5, 0.5, 0.5, 0.5], "beta": 100.0},
    {"p": [0.0, 0.2, 0.3, 0.3, 0.2, 0.0], "beta": 0.05},
    {"p": [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]},
    {"p": [1e-300, 0.2, 0.3, 0.3, 0.2, 0.0], "beta": 0.01},
]  # fmt: skip
PAIRED = [(0.0, 0.3), (1.5, 0.5), (-3.0, 0.01), (5.0, 100.0), (0.05, 1.0)]


def result_of(**changes):
    return Preferences.compute(**{**Preferences.defaults(), **changes})


def readouts_of(**changes):
    return result_of(**changes).readouts


def exactly(p, rewards, beta):
    """Return π, E[r], D and log Z in nats by their definitions, in mpmath."""
    p, rewards, beta = ([mpmath.mpf(one) for one in p], [mpmath.mpf(one) for one in rewards],
                        mpmath.mpf(beta))  # fmt: skip
    p = [one / mpmath.fsum(p) for one in p]
    weights = [one * mpmath.exp(r / beta) for one, r in zip(p, rewards, strict=True)]
    z = mpmath.fsum(weights)
    policy = [one / z for one in weights]
    reward = mpmath.fsum(a * b for a, b in zip(policy, rewards, strict=True))
    terms = [a * mpmath.log(a / b) for a, b in zip(policy, p, strict=True) if a]
    return policy, reward, mpmath.fsum(terms), mpmath.log(z)


@pytest.mark.parametrize("changes", TRIES)
@pytest.mark.parametrize("unit", ["bits", "nats"])
def test_reward_divergence_and_objective_are_those_of_the_definitions(changes, unit):
    state = {**Preferences.defaults(), **changes, "unit": unit}
    got = Preferences.compute(**state)
    with mpmath.workdps(50):
        policy, reward, divergence, log_z = exactly(state["p"], state["rewards"], state["beta"])
        nat = mpmath.log(2) if unit == "bits" else mpmath.mpf(1)
        objective = reward - state["beta"] * divergence
        assert abs(objective - state["beta"] * log_z) < mpmath.mpf("1e-40")  # the identity
    numbers, shares = got.readouts, got.tables["answers"]["policy"]
    assert list(shares) == pytest.approx([*map(float, policy)], rel=1e-12)
    assert numbers["reward"] == pytest.approx(float(reward), rel=1e-13)
    assert numbers["policy_kl"] == pytest.approx(float(divergence / nat), rel=1e-12, abs=1e-30)
    assert numbers["objective"] == pytest.approx(float(objective), rel=1e-13)
    assert numbers["price"] * numbers["log_partition"] == pytest.approx(float(objective), rel=1e-13)


@pytest.mark.parametrize("changes", TRIES)
def test_no_other_policy_has_a_larger_objective(changes):
    state = {**Preferences.defaults(), **changes, "unit": "nats"}
    best = Preferences.compute(**state).readouts["objective"]
    p, rng = np.array(state["p"]), np.random.default_rng(5)
    for _ in range(200):
        other = rng.dirichlet(np.full(len(p), 0.3)) * (p > 0)
        other /= other.sum()
        cost = kl_divergence(other, p, base=math.e)
        assert other @ state["rewards"] - state["beta"] * cost <= best + 1e-12


def test_from_the_reference_to_the_best_answer():
    assert readouts_of(beta=100.0)["policy_kl"] < 1e-4
    lowest = readouts_of(beta=0.01)
    assert lowest["best_share"] == pytest.approx(1, abs=1e-8)
    assert lowest["policy_kl"] == pytest.approx(-math.log(0.05), rel=1e-6)
    assert lowest["best_kl"] == pytest.approx(-math.log(0.05), rel=1e-15)


def test_the_frontier_rises_ever_more_slowly_between_its_ends_and_the_policy_is_on_it():
    got = result_of()
    cost, reward = (got.tables["frontier"][name] for name in ("policy_kl", "reward"))
    rises = cost[1:] < cost[-1] - 1e-6  # then one answer is left, and only rounding moves it
    slope = np.diff(reward)[rises] / np.diff(cost)[rises]
    assert (np.diff(cost)[rises] > 0).all()
    assert (np.diff(slope) < 0).all()
    ends = got.tables["ends"]
    assert ends["x"][1] == pytest.approx(cost[-1], rel=1e-6)
    assert ends["y"][:2] == pytest.approx([reward[0], reward[-1]], abs=1e-3)
    beta = got.tables["frontier"]["beta"]
    assert (slope < beta[:-1][rises]).all()  # the slope of the curve is the price
    assert (slope > beta[1:][rises]).all()


def test_what_the_reference_never_says_gets_nothing_whatever_its_reward():
    got = result_of(**{**Preferences.presets["Never said"], "beta": 0.01})
    assert got.tables["answers"]["policy"][0] == 0
    assert got.flags["never_said"]
    assert got.slots["best"] == "likely"
    assert math.isfinite(got.readouts["policy_kl"])


def test_answers_of_one_reward_keep_the_odds_of_the_reference():
    got = result_of(**Preferences.presets["Two best"]).tables["answers"]["policy"]
    assert got[0] / got[1] == pytest.approx(0.05 / 0.15, rel=1e-14)
    assert got[0] + got[1] == pytest.approx(1, abs=1e-5)


def test_where_all_rewards_are_equal_the_policy_is_the_reference_at_no_cost():
    got = result_of(**Preferences.presets["All alike"])
    assert got.tables["answers"]["policy"] == pytest.approx(list(Preferences.defaults()["p"]))
    assert got.readouts["policy_kl"] == 0
    assert got.flags["equal"]


@pytest.mark.parametrize(("push", "beta"), PAIRED)
@pytest.mark.parametrize("unit", ["bits", "nats"])
def test_dpo_s_loss_is_that_of_the_policy_that_training_has_pushed(push, beta, unit):
    state = {**Preferences.defaults(), "pair": ["yes", "no"], "push": push, "beta": beta}
    got = Preferences.compute(**{**state, "unit": unit}).readouts
    with mpmath.workdps(50):
        p = [mpmath.mpf(one) for one in state["p"]]
        p = [one / mpmath.fsum(p) for one in p]
        lift = [mpmath.exp(push * ((i == 2) - (i == 4))) for i in range(6)]
        z = mpmath.fsum(a * b for a, b in zip(p, lift, strict=True))
        chosen, rejected = (mpmath.log(lift[i] / z) for i in (2, 4))
        margin = mpmath.mpf(beta) * (chosen - rejected)
        agree = 1 / (1 + mpmath.exp(-mpmath.mpf(0.6 - 0.2)))
        loss, other = (mpmath.log1p(mpmath.exp(-one)) for one in (margin, -margin))
        nat = mpmath.log(2) if unit == "bits" else mpmath.mpf(1)
        want = {
            "dpo_loss": loss / nat, "dpo_mean": (agree * loss + (1 - agree) * other) / nat,
            "ratio_chosen": chosen / nat, "ratio_rejected": rejected / nat, "margin": margin,
            "agree": agree,
            "dpo_floor": -(agree * mpmath.log(agree) + (1 - agree) * mpmath.log1p(-agree)) / nat,
        }  # fmt: skip
    for name, number in want.items():
        assert got[name] == pytest.approx(float(number), rel=1e-13, abs=1e-15), name


def test_dpo_starts_at_ln_2_whatever_the_pair_and_the_price():
    for pair in (["70 %", "unsure"], ["no", "yes"]):
        for beta in (0.01, 1.0, 100.0):
            assert readouts_of(pair=pair, beta=beta)["dpo_loss"] == math.log(2)
    assert readouts_of(unit="bits")["dpo_loss"] == 1


@pytest.mark.parametrize("beta", [0.05, 0.3, 2.0])
def test_the_mean_loss_is_least_where_rlhf_s_policy_is_for_every_pair(beta):
    state = {**Preferences.defaults(), "beta": beta}
    policy, _ = tilt(state["p"], state["rewards"], beta=beta)
    ratio = np.log(policy / state["p"])
    for chosen, rejected in [(0, 1), (4, 0), (2, 3), (5, 1)]:
        pair = [state["labels"][chosen], state["labels"][rejected]]
        got = readouts_of(beta=beta, pair=pair)
        assert got["optimum"] == pytest.approx(ratio[chosen] - ratio[rejected], abs=1e-12)
        at = got["optimum"] / 2
        there = readouts_of(beta=beta, pair=pair, push=at)
        assert there["dpo_mean"] == pytest.approx(got["dpo_floor"], rel=1e-14)
        for aside in (-0.1, 0.1):
            beside = readouts_of(beta=beta, pair=pair, push=at + aside)
            assert beside["dpo_mean"] > got["dpo_floor"]


def test_a_pair_that_the_reference_never_says_has_no_loss():
    got = result_of(p=[0.0, 0.2, 0.2, 0.2, 0.2, 0.2])
    assert all(math.isnan(got.readouts[name]) for name in ("dpo_loss", "ratio_chosen", "margin"))
    assert got.flags["unsaid"]
    assert math.isfinite(got.readouts["reward"])


@pytest.mark.parametrize("beta", [0.05, 0.3, 3.0])
def test_k1_and_k3_have_the_divergence_as_their_mean_and_the_spreads_that_mpmath_finds(beta):
    state = {**Preferences.defaults(), "beta": beta}
    got = Preferences.compute(**state).readouts
    with mpmath.workdps(50):
        p = [mpmath.mpf(one) / mpmath.fsum(map(mpmath.mpf, state["p"])) for one in state["p"]]
        policy, _, divergence, _ = exactly(state["p"], state["rewards"], beta)
        ratio = [a / b for a, b in zip(p, policy, strict=True)]
        k = [[-mpmath.log(r) for r in ratio], [mpmath.log(r) ** 2 / 2 for r in ratio],
             [r - 1 - mpmath.log(r) for r in ratio]]  # fmt: skip
        means = [mpmath.fsum(a * b for a, b in zip(policy, of, strict=True)) for of in k]
        spreads = [
            mpmath.sqrt(mpmath.fsum(a * (b - m) ** 2 for a, b in zip(policy, of, strict=True)))
            for of, m in zip(k, means, strict=True)
        ]
        assert abs(means[0] - divergence) + abs(means[2] - divergence) < mpmath.mpf("1e-40")
    assert got["k2_mean"] == pytest.approx(float(means[1]), rel=1e-12)
    for name, spread in zip(("k1", "k2", "k3"), spreads, strict=True):
        assert got[f"{name}_spread"] == pytest.approx(float(spread), rel=1e-11), name


def test_k3_is_steadier_than_k1_near_the_reference_and_less_steady_far_away():
    near, far = readouts_of(beta=3.0), readouts_of(beta=0.05)
    assert near["k3_spread"] < near["k1_spread"]
    assert far["k3_spread"] > 10 * far["k1_spread"]


# What the page says


TASKS = {task.name: task for task in tasks_of(Preferences)}


def started(name, **changes):
    """Return what the page computes where a task starts, with changes."""
    state = {**start_of(Preferences, TASKS[name], "nats"), **changes}
    return Preferences.compute(**state)


def test_half_the_price_squares_the_factor_of_the_odds():
    reference, (dear, cheap) = Preferences.defaults()["p"], (0.2, 0.1)
    assert reference[1] / reference[3] == pytest.approx(1 / 2, rel=1e-15)
    for beta, factor in ((dear, 7.4), (cheap, 54.6)):
        policy = started("halved-price", beta=beta).tables["answers"]["policy"]
        odds = policy[1] / policy[3]
        assert odds == pytest.approx(math.exp(0.4 / beta) / 2, rel=1e-13)
        assert odds * 2 == pytest.approx(factor, abs=0.05)
    assert f"½ · 54.6 = {odds:.1f}" in TASKS["halved-price"].why
    assert f"({policy[1]:.4f} and {policy[3]:.4f})" in TASKS["halved-price"].why


def test_a_loss_below_three_tenths_is_past_what_the_raters_support():
    for beta in (0.1, 0.5, 3.0):
        got = started("before-training", beta=beta)
        least = started("before-training", beta=beta, push=got.readouts["optimum"] / 2)
        assert least.readouts["dpo_loss"] == pytest.approx(0.371, abs=5e-4)
    assert got.readouts["agree"] == pytest.approx(0.69, abs=0.005)
    assert (got.slots["chosen"], got.slots["rejected"]) == ("70 %", "no")
    at_goal = -math.log(math.expm1(0.3))  # the margin at which the loss is 0.3
    assert at_goal > 0.8  # that of the raters, the rewards' difference
    past = started("before-training", push=at_goal / 2 / 0.5).readouts
    assert past["dpo_loss"] == pytest.approx(0.3, rel=1e-13)
    assert past["dpo_mean"] > past["dpo_floor"]
    assert "69 % of the raters" in TASKS["before-training"].why
    assert "a loss of 0.371 nats" in TASKS["before-training"].why


def test_a_number_added_to_all_rewards_changes_no_policy():
    reference, rewards = Preferences.defaults()["p"], np.array(Preferences.defaults()["rewards"])
    policy, log_z = tilt(reference, rewards, beta=0.3)
    same, raised = tilt(reference, rewards + 0.7, beta=0.3)
    assert list(same) == pytest.approx(list(policy), rel=1e-14)
    assert raised == pytest.approx(log_z + 0.7 / 0.3, rel=1e-13)
    assert "A number added to all rewards changes no policy" in Preferences.texts(
        "Card", "Why this π"
    )


def test_rewards_are_what_log_ratios_say_and_a_number_that_cancels_in_a_pair():
    reference, rewards = Preferences.defaults()["p"], np.array(Preferences.defaults()["rewards"])
    policy, log_z = tilt(reference, rewards, beta=0.3)
    said = 0.3 * np.log(policy / np.array(reference))
    assert list(said + 0.3 * log_z) == pytest.approx(list(rewards), rel=1e-12)


def test_dpo_s_loss_falls_though_both_answers_become_rarer():
    assert dpo_loss(-0.5, -2.0, beta=0.5) < dpo_loss(0.0, 0.0, beta=0.5)
    assert "probability can fall under DPO" in Preferences.texts(
        "Card", "DPO goes there without rewards"
    )


def told(state, *changes):
    return Preferences.apply(state, changes)


def test_answers_that_come_and_go_take_their_rewards_with_them():
    state, _ = told(Preferences.defaults(), ("remove:0", None))
    assert state["labels"] == ["likely", "yes", "maybe", "no", "unsure"]
    assert state["rewards"] == [0.8, 0.6, 0.4, 0.2, 0.1]
    assert state["pair"] == ["likely", "no"]
    state, _ = told(state, ("add", None), ("rename:0", "sure"))
    assert state["rewards"] == [0.8, 0.6, 0.4, 0.2, 0.1, 0.5]
    assert state["pair"] == ["sure", "no"]
    assert math.fsum(state["p"]) == pytest.approx(1, abs=1e-12)
    state, _ = told(state, ("p", "1,1"))
    assert state["labels"] == state["pair"] == ["A", "B"]
    assert state["rewards"] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("key", "raw", "words"),
    [
        ("rewards", "1,0", "There are 6 answers, so 6 rewards are needed, not 2."),
        ("rewards", "1,0,0,0,0,1.5", "reward must lie between 0 and 1; “1.5” does not."),
        ("rewards:0", -0.1, "reward of 70 % must lie between 0 and 1"),
        ("pair", "yes,snow", "No answer is called “snow”."),
        ("pair", "yes,yes", "Each name in pair may stand once; “yes,yes” repeats."),
        ("beta", 0, "β, price of a nat must lie between 0.01 and 100"),
    ],
)
def test_what_cannot_be_is_refused_by_name(key, raw, words):
    state, (message,) = told(Preferences.defaults(), (key, raw))
    assert words in Preferences.phrase(message)
    assert state == Preferences.defaults()
