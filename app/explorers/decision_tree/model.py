"""A tree of two questions: what each answer tells of the label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from infocore import binned_mutual_information, entropy, mutual_information

from ...contract.explorer import UNITS
from ...contract.labelled import MOST, another, draws, feature_and_label
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .splits import best_cut, gains

CUTS = (-3.2, 3.2)  # in standard deviations
CUT_GRID = frozen(np.linspace(*CUTS, 321))
NO_CURVE = {name: frozen(np.zeros(0)) for name in ("cut", "gain", "gini")}
EDGES = frozen(np.linspace(*CUTS, 41))
NONE, SAME, OTHER = "not asked", "the same reading", "the disturbance"
EVERY = "every cut"  # whose gain is drawn
SIDES = ("cut_left", "cut_right")
ANSWERS = ("–", "≤", ">", "≤ ≤", "≤ >", "> ≤", "> >")  # that lead to each node of the tree
GAP = 0.08  # between the rows of the tree, of which each is 1 high

State = dict[str, Any]


def move(state: State, name: str, value: Any, index: int | None) -> State:
    """Draw again, go to the best cuts, or move one control."""
    if name == "again":
        return {"sample": another(state["sample"])}
    samples = state["noise"], state["n"], state["sample"]
    if name == "best":
        return {"threshold": _tidy(sampled(*samples)["best"])}
    if name == "best_second":
        sides = second_best(*samples, state["threshold"], state["second"])
        cuts = {side: _tidy(best[0]) for side, best in zip(SIDES, sides, strict=True) if best}
        return {**cuts, "second": SAME if state["second"] == NONE else state["second"]}
    return {name: value}


def _tidy(cut: float) -> float:
    """Return a cut in billionths, alike in both languages, that the slider can show."""
    return min(max(math.floor(1e9 * cut + 0.5) / 1e9, CUTS[0]), CUTS[1])


def compute(
    noise: float, n: int, sample: int, threshold: float, second: str, cut_left: float,
    cut_right: float, curve: str, unit: str,
) -> Result:  # fmt: skip
    """Return the samples, every cut's gain, the tree and what its answers tell."""
    base, samples = UNITS[unit], (noise, n, sample)
    known, every, shown = sampled(*samples), curve_of(*samples, base), curve == EVERY
    marks = marks_of(*samples, threshold, base, shown)
    tree = tree_of(*samples, threshold, second, cut_left, cut_right, base)
    bests = second_best(*samples, threshold, second)
    shares = tree["shares"]
    best_second = sum(p * best[1] for p, best in zip(shares, bests, strict=True) if best)
    return Result(
        tables={
            "counts": known["counts"], "marks": marks, "gain": every["table"],
            "curve": every["table"] if shown else NO_CURVE,
            "nodes": tree["nodes"], "seconds": seconds_of(second, cut_left, cut_right),
        },
        readouts={
            "information_gain": marks["gain"][0],
            **tree["readouts"],
            "best_second_gain": best_second / math.log(base),
            "best_gain": marks["best_gain"][0],
            "label_entropy": every["label_entropy"],
            "cut_at": float(threshold),
            "left_cut_at": float(cut_left),
            "right_cut_at": float(cut_right),
            "best_at": float(known["best"]),
            "gini_gain": marks["gini"][0],
            "best_gini_gain": marks["best_gini"][0],
            "best_gini_at": marks["gini_at"][0],
        },
        ranges={
            **every["ranges"], "counts_axis": (marks["floor"][0], marks["ceiling"][0]),
            **({} if shown else {"gain_axis": (0.0, every["label_entropy"])}),
        },
        flags={
            "another_feature": second == OTHER, "same_feature": second == SAME,
            "asked": second != NONE, "not_asked": second == NONE,
            "curve_shown": shown, "curve_hidden": not shown,
            "no_second": not any(bests),
        },
    )  # fmt: skip


# Tables are cached by what they depend on: the very same one is neither sent nor painted again.


@cached(32)
def sampled(noise: float, n: int, sample: int) -> dict[str, Any]:
    """Return all that samples say whatever the cuts and the unit."""
    x, y = feature_and_label("signal", noise, n, sample)
    x = x / math.sqrt(1 + noise * noise)
    order = np.argsort(x, kind="stable")
    ordered, label = x[order], y[order]
    gained, gini = gains(label)
    best, gini_best = _best(ordered, gained), _best(ordered, gini)
    within = np.searchsorted(ordered, EDGES, side="right")
    hits = np.concatenate([[0], np.cumsum(label)])
    ones = np.diff(hits[within]).astype(float)
    at = np.searchsorted(ordered, CUT_GRID, side="right")
    return {
        "ordered": ordered, "label": label, "hits": hits, "gini": gini,
        "other": draws(sample)[1][:n][order],
        "gain_at": gained[at], "gini_at": gini[at],
        "best": best[0], "best_gain": best[1], "gini_best": gini_best,
        "counts": {
            "left": EDGES[:-1], "right": EDGES[1:], "with_label": ones,
            "without": ones - np.diff(within),
        },
    }  # fmt: skip


def _best(ordered: Any, gained: Any) -> tuple[float, float]:
    return best_cut(ordered, gained) or (0.0, 0.0)


@cached(32)
def curve_of(noise: float, n: int, sample: int, base: float) -> dict[str, Any]:
    """Return the gain of every cut in the unit and Gini's, and where their axes end."""
    known, scale = sampled(noise, n, sample), math.log(base)
    ones = known["label"].mean()
    return {
        "table": {"cut": CUT_GRID, "gain": known["gain_at"] / scale, "gini": known["gini_at"]},
        "label_entropy": entropy([ones, 1 - ones], base=base),
        "ranges": {
            "gain_axis": (0.0, 1.2 * max(known["best_gain"] / scale, 0.01)),
            "gini_axis": (0.0, 1.2 * max(known["gini_best"][1], 0.01)),
        },
    }


@cached(32)
def marks_of(
    noise: float, n: int, sample: int, threshold: float, base: float, shown: bool
) -> dict[str, Any]:
    """Return the reader's cut and the best ones, and how far their lines reach."""
    known = sampled(noise, n, sample)
    apart = known["ordered"] <= threshold
    most = max(1, known["counts"]["with_label"].max(), -known["counts"]["without"].min())
    marks = {
        "cut": threshold, "gain": binned_mutual_information(apart, known["label"], base=base),
        "gini": known["gini"][np.count_nonzero(apart)], "best": known["best"],
        "best_gain": known["best_gain"] / math.log(base),
        "gini_at": known["gini_best"][0], "best_gini": known["gini_best"][1],
        "floor": -1.1 * most, "ceiling": 1.1 * most, "seen": float(shown),
    }  # fmt: skip
    return {name: np.array([place]) for name, place in marks.items()}


def _sides(label: Any, cut: int) -> list[list[int]]:
    """Return the counts without and with the label on either side of a place in the order."""
    return [[len(part) - int(part.sum()), int(part.sum())] for part in (label[:cut], label[cut:])]


def _told(counts: Any, base: float) -> float:
    """Return what the rows of a table of counts tell of its columns."""
    total = np.sum(counts)
    return float(mutual_information(np.array(counts) / total, base=base)) if total else 0.0


@cached(32)
def halves(noise: float, n: int, sample: int, threshold: float, second: str) -> Any:
    """Return each side of the first cut, in the order of what the second question asks about."""
    known = sampled(noise, n, sample)
    values, left = known["other" if second == OTHER else "ordered"], known["ordered"] <= threshold
    order = np.argsort(values, kind="stable")
    chosen = [order[side[order]] for side in (left, ~left)]
    return [(values[places], known["label"][places]) for places in chosen]


@cached(32)
def second_best(noise: float, n: int, sample: int, threshold: float, second: str) -> Any:
    """Return the best second cut of either side and its gain in nats, where there is one."""
    return [
        best_cut(values, gains(label)[0])
        for values, label in halves(noise, n, sample, threshold, second)
    ]


@cached(32)
def seconds_of(second: str, cut_left: float, cut_right: float) -> dict[str, Any]:
    """Return the reader's second cuts, which stand along the reading if they are about it."""
    ends = np.full(2, float(MOST))
    shown = np.full(2, float(second == SAME))
    return {"at": np.array([cut_left, cut_right]), "floor": -ends, "ceiling": ends, "alpha": shown}


@cached(32)
def tree_of(
    noise: float, n: int, sample: int, threshold: float, second: str, cut_left: float,
    cut_right: float, base: float,
) -> dict[str, Any]:  # fmt: skip
    """Return the tree's nodes, each as wide as its samples, and what its answers tell."""
    sides = halves(noise, n, sample, threshold, second)
    pairs = [
        _sides(label, int(np.searchsorted(values, cut, side="right")))
        for (values, label), cut in zip(sides, (cut_left, cut_right), strict=True)
    ]
    leaves = [leaf for pair in pairs for leaf in pair]
    branches = [[sum(column) for column in zip(*pair, strict=True)] for pair in pairs]
    told = [_told(pair, base) if second != NONE else 0.0 for pair in pairs]
    rows = [leaves] if second != NONE else []
    shares = [sum(branch) / n for branch in branches]
    return {
        "shares": shares,
        "nodes": _nodes([[*map(sum, zip(*branches, strict=True))]], branches, *rows),
        "readouts": {
            "second_gain": shares[0] * told[0] + shares[1] * told[1],
            "tree_gain": _told([branches, *rows][-1], base),
            "left_gain": told[0], "right_gain": told[1],
        },
    }  # fmt: skip


def _nodes(*rows: list[list[int]]) -> Mapping[str, Any]:
    """Place the rows of a tree below each other; a node's part with the label stands left."""
    total = sum(rows[0][0])
    columns: dict[str, list[float]] = {
        name: [] for name in ("left", "split", "right", "bottom", "top", "n", "ones")
    }
    for height, row in enumerate(rows):
        start = 0.0
        for without, ones in row:
            n = without + ones
            ends = start, start + ones / total, start + n / total
            place = (*ends, 2.0 - height, 3.0 - height - GAP, float(n), float(ones))
            for column, number in zip(columns.values(), place, strict=True):
                column.append(number)
            start = ends[2]
    nodes = {name: np.array(column) for name, column in columns.items()}
    return {
        **nodes, "answers": [*ANSWERS[: len(nodes["n"])]],
        "middle": (nodes["left"] + nodes["right"]) / 2,
        "centre": (nodes["bottom"] + nodes["top"]) / 2,
        "room": nodes["right"] - nodes["left"],
        "share": 100 * nodes["ones"] / np.maximum(nodes["n"], 1),
    }  # fmt: skip
