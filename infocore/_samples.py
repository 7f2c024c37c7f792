"""Samples turned into whole numbers that can be counted: intervals of floats, places of labels."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from infocore._validate import FloatArray, IntArray, last_axis, real_array, refuse_masked, shown

_CHUNK = 1 << 15  # samples whose places fit the processor's cache while they are counted
_SAFE = 1e-290
_EPS = float(np.finfo(np.float64).eps)
_SPAN = 1024  # up to which whole numbers are counted where they stand, gaps included
_WHOLE = 2.0**53  # up to which whole numbers and doubles are the same


def one_dimensional(values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Return samples as an array of one axis that is not empty; what is mixed stays as it is."""
    refuse_masked(values, name)
    try:
        array = np.asarray(values)
        if array.dtype.kind in "SU" and not isinstance(values, np.ndarray):
            each = list(values)  # type: ignore[arg-type]  # NumPy has made an array of it
            of_text = all(isinstance(value, str | bytes) for value in each)
            array = array if of_text else np.asarray(values, dtype=object)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a one-dimensional array: {error}") from error
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} must hold samples along one axis, got shape {array.shape}")
    return array


def points(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return finite samples as the rows of an array of two axes."""
    array = real_array(values, name)
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(f"{name} must hold samples, one a row, got shape {array.shape}")
    array = array.reshape(len(array), -1)
    refuse_at(~np.isfinite(array).all(axis=1), array, name, "finite")
    return array


def tallies(values: npt.ArrayLike, name: str, axis: int) -> FloatArray:
    """Return counts of outcomes with `axis` moved last, something having been counted."""
    array = last_axis(real_array(values, name), name, axis)
    with np.errstate(invalid="ignore"):
        odd = ~((array >= 0) & (array < _WHOLE) & (array == np.rint(array)))
    if odd.any():
        raise ValueError(f"{name} must be whole numbers from 0 on, got {array[odd][0]}")
    if not array.any(axis=-1).all():
        raise ValueError(f"{name} must count something, got {shown(array.tolist())}")
    return array


def binner(values: npt.NDArray[Any], name: str, bins: int) -> Callable[[slice], IntArray]:
    """Return what gives the interval of each sample of a slice, of `bins` of equal width.

    Their edges are those of np.histogram; what lies on the last, which is closed, gets the number
    `bins`.
    """
    x: FloatArray = values.astype(np.float64, copy=False)
    least, largest = float(x.min()), float(x.max())
    if not math.isfinite(least) or not math.isfinite(largest):
        refuse_at(~np.isfinite(x), x, name, "finite")
    if not _SAFE < largest - least < 1 / _SAFE:  # neither it nor its inverse may overflow
        size = max(abs(least), abs(largest))
        x = np.ldexp(x, -math.frexp(size)[1] if size < 1 else -2)
        least, largest = float(x.min()), float(x.max())
    scale = bins / (largest - least) if largest > least else 0.0
    edges = np.linspace(least, largest, bins + 1)
    slack = 4 * _EPS * (largest - least + max(abs(least), abs(largest)))  # more than rounding takes
    short = np.int32 if bins < 2**31 - 1 else np.int64  # processors convert to it several at once

    def places(part: slice) -> IntArray:
        scaled = x[part] - (least + slack)
        scaled *= scale
        place = scaled.astype(short)
        scaled += 2 * slack * scale
        doubtful = np.flatnonzero(scaled.astype(short) != place)  # too near to an edge to say
        place[doubtful] = np.searchsorted(edges, x[part][doubtful], side="right") - 1
        return place.astype(np.int64)

    return places


def codes(values: npt.NDArray[Any], name: str) -> tuple[IntArray, int]:
    """Return the place of each label in ascending order, and a count that exceeds all places.

    A place may belong to no label where whole numbers have gaps.
    """
    if values.dtype.kind not in "biuSU":
        refuse_at(_is_nan(values), values, name, "free of NaN")
    if values.dtype.kind in "biuf":
        least, largest = values.min(), values.max()
        span = float(largest) - float(least)
        small = span < _SPAN and max(-float(least), float(largest)) <= _WHOLE
        if small and (values.dtype.kind != "f" or bool((values == np.rint(values)).all())):
            shifted = values.astype(np.int64, copy=False)
            return shifted - int(least) if least else shifted, int(span) + 1
    try:
        found, places = np.unique(values, return_inverse=True)
    except TypeError:  # labels without an order
        known: dict[Any, int] = {}
        listed = [known.setdefault(label, len(known)) for label in values]
        return np.array(listed), len(known)
    return places, len(found)


def counted(
    row_of: Callable[[slice], IntArray], rows: int, labels: IntArray, columns: int
) -> IntArray:
    """Return how often each pair occurs; columns that no label has are left out."""
    cells = np.zeros(rows * columns, dtype=np.int64)
    chunk = max(_CHUNK, len(cells))
    for start in range(0, len(labels), chunk):
        part = slice(start, start + chunk)
        places = row_of(part) * columns
        places += labels[part]
        cells += np.bincount(places, minlength=len(cells))
    table = cells.reshape(rows, columns)
    return table[:, table.any(axis=0)]


def _is_nan(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if values.dtype.kind == "O":
        return np.fromiter(map(_is_no_label, values), np.bool_)
    return np.asarray(values != values)


def _is_no_label(value: object) -> bool:
    """Return whether a value differs from itself, as NaN does, or cannot say, as pandas' NA."""
    try:
        return bool(value != value)
    except TypeError:
        return True


def refuse_at(bad: npt.NDArray[np.bool_], values: npt.NDArray[Any], name: str, must: str) -> None:
    """Raise an error that shows the first bad sample and its position, if there is one."""
    if bad.any():
        place = int(bad.argmax())
        raise ValueError(f"{name} must be {must}, got {values[place]} at position {place}")
