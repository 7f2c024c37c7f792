"""Formulas that keep their accuracy where the textbook form cancels or overflows."""

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import overload

import numpy as np
import numpy.typing as npt

from infocore._doubled import doubled_sum, two_product, two_sum
from infocore._pieces import PIECE, summed
from infocore._validate import FloatArray

# Up to |w| = 0.4 the terms of the series that are left out add less than 1e-17.
_NEAR = 0.4
_COEFFICIENTS = tuple(1 / (2 * k + 3) for k in range(19))

# From this length on one logarithm per entry is tried first: it is fast, and where the sum
# exceeds CLEAR its cancellation costs a few ulp, far less than summing that many terms may.
_LONG = 64
CLEAR = 0.1
_CLOSE = 0.8, 1.25  # quotients between which a divergence is never clear
_SOME = 64  # entries, whose quotients foretell the others' before all are taken
_ENOUGH = math.log(1e-16)  # what a seventh of adds nothing to a number about 1
_LARGE = 2.0**64  # by which subnormal probabilities become normal
NEAR = 0.5  # relative difference of scales up to which it, not their logarithms, is taken
TINY = float(np.finfo(np.float64).tiny)


@overload
def atanh_tail(z: float, largest: float = ...) -> float: ...
@overload
def atanh_tail(z: FloatArray, largest: float = ...) -> FloatArray: ...
def atanh_tail(z: float | FloatArray, largest: float = _NEAR * _NEAR) -> float | FloatArray:
    """Return (atanh(w) - w) / w**3 at z = w**2, the sum of z**k / (2k+3), for z ≤ largest ≤ 0.16.

    It is to be multiplied by w and added to 1: that decides how many terms are needed.
    """
    count = math.ceil(_ENOUGH / math.log(max(largest, TINY)) - 0.5)
    count = min(max(count, 2), len(_COEFFICIENTS))
    tail = _COEFFICIENTS[count - 1] * z
    for coefficient in _COEFFICIENTS[count - 2 : 0 : -1]:
        tail += coefficient
        tail *= z
    tail += _COEFFICIENTS[0]
    return tail


def divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    """Return D(p‖q) in nats along the last axis."""
    p, q = np.broadcast_arrays(p, q)
    return summed(_careful_divergence if p.shape[-1] < _LONG else _divergence_of_piece, p, q)


def _divergence_of_piece(p: FloatArray, q: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        some = (..., slice(None, None, p.shape[-1] // _SOME + 1))
        if _is_close(p[some] / q[some]):
            difference = p - q
            w, square, largest = _compared(p, q, difference)
            if largest <= _NEAR * _NEAR:
                return np.asarray(_near_terms(w, square, largest, difference).sum(axis=-1))
        ratio = p / q
        of_p, of_q = p.sum(axis=-1), q.sum(axis=-1)
        nats = _summed_logs(p, ratio) - of_p + of_q
    return _settled(nats, of_p + of_q, _careful_divergence, p, q)


def _is_close(ratio: FloatArray) -> bool:
    return bool(ratio.min(initial=1) >= _CLOSE[0] and ratio.max(initial=1) <= _CLOSE[1])


def _summed_logs(p: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return Σ p·log(ratio), which is 0 where p is; the ratios are lost."""
    if not ratio.min(initial=1) > 0:
        np.fmax(ratio, TINY, out=ratio)  # 0/0 and 0: p is 0 there, or next to it
    np.log(ratio, out=ratio)
    ratio *= p
    return np.asarray(ratio.sum(axis=-1))


def _settled(
    nats: FloatArray, mass: FloatArray, careful: Callable[..., FloatArray], *parts: FloatArray
) -> FloatArray:
    """Return sums, computed with care where they are small beside what was added, or infinite."""
    nats = np.asarray(nats)
    unclear = ~((nats > 0.5 * CLEAR * mass) & (nats < math.inf))
    if unclear.all():
        return careful(*parts)
    if unclear.any():
        nats[unclear] = careful(*(part[unclear] for part in parts))
    return nats


def _careful_divergence(p: FloatArray, q: FloatArray) -> FloatArray:
    return np.asarray(divergence_terms(p, q, p - q).sum(axis=-1))


def divergence_terms(p: FloatArray, q: FloatArray, difference: FloatArray) -> FloatArray:
    """Return p·log(p/q) - p + q in nats, elementwise, given p - q as `difference`.

    With w = (p-q)/(p+q) this is (p-q)·(w + (1+w)·(atanh(w) - w)/w): nothing cancels, and as
    p - q is rounded once, the result is good to a few ulp however close p and q are.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        w, square, largest = _compared(p, q, difference)
        if largest <= _NEAR * _NEAR:
            return _near_terms(w, square, largest, difference)
        near = square <= _NEAR * _NEAR
        far = p * log_quotient(p, q) - difference
        np.copyto(far, q, where=p == 0)
        if near.any():
            for part in (w, square):
                np.copyto(part, 0.0, where=~near)
            largest = float(square.max())
            np.copyto(far, _near_terms(w, square, largest, difference), where=near)
        return far


def _compared(
    p: FloatArray, q: FloatArray, difference: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Return w = (p-q)/(p+q), its square, and the largest of that; NaN where both are 0."""
    w = np.asarray(p + q)
    np.divide(difference, w, out=w)
    square = np.asarray(w * w)
    return w, square, float(square.max(initial=0.0))


def _near_terms(
    w: FloatArray, square: FloatArray, largest: float, difference: FloatArray
) -> FloatArray:
    """Return the terms of what is near; the squares are lost."""
    terms = np.asarray(atanh_tail(square, largest))
    square += w
    terms *= square
    terms += 1
    terms *= w
    terms *= difference
    return terms


def mixed_divergences(weights: Sequence[float], parts: Sequence[FloatArray]) -> FloatArray:
    """Return Σ w·D(p‖m) in nats along the last axis, with m = Σ w·p and positive weights."""
    parts = np.broadcast_arrays(*parts)
    sums = _careful_mixture if parts[0].shape[-1] < _LONG else _mixture_of_piece
    return summed(partial(sums, weights), *parts)


def _mixture_of_piece(weights: Sequence[float], *parts: FloatArray) -> FloatArray:
    m = _mixed(weights, parts)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = [p / m for p in parts]
        if all(map(_is_close, ratios)):
            return _careful_mixture(weights, *parts)
        sums = [_summed_logs(p, ratio) for p, ratio in zip(parts, ratios, strict=True)]
    careful = partial(_careful_mixture, weights)
    return _settled(_mixed(weights, sums), 2 * m.sum(axis=-1), careful, *parts)


def _careful_mixture(weights: Sequence[float], *parts: FloatArray) -> FloatArray:
    """Return the sums with each p - m as the mean of what p exceeds the others by."""
    m, unit = _mixed(weights, parts), 1.0
    if m.min(initial=1) < TINY * _LARGE:  # where halves of numbers may lose digits
        unit, parts = _LARGE, tuple(_LARGE * p for p in parts)
        m = _mixed(weights, parts)
    sums = []
    for p in parts:
        differences = [np.zeros(()) if other is p else p - other for other in parts]
        sums.append(divergence_terms(p, m, _mixed(weights, differences)).sum(axis=-1))
    return np.asarray(_mixed(weights, sums) / unit)


def _mixed(weights: Sequence[float], parts: Sequence[FloatArray]) -> FloatArray:
    return np.asarray(reduce(np.add, [w * p for w, p in zip(weights, parts, strict=True)]))


def shared_information(table: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the divergence in nats of tables from the products of their marginals, and these."""
    rows, columns = table.sum(axis=-1, keepdims=True), table.sum(axis=-2, keepdims=True)
    total = rows.sum(axis=-2, keepdims=True)
    expected = rows * columns / total
    flat = (*table.shape[:-2], table.shape[-2] * table.shape[-1])
    p, q = table.reshape(flat), expected.reshape(flat)
    beneath = (p > 0) & (q < TINY)  # a product below the doubles: by logarithms
    hidden = bool(beneath.any())
    if hidden:
        p, q = np.where(beneath, 0.0, p), np.where(beneath, 0.0, q)
    nats = divergence(p, q) if flat[-1] >= _LONG else np.zeros(flat[:-1])
    near = nats < CLEAR * total[..., 0, 0]
    if near.any():
        excess = _excess(table).reshape(flat)
        excess = np.where(beneath, 0.0, excess) if hidden else excess
        nats[near] = divergence_terms(p[near], q[near], excess[near]).sum(axis=-1)
    if hidden:
        with np.errstate(invalid="ignore"):  # of empty cells
            log_ratio = log_quotient(table, rows) - log_quotient(columns, total)
        terms = table * np.where(beneath.reshape(table.shape), log_ratio, 0.0) - table + expected
        nats = nats + np.where(beneath, terms.reshape(flat), 0.0).sum(axis=-1)
    rows, columns = rows[..., :, 0], columns[..., 0, :]
    kinds = (np.count_nonzero(sums, axis=-1) for sums in (rows, columns))
    certain = np.minimum(*kinds) == 1  # whatever rounding says
    return np.where(certain, 0.0, nats), rows, columns


def _excess(table: FloatArray) -> FloatArray:
    """Return by how much each cell exceeds what the sums of its row and column say.

    Near independence that is what rounding leaves of p - p(x)·p(y)/p, so that the sums and the
    products carry their rounding errors along (Dekker, Numer. Math. 18, 1971).
    """
    rows, of_rows = doubled_sum(table)
    columns, of_columns = doubled_sum(np.swapaxes(table, -1, -2))
    (total, of_total), (beyond, of_beyond) = doubled_sum(rows), doubled_sum(of_rows)
    total, rest = two_sum(total, beyond)
    of_total = (of_total + of_beyond + rest)[..., None, None]
    total = total[..., None, None]
    rows, of_rows = rows[..., :, None], of_rows[..., :, None]
    columns, of_columns = columns[..., None, :], of_columns[..., None, :]
    seen, of_seen = two_product(table, total)
    expected, of_expected = two_product(rows, columns)
    errors = (of_seen - of_expected) + (table * of_total - (rows * of_columns + of_rows * columns))
    return np.asarray(((seen - expected) + errors) / total)


def log_quotient(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return log(a/b), also where the quotient overflows or is subnormal."""
    with np.errstate(all="ignore"):
        quotient = np.asarray(a / b)
        logs = np.asarray(np.log(quotient))
        odd = ~((quotient >= TINY) & (quotient < math.inf))
        if odd.any():
            above, below = (np.broadcast_to(side, odd.shape)[odd] for side in (a, b))
            logs[odd] = np.log(above) - np.log(below)
        return logs


def surprise(share: FloatArray, rest: FloatArray) -> FloatArray:
    """Return -log share from the smaller of it and its rest to 1; infinite where the share is 0."""
    with np.errstate(divide="ignore"):
        return np.where(rest < 0.5, -np.log1p(-np.minimum(rest, 0.5)), -np.log(share))


def scale_penalty(p_sigma: FloatArray, q_sigma: FloatArray, t: FloatArray) -> FloatArray:
    """Return t - log1p(t) for t = (σp-σq)/σq; near 0 from log1p(t) = 2·atanh(w), w = t/(2+t)."""
    with np.errstate(invalid="ignore", over="ignore"):  # of the form that is not taken
        w = t / (2 + t)
        near = w * (t - 2 * w * w * atanh_tail(w * w))
    return np.where(abs(t) <= NEAR, near, t - log_quotient(p_sigma, q_sigma))


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
    scaled = np.asarray(np.add(nats, 0.0, dtype=np.float64))  # turns -0.0 into 0.0
    scaled /= log_base
    return scaled if scaled.ndim else float(scaled)


def elementwise(
    nats: Callable[..., FloatArray], log_base: float, *arrays: FloatArray
) -> float | FloatArray:
    """Return nats(*arrays), of the arrays' common shape, in the unit of that base."""
    if np.broadcast(*arrays).size <= PIECE:
        return in_units(nats(*arrays), log_base)
    results = np.empty(np.broadcast(*arrays).shape)
    pieces = np.nditer(
        [*arrays, results],
        flags=["external_loop", "buffered"],
        op_flags=[*[["readonly"]] * len(arrays), ["writeonly"]],  # type: ignore[arg-type]
        buffersize=PIECE,
    )
    with pieces:
        for *piece, result in pieces:
            np.divide(nats(*piece), log_base, out=result)
            result += 0.0
    return results
