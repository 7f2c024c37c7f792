"""What two variables share: a joint table's parts, estimates from samples, a split's gain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from infocore import binned_mutual_information, conditional_entropy, entropy, mutual_information

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .joint import SIDE, as_joint, block, marginals, move_cell, resize
from .samples import (
    BINS,
    CUTS,
    estimates,
    exact_information,
    feature_and_label,
    gains,
    spread,
)

CUT_GRID = frozen(np.linspace(*CUTS, 321))
EDGES = frozen(np.linspace(*CUTS, 41))
NEAR = 1e-12  # nats by which two gains may differ and still count as the same
RANKED = (
    *("place", "bar", "foot", "head", "feature", "label", "kind"),
    *("plug_in", "corrected", "chance", "sklearn"),
)
NO_TABLE = (
    *("source", "aim", "rows_read", "dropped", "kinds", "free_texts", "given"),
    *("drawn", "listed"),
)
CONSTANTS: dict[str, dict[str, Any]] = {  # until a session has read and ranked a table
    "tables": {"ranking": {name: frozen(np.zeros(0)) for name in RANKED}},
    "ranges": {"ranked": (0.0, 1.0), "places": (-1.0, 0.0)},
    "flags": dict.fromkeys(
        ("ranking", "ranking_cut", "read", "dropped", "free_texts", "given"), False
    ),
    "slots": dict.fromkeys(NO_TABLE, ""),
    "choices": {"target": ((), "")},
}


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Keep the joint table a distribution, draw again, or move one control."""
    if name == "joint":
        return move_cell(state, value, index) if index is not None else as_joint(state, value)
    if name in ("rows", "columns"):
        return resize(state, name, value)
    if name == "again":
        return {"sample": state["sample"] % 100 + 1}
    if name == "best":
        cut = sampled(*(state[key] for key in ("feature", "noise", "n", "sample")))["best"]
        billionths = math.floor(1e9 * cut + 0.5) / 1e9  # alike in both languages
        return {"threshold": min(max(billionths, CUTS[0]), CUTS[1])}
    return {name: value}


def compute(
    rows: int, columns: int, joint: list[float], feature: str, noise: float, n: int, bins: int,
    sample: int, threshold: float, dataset: str, unit: str,
) -> Result:  # fmt: skip
    """Return the table's parts, the estimates, the cuts, and the numbers they show."""
    base = UNITS[unit]
    samples = feature, noise, n, sample
    table = of_table(rows, columns, tuple(joint), base)
    known, curves = sampled(*samples), curves_of(*samples, base)
    here, marks = binned(*samples, bins, base), marks_of(*samples, threshold, base)
    entropies = table["readouts"]
    return Result(
        tables={
            "cells": table["cells"],
            "parts": table["parts"],
            "estimates": curves["estimates"],
            "here": here["table"],
            "gain": curves["gain"],
            "counts": known["counts"],
            "marks": marks,
            **CONSTANTS["tables"],
        },
        readouts={
            **entropies,
            **here["readouts"],
            "exact": curves["estimates"]["exact"][0],
            "label_entropy": curves["label_entropy"],
            "information_gain": marks["gain"][0],
            "best_gain": marks["best_gain"][0],
            "cut_at": float(threshold),
            "best_at": float(known["best"]),
        },
        ranges={
            "information": (0.0, 1.02 * max(entropies["joint_entropy"], 0.02)),
            **curves["range"],
            "counts_axis": (marks["floor"][0], marks["ceiling"][0]),
            **CONSTANTS["ranges"],
        },
        flags=CONSTANTS["flags"],
        slots=CONSTANTS["slots"],
        choices=CONSTANTS["choices"],
    )  # fmt: skip


# Tables are cached by what they depend on: the very same one is neither sent nor painted again.


@cached(32)
def of_table(rows: int, columns: int, joint: tuple[float, ...], base: float) -> dict[str, Any]:
    """Return the cells of a joint table, its entropies, and the bars of their parts."""
    cells, entropies = _entropies_of(rows, columns, joint, base)
    return {"cells": cells, "readouts": entropies, "parts": _parts_of(entropies)}


def _entropies_of(
    rows: int, columns: int, joint: Sequence[float], base: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the cells of a joint table, and its entropies."""
    places = block(rows, columns)
    p = np.array([joint[i] for i in places])
    of_x, of_y = marginals(joint, rows, columns)
    product = np.outer(of_x, of_y).ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(p) - np.add.outer(np.log(of_x), np.log(of_y)).ravel()
        term = np.where(p > 0, p * logs, 0.0) / math.log(base)
    table = p.reshape(rows, columns)
    cells = {
        "x": [f"X{i // SIDE + 1}" for i in places], "y": [f"Y{i % SIDE + 1}" for i in places],
        "p": p, "product": product, "term": term, **_mosaic(table, of_x),
    }  # fmt: skip
    return cells, {
        "mutual_information": mutual_information(table, base=base),
        "entropy_x": entropy(of_x, base=base),
        "entropy_y": entropy(of_y, base=base),
        "joint_entropy": entropy(p, base=base),
        "entropy_x_given_y": conditional_entropy(table, given="y", base=base),
        "entropy_y_given_x": conditional_entropy(table, given="x", base=base),
    }


def _mosaic(table: Any, of_x: list[float]) -> dict[str, Any]:
    """Place columns as wide as p(x) side by side, cut in proportion to p(y|x)."""
    rows, columns = table.shape
    right = np.repeat(np.cumsum(of_x), columns)
    width = np.repeat(of_x, columns)
    total = np.array([p if p > 0 else 1.0 for p in of_x])[:, None]
    top, height = np.cumsum(table, axis=1) / total, table / total
    room = np.where(height.ravel() > 0.16, width, 0)
    return {
        "left": right - width, "right": right, "middle": right - width / 2,
        "bottom": (top - height).ravel(), "top": top.ravel(), "centre": (top - height / 2).ravel(),
        "alpha": np.tile(0.15 + 0.6 * np.arange(columns) / (columns - 1), rows),
        "room": room,
    }  # fmt: skip


def _parts_of(entropies: Mapping[str, Any]) -> dict[str, Any]:
    """Place H(X|Y), I and H(Y|X) end to end, in bars of the joint entropy, of H(X) and of H(Y)."""
    pieces = [
        entropies[n] for n in ("entropy_x_given_y", "mutual_information", "entropy_y_given_x")
    ]
    starts = [0.0, pieces[0], pieces[0] + pieces[1]]
    present = {"x": (1, 1, 0), "i": (1, 1, 1), "y": (1, 0, 1)}
    columns: dict[str, Any] = {}
    for (letter, shown), start, piece in zip(present.items(), starts, pieces, strict=True):
        size, room = piece * np.array(shown), piece >= 0.16 * entropies["joint_entropy"] > 0
        columns[f"{letter}_left"] = np.full(3, start)
        columns[f"{letter}_right"] = start + size
        columns[f"{letter}_middle"] = start + size / 2
        # the names stand in the bar that has all three
        columns[f"{letter}_named"] = np.array([float(room), 0.0, 0.0])
        columns[f"{letter}_numbered"] = room * np.array([0.0, *shown[1:]])
    middle = np.array([2.0, 1.0, 0.0])
    return {
        "name": ["H(X,Y)", "H(X)", "H(Y)"], **columns,
        "middle": middle, "bottom": middle - 0.27, "top": middle + 0.27,
    }  # fmt: skip


@cached(32)
def sampled(feature: str, noise: float, n: int, sample: int) -> dict[str, Any]:
    """Return all that samples say whatever the number of bins, the cut and the unit."""
    x, y = feature_and_label(feature, noise, n, sample)
    width = spread(feature, noise)
    ordered, gained = gains(x, y)
    cuttable = np.nonzero(ordered[1:] > ordered[:-1])[0] + 1
    found = gained[cuttable]
    place = cuttable[np.argmax(found >= found.max() - NEAR)]
    inside = np.searchsorted(ordered, EDGES * width, side="right")
    with_label = np.searchsorted(np.sort(x[y]), EDGES * width, side="right")
    ones = np.diff(with_label).astype(float)
    return {
        "x": x, "y": y, "estimates": estimates(x, y),
        "gain": gained[np.searchsorted(ordered, CUT_GRID * width, side="right")],
        "best": (ordered[place - 1] + ordered[place]) / 2 / width, "best_gain": gained[place],
        "counts": {
            "left": EDGES[:-1], "right": EDGES[1:], "with_label": ones,
            "without": ones - np.diff(inside),
        },
    }  # fmt: skip


@cached(32)
def curves_of(feature: str, noise: float, n: int, sample: int, base: float) -> dict[str, Any]:
    """Return the curves of estimates and of gains in the unit, and where their axes end."""
    known, scale = sampled(feature, noise, n, sample), math.log(base)
    exact, ones = exact_information(feature, noise) / scale, known["y"].mean()
    curve = {name: nats / scale for name, nats in known["estimates"].items()}
    top = 1.08 * max(0.02, exact, curve["plug_in"].max(), curve["high"].max())
    return {
        "estimates": {
            "bins": np.array(BINS, dtype=float), **curve, "exact": np.full(len(BINS), exact),
        },
        "gain": {"cut": CUT_GRID, "gain": known["gain"] / scale},
        "label_entropy": entropy([ones, 1 - ones], base=base),
        "range": {
            "estimate": (float(min(curve["corrected"].min(), -1e-9)), float(top)),
            "gain_axis": (0.0, 1.2 * float(max(known["best_gain"] / scale, 0.01))),
        },
    }  # fmt: skip


@cached(32)
def binned(
    feature: str, noise: float, n: int, sample: int, bins: int, base: float
) -> dict[str, Any]:
    """Return the estimates with one number of bins, as a table and as readouts."""
    known = sampled(feature, noise, n, sample)
    found = estimates(known["x"], known["y"], (bins,))
    plug_in, corrected, low, high = (
        found[name] / math.log(base) for name in ("plug_in", "corrected", "low", "high")
    )
    return {
        "table": {"bins": np.array([float(bins)]), "plug_in": plug_in, "corrected": corrected},
        "readouts": {
            "plug_in": plug_in[0], "miller_madow": corrected[0],
            "null_low": low[0], "null_high": high[0],
        },
    }  # fmt: skip


@cached(32)
def marks_of(
    feature: str, noise: float, n: int, sample: int, threshold: float, base: float
) -> dict[str, Any]:
    """Return the reader's cut and the best one, and how far their lines reach."""
    known = sampled(feature, noise, n, sample)
    apart = known["x"] <= threshold * spread(feature, noise)
    most = max(1, known["counts"]["with_label"].max(), -known["counts"]["without"].min())
    marks = {
        "cut": threshold, "gain": binned_mutual_information(apart, known["y"], base=base),
        "best": known["best"], "best_gain": known["best_gain"] / math.log(base),
        "floor": -1.1 * most, "ceiling": 1.1 * most,
    }  # fmt: skip
    return {name: np.array([place]) for name, place in marks.items()}
