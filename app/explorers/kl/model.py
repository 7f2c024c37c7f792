"""Two Gaussians: their densities, both integrands, and the numbers that these add up to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import (
    Gaussian,
    gaussian_jensen_shannon,
    gaussian_kl,
    kl_integrand,
    kl_quadrature,
)

from ...contract import draws
from ...contract.explorer import UNITS
from ...contract.memo import frozen
from ...contract.result import Result
from .samples import drawn_from

VIEW = (-8.0, 8.0)
BESIDE = 24.0  # px from the middle of a knob to that of a letter beside it
GRID = frozen(np.linspace(*VIEW, 641))


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Swap, draw, or move one control."""
    if name in draws.GESTURES:
        return draws.move_draws(state, name)
    if name == "swap":
        pairs = {"mu_p": "mu_q", "sigma_p": "sigma_q", "mu_q": "mu_p", "sigma_q": "sigma_p"}
        return {here: state[there] for here, there in pairs.items()}
    return {name: value}


def compute(
    mu_p: float, sigma_p: float, mu_q: float, sigma_q: float, integrand: str, source: str,
    draw: int, seed: int, unit: str,
) -> Result:  # fmt: skip
    """Return both densities, both integrands, what is drawn, and the numbers that result."""
    base, p, q = UNITS[unit], Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q)
    lifted = integrand == "non-negative"
    densities = p.pdf(GRID), q.pdf(GRID)
    lift: Any = (densities[1] - densities[0]) / math.log(base) if lifted else 0.0
    pq, qp = kl_integrand(GRID, p, q, base=base) + lift, kl_integrand(GRID, q, p, base=base) - lift
    sample = drawn_from(*((p, q) if source == "P" else (q, p)), seed, draw, base)
    return Result(
        tables={
            "curves": {
                "x": GRID, "p": densities[0], "q": densities[1],
                "log_ratio": (p.log_pdf(GRID) - q.log_pdf(GRID)) / math.log(base),
                "pq": pq, "pq_above": np.maximum(pq, 0), "pq_below": np.minimum(pq, 0),
                "qp": qp, "qp_above": np.maximum(qp, 0), "qp_below": np.minimum(qp, 0),
            },
            "marks": {name: np.array([at]) for name, at in _marks(p, q).items()},
            **sample["tables"],
        },
        readouts={**_readouts(p, q, base, lifted), **sample["readouts"]},
        ranges={
            **sample["ranges"],
            "density": (0.0, 1.15 * max(0.3989 / sigma_p, 0.3989 / sigma_q, 0.2)),
            "integrand": (
                1.05 * min(pq.min(), qp.min(), -0.01), 1.05 * max(pq.max(), qp.max(), 0.05)
            ),
        },
        flags={
            "lifted_nats": lifted and unit == "nats", "lifted_bits": lifted and unit == "bits",
            "from_p": source == "P", "from_q": source == "Q",
        },
    )  # fmt: skip


def _marks(p: Gaussian, q: Gaussian) -> dict[str, Any]:
    """Place each letter on the outer shoulder of its curve, where the other does not cover it."""
    side = 1.0 if q.mu >= p.mu else -1.0
    p_x, q_x = p.mu - side * p.sigma, q.mu + side * q.sigma
    letters = {"p_x": p_x, "p_y": p.pdf(p_x), "q_x": q_x, "q_y": q.pdf(q_x)}
    letters |= {"p_aside": _aside(p_x, -side), "q_aside": _aside(q_x, side)}
    return letters | _pulled("p", p) | _pulled("q", q)


def _aside(x: float, side: float) -> float:
    """Return how many px a letter is away from the knob at its shoulder, outwards if it can."""
    return BESIDE * (side if abs(x) < 7 else -math.copysign(1, x))


def _pulled(name: str, one: Gaussian) -> dict[str, Any]:
    """Return where a curve's peak is, and its right shoulder, which is as high as its left one."""
    places = {"mu": one.mu, "peak": one.pdf(one.mu), "right": one.mu + one.sigma}
    return {f"{name}_{place}": at for place, at in places.items()}


def _readouts(p: Gaussian, q: Gaussian, base: float, lifted: bool) -> dict[str, Any]:
    kl_pq, kl_qp = gaussian_kl(p, q, base=base), gaussian_kl(q, p, base=base)
    by_quadrature = kl_quadrature(p, q, base=base)
    return {
        "kl_pq": kl_pq,
        "kl_qp": kl_qp,
        "js": gaussian_jensen_shannon(p, q, base=base),
        "ratio": kl_qp / kl_pq if kl_pq else math.nan,
        "quadrature": by_quadrature,
        "quadrature_error": abs(by_quadrature - kl_pq),
        "kl_pq_outside": outside(p, q, lifted) / math.log(base),
        "kl_qp_outside": outside(q, p, lifted) / math.log(base),
    }


def outside(p: Gaussian, q: Gaussian, lifted: bool) -> float:
    """Return the integral of p·ln(p/q), or of p·ln(p/q) − p + q, over what the view leaves out."""
    mirrored = Gaussian(-p.mu, p.sigma), Gaussian(-q.mu, q.sigma)
    above = _beyond(VIEW[1], p, q, lifted)
    return above + _beyond(-VIEW[0], *mirrored, lifted)


def _beyond(edge: float, p: Gaussian, q: Gaussian, lifted: bool) -> float:
    """Integrate from ``edge`` to infinity: with u = (x−μ_p)/σ_p, ln(p/q) is a + b·u + c·u²."""
    scale, shift = p.sigma / q.sigma, (p.mu - q.mu) / q.sigma
    a, b, c = 0.5 * shift**2 - math.log(scale), scale * shift, 0.5 * (scale**2 - 1)
    u = (edge - p.mu) / p.sigma
    tail, height = upper_tail(u), math.exp(-0.5 * u * u) / math.sqrt(2 * math.pi)
    area = a * tail + b * height + c * (u * height + tail)
    return area + upper_tail((edge - q.mu) / q.sigma) - tail if lifted else area


def upper_tail(u: float) -> float:
    """Return the probability that a standard normal exceeds ``u``."""
    return 0.5 * math.erfc(u / math.sqrt(2))
