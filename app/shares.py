"""Distributions over named outcomes, as a reader edits them: pure moves on an explorer's state."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from string import ascii_uppercase
from typing import Any

from app.state import finite, shown, text, within

FEWEST, MOST = 2, 10
ROUNDING = 1e-12  # how far from 1 a sum may stay, per entry
TOLERANCE = 1e-9  # how far from 1 it may be before rescaling it needs saying, per entry

State = dict[str, Any]


def as_distribution(state: State, name: str, values: Sequence[float]) -> State:
    """Take whole weights from a link: rescaled to 1 and said so, all zero is uniform."""
    refused = next((value for value in values if value < 0), None)
    if refused is not None:
        raise ValueError(f"A probability must not be negative; {shown(refused)} is.")
    p, note = _normalised(list(values))
    return {name: p, **_fitting_names(state, len(p)), "note": note}


def move_share(state: State, name: str, raw: object, index: int) -> State:
    """Move one probability: the unlocked others share the rest in their old proportions."""
    label = f"probability of {state['labels'][index]}"
    wanted = within(label, finite(label, raw), (0.0, 1.0), raw)
    p, held = list(state[name]), _held(state, index)
    free = [i for i in range(len(p)) if i != index and i not in held]
    most = max(0.0, 1.0 - math.fsum(p[i] for i in held))
    given = min(wanted, most) if free else most
    p[index] = given
    _share_out(p, free, max(0.0, most - given))
    return {name: p, "note": _limit_note(state, label, wanted, given, bool(free))}


def name_outcomes(state: State, name: str, values: Sequence[str]) -> State:
    """Take whole lists of names from a link: one name an outcome; only outcomes can be locked."""
    if len(set(values)) < len(values):
        raise ValueError(f"Each name in {name} may stand once; {shown(','.join(values))} repeats.")
    if name == "labels":
        if len(values) != len(state["labels"]):
            count = len(state["labels"])
            raise ValueError(f"labels needs {count} names for {count} outcomes, not {len(values)}.")
        return {"labels": list(values), "locked": []}
    unknown = next((value for value in values if value not in state["labels"]), None)
    if unknown is not None:
        raise ValueError(f"No outcome is called {shown(unknown)}, so it cannot be locked.")
    return {"locked": list(values)}


def add_outcome(state: State, value: object, index: int | None) -> State:
    """Add an outcome with an equal share of what is not locked."""
    count = len(state["labels"])
    if count >= MOST:
        raise ValueError(f"{MOST} outcomes are the most that this page shows.")
    label = next(letter for letter in ascii_uppercase if letter not in state["labels"])
    p, held = [*state["p"], 0.0], _held(state)
    free = [i for i in range(count) if i not in held]
    rest = max(0.0, 1.0 - math.fsum(p[i] for i in held))
    p[count] = rest / (len(free) + 1)
    _share_out(p, free, rest - p[count])
    return {"p": p, "labels": [*state["labels"], label]}


def remove_outcome(state: State, value: object, index: int | None) -> State:
    """Remove an outcome; the unlocked others take over its share."""
    count = len(state["labels"])
    place = _required(index, "remove")
    if count <= FEWEST:
        raise ValueError(f"{FEWEST} outcomes are the fewest that there can be.")
    labels = [label for i, label in enumerate(state["labels"]) if i != place]
    locked = [label for label in state["locked"] if label in labels]
    p = [share for i, share in enumerate(state["p"]) if i != place]
    changed = {"labels": labels, "locked": locked}
    free = [i for i, label in enumerate(labels) if label not in locked]
    if free:
        _share_out(p, free, max(0.0, 1.0 - math.fsum(p[i] for i in range(len(p)) if i not in free)))
        return {**changed, "p": p}
    note = "Every outcome left was locked; the locks are off so that they can share what was freed."
    return {**changed, "p": _normalised(p)[0], "locked": [], "note": note}


def rename_outcome(state: State, value: object, index: int | None) -> State:
    """Give an outcome a new name; a lock stays with it."""
    place, name = _required(index, "rename"), text("labels", value)
    old = state["labels"][place]
    if name != old and name in state["labels"]:
        raise ValueError(f"Another outcome is already called {shown(name)}.")
    labels, locked = (
        [name if label == old else label for label in state[part]] for part in ("labels", "locked")
    )
    return {"labels": labels, "locked": locked}


def lock_outcome(state: State, value: object, index: int | None) -> State:
    """Lock an outcome's probability, or free it again."""
    label = state["labels"][_required(index, "lock")]
    if label in state["locked"]:
        return {"locked": [other for other in state["locked"] if other != label]}
    return {"locked": [*state["locked"], label]}


def level_outcomes(state: State, value: object, index: int | None) -> State:
    """Give every outcome the same probability."""
    count = len(state["labels"])
    return {"p": [1 / count] * count, "locked": [], "temperature": 1.0}


GESTURES: dict[str, Callable[[State, object, int | None], State]] = {
    "add": add_outcome,
    "remove": remove_outcome,
    "rename": rename_outcome,
    "lock": lock_outcome,
    "uniform": level_outcomes,
}


def _normalised(p: list[float]) -> tuple[list[float], str]:
    largest = max(p)
    if largest == 0:
        return [1 / len(p)] * len(p), "All were zero, so every outcome is now equally likely."
    total = math.fsum(p) if largest < 1e300 else math.inf
    if largest <= 1 and abs(total - 1) <= ROUNDING * len(p):
        return p, ""
    scaled = [share / largest for share in p]  # first, so that no sum overflows
    total_scaled = math.fsum(scaled)
    said = f"{total:.6g}" if math.isfinite(total) else "more than 1e300"
    noted = abs(total - 1) > TOLERANCE * len(p)
    note = f"They added up to {said}; rescaled to 1." if noted else ""
    return [share / total_scaled for share in scaled], note


def _fitting_names(state: State, count: int) -> State:
    if count == len(state["labels"]):
        return {}
    return {"labels": list(ascii_uppercase[:count]), "locked": []}


def _held(state: State, but: int | None = None) -> list[int]:
    locked: Collection[str] = state["locked"]
    return [i for i, label in enumerate(state["labels"]) if label in locked and i != but]


def _share_out(p: list[float], free: Sequence[int], rest: float) -> None:
    """Let the free entries add up to ``rest``, in their old proportions or equally from zero."""
    total = math.fsum(p[i] for i in free)
    for i in free:
        p[i] = rest * (p[i] / total) if total > 0 else rest / len(free)


def _limit_note(state: State, label: str, wanted: float, given: float, free: bool) -> str:
    if abs(given - wanted) <= TOLERANCE:
        return ""
    if not free:
        return f"All others are locked, so the {label} cannot move. Unlock one."
    return f"What is locked leaves room for {given:.3g} at most, so the {label} stops there."


def _required(index: int | None, name: str) -> int:
    if index is None:
        raise ValueError(f"Which outcome to {name} was not said.")
    return index
