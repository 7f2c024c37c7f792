"""What two variables share, from a joint table or from samples, and what chance alone shows."""

import numpy as np
import numpy.typing as npt

from infocore._samples import binner, codes, counted, one_dimensional
from infocore._stable import in_units, log_quotient, shared_information
from infocore._validate import FloatArray, IntArray, joint_pmf, log_base, one_of, whole_number
from infocore.discrete import mean_surprise

_CORRECTIONS = (None, "miller-madow")
_NEARLY = 1 + 1e-6  # more than rounding takes from a sum of squares
_ROUNDED = 8 * float(np.finfo(np.float64).eps)  # of an entropy, by which rounding may exceed it
_MOST_CELLS = 1 << 24  # of a table of intervals: 128 MiB, of which estimates take many times
_CELLS = 1 << 22  # of shuffled tables that are held at once


def mutual_information(joint: npt.ArrayLike, /, *, base: float = 2) -> float | FloatArray:
    """Return the mutual information I(X;Y) of a joint table.

    It is computed as the KL divergence of the table from the product of its marginals. Near
    independence the differences of the two are taken with twice the digits of a double, so that
    the result keeps its own, where a difference of entropies would lose all. Where Y is a function
    of X, or X of Y, rounding does not lift it above the entropy of either, as `entropy` gives it:
    what exceeds that by 8 units of the last place or less is taken for it.

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Probabilities, rows X and columns Y; each table sums to 1.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        The shape of `joint` without its last two axes; exactly 0 where X or Y is certain.

    Raises
    ------
    ValueError
        If `joint` has fewer than two axes, holds a negative, NaN or infinite entry, or does not
        sum to 1; if the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 2.3.

    Examples
    --------
    >>> mutual_information([[0.5, 0], [0, 0.5]])
    1.0
    >>> mutual_information([[0.25, 0.25], [0.25, 0.25]])
    0.0
    """
    return _shared(joint_pmf(joint, "joint"), base)


def _shared(table: FloatArray, base: float, n: float | FloatArray = 1.0) -> float | FloatArray:
    """Return the mutual information of tables that add up to n."""
    scale = log_base(base)
    nats, *sums = shared_information(table)
    nats, sides = nats / n, [side / np.asarray(n)[..., None] for side in sums]
    shared = in_units(nats, scale)
    # An entropy is at least -log Σp²: only what comes near that may exceed it by rounding.
    if not (np.exp(-nats) < _NEARLY * np.maximum(*(np.vecdot(p, p) for p in sides))).any():
        return shared
    most = np.minimum(*(np.abs(mean_surprise(p, p, base)) for p in sides))
    beyond = np.abs(shared) - most
    rounded = (beyond > 0) & (beyond <= _ROUNDED * most)
    return in_units(np.where(rounded, np.copysign(most, scale), shared))


def conditional_entropy(
    joint: npt.ArrayLike, /, *, given: str = "x", base: float = 2
) -> float | FloatArray:
    """Return what is left to learn of one variable when the other is known.

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Probabilities, rows X and columns Y; each table sums to 1.
    given : {"x", "y"}
        What is known: "x" gives H(Y|X), "y" gives H(X|Y).
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        The shape of `joint` without its last two axes.

    Raises
    ------
    ValueError
        If `joint` has fewer than two axes, holds a negative, NaN or infinite entry, or does not
        sum to 1; if `given` is neither "x" nor "y", or the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., equation 2.10.

    Examples
    --------
    >>> conditional_entropy([[0.5, 0.25], [0, 0.25]], given="y")
    0.5
    """
    table = joint_pmf(joint, "joint")
    if one_of(given, "given", ("x", "y")) == "y":
        table = np.swapaxes(table, -1, -2)
    return in_units(remaining_entropy(table), log_base(base))


def remaining_entropy(table: FloatArray) -> FloatArray:
    """Return the entropy in nats of the columns of checked tables, given the row."""
    total = table.sum(axis=-1, keepdims=True)
    # An entry of more than half its row is measured by the others, lest 1 - p/total cancel.
    most = 2 * table > total
    rest = np.where(most, 0.0, table).sum(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):  # where it is not chosen
        surprise = np.where(most, np.log1p(rest / table), log_quotient(total, table))
        nats = np.where(table == 0, 0.0, table * surprise)
    return np.asarray(nats.sum(axis=(-1, -2)))


def joint_counts(x: npt.ArrayLike, y: npt.ArrayLike, /, *, bins: int | None = 20) -> IntArray:
    """Count how often each pair of a value of x and a label of y occurs.

    Parameters
    ----------
    x : array_like, shape (n,)
        The feature. Floats fall into `bins` intervals of equal width from the least to the
        largest, each closed on the left and the last on the right too: bin
        ⌊bins·(x - least)/(largest - least)⌋, with the edges that `numpy.histogram` has. Anything
        else (whole numbers, booleans, strings, objects) is discrete.
    y : array_like, shape (n,)
        The labels, of any kind.
    bins : int or None, default 20
        How many intervals; `None` takes every value of x as it is. Times the number of labels (of
        whole numbers less than 1024 apart with those between) it is at most 2**24, lest the table
        of counts exceed the memory.

    Returns
    -------
    ndarray of int, shape (bins or values of x, labels of y)
        The values and the labels in ascending order, or as they first occur where they have no
        order. Bins that hold nothing are rows of zeros.

    Raises
    ------
    ValueError
        If x or y is empty, not one-dimensional or not as long as the other, or holds NaN, or x
        an infinity; the position is named. If `bins` is no positive whole number, or too many.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 11.1 (types).

    Examples
    --------
    >>> joint_counts([0.0, 0.1, 0.9, 1.0], ["no", "no", "no", "yes"], bins=2)
    array([[2, 0],
           [1, 1]])
    """
    values, labels = one_dimensional(x, "x"), one_dimensional(y, "y")
    if values.shape != labels.shape:
        lengths = f"{len(values)} and {len(labels)}"
        raise ValueError(f"x and y must be as long as each other, got {lengths}")
    intervals = None if bins is None else whole_number(bins, "bins", at_least=1)
    if intervals and values.dtype.kind == "f":
        column, columns = codes(labels, "y")
        most = max(1, _MOST_CELLS // columns)
        if intervals > most:
            reason = f"lest the table of counts have more than {_MOST_CELLS} cells"
            raise ValueError(f"bins must be at most {most}, {reason}, got {intervals}")
        table = counted(binner(values, "x", intervals), intervals + 1, column, columns)
        table[-2] += table[-1]  # the right edge is closed
        return table[:-1]
    row, rows = codes(values, "x")
    table = counted(row.__getitem__, rows, *codes(labels, "y"))
    return table[table.any(axis=1)]


def binned_mutual_information(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    /,
    *,
    bins: int | None = 20,
    base: float = 2,
    correction: str | None = None,
) -> float:
    """Return the mutual information of a sample, estimated from the table of its counts.

    The plug-in estimate is the mutual information of the table itself. Two errors meet in it. Bins
    lose: binned variables share at most what the variables do. Sampling adds where all cells can be
    filled, the more so the more cells there are for the samples, and takes away where y is a
    function of x. Miller and Madow's correction adds (m_x + m_y - m_xy - 1)/2n nats, with m the
    numbers of rows, columns and cells that are not empty: the first term of the sampling error with
    its sign turned. In a filled table it takes off, and the estimate may become negative; where
    most cells are empty it can be an addition, and the estimate may exceed the entropy of either
    variable. It does nothing about the bins.

    Parameters
    ----------
    x : array_like, shape (n,)
        The feature, as in `joint_counts`.
    y : array_like, shape (n,)
        The labels, of any kind.
    bins : int or None, default 20
        How many intervals of equal width; `None` takes every value of x as it is.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    correction : {None, "miller-madow"}
        Whether the estimate is corrected.

    Returns
    -------
    float
        Exactly 0 where x or y is constant.

    Raises
    ------
    ValueError
        As in `joint_counts`; if the base is no base of a logarithm, or the correction unknown.

    References
    ----------
    Miller, "Note on the bias of information estimates", in Quastler (ed.), *Information Theory
    in Psychology* (1955); Paninski, "Estimation of entropy and mutual information", Neural
    Computation 15 (2003), section 4.1.

    Examples
    --------
    >>> binned_mutual_information([0.0, 0.1, 0.9, 1.0], [-1, -1, 1, 1], bins=2)
    1.0
    >>> binned_mutual_information(["a", "a", "b", "b"], [0, 1, 0, 1])
    0.0
    """
    log_base(base)
    corrected = one_of(correction, "correction", _CORRECTIONS) is not None
    return float(_estimate(joint_counts(x, y, bins=bins), base, corrected))


def permutation_null(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    /,
    *,
    bins: int | None = 20,
    n: int = 200,
    rng: np.random.Generator | int | None = None,
    base: float = 2,
    correction: str | None = None,
) -> FloatArray:
    """Return estimates of the mutual information for shuffled labels, where the truth is 0.

    What a shuffle can do to the table of counts is drawn from its law, a table with the same
    sums of rows and columns, so that the cost does not grow with the number of samples.

    Parameters
    ----------
    x : array_like, shape (m,)
        The feature, as in `joint_counts`.
    y : array_like, shape (m,)
        The labels, of any kind.
    bins : int or None, default 20
        How many intervals of equal width; `None` takes every value of x as it is.
    n : int, default 200
        How many shuffles.
    rng : numpy.random.Generator, int or None
        The generator or its seed; `None` takes fresh randomness.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.
    correction : {None, "miller-madow"}
        Whether the estimates are corrected.

    Returns
    -------
    ndarray, shape (n,)
        The estimates, in the order in which they were drawn.

    Raises
    ------
    ValueError
        As in `binned_mutual_information`; if `n` is no positive whole number.

    References
    ----------
    Patefield, "Algorithm AS 159: an efficient method of generating random R × C tables with given
    row and column totals", Applied Statistics 30 (1981).

    Examples
    --------
    >>> null = permutation_null([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1], bins=2, n=100, rng=1)
    >>> sorted({float(value) for value in null.round(12)})
    [0.0, 1.0]
    """
    from scipy.stats import random_table  # half a second, for nothing else in this package

    log_base(base)
    draws = whole_number(n, "n", at_least=1)
    corrected = one_of(correction, "correction", _CORRECTIONS) is not None
    counts = joint_counts(x, y, bins=bins)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if min(np.count_nonzero(rows), len(columns)) == 1:  # where SciPy 1.18 draws nonsense
        return np.zeros(draws)
    law = random_table(rows[rows > 0], columns, seed=np.random.default_rng(rng))
    at_once = max(1, _CELLS // counts.size)
    parts = [min(at_once, draws - done) for done in range(0, draws, at_once)]
    return np.concatenate([_estimate(law.rvs(part), base, corrected) for part in parts])


def _estimate(counts: IntArray, base: float, corrected: bool) -> float | FloatArray:
    """Return the plug-in estimate of each table of counts, corrected if asked."""
    table = counts.astype(np.float64)
    n = np.asarray(table.sum(axis=(-1, -2)))
    shared = _shared(table, base, n)
    if not corrected:
        return shared
    filled = np.count_nonzero(counts, axis=(-1, -2))
    rows, columns = (np.count_nonzero(counts.any(axis=axis), axis=-1) for axis in (-1, -2))
    return in_units(shared - (filled - rows - columns + 1) / (2 * n * log_base(base)))
