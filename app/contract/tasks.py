"""Tasks: a reader guesses, brings the picture there, and is told why.

A task is a section of ``texts.md`` or of a lesson::

    ## Task: NAME
    What is asked, in a sentence or two.

    - an answer: what is said to it
    - another (right): what is said to it

    Build: what to bring about.
    Start: ?a=link&of=a state, which building starts from; what it leaves out is the default
    Until: a condition over parameters and readouts, see ``conditions``
    Watch: the numbers it is about, such as H = {entropy}, which stand over the picture
    Why: what there is to understand.

Instead of the answers there may be ``Guess: 2 (within 0.01) nats`` with ``Right:`` and ``Wrong:``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from .conditions import NUMBER, NUMBERS, TEXT, TEXTS, Node, condition, holds, similar
from .explorer import UNIT_SLOTS, UNITS, Explorer, State
from .links import RESERVED, in_order, linked_state
from .parameters import kind

FIELDS = ("Guess", "Right", "Wrong", "Build", "Start", "Until", "Watch", "Why")
NEEDED = ("Build", "Until", "Why")
FEWEST_ANSWERS, MOST_ANSWERS = 2, 5
LONGEST_TEXT = 400  # characters of a prompt, reply or explanation
LONGEST_WATCH = 100  # of what stands in a line over the picture, a slot's braces and all

_KINDS = {
    "number": NUMBER, "numbers": NUMBERS, "choice": TEXT, "text": TEXT, "texts": TEXTS,
}  # fmt: skip
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FIELD = re.compile(r"([A-Z]\w*):(?:\s+(.*)|)$")
_ANSWER = re.compile(r"- (.+?)( \(right\))?:(?:\s+(.*)|)$")
_GUESS = re.compile(r"(-?[\d.]+) \(within ([\d.]+)\)(?: (\S.*))?$")
_SLOT = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a file, at which line and in which field."""

    line: int
    field: str
    what: str

    def __str__(self) -> str:
        """Say it as compilers do, so that editors can lead there."""
        return f"line {self.line}, {self.field}: {self.what}"


@dataclass
class Task:
    """One task; ``answers`` are text, whether it is right, and the reply."""

    name: str
    prompt: str = ""
    answers: list[tuple[str, bool, str]] = field(default_factory=list)
    guess: tuple[float, float, str] | None = None  # the number, how near counts, and its unit
    right: str = ""
    wrong: str = ""
    build: str = ""
    start: list[tuple[str, str]] = field(default_factory=list)
    until: Node = None
    watch: str = ""
    why: str = ""
    lines: dict[str, int] = field(default_factory=dict)  # at which each field stands, first

    @property
    def replies(self) -> tuple[str, ...]:
        """Return what is said to each answer, or to a right and a wrong guess."""
        return tuple(one[2] for one in self.answers) or (self.right, self.wrong)

    @property
    def truth(self) -> float | None:
        """Return the place of the right answer or, of a guess, the number."""
        right = (place for place, one in enumerate(self.answers) if one[1])
        return self.guess[0] if self.guess else next(right, None)

    @property
    def unguessed(self) -> str:
        """Return what is said to who has no idea: the reply to a wrong guess, without a verdict."""
        return re.sub(r"^Not quite\b", "Let us see", self.wrong)

    @property
    def about(self) -> dict[str, Any]:
        """Return what the page needs to know of it, beside its texts."""
        return {"start": self.start, "until": self.until, "guess": self.guess}


@cache
def tasks_of(explorer: type[Explorer]) -> tuple[Task, ...]:
    """Return a chapter's own tasks; mistakes in them are a ``ValueError``."""
    mistakes: list[Mistake] = []
    tasks = [
        read_task(name, text, explorer.texts.line("Task", name), explorer, mistakes)
        for name, text in explorer.texts.all("Task").items()
    ]
    if mistakes:
        raise ValueError("; ".join(f"{explorer.slug}, {one}" for one in mistakes))
    return tuple(tasks)


def kinds_of(explorer: type[Explorer]) -> dict[str, str]:
    """Return what each name in a condition stands for: parameters, and the numbers on the page."""
    readouts = dict.fromkeys((one.name for one in explorer.readouts), NUMBER)
    return {**readouts, **{n: _KINDS[kind(one)] for n, one in explorer.parameters().items()}}


def is_reached(explorer: type[Explorer], task: Task, state: State) -> bool:
    """Return whether a state is what a task asks for."""
    result = explorer.compute(**state)
    return holds(task.until, {**result.readouts, **state}, UNITS[state["unit"]])


def start_of(explorer: type[Explorer], task: Task, unit: str) -> State:
    """Return the state that building starts from, for a reader who has chosen a unit."""
    start = [("unit", unit), *task.start]
    return explorer.apply(explorer.defaults(), [("task-start", start)])[0]


def read_task(
    name: str, text: str, line: int, explorer: type[Explorer], mistakes: list[Mistake]
) -> Task:
    """Read a task whose heading stands at ``line``; what is wrong joins ``mistakes``."""
    task = Task(name)
    found = task.lines
    if not NAME.fullmatch(name):
        what = f"“{name[:40]}” is no name: small letters and digits, joined by hyphens"
        mistakes.append(Mistake(line, "Task", what))
    for at, label, value in _parts(text, line):
        try:
            _take(task, found, label, value, explorer)
        except ValueError as error:
            mistakes.append(Mistake(at, label[:20], str(error)))
        found.setdefault(label, at)
    mistakes += [
        Mistake(found.get(label, line), label, what) for label, what in _missing(task, found)
    ]
    return task


def _parts(text: str, line: int) -> Iterator[tuple[int, str, str]]:
    """Go through line, field and value; a value goes on until a blank line or the next field."""
    at, label, value = line + 1, "Prompt", ""
    for number, row in enumerate(text.split("\n"), line + 1):
        new = "Answer" if row.startswith("- ") else (_FIELD.match(row) or [""] * 2)[1]
        ends = not row.strip() and label != "Prompt"
        if (new or ends) and value:
            yield at, label, value.strip()
        if new or ends:
            at, label = number, new or "Text"
            value = row if new == "Answer" else row.partition(":")[2] or " " if new else ""
        else:
            at, value = (at if value.strip() else number), f"{value} {row.strip()}"
    if value:
        yield at, label, value.strip()


def _take(
    task: Task, found: Mapping[str, int], label: str, value: str, explorer: type[Explorer]
) -> None:
    if label not in (*FIELDS, "Prompt", "Answer"):
        what = "stands outside of any field" if label == "Text" else "is no field"
        raise ValueError(f"{what}; there are answers (- …), {', '.join(FIELDS)}")
    if label in found and label != "Answer":
        raise ValueError("stands twice in this task")
    if not value:
        raise ValueError("is empty")
    if label == "Until":
        task.until = condition(value, kinds_of(explorer))
    elif label == "Start":
        task.start = _start(value, explorer)
    elif label == "Guess":
        task.guess = _guess(value)
    elif label == "Answer":
        task.answers.append(_answer(value, explorer))
        if [right for _, right, _ in task.answers if right][1:] and task.answers[-1][1]:
            raise ValueError("is marked (right), as an answer before it is; only one may be")
    else:
        most = LONGEST_WATCH if label == "Watch" else LONGEST_TEXT
        setattr(task, label.lower(), _text(value, explorer, most))


def _text(text: str, explorer: type[Explorer], most: int = LONGEST_TEXT) -> str:
    if len(text) > most:
        raise ValueError(f"is {len(text)} characters long; {most} are the most")
    slots = _slots_of(explorer)
    for slot in _SLOT.findall(text):
        if slot not in slots:
            raise ValueError(
                f"has {{{slot}}}, which this chapter does not show{similar(slot, slots)}"
            )
    return text


@cache
def _slots_of(explorer: type[Explorer]) -> set[str]:
    """Return what may stand in braces: what ``lookUp`` finds in the browser, and passages."""
    result, state = explorer.compute(**explorer.defaults()), explorer.defaults()
    columns = {f"{name}.{column}" for name, table in result.tables.items() for column in table}
    passages = explorer.texts.all("Passage")
    return {*result.readouts, *result.slots, *state, *columns, *UNIT_SLOTS["bits"], *passages}


def _answer(value: str, explorer: type[Explorer]) -> tuple[str, bool, str]:
    read = _ANSWER.match(value)
    if not read or not read[3]:
        raise ValueError(f"“{value[:40]}” is no answer: write “- words: what is said to them”")
    return read[1], bool(read[2]), _text(read[3], explorer)


def _guess(value: str) -> tuple[float, float, str]:
    read = _GUESS.match(value)
    try:
        number, near = (float(read[1]), float(read[2])) if read else (0.0, 0.0)
    except ValueError:
        near = 0.0
    if not read or not 0 < near < math.inf or not math.isfinite(number):
        raise ValueError(f"“{value[:40]}” is no guess: write “2.585 (within 0.01) bits”")
    return number, near, (read[3] or "")[:40]


def _start(value: str, explorer: type[Explorer]) -> list[tuple[str, str]]:
    """Return a link's pairs in the order in which they are set, if a page would take them all."""
    try:
        pairs = parse_qsl(value.removeprefix("?"), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise ValueError(f"“{value[:40]}” is no link’s query, such as ?name=value&…") from None
    reserved = next((key for key, _ in pairs if key in RESERVED), None)
    if reserved:
        raise ValueError(f"has {reserved}, which is no part of a state")
    linked_state(explorer, pairs)
    return in_order(explorer, pairs)


def _missing(task: Task, found: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    for label in ("Prompt", *NEEDED):
        if label not in found:
            yield label, "is missing"
    if "Guess" in found:
        for label in ("Right", "Wrong"):
            if label not in found:
                yield label, "is missing: what is said to a guess"
        if "Answer" in found:
            yield "Guess", "stands beside answers; a task has either"
        return
    for label in ("Right", "Wrong"):
        if label in found:
            yield label, "belongs to a Guess, and there is none"
    if not FEWEST_ANSWERS <= len(task.answers) <= MOST_ANSWERS:
        count = len(task.answers)
        yield "Answer", f"there are {count}; a task has {FEWEST_ANSWERS} to {MOST_ANSWERS}"
    elif not any(right for _, right, _ in task.answers):
        yield "Answer", "none is marked (right); write it behind the one that is"


def done_at_start(explorer: type[Explorer], task: Task) -> str:
    """Return where a condition holds before anything is done, or nothing."""
    done = [u for u in UNITS if is_reached(explorer, task, start_of(explorer, task, u))]
    if not done:
        return ""
    return "at its start" + (f", on a page that is set to {done[0]}" if len(done) == 1 else "")
