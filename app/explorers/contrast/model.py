"""A game of N candidates: what one round costs, what rounds cost on average, and the bound on I."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import gaussian_info_nce

from ...contract import draws
from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .rounds import MOST_CANDIDATES, losses, lost, played, scores

COUNTS = (1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, MOST_CANDIDATES)
VIEW = 4.2  # of y, to either side
WIDE = 7.0  # widths to either side of the best y to which the shares are drawn
NOISE = 1e-9  # nats that a quadrature may be off
NAMED, LOWER = 0.82, 0.5  # of the picture's height, where the name of log N stands: lower where
NEAR = 0.7  # the line of I is at least so high
ACROSS = frozen(np.linspace(-1, 1, 241))


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Play, or move one control; another game begins with its first round."""
    if name == "next_round":
        return draws.move_draws(state, "draw_1")
    if name in draws.GESTURES:
        drawn = draws.move_draws(state, name)
        return {**drawn, "draw": max(drawn["draw"], 1)}
    other = name in ("rho", "candidates", "temperature") and value != state[name]
    return {name: value, "draw": 1} if other else {name: value}


def compute(
    rho: float, candidates: int, temperature: float, draw: int, seed: int, unit: str
) -> Result:
    """Return the bound against N, the round that was played last, and all that were drawn."""
    base, log_n = UNITS[unit], math.log(candidates)
    scale, game = math.log(base), (rho, candidates, temperature)
    curve, information = bounds_of(rho, temperature, base), information_of(rho) / scale
    loss, bound, spread = map(
        float, gaussian_info_nce(rho, candidates, temperature=temperature, base=base)
    )
    shown = round_of(seed, max(draw, 1) - 1, *game)
    gain = (log_n - shown["loss"]) / scale
    costs = (log_n - losses(seed, draw, *game)) / scale
    tables, counted = draws.shown(costs, bound, spread)
    low, top = min(0.0, float(curve["bound"].min()), bound), top_of(curve, information, gain, scale)
    beneath = gain < low
    heights = [*tables["drops"]["cost"], *tables["walk"]["mean"], log_n / scale, 0.1]
    return Result(
        tables={
            "bounds": curve,
            "here": here_of(rho, candidates, bound, top, scale),
            "seen": marked(candidates, gain, not beneath),
            "beneath": marked(candidates, low, beneath),
            **shown["tables"], **tables,
        },
        readouts={
            "bound": bound, "info_nce": loss, "mutual_information": information,
            "ceiling": log_n / scale, "round_loss": shown["loss"] / scale, "round_bound": gain,
            "round_share": shown["share"], "round_x": shown["x"], **counted,
        },
        ranges={
            "height": (low, top),
            "share": (0.0, shown["highest"]), **draws.ranges(draw),
            "running": (min(0.0, *heights), max(heights)),
        },
        flags={
            "above": gain > information, "beneath": beneath, "endless": information == math.inf,
            "worse": bound < -NOISE, "certain": candidates == 1 or abs(rho) == 1,
        },
    )  # fmt: skip


def information_of(rho: float) -> float:
    """Return −½ ln(1 − ρ²)."""
    if abs(rho) == 1:
        return math.inf
    return -0.5 * (math.log1p(rho) + math.log1p(-rho)) if rho else 0.0


@cached(8)
def bounds_of(rho: float, temperature: float, base: float) -> dict[str, Any]:
    """Return what moves with ρ and τ alone, the very same table, so that it is sent once."""
    counts = np.array(COUNTS, dtype=float)
    _, bound, _ = gaussian_info_nce(rho, counts, temperature=temperature, base=base)
    information = information_of(rho) / math.log(base)
    return {"n": counts, "ceiling": np.log(counts) / math.log(base),
            "information": np.full(len(counts), information), "bound": bound}  # fmt: skip


def top_of(curve: dict[str, Any], information: float, gain: float, scale: float) -> float:
    """Return how far the picture of the bound reaches: to I, or to log N where that is less."""
    most = float(curve["ceiling"][-1])
    return max(1.1 * min(information, most), 1.05 * gain, 0.5 / scale)


def here_of(rho: float, count: int, bound: float, top: float, scale: float) -> dict[str, Any]:
    """Return the bound at the present N, and where the names of log N and of I stand."""
    information = information_of(rho) / scale
    named = top * (NAMED if information < NEAR * top else LOWER)
    cells = {
        "rho": rho, "n": float(count), "bound": bound, "ceiling": math.log(count) / scale,
        "named_n": math.exp(named * scale), "named": named, "information": information,
    }  # fmt: skip
    return {name: np.array([cell]) for name, cell in cells.items()}


def marked(candidates: int, height: float, there: bool) -> dict[str, Any]:
    """Return a mark at the present N, or none."""
    return {"n": np.array([float(candidates)] * there), "height": np.array([height] * there)}


def round_of(seed: int, place: int, rho: float, count: int, tau: float) -> dict[str, Any]:
    """Return a round: where its candidates are, the share of each, and where shares would be."""
    x, y, missed, behind = (
        one[0] for one in played(seed, place, place + 1, rho, count, tau)
    )  # fmt: skip
    share = 1 / (1 + float(np.exp(behind).sum()))
    shares = share * np.exp(behind)
    at = curve_places(float(x), rho, tau)
    would = share * np.exp(scores(x, at, missed, rho, tau))
    return {
        "x": float(x), "share": share,
        "loss": float(lost(seed, place, place + 1, rho, count, tau)[0]),
        "highest": float(max(share, shares.max(initial=0.0))),
        "tables": {
            "partner": {"y": y[:1], "share": np.array([share])},
            "strangers": {"y": y[1:], "share": shares},
            "would": {"y": at, "share": would},
        },
    }  # fmt: skip


def curve_places(x: float, rho: float, tau: float) -> Any:
    """Return places around the best y, x/ρ, as close as the peak is narrow."""
    sigma = math.sqrt((1 - rho) * (1 + rho))
    width = WIDE * math.sqrt(tau) * sigma
    if width >= 2 * VIEW * abs(rho):
        return 2 * VIEW * ACROSS
    return max(-VIEW, min(VIEW, x / rho)) + width / abs(rho) * ACROSS
