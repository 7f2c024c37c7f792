"""Sums and products with what rounding took from them: numbers of twice the digits of a double."""

import numpy as np

from infocore._validate import FloatArray

Doubled = tuple[FloatArray, FloatArray]  # numbers, and what rounding took from them

_SPLIT = 2.0**27 + 1  # halves the digits of a double


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


def _halves(a: FloatArray) -> Doubled:
    """Return two numbers of half as many digits that add up to a."""
    scaled = _SPLIT * a
    high = scaled - (scaled - a)
    return high, a - high
