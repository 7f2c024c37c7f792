"""What three variables or more share, and mutual information as a share of the entropies."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from infocore._doubled import doubled_sum, product
from infocore._stable import CLEAR, divergence_terms, in_units, shared_information
from infocore._validate import FloatArray, joint_pmf, log_base, one_of, real_array
from infocore.dependence import remaining_entropy

_SAFE = 1e-250
_AVERAGES: dict[str, Callable[..., FloatArray]] = {
    "arithmetic": lambda x, y: 0.5 * (x + y),
    "geometric": lambda x, y: np.sqrt(x) * np.sqrt(y),
    "min": np.minimum,
    "max": np.maximum,
}


def conditional_mutual_information(
    joint: npt.ArrayLike, /, *, base: float = 2
) -> float | FloatArray:
    """Return the conditional mutual information I(X;Y|Z) of a table of three variables.

    It is what X and Y share once Z is known, on average over Z; it may be more than what they
    share when it is not.

    Parameters
    ----------
    joint : array_like, shape (..., n, m, k)
        Probabilities of X, Y and Z along the last three axes; each table sums to 1. For several
        variables as one, reshape their axes to one.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float or ndarray
        The shape of `joint` without its last three axes; exactly 0 where X or Y is certain given
        any Z.

    Raises
    ------
    ValueError
        If `joint` has fewer than three axes, holds a negative, NaN or infinite entry, or does not
        sum to 1; if the base is no base of a logarithm.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., equation 2.61.

    Examples
    --------
    >>> parity = [[[0.25, 0], [0, 0.25]], [[0, 0.25], [0.25, 0]]]
    >>> conditional_mutual_information(parity)
    1.0
    """
    scale, table = log_base(base), joint_pmf(joint, "joint", "XYZ")
    slices = np.moveaxis(table, -1, -3)
    possible = slices.any(axis=(-1, -2))
    nats = np.zeros(possible.shape)
    nats[possible] = shared_information(slices[possible])[0]
    return in_units(nats.sum(axis=-1), scale)


def total_correlation(joint: npt.ArrayLike, /, *, base: float = 2) -> float:
    """Return the total correlation Σ H(X_i) - H(X_1, …, X_n) of a table of n variables.

    It is the KL divergence of the table from the product of all its marginals, and of two
    variables their mutual information. It is summed as I(X_1;X_2) + I(X_1,X_2;X_3) + …, each part
    of which is at least 0; near independence the differences from the product are taken with twice
    the digits of a double, as in `mutual_information`.

    Parameters
    ----------
    joint : array_like, of two axes or more
        Probabilities that sum to 1; every axis is a variable.
    base : float, default 2
        Base of the logarithm: 2 gives bits, `math.e` nats.

    Returns
    -------
    float
        Exactly 0 where all variables but one are certain.

    Raises
    ------
    ValueError
        If `joint` has fewer than two axes, holds a negative, NaN or infinite entry, or does not
        sum to 1; if the base is no base of a logarithm.

    References
    ----------
    Watanabe, "Information theoretical analysis of multivariate correlation", IBM Journal of
    Research and Development 4 (1960).

    Examples
    --------
    >>> parity = [[[0.25, 0], [0, 0.25]], [[0, 0.25], [0.25, 0]]]
    >>> total_correlation(parity)
    1.0
    """
    scale, axes = log_base(base), real_array(joint, "joint").ndim
    table = joint_pmf(joint, "joint", "XY".ljust(axes, "Z"))
    nats, rest = 0.0, table
    while rest.ndim > 1:
        nats += float(shared_information(rest.reshape(-1, rest.shape[-1]))[0])
        rest = rest.sum(axis=-1)
    return float(in_units(_near_independence(table, nats) if nats < CLEAR else nats, scale))


def normalized_mutual_information(
    joint: npt.ArrayLike, /, *, average: str = "arithmetic"
) -> float | FloatArray:
    """Return the mutual information of a table as a share of an average of H(X) and H(Y).

    Parameters
    ----------
    joint : array_like, shape (..., n, m)
        Probabilities, rows X and columns Y; each table sums to 1.
    average : {"arithmetic", "geometric", "min", "max"}
        By which average of both entropies I(X;Y) is divided.

    Returns
    -------
    float or ndarray
        Between 0 and 1, in the shape of `joint` without its last two axes. Where both variables
        are certain it is 1, where only one is 0, as in scikit-learn.

    Raises
    ------
    ValueError
        If `joint` has fewer than two axes, holds a negative, NaN or infinite entry, or does not
        sum to 1; if the average is not one of the four.

    References
    ----------
    Vinh, Epps and Bailey, "Information theoretic measures for clusterings comparison", Journal of
    Machine Learning Research 11 (2010), table 2; scikit-learn's `normalized_mutual_info_score`.

    Examples
    --------
    >>> normalized_mutual_information([[0.5, 0], [0, 0.5]])
    1.0
    >>> normalized_mutual_information([[0.5, 0], [0.25, 0.25]], average="min") > 0.3
    True
    """
    table = joint_pmf(joint, "joint")
    one_of(average, "average", tuple(_AVERAGES))
    nats, *sides = shared_information(table)
    # As tables of one row: that keeps the digits of a variable that is nearly certain.
    entropies = [remaining_entropy(side[..., np.newaxis, :]) for side in sides]
    whole = _AVERAGES[average](*entropies)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(nats / whole, 1.0)  # which rounding may exceed
    share = np.where(nats > 0, share, 0.0)
    certain = [np.count_nonzero(side, axis=-1) == 1 for side in sides]
    return in_units(np.where(certain[0] & certain[1], 1.0, share))


def _near_independence(table: FloatArray, nats: float) -> float:
    """Return a total correlation of about so many nats, from what each cell exceeds the product by.

    Where products are too small to be taken with twice the digits, it stays as it is.
    """
    sides = [
        doubled_sum(np.moveaxis(table, k, 0).reshape(n, -1)) for k, n in enumerate(table.shape)
    ]
    total, beyond = doubled_sum(sides[0][0])
    whole = total, beyond + sides[0][1].sum()
    seen, expected = (table, np.zeros_like(table)), sides[0]
    for side in sides[1:]:
        expected = product((expected[0][..., None], expected[1][..., None]), side)
        seen = product(seen, whole)
    excess = (seen[0] - expected[0]) + (seen[1] - expected[1])
    unit = total ** (table.ndim - 1)
    if nats == 0 or expected[0].min(where=table > 0, initial=1.0) < _SAFE:
        return nats
    return float(divergence_terms(table, expected[0] / unit, excess / unit).sum())
