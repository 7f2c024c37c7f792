"""Tokens, and n-gram models that say how likely each is after those before it."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain

import numpy as np

from infocore._counts import Level, counted, walk
from infocore._validate import FloatArray, IntArray, log_base, refuse_masked, shown, whole_number

UNKNOWN = "<unk>"

# A word takes the blank before it along, as most tokenisers of language models have it.
_WORD = re.compile(r" ?\w+(?:['’]\w+)?| ?[^\w\s]|\s+")
_END = ""  # of a word that is spelled; always known, so that no spelling ends for nothing
_CODE_POINTS = 0x110000 - 0x800  # the characters that Unicode can name


def word_tokens(text: str, /) -> list[str]:
    """Split a text into words and signs, each with the single blank before it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Tokens that, joined, are the text again.

    Raises
    ------
    ValueError
        If `text` is no string.

    References
    ----------
    Radford et al., *Language Models are Unsupervised Multitask Learners* (2019), section 2.2,
    whose tokens carry the blank before them too.

    Examples
    --------
    >>> word_tokens("It's here, now.")
    ["It's", ' here', ',', ' now', '.']
    """
    return _WORD.findall(_string(text, "text"))


def character_tokens(text: str, /) -> list[str]:
    """Split a text into its characters.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        One token a code point.

    Raises
    ------
    ValueError
        If `text` is no string.

    References
    ----------
    The Unicode Standard, section 3.4.

    Examples
    --------
    >>> character_tokens("été")
    ['é', 't', 'é']
    """
    return list(_string(text, "text"))


def _string(text: str, name: str) -> str:
    if not isinstance(text, str):
        raise ValueError(f"{name} must be a string, got {shown(text)}")
    return text


class NGram:
    """An interpolated n-gram model of a text, smoothed as Witten and Bell do.

    After a context h that was followed N(h) times, by T(h) different tokens, token w has
    probability (c(h, w) + T(h)·P(w | h')) / (N(h) + T(h)), where h' is the context without its
    first token: the more often a context was followed by something new, the less its own counts
    are trusted. Below the unigrams stands the uniform distribution over the vocabulary, so every
    conditional distribution is positive and sums to 1. Where no context was seen, as before the
    first token, the shorter one decides.

    Tokens that were seen at most `cutoff` times count as one, ``<unk>``; an empty one is known
    as soon as it was seen. A text's log-probability
    includes what it costs to spell them, character by character, so that it is one of the text
    itself and bits per character may be compared between tokenisations.

    Parameters
    ----------
    tokens : iterable of str
        The text to learn from, at least one token; a list, a generator, an array, a pandas Series.
    order : int, default 3
        The longest sequence that is counted: 1 for unigrams, 2 for bigrams, 3 for trigrams.
    cutoff : int, default 1
        How often a token may stand in the text and still be unknown.

    Raises
    ------
    ValueError
        If there is no token, or a masked one or one that is no string (its position is named),
        `order` is no whole number of at least 1, or `cutoff` none of at least 0.

    References
    ----------
    Chen and Goodman, *An empirical study of smoothing techniques for language modeling* (1999),
    section 2.4; Witten and Bell (1991), method C.

    Examples
    --------
    >>> model = NGram("a rose is a rose is a rose".split(), cutoff=0)
    >>> model.vocabulary
    ('<unk>', 'a', 'rose', 'is')
    >>> [(token, round(p, 4)) for token, p in model.alternatives(["is", "a"], n=2)]
    [('rose', 0.9451), ('a', 0.0284)]
    """

    def __init__(self, tokens: Iterable[str], /, *, order: int = 3, cutoff: int = 1) -> None:
        order = whole_number(order, "order", at_least=1)
        cutoff = whole_number(cutoff, "cutoff", at_least=0)
        tokens = _listed(tokens, "tokens")
        if not tokens:
            raise ValueError("tokens must hold at least one token, got none")
        counts = Counter(tokens)
        known = [token for token, count in counts.items() if count > cutoff or token == _END]
        self.vocabulary: tuple[str, ...] = (UNKNOWN, *(one for one in known if one != UNKNOWN))
        self._code = {token: code for code, token in enumerate(self.vocabulary)}
        self._levels = counted(self._codes(tokens), len(self.vocabulary), order)
        self._likely = np.argsort(-self.probabilities((), order=1), stable=True)
        spelled = any(len(token) > 1 for token in counts if token != UNKNOWN)
        letters = chain.from_iterable((*token, _END) for token in counts)
        self._spelling = NGram(letters, order=2) if spelled else None

    @property
    def order(self) -> int:
        """The longest sequence that was counted."""
        return len(self._levels)

    def log_probs(
        self, tokens: Iterable[str], /, *, order: int | None = None, base: float = math.e
    ) -> FloatArray:
        """Return the log-probability of each token after those before it.

        Parameters
        ----------
        tokens : iterable of str, length n
            A text's tokens; the first is taken without a context.
        order : int, optional
            How many tokens a context and its token are at most: 0 for the uniform distribution,
            1 for unigrams; by default the model's own.
        base : float, default math.e
            Base of the logarithm: `math.e` gives nats, 2 bits.

        Returns
        -------
        ndarray, shape (n,)
            Finite log-probabilities; that of an unknown token includes its spelling. The
            probabilities of all strings that could stand at a place add up to at most 1.

        Raises
        ------
        ValueError
            If a token is masked or no string, `order` is not between 0 and the model's, or the base
            is no base of a logarithm.

        Examples
        --------
        >>> model = NGram("a rose is a rose is a rose".split(), cutoff=0)
        >>> model.log_probs(["a", "rose"], order=0, base=2)
        array([-2., -2.])
        """
        scale, tokens = log_base(base), _listed(tokens, "tokens")
        codes = self._codes(tokens)
        p = np.full(len(codes), 1 / len(self.vocabulary))
        for level, context, entry in walk(self._levels[: self._checked(order)], codes):
            p = level.mixed(p, context, entry)
        nats = np.log(p)
        unknown = [i for i, token in enumerate(tokens) if codes[i] == 0 and token != UNKNOWN]
        nats[unknown] += self._spelled([tokens[i] for i in unknown])
        return nats / scale

    def probabilities(self, context: Iterable[str], /, *, order: int | None = None) -> FloatArray:
        """Return the distribution of the token after a context.

        Parameters
        ----------
        context : iterable of str
            The tokens before, of which the last `order` - 1 count.
        order : int, optional
            As in `log_probs`.

        Returns
        -------
        ndarray, shape (size of the vocabulary,)
            Probabilities that sum to 1, in the order of the vocabulary.

        Raises
        ------
        ValueError
            If a token is masked or no string, or `order` is not between 0 and the model's.

        Examples
        --------
        >>> NGram("aab", cutoff=0).probabilities("a", order=0)
        array([0.33333333, 0.33333333, 0.33333333])
        """
        everything = np.arange(len(self.vocabulary))
        return self._after(self._contexts(context, self._checked(order)), everything)

    def alternatives(
        self, context: Iterable[str], /, *, order: int | None = None, n: int = 5
    ) -> list[tuple[str, float]]:
        """Return the likeliest tokens after a context, likeliest first.

        Parameters
        ----------
        context : iterable of str
            The tokens before, of which the last `order` - 1 count.
        order : int, optional
            As in `log_probs`.
        n : int, default 5
            How many tokens.

        Returns
        -------
        list of (str, float)
            Tokens and their probabilities; of equally likely ones those seen earlier come first.

        Raises
        ------
        ValueError
            If a token is masked or no string, `order` is not between 0 and the model's, or `n` is
            no whole number of at least 0.

        Examples
        --------
        >>> NGram("aab", cutoff=0).alternatives("", n=2)
        [('a', 0.5), ('b', 0.3333333333333333)]
        """
        n, contexts = (
            whole_number(n, "n", at_least=0),
            self._contexts(context, self._checked(order)),
        )
        likely = self._likely if contexts else np.arange(len(self.vocabulary))
        followers = [level.followers(at) for level, at in contexts[1:]]
        candidates = np.unique(np.concatenate([likely[:n], *followers]))
        p = self._after(contexts, candidates)
        best = np.argsort(-p, stable=True)[:n]
        return [(self.vocabulary[candidates[i]], float(p[i])) for i in best]

    def knows(self, token: str, /) -> bool:
        """Return whether a token, a string, is in the vocabulary."""
        return _string(token, "token") in self._code

    def _checked(self, order: int | None) -> int:
        order = self.order if order is None else whole_number(order, "order", at_least=0)
        if order > self.order:
            raise ValueError(f"order must be 0 to {self.order}, got {order}")
        return order

    def _codes(self, tokens: list[str]) -> IntArray:
        return np.array([self._code.get(token, 0) for token in tokens], dtype=np.int64)

    def _contexts(self, context: Iterable[str], order: int) -> list[tuple[Level, int]]:
        """Return each level that an order uses, with the place of the context there."""
        levels, codes = self._levels[:order], self._codes(_listed(context, "context")[-order:])
        entries = [entry for *_, entry in walk(levels, codes)] if len(codes) else []
        return list(zip(levels, [0, *(int(entry[-1]) for entry in entries)], strict=False))

    def _after(self, contexts: list[tuple[Level, int]], codes: IntArray) -> FloatArray:
        """Return the probabilities of some codes after a context."""
        p = np.full(len(codes), 1 / len(self.vocabulary))
        for level, place in contexts:
            context = np.full(len(codes), place)
            p = level.mixed(p, context, level.find(context, codes))
        return p

    def _spelled(self, tokens: list[str]) -> FloatArray:
        """Return the log-probability of the characters of each unknown token, in nats."""
        if self._spelling is None:
            return np.array([-_symbols(token) * math.log(_CODE_POINTS + 1) for token in tokens])
        lengths = np.array([len(token) + 1 for token in tokens], dtype=np.int64)
        letters = [_END, *chain.from_iterable((*token, _END) for token in tokens)]
        nats = self._spelling.log_probs(letters)[1:]
        return np.add.reduceat(nats, np.cumsum(lengths) - lengths) if tokens else nats


def _listed(tokens: Iterable[str], name: str) -> list[str]:
    """Return tokens as a list, which may be read more than once and knows no labels of its own."""
    refuse_masked(tokens, name)
    try:
        each = iter(tokens)
    except TypeError as error:
        raise ValueError(f"{name} must be several strings, got {shown(tokens)}") from error
    listed = list(each)
    try:
        "".join(listed)  # the fastest look at all
    except TypeError:
        place = next(i for i, token in enumerate(listed) if not isinstance(token, str))
        found = f"{shown(listed[place])} at position {place}"
        raise ValueError(f"{name} must be strings, got {found}") from None
    return listed


def _symbols(token: str) -> int:
    """Return how many symbols, characters or one more that is none, spell what no model knows.

    One character stands for itself; anything else follows the one more, and ends with it.
    """
    return 1 if len(token) == 1 else len(token) + 2
