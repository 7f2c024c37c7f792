"""How each task is solved: ``tests/explorers/<slug>/solutions.py`` says it in moves.

A move is ``("slide", "mu_q" or "q:0", value)``, also in another way that the explorer has, such as
``"division:0"``, ``("go to", "joint:0", None)``, a cell whose sliders show once it has the focus,
``("choose", parameter, option)``, ``("press", gesture, raw)``, ``("scene", name, None)`` or
``("letters", gesture, letters)``, as a reader makes it by pointer or by keys and Python as changes.
"""

import re
from importlib import import_module

import pytest

from app.contract.tasks import tasks_of
from app.registry import EXPLORERS

WITH_TASKS = [explorer for explorer in EXPLORERS if tasks_of(explorer)]

every_chapter = pytest.mark.parametrize("explorer", WITH_TASKS, ids=lambda one: one.slug)
every_task = pytest.mark.parametrize(
    ("explorer", "task"),
    [(explorer, task) for explorer in WITH_TASKS for task in tasks_of(explorer)],
    ids=lambda one: getattr(one, "slug", getattr(one, "name", "")),
)


def moves_of(explorer, task):
    """Return the moves that solve a task."""
    own = f"tests.explorers.{explorer.slug.replace('-', '_')}.solutions"
    return import_module(own).SOLUTIONS[task.name]


def changes_of(explorer, how, name, value):
    """Return a move as changes of the state."""
    if how == "scene":
        return [("reset", None), *explorer.presets[name].items()]
    if how == "go to":
        return []
    return [(name, letter) for letter in value] if how == "letters" else [(name, value)]


def solved(explorer, task, start):
    """Return the state that a task's moves lead to from its start."""
    changes = [one for move in moves_of(explorer, task) for one in changes_of(explorer, *move)]
    state, messages = explorer.apply(start, changes)
    assert not [told for told in messages if told["kind"] == "refused"]
    return state


def option_of(explorer, name, option, state):
    """Return the words that an option of a choice has on the page."""
    choice = explorer.parameters()[name]
    return state[choice.named[0]][choice.objects.index(option)] if choice.named else option


def name_of(explorer, key, state):
    """Return what a control is called, such as “probability of sun in Q” for ``q:0``."""
    name, colon, place = key.partition(":")
    label = explorer.parameters()[explorer.ways.get(name, name)].label
    if not colon:
        return label
    entry = explorer.entry_name(state, name, int(place))
    return re.sub(r"^\w+", lambda noun: f"{noun[0]} of {entry}", label)
