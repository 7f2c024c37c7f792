"""The one place where input is checked: every error names the argument and the value."""

import math
import reprlib
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from infocore._pieces import total

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_LARGEST = 2**63 - 1  # whole number that NumPy counts with


def log_base(base: float) -> float:
    """Return ln(base), by which nats are divided to give units of that base.

    It is negative for a base below 1, so that all signs turn, as in `scipy.stats.entropy`.
    """
    number = real_number(base, "base")
    if not 0 < number < math.inf or number == 1:
        raise ValueError(f"base must be positive, finite and not 1, got {base!r}")
    return math.log(number)


def instance_of[T](value: T, kind: type[T], name: str) -> T:
    """Return a value that is of a kind."""
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be a {kind.__name__}, got {shown(value)}")
    return value


def one_of(value: str | None, name: str, allowed: tuple[str | None, ...]) -> str | None:
    """Return one of the texts that an option may be."""
    if not isinstance(value, str | None) or value not in allowed:
        raise ValueError(f"{name} must be {' or '.join(map(repr, allowed))}, got {value!r}")
    return value


def whole_number(value: int, name: str, at_least: int) -> int:
    """Return a whole number that is not too small."""
    if not _is_whole(value) or value < at_least:
        must = f"{name} must be a whole number of at least {at_least}"
        raise ValueError(f"{must}, got {shown(value)}")
    if value > _LARGEST:
        raise ValueError(f"{name} must be at most {_LARGEST}, got {shown(value)}")
    return int(value)


def real_number(value: float, name: str) -> float:
    """Return one real number as a float."""
    try:
        array = real_array(value, name)
    except ValueError as error:
        raise ValueError(f"{name} must be a single number, got {shown(value)}") from error
    if array.ndim:
        raise ValueError(f"{name} must be a single number, got {shown(value)}")
    return float(array)


def real_array(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return real numbers as float64; infinities and NaN pass."""
    refuse_masked(values, name)
    try:
        array = np.asarray(values)
        if array.dtype.kind in "biuf" or (
            array.dtype.kind == "O"
            and not any(isinstance(value, str | bytes | None) for value in array.flat)
        ):
            return array.astype(np.float64, copy=False)
    except OverflowError as error:
        large = f"{name} must hold no number that exceeds the doubles"
        raise ValueError(f"{large}, got {shown(values)}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{name} must be an array of real numbers, got {shown(values)}") from error
    raise ValueError(f"{name} must be an array of real numbers, got {shown(values)}")


def shown(value: object) -> str:
    """Return how a refused value is written, long ones cut."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python does not write whole numbers of thousands of digits
        return f"a {type(value).__name__} of too many digits to write"


def refuse_masked(values: object, name: str) -> None:
    """Refuse what NumPy would take with its mask dropped."""
    if isinstance(values, np.ma.MaskedArray) and values.ndim and np.ma.is_masked(values):
        place = ", ".join(map(str, np.argwhere(np.ma.getmaskarray(values))[0].tolist()))
        raise ValueError(f"{name} must have no masked entry, got one at {place}")
    try:
        masked = _is_masked(values)
    except RecursionError as error:
        must = f"{name} must be nested less deep, and not hold itself"
        raise ValueError(f"{must}, got {shown(values)}") from error
    if masked:
        raise ValueError(f"{name} must have no masked entry, got {shown(values)}")


def _is_masked(values: object) -> bool:
    if getattr(values, "dtype", None) == np.dtype(object) and not np.ma.isMaskedArray(values):
        values = np.asarray(values).ravel().tolist()
    if not isinstance(values, list | tuple):
        return np.ma.is_masked(values)
    suspects = {
        kind for kind in {*map(type, values)} if issubclass(kind, list | tuple | np.ndarray)
    }
    return bool(suspects) and any(map(_is_masked, (v for v in values if type(v) in suspects)))


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def numbers(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return real numbers, infinite ones included, none of them NaN."""
    array = real_array(values, name)
    _refuse_outside(array, -math.inf, math.inf, f"{name} must not be NaN")
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
    _refuse_outside(array, 0.0, 1.0, f"{name} must lie in [0, 1]")
    return array


def code_lengths(lengths: npt.ArrayLike, name: str, axis: int = -1) -> FloatArray:
    """Return code lengths with `axis` moved last; a length may be infinite."""
    array = numbers(lengths, name)
    _refuse_outside(array, 0.0, math.inf, f"{name} must not be negative")
    return last_axis(array, name, axis)


def log_probabilities(values: npt.ArrayLike, name: str, scale: float) -> FloatArray:
    """Return logarithms of probabilities to the base whose own logarithm is `scale`."""
    array = real_array(values, name)
    must = f"{name} must hold logarithms of probabilities, neither NaN nor of more than 1"
    low, high = (-math.inf, 0.0) if scale > 0 else (0.0, math.inf)
    _refuse_outside(array, low, high, must, tell_place=True)
    return array


def losses(values: npt.ArrayLike, name: str, scale: float) -> FloatArray:
    """Return mean surprises to the base whose own logarithm is `scale`."""
    array = real_array(values, name)
    must = f"{name} must be neither NaN nor negative"
    low, high = (0.0, math.inf) if scale > 0 else (-math.inf, 0.0)
    _refuse_outside(array, low, high, must, tell_place=True)
    return array


def positive(values: npt.ArrayLike, name: str) -> FloatArray:
    """Return positive, finite numbers."""
    array = real_array(values, name)
    _refuse(lambda x: ~((x > 0) & (x < np.inf)), array, f"{name} must be positive and finite")
    return array


def scores(z: npt.ArrayLike, name: str, axis: int) -> FloatArray:
    """Return scores with `axis` moved last; -inf stands for probability 0."""
    array = last_axis(numbers(z, name), name, axis)
    largest = array.max(axis=-1)
    _refuse(lambda x: x == np.inf, largest, f"{name} must not be +inf")
    _refuse(np.isneginf, largest, f"{name} must hold a finite score in every vector")
    return array


def pmf(p: npt.ArrayLike, name: str, axis: int = -1, normalize: bool = False) -> FloatArray:
    """Return distributions with `axis` moved last."""
    array = last_axis(real_array(p, name), name, axis)
    must = f"{name} must hold no negative probability and no NaN"
    _refuse_outside(array, 0.0, math.inf, must)
    if normalize:
        return _rescaled(array, name)
    return _summing_to_one(array, name, np.asarray(p).dtype)


def joint_pmf(joint: npt.ArrayLike, name: str, variables: str = "XY") -> FloatArray:
    """Return tables of so many variables, each over the last axes, one a variable."""
    shape, count = real_array(joint, name).shape, len(variables)
    if len(shape) < count:
        axes = " and one for ".join(variables)
        raise ValueError(f"{name} must have an axis for {axes}, got shape {shape}")
    if 0 in shape[-count:]:
        raise ValueError(f"{name} is an empty table: shape {shape}")
    flat = np.asarray(joint).reshape(*shape[:-count], math.prod(shape[-count:]))
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


def pmfs(ps: Sequence[npt.ArrayLike], axis: int, normalize: bool) -> list[FloatArray]:
    """Return two or more broadcastable stacks of distributions with `axis` moved last."""
    if len(ps) < 2:
        raise ValueError(f"ps must be two distributions or more, got {len(ps)}")
    names = ["p", "q"] if len(ps) == 2 else [f"ps[{place}]" for place in range(len(ps))]
    stacks = [pmf(p, name, axis, normalize) for p, name in zip(ps, names, strict=True)]
    for (a, first), (b, second) in combinations(zip(stacks, names, strict=True), 2):
        match_shapes(a, b, (first, second))
    return stacks


def mixing_weights(weights: npt.ArrayLike | None, count: int) -> list[float]:
    """Return how much each of so many distributions counts, without the rounding of their sum."""
    shares = np.full(count, 1 / count) if weights is None else pmf(weights, "weights")
    if shares.shape != (count,):
        raise ValueError(f"weights must be one a distribution, {count}, got shape {shares.shape}")
    return [float(share) for share in shares / math.fsum(shares)]


def class_numbers(
    y: npt.ArrayLike, name: str, predicted: FloatArray
) -> npt.NDArray[np.integer] | None:
    """Return classes given as whole numbers, one for each vector or for all, or None."""
    refuse_masked(y, name)
    try:
        classes = np.asarray(y)
    except ValueError:  # ragged, and no distribution either
        return None
    if classes.dtype.kind not in "iu" or classes.ndim not in (0, predicted.ndim - 1):
        return None
    count = predicted.shape[-1]
    outside = classes[(classes < 0) | (classes >= count)]
    if outside.size:
        raise ValueError(f"{name} must hold classes of 0 to {count - 1}, got {outside[0]}")
    try:
        np.broadcast_shapes(classes.shape, predicted.shape[:-1])
    except ValueError as error:
        shapes = f"{classes.shape} of classes and {predicted.shape[:-1]} of vectors"
        raise ValueError(f"{name} does not broadcast: shapes {shapes}") from error
    return classes


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
    if not _is_whole(axis):
        raise ValueError(f"axis must be one whole number, got {shown(axis)}")
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis {shown(axis)} does not exist in {name} of shape {array.shape}")
    if array.shape[axis] == 0:
        raise ValueError(f"{name} is empty along axis {axis}: shape {array.shape}")
    return np.moveaxis(array, axis, -1)


def _summing_to_one(p: FloatArray, name: str, dtype: np.dtype[np.generic]) -> FloatArray:
    """Refuse sums that rounding in the input's own precision does not explain."""
    eps = float(np.finfo(dtype.type).eps) if issubclass(dtype.type, np.floating) else 0.0
    # Rounding errors add up as a random walk does; beyond one in a hundred it is no distribution.
    tolerance = min(1e-2, max(1e-9, 8 * eps * math.sqrt(p.shape[-1])))
    _refuse(lambda sums: ~(abs(sums - 1) <= tolerance), total(p), f"{name} must sum to 1")
    return p


def _rescaled(p: FloatArray, name: str) -> FloatArray:
    """Divide by the sum; a power of two first, because the sum itself might overflow."""
    largest = p.max(axis=-1, keepdims=True)
    scalable = f"{name} cannot be normalised: its largest entry must be positive and finite"
    _refuse(lambda x: (x == 0) | (x == np.inf), largest, scalable)
    scaled: FloatArray = np.ldexp(p, -np.frexp(largest)[1])
    scaled /= total(scaled)[..., np.newaxis]
    return scaled


def _refuse_outside(
    x: FloatArray, low: float, high: float, must: str, tell_place: bool = False
) -> None:
    """Refuse NaN and what is beyond two bounds; what is within costs no further array."""
    # Beyond an infinite bound is nothing but NaN, which either of least and largest shows.
    above = high < math.inf and not x.max(initial=-math.inf) <= high
    below = (low > -math.inf or high == math.inf) and not x.min(initial=math.inf) >= low
    if above or below:
        _refuse(lambda x: ~((x >= low) & (x <= high)), x, must, tell_place)


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
