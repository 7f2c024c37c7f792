"""The posterior mean of the entropy under the prior of Nemenman, Shafee and Bialek.

Given a concentration β, counts n of K outcomes have the likelihood of a Dirichlet prior,
Γ(Kβ)/Γ(N+Kβ)·Π Γ(n+β)/Γ(β), and β is spread such that the expected entropy is uniform.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from infocore._stable import scale_penalty
from infocore._validate import FloatArray

_LARGE = 20.0  # from which on the series by Stirling and Euler-Maclaurin below are good to 1e-15
_NODES = 513
_AT_ONCE = 64
_NEGLIGIBLE = 40.0  # nats below the largest weight: 4e-18 of it


def posterior_mean_entropy(counts: FloatArray) -> float:
    """Return the estimate in nats from the counts of all K outcomes, the unseen ones included.

    The average over log β is a sum over equidistant nodes, which converges geometrically as the
    weight is analytic within a strip of ±π and falls exponentially both ways (Trefethen and
    Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014).
    """
    size = counts.size
    if size == 1:
        return 0.0
    seen, repeats = np.unique(counts, return_counts=True)
    times = repeats.astype(np.float64)
    u, logs = _where_it_counts(seen, times)
    weights = np.exp(logs - logs.max())
    means = _mean_entropy(np.exp(u), seen, times)
    return float((weights * means).sum() / weights.sum())


def _where_it_counts(seen: FloatArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return nodes over the values of log β that have weight, and the logarithms of that."""
    low, high = -60 - math.log(times.sum()), 60.0
    while True:
        u = np.linspace(low, high, _NODES)
        logs = _log_weight(np.exp(u), seen, times) + u
        inside = np.flatnonzero(logs > logs.max() - _NEGLIGIBLE)
        if inside[-1] - inside[0] > _NODES // 4:
            return u, logs
        low, high = float(u[max(inside[0] - 1, 0)]), float(u[min(inside[-1] + 1, _NODES - 1)])


def _log_weight(beta: FloatArray, seen: FloatArray, times: FloatArray) -> FloatArray:
    """Return the logarithm of likelihood times prior of β, but for what does not depend on it."""
    size = times.sum()
    each = _summed(lambda n: _log_rising(beta[:, np.newaxis], n), seen, times)
    whole = _log_rising(size * beta, np.asarray(seen @ times))
    return np.asarray(each - whole + np.log(_prior(beta, size)))


def _log_rising(b: FloatArray, n: FloatArray) -> FloatArray:
    """Return log(b·(b+1)·…·(b+n-1) / bⁿ)."""
    b, n = np.broadcast_arrays(b, n)
    large = np.where(b < _LARGE, _LARGE, b)
    y = n / large
    curved = -large * scale_penalty(large + n, large, y) + (n - 0.5) * np.log1p(y)
    small = np.where(b < _LARGE, b, 1.0)
    direct = gammaln(small + n) - gammaln(small) - n * np.log(small)
    return np.where(b < _LARGE, direct, curved + _stirling(large + n) - _stirling(large))


def _stirling(x: FloatArray) -> FloatArray:
    """Return log Γ(x) - (x - ½)·log x + x - ½·log 2π for large x (DLMF 5.11.1)."""
    z = 1 / (x * x)
    return np.asarray((1 / 12 - z * (1 / 360 - z * (1 / 1260 - z / 1680))) / x)


def _prior(beta: FloatArray, size: float) -> FloatArray:
    """Return by how much the expected entropy under the prior, ψ(Kβ+1) - ψ(β+1), grows with β."""
    small = np.where(beta < _LARGE, beta, 1.0)
    direct = size * polygamma(1, size * small + 1) - polygamma(1, small + 1)
    large = np.where(beta < _LARGE, _LARGE, beta)
    return np.where(beta < _LARGE, direct, _tail(large) - size * _tail(size * large))


def _tail(x: FloatArray) -> FloatArray:
    """Return 1/x - ψ'(x+1) for large x (DLMF 5.15.8)."""
    z = 1 / (x * x)
    series = 1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - z * 5 / 66)))
    return np.asarray(z * (0.5 - series / x))


def _mean_entropy(beta: FloatArray, seen: FloatArray, times: FloatArray) -> FloatArray:
    """Return the posterior mean of the entropy given each β (Wolpert and Wolf, 1995)."""
    whole = (seen @ times + times.sum() * beta)[:, np.newaxis]

    def terms(n: FloatArray) -> FloatArray:
        of_n = n + beta[:, np.newaxis]
        return np.asarray(of_n / whole * (digamma(whole + 1) - digamma(of_n + 1)))

    return _summed(terms, seen, times)


def _summed(
    terms: Callable[[FloatArray], FloatArray], seen: FloatArray, times: FloatArray
) -> FloatArray:
    """Return Σ times·terms(seen) for every β, over as many counts at once as fit the cache."""
    parts = [slice(start, start + _AT_ONCE) for start in range(0, seen.size, _AT_ONCE)]
    return np.asarray(sum(terms(seen[part]) @ times[part] for part in parts))
