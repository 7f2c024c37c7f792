"""The surprise of one event, and of two that are independent; model.js is its twin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import information_content

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result

LEAST = 1e-12  # where the logarithmic picture begins, or earlier where p does
# Closer where the curve is steep; and a point a power of ten, down to the least normal double.
EVEN = frozen((np.arange(1, 151) / 150) ** 3)
POWERS = frozen(-np.arange(308.0))
WEATHER = {"sun": 0.5, "cloud": 0.25, "rain": 0.15, "snow": 0.1}
RARE = {
    "ten heads": 1 / 1024,
    "six right of 49": 1 / 13_983_816,  # the number of ways to choose 6 of 49
}
HIGHEST, HIGHEST_POWER = 6.0, 40.0  # bits that the pictures show at least
FAR = 100.0  # times what is finite: an infinite bar reaches beyond any axis


def compute(p: float, p_2: float, scale: str, unit: str) -> Result:
    """Return the curve, the reader's point on it, and the surprises of two events as bars."""
    base = UNITS[unit]
    surprise, second = (float(information_content(one, base=base)) for one in (p, p_2))
    bit, finite = math.log(2) / math.log(base), surprise if p > 0 else 0.0
    return Result(
        tables={
            **_curves(base), "here": _here(p, surprise),
            "stack": _stack(p, p_2, surprise, second, bit),
        },
        readouts={
            "surprise": surprise, "surprise_2": second, "surprise_sum": surprise + second,
            "both": p * p_2,
        },
        ranges={
            "height": (0.0, max(HIGHEST * bit, 1.1 * finite)),
            "height_power": (0.0, max(HIGHEST_POWER * bit, 1.1 * finite)),
            "power": (_lowest(p), 2.0),
            "amount": (0.0, _longest(surprise, second, bit)),
        },
        flags={
            "curve": scale == "linear", "powers": scale == "logarithmic",
            "endless": p == 0, "possible": p > 0, "never": 0 in (p, p_2),
            "tiny": p * p_2 == 0 and 0 not in (p, p_2),
        },
    )  # fmt: skip


@cached(2)
def _curves(base: float) -> dict[str, Any]:
    """Return what no move changes, the very same tables, so that they are sent once."""
    tenths = [float(f"1e{power:.0f}") for power in POWERS]
    named = {"weather": WEATHER, "rare": RARE}
    return {
        "curve": _points(EVEN, base), "powers": {"power": POWERS, **_points(tenths, base)},
        **{name: {"label": [*some], **_points([*some.values()], base)}
           for name, some in named.items()},
    }  # fmt: skip


def _points(p: Any, base: float) -> dict[str, Any]:
    return {"p": np.asarray(p), "y": information_content(p, base=base)}


def _lowest(p: float) -> float:
    """Return where the logarithmic picture begins: LEAST, or below p where that is less."""
    return max(min(LEAST, p / 2), 5e-324) if p > 0 else LEAST


def _here(p: float, surprise: float) -> dict[str, Any]:
    """Return the reader's point; p = 0, which is on no logarithmic axis, stands at its left."""
    endless = surprise == math.inf
    return {
        "p": np.array([p]), "at": np.array([p if p > 0 else LEAST]), "y": np.array([surprise]),
        "top": np.array([FAR * HIGHEST_POWER if endless else surprise]),
    }  # fmt: skip


def _longest(surprise: float, second: float, bit: float) -> float:
    """Return how far the bars reach that are not infinite."""
    return max(4 * bit, sum(one for one in (surprise, second) if one < math.inf))


def _stack(p: float, p_2: float, surprise: float, second: float, bit: float) -> dict[str, Any]:
    """Return the bars: two surprises end to end, and that of both events below them."""
    far = FAR * _longest(surprise, second, bit)
    first, both = min(surprise, far), min(surprise + second, far)
    left, right = np.array([0.0, first, 0.0]), np.array([first, both, both])
    return {
        "name": ["first", "second", "both"], "p": np.array([p, p_2, p * p_2]),
        "surprise": np.array([surprise, second, surprise + second]),
        "left": left, "right": right, "part": (right - left) / both if both else np.zeros(3),
        "bottom": np.array([1.1, 1.1, 0.1]), "top": np.array([1.9, 1.9, 0.9]),
        "at": np.array([1.5, 1.5, 0.5]), "alpha": np.array([0.75, 0.4, 0.75]),
    }  # fmt: skip
