"""How often each token followed each context, as sorted arrays that are searched at once."""

from collections.abc import Iterator, Sequence

import numpy as np

from infocore._validate import FloatArray, IntArray


class Level:
    """Counts of the tokens after contexts of one length.

    An entry is a context with a token after it, and its place is the context of the next level.
    """

    def __init__(self, keys: IntArray, size: int, contexts: int) -> None:
        self._size = size
        found, counts = np.unique(keys, return_counts=True)
        self._keys = np.append(found, np.iinfo(np.int64).max)  # so that no search ends outside
        self._counts = np.append(counts, 0)  # and place -1, for none, counts 0
        self._seen = np.bincount(keys // size, minlength=contexts + 1)
        self._kinds = np.bincount(found // size, minlength=contexts + 1)

    def __len__(self) -> int:
        return len(self._keys) - 1

    def find(self, context: IntArray, codes: IntArray) -> IntArray:
        """Return the entries' places, -1 where there is none."""
        keys = context * self._size + codes
        place = np.searchsorted(self._keys, keys)
        return np.where((context >= 0) & (self._keys[place] == keys), place, -1)

    def mixed(self, p: FloatArray, context: IntArray, entry: IntArray) -> FloatArray:
        """Return what the shorter context's probabilities become with these counts."""
        seen, kinds = self._seen[context], self._kinds[context]
        mixture = (self._counts[entry] + kinds * p) / np.maximum(seen + kinds, 1)
        return np.where(seen > 0, mixture, p)

    def followers(self, context: int) -> IntArray:
        """Return the tokens seen after a context."""
        start, end = np.searchsorted(self._keys, [context * self._size, (context + 1) * self._size])
        return self._keys[start:end] % self._size if context >= 0 else self._keys[:0]


def counted(codes: IntArray, size: int, order: int) -> list[Level]:
    """Count what follows each context of up to order - 1 tokens."""
    levels: list[Level] = []
    context, contexts = np.zeros(len(codes), dtype=np.int64), 1
    for _ in range(order):
        known = context >= 0
        level = Level(context[known] * size + codes[known], size, contexts)
        levels.append(level)
        context, contexts = _next(level.find(context, codes)), len(level)
    return levels


def walk(levels: Sequence[Level], codes: IntArray) -> Iterator[tuple[Level, IntArray, IntArray]]:
    """Yield each level with the contexts and the entries of a text's tokens there."""
    context = np.zeros(len(codes), dtype=np.int64)
    for level in levels:
        entry = level.find(context, codes)
        yield level, context, entry
        context = _next(entry)


def _next(entry: IntArray) -> IntArray:
    """Return the contexts of the next level: the entries of the tokens before."""
    return np.concatenate([[-1], entry[:-1]])[: len(entry)]
