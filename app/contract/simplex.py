"""Distributions over named outcomes, as a reader edits them: pure moves on an explorer's state.

The state has ``p``, and perhaps ``q``, over the same ``labels``; each keeps its own locks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import partial
from string import ascii_uppercase
from sys import float_info
from typing import Any

from .messages import Refused, note, quotable
from .parameters import outcome_name

FEWEST, MOST = 2, 10
ROUNDING = 1e-12  # how far from 1 a sum may stay, per entry
NOISE = 16 * float_info.epsilon  # by which rounding may move a share, relative to it
TOLERANCE = 1e-9  # how far from 1 it may be before rescaling it needs saying, per entry

LOCKS = {"p": "locked", "q": "locked_q"}

State = dict[str, Any]


def as_distribution(state: State, name: str, values: Sequence[float]) -> State:
    """Take whole weights from a link: rescaled to 1 and said so, all zero is uniform."""
    refused = next((value for value in values if value < 0), None)
    if refused is not None:
        raise Refused("negative", raw=refused)
    fitting = _fitting_names(state, name, len(values))
    p, remark = normalised(list(values))
    return {**fitting, name: p, "note": remark}


def move_share(state: State, name: str, wanted: float, index: int) -> State:
    """Move one probability: the unlocked others share the rest in their old proportions."""
    p, locked = list(state[name]), _locked_places(state, name, index)
    free = [i for i in range(len(p)) if i != index and i not in locked]
    most = max(0.0, 1.0 - math.fsum(p[i] for i in locked))
    given = min(wanted, most) if free else most
    p[index] = given
    share_out(p, free, max(0.0, most - given))
    return {name: p, "note": _limit_note(state, name, index, wanted, given, bool(free))}


def right_edges(
    p: Sequence[float], labels: Sequence[str], locked: Collection[str]
) -> dict[str, list[float]]:
    """Return how the right edge of each bar, as wide as p, moves with its p as the others give way.

    It stands at ``edge_from`` + ``edge_gain``·p. Where nothing to its right gives way it stays.
    """
    held = [label in locked for label in labels]
    edges = [_right_edge(p, held, place) for place in range(len(p))]
    return {"edge_from": [one for one, _ in edges], "edge_gain": [gain for _, gain in edges]}


def half_heights(tops: Any) -> list[float]:
    """Return half the height of each bar's right edge, which it shares with the bar after it."""
    return [max(pair) / 2 for pair in zip(tops, [*tops[1:], 0.0], strict=True)]


def _right_edge(p: Sequence[float], held: Sequence[bool], place: int) -> tuple[float, float]:
    kept = [i for i, one in enumerate(held) if one and i != place]
    free = [i for i, one in enumerate(held) if not one and i != place]
    before, left = ([i for i in some if i < place] for some in (kept, free))
    if not free:
        return math.fsum(p[: place + 1]), 0.0
    total = math.fsum(p[i] for i in free)
    part = math.fsum(p[i] for i in left) / total if total > 0 else len(left) / len(free)
    most = max(0.0, 1.0 - math.fsum(p[i] for i in kept))
    return math.fsum(p[i] for i in before) + part * most, 1.0 - part


def name_outcomes(state: State, name: str, values: Sequence[str]) -> State:
    """Take whole lists of names from a link: one name an outcome; only outcomes can be locked."""
    if len(set(values)) < len(values):
        raise Refused("names_repeat", label=name, raw=quotable(",".join(values)))
    if name == "labels":
        if len(values) != len(state["labels"]):
            count = len(state["labels"])
            raise Refused("names_count", label=name, count=count, given=len(values))
        return {"labels": list(values), **{LOCKS[one]: [] for one in _shares(state)}}
    unknown = next((value for value in values if value not in state["labels"]), None)
    if unknown is not None:
        raise Refused("no_such_name", raw=quotable(unknown))
    return {name: list(values)}


def add_outcome(state: State, value: object, index: int | None) -> State:
    """Add an outcome with an equal share of what is not locked."""
    count = len(state["labels"])
    if count >= MOST:
        raise Refused("most_outcomes", most=MOST)
    label = next(letter for letter in ascii_uppercase if letter not in state["labels"])
    grown = {name: _grown(state[name], _locked_places(state, name)) for name in _shares(state)}
    return {**grown, "labels": [*state["labels"], label]}


def remove_outcome(state: State, value: object, index: int | None) -> State:
    """Remove an outcome; the unlocked others take over its share."""
    count = len(state["labels"])
    place = _required(index, "remove")
    if count <= FEWEST:
        raise Refused("fewest_outcomes", fewest=FEWEST)
    labels = [label for i, label in enumerate(state["labels"]) if i != place]
    changed: State = {"labels": labels}
    for name in _shares(state):
        changed |= _without(state, name, place, labels)
    return changed


def rename_outcome(state: State, value: object, index: int | None) -> State:
    """Give an outcome a new name; a lock stays with it."""
    place, name = _required(index, "rename"), outcome_name("labels", value)
    old = state["labels"][place]
    if name != old and name in state["labels"]:
        raise Refused("name_taken", raw=quotable(name))
    parts = ("labels", *(LOCKS[one] for one in _shares(state)))
    return {part: [name if label == old else label for label in state[part]] for part in parts}


def lock_outcome(state: State, value: object, index: int | None, name: str = "p") -> State:
    """Lock an outcome's probability, or free it again."""
    label, locked = state["labels"][_required(index, "lock")], state[LOCKS[name]]
    if label in locked:
        return {LOCKS[name]: [other for other in locked if other != label]}
    return {LOCKS[name]: [*locked, label]}


def level_outcomes(state: State, value: object, index: int | None) -> State:
    """Give every outcome the same probability."""
    count = len(state["labels"])
    return {"p": [1 / count] * count, "locked": []}


GESTURES: dict[str, Callable[[State, object, int | None], State]] = {
    "add": add_outcome,
    "remove": remove_outcome,
    "rename": rename_outcome,
    "lock": lock_outcome,
    "uniform": level_outcomes,
}
GESTURES_OF_TWO: dict[str, Callable[[State, object, int | None], State]] = {
    **{name: GESTURES[name] for name in ("add", "remove", "rename", "lock")},
    "lock_q": partial(lock_outcome, name="q"),
}


def _shares(state: State) -> list[str]:
    return [name for name in LOCKS if name in state]


def _grown(p: Sequence[float], locked: Sequence[int]) -> list[float]:
    free = [i for i in range(len(p)) if i not in locked]
    rest = max(0.0, 1.0 - math.fsum(p[i] for i in locked))
    grown = [*p, rest / (len(free) + 1)]
    share_out(grown, free, rest - grown[-1])
    return grown


def _without(state: State, name: str, place: int, labels: Sequence[str]) -> State:
    p = [share for i, share in enumerate(state[name]) if i != place]
    locked = [label for label in state[LOCKS[name]] if label in labels]
    free = [i for i, label in enumerate(labels) if label not in locked]
    if free:
        share_out(p, free, max(0.0, 1.0 - math.fsum(p[i] for i in range(len(p)) if i not in free)))
        return {name: p, LOCKS[name]: locked}
    return {name: normalised(p)[0], LOCKS[name]: [], "note": note("locks_off")}


def normalised(p: list[float]) -> tuple[list[float], State | None]:
    """Return weights rescaled to 1, or equal where all are zero, and what to say of it."""
    largest = max(p)
    if largest == 0:
        return [1 / len(p)] * len(p), note("all_zero")
    total = math.fsum(p) if largest < 1e300 else math.inf
    if largest <= 1 and abs(total - 1) <= ROUNDING * len(p):
        return p, None
    scaled = [share / largest for share in p]  # first, so that no sum overflows
    total_scaled = math.fsum(scaled)
    remark = None
    if abs(total - 1) > TOLERANCE * len(p):
        remark = note("rescaled", total=total) if math.isfinite(total) else note("rescaled_far")
    return [share / total_scaled for share in scaled], remark


def _fitting_names(state: State, name: str, count: int) -> State:
    """Let the names follow the number of probabilities, which P alone decides."""
    known = len(state["labels"])
    if count == known:
        return {}
    if name == "q":
        raise Refused("second_count", count=known, given=count)
    level = {one: [1 / count] * count for one in _shares(state)}
    free: State = {LOCKS[one]: [] for one in _shares(state)}
    return {**level, **free, "labels": list(ascii_uppercase[:count])}


def _locked_places(state: State, name: str, but: int | None = None) -> list[int]:
    locked: Collection[str] = state[LOCKS[name]]
    return [i for i, label in enumerate(state["labels"]) if label in locked and i != but]


def share_out(p: list[float], free: Sequence[int], rest: float) -> None:
    """Let the free entries add up to ``rest``, in their old proportions or equally from zero."""
    total = math.fsum(p[i] for i in free)
    for i in free:
        p[i] = tidy(rest * (p[i] / total) if total > 0 else rest / len(free))


def tidy(share: float) -> float:
    """Return the decimal of 10 digits that rounding has missed by a little, or the number itself.

    So that three tenths of a fifth are 0.06 on the page and in its code, not 0.06000000000000001.
    """
    short = float(f"{share:.10g}")
    return short if abs(short - share) <= NOISE * share else share


def _limit_note(
    state: State, name: str, index: int, wanted: float, given: float, free: bool
) -> State | None:
    if abs(given - wanted) <= TOLERANCE:
        return None
    label = f"probability in {name.upper()}" if "q" in state else "probability"
    entry = state["labels"][index]
    if not free:
        return note("all_locked", label=label, entry=entry)
    return note("room", label=label, entry=entry, room=given)


def _required(index: int | None, name: str) -> int:
    if index is None:
        raise Refused("which", name=name)
    return index
