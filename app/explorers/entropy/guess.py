"""“Guess it”: twenty questions by hand, a pure function of the state; guess.js is its twin.

``guess`` holds one game, such as ``013.0.1``: outcomes 0, 1 and 3 were asked for, then 0; 1 is
marked for the next question. The outcome to find follows from the seed and the number of games.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...contract import draws
from ...contract.messages import Refused, quotable

LONGEST = 60  # signs: nine questions about ever fewer of ten outcomes, and points between them
AFRESH = {"guess": "", "games": 0, "questions": 0}  # another distribution, another average
GESTURES = {"mark": "", "ask": "Is it one of these?", "next_game": "next game"}
_FORM = re.compile(r"[0-9]*(\.[0-9]*)*")
OUT, LEFT, MARKED, FOUND = -1.0, 0.0, 1.0, 2.0  # what the buttons show of an outcome


def checked(label: str, value: str) -> str:
    """Return a game as a link gives it, or raise ``Refused``."""
    if not _FORM.fullmatch(value):
        raise Refused("no_game", label=label, raw=quotable(value))
    return value


def move_guess(state: dict[str, Any], p: Any, name: str, index: int | None) -> dict[str, Any]:
    """Mark an outcome or take its mark off, ask for those marked, or begin the next game."""
    asked, marked, left, _ = _played(p, state["guess"], state["seed"], state["games"])
    if name == "next_game":
        return _next_game(state, asked, left)
    if name == "mark" and index is None:
        raise Refused("which", name=name)
    if name == "mark":
        if index not in left or len(left) == 1:
            raise Refused("no_mark")
        marked = [i for i in left if (i in marked) != (i == index)]
        return {"guess": ".".join([*asked, _written(marked)])}
    if not 0 < len(marked) < len(left):
        raise Refused("no_split")
    return {"guess": ".".join([*asked, _written(marked), ""])}


def _next_game(state: dict[str, Any], asked: list[str], left: list[int]) -> dict[str, Any]:
    if len(left) > 1:
        raise Refused("not_found")
    if state["games"] == draws.MOST - 1:
        raise Refused("most_drawn", most=draws.MOST)
    games, questions = state["games"] + 1, state["questions"] + len(asked)
    return {"guess": "", "games": games, "questions": questions}


def _written(places: Sequence[int]) -> str:
    return "".join(map(str, places))


def _played(
    p: Any, guess: str, seed: int, games: int
) -> tuple[list[str], list[int], list[int], str]:
    """Return the questions, the marked, those still possible, and the last answer.

    Once one outcome is left nothing more is asked.
    """
    *questions, marks = guess.split(".")
    secret = draws.outcome(p, seed, games)
    left, answer = [int(i) for i in np.flatnonzero(np.asarray(p) > 0)], ""
    asked = []
    for question in questions:
        if len(left) == 1:
            break
        answer = "yes" if str(secret) in question else "no"
        left = [i for i in left if (str(i) in question) == (answer == "yes")]
        asked.append(question)
    return asked, [i for i in left if str(i) in marks and len(left) > 1], left, answer


def compute_guess(
    p: Any, labels: Sequence[str], guess: str, seed: int, games: int, questions: int,
    limits: tuple[float, float],
) -> dict[str, Any]:  # fmt: skip
    """Return the parts of a result that tell of the game, beside H and Huffman's L in bits."""
    asked, marked, left, answer = _played(p, guess, seed, games)
    found = len(left) == 1
    played = games + found
    mean = (questions + len(asked) * found) / played if played else math.nan
    shown = [
        OUT if i not in left else FOUND if found else MARKED if i in marked else LEFT
        for i in range(len(p))
    ]
    return {
        "table": {
            "name": ["you", "H", "Huffman"], "at": np.array([2.5, 1.5, 0.5]),
            "questions": np.array([mean if played else 0.0, *limits]),
            "alpha": np.array([0.8, 0.35, 0.35]), "told": np.array([float(played > 0), 1.0, 1.0]),
        },
        "readouts": {
            "guess_count": float(len(asked)), "guess_games": float(played), "guess_mean": mean,
        },
        "flags": {"guess_yes": answer == "yes", "guess_no": answer == "no", "guess_found": found},
        "slots": {"found": labels[left[0]] if found else ""},
        "controls": {"guess": shown},
    }  # fmt: skip
