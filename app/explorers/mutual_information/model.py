"""What two variables share: the parts of a joint table, and a guess before and after seeing X."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from infocore import conditional_entropy, entropy, mutual_information

from ...contract.explorer import UNITS
from ...contract.memo import cached
from ...contract.result import Result
from .joint import (
    SIDE,
    as_joint,
    block,
    lower_borders,
    marginals,
    move_cell,
    move_division,
    move_height,
    name_values,
    resize,
    right_borders,
)

NAMES = ("names_x", "names_y")
MOVES = {"joint": move_cell, "height": move_height, "division": move_division}
THICK = 0.84  # of a bar, where the next one is 1 below it
NOISE = 1e-9  # by which equal entropies may differ


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Keep the joint table a distribution and its names distinct, or move one control."""
    if name in MOVES:
        return MOVES[name](state, value, index) if index is not None else as_joint(state, value)
    if name in ("rows", "columns"):
        return resize(state, name, value)
    return name_values(name, value) if name in NAMES else {name: value}


def compute(
    rows: int, columns: int, joint: list[float], observed: str, names_x: list[str],
    names_y: list[str], unit: str,
) -> Result:  # fmt: skip
    """Return the table's parts, the guess, and the numbers they show."""
    base, names = UNITS[unit], (tuple(names_x), tuple(names_y))
    table = of_table(rows, columns, tuple(joint), *names, base)
    guess = guess_of(rows, columns, tuple(joint), int(observed) - 1, names[1], base)
    told, seen = table["readouts"], guess["entropy_seen"]
    possible = guess["observed_probability"] > 0
    return Result(
        tables={**table["tables"], **guess["tables"]},
        readouts={
            **told, "entropy_seen": seen, "observed_probability": guess["observed_probability"],
        },
        ranges={"information": (0.0, 1.02 * max(told["joint_entropy"], 0.02))},
        flags={
            "surer": bool(possible and seen < told["entropy_y"] - NOISE),
            "less_sure": bool(possible and seen > told["entropy_y"] + NOISE),
            "as_sure": bool(possible and abs(seen - told["entropy_y"]) <= NOISE),
            "never": not possible,
        },
        slots={"seen": names_x[int(observed) - 1]},
    )  # fmt: skip


# Tables are cached by what they depend on: the very same one is neither sent nor painted again.


@cached(32)
def of_table(
    rows: int, columns: int, joint: tuple[float, ...], names_x: tuple[str, ...],
    names_y: tuple[str, ...], base: float,
) -> dict[str, Any]:  # fmt: skip
    """Return the cells of a joint table, its entropies, and the bars of their parts."""
    p = np.array([joint[i] for i in block(rows, columns)]).reshape(rows, columns)
    of_x, of_y = marginals(joint, rows, columns)
    readouts = _entropies_of(p, of_x, of_y, base)
    tables = {
        "cells": {
            "x": [name for name in names_x[:rows] for _ in range(columns)],
            "y": [*names_y[:columns]] * rows,
            **_terms_of(p, of_x, of_y, base), **_mosaic(p, of_x, of_y),
            **right_borders(joint, rows, columns),
        },
        "rows": {"name": [*names_x[:rows]], **_heights(of_x), **lower_borders(of_x)},
        "split": {"at": np.cumsum(of_y)[:-1]},
        "parts": _parts_of(readouts),
    }  # fmt: skip
    return {"tables": tables, "readouts": readouts}


def _entropies_of(
    p: Any, of_x: Sequence[float], of_y: Sequence[float], base: float
) -> dict[str, Any]:
    own = entropy(of_x, base=base), entropy(of_y, base=base)
    return {
        "mutual_information": mutual_information(p, base=base),
        "entropy_x": own[0],
        "entropy_y": own[1],
        "joint_entropy": entropy(p.ravel(), base=base),
        "entropy_x_given_y": conditional_entropy(p, given="y", base=base),
        "entropy_y_given_x": conditional_entropy(p, given="x", base=base),
        "most_information": min(own),
        "correlation": _correlation(p, of_x, of_y) if min(own) else math.nan,
    }


def _correlation(p: Any, of_x: Sequence[float], of_y: Sequence[float]) -> float:
    """Return the correlation of the numbers of row and column."""
    from_mean = [np.arange(len(of)) - math.fsum(np.arange(len(of)) * of) for of in (of_x, of_y)]
    ofs = zip((of_x, of_y), from_mean, strict=True)
    spreads = [math.sqrt(np.sum(of * off**2)) for of, off in ofs]
    return float(np.sum(p * np.outer(*from_mean)) / spreads[0] / spreads[1])


def _terms_of(p: Any, of_x: Sequence[float], of_y: Sequence[float], base: float) -> dict[str, Any]:
    """Return each cell's probability, what independence would give it, and its part of I."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(p) - np.add.outer(np.log(of_x), np.log(of_y))
        term = np.where(p > 0, p * logs, 0.0) / math.log(base)
    return {"p": p.ravel(), "product": np.outer(of_x, of_y).ravel(), "term": term.ravel()}


def _mosaic(p: Any, of_x: Sequence[float], of_y: Sequence[float]) -> dict[str, Any]:
    """Place rows as tall as p(x) below each other, divided by p(y|x), and by p(y) beside it."""
    rows, columns = p.shape
    height = np.repeat(of_x, columns)
    bottom = 1 - np.repeat(np.cumsum(of_x), columns)
    total = np.array([one if one > 0 else 1.0 for one in of_x])[:, None]
    places = {"bottom": bottom, "top": bottom + height, "centre": bottom + height / 2}
    for kind, width in (("", p / total), ("product_", np.tile(of_y, (rows, 1)))):
        right, wide = np.cumsum(width, axis=1).ravel(), width.ravel()
        places |= {
            f"{kind}left": right - wide, f"{kind}right": right, f"{kind}middle": right - wide / 2,
            f"{kind}wide": wide,
        }  # fmt: skip
    shade = np.tile(np.arange(columns) / (columns - 1), rows)
    return {**places, "height": height, "alpha": 0.15 + 0.6 * shade, "dots": 0.8 * shade}


def _heights(of_x: Sequence[float]) -> dict[str, Any]:
    """Place the heads of the rows, as tall as p(x), below each other."""
    p = np.array(of_x)
    top = 1 - np.cumsum([0.0, *of_x[:-1]])
    return {"p": p, "top": top, "bottom": top - p, "centre": top - p / 2}


def _parts_of(entropies: Mapping[str, Any]) -> dict[str, Any]:
    """Place H(X|Y), I and H(Y|X) end to end, in bars of the joint entropy, of H(X) and of H(Y)."""
    pieces = [
        entropies[n] for n in ("entropy_x_given_y", "mutual_information", "entropy_y_given_x")
    ]
    starts = [0.0, pieces[0], pieces[0] + pieces[1]]
    present = {"x": (1, 1, 0), "i": (1, 1, 1), "y": (1, 0, 1)}
    columns: dict[str, Any] = {}
    for (letter, shown), start, piece in zip(present.items(), starts, pieces, strict=True):
        size = piece * np.array(shown)
        columns[f"{letter}_left"] = np.full(3, start)
        columns[f"{letter}_right"] = start + size
        columns[f"{letter}_middle"] = start + size / 2
        columns[f"{letter}_wide"] = size
    middle = np.array([2.0, 1.0, 0.0])
    return {
        **columns, "middle": middle, "bottom": middle - THICK / 2, "top": middle + THICK / 2,
        "thick": np.full(3, THICK), "all": np.array([1.0, 0.0, 0.0]),  # of the bar with all pieces
    }  # fmt: skip


@cached(32)
def guess_of(
    rows: int, columns: int, joint: tuple[float, ...], observed: int, names_y: tuple[str, ...],
    base: float,
) -> dict[str, Any]:  # fmt: skip
    """Return p(y) beside p(y|x) of the row that is seen, which may never happen."""
    of_x, of_y = marginals(joint, rows, columns)
    p = of_x[observed] if observed < rows else 0.0
    row = np.array(joint[SIDE * observed :][:columns])
    after = row / p if p > 0 else np.zeros(columns)
    left = (np.arange(columns) + 0.14) / columns
    guess = {
        "y": [*names_y[:columns]], "before": np.array(of_y), "after": after,
        "left": left, "middle": left + 0.36 / columns, "right": left + 0.72 / columns,
        "before_at": left + 0.18 / columns, "after_at": left + 0.54 / columns,
        "room": np.full(columns, 1 / columns), "wide": np.full(columns, 0.36 / columns),
        "shown": np.full(columns, float(p > 0)),
    }  # fmt: skip
    seen = entropy(after, base=base) if p > 0 else math.nan
    return {"tables": {"guess": guess}, "entropy_seen": seen, "observed_probability": p}
