"""The story, Shannon's guessing game, and every number that tasks and cards of the page name."""

import math
import re
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from app.contract.messages import Refused
from app.explorers.perplexity.examples import ANOTHER_WORLD, IN_ORDER, SHUFFLED, VILLAGE
from app.explorers.perplexity.explorer import Perplexity
from app.explorers.perplexity.game import (
    COSTS,
    HIDDEN,
    LETTERS,
    MOST,
    OPENING,
    guessed,
    played,
    spelled,
)
from app.explorers.perplexity.reading import bundled_reader, bundled_text
from app.page.exported import export_page, material_code
from app.registry import CHAPTERS, EXPLORERS
from infocore import NGram, entropy, word_tokens

# Shannon (1951), section 3: 102 letters by the number of guesses that they took, the last 8 shared.
TIMES = [79, 8, 3, 2, 2, *[8 / 22] * 22]


def readouts(**state):
    return Perplexity.compute(**{**Perplexity.defaults(), **state}).readouts


def scene(name, **more):
    return readouts(**{**Perplexity.presets[name], **more})


def shown(letters):
    return letters.replace(" ", "_")


def text_of(kind, name):
    return Perplexity.texts(kind, name)


# The story


def test_the_story_has_ten_to_twelve_thousand_words_of_plain_ascii():
    story = bundled_text()
    assert 10_000 <= len(story.split()) <= 12_000
    assert story.isascii()
    assert "11,000-word story" in text_of("Passage", "learned_from")
    assert round(len(story.split()), -3) == 11_000


def test_the_story_repeats_no_long_passage_to_gain_length():
    words = [token for token in word_tokens(bundled_text()) if token.strip(" .,")]
    runs = [tuple(words[i : i + 12]) for i in range(len(words) - 11)]
    assert len(set(runs)) == len(runs)


@pytest.mark.parametrize("text", [VILLAGE, ANOTHER_WORLD, OPENING + HIDDEN])
def test_what_is_scored_and_guessed_does_not_stand_in_the_story(text):
    story, words = f" {spelled(bundled_text())} ", spelled(text).split()
    for i in range(len(words) - 5):
        assert f" {' '.join(words[i : i + 6])} " not in story


def test_the_story_stands_in_the_material_of_its_own_page_alone():
    piece = "ran straight into her father"
    assert piece in bundled_text()
    assert piece in material_code(Perplexity)
    for explorer in EXPLORERS:
        assert piece not in export_page(explorer, CHAPTERS, shared=True)
    assert piece in export_page(Perplexity, CHAPTERS, shared=False)


# The guessing game


def test_a_letter_costs_as_many_bits_as_shannons_readers_guesses_say():
    with mpmath.workdps(50):
        exact = [float(-mpmath.log(mpmath.mpf(times) / 102, 2)) for times in TIMES[:5]]
        exact += [float(-mpmath.log(mpmath.mpf(8) / 22 / 102, 2))] * 22
    assert len(LETTERS) == len(COSTS) == 27
    assert pytest.approx(exact, rel=1e-14) == COSTS
    assert sum(2.0**-COSTS) == pytest.approx(1, rel=1e-14)  # a code that wastes nothing
    told = text_of("Card", "How the guessing game counts")
    one, two, three, four, more = (f"{COSTS[i]:.2f}" for i in (0, 1, 2, 3, 5))
    assert COSTS[3] == COSTS[4]
    assert (
        f"costs {one} bits, two cost {two}, three {three}, four or five {four}, and more {more}"
        in (re.sub("guess therefore costs", "costs", told))
    )
    assert "of 102 letters 79 took one guess, 8 two, 3 three, 2 four, 2 five and 8 more" in told


def test_each_letter_takes_as_many_guesses_as_were_made_and_both_pay_for_it():
    state = {"guesses": "teah."}  # the first at once, the second at the third, one shown
    assert HIDDEN.startswith("the")
    assert played(state["guesses"]) == ([1, 3, 0], "")
    numbers = readouts(**state)
    model = NGram([*spelled(bundled_text())]).log_probs([*OPENING, "t", "h"])[-2:] / -math.log(2)
    assert numbers["letters_guessed"] == 2
    assert numbers["bits_yours"] == pytest.approx((COSTS[0] + COSTS[2]) / 2, rel=1e-14)
    assert numbers["bits_model"] == pytest.approx(model.mean(), rel=1e-14)
    table = Perplexity.compute(**{**Perplexity.defaults(), **state}).tables["guessed"]
    assert "".join(table["token"]) == OPENING + "the"
    assert table["tries"][-3:].tolist() == [1, 3, 0]


def test_before_the_first_guess_nobody_has_paid():
    for guesses in ("", "...", "xyq"):
        numbers = readouts(guesses=guesses)
        assert numbers["letters_guessed"] == 0
        assert math.isnan(numbers["bits_yours"])
        assert math.isnan(numbers["bits_model"])


def test_what_a_page_shows_does_not_tell_the_letters_that_are_hidden():
    result = Perplexity.compute(**Perplexity.defaults())
    assert "".join(result.tables["guessed"]["token"]) == OPENING


def test_the_longest_game_ends_and_fits_its_bound():
    guesses = ""
    for letter in shown(HIDDEN):
        for guess in [*(one for one in LETTERS if one != letter), letter]:
            guesses = guessed(guesses, guess)
    assert played(guesses) == ([27] * len(HIDDEN), "")
    assert len(guesses) == MOST
    assert guessed(guesses, "a") == guesses
    assert guessed("x", "x") == "x"  # a letter that was tried costs nothing again
    controls = Perplexity.compute(**{**Perplexity.defaults(), "guesses": guesses}).controls
    assert controls["guesses"] == [1.0] * 27
    assert Perplexity(guesses=guesses).guesses == guesses


@pytest.mark.parametrize("raw", ["", "A", "ab", "é", ".", " ", 1, True, [], 0.5])
def test_what_is_no_letter_is_no_guess(raw):
    with pytest.raises(Refused):
        guessed("", raw)
    state, (message,) = Perplexity.apply(Perplexity.defaults(), [("guess", raw)])
    assert state == Perplexity.defaults()
    assert "A guess must be one of the letters a to z" in Perplexity.phrase(message)


@pytest.mark.parametrize(
    ("guesses", "place"), [("T", 1), ("th e", 3), ("xx", 2), ("." * 62 + "a", 63), ("t\u00e9", 2)]
)
def test_guesses_of_a_link_that_cannot_be_made_are_refused(guesses, place):
    with pytest.raises(ValueError, match=rf"Guess {place} cannot be"):
        Perplexity(guesses=guesses)


# Every number that the page names


def task(name):
    return text_of("Task", name)


def test_shannons_reader_needs_fewer_bits_than_the_model_by_the_same_rule():
    reader = entropy(np.array(TIMES) / 102)
    model = readouts(guesses=shown(HIDDEN))["bits_model"]
    assert (f"{reader:.2f}", f"{model:.2f}") == ("1.58", "2.29")
    for answer in ("(right)", "the model does", "both the same"):
        (line,) = [one for one in task("guess-the-letters").splitlines() if answer in one]
        assert f"{reader:.2f}" in line
    assert task("guess-the-letters").count(f"{model:.2f} bits") == 3
    assert task("guess-the-letters").count("for another passage") == 3


def test_two_tokens_one_sure_and_one_in_a_hundred_have_perplexity_ten():
    numbers = scene("Sure, then one in a hundred")
    assert numbers["token_count"] == 2
    assert numbers["perplexity"] == pytest.approx(10, abs=1e-6)
    with mpmath.workdps(50):
        one, mean = mpmath.log(100, 2), mpmath.log(100, 2) / 2
    said = f"0 and {float(one):.2f} bits, {float(mean):.2f} on average, and 2 to the power of 3.32"
    assert task("two-tokens").count(said) == 2
    assert (1 + 100) / 2 == 50.5


def test_the_weather_messages_perplexity_is_its_effective_number_of_outcomes():
    numbers = scene("The weather message")
    bits = entropy([0.5, 0.25, 0.15, 0.1])
    assert numbers["token_count"] == 20
    assert numbers["surprise"] == pytest.approx(bits, abs=1e-6)
    assert numbers["perplexity"] == pytest.approx(2**bits, abs=1e-5)
    assert (f"{bits:.2f}", f"{2**bits:.2f}", f"{2**bits:.3f}") == ("1.74", "3.35", "3.347")
    with mpmath.workdps(50):  # of what the page prints, too
        assert f"{float(mpmath.mpf(2) ** mpmath.mpf(f'{bits:.3f}')):.2f}" == "3.35"
    told = task("weather")
    assert set(re.findall(r"1\.7\d*", told)) == {f"{bits:.3f}"}
    assert f"2 to the power of {bits:.3f} is {2**bits:.2f}" in told
    assert "abs(perplexity - 3.347) <= 0.001" in task("weather")
    assert abs(numbers["perplexity"] - 3.347) <= 0.001


def test_the_task_of_words_and_letters_names_the_numbers_of_the_default_text():
    words, letters = (readouts(model="trigram", tokens=one) for one in ("words", "characters"))
    told = task("words-or-letters")
    assert f"perplexity {words['perplexity']:.0f} on the words of the text" in told
    assert f"another {letters['perplexity']:.1f} on its letters" in told
    assert (
        len(
            {f"{one['bits_per_character']:.2f}" for one in (words, letters)}
            & set(re.findall(r"\d\.\d\d", told))
        )
        == 2
    )  # and no others
    assert len(set(re.findall(r"\b\d\.\d\d\b", told))) == 2
    assert f"{letters['token_count']:.0f} easy choices" in told
    assert f"the other has {words['token_count']:.0f} hard ones" in told
    assert abs(letters["bits_per_character"] - 2.351) <= 0.001
    assert f"token_count == {letters['token_count']:.0f} " in told


def test_more_context_hurts_where_words_are_shuffled_and_helps_in_their_order():
    shuffled, ordered = (
        {model: scene(name, model=model)["perplexity"] for model in ("unigram", "bigram")}
        for name in ("The same words, shuffled", "Words in order")
    )
    told = task("more-context")
    assert f"perplexity {shuffled['unigram']:.0f}, the bigram {shuffled['bigram']:.0f}." in told
    said = f"perplexity {ordered['bigram']:.0f} with the bigram, and still "
    assert f"{said}{shuffled['unigram']:.0f} with the unigram" in told
    assert abs(shuffled["bigram"] - 459.2) <= 0.1
    assert ordered["unigram"] == pytest.approx(shuffled["unigram"], rel=1e-14)
    tokens = [word_tokens(text) for text in (IN_ORDER, SHUFFLED)]
    assert sorted(tokens[0]) == sorted(tokens[1])
    assert all(bundled_reader().models["words"].knows(token) for token in tokens[1])
    pairs, story = [*pairwise(tokens[1])], word_tokens(bundled_text())
    assert (len(pairs), len({*pairs} & {*pairwise(story)})) == (14, 2)
    assert "Of the 14 pairs of neighbours here only 2 are in the story" in told


def test_a_word_that_is_known_only_after_a_blank_is_told_apart_from_an_unknown_one():
    def flagged(text):
        state = {**Perplexity.defaults(), "text": text}
        return Perplexity.compute(**state).tables["tokens"]["flagged"].tolist()

    assert flagged("the the penguin") == [3.0, 0.0, 1.0]
    assert flagged("é é") == [2.0, 2.0]


def test_no_task_is_done_at_its_start():
    start = readouts()
    assert start["letters_guessed"] < 10
    assert start["token_count"] not in (2, 20, 167, 15)


def test_a_text_that_repeats_itself_has_a_low_perplexity():
    own, over = readouts()["perplexity"], scene("Over and over")["perplexity"]
    said = f"has perplexity {over:.0f}, the paragraph about the village {own:.0f}."
    assert said in text_of("Card", "What you see")


def test_the_default_text_has_words_that_the_story_lacks():
    table = Perplexity.compute(**Perplexity.defaults()).tables["tokens"]
    unknown = [one for one, flag in zip(table["shown"], table["flagged"], strict=True) if flag]
    assert unknown == ["March", "stove"]
