"""Results that are cached, and that nobody who is given one can change for the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

import numpy as np


def cached(most: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Keep what a pure function gave for its last arguments, with arrays that are read-only."""

    def keeping(function: Callable[..., Any]) -> Callable[..., Any]:
        @lru_cache(maxsize=most)
        @wraps(function)
        def once(*given: Any) -> Any:
            return frozen(function(*given))

        return once

    return keeping


def frozen(value: Any) -> Any:
    """Make every array of a result read-only, and return the result."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    parts = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list | tuple):
        for part in parts:
            frozen(part)
    return value
