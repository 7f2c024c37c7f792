"""Rounds of the game: one x, its partner, and strangers, by a seed and the round's number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...contract.draws import MOST, SEEDS, scrambled
from ...contract.memo import cached

MOST_CANDIDATES = 128
STRIDE = MOST_CANDIDATES // 2 + 1  # pairs of numbers that a round may take
STEPS = 2.0**16  # of a drawn number, so that it is the same double in both languages
BLOCK = 500  # rounds whose losses are kept together


def losses(seed: int, draw: int, rho: float, count: int, tau: float) -> Any:
    """Return the losses of the first rounds, in nats."""
    whole = draw // BLOCK
    blocks = [kept(seed, block, rho, count, tau) for block in range(whole)]
    return np.concatenate([*blocks, lost(seed, whole * BLOCK, draw, rho, count, tau)])


@cached(2 * MOST // BLOCK)
def kept(seed: int, block: int, rho: float, count: int, tau: float) -> Any:
    """Return the losses of a block of rounds."""
    return lost(seed, block * BLOCK, (block + 1) * BLOCK, rho, count, tau)


def lost(seed: int, first: int, end: int, rho: float, count: int, tau: float) -> Any:
    """Return −ln of the partner's share in some rounds."""
    _, _, _, behind = played(seed, first, end, rho, count, tau)
    weight = np.exp(behind).sum(axis=1)
    return np.where(weight < 1, np.log1p(weight), np.log(1 + weight))


def played(
    seed: int, first: int, end: int, rho: float, count: int, tau: float
) -> tuple[Any, Any, Any, Any]:
    """Return x, y of partner and strangers, (x − ρy)/σ of the partner, and scores less its own."""
    sigma = math.sqrt((1 - rho) * (1 + rho))
    z = normal_numbers(seed, first, end, count + 1)
    x, own, strangers = z[:, :1], z[:, 1:2], z[:, 2:]
    y = np.hstack([rho * x + sigma * own, strangers])
    missed = sigma * x - rho * own
    return x[:, 0], y, missed[:, 0], scores(x, strangers, missed, rho, tau)


def scores(x: Any, y: Any, missed: Any, rho: float, tau: float) -> Any:
    """Return by how much the scores of some y exceed the partner's; −inf where they cannot be x's.

    A score is log p(y|x)/p(y), which is −½((x − ρy)/σ)² and what is the same for every y.
    """
    sigma = math.sqrt((1 - rho) * (1 + rho))
    if sigma == 0:  # y is x or −x, and a stranger is neither
        return np.full(np.broadcast_shapes(np.shape(x), np.shape(y)), -math.inf)
    return (missed * missed - ((x - rho * y) / sigma) ** 2) / (2 * tau)


def normal_numbers(seed: int, first: int, end: int, count: int) -> Any:
    """Return so many standard normal numbers of each round (Box and Muller, 1958)."""
    pairs = (count + 1) // 2
    key = (np.arange(first, end)[:, np.newaxis] * STRIDE + np.arange(pairs)).astype(np.uint32)
    start = scrambled([2 * (SEEDS + seed) + stream + 1 for stream in (0, 1)])
    far, turn = ((scrambled(key ^ one) + 0.5) / 2.0**32 for one in start)
    size, angle = STEPS * np.sqrt(-2 * np.log(far)), 2 * math.pi * turn
    both = np.stack([size * np.cos(angle), size * np.sin(angle)], axis=-1)
    return np.rint(both).reshape(end - first, 2 * pairs)[:, :count] / STEPS
