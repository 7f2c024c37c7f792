"""How D(Q‖P) changes with Q, for many Q and their targets at once.

The log density of two components is the nearer one's share of it plus log(1 + exp δ), where δ is a
quadratic. What Q averages is the slope of that, which has poles where exp δ is −1, some close to
the real axis. What each adds to a sum over evenly spaced nodes is known in closed form (Chiarella
and Reichel, "On the evaluation of integrals related to the error function", Math. Comp. 22, 1968),
so that a few nodes do, as many for every Q.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from infocore import Mixture

STEP = 0.25  # standard deviations of q between two nodes
TURN = 2 * math.pi / STEP
SMALL = 39.0  # a pole whose share is below exp(-39) does not count
STEEPEST = 266.0  # more than 2x·(SMALL - x²/2) ever is
REACH = 9.5  # standard deviations of q to either side, beyond which lies 2e-17 of q's u⁴
MAP_REACH = 8.5  # beyond which lies 2e-17 of q
PER_SIGMA, PER_ZERO = 2, 6  # nodes a sigma and a zero's distance where no pole is told apart


def derivatives(shape: Any, mu: Any, sigma: Any) -> tuple[Any, Any]:
    """Return infocore's ``reverse_kl_derivatives``; with several d each Q has its own target."""
    with np.errstate(all="ignore"):  # of a component without a share, and of poles far away
        delta, _, size, away = _seen_from(shape, mu, sigma)
        averages = _averages(*delta)
    square = size * size
    gradient = np.array([size * away, square - 1]) - averages[:2]
    across, mixed, along = np.array([square, 0 * square, 2 * square]) - averages[1:]
    return gradient.T, np.array([[across, mixed], [mixed, along]]).T


def divergences(shape: Any, mu: Any, sigma: Any) -> Any:
    """Return infocore's ``reverse_kl`` in nats; with several d each Q has its own target."""
    with np.errstate(all="ignore"):
        delta, share, size, away = _seen_from(shape, mu, sigma)
        step = np.minimum(1 / PER_SIGMA, _nearest(delta, REACH) / PER_ZERO)
        of, place, first = _ragged(np.ceil(2 * REACH / step).astype(int) + 1)
        u = step[of] * place - REACH
        a, b, c = (one[of] for one in delta)
        height = a + (b + c * u) * u
        excess = np.maximum(height, 0) + np.log1p(np.exp(-abs(height)))
    average = np.add.reduceat(step[of] * _normal(u) * excess, first)
    nats = 0.5 * (away * away + size * size - 1) - np.log(size * share) - average
    return np.maximum(nats, 0.0)  # rounding may leave a perfect fit below 0


def reverse_map(target: Mixture, mu: Any, sigma: Any) -> Any:
    """Return infocore's ``reverse_kl`` in nats for evenly spaced ``mu``, a row for each ``sigma``.

    With nodes at even parts of the steps of mu, all Q of a row have the same weights, moved along.
    """
    left, right = target.components
    shape = right.mu, left.sigma, right.sigma, target.weights[0]
    pitch, reach = mu[1] - mu[0], MAP_REACH * sigma.max()
    with np.errstate(all="ignore"):
        delta, *_ = _seen_from(shape, np.zeros(1), np.ones(1))
        zero = _nearest(delta, abs(mu).max() + reach).item()
    each = math.ceil(pitch / min(sigma.min() / PER_SIGMA, zero / PER_ZERO))
    step = pitch / each
    margin = math.ceil(reach / step)
    x = mu[0] + step * np.arange(-margin, (len(mu) - 1) * each + margin + 1)
    around = sliding_window_view(target.log_pdf(x), 2 * margin + 1)[::each]
    u = step * np.arange(margin + 1) / sigma[:, None]
    weights = np.where(u > MAP_REACH, 0.0, step * _normal(u) / sigma[:, None])
    weights[:, 0] /= 2  # the middle is on both sides
    average = np.vecdot(weights[:, None], around[:, margin:] + around[:, margin::-1])
    entropy = np.log(sigma) + 0.5 * math.log(2 * math.pi) + 0.5
    return np.maximum(-average - entropy[:, None], 0.0)


def _seen_from(shape: Any, mu: Any, sigma: Any) -> tuple[Any, Any, Any, Any]:
    """Return δ's coefficients by Q's standard units, and the nearer component's place in them.

    That is its share, 1 over its width, and how many of its widths Q's mean is away.
    """
    d, sigma_1, sigma_2, weight = shape
    p, q = sigma / sigma_1, sigma / sigma_2
    left, right = (mu + d) / sigma_1, (mu - d) / sigma_2
    level = np.log(weight) - np.log1p(-np.float64(weight)) + np.log(sigma_2 / sigma_1)
    at_mean = level + 0.5 * (right - left) * (right + left)
    rest = q * right - p * left, 0.5 * (q - p) * (q + p)
    sign = np.where(at_mean > 0, -1, 1)  # so that δ at Q's mean is not positive
    near = np.where(at_mean > 0, [weight + 0 * p, p, left], [1 - weight + 0 * p, q, right])
    return (sign * at_mean, *(sign * one for one in rest)), *near


def _ragged(count: Any) -> tuple[Any, Any, Any]:
    """Return whose each of so many entries is, its place among them, and where they begin."""
    first = count.cumsum() - count
    of = np.repeat(np.arange(len(count)), count)
    return of, np.arange(len(of)) - first[of], first


def _factors(u: Any) -> Any:
    """Return what the slope is averaged with, by Stein's lemma, for each derivative."""
    square = u * u
    return np.array([np.ones_like(u), u, square - 1, u * (square - 1)])


def _normal(u: Any) -> Any:
    return np.exp(-0.5 * u * u) / math.sqrt(2 * math.pi)


NODES = STEP * np.arange(-REACH / STEP, REACH / STEP + 1)
WEIGHTS = STEP * _normal(NODES) * _factors(NODES)


def _averages(a: Any, b: Any, c: Any) -> Any:
    """Return averages under a standard normal u of each factor times the slope of log(1 + exp δ).

    Here δ is a + b·u + c·u².
    """
    of, z = _poles(a, b, c)
    shares = 4 * math.pi * _factors(z) * (_normal(z) / np.expm1(-1j * TURN * z))
    of_poles = [np.bincount(of, share, len(a)) for share in shares.imag]
    a, b, c = a[:, None], b[:, None], c[:, None]
    slopes = (b + 2 * c * NODES) / (1 + np.exp(-(a + (b + c * NODES) * NODES)))
    return WEIGHTS @ slopes.T + of_poles


def _poles(a: Any, b: Any, c: Any) -> tuple[Any, Any]:
    """Return which δ has a pole that counts, and where it is, above the real axis.

    There δ is an odd multiple of iπ. A pole at x + iy counts up to TURN·y + x²/2 = SMALL, and there
    δ has at most the imaginary part y·(|b| + 2|c·x|): that bounds the multiples.
    """
    most = (SMALL * abs(b) + STEEPEST * abs(c)) / TURN
    of, k, _ = _ragged((0.5 * most / math.pi + 0.5).astype(int))
    of, z = np.append(of, of), _roots(a[of] - 1j * math.pi * (2 * k + 1), b[of], c[of])
    x, y = z.real, abs(z.imag)
    counts = TURN * y + 0.5 * x * x < SMALL
    return of[counts], x[counts] + 1j * y[counts]


def _nearest(delta: Any, reach: float) -> Any:
    """Return how far from the real axis the nearest pole within reach is."""
    a, b, c = delta
    z = _roots(a - 1j * math.pi, b, c).reshape(2, -1)
    return np.where(abs(z.real) < reach, abs(z.imag), math.inf).min(axis=0)


def _roots(a: Any, b: Any, c: Any) -> Any:
    """Return the one root of each a + b·u + c·u² = 0, then the other of each."""
    half = -0.5 * (b + np.copysign(1, b) * np.sqrt(b * b - 4 * c * a))
    return np.append(half / c, a / half)
