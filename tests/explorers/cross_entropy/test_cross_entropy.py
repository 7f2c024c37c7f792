"""The Cross-Entropy Explorer: boxes add up, the identity holds, training falls to the entropy."""

import math

import mpmath
import numpy as np
import pytest
from bokeh.models import Quad

from app.explorers.cross_entropy.explorer import CrossEntropy
from app.session.session import Session
from infocore import binary_cross_entropy, cross_entropy, entropy, kl_divergence

SOURCES = Session(CrossEntropy()).sources
FIGURES = CrossEntropy.figures(SOURCES)
RNG = np.random.default_rng(31)
PAIRS = [
    (RNG.dirichlet(np.full(n, a)).tolist(), RNG.dirichlet(np.full(n, b)).tolist())
    for n in (2, 3, 5, 10) for a in (0.3, 2) for b in (0.3, 2)
]  # fmt: skip
both_units = pytest.mark.parametrize(("unit", "base"), [("bits", 2), ("nats", math.e)])


def computed(p, q, **more):
    labels = list("ABCDEFGHIJ"[: len(p)])
    return CrossEntropy.compute(
        **{**CrossEntropy.defaults(), "p": p, "q": q, "labels": labels, **more}
    )


def preset(name, **more):
    asked = CrossEntropy.presets[name]
    return CrossEntropy.compute(**{**CrossEntropy.defaults(), **asked, **more})


def moved(state, *changes):
    state, messages = CrossEntropy.apply(state, changes)
    return state, [CrossEntropy.phrase(message) for message in messages]


@pytest.mark.parametrize(
    ("name", "bits"), [("Close", 1.1955), ("Far off", 3.0219), ("Equal", 1.1568)]
)  # SPEC §1, row cross_entropy
def test_presets_have_the_cross_entropies_that_are_known(name, bits):
    readout = preset(name).readouts
    assert readout["entropy_p"] == pytest.approx(1.1568, abs=5e-5)
    assert readout["cross_entropy_pq"] == pytest.approx(bits, abs=5e-5)


def test_a_one_hot_label_costs_minus_log_of_what_its_class_was_given():
    readout = preset("One-hot label", unit="nats").readouts
    assert readout["cce"] == readout["bce"] == pytest.approx(0.2231, abs=5e-5)  # SPEC §1
    assert readout["entropy_p"] == 0


@both_units
def test_entropy_and_waste_add_up_to_the_loss_both_ways(unit, base):
    for p, q in PAIRS:
        for steps in (0.0, 1.0, 77.0, 200.0):
            readout = computed(p, q, unit=unit, steps=steps).readouts
            for one, other in ("pq", "qp"):
                total = readout[f"entropy_{one}"] + readout[f"kl_{one}{other}"]
                assert total == pytest.approx(readout[f"cross_entropy_{one}{other}"], rel=1e-12)


@both_units
def test_boxes_and_their_waste_add_up_to_the_numbers(unit, base):
    for p, q in PAIRS:
        result = computed(p, q, unit=unit)
        boxes, readout = result.tables["boxes"], result.readouts
        width = boxes["right"] - boxes["left"]
        wasted, saved = boxes["over"] - boxes["both"], boxes["under"] - boxes["both"]
        assert math.fsum(width * (boxes["both"] + wasted)) == pytest.approx(
            readout["cross_entropy_pq"], rel=1e-12
        )
        assert math.fsum(width * (boxes["both"] + saved)) == pytest.approx(
            readout["entropy_p"], rel=1e-12
        )
        assert math.fsum(width * (wasted - saved)) == pytest.approx(
            readout["kl_pq"], rel=1e-11, abs=1e-13
        )
        assert ((boxes["waste"] < 0) == (boxes["q"] > boxes["p"])).all()
        assert math.fsum(boxes["waste"]) == pytest.approx(readout["kl_pq"], rel=1e-11, abs=1e-13)


def test_the_bar_of_the_identity_ends_where_the_loss_does():
    for p, q in PAIRS:
        result = computed(p, q)
        bar, readout = result.tables["identity"], result.readouts
        assert bar["h"] == readout["entropy_p"]
        assert bar["d"] == bar["total"] == bar["edge"] == readout["cross_entropy_pq"]
        assert result.ranges["amount"][1] > bar["total"]


def test_what_q_rules_out_makes_the_loss_infinite_and_the_page_says_why():
    result = preset("Ruled out")
    readout, boxes = result.readouts, result.tables["boxes"]
    assert readout["cross_entropy_pq"] == readout["kl_pq"] == readout["cce"] == math.inf
    assert math.isfinite(readout["cross_entropy_qp"])
    assert (result.flags["ruled_out"], result.slots["never"]) == (True, "rain")
    assert not result.flags["ruled_out_p"]
    assert boxes["mark"].tolist() == [-100, -100, math.inf]
    assert boxes["endless"][2] > 10 * result.ranges["box"][1]
    assert result.tables["identity"]["edge"] > 10 * result.ranges["amount"][1]
    assert result.tables["identity"]["loss"] == [math.inf]


def test_the_reverse_is_infinite_where_p_rules_out_what_q_gives():
    result = computed([0.5, 0.5, 0.0], [0.4, 0.4, 0.2])
    assert math.isfinite(result.readouts["cross_entropy_pq"])
    assert result.readouts["cross_entropy_qp"] == result.readouts["kl_qp"] == math.inf
    assert (result.flags["ruled_out_p"], result.slots["never_p"]) == (True, "C")


def test_one_training_step_adds_a_fifth_of_the_gradient_to_the_logits():
    p, q = [0.7, 0.2, 0.1], [0.1, 0.1, 0.8]
    with mpmath.workdps(50):
        weights = [mpmath.mpf(b) * mpmath.exp((mpmath.mpf(a) - b) / 5)
                   for a, b in zip(p, q, strict=True)]  # fmt: skip
        want = [float(weight / sum(weights)) for weight in weights]
    assert computed(p, q, steps=1.0).controls["q"] == pytest.approx(want, rel=1e-14)


def test_the_loss_falls_at_every_step_to_the_entropy_which_stays():
    for p, q in PAIRS:
        result = computed(p, q)
        loss, h = result.tables["path"]["loss"], entropy(p)
        assert (np.diff(loss) < 1e-14).all()
        assert (loss >= h - 1e-14).all()
        assert loss[-1] - h < loss[0] - h
        assert result.tables["floor"]["h"].tolist() == [h, h]
    far = preset("Far off").tables["path"]["loss"]
    assert far[-1] - entropy([0.7, 0.2, 0.1]) < 0.01


def test_a_state_in_training_is_a_start_and_a_number_of_steps():
    for p, q in PAIRS:
        result = computed(p, q, steps=40.0)
        assert result.readouts["loss_at_start"] == cross_entropy(p, q)
        now = result.controls["q"]
        assert result.readouts["cross_entropy_pq"] == cross_entropy(p, now)
        assert result.readouts["kl_pq"] == kl_divergence(p, now)
        assert result.tables["path"]["loss"][40] == cross_entropy(p, now)
        assert result.tables["walked"]["step"].tolist() == list(range(41))


def test_training_does_not_leave_a_zero_and_the_page_says_so():
    state, _ = moved(CrossEntropy.defaults(), ("q", "0.8,0.2,0"))
    assert CrossEntropy.compute(**state).flags["trained"]
    assert moved(state, ("train", None)) == (state, [])
    result = CrossEntropy.compute(**{**state, "steps": 100.0})
    assert result.controls["q"] == state["q"]
    assert result.flags["ruled_out"]
    assert not result.flags["learns"]


def test_a_zero_that_p_shares_does_not_keep_from_training():
    result = computed([0.5, 0.5, 0.0], [0.9, 0.1, 0.0], steps=200.0)
    assert result.controls["q"][2] == 0
    assert result.readouts["kl_pq"] < 1e-6


@pytest.mark.parametrize("change", [("p:0", 0.5), ("q:0", 0.5), ("add", None), ("remove:0", None)])
def test_an_edit_goes_on_from_where_training_has_brought_q(change):
    trained, _ = moved(CrossEntropy.defaults(), *[("train", None)] * 30)
    now = CrossEntropy.compute(**trained).controls["q"]
    edited, notes = moved(trained, change)
    fresh, _ = moved({**trained, "q": now, "steps": 0.0}, change)
    assert edited == fresh
    assert (edited["steps"], notes) == (0.0, [])


def test_names_and_locks_do_not_end_training():
    trained, _ = moved(CrossEntropy.defaults(), ("steps", 30), ("rename:0", "sunny"),
                       ("lock:0", None), ("lock_q:1", None))  # fmt: skip
    assert trained["steps"] == 30
    assert (trained["labels"][0], trained["locked"], trained["locked_q"]) == (
        "sunny", ["sunny"], ["cloud"])  # fmt: skip


def test_training_goes_in_whole_steps_and_says_so():
    state, notes = moved(CrossEntropy.defaults(), ("steps", "2.5"))
    assert (state["steps"], notes) == (3.0, ["Training goes in whole steps: this is 3."])


def test_swap_exchanges_everything_twice_to_no_effect():
    state, _ = moved(CrossEntropy.defaults(), ("lock:0", None), ("lock_q:2", None))
    once, _ = moved(state, ("swap", None))
    assert (once["p"], once["q"]) == (state["q"], state["p"])
    assert (once["locked"], once["locked_q"]) == (["rain"], ["sun"])
    assert moved(once, ("swap", None))[0] == state


def test_each_distribution_keeps_its_own_locks():
    state, _ = moved(CrossEntropy.defaults(), ("lock_q:0", None), ("q:1", 0.5), ("p:1", 0.5))
    assert state["q"] == pytest.approx([0.1, 0.5, 0.4])
    assert state["p"] == pytest.approx([0.4375, 0.5, 0.0625])


def test_q_is_over_the_outcomes_of_p():
    state, notes = moved(CrossEntropy.defaults(), ("q", "0.5,0.5"))
    assert (state, notes) == (
        CrossEntropy.defaults(), ["Q needs 3 probabilities for 3 outcomes, not 2."])  # fmt: skip
    wider, _ = moved(CrossEntropy.defaults(), ("p", [0.1, 0.2, 0.3, 0.4]))
    assert wider["q"] == [0.25] * 4


def test_a_refused_probability_says_of_which_distribution():
    _, (note,) = moved(CrossEntropy.defaults(), ("q:1", "many"))
    assert note.startswith("probability of cloud in Q must be a number")


@both_units
def test_losses_meet_the_model_at_the_marker_and_are_least_where_q_is_p(unit, base):
    for p, q in PAIRS:
        result = computed(p, q, unit=unit)
        readout, losses = result.readouts, result.tables["losses"]
        assert readout["bce"] == binary_cross_entropy(p[0], q[0], base=base)
        assert readout["cce"] == readout["cross_entropy_pq"]
        assert result.tables["mark"]["loss"].tolist() == [readout["bce"], readout["cce"]]
        for name in ("bce", "cce"):
            curve = losses[name]
            below, above = (side(q[0] * 200) for side in (math.floor, math.ceil))
            around = sorted(curve[[below, above]])  # convex: between grid points never higher
            assert readout[name] <= max(around) + 1e-12
            assert abs(losses["x"][np.argmin(curve)] - p[0]) <= 0.0051


@both_units
def test_the_clip_reports_at_most_minus_log_of_1e_12(unit, base):
    ceiling = {"nats": 27.631, "bits": 39.863}[unit]  # 12 ln 10; 12 log₂ 10
    result = preset("Ruled out", unit=unit, clip="on")
    readout = result.readouts
    assert result.flags["clip"]
    assert readout["clip_ceiling"] == pytest.approx(ceiling, abs=5e-4)
    assert result.tables["clip_mark"]["loss"] == pytest.approx([math.inf, ceiling], abs=5e-4)
    unclipped = -(0.7 * math.log(0.8) + 0.2 * math.log(0.2)) / math.log(base)
    assert readout["cce_clipped"] == pytest.approx(
        unclipped + 0.1 * 12 * math.log(10) / math.log(base), rel=1e-13
    )
    assert readout["cce"] == math.inf
    assert result.flags["clip_hides"]
    assert preset("Close").flags["clip_idle"]


def test_a_wrong_certainty_is_infinite_for_bce_too_and_stands_at_the_edge():
    result = computed([0.5, 0.5], [1.0, 0.0])
    assert result.readouts["bce"] == math.inf
    assert result.tables["mark"]["loss"].tolist() == [math.inf, math.inf]
    assert ((result.tables["mark"]["edge"] > 0) & (result.tables["mark"]["edge"] < 1)).all()
    assert result.readouts["bce_clipped"] == pytest.approx(0.5 * 12 * math.log2(10), rel=1e-4)


@both_units
def test_orange_less_hatched_is_the_waste_and_blue_with_hatched_is_the_entropy(unit, base):
    for p, q in PAIRS:
        result = computed(p, q, unit=unit)
        readout, boxes = result.readouts, result.tables["boxes"]
        blue, hatched, orange = (
            math.fsum(boxes["p"] * (boxes[high] - low))
            for high, low in (("both", 0), ("under", boxes["both"]), ("over", boxes["both"]))
        )
        assert readout["overpaid"] == pytest.approx(orange, abs=1e-14)
        assert readout["saved"] == pytest.approx(hatched, abs=1e-14)
        assert orange - hatched == pytest.approx(readout["kl_pq"], abs=1e-14)
        assert blue + hatched == pytest.approx(readout["entropy_p"], abs=1e-14)


def test_what_orange_exceeds_the_hatching_by_is_infinite_where_q_is_zero():
    readout = preset("Ruled out").readouts
    assert readout["overpaid"] == math.inf
    # 0.7 log₂(0.8/0.7): sun alone gets more from q than it has
    assert readout["saved"] == pytest.approx(0.7 * math.log2(0.8 / 0.7), rel=1e-14)


def test_two_infinite_losses_at_one_place_are_written_beside_each_other():
    mark = computed([0.7, 0.2, 0.1], [0.0, 0.0, 1.0]).tables["mark"]
    assert mark["loss"].tolist() == [math.inf, math.inf]
    assert np.ptp(mark["shift"]) >= 16  # px, more than the 12 of a letter
    assert min(mark["shift"]) >= 0  # below their arrow, as above it the picture ends


def looks(figure, source):
    """Return the colours and forms of a figure's glyphs on a source, as (tags, look)."""
    drawn = [one for one in FIGURES[figure].renderers if one.data_source is SOURCES[source]]
    return [(set(one.glyph.tags), one.glyph) for one in drawn]


def test_what_is_overpaid_is_dotted_with_an_end_or_without_and_only_the_saved_is_hatched():
    patterns = {
        glyph.top: glyph.hatch_pattern
        for _, glyph in looks("boxes", "boxes") if isinstance(glyph, Quad)
    }  # fmt: skip
    dots, lines, none = (Quad(hatch_pattern=one).hatch_pattern for one in ("dot", "/", None))
    assert patterns == {"both": none, "over": dots, "endless": dots, "under": lines}
    assert {glyph.hatch_pattern for _, glyph in looks("identity", "identity")} == {none}
    for picture in ("boxes", "identity"):
        assert "{show=ruled_out}" in CrossEntropy.texts("Caption", picture)


def test_each_loss_has_a_marker_of_its_lines_colour_and_a_form_of_its_own():
    found = {
        (one.view.filter.group, one.glyph.marker, "fill_color=p" in one.glyph.tags)
        for one in FIGURES["losses"].renderers if one.data_source is SOURCES["mark"]
    }  # fmt: skip
    assert found == {
        ("BCE", "diamond", False), ("CCE", "circle", True),
        ("BCE", "triangle", False), ("CCE", "triangle", True),
    }  # fmt: skip


def test_the_caption_of_training_names_only_lines_that_are_there():
    flags = {step: computed([0.7, 0.3], [0.2, 0.8], steps=step).flags for step in (0.0, 7.0, 200.0)}
    assert [flags[step]["walked"] for step in flags] == [False, True, True]  # dashed
    assert [flags[step]["ahead"] for step in flags] == [True, True, False]  # dotted
    assert not preset("Ruled out").flags["ahead"]


# What the page says


def test_the_page_says_how_much_loss_a_one_hot_label_still_has_after_all_steps():
    p, q = (CrossEntropy.presets["One-hot label"][name] for name in ("p", "q"))
    with mpmath.workdps(50):
        now = [mpmath.mpf(one) for one in q]
        for _ in range(200):
            weights = [b * mpmath.exp((a - b) / 5) for a, b in zip(p, now, strict=True)]
            now = [weight / sum(weights) for weight in weights]
        left = float(-mpmath.log(now[0], 2))
    readout = preset("One-hot label", steps=200.0).readouts
    assert readout["cross_entropy_pq"] == pytest.approx(left, rel=1e-11)
    assert (readout["entropy_p"], CrossEntropy.param.steps.bounds) == (0, (0, 200))
    said = f"H(p) is 0, and after 200 steps the loss is still {left:.3f} bits"
    assert said in CrossEntropy.texts("Card", "What training does")


def test_q_loses_at_least_as_much_as_it_saves_and_just_as_much_only_where_it_is_p():
    for p, q in PAIRS:
        readout = computed(p, q).readouts
        assert readout["overpaid"] > readout["saved"] > 0
        assert computed(p, p).readouts["overpaid"] == computed(p, p).readouts["saved"] == 0
    assert "it loses at least as much on the others" in CrossEntropy.texts("Card", "What you see")


def test_what_had_no_probability_can_be_trained_once_it_has_a_little():
    state, _ = moved(CrossEntropy.defaults(), ("q", "0.8,0.2,0"), ("q:2", "0.01"), ("train", "end"))
    assert state["steps"] == 200
    assert CrossEntropy.compute(**state).readouts["kl_pq"] < 0.01


def test_the_curves_of_the_losses_go_from_0_to_1_as_their_caption_says():
    x = preset("Close").tables["losses"]["x"]
    assert (x[0], x[-1]) == (0, 1)
    assert "as q gives {first} from 0 to 1" in CrossEntropy.texts("Caption", "losses")
