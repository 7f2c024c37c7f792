"""Normal distributions, their divergences in closed form and by quadrature."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infocore._stable import NEAR, in_units, log_quotient, scale_penalty, scaled_difference
from infocore._validate import FloatArray, instance_of, log_base, numbers, real_number
from infocore.multivariate import MultivariateGaussian, multivariate_kl

_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """A normal distribution N(mu, sigma²).

    Parameters
    ----------
    mu : float
        The mean, finite.
    sigma : float
        The standard deviation, positive and finite.

    Raises
    ------
    ValueError
        If `mu` is not finite or `sigma` is not positive and finite.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 8.1.

    Examples
    --------
    >>> Gaussian(0, 1).pdf(0)
    0.3989422804014327
    """

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        """Check both parameters and keep them as floats."""
        mu, sigma = real_number(self.mu, "mu"), real_number(self.sigma, "sigma")
        if not math.isfinite(mu):
            raise ValueError(f"mu must be finite, got {mu}")
        if not 0 < sigma < math.inf:
            raise ValueError(f"sigma must be positive and finite, got {sigma}")
        object.__setattr__(self, "mu", mu)
        object.__setattr__(self, "sigma", sigma)

    def log_pdf(self, x: npt.ArrayLike, /) -> float | FloatArray:
        """Return the natural logarithm of the density at x.

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
        >>> Gaussian(0, 1).log_pdf([0, 40])
        array([  -0.91893853, -800.91893853])
        """
        z = scaled_difference(numbers(x, "x"), self.mu, self.sigma)
        with np.errstate(over="ignore"):
            return in_units(-0.5 * z * z - math.log(self.sigma) - _HALF_LOG_TAU)

    def pdf(self, x: npt.ArrayLike, /) -> float | FloatArray:
        """Return the density at x.

        Parameters
        ----------
        x : array_like
            Points of any shape, infinite ones included.

        Returns
        -------
        float or ndarray
            Per unit of x, in the shape of `x`.

        Raises
        ------
        ValueError
            If `x` holds NaN.

        Examples
        --------
        >>> Gaussian(0, 1).pdf([0, math.inf])
        array([0.39894228, 0.        ])
        """
        with np.errstate(over="ignore", under="ignore"):
            return in_units(np.exp(self.log_pdf(x)))

    def entropy(self, *, base: float = 2) -> float:
        """Return the differential entropy log(sigma·√(2πe)).

        Parameters
        ----------
        base : float, default 2
            Base of the logarithm: 2 gives bits, `math.e` nats.

        Returns
        -------
        float
            Negative where sigma is below 1/√(2πe).

        Raises
        ------
        ValueError
            If the base is no base of a logarithm.

        References
        ----------
        Cover and Thomas, *Elements of Information Theory*, 2nd ed., example 8.1.2.

        Examples
        --------
        >>> Gaussian(0, 1).entropy(base=math.e)
        1.4189385332046727
        """
        return (math.log(self.sigma) + _HALF_LOG_TAU + 0.5) / log_base(base)


def gaussian_kl[G: (Gaussian, MultivariateGaussian)](p: G, q: G, /, *, base: float = 2) -> float:
    """Return the KL divergence D(p‖q) in closed form, accurate as q approaches p, too.

    Parameters
    ----------
    p, q : Gaussian, or both MultivariateGaussian
        The distribution of the data and the one the code is built for.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        At least 0; `inf` only where the true value exceeds the doubles.

    Raises
    ------
    ValueError
        If `p` and `q` are not two of a kind and of one dimension, or the base is no base of a
        logarithm.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, exercise 1.30; written with
    t = (σp-σq)/σq and z = (μp-μq)/σq as ½(t² + z²) + (t - log1p t). Of several dimensions: Murphy,
    *Probabilistic Machine Learning: An Introduction*, equation 6.33; the regulariser of a
    variational autoencoder is D(N(μ, diag σ²)‖N(0, 1)) = ½·Σ(μ² + σ² - 1 - log σ²).

    Examples
    --------
    >>> gaussian_kl(Gaussian(0, 1), Gaussian(1, 1), base=math.e)
    0.5
    >>> gaussian_kl(MultivariateGaussian([1, 2], [1, 1]), MultivariateGaussian([0, 0], [1, 1]),
    ...             base=math.e)
    2.5
    """
    if isinstance(p, MultivariateGaussian):
        return multivariate_kl(p, instance_of(q, MultivariateGaussian, "q"), log_base(base))
    scale, (t, z) = log_base(base), offset(p, q)
    # The factor goes into each square before it can overflow.
    half = 0.5 / scale
    penalty = scale_penalty(np.asarray(p.sigma), np.asarray(q.sigma), np.asarray(t))
    return half * t * t + half * z * z + float(penalty) / scale


def gaussian_cross_entropy(p: Gaussian, q: Gaussian, /, *, base: float = 2) -> float:
    """Return the differential cross-entropy H(p, q) = -∫ p(x)·log q(x) dx in closed form.

    Parameters
    ----------
    p, q : Gaussian
        The distribution of the data and the one the code is built for.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        May be negative; `inf` only where the true value exceeds the doubles.

    Raises
    ------
    ValueError
        If `p` or `q` is no `Gaussian`, or the base is no base of a logarithm.

    References
    ----------
    Bishop, *Pattern Recognition and Machine Learning*, exercise 1.30.

    Examples
    --------
    >>> gaussian_cross_entropy(Gaussian(0, 1), Gaussian(0, 1), base=math.e)
    1.4189385332046727
    """
    scale, (_, z) = log_base(base), offset(p, q)
    half, ratio = 0.5 / scale, p.sigma / q.sigma
    return half * ratio * ratio + half * z * z + (math.log(q.sigma) + _HALF_LOG_TAU) / scale


def gaussian_pair(p: Gaussian, q: Gaussian) -> tuple[Gaussian, Gaussian]:
    """Return two normal distributions that are of this class."""
    return instance_of(p, Gaussian, "p"), instance_of(q, Gaussian, "q")


def offset(p: Gaussian, q: Gaussian) -> tuple[float, float]:
    """Return t = (σp-σq)/σq and z = (μp-μq)/σq, all that a divergence depends on."""
    p, q = gaussian_pair(p, q)
    z = scaled_difference(np.asarray(p.mu), q.mu, q.sigma)
    return (p.sigma - q.sigma) / q.sigma, float(z)


def log_sigma_ratio(p: Gaussian, q: Gaussian, t: float) -> float:
    """Return log(σp/σq) = log1p(t)."""
    if abs(t) <= NEAR:
        return math.log1p(t)
    return float(log_quotient(np.asarray(p.sigma), np.asarray(q.sigma)))
