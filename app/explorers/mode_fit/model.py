"""One Gaussian for two modes: divergences over all Q, their optima, and steps downhill.

What depends on the target alone is cached, so that moving Q computes only what moves.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import Gaussian, Mixture, forward_kl, reverse_kl, reverse_kl_derivatives

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result

VIEW = (-8.0, 8.0)
GRID = frozen(np.linspace(*VIEW, 321))
GESTURES = ("descend_forward", "descend_reverse")
MU, SIGMA = (-6.0, 6.0), (0.2, 5.0)
COLUMNS, ROWS = 80, 60  # of the map
MAP_MU = np.linspace(*MU, 2 * COLUMNS + 1)[1::2]
MAP_SIGMA = np.linspace(*SIGMA, 2 * ROWS + 1)[1::2]
SEPARATIONS = np.linspace(0, 4, 41)
FARTHEST = 0.5  # a Newton step, in standard deviations of q
STRIDE, EASE = 0.06, 0.25  # of a step that is watched: its most, and its part of Newton's
NEAR = 0.02  # from here on a watched step is Newton's own
FOUND = 1e-7
FLAT = 0.03  # curvature below which the figure of the optima leaves one of several out
SAME = 1e-4  # as close as this, two optima are one
MOST_STEPS = 500
# What a row of the table of optima is; its words stand with the declaration.
FORWARD, BEST_REVERSE, OTHER_REVERSE = 7.0, 4.0, 1.0
PLACES = {"covering": 0.0, "right mode": 1.0, "left mode": 2.0}
MARK_SIZES = 19.0, 17.0, 11.0  # of the forward fit, the best and other reverse fits


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Move one control, or let Q go a step downhill."""
    if name not in GESTURES:
        return {name: value}
    target = target_of(state["d"], state["sigma_1"], state["sigma_2"], state["weight"])
    newton = newton_forward if name == "descend_forward" else newton_reverse
    q = state["mu"], state["sigma"]
    for _ in range(MOST_STEPS if value == "end" else 1):
        q = stepped(target, newton, *q)
    return {"mu": q[0], "sigma": q[1]}


def compute(
    d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float,
    map: str, unit: str,
) -> Result:  # fmt: skip
    """Return the densities, the map with its optima, and where the optima are as d changes."""
    shape, base = (d, sigma_1, sigma_2, weight), UNITS[unit]
    target, q = target_of(*shape), Gaussian(mu, sigma)
    best, p, optima = optima_of(*shape), target.pdf(GRID), marks_of(*shape, base)
    least, flags = optima["divergence"], verdict(best, target)
    return Result(
        tables={
            "curves": {"x": GRID, "p": p, "q": q.pdf(GRID)},
            "map": map_of(*shape, map),
            "optima": optima,
            "branches": branches_of(sigma_1, sigma_2, weight),
            "separation": separation_of(d),
            "here": {"mu": np.array([mu]), "sigma": np.array([sigma])},
        },
        readouts={
            "forward_kl": forward_kl(target, mu, sigma, base=base),
            "reverse_kl": reverse_kl(target, mu, sigma, base=base),
            "forward_best": float(least[0]), "reverse_best": float(least[1]),
            "forward_mu": float(best[0][0]), "forward_sigma": float(best[1][0]),
            "reverse_mu": float(best[0][1]), "reverse_sigma": float(best[1][1]),
            **grid_recipe(target, q, base),
        },
        ranges={"density": (0.0, 1.1 * float(max(p.max(), 0.3989 / max(sigma, 0.5))))},
        flags={
            **flags,
            "forward_done": is_done(newton_forward(target, mu, sigma)),
            "reverse_done": is_done(newton_reverse(target, mu, sigma)),
        },
    )  # fmt: skip


@cached(64)
def target_of(d: float, sigma_1: float, sigma_2: float, weight: float) -> Mixture:
    """Return the target, its modes at −d and d."""
    return Mixture((weight, 1 - weight), (Gaussian(-d, sigma_1), Gaussian(d, sigma_2)))


@cached(4)
def map_of(
    d: float, sigma_1: float, sigma_2: float, weight: float, direction: str
) -> dict[str, Any]:
    """Return the divergence, in nats, at the middle of each of the map's cells."""
    divergence = forward_kl if direction == "D(P‖Q)" else reverse_kl
    target = target_of(d, sigma_1, sigma_2, weight)
    return {"image": [divergence(target, MAP_MU, MAP_SIGMA[:, None], base=math.e)]}


@cached(4)
def optima_of(d: float, sigma_1: float, sigma_2: float, weight: float) -> Any:
    """Return μ, σ and least divergence in nats: of the forward fit, then of the reverse fits."""
    target = target_of(d, sigma_1, sigma_2, weight)
    mu, sigma, upward = _descended(target, *_starts(target))
    places = _distinct(mu, sigma, upward > 0)
    cost = np.atleast_1d(reverse_kl(target, mu[places], sigma[places], base=math.e))
    order = [places[i] for i in np.lexsort((mu[places], np.round(cost, 9)))]
    least = forward_kl(target, target.mean, target.sigma, base=math.e)
    mu, sigma = mu[order], sigma[order]
    return (
        np.array([target.mean, *mu]),
        np.array([target.sigma, *sigma]),
        np.array([least, *np.atleast_1d(reverse_kl(target, mu, sigma, base=math.e))]),
    )


@cached(4)
def branches_of(sigma_1: float, sigma_2: float, weight: float) -> dict[str, Any]:
    """Return the reverse fits for every separation, each search starting from the one before."""
    rows: list[tuple[float, float, float, float]] = []
    alive: list[int] = []
    mu = sigma = np.zeros(3)
    for d in SEPARATIONS[::-1]:
        target = target_of(float(d), sigma_1, sigma_2, weight)
        fresh = _starts(target)
        keeps = np.isin(np.arange(3), alive)
        mu, sigma, upward = _descended(
            target, np.where(keeps, mu, fresh[0]), np.where(keeps, sigma, fresh[1])
        )
        alive = _distinct(mu, sigma, upward > FLAT) or _distinct(mu, sigma, upward > 0)
        cost = np.atleast_1d(reverse_kl(target, mu[alive], sigma[alive], base=math.e))
        least = np.round(cost, 9) == np.round(cost, 9).min(initial=math.inf)
        rows += [(float(d), mu[i], sigma[i], float(is_least))
                 for i, is_least in zip(alive, least, strict=True)]  # fmt: skip
    columns = np.array(sorted(rows, key=lambda row: row[0])).T
    return dict(zip(("d", "mu", "sigma", "best"), columns, strict=True))


def _starts(target: Mixture) -> tuple[Any, Any]:
    """Return where searches begin: on both modes, and covering both."""
    left, right = target.components
    return np.array([left.mu, target.mean, right.mu]), np.array(
        [left.sigma, target.sigma, right.sigma]
    )


def _descended(target: Mixture, mu: Any, sigma: Any) -> tuple[Any, Any, Any]:
    """Return where Newton's steps lead, and the least curvature there."""
    upward = np.zeros(len(mu))
    for _ in range(60):
        gradient, hessian = reverse_kl_derivatives(target, mu, sigma)
        step, upward = _step(gradient, hessian)
        step *= np.minimum(1, FARTHEST / np.maximum(np.hypot(*step), 1e-300))
        mu, sigma = mu - sigma * step[0], sigma * np.exp(-step[1])
        if abs(step).max() < 1e-11:
            break
    return mu, sigma, upward


def _step(gradient: Any, hessian: Any) -> tuple[Any, Any]:
    """Return Newton's step downhill, the curvature raised where it is not, and the curvature."""
    a, b, c = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    least = 0.5 * (a + c) - np.hypot(0.5 * (a - c), b)
    raised = np.maximum(0.0, 0.1 - least)
    raised = np.where(least > 0.01, 0.0, raised)
    a, c = a + raised, c + raised
    determinant = a * c - b * b
    u, v = gradient[..., 0], gradient[..., 1]
    return np.array([(c * u - b * v) / determinant, (a * v - b * u) / determinant]), least


def _distinct(mu: Any, sigma: Any, is_minimum: Any) -> list[int]:
    """Return which of the ends of the searches are minima, each once: covering, left, right."""
    minima: list[int] = []
    for i in (1, 0, 2):
        near = [abs(mu[i] - mu[j]) + abs(sigma[i] - sigma[j]) < SAME for j in minima]
        if is_minimum[i] and not any(near):
            minima.append(i)
    return sorted(minima)


def newton_forward(target: Mixture, mu: float, sigma: float) -> Any:
    """Return Newton's step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …)."""
    z, r = (target.mean - mu) / sigma, target.sigma / sigma
    square = z * z + r * r
    gradient = np.array([-z, 1 - square])
    hessian = np.array([[1.0, 2 * z], [2 * z, 2 * square]])
    return _step(gradient, hessian)[0]


def newton_reverse(target: Mixture, mu: float, sigma: float) -> Any:
    """Return Newton's step for D(Q‖P)."""
    return _step(*reverse_kl_derivatives(target, mu, sigma))[0]


def is_done(step: Any) -> bool:
    """Say whether a step is too small to matter: Q has arrived."""
    return bool(np.hypot(*step) < FOUND)


def stepped(target: Mixture, newton: Any, mu: float, sigma: float) -> tuple[float, float]:
    """Return Q after a step that the eye can follow; none where it has arrived."""
    step = newton(target, mu, sigma)
    size = float(np.hypot(*step))
    if is_done(step):
        return mu, sigma
    if size > NEAR:
        step = step * min(EASE, STRIDE / size)
    moved = mu - sigma * float(step[0]), sigma * math.exp(-float(step[1]))
    return min(max(moved[0], MU[0]), MU[1]), min(max(moved[1], SIGMA[0]), SIGMA[1])


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
    d: float, sigma_1: float, sigma_2: float, weight: float, base: float
) -> dict[str, Any]:
    """Return the table of the optima, in the unit of ``base``, with how the map marks each."""
    best = optima_of(d, sigma_1, sigma_2, weight)
    return {
        "kind": kinds_of(best, target_of(d, sigma_1, sigma_2, weight)),
        "mu": best[0], "sigma": best[1], "divergence": best[2] / math.log(base),
        "size": np.array([MARK_SIZES[0], *np.where(are_best(best), *MARK_SIZES[1:])]),
        "marker": ["diamond", *["circle"] * (len(best[0]) - 1)],
    }  # fmt: skip


@cached(4)
def separation_of(d: float) -> dict[str, Any]:
    """Return the table of the separation alone: a moving Q leaves its figure as it is."""
    return {"d": np.array([d])}


def kinds_of(best: Any, target: Mixture) -> Any:
    """Return what each optimum is: the forward fit and, by rank and place, the reverse fits."""
    ranks = np.where(are_best(best), BEST_REVERSE, OTHER_REVERSE)
    places = [PLACES[place] for place in _places(best, target)]
    return np.array([FORWARD, *(ranks + places)])


def _places(best: Any, target: Mixture) -> list[str]:
    """Say of each reverse fit whether it sits on one mode, and on which."""
    modes = dict(zip(("left mode", "right mode"), target.components, strict=True))
    return [
        next((name for name, one in modes.items() if _is_on(one, mu, sigma)), "covering")
        for mu, sigma in zip(best[0][1:], best[1][1:], strict=True)
    ]


def _is_on(mode: Gaussian, mu: float, sigma: float) -> bool:
    return abs(mu - mode.mu) < 0.5 * abs(mode.mu) and sigma < 1.4 * mode.sigma


def verdict(best: Any, target: Mixture) -> dict[str, bool]:
    """Return what the best reverse fit does, and whether there are others worth a word."""
    places = _places(best, target)
    covers, either = places[0] == "covering", bool(are_best(best).sum() > 1)
    return {
        "covers": covers,
        "has_others": covers and len(places) > 1,
        "seeks_either": not covers and either,
        "seeks_left": not covers and not either and places[0] == "left mode",
        "seeks_right": not covers and not either and places[0] == "right mode",
        "covering_too": not covers and "covering" in places,
    }
