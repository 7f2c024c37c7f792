"""A policy that is tilted by rewards, what it costs, and DPO's loss; model.js is its twin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import binary_entropy, dpo_loss, information_content, kl_estimators, tilt

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.messages import Refused, quotable
from ...contract.parameters import within
from ...contract.result import Result
from ...contract.simplex import GESTURES, as_distribution, move_share, name_outcomes

PRICES = frozen(10 ** np.linspace(3, -2.8, 117))  # of a nat; e^(1/β) of the least is a double yet
FARTHEST = 10.0  # nats, to which DPO's picture goes on either side
APART = frozen(np.linspace(-FARTHEST, FARTHEST, 101))
NEW = 0.5  # the reward of an answer that is added
GESTURES_HERE = ("add", "remove", "rename", "lock")


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Keep the reference a distribution, a reward an answer, and a pair of two of them."""
    if name == "rewards":
        return _rewarded(state, value, index)
    if name == "p" and index is not None:
        return move_share(state, name, value, index)
    if name == "p":
        return _fitting(state, as_distribution(state, name, value))
    if name in GESTURES_HERE:
        return _fitting(state, GESTURES[name](state, value, index), index)
    if name in ("labels", "locked"):
        return _fitting(state, name_outcomes(state, name, value))
    return _paired(state, value) if name == "pair" else {name: value}


def _rewarded(state: dict[str, Any], value: Any, index: int | None) -> dict[str, Any]:
    count = len(state["labels"])
    if index is not None:
        return {"rewards": [value if i == index else one for i, one in enumerate(state["rewards"])]}
    if len(value) != count:
        raise Refused("rewards_count", count=count, given=len(value))
    return {"rewards": [within("reward", one, (0.0, 1.0), one) for one in value]}


def _paired(state: dict[str, Any], names: list[str]) -> dict[str, Any]:
    unknown = next((name for name in names if name not in state["labels"]), None)
    if unknown is not None:
        raise Refused("no_answer", raw=quotable(unknown))
    return name_outcomes(state, "pair", names)


def _fitting(
    state: dict[str, Any], moved: dict[str, Any], gone: int | None = None
) -> dict[str, Any]:
    """Let rewards and the pair follow the answers: one more, one less, or others altogether."""
    before, labels = state["labels"], moved.get("labels", state["labels"])
    rewards = list(state["rewards"])
    if len(labels) == len(before):
        names = dict(zip(before, labels, strict=True))
        return {**moved, "pair": [names[one] for one in state["pair"]]}
    if len(labels) == len(before) + 1 and labels[:-1] == before:
        return {**moved, "rewards": [*rewards, NEW]}
    if gone is None:
        return {**moved, "rewards": [NEW] * len(labels), "pair": labels[:2]}
    del rewards[gone]
    others = [one for one in labels if one not in state["pair"]]
    pair = [one if one in labels else others[0] for one in state["pair"]]
    return {**moved, "rewards": rewards, "pair": pair}


def compute(
    p: list[float], rewards: list[float], labels: list[str], locked: list[str], beta: float,
    pair: list[str], push: float, unit: str,
) -> Result:  # fmt: skip
    """Return both policies, the frontier, DPO's loss on the pair, the estimates, and numbers."""
    base = UNITS[unit]
    reference, earned, (chosen, rejected) = np.array(p), np.array(rewards), _places(labels, pair)
    policy, log_partition = tilt(p, rewards, beta=beta)
    best = tilt(p, rewards, beta=0)[0] > 0
    estimates, found = estimated(reference, earned, beta, math.log(base))
    numbers = {
        "reward": float(policy @ rewards), **found,
        "log_partition": float(log_partition) / math.log(base), "price": beta * math.log(base),
        "best_share": float(policy[best].sum()),
        "best_kl": float(information_content(min(1.0, math.fsum(reference[best])), base=base)),
    }  # fmt: skip
    numbers["objective"] = numbers["reward"] - numbers["price"] * numbers["policy_kl"]
    numbers |= preferred(reference, earned, chosen, rejected, beta, push, base)
    corners = ends(reference, earned, numbers, best)
    losses = pair_curves(numbers, beta, push, base)
    equal = bool(np.ptp(earned[reference > 0]) == 0)
    beyond = abs(numbers["optimum"]) > FARTHEST / math.log(base)
    places, widest = np.arange(float(len(p))), max(0.5, numbers["best_kl"])
    return Result(
        tables={
            "answers": {
                "label": list(labels), "x": places, "reference": reference, "policy": policy,
                "reward": earned, "of_reference": places - 0.2, "of_policy": places + 0.2,
                "left": places - 0.42, "right": places + 0.42,
                "part": np.full(len(p), 1 / len(p)),
            },
            "frontier": frontier(tuple(p), tuple(rewards), math.log(base)),
            "ends": corners,
            "here": {one: np.array([numbers[one]]) for one in ("policy_kl", "reward")},
            "tangent": {
                "x": np.array([0.0, numbers["policy_kl"]]),
                "y": np.array([numbers["objective"], numbers["reward"]]),
            },
            "estimates": estimates, **losses,
        },
        readouts=numbers,
        ranges={
            "answer": (-0.5, len(p) - 0.5), "share": (0.0, 1.0), "earned": _earned(corners["y"]),
            "cost": (0.0, 1.04 * widest),
            "apart": (-FARTHEST / math.log(base), FARTHEST / math.log(base)),
            "loss": (0.0, max(3 / math.log(base), 1.2 * float(losses["mark"]["loss"][0]))),
            "estimate": _span(estimates),
        },
        flags={
            "equal": equal, "unequal": not equal, "unsaid": numbers["rarer"] == 0,
            "never_said": bool((reference == 0).any()), "beyond": beyond, "near": not beyond,
        },
        slots={
            "best": ", ".join(one for one, is_best in zip(labels, best, strict=True) if is_best),
            "never": ", ".join(one for one, share in zip(labels, p, strict=True) if share == 0),
            "chosen": pair[0], "rejected": pair[1],
        },
    )  # fmt: skip


def _places(labels: list[str], pair: list[str]) -> tuple[int, int]:
    return labels.index(pair[0]), labels.index(pair[1])


def tilted(reference: Any, reward: Any, beta: Any) -> tuple[Any, Any]:
    """Return policies and the log of each answer's π/π_ref, a row for each β.

    Rewards count from the best possible one, so that small ratios keep their digits.
    """
    above = (reward - reward[reference > 0].max()) / np.asarray(beta)[..., np.newaxis]
    policy, log_partition = tilt(reference, above, beta=1)
    return policy, above - np.asarray(log_partition)[..., np.newaxis]


@cached(4)
def frontier(p: tuple[float, ...], rewards: tuple[float, ...], nat: float) -> dict[str, Any]:
    """Return reward and divergence of the policies of many β; D is the mean of k3, see Schulman."""
    policy, log_ratio = tilted(np.array(p), np.array(rewards), PRICES)
    cost = (policy * kl_estimators(-log_ratio)[2]).sum(axis=-1) / nat
    return {"beta": PRICES, "policy_kl": cost, "reward": policy @ rewards}


def ends(reference: Any, reward: Any, numbers: dict[str, Any], best: Any) -> dict[str, Any]:
    """Return where the frontier begins and ends, and where the tangent meets the left edge."""
    return {
        "kind": np.array([0.0, 1.0, 2.0]),
        "x": np.array([0.0, numbers["best_kl"], 0.0]),
        "y": np.array([float(reference @ reward), reward[best].max(), numbers["objective"]]),
    }


def _earned(reward: Any) -> tuple[float, float]:
    """Return tenths that leave room below the frontier's start and above its end."""
    return math.floor(10 * reward[0] - 1.4142) / 10, math.ceil(10 * reward[1] + 0.2818) / 10


def estimated(
    reference: Any, reward: Any, beta: float, nat: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return mean and spread under π of GRPO's k3 and of k1 and k2, summed over all answers."""
    policy, log_ratio = tilted(reference, reward, beta)
    k = np.array(kl_estimators(-log_ratio)) / nat
    means = k @ policy
    means[0] = means[2]  # exactly the same number: k3 - k1 = r - 1, whose mean under π is 0
    spread = np.sqrt((k - means[:, np.newaxis]) ** 2 @ policy)
    table = {
        "name": ["k1", "k2", "k3"], "row": np.array([3.0, 2.0, 1.0]), "mean": means,
        "spread": spread, "low": means - spread, "high": means + spread,
    }  # fmt: skip
    spreads = {f"k{i + 1}_spread": float(one) for i, one in enumerate(spread)}
    return table, {"policy_kl": float(means[2]), "k2_mean": float(means[1]), **spreads}


def _span(estimates: dict[str, Any]) -> tuple[float, float]:
    low, high = float(estimates["low"].min()), float(estimates["high"].max())
    return min(low, 0.0), max(high, 0.1)


def preferred(
    reference: Any, reward: Any, chosen: int, rejected: int, beta: float, push: float, base: float
) -> dict[str, Any]:
    """Return DPO's numbers: the logit of the chosen answer is up by ``push``, the other's down."""
    nat, lift = math.log(base), np.zeros(len(reference))
    lift[chosen], lift[rejected] = push, -push
    log_partition = float(tilt(reference, lift, beta=1)[1])
    rarer = float(min(reference[chosen], reference[rejected]))
    better = float(reward[chosen] - reward[rejected])
    agree = 1 / (1 + math.exp(-better))
    loss, other = (float(dpo_loss(2 * one, 0, beta=beta, base=base)) for one in (push, -push))
    numbers = {
        "dpo_loss": loss, "dpo_mean": agree * loss + (1 - agree) * other,
        "ratio_chosen": (push - log_partition) / nat,
        "ratio_rejected": (-push - log_partition) / nat + 0.0, "margin": 2 * beta * push,
    }  # fmt: skip
    return {
        **(numbers if rarer > 0 else dict.fromkeys(numbers, math.nan)),
        "agree": agree, "dpo_floor": float(binary_entropy(agree, base=base)),
        "optimum": better / beta / nat, "rarer": rarer,
    }  # fmt: skip


def pair_curves(
    numbers: dict[str, Any], beta: float, push: float, base: float
) -> dict[str, dict[str, Any]]:
    """Return the loss against the difference of log-ratios, the mean loss, and what is marked."""
    nat, agree = math.log(base), numbers["agree"]
    loss, other = (dpo_loss(way * APART, 0, beta=beta, base=base) for way in (1, -1))
    here = float(dpo_loss(2 * push, 0, beta=beta, base=base))
    return {
        "pairs": {"x": APART / nat, "loss": loss, "mean": agree * loss + (1 - agree) * other},
        "mark": {
            "x": np.array([2 * push / nat]), "loss": np.array([here]), "gain": np.array([2 / nat]),
        },
        "least": {"x": np.array([numbers["optimum"]]), "loss": np.array([numbers["dpo_floor"]])},
    }  # fmt: skip
