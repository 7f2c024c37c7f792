"""Codes: Huffman's, Shannon's and the ideal one."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infocore import (
    entropy,
    expected_length,
    huffman_code,
    ideal_code_lengths,
    kraft_sum,
    shannon_code_lengths,
)

ULP = np.finfo(float).eps


@st.composite
def distributions(draw):
    n = draw(st.integers(1, 12))
    weights = np.array(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    weights[0] += 0.01
    weights **= draw(st.sampled_from([1, 4, 40]))
    return weights / weights.sum()


@st.composite
def dyadic_distributions(draw):
    """Split an outcome in two halves, again and again."""
    lengths = [0]
    for _ in range(draw(st.integers(1, 30))):
        split = lengths.pop(draw(st.integers(0, len(lengths) - 1)))
        lengths += [split + 1, split + 1]
    return 2.0 ** -np.array(draw(st.permutations(lengths)))


def word_lengths(code):
    return [math.inf if word is None else len(word) for word in code]


def is_prefix_free(words):
    ordered = sorted(words)
    return not any(b.startswith(a) for a, b in itertools.pairwise(ordered))


def test_huffman_code_of_a_textbook_example():
    # Cover and Thomas, 2nd ed., example 5.6.1: lengths 2, 2, 2, 3, 3 and 2.3 bits on average.
    p = [0.25, 0.25, 0.2, 0.15, 0.15]
    code = huffman_code(p)
    assert code == ("00", "01", "10", "110", "111")
    assert expected_length(p, word_lengths(code)) == pytest.approx(2.3, rel=1e-15)


def test_among_codes_of_equal_mean_the_one_with_the_shortest_longest_word_is_taken():
    # Lengths 1, 2, 3, 4, 4 would have the same mean, 2.2 bits.
    assert word_lengths(huffman_code([0.4, 0.2, 0.2, 0.1, 0.1])) == [2, 2, 2, 3, 3]


def test_equal_probabilities_always_get_the_same_codewords():
    assert huffman_code([0.25] * 4) == ("00", "01", "10", "11")


def test_a_certain_outcome_needs_no_bits_and_an_impossible_one_has_no_codeword():
    assert huffman_code([1]) == ("",)
    assert huffman_code([0, 1, 0]) == (None, "", None)
    assert huffman_code([0.5, 0, 0.5]) == ("0", None, "1")


def test_the_longest_codewords_that_doubles_can_need():
    p = [2.0**-k for k in (*range(1, 1075), 1074)]
    lengths = word_lengths(huffman_code(p))
    assert lengths == [*range(1, 1075), 1074]
    assert kraft_sum(lengths) == 1


def test_shannon_lengths_come_from_the_exponent():
    quarter = np.array([np.nextafter(0.25, 0), 0.25, np.nextafter(0.25, 1)])
    assert shannon_code_lengths(quarter).tolist() == [3, 2, 2]
    assert shannon_code_lengths([1, 0.5, 0.3, 5e-324, 0]).tolist() == [0, 1, 2, 1074, math.inf]


def test_shannon_lengths_satisfy_kraft_just_below_a_power_of_two():
    below = np.nextafter(0.25, 0)
    p = [below, 0.25, 0.25, 1 - 0.5 - below]
    assert kraft_sum(shannon_code_lengths(p)) <= 1


def test_ideal_lengths_are_whole_for_dyadic_probabilities():
    assert ideal_code_lengths([1, 0.5, 0.125, 5e-324, 0]).tolist() == [0, 1, 3, 1074, math.inf]


def test_one_probability_gives_a_python_float():
    assert type(ideal_code_lengths(0.5)) is type(shannon_code_lengths(0.5)) is float
    assert math.copysign(1, shannon_code_lengths(1)) == 1


def test_an_outcome_without_a_codeword_costs_nothing_unless_it_can_occur():
    assert expected_length([1, 0], [3, math.inf]) == 3
    assert expected_length([0.5, 0.5], [3, math.inf]) == math.inf


def test_expected_length_and_kraft_sum_work_on_stacks():
    lengths = [[1, 2, 2], [1, 1, math.inf], [0, 2000, 2000]]
    assert kraft_sum(lengths).tolist() == [1, 1, 1]
    assert kraft_sum(np.transpose(lengths), axis=0).tolist() == [1, 1, 1]
    assert kraft_sum([[1, 2], [1, 2]], axis=0).tolist() == [1, 0.5]
    assert expected_length([0.5, 0.5, 0], lengths).tolist() == [1.5, 1, 1000]


def test_no_codes_have_no_kraft_sums():
    assert kraft_sum(np.zeros((0, 3))).shape == (0,)


def test_kraft_sum_is_correctly_rounded():
    # 2**-53 + 2**-53 are lost one by one beside 1.
    assert kraft_sum([0, 53, 53]) == 1 + 2.0**-52


@given(distributions())
def test_huffman_codes_are_prefix_free_complete_and_within_a_bit_of_entropy(p):
    code = huffman_code(p)
    assert [word is None for word in code] == (p == 0).tolist()
    words = [word for word in code if word is not None]
    assert is_prefix_free(words)
    assert kraft_sum(word_lengths(code)) == 1
    mean = expected_length(p, word_lengths(code))
    slack = 4 * ULP * len(p) * max(1, mean)
    assert entropy(p) - slack <= mean < entropy(p) + 1 + slack


@given(dyadic_distributions())
def test_huffman_codes_reach_the_entropy_of_dyadic_distributions(p):
    lengths = word_lengths(huffman_code(p))
    assert lengths == ideal_code_lengths(p).tolist() == shannon_code_lengths(p).tolist()
    assert expected_length(p, lengths) == entropy(p)


@given(distributions())
def test_no_shannon_code_beats_huffmans(p):
    # Doubles whose exact sum is above 1 need no prefix code of these lengths.
    assume(sum(map(Fraction, p.tolist())) <= 1)
    lengths = shannon_code_lengths(p)
    assert kraft_sum(lengths) <= 1
    assert (lengths >= ideal_code_lengths(p)).all()
    huffman = expected_length(p, word_lengths(huffman_code(p)))
    assert huffman <= expected_length(p, lengths) * (1 + 4 * ULP * len(p))


def uniquely_decodable(words):
    """Return whether no text can be cut into words in two ways (Sardinas and Patterson, 1953)."""

    def rests(beginnings, texts):
        return {t[len(b) :] for b in beginnings for t in texts if t.startswith(b) and t != b}

    dangling, seen = rests(words, words), set()
    while dangling - seen:
        seen |= dangling
        dangling = rests(words, dangling) | rests(dangling, words)
    return not seen & set(words)


def test_mcmillans_theorem_every_uniquely_decodable_code_keeps_to_krafts_sum():
    words = ["".join(bits) for n in (1, 2, 3) for bits in itertools.product("01", repeat=n)]
    codes = [set(code) for size in (2, 3, 4) for code in itertools.combinations(words, size)]
    decodable = [code for code in codes if uniquely_decodable(code)]
    assert {"0", "01"} in decodable  # though no prefix code
    assert {"0", "01", "10"} not in decodable  # 010 has two readings
    assert all(kraft_sum([len(word) for word in code]) <= 1 for code in decodable)
    assert "McMillan's theorem" in kraft_sum.__doc__


@pytest.mark.parametrize("shares", [(4, 4, 2, 2, 1, 1), (3, 3, 2, 2), (5, 2, 2, 2, 1), (1,) * 5])
def test_the_longest_huffman_word_is_as_short_as_an_optimal_code_allows(shares):
    p = np.array(shares) / sum(shares)
    found = [len(word) for word in huffman_code(p)]
    best = expected_length(p, found)
    codes = itertools.product(range(1, len(p)), repeat=len(p))
    optimal = [one for one in codes if kraft_sum(one) <= 1
               and expected_length(p, one) <= best + 1e-12]  # fmt: skip
    assert max(found) == min(max(one) for one in optimal)
