"""Cross-entropy on another scale: perplexity, and bits for each character or byte."""

import math

import numpy as np
import numpy.typing as npt

from infocore._pieces import total
from infocore._stable import in_units
from infocore._validate import FloatArray, last_axis, log_base, log_probabilities, losses, positive


def perplexity(
    log_probs: npt.ArrayLike, /, *, base: float = math.e, axis: int = -1
) -> float | FloatArray:
    """Return base**(-mean log-probability): that many equal choices would surprise as much.

    Parameters
    ----------
    log_probs : array_like, shape (..., n, ...)
        The log-probability that a model gave each of n tokens, along `axis`; -inf where it gave
        none.
    base : float, default math.e
        Base of the logarithm that `log_probs` are in: `math.e` for nats, 2 for bits.
    axis : int, default -1
        The axis of the tokens.

    Returns
    -------
    float or ndarray
        At least 1, in the shape of `log_probs` without `axis`; `inf` where a token had
        probability 0 or the true value exceeds the doubles.

    Raises
    ------
    ValueError
        If an entry is NaN or the logarithm of more than 1 (its position is named), there is no
        token, or the base is no base of a logarithm.

    References
    ----------
    Jurafsky and Martin, *Speech and Language Processing*, 3rd ed., section 3.3.

    Examples
    --------
    >>> perplexity([-2, -4], base=2)
    8.0
    >>> perplexity([-1, -float("inf")])
    inf
    """
    scale = log_base(base)
    log_probs = last_axis(log_probabilities(log_probs, "log_probs", scale), "log_probs", axis)
    return _exponential(-_mean(log_probs), base)


def perplexity_from_loss(loss: npt.ArrayLike, /, *, base: float = math.e) -> float | FloatArray:
    """Return base**loss, the perplexity of a mean loss per token.

    Parameters
    ----------
    loss : array_like
        Cross-entropy per token, as a training loop prints it; may be `inf`.
    base : float, default math.e
        Base of the loss's logarithm: `math.e` for nats, 2 for bits.

    Returns
    -------
    float or ndarray
        At least 1, in the shape of `loss`; `inf` where the true value exceeds the doubles.

    Raises
    ------
    ValueError
        If a loss is negative or NaN (its position is named), or the base is no base of a
        logarithm.

    References
    ----------
    Jurafsky and Martin, *Speech and Language Processing*, 3rd ed., section 3.7.

    Examples
    --------
    >>> perplexity_from_loss([0, 3.0, 10.8])
    array([1.00000000e+00, 2.00855369e+01, 4.90208011e+04])
    """
    return _exponential(losses(loss, "loss", log_base(base)), base)


def bits_per_unit(
    log_probs: npt.ArrayLike, units: npt.ArrayLike, /, *, base: float = math.e
) -> float | FloatArray:
    """Return the bits that a text costs for each of its characters or bytes.

    Unlike perplexity per token this may be compared across tokenisations of one text.

    Parameters
    ----------
    log_probs : array_like, shape (..., n)
        The log-probability that a model gave each of the text's n tokens, along the last axis.
    units : array_like
        How many characters, or bytes, the text has; broadcast against the other axes.
    base : float, default math.e
        Base of the logarithm that `log_probs` are in.

    Returns
    -------
    float or ndarray
        Bits for each unit; `inf` where a token had probability 0.

    Raises
    ------
    ValueError
        If an entry is NaN or the logarithm of more than 1 (its position is named), there is no
        token, a number of units is not positive and finite, the shapes do not broadcast, or the
        base is no base of a logarithm.

    References
    ----------
    Gao et al., *The Pile* (2020), section 3.1.

    Examples
    --------
    >>> bits_per_unit([-3, -5], 4, base=2)
    2.0
    """
    scale = log_base(base)
    log_probs = last_axis(log_probabilities(log_probs, "log_probs", scale), "log_probs", -1)
    units = positive(units, "units")
    try:
        shares = log_probs.shape[-1] / units
        nats = -_mean(log_probs) * shares
    except ValueError as error:
        shapes = f"shapes {log_probs.shape} and {units.shape}"
        raise ValueError(f"log_probs and units do not broadcast: {shapes}") from error
    return in_units(nats * (scale / math.log(2)))


def _mean(values: FloatArray) -> FloatArray:
    """Return means along the last axis, also where the sum exceeds the doubles."""
    count = values.shape[-1]
    with np.errstate(over="ignore"):
        means = np.asarray(total(values) / count)
    if np.isinf(means).any():
        means = total(values / count)
    return means


def _exponential(exponent: FloatArray, base: float) -> float | FloatArray:
    """Return the base to an exponent; e is the true one, which no double is."""
    powers = {math.e: np.exp, 2.0: np.exp2}
    with np.errstate(over="ignore"):
        power = powers.get(float(base), lambda values: np.power(float(base), values))
        return in_units(np.asarray(power(exponent)))
