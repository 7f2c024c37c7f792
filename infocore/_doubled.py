"""Sums and products with what rounding took from them: numbers of twice the digits of a double."""

import math
from fractions import Fraction

import numpy as np

from infocore._validate import FloatArray

Doubled = tuple[FloatArray, FloatArray]  # numbers, and what rounding took from them

_SPLIT = 2.0**27 + 1  # halves the digits of a double
# log 2: two parts of 33 binary digits each, and the rest, from 60 decimal digits.
_LOG_2 = tuple(map(float.fromhex, ("0x1.62e42fefp-1", "0x1.473de6afp-34", "0x1.3c7673007e5edp-69")))
_INVERSES = [Fraction(1, math.factorial(n)) for n in range(25, -1, -1)]  # the next adds 1e-37
_SERIES = [(float(one), float(one - Fraction(float(one)))) for one in _INVERSES]


def doubled_sum(x: FloatArray) -> Doubled:
    """Return sums along the last axis, and what rounding took from them."""
    rest = np.zeros_like(x)
    while x.shape[-1] > 1:
        even = x.shape[-1] // 2 * 2
        sums, errors = two_sum(x[..., 0:even:2], x[..., 1:even:2])
        errors += rest[..., 0:even:2] + rest[..., 1:even:2]
        if even < x.shape[-1]:
            sums = np.concatenate([sums, x[..., even:]], axis=-1)
            errors = np.concatenate([errors, rest[..., even:]], axis=-1)
        x, rest = sums, errors
    return x[..., 0], rest[..., 0]


def two_sum(a: FloatArray, b: FloatArray) -> Doubled:
    """Return a + b and its rounding error."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def two_product(a: FloatArray, b: FloatArray) -> Doubled:
    """Return a·b and its rounding error."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def product(a: Doubled, b: Doubled) -> Doubled:
    """Return the product of numbers with twice the digits."""
    high, error = two_product(a[0], b[0])
    return high, error + (a[0] * b[1] + a[1] * b[0])


def doubled_exp(x: Doubled) -> Doubled:
    """Return exp(x) of numbers from -700 to 700, by its series around a multiple of log 2."""
    count = np.rint(x[0] / math.log(2))
    high, low = x[0], x[1]
    for part in _LOG_2:  # times count, the first two are exact
        high, error = two_sum(high, -count * part)
        low = low + error
    rest = two_sum(high, low)
    series: Doubled = np.full_like(high, _SERIES[0][0]), np.full_like(high, _SERIES[0][1])
    for coefficient, beyond in _SERIES[1:]:
        scaled = product(series, rest)
        whole, error = two_sum(np.full_like(high, coefficient), scaled[0])
        series = whole, scaled[1] + error + beyond
    power = count.astype(np.int64)
    return np.ldexp(series[0], power), np.ldexp(series[1], power)


def _halves(a: FloatArray) -> Doubled:
    """Return two numbers of half as many digits that add up to a."""
    scaled = _SPLIT * a
    high = scaled - (scaled - a)
    return high, a - high
