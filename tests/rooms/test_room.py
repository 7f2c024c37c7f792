"""What may happen in a room, as far as no server is needed."""

import csv
import io
import json
import math
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.registry import EXPLORERS
from app.rooms import room as rules
from app.rooms.limits import BODY, REFUSALS, Meter, Pace
from app.rooms.room import (
    Declined,
    as_csv,
    new_room,
    question_asked,
    room_of,
    state_of,
    tally,
)
from app.rooms.tickets import device_of, new_ticket

ROOT = Path(__file__).parents[2]
BY_SLUG = {one.slug: one for one in EXPLORERS}
CHOICE = {"text": "Which is larger?", "kind": "choice", "options": ["p", "q"], "truth": 1}
NUMBER = {"text": "How many bits?", "kind": "number", "truth": 2.5}
TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


def a_room():
    return new_room("kl", "mu_q=2", 1000.9)[0]


def asked(told=CHOICE):
    return a_room().put(question_asked(told))


def a_state(told):
    return state_of(BY_SLUG, told)


def declined(status):
    return pytest.raises(Declined, check=lambda error: error.status == status)


def test_a_room_keeps_of_its_key_what_cannot_be_turned_back_and_ends():
    room, key = new_room("kl", "", 1000.9)
    assert key not in str(room)
    room.require(key)
    with declined(403):
        room.require(key[:-1])
    assert room.ends == 1000 + 4 * 3600
    assert set(room.code) <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    assert len({new_room("kl", "", 0)[0].code for _ in range(100)}) == 100


def test_followers_are_told_neither_the_key_nor_what_signs_nor_an_early_truth():
    room = asked()
    told = json.loads(room.event().removeprefix(b"event: room\ndata: "))
    assert set(told) == {"seq", "slug", "query", "question"}
    assert told["question"] == {
        "id": 1, "text": "Which is larger?", "kind": "choice", "options": ["p", "q"],
        "round": 1, "open": True, "truth": None, "near": 0, "unit": "", "revealed": False,
    }  # fmt: skip
    assert room.result() == b""
    room = room.revealed(room.question, [{"0": 3, "1": 4}])
    shown = room.question.told()
    assert (shown["truth"], shown["revealed"], shown["open"]) == (1, True, False)
    result = json.loads(room.result().removeprefix(b"event: rounds\ndata: "))
    assert result == {"id": 1, "round": 1, "rounds": [[3, 4]]}
    assert room.again().result() == b""


def test_what_is_right_may_be_said_once_it_is_shown_and_is_said_once():
    room = asked({**CHOICE, "truth": None})
    assert room.settled(1, 1, None) is room
    said = room.settled(1, 1, 0)
    assert (said.question.truth, said.question.told()["truth"]) == (0, None)
    for raw in (2, True, 0.5, "1"):
        with declined(400):
            room.settled(1, 1, raw)
    for one in (said, asked(), a_room()):
        with declined(409):
            one.settled(1, 1, 1)
    assert asked({**NUMBER, "truth": None}).settled(1, 1, 2.5).question.truth == 2.5


def test_a_number_is_asked_in_a_unit_or_in_none():
    told = asked({**NUMBER, "unit": "nats"}).question.told()
    assert (told["unit"], told["truth"], asked(NUMBER).question.unit) == ("nats", None, "")
    assert asked({**NUMBER, "unit": "choices"}).question.unit == "choices"  # a task's
    for unit in (None, 0, 1, False, ["bits"], {}, " ", "x" * 41, "\ud800"):
        with declined(400):
            question_asked({**NUMBER, "unit": unit})


def test_how_near_counts_is_told_with_the_truth():
    room = asked({**NUMBER, "near": 0.01})
    assert (room.question.known()["near"], room.question.told()["near"]) == (0.01, 0)
    shown = room.revealed(room.question, [{}]).question.told()
    assert (shown["truth"], shown["near"]) == (2.5, 0.01)
    assert asked(NUMBER).question.near == 0


@pytest.mark.parametrize(
    "changed",
    [*({"near": raw} for raw in (-0.01, math.inf, math.nan, 1.1e12, "1", True, None, [])),
     {"near": 0.1, "truth": None}],
)  # fmt: skip
def test_how_near_counts_is_a_distance_from_a_truth(changed):
    with declined(400):
        question_asked({**NUMBER, **changed})


def test_a_state_is_as_short_after_many_answers_as_before():
    room = asked(NUMBER)
    given = {str(number / 7): 1 for number in range(1000)}
    shown = room.revealed(room.question, [given]).moved("kl", "mu_q=1")
    assert len(shown.event()) < len(room.event()) + 20
    assert len(shown.result()) > 10_000


def test_each_change_has_the_next_number_and_a_round_is_closed_once():
    room = asked()
    numbers = [room.seq, (moved := room.moved("entropy", "")).seq, (closed := moved.closed()).seq]
    assert numbers == [2, 3, 4]
    assert closed.closed() is closed
    assert (closed.slug, closed.question.open) == ("entropy", False)


def test_a_question_is_asked_twice_at_most_also_once_it_was_revealed():
    room = asked()
    room = room.revealed(room.question, [{}]).again()
    with declined(409):
        room.revealed(replace(room.question, round=1), [{}])
    assert (room.question.round, room.question.open, room.question.told()["truth"]) == (
        2,
        True,
        None,
    )
    with declined(409):
        room.again()
    for act in (
        rules.Room.again,
        rules.Room.closed,
        lambda one: one.revealed(asked().question, []),
    ):
        with declined(409):
            act(a_room())
    assert room.put(question_asked(NUMBER)).question.id == 2
    with declined(409):
        replace(room, asked=200).put(question_asked(NUMBER))


@pytest.mark.parametrize(("question", "round_"), [(1, 2), (2, 1), ("1", 1), (None, None), ([], {})])
def test_only_the_open_round_takes_answers(question, round_):
    room = asked()
    assert room.open_question(1, 1) is room.question
    for one in (room, a_room()):
        with declined(409):
            one.open_question(question, round_)
    with declined(409):
        room.closed().open_question(1, 1)


@pytest.mark.parametrize("raw", [2, -1, True, 1.0, "1", None, [1], {}, 10**4000])
def test_an_answer_to_a_choice_is_the_place_of_an_option(raw):
    assert asked().question.answer(1) == "1"
    with declined(400):
        asked().question.answer(raw)


@pytest.mark.parametrize(
    "raw", [math.inf, math.nan, 1.1e12, -1.1e12, 10**4000, "1", True, None, []]
)
def test_an_answer_in_numbers_is_finite_and_not_huge(raw):
    with declined(400):
        asked(NUMBER).question.answer(raw)


@given(st.floats(-1e12, 1e12) | st.integers(-(10**12), 10**12))
def test_a_number_is_counted_as_it_was_given_and_equal_ones_as_one(raw):
    question = asked(NUMBER).question
    answer = question.answer(raw)
    assert float(answer) == raw
    assert answer == question.answer(float(raw))
    ((value, count),) = question.counted({answer: 3})
    assert (value, count) == (raw, 3)
    assert json.loads(json.dumps(value)) == raw


@given(st.lists(st.integers(0, 1), max_size=50), st.lists(st.integers(-5, 5), max_size=50))
def test_what_the_teacher_sees_adds_up(choices, numbers):
    for told, given_ in ((CHOICE, choices), (NUMBER, numbers)):
        question = asked(told).question
        counts = {}
        for one in given_:
            counts[question.answer(one)] = counts.get(question.answer(one), 0) + 1
        (seen,) = tally(question, [counts])
        shares = seen["counts"] if told is CHOICE else list(seen["values"].values())
        assert seen["total"] == sum(shares) == len(given_)


@pytest.mark.parametrize(
    "changed",
    [{"text": ""}, {"text": " "}, {"text": "x" * 301}, {"text": 1}, {"text": "a\x00b"},
     {"text": "\ud800"}, {"kind": "essay"}, {"kind": None}, {"options": ["one"]},
     {"options": ["x"] * 9}, {"options": "ab"}, {"options": None}, {"options": ["a", "x" * 121]},
     {"options": ["a", ""]}, {"options": ["a", 1]}, {"truth": 2}, {"truth": -1}, {"truth": True},
     {"truth": "1"}, {"truth": 0.5}],
)  # fmt: skip
def test_a_question_that_cannot_be_shown_is_declined(changed):
    with declined(400):
        question_asked({**CHOICE, **changed})


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_whatever_is_told_as_a_question_or_a_state_is_taken_or_declined_in_words(raw):
    questions = [{**CHOICE, "options": raw}, {**NUMBER, "truth": raw}, {**CHOICE, "text": raw}]
    state = {"slug": "kl", "query": raw}
    for take, told in (*((question_asked, one) for one in questions), (a_state, state)):
        why = None
        try:
            take(told)
        except Declined as error:
            why = error
        assert why is None or (why.status == 400 and " " in str(why))


@pytest.mark.parametrize(
    ("slug", "query", "said"),
    [("no", "", "no explorer called “no”"), (["kl"], "", "no explorer"), (None, "", "no explorer"),
     ("connections", "", "no explorer"), ("kl", None, "a link’s query"),
     ("kl", "x" * 7001, "a link’s query"), ("kl", "é" * 3501, "a link’s query"),
     ("kl", "mu_q=\ud800", "a link’s query"),
     ("kl", "mu_q=99", "must lie between"), ("kl", "mu_q=two", "must be a number"),
     ("kl", "mu=2", "nothing called “mu”"), ("kl", "theme=dark", "nothing called “theme”"),
     ("kl", "reset=", "nothing called “reset”"), ("kl", "task-start=", "nothing called"),
     ("kl", "mu_q=1&" * 100, "fields")],
)  # fmt: skip
def test_a_state_that_no_link_of_the_explorer_has_is_declined_with_the_reason(slug, query, said):
    with pytest.raises(Declined, match=said):
        a_state({"slug": slug, "query": query})


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)
def test_every_state_that_a_page_writes_into_its_link_is_taken(explorer):
    written = {
        name: ",".join(map(str, value)) if isinstance(value, list) else value
        for name, value in explorer.defaults().items()
    }
    query = urlencode(written, safe=",")
    if len(query.encode()) <= rules.LONGEST_QUERY:
        told = {"slug": explorer.slug, "query": query}
        assert a_state(told) == (explorer.slug, query)


@given(TEXTS, st.lists(TEXTS, min_size=2, max_size=8))
def test_a_room_comes_back_from_where_it_was_kept_as_it_was(text, options):
    told = {"text": text, "kind": "choice", "options": options, "truth": 0}
    room = asked(told)
    number = asked({**NUMBER, "near": 0.5})
    for one in (a_room(), room, room.revealed(room.question, [{"0": 2}, {"1": 1}]), number):
        assert room_of(one.as_json()).event() == one.event()
        assert room_of(one.as_json()) == room_of(room_of(one.as_json()).as_json())


@given(st.sampled_from("=+-@x"), TEXTS)
def test_no_cell_of_the_file_is_a_formula_and_any_reader_finds_the_texts(first, rest):
    told = {"text": first + rest, "kind": "choice", "options": [first + rest, 'a "b",\nc']}
    question = asked(told).question
    rows = list(csv.reader(io.StringIO(as_csv([(question, [{"0": 1}, {"1": 2}])]), newline="")))
    assert rows[0] == ["question", "round", "answer", "count"]
    text = first + rest if first == "x" else f"'{first}{rest}"
    counts = [("1", text, "1"), ("1", 'a "b",\nc', "0"), ("2", text, "0"), ("2", 'a "b",\nc', "2")]
    assert rows[1:] == [[text, *one] for one in counts]


def test_numbers_stand_in_the_file_as_numbers():
    question = asked(NUMBER).question
    text = as_csv([(question, [{"-1.5": 2, "3": 1}])])
    assert text.splitlines()[1:] == ["How many bits?,1,-1.5,2", "How many bits?,1,3,1"]


@pytest.mark.parametrize("ticket", [None, 1, "", ".", "é.é", "x" * 200, "a.b.c", ["a"]])
def test_a_ticket_is_of_its_room_alone_and_cannot_be_made_up(ticket):
    room, other = a_room(), a_room()
    good = new_ticket(room)
    device = device_of(room, good)
    assert good.startswith(device + ".")
    assert not device_of(other, good)
    assert not device_of(room, good[:-1])
    assert not device_of(room, "0" + good)
    assert not device_of(room, ticket)


def test_a_pace_lets_some_through_at_once_and_then_as_many_a_second(monkeypatch):
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pace = Pace(20)
    for _ in range(20):
        pace.step()
    with declined(429):
        pace.step()
    now += 0.5
    for _ in range(10):
        pace.step()
    with declined(429):
        pace.step()


def test_a_flood_of_refused_answers_is_cut_off_and_costs_nobody_else():
    meter = Meter()
    meter.begin(asked())
    for _ in range(REFUSALS):
        meter.refuse("a stranger at 203.0.113.7")
    with declined(429):
        meter.refuse("a stranger at 203.0.113.7")
    meter.refuse("device 1")  # of one who follows the room behind the same address
    meter.begin(asked().again())  # the next round
    meter.refuse("a stranger at 203.0.113.7")


JUDGE = """
import { readFileSync } from 'node:fs';
import { wrongWith } from './static/rooms/draft.js';
const drafts = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(drafts.map(wrongWith)));
"""


def is_taken(told):
    try:
        question_asked(told)
    except Declined:
        return False
    return True


def test_the_page_takes_the_very_questions_that_the_server_does():
    texts = ["", *(letter * count for letter in "x😀" for count in (1, 300, 301))]
    longest = [
        letter * most for letter in "x😀" for most in (0, 119, 120)
    ]  # less the one that differs
    lists = [[f"{one}{n}" for n in range(count)] for one in longest for count in (1, 2, 8, 9)]
    drafts = [{**CHOICE, "text": text, "truth": None} for text in texts]
    drafts += [{**CHOICE, "options": options, "truth": None} for options in lists]
    drafts += [{**NUMBER, "text": text, "options": []} for text in texts]
    command = ["node", "--input-type=module", "--eval", JUDGE]
    judged = subprocess.run(
        command, cwd=ROOT, input=json.dumps(drafts), capture_output=True, text=True, check=True
    )
    taken = [is_taken(draft) for draft in drafts]
    assert [not why for why in json.loads(judged.stdout)] == taken
    assert {*taken} == {True, False}


def test_a_question_of_the_most_letters_fits_a_request():
    told = {"text": "😀" * 300, "kind": "choice", "options": ["😀" * 120] * 8, "truth": 7}
    assert question_asked(told).truth == 7
    assert (
        len(json.dumps(told).encode()) < BODY
        or len(json.dumps(told, ensure_ascii=False).encode()) < BODY
    )
