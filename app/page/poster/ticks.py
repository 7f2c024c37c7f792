"""Where an axis has numbers, and how they are written: as BokehJS does it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bokeh.models import (
    BasicTicker,
    BasicTickFormatter,
    FixedTicker,
    LogTicker,
    LogTickFormatter,
    NumeralTickFormatter,
)

from .written import exponential, fixed

SCIENTIFIC = (1e-3, 1e5)  # what is no larger, and no smaller, has a power of ten


def ticks_of(axis: Any, low: float, high: float) -> list[float]:
    """Return where an axis has numbers on a range."""
    start, end = _bounds(axis, low, high)
    ticker = axis.ticker
    if isinstance(ticker, FixedTicker):
        ticks = [float(one) for one in ticker.ticks]
    elif isinstance(ticker, LogTicker):
        ticks = _decades(ticker, start, end)
    elif isinstance(ticker, BasicTicker):
        ticks = _even(ticker, start, end)
    else:
        raise NotImplementedError(f"a poster knows no {type(ticker).__name__}")
    return [one for one in ticks if low <= one <= high]


def tick_texts(axis: Any, ticks: Sequence[float]) -> list[str]:
    """Return the texts of these numbers; ``10^3`` is a power."""
    formatter = axis.formatter
    if isinstance(formatter, LogTickFormatter):
        texts = _powers(ticks) or _plain(ticks)
    elif isinstance(formatter, NumeralTickFormatter) and formatter.format == "0,0":
        texts = [f"{int(fixed(one, 0)):,}" for one in ticks]
    elif isinstance(formatter, BasicTickFormatter):
        texts = _plain(ticks)
    else:
        raise NotImplementedError(f"a poster knows no {type(formatter).__name__} as it is set here")
    named = axis.major_label_overrides
    return [str(named.get(tick, text)) for tick, text in zip(ticks, texts, strict=True)]


def _bounds(axis: Any, low: float, high: float) -> tuple[float, float]:
    if axis.bounds in (None, "auto"):
        return low, high
    start, end = axis.bounds
    if end - start > high - low:
        return max(start, low), min(end, high)
    return start, end


def _interval(ticker: Any, low: float, high: float) -> float:
    """Return the round step that gives the number of ticks nearest to the desired one."""
    span, count = high - low, ticker.desired_num_ticks
    magnitude = ticker.base ** math.floor(math.log(span / count) / math.log(ticker.base))
    mantissas = [ticker.mantissas[-1] / ticker.base, *ticker.mantissas,
                 ticker.mantissas[0] * ticker.base]  # fmt: skip
    best = min(mantissas, key=lambda one: abs(count - span / (one * magnitude)))
    return float(best * magnitude)


def _even(ticker: Any, low: float, high: float) -> list[float]:
    step = _interval(ticker, low, high)
    factors = range(math.floor(low / step), math.ceil(high / step) + 1)
    return [k * step for k in factors if low <= k * step <= high]


def _decades(ticker: Any, low: float, high: float) -> list[float]:
    """Return powers of the base, or even steps where there are less than two."""
    start, end = (math.log(one) / math.log(ticker.base) for one in (low, high))
    if end - start < 2:
        return [one for one in _even(ticker, low, high) if one]
    pad = 1e-6
    first = math.ceil(start * (1 - math.copysign(pad, start)))
    last = math.floor(end * (1 + math.copysign(pad, end)))
    step = max(1, math.ceil((last - first) / 9))
    powers = [float(ticker.base) ** k for k in range(first - 1, last + 1)]
    return [one for one in powers if low <= one <= high][::step]


def _powers(ticks: Sequence[float]) -> list[str]:
    """Return ``10^k`` for each, or nothing where two that follow each other have one k."""
    exponents = [math.floor(math.log10(one) + 0.5) for one in ticks]
    if any(a == b for a, b in pairwise(exponents)):
        return []
    return [f"10^{k}".replace("-", "−") for k in exponents]


def _plain(ticks: Sequence[float]) -> list[str]:
    """Return decimals, as many as tell neighbours apart, at least three, less zeros at the end."""
    least = abs(ticks[1] - ticks[0]) / 10_000 if len(ticks) > 1 else 0
    sizes = [size for one in ticks if (size := abs(one)) > least]
    write = exponential if any(
        size <= SCIENTIFIC[0] or size >= SCIENTIFIC[1] for size in sizes
    ) else _short  # fmt: skip
    for digits in range(3, 16):
        texts = [write(one, digits) for one in ticks]
        if all(a != b for a, b in pairwise(texts)):
            break
    else:
        texts = [write(one, 3) for one in ticks]
    return [one.replace("-", "−") for one in texts]


def _short(value: float, decimals: int) -> str:
    return fixed(value, decimals).rstrip("0").rstrip(".")
