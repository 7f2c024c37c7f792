"""Lessons: a teacher's file is read whole, and every mistake in it is named with line and field."""

import re

import pytest

from app.__main__ import main
from app.contract.lessons import LessonError, read_file, read_lesson, read_lessons
from app.contract.tasks import is_reached, start_of
from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS

GOOD = """\
# Week 3: two Gaussians
Chapter: kl
Hide: integrand, scenes
Lock: mu_p, sigma_p

## Task: far
P is N(0, 1). How much does it cost
to put Q at 3?

- less than 1 nat: No, more.
- about 4.5 nats (right): Yes,
  half of 3².

Build: Put the mean of Q at 3.
Start: ?mu_p=0&sigma_p=1&mu_q=0&sigma_q=1
Until: abs(mu_q - 3) <= 0.1
Why: It costs **{kl_pq}** {unit}.

## Task: near
How much at 1?

Guess: 0.5 (within 0.01) nats
Right: Yes.
Wrong: No.

Build: Put it at 1.
Until: abs(mu_q - 1) <= 0.05 and sigma_q <= 1
Why: Half of 1².
"""

MISTAKES = {
    "no title": ("# Week 3: two Gaussians", "Week 3", 1, "Title", "is missing"),
    "no such chapter": ("kl\n", "k-l\n", 2, "Chapter", "“k-l” is none; there are surprise, "),
    "no such control to hide": ("scenes", "scene", 3, "Hide", "page; did you mean scenes"),
    "no such control to lock": ("Lock: mu_p", "Lock: mu", 4, "Lock", "did you mean mu_q or mu_p?"),
    "an unknown head": ("Lock:", "Locked:", 4, "Locked", "is none of # Title, Chapter, Hide, Lock"),
    "no task but a section": ("## Task: near", "## Quiz: near", 19, "Task", "“## Quiz: near” is"),
    "a heading without words": ("## Task: near", "##\nTask: near", 19, "Task", "“## ” is no task"),
    "a mistake below a word processor's break": ("Half", "\u2028\vHalf {x}", 28, "Why", "has {x}"),
    "a mistake below one in a prompt": ("at 1?", "\v\u2028at 1?\n\n- a", 22, "Answer", "no ans"),
    "a bad name": ("## Task: far", "## Task: Far away", 6, "Task", "“Far away” is no name"),
    "a name twice": ("## Task: near", "## Task: far", 19, "Task", "“far” stands twice"),
    "no prompt": ("How much at 1?\n", "\n", 21, "Prompt", "is empty"),
    "an unknown field": ("Build: Put the", "Built: Put the", 14, "Built", "is no field; there are"),
    "a field twice": ("Why: It", "Until: mu_q > 2\nWhy: It", 17, "Until", "stands twice"),
    "an empty field": ("Why: Half of 1².", "Why:", 28, "Why", "is empty"),
    "a field that is missing": ("Why: Half of 1².\n", "", 19, "Why", "is missing"),
    "a stray line": ("Yes,\n", "Yes.\n\nStray.\n", 13, "Text", "stands outside of any field"),
    "an answer without a reply": ("No, more.", "", 10, "Answer", "is no answer: write"),
    "no right answer": (" (right)", "", 10, "Answer", "none is marked (right)"),
    "two right answers": ("less than 1 nat:", "less than 1 nat (right):", 11, "Answer", "only one"),
    "one answer": ("- less than 1 nat: No, more.\n", "", 10, "Answer", "there are 1; a task has 2"),
    "a line to watch that is none": (
        "Why: It", f"Watch: {'long ' * 20}words\nWhy: It", 17, "Watch", "100 are the most"
    ),
    "a number to watch that is not there": (
        "Why: It", "Watch: {kl_qq}\nWhy: It", 17, "Watch", "did you mean kl_q"
    ),
    "a guess without a tolerance": (" (within 0.01)", "", 22, "Guess", "is no guess: write"),
    "a guess that is none": ("0.5 (within", "0.5.1 (within", 22, "Guess", "is no guess: write"),
    "a guess beyond the doubles": ("0.5 (", f"{'9' * 400} (", 22, "Guess", "is no guess: write"),
    "a tolerance beyond them": ("(within 0.01", f"(within {'9' * 400}", 22, "Guess", "no guess"),
    "a guess without replies": ("Right: Yes.\n", "", 19, "Right", "what is said to a guess"),
    "a guess beside answers": ("Right: Yes.", "Right: Yes.\n- a: b", 22, "Guess", "either"),
    "a reply without a guess": ("Build: Put the", "Wrong: No\nBuild: Put the", 14, "Wrong", "no"),
    "a start out of the bounds": ("mu_q=0", "mu_q=9", 15, "Start", "mean μ of Q must lie between"),
    "a start with an unknown key": ("mu_q=0", "mu=0", 15, "Start", "nothing called “mu”"),
    "a start that is no query": ("?mu_p=0&", "mu_p: 0, &", 15, "Start", "no link’s query"),
    "a start with a reserved key": ("?mu_p=0", "?lesson=x&mu_p=0", 15, "Start", "has lesson"),
    "an unknown name": ("(mu_q - 3)", "(mu - 3)", 16, "Until", "has not; did you mean mu_q"),
    "a condition that cannot be read": ("<= 0.1", "=< 0.1", 16, "Until", "cannot be read"),
    "a condition that calls": ("abs(mu_q - 3)", "exec(mu_q)", 16, "Until", "calls “exec(mu_q)”"),
    "a condition that holds at once": ("- 3) <= 0.1", "- 3) <= 9", 16, "Until", "at its start"),
    "a condition that holds at once, in nats alone": (
        "abs(mu_q - 1) <= 0.05 and sigma_q <= 1", "kl_pq < 0.8", 27, "Until", "set to nats"
    ),  # at the chapter's first state D is 0.673 nats and 0.971 bits
    "a condition that holds at once, beside a mistake": (
        "- 3) <= 0.1\nWhy: It costs **{kl_pq}**", "- 3) <= 9\nWhy: It costs **{klpq}**", 16,
        "Until", "done already at its start",
    ),
    "a slot that is none": ("{kl_pq}", "{klpq}", 17, "Why", "does not show; did you mean kl_pq"),
    "a text that is too long": ("Half of 1².", "x" * 401, 28, "Why", "401 characters long; 400"),
    "no task": (GOOD[GOOD.index("## Task: far") :], "", 1, "Task", "there is none"),
}  # fmt: skip


def test_a_lesson_is_read():
    lesson, mistakes = read_lesson("week-3", GOOD, EXPLORERS)
    assert mistakes == []
    assert (lesson.title, lesson.slug) == ("Week 3: two Gaussians", "kl")
    assert (lesson.hide, lesson.lock) == (["integrand", "scenes"], ["mu_p", "sigma_p"])
    far, near = lesson.tasks
    assert far.prompt == "P is N(0, 1). How much does it cost to put Q at 3?"
    assert far.answers == [("less than 1 nat", False, "No, more."),
                           ("about 4.5 nats", True, "Yes, half of 3².")]  # fmt: skip
    assert near.guess == (0.5, 0.01, "nats")
    assert near.replies == ("Yes.", "No.")
    start = start_of(KL, far, "bits")
    assert {name: start[name] for name in ("mu_p", "mu_q", "unit")} == {
        "mu_p": 0, "mu_q": 0, "unit": "bits",
    }  # fmt: skip
    assert is_reached(KL, far, {**start, "mu_q": 3.0})


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_field(mistake):
    old, new, line, field, said = mistake
    assert GOOD.count(old) >= 1
    _, mistakes = read_lesson("week-3", GOOD.replace(old, new, 1), EXPLORERS)
    told = [one for one in mistakes if (one.line, one.field) == (line, field)]
    assert told, mistakes
    assert any(said in str(one) for one in told), told


def test_all_mistakes_are_named_in_the_order_of_their_lines():
    wrong = GOOD
    for name in ("no such control to hide", "no right answer", "a start with an unknown key",
                 "a guess without a tolerance", "a slot that is none"):  # fmt: skip
        wrong = wrong.replace(*MISTAKES[name][:2], 1)
    _, mistakes = read_lesson("week-3", wrong, EXPLORERS)
    named = [(one.line, one.field) for one in mistakes]
    assert {(3, "Hide"), (10, "Answer"), (15, "Start"), (17, "Why"), (22, "Guess")} <= set(named)
    assert named == sorted(named, key=lambda one: one[0])


@pytest.mark.parametrize(
    "source", ["", "#", "\x00" * 99, "## Task:", "## Task: x\n" * 99,
               "# A\nChapter: kl\n## Task: a\n-",
               "Chapter: " + "x" * 999, "# T\nChapter: kl\n\n## Task: a\n" + "- a: b\n" * 500,
               "# T\nChapter: kl\n\n## Task: a\n" + "{" * 9999, "🙂\ud83d" * 9, "x" * 70_000,
               GOOD.replace("abs(mu_q - 3)", "(" * 300),
               GOOD.replace("abs(mu_q - 3)", "not " * 80),
               GOOD.replace("?mu_p=0", "?" + "a=1&" * 9000 + "mu_p=0")],
)  # fmt: skip
def test_no_file_is_too_strange_to_be_told_what_is_wrong_with_it(source):
    _, mistakes = read_lesson("a", source, EXPLORERS)
    assert mistakes
    assert all(len(str(one)) < 1200 for one in mistakes)


@pytest.fixture
def check(capsys):
    """Run ``app check``, and return how it ended and what it said."""

    def run(*asked):
        with pytest.raises(SystemExit) as ended:
            main(["check", *map(str, asked)])
        said, code = capsys.readouterr(), ended.value.code
        words = isinstance(code, str)  # which are said, and end it with 1
        return 1 if words else code, said.out, code if words else said.err

    return run


def test_the_program_checks_files_and_says_each_mistake(tmp_path, check):
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text(GOOD.replace("{kl_pq}", "{x}"), encoding="utf-8")
    assert check(good)[:2] == (0, f"{good}: 2 tasks for kl, no mistakes\n")
    code, said, _ = check(bad, good)
    assert code == 1
    first, second = said.splitlines()
    assert re.fullmatch(rf"{re.escape(str(bad))}: line 17, Why: has {{x}}, which .*", first)
    assert second.startswith(f"{good}: 2 tasks")
    code, _, said = check(tmp_path / "none.md")
    assert code == 1
    assert "none.md" in said
    latin = tmp_path / "latin.md"
    latin.write_bytes("# Übung".encode("latin-1"))
    assert check(latin)[1] == f"{latin}: line 1, File: is no text in UTF-8\n"


def test_of_a_file_that_is_too_long_no_more_is_read_than_shows_it(tmp_path):
    huge = tmp_path / "huge.md"
    with huge.open("wb") as file:
        file.truncate(2**40)  # a hole of a terabyte, which no memory holds
    _, (told,) = read_file(huge, EXPLORERS)
    assert str(told) == "line 1, File: has more than 60000 characters"


def test_a_name_that_is_like_no_other_is_refused_in_a_short_line():
    _, mistakes = read_lesson("a", GOOD.replace("abs(mu_q - 3)", "zzz"), EXPLORERS)
    (told,) = map(str, mistakes)
    assert told.endswith("which this chapter has not; “check --names” lists all that there are")
    assert len(told) < 120


@pytest.mark.parametrize("slug", ["kl", "entropy", "perplexity"])
def test_the_program_lists_the_names_of_a_chapter(slug, check):
    explorer = next(one for one in EXPLORERS if one.slug == slug)
    code, said, _ = check("--names", slug)
    listed = re.findall(r"^  (\w+)", said, re.MULTILINE)
    assert listed == [*explorer.parameters(), *explorer.gestures, "scenes",
                      *(one.name for one in explorer.readouts)]  # fmt: skip
    assert code == 0
    assert "no chapter; there are surprise" in check("--names", "k-l")[2]
    assert "give a lesson" in check()[2]


def test_a_folder_with_a_mistake_is_refused_whole(tmp_path):
    with pytest.raises(LessonError, match="has no lessons"):
        read_lessons(tmp_path, EXPLORERS)
    (tmp_path / "a.md").write_text(GOOD, encoding="utf-8")
    assert [one.name for one in read_lessons(tmp_path, EXPLORERS)] == ["a"]
    (tmp_path / "B.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(LessonError, match=r"B\.md: line 1, File: “B” is no name"):
        read_lessons(tmp_path, EXPLORERS)
    for command in (["serve", "--port", "0"], ["export", str(tmp_path / "out")]):
        with pytest.raises(SystemExit, match="“B” is no name"):
            main([*command, "--lessons", str(tmp_path)])
