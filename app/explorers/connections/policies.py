"""Losses averaged under the model: policies that learn from rewards."""

from __future__ import annotations

import math

import numpy as np

from infocore import dpo_loss, kl_divergence, kl_estimators, tilt

from ...contract.result import Result

ANSWERS = ["A", "B", "C", "D", "E", "F"]
REFERENCE = np.array([0.3, 0.25, 0.2, 0.15, 0.1])  # of the first five, of what the sixth leaves
REWARDS = [0.0, 0.5, 0.2, 1.0, -0.5]
BETAS = 10.0 ** np.linspace(-2.0, 2.0, 41)


def rlhf(*, beta: float, reward: float, share: float) -> Result:
    """Return the best policy over six answers, of which the reader sets the sixth."""
    reference, rewards = np.append((1 - share) * REFERENCE, share), np.append(REWARDS, reward)
    policy, log_partition = tilt(reference, rewards, beta=beta)
    gained, paid = _reward_and_divergence(policy, reference, rewards)
    frontier = [
        _reward_and_divergence(tilt(reference, rewards, beta=one)[0], reference, rewards)
        for one in BETAS
    ]
    return Result(
        tables={
            "answers": {
                "place": np.arange(6), "name": ANSWERS, "reference": reference, "policy": policy,
                "reward": rewards,
            },
            "frontier": {"paid": [one[1] for one in frontier],
                         "gained": [one[0] for one in frontier]},
            "now": {"paid": [paid], "gained": [gained]},
        },
        readouts={
            "rlhf_objective": float(beta * log_partition), "rlhf_reward": gained, "rlhf_kl": paid,
        },
    )  # fmt: skip


def _reward_and_divergence(
    policy: np.ndarray, reference: np.ndarray, rewards: np.ndarray
) -> tuple[float, float]:
    return float(policy @ rewards), float(kl_divergence(policy, reference, base=math.e))


MARGINS = np.linspace(-8.0, 8.0, 81)


def dpo(*, chosen: float, rejected: float, beta: float) -> Result:
    """Return the loss of one stored pair of answers, given the log-ratio log π/π_ref of each."""
    loss, margin = float(dpo_loss(chosen, rejected, beta=beta)), float(beta * (chosen - rejected))
    return Result(
        tables={
            "pair": {
                "place": [0, 1], "name": ["chosen", "rejected"], "ratio": [chosen, rejected],
            },
            "chosen": {"place": [0], "ratio": [chosen]},
            "rejected": {"place": [1], "ratio": [rejected]},
            "curve": {"margin": MARGINS, "loss": dpo_loss(MARGINS, 0, beta=1)},
            "now": {"margin": [margin], "loss": [loss]},
        },
        readouts={"pair_loss": loss, "pair_margin": margin, "pair_share": math.exp(-loss)},
    )  # fmt: skip


SIXTH = 0.02, 1.5  # what the reference gives the sixth answer, and its reward
LOG_RATIOS = np.linspace(-4.0, 4.0, 81)


def grpo(*, moved: float, samples: int) -> Result:
    """Return three estimates of D(π‖π_ref) from samples under π, with their means and spreads.

    π is the reference tilted by so much of the rewards; a spread is the standard deviation of the
    mean of so many samples.
    """
    reference = np.append((1 - SIXTH[0]) * REFERENCE, SIXTH[0])
    rewards = moved * np.append(REWARDS, SIXTH[1])
    policy, log_partition = tilt(reference, rewards, beta=1)
    log_ratio = log_partition - rewards
    estimates = kl_estimators(log_ratio)
    means = [float(policy @ one) for one in estimates]
    spreads = [
        math.sqrt(policy @ (one - mean) ** 2 / samples)
        for one, mean in zip(estimates, means, strict=True)
    ]
    nats = float(kl_divergence(policy, reference, base=math.e))
    k1, k2, k3 = kl_estimators(LOG_RATIOS)
    return Result(
        tables={
            "estimates": {
                "place": [0, 1, 2], "name": ["k1", "k2", "k3"], "mean": means,
                "low": np.subtract(means, spreads), "high": np.add(means, spreads),
            },
            "curve": {"log_ratio": LOG_RATIOS, "k1": k1, "k2": k2, "k3": k3},
            "answers": {"log_ratio": log_ratio, "k3": estimates[2], "policy": policy},
            "now": {"nats": [nats]},
        },
        readouts={
            "grpo_nats": nats, "grpo_k2": means[1], "grpo_spread_k1": spreads[0],
            "grpo_spread_k3": spreads[2],
        },
    )  # fmt: skip
