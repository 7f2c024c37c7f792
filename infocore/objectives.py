"""What preferences and latent variables train on: tilted policies, what they cost, and ELBOs."""

import math

import numpy as np
import numpy.typing as npt

from infocore._doubled import doubled_exp, doubled_sum, product, two_sum
from infocore._exponentials import expm1_excess, heaviest, log_mean_exp, weighted_exp
from infocore._stable import (
    CLEAR,
    TINY,
    divergence,
    divergence_terms,
    elementwise,
    in_units,
    log_quotient,
    scaled_difference,
)
from infocore._validate import (
    FloatArray,
    broadcast,
    last_axis,
    log_base,
    match_shapes,
    numbers,
    pmf,
    real_number,
)
from infocore.losses import binary_cross_entropy

Measured = float | FloatArray

_SAFE, _FAR = 1e-250, 600.0  # products of no less, and exponentials up to here, can be doubled


def tilt(
    reference: npt.ArrayLike, reward: npt.ArrayLike, /, *, beta: float, axis: int = -1
) -> tuple[FloatArray, Measured]:
    """Return the policy π = reference·exp(reward/β)/Z, and log Z.

    Of all π it is the one with the largest E_π[reward] - β·D(π‖reference), the objective of
    reinforcement learning from human feedback, and the largest is β·log Z, with D in nats.

    Parameters
    ----------
    reference : array_like, shape (..., n, ...)
        Distributions along `axis`.
    reward : array_like, shape (..., n, ...)
        Rewards along `axis`, in any unit; -inf forbids an outcome. The other axes broadcast.
    beta : float
        What a nat of divergence costs, in the unit of the rewards, from 0 to `inf`. At `inf` the
        policy is the reference; at 0 it is the reference within the outcomes of the largest
        reward among those that the reference allows.
    axis : int, default -1
        The axis of the outcomes.

    Returns
    -------
    policy : ndarray
        Probabilities, in the broadcast shape.
    log_partition : float or ndarray
        log Z in nats, in the broadcast shape without `axis`, good to a few ulp of the reward/β
        that is largest in size. At β = 0 it is the limit, which is infinite unless the largest
        allowed reward is 0.

    Raises
    ------
    ValueError
        If `reference` is no distribution, a reward is NaN or +inf, no outcome has both a
        probability and a reward above -inf, `beta` is negative or NaN, or the shapes do not
        broadcast.

    References
    ----------
    Korbak, Perez and Buckley, "RL with KL penalties is better viewed as Bayesian inference",
    Findings of EMNLP (2022), section 3; Rafailov et al., "Direct preference optimization" (2023),
    equation 4.

    Examples
    --------
    >>> policy, log_partition = tilt([0.5, 0.5], [math.log(3), 0], beta=1)
    >>> policy
    array([0.75, 0.25])
    >>> round(log_partition, 4)
    0.6931
    """
    cost = real_number(beta, "beta")
    if not cost >= 0:
        raise ValueError(f"beta must not be negative or NaN, got {beta!r}")
    checked = _reference_and_reward(reference, reward, ("reference", "reward"), axis)
    policy, log_partition = _tilted(*checked, cost)
    return np.moveaxis(policy, -1, axis), in_units(log_partition)


def dpo_loss(
    chosen: npt.ArrayLike, rejected: npt.ArrayLike, /, *, beta: float, base: float = math.e
) -> Measured:
    """Return -log σ(β·(chosen - rejected)), the loss of direct preference optimization.

    It is the cross-entropy of the preference under the Bradley-Terry model, with β·log(π/π_ref)
    as the implied reward; a policy that is still its reference loses log 2.

    Parameters
    ----------
    chosen, rejected : array_like
        The log-ratios log(π(y)/π_ref(y)) of the preferred and of the other answer, in nats, of
        shapes that broadcast; one may be infinite.
    beta : float
        What a nat of divergence costs, positive and finite.
    base : float, default math.e
        Base of the loss's logarithm: `math.e` gives nats, 2 bits.

    Returns
    -------
    float or ndarray
        The broadcast shape, without a mean over pairs.

    Raises
    ------
    ValueError
        If a log-ratio is NaN, both are the same infinity, the shapes do not broadcast, `beta` is
        not positive and finite, or the base is no base of a logarithm.

    References
    ----------
    Rafailov et al., "Direct preference optimization: your language model is secretly a reward
    model" (2023), equation 7.

    Examples
    --------
    >>> dpo_loss(0, 0, beta=0.1, base=2)
    1.0
    >>> dpo_loss([1000, -1000], 0, beta=1)
    array([   0., 1000.])
    """
    cost = real_number(beta, "beta")
    if not 0 < cost < math.inf:
        raise ValueError(f"beta must be positive and finite, got {beta!r}")
    won, lost = broadcast(
        numbers(chosen, "chosen"), numbers(rejected, "rejected"), ("chosen", "rejected")
    )
    same = np.isinf(won) & (won == lost)
    if same.any():
        raise ValueError(f"chosen and rejected must not both be infinite, got {won[same][0]} twice")
    with np.errstate(over="ignore", invalid="ignore"):
        apart = won - lost
        overflows = np.isinf(apart) & np.isfinite(won) & np.isfinite(lost)
        margin = np.where(overflows, cost * won - cost * lost, cost * apart)
    return binary_cross_entropy(1, margin, base=base, from_logits=True)


def kl_estimators(log_ratio: npt.ArrayLike, /) -> tuple[Measured, Measured, Measured]:
    """Return three estimates of D(p‖q) from outcomes drawn under p, with r = q/p.

    The means of k1 = -log r and of k3 = r - 1 - log r are D(p‖q), that of k3 wherever q allows
    nothing that p rules out; no k3 is negative, and its spread is smaller where q is near p. The
    mean of k2 = ½·log² r is near D only where q is near p.

    Parameters
    ----------
    log_ratio : array_like
        log r = log q - log p at each outcome, in nats; -inf where q is 0.

    Returns
    -------
    k1, k2, k3 : float or ndarray
        In nats, each in the shape of `log_ratio`; k3 is good to a few ulp however small log r is.

    Raises
    ------
    ValueError
        If a log-ratio is NaN or +inf, as p is not 0 at what was drawn from it.

    References
    ----------
    Schulman, "Approximating KL divergence" (2020), joschu.net; k3 is the penalty of GRPO, Shao et
    al., "DeepSeekMath" (2024), equation 4.

    Examples
    --------
    >>> k1, k2, k3 = kl_estimators([0, math.log(2)])
    >>> k3
    array([0.        , 0.30685282])
    """
    x = numbers(log_ratio, "log_ratio")
    if np.any(x == math.inf):
        raise ValueError("log_ratio must not be +inf, got inf")
    with np.errstate(over="ignore"):
        squares = 0.5 * x * x
    return in_units(-x), in_units(squares), elementwise(expm1_excess, 1.0, x)


def elbo_terms(
    posterior: npt.ArrayLike,
    prior: npt.ArrayLike,
    log_likelihood: npt.ArrayLike,
    /,
    *,
    base: float = math.e,
    axis: int = -1,
) -> tuple[Measured, Measured, Measured]:
    """Return distortion, rate and gap of an approximate posterior q(z|x) over finitely many z.

    Distortion + rate is -ELBO, what a variational autoencoder minimises, and that is
    -log p(x) + gap: the gap D(q(z|x)‖p(z|x)) is at least 0, and 0 only for the true posterior.

    Parameters
    ----------
    posterior, prior : array_like, shape (..., n, ...)
        q(z|x) and p(z) along `axis`.
    log_likelihood : array_like, shape (..., n, ...)
        log p(x|z) of one x under each z, in nats, of a probability or of a density; -inf where z
        rules x out. The other axes of all three broadcast.
    base : float, default math.e
        Base of the logarithm: `math.e` gives nats, 2 bits.
    axis : int, default -1
        The axis of z.

    Returns
    -------
    distortion, rate, gap : float or ndarray
        -E_q[log p(x|z)], D(q(z|x)‖p(z)) and D(q(z|x)‖p(z|x)), in the broadcast shape without
        `axis`; `inf` where q allows what the other rules out.

    Raises
    ------
    ValueError
        If `posterior` or `prior` is no distribution, a log-likelihood is NaN or +inf, no z that
        the prior allows makes x possible, the shapes do not broadcast, or the base is no base of
        a logarithm.

    References
    ----------
    Kingma and Welling, "Auto-encoding variational Bayes", ICLR (2014), equations 1 to 3; distortion
    and rate as in Alemi et al., "Fixing a broken ELBO", ICML (2018).

    Examples
    --------
    >>> elbo_terms([1, 0], [0.5, 0.5], [-math.inf, 0], base=2)
    (inf, 1.0, inf)
    >>> elbo_terms([0, 1], [0.5, 0.5], [-math.inf, 0], base=2)
    (0.0, 1.0, 0.0)
    """
    scale, names = log_base(base), ("prior", "log_likelihood")
    known, surprise = _reference_and_reward(prior, log_likelihood, names, axis)
    q = pmf(posterior, "posterior", axis)
    match_shapes(q, known, ("posterior", "prior and log_likelihood"))
    q, known, surprise = np.broadcast_arrays(q, known, -surprise)
    distortion = (q * np.where(q > 0, surprise, 0.0)).sum(axis=-1)
    rate, gap = divergence(q, known), _gap(q, known, surprise)
    return in_units(distortion, scale), in_units(rate, scale), in_units(gap, scale)


def _gap(q: FloatArray, prior: FloatArray, surprise: FloatArray) -> FloatArray:
    """Return D(q‖p(z|x)) in nats, by logarithms where p(z|x) is below the normal doubles."""
    truth, log_evidence = _tilted(prior, -surprise, 1.0)
    beneath = (q > 0) & (truth < TINY)
    seen, told = (np.where(beneath, 0.0, side) for side in (q, truth))
    nats = np.asarray(divergence(seen, told))
    near = nats < CLEAR
    if near.any():
        excess = _excess(q[near], prior[near], -surprise[near])
        doubled = (told[near] >= _SAFE) & (prior[near] >= _SAFE)
        excess = np.where(doubled, excess, seen[near] - told[near])
        nats[near] = divergence_terms(seen[near], told[near], excess).sum(axis=-1)
    if not beneath.any():
        return nats
    with np.errstate(invalid="ignore", over="ignore"):  # halves, as the sum alone may overflow
        half = 0.5 * log_quotient(q, prior) + 0.5 * surprise + 0.5 * log_evidence[..., np.newaxis]
        terms = np.where(beneath, 2 * (q * half) - q, 0.0)
        return np.asarray(nats + terms.sum(axis=-1))


def _excess(q: FloatArray, prior: FloatArray, log_likelihood: FloatArray) -> FloatArray:
    """Return q(z) - p(z|x), with p(z|x) to twice the digits of a double, as it is nearly q(z)."""
    best = np.take_along_axis(log_likelihood, heaviest(prior, log_likelihood), axis=-1)
    with np.errstate(invalid="ignore", over="ignore"):
        distance, rest = two_sum(log_likelihood, -best)
    within = abs(distance) <= _FAR
    likelihood = doubled_exp((np.where(within, distance, -_FAR), np.where(within, rest, 0.0)))
    weight, of_weight = product((prior, np.zeros_like(prior)), likelihood)
    total, of_total = doubled_sum(weight)
    whole = total[..., np.newaxis], (of_total + of_weight.sum(axis=-1))[..., np.newaxis]
    seen, of_seen = product((q, np.zeros_like(q)), whole)
    return np.asarray(((seen - weight) + (of_seen - of_weight)) / whole[0])


def _reference_and_reward(
    reference: npt.ArrayLike, reward: npt.ArrayLike, names: tuple[str, str], axis: int
) -> tuple[FloatArray, FloatArray]:
    """Return both with `axis` last and broadcast, some outcome of each being possible."""
    p = pmf(reference, names[0], axis)
    r = last_axis(numbers(reward, names[1]), names[1], axis)
    if np.any(r == math.inf):
        raise ValueError(f"{names[1]} must not be +inf, got inf")
    match_shapes(p, r, names)
    first, second = np.broadcast_arrays(p, r)
    possible = ((first > 0) & (second > -math.inf)).any(axis=-1)
    if not possible.all():
        must = f"{names[1]} must be above -inf for an outcome that {names[0]} allows"
        raise ValueError(f"{must}, got {second[~possible][0]}")
    return first, second


def _tilted(
    reference: FloatArray, reward: FloatArray, beta: float
) -> tuple[FloatArray, FloatArray]:
    """Return π and log Z of checked arrays along the last axis."""
    allowed = (reference > 0) & (reward > -math.inf)
    best = np.where(allowed, reward, -math.inf).max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        place = heaviest(reference, _below(reward, best, beta, allowed))
        below = _below(reward, np.take_along_axis(reward, place, axis=-1), beta, allowed)
        x = np.where(reward == 0, 0.0, reward / beta)
    weights = weighted_exp(reference, below, np.take_along_axis(reference, place, axis=-1))
    policy = weights / weights.sum(axis=-1, keepdims=True)
    return policy, log_mean_exp(reference, np.where(allowed, x, -math.inf), below)


def _below(
    reward: FloatArray, top: FloatArray, beta: float, allowed: npt.NDArray[np.bool_]
) -> FloatArray:
    """Return (reward - top) / β, 0 at the top for β = 0, too, and -inf where it is not allowed."""
    distance = np.where(reward == top, 0.0, scaled_difference(reward, top, beta))
    return np.where(allowed, distance, -math.inf)
