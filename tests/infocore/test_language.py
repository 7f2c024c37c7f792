"""n-gram models: distributions, agreement with NLTK, held-out text, and the cost of a text."""

import math
import re
import timeit
from itertools import pairwise, product
from pydoc_data.topics import topics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.lm import Lidstone, Vocabulary, WittenBellInterpolated
from nltk.util import everygrams

from infocore import NGram, bits_per_unit, character_tokens, perplexity, word_tokens

TEXT = " ".join(" ".join(topics.values()).split())
CUT = int(0.9 * len(TEXT))
ORDERS = range(4)

words = st.lists(st.sampled_from(["a", "bb", "c", "dd", " e", "<unk>", "été"]), max_size=40)
some_words = words.filter(bool)


@pytest.fixture(scope="module")
def model():
    """Return a trigram model of the first nine tenths of Python's help topics."""
    return NGram(word_tokens(TEXT[:CUT]))


# Tokens


@given(st.text())
def test_tokens_joined_are_the_text(text):
    assert "".join(word_tokens(text)) == "".join(character_tokens(text)) == text


def test_words_keep_the_blank_before_them_and_signs_stand_alone():
    assert word_tokens('x_1 = "naïve"  \n(don’t)') == [
        *("x_1", " =", ' "', "naïve", '"', "  \n", "(", "don’t", ")"),
    ]


@pytest.mark.parametrize("tokenize", [word_tokens, character_tokens])
def test_what_is_no_text_has_no_tokens(tokenize):
    assert tokenize("") == []
    for other in (5, b"a text", None):
        with pytest.raises(ValueError, match=rf"text must be a string, got {other!r}"):
            tokenize(other)


# Distributions


@given(some_words, words, st.integers(0, 2))
def test_every_conditional_distribution_is_positive_and_sums_to_one(tokens, context, cutoff):
    model = NGram(tokens, cutoff=cutoff)
    for order in ORDERS:
        p = model.probabilities(context, order=order)
        assert p.shape == (len(model.vocabulary),)
        assert p.min() > 0
        assert math.fsum(p) == pytest.approx(1, abs=1e-14)


@given(some_words, words)
def test_a_texts_probabilities_are_those_of_the_distributions(tokens, text):
    model = NGram(tokens, cutoff=0)
    known = [token for token in text if model.knows(token)]
    for order in ORDERS:
        got = model.log_probs(known, order=order)
        for place, token in enumerate(known):
            p = model.probabilities(known[:place], order=order)
            assert got[place] == np.log(p[model.vocabulary.index(token)])


@given(some_words, words, st.integers(1, 9))
def test_alternatives_are_the_largest_of_the_distribution(tokens, context, n):
    model = NGram(tokens)
    for order in ORDERS:
        found = model.alternatives(context, order=order, n=n)
        p = model.probabilities(context, order=order)
        best = np.argsort(-p, stable=True)[:n]
        assert found == [(model.vocabulary[i], p[i]) for i in best]


def test_by_hand_a_rose_follows_is_a():
    model = NGram(["a", "rose", "is", "a", "rose", "is", "a", "rose"], cutoff=0)
    unigram = (3 + 3 / 4) / (8 + 3)  # 8 tokens, 3 kinds; 4 in the vocabulary with <unk>
    bigram = (3 + unigram) / (3 + 1)
    assert model.alternatives(["is", "a"], n=1) == [("rose", pytest.approx((2 + bigram) / 3))]
    assert model.log_probs(["is", "a", "rose"], order=2)[2] == pytest.approx(math.log(bigram))


# The same estimator in NLTK


def nltk_models(tokens, order):
    """Return NLTK's Witten–Bell model, on top of its Lidstone unigrams, as ours end in uniform."""
    vocabulary = Vocabulary(tokens, unk_cutoff=2, unk_label="<unk>")
    seen = list(vocabulary.lookup(tokens))
    grams = [list(everygrams(seen, max_len=order))]
    gamma = len(set(seen)) / len(vocabulary)
    unigrams = Lidstone(gamma, 1, vocabulary=vocabulary)
    unigrams.fit([[(token,) for token in seen]])
    model = WittenBellInterpolated(order, vocabulary=vocabulary)
    model.fit(grams)
    model.estimator.unigram_score = unigrams.score
    return unigrams, model


@pytest.mark.parametrize("order", [1, 2, 3])
def test_probabilities_are_nltks(order):
    train, held_out = word_tokens(TEXT[:20_000]), word_tokens(TEXT[20_000:23_000])
    ours = NGram(train, order=order)
    unigrams, theirs = nltk_models(train, order)
    assert set(theirs.vocab) == set(ours.vocabulary)
    text = [token if ours.knows(token) else "<unk>" for token in held_out]
    got = ours.log_probs(text, base=2)
    for place, token in enumerate(text):
        context = tuple(text[max(0, place - order + 1) : place])
        want = theirs.logscore(token, context) if order > 1 else unigrams.logscore(token)
        assert got[place] == pytest.approx(want, rel=1e-12)


# Held-out text


@pytest.mark.parametrize("tokenize", [word_tokens, character_tokens])
def test_on_held_out_text_more_context_is_better(tokenize):
    model, text = NGram(tokenize(TEXT[:CUT])), tokenize(TEXT[CUT:])
    bits = [bits_per_unit(model.log_probs(text, order=o), len(TEXT) - CUT) for o in ORDERS]
    assert all(longer < 0.99 * shorter for shorter, longer in pairwise(bits))


def test_the_cost_of_a_text_grows_with_its_length_and_no_faster(model):
    text = word_tokens(TEXT[CUT:])[:8000]

    def seconds(length):
        return min(timeit.repeat(lambda: model.log_probs(text[:length]), number=1, repeat=7))

    assert seconds(8000) < 24 * seconds(1000)


def test_uniform_perplexity_is_the_size_of_the_vocabulary(model):
    known = [token for token in word_tokens(TEXT[CUT:]) if model.knows(token)]
    size = len(model.vocabulary)
    assert perplexity(model.log_probs(known, order=0)) == pytest.approx(size, rel=1e-12)


# Unknown tokens


def test_an_unknown_word_costs_its_place_and_its_spelling(model):
    alone = model.log_probs(["<unk>"])[0]
    short, long = model.log_probs([" zq"], order=1)[0], model.log_probs([" zqzq"], order=1)[0]
    assert long < short < alone
    assert math.isfinite(model.log_probs(["\u2603\u2603"])[0])


def test_spellings_are_a_distribution_over_strings():
    model = NGram(["ab", "ba", "ab", "ba", "c"])
    letters = ("a", "b", "c", "d")
    strings = [a + b for a in letters for b in ("", *letters)]
    unknown = [s for s in strings if not model.knows(s)]
    inside = sum(np.exp(model.log_probs([s], order=1)[0]) for s in unknown)
    assert 0.1 < inside / np.exp(model.log_probs(["<unk>"], order=1)[0]) < 1


def test_an_unknown_character_is_any_that_unicode_can_name():
    model = NGram("abcabc")
    rest = model.log_probs(["<unk>"], order=1)[0]
    # 1 112 064 characters, and one more symbol for what is not one character.
    want = rest - math.log(1_112_065)
    assert model.log_probs(["é"], order=1)[0] == pytest.approx(want, rel=1e-15)


def mass(model, known, length):
    """Return the probability of all strings of up to so many characters, at order 0.

    Those that are not known stand for all others that Unicode can name.
    """
    others = 1_112_064 - len(known)
    alphabet = [(letter, 1) for letter in known] + [("\u2603", others)]
    strings = [("", 1)]
    for size in range(1, length + 1):
        made = product(alphabet, repeat=size)
        strings += [("".join(c for c, _ in s), math.prod(n for _, n in s)) for s in made]
    return sum(times * np.exp(model.log_probs([s], order=0)[0]) for s, times in strings)


def test_no_model_gives_all_strings_together_more_than_one():
    # Where "" costs nothing once "<unk>" is paid, these are 3.1 and 4.
    assert 0.6 < mass(NGram(["hello"]), "helo", 4) < 1
    assert 0.99999 < mass(NGram("ab", cutoff=1), "ab", 3) < 1


# What tokens come in


def test_tokens_may_come_in_anything_that_can_be_read_once(model):
    tokens = word_tokens("Names and strings; objects, and names.")
    want = model.log_probs(tokens)
    series = pd.Series(tokens, index=range(7, 7 + len(tokens)))
    for given_ in (tuple(tokens), iter(tokens), np.array(tokens, dtype=object), series):
        np.testing.assert_array_equal(model.log_probs(given_), want)
    for given_ in (iter(tokens), series):
        assert model.alternatives(given_, n=3) == model.alternatives(tokens, n=3)
    assert NGram(series, cutoff=0).vocabulary == NGram(tokens, cutoff=0).vocabulary


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ([1, 2], "{} must be strings, got 1 at position 0"),
        (["a", None], "{} must be strings, got None at position 1"),
        (["the", 3], "{} must be strings, got 3 at position 1"),
        (["a", math.nan], "{} must be strings, got nan at position 1"),
        (["a", ["b"]], r"{} must be strings, got \['b'\] at position 1"),
        (b"ab", "{} must be strings, got 97 at position 0"),
        (iter(["a", b"b"]), "{} must be strings, got b'b' at position 1"),
        (np.array(["a", None]), "{} must be strings, got None at position 1"),
        (5, "{} must be several strings, got 5"),
        (None, "{} must be several strings, got None"),
        (np.array("a"), "{} must be several strings, got array"),
    ],
)
def test_what_is_no_list_of_strings_is_refused(model, tokens, told):
    kept = list(tokens) if hasattr(tokens, "__next__") else tokens
    for name, ask in (
        ("tokens", NGram),
        ("tokens", model.log_probs),
        ("context", model.probabilities),
        ("context", model.alternatives),
    ):
        with pytest.raises(ValueError, match=f"^{told.format(name)}"):
            ask(iter(kept) if kept is not tokens else tokens)


@pytest.mark.parametrize("token", [3, None, ["a"], b"a"])
def test_what_is_no_string_is_neither_known_nor_unknown(model, token):
    with pytest.raises(ValueError, match=f"^token must be a string, got {re.escape(repr(token))}"):
        model.knows(token)


def test_a_masked_token_is_refused(model):
    tokens = np.ma.array(["a", "b"], mask=[False, True])
    for ask in (NGram, model.log_probs, model.probabilities):
        with pytest.raises(ValueError, match="must have no masked entry, got one at 1"):
            ask(tokens)


@given(st.text(max_size=60))
def test_any_text_has_a_finite_cost(text):
    model = NGram(word_tokens("a text, and a text again; a text"))
    assert np.isfinite(model.log_probs(word_tokens(text))).all()


def test_a_text_without_repetition_leaves_only_the_unknown():
    model = NGram(["one", "two"])
    assert model.vocabulary == ("<unk>",)
    assert model.alternatives(["one"]) == [("<unk>", 1.0)]


# Refusals


@pytest.mark.parametrize(
    ("tokens", "options", "told"),
    [([], {}, "at least one token, got none"),
     ("a", {"order": 0}, "order must be a whole number of at least 1, got 0"),
     ("a", {"order": 2.5}, "order must be a whole number of at least 1, got 2.5"),
     ("a", {"order": True}, "order must be a whole number of at least 1, got True"),
     ("a", {"cutoff": -1}, "cutoff must be a whole number of at least 0, got -1"),
     ("a", {"cutoff": math.nan}, "cutoff must be a whole number of at least 0, got nan")],
)  # fmt: skip
def test_what_cannot_be_learned_is_refused(tokens, options, told):
    with pytest.raises(ValueError, match=told):
        NGram(tokens, **options)


@pytest.mark.parametrize(
    ("order", "must"),
    [(4, "0 to 3"), (-1, "a whole number of at least 0"), (1.5, "a whole number of at least 0")],
)
def test_an_order_that_was_not_counted_is_refused(model, order, must):
    told = re.escape(f"order must be {must}, got {order}")
    for ask in (model.log_probs, model.probabilities, model.alternatives):
        with pytest.raises(ValueError, match=told):
            ask(["a"], order=order)


def test_there_are_no_alternatives_less_than_none(model):
    assert model.alternatives(["a"], n=0) == []
    with pytest.raises(ValueError, match="n must be a whole number of at least 0, got -1"):
        model.alternatives(["a"], n=-1)
