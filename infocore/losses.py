"""The losses of classification and contrast, cross-entropies all, and the softmax before them."""

import math

import numpy as np
import numpy.typing as npt

from infocore._exponentials import log_mean_exp
from infocore._pieces import summed
from infocore._stable import elementwise, in_units, scaled_difference
from infocore._validate import (
    FloatArray,
    broadcast,
    class_numbers,
    log_base,
    match_shapes,
    numbers,
    pmf,
    probabilities,
    real_number,
)
from infocore._validate import scores as score_vectors
from infocore.discrete import logarithm


def binary_cross_entropy(
    y: npt.ArrayLike, q: npt.ArrayLike, /, *, base: float = math.e, from_logits: bool = False
) -> float | FloatArray:
    """Return -y·log q - (1-y)·log(1-q), elementwise and without a mean.

    Parameters
    ----------
    y : array_like
        Labels 0 or 1, or probabilities between them.
    q : array_like
        Predicted probabilities of label 1, or with `from_logits` their logits log(q/(1-q)),
        which may be infinite; broadcast against `y`.
    base : float, default math.e
        Base of the logarithm: `math.e` gives nats, 2 bits.
    from_logits : bool, default False
        Whether `q` holds logits.

    Returns
    -------
    float or ndarray
        The broadcast shape; `inf` where a label that can occur was predicted with probability 0.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN, a logit is NaN, the shapes do not broadcast,
        or the base is no base of a logarithm.

    References
    ----------
    Murphy, *Probabilistic Machine Learning: An Introduction*, section 10.2.3.

    Examples
    --------
    >>> binary_cross_entropy([1, 0], 0.5, base=2)
    array([1., 1.])
    >>> binary_cross_entropy(1, 0)
    inf
    """
    scale, y = log_base(base), probabilities(y, "y")
    q = numbers(q, "q") if from_logits else probabilities(q, "q")
    broadcast(y, q, ("y", "q"))
    return elementwise(_binary_from_logits if from_logits else _binary, scale, y, q)


def _binary(y: FloatArray, q: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        of_one, of_zero = np.log(q), np.log1p(-q)
    return np.asarray(-_weighted(y, of_one) - _weighted(1 - y, of_zero))


def _binary_from_logits(y: FloatArray, z: FloatArray) -> FloatArray:
    """Return log(1 + exp(-|z|)), and |z| for as much of the label as the sign of z denies."""
    distance = np.asarray(abs(z))
    softplus = np.asarray(-distance)
    np.exp(softplus, out=softplus)
    np.log1p(softplus, out=softplus)
    softplus += _weighted(abs(y - (z >= 0)), distance)
    return softplus


def categorical_cross_entropy(
    y: npt.ArrayLike,
    q: npt.ArrayLike,
    /,
    *,
    base: float = math.e,
    axis: int = -1,
    from_logits: bool = False,
    label_smoothing: float = 0,
) -> float | FloatArray:
    """Return -Σ y·log q along the classes, without a mean over examples.

    Parameters
    ----------
    y : array_like, shape (..., n, ...) or (...)
        One-hot labels or distributions along `axis`; or classes, counted from 0, as whole numbers
        in an array with one axis less than `q`, or one class for all.
    q : array_like, shape (..., n, ...)
        Predicted distributions along `axis`, or with `from_logits` scores whose softmax they
        are (-inf for probability 0); the other axes broadcast.
    base : float, default math.e
        Base of the logarithm: `math.e` gives nats, 2 bits.
    axis : int, default -1
        The axis of the classes.
    from_logits : bool, default False
        Whether `q` holds scores.
    label_smoothing : float, default 0
        The share ε of each label that is spread evenly over all n classes, as in PyTorch's
        `CrossEntropyLoss`: (1-ε)·y + ε/n stands for y. The least loss is then the entropy of that.

    Returns
    -------
    float or ndarray
        The broadcast shape without `axis`; `inf` where a class that can occur was predicted
        with probability 0.

    Raises
    ------
    ValueError
        If `y` or `q` is no distribution, a class is not one of 0 to n-1, scores are NaN, +inf or
        all -inf, `label_smoothing` is not within [0, 1], the shapes do not broadcast, or the base
        is no base of a logarithm.

    References
    ----------
    Murphy, *Probabilistic Machine Learning: An Introduction*, section 10.3.2; for the smoothing
    Szegedy et al., *Rethinking the Inception Architecture for Computer Vision* (2016), section 7.

    Examples
    --------
    >>> categorical_cross_entropy([0, 1, 0], [0.25, 0.5, 0.25], base=2)
    1.0
    >>> categorical_cross_entropy([0, 1], [1000, 0], from_logits=True)
    1000.0
    >>> categorical_cross_entropy([2, 0], [[0.25, 0.25, 0.5], [1, 0, 0]], base=2)
    array([1., 0.])
    """
    scale, log = (log_base(base), np.log) if from_logits else logarithm(base)
    share = real_number(label_smoothing, "label_smoothing")
    if not 0 <= share <= 1:
        raise ValueError(f"label_smoothing must lie in [0, 1], got {label_smoothing!r}")
    predicted = score_vectors(q, "q", axis) if from_logits else pmf(q, "q", axis)
    classes, count = class_numbers(y, "y", predicted), predicted.shape[-1]
    if classes is None:
        y = pmf(y, "y", axis)
        match_shapes(y, predicted, ("y", "q"))
        arrays = np.broadcast_arrays(predicted, y)
    else:
        arrays = np.broadcast_arrays(predicted, classes[..., np.newaxis], np.arange(count))

    def losses(q: FloatArray, y: FloatArray, place: FloatArray | None = None) -> FloatArray:
        weight = y if place is None else (y == place).astype(np.float64)
        if share:
            weight = (1 - share) * weight + share / count
        costs = _surprise_from_scores(q) if from_logits else -log(q)
        return np.asarray(_weighted(weight, costs).sum(axis=-1))

    return in_units(summed(losses, *arrays, whole=from_logits), scale)


def info_nce(
    scores: npt.ArrayLike, /, *, base: float = math.e
) -> tuple[float | FloatArray, float | FloatArray]:
    """Return the InfoNCE loss of scores of pairs, and the bound log N - loss that it implies.

    Row i is the question which of N candidates belongs to x_i; the answer is candidate i. The
    bound is at most log N, whatever the scores, and its mean over independent pairs is at most
    the mutual information I(X;Y).

    Parameters
    ----------
    scores : array_like, shape (..., N, N)
        The score of x_i with y_j at row i and column j, pairs that belong together on the
        diagonal; -inf rules a candidate out.
    base : float, default math.e
        Base of the logarithm: `math.e` gives nats, 2 bits.

    Returns
    -------
    loss : float or ndarray
        The mean over the rows of -log softmax(row)[i], in the shape of the other axes; `inf`
        where an answer is ruled out.
    bound : float or ndarray
        log N - loss, which keeps its digits where all scores are nearly the same.

    Raises
    ------
    ValueError
        If the last two axes are not of the same length or are empty, a score is NaN or +inf, a
        row is all -inf, or the base is no base of a logarithm.

    References
    ----------
    van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding"
    (2018), equation 4 and appendix A.1; Poole et al., "On variational bounds of mutual
    information", ICML (2019), equation 10.

    Examples
    --------
    >>> info_nce([[0, 0], [0, 0]], base=2)
    (1.0, 0.0)
    """
    scale, z = log_base(base), numbers(scores, "scores")
    if z.ndim < 2 or z.shape[-1] != z.shape[-2]:
        raise ValueError(f"scores must be square tables, got shape {z.shape}")
    z = score_vectors(z, "scores", -1)
    answers = np.broadcast_to(np.arange(z.shape[-1]), z.shape[:-1])
    losses = np.asarray(categorical_cross_entropy(answers, z, from_logits=True))
    own = np.diagonal(z, axis1=-2, axis2=-1)
    with np.errstate(over="ignore", invalid="ignore"):
        gains = -log_mean_exp(np.ones_like(z), z - own[..., np.newaxis])
    gains = np.where(losses == math.inf, -math.inf, gains)
    return in_units(losses.mean(axis=-1), scale), in_units(gains.mean(axis=-1), scale)


def softmax(z: npt.ArrayLike, /, *, temperature: float = 1, axis: int = -1) -> FloatArray:
    """Return the distributions proportional to exp(z / temperature).

    Parameters
    ----------
    z : array_like, shape (..., n, ...)
        Scores along `axis`; -inf gives probability 0 at every temperature.
    temperature : float, default 1
        At 0 all probability is on the largest scores, in equal shares; at `inf` it is uniform.
    axis : int, default -1
        The axis of the outcomes.

    Returns
    -------
    ndarray
        Probabilities, in the shape of `z`.

    Raises
    ------
    ValueError
        If a score is NaN or +inf, all scores are -inf, or the temperature is negative or NaN.

    References
    ----------
    Murphy, *Probabilistic Machine Learning: An Introduction*, section 2.5.2.

    Examples
    --------
    >>> softmax([1, 3, 3], temperature=0)
    array([0. , 0.5, 0.5])
    """
    tau, z = real_number(temperature, "temperature"), score_vectors(z, "z", axis)
    if not tau >= 0:
        raise ValueError(f"temperature must not be negative or NaN, got {temperature!r}")
    weights = _softmax_weights(z, tau)
    return np.moveaxis(weights / weights.sum(axis=-1, keepdims=True), -1, axis)


def _softmax_weights(z: FloatArray, temperature: float) -> FloatArray:
    largest = z.max(axis=-1, keepdims=True)
    if temperature == 0:
        return np.where(z == largest, 1.0, 0.0)
    if temperature == math.inf:
        return np.where(np.isneginf(z), 0.0, 1.0)
    return np.asarray(np.exp(scaled_difference(z, largest, temperature)))


def _surprise_from_scores(z: FloatArray) -> FloatArray:
    """Return -log softmax(z): the distance to the largest score, and the others' weight."""
    top = z.argmax(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):
        distance = np.take_along_axis(z, top, axis=-1) - z
    others = np.exp(-distance)
    np.put_along_axis(others, top, 0.0, axis=-1)
    return np.asarray(distance + np.log1p(others.sum(axis=-1, keepdims=True)))


def _weighted(weight: FloatArray, cost: FloatArray) -> FloatArray:
    """Return weight·cost, with weight 0 ruling out what would cost infinitely much."""
    with np.errstate(invalid="ignore"):
        weighted = np.asarray(weight * cost)
    if not (cost.min(initial=0.0) > -math.inf and cost.max(initial=0.0) < math.inf):
        np.copyto(weighted, 0.0, where=weight == 0)
    return weighted
