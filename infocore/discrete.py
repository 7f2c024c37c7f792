"""Entropy and divergences of discrete distributions."""

import math

import numpy as np
import numpy.typing as npt

from infocore._stable import divergence, divergence_terms, in_units
from infocore._validate import FloatArray, log_base, pmf, pmf_pair, probabilities


def information_content(p: npt.ArrayLike, /, *, base: float = 2) -> float | FloatArray:
    """Return the surprise -log p of outcomes with probability p.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], of any shape.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        The shape of `p`; `inf` where p is 0.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN, or the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 2.1.

    Examples
    --------
    >>> information_content([1, 0.5, 0.25, 0])
    array([ 0.,  1.,  2., inf])
    """
    scale, logs = _logs(probabilities(p, "p"), base)
    return in_units(-logs, scale)


def entropy(
    p: npt.ArrayLike, /, *, base: float = 2, axis: int = -1, normalize: bool = False
) -> float | FloatArray:
    """Return the entropy H(p) = -Σ p·log p, the average surprise.

    Parameters
    ----------
    p : array_like, shape (..., n, ...)
        Distributions along `axis`.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sum instead of requiring that it is 1.

    Returns
    -------
    float or ndarray
        The shape of `p` without `axis`.

    Raises
    ------
    ValueError
        If `p` holds a negative, NaN or infinite entry, does not sum to 1, or is empty along
        `axis`; if the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 2.1.

    Examples
    --------
    >>> entropy([0.5, 0.25, 0.25])
    1.5
    >>> entropy([3, 1], normalize=True) == entropy([0.75, 0.25])
    True
    """
    p = pmf(p, "p", axis, normalize)
    return mean_surprise(p, p, base)


def binary_entropy(p: npt.ArrayLike, /, *, base: float = 2) -> float | FloatArray:
    """Return the entropy of a coin that shows heads with probability p.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], of any shape.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        The shape of `p`.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN, or the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., example 2.1.1.

    Examples
    --------
    >>> binary_entropy([0, 0.5, 1])
    array([0., 1., 0.])
    """
    p, scale = probabilities(p, "p"), log_base(base)
    with np.errstate(divide="ignore"):
        heads = p * np.log(np.where(p > 0, p, 1.0))
        tails = (1 - p) * np.log1p(np.where(p < 1, -p, 0.0))
    return in_units(-heads - tails, scale)


def cross_entropy(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    /,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return the cross-entropy H(p, q) = -Σ p·log q: data from p, code built for q.

    Parameters
    ----------
    p, q : array_like, shape (..., n, ...)
        Distributions along `axis`; the other axes broadcast.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; `inf` where q is 0 and p is not.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, their shapes do not broadcast, or the base is no base
        of a logarithm.

    References
    ----------
    Murphy, *Probabilistic Machine Learning: An Introduction*, section 6.1.2.

    Examples
    --------
    >>> cross_entropy([0.5, 0.5], [0.25, 0.75]) > cross_entropy([0.5, 0.5], [0.5, 0.5])
    True
    >>> cross_entropy([0.5, 0.5], [1, 0])
    inf
    """
    p, q = pmf_pair(p, q, axis=axis, normalize=normalize)
    return mean_surprise(p, q, base)


def kl_divergence(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    /,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return the KL divergence D(p‖q), what a code built for q wastes on data from p.

    It is computed as Σ p·log(p/q) - p + q: the same number for exact distributions, but every
    term is at least 0 and none cancels, so that it is accurate as q approaches p, too.

    Parameters
    ----------
    p, q : array_like, shape (..., n, ...)
        Distributions along `axis`; the other axes broadcast.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; exactly 0 where p equals q, `inf` where q is 0 and
        p is not.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, their shapes do not broadcast, or the base is no base
        of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 2.3.

    Examples
    --------
    >>> kl_divergence([1, 0], [0.5, 0.5])
    1.0
    >>> kl_divergence([0.5, 0.5], [1, 0])
    inf
    """
    p, q = pmf_pair(p, q, axis=axis, normalize=normalize)
    return in_units(divergence(p, q), log_base(base))


def jensen_shannon_divergence(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    /,
    *,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return the Jensen-Shannon divergence ½D(p‖m) + ½D(q‖m) with m = (p+q)/2.

    It is not its square root, the Jensen-Shannon distance.

    Parameters
    ----------
    p, q : array_like, shape (..., n, ...)
        Distributions along `axis`; the other axes broadcast.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; at most one bit, and exactly that where p and q
        have no outcome in common.

    Raises
    ------
    ValueError
        If `p` or `q` is no distribution, their shapes do not broadcast, or the base is no base
        of a logarithm.

    References
    ----------
    Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information
    Theory 37 (1991), section IV, with equal weights.

    Examples
    --------
    >>> jensen_shannon_divergence([1, 0], [0, 1])
    1.0
    """
    p, q = pmf_pair(p, q, axis=axis, normalize=normalize)
    p, q = np.broadcast_arrays(p, q)
    twice_m, difference = p + q, p - q
    terms = divergence_terms(2 * p, twice_m, difference)
    terms += divergence_terms(2 * q, twice_m, -difference)
    # A sum a little above 1, which pmf_pair lets pass, would exceed the bound log 2.
    nats = np.minimum(terms.sum(axis=-1) / 4, math.log(2))
    disjoint = np.all((p == 0) | (q == 0), axis=-1)
    return in_units(np.where(disjoint, math.log(2), nats), log_base(base))


def mean_surprise(p: FloatArray, q: FloatArray, base: float) -> float | FloatArray:
    """Return -Σ p·log q along the last axis of checked distributions."""
    p, q = np.broadcast_arrays(p, q)
    scale, logs = _logs(q, base)
    np.copyto(logs, 0.0, where=p == 0)
    return in_units(-np.vecdot(p, logs), scale)


def _logs(p: FloatArray, base: float) -> tuple[float, FloatArray]:
    """Return logarithms and what to divide them by; for bits log2, exact at powers of 2."""
    scale = log_base(base)
    with np.errstate(divide="ignore"):
        return (1.0, np.asarray(np.log2(p))) if base == 2 else (scale, np.asarray(np.log(p)))
