"""Exponentials less their first terms, and the logarithm of their mean, without cancellation."""

import math

import numpy as np

from infocore._validate import FloatArray, IntArray

# Up to |x| = 1 what the series leaves out is below 1e-18 of the sum.
_COEFFICIENTS = tuple(1 / math.factorial(k) for k in range(2, 20))


def expm1_excess(x: FloatArray) -> FloatArray:
    """Return exp(x) - 1 - x, which is at least 0, by its series where its parts would cancel."""
    near = abs(x) <= 1
    small = np.where(near, x, 0.0)
    series = np.full_like(small, _COEFFICIENTS[-1])
    for coefficient in _COEFFICIENTS[-2::-1]:
        series *= small
        series += coefficient
    with np.errstate(over="ignore"):
        far = np.expm1(x) - np.where(x == math.inf, 0.0, x)
    return np.where(near, small * small * series, far)


def weighted_expm1(weight: FloatArray, x: FloatArray) -> FloatArray:
    """Return weight·(exp(x) - 1), also where the exponential alone overflows; 0 where weight is."""
    large = x > 1
    if not large.any():
        return np.asarray(weight * np.expm1(x))
    half = np.where(large, 0.5 * x, 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        above = (weight * np.exp(half)) * (2 * np.sinh(half))
        terms = np.where(large, above, weight * np.expm1(np.where(large, 0.0, x)))
    return np.where(weight == 0, 0.0, terms)


def weighted_exp(weight: FloatArray, x: FloatArray, unit: FloatArray | float = 1.0) -> FloatArray:
    """Return weight·exp(x)/unit, also where the exponential alone leaves the normal doubles."""
    half = np.exp(0.5 * x)
    return np.asarray(weight * half / unit * half)


def heaviest(weight: FloatArray, x: FloatArray) -> IntArray:
    """Return where along the last axis weight·exp(x) is largest, with that axis kept."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(weight > 0, np.log(weight) + x, -math.inf)
    return np.asarray(logs.argmax(axis=-1, keepdims=True))


def log_sum_exp(weight: FloatArray, x: FloatArray, below: FloatArray | None = None) -> FloatArray:
    """Return log Σ weight·exp(x) along the last axis.

    `below` is by how much x is less than where that is heaviest, for who knows it better.
    """
    top = np.take_along_axis(x, heaviest(weight, x), axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(weight > 0, x - top if below is None else below, -math.inf)
        return np.asarray(top[..., 0] + np.log(weighted_exp(weight, distance).sum(axis=-1)))


def log_mean_exp(weight: FloatArray, x: FloatArray, below: FloatArray | None = None) -> FloatArray:
    """Return log(Σ weight·exp(x) / Σ weight) along the last axis, `below` as in `log_sum_exp`.

    It is wrong by a few ulp of the largest |x|, so that what is divided by the scale of x, be that
    ever so small, keeps its digits.
    """
    mass = weight.sum(axis=-1)
    excess = weighted_expm1(weight, x).sum(axis=-1) / mass
    clear = (excess >= -0.5) & (excess < math.inf)
    near = np.log1p(np.where(clear, excess, 0.0))
    if clear.all():
        return np.asarray(near)
    return np.where(clear, near, log_sum_exp(weight, x, below) - np.log(mass))
