"""Long arrays worked on piece by piece, each of which stays in the processor's cache.

A formula of many steps over a million numbers would fetch and store each number many times, and
keep as many copies; over one piece after the other it does so once, and keeps next to nothing.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

PIECE = 1 << 15  # numbers: 256 KiB of each array


def summed(sums: Callable[..., Array], *arrays: Array, whole: bool = False) -> Array:
    """Return sums(*arrays) along the last axis of arrays of one shape, `whole` only if asked.

    NumPy adds halves of halves first, within a piece and of the pieces, so that rounding grows with
    the logarithm of the length.
    """
    shape, size = arrays[0].shape, arrays[0].size
    divisible = shape[:-1] if whole else shape
    if size <= PIECE or math.prod(divisible) == 1:
        return sums(*map(np.ascontiguousarray, arrays))
    # Neighbours in memory stay together: what is divided is the axis of the longest strides.
    axis = max(
        range(len(divisible)),
        key=lambda k: (shape[k] > 1, max(abs(array.strides[k]) for array in arrays), shape[k]),
    )
    before, step = (slice(None),) * axis, max(1, PIECE * shape[axis] // size)
    parts = [(*before, slice(at, at + step)) for at in range(0, shape[axis], step)]
    results = [summed(sums, *(array[part] for array in arrays), whole=whole) for part in parts]
    if axis < len(shape) - 1:
        return np.concatenate(results, axis=axis)
    return np.asarray(np.stack(results, axis=-1).sum(axis=-1))


def total(array: Array) -> Array:
    """Return the sums along the last axis, as exact for columns as for rows."""
    if array.flags.c_contiguous:
        return np.asarray(array.sum(axis=-1))
    return summed(lambda piece: np.asarray(piece.sum(axis=-1)), array)
