"""Averages under normal distributions of functions of a mixture's log density.

They are sums over nodes fine enough for the zeros that the density has in the complex plane, near
which its logarithm is not smooth: the trapezoid rule, which converges geometrically with the ratio
of their distance to the step (Trefethen and Weideman, "The exponentially convergent trapezoidal
rule", SIAM Review 56, 2014), or, where that takes too many nodes, Gauss-Legendre panels that grow
with the distance from the zeros.
"""

import cmath
import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

from infocore._validate import FloatArray
from infocore.gaussian import Gaussian

ComplexArray = npt.NDArray[np.complex128]
Parts = Sequence[tuple[float, Gaussian]]

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_REACH = 8.5  # standard deviations of q to either side, beyond which lies 2e-17 of it
# Nodes a sigma and a zero's distance: with q's growth off the axis, errors stay below exp(-33).
_PER_SIGMA, _PER_ZERO = 2, 6
_MOST_NODES = 8192  # of a trapezoid sum
_TOGETHER = 128  # q that are worked on at a time
_PANEL_NODES, _PANEL_WEIGHTS = np.polynomial.legendre.leggauss(16)


def _log_terms(parts: Parts, x: FloatArray) -> FloatArray:
    """Return the logarithm of each component's share of the density, components first."""
    return np.array([math.log(w) + np.asarray(g.log_pdf(x)) for w, g in parts])


def log_density(parts: Parts, x: FloatArray) -> FloatArray:
    """Return the logarithm of the mixture's density."""
    return np.asarray(logsumexp(_log_terms(parts, x), axis=0))


def log_density_slopes(parts: Parts, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the first and second derivative of the log density."""
    share = softmax(_log_terms(parts, x), axis=0)
    each = np.array([(g.mu - x) / g.sigma / g.sigma for _, g in parts])
    slope = (share * each).sum(axis=0)
    inward = sum(s / g.sigma / g.sigma for s, (_, g) in zip(share, parts, strict=True))
    return slope, (share * (each - slope) ** 2).sum(axis=0) - inward


def nodes_for(
    parts: Parts, mu: FloatArray, sigma: FloatArray
) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
    """Yield slices of the q with nodes that serve them and the width that each node stands for."""
    if not mu.size:
        return
    zeros = _zeros(parts)
    low, high = float((mu - _REACH * sigma).min()), float((mu + _REACH * sigma).max())
    count = _trapezoid_count(low, high, float(sigma.min()), zeros)
    if count:
        x = np.linspace(low, high, count)
        for at in range(0, mu.size, _TOGETHER):
            rows = slice(at, at + _TOGETHER)
            near = _within(x, mu[rows], sigma[rows])
            yield rows, near, np.full(near.size, ((high - low) / (count - 1)) or 1.0)
    elif mu.size > 1:
        for at in range(mu.size):
            one = slice(at, at + 1)
            yield from ((one, x, width) for _, x, width in nodes_for(parts, mu[one], sigma[one]))
    else:
        yield slice(0, 1), *_panels(parts, zeros, float(mu[0]), float(sigma[0]))


def _within(x: FloatArray, mu: FloatArray, sigma: FloatArray) -> FloatArray:
    """Return the nodes that some q reaches."""
    ends = (mu - _REACH * sigma).min(), (mu + _REACH * sigma).max()
    first, last = np.searchsorted(x, ends)
    return x[max(first - 1, 0) : last + 1]


def _trapezoid_count(low: float, high: float, sigma: float, zeros: ComplexArray) -> int | None:
    """Return how many evenly spaced nodes are fine enough, or None where they are too many."""
    near = zeros[(zeros.real > low) & (zeros.real < high)]
    distance = float(abs(near.imag).min(initial=math.inf))
    step = min(sigma / _PER_SIGMA, distance / _PER_ZERO)
    return math.ceil((high - low) / step) + 2 if step * _MOST_NODES > high - low else None


def _panels(
    parts: Parts, zeros: ComplexArray, mu: float, sigma: float
) -> tuple[FloatArray, FloatArray]:
    """Return Gauss-Legendre nodes on panels that double in width away from each feature."""
    low, high = mu - _REACH * sigma, mu + _REACH * sigma
    edges = [mu + sigma * np.linspace(-_REACH, _REACH, 39)]
    features = [(zero.real, abs(zero.imag)) for zero in zeros]
    features += [(g.mu, g.sigma) for _, g in parts]
    for centre, scale in features:
        farthest = max(abs(low - centre), abs(high - centre), scale)
        doublings = math.ceil(math.log2(farthest / scale)) + 2 if scale > 0 else 0
        away = scale * 0.5 * 2.0 ** np.arange(doublings)
        edges += [np.array([centre]), centre - away, centre + away]
    inside = np.unique(np.clip(np.concatenate(edges), low, high))
    half = 0.5 * np.diff(inside)[:, None]
    x = 0.5 * (inside[1:] + inside[:-1])[:, None] + half * _PANEL_NODES
    return x.ravel(), (half * _PANEL_WEIGHTS).ravel()


def densities(mu: FloatArray, sigma: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return q's density at each node, one q a row, and the node's distance from its mean."""
    u = (x - mu[:, None]) * (1 / sigma)[:, None]
    density = u * u
    density *= -0.5
    density += (-np.log(sigma) - HALF_LOG_TAU)[:, None]
    return np.exp(density, out=density), u


def _zeros(parts: Parts) -> ComplexArray:
    """Return, for each two components, where their sum vanishes nearest to the real axis.

    Their log ratio, a quadratic in x, is iπ there.
    """
    roots = []
    for (v, a), (w, b) in combinations(parts, 2):
        s, t = 1 / a.sigma, 1 / b.sigma
        middle = 0.5 * (a.mu + b.mu)
        m, n = (a.mu - middle) * s, (b.mu - middle) * t
        level = math.log(v / w) + math.log(s / t) + 0.5 * (n * n - m * m)
        square, slope = 0.5 * (t * t - s * s), m * s - n * t
        roots += [middle + root for root in _roots(square, slope, complex(level, -math.pi))]
    return np.array(roots, dtype=np.complex128)


def _roots(a: float, b: float, c: complex) -> list[complex]:
    """Return the roots of a·x² + b·x + c, the larger one first, without cancellation."""
    if a == 0:
        return [-c / b] if b else []
    q = -0.5 * (b + math.copysign(1.0, b) * cmath.sqrt(b * b - 4 * a * c))
    return [q / a, c / q]
