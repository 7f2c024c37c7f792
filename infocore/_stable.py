"""Formulas that keep their accuracy where the textbook form cancels or overflows."""

import math
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from infocore._validate import FloatArray

# Up to |w| = 0.4 the terms of the series that are left out add less than 1e-17.
_NEAR = 0.4
_COEFFICIENTS = tuple(1 / (2 * k + 3) for k in range(19))

# From this length on one logarithm per entry is tried first: it is fast, and where the sum
# exceeds _CLEAR its cancellation costs a few ulp, far less than summing that many terms may.
_LONG = 64
_CLEAR = 0.1
_TINY = float(np.finfo(np.float64).tiny)


@overload
def atanh_tail(z: float) -> float: ...
@overload
def atanh_tail(z: FloatArray) -> FloatArray: ...
def atanh_tail(z: float | FloatArray) -> float | FloatArray:
    """Return (atanh(w) - w) / w**3 at z = w**2, the sum of z**k / (2k+3), for z ≤ 0.16."""
    tail = _COEFFICIENTS[-1] * z
    for coefficient in _COEFFICIENTS[-2:0:-1]:
        tail += coefficient
        tail *= z
    return tail + _COEFFICIENTS[0]


def divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    """Return D(p‖q) in nats along the last axis."""
    p, q = np.broadcast_arrays(p, q)
    if p.shape[-1] < _LONG:
        return _careful_divergence(p, q)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log_ratio = p / q
        np.log(log_ratio, out=log_ratio)
        nats = np.asarray(np.vecdot(p, log_ratio) - p.sum(axis=-1) + q.sum(axis=-1))
    unclear = ~((nats > _CLEAR) & (nats < math.inf))
    if unclear.any():
        nats[unclear] = _careful_divergence(p[unclear], q[unclear])
    return nats


def _careful_divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    return np.asarray(divergence_terms(p, q, p - q).sum(axis=-1))


def divergence_terms(p: FloatArray, q: FloatArray, difference: FloatArray) -> FloatArray:
    """Return p·log(p/q) - p + q in nats, elementwise, given p - q as `difference`.

    With w = (p-q)/(p+q) this is (p-q)·(w + (1+w)·(atanh(w) - w)/w): nothing cancels, and as
    p - q is rounded once, the result is good to a few ulp however close p and q are.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        w = difference / (p + q)
        near = atanh_tail(w * w)
        near *= w + w * w
        near += 1
        near *= w
        near *= difference
        far = p * log_quotient(p, q) - difference
        return np.where(p == 0, q, np.where(abs(w) <= _NEAR, near, far))


def shared_information(table: FloatArray) -> FloatArray:
    """Return the divergence in nats of tables from what their sums of rows and columns say."""
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    whole = rows.sum(axis=-2, keepdims=True)
    expected = rows * columns / whole
    beneath = (table > 0) & (expected < _TINY)  # a product below the doubles: by logarithms
    flat = (*table.shape[:-2], table.shape[-2] * table.shape[-1])
    p, q = (np.where(beneath, 0.0, side).reshape(flat) for side in (table, expected))
    nats = divergence(p, q)
    if beneath.any():
        with np.errstate(invalid="ignore"):  # of empty cells
            log_ratio = log_quotient(table, rows) - log_quotient(columns, whole)
        terms = table * np.where(beneath, log_ratio, 0.0) - table + expected
        nats = nats + np.where(beneath, terms, 0.0).sum(axis=(-1, -2))
    certain = np.minimum(*occupied(table)) == 1  # whatever rounding says
    return np.where(certain, 0.0, nats)


def occupied(table: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many rows and how many columns of each table are not empty."""
    rows, columns = (np.count_nonzero(table.any(axis=axis), axis=-1) for axis in (-1, -2))
    return np.asarray(rows), np.asarray(columns)


def log_quotient(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return log(a/b), also where the quotient overflows or is subnormal."""
    with np.errstate(all="ignore"):
        quotient = a / b
        normal = (quotient >= _TINY) & (quotient < math.inf)
        return np.where(normal, np.log(quotient), np.log(a) - np.log(b))


def scaled_difference(
    x: FloatArray, origin: FloatArray | float, scale: FloatArray | float
) -> FloatArray:
    """Return (x - origin) / scale, also where the difference alone overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        difference = x - origin
        direct = np.isfinite(difference) | np.isinf(x)
        return np.where(direct, difference / scale, x / scale - origin / scale)


def in_units(nats: npt.ArrayLike, log_base: float = 1.0) -> float | FloatArray:
    """Return nats in the unit whose base has this logarithm; one number as a float."""
    # Adding zero turns -0.0 into 0.0.
    scaled = np.asarray(nats, dtype=np.float64) / log_base + 0.0
    return scaled if scaled.ndim else float(scaled)
