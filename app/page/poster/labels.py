"""Texts on pictures, for those made without a browser: the rules of ``static/front/labels.js``."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from ...contract.declaration import Label
from .ink import Frame, width_of
from .written import Slot, decimals_text, full_text

DROPS = (2, 15)  # px below the axis at which the two rows of names begin
LINE_HEIGHT = 14  # px from a line of a text to the next
GAP = 4  # px between two names of a row
ASIDE = 10  # px between a point and a text beside it
TALL = 36  # px that a bar needs for a text at its foot
BESIDE_KNOBS = 24  # px less for it where its knobs would stand at the foot

_COLUMN = re.compile(r"\{([\w.]+)(?::(\d+))?\}")


def label_columns(
    label: Label, table: Any, slot: Slot, top: float, frame: Frame
) -> dict[str, list[Any]]:
    """Return the columns of a label's source; ``top`` is the end of its axis."""
    rows = range(max(map(len, table.values()), default=0))
    texts = [_text_of(label, table, row, slot, frame) for row in rows]
    x = [_at(label.x, table, row) for row in rows]
    y = [_at(label.y, table, row) for row in rows]
    columns: dict[str, list[Any]] = {
        "x": [at if text else math.nan for at, text in zip(x, texts, strict=True)],
        "y": [label.edge * top if at == math.inf else at for at in y],
        "text": texts,
        **{name: [_at(name, table, row) for row in rows] for name in label.also},
    }
    if label.fit:
        columns |= _fitted(label, texts, x, table[label.fit], frame)
    if label.beside:
        columns |= _besides(texts, x, table.get("up", [0.0] * len(texts)), frame)
    return columns


def _at(of: str | float, table: Any, row: int) -> Any:
    return table[of][row] if isinstance(of, str) else of


def _text_of(label: Label, table: Any, row: int, slot: Slot, frame: Frame) -> str:
    """Return the text of the first case that holds and has room."""
    for name, least, template in label.cases:
        if not table[name][row] >= least:
            continue
        if not template:
            return ""  # this case wants none, whatever the next ones say
        whole = _COLUMN.sub(
            lambda one: _column_text(
                table[one[1]][row] if one[1] in table else slot(one[1]), one[2]
            ),
            template,
        )
        named = table.get(template[1:-1])
        is_name = named is not None and isinstance(named[row], str)
        if _fits(label, table, row, whole, frame):
            text = _inside(label, table, row, whole, is_name, frame)
            if text:
                return text
    return ""


def _column_text(value: Any, digits: str | None) -> str:
    if isinstance(value, str) or digits is None:
        return full_text(value)
    return decimals_text(value, int(digits))


def _inside(
    label: Label, table: Any, row: int, text: str, is_name: bool, frame: Frame
) -> str:  # fmt: skip
    """Return what of a text has room in its area: all, or nothing; a name alone is cut."""
    if not label.inside:
        return text
    wide, tall, taken = label.inside
    x, y = frame.scale("x"), frame.scale("y")
    width = x.place(_at(wide, table, row)) - x.place(0) - taken - 2 * GAP
    height = y.place(0) - y.place(_at(tall, table, row))
    lines = text.split("\n")
    if len(lines) * LINE_HEIGHT > height:
        return ""
    if max(map(width_of, lines)) <= width:
        return text
    return _cut(text, width) if is_name else ""


def _fits(label: Label, table: Any, row: int, text: str, frame: Frame) -> bool:
    """Return whether a text has room in its bar."""
    if not label.within:
        return True
    near = _heights(label, table, row, frame)
    if near and near[1] < TALL:
        return False
    low = min(near, default=math.inf) < 2 * TALL
    room = table[label.within][row] * frame.width - (BESIDE_KNOBS if low else GAP)
    return width_of(text) <= float(room)


def _heights(label: Label, table: Any, row: int, frame: Frame) -> list[float]:
    if not label.tall:
        return []
    column, y = table[label.tall], frame.scale("y")
    near = [column[i] if 0 <= i < len(column) else math.inf for i in (row - 1, row, row + 1)]
    return [float(y.place(0) - y.place(one)) for one in near]


def _fitted(
    label: Label, texts: Sequence[str], x: Sequence[float], shares: Any, frame: Frame
) -> dict[str, list[Any]]:
    """Place texts in two rows below a picture: whole, else cut to their bars, else left out."""
    scale, width = frame.scale("x"), frame.width
    ends: list[float] = [-GAP, -GAP]
    placed = []
    for whole, at, share in zip(texts, x, shares, strict=True):
        middle, room = float(scale.place(at)), float(share) * width
        placed.append(_in_a_row(whole, middle, room, width, ends))
    return {
        "text": [text for text, _, _ in placed],
        "x": [scale.value(at) if text else math.nan for text, at, _ in placed],
        "drop": [drop + label.drop for _, _, drop in placed],
    }


def _in_a_row(
    whole: str, middle: float, room: float, width: float, ends: list[float]
) -> tuple[str, float, int]:
    for text in (whole, _cut(whole, room)):
        half = width_of(text) / 2
        if not text or 2 * half > width:
            continue
        low, high = half, width - half
        free = [max(min(high, max(low, middle)), end + GAP + half) for end in ends]
        row = free.index(min(free))
        if free[row] > min(high, max(low, middle + room / 2)):
            continue
        ends[row] = free[row] + half
        return text, free[row], DROPS[row]
    return "", math.nan, DROPS[0]


def _besides(
    texts: Sequence[str], x: Sequence[float], up: Any, frame: Frame
) -> dict[str, list[float]]:
    """Say where texts begin beside their points: right, left, or above where neither has room."""
    scale, aside, lift = frame.scale("x"), [], []
    for text, point, raised in zip(texts, x, up, strict=True):
        at, length = float(scale.place(point)), width_of(text)
        right, left = at + ASIDE + length <= frame.width, at - ASIDE - length >= 0
        above = max(0.0, frame.width - length) - at
        aside.append(ASIDE if right else -ASIDE - length if left else above)
        lift.append(min(raised, 0 if right or left else -ASIDE))
    return {"aside": aside, "lift": lift}


def _cut(text: str, room: float) -> str:
    """Return the longest beginning that has room, with an ellipsis, or nothing."""
    for end in range(len(text), 0, -1):
        if width_of(text[:end] + "…") <= room:
            return text[:end] + "…"
    return ""
