"""The one place where input is checked: every error names the argument and the value."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def log_base(base: float) -> float:
    """Return ln(base), by which nats are divided to give units of that base."""
    number = real_number(base, "base")
    if not 0 < number < math.inf or number == 1:
        raise ValueError(f"base must be positive, finite and not 1, got {base!r}")
    return math.log(number)


def one_of(value: str | None, name: str, allowed: tuple[str | None, ...]) -> str | None:
    """Return one of the texts that an option may be."""
    if value not in allowed:
        raise ValueError(f"{name} must be {' or '.join(map(repr, allowed))}, got {value!r}")
    return value


def whole_number(value: int, name: str, at_least: int) -> int:
    """Return a whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < at_least:
        raise ValueError(f"{name} must be a whole number of at least {at_least}, got {value!r}")
    return int(value)


def real_number(value: float, name: str) -> float:
    """Return one real number as a float."""
    array = real_array(value, name)
    if array.ndim:
        raise ValueError(f"{name} must be a single number, got {value!r}")
    return float(array)


def real_array(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return real numbers as float64; infinities and NaN pass."""
    try:
        array = np.asarray(values)
        if array.dtype.kind in "biufO":
            return array.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of real numbers, got {values!r}") from error
    raise ValueError(f"{name} must be an array of real numbers, got {values!r}")


def numbers(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return real numbers, infinite ones included, none of them NaN."""
    array = real_array(values, name)
    _refuse(np.isnan, array, f"{name} must not be NaN")
    return array


def gaussian_parameters(mu: npt.ArrayLike, sigma: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return means and standard deviations of normal distributions, in their common shape."""
    means, sigmas = real_array(mu, "mu"), real_array(sigma, "sigma")
    _refuse(lambda x: ~np.isfinite(x), means, "mu must be finite")
    _refuse(lambda x: ~((x > 0) & (x < np.inf)), sigmas, "sigma must be positive and finite")
    first, second = broadcast(means, sigmas, ("mu", "sigma"))
    return first, second


def probabilities(p: npt.ArrayLike, name: str) -> FloatArray:
    """Return probabilities that stand alone: each within [0, 1]."""
    array = real_array(p, name)
    _refuse(lambda x: ~((x >= 0) & (x <= 1)), array, f"{name} must lie in [0, 1]")
    return array


def code_lengths(lengths: npt.ArrayLike, name: str) -> FloatArray:
    """Return code lengths, one code along the last axis; a length may be infinite."""
    array = numbers(lengths, name)
    _refuse(lambda x: x < 0, array, f"{name} must not be negative")
    return last_axis(array, name, -1)


def log_probabilities(values: npt.ArrayLike, name: str, scale: float) -> FloatArray:
    """Return logarithms of probabilities to the base whose own logarithm is `scale`."""
    array = real_array(values, name)
    must = f"{name} must hold logarithms of probabilities, neither NaN nor of more than 1"
    _refuse(lambda x: ~(x * np.sign(scale) <= 0), array, must, tell_place=True)
    return array


def losses(values: npt.ArrayLike, name: str, scale: float) -> FloatArray:
    """Return mean surprises to the base whose own logarithm is `scale`."""
    array = real_array(values, name)
    must = f"{name} must be neither NaN nor negative"
    _refuse(lambda x: ~(x * np.sign(scale) >= 0), array, must, tell_place=True)
    return array


def positive(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return positive, finite numbers."""
    array = real_array(values, name)
    _refuse(lambda x: ~((x > 0) & (x < np.inf)), array, f"{name} must be positive and finite")
    return array


def scores(z: npt.ArrayLike, name: str, axis: int) -> FloatArray:
    """Return scores with `axis` moved last; -inf stands for probability 0."""
    array = last_axis(numbers(z, name), name, axis)
    _refuse(lambda x: x == np.inf, array, f"{name} must not be +inf")
    _refuse(np.isneginf, array.max(axis=-1), f"{name} must hold a finite score in every vector")
    return array


def pmf(p: npt.ArrayLike, name: str, axis: int = -1, normalize: bool = False) -> FloatArray:
    """Return distributions with `axis` moved last."""
    array = last_axis(real_array(p, name), name, axis)
    if not np.min(array, initial=0.0) >= 0:
        _refuse(lambda x: ~(x >= 0), array, f"{name} must hold no negative probability and no NaN")
    if normalize:
        return _rescaled(array, name)
    return _summing_to_one(array, name, np.asarray(p).dtype)


def joint_pmf(joint: npt.ArrayLike, name: str) -> FloatArray:
    """Return tables of two variables, each over the last two axes."""
    shape = real_array(joint, name).shape
    if len(shape) < 2:
        raise ValueError(f"{name} must have an axis for X and one for Y, got shape {shape}")
    flat = np.asarray(joint).reshape(*shape[:-2], shape[-2] * shape[-1])
    return pmf(flat, name).reshape(shape)


def pmf_pair(
    p: npt.ArrayLike,
    q: npt.ArrayLike,
    names: tuple[str, str] = ("p", "q"),
    axis: int = -1,
    normalize: bool = False,
) -> tuple[FloatArray, FloatArray]:
    """Return two broadcastable stacks of distributions with `axis` moved last."""
    first, second = pmf(p, names[0], axis, normalize), pmf(q, names[1], axis, normalize)
    match_shapes(first, second, names)
    return first, second


def match_shapes(a: FloatArray, b: FloatArray, names: tuple[str, str]) -> None:
    """Refuse stacks whose vectors differ in length or whose other axes do not broadcast."""
    message = f"{names[0]} and {names[1]} do not broadcast: shapes {a.shape} and {b.shape}"
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(message)
    broadcast(a, b, names)


def broadcast(a: FloatArray, b: FloatArray, names: tuple[str, str]) -> tuple[FloatArray, ...]:
    """Return two arrays as views of their common shape."""
    try:
        return np.broadcast_arrays(a, b)
    except ValueError as error:
        shapes = f"shapes {a.shape} and {b.shape}"
        raise ValueError(f"{names[0]} and {names[1]} do not broadcast: {shapes}") from error


def last_axis(array: FloatArray, name: str, axis: int) -> FloatArray:
    """Return a view with `axis`, which must exist and not be empty, moved last."""
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis {axis} does not exist in {name} of shape {array.shape}")
    if array.shape[axis] == 0:
        raise ValueError(f"{name} is empty along axis {axis}: shape {array.shape}")
    return np.moveaxis(array, axis, -1)


def _summing_to_one(p: FloatArray, name: str, dtype: np.dtype[np.generic]) -> FloatArray:
    """Refuse sums that rounding in the input's own precision does not explain."""
    eps = float(np.finfo(dtype.type).eps) if issubclass(dtype.type, np.floating) else 0.0
    tolerance = p.shape[-1] * max(1e-9, 8 * eps)
    _refuse(lambda total: ~(abs(total - 1) <= tolerance), p.sum(axis=-1), f"{name} must sum to 1")
    return p


def _rescaled(p: FloatArray, name: str) -> FloatArray:
    """Divide by the sum; a power of two first, because the sum itself might overflow."""
    largest = p.max(axis=-1, keepdims=True)
    scalable = f"{name} cannot be normalised: its largest entry must be positive and finite"
    _refuse(lambda x: (x == 0) | (x == np.inf), largest, scalable)
    scaled = np.ldexp(p, -np.frexp(largest)[1])
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True))


def _refuse(
    bad: Callable[[FloatArray], npt.NDArray[np.bool_]],
    x: FloatArray,
    must: str,
    tell_place: bool = False,
) -> None:
    """Raise an error that shows the first bad value, if there is one."""
    x = np.asarray(x)
    found = bad(x)
    if not np.any(found):
        return
    place = np.argwhere(found)[0].tolist()
    where = f" at {', '.join(map(str, place))}" if tell_place and place else ""
    raise ValueError(f"{must}, got {float(x[tuple(place)])}{where}")
