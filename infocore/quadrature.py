"""Divergences of normal distributions as areas: the integrand, and trapezoid sums over it.

The trapezoid rule converges geometrically for analytic integrands that vanish at both ends
(Trefethen and Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56, 2014).
"""

import math

import numpy as np
import numpy.typing as npt

from infocore._stable import NEAR, in_units
from infocore._validate import FloatArray, log_base, numbers
from infocore.gaussian import Gaussian, gaussian_pair, log_sigma_ratio, offset

_STANDARD = Gaussian(0, 1)
_KL_NODES = np.linspace(-10, 10, 1001)
_JS_NODES = np.linspace(-20, 20, 801)
# From this distance on, in units of the wider sigma, the densities' overlap is below 1e-86.
_APART = 40


def kl_integrand(
    x: npt.ArrayLike, p: Gaussian, q: Gaussian, /, *, base: float = 2
) -> float | FloatArray:
    """Return p(x)·log(p(x)/q(x)), the area under which is D(p‖q).

    It is negative where p(x) < q(x). It comes from log densities, because the ratio of the
    densities is 0/0 or infinite in the tails.

    Parameters
    ----------
    x : array_like
        Points of any shape, infinite ones included.
    p, q : Gaussian
        The distribution under which the average is taken, and the other.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        Per unit of x, in the shape of `x`; 0 where p(x) is.

    Raises
    ------
    ValueError
        If `x` holds NaN, `p` or `q` is no `Gaussian`, or the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 8.5.

    Examples
    --------
    >>> kl_integrand([0, 40], Gaussian(0, 1), Gaussian(0, 1))
    array([0., 0.])
    """
    scale, x = log_base(base), numbers(x, "x")
    p, q = gaussian_pair(p, q)
    density = np.asarray(p.pdf(x))
    with np.errstate(over="ignore", invalid="ignore"):
        return in_units(np.where(density > 0, density * _log_ratio(x, p, q), 0.0), scale)


def kl_quadrature(p: Gaussian, q: Gaussian, /, *, base: float = 2) -> float:
    """Return the KL divergence D(p‖q) by the trapezoid rule over μp ± 10 σp.

    Parameters
    ----------
    p, q : Gaussian
        The distribution under which the average is taken, and the other.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        Within 1e-12·max(KL, 1 nat) of `gaussian_kl` for μ in [-10, 10], σ in [0.01, 100];
        rounding may leave it a little below 0 where p and q are nearly equal.

    Raises
    ------
    ValueError
        If `p` or `q` is no `Gaussian`, or the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 8.5.

    Examples
    --------
    >>> abs(kl_quadrature(Gaussian(0, 1), Gaussian(1, 1), base=math.e) - 0.5) < 1e-12
    True
    """
    scale, (t, z) = log_base(base), offset(p, q)
    if math.isinf(0.5 * t * t + 0.5 * z * z):
        return math.inf
    ratio = _standard_log_ratio(_KL_NODES, t, z, log_sigma_ratio(p, q, t))
    return _trapezoid(_STANDARD.pdf(_KL_NODES) * ratio, _KL_NODES) / scale


def gaussian_jensen_shannon(p: Gaussian, q: Gaussian, /, *, base: float = 2) -> float:
    """Return the Jensen-Shannon divergence of two normal distributions by quadrature.

    With m = (p+q)/2 and the posterior of p, p/(2m), it is log 2 less the mean entropy of that
    posterior. What is summed lives at the narrower scale, however wide the other one is: the
    posterior's entropy, or, for nearly equal distributions, what it lacks to log 2.

    Parameters
    ----------
    p, q : Gaussian
        The two distributions, in either order.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        At most one bit; exactly 0 where p equals q.

    Raises
    ------
    ValueError
        If `p` or `q` is no `Gaussian`, or the base is no base of a logarithm.

    References
    ----------
    Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information
    Theory 37 (1991), section IV, with equal weights.

    Examples
    --------
    >>> gaussian_jensen_shannon(Gaussian(0, 1), Gaussian(100, 1))
    1.0
    """
    scale = log_base(base)
    narrow, wide = sorted(gaussian_pair(p, q), key=lambda gaussian: (gaussian.sigma, gaussian.mu))
    t, z = offset(narrow, wide)
    if abs(z) > _APART:
        return math.log(2) / scale
    log_ratio = _standard_log_ratio(_JS_NODES, t, z, log_sigma_ratio(narrow, wide, t))
    density = _STANDARD.pdf(_JS_NODES)
    middle = 0.5 * (density + np.exp(_STANDARD.log_pdf(_JS_NODES) - log_ratio))
    if abs(t) <= NEAR and abs(z) <= 1:
        return _trapezoid(middle * _entropy_deficit(log_ratio), _JS_NODES) / scale
    return (math.log(2) - _trapezoid(middle * _entropy_of_odds(log_ratio), _JS_NODES)) / scale


def _standard_log_ratio(s: FloatArray, t: float, z: float, log_ratio: float) -> FloatArray:
    """Return log p(x) - log q(x) at x = μp + σp·s, accurate as q approaches p."""
    # x is s standard deviations from the mean of p and s + further from that of q.
    further = t * s + z
    return np.asarray(0.5 * further * (2 * s + further) - log_ratio)


def _log_ratio(x: FloatArray, p: Gaussian, q: Gaussian) -> FloatArray:
    """Return log p(x) - log q(x)."""
    t, z = offset(p, q)
    if abs(t) > NEAR:
        return np.asarray(np.subtract(p.log_pdf(x), q.log_pdf(x)))
    return _standard_log_ratio((x - p.mu) / p.sigma, t, z, log_sigma_ratio(p, q, t))


def _entropy_of_odds(log_odds: FloatArray) -> FloatArray:
    """Return the entropy in nats of a binary distribution with these log odds."""
    distance = abs(log_odds)
    odds = np.exp(-distance)
    return np.asarray(np.log1p(odds) + distance * odds / (1 + odds))


def _entropy_deficit(log_odds: FloatArray) -> FloatArray:
    """Return log 2 less the entropy of the log odds, accurate where they are small."""
    # With odds (1+w)/(1-w) it is w·atanh(w) + ½·log(1-w²), and atanh(w) is half the log odds.
    near = np.minimum(abs(log_odds), 1.0)
    w = np.tanh(0.5 * near)
    deficit = 0.5 * near * w + 0.5 * np.log1p(-w * w)
    return np.where(near < 1, deficit, math.log(2) - _entropy_of_odds(log_odds))


def _trapezoid(heights: FloatArray, nodes: FloatArray) -> float:
    return float(np.trapezoid(heights, nodes))
