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

from infocore._stable import scaled_difference
from infocore._validate import FloatArray
from infocore.gaussian import Gaussian

ComplexArray = npt.NDArray[np.complex128]
Parts = Sequence[tuple[float, Gaussian]]

HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_REACH = 9.5  # standard deviations of q to either side, beyond which lies 2e-17 of q's u⁴
# Nodes a sigma and a zero's distance: with q's growth off the axis, errors stay below exp(-33).
_PER_SIGMA, _PER_ZERO = 2, 6
_MOST_NODES = 8192  # of a trapezoid sum
_FARTHEST = 1e300  # where squares, and with them divergences, exceed the doubles
_NEAREST = 1e-300  # narrower than this in a unit of q's and the target's size is a spike
_HIDDEN = 40.0  # nats by which a third component exceeds two whose zero then matters no more
_KINKED = 1e60  # widths apart, from which on a zero of two components is a kink on the real axis
_TOGETHER = 128  # q that are worked on at a time
_PANEL_NODES, _PANEL_WEIGHTS = np.polynomial.legendre.leggauss(16)


def _log_terms(parts: Parts, x: FloatArray) -> FloatArray:
    """Return the logarithm of each component's share of the density, components first."""
    mu, sigma, level = _columns(
        [(g.mu, g.sigma, math.log(w) - math.log(g.sigma) - HALF_LOG_TAU) for w, g in parts], x
    )
    z = scaled_difference(x, mu, sigma)
    with np.errstate(over="ignore"):
        return np.asarray(level - 0.5 * z * z)


def _columns(rows: Sequence[tuple[float, ...]], x: FloatArray) -> FloatArray:
    """Return the columns of a table of the components, to broadcast against points."""
    return np.array(rows).T.reshape(-1, len(rows), *(1 for _ in x.shape))


def log_density(parts: Parts, x: FloatArray) -> FloatArray:
    """Return the logarithm of the mixture's density."""
    terms = _log_terms(parts, x)
    largest = terms.max(axis=0)
    terms -= np.where(largest > -np.inf, largest, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(terms, out=terms).sum(axis=0)) + largest)


def nodes_for(
    target: Parts, spread: float, mu: FloatArray, sigma: FloatArray
) -> Iterator[tuple[slice, Parts, tuple[FloatArray, FloatArray], FloatArray, FloatArray]]:
    """Yield slices of the q with nodes that serve them and the width that each node stands for.

    With each come the target's parts and the q, their means and widths, as the nodes have it: from
    the middle of the q, so that a narrow q far from 0 keeps its digits, and in a unit between
    their size and the target's `spread`. Of q whose distance exceeds the doubles there is nothing.
    """
    if not mu.size:
        return
    origin = 0.5 * float(mu.min()) + 0.5 * float(mu.max())
    unit = math.sqrt(spread) * math.sqrt(float(sigma.max()))
    parts = seen_from(target, origin, unit)
    with np.errstate(over="ignore"):
        m, s = scaled_difference(mu, origin, unit), np.maximum(sigma / unit, _NEAREST)
        low, high = float((m - _REACH * s).min()), float((m + _REACH * s).max())
    away = max(-low, high, *(abs(g.mu) for _, g in parts))
    zeros = _zeros(parts) if away < _FARTHEST else None
    count = None if zeros is None else _trapezoid_count(low, high, float(s.min()), zeros)
    if count:
        x = np.linspace(low, high, count)
        for at in range(0, mu.size, _TOGETHER):
            rows = slice(at, at + _TOGETHER)
            near = _within(x, m[rows], s[rows])
            width = np.full(near.size, (high - low) / (count - 1))
            yield rows, parts, (m[rows], s[rows]), near, width
    elif mu.size > 1:
        for at in range(mu.size):
            one = slice(at, at + 1)
            for _, seen, q, x, width in nodes_for(target, spread, mu[one], sigma[one]):
                yield one, seen, q, x, width
    elif zeros is not None:
        yield slice(0, 1), parts, (m, s), *_panels(parts, zeros, float(m[0]), float(s[0]))


def seen_from(target: Parts, origin: float, unit: float) -> Parts:
    """Return a mixture's parts from an origin and in a unit, as far as doubles reach."""
    means = scaled_difference(np.array([g.mu for _, g in target]), origin, unit)
    means = np.clip(means, -_FARTHEST, _FARTHEST)
    with np.errstate(over="ignore"):
        widths = np.clip(np.array([g.sigma for _, g in target]) / unit, _NEAREST, _FARTHEST)
    return [(w, Gaussian(m, s)) for (w, _), m, s in zip(target, means, widths, strict=True)]


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
        doublings = math.ceil(math.log2(farthest) - math.log2(scale)) + 2 if scale > 0 else 0
        away = np.ldexp(0.5 * scale, np.arange(doublings))
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

    Where a third one hides both, their sum matters to nobody.
    """
    owners, roots = [], []
    for (i, a), (_, b) in combinations(enumerate(parts), 2):
        found = _zeros_of_two(a, b)
        owners += [i] * len(found)
        roots += found
    zeros = np.array(roots, dtype=np.complex128)
    mu, sigma, level = _columns(
        [(g.mu, g.sigma, math.log(w) - math.log(g.sigma)) for w, g in parts], zeros.real
    )
    with np.errstate(over="ignore", invalid="ignore"):
        across, up = (zeros.real - mu) / sigma, zeros.imag / sigma
        height = level - 0.5 * (across * across - up * up)
        owned = height[np.array(owners, dtype=np.int64), np.arange(zeros.size)]
        return np.asarray(zeros[~(height.max(axis=0) > owned + _HIDDEN)])


def _zeros_of_two(first: tuple[float, Gaussian], second: tuple[float, Gaussian]) -> list[complex]:
    """Return where the log ratio of two components, a quadratic in x, is iπ.

    Far apart, that is where both are equally many widths away.
    """
    (v, a), (w, b) = first, second
    if max(abs(a.mu - b.mu), a.sigma, b.sigma) > _KINKED * min(a.sigma, b.sigma):
        share = a.sigma / (a.sigma + b.sigma), a.sigma / ((a.sigma - b.sigma) or math.inf)
        return [complex(a.mu + part * (b.mu - a.mu)) for part in share]
    s, t = 1 / a.sigma, 1 / b.sigma
    middle = 0.5 * (a.mu + b.mu)
    m, n = (a.mu - middle) * s, (b.mu - middle) * t
    level = math.log(v / w) + math.log(s / t) + 0.5 * (n * n - m * m)
    square, slope = 0.5 * (t * t - s * s), m * s - n * t
    return [middle + root for root in _roots(square, slope, complex(level, -math.pi))]


def _roots(a: float, b: float, c: complex) -> list[complex]:
    """Return the roots of a·x² + b·x + c, the larger one first, without cancellation."""
    if a == 0:
        return [-c / b] if b else []
    q = -0.5 * (b + math.copysign(1.0, b) * cmath.sqrt(b * b - 4 * a * c))
    return [q / a, c / q]
