"""Editing a distribution: its laws, and what a reader is told."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.contract.messages import note
from app.contract.simplex import (
    add_outcome,
    as_distribution,
    level_outcomes,
    lock_outcome,
    move_share,
    name_outcomes,
    remove_outcome,
    rename_outcome,
)
from app.explorers.entropy.explorer import Entropy
from infocore import entropy

EPS = 1e-12  # a dozen additions of doubles near 1 err by less
shares = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 5e-324, 1e-310, 1e-17, 0.1]))


def state_of(*p, locked=()):
    return {"p": list(p), "labels": list("ABCDEFGHIJ"[: len(p)]), "locked": list(locked)}


@st.composite
def states(draw, most=10):
    """Return distributions, some entries zero, subnormal or locked."""
    weights = draw(st.lists(shares, min_size=2, max_size=most))
    assume(not 0 < abs(math.fsum(weights) - 1) < 1e-7)  # those are left as they are
    state = state_of(*as_distribution(state_of(*weights), "p", weights)["p"])
    state["locked"] = draw(st.lists(st.sampled_from(state["labels"]), unique=True))
    return state


def is_distribution(p):
    return all(share >= 0 for share in p) and math.isclose(math.fsum(p), 1, abs_tol=EPS)


def by_label(state, labels):
    return dict(pair for pair in zip(state["labels"], state["p"], strict=True) if pair[0] in labels)


@given(st.lists(st.floats(0, allow_infinity=False), min_size=2, max_size=10))
def test_any_non_negative_weights_become_a_distribution(weights):
    taken = as_distribution(state_of(*weights), "p", weights)
    assert min(taken["p"]) >= 0
    rescaled = bool(taken["note"])
    assert math.isclose(math.fsum(taken["p"]), 1, abs_tol=EPS if rescaled else 1e-9 * len(weights))


@given(states(), shares, st.data())
def test_moving_a_share_keeps_a_distribution_and_what_is_locked(state, wanted, data):
    index = data.draw(st.integers(0, len(state["p"]) - 1))
    moved = move_share(state, "p", wanted, index)
    assert is_distribution(moved["p"])
    held = [i for i, label in enumerate(state["labels"]) if label in state["locked"] and i != index]
    assert [moved["p"][i] for i in held] == [state["p"][i] for i in held]
    assert (abs(moved["p"][index] - wanted) <= 1e-9) == (not moved["note"])


@given(states(most=9))
def test_adding_an_outcome_keeps_a_distribution_and_what_is_locked(state):
    grown = {**state, **add_outcome(state, None, None)}
    assert is_distribution(grown["p"])
    assert (
        len(grown["p"]) == len(grown["labels"]) == len(set(grown["labels"])) == len(state["p"]) + 1
    )
    assert by_label(grown, state["locked"]) == by_label(state, state["locked"])


@given(states(), st.data())
def test_removing_an_outcome_keeps_a_distribution_and_what_stays_locked(state, data):
    index = data.draw(st.integers(0, len(state["p"]) - 1))
    if len(state["p"]) == 2:
        with pytest.raises(ValueError, match="2 outcomes are the fewest"):
            remove_outcome(state, None, index)
        return
    left = {**state, **remove_outcome(state, None, index)}
    assert is_distribution(left["p"])
    assert left["labels"] == [*state["labels"][:index], *state["labels"][index + 1 :]]
    assert by_label(left, left["locked"]) == by_label(state, left["locked"])


@given(states(), st.data())
def test_locking_twice_and_renaming_there_and_back_change_nothing(state, data):
    index = data.draw(st.integers(0, len(state["p"]) - 1))
    once = {**state, **lock_outcome(state, None, index)}
    twice = {**once, **lock_outcome(once, None, index)}
    assert sorted(twice["locked"]) == sorted(state["locked"])
    assert (state["labels"][index] in once["locked"]) != (state["labels"][index] in state["locked"])
    named = {**once, **rename_outcome(once, "new name", index)}
    assert {**named, **rename_outcome(named, once["labels"][index], index)} == once


def test_moving_a_share_keeps_the_proportions_of_the_others():
    moved = move_share(state_of(0.5, 0.3, 0.2), "p", 0.0, 0)
    assert moved["p"] == pytest.approx([0, 0.6, 0.4], abs=EPS)
    assert move_share(state_of(1.0, 0.0, 0.0), "p", 0.4, 0)["p"] == pytest.approx([0.4, 0.3, 0.3])


def test_what_is_locked_limits_a_share_and_the_reader_is_told():
    moved = move_share(state_of(0.5, 0.3, 0.2, locked="B"), "p", 0.9, 0)
    assert moved["p"] == pytest.approx([0.7, 0.3, 0.0], abs=EPS)
    assert moved["note"] == note("room", label="probability", entry="A", room=0.7)


def test_a_share_cannot_move_when_all_others_are_locked():
    moved = move_share(state_of(0.5, 0.3, 0.2, locked="BC"), "p", 0.1, 0)
    assert moved["p"] == pytest.approx([0.5, 0.3, 0.2], abs=EPS)
    assert moved["note"] == note("all_locked", label="probability", entry="A")


def test_weights_that_do_not_add_up_are_rescaled_and_said_so():
    taken = as_distribution(state_of(0.5, 0.5), "p", [1.0, 3.0])
    assert taken["p"] == [0.25, 0.75]
    assert taken["note"] == note("rescaled", total=4.0)


@pytest.mark.parametrize("scale", [1e308, 1.7e308, 5e-324, 1e-310])
def test_huge_and_tiny_weights_are_rescaled_without_overflow(scale):
    assert as_distribution(state_of(0.5, 0.5), "p", [scale, scale])["p"] == [0.5, 0.5]


def test_all_zero_becomes_uniform_and_is_said_so():
    taken = as_distribution(state_of(1.0, 0.0), "p", [0.0, 0.0])
    assert taken["p"] == [0.5, 0.5]
    assert taken["note"] == note("all_zero")


def test_a_distribution_is_left_exactly_as_it_is_and_nothing_said():
    p = [0.1, 0.2, 0.3, 0.4]
    taken = as_distribution(state_of(*p), "p", p)
    assert (taken["p"], taken["note"]) == (p, None)


def test_a_sum_that_is_off_by_little_is_mended_before_outcomes_go():
    weights = [0.5 + 4.5e-9, 0.5 + 4.5e-9, *[0.0] * 8]  # within 1e-9 an outcome of 1
    state = state_of(*as_distribution(state_of(*weights), "p", weights)["p"], locked="AB")
    while len(state["p"]) > 3:
        state |= remove_outcome(state, None, len(state["p"]) - 1)
    assert entropy(state["p"]) == pytest.approx(1, abs=1e-7)


def test_a_negative_weight_is_refused_by_its_value():
    with pytest.raises(ValueError, match=r"must not be negative; “-0\.1” is"):
        as_distribution(state_of(0.5, 0.5), "p", [1.1, -0.1])


def test_another_number_of_weights_gets_fresh_names_and_no_locks():
    taken = as_distribution(state_of(0.5, 0.5, locked="A"), "p", [0.2, 0.3, 0.5])
    assert (taken["labels"], taken["locked"]) == (["A", "B", "C"], [])


@pytest.mark.parametrize("raw", ["abc", math.nan, True, None, [0.1], "1e999"])
def test_a_share_that_is_no_number_is_refused_by_its_outcome(raw):
    _, (message,) = Entropy.apply({**Entropy.defaults(), **state_of(0.5, 0.5)}, [("p:1", raw)])
    assert Entropy.phrase(message).startswith("probability of B must be a number")


@pytest.mark.parametrize("raw", [-0.001, 1.001, 1e308])
def test_a_share_out_of_bounds_is_refused_by_its_outcome(raw):
    _, (message,) = Entropy.apply({**Entropy.defaults(), **state_of(0.5, 0.5)}, [("p:1", raw)])
    assert Entropy.phrase(message).startswith("probability of B must lie between 0 and 1")


def test_names_must_be_one_an_outcome_and_different():
    state = state_of(0.5, 0.5)
    with pytest.raises(ValueError, match="labels needs 2 names for 2 outcomes, not 3"):
        name_outcomes(state, "labels", ["a", "b", "c"])
    with pytest.raises(ValueError, match="“a,a” repeats"):
        name_outcomes(state, "labels", ["a", "a"])
    with pytest.raises(ValueError, match="Another outcome is already called “B”"):
        rename_outcome(state, "B", 0)


def test_only_an_outcome_can_be_locked():
    with pytest.raises(ValueError, match="No outcome is called “Z”"):
        name_outcomes(state_of(0.5, 0.5), "locked", ["Z"])


def test_there_are_no_more_than_ten_outcomes():
    with pytest.raises(ValueError, match="10 outcomes are the most"):
        add_outcome(state_of(*[0.1] * 10), None, None)


@pytest.mark.parametrize("gesture", [remove_outcome, rename_outcome, lock_outcome])
def test_a_gesture_without_its_outcome_is_refused(gesture):
    with pytest.raises(ValueError, match="was not said"):
        gesture(state_of(0.2, 0.3, 0.5), "new", None)


def test_removing_the_last_free_outcome_frees_the_others_and_says_so():
    left = remove_outcome(state_of(0.5, 0.3, 0.2, locked="BC"), None, 0)
    assert left["p"] == pytest.approx([0.6, 0.4], abs=EPS)
    assert left["locked"] == []
    assert left["note"]["code"] == "locks_off"


def test_level_outcomes_are_equally_likely_and_free():
    levelled = level_outcomes(state_of(0.5, 0.3, 0.2, locked="B"), None, None)
    assert levelled == {"p": [1 / 3] * 3, "locked": []}
