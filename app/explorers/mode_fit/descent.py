"""Q on its way downhill under either divergence: its steps, and a race of both from one start."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import Gaussian, Mixture, reverse_kl_derivatives

from ...contract.memo import cached

MU, SIGMA = (-6.0, 6.0), (0.2, 5.0)
STRIDE = 0.06  # standard deviations of q that a step which is watched may go
LEAST_CURVATURE = 1e-3  # to which a step raises it, so that a saddle is left at a finite pace
FOUND = 1e-7
MOST_STEPS = 500


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


def newton_forward(target: Mixture, mu: float, sigma: float) -> Any:
    """Return a watched step for D(P‖Q), which is ½((σ_P² + (μ_P−μ)²)/σ² + ln σ² + …)."""
    z, r = (target.mean - mu) / sigma, target.sigma / sigma
    square = z * z + r * r
    gradient = np.array([-z, 1 - square])
    hessian = np.array([[1.0, 2 * z], [2 * z, 2 * square]])
    return step_downhill(gradient, hessian, STRIDE)[0]


def newton_reverse(target: Mixture, mu: float, sigma: float) -> Any:
    """Return a watched step for D(Q‖P)."""
    return step_downhill(*reverse_kl_derivatives(target, mu, sigma), STRIDE)[0]


WAYS = {"forward": newton_forward, "reverse": newton_reverse}


def is_done(step: Any) -> bool:
    """Say whether a step is too small to matter: Q has arrived."""
    return bool(np.hypot(*step) < FOUND)


def stepped(
    way: str, d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float
) -> tuple[float, float]:
    """Return Q after a step that the eye can follow; none where it has arrived."""
    step = WAYS[way](target_of(d, sigma_1, sigma_2, weight), mu, sigma)
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
