"""How every explorer behaves; one that is added to the registry is covered unasked."""

import copy
import math
import pickle
from copy import deepcopy
from functools import cache
from itertools import product

import numpy as np
import pytest
from bokeh.models.ranges import DataRange
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contract.explorer import UNITS
from app.contract.links import in_order
from app.contract.parameters import kind
from app.registry import EXPLORERS
from app.session.session import Session
from tests.contract.expectations import expected_of, is_undefined, numbers_of

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)


MOST_CORNERS = 400


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
    # Where controls are many, or a state is dear, some of their corners stand for all.
    dear = expected_of(explorer).dear
    most = MOST_CORNERS // 4 if dear else MOST_CORNERS
    many = math.prod(map(len, ends)) > most
    held = [dear.get(name, 1) for name in names]
    for values in some_of(ends, held, most) if many else product(*ends):
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


def some_of(ends, held, count):
    """Yield values that are drawn from the ends, each held for so many states."""
    rng, values = np.random.default_rng(7), [None] * len(ends)
    for place in range(count):
        for i, (among, states) in enumerate(zip(ends, held, strict=True)):
            if place % states == 0:
                values[i] = among[rng.integers(len(among))]
        yield list(values)


@st.composite
def requests(draw, explorer):
    """Return changes by which a reader gets to some valid state."""
    changes, count = [], None
    for name, parameter in explorer.parameters().items():
        if kind(parameter) == "number":
            of = st.integers if parameter.whole else st.floats
            changes.append((name, draw(of(*parameter.bounds))))
        elif kind(parameter) == "choice":
            changes.append((name, draw(st.sampled_from(parameter.objects))))
        elif kind(parameter) == "text":
            rng = np.random.default_rng(draw(st.integers(0, 2**32)))
            changes.append((name, expected_of(explorer).text(name, rng)))
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
            low, high = parameter.bounds
            places = [0.25 * low + 0.75 * high, 0.75 * low + 0.25 * high]
            rounded = [round(place) if parameter.whole else place for place in places]
            yield name, next(place for place in rounded if place != parameter.default)
        elif kind(parameter) == "numbers":
            yield f"{name}:0", 0.123


def nowhere(table):
    return np.array(False)


@cache
def kept_session(explorer):
    """Return the session that is shared by all tests which leave it as it was.

    Most of what a session costs are the figures that it builds.
    """
    return Session(explorer())


@every
def test_compute_is_finite_at_every_corner_or_infinite_where_the_mathematics_is(explorer):
    expected = expected_of(explorer)
    for state in corner_states(explorer):
        result = explorer.compute(**state)
        for name, number in result.readouts.items():
            undefined = is_undefined(explorer, name, result.readouts)
            endless = expected.infinite_readouts.get(name, lambda result: False)
            assert math.isnan(number) if undefined else (
                number == math.inf if endless(result) else math.isfinite(number)
            ), (name, number, state)  # fmt: skip
        for table in result.tables.values():
            for name, column in numbers_of(table).items():
                column = np.asarray(column)
                endless = expected.infinite.get(name, nowhere)(table)
                wanted = np.broadcast_to(endless, column.shape)
                assert np.array_equal(np.isposinf(column), wanted.astype(bool)), (name, state)
                assert np.isfinite(column[~np.isposinf(column)]).all(), (name, state)


@every
def test_compute_is_pure(explorer):
    state = explorer.defaults()
    first, second = (vars(explorer.compute(**state)) for _ in range(2))
    assert state == explorer.defaults()
    np.testing.assert_equal(first, second)


@every
def test_a_slider_moves_the_data_and_keeps_the_figure(explorer):
    session = Session(explorer())
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
    session = kept_session(explorer)
    drawn = set().union(*(figure.references() for figure in session.figures.values()))
    assert set(session.figures) == {picture.name for picture in explorer.pictures}
    labels = {label.name for label in explorer.labels_drawn}  # a table may show one, too
    assert all(source in drawn or n in labels for n, source in session.sources.items())
    assert not set(session.sources) & set(session.frame["ranges"])  # the page finds both by name


@every
def test_no_range_follows_its_data_for_the_page_moves_each(explorer):
    for figure in kept_session(explorer).figures.values():
        assert not list(figure.select(type=DataRange)), figure


@every
def test_two_sessions_share_no_model(explorer):
    one, other = Session(explorer()), Session(explorer())
    models = [
        set().union(*(figure.references() for figure in session.figures.values()))
        for session in (one, other)
    ]
    assert not models[0] & models[1]
    change = next(slider_changes(explorer))
    before = {name: dict(source.data) for name, source in other.sources.items()}
    one.receive({"seq": 1, "changes": [change]})
    assert other.explorer.state == explorer.defaults()
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
    one, other = Session(explorer()), Session(explorer())
    before = deepcopy(columns_of(other)), deepcopy(other.frame)
    for values in columns_of(one).values():
        scrawled_over(values)
    for part in ("readouts", "ranges", "slots", "flags"):
        one.frame[part].clear()
    for session in (other, Session(explorer())):
        np.testing.assert_equal((columns_of(session), session.frame), before)


@every
def test_what_one_caller_does_to_a_result_no_other_sees(explorer):
    state = explorer.defaults()
    want = deepcopy(vars(explorer.compute(**state)))
    for table in explorer.compute(**state).tables.values():
        for values in table.values():
            for array in values if isinstance(values, list) else [values]:
                if isinstance(array, np.ndarray) and array.flags.writeable:
                    array[...] = array[::-1].copy()
    np.testing.assert_equal(vars(explorer.compute(**state)), want)


def link_of(explorer, state):
    """Write a state as ``static/front/link.js`` does: all digits, lists with commas."""
    texts = {n: ",".join(map(str, v)) if isinstance(v, list) else str(v) for n, v in state.items()}
    return [(name, text) for name, text in texts.items() if text]


@every
@settings(max_examples=20)
@given(data=st.data())
def test_the_state_survives_a_round_trip_through_a_link(explorer, data):
    state, messages = explorer.apply(explorer.defaults(), data.draw(requests(explorer)))
    assert not [told for told in messages if told["kind"] == "refused"]
    link = data.draw(st.permutations(link_of(explorer, state)))
    assert explorer.apply(explorer.defaults(), in_order(explorer, link)) == (state, [])


@every
def test_a_session_begins_in_the_state_of_its_link(explorer):
    state, _ = explorer.apply(explorer.defaults(), slider_changes(explorer))
    session = Session(explorer(), in_order(explorer, link_of(explorer, state)))
    assert session.explorer.state == session.frame["state"] == state != explorer.defaults()
    assert session.frame["messages"] == []
    assert session.frame["readouts"] == explorer.compute(**state).readouts


@every
def test_reserved_keys_are_not_part_of_the_state(explorer):
    asked = [("explorer", "x"), ("embed", "1"), ("theme", "dark"), ("lesson", "1"), ("lock", "p")]
    assert Session(explorer(), in_order(explorer, asked)).frame["messages"] == []


def plain_changes(explorer):
    return [change for change in slider_changes(explorer) if ":" not in change[0]]


@every
def test_setting_a_parameter_from_python_moves_the_frame(explorer):
    session, told = Session(explorer()), []
    session.param.watch(lambda event: told.append(event.new), "frame")
    for name, number in plain_changes(explorer):
        before, drawn = session.frame, columns_of(session)
        setattr(session.explorer, name, number)
        assert session.frame["state"][name] == number
        now = columns_of(session)
        moved = any(now[column] is not values for column, values in drawn.items())
        assert session.frame["readouts"] != before["readouts"] or moved
    session.explorer.unit = next(unit for unit in UNITS if unit != explorer.defaults()["unit"])
    assert session.frame["state"]["unit"] == session.explorer.unit
    assert len(told) == len(plain_changes(explorer)) + 1


@every
@pytest.mark.parametrize("raw", [math.nan, math.inf, 1e308, -1e308, None, "x", [1.0]])
def test_setting_an_invalid_value_from_python_raises_and_leaves_the_state(explorer, raw):
    session = kept_session(explorer)
    frame = session.frame
    for name in [*(name for name, _ in plain_changes(explorer)), "unit"]:
        with pytest.raises(ValueError, match=f"{name}|{explorer.param[name].label}"):
            setattr(session.explorer, name, raw)
        assert session.explorer.state == explorer.defaults()
        assert session.frame == frame


@every
def test_an_update_with_one_wrong_value_leaves_all_as_they_were(explorer):
    session, told = Session(explorer()), []
    (name, number), *_ = plain_changes(explorer)
    session.explorer.param.watch(lambda event: told.append(event.obj.state), name)
    frame = session.frame
    with pytest.raises(ValueError, match="unit must be bits or nats"):
        session.explorer.param.update(**{name: number, "unit": "shannons"})
    assert (session.explorer.state, session.frame) == (explorer.defaults(), frame)
    assert getattr(session.explorer, name) == explorer.defaults()[name]
    setattr(session.explorer, name, number)
    assert session.frame["state"][name] == number
    assert told[-1] == session.frame["state"]


@every
def test_what_is_done_inside_a_list_reaches_no_state(explorer):
    made = explorer()
    for name, value in made.state.items():
        if isinstance(value, list):
            getattr(made, name).append(5.0)
            made.state[name].clear()
    made.unit = next(unit for unit in UNITS if unit != made.unit)
    assert made.state == {**explorer.defaults(), "unit": made.unit}
    assert {name: getattr(made, name) for name in made.state} == made.state


@every
def test_a_number_has_the_type_of_its_parameter_even_where_it_is_the_default(explorer):
    made = explorer()
    for name, value in explorer.defaults().items():
        if isinstance(value, int | float) and float(value).is_integer():
            setattr(made, name, int(value))
            assert type(getattr(made, name)) is type(made.state[name]) is type(value)


@every
@pytest.mark.parametrize("raw", [math.nan, 1e308, None, "x"])
def test_an_explorer_is_made_in_a_state_or_refused_in_the_words_of_a_page(explorer, raw):
    for name, number in [*plain_changes(explorer), ("unit", "nats")]:
        assert getattr(explorer(**{name: number}), name) == number
        _, (message,) = explorer.apply(explorer.defaults(), [(name, raw)])
        with pytest.raises(ValueError, match="must") as refused:
            explorer(**{name: raw})
        assert str(refused.value) == explorer.phrase(message)


@every
def test_a_value_may_be_numpys_but_no_text_of_a_link(explorer):
    made = explorer(**{name: np.float64(number) for name, number in plain_changes(explorer)})
    lists = {name: value for name, value in made.state.items() if isinstance(value, list)}
    again = explorer(**{**made.state, **{name: np.array(one) for name, one in lists.items()}})
    assert again.state == made.state
    for name, number in plain_changes(explorer):
        setattr(again, name, np.float64(number))
        with pytest.raises(ValueError, match=f"must be a number; “{number}” is not"):
            explorer(**{name: str(number)})


@every
def test_a_list_that_was_given_is_no_longer_the_givers(explorer):
    lists = {name: value for name, value in explorer.defaults().items() if isinstance(value, list)}
    made = explorer(**lists)
    before = deepcopy(made.state)
    for mine in lists.values():
        mine.clear()
    assert made.state == before
    assert explorer.defaults() == before


@every
@pytest.mark.parametrize(
    "how", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_an_explorer_is_copied_and_pickled_as_its_state(explorer, how):
    made = explorer(**dict(plain_changes(explorer)))
    again = how(made)
    assert (type(again), again.state) == (explorer, made.state)
    again.unit = next(unit for unit in UNITS if unit != made.unit)
    assert again.unit != made.unit


@every
@pytest.mark.parametrize(
    "request_",
    [{}, {"seq": 1}, {"changes": 5}, {"seq": "x", "changes": [None, 1, "ab", [1, 2], ["a"]]},
     {"seq": math.nan, "changes": [["frame", 1], ["name", "x"], ["__class__", "x"], ["", None]]},
     {"seq": 1, "changes": [["unit", math.nan], ["unit:0", "bits"], ["reset:0:0", None]]}],
)  # fmt: skip
def test_a_malformed_request_leaves_the_state(explorer, request_):
    session = kept_session(explorer)
    session.receive(request_)
    assert session.explorer.state == explorer.defaults()
