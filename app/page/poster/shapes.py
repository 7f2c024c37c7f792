"""Outlines for the glyphs of a poster, in px: lines, markers, tiles of hatches, cells of a map."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .ink import number, opacity

FAINT = 0.15  # px that a simplified line may be off


def hatch_tile(pattern: str, scale: float, weight: float, role: str, alpha: float) -> str:
    """Return what a tile of a hatch holds."""
    if pattern in (".", "dot"):
        half = number(scale / 2)
        return (
            f'<circle cx="{half}" cy="{half}" r="{number(scale / 4)}" fill="var(--{role})"'
            f"{opacity('fill', alpha)}/>"
        )
    if pattern in ("/", "right_diagonal_line"):
        q = scale / 4
        starts = (-q + 0.5, q + 0.5, 3 * q + 0.5)
        d = "".join(f"M{number(x)} {number(scale)}L{number(x + 2 * q)} 0" for x in starts)
        return (
            f'<path d="{d}" stroke="var(--{role})" stroke-width="{number(weight)}" '
            f'stroke-linecap="square"{opacity("stroke", alpha)}/>'
        )
    raise NotImplementedError(f"a poster knows no hatch {pattern!r}")


def marker_outline(name: str, x: float, y: float, r: float) -> str:
    """Return a marker's outline around a place."""
    if name == "circle":
        d = number(2 * r)
        turn = f"a{number(r)} {number(r)} 0 1 "
        return f"M{number(x - r)} {number(y)}{turn}0 {d} 0{turn}0 -{d} 0Z"
    third, a = r * math.sqrt(3) / 3, r * math.sqrt(0.5)
    strokes: dict[str, list[list[tuple[float, float]]]] = {
        "x": [[(-a, -a), (a, a)], [(-a, a), (a, -a)]],
        "dash": [[(-r, 0), (r, 0)]],
        "cross": [[(-r, 0), (r, 0)], [(0, -r), (0, r)]],
    }
    strokes["asterisk"] = strokes["cross"] + strokes["x"]
    if name in strokes:
        return "".join(_around(one, x, y) for one in strokes[name])
    high = r * math.sqrt(3) / 2
    corners = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "hex": [(r, 0), (r / 2, -high), (-r / 2, -high), (-r, 0), (-r / 2, high), (r / 2, high)],
        "diamond": [(0, r), (r / 1.5, 0), (0, -r), (-r / 1.5, 0)],
        "triangle": [(-r, third), (r, third), (0, -2 * third)],
        "inverted_triangle": [(-r, -third), (r, -third), (0, 2 * third)],
        "star": [
            (length * math.sin(k * math.pi / 5), -length * math.cos(k * math.pi / 5))
            for k in range(10)
            for length in [r * (1 if k % 2 == 0 else (3 - math.sqrt(5)) / 2)]
        ],
    }
    if name not in corners:
        raise NotImplementedError(f"a poster knows no marker {name!r}")
    return _around(corners[name], x, y) + "Z"


def _around(corners: Sequence[tuple[float, float]], x: float, y: float) -> str:
    across, down = np.transpose(corners)
    return points(across + x, down + y)


def finite_parts(*columns: Any) -> Iterator[list[Any]]:
    """Return the parts of a line between what is not finite."""
    for start, end in _spans(np.isfinite(np.sum(columns, axis=0))):
        yield [np.asarray(one)[start:end] for one in columns]


def polyline(x: Any, y: Any) -> str:
    """Return a line through points, as few as it needs."""
    kept = points_kept(x, y)
    return points(x[kept], y[kept])


def points(x: Any, y: Any) -> str:
    """Return a line through all points."""
    pairs = (f"{number(a)} {number(b)}" for a, b in zip(x, y, strict=True))
    return "M" + "L".join(pairs)


def points_kept(x: Any, y: Any) -> Any:
    """Return the points that a line needs so as not to be off by more than a part of a pixel."""
    kept, spans = {0, len(x) - 1}, [(0, len(x) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        dx, dy = x[end] - x[start], y[end] - y[start]
        inner = slice(start + 1, end)
        length = math.hypot(dx, dy)
        off = (
            np.abs(dx * (y[inner] - y[start]) - dy * (x[inner] - x[start])) / length
            if length else np.hypot(x[inner] - x[start], y[inner] - y[start])
        )  # fmt: skip
        if off.max() > FAINT:
            middle = start + 1 + int(off.argmax())
            kept.add(middle)
            spans += [(start, middle), (middle, end)]
    return np.array(sorted(kept))


def cells(mask: Any) -> str:
    """Return the cells of a map as rectangles, in px of its array from the bottom up."""
    parts = []
    grown: dict[tuple[int, int], int] = {}  # spans of columns, and the row from which they go
    for row, along in enumerate([*mask, np.zeros(mask.shape[1], bool)]):
        spans = _spans(along)
        for (start, end), first in list(grown.items()):
            if (start, end) not in spans:
                parts.append(f"M{start} {first}h{end - start}v{row - first}h{start - end}z")
                del grown[start, end]
        grown |= {span: row for span in spans if span not in grown}
    return "".join(parts)


def _spans(mask: Any) -> list[tuple[int, int]]:
    """Return where a mask is true, each part from its first place to behind its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(int))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
