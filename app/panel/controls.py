"""Panel's own widgets for the parameters of any explorer, each with what paints it from a frame.

A widget sends ``(key, value)`` as a page's control does; what a frame says is what it then shows,
so one that was refused goes back by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any, NamedTuple

import panel as pn

from ..contract.explorer import Explorer
from ..contract.parameters import Choice, Names, Number, Numbers, Text
from ..contract.simplex import FEWEST

Send = Callable[[str, object], None]
Frame = Mapping[str, Any]

SHORT = "0[.][000000]"  # a number without the digits that only a double has
WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (2, 0, 4, 0)}
FIELD: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (0, 6, 0, 0)}
SHORTENED = """input { min-width: 0; }
label { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }"""
FEW_LETTERS = 34  # of all options together, for buttons in a row
STEPS = 240  # of a slider that goes by powers of ten
SHARE_STEP = 0.005


class Control(NamedTuple):
    """What a parameter is moved with, and what shows a frame on it."""

    view: Any
    paint: Callable[[Frame], None]


class _EndsStay:
    """A field whose slider keeps its ends: what is typed beyond them is refused."""

    def jscallback(self, args: Any = None, **callbacks: str) -> Any:
        """Leave out the script by which Panel's editable sliders move their ends."""


class FloatSlider(pn.widgets.EditableFloatSlider):
    """Panel's slider with a field, whose ends do not give way to what is typed."""

    _input_widget = type("FloatInput", (_EndsStay, pn.widgets.FloatInput), {})


class IntSlider(pn.widgets.EditableIntSlider):
    """The same for whole numbers."""

    _input_widget = type("IntInput", (_EndsStay, pn.widgets.IntInput), {})


def is_moved_here(parameter: Any) -> bool:
    """Return whether there is a control for a parameter; a game has the page's own."""
    return not isinstance(parameter, Text) or parameter.control == "text"


def control_of(explorer: type[Explorer], name: str, short: str, send: Send) -> Control:
    """Return the control of a parameter."""
    parameter: Any = explorer.parameters()[name]
    label = short or parameter.label
    if isinstance(parameter, Number):
        return (_power if parameter.decades else _number)(parameter, label, send)
    if isinstance(parameter, Choice):
        return _choice(parameter, label, send)
    if isinstance(parameter, Numbers):
        build: Any = _table if parameter.control == "table" else _shares
        return build(explorer, parameter, send)
    if isinstance(parameter, Names):
        return _pair(parameter, send)
    return _text(parameter, label, send)


def on_move(widget: Any, send: Callable[[Any], None]) -> None:
    """Send what a reader gives a widget."""
    widget.param.watch(lambda event: send(event.new), "value")


def _number(parameter: Any, label: str, send: Send) -> Control:
    kind: Any = IntSlider if parameter.whole else FloatSlider
    low, high = parameter.bounds
    form = {} if parameter.whole else {"format": SHORT}
    widget = kind(
        label=label, start=low, end=high, step=parameter.step, value=parameter.default,
        **form, **WIDE,
    )  # fmt: skip
    on_move(widget, partial(send, parameter.name))
    return Control(widget, lambda frame: setattr(widget, "value", frame["state"][parameter.name]))


def _power(parameter: Any, label: str, send: Send) -> Control:
    """Return a slider that goes by powers of ten, unless the state's scale is linear."""
    low, high = parameter.bounds
    top = math.log10(high)
    typed = pn.widgets.FloatInput(label=label, value=parameter.default, **WIDE)
    slider = pn.widgets.FloatSlider(
        label=f"{label}, slider", show_value=False, start=top - parameter.decades, end=top, **WIDE
    )
    scale = {"linear": False}

    def slid(place: float) -> None:
        send(parameter.name, place if scale["linear"] else float(f"{10**place:.3g}"))

    def paint(frame: Frame) -> None:
        value = frame["state"][parameter.name]
        scale["linear"] = frame["state"].get("scale") == "linear"
        typed.value = value
        if scale["linear"]:
            slider.param.update(start=low, end=high, step=parameter.step, value=value)
            return
        start = top - parameter.decades
        place = max(start, math.log10(value)) if value > 0 else start
        step = parameter.decades / STEPS
        slider.param.update(start=start, end=top, step=step, value=place)

    on_move(typed, partial(send, parameter.name))
    on_move(slider, slid)
    return Control(pn.Column(typed, slider, **WIDE), paint)


def _choice(parameter: Any, label: str, send: Send) -> Control:
    few = sum(map(len, parameter.objects)) <= FEW_LETTERS and not parameter.named
    kind: Any = pn.widgets.RadioButtonGroup if few else pn.widgets.Select
    widget = kind(label=label, options=list(parameter.objects), value=parameter.default, **WIDE)
    on_move(widget, partial(send, parameter.name))

    def paint(frame: Frame) -> None:
        state = frame["state"]
        if parameter.named:
            names, count = (state[one] for one in parameter.named)
            shown = dict(zip(names[:count], parameter.objects, strict=False))
            widget.options = shown | {f"row {state[parameter.name]}": state[parameter.name]} if (
                state[parameter.name] not in shown.values()
            ) else shown  # fmt: skip
        widget.value = state[parameter.name]

    head = pn.pane.HTML(label, margin=(2, 0, 0, 0)) if few else None
    return Control(pn.Column(head, widget, **WIDE) if few else widget, paint)


def _text(parameter: Any, label: str, send: Send) -> Control:
    widget = pn.widgets.TextAreaInput(
        label=label, value=parameter.default, max_length=parameter.bounds[1], rows=6, **WIDE
    )
    on_move(widget, partial(send, parameter.name))
    return Control(widget, lambda frame: setattr(widget, "value", frame["state"][parameter.name]))


def _pair(parameter: Any, send: Send) -> Control:
    """Return a list of outcomes for each place; who chooses the other's exchanges both."""
    places = [
        pn.widgets.Select(label=f"{parameter.label}: {title}", options=[], **WIDE)
        for title in ("preferred", "rejected")
    ]
    pair: list[str] = []

    def choose(which: int, name: str) -> None:
        other = pair[which] if pair[1 - which] == name else pair[1 - which]
        send(parameter.name, [other, name] if which else [name, other])

    def paint(frame: Frame) -> None:
        pair[:] = frame["state"][parameter.name]
        for one, name in zip(places, pair, strict=True):
            one.param.update(options=list(frame["state"]["labels"]), value=name)

    for which, one in enumerate(places):
        on_move(one, partial(choose, which))
    return Control(pn.Column(*places, **WIDE), paint)


def _shares(explorer: type[Explorer], parameter: Any, send: Send) -> Control:
    """Return a slider an outcome; they are linked by the explorer's own move."""
    rows: list[Control] = []
    view = pn.Column(**WIDE)

    def paint(frame: Frame) -> None:
        count = len(frame["state"][parameter.name])
        while len(rows) < count:
            rows.append(_share(explorer, parameter, len(rows), send))
            view.append(rows[-1].view)
        for place, row in enumerate(rows):
            row.view.visible = place < count
            if place < count:
                row.paint(frame)

    return Control(view, paint)


def _share(explorer: type[Explorer], parameter: Any, place: int, send: Send) -> Control:
    """Return the row of an outcome: P's removes it, and each list has its own locks."""
    name, second = parameter.name, "" if parameter.name == "p" else f"_{parameter.name}"
    slider = FloatSlider(start=0.0, end=1.0, step=SHARE_STEP, value=0.0, **WIDE)
    lock = pn.widgets.Toggle(label="lock", width=52, align="end", margin=(0, 0, 6, 6))
    remove = pn.widgets.Button(label="×", width=32, align="end", margin=(0, 0, 6, 4))
    lock.visible = not parameter.alone and f"lock{second}" in explorer.gestures
    remove.visible = not second and "remove" in explorer.gestures
    on_move(slider, partial(send, f"{name}:{place}"))
    on_move(lock, lambda _: send(f"lock{second}:{place}", None))
    remove.on_click(lambda _: send(f"remove:{place}", None))

    def paint(frame: Frame) -> None:
        state = frame["state"]
        slider.label = outcome = state["labels"][place]
        slider.value = frame["controls"].get(name, state[name])[place]
        if lock.visible:
            lock.value = outcome in state[f"locked{second}"]
        remove.disabled = len(state["labels"]) <= FEWEST

    return Control(pn.Row(slider, lock, remove, **WIDE), paint)


def _table(_: type[Explorer], parameter: Any, send: Send) -> Control:
    """Return a field a cell of a joint table, as many as it has rows and columns."""
    side = math.isqrt(parameter.bounds[1])
    fields = [
        pn.widgets.FloatInput(step=0.01, stylesheets=[SHORTENED], **FIELD) for _ in range(side**2)
    ]
    for place, field in enumerate(fields):
        on_move(field, partial(send, f"{parameter.name}:{place}"))
    heads = [pn.pane.HTML(width=80, margin=(24, 6, 0, 0)) for _ in range(side)]
    rows = [pn.Row(heads[i], *fields[side * i :][:side], **WIDE) for i in range(side)]

    def paint(frame: Frame) -> None:
        state = frame["state"]
        for place, field in enumerate(fields):
            row, column = divmod(place, side)
            field.visible = column < state["columns"]
            field.param.update(label=state["names_y"][column], value=state[parameter.name][place])
            rows[row].visible = row < state["rows"]
            heads[row].object = escape(state["names_x"][row])

    return Control(pn.Column(*rows, **WIDE), paint)
