"""Outcomes drawn one at a time: how many and by which seed is state, and all else follows.

Every number depends on the seed and its place alone, so a link, Undo and both languages agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .declaration import Table
from .memo import cached
from .messages import Refused
from .parameters import Number

MOST = 10_000
SEEDS = 1000
RECENT = 32  # draws that are shown one by one
DRAWS = {"draw_1": 1, "draw_10": 10, "draw_100": 100, "draw_1000": 1000}
GESTURES = {**{name: f"draw {count}" for name, count in DRAWS.items()}, "draw_anew": "draw anew"}
BAND = 1.959963984540054  # standard errors to either side that hold 95 of 100 means
WALK = Table(
    "walk", "The running mean", "walk",
    {"n": ("drawn", 0), "mean": ("mean", 6), "low": ("band from", 6), "high": ("to", 6)},
)  # fmt: skip


def draw_parameter(at_first: int = 0) -> Number:
    """Return the number of outcomes that have been drawn."""
    return Number(
        at_first, whole=True, bounds=(0, MOST), step=1, label="outcomes drawn",
        doc="How many outcomes have been drawn, one after the other.",
    )  # fmt: skip


def seed_parameter() -> Number:
    """Return the seed, which chooses among sequences of random numbers."""
    return Number(
        0, whole=True, bounds=(0, SEEDS - 1), step=1, label="seed",
        doc="Which sequence of random numbers the outcomes are drawn by.",
    )  # fmt: skip


def move_draws(state: dict[str, Any], name: str) -> dict[str, Any]:
    """Draw some more, or begin again with another seed."""
    if name == "draw_anew":
        return {"seed": (state["seed"] + 1) % SEEDS, "draw": 0}
    if state["draw"] == MOST:
        raise Refused("most_drawn", most=MOST)
    return {"draw": min(MOST, state["draw"] + DRAWS[name])}


def with_draws(state: dict[str, Any], moved: dict[str, Any]) -> dict[str, Any]:
    """Return what a move changes; with an outcome more or fewer another message begins."""
    count = len(state["labels"])
    return moved if len(moved.get("labels", state["labels"])) == count else {**moved, "draw": 0}


def scrambled(key: Any) -> Any:
    """Return whole numbers of 32 bits without a pattern (C. Wellons' lowbias32)."""
    key = np.array(key, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        key ^= key >> np.uint32(shift)
        key *= np.uint32(factor)
    return key


@cached(8)
def uniforms(seed: int, stream: int) -> Any:
    """Return random numbers between 0 and 1, which are neither; streams of one seed differ."""
    start = scrambled([2 * seed + stream + 1])
    return (scrambled(np.arange(MOST, dtype=np.uint32) ^ start) + 0.5) / 2.0**32


@cached(4)
def normals(seed: int) -> Any:
    """Return standard normal numbers (Box and Muller, 1958)."""
    return np.sqrt(-2 * np.log(uniforms(seed, 0))) * np.cos(2 * math.pi * uniforms(seed, 1))


def outcomes(p: Any, seed: int, drawn: int) -> Any:
    """Return which outcome each draw gives; never one that p rules out."""
    reached = np.cumsum(p)
    return np.searchsorted(reached, uniforms(seed, 0)[:drawn] * reached[-1], side="right")


def outcome(p: Any, seed: int, place: int) -> int:
    """Return which outcome one draw of a sequence of its own gives; never one that p rules out."""
    reached = np.cumsum(p)
    return int(np.searchsorted(reached, uniforms(seed, 1)[place] * reached[-1], side="right"))


def steps(drawn: int) -> Any:
    """Return the draws at which the running mean is shown: all up to 100, then ever fewer."""
    n = np.arange(1, drawn + 1)
    return n[(n <= 100) | ((n <= 1000) & (n % 10 == 0)) | (n % 100 == 0) | (n == drawn)]


def walk(costs: Any, mean: float, spread: float) -> dict[str, Any]:
    """Return the running mean of costs, and where 95 of 100 such means lie around their limit."""
    n = steps(len(costs))
    half = BAND * spread / np.sqrt(n)
    low = mean - half if math.isfinite(spread) else half
    return {"n": n.astype(float), "mean": np.cumsum(costs)[n - 1] / n,
            "limit": np.full(len(n), mean), "low": low, "high": mean + half}  # fmt: skip


def message(
    p: Any, cost: Any, labels: Sequence[str], seed: int, drawn: int
) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return which outcomes came, their tables and their readouts; each has its ``cost``."""
    came = outcomes(p, seed, drawn)
    tables, readouts = shown(cost[came], *moments(p, cost))
    tables["drops"]["label"] = [labels[i] for i in came[-RECENT:]]
    return came, tables, readouts


def moments(p: Any, cost: Any) -> tuple[float, float]:
    """Return the mean of a cost under p, and its standard deviation."""
    share, paid = p[p > 0], cost[p > 0]
    mean = float(share @ paid)
    return mean, math.sqrt(share @ (paid - mean) ** 2) if math.isfinite(mean) else math.inf


def shown(costs: Any, mean: float, spread: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return tables of the last draws, of the running mean and where it is, and its readouts."""
    drawn, path = len(costs), walk(costs, mean, spread)
    last = costs[-RECENT:]
    tables = {
        "drops": {"k": np.arange(drawn - len(last) + 1.0, drawn + 1.0), "cost": last},
        "walk": path, "arrived": {"n": path["n"][-1:], "mean": path["mean"][-1:]},
    }  # fmt: skip
    average = float(path["mean"][-1]) if drawn else math.nan
    return tables, {"drawn": float(drawn), "running_mean": average}


def ranges(drawn: int) -> dict[str, tuple[float, float]]:
    """Return how far the axes of the draws reach."""
    first = max(0.0, drawn - RECENT)
    return {
        "draws": (1.0, 1.05 * max(10, drawn)),
        "recent": (first + 0.5, max(drawn, RECENT) + 0.5),
    }
