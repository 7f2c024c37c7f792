"""What a room is and what may happen in it: values that nothing changes, and no clock."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from ..contract.explorer import Explorer
from ..contract.links import linked_state
from ..contract.messages import quoted
from ..contract.parameters import readable

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another: no 0 O 1 I L
CODE_LENGTH = 6
LIFETIME = 4 * 3600  # seconds
MOST_QUESTIONS = 200  # of a room
MOST_ROUNDS = 2  # of a question: before the discussion, and after it
LONGEST_QUERY = 7000  # bytes
LONGEST_TEXT, LONGEST_OPTION, LONGEST_UNIT = 300, 120, 40  # letters; a task’s unit has no more
OPTIONS = (2, 8)
LARGEST = 1e12  # that a number answered may be, either way

Counts = Mapping[str, int]  # of each answer, as text, how often it was given


class Declined(Exception):  # noqa: N818  (said of a request, not of a program)
    """Why a request is not done, in a sentence for people, with the status that says so.

    ``more`` is what a program needs to know beside it.
    """

    def __init__(self, status: int, why: str, **more: Any) -> None:
        super().__init__(why)
        self.status, self.more = status, more


@dataclass(frozen=True)
class Question:
    """A question of the teacher's.

    Of a number ``near`` is how far from the truth still counts, ``unit`` what it may be given in;
    ``rounds`` are what was answered, once it is revealed.
    """

    id: int
    text: str
    kind: str
    options: tuple[str, ...] = ()
    truth: float | None = None
    near: float = 0
    unit: str = ""
    round: int = 1
    open: bool = True
    rounds: tuple[Any, ...] | None = None

    @property
    def revealed(self) -> bool:
        """Whether all see the truth and what was answered."""
        return self.rounds is not None

    def known(self) -> dict[str, Any]:
        """Return what its teacher knows of it, beside what was answered."""
        known = {name: value for name, value in asdict(self).items() if name != "rounds"}
        return {**known, "revealed": self.revealed}

    def told(self) -> dict[str, Any]:
        """Return what everybody may know of it, beside what was answered."""
        return self.known() if self.revealed else {**self.known(), "truth": None, "near": 0}

    def answer(self, raw: object) -> str:
        """Return a stranger's answer as it is counted, or decline it."""
        if self.kind == "number":
            return written(_number(raw, "An answer"))
        if type(raw) is not int or not 0 <= raw < len(self.options):
            raise Declined(400, f"An answer is one of the {len(self.options)} options.")
        return str(raw)

    def counted(self, counts: Counts) -> list[Any]:
        """Return a round as it is shown: how often each option was chosen, or each number."""
        if self.kind == "choice":
            return [counts.get(str(place), 0) for place in range(len(self.options))]
        return sorted([_plain_number(float(answer)), count] for answer, count in counts.items())


@dataclass(frozen=True)
class Room:
    """A room, with what must not leave the server: the key's digest, and what signs tickets."""

    code: str
    digest: str
    secret: str
    ends: int
    slug: str
    query: str
    seq: int = 1
    asked: int = 0  # questions so far
    question: Question | None = None

    def event(self) -> bytes:
        """Return the room as its followers' streams bring it."""
        question = self.question and self.question.told()
        told = {"seq": self.seq, "slug": self.slug, "query": self.query, "question": question}
        return b"event: room\ndata: " + _packed(told) + b"\n\n"

    def result(self) -> bytes:
        """Return what was answered, once revealed: an event of its own, as numbers may be many."""
        one = self.question
        if not one or not one.revealed:
            return b""
        told = {"id": one.id, "round": one.round, "rounds": one.rounds}
        return b"event: rounds\ndata: " + _packed(told) + b"\n\n"

    def as_json(self) -> bytes:
        """Return all of the room, for who keeps it."""
        return _packed(asdict(self))

    def require(self, key: str) -> None:
        """Decline who has not the teacher's key."""
        if not hmac.compare_digest(self.digest, digest_of(key)):
            raise Declined(403, "Only the teacher’s page may do that; its key is another.")

    def moved(self, slug: str, query: str) -> Room:
        """Return the room in another state."""
        return replace(self, seq=self.seq + 1, slug=slug, query=query)

    def put(self, question: Question) -> Room:
        """Return the room with a new question in it."""
        if self.asked >= MOST_QUESTIONS:
            raise Declined(409, f"A room has {MOST_QUESTIONS} questions at most.")
        question = replace(question, id=self.asked + 1)
        return replace(self, seq=self.seq + 1, asked=self.asked + 1, question=question)

    def again(self) -> Room:
        """Return the room with its question asked once more."""
        question = self._the_question()
        if question.round >= MOST_ROUNDS:
            raise Declined(409, "A question is asked twice at most.")
        return self._with(question, round=question.round + 1, open=True, rounds=None)

    def settled(self, asked: object, round_: object, truth: object) -> Room:
        """Return the room with this question's truth, which may have been left open until now."""
        question = self._still(asked, round_)
        if truth is None:
            return self
        if question.truth is not None:
            raise Declined(409, "What is right has been said already.")
        return self._with(question, truth=_truth(truth, question.kind, question.options))

    def closed(self) -> Room:
        """Return the room taking no more answers."""
        question = self._the_question()
        return self._with(question, open=False) if question.open else self

    def revealed(self, asked: Question, rounds: Iterable[Counts]) -> Room:
        """Return the room with the truth, and what was answered to this question, shown to all."""
        question = self._still(asked.id, asked.round)
        counted = tuple(question.counted(one) for one in rounds)
        return self._with(question, open=False, rounds=counted)

    def cleared(self) -> Room:
        """Return the room with its question put away, on all pages."""
        return replace(self, seq=self.seq + 1, question=None) if self.question else self

    def open_question(self, question: object, round_: object) -> Question:
        """Return the question that takes answers, where it is this one in this round."""
        now = self.question
        if not now or not now.open or (now.id, now.round) != (question, round_):
            raise Declined(409, "This round takes no answers now.")
        return now

    def _the_question(self) -> Question:
        if not self.question:
            raise Declined(409, "No question has been asked in this room.")
        return self.question

    def _still(self, asked: object, round_: object) -> Question:
        """Return the question, where it is this one in this round; two tabs may lead a room."""
        now = self._the_question()
        if (now.id, now.round) != (asked, round_):
            raise Declined(409, "Another question has been asked meanwhile.")
        return now

    def _with(self, question: Question, **changes: Any) -> Room:
        return replace(self, seq=self.seq + 1, question=replace(question, **changes))


def room_of(packed: bytes | str) -> Room:
    """Return a room that was kept as JSON."""
    given = json.loads(packed)
    question = given["question"] and question_of(given["question"])
    return Room(**{**given, "question": question})


def question_of(given: Mapping[str, Any]) -> Question:
    """Return a question that was kept as JSON."""
    rounds = None if given["rounds"] is None else tuple(given["rounds"])
    return Question(**{**given, "options": tuple(given["options"]), "rounds": rounds})


def new_room(slug: str, query: str, now: float) -> tuple[Room, str]:
    """Return a room that begins now, and the key that only its teacher gets."""
    key = secrets.token_urlsafe(24)
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    ends = int(now) + LIFETIME
    return Room(code, digest_of(key), secrets.token_hex(16), ends, slug, query), key


def digest_of(key: str) -> str:
    """Return what of a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


def state_of(explorers: Mapping[str, type[Explorer]], told: Mapping[str, Any]) -> tuple[str, str]:
    """Return the chapter and the query of a state that a link could have, or decline it."""
    slug, query = told.get("slug"), told.get("query")
    if not isinstance(slug, str) or slug not in explorers:
        raise Declined(400, f"There is no explorer called {quoted(slug)}.")
    if not isinstance(query, str) or not _bytes_of(query) <= LONGEST_QUERY:
        raise Declined(400, f"A state is a link’s query of {LONGEST_QUERY} bytes at most.")
    explorer = explorers[slug]
    try:
        most = len(explorer.parameters())
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=most)
        for key, _ in pairs:
            if key not in explorer.parameters():
                raise Declined(400, f"This page has nothing called {quoted(key)}.")
        linked_state(explorer, pairs)
    except ValueError as error:
        raise Declined(400, str(error)) from error
    return slug, query


def question_asked(told: Mapping[str, Any]) -> Question:
    """Return the question that a teacher asks, or decline it."""
    text, kind = _text(told.get("text"), "A question", LONGEST_TEXT), told.get("kind")
    if kind == "number":
        truth = _truth(told.get("truth"), kind)
        near, unit = _reach(told.get("near", 0), truth), told.get("unit", "")
        if unit != "":
            unit = _text(unit, "A unit", LONGEST_UNIT)
        return Question(0, text, kind, (), truth, near, unit)
    if kind != "choice":
        raise Declined(400, "A question is a choice or asks for a number.")
    options, (least, most) = told.get("options"), OPTIONS
    if not isinstance(options, list) or not least <= len(options) <= most:
        raise Declined(400, f"A choice has {least} to {most} options.")
    texts = tuple(_text(one, "An option", LONGEST_OPTION) for one in options)
    return Question(0, text, kind, texts, _truth(told.get("truth"), kind, texts))


def _truth(raw: object, kind: str, options: Sequence[str] = ()) -> float | None:
    """Return what is right, where that is said, or decline it."""
    if raw is None:
        return None
    if kind == "number":
        return _number(raw, "A truth")
    if type(raw) is not int or not 0 <= raw < len(options):
        raise Declined(400, "The truth is the place of an option, 0 the first.")
    return raw


def _text(raw: object, what: str, longest: int) -> str:
    text = raw.strip() if isinstance(raw, str) else ""
    if not 1 <= len(text) <= longest:
        raise Declined(400, f"{what} has 1 to {longest} letters.")
    try:
        text = readable(what, text)
    except ValueError as error:
        raise Declined(400, str(error)) from error
    if _bytes_of(text) == math.inf:
        raise Declined(400, f"{what} has a letter that cannot be shown.")
    return text


def _bytes_of(text: str) -> float:
    """Return how long a text is as it travels; one with half a letter never can."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return math.inf


def _number(raw: object, what: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= LARGEST:
        raise Declined(400, f"{what} is a number from −10¹² to 10¹².")
    return _plain_number(float(raw))


def _reach(raw: object, truth: float | None) -> float:
    reach = _number(raw, "How near counts")
    if reach < 0 or (reach and truth is None):
        raise Declined(400, "How near counts is a distance from a truth.")
    return reach


def _plain_number(number: float) -> float:
    """Return a whole number as such, which JSON then writes as JavaScript does."""
    return int(number) if number.is_integer() else number


def written(number: float) -> str:
    """Return a number as JavaScript writes it, so far as a reader would."""
    return str(_plain_number(float(number)))


def tally(question: Question, rounds: Sequence[Counts]) -> list[dict[str, Any]]:
    """Return what the teacher sees of a question's rounds."""
    return [_of_round(question, number, counts) for number, counts in enumerate(rounds, 1)]


def _of_round(question: Question, number: int, counts: Counts) -> dict[str, Any]:
    counted, total = question.counted(counts), sum(counts.values())
    if question.kind == "choice":
        return {"round": number, "counts": counted, "total": total}
    values = {written(value): count for value, count in counted}
    return {"round": number, "values": values, "total": total}


def as_csv(asked: Iterable[tuple[Question, Sequence[Counts]]]) -> str:
    """Return all questions with what was answered, for a spreadsheet."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)  # with \r\n, as RFC 4180 asks
    rows.writerow(("question", "round", "answer", "count"))
    for question, rounds in asked:
        for number, counts in enumerate(rounds, 1):
            for answer, count in _answers(question, question.counted(counts)):
                rows.writerow((_harmless(question.text), number, answer, count))
    return file.getvalue()


def _answers(question: Question, counted: Sequence[Any]) -> Iterable[tuple[Any, int]]:
    if question.kind == "number":
        return [(value, count) for value, count in counted]
    return zip(map(_harmless, question.options), counted, strict=True)


def _harmless(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _packed(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
