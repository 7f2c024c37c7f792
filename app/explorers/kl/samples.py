"""Points drawn from one of two Gaussians, each with its log-ratio, whose mean is a divergence."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import Gaussian, gaussian_kl

from ...contract import draws

SHOWN = 300  # points under the curve, the last ones
GOLDEN = 0.6180339887498949  # whose multiples, less their whole parts, fill 0 to 1 evenly


def drawn_from(of: Gaussian, other: Gaussian, seed: int, draw: int, base: float) -> dict[str, Any]:
    """Return what is drawn: points, log-ratios, their running mean, and how far axes reach."""
    x = of.mu + of.sigma * draws.normals(seed)[:draw]
    ratio = (of.log_pdf(x) - other.log_pdf(x)) / math.log(base)
    limit, spread = gaussian_kl(of, other, base=base), spread_of(of, other) / math.log(base)
    tables, readouts = draws.shown(ratio, limit, spread)
    heights = np.concatenate([tables["drops"]["cost"], tables["walk"]["mean"], [1.2 * limit, 0.01]])
    return {
        "tables": {**tables, **points_of(of, x, ratio)}, "readouts": readouts,
        "ranges": {
            **draws.ranges(draw),
            "running": (float(min(0.0, heights.min())), float(heights.max())),
        },
    }  # fmt: skip


def spread_of(of: Gaussian, other: Gaussian) -> float:
    """Return the standard deviation of ln(p/q) under p: a square and a multiple of a normal z."""
    scale, shift = of.sigma / other.sigma, (of.mu - other.mu) / other.sigma
    return math.sqrt(0.5 * (scale**2 - 1) ** 2 + (scale * shift) ** 2)


def points_of(of: Gaussian, x: Any, ratio: Any) -> dict[str, Any]:
    """Place the last points under the curve, those that add to the mean apart from the others."""
    first = max(0, len(x) - SHOWN)
    x, ratio, place = x[first:], ratio[first:], GOLDEN * np.arange(first + 1.0, len(x) + 1)
    y = (place - np.floor(place)) * of.pdf(x)
    adds = ratio > 0
    return {
        name: {"at": x[some], "height": y[some]}
        for name, some in (("adding", adds), ("saving", ~adds))
    }
