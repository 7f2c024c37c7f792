"""The Entropy Explorer's picture and numbers: areas add up to H, codes keep their promise."""

import itertools
import math

import mpmath
import numpy as np
import pytest

from app.explorers.entropy.explorer import LETTERS, Entropy
from app.session.session import Session
from infocore import (
    binary_entropy,
    entropy,
    expected_length,
    huffman_code,
    kraft_sum,
    shannon_code_lengths,
)

RNG = np.random.default_rng(21)
RANDOM = [RNG.dirichlet(np.full(n, alpha)).tolist() for n in range(2, 11) for alpha in (0.1, 1, 9)]
ZEROS = [[1.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.3, 0.0, 0.7]]
both_units = pytest.mark.parametrize("unit", ["bits", "nats"])


def computed(p, **more):
    labels = list("ABCDEFGHIJ"[: len(p)])
    return Entropy.compute(**{**Entropy.defaults(), "p": p, "labels": labels, **more})


def preset(name):
    asked = Entropy.presets[name]
    return Entropy.compute(**{**Entropy.defaults(), **asked})


def test_a_fair_die_has_2_585_bits_as_many_as_six_equal_outcomes():
    result = preset("Fair die")  # log₂ 6 = 2.5849625…
    assert result.readouts["entropy"] == pytest.approx(2.585, abs=5e-4)
    assert result.readouts["max_entropy"] == pytest.approx(math.log2(6), rel=1e-15)
    assert result.readouts["effective_outcomes"] == pytest.approx(6.00, rel=1e-14)
    assert result.readouts["efficiency"] == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize(
    ("name", "bits"), [("Fair coin", 1), ("90/10", 0.469), ("Certain", 0), ("Loaded die", 2.161)]
)  # SPEC §1, row entropy
def test_presets_have_the_entropies_that_textbooks_give(name, bits):
    assert preset(name).readouts["entropy"] == pytest.approx(bits, abs=5e-5)


def test_the_coins_curve_is_no_parabola():
    result = preset("90/10")  # SPEC §2: 0.469 at p = 0.1 where 4p(1 − p) gives 0.36
    assert result.flags["coin"]
    coin = result.tables["coin"]
    assert coin["h"][coin["p"] == 0.1] == pytest.approx(0.469, abs=5e-5)
    assert result.tables["here"]["h"] == pytest.approx(result.readouts["entropy"], rel=1e-15)
    assert not preset("Fair die").flags["coin"]


@both_units
@pytest.mark.parametrize("temperature", [1.0, 0.3, 4.0, 0.0])
def test_widths_times_heights_of_the_bars_add_up_to_the_entropy(unit, temperature):
    for p in [*RANDOM, *ZEROS]:
        result = computed(p, unit=unit, temperature=temperature)
        bars, h = result.tables["bars"], result.readouts["entropy"]
        drawn = bars["p"] > 0
        width, height = (bars["right"] - bars["left"])[drawn], bars["length"][drawn]
        assert math.fsum(width * height) == pytest.approx(h, rel=1e-12, abs=1e-13)
        assert math.fsum(bars["area"]) == pytest.approx(h, rel=1e-13, abs=1e-13)


@both_units
def test_bars_stand_side_by_side_and_no_finite_one_is_cut(unit):
    for p in [*RANDOM, *ZEROS]:
        bars = computed(p, unit=unit).tables["bars"]
        assert bars["left"] == pytest.approx([0, *bars["right"][:-1]], abs=1e-15)
        assert bars["right"][-1] == pytest.approx(1, rel=1e-14)
        finite = np.isfinite(bars["length"])
        assert np.array_equal(bars["top"][finite], bars["length"][finite])
        assert np.isfinite(bars["top"]).all()


def test_an_impossible_outcome_has_infinite_surprise_and_the_page_says_why():
    result = computed([0.5, 0.5, 0.0])
    assert result.tables["bars"]["length"][2] == result.tables["bars"]["shannon"][2] == math.inf
    assert result.tables["bars"]["area"][2] == 0
    assert result.tables["bars"]["codeword"][2] == ""
    assert (result.flags["never"], result.slots["never"]) == (True, "C")
    assert not computed([0.5, 0.5]).flags["never"]


def test_huffman_keeps_the_promise_and_both_codes_fit_the_code_space():
    for p in [*RANDOM, *ZEROS]:
        readout = computed(p).readouts
        slack = 4 * np.spacing(readout["entropy"])
        assert readout["entropy"] - slack <= readout["huffman_length"] < readout["entropy"] + 1
        assert readout["huffman_length"] <= readout["shannon_length"] + slack
        assert readout["kraft_sum_shannon"] <= 1
        assert readout["kraft_sum"] == 1


def test_a_certain_outcome_needs_no_codeword():
    result = preset("Certain")
    assert result.tables["bars"]["codeword"][0] == ""
    assert result.readouts["huffman_length"] == 0
    assert math.copysign(1, result.readouts["entropy"]) == 1


def test_codes_count_bits_in_either_unit():
    for p in RANDOM:
        bits, nats = (computed(p, unit=unit).readouts for unit in ("bits", "nats"))
        assert bits["entropy"] == bits["entropy_bits"] == nats["entropy_bits"]
        assert nats["entropy"] == pytest.approx(bits["entropy"] * math.log(2), rel=1e-13, abs=1e-15)
        for name in ("huffman_length", "shannon_length", "excess", "kraft_sum"):
            assert bits[name] == nats[name]


def test_temperature_sharpens_below_one_and_levels_above():
    p = [0.5, 0.3, 0.2]
    cold, warm, hot = (computed(p, temperature=t).readouts for t in (0.2, 1.0, 5.0))
    assert cold["entropy"] < warm["entropy"] < hot["entropy"] < math.log2(3)
    assert computed(p, temperature=0.0).tables["bars"]["p"].tolist() == [1, 0, 0]
    assert computed([0.4, 0.4, 0.2], temperature=0.0).tables["bars"]["p"].tolist() == [0.5, 0.5, 0]
    assert computed(p, temperature=0.5).tables["bars"]["p"] == pytest.approx(
        np.square(p) / np.square(p).sum(), rel=1e-14
    )


def test_the_marker_lies_on_the_coins_curve():
    for share in (0.0, 0.1, 0.25, 0.5, 0.9, 1.0):
        here = computed([share, 1 - share]).tables["here"]
        assert here["h"][0] == pytest.approx(binary_entropy(share), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("p", [1.2, -0.2], "must not be negative"), ("labels", ["a", "b"], "needs 4 names"),
     ("labels", ["a", "a", "b", "c"], "repeats"), ("locked", ["fog"], "No outcome is called")],
)  # fmt: skip
def test_what_a_reader_could_not_do_python_cannot_either(name, value, reason):
    session = Session(Entropy())
    with pytest.raises(ValueError, match=reason):
        setattr(session.explorer, name, value)
    assert session.explorer.state == Entropy.defaults()


def test_weights_set_from_python_are_rescaled_with_a_warning():
    session = Session(Entropy())
    with pytest.warns(UserWarning, match=r"^p: They added up to 4; rescaled to 1\.$"):
        session.explorer.p = [1.0, 1.0, 2.0]
    assert (session.explorer.p, session.explorer.labels) == ([0.25, 0.25, 0.5], ["A", "B", "C"])
    assert session.frame["readouts"]["entropy"] == 1.5


# What the page says

RAREST = {  # of "other", per cent: R. E. Lewand, Cryptological Mathematics (2000), p. 36
    "D": 4.253, "L": 4.025, "C": 2.782, "U": 2.758, "M": 2.406, "W": 2.360, "F": 2.228, "G": 2.015,
    "Y": 1.974, "P": 1.929, "B": 1.492, "V": 0.978, "K": 0.772, "J": 0.153, "X": 0.150, "Q": 0.095,
    "Z": 0.074,
}  # fmt: skip


def in_bits(shares):
    """Return the entropy of rescaled shares at 50 digits."""
    with mpmath.workdps(50):
        total = mpmath.fsum(shares)
        return float(-mpmath.fsum(s / total * mpmath.log(s / total, 2) for s in shares))


def test_the_page_says_what_the_ten_groups_of_letters_have_and_what_all_26_have():
    *common, other = LETTERS.values()
    assert len(RAREST) == 17
    assert math.fsum(RAREST.values()) == pytest.approx(other, abs=2e-3)  # the book's own rounding
    ten, all_of_them = in_bits([*common, other]), in_bits([*common, *RAREST.values()])
    assert preset("Letters").readouts["entropy"] == pytest.approx(ten, rel=1e-12)
    said = f"the 17 rarest letters of English into one outcome, “other”, and has {ten:.3f} bits"
    told = Entropy.texts("Card", "With your numbers")
    assert f"{said}. All 26 letters have {all_of_them:.3f}." in told


def test_the_page_says_that_huffman_is_best_on_average_and_shannon_for_some_a_shorter_word():
    p = [0.36, 0.29, 0.26, 0.09]
    huffman, shannon = [len(word) for word in huffman_code(p)], shannon_code_lengths(p)
    every_code = [one for one in itertools.product(range(1, 6), repeat=4) if kraft_sum(one) <= 1]
    best, next_best = sorted({round(expected_length(p, one), 12) for one in every_code})[:2]
    assert expected_length(p, huffman) == pytest.approx(best, rel=1e-15)
    assert next_best > best
    optimal = [one for one in every_code if expected_length(p, one) < (best + next_best) / 2]
    assert optimal == [(1, 2, 3, 3)]  # so no best code gives 0.26 a shorter word
    said = f"the outcome of 0.26 gets {huffman[2]} bits, from Shannon {shannon[2]:.0f}"
    assert (huffman[2], shannon[2]) == (3, 2)
    told = Entropy.texts("Card", "Shannon’s promise")
    assert f"with p = 0.36, 0.29, 0.26 and 0.09 {said}" in told


def test_what_shannons_code_leaves_of_the_code_space_is_room_for_a_shorter_word():
    for p in RANDOM:
        lengths = shannon_code_lengths(p)
        if kraft_sum(lengths) < 1:
            longest = np.argmax(lengths)
            assert kraft_sum(np.where(np.arange(len(p)) == longest, lengths - 1, lengths)) <= 1
    assert "room for shorter words" in Entropy.texts("Card", "Shannon’s promise")


def test_the_entropy_is_largest_where_all_outcomes_are_equally_likely():
    for p in RANDOM:
        assert computed(p).readouts["entropy"] < math.log2(len(p))
        level = computed([1 / len(p)] * len(p)).readouts["entropy"]
        assert level == pytest.approx(math.log2(len(p)), rel=1e-14)
    assert "It is largest, {log} n, when all n" in Entropy.texts("Card", "With your numbers")


def test_a_high_temperature_leaves_the_impossible_impossible():
    assert computed([0.7, 0.3, 0.0], temperature=5.0).tables["bars"]["p"][2] == 0
    assert "makes all possible ones more equal" in Entropy.texts("Hint", "Temperature")


@pytest.mark.parametrize("scene", ["whole", "not whole"])
def test_nothing_is_wasted_exactly_where_every_p_is_a_power_of_one_half(scene):
    told = Entropy.texts("Task", "nothing-wasted")
    assert "L is above H whenever some p is no power of ½" in told
    whole = [[0.25] * 4, [0.5, 0.5], [0.5, 0.25, 0.125, 0.125], [0.5, 0.5, 0.0]]
    others = [[1 / 3] * 3, [0.5, 0.25, 0.15, 0.1], [0.6, 0.4], [0.5, 0.25, 0.13, 0.12]]
    for p in whole if scene == "whole" else others:
        wasted = expected_length(p, [len(word or "") for word in huffman_code(p)]) - entropy(p)
        assert (wasted == 0) if scene == "whole" else (wasted > 1e-4), p


def test_the_codewords_of_the_task_are_huffmans():
    told = Entropy.texts("Task", "nothing-wasted")
    words = huffman_code(Entropy.defaults()["p"])
    assert Entropy.defaults()["labels"] == ["sun", "cloud", "rain", "snow"]
    names = zip(Entropy.defaults()["labels"], words, strict=True)
    assert ", ".join(f"{name} {word}" for name, word in names) in told


def test_each_of_nine_that_share_a_half_has_an_eighteenth():
    with mpmath.workdps(50):
        assert mpmath.almosteq(mpmath.mpf(1) / 2 / 9, mpmath.mpf(1) / 18)
        assert f"{float(mpmath.e):.4f}".startswith("2.718")
    assert "each of the nine has 1/18" in Entropy.texts("Task", "half-and-nine")
    assert "e = 2.718…" in Entropy.texts("Task", "largest-area")
