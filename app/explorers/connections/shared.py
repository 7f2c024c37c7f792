"""What two variables share, as an objective: contrast, a tree's questions, a bottleneck."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from infocore import conditional_entropy, entropy, mutual_information

from ...contract.result import Result

THINGS = 16  # of which each view shows one
COUNTS = 2 ** np.arange(1, 10)


def contrastive(*, candidates: int, agreement: float) -> Result:
    """Return InfoNCE's expected bound with the best scores, for two views of 16 things.

    The second view shows the same thing as the first with probability `agreement`, else any other.
    """
    joint = np.full((THINGS, THINGS), (1 - agreement) / (THINGS * (THINGS - 1)))
    np.fill_diagonal(joint, agreement / THINGS)
    shared = mutual_information(joint, base=math.e)
    bound = _expected_bound(candidates, agreement)
    return Result(
        tables={
            "curve": {
                "candidates": COUNTS, "ceiling": np.log(COUNTS),
                "bound": [_expected_bound(int(n), agreement) for n in COUNTS],
            },
            "sizes": {
                "place": [0, 1, 2], "name": ["bound", "I(X;Y)", "log N"],
                "nats": [bound, shared, math.log(candidates)],
            },
            "now": {"candidates": [candidates], "bound": [bound], "shared": [shared]},
        },
        readouts={
            "nce_bound": bound, "nce_loss": math.log(candidates) - bound,
            "nce_ceiling": math.log(candidates), "nce_shared": shared,
        },
    )  # fmt: skip


def _expected_bound(n: int, agreement: float) -> float:
    """Return log N - E[loss], over how many of the other candidates show the thing that x shows."""
    same, other = THINGS * agreement, THINGS * (1 - agreement) / (THINGS - 1)  # p(x, y)/p(x)p(y)
    met = np.arange(n)
    chance = _binomial(n - 1, 1 / THINGS)
    rest = met * same + (n - 1 - met) * other
    total = 0.0
    for weight, own in ((agreement, same), (1 - agreement, other)):
        if weight > 0:
            total += weight * float(chance @ np.log(n * own / (own + rest)))
    return total


def _binomial(n: int, p: float) -> np.ndarray:
    """Return the law of how often in n trials comes what has the chance p, term by term."""
    terms = [(1 - p) ** n]
    for k in range(n):
        terms.append(terms[-1] * ((n - k) / (k + 1)) * (p / (1 - p)))
    return np.array(terms)


SAMPLES = 0.4 + 0.6 * np.arange(16)
BORDER = 5.0
TURNED = (5, 10, 2, 13)  # samples whose labels are turned, in this order
# Each sample twice: before it counts as left of the cut, and after.
THRESHOLDS = np.concatenate([[0.0], np.repeat(SAMPLES, 2), [10.0]])


def tree(*, threshold: float, turned: int) -> Result:
    """Return what the question x ≤ threshold tells about the label of 16 samples."""
    label = SAMPLES > BORDER
    label[list(TURNED[:turned])] ^= True
    tables = [_shares(left, label) for left in range(len(label) + 1)]
    gains = np.array([mutual_information(one) for one in tables])
    now = int(np.sum(threshold >= SAMPLES))
    return Result(
        tables={
            "yes": {"x": SAMPLES[label], "y": np.ones(label.sum())},
            "no": {"x": SAMPLES[~label], "y": np.zeros((~label).sum())},
            "curve": {
                "threshold": THRESHOLDS,
                "gain": np.repeat(gains, 2),
            },
            "now": {"threshold": [threshold], "gain": [gains[now]]},
        },
        readouts={
            "tree_gain": float(gains[now]),
            "tree_before": float(entropy(tables[0].sum(axis=0))),
            "tree_after": conditional_entropy(tables[now], given="x"),
        },
    )  # fmt: skip


def _shares(left: int, label: np.ndarray) -> np.ndarray:
    """Return the shares of samples left and right of a cut, by label."""
    sides = label[:left], label[left:]
    return np.array([[np.sum(~side), np.sum(side)] for side in sides]) / len(label)


ANIMAL = np.array([0.02, 0.1, 0.35, 0.65, 0.9, 0.98])  # p(animal | word) of six words
TOPICS = np.stack([ANIMAL, 1 - ANIMAL], axis=1)
BEGUN = np.array(
    [[0.6, 0.3, 0.1], [0.5, 0.35, 0.15], [0.3, 0.4, 0.3], [0.3, 0.4, 0.3], [0.2, 0.3, 0.5],
     [0.1, 0.3, 0.6]]
)  # fmt: skip
PRICES = 0.5 * 10.0 ** np.linspace(0.0, 2.0, 41)
MOST_ROUNDS = 100


def bottleneck(*, beta: float, rounds: int) -> Result:
    """Return clusters z of six words x that keep what x says about its topic y, round by round."""
    clusters = _clustered(np.array([beta]), rounds)[0]
    kept, told = _kept_and_told(clusters)
    return Result(
        tables={
            "words": {
                "place": np.arange(6), "name": ["oak", "fern", "yeast", "coral", "bee", "dog"],
                "first": clusters[:, 0], "second": clusters[:, :2].sum(axis=1),
                "third": clusters.sum(axis=1),
            },
            "curve": _frontier(),
            "now": {"kept": [kept], "told": [told], "most": [_most()]},
        },
        readouts={"ib_told": told, "ib_kept": kept, "ib_most": _most(),
                  "ib_loss": kept - beta * told},
    )  # fmt: skip


def _clustered(betas: np.ndarray, rounds: int) -> np.ndarray:
    """Return p(z|x), a table for each β, after so many rounds of the self-consistent equations."""
    found = np.broadcast_to(BEGUN, (len(betas), *BEGUN.shape))
    for _ in range(rounds):
        weight = found.mean(axis=1)  # p(z)
        safe = np.where(weight > 0, weight, 1.0)
        topics = np.einsum("bxz,xy->bzy", found, TOPICS) / 6 / safe[..., np.newaxis]
        logs = np.log(np.where(topics > 0, topics, 1.0))
        scores = betas[:, np.newaxis, np.newaxis] * np.einsum("xy,bzy->bxz", TOPICS, logs)
        scores = np.where(weight[:, np.newaxis] > 0, scores, -math.inf)
        raw = weight[:, np.newaxis] * np.exp(scores - scores.max(axis=2, keepdims=True))
        found = raw / raw.sum(axis=2, keepdims=True)
    return found


def _kept_and_told(clusters: np.ndarray) -> tuple[float, float]:
    """Return I(X;Z) and I(Z;Y) in bits."""
    told = clusters.T @ TOPICS / 6
    return float(mutual_information(clusters / 6)), float(mutual_information(told))


@cache
def _frontier() -> dict[str, list[float]]:
    points = [_kept_and_told(one) for one in _clustered(PRICES, MOST_ROUNDS)]
    return {"kept": [one[0] for one in points], "told": [one[1] for one in points]}


@cache
def _most() -> float:
    """Return I(X;Y): no z can tell more."""
    return float(mutual_information(TOPICS / 6))
