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
_SPLIT = 2.0**27 + 1  # halves the digits of a double
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
    """Return the divergence in nats of tables from the products of their marginals."""
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    total = rows.sum(axis=-2, keepdims=True)
    expected = rows * columns / total
    beneath = (table > 0) & (expected < _TINY)  # a product below the doubles: by logarithms
    flat = (*table.shape[:-2], table.shape[-2] * table.shape[-1])
    p, q = (np.where(beneath, 0.0, side).reshape(flat) for side in (table, expected))
    nats = divergence(p, q) if flat[-1] >= _LONG else np.zeros(flat[:-1])
    near = nats < _CLEAR * total[..., 0, 0]
    if near.any():
        excess = np.where(beneath, 0.0, _excess(table)).reshape(flat)
        nats[near] = divergence_terms(p[near], q[near], excess[near]).sum(axis=-1)
    if beneath.any():
        with np.errstate(invalid="ignore"):  # of empty cells
            log_ratio = log_quotient(table, rows) - log_quotient(columns, total)
        terms = table * np.where(beneath, log_ratio, 0.0) - table + expected
        nats = nats + np.where(beneath, terms, 0.0).sum(axis=(-1, -2))
    certain = np.minimum(*occupied(table)) == 1  # whatever rounding says
    return np.where(certain, 0.0, nats)


def _excess(table: FloatArray) -> FloatArray:
    """Return by how much each cell exceeds what the sums of its row and column say.

    Near independence that is what rounding leaves of p - p(x)·p(y)/p, so that the sums and the
    products carry their rounding errors along (Dekker, Numer. Math. 18, 1971).
    """
    rows, of_rows = _doubled_sum(table)
    columns, of_columns = _doubled_sum(np.swapaxes(table, -1, -2))
    (total, of_total), (beyond, of_beyond) = _doubled_sum(rows), _doubled_sum(of_rows)
    total, rest = _two_sum(total, beyond)
    of_total = (of_total + of_beyond + rest)[..., None, None]
    total = total[..., None, None]
    rows, of_rows = rows[..., :, None], of_rows[..., :, None]
    columns, of_columns = columns[..., None, :], of_columns[..., None, :]
    seen, of_seen = _two_product(table, total)
    expected, of_expected = _two_product(rows, columns)
    errors = (of_seen - of_expected) + (table * of_total - (rows * of_columns + of_rows * columns))
    return np.asarray(((seen - expected) + errors) / total)


def _doubled_sum(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums along the last axis, and what rounding took from them."""
    rest = np.zeros_like(x)
    while x.shape[-1] > 1:
        even = x.shape[-1] // 2 * 2
        sums, errors = _two_sum(x[..., 0:even:2], x[..., 1:even:2])
        errors += rest[..., 0:even:2] + rest[..., 1:even:2]
        x = np.concatenate([sums, x[..., even:]], axis=-1)
        rest = np.concatenate([errors, rest[..., even:]], axis=-1)
    return x[..., 0], rest[..., 0]


def _two_sum(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a + b and its rounding error."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def _two_product(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a·b and its rounding error."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _halves(a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return two numbers of half as many digits that add up to a."""
    scaled = _SPLIT * a
    high = scaled - (scaled - a)
    return high, a - high


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
