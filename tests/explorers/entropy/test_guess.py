"""“Guess it” on the entropy page: a game follows from the state, and no strategy beats H."""

import json
import math
from collections import Counter
from functools import cache
from itertools import combinations

import pytest

from app.contract.draws import MOST
from app.explorers.entropy.explorer import Entropy
from infocore import entropy, huffman_code
from tests.contract.test_twins import misses, run_twin

WEATHER = Entropy.defaults()["p"]
LOADED = Entropy.presets["Loaded die"]["p"]


def state_of(**changes):
    state, messages = Entropy.apply(Entropy.defaults(), changes.items())
    assert messages == []
    return state


def after(state, *changes):
    """Return a state after gestures: a name alone, or a place to mark."""
    for change in changes:
        key = change if isinstance(change, str) else f"mark:{change}"
        state, messages = Entropy.apply(state, [(key, None)])
        assert messages == [], key
    return state


def refused(state, key):
    same, (message,) = Entropy.apply(state, [(key, None)])
    assert same == state
    return Entropy.phrase(message)


def result_of(state):
    return Entropy.compute(**state)


def shown(state):
    return result_of(state).controls["guess"]


def is_found(state):
    return result_of(state).flags["guess_found"]


def played_by_codewords(state, record=None):
    """Ask, as Huffman's code does, whether the next digit is 1, until one outcome is left."""
    words = huffman_code(state["p"])
    known = ""
    while not is_found(state):
        ones = [i for i, word in enumerate(words) if word is not None
                and word.startswith(known + "1")]  # fmt: skip
        if record is not None:
            record += [[f"mark:{i}", None] for i in ones] + [["ask", None]]
        state = after(state, *ones, "ask")
        known += "1" if result_of(state).flags["guess_yes"] else "0"
    return state


@pytest.mark.parametrize("p", [WEATHER, LOADED, [0.34, 0.32, 0.25, 0.09], [0.9, 0.1]])
def test_asking_for_digits_of_huffmans_code_takes_as_many_questions_as_the_codeword_has(p):
    words, seen = huffman_code(p), set()
    for game in range(40):
        state = played_by_codewords(state_of(p=p, labels=list("ABCDEF"[: len(p)]), games=game))
        result = result_of(state)
        (found,) = [i for i, what in enumerate(shown(state)) if what == 2]
        assert result.slots["found"] == state["labels"][found]
        assert result.readouts["guess_count"] == len(words[found])
        seen.add(found)
    assert len(seen) > 1


def best(p):
    """Return the fewest questions on average: over all ways to ask, by dynamic programming."""

    @cache
    def of(left):
        if len(left) == 1:
            return 0.0
        ways = (
            frozenset(some) for size in range(1, len(left)) for some in combinations(left, size)
        )
        return sum(p[i] for i in left) + min(of(some) + of(left - some) for some in ways)

    return of(frozenset(i for i, share in enumerate(p) if share > 0))


@pytest.mark.parametrize("p", [WEATHER, LOADED, [0.34, 0.32, 0.25, 0.09], [0.7, 0.3, 0.0]])
def test_the_fewest_questions_of_any_strategy_are_huffmans_and_no_fewer_than_the_entropy(p):
    table = result_of(state_of(p=p, labels=list("ABCDEF"[: len(p)]))).tables["guessed"]
    assert table["name"] == ["you", "H", "Huffman"]
    assert table["questions"][1] == entropy(p)
    assert table["questions"][2] == pytest.approx(best(p), rel=1e-14)
    assert best(p) >= entropy(p) - 1e-15


def test_outcomes_come_as_often_as_their_probabilities_say():
    counts = Counter()
    for game in range(2000):
        # One question for each outcome but the last shows which it is.
        state = state_of(games=game, guess="0.1.2.")
        counts[result_of(state).slots["found"]] += 1
    for label, p in zip(Entropy.defaults()["labels"], WEATHER, strict=True):
        spread = math.sqrt(2000 * p * (1 - p))
        assert abs(counts[label] - 2000 * p) < 4 * spread, label


def test_games_add_up_to_an_average_and_the_next_one_begins_anew():
    state, total = state_of(), 0
    assert math.isnan(result_of(state).readouts["guess_mean"])
    for game in range(1, 6):
        state = played_by_codewords(state)
        total += result_of(state).readouts["guess_count"]
        assert result_of(state).readouts["guess_mean"] == total / game
        state = after(state, "next_game")
        assert (state["guess"], state["games"], state["questions"]) == ("", game, total)
        assert result_of(state).readouts["guess_mean"] == total / game


def test_the_outcome_is_a_secret_until_it_is_found():
    games = [state_of(games=game) for game in range(20)]
    told = [vars(result_of({**state, "games": 0})) for state in games]
    for state, want in zip(games, told, strict=True):
        got = result_of(state)
        assert got.slots == want["slots"]
        assert got.controls == want["controls"]
        assert got.flags == want["flags"]


@pytest.mark.parametrize(
    "change", [("p:0", 0.3), ("add", None), ("uniform", None), ("temperature", 2), ("seed", 5),
               ("draw_anew", None)],
)  # fmt: skip
def test_other_probabilities_begin_the_games_afresh(change):
    before = state_of(guess="0.", games=3, questions=8)
    state, _ = Entropy.apply(before, [change])
    assert (state["guess"], state["games"], state["questions"]) == ("", 0, 0)


@pytest.mark.parametrize(
    "change", [("rename:0", "clear"), ("lock:0", None), ("unit", "nats"), ("draw_10", None)]
)
def test_what_changes_no_probability_leaves_the_game(change):
    before = state_of(guess="0.", games=3, questions=8)
    state, _ = Entropy.apply(before, [change])
    assert (state["guess"], state["games"], state["questions"]) == ("0.", 3, 8)


def test_a_mark_is_taken_off_by_a_second_touch():
    once = after(state_of(), 0, 2)
    assert once["guess"] == "02"
    assert shown(once) == [1, 0, 1, 0]
    assert after(once, 0)["guess"] == "2"


def test_what_splits_nothing_is_refused():
    state = state_of()
    split = "Mark some of the outcomes that are still possible, but not all of them."
    assert refused(state, "ask") == split
    assert refused(after(state, 0, 1, 2, 3), "ask") == split
    assert refused(state, "next_game").startswith("The outcome is not found yet")
    assert refused(state, "mark") == "Which outcome to mark was not said."
    found = played_by_codewords(state)
    for place in range(4):
        assert refused(found, f"mark:{place}") == "This outcome is no longer in question."
    assert refused(found, "ask") == split


@pytest.mark.parametrize("text", ["0,1", "a", "0..x", "١", "0 1", "-1"])
def test_a_game_that_is_none_is_refused_by_its_value(text):
    with pytest.raises(ValueError, match=f"guess must be digits with points between them; “{text}"):
        Entropy(guess=text)


def test_the_games_end_where_the_random_numbers_do():
    found = played_by_codewords(state_of(games=MOST - 1))
    assert refused(found, "next_game").startswith("At most 10000 outcomes are drawn")


def test_what_never_happens_is_out_and_what_is_certain_is_found_without_a_question():
    assert shown(state_of(p=[0.5, 0.5, 0.0, 0.0])) == [0, 0, -1, -1]
    certain = state_of(p=[1.0, 0.0, 0.0, 0.0])
    assert shown(certain) == [2, -1, -1, -1]
    assert result_of(certain).readouts["guess_mean"] == 0


def test_the_twin_plays_the_same_games():
    """Whole games, step by step, which random changes would seldom reach."""
    rounds, ends = [], []
    for p in (WEATHER, LOADED, [0.1] * 10):
        labels = list("ABCDEFGHIJ"[: len(p)])
        start = [["p", ",".join(map(str, p))], ["labels", ",".join(labels)]]
        state, _ = Entropy.apply(Entropy.defaults(), start)
        for _ in range(8):
            state = played_by_codewords(state, start)
            ends.append(state)
            start.append(["next_game", None])
            state = after(state, "next_game")
        rounds.append(start)
    answer = run_twin(Entropy, ends, json.loads(json.dumps(rounds)))
    for changes, steps in zip(rounds, answer["steps"], strict=True):
        state = Entropy.defaults()
        for (key, raw), step in zip(changes, steps, strict=True):
            state, _ = Entropy.apply(state, [(key, raw)])
            for name in ("guess", "games", "questions"):
                assert step["state"][name] == state[name], key
    for state, got in zip(ends, answer["results"], strict=True):
        assert not misses(Entropy, state, result_of(state), got)
