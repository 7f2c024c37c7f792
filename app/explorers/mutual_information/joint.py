"""A joint table of two variables as a reader edits it: pure moves on an explorer's state.

The state has ``joint``, always 25 entries, row by row, of which the first ``rows`` × ``columns``
count and add up to 1; the others are 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...contract.messages import Refused, note
from ...contract.simplex import normalised, share_out

FEWEST, SIDE = 2, 5

State = dict[str, Any]


def block(rows: int, columns: int) -> list[int]:
    """Return the places that count, row by row."""
    return [SIDE * row + column for row in range(rows) for column in range(columns)]


def resize(state: State, name: str, value: int) -> State:
    """Change the number of rows or columns.

    A new one gets an equal share and knows nothing of the other variable; what one had that goes
    is shared out in proportion.
    """
    rows = [state["joint"][SIDE * row :][: state["columns"]] for row in range(state["rows"])]
    lines = rows if name == "rows" else [list(line) for line in zip(*rows, strict=True)]
    while len(lines) < value:
        lines = _with_one_more(lines)
    lines_left = [list(line) for line in lines[:value]]
    table = lines_left if name == "rows" else [list(line) for line in zip(*lines_left, strict=True)]
    shares = normalised([share for line in table for share in line])[0]
    return {name: value, "joint": _spread(shares, block(len(table), len(table[0])))}


def _with_one_more(lines: list[list[float]]) -> list[list[float]]:
    share = 1 / (len(lines) + 1)
    new = [share * math.fsum(across) for across in zip(*lines, strict=True)]
    return [*([p - share * p for p in line] for line in lines), new]


def as_joint(state: State, values: Sequence[float]) -> State:
    """Take a whole table from a link: what counts is rescaled to 1 and said so."""
    refused = next((value for value in values if value < 0), None)
    if refused is not None:
        raise Refused("negative", raw=refused)
    places = block(state["rows"], state["columns"])
    p, remark = normalised([values[i] for i in places])
    if any(value for i, value in enumerate(values) if i not in places):
        remark = note("left_out", rows=state["rows"], columns=state["columns"])
    return {"joint": _spread(p, places), "note": remark}


def cell_name(state: State, name: str, index: int) -> str:
    """Return what a reader calls a cell."""
    row, column = divmod(index, SIDE)
    return f"X{row + 1} and Y{column + 1}"


def move_cell(state: State, value: float, index: int) -> State:
    """Move one probability; the others share the rest in their old proportions."""
    places = block(state["rows"], state["columns"])
    if index not in places:
        raise Refused("no_cell", cell=cell_name(state, "joint", index))
    p = list(state["joint"])
    p[index] = value
    share_out(p, [i for i in places if i != index], 1.0 - p[index])
    return {"joint": p}


def marginals(joint: Sequence[float], rows: int, columns: int) -> tuple[list[float], list[float]]:
    """Return the probabilities of the rows and of the columns."""
    of_x = [
        math.fsum(joint[i] for i in block(rows, columns) if i // SIDE == r) for r in range(rows)
    ]
    of_y = [
        math.fsum(joint[i] for i in block(rows, columns) if i % SIDE == c) for c in range(columns)
    ]
    return of_x, of_y


def _spread(shares: Sequence[float], places: Sequence[int]) -> list[float]:
    joint = [0.0] * SIDE**2
    for place, share in zip(places, shares, strict=True):
        joint[place] = share
    return joint
