"""Words in lines, for pictures: of several looks, and texts token by token."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from .ink import SAFE, number, width_of
from .written import Run

MONOSPACE = "ui-monospace, Menlo, Consolas, monospace"
LETTER = 0.602  # of the size of a monospaced font is a letter wide
TOKEN, TOKEN_LINE = 16, 28  # px
MOST_LINES = 8  # of a text
DEEPEST = 0.46  # of the colour of Q has the most surprising token


def wrapped(runs: Sequence[Run], width: float, size: float) -> list[list[Run]]:
    """Return words in lines that are no wider than so many px."""
    lines: list[list[Run]] = [[]]
    at = 0.0
    for word in _words(runs):
        wide = sum(SAFE * width_of(run.text, run.size or size, run.bold) for run in word)
        if lines[-1] and at + wide - width_of(" ", size) > width:
            lines.append([])
            at = 0
        lines[-1] += word
        at += wide
    return lines


def _words(runs: Sequence[Run]) -> Iterable[list[Run]]:
    """Return what may not be broken, each with the space behind it; looks may change inside."""
    word: list[Run] = []
    for run in runs:
        for piece in re.findall(r"\S+\s*|\s+", re.sub(r"\s+", " ", run.text)):
            word.append(run._replace(text=piece))
            if piece[-1].isspace():
                yield word
                word = []
    if word:
        yield word


def line(runs: Sequence[Run], x: float, y: float, role: str, size: float) -> str:
    """Return a line of words of several looks."""
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1][1:] == run[1:]:
            merged[-1] = run._replace(text=merged[-1].text + run.text)
        else:
            merged.append(run)
    spans = "".join(map(_span, merged))
    return (
        f'<text x="{number(x)}" y="{number(y)}" fill="var(--{role})" '
        f'font-size="{number(size)}">{spans}</text>'
    )


def _span(run: Run) -> str:
    words = escape(run.text, quote=False)
    look = f' fill="var(--{run.role})"' if run.role else ""
    look += ' font-weight="700"' if run.bold else ""
    look += f' font-size="{number(run.size)}"' if run.size else ""
    return f"<tspan{look}>{words}</tspan>" if look else words


def token_lines(table: Any, width: float, most: int = MOST_LINES) -> list[list[tuple[str, float]]]:
    """Return the tokens of a text, each with its heat, in so many lines that are cut at a width."""
    letters, at = int(width / (LETTER * TOKEN)), 0
    lines: list[list[tuple[str, float]]] = [[]]
    for token, heat in zip(table["token"], table["heat"], strict=True):
        text = token.replace("\t", " ").replace("\n", "↵")[:letters]
        if at + _cells(text) > letters:
            if len(lines) == most:
                lines[-1].append((" …", 0.0))
                return lines
            lines.append([])
            at, text = 0, text.lstrip()
        lines[-1].append((text, float(heat)))
        at += _cells(text)
    return lines


def token_line(tokens: Sequence[tuple[str, float]], x: float, y: float) -> str:
    """Return a line of tokens, each on a ground as deep as its heat."""
    parts = []
    for text, heat in tokens:
        wide, bare = _cells(text) * LETTER * TOKEN, text.lstrip()
        begins = x + (_cells(text) - _cells(bare)) * LETTER * TOKEN
        if heat:
            parts.append(
                f'<rect x="{number(x)}" y="{number(y - 18)}" width="{number(wide)}" height="24" '
                f'rx="3" fill="var(--q)" fill-opacity="{heat * DEEPEST:.2f}"/>'
            )
        parts.append(
            f'<text x="{number(begins)}" y="{number(y)}">{escape(bare, quote=False)}</text>'
        )
        x += wide
    look = f'font-family="{MONOSPACE}" font-size="{TOKEN}" fill="var(--ink)"'
    return f"<g {look}>{''.join(parts)}</g>"


def _cells(text: str) -> int:
    """Return how many letters of a monospaced font are as wide."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )
