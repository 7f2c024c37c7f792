"""What contrastive learning can tell of two correlated normals: the expected InfoNCE loss.

With the best scores f(x, y) = log p(y|x)/p(y) divided by a temperature τ, and w = exp(f/τ) of the
partner and of N - 1 strangers, the loss is log Σw - f/τ of the partner. For any S > 0

    log S = ∫ (exp(-t) - exp(-t·S)) dt/t        (Frullani's integral, from 0 to infinity)

and exp(-t·Σw) is a product over the candidates, who are independent where x is given. So its mean
takes no more than a trapezoid sum over log t and x of φ₁·φ₀^(N-1), with φ = E[exp(-t·w) | x] of
the partner and of a stranger by trapezoid sums over y. All integrands are analytic and vanish
at both ends, so the sums converge geometrically (Trefethen and Weideman, "The exponentially
convergent trapezoidal rule", SIAM Review 56, 2014).
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from infocore._stable import in_units
from infocore._validate import FloatArray, log_base, numbers, real_number

MOST_CANDIDATES = 65536
_REACH = 7.5  # standard deviations of x and y, beyond which is 1e-13 of either
_DEEP = 24.0  # what is left out of the integral over log t is of the size exp(-24)
_NOTHING = 40.0  # exp(-40) is nothing beside 1
_STEP_T, _STEP_X = math.log(2) / 2, 0.25  # t doubles every other step, which _averages relies on
# Steps of y: as smooth as the normal density, and as exp(-t·w) is around the best y.
_STEP_Y, _STEP_PEAK = 0.5, 0.15


class _Grid(NamedTuple):
    """Averages at each x (a row) and log t (a column), and the weights of x."""

    log_t: FloatArray
    t: FloatArray
    weight: FloatArray
    score: FloatArray  # E[f/τ | x] of the partner
    log_stranger: FloatArray  # log φ₀
    partner: FloatArray  # 1 - φ₁
    scored: FloatArray  # E[f/τ·(1 - exp(-t·w)) | x] of the partner


def gaussian_info_nce(
    correlation: float,
    candidates: npt.ArrayLike,
    /,
    *,
    temperature: float = 1,
    base: float = math.e,
) -> tuple[float | FloatArray, float | FloatArray, float | FloatArray]:
    """Return the expected InfoNCE loss of two standard normals, the bound it gives, and its spread.

    Given x, its partner y is to be found among N candidates of which the others are drawn
    independently; the scores are log p(y|x)/p(y), the best that there are, divided by the
    temperature. Of all scores those of temperature 1 have the smallest expected loss. The bound
    log N - loss is at most log N and at most I(X;Y) = -½·log(1 - correlation²).

    Parameters
    ----------
    correlation : float
        From -1 to 1; at its ends the partner is always found.
    candidates : array_like
        N, whole numbers from 1 to 65536.
    temperature : float, default 1
        What scores are divided by, from 0.25 to 4: too sure of themselves below 1, too timid above.
    base : float, default math.e
        Base of the logarithm: `math.e` gives nats, 2 bits.

    Returns
    -------
    loss, bound : float or ndarray
        In the shape of `candidates`; by quadrature, good to 1e-9 nats, and exact where the
        correlation is 0, 1 or -1 or there is one candidate.
    spread : float or ndarray
        The standard deviation of the loss of one such choice, whose square is good to 1e-7.

    Raises
    ------
    ValueError
        If `correlation`, a number of candidates or `temperature` is not in its range, or the base
        is no base of a logarithm.

    References
    ----------
    van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding"
    (2018), section 2.3; Poole et al., "On variational bounds of mutual information", ICML (2019),
    section 2.4.

    Examples
    --------
    >>> gaussian_info_nce(0, 8, base=2)
    (3.0, 0.0, 0.0)
    >>> loss, bound, spread = gaussian_info_nce(0.95, [2, 8, 64])
    >>> bound.round(4)
    array([0.4312, 0.9257, 1.127 ])
    """
    scale, counts = log_base(base), numbers(candidates, "candidates")
    rho = _between(correlation, "correlation", -1, 1)
    tau = _between(temperature, "temperature", 0.25, 4)
    for count in counts.flat:
        if not (1 <= count <= MOST_CANDIDATES and count == math.floor(count)):
            must = f"candidates must be whole numbers from 1 to {MOST_CANDIDATES}"
            raise ValueError(f"{must}, got {count}")
    found = np.array([_bound_and_spread(rho, float(count), tau) for count in counts.flat])
    bound, spread = found.reshape((*counts.shape, 2)).transpose(-1, *range(counts.ndim))
    loss = np.log(counts) - bound
    return in_units(loss, scale), in_units(bound, scale), in_units(spread, abs(scale))


def _between(value: float, name: str, low: float, high: float) -> float:
    number = real_number(value, name)
    if not low <= number <= high:
        raise ValueError(f"{name} must lie in [{low}, {high}], got {value!r}")
    return number


def _bound_and_spread(rho: float, count: float, tau: float) -> tuple[float, float]:
    """Return both in nats."""
    if count == 1 or rho == 0:
        return 0.0, 0.0
    if abs(rho) == 1:
        return float(np.log(count)), 0.0
    grid = _grid(abs(rho), tau)
    # One less each average, so that small ones keep their digits where log t is far below 0.
    none = np.exp((count - 1) * grid.log_stranger)
    any_one = -np.expm1((count - 1) * grid.log_stranger)
    even = -np.expm1(-count * grid.t)  # if all w were 1, and so log S = log N
    less = grid.weight @ (any_one - even + grid.partner * none)
    mean = _STEP_T * less.sum()  # of log S/N
    # As Γ(s)·(S^-s - 1) is the integral of t^(s-1)·(exp(-t·S) - exp(-t)), so at s → 0 that of
    # log t·(exp(-t) - exp(-t·S))/t is -½·log² S - γ·log S.
    square = -2 * _STEP_T * ((grid.log_t + np.log(count)) * less).sum() - 2 * np.euler_gamma * mean
    mixed = grid.weight @ (grid.score[:, np.newaxis] * (any_one - even) + grid.scored * none)
    own = (rho / tau) ** 2  # the variance of f/τ of the partner, whose mean is 0
    variance = square - 2 * _STEP_T * mixed.sum() + own - mean**2
    return float(-mean), math.sqrt(max(variance, 0.0))


@lru_cache(maxsize=4)
def _grid(r: float, tau: float) -> _Grid:
    """Return the averages over y, for a positive correlation: the sign of y changes nothing."""
    sigma = math.sqrt((1 - r) * (1 + r))
    first = -_DEEP / min(1.0, tau) - 3 - math.log(MOST_CANDIDATES)
    # At the end the integrand is as small as exp(-24), or no w is so small that exp(-t·w) is not 0.
    last = min(max(_DEEP / tau, 4.0), math.log(_NOTHING) + _REACH**2 * r / ((1 - r) * tau))
    steps = np.arange(math.ceil(first / _STEP_T), math.floor(last / _STEP_T) + 1.0)
    log_t, t = _STEP_T * steps, np.exp2(steps / 2)  # closer than exp of a rounded logarithm
    step = min(_STEP_Y, _STEP_PEAK * math.sqrt(min(1.0, tau)) * sigma / r)
    x = _STEP_X * np.arange(math.floor(_REACH / _STEP_X) + 1.0)
    stranger, partner, scored = _averages(x[:, np.newaxis], r, sigma, tau, t, step, last)
    score = ((r * x) ** 2 - r * r) / (2 * tau)
    weight = _STEP_X * _density(x) * np.where(x == 0, 1.0, 2.0)  # x and -x are alike
    with np.errstate(divide="ignore"):
        log_stranger = np.log1p(-np.minimum(stranger, 1.0))
    return _Grid(log_t, t, weight, score, log_stranger, partner, scored)


def _averages(
    x: FloatArray, r: float, sigma: float, tau: float, t: FloatArray, step: float, last: float
) -> FloatArray:
    """Return E[1 - exp(-t·w)] of a stranger and of the partner, and that of it times f/τ.

    Each x is a row, and each t, of which every other is twice the one before, a column.
    """
    y, there = _places(x, r, sigma, tau, step, last)
    # Less a constant, f is ½x² - ½((x - r·y)/σ)².
    score = (x * x - ((x - r * y) / sigma) ** 2) / (2 * tau)
    stranger, partner = step * _density(y), step / sigma * _density((y - r * x) / sigma)
    weights = there * np.array([stranger, partner, partner * score])
    missing, w = np.empty((t.size, *y.shape)), np.exp(score)
    missing[:2] = -np.expm1(-w * t[:2, np.newaxis, np.newaxis])
    # 1 - exp(-2·a) is m·(2 - m) of m = 1 - exp(-a), the digits of a small one included.
    for row in range(2, t.size):
        np.subtract(2, missing[row - 2], out=missing[row])
        missing[row] *= missing[row - 2]
    sums = weights.transpose(1, 0, 2) @ missing.transpose(1, 2, 0)
    return np.asarray(sums.transpose(1, 0, 2))


def _places(
    x: FloatArray, r: float, sigma: float, tau: float, step: float, last: float
) -> tuple[FloatArray, FloatArray]:
    """Return places of y for each x, as many for all, and whether they count.

    Farther from the best y, exp(-t·w) is 1, the more nearly the likelier x is.
    """
    far = sigma * np.sqrt(x * x + 2 * tau * (last + _DEEP - x * x / 4))
    first = np.ceil(np.maximum(-_REACH, (x - far) / r) / step)
    end = np.floor(np.minimum(_REACH, (x + far) / r) / step)
    steps = first + np.arange((end - first).max() + 1)
    return step * steps, np.asarray(steps <= end, dtype=np.float64)


def _density(x: FloatArray) -> FloatArray:
    return np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
