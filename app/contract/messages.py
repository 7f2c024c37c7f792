"""What readers see when a value is refused or changed: codes with arguments, phrased once.

A message travels as ``{"kind", "key", "code", "args"}``. The page phrases it with the sentences
below, which travel in the declaration; Python code that gets a ``ValueError`` reads the same ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

SHOWN_LENGTH = 40  # letters of a reader's value that a message repeats
LONGEST_LIST = 10  # entries of a list, likewise

# Links and controls take decimals alone; only what is typed may be a fraction.
_AS_DECIMAL = "Write it with a point, such as 0.25; a link takes no fractions."

# {label} names a control; {raw} quotes what was given; {n:3} is a number to 3 significant digits.
SENTENCES = {
    "unknown": "This page has nothing called {raw}.",
    "not_a_step": "{name} takes one step, or goes to its “end”; {raw} is neither.",
    "fixed": "{label} is fixed here, so it stays as it is.",
    "no_lesson": "This page has no lesson called {raw}, so here are its own tasks.",
    "no_view": "view must be figure, or be left out; {raw} is neither.",
    "no_address": (
        "This page is a file on your own computer, which no reader of a post can open. Put it on a "
        "web host, open it there, and copy the code from that page."
    ),
    "no_outcome": "There is no outcome number {raw}; there are {count}.",
    "no_number": f"{{label}} must be a number; {{raw}} is not. {_AS_DECIMAL}",
    "no_entry": f"each entry of {{label}} must be a number; {{raw}} is not. {_AS_DECIMAL}",
    "outside": "{label} must lie between {low:6} and {high:6}; {raw} does not.",
    "no_whole": "{label} must be a whole number; {raw} is not.",
    "most_drawn": "At most {most} outcomes are drawn; “draw anew” begins again.",
    "no_option": "{label} must be {options}; {raw} is not.",
    "no_text": "{label} must be a text; {raw} is not.",
    "text_length": "{label} must have {low:6} to {high:6} characters; there are {count}.",
    "unreadable": (
        "{label} may hold no control characters but line breaks and tabs; character {place} is "
        "{letter}."
    ),
    "no_list": "{label} must be a list; {raw} is not.",
    "list_length": "{label} needs {low:6} to {high:6} entries; there are {count}.",
    "no_name": ("A name in {label} has 1 to {longest} letters and no comma; {raw} does not fit."),
}

# The same of what is done to distributions, for chapters with lists of probabilities.
OF_DISTRIBUTIONS = {
    "negative": "A probability must not be negative; {raw} is.",
    "names_repeat": "Each name in {label} may stand once; {raw} repeats.",
    "names_count": "{label} needs {count} names for {count} outcomes, not {given}.",
    "no_such_name": "No outcome is called {raw}, so it cannot be locked.",
    "most_outcomes": "{most} outcomes are the most that this page shows.",
    "fewest_outcomes": "{fewest} outcomes are the fewest that there can be.",
    "name_taken": "Another outcome is already called {raw}.",
    "which": "Which outcome to {name} was not said.",
    "second_count": "Q needs {count} probabilities for {count} outcomes, not {given}.",
    "all_zero": "All were zero, so every outcome is now equally likely.",
    "rescaled": "They added up to {total:6}; rescaled to 1.",
    "rescaled_far": "They added up to more than 1e300; rescaled to 1.",
    "locks_off": (
        "Every outcome left was locked; the locks are off so that they can share what was freed."
    ),
    "all_locked": "All others are locked, so the {label} cannot move. Unlock one.",
    "room": "What is locked leaves room for {room:3} at most, so the {label} stops there.",
}

# The same of files and of long work, for chapters that have such.
OF_FILES = {
    "no_upload": "This page takes no file called {raw}.",
    "no_beginning": "The file's beginning is missing. Please choose it again.",
    "part_size": "A part of the file was empty or too long, so the file was dropped.",
    "part_damaged": "A part of the file arrived damaged. Please try again.",
    "part_more": "More arrived than the file was said to hold, so it was dropped.",
    "file_name": "The file has no name, or too long a one.",
    "file_ending": "The file must end in {endings}; {raw} does not.",
    "file_size": "{raw} has no size.",
    "file_empty": "{raw} is empty.",
    "file_most": "A file may have {most:3} MB at most; {raw} has {size:3} MB.",
    "one_file": "Another file is still on its way. Once it has arrived, {raw} can be chosen again.",
    "no_room": (
        "The server has no room for {raw} just now: it would take {size:3} MB, and other readers’ "
        "files leave {room:3} MB. Please try again later, or with a smaller file."
    ),
    "too_long": "This took longer than {most:3} minutes, so the server has stopped it.",
    "no_result": "This could not be computed; what was there before stays.",
}

JOINERS = "\u200c\u200d"  # invisible parts of Persian words and of emoji families

_SLOT = re.compile(r"\{(\w+)(?::(\d+))?\}")


class Refused(ValueError):  # noqa: N818  (said of a value, not of a program)
    """Why an untrusted value cannot be taken: the code of a sentence, and what it names."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(phrased((SENTENCES | OF_DISTRIBUTIONS | OF_FILES).get(code, code), args))
        self.code, self.args_named = code, args


def note(code: str, **args: Any) -> dict[str, Any]:
    """Return what a move tells the reader beside what it changes."""
    return {"code": code, "args": args}


def refusal(key: str, refused: Refused) -> dict[str, Any]:
    """Return a refusal as a message of a frame."""
    reason = {"code": refused.code, "args": refused.args_named}
    return {"kind": "refused", "key": quotable(key), **reason}


def phrased(sentence: str, args: Mapping[str, Any]) -> str:
    """Fill a sentence: ``{raw}`` quoted, numbers short, ``label`` with the entry that is meant."""
    return _SLOT.sub(lambda slot: _written(args, slot[1], slot[2]), sentence)


def _written(args: Mapping[str, Any], name: str, digits: str | None) -> str:
    value = args.get(name)
    if name == "raw":
        return quoted(value)
    if name == "label" and args.get("entry"):
        return re.sub(r"^\w+", lambda noun: f"{noun[0]} of {args['entry']}", str(value), count=1)
    return f"{value:.{digits}g}" if digits else str(value)


def quotable(raw: object) -> Any:
    """Return of an untrusted value what a message may carry: short, and as JSON has it."""
    if raw is None or (isinstance(raw, bool | int) and abs(raw) < 10**300):
        return raw
    if isinstance(raw, float) and math.isfinite(raw):
        return raw
    if isinstance(raw, list | tuple):
        return [quotable(item) for item in raw[:LONGEST_LIST]]
    text = "a huge whole number" if isinstance(raw, int) else str(raw)
    return text[: SHOWN_LENGTH + 1]


def is_printable(letter: str) -> bool:
    """Return whether a letter may stand in a name or a message: what is seen, or joins what is."""
    return letter.isprintable() or letter in JOINERS


def quoted(raw: object) -> str:
    """Quote an untrusted value, shortened, with what cannot be printed replaced."""
    text = "".join(
        letter if is_printable(letter) else "\N{REPLACEMENT CHARACTER}"
        for letter in _plain(quotable(raw))
    )
    return f"“{text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + '…'}”"


def _plain(raw: object) -> str:
    """Write a value as JavaScript does, so that both ways of running say the same."""
    if isinstance(raw, list):
        return ",".join(map(_plain, raw))
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e16:
        return str(int(raw))
    if raw is None:
        return "nothing"
    return str(raw).lower() if isinstance(raw, bool) else str(raw)
