"""Mixtures of normal distributions, and how far a normal distribution q is from one, either way.

D(target‖q) averages under the target, D(q‖target) under q.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from infocore._averages import (
    HALF_LOG_TAU,
    Parts,
    densities,
    log_density,
    nodes_for,
)
from infocore._stable import in_units, scale_penalty, scaled_difference
from infocore._validate import FloatArray, gaussian_parameters, instance_of, log_base, numbers, pmf
from infocore.gaussian import Gaussian, gaussian_kl

_HUGE = 1e300


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of normal distributions, Σ weights[i]·components[i].

    Parameters
    ----------
    weights : array_like, shape (k,)
        Probabilities of the components.
    components : sequence of Gaussian, length k
        The distributions that are mixed.

    Raises
    ------
    ValueError
        If `weights` is no distribution or its length is not that of `components`, or if one of
        these is not a `Gaussian`.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, section 2.3.9.

    Examples
    --------
    >>> two = Mixture([0.5, 0.5], [Gaussian(-2, 1), Gaussian(2, 1)])
    >>> two.mean, two.variance
    (0.0, 5.0)
    """

    weights: tuple[float, ...]
    components: tuple[Gaussian, ...]

    def __post_init__(self) -> None:
        """Check both parts and keep them as tuples."""
        weights = pmf(self.weights, "weights")
        try:
            components = tuple(self.components)
        except TypeError as error:
            raise ValueError(f"components must be Gaussians, got {self.components!r}") from error
        for component in components:
            if not isinstance(component, Gaussian):
                raise ValueError(f"components must be Gaussians, got {component!r}")
        if weights.shape != (len(components),):
            raise ValueError(
                f"weights must have one entry a component: shape {weights.shape} "
                f"and {len(components)} components"
            )
        object.__setattr__(self, "weights", tuple(map(float, weights)))
        object.__setattr__(self, "components", components)

    @property
    def parts(self) -> Parts:
        """Each weight above 0 with its component."""
        return [(w, g) for w, g in zip(self.weights, self.components, strict=True) if w > 0]

    @property
    def mean(self) -> float:
        """The mean."""
        means = [g.mu for _, g in self.parts]
        # A sum of eighths does not overflow, and the tolerance of the weights' sum does not count.
        unit = 1.0 if max(map(abs, means)) < 1e300 else 8.0
        mean = unit * math.fsum(w * (g.mu / unit) for w, g in self.parts)
        return min(max(mean, min(means)), max(means))

    @property
    def sigma(self) -> float:
        """The standard deviation, also where the variance is too large or small for a double."""
        mean, widest = self.mean, max(max(abs(g.mu), g.sigma) for _, g in self.parts)
        unit = 1.0 if widest < 1e300 else 8.0
        offsets = [(w, g.mu / unit - mean / unit, g.sigma / unit) for w, g in self.parts]
        reach = max(max(abs(away), sigma) for _, away, sigma in offsets)
        squares = (w * ((d / reach) ** 2 + (s / reach) ** 2) for w, d, s in offsets)
        return reach * math.sqrt(math.fsum(squares)) * unit

    @property
    def variance(self) -> float:
        """The variance; `inf` only where it exceeds the doubles."""
        mean = self.mean
        offsets = [(w, g.mu - mean, g.sigma) for w, g in self.parts]
        squares = sum(w * (d * d + s * s) for w, d, s in offsets)
        return squares if squares < math.inf else self.sigma * self.sigma

    def log_pdf(self, x: npt.ArrayLike, /) -> float | FloatArray:
        """Return the natural logarithm of the density at x, finite far out in the tails, too.

        Parameters
        ----------
        x : array_like
            Points of any shape, infinite ones included.

        Returns
        -------
        float or ndarray
            In nats, in the shape of `x`.

        Raises
        ------
        ValueError
            If `x` holds NaN.

        Examples
        --------
        >>> Mixture([0.5, 0.5], [Gaussian(-2, 1), Gaussian(2, 1)]).log_pdf(100)
        -4803.612085713764
        """
        return in_units(log_density(self.parts, numbers(x, "x")))

    def pdf(self, x: npt.ArrayLike, /) -> float | FloatArray:
        """Return the density at x, per unit of x; in all else as `log_pdf`.

        Examples
        --------
        >>> Mixture([0.5, 0.5], [Gaussian(-2, 1), Gaussian(2, 1)]).pdf(0)
        0.05399096651318805
        """
        with np.errstate(over="ignore", under="ignore"):
            return in_units(np.exp(self.log_pdf(x)))


def forward_kl(
    target: Mixture, mu: npt.ArrayLike, sigma: npt.ArrayLike, /, *, base: float = 2
) -> float | FloatArray:
    """Return D(target‖q) for normal distributions q: what covers the target makes it small.

    It is the least possible, at the target's own moments, plus the divergence of the normal
    distribution with these moments from q.

    Parameters
    ----------
    target : Mixture
        The distribution under which the average is taken.
    mu, sigma : array_like
        Means and standard deviations of q; they broadcast.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        In the common shape of `mu` and `sigma`.

    Raises
    ------
    ValueError
        If `target` is no `Mixture`, `mu` is not finite, `sigma` not positive and finite, their
        shapes do not broadcast, or the base is no base of a logarithm.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, section 10.7, equation 10.187.

    Examples
    --------
    >>> two = Mixture([0.5, 0.5], [Gaussian(-2, 1), Gaussian(2, 1)])
    >>> forward_kl(two, [0, 2], [2.5, 1], base=math.e)
    array([0.18357, 3.36728])
    """
    scale, (mu, sigma) = log_base(base), gaussian_parameters(mu, sigma)
    spread, half = spread_of(target), 0.5 / scale
    with np.errstate(over="ignore"):
        t = (spread - sigma) / sigma
        z = scaled_difference(mu, target.mean, sigma)
        rest = _negentropy(target) + scale_penalty(np.asarray(spread), sigma, t)
        return in_units(half * t * t + half * z * z + rest / scale)


def reverse_kl(
    target: Mixture, mu: npt.ArrayLike, sigma: npt.ArrayLike, /, *, base: float = 2
) -> float | FloatArray:
    """Return D(q‖target) for normal distributions q: what avoids empty places makes it small.

    Parameters
    ----------
    target : Mixture
        The distribution from which q diverges.
    mu, sigma : array_like
        Means and standard deviations of q, under which the average is taken; they broadcast.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        In the common shape of `mu` and `sigma`; within 1e-10·max(D, 1 nat).

    Raises
    ------
    ValueError
        If `target` is no `Mixture`, `mu` is not finite, `sigma` not positive and finite, their
        shapes do not broadcast, or the base is no base of a logarithm.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, section 10.1.2.

    Examples
    --------
    >>> two = Mixture([0.5, 0.5], [Gaussian(-2, 1), Gaussian(2, 1)])
    >>> reverse_kl(two, [0, 2], [2.5, 1], base=math.e)
    array([0.34754, 0.63272])
    """
    scale, (mu, sigma) = log_base(base), gaussian_parameters(mu, sigma)
    spread = spread_of(target)
    nats = np.full(mu.size, np.inf)  # what no nodes can serve is that far away
    for rows, parts, q, x, width in nodes_for(target.parts, spread, mu.ravel(), sigma.ravel()):
        density, _ = densities(*q, x)
        height = log_density(parts, x)
        peak = max(float(height.max()), -_HUGE)  # a constant, of which no sum takes a share
        with np.errstate(over="ignore"):
            average = density @ (width * (peak - height)) - peak
        nats[rows] = average - np.log(q[1]) - HALF_LOG_TAU - 0.5
    nats = np.maximum(nats, 0.0)  # rounding may leave a perfect fit below 0
    return in_units(nats.reshape(mu.shape), scale)


def reverse_kl_derivatives(
    target: Mixture, mu: npt.ArrayLike, sigma: npt.ArrayLike, /
) -> tuple[FloatArray, FloatArray]:
    """Return how D(q‖target) changes with v and w, where q is N(mu + sigma·v, sigma·exp(w)).

    Parameters
    ----------
    target : Mixture
        The distribution from which q diverges.
    mu, sigma : array_like
        Means and standard deviations of q; they broadcast.

    Returns
    -------
    gradient : ndarray, shape (..., 2)
        First derivatives by v and w at 0, in nats.
    hessian : ndarray, shape (..., 2, 2)
        Second derivatives.

    Raises
    ------
    ValueError
        If `target` is no `Mixture`, `mu` is not finite, `sigma` not positive and finite, or their
        shapes do not broadcast.

    References
    ----------
    The reparametrised expectation of Kingma and Welling, "Auto-encoding variational Bayes" (2014),
    section 2.3, differentiated under the integral. By Stein's lemma, E[f'(u)] = E[u·f(u)] for a
    standard normal u, what is averaged is log(q/target) and not its slopes, which are huge beside a
    narrow component and cancel there.

    Examples
    --------
    >>> gradient, hessian = reverse_kl_derivatives(Mixture([1.0], [Gaussian(0, 1)]), 2, 3)
    >>> gradient.round(9)
    array([6., 8.])
    """
    spread, (mu, sigma) = spread_of(target), gaussian_parameters(mu, sigma)
    moments = np.full((4, mu.size), np.nan)
    for rows, parts, q, x, width in nodes_for(target.parts, spread, mu.ravel(), sigma.ravel()):
        density, u = densities(*q, x)
        density *= width
        square = u * u
        weights = u, square - 1, u * (square - 3), square * (square - 4) + 1
        with np.errstate(over="ignore", invalid="ignore"):  # where the target has no density
            log_ratio = -0.5 * square - log_density(parts, x)  # of q to it, but for a constant
            log_ratio -= np.vecdot(density, log_ratio)[:, None]
            moments[:, rows] = [np.vecdot(density * log_ratio, weight) for weight in weights]
    of_v, of_w, mixed, of_ww = moments.reshape(4, *mu.shape)
    gradient = np.stack([of_v, of_w], axis=-1)
    hessian = np.stack([of_w + 1, mixed, mixed, of_ww + 2], axis=-1)
    return gradient, hessian.reshape(*mu.shape, 2, 2)


def spread_of(target: Mixture) -> float:
    """Return the target's standard deviation, which has to be finite."""
    spread = instance_of(target, Mixture, "target").sigma
    if spread == math.inf:
        raise ValueError("target has a standard deviation that exceeds the doubles")
    return spread


@lru_cache(maxsize=64)
def _negentropy(target: Mixture) -> float:
    """Return D(target‖q) in nats where q has the target's moments."""
    matching = Gaussian(target.mean, target.sigma)
    if len({g for _, g in target.parts}) == 1:
        return 0.0
    nats = 0.0
    for w, g in target.parts:
        to_target = reverse_kl(target, g.mu, g.sigma, base=math.e)
        nats += w * (gaussian_kl(g, matching, base=math.e) - float(to_target))
    return max(nats, 0.0)  # rounding may leave the least divergence below 0
