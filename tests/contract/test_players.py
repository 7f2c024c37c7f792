"""What the page plays by itself: every run ends, in the same place by steps and at once."""

import json
from functools import cache

import numpy as np
import pytest

from app.registry import EXPLORERS
from tests.contract.test_twins import CLOSE, off, run_twin

MOST_STEPS = 600  # ten seconds of frames

PLAYERS = [(explorer, player) for explorer in EXPLORERS for player in explorer.players]
every = pytest.mark.parametrize(
    ("explorer", "player"), PLAYERS, ids=[f"{one.slug}-{player.gesture}" for one, player in PLAYERS]
)


def starts(explorer):
    """Return the states from which a reader is likely to start a run."""
    asked = [[(preset, None)] if isinstance(preset, str) else [*preset.items()]
             for preset in explorer.presets.values()]  # fmt: skip
    return [explorer.apply(explorer.defaults(), changes)[0] for changes in [[], *asked]]


def after(explorer, state, gesture, how=None):
    state, messages = explorer.apply(state, [(gesture, how)])
    assert messages == []
    return state


def is_over(explorer, player, state):
    return explorer.compute(**state).flags[player.done]


def stepped(explorer, player, state):
    """Return the states that steps go through, from the given one to the end."""
    path = [state]
    while not is_over(explorer, player, path[-1]):
        assert len(path) <= MOST_STEPS
        path.append(after(explorer, path[-1], player.gesture))
        assert path[-1] != path[-2]
    return path


@cache
def paths(explorer, player):
    """Return the steps from each start: what two tests go along."""
    return [stepped(explorer, player, state) for state in starts(explorer)]


@every
def test_a_player_has_buttons_and_its_gesture_no_other(explorer, player):
    assert sum(player.gesture in group.actions for group in explorer.groups) == 1
    assert explorer.gestures[player.gesture] == ""
    assert player.label


@every
def test_every_run_ends_and_the_end_at_once_is_the_end_by_steps(explorer, player):
    moved = 0
    for path in paths(explorer, player):
        moved += len(path) > 1
        assert after(explorer, path[0], player.gesture, "end") == path[-1]
    assert moved


@every
def test_past_the_end_a_step_changes_nothing(explorer, player):
    for state in starts(explorer):
        ended = after(explorer, state, player.gesture, "end")
        assert is_over(explorer, player, ended)
        assert after(explorer, ended, player.gesture) == ended
        assert after(explorer, ended, player.gesture, "end") == ended


@every
@pytest.mark.parametrize("raw", ["", "END", 0, 1, True, [], float("nan"), "9" * 1000])
def test_a_step_of_anything_else_is_refused(explorer, player, raw):
    state, (message,) = explorer.apply(explorer.defaults(), [(player.gesture, raw)])
    assert state == explorer.defaults()
    assert message["kind"] == "refused"
    said = explorer.phrase(message)
    assert said.startswith(f"{player.gesture} takes one step, or goes to its “end”")


@every
def test_the_twin_goes_the_same_way(explorer, player):
    for path in paths(explorer, player):
        state = path[0]
        asked = [*([key, value] for key, value in state.items()),
                 *([player.gesture, None] for _ in path[1:]), [player.gesture, "end"]]  # fmt: skip
        (steps,) = run_twin(explorer, [], json.loads(json.dumps([asked])))["steps"]
        for want, got in zip(path, steps[len(state) - 1 :], strict=False):
            for name, value in want.items():
                numbers = np.asarray(value).dtype.kind == "f"
                same = off(value, got["state"][name], 1.0) <= CLOSE if numbers else (
                    value == got["state"][name])  # fmt: skip
                assert same, (name, value, got["state"][name])
        assert steps[-1]["state"] == steps[-2]["state"]
