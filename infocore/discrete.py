"""Entropy and divergences of discrete distributions."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from infocore._pieces import summed
from infocore._stable import divergence, elementwise, in_units, mixed_divergences
from infocore._validate import (
    FloatArray,
    log_base,
    mixing_weights,
    pmf,
    pmf_pair,
    pmfs,
    probabilities,
)


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
    scale, log = logarithm(base)
    return elementwise(lambda piece: -log(piece), scale, probabilities(p, "p"))


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
    scale = log_base(base)

    def nats(p: FloatArray) -> FloatArray:
        heads = p * np.log(np.where(p > 0, p, 1.0))
        tails = (1 - p) * np.log1p(np.where(p < 1, -p, 0.0))
        return np.asarray(-heads - tails)

    return elementwise(nats, scale, probabilities(p, "p"))


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
    *ps: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    base: float = 2,
    axis: int = -1,
    normalize: bool = False,
) -> float | FloatArray:
    """Return the Jensen-Shannon divergence Σ w·D(p‖m) of distributions p from m = Σ w·p.

    Of two with equal weights that is ½D(p‖m) + ½D(q‖m) with m = (p+q)/2. It is not its square
    root, the Jensen-Shannon distance, which is what `scipy.spatial.distance.jensenshannon` gives.

    Parameters
    ----------
    *ps : array_like, shape (..., n, ...)
        Two or more distributions along `axis`; the other axes broadcast.
    weights : array_like, shape (number of distributions,), optional
        How much each counts, with sum 1; by default all the same.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.
    normalize : bool, default False
        Divide by the sums instead of requiring that they are 1.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; at most the entropy of the weights, which is one bit
        for two equal ones, and exactly that where no two have an outcome in common.

    Raises
    ------
    ValueError
        If there are fewer than two distributions, one of them or `weights` is none, the shapes
        do not broadcast, or the base is no base of a logarithm.

    References
    ----------
    Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information
    Theory 37 (1991), sections IV and V.

    Examples
    --------
    >>> jensen_shannon_divergence([1, 0], [0, 1])
    1.0
    >>> jensen_shannon_divergence([1, 0, 0], [0, 1, 0], [0, 0, 1], weights=[0.5, 0.25, 0.25])
    1.5
    """
    scale, stacks = log_base(base), np.broadcast_arrays(*pmfs(ps, axis, normalize))
    shares = mixing_weights(weights, len(stacks))
    weighed = [(w, p) for w, p in zip(shares, stacks, strict=True) if w > 0]
    nats = mixed_divergences(*zip(*weighed, strict=True))
    # As m ≥ w·p, Σ w·D(p‖m) with D = Σ p·log(p/m) - p + m is at most -Σ w·log w + W·(W - 1), and
    # just that of disjoint p, with W = Σ w, which is 1 but for rounding. Sums of p a little above
    # 1, which pmfs lets pass, would exceed it.
    most = math.fsum([*shares, -1, *(-w * math.log(w) for w, _ in weighed)])
    nats = np.minimum(nats, most)
    if np.any(nats > 0.9 * most):
        disjoint = np.all(sum((p > 0).astype(np.int8) for _, p in weighed) <= 1, axis=-1)
        nats = np.where(disjoint, most, nats)
    return in_units(nats, scale)


def mean_surprise(p: FloatArray, q: FloatArray, base: float) -> float | FloatArray:
    """Return -Σ p·log q along the last axis of checked distributions."""
    scale, log = logarithm(base)

    def costs(p: FloatArray, q: FloatArray) -> FloatArray:
        logs = log(q)
        if not logs.min(initial=0.0) > -math.inf:
            np.copyto(logs, 0.0, where=p == 0)
        logs *= p
        return np.asarray(logs.sum(axis=-1))

    return in_units(-summed(costs, *np.broadcast_arrays(p, q)), scale)


def logarithm(base: float) -> tuple[float, Callable[[FloatArray], FloatArray]]:
    """Return what logarithms are divided by, and what takes them: log2 for bits, exact at 2**k."""
    natural = log_base(base)
    scale, log = (1.0, np.log2) if natural == math.log(2) else (natural, np.log)

    def logs(p: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.asarray(log(p))

    return scale, logs
