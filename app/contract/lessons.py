"""Lessons: a teacher's own tasks for a chapter, in a file of Markdown each.

The file begins with ``# Title`` and ``Chapter: kl``. ``Hide: …`` takes controls away and
``Lock: …`` fixes them: parameters, gestures (``swap``) and ``scenes``, with commas between. Then
come tasks, as ``tasks`` says. The file's name is the lesson's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .conditions import similar
from .tasks import NAME, Mistake, Task, done_at_start, read_task

if TYPE_CHECKING:
    from .explorer import Explorer

LONGEST_FILE = 60_000  # characters
MOST_TASKS = 12
SCENES = "scenes"
HEADS = ("Chapter", "Hide", "Lock")

_SECTION = re.compile(r"^##(?!#)[ \t]*(.*)$", re.MULTILINE)


class LessonError(ValueError):
    """A folder of lessons that cannot be taken, with all that is wrong in it."""


@dataclass
class Lesson:
    """A lesson; without a name and a chapter's own tasks it is the chapter itself."""

    name: str
    slug: str
    title: str = ""
    hide: list[str] = field(default_factory=list)
    lock: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


def read_lessons(folder: Path, explorers: Sequence[type[Explorer]]) -> list[Lesson]:
    """Return the lessons in a folder; mistakes in any of them are a ``LessonError``."""
    files = sorted(folder.glob("*.md"))
    if not files:
        raise LessonError(f"{folder} has no lessons, which are files that end in .md")
    lessons, wrong = [], []
    for file in files:
        lesson, mistakes = read_file(file, explorers)
        lessons.append(lesson)
        wrong += [f"{file}: {one}" for one in mistakes]
    if wrong:
        raise LessonError("\n" + "\n".join(wrong))
    return lessons


def read_file(file: Path, explorers: Sequence[type[Explorer]]) -> tuple[Lesson, list[Mistake]]:
    """Return a lesson and all mistakes in its file; a file that is none is an ``OSError``."""
    try:
        with file.open(encoding="utf-8-sig") as text:
            source = text.read(LONGEST_FILE + 1)  # of a file of any size no more than says enough
    except UnicodeDecodeError:
        return Lesson(file.stem, ""), [Mistake(1, "File", "is no text in UTF-8")]
    return read_lesson(file.stem, source, explorers)


def read_lesson(
    name: str, source: str, explorers: Sequence[type[Explorer]]
) -> tuple[Lesson, list[Mistake]]:
    """Return a lesson and all the mistakes in it."""
    lesson = Lesson(name, "")
    if len(source) > LONGEST_FILE:
        return lesson, [Mistake(1, "File", f"has more than {LONGEST_FILE} characters")]
    sections = list(_SECTION.finditer(source))
    mistakes = list(_wrong_as_a_whole(name, len(sections)))
    head = source[: sections[0].start()] if sections else source
    explorer = _read_head(lesson, head, explorers, mistakes)
    ends = [*(one.start() for one in sections[1:]), len(source)]
    for section, end in zip(sections[:MOST_TASKS], ends, strict=False):
        line = source.count("\n", 0, section.start()) + 1
        text = source[section.end() + 1 : end]
        _read_section(lesson, section[1].strip(), text, line, explorer, mistakes)
    return lesson, sorted(mistakes, key=lambda one: one.line)


def _wrong_as_a_whole(name: str, count: int) -> Iterator[Mistake]:
    if not NAME.fullmatch(name):
        what = f"“{name[:40]}” is no name: small letters and digits, joined by hyphens"
        yield Mistake(1, "File", what)
    if not count:
        yield Mistake(1, "Task", "there is none; a lesson has at least one")
    if count > MOST_TASKS:
        yield Mistake(1, "Task", f"there are {count}; {MOST_TASKS} are the most")


def _read_section(
    lesson: Lesson, title: str, text: str, line: int,
    explorer: type[Explorer] | None, mistakes: list[Mistake],
) -> None:  # fmt: skip
    if not title.startswith("Task:"):
        what = f"“## {title[:40]}” is no task: write “## Task: name”"
        mistakes.append(Mistake(line, "Task", what))
    elif explorer:
        wrong: list[Mistake] = []
        task = read_task(title[5:].strip(), text, line, explorer, wrong)
        begins = task.until and not any(one.field == "Start" for one in wrong)
        if begins and (where := done_at_start(explorer, task)):
            what = f"“{task.name}” is done already {where}"
            wrong.append(Mistake(task.lines["Until"], "Until", what))
        mistakes += wrong
        if task.name in [one.name for one in lesson.tasks]:
            mistakes.append(Mistake(line, "Task", f"“{task.name}” stands twice"))
        lesson.tasks.append(task)


def names_of(explorer: type[Explorer]) -> dict[str, str]:
    """Return what ``Hide`` and ``Lock`` may name, each with what the page calls it."""
    labels = {name: one.label or "" for name, one in explorer.parameters().items()}
    return {**labels, **explorer.gestures, SCENES: "the buttons of the scenes"}


def _read_head(
    lesson: Lesson, head: str, explorers: Iterable[type[Explorer]], mistakes: list[Mistake]
) -> type[Explorer] | None:
    found = _read_rows(lesson, head, mistakes)
    line, lesson.slug = found.get("Chapter", (1, ""))
    by_slug = {one.slug: one for one in explorers}
    explorer = by_slug.get(lesson.slug)
    if not explorer:
        given = f"“{lesson.slug[:40]}” is none" if lesson.slug else "is missing"
        mistakes.append(Mistake(line, "Chapter", f"{given}; there are {', '.join(by_slug)}"))
        return None
    for label, names in (("Hide", lesson.hide), ("Lock", lesson.lock)):
        line, value = found.get(label, (1, ""))
        names += [name.strip() for name in value.split(",") if name.strip()]
        mistakes += [Mistake(line, label, what) for what in _unknown(names, names_of(explorer))]
    return explorer


def _read_rows(lesson: Lesson, head: str, mistakes: list[Mistake]) -> dict[str, tuple[int, str]]:
    """Take the title, and return the other rows of the head: label, line and value."""
    found: dict[str, tuple[int, str]] = {}
    for line, row in enumerate(head.split("\n"), 1):
        label, colon, value = row.partition(":")
        if row.startswith("# ") and not lesson.title:
            lesson.title = row[2:].strip()[:80]
        elif colon and label in HEADS and label not in found:
            found[label] = line, value.strip()
        elif row.strip():
            what = "stands twice" if label in found else f"is none of # Title, {', '.join(HEADS)}"
            mistakes.append(Mistake(line, label[:20] if colon else "Text", what))
    if not lesson.title:
        mistakes.append(Mistake(1, "Title", "is missing: a lesson begins with “# Title”"))
    return found


def _unknown(names: Iterable[str], known: Mapping[str, str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"“{name[:40]}” is nothing on this page{similar(name, known)}"
