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
STRIDE, SEARCH = 0.06, 1.0  # a step is shorter, in standard deviations of q: watched, or searching
LEAST_CURVATURE = 1e-3  # to which a step raises it, so that a saddle is left at a finite pace
FOUND = 1e-7
FLAT = 0.03  # curvature below which the figure of the optima leaves one of several out
SAME = 1e-4  # as close as this, two optima are one
COVERED = 2.5  # standard deviations of q within which it covers a mode
MOST_STEPS = 500
# What a row of the table of optima is; its words stand with the declaration.
FORWARD, BEST_REVERSE, OTHER_REVERSE = 9.0, 5.0, 1.0
PLACES = {"covering": 0.0, "right mode": 1.0, "left mode": 2.0, "only mode": 3.0}
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
    least, flags = optima["divergence"], verdict(best, modes_of(*shape))
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
    """Return the target, its components centred at −d and d."""
    return Mixture((weight, 1 - weight), (Gaussian(-d, sigma_1), Gaussian(d, sigma_2)))


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
    """Return where searches begin: on both components, and covering both.

    The fit that covers both hardly heeds their weights: its search starts from equal ones.
    """
    left, right = target.components
    both = Mixture((0.5, 0.5), target.components)
    return np.array([left.mu, both.mean, right.mu]), np.array([left.sigma, both.sigma, right.sigma])


def _descended(target: Mixture, mu: Any, sigma: Any) -> tuple[Any, Any, Any]:
    """Return where steps downhill lead, and the least curvature there."""
    upward = np.zeros(len(mu))
    for _ in range(60):
        gradient, hessian = reverse_kl_derivatives(target, mu, sigma)
        step, upward = _step(gradient, hessian, SEARCH)
        mu, sigma = mu - sigma * step[0], sigma * np.exp(-step[1])
        if abs(step).max() < FOUND:  # what is left is about the square of that
            break
    return mu, sigma, upward


def _step(gradient: Any, hessian: Any, stride: float) -> tuple[Any, Any]:
    """Return a step downhill, shorter than ``stride``, and the least curvature.

    It is Newton's with the curvature raised in proportion to the slope (Ueda and Yamashita,
    "Convergence properties of the regularized Newton method for the unconstrained nonconvex
    optimization", 2010): on a steep slope that is steepest descent, near a minimum Newton's own.
    """
    a, b, c = hessian[..., 0, 0], hessian[..., 0, 1], hessian[..., 1, 1]
    least = 0.5 * (a + c) - np.hypot(0.5 * (a - c), b)
    u, v = gradient[..., 0], gradient[..., 1]
    raised = np.maximum(0.0, LEAST_CURVATURE - least) + np.hypot(u, v) / stride
    a, c = a + raised, c + raised
    determinant = a * c - b * b
    return np.array([(c * u - b * v) / determinant, (a * v - b * u) / determinant]), least


def _distinct(mu: Any, sigma: Any, is_minimum: Any) -> list[int]:
    """Return which of the ends of the searches are minima, each once.

    The search that began covering both comes last: where it ends with another, it is the one that
    begins anew at the next separation.
    """
    minima: list[int] = []
    for i in (0, 2, 1):
        near = [abs(mu[i] - mu[j]) + abs(sigma[i] - sigma[j]) < SAME for j in minima]
        if is_minimum[i] and not any(near):
            minima.append(i)
    return sorted(minima)


def newton_forward(target: Mixture, mu: float, sigma: float) -> Any:
    """Return a watched step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …)."""
    z, r = (target.mean - mu) / sigma, target.sigma / sigma
    square = z * z + r * r
    gradient = np.array([-z, 1 - square])
    hessian = np.array([[1.0, 2 * z], [2 * z, 2 * square]])
    return _step(gradient, hessian, STRIDE)[0]


def newton_reverse(target: Mixture, mu: float, sigma: float) -> Any:
    """Return a watched step for D(Q‖P)."""
    return _step(*reverse_kl_derivatives(target, mu, sigma), STRIDE)[0]


def is_done(step: Any) -> bool:
    """Say whether a step is too small to matter: Q has arrived."""
    return bool(np.hypot(*step) < FOUND)


def stepped(target: Mixture, newton: Any, mu: float, sigma: float) -> tuple[float, float]:
    """Return Q after a step that the eye can follow; none where it has arrived."""
    step = newton(target, mu, sigma)
    if is_done(step):
        return mu, sigma
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
        "kind": kinds_of(best, modes_of(d, sigma_1, sigma_2, weight)),
        "mu": best[0], "sigma": best[1], "divergence": best[2] / math.log(base),
        "size": np.array([MARK_SIZES[0], *np.where(are_best(best), *MARK_SIZES[1:])]),
        "marker": ["diamond", *["circle"] * (len(best[0]) - 1)],
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
