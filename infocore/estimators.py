"""Entropy and mutual information estimated from samples that are too few to trust their counts."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from infocore._nsb import posterior_mean_entropy
from infocore._samples import points, refuse_at, tallies
from infocore._stable import in_units, surprise
from infocore._validate import FloatArray, IntArray, log_base, one_of, whole_number

_FAR = 1e307  # from which on distances may overflow


def estimate_entropy(
    counts: npt.ArrayLike, /, *, method: str, base: float = 2, axis: int = -1
) -> float | FloatArray:
    """Return an estimate of the entropy of what was counted.

    The plug-in estimate is the entropy of the relative frequencies, and too low on average. The
    others correct it: `"miller-madow"` adds (m-1)/2N nats, with m the number of outcomes seen in N
    samples, the first term of the error; `"chao-shen"` weighs each outcome by the chance that it
    was seen at all, and all by the coverage 1 - f/N that f outcomes seen once suggest; `"nsb"` is
    the posterior mean under a prior that takes every entropy up to log K for equally likely.

    Parameters
    ----------
    counts : array_like, shape (..., K, ...)
        How often each of K outcomes was seen, whole numbers along `axis`. Zeros matter to `"nsb"`
        alone, which takes K for the number of possible outcomes.
    method : {"plug-in", "miller-madow", "chao-shen", "nsb"}
        The estimator.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    axis : int, default -1
        The axis of the outcomes.

    Returns
    -------
    float or ndarray
        The shape of `counts` without `axis`. Where every outcome was seen once (f = N), Chao and
        Shen's coverage would be 0 and their estimate infinite: f is then taken for N - 1, as the R
        package `entropy` does.

    Raises
    ------
    ValueError
        If a count is negative, NaN, infinite or not whole, nothing was counted, there is no such
        method, or the base is no base of a logarithm.

    References
    ----------
    Miller, "Note on the bias of information estimates", in Quastler (ed.), *Information Theory
    in Psychology* (1955); Chao and Shen, "Nonparametric estimation of Shannon's index of diversity
    when there are unseen species in sample", Environmental and Ecological Statistics 10 (2003);
    Nemenman, Shafee and Bialek, "Entropy and inference, revisited", NIPS 14 (2002).

    Examples
    --------
    >>> estimate_entropy([2, 2], method="plug-in")
    1.0
    >>> [round(estimate_entropy([4, 2, 1, 1], method=method, base=np.e), 4)
    ...  for method in ("plug-in", "miller-madow", "chao-shen", "nsb")]
    [1.213, 1.4005, 1.5784, 1.24]
    """
    scale, name = log_base(base), one_of(method, "method", tuple(_METHODS))
    return in_units(_METHODS[str(name)](tallies(counts, "counts", axis)), scale)


def ksg_mutual_information(
    x: npt.ArrayLike, y: npt.ArrayLike, /, *, k: int = 3, base: float = 2
) -> float:
    """Return the mutual information of two continuous variables, estimated without bins.

    It is the first estimator of Kraskov, Stögbauer and Grassberger: with the distance to the k-th
    neighbour of a sample, in the larger of the distances in x and in y, it counts the samples that
    are nearer than that in x, and in y, and is ψ(k) + ψ(n) - ⟨ψ(n_x+1) + ψ(n_y+1)⟩ nats. A small k
    has little bias and a large spread. As x and y are compared by distance, the estimate depends on
    their relative unit, if little; where their spreads differ much, divide by them first.

    Parameters
    ----------
    x, y : array_like, shape (n,) or (n, d)
        Samples, finite, one a row; x and y may be of different dimensions.
    k : int, default 3
        Which neighbour sets the scale, from 1 to n - 1.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        Near 0 for independent variables, and then about as often below as above.

    Raises
    ------
    ValueError
        If x or y holds no samples or what is not finite, they are not as many as each other, `k` is
        no whole number from 1 to n - 1, or more than k samples coincide, as then they are not
        continuous; if the base is no base of a logarithm.

    Notes
    -----
    Samples at exactly the k-th distance do not count as nearer. Values of x or of y alone that
    repeat are taken as they are, and make the estimate too large where they are many: add noise
    below the resolution of the measurement. Of discrete variables it means nothing: use
    `binned_mutual_information`.

    References
    ----------
    Kraskov, Stögbauer and Grassberger, "Estimating mutual information", Physical Review E 69,
    066138 (2004), equation 8.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.standard_normal(1000)
    >>> -0.1 < ksg_mutual_information(x, rng.standard_normal(1000)) < 0.1
    True
    """
    from scipy.spatial import KDTree  # a fifth of a second, for nothing else in this package

    scale, nearest = log_base(base), whole_number(k, "k", at_least=1)
    sides = points(x, "x"), points(y, "y")
    n = len(sides[0])
    if len(sides[1]) != n:
        raise ValueError(f"x and y must be as long as each other, got {n} and {len(sides[1])}")
    if nearest >= n:
        raise ValueError(f"k must be less than the number of samples, {n}, got {k}")
    if max(abs(side).max() for side in sides) > _FAR:
        sides = 0.25 * sides[0], 0.25 * sides[1]
    joint = np.hstack(sides)
    distance = KDTree(joint).query(joint, k=[nearest + 1], p=np.inf)[0][:, 0]
    refuse_at(
        distance == 0, joint, "x and y", f"free of points that {nearest} others coincide with"
    )
    nearer = np.nextafter(distance, 0)
    around = [
        _nearer(side[:, 0], distance)
        if side.shape[1] == 1
        else KDTree(side).query_ball_point(side, nearer, p=np.inf, return_length=True)
        for side in sides
    ]  # each sample among them, which is the 1 in n_x + 1
    nats = digamma(nearest) + digamma(n) - 2 * digamma(np.concatenate(around)).mean()
    return float(in_units(nats, scale))


def _nearer(x: FloatArray, reach: FloatArray) -> IntArray:
    """Return how many samples lie nearer to each than its reach, itself among them."""
    return np.asarray(len(x) - _far_below(x, reach) - _far_below(-x, reach))


def _far_below(x: FloatArray, reach: FloatArray) -> IntArray:
    """Return how many samples each exceeds by its reach or more, by bisecting the ordered ones.

    Unlike x - reach, the differences are rounded as the distances are, so that none is miscounted.
    """
    ordered, low, high = np.sort(x), np.zeros(len(x), np.int64), np.full(len(x), len(x) - 1)
    for _ in range(len(x).bit_length()):
        middle = (low + high) // 2
        far = x - ordered[middle] >= reach
        low, high = np.where(far, middle + 1, low), np.where(far, high, middle)
    return low


def _plug_in(n: FloatArray) -> FloatArray:
    samples = n.sum(axis=-1, keepdims=True)
    terms = n * np.where(n > 0, surprise(n / samples, (samples - n) / samples), 0.0)
    return np.asarray(terms.sum(axis=-1) / samples[..., 0])


def _miller_madow(n: FloatArray) -> FloatArray:
    added = (np.count_nonzero(n, axis=-1) - 1) / (2 * n.sum(axis=-1))
    return np.asarray(_plug_in(n) + added)


def _chao_shen(n: FloatArray) -> FloatArray:
    samples = n.sum(axis=-1, keepdims=True)
    once = np.count_nonzero(n == 1, axis=-1, keepdims=True)
    uncovered = np.where(once == samples, once - 1, once) / samples
    share = (1 - uncovered) * n / samples
    rest = (samples - n) / samples + uncovered * n / samples
    with np.errstate(invalid="ignore"):
        seen = -np.expm1(-samples * surprise(rest, share))  # the chance of it
        terms = np.where(n > 0, share * surprise(share, rest) / seen, 0.0)
    return np.asarray(terms.sum(axis=-1))


def _nsb(n: FloatArray) -> FloatArray:
    """Return the estimates of all rows, each of which costs milliseconds, once for its counts."""
    rows = np.sort(n.reshape(-1, n.shape[-1]), axis=-1)
    kinds, places = np.unique(rows, axis=0, return_inverse=True)
    nats = np.array([posterior_mean_entropy(one) for one in kinds], dtype=np.float64)
    return nats[places].reshape(n.shape[:-1])


_METHODS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "plug-in": _plug_in,
    "miller-madow": _miller_madow,
    "chao-shen": _chao_shen,
    "nsb": _nsb,
}
