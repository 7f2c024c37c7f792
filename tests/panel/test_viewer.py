"""An explorer as a component of Panel: what it shows, what moves it, who watches its numbers."""

import copy
import gc
import math
import pickle
import re
import warnings

import numpy as np
import panel as pn
import param
import pytest

import app
from app import KL, Entropy
from app.page.poster.poster import Poster
from app.page.poster.themes import THEMES, colours, mixed
from app.panel.dashboard import Dashboard
from app.panel.viewer import components
from app.registry import EXPLORERS
from infocore import Gaussian, gaussian_kl
from tests.chapters import a_third

some = a_third("component", components().values(), ids=lambda one: one.slug)


def labelled(view, label):
    """Return the widget of a view that has this label."""
    (found,) = (one for one in view.select(pn.widgets.Widget) if getattr(one, "label", "") == label)
    return found


def shown(view):
    """Return what the texts of a view say."""
    return " ".join(str(one.object) for one in view.select(pn.pane.HTML) if one.visible)


def press(view, label):
    """Press a button."""
    labelled(view, label).clicks += 1


def editable(view):
    """List the sliders of a view that a reader can type into, those in sight."""
    kinds = pn.widgets.EditableFloatSlider, pn.widgets.EditableIntSlider
    return view.select(lambda one: isinstance(one, kinds) and one.visible)


@some
def test_an_explorer_of_the_package_is_a_component_and_the_chapter_of_its_name(component):
    chapter = next(one for one in EXPLORERS if one.__name__ == component.__name__)
    made = component()
    assert isinstance(made, pn.viewable.Viewer)
    assert isinstance(made, chapter)
    assert component is getattr(app, component.__name__)
    assert made.state == chapter.defaults()
    assert list(component.parameters()) == list(chapter.parameters())


@some
def test_a_dashboard_has_the_words_the_numbers_and_the_pictures_of_its_page(component):
    made = component()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        view = made.__panel__()
        view.get_root()
    words = shown(view)
    assert made.question in words
    first = component.readouts[0]
    numbers = {one.label: one for one in view.select(pn.indicators.Number)}
    assert set(numbers) == {one.label for one in component.readouts}
    np.testing.assert_equal(numbers[first.label].value, getattr(made, first.name))
    assert len(view.select(pn.pane.Bokeh)) > 0
    for name in component.presets:
        assert labelled(view, name)


@some
def test_a_slider_moves_the_explorer_the_picture_and_the_numbers(component):
    board = Dashboard(component(), "light")
    before = {name: source.data for name, source in board.session.sources.items()}
    sliders = editable(board.view) or board.view.select(pn.widgets.FloatSlider)
    state = board.explorer.state
    slider = next(one for one in sliders if one.value < one.end)
    slider.value += 1 if isinstance(slider.value, int) else 0.013
    assert board.explorer.state != state
    assert any(board.session.sources[name].data is not data for name, data in before.items())
    assert board.session.frame["state"] == board.explorer.state


@some
@pytest.mark.parametrize("theme", THEMES)
def test_colours_are_those_that_the_style_sheet_has_for_the_roles(component, theme):
    board, known, seen = Dashboard(component(), theme), colours(theme), 0
    for figure in board.session.figures.values():
        for model in figure.references():
            for name, role in (tag.split("=") for tag in model.tags if "=" in str(tag)):
                told = getattr(model, name)
                if name == "palette":
                    assert (told[0], told[-1]) == (known[f"{role}-low"], known[f"{role}-high"])
                else:
                    assert told == known[role], (model, name)
                seen += 1
    assert seen > 0


def test_the_colours_of_p_and_q_are_two_and_those_in_the_dark_are_others():
    told = [colours(theme)[role] for theme in THEMES for role in "pq"]
    assert len(set(told)) == 4
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


@some
def test_axes_reach_what_the_result_asks_for(component):
    board = Dashboard(component(), "light")
    posted = Poster(component).figures
    ranges = board.result.ranges
    for name, figure in board.session.figures.items():
        for axis in ("x_range", "y_range"):
            mine, posters = getattr(figure, axis), getattr(posted[name], axis)
            if mine.name in ranges:
                low, high = ranges[mine.name]
                assert mine.start <= low
                assert mine.end >= high or math.isclose(mine.end, high)
                assert (mine.start, mine.end) == (posters.start, posters.end)


@some
def test_two_dashboards_share_nothing_unless_they_show_one_explorer(component):
    one, other = Dashboard(component(), "light"), Dashboard(component(), "light")
    models = [
        set().union(*(f.references() for f in board.session.figures.values()))
        for board in (one, other)
    ]
    assert not models[0] & models[1]
    unit = next(unit for unit in ("bits", "nats") if unit != one.explorer.unit)
    again = Dashboard(one.explorer, "dark")
    one.explorer.unit = unit
    assert again.session.frame["state"]["unit"] == unit
    assert other.session.frame["state"] == component.defaults()


@some
def test_every_scene_and_button_is_taken_without_a_refusal(component):
    board = Dashboard(component(), "light")
    for name in component.presets:
        press(board.view, name)
        assert "refused" not in [one["kind"] for one in board.session.frame["messages"]], name
        scene = component.presets[name]
        for key, value in ({} if isinstance(scene, str) else scene).items():
            assert board.explorer.state[key] == pytest.approx(value) or key == "p", (name, key)
    press(board.view, "Reset")
    for name in sorted({one for group in component.groups for one in group.actions}):
        if component.gestures[name] and name not in ("ask", "next_game"):  # of a game
            press(board.view, component.gestures[name])
    press(board.view, "Reset")
    assert board.explorer.state == component.defaults()


@some
def test_all_that_can_be_opened_is_written(component):
    board = Dashboard(component(), "light")
    for card in board.view.select(pn.Card):
        card.collapsed = False
    frames = [one.object for one in board.view.select(pn.pane.DataFrame)]
    assert frames
    assert all(one is not None and len(one.columns) for one in frames)


def test_readouts_are_parameters_that_follow_the_state():
    kl, told = KL(mu_q=2), []
    assert kl.kl_pq == KL.compute(**kl.state).readouts["kl_pq"]
    kl.param.watch(lambda event: told.append((event.new, event.obj.mu_q, event.obj.kl_pq)), "kl_pq")
    kl.param.update(mu_q=1, sigma_q=2, unit="bits")
    p, q = Gaussian(kl.mu_p, kl.sigma_p), Gaussian(1, 2)
    want = gaussian_kl(p, q)  # the closed form, whose own tests hold it to mpmath
    assert told == [(want, 1.0, want)]


def test_bind_and_rx_follow_a_readout():
    kl = KL()
    text = pn.bind(lambda forward, unit: f"{forward:.3f} {unit}", kl.param.kl_pq, kl.param.unit)
    double = kl.param.kl_pq.rx() * 2
    pane = pn.pane.Markdown(text)
    kl.param.update(mu_p=0, sigma_p=1, mu_q=0, sigma_q=0.1, unit="nats")
    assert text() == "47.197 nats"  # ln 0.1 + 1/0.02 − ½
    assert double.rx.value == 2 * kl.kl_pq
    pane.get_root()
    kl.mu_q = 1
    assert pane.object == text() == f"{kl.kl_pq:.3f} nats"


def test_a_readout_is_infinite_or_none_where_the_mathematics_is_and_then_no_event():
    made, told = app.Surprise(p=0), []
    assert made.surprise == math.inf
    kl = KL(mu_p=0, sigma_p=1, mu_q=0, sigma_q=1)
    assert math.isnan(kl.ratio)
    kl.param.watch(told.append, "ratio")
    kl.integrand = "non-negative"
    assert told == []


@pytest.mark.parametrize(
    "set_it",
    [
        lambda kl: setattr(kl, "kl_pq", 3),
        lambda kl: kl.param.update(mu_p=1, kl_pq=3),
        lambda kl: kl.param.update(kl_pq=3, mu_p=1),
        lambda kl: KL(kl_pq=3),
        lambda kl: setattr(KL, "kl_pq", 3.0),
    ],
)
def test_a_readout_cannot_be_set_and_who_tries_changes_nothing(set_it):
    kl, told = KL(mu_q=2), []
    kl.param.watch(lambda *events: told.append(events), "mu_p")
    before = kl.state, kl.kl_pq
    with pytest.raises(ValueError, match=r"kl_pq.* follows from the other parameters"):
        set_it(kl)
    assert (kl.state, kl.kl_pq, kl.mu_p) == (*before, before[0]["mu_p"])
    assert KL.param.kl_pq.constant
    kl.mu_p = 0.25
    assert kl.kl_pq == KL.compute(**kl.state).readouts["kl_pq"]


def test_a_readout_is_no_part_of_the_state():
    kl = KL()
    assert "kl_pq" not in kl.state
    _, (message,) = kl.apply(kl.state, [("kl_pq", 1.0)])
    assert message["kind"] == "refused"


def test_one_change_is_computed_once_for_readouts_and_every_dashboard(monkeypatch):
    kl = KL()
    boards, computed, compute = [Dashboard(kl, "light") for _ in range(2)], [], KL.compute
    monkeypatch.setattr(
        KL, "compute", staticmethod(lambda **state: computed.append(state) or compute(**state))
    )
    kl.param.update(mu_q=3, sigma_q=2)
    assert len(computed) == 1
    boards[0].send("mu_q", 2.5)
    assert len(computed) == 2
    assert kl.kl_pq == boards[1].session.frame["readouts"]["kl_pq"]


@pytest.mark.parametrize(
    "how", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
@some
def test_a_component_is_copied_and_pickled_as_its_state(component, how):
    made = component()
    made.unit = next(unit for unit in ("bits", "nats") if unit != made.unit)
    again = how(made)
    assert (type(again), again.state) == (component, made.state)
    np.testing.assert_equal(again.readings, made.readings)


def test_a_widget_of_a_parameter_moves_it_and_follows():
    kl = KL()
    slider = pn.widgets.FloatSlider.from_param(kl.param.mu_q)
    assert (slider.start, slider.end, slider.value) == (-4, 4, 1.0)
    slider.value = 2.5
    assert kl.mu_q == 2.5
    kl.mu_q = -1
    assert slider.value == -1
    number = pn.indicators.Number.from_param(kl.param.kl_pq)
    kl.mu_q = 3
    assert number.value == kl.kl_pq


def test_code_moves_widgets_and_widgets_move_the_parameters():
    kl = KL()
    board = Dashboard(kl, "light")
    mu_q = editable(board.view)[2]
    told = []
    kl.param.watch(lambda event: told.append(event.new), "mu_q")
    kl.mu_q = 3
    assert mu_q.value == 3
    mu_q.value = 2.25
    assert (kl.mu_q, told) == (2.25, [3, 2.25])
    marks = board.session.sources["marks"].data
    assert marks["q_mu"] == [2.25]


def test_what_is_refused_is_said_in_the_words_of_a_page_and_the_widget_goes_back():
    kl = KL()
    board = Dashboard(kl, "light")
    mu_q = editable(board.view)[2]
    for _ in range(2):  # the same once more
        mu_q.value = 9.0
        assert "mean μ of Q must lie between -4 and 4; “9” does not." in shown(board.view)
        assert (mu_q.value, mu_q.start, mu_q.end, kl.mu_q) == (1.0, -4, 4, 1.0)
    mu_q.value = 2.0
    assert "must lie" not in shown(board.view)


def test_moving_a_probability_moves_the_others_and_a_lock_holds_one():
    entropy = Entropy()
    board = Dashboard(entropy, "light")
    sliders = editable(board.view)[:4]
    sliders[2].value = 0.4  # the others share 0.6 as 0.5 : 0.25 : 0.1
    shares = [0.6 * one / 0.85 for one in (0.5, 0.25)]
    assert entropy.p == pytest.approx([*shares, 0.4, 0.6 * 0.1 / 0.85], abs=1e-9)
    assert [one.value for one in sliders] == pytest.approx(entropy.p)
    lock, *_ = (one for one in board.view.select(pn.widgets.Toggle) if one.label == "lock")
    lock.value = True
    assert entropy.locked == ["sun"]
    press(board.view, "add outcome")
    assert len(entropy.p) == 5
    assert [one.label for one in editable(board.view)[:5]] == entropy.labels


def test_a_gesture_of_no_group_has_its_button():
    kl = KL()
    press(Dashboard(kl, "light").view, "Swap P and Q")
    assert (kl.mu_p, kl.mu_q) == (1.0, -0.5)


def test_a_joint_table_has_a_field_a_cell():
    made = app.MutualInformation()
    board = Dashboard(made, "light")
    fields = [one for one in board.view.select(pn.widgets.FloatInput) if one.label == "umbrella"]
    fields[1].value = 0.2  # cloud and umbrella
    assert made.joint[6] == 0.2
    made.columns = 3
    assert made.state["columns"] == 3


def test_a_slider_by_powers_of_ten_is_linear_where_the_state_is():
    made = app.Surprise(p=1e-6, scale="logarithmic")
    board = Dashboard(made, "light")
    slider = labelled(board.view, "p, slider")
    assert (slider.start, slider.end, slider.value) == (-12, 0, -6)
    slider.value = -3.0
    assert made.p == 0.001
    made.scale = "linear"
    assert (slider.start, slider.end, slider.value) == (0, 1, 0.001)


def test_sizes_that_a_browser_tells_place_texts_anew():
    board = Dashboard(Entropy(), "light")
    figure, source = board.session.figures["areas"], board.session.sources["name_in_width"]
    before = source.data
    figure._property_values |= {"inner_width": 90, "inner_height": 200}
    figure.trigger("inner_width", 480, 90)
    assert source.data["text"] != before["text"]


def test_a_theme_is_panels_or_the_one_that_is_asked_for():
    dark = colours("dark")["p"]
    (style,) = Dashboard(KL(), "dark").view.stylesheets
    assert dark in style
    assert KL().dashboard("dark").stylesheets == [style]
    with pytest.raises(ValueError, match="theme is light or dark; 'blue' is neither"):
        KL().dashboard("blue")
    with param.parameterized.discard_events(pn.config), pn.config.set(theme="dark"):
        assert KL().__panel__().stylesheets == [style]
    assert KL().__panel__().stylesheets != [style]


def test_a_dashboard_that_nobody_shows_any_more_is_let_go():
    import gc
    import weakref

    kl = KL()
    session = weakref.ref(Dashboard(kl, "light").session)
    gc.collect()
    assert session() is None
    kl.mu_q = 3
    assert kl.state["mu_q"] == 3


def test_a_dashboard_that_is_gone_watches_no_more():
    kl = KL()
    watched = len(kl.param.watchers.get("mu_q", {}).get("value", []))
    for _ in range(3):
        Dashboard(kl, "light")
    gc.collect()
    assert len(kl.param.watchers["mu_q"]["value"]) == watched


def test_a_cell_keeps_a_picture_of_the_state_for_where_no_script_runs(monkeypatch):
    monkeypatch.setattr(pn.extension, "_loaded", True)
    bundle, *_ = KL(mu_q=2)._repr_mimebundle_()
    (title,) = re.findall(r"<title>(.*?)</title>", bundle["image/svg+xml"])
    assert title == f"{KL.title}: D(P‖Q) 1.4543 nats"  # ln(16/9) + (0.9² + 2.5²)/(2·1.6²) − ½
    assert "var(--" not in bundle["image/svg+xml"]
    assert 'class="bits-and-nats-picture"' in bundle["text/html"]


def test_embed_is_the_exported_page_in_the_present_state_in_a_frame_that_is_boxed_in():
    frame = Entropy(p=[0.7, 0.3], labels=["a", "b"]).embed(height=700).object
    assert 'sandbox="allow-scripts ' in frame
    assert "allow-same-origin" not in frame
    assert "height:700px" in frame
    assert "p=0.7,0.3" in frame
    assert "labels=a,b" in frame
