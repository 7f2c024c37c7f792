"""Q on its way downhill under either divergence: its steps, a race, and the ends of searches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import Gaussian, Mixture

from ...contract.memo import cached
from .averages import derivatives

MU, SIGMA = (-6.0, 6.0), (0.2, 5.0)
STRIDE = 0.06  # standard deviations of q that a step which is watched may go
SEARCH = 1.0  # that a step of a search may go
LEAST_CURVATURE = 1e-3  # to which a step raises it, so that a saddle is left at a finite pace
FOUND = 1e-7
MOST_STEPS = 500
MOST_SEARCHED = 60  # steps of a search


@cached(64)
def target_of(d: float, sigma_1: float, sigma_2: float, weight: float) -> Mixture:
    """Return the target, its components centred at −d and d."""
    return Mixture((weight, 1 - weight), (Gaussian(-d, sigma_1), Gaussian(d, sigma_2)))


def step_downhill(gradient: Any, hessian: Any, stride: float) -> tuple[Any, Any]:
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


def newton_forward(shape: Any, mu: float, sigma: float) -> Any:
    """Return a watched step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …)."""
    target = target_of(*shape)
    z, r = (target.mean - mu) / sigma, target.sigma / sigma
    square = z * z + r * r
    gradient = np.array([-z, 1 - square])
    hessian = np.array([[1.0, 2 * z], [2 * z, 2 * square]])
    return step_downhill(gradient, hessian, STRIDE)[0]


def newton_reverse(shape: Any, mu: float, sigma: float) -> Any:
    """Return a watched step for D(Q‖P)."""
    slopes = derivatives(shape, np.array([mu]), np.array([sigma]))
    return step_downhill(*slopes, STRIDE)[0][:, 0]


WAYS = {"forward": newton_forward, "reverse": newton_reverse}


def is_done(step: Any) -> bool:
    """Say whether a step is too small to matter: Q has arrived."""
    return bool(np.hypot(*step) < FOUND)


def stepped(
    way: str, d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float
) -> tuple[float, float]:
    """Return Q after a step that the eye can follow; none where it has arrived."""
    step = WAYS[way]((d, sigma_1, sigma_2, weight), mu, sigma)
    if is_done(step):
        return mu, sigma
    moved = mu - sigma * float(step[0]), sigma * math.exp(-float(step[1]))
    return min(max(moved[0], MU[0]), MU[1]), min(max(moved[1], SIGMA[0]), SIGMA[1])


@cached(8)
def path_of(
    d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float, way: str
) -> Any:
    """Return μ and σ of Q where it starts and after each step downhill, until it has arrived."""
    path = [(mu, sigma)]
    while len(path) <= MOST_STEPS:
        place = stepped(way, d, sigma_1, sigma_2, weight, *path[-1])
        if place == path[-1]:
            break
        path.append(place)
    return np.array(path).T


def length_of_race(*start: float) -> int:
    """Return the steps after which both racers have arrived."""
    return max(int(path_of(*start, way).shape[1]) for way in WAYS) - 1


def track_of(steps: int, *start: Any) -> Any:
    """Return a racer's μ and σ from its start to where it is after so many steps."""
    return path_of(*start)[:, : steps + 1] if steps else np.array([start[4:6]]).T


def trail(track: Any) -> dict[str, Any]:
    """Return a racer's track as a table; before the race there is none."""
    mu, sigma = track if track.shape[1] > 1 else track[:, :0]
    return {"mu": mu, "sigma": sigma}


def ends_of(d: Any, sigma_1: float, sigma_2: float, weight: float) -> Any:
    """Return μ, σ and least curvature where the three searches of every d end, a row each.

    They begin on the left component, covering both, and on the right one. The fit that covers both
    hardly heeds their weights: its search starts from equal ones.
    """
    mu, sigma = _starts(d, sigma_1, sigma_2)
    d, upward, going = np.repeat(d, 3), np.zeros_like(mu), np.arange(mu.size)
    for _ in range(MOST_SEARCHED):
        q = mu[going], sigma[going]
        slopes = derivatives((d[going], sigma_1, sigma_2, weight), *q)
        step, upward[going] = step_downhill(*slopes, SEARCH)
        mu[going], sigma[going] = q[0] - q[1] * step[0], q[1] * np.exp(-step[1])
        going = going[abs(step).max(axis=0) >= FOUND]  # else about the square of that is left
        if not going.size:
            break
    return np.reshape([mu, sigma, upward], (3, -1, 3))


def _starts(d: Any, sigma_1: float, sigma_2: float) -> tuple[Any, Any]:
    zero, both = np.zeros_like(d), np.sqrt(d * d + 0.5 * (sigma_1 * sigma_1 + sigma_2 * sigma_2))
    starts = np.array([[-d, zero, d], [zero + sigma_1, both, zero + sigma_2]])
    mu, sigma = starts.transpose(0, 2, 1).reshape(2, -1)
    return mu, sigma
