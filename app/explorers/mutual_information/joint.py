"""A joint table of two variables as a reader edits it: pure moves on an explorer's state.

The state has ``joint``, always 25 entries, row by row, of which the first ``rows`` × ``columns``
count and add up to 1; the others are 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...contract.messages import Refused, note, quotable
from ...contract.simplex import normalised, share_out, tidy

FEWEST, SIDE = 2, 5

State = dict[str, Any]


def block(rows: int, columns: int) -> list[int]:
    """Return the places that count, row by row."""
    return [SIDE * row + column for row in range(rows) for column in range(columns)]


def resize(state: State, name: str, value: int) -> State:
    """Change the number of rows or columns.

    A new one gets an equal share and knows nothing of the other variable; what one had that goes
    is shared out in proportion. If the row that is seen goes, the last one is seen.
    """
    rows = [state["joint"][SIDE * row :][: state["columns"]] for row in range(state["rows"])]
    lines = rows if name == "rows" else [list(line) for line in zip(*rows, strict=True)]
    while len(lines) < value:
        lines = _with_one_more(lines)
    lines_left = [list(line) for line in lines[:value]]
    table = lines_left if name == "rows" else [list(line) for line in zip(*lines_left, strict=True)]
    shares = normalised([share for line in table for share in line])[0]
    seen = {"observed": str(min(int(state["observed"]), len(table)))} if name == "rows" else {}
    return {name: value, "joint": _spread(shares, block(len(table), len(table[0]))), **seen}


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
    """Return what a reader calls a cell, or what one of its ways moves: its row, its part of it."""
    row, column = divmod(index, SIDE)
    x, y = state["names_x"][row], state["names_y"][column]
    return {"height": x, "division": f"{y} given {x}"}.get(name, f"{x} and {y}")


def name_values(name: str, values: Sequence[str]) -> State:
    """Take the names of all rows or of all columns from a link: each may stand once."""
    if len(set(values)) < len(values):
        raise Refused("names_repeat", label=name, raw=quotable(",".join(values)))
    return {name: list(values)}


def move_cell(state: State, value: float, index: int) -> State:
    """Move one probability; the others share the rest in their old proportions."""
    places = _known(state, index)
    p = list(state["joint"])
    p[index] = value
    share_out(p, [i for i in places if i != index], 1.0 - p[index])
    return {"joint": p}


def move_height(state: State, value: float, index: int) -> State:
    """Move p(x) of a cell's row; every row stays divided as it is.

    The other rows share the rest in their old proportions. A row that had nothing is divided as Y
    is without it, so that it tells nothing of Y.
    """
    _known(state, index)
    p, columns = list(state["joint"]), state["columns"]
    before, of_y = marginals(p, state["rows"], columns)
    after = list(before)
    after[index // SIDE] = value
    share_out(after, [row for row in range(len(after)) if row != index // SIDE], 1.0 - value)
    for row, height in enumerate(after):
        cells = range(SIDE * row, SIDE * row + columns)
        if not before[row] > 0:
            p[cells.start : cells.stop] = of_y
        share_out(p, cells, height)
    return {"joint": p}


def move_division(state: State, value: float, index: int) -> State:
    """Move p(y|x) of a cell; the others of its row share what it leaves, and p(x) stays."""
    row = [i for i in _known(state, index) if i // SIDE == index // SIDE]
    p = list(state["joint"])
    height = math.fsum(p[i] for i in row)
    if not height > 0:
        raise Refused("empty_row", x=state["names_x"][index // SIDE])
    p[index] = tidy(value * height)
    share_out(p, [i for i in row if i != index], (1.0 - value) * height)
    return {"joint": p}


def _known(state: State, index: int) -> list[int]:
    places = block(state["rows"], state["columns"])
    if index not in places:
        raise Refused("no_cell", cell=cell_name(state, "joint", index))
    return places


def lower_borders(of_x: Sequence[float]) -> dict[str, list[float]]:
    """Return how a row's lower border in the mosaic moves with its p(x) as all rows give way.

    It stands at ``from`` + ``gain``·p(x); ``place`` is the row's first cell.
    """
    below = [_part_of_others(of_x, row, after=True) for row in range(len(of_x))]
    places = [float(SIDE * row) for row in range(len(of_x))]
    return {"place": places, "from": below, "gain": [-part for part in below]}


def right_borders(joint: Sequence[float], rows: int, columns: int) -> dict[str, list[float]]:
    """Return how a cell's right border in the mosaic moves with its p(y|x) as its row gives way.

    It stands at ``from`` + ``gain``·p(y|x); in a row that never happens there is nothing to move.
    """
    lines = [joint[SIDE * row :][:columns] for row in range(rows)]
    left = [_part_of_others(line, place, after=False) for line in lines for place in range(columns)]
    filled = [float(any(line)) for line in lines for _ in range(columns)]
    return {
        "place": [float(place) for place in block(rows, columns)], "from": left,
        "gain": [is_there * (1 - part) for is_there, part in zip(filled, left, strict=True)],
    }  # fmt: skip


def _part_of_others(shares: Sequence[float], place: int, *, after: bool) -> float:
    """Return what part of all others those after a place have, or those before it."""
    others = {i: p for i, p in enumerate(shares) if i != place}
    if not any(others.values()):
        others = dict.fromkeys(others, 1.0)  # from nothing they share equally
    part = math.fsum(p for i, p in others.items() if (i > place) == after)
    return part / math.fsum(others.values())


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
