"""One Gaussian for two modes: divergences over all Q, their optima, and steps downhill.

What depends on the target alone is cached, so that moving Q computes only what moves.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import Gaussian, Mixture, forward_kl, reverse_kl

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .averages import divergences, reverse_map
from .descent import (
    MU,
    SIGMA,
    WAYS,
    ends_of,
    is_done,
    length_of_race,
    path_of,
    stepped,
    target_of,
    track_of,
    trail,
)

VIEW = (-8.0, 8.0)
GRID = frozen(np.linspace(*VIEW, 321))
GESTURES = {"descend_forward": "forward", "descend_reverse": "reverse"}
START = ("d", "sigma_1", "sigma_2", "weight", "mu", "sigma")  # of a race, which a change ends
COLUMNS, ROWS = 80, 60  # of the map
MAP_MU = np.linspace(*MU, 2 * COLUMNS + 1)[1::2]
MAP_SIGMA = np.linspace(*SIGMA, 2 * ROWS + 1)[1::2]
SEPARATIONS = np.linspace(0, 4, 41)
FLAT = 0.03  # curvature below which the figure of the optima leaves one of several out
SAME = 1e-4  # as close as this, two optima are one
COVERED = 2.5  # standard deviations of q within which it covers a mode
# What a row of the table of optima is; its words stand with the declaration.
FORWARD, BEST_REVERSE, OTHER_REVERSE = 9.0, 5.0, 1.0
PLACES = {"covering": 0.0, "right mode": 1.0, "left mode": 2.0, "only mode": 3.0}
FORWARD_MAP = "D(P‖Q)"
MARK_SIZES = 19.0, 17.0, 11.0  # of the forward fit, the best and other reverse fits


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Move one control, or let Q go a step downhill, or two racers from where it is."""
    start = [float(state[one]) for one in START]
    if name == "race":
        left = max(0, length_of_race(*start) - state["steps"])
        return {"steps": state["steps"] + (left if value == "end" else min(1, left))}
    if name in GESTURES:
        way = GESTURES[name]
        q = path_of(*start, way)[:, -1] if value == "end" else stepped(way, *start)
        mu, sigma = (math.floor(1e9 * float(one) + 0.5) / 1e9 for one in q)  # as the twin does
        return {"mu": mu, "sigma": sigma, "steps": 0}
    return {name: value, "steps": 0} if name in START else {name: value}


def compute(
    d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float,
    steps: int, map: str, optima: str, unit: str,
) -> Result:  # fmt: skip
    """Return the densities, the map with its optima and the race, and the optima against d."""
    shape, base = (d, sigma_1, sigma_2, weight), UNITS[unit]
    target, q = target_of(*shape), Gaussian(mu, sigma)
    best, p, shown = optima_of(*shape), target.pdf(GRID), optima == "shown"
    marks = marks_of(*shape, base, shown)
    least, flags = marks["divergence"], verdict(best, modes_of(*shape))
    forward_of_q = forward_kl(target, mu, sigma, base=base)
    reverse_of_q = reverse_kl(target, mu, sigma, base=base)
    is_forward = map == FORWARD_MAP
    tracks = {way: track_of(steps, *shape, mu, sigma, way) for way in WAYS}
    forward, reverse = (Gaussian(*track[:, -1].tolist()) for track in tracks.values())
    narrowest = min(sigma, forward.sigma, reverse.sigma)
    return Result(
        tables={
            "curves": {"x": GRID, "p": p, "q": q.pdf(GRID),
                       "forward": forward.pdf(GRID), "reverse": reverse.pdf(GRID)},
            "race_forward": trail(tracks["forward"]), "race_reverse": trail(tracks["reverse"]),
            "map": map_of(*shape, map),
            "optima": marks,
            "branches": branches_of(sigma_1, sigma_2, weight),
            "separation": separation_of(d),
            "here": {
                "mu": np.array([mu]), "sigma": np.array([sigma]),
                "peak": np.array([q.pdf(mu)]), "right": np.array([mu + sigma]),
                "shoulder": np.array([q.pdf(mu + sigma)]),
            },
        },
        readouts={
            "map_kl": forward_of_q if is_forward else reverse_of_q,
            "forward_kl": forward_of_q, "reverse_kl": reverse_of_q,
            "forward_best": float(least[0]), "reverse_best": float(least[1]),
            "forward_mu": float(best[0][0]), "forward_sigma": float(best[1][0]),
            "reverse_mu": float(best[0][1]), "reverse_sigma": float(best[1][1]),
            "race_forward": forward_kl(target, forward.mu, forward.sigma, base=base),
            "race_reverse": reverse_kl(target, reverse.mu, reverse.sigma, base=base),
            "race_forward_mu": forward.mu, "race_forward_sigma": forward.sigma,
            "race_reverse_mu": reverse.mu, "race_reverse_sigma": reverse.sigma,
            **grid_recipe(target, q, base),
        },
        ranges={"density": (0.0, 1.1 * float(max(p.max(), 0.3989 / max(narrowest, 0.5))))},
        flags={
            **flags,
            "optima_shown": shown, "map_forward": is_forward, "map_reverse": not is_forward,
            "forward_done": is_done(WAYS["forward"](shape, mu, sigma)),
            "reverse_done": is_done(WAYS["reverse"](shape, mu, sigma)),
            "densities": not steps, "race_forward": bool(steps), "race_reverse": bool(steps),
            "race_done": bool(steps) and steps >= length_of_race(*shape, mu, sigma),
        },
    )  # fmt: skip


@cached(4)
def modes_of(d: float, sigma_1: float, sigma_2: float, weight: float) -> Any:
    """Return where the target's density has its one maximum or its two, from left to right.

    They lie between the components' means: further out every component falls. Means no more than
    two of the smaller standard deviation apart have one (Behboodian, "On the modes of a mixture of
    two normal distributions", 1970).
    """
    x = np.linspace(-d, d, 401)
    height = np.asarray(target_of(d, sigma_1, sigma_2, weight).log_pdf(x))
    if d <= min(sigma_1, sigma_2):
        return x[[height.argmax()]]
    rises = np.diff(height) > 0
    return x[np.append(True, rises) & ~np.append(rises, False)]


@cached(4)
def map_of(
    d: float, sigma_1: float, sigma_2: float, weight: float, direction: str
) -> dict[str, Any]:
    """Return the divergence, in nats, at the middle of each of the map's cells."""
    target = target_of(d, sigma_1, sigma_2, weight)
    if direction == FORWARD_MAP:
        return {"image": [forward_kl(target, MAP_MU, MAP_SIGMA[:, None], base=math.e)]}
    return {"image": [reverse_map(target, MAP_MU, MAP_SIGMA)]}


@cached(4)
def optima_of(d: float, sigma_1: float, sigma_2: float, weight: float) -> Any:
    """Return μ, σ and least divergence in nats: of the forward fit, then of the reverse fits."""
    target = target_of(d, sigma_1, sigma_2, weight)
    mu, sigma, upward = ends_of(np.array([d]), sigma_1, sigma_2, weight)[:, 0]
    fits = _distinct(mu, sigma, upward > 0)
    mu, sigma = mu[fits], sigma[fits]
    cost = divergences((d, sigma_1, sigma_2, weight), mu, sigma)
    order = np.lexsort((mu, np.round(cost, 9)))
    least = forward_kl(target, target.mean, target.sigma, base=math.e)
    return (
        np.array([target.mean, *mu[order]]),
        np.array([target.sigma, *sigma[order]]),
        np.array([least, *cost[order]]),
    )


@cached(4)
def branches_of(sigma_1: float, sigma_2: float, weight: float) -> dict[str, Any]:
    """Return the reverse fits for every separation."""
    mu, sigma, upward = ends_of(SEPARATIONS, sigma_1, sigma_2, weight)
    lasting = _distinct(mu, sigma, upward > FLAT)
    any_lasts = lasting.any(axis=1, keepdims=True)
    fits = np.where(any_lasts, lasting, _distinct(mu, sigma, upward > 0))
    at, mu, sigma = np.nonzero(fits)[0], mu[fits], sigma[fits]
    d, cost, least = SEPARATIONS[at], np.zeros(len(at)), np.full(len(SEPARATIONS), math.inf)
    several = fits.sum(axis=1)[at] > 1
    shape = d[several], sigma_1, sigma_2, weight
    cost[several] = np.round(divergences(shape, mu[several], sigma[several]), 9)
    np.minimum.at(least, at, cost)
    return {"d": d, "mu": mu, "sigma": sigma, "best": (cost == least[at]).astype(float)}


def _distinct(mu: Any, sigma: Any, is_minimum: Any) -> Any:
    """Say of the ends of three searches, in the last axis, which are minima, each once."""
    apart = [abs(one[..., None] - one[..., None, :]) for one in (mu, sigma)]
    again = (sum(apart) < SAME) & is_minimum[..., None, :] & np.tri(3, k=-1, dtype=bool)
    return is_minimum & ~again.any(axis=-1)


def grid_recipe(target: Mixture, q: Gaussian, base: float) -> dict[str, Any]:
    """Return what 1 000 points on ±6, each density summing to 1, clipped at 1e-12, would give."""
    x = np.linspace(-6, 6, 1000)
    p, q_grid = (np.maximum(f / np.sum(f), 1e-12) for f in (target.pdf(x), q.pdf(x)))
    log_ratio = np.log(p / q_grid) / math.log(base)
    return {
        "recipe_forward": float(p @ log_ratio),
        "recipe_reverse": float(q_grid @ -log_ratio),
    }


def are_best(best: Any) -> Any:
    """Say of each reverse fit whether none is better."""
    return np.round(best[2][1:], 9) == np.round(best[2][1], 9)


@cached(4)
def marks_of(
    d: float, sigma_1: float, sigma_2: float, weight: float, base: float, shown: bool
) -> dict[str, Any]:
    """Return the table of the optima, in the unit of ``base``, with how the map marks each."""
    best = optima_of(d, sigma_1, sigma_2, weight)
    return {
        "kind": kinds_of(best, modes_of(d, sigma_1, sigma_2, weight)),
        "mu": best[0], "sigma": best[1], "divergence": best[2] / math.log(base),
        "size": np.array([MARK_SIZES[0], *np.where(are_best(best), *MARK_SIZES[1:])]),
        "marker": ["diamond", *["circle"] * (len(best[0]) - 1)],
        "seen": np.full(len(best[0]), float(shown)),
    }  # fmt: skip


@cached(4)
def separation_of(d: float) -> dict[str, Any]:
    """Return the table of the separation alone: a moving Q leaves its figure as it is."""
    return {"d": np.array([d])}


def kinds_of(best: Any, modes: Any) -> Any:
    """Return what each optimum is: the forward fit and, by rank and place, the reverse fits."""
    ranks = np.where(are_best(best), BEST_REVERSE, OTHER_REVERSE)
    places = [PLACES[place] for place in _places(best, modes)]
    return np.array([FORWARD, *(ranks + places)])


def _places(best: Any, modes: Any) -> list[str]:
    """Say of each reverse fit whether it covers both modes, or one and which."""
    if len(modes) == 1:
        return ["only mode"] * (len(best[0]) - 1)
    away = abs(modes - best[0][1:, None]) / best[1][1:, None]
    return [
        "covering" if far.max() < COVERED else ("left mode", "right mode")[far.argmin()]
        for far in away
    ]


def verdict(best: Any, modes: Any) -> dict[str, bool]:
    """Return what the best reverse fit does, and whether there are others worth a word."""
    places = _places(best, modes)
    covers, seeks = places[0] == "covering", places[0] in ("left mode", "right mode")
    either = bool(are_best(best).sum() > 1)
    return {
        "one_mode": len(modes) == 1,
        "covers": covers,
        "has_others": covers and len(places) > 1,
        "seeks_either": seeks and either,
        "seeks_left": not either and places[0] == "left mode",
        "seeks_right": not either and places[0] == "right mode",
        "covering_too": seeks and "covering" in places,
    }
