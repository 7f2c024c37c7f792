"""An explorer's twin in the browser computes, moves and says what the explorer in Python does."""

import json
import math
import subprocess
from itertools import batched, product
from pathlib import Path

import numpy as np
import pytest

from app.contract.parameters import kind
from app.page.exported import entries
from app.registry import EXPLORERS
from tests.chapters import taken
from tests.contract.expectations import expected_of, numbers_of

ROOT = Path(__file__).parents[2]
NAMES = ["sun", "Ω", "a long name for it", "0", "é", "ﬁ", "雪", "🙂🙂", "NaN", "b", "c d", "+", "E"]

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)

# Relative: to the number itself or, where it is a difference, to what it is the difference of.
CLOSE = 1e-13
A_RUN, EVERY_WAY = 60, 500  # states at corners, and as many at random


def random_numbers(slug):
    return np.random.default_rng([*slug.encode()])


@every
def test_every_chapter_has_its_twin(explorer):
    assert (ROOT / entries(explorer)[0]).is_file()


# The states that are compared


def corner_values(parameter):
    """List what a control can be at its ends, one step inside, and in the middle."""
    if kind(parameter) == "number":
        low, high = parameter.bounds
        return [low, low + parameter.step, high, min(max(low, 1), high)]
    if kind(parameter) == "choice":
        return list(parameter.objects)
    if kind(parameter) == "numbers":
        counts = range(parameter.bounds[0], parameter.bounds[1] + 1)
        most = 1.0 if parameter.alone else math.inf
        return [[min(one, most) for one in of] for n in counts for of in corner_weights(n)]
    return [None]  # texts and names come at random


def corner_weights(n):
    return [[1.0] * n, [0.0] * (n - 1) + [1.0], ([1.0, 0.0] + [0.0, 3.0] * n)[:n]]


def is_of_one_length(values):
    """Say whether all distributions among the values are over as many outcomes."""
    return len({len(value) for value in values if isinstance(value, list)}) <= 1


def leads(explorer, parameter):
    """Say whether a distribution decides how many outcomes there are: the first one does."""
    parameters = explorer.parameters().values()
    first = next(one for one in parameters if kind(one) == "numbers")
    return parameter is first


def random_value(explorer, parameter, state, rng):
    """Return a valid value: on the slider's steps, between them, or at an end."""
    if getattr(parameter, "whole", False):
        return int(rng.integers(parameter.bounds[0], parameter.bounds[1] + 1))
    if kind(parameter) == "number":
        anywhere = rng.uniform(*parameter.bounds)
        ends = [*parameter.bounds, float(np.clip(1.0, *parameter.bounds))]
        return [round(anywhere, 2), anywhere, rng.choice(ends)][rng.choice(3, p=[0.6, 0.3, 0.1])]
    if kind(parameter) == "choice":
        return str(rng.choice(parameter.objects))
    if kind(parameter) == "text":
        return expected_of(explorer).text(parameter.name, rng)
    if kind(parameter) == "numbers":
        low, high = parameter.bounds
        own = leads(explorer, parameter)
        count = rng.integers(low, high + 1) if own else len(state["labels"])
        return random_weights(int(count), rng)
    if parameter.bounds[0] == 0:
        return [label for label in state["labels"] if rng.random() < 0.3]
    low, high = parameter.bounds
    return rng.permutation(NAMES)[: high if low == high else len(state["labels"])].tolist()


def random_weights(n, rng):
    shape = rng.choice(["even", "uneven", "zeros", "dyadic", "steps", "level"])
    p = rng.dirichlet(np.full(n, 0.2 if shape == "uneven" else 1.0))
    if shape == "zeros":
        p = np.where(rng.permutation(n) < rng.integers(1, n), 0.0, p)
    if shape == "dyadic":
        p = 0.5 ** np.minimum(np.arange(n) + 1.0, n - 1.0)
    if shape == "steps":
        p = np.maximum(np.round(p, 3), 0.001)
    return [1.0] * n if shape == "level" else p.tolist()


def reached(explorer, values):
    """Return the state with these values; None stands for what a parameter is by default."""
    asked = [(name, value) for name, value in values if value is not None]
    state, messages = explorer.apply(explorer.defaults(), asked)
    assert not [told for told in messages if told["kind"] == "refused"]
    return state


def states(explorer, count):
    """Return the states at all corners, or at many where they are too many, then random ones."""
    rng = random_numbers(explorer.slug)
    if expected_of(explorer).dear:
        corners = drawn(explorer, count, lambda parameter, _: one_of(corner_values(parameter), rng))
    else:
        corners = corner_states(explorer, count, rng)
    return corners + drawn(explorer, count, lambda *given: random_value(explorer, *given, rng))


def one_of(values, rng):
    return values[rng.integers(len(values))]


def corner_states(explorer, count, rng):
    parameters = explorer.parameters()
    corners = [*filter(is_of_one_length, product(*map(corner_values, parameters.values())))]
    if len(corners) > count:
        places = rng.choice(len(corners), count, replace=False)
        corners = [corners[place] for place in sorted(places)]
    return [reached(explorer, zip(parameters, values, strict=True)) for values in corners]


def drawn(explorer, count, draw):
    """Return states of drawn values, some of which are held for several states."""
    found, held = [], expected_of(explorer).dear
    for place in range(count):
        state = explorer.defaults()
        for name, parameter in explorer.parameters().items():
            again = place % held.get(name, 1)
            value = found[-1][name] if again else draw(parameter, state)
            state = explorer.apply(state, [(name, value)])[0]
        found.append(state)
    return found


# What a twin answers

TOGETHER = 250  # states in one answer, which may hold pictures


def run_twin(explorer, given_states, sequences):
    question = {
        "slug": explorer.slug, "spec": explorer.spec(), "start": explorer.defaults(),
        "material": explorer.material(),
        "states": given_states, "sequences": sequences,
    }  # fmt: skip
    answer = subprocess.run(
        ["node", ROOT / "tests/js/run_twin.mjs"],
        input=json.dumps(question), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def off(want, got, noise=0.0):
    """Return by how much two arrays differ, in the size of the largest or of the noise."""
    want, got = np.ravel(want).astype(float), np.ravel(got).astype(float)
    finite = np.isfinite(want)
    if want.shape != got.shape or not np.array_equal(want[~finite], got[~finite], equal_nan=True):
        return math.inf
    difference = np.max(abs(want[finite] - got[finite]), initial=0.0)
    return difference / max(np.max(abs(want[finite])), noise) if difference else 0.0


def least_size(explorer, state, name):
    """Return the size below which a number is not compared more closely."""
    expected = expected_of(explorer)
    if not expected.delicate(state):
        return 0.0
    return 10.0 if name in expected.from_tens else 1.0 if name in expected.from_ones else 0.0


def table_misses(explorer, state, name, want, got):
    """List the columns of a table that differ."""
    if want.keys() != got.keys():
        return [f"{name} has {sorted(got)}, not {sorted(want)}"]
    missed = []
    for column, values in want.items():
        if len(values) and isinstance(values[0], str):
            good = list(values) == got[column]
        else:
            floor = least_size(explorer, state, f"{name}.{column}")
            good = off(values, got[column], floor) <= CLOSE
        if not good:
            missed.append(f"{name}.{column} is {got[column]}, not {values}")
    return missed


def readout_misses(explorer, state, want, got):
    """List the readouts that differ, each measured by its own size or that of its noise."""
    missed, sizes = [], {"one": 1.0, None: 0.0, **want}
    for readout in explorer.readouts:
        size = max(sizes[readout.noise_of], least_size(explorer, state, readout.name))
        if off(want[readout.name], got[readout.name], size) > CLOSE:
            missed.append(f"{readout.name} is {got[readout.name]}, not {want[readout.name]}")
    return missed


def misses(explorer, state, want, got):
    """List in what a twin's result differs from the explorer's."""
    if want.tables.keys() != got["tables"].keys():
        return [f"the result has {sorted(got['tables'])}, not {sorted(want.tables)}"]
    missed = readout_misses(explorer, state, want.readouts, got["readouts"])
    for name, table in want.tables.items():
        missed += table_misses(explorer, state, name, table, got["tables"][name])
    for part in ("ranges", "controls"):
        numbers = getattr(want, part)
        if numbers.keys() != got[part].keys():
            missed.append(f"{part} are {sorted(got[part])}, not {sorted(numbers)}")
        elif apart := [
            name for name in numbers
            if off(numbers[name], got[part][name], least_size(explorer, state, f"{part}.{name}"))
            > CLOSE
        ]:  # fmt: skip
            missed.append(f"{part} {apart} differ: {got[part]}, not {numbers}")
    for part in ("slots", "flags", "choices"):
        told = json.loads(json.dumps(getattr(want, part)))
        if told != got[part]:
            missed.append(f"{part} is {got[part]}, not {told}")
    return missed


@every
@pytest.mark.parametrize("count", [A_RUN, taken(EVERY_WAY, always=False)])
def test_the_twin_computes_what_the_explorer_does(explorer, count):
    compared = states(explorer, count)
    assert len(compared) >= count
    for some in batched(compared, TOGETHER):
        results = run_twin(explorer, some, [])["results"]
        for state, got in zip(some, results, strict=True):
            assert not misses(explorer, state, explorer.compute(**state), got), state


@every
def test_a_result_that_is_off_by_a_trifle_would_be_found(explorer):
    state = explorer.defaults()
    (got,) = run_twin(explorer, [state], [])["results"]
    want = explorer.compute(**state)
    assert not misses(explorer, state, want, got)
    first = next(
        one.name for one in explorer.readouts
        if want.readouts[one.name] and not one.noise_of
        and not least_size(explorer, state, one.name)
    )  # fmt: skip
    got["readouts"][first] *= 1 + 3 * CLOSE
    table, column = next(
        (table, column)
        for table, columns in want.tables.items()
        for column, numbers in numbers_of(columns).items()
        if np.ndim(numbers) == 1 and np.any(numbers) and np.isfinite(numbers).all()
        and not least_size(explorer, state, f"{table}.{column}")
    )  # fmt: skip
    got["tables"][table][column][0] += 3 * CLOSE * max(map(abs, got["tables"][table][column]))
    assert len(misses(explorer, state, want, got)) == 2


# Moves

HOSTILE = [
    *("NaN", "1e999", "-inf", "Infinity", "", " ", "0x10", "1_0", "1e", ".", "--1", "١e"),
    *(" 0.25 ", "\t1\n", "\x1c.5\x85", "\ufeff1", "+.5e-1", "-0", "1.", "1e-7", "-1e-7", "1e17"),
    *("0,0", "0,0,0,0", "1,2,3", "-1,2", "-1e-9,1", "1e300,1e300", "1e308,1e308,1e308", "0.5,x"),
    *("0.5,0.500000003", "0.5,0.50000000003", "0.3125,0.3125", "123456.5,1", "1234567,8"),
    *(
        "1,1,1,1,1,1,1,1,1,1,1",
        ",,,",
        "end",
        "a,a",
        "a,b",
        " a , b ",
        "a,\u200b",
        "sun,A",
        "🙂" * 30,
    ),
    *("<b>x</b>", "\u202eevil", "\x00", "quite a long name, with more than forty letters in it"),
    *("1e-9,1e-9,0", "0.000012345,0", "bits", "Bits", "9" * 10_000, " " * 10_000, "a," * 5_000),
    *(-5, 1e-5, -1e-7, 10**17, 3.5, 12.000001, 0, -0.0, None, True),
    *(
        "a,-1",
        "token,logprob\n<b>,-2",
        '"a,-1',
        "a\r\nb",
        '[{"token":"a","logprob":-1}]',
        "[{}]",
        "[" * 999,
    ),
    *([], [1, 2], ["a", "b"], [0.5, "x"], [0.2, 0.3, 0.5]),
]
JUNK = [
    *("P", "", ":", "p:", "p:-1", "p:99", "p:0:0", "mu_p:0", "temperature:0", "unit:1", "labels:0"),
    *("frame", "name", "toString", "__proto__", "<i>", "x" * 100, "reset:1", "swap:0", "lock:x"),
]


def random_key(explorer, rng):
    parameters = explorer.parameters()
    many = [name for name, parameter in parameters.items() if kind(parameter) == "numbers"]
    indexed = [
        f"{name}:{i}" for name in [*many, *explorer.gestures, *explorer.ways] for i in range(11)
    ]
    bags = [
        list(parameters),
        indexed or list(parameters),
        list(explorer.gestures) or JUNK,
        JUNK,
        ["reset"],
    ]
    bag = bags[rng.choice(5, p=[0.4, 0.4, 0.1, 0.08, 0.02])]
    return str(rng.choice(bag))


def random_change(explorer, rng):
    """Return a key and a raw value that may or may not fit it."""
    key = random_key(explorer, rng)
    parameter = explorer.parameters().get(key)
    if rng.random() < 0.35:
        return [key, HOSTILE[rng.integers(len(HOSTILE))]]
    if parameter is not None:
        value = random_value(
            explorer, parameter, {"labels": list("ABCDE"[: rng.integers(2, 6)])}, rng
        )
        return [key, ",".join(map(str, value)) if isinstance(value, list) else value]
    if key.startswith("rename"):
        return [key, str(rng.choice(NAMES))]
    return [key, round(float(rng.random()), 3) if ":" in key else None]


def sequences(explorer):
    """Return sequences of changes, as the page's JSON brings them."""
    rng = random_numbers(explorer.slug)
    made = [[random_change(explorer, rng) for _ in range(30)] for _ in range(100)]
    return json.loads(json.dumps(made))


def same_value(want, got):
    first = want[0] if isinstance(want, list) and want else want
    of_numbers = isinstance(first, float)
    if not of_numbers:
        return want == got
    # A number may have come from steps between ones to where it vanishes.
    floor = 1.0 if isinstance(want, float) else 0.0
    return np.shape(want) == np.shape(got) and off(want, got, floor) <= CLOSE


@every
def test_the_twin_moves_and_refuses_as_the_explorer_does(explorer):
    asked = sequences(explorer)
    told = 0
    for changes, steps in zip(asked, run_twin(explorer, [], asked)["steps"], strict=True):
        state = explorer.defaults()
        for (key, raw), step in zip(changes, steps, strict=True):
            state, messages = explorer.apply(state, [(key, raw)])
            assert messages == step["messages"], (key, raw)
            assert state.keys() == step["state"].keys()
            differing = [name for name in state if not same_value(state[name], step["state"][name])]
            assert not differing, (key, raw)
            told += len(messages)
    assert told > 300
