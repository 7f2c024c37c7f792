"""What only the Mutual Information Explorer does: the joint table, and the guess."""

import math

import numpy as np
import pytest

from app.contract.tasks import start_of, tasks_of
from app.explorers.entropy.explorer import Entropy
from app.explorers.mutual_information.explorer import MutualInformation
from app.session.session import Session
from infocore import entropy
from tests.solving import solved


def preset(name):
    state, _ = MutualInformation.apply(
        MutualInformation.defaults(), list(MutualInformation.presets[name].items())
    )
    return MutualInformation.compute(**state).readouts


def said(told):
    """Return the last message of a session, as its reader sees it."""
    return MutualInformation.phrase(told.frame["messages"][0])


def test_a_function_of_x_shares_the_entropy_of_y():
    told = preset("Y is a function of X")
    assert told["mutual_information"] == pytest.approx(told["entropy_y"], rel=1e-15)
    assert told["entropy_y_given_x"] == 0
    assert told["entropy_x"] > told["mutual_information"]


def test_the_bars_add_up_at_every_table():
    rng = np.random.default_rng(0)
    session = Session(MutualInformation())
    for _ in range(50):
        place = f"joint:{rng.choice([0, 1, 2, 5, 6, 7, 10, 11, 12])}"
        session.receive({"changes": [[place, float(rng.random())]]})
        told, parts = session.frame["readouts"], session.sources["parts"].data
        assert parts["y_right"][0] == pytest.approx(told["joint_entropy"], abs=1e-14)
        assert parts["i_right"][1] == pytest.approx(told["entropy_x"], abs=1e-14)
        shared_and_rest = parts["y_right"][2] - parts["i_left"][2]
        assert shared_and_rest == pytest.approx(told["entropy_y"], abs=1e-14)


def test_the_table_keeps_to_its_size():
    session = Session(MutualInformation())
    session.receive({"changes": [["rows", 2], ["columns", 5], ["joint:24", 0.5]]})
    assert said(session) == "The table has no probability of fog and hat."
    assert math.fsum(session.explorer.joint) == pytest.approx(1)
    assert not any(session.explorer.joint[10:])


def test_a_name_that_stands_twice_is_refused():
    session = Session(MutualInformation(), [("names_x", "a,b,a,c,d")])
    assert "Each name in names_x may stand once" in said(session)
    assert session.explorer.names_x == ["sun", "cloud", "rain", "snow", "fog"]


def test_the_mosaic_stands_as_the_table_does():
    state = MutualInformation.defaults()
    tables = MutualInformation.compute(**state).tables
    cells, rows = tables["cells"], tables["rows"]
    areas = (cells["right"] - cells["left"]) * (cells["top"] - cells["bottom"])
    assert areas == pytest.approx(cells["p"], abs=1e-15)
    ifs = (cells["product_right"] - cells["product_left"]) * (cells["top"] - cells["bottom"])
    assert ifs == pytest.approx(cells["product"], abs=1e-15)
    assert list(rows["name"]) == ["sun", "cloud", "rain", "snow"]
    assert rows["top"][0] == 1  # the first row on top, the first column left
    assert (np.diff(rows["top"]) < 0).all()
    assert cells["left"][::2] == pytest.approx(0, abs=1e-15)
    assert tables["split"]["at"] == pytest.approx([0.75])


# What the knobs and the two sliders move


def moved(state, *changes):
    state, messages = MutualInformation.apply(state, changes)
    return state, messages


def table_of(state):
    return np.reshape(state["joint"], (5, 5))[: state["rows"], : state["columns"]]


def random_tables(count):
    """Yield states with tables of all sizes, in which a third of the cells are 0."""
    rng = np.random.default_rng(8)
    while count:
        rows, columns = rng.integers(2, 6, 2)
        table = rng.dirichlet(np.ones(rows * columns)).reshape(rows, columns)
        table[rng.random((rows, columns)) < 1 / 3] = 0
        if table.sum(axis=1).all():
            joint = np.zeros((5, 5))
            joint[:rows, :columns] = table / table.sum()
            state = {"rows": int(rows), "columns": int(columns), "joint": joint.ravel().tolist()}
            yield MutualInformation.defaults() | state, rng
            count -= 1


def test_a_division_moves_within_its_row_and_no_row_changes_its_height():
    for state, rng in random_tables(100):
        row, column = rng.integers(state["rows"]), rng.integers(state["columns"])
        before, value = table_of(state), float(rng.random())
        after = table_of(moved(state, (f"division:{5 * row + column}", value))[0])
        assert after.sum(axis=1) == pytest.approx(before.sum(axis=1), rel=1e-14)
        assert after[row, column] / after[row].sum() == pytest.approx(value, rel=1e-13)
        others = np.arange(state["rows"]) != row
        assert (after[others] == before[others]).all()


def test_a_height_moves_and_every_row_stays_divided_as_it_is():
    for state, rng in random_tables(100):
        row, column = rng.integers(state["rows"]), rng.integers(state["columns"])
        before, value = table_of(state), float(rng.uniform(0.01, 0.99))
        after = table_of(moved(state, (f"height:{5 * row + column}", value))[0])
        assert after[row].sum() == pytest.approx(value, rel=1e-13)
        assert after.sum() == pytest.approx(1, abs=1e-14)
        parts = [table / table.sum(axis=1, keepdims=True) for table in (before, after)]
        assert parts[1] == pytest.approx(parts[0], rel=1e-13)


def test_a_row_that_had_nothing_comes_back_telling_nothing_of_y():
    state, _ = moved(MutualInformation.defaults(), ("height:15", 0), ("height:15", 0.1))
    table = table_of(state)
    assert table[3] / 0.1 == pytest.approx(table[:3].sum(axis=0) / 0.9, rel=1e-13)


def test_what_never_happens_cannot_be_divided():
    session = Session(MutualInformation(), [("height:15", "0")])
    before = session.explorer.joint
    session.receive({"changes": [["division:15", 0.5]]})
    assert said(session) == "X is never snow here, so there is nothing to divide."
    session.receive({"changes": [["division:24", 0.5], ["division", 0.5], ["height:1", "x"]]})
    told = [MutualInformation.phrase(one) for one in session.frame["messages"]]
    assert told[0] == "The table has no probability of fog and hat."
    assert "division" in told[1]
    assert "probability of sun" in told[2]
    assert session.explorer.joint == before


def test_a_row_that_goes_is_seen_no_longer():
    state, _ = moved(MutualInformation.defaults(), ("observed", "4"), ("rows", 2))
    assert state["observed"] == "2"


# The guess


@pytest.mark.parametrize("row", range(4))
def test_the_guess_is_the_row_that_is_seen(row):
    state = MutualInformation.defaults() | {"observed": str(row + 1)}
    result = MutualInformation.compute(**state)
    table = np.reshape(state["joint"], (5, 5))[:4, :2]
    after = table[row] / table[row].sum()
    assert result.tables["guess"]["after"] == pytest.approx(after, rel=1e-15)
    assert result.tables["guess"]["before"] == pytest.approx([0.75, 0.25], rel=1e-15)
    assert result.readouts["entropy_seen"] == pytest.approx(entropy(after, normalize=True))
    assert result.slots["seen"] == ["sun", "cloud", "rain", "snow"][row]


def test_what_is_left_on_average_is_the_conditional_entropy():
    states = [MutualInformation.defaults() | {"observed": str(row)} for row in range(1, 5)]
    told = [MutualInformation.compute(**state).readouts for state in states]
    average = sum(one["observed_probability"] * one["entropy_seen"] for one in told)
    assert average == pytest.approx(told[0]["entropy_y_given_x"], rel=1e-14)


def test_snow_leaves_one_less_sure_and_sun_surer():
    # TEACHING's table has the same numbers: (.5, 0 | .25, .25) leaves 1 bit of 0.811.
    for joint, row, flag, bits in (
        ({}, "4", "less_sure", 1), ({}, "1", "surer", 0.2422921890824148),
        ({"rows": 2, "columns": 2, "joint": [0.5, 0, 0, 0, 0, 0.25, 0.25, *[0] * 18]}, "2",
         "less_sure", 1),
    ):  # fmt: skip
        result = MutualInformation.compute(
            **MutualInformation.defaults() | joint | {"observed": row}
        )
        assert result.readouts["entropy_y"] == pytest.approx(0.8112781244591328, rel=1e-14)
        assert result.readouts["entropy_seen"] == pytest.approx(bits, rel=1e-14)
        assert [one for one in result.flags if result.flags[one]] == [flag]
    card = MutualInformation.texts("Card", "One observation and the average")
    assert "H(Y) is 0.811 bits" in card
    assert "of all people one in four carries an umbrella" in card
    assert "snow leaves 1 bit" in card
    assert "from 0.811 to 1 bit" in MutualInformation.texts("Task", "less-sure")
    # Before: H(¼) = 0.811 bits; of two skies, each half of the days, one leaves 1 bit, one none.
    why = "H(Y) is 0.811 bits; a cloudy sky raises that to 1 bit, a sunny one lowers it to 0"
    assert why in MutualInformation.texts("Task", "less-sure")
    assert result.readouts["entropy_y_given_x"] == pytest.approx(0.5, rel=1e-14)
    assert "the average, H(Y|X), is 0.5 bits" in MutualInformation.texts("Task", "less-sure")


@pytest.mark.parametrize("change", [{"observed": "5"}, {"joint": [0, 0, 0, 0, 0, 1, *[0] * 19]}])
def test_a_row_that_never_happens_cannot_be_seen(change):
    result = MutualInformation.compute(**MutualInformation.defaults() | change)
    assert math.isnan(result.readouts["entropy_seen"])
    assert result.readouts["observed_probability"] == 0
    assert result.flags["never"]
    assert not result.tables["guess"]["after"].any()


# What the scenes and sentences say


@pytest.mark.parametrize(
    ("name", "bits"),
    [
        ("Independent", 0.0), ("Y = X²", 1.0), ("Agree 90 %", 0.5310044064107188),
        ("Disagree 90 %", 0.5310044064107188), ("Y copies X", 1.4854752972273344),
        ("Y is a function of X", 0.8112781244591328),
    ],
)  # fmt: skip
def test_what_the_scenes_share(name, bits):
    # 1 − H(.1), H(.5, .3, .2) and H(.25) in bits, by mpmath at 50 digits.
    assert preset(name)["mutual_information"] == pytest.approx(bits, rel=1e-14, abs=0)


def test_a_copy_shares_all_of_both():
    told = preset("Y copies X")
    for name in ("entropy_x", "entropy_y", "joint_entropy"):
        assert told[name] == pytest.approx(told["mutual_information"], rel=1e-15)


def test_the_correlation_of_x_and_its_square_is_0_and_that_of_answers_that_agree_is_08():
    assert preset("Y = X²")["correlation"] == 0
    assert preset("Agree 90 %")["correlation"] == pytest.approx(0.8, rel=1e-14)
    assert preset("Disagree 90 %")["correlation"] == pytest.approx(-0.8, rel=1e-14)
    rng = np.random.default_rng(4)
    table = rng.dirichlet(np.ones(9)).reshape(3, 3)
    x, y = np.divmod(rng.choice(9, 400_000, p=table.ravel()), 3)
    joint = np.zeros((5, 5))
    joint[:3, :3] = table
    state = {"rows": 3, "columns": 3, "joint": joint.ravel().tolist()}
    told = MutualInformation.compute(**MutualInformation.defaults() | state).readouts
    assert told["correlation"] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=0.01)


def test_the_weather_is_that_of_the_first_pages():
    table = np.reshape(MutualInformation.defaults()["joint"], (5, 5))
    assert table.sum(axis=1)[:4] == pytest.approx(Entropy.defaults()["p"])
    assert MutualInformation.defaults()["names_x"][:4] == Entropy.defaults()["labels"]


def test_information_never_exceeds_the_smaller_entropy():
    rng = np.random.default_rng(5)
    for _ in range(50):
        state = {"rows": 5, "columns": 5, "joint": rng.dirichlet(np.full(25, 0.2)).tolist()}
        told = MutualInformation.compute(**MutualInformation.defaults() | state).readouts
        assert told["mutual_information"] <= told["most_information"] * (1 + 1e-14)


@pytest.mark.parametrize(
    ("name", "value", "moved"),
    [
        ("joint", [0.04] * 25, {"cells", "split", "parts", "rows", "guess"}),
        ("unit", "nats", {"cells", "split", "parts", "rows", "guess"}),
        ("observed", "2", {"guess"}),
    ],
)
def test_a_move_sends_only_what_it_changes(name, value, moved):
    state = MutualInformation.defaults() | {"rows": 5, "columns": 5}
    before, after = (MutualInformation.compute(**state | more) for more in ({}, {name: value}))
    tables = before.tables.keys()
    assert {one for one in tables if before.tables[one] is not after.tables[one]} == moved


def test_the_task_of_agreement_names_the_number():
    # 1 − H(.1) in bits, by mpmath at 50 digits.
    assert pytest.approx(0.5310044064107188, abs=5e-4) == 0.531
    shared = MutualInformation.compute(
        **MutualInformation.defaults() | MutualInformation.presets["Disagree 90 %"]
    ).readouts["mutual_information"]
    assert shared == pytest.approx(0.5310044064107188, rel=1e-12)
    assert "0.531 bits each" in MutualInformation.texts("Task", "disagree")


# What a task says once it is done


@pytest.mark.parametrize("task", tasks_of(MutualInformation), ids=lambda one: one.name)
def test_what_is_said_of_a_task_is_true_in_whatever_scene_is_chosen_next(task):
    # A number of the table that is shown now would stand in a sentence about the task's own.
    assert not any("{" in text for text in (task.why, *task.replies))


def test_the_task_of_squares_tells_what_its_table_has():
    state = start_of(MutualInformation, tasks_of(MutualInformation)[0], "bits")
    told = MutualInformation.compute(
        **solved(MutualInformation, tasks_of(MutualInformation)[0], state)
    ).readouts
    assert told["mutual_information"] == told["entropy_y"] == pytest.approx(1, rel=1e-14)
    assert told["correlation"] == 0
