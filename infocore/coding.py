"""Codes for the outcomes of a distribution, and how long they are."""

import heapq
import math

import numpy as np
import numpy.typing as npt

from infocore._stable import in_units
from infocore._validate import FloatArray, code_lengths, match_shapes, pmf, probabilities
from infocore.discrete import information_content


def ideal_code_lengths(p: npt.ArrayLike, /) -> float | FloatArray:
    """Return -log₂ p, the lengths in bits that an ideal code would give the outcomes.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], of any shape.

    Returns
    -------
    float or ndarray
        Lengths in bits, in the shape of `p`; `inf` where p is 0.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 5.3.

    Examples
    --------
    >>> ideal_code_lengths([0.5, 0.25, 0.25])
    array([1., 2., 2.])
    """
    return information_content(p)


def shannon_code_lengths(p: npt.ArrayLike, /) -> float | FloatArray:
    """Return ⌈-log₂ p⌉, the whole numbers of bits in Shannon's code.

    They come from the exponents of the doubles, so that no rounded logarithm decides on which
    side of a whole number they fall.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], of any shape.

    Returns
    -------
    float or ndarray
        Lengths in bits, in the shape of `p`; `inf` where p is 0.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1] or NaN.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 5.4.

    Examples
    --------
    >>> shannon_code_lengths([0.5, 0.3, 0.2])
    array([1., 2., 3.])
    """
    p = probabilities(p, "p")
    # p = m·2**e with ½ ≤ m < 1, thus -e < -log2(p) ≤ 1 - e.
    return in_units(np.where(p > 0, 1.0 - np.frexp(p)[1], np.inf))


def huffman_code(p: npt.ArrayLike, /) -> tuple[str | None, ...]:
    """Return an optimal prefix code, as canonical codewords of "0" and "1".

    Among equal weights the older wins, outcomes in their order before merged ones, so that the
    code is always the same and its longest word as short as an optimal code allows.

    Parameters
    ----------
    p : array_like, shape (n,)
        One distribution.

    Returns
    -------
    tuple of (str or None), length n
        The codeword of each outcome; None where p is 0, "" where the outcome is certain.

    Raises
    ------
    ValueError
        If `p` is no distribution or has more than one axis.

    References
    ----------
    Huffman, "A method for the construction of minimum-redundancy codes", Proceedings of the IRE
    40 (1952); Cover and Thomas, *Elements of Information Theory*, 2nd ed., section 5.6.

    Examples
    --------
    >>> huffman_code([0.25, 0.5, 0.25, 0])
    ('10', '0', '11', None)
    """
    p = pmf(p, "p")
    if p.ndim > 1:
        raise ValueError(f"p must be one distribution, got shape {p.shape}")
    support = np.flatnonzero(p).tolist()
    words = _canonical_words(_huffman_lengths(p[support].tolist()))
    code = dict(zip(support, words, strict=True))
    return tuple(code.get(outcome) for outcome in range(p.size))


def expected_length(p: npt.ArrayLike, lengths: npt.ArrayLike, /) -> float | FloatArray:
    """Return Σ p·length, the mean length of a code's words.

    Parameters
    ----------
    p : array_like, shape (..., n)
        Distributions along the last axis.
    lengths : array_like, shape (..., n)
        Code lengths, `inf` for an outcome without a codeword.

    Returns
    -------
    float or ndarray
        In the unit of `lengths`, with the broadcast shape without the last axis; `inf` where an
        outcome without a codeword can occur.

    Raises
    ------
    ValueError
        If `p` is no distribution, a length is negative or NaN, or the shapes do not broadcast.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., equation 5.1.

    Examples
    --------
    >>> expected_length([0.5, 0.25, 0.25, 0], [1, 2, 2, float("inf")])
    1.5
    """
    p, lengths = pmf(p, "p"), code_lengths(lengths, "lengths")
    match_shapes(p, lengths, ("p", "lengths"))
    return in_units(np.vecdot(p, np.where(p > 0, lengths, 0.0)))


def kraft_sum(lengths: npt.ArrayLike, /, *, axis: int = -1) -> float | FloatArray:
    """Return Σ 2**-length, which is at most 1 for every uniquely decodable code.

    For prefix codes that is Kraft's inequality, for all uniquely decodable ones McMillan's theorem.

    Parameters
    ----------
    lengths : array_like, shape (..., n, ...)
        Code lengths in bits along `axis`, `inf` for an outcome without a codeword.
    axis : int, default -1
        The axis of the outcomes.

    Returns
    -------
    float or ndarray
        The sums, correctly rounded, with the shape of `lengths` without `axis`.

    Raises
    ------
    ValueError
        If a length is negative or NaN, or there is none.

    References
    ----------
    Cover and Thomas, *Elements of Information Theory*, 2nd ed., theorems 5.2.1 (Kraft) and
    5.5.1 (McMillan).

    Examples
    --------
    >>> kraft_sum([1, 2, 3, 3])
    1.0
    """
    rows = code_lengths(lengths, "lengths", axis)
    flat = rows.reshape(-1, rows.shape[-1]).tolist()
    sums = [math.fsum(2.0**-length for length in row) for row in flat]
    return in_units(np.reshape(sums, rows.shape[:-1]))


def _huffman_lengths(weights: list[float]) -> list[int]:
    """Return the depth of every leaf of the tree; its nodes are numbered in order of age."""
    heap = [(weight, leaf) for leaf, weight in enumerate(weights)]
    heapq.heapify(heap)
    nodes = 2 * len(weights) - 1
    parent = [0] * nodes
    for node in range(len(weights), nodes):
        (light, left), (heavy, right) = heapq.heappop(heap), heapq.heappop(heap)
        parent[left] = parent[right] = node
        heapq.heappush(heap, (light + heavy, node))
    depth = [0] * nodes
    for node in range(nodes - 2, -1, -1):
        depth[node] = depth[parent[node]] + 1
    return depth[: len(weights)]


def _canonical_words(lengths: list[int]) -> list[str]:
    """Return codewords numbered upwards in order of length, then of outcome."""
    words = [""] * len(lengths)
    number = previous = 0
    for outcome in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[outcome]
        number <<= length - previous
        words[outcome] = f"{number:0{length}b}" if length else ""
        number, previous = number + 1, length
    return words
