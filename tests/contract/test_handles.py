"""A knob stands at numbers of a result, and where a hand brings it says what its slider would."""

import json
import math
import subprocess
from pathlib import Path

import pytest

from app.contract.explorer import UNITS
from app.contract.parameters import kind
from app.registry import EXPLORERS
from tests.chapters import taken
from tests.contract.expectations import expected_of
from tests.contract.test_twins import drawn, random_numbers, random_value

ROOT = Path(__file__).parents[2]
PULLED = [explorer for explorer in EXPLORERS if explorer.handles]
A_RUN, EVERY_WAY = 24, 96  # states
STEEP = 1e-3  # of a value that a place may move so little that it does not say it to many digits
# What a place says is asked of the page's own module.
ASK = """
import { valueAt, valueOnLine } from '%s/static/front/handles.js';
let text = '';
for await (const part of process.stdin) text += part;
const answers = JSON.parse(text).map(([place, handle, row, base]) => {
  const cell = (name) => (typeof name === 'number' ? name : row[name]);
  return Array.isArray(row) ? valueOnLine(place, row) : valueAt(place, handle, cell, base);
});
process.stdout.write(JSON.stringify(answers));
"""

every = pytest.mark.parametrize("explorer", PULLED, ids=lambda one: one.slug)


def values_at(cases):
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", ASK % ROOT],
        input=json.dumps(cases), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(answer.stdout)


def rows_of(explorer, handle, table):
    """Return the rows of its table that have a knob."""
    lists = any(kind(explorer.parameters()[name]) == "numbers" for name in handle.along.values())
    many = lists and not isinstance(handle.entry, int)
    return range(len(next(iter(table.values()))) if many else 1)


def keys_of(explorer, handle, cell, row):
    """Return, by axis, what a hand on this knob sends values for."""
    entry = row if handle.entry is None else handle.entry
    entry = int(cell[entry] if isinstance(entry, str) else entry)
    parameters = explorer.parameters()
    return {
        axis: f"{handle.way or name}:{entry}" if kind(parameters[name]) == "numbers" else name
        for axis, name in handle.along.items()
    }


def value_of(explorer, state, result, key):
    name, _, entry = key.partition(":")
    if name in explorer.ways:
        return expected_of(explorer).ways[name](state, int(entry))
    value = result.controls.get(name, state[name])
    return value[int(entry)] if entry else value


def place_of(handle, cell, axis):
    at = getattr(handle, axis)
    return cell[at] if isinstance(at, str) else at


def knobs(explorer, state, result):
    """List every handle with a row and its cells, the axis it is pulled along, and its key."""
    found = []
    for handle in explorer.handles:
        table = result.tables[handle.table]
        if handle.curve or (handle.idle and result.flags[handle.idle]):
            continue
        for row in rows_of(explorer, handle, table):
            cell = {name: float(table[name][row]) for name in handle.columns}
            keys = keys_of(explorer, handle, cell, row)
            found += [(handle, row, cell, axis, key) for axis, key in keys.items()]
    return found


def cases_of(explorer, state, rng):
    """List for each knob a question of a place and the value that it is the place of.

    First where it stands now; then where another value brings it, asked of the row before.
    """
    result, base, cases = explorer.compute(**state), UNITS[state["unit"]], []
    for handle, row, cell, axis, key in knobs(explorer, state, result):
        gain = cell[handle.gain] if isinstance(handle.gain, str) else handle.gain
        if abs(gain) < STEEP:
            continue
        low, high = (0.02, 0.9) if ":" in key else explorer.parameters()[key].bounds
        then, _ = explorer.apply(state, [(key, float(rng.uniform(low, high)))])
        moved = explorer.compute(**then)
        after = {name: float(moved.tables[handle.table][name][row]) for name in handle.columns}
        for where, of, cells in ((state, result, cell), (then, moved, after)):
            place = place_of(handle, cells, axis)
            if math.isfinite(place):
                row_then = {name: one for name, one in cell.items() if math.isfinite(one)}
                question = [place, handle.spec(), row_then, base]
                cases.append((question, value_of(explorer, where, of, key), key, where))
    return cases


@every
def test_the_columns_of_a_handle_are_those_of_its_table(explorer):
    result = explorer.compute(**explorer.defaults())
    for handle in explorer.handles:
        assert set(handle.columns) <= set(result.tables[handle.table])
        for name in handle.along.values():
            assert kind(explorer.parameters()[name]) in ("number", "numbers")


def random_states(explorer, count, rng):
    """Return states in which what no knob moves is often as by default, so that none is away."""
    pulled = {name for handle in explorer.handles for name in handle.along.values()}

    def draw(parameter, state):
        if parameter.name not in pulled and kind(parameter) == "number" and rng.random() < 0.5:
            return parameter.default
        return random_value(explorer, parameter, state, rng)

    dearest = max([1, *expected_of(explorer).dear.values()])
    return drawn(explorer, max(count // dearest, 10), draw)


@every
@pytest.mark.parametrize("count", [A_RUN, taken(EVERY_WAY, always=False)])
def test_a_place_says_the_value_whose_place_it_is(explorer, count):
    rng = random_numbers(explorer.slug)
    states = random_states(explorer, count, rng)
    cases = [case for one in states for case in cases_of(explorer, one, rng)]
    assert len(cases) > 4 * len(explorer.handles)
    for (_, value, key, state), said in zip(cases, values_at([c[0] for c in cases]), strict=True):
        assert said == pytest.approx(value, rel=1e-9, abs=1e-9), (key, state)


def line_of(handle, result):
    """Return the stops of a handle's line, at places from 0 to 1, and the place of its knob."""
    table, here, (name,) = (
        result.tables[handle.curve],
        result.tables[handle.table],
        handle.along.values(),
    )
    size = {axis: max(1e-300, *abs(table[getattr(handle, axis)])) for axis in "xy"}
    columns = [list(table[getattr(handle, axis)] / size[axis]) for axis in "xy"]
    stops = [
        {"x": x, "y": y, "value": value}
        for x, y, value in zip(*columns, table[name], strict=True)
    ]  # fmt: skip
    return stops, {axis: here[getattr(handle, axis)][0] / size[axis] for axis in "xy"}


ON_LINES = [(one, handle) for one in PULLED for handle in one.handles if handle.curve]


@pytest.mark.parametrize(("explorer", "handle"), ON_LINES, ids=lambda one: getattr(one, "slug", ""))
def test_a_knob_that_keeps_to_a_line_stays_within_a_pixel_of_its_place(explorer, handle):
    rng = random_numbers(explorer.slug)
    asked = []
    for state in drawn(explorer, A_RUN, lambda *given: random_value(explorer, *given, rng)):
        stops, here = line_of(handle, explorer.compute(**state))
        asked.append((state, here, [here, handle.spec(), stops, None]))
    (name,) = handle.along.values()
    for (state, here, _), said in zip(asked, values_at([one[2] for one in asked]), strict=True):
        low, high = explorer.parameters()[name].bounds
        then = explorer.apply(state, [(name, min(max(said, low), high))])[0]
        again = line_of(handle, explorer.compute(**then))[1]
        assert again == pytest.approx(here, abs=1 / 600), state
