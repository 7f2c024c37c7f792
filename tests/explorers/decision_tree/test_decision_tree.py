"""What only the decision tree does: cuts, a second question, and the sentences about both."""

import math

import mpmath
import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from app.contract import labelled
from app.explorers.decision_tree.explorer import DecisionTree
from app.explorers.decision_tree.model import NONE, OTHER, SAME
from app.session.session import Session
from infocore import binned_mutual_information, entropy

TASKS, CARDS = (DecisionTree.texts.all(kind) for kind in ("Task", "Card"))


def told(**state):
    return DecisionTree.compute(**DecisionTree.defaults() | state).readouts


def reading_and_rain(noise, n=2000, sample=1):
    """Return the reading in standard deviations, and the label."""
    x, y = labelled.feature_and_label("signal", noise, n, sample)
    return x / math.hypot(1, noise), y


def moved(*changes):
    """Return the readouts and the state of a session after changes."""
    session = Session(DecisionTree())
    session.receive({"changes": list(changes)})
    assert not session.frame["messages"]
    return session.frame["readouts"], session.frame["state"]


# The first question


def test_the_best_cut_has_the_largest_gain():
    session = Session(DecisionTree(), [("noise", "3"), ("unit", "nats")])
    session.receive({"changes": [["best", None]]})
    told = session.frame["readouts"]
    assert told["information_gain"] == pytest.approx(told["best_gain"], rel=1e-12)
    assert told["best_gain"] >= session.sources["gain"].data["gain"].max() - 1e-12
    x, y = labelled.feature_and_label("signal", 3.0, 2000, 1)
    every_cut = max(binned_mutual_information(x <= cut, y, base=math.e) for cut in np.sort(x)[:-1])
    assert told["best_gain"] == pytest.approx(every_cut, rel=1e-12)


def test_the_captions_name_the_cuts_on_the_scale_of_the_axis():
    result = DecisionTree.compute(**DecisionTree.defaults() | {"noise": 3.0, "threshold": 0.5})
    assert result.readouts["cut_at"] == result.tables["marks"]["cut"][0]
    assert result.readouts["best_at"] == result.tables["marks"]["best"][0]
    for picture in ("counts", "gain"):
        assert "_at} standard deviations" in DecisionTree.texts("Caption", picture)


@pytest.mark.parametrize(("criterion", "best"), [("entropy", "best_at"), ("gini", "best_gini_at")])
@pytest.mark.parametrize("noise", [0.5, 1.0, 3.0])
def test_the_best_cuts_are_those_of_scikit_learns_tree(criterion, best, noise):
    x, y = reading_and_rain(noise)
    tree = DecisionTreeClassifier(max_depth=1, criterion=criterion).fit(x[:, None], y)
    assert told(noise=noise)[best] == pytest.approx(tree.tree_.threshold[0], abs=1e-6)


def test_the_page_says_which_criterion_scikit_learn_uses():
    assert DecisionTreeClassifier().criterion == "gini"
    card = DecisionTree.texts("Card", "Entropy or Gini")
    assert 'criterion="entropy"' in card
    assert "by default they use the Gini impurity" in card


@pytest.mark.parametrize("threshold", [-3.2, -0.4, 0.0, 0.8, 3.2])
def test_ginis_fall_is_that_of_scikit_learns_impurities(threshold):
    x, y = reading_and_rain(1.0)

    def impurity(label):
        p = label.mean() if len(label) else 0.0
        return 1 - p**2 - (1 - p) ** 2

    left = x <= threshold
    fall = impurity(y) - left.mean() * impurity(y[left]) - (~left).mean() * impurity(y[~left])
    assert told(threshold=threshold)["gini_gain"] == pytest.approx(fall, abs=1e-14)
    rng = np.random.default_rng(0)  # how often two samples differ, as the card says
    one, other = rng.choice(y, (2, 200_000))
    assert np.mean(one != other) == pytest.approx(impurity(y), abs=0.005)
    assert "how often two samples drawn from a node differ" in DecisionTree.texts(
        "Card", "Entropy or Gini"
    )


# The second question


@pytest.mark.parametrize("second", [SAME, OTHER])
@pytest.mark.parametrize("threshold", [-3.2, -0.5, 0.2, 3.2])
def test_both_answers_add_up_to_what_the_tree_tells(second, threshold):
    found = told(second=second, threshold=threshold, cut_left=-0.7, cut_right=0.9)
    both = found["information_gain"] + found["second_gain"]
    assert found["tree_gain"] == pytest.approx(both, abs=1e-14)
    assert found["tree_gain"] <= found["label_entropy"]


def test_the_second_gain_is_that_of_each_side_by_its_share():
    x, y = reading_and_rain(1.0)
    found = told(second=SAME, threshold=0.2, cut_left=-0.7, cut_right=0.9)
    left = x <= 0.2
    gains = [
        binned_mutual_information(x[side] <= cut, y[side])
        for side, cut in ((left, -0.7), (~left, 0.9))
    ]
    assert [found["left_gain"], found["right_gain"]] == pytest.approx(gains, abs=1e-14)
    assert found["second_gain"] == pytest.approx(np.dot([left.mean(), (~left).mean()], gains))


@pytest.mark.parametrize("second", [SAME, OTHER])
def test_the_best_second_cuts_are_reached_and_are_those_of_scikit_learn(second):
    found, state = moved(["threshold", 0.2], ["second", second], ["best_second", None])
    assert found["second_gain"] == pytest.approx(found["best_second_gain"], rel=1e-12)
    x, y = reading_and_rain(1.0)
    values = x if second == SAME else labelled.draws(1)[1]
    for side, cut in ((x <= 0.2, "cut_left"), (x > 0.2, "cut_right")):
        tree = DecisionTreeClassifier(max_depth=1, criterion="entropy")
        tree.fit(values[side, None], y[side])
        assert state[cut] == pytest.approx(tree.tree_.threshold[0], abs=1e-6)


def test_a_side_without_samples_has_no_second_cut_and_keeps_the_readers():
    found, state = moved(["n", 50], ["threshold", -3.2], ["cut_left", 1.0], ["best_second", None])
    assert (state["cut_left"], found["left_gain"], found["information_gain"]) == (1.0, 0, 0)
    assert found["tree_gain"] == pytest.approx(found["best_second_gain"], rel=1e-12)


def test_the_nodes_hold_the_samples_of_both_questions():
    state = DecisionTree.defaults() | {"threshold": 0.2, "cut_left": -0.7, "cut_right": 0.9}
    nodes = DecisionTree.compute(**state | {"second": SAME}).tables["nodes"]
    x, y = reading_and_rain(1.0)
    parts = [
        np.full(2000, True), x <= 0.2, x > 0.2, x <= -0.7, (x > -0.7) & (x <= 0.2),
        (x > 0.2) & (x <= 0.9), x > 0.9,
    ]  # fmt: skip
    assert nodes["n"].tolist() == [part.sum() for part in parts]
    assert nodes["ones"].tolist() == [y[part].sum() for part in parts]
    assert nodes["right"][[0, 2, 6]] == pytest.approx(1)


def test_before_a_second_question_is_asked_there_is_none_of_it():
    result = DecisionTree.compute(**DecisionTree.defaults())
    assert DecisionTree.defaults()["second"] == NONE
    assert result.tables["seconds"]["alpha"].tolist() == [0, 0]
    assert result.tables["nodes"]["answers"] == ["–", "≤", ">"]
    found = result.readouts
    assert (found["second_gain"], found["left_gain"], found["right_gain"]) == (0, 0, 0)
    assert found["tree_gain"] == pytest.approx(found["information_gain"], rel=1e-13)
    assert moved(["best_second", None])[1]["second"] == SAME  # to go to the best cuts is to ask


def test_what_a_task_asks_is_drawn_once_a_reader_shows_it():
    hidden, shown = (
        DecisionTree.compute(**DecisionTree.defaults() | {"curve": curve})
        for curve in ("your cut", "every cut")
    )
    assert len(hidden.tables["curve"]["gain"]) == 0
    assert hidden.tables["marks"]["seen"] == 0
    assert hidden.ranges["gain_axis"] == (0, hidden.readouts["label_entropy"])
    assert shown.tables["curve"] is shown.tables["gain"]
    assert shown.tables["marks"]["seen"] == 1
    assert "curve=your cut" in TASKS["best-cut"]


# What the page says


def test_the_best_cut_of_the_reading_tells_0189_bits_and_on_few_samples_seems_to_tell_more():
    # The signs of two normals with the correlation 1/√2 agree with probability ½ + asin(1/√2)/π.
    with mpmath.workdps(50):
        agree = mpmath.mpf(1) / 2 + mpmath.asin(1 / mpmath.sqrt(2)) / mpmath.pi
        exact = 1 + sum(one * mpmath.log(one, 2) for one in (agree, 1 - agree))
    assert mpmath.almosteq(agree, 0.75)
    for text, count in ((TASKS["best-cut"], 4), (CARDS["With your numbers"], 1)):
        assert text.count(f"{float(exact):.3f} bits") == count
    assert (told()["best_gain"], told()["best_at"]) == pytest.approx((0.1787, -0.3258), abs=1e-4)
    best = {
        n: np.mean([told(n=n, sample=one)["best_gain"] for one in range(1, 101)])
        for n in (50, 2000)
    }
    assert f"{best[50]:.2f} bits on average" in TASKS["best-cut"]
    assert f"averages {best[50]:.2f} bits over" in CARDS["With your numbers"]
    assert f"and {best[2000]:.2f} over those of 2000" in CARDS["With your numbers"]
    assert told()["label_entropy"] == pytest.approx(1, abs=0.001)
    assert told(threshold=2.0)["information_gain"] < 0.97 * told()["best_gain"]


def test_the_disturbance_alone_tells_nothing_and_after_the_reading_much():
    # x₀ and the disturbance are independent, so the exact gain is 0; samples leave little.
    _, y = reading_and_rain(1.0)
    disturbance = labelled.draws(1)[1]
    alone = max(binned_mutual_information(disturbance <= cut, y) for cut in np.sort(disturbance))
    assert alone < 0.002
    cuts = {"threshold": 0.0, "cut_left": 0.0, "cut_right": 0.0}
    assert told(second=OTHER, **cuts)["second_gain"] > 0.1
    assert told(second=OTHER, **cuts | {"cut_left": 2.0, "cut_right": 2.0})["second_gain"] < 0.1
    assert "By itself the disturbance says nothing" in TASKS["useless-alone"]


def test_the_same_question_twice_tells_nothing_the_second_time():
    cuts = {"threshold": 0.0, "cut_left": 0.0, "cut_right": 0.0}
    assert told(second=SAME, **cuts)["second_gain"] == 0
    near = told(second=SAME, **cuts | {"cut_left": -0.06, "cut_right": 0.06})
    assert near["second_gain"] < 0.01


def test_a_cut_at_the_edge_tells_little():
    gain = DecisionTree.compute(**DecisionTree.defaults()).tables["gain"]["gain"]
    assert max(gain[:20].max(), gain[-20:].max()) < 0.01 < 0.1 * gain.max()
    assert entropy([0.5, 0.5]) == 1
