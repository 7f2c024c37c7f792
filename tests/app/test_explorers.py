"""How every explorer behaves; one that is added to the registry is covered unasked."""

import math
from copy import deepcopy
from itertools import product

import numpy as np
import param
import pytest
from bokeh.models.ranges import DataRange
from hypothesis import given, settings
from hypothesis import strategies as st

from app.explorer import TOLD, UNITS
from app.page import in_order
from app.registry import EXPLORERS
from app.state import kind

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)


def never(table):
    return table["p"] == 0


def cost_is_infinite(result):
    p, q = result["boxes"]["p"], result["boxes"]["q"]
    return bool(((p > 0) & (q == 0)).any())


def reverse_is_infinite(result):
    p, q = result["boxes"]["p"], result["boxes"]["q"]
    return bool(((q > 0) & (p == 0)).any())


# Where mathematics has no finite number: a column of a table, a readout of a result, is infinite
# exactly where its function says, and a readout undefined exactly where another is 0. Everything
# else is finite everywhere.
INFINITE = {
    "entropy": dict.fromkeys(("length", "ideal", "shannon", "huffman"), never),
    "cross-entropy": {
        "ideal": never,
        "length": lambda table: table["q"] == 0,
        **dict.fromkeys(("area", "waste"), lambda table: (table["p"] > 0) & (table["q"] == 0)),
        "loss": lambda table: np.isposinf(table["loss"]),  # a path ends where its q has zeros
        "bce": lambda table: (
            ((table["x"] == 0) & (table["p"] > 0)) | ((table["x"] == 1) & (table["p"] < 1))
        ),
        "cce": lambda table: np.isposinf(table["cce"]),
    },
}
INFINITE_READOUTS = {
    "cross-entropy": {
        **dict.fromkeys(
            ("cross_entropy_pq", "kl_pq", "cce", "loss_at_start", "overpaid"), cost_is_infinite
        ),
        **dict.fromkeys(("cross_entropy_qp", "kl_qp"), reverse_is_infinite),
        "bce": lambda result: np.isposinf(result["mark"]["loss"][0]),
    },
}
UNDEFINED = {"kl": {"ratio": "kl_pq"}}
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)


MOST_CORNERS = 4000


def corners(parameter):
    """List the ends of a control, as a link writes them."""
    if kind(parameter) == "number":
        low, high = parameter.bounds
        return [*map(str, parameter.bounds), str(min(max(low, 1), high))]
    if kind(parameter) == "choice":
        return list(parameter.objects)
    if kind(parameter) == "numbers":
        ends = [[1.0] + [0.0] * (count - 1) for count in parameter.bounds]
        level = [[1.0] * count for count in parameter.bounds]
        tiny = [0.5, 0.5 - 1e-300, 5e-324] + [0.0] * (parameter.bounds[0] - 3)
        return [",".join(map(str, one)) for one in [*ends, *level, tiny]]
    return [None]


def corner_states(explorer):
    """Yield the states at the ends of all controls."""
    names = explorer.parameters()
    ends = [corners(parameter) for parameter in names.values()]
    # Where controls are many, some of their corners stand for all.
    rng, many = np.random.default_rng(7), math.prod(map(len, ends)) > MOST_CORNERS
    some = ([one[rng.integers(len(one))] for one in ends] for _ in range(MOST_CORNERS // 8))
    for values in some if many else product(*ends):
        lengths = {
            value.count(",")
            for value, parameter in zip(values, names.values(), strict=True)
            if kind(parameter) == "numbers"
        }
        if len(lengths) > 1:  # of two distributions over the same outcomes
            continue
        asked = [(n, v) for n, v in zip(names, values, strict=True) if v is not None]
        state, messages = explorer.apply(explorer.defaults(), asked)
        assert not [told for told in messages if told["kind"] == "refused"]
        yield state


@st.composite
def requests(draw, explorer):
    """Return changes by which a reader gets to some valid state."""
    changes, count = [], None
    for name, parameter in explorer.parameters().items():
        if kind(parameter) == "number":
            of = st.integers if isinstance(parameter, param.Integer) else st.floats
            changes.append((name, draw(of(*parameter.bounds))))
        elif kind(parameter) == "choice":
            changes.append((name, draw(st.sampled_from(parameter.objects))))
        elif name == "log_probs":
            nats = draw(st.lists(st.floats(-1e6, 0) | st.just(-math.inf), min_size=1, max_size=9))
            changes.append((name, "\n".join(f"token,{number}" for number in nats)))
        elif kind(parameter) == "text":
            changes.append((name, draw(TEXT)))
        elif kind(parameter) == "numbers":
            low, high = parameter.bounds if count is None else (count, count)
            weights = draw(st.lists(st.floats(0, 1), min_size=low, max_size=high))
            count = len(weights)  # a second distribution is over the same outcomes
            changes.append((name, weights))
    return [*changes, *((f"{name}:0", None) for name in explorer.gestures if name == "lock")]


def slider_changes(explorer):
    """List one change for each slider, away from its default."""
    for name, parameter in explorer.parameters().items():
        if kind(parameter) == "number":
            place = 0.25 * parameter.bounds[0] + 0.75 * parameter.bounds[1]
            yield name, round(place) if isinstance(parameter, param.Integer) else place
        elif kind(parameter) == "numbers":
            yield f"{name}:0", 0.123


def numbers_of(table):
    return {name: column for name, column in table.items() if np.asarray(column).dtype.kind == "f"}


def tables_of(result):
    return {k: v for k, v in result.items() if k not in TOLD}


@every
def test_compute_is_finite_at_every_corner_or_infinite_where_the_mathematics_is(explorer):
    infinite, undefined = INFINITE.get(explorer.slug, {}), UNDEFINED.get(explorer.slug, {})
    for state in corner_states(explorer):
        result = explorer.compute(**state)
        for name, number in result["readout"].items():
            other = undefined.get(name)
            endless = INFINITE_READOUTS.get(explorer.slug, {}).get(name, lambda result: False)
            assert math.isnan(number) if other and not result["readout"][other] else (
                number == math.inf if endless(result) else math.isfinite(number)
            ), (name, number, state)  # fmt: skip
        for table in tables_of(result).values():
            for name, column in numbers_of(table).items():
                column = np.asarray(column)
                endless = infinite[name](table) if name in infinite else np.zeros(column.shape)
                assert np.array_equal(np.isposinf(column), endless.astype(bool)), (name, state)
                assert np.isfinite(column[~np.isposinf(column)]).all(), (name, state)
        for low, high in result["range"].values():
            assert -math.inf < low < high < math.inf, state


@every
def test_compute_is_pure(explorer):
    state = explorer.defaults()
    first, second = explorer.compute(**state), explorer.compute(**state)
    assert state == explorer.defaults()
    np.testing.assert_equal(first, second)


@every
def test_a_slider_moves_the_data_and_keeps_the_figure(explorer):
    session = explorer()
    figures, sources = dict(session.figures), dict(session.sources)
    models = {name: figure.references() for name, figure in figures.items()}
    frames = []
    session.param.watch(lambda event: frames.append(event.new), "frame")
    for seq, change in enumerate(slider_changes(explorer)):
        before = {name: source.data for name, source in sources.items()}
        session.receive({"seq": seq, "changes": [change]})
        assert [frame["seq"] for frame in frames] == [*range(seq + 1)]
        assert not session.frame["messages"]
        assert any(source.data is not before[name] for name, source in sources.items())
        assert any(
            not np.array_equal(source.data[column], before[name][column])
            for name, source in sources.items() for column in source.data
        ), change  # fmt: skip
        assert all(session.sources[name] is source for name, source in sources.items())
        assert all(session.figures[name] is figure for name, figure in figures.items())
        assert {name: figure.references() for name, figure in figures.items()} == models


@every
def test_figures_draw_the_sources_of_their_session(explorer):
    session = explorer()
    drawn = set().union(*(figure.references() for figure in session.figures.values()))
    assert set(session.figures) == {picture.name for picture in explorer.pictures}
    assert all(source in drawn for source in session.sources.values())
    assert not set(session.sources) & set(session.frame["range"])  # the page finds both by name


@every
def test_no_range_follows_its_data_for_the_page_moves_each(explorer):  # lighten.js relies on it
    for figure in explorer().figures.values():
        assert not list(figure.select(type=DataRange)), figure


@every
def test_two_sessions_share_no_model(explorer):
    one, other = explorer(), explorer()
    models = [
        set().union(*(figure.references() for figure in session.figures.values()))
        for session in (one, other)
    ]
    assert not models[0] & models[1]
    change = next(slider_changes(explorer))
    before = {name: dict(source.data) for name, source in other.sources.items()}
    one.receive({"seq": 1, "changes": [change]})
    assert other.state == explorer.defaults()
    for name, source in other.sources.items():
        np.testing.assert_equal(dict(source.data), before[name])


def columns_of(session):
    return {
        (name, column): values
        for name, source in session.sources.items()
        for column, values in source.data.items()
    }


def scrawled_over(values):
    """Change a column in place."""
    if isinstance(values, np.ndarray):
        values[...] = 0 if values.dtype.kind in "biuf" else ""
        return
    for place, value in enumerate(values):
        if isinstance(value, np.ndarray):
            scrawled_over(value)
        else:
            values[place] = None


@every
def test_what_one_session_does_to_its_data_no_other_sees(explorer):
    one, other = explorer(), explorer()
    before = deepcopy(columns_of(other)), deepcopy(other.frame)
    for values in columns_of(one).values():
        scrawled_over(values)
    for part in ("readout", "range", "words", "show"):
        one.frame[part].clear()
    for session in (other, explorer()):
        np.testing.assert_equal((columns_of(session), session.frame), before)


@every
def test_what_one_caller_does_to_a_result_no_other_sees(explorer):
    state = explorer.defaults()
    want = deepcopy(explorer.compute(**state))
    for name, table in explorer.compute(**state).items():
        for values in table.values() if name not in TOLD else ():
            for array in values if isinstance(values, list) else [values]:
                if isinstance(array, np.ndarray) and array.flags.writeable:
                    array[...] = array[::-1].copy()
    np.testing.assert_equal(explorer.compute(**state), want)


def link_of(explorer, state):
    """Write a state as ``static/link.js`` does: all digits, lists with commas."""
    texts = {n: ",".join(map(str, v)) if isinstance(v, list) else str(v) for n, v in state.items()}
    return [(name, text) for name, text in texts.items() if text]


@every
@settings(max_examples=40)
@given(data=st.data())
def test_the_state_survives_a_round_trip_through_a_link(explorer, data):
    state, messages = explorer.apply(explorer.defaults(), data.draw(requests(explorer)))
    assert not [told for told in messages if told["kind"] == "refused"]
    link = data.draw(st.permutations(link_of(explorer, state)))
    restored = explorer(in_order(explorer, link))
    assert restored.state == state
    assert restored.frame["messages"] == []


@every
def test_reserved_keys_are_not_part_of_the_state(explorer):
    asked = [("explorer", "x"), ("embed", "1"), ("theme", "dark"), ("lesson", "1"), ("lock", "p")]
    assert explorer(in_order(explorer, asked)).frame["messages"] == []


def plain_changes(explorer):
    return [change for change in slider_changes(explorer) if ":" not in change[0]]


@every
def test_setting_a_parameter_from_python_moves_the_frame(explorer):
    session, told = explorer(), []
    session.param.watch(lambda event: told.append(event.new), "frame")
    for name, number in plain_changes(explorer):
        before = session.frame
        setattr(session, name, number)
        assert session.frame["state"][name] == number
        assert session.frame["readout"] != before["readout"]
    session.unit = next(unit for unit in UNITS if unit != explorer.defaults()["unit"])
    assert session.frame["state"]["unit"] == session.unit
    assert len(told) == len(plain_changes(explorer)) + 1


@every
@pytest.mark.parametrize("raw", [math.nan, math.inf, 1e308, -1e308, None, "x", [1.0]])
def test_setting_an_invalid_value_from_python_raises_and_leaves_the_state(explorer, raw):
    session = explorer()
    frame = session.frame
    for name in [*(name for name, _ in plain_changes(explorer)), "unit"]:
        with pytest.raises(ValueError, match=f"{name}|{explorer.param[name].label}"):
            setattr(session, name, raw)
        assert session.state == explorer.defaults()
        assert session.frame == {**frame, "messages": session.frame["messages"]}


@every
@pytest.mark.parametrize(
    "request_",
    [{}, {"seq": 1}, {"changes": 5}, {"seq": "x", "changes": [None, 1, "ab", [1, 2], ["a"]]},
     {"seq": math.nan, "changes": [["frame", 1], ["name", "x"], ["__class__", "x"], ["", None]]},
     {"seq": 1, "changes": [["unit", math.nan], ["unit:0", "bits"], ["reset:0:0", None]]}],
)  # fmt: skip
def test_a_malformed_request_leaves_the_state(explorer, request_):
    session = explorer()
    session.receive(request_)
    assert session.state == explorer.defaults()
