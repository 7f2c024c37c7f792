"""Other ways to measure: total variation, and the entropies and divergence of Rényi and Tsallis."""

import math

import numpy as np
import numpy.typing as npt

from infocore._exponentials import expm1_excess, log_mean_exp, log_sum_exp, weighted_expm1
from infocore._pieces import summed
from infocore._stable import divergence, divergence_terms, in_units, log_quotient, surprise
from infocore._validate import FloatArray, log_base, pmf, pmf_pair, real_number
from infocore.discrete import logarithm, mean_surprise

# An order from which on a double cannot tell Rényi's from its limit: that is off by at most
# 745 nats / (order - 1), and what a double can measure is above 1e-17.
_ENDLESS = 2.0**120


def total_variation(
    p: npt.ArrayLike, q: npt.ArrayLike, /, *, axis: int = -1, normalize: bool = False
) -> float | FloatArray:
    """Return the total variation distance ½·Σ|p - q|, the most by which two can differ on an event.

    It is 1 - Σ min(p, q): of two samplers, one for each, the share of draws in which they cannot
    be made to agree, as when a small model's token is refused in speculative decoding.

    Parameters
    ----------
    p, q : array_like, shape (..., n, ...)
        Distributions along `axis`; the other axes broadcast.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        A probability, in the broadcast shape without `axis`; exactly 1 where no outcome is common
        to both.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution or their shapes do not broadcast.

    References
    ----------
    Levin, Peres and Wilmer, *Markov Chains and Mixing Times*, 2nd ed., proposition 4.2; Leviathan,
    Kalman and Matias, "Fast inference from transformers via speculative decoding", ICML (2023),
    corollary 3.6.

    Examples
    --------
    >>> total_variation([0.5, 0.5], [0.25, 0.75])
    0.25
    """
    p, q = np.broadcast_arrays(*pmf_pair(p, q, axis=axis, normalize=normalize))
    halves = np.asarray(summed(lambda a, b: 0.5 * abs(a - b).sum(axis=-1), p, q))
    apart = ~((p > 0) & (q > 0)).any(axis=-1)
    # Sums a little above 1, which pmf lets pass, would exceed the bound.
    return in_units(np.where(apart, 1.0, np.minimum(halves, 1.0)))


def renyi_entropy(
    p: npt.ArrayLike,
    /,
    *,
    order: float,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return Rényi's entropy log(Σ p^α) / (1-α) of order α, and its limits at 0, 1 and ∞.

    Order 0 is the logarithm of the number of possible outcomes, order 1 is Shannon's entropy,
    order ∞ the surprise of the likeliest outcome. It falls as the order grows. As doubles rarely
    sum to exactly 1, it is computed as log(Σ p^α / Σ p) / (1-α).

    Parameters
    ----------
    p : array_like, shape (..., n, ...)
        Distributions along `axis`.
    order : float
        α, from 0 to `inf`.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sum instead of requiring that it is 1.

    Returns
    -------
    float or ndarray
        The shape of `p` without `axis`; as accurate for orders next to 1 as elsewhere.

    Raises
    ------
    ValueError
        If `p` is no distribution, the order is negative or NaN, or the base is no base of a
        logarithm.

    References
    ----------
    Rényi, "On measures of entropy and information", Proc. 4th Berkeley Symposium (1961), equation
    1.21.

    Examples
    --------
    >>> [renyi_entropy([0.5, 0.25, 0.25, 0], order=order) for order in (1, math.inf)]
    [1.5, 1.0]
    """
    p, alpha = pmf(p, "p", axis, normalize), _order(order)
    scale, log = logarithm(base)
    if alpha == 1:
        return mean_surprise(p, p, base)
    if alpha == 0:
        return in_units(log(np.count_nonzero(p, axis=-1).astype(np.float64)), scale)
    if alpha > _ENDLESS:
        return in_units(-log(p.max(axis=-1)), scale)
    return in_units(log_mean_exp(p, _scaled_logs(p, alpha - 1)) / (1 - alpha), log_base(base))


def tsallis_entropy(
    p: npt.ArrayLike, /, *, order: float, axis: int = -1, normalize: bool = False
) -> float | FloatArray:
    """Return Tsallis' entropy (1 - Σ p^α) / (α-1) of order α, and its limits at 0, 1 and ∞.

    Order 0 is the number of possible outcomes less 1, order 1 Shannon's entropy in nats, order 2
    the Gini impurity 1 - Σ p², order ∞ is 0.

    Parameters
    ----------
    p : array_like, shape (..., n, ...)
        Distributions along `axis`.
    order : float
        α, from 0 to `inf`.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sum instead of requiring that it is 1.

    Returns
    -------
    float or ndarray
        Without a unit but at order 1, in the shape of `p` without `axis`; as accurate for orders
        next to 1 as elsewhere.

    Raises
    ------
    ValueError
        If `p` is no distribution, or the order is negative or NaN.

    References
    ----------
    Tsallis, "Possible generalization of Boltzmann-Gibbs statistics", Journal of Statistical Physics
    52 (1988), equation 1.

    Examples
    --------
    >>> tsallis_entropy([0.5, 0.25, 0.25], order=2)
    0.625
    """
    p, alpha = pmf(p, "p", axis, normalize), _order(order)
    if alpha == 1:
        return mean_surprise(p, p, math.e)
    if alpha == 0:
        return in_units(np.count_nonzero(p, axis=-1) - 1)
    if alpha == math.inf:
        return in_units(np.zeros(p.shape[:-1]))
    lost = weighted_expm1(p, _scaled_logs(p, alpha - 1)).sum(axis=-1)
    return in_units(lost / (1 - alpha))


def renyi_divergence(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    /,
    *,
    order: float,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return Rényi's divergence log(Σ p^α·q^(1-α)) / (α-1) of p from q, and its limits.

    Order 0 is -log of what q gives to the outcomes that p allows, order 1 the KL divergence
    D(p‖q), order ∞ the largest log(p/q). It grows with the order. As doubles rarely sum to exactly
    1, the sum is computed as 1 + Σ (p^α·q^(1-α) - α·p + (α-1)·q): the same number for exact
    distributions, but no two terms of it differ in sign, so that none cancel.

    Parameters
    ----------
    p, q : array_like, shape (..., n, ...)
        Distributions along `axis`; the other axes broadcast.
    order : float
        α, from 0 to `inf`.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; exactly 0 where p equals q, `inf` where no outcome is
        common to both and, from order 1 on, where q is 0 and p is not. It keeps its digits as q
        approaches p and as the order approaches 1.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, their shapes do not broadcast, the order is negative or
        NaN, or the base is no base of a logarithm.

    References
    ----------
    van Erven and Harremoës, "Rényi divergence and Kullback-Leibler divergence", IEEE Transactions
    on Information Theory 60 (2014), definition 2, theorems 4 to 6, and proposition 2 for the skew
    symmetry by which orders below ½ are computed.

    Examples
    --------
    >>> renyi_divergence([0.5, 0.5], [0.25, 0.75], order=math.inf)
    1.0
    >>> renyi_divergence([1, 0], [0.5, 0.5], order=0)
    1.0
    """
    scale, alpha = log_base(base), _order(order)
    p, q = np.broadcast_arrays(*pmf_pair(p, q, axis=axis, normalize=normalize))
    if alpha == 1:
        return in_units(divergence(p, q), scale)
    if alpha == 0:
        return in_units(_surprise_of_support(p, q), scale)
    if alpha > _ENDLESS:
        return in_units(np.maximum(_log_ratio(p, q).max(axis=-1), 0.0), scale)
    if alpha < 0.5:
        return in_units(alpha / (1 - alpha) * _renyi_nats(q, p, -alpha), scale)
    return in_units(_renyi_nats(p, q, alpha - 1), scale)


def _order(order: float) -> float:
    alpha = real_number(order, "order")
    if not alpha >= 0:
        raise ValueError(f"order must not be negative or NaN, got {order!r}")
    return alpha


def _scaled_logs(p: FloatArray, factor: float) -> FloatArray:
    """Return factor·log p, and 0 where p is."""
    return np.asarray(factor * np.log(np.where(p > 0, p, 1.0)))


def _surprise_of_support(p: FloatArray, q: FloatArray) -> FloatArray:
    """Return -log of what q gives to the outcomes that p allows."""
    allowed, ruled_out = (np.where(side, q, 0.0).sum(axis=-1) for side in (p > 0, p == 0))
    return surprise(allowed, ruled_out)


def _log_ratio(p: FloatArray, q: FloatArray) -> FloatArray:
    """Return log(p/q), accurate near p = q; -inf where p is 0."""
    difference = p - q
    near = abs(difference) <= 0.5 * q
    with np.errstate(all="ignore"):
        ratio = np.log1p(np.where(near, difference / q, 0.0))
    far = np.where(p > 0, log_quotient(p, q), -math.inf)
    return np.where(near & (q > 0), ratio, far)


def _renyi_nats(p: FloatArray, q: FloatArray, a: float) -> FloatArray:
    """Return the divergence of order 1 + a, a ≥ -½.

    With u = log(p/q) and x = a·u, what Σ p^α·q^(1-α) is above 1 is summed as p·(e^x - 1) - a·(p-q),
    and where x is small as p·(e^x - 1 - x) + a·(p·u - p + q), of which the second part is about 1/a
    of the first: nothing cancels as p approaches q or as a vanishes.
    """
    both, u = (p > 0) & (q > 0), _log_ratio(p, q)
    x = np.where(both, a * np.where(both, u, 0.0), 0.0)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        near = p * expm1_excess(x) + a * divergence_terms(p, q, p - q)
        common = np.where(abs(x) <= 1, near, weighted_expm1(p, x) - a * (p - q))
        alone = np.where(p > 0, -(1 + a) * p if a < 0 else math.inf, a * q)
        excess = np.where(both, common, alone).sum(axis=-1)
        ruled_out = (a > 0) & ((p > 0) & (q == 0)).any(axis=-1)
        far = np.where(ruled_out, math.inf, log_sum_exp(np.where(both, p, 0.0), x))
        return np.where((excess >= -0.5) & (excess < math.inf), np.log1p(excess), far) / a
