"""The dashboard of any explorer: Panel's own widgets and panes, laid out from its declaration.

It is driven by a ``Session``, as the page is. What stays with the page, which ``embed`` brings: its
games, handles, tasks and explanations, long work and files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from itertools import chain, starmap
from typing import Any

import panel as pn

from ..contract.declaration import Group, Passage, Picture, Readout, Table
from ..page.poster.themes import colours
from ..page.poster.written import (
    Run,
    readout_text,
    runs_of,
    slots_of,
    unit_text,
)  # fmt: skip
from .board import Board
from .controls import control_of, is_moved_here
from .data import table_frame

HEIGHTS = {"hero": 320, "tall": 230, "short": 160, "slim": 120}  # px of pictures, axes included
DEEPEST = 46  # per cent of the colour of Q has the most surprising token
FLAT: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
ASIDE = {"color": "var(--dim)", "font-size": "0.9em"}
PANELS = {  # what Panel's designs, its own and Fast, call our colours
    "ink": ("--panel-on-background-color", "--panel-on-surface-color", "--panel-on-secondary-color",
            "--neutral-foreground-rest"),
    "card": ("--panel-background-color", "--background-color", "--neutral-fill-input-rest"),
    "ground": ("--panel-surface-color", "--fill_color", "--neutral-fill-rest"),
    "line": ("--panel-border-color", "--panel-secondary-color", "--neutral-stroke-rest"),
    "accent": ("--panel-primary-color", "--accent-fill-rest", "--accent-foreground-rest"),
}  # fmt: skip
CARD = """:host(.card) { background: var(--card); border: 1px solid var(--line); outline: none;
  border-left: 3px solid var(--role); border-radius: 8px; box-shadow: none; }
:host(.card) .card-header { background: none; color: var(--ink); border: 0; padding: 2px 8px;
  outline-offset: -2px; }
:host(.card) .card-header-row { background: none; }"""


class Dashboard(Board):
    """An explorer's dashboard, in the colours of one theme; ``view`` is what Panel shows."""

    def layout(self) -> pn.Column:
        """Return the first screen, and what unfolds below it."""
        explorer = self.explorer
        later = {name for group in explorer.groups if group.fold for name in group.pictures}
        pictures = [one for one in explorer.pictures if not one.served and one.name not in later]
        first = [one for one in pictures if not one.below]
        below = [one for one in pictures if one.below]
        numbers = [self._number(one, 17) for one in explorer.readouts[1:]]
        passages = [self._passage(one) for one in explorer.passages if not one.control]
        stage = pn.Column(*passages, self._pictures(first), **FLAT)
        hand = pn.Column(
            self._number(explorer.readouts[0], 34), self._control("unit", "unit"),
            *self._groups(fold=False), **FLAT,
        )  # fmt: skip
        stage.styles = {"flex": "3 1 420px", "min-width": "0"}
        hand.styles = {"flex": "1 1 280px", "min-width": "0"}
        return pn.Column(
            self._head(), self._scenes(), self._messages(),
            pn.FlexBox(stage, hand, gap="12px 16px", **FLAT),
            _card("More numbers", pn.FlexBox(*numbers, gap="12px 28px", **FLAT), fold=True),
            *([_card("More pictures", self._pictures(below), fold=True)] if below else ()),
            *self._groups(fold=True), self._data(),
            stylesheets=[self._style()], sizing_mode="stretch_width", margin=(0, 0, 8, 0),
        )  # fmt: skip

    def _style(self) -> str:
        """Return the theme's colours by our names and by Panel's, whatever is around."""
        ours = {f"--{name}": one for name, one in colours(self.theme).items()}
        panels = {name: f"var(--{role})" for role, names in PANELS.items() for name in names}
        told = "".join(f"{name}: {one} !important; " for name, one in (ours | panels).items())
        return (
            f":host {{ {told} color-scheme: {self.theme}; color: var(--ink) !important; }} "
            ":host { padding: 12px; background: var(--ground); border-radius: 12px; "
            "font-variant-numeric: tabular-nums; }"
        )

    def _words(self, kind: str, name: str = "", **looks: Any) -> pn.pane.HTML:
        """Return a text of the chapter, which follows its numbers and flags."""
        pane = pn.pane.HTML(**{**FLAT, **looks})

        def paint() -> None:
            result, state = self.result, self.session.frame["state"]
            runs = runs_of(type(self.explorer), kind, name, slots_of(state, result), result)
            pane.object = "".join(map(_as_html, runs))
            pane.visible = bool(pane.object)

        self.paints.append(paint)
        return pane

    def _head(self) -> pn.Column:
        question = pn.pane.HTML(
            f'<h2 style="margin:0;font-size:1.5em">{escape(self.explorer.question)}</h2>', **FLAT
        )
        lede = self._words("Lede", styles={"color": "var(--dim)", "max-width": "60em"})
        return pn.Column(question, lede, **FLAT)

    def _scenes(self) -> pn.FlexBox:
        """Return the scenes as buttons, the gestures of no group, and Reset."""
        buttons = [self._button(name, partial(self._scene, name)) for name in self.explorer.presets]
        grouped = {name for group in self.explorer.groups for name in group.actions}
        said = [name for name, label in self.explorer.gestures.items() if label]
        buttons += self._deeds(name for name in said if name not in grouped)
        reset = self._button("Reset", lambda: [("reset", None)])
        return pn.FlexBox(
            *buttons, reset, gap="4px 6px", margin=(8, 0), sizing_mode="stretch_width"
        )

    def _scene(self, name: str) -> list[tuple[str, object]]:
        """Return a scene's changes: all as at the start but for what it names and what is kept."""
        scene, state = self.explorer.presets[name], self.session.frame["state"]
        if isinstance(scene, str):
            return [(scene, None)]
        kept = [one for one in (*self.explorer.kept, "unit") if one not in scene]
        return [("reset", None), *scene.items(), *((one, state[one]) for one in kept)]

    def _button(self, label: str, changes: Callable[[], Iterable[tuple[str, object]]]) -> Any:
        button = pn.widgets.Button(label=label, variant="outline", margin=(2, 0))
        button.on_click(lambda _: self.take(changes()))
        return button

    def _messages(self) -> pn.pane.HTML:
        """Return where refusals and remarks are said, in the page's words."""
        looks = {"border": "1px solid var(--accent)", "border-radius": "8px", "padding": "6px 12px"}
        pane = pn.pane.HTML(styles=looks, sizing_mode="stretch_width", margin=(0, 0, 8, 0))

        def paint() -> None:
            said = [self.explorer.phrase(one) for one in self.session.frame["messages"]]
            pane.object = f'<div role="alert">{"<br>".join(map(escape, said))}</div>'
            pane.visible = bool(said)

        self.paints.append(paint)
        return pane

    def _number(self, readout: Readout, size: int) -> pn.Column:
        """Return a readout as it stands on the page, its remark under the first."""
        number = pn.indicators.Number(
            label=readout.label, value=0.0, default_color=f"var(--{readout.role})",
            font_size=f"{size}px", title_size="13px", margin=0,
        )  # fmt: skip

        def paint() -> None:
            frame = self.session.frame
            unit = unit_text(readout, frame["state"])
            text = f"{readout_text(readout, frame['readouts'])} {unit}".strip()
            number.param.update(value=frame["readouts"][readout.name], format=text)

        self.paints.append(paint)
        first = readout is self.explorer.readouts[0] and self.explorer.texts.get("Remark")
        remark = [self._words("Remark", styles=ASIDE)] if first else []
        return pn.Column(number, *remark, margin=(0, 0, 6, 0))

    def _control(self, name: str, short: str, group: Group | None = None) -> Any:
        """Return a parameter's widget; it is away, or off, while a flag of its group says so."""
        control = control_of(type(self.explorer), name, short, self.send)

        def paint() -> None:
            frame = self.session.frame
            control.paint(frame)
            if group and name in group.only_while:
                control.view.visible = bool(frame["flags"].get(group.only_while[name]))

        self.paints.append(paint)
        return control.view

    def _groups(self, *, fold: bool) -> list[pn.Card]:
        """Return the cards of groups, without those of work and of games."""
        groups = [one for one in self.explorer.groups if one.fold is fold and not one.work]
        parameters = type(self.explorer).parameters()
        return [
            self._group(one) for one in groups
            if all(is_moved_here(parameters[name]) for name in one.controls)
        ]  # fmt: skip

    def _group(self, group: Group) -> pn.Card:
        """Return a group's card, with its pictures where it folds."""
        controls = [self._control(name, short, group) for name, short in group.controls.items()]
        mine = [one for one in self.explorer.pictures if one.name in group.pictures]
        body = pn.Column(
            *([self._pictures(mine)] if group.fold and mine else ()), *controls,
            pn.FlexBox(*self._deeds(group.actions), gap="4px 6px", **FLAT),
            self._words("Hint", group.title, styles=ASIDE), sizing_mode="stretch_width",
        )  # fmt: skip
        if group.idle:
            widgets = body.select(pn.widgets.Widget)
            self.paints.append(lambda: _set_off(widgets, self._shows(group.idle)))
        return _card(group.title, body, fold=group.fold, role=group.role)

    def _shows(self, flag: str) -> bool:
        return bool(self.session.frame["flags"].get(flag))

    def _deeds(self, names: Iterable[str]) -> list[Any]:
        """Return the buttons of gestures; what a page plays goes a step, or to its end."""
        played = {player.gesture: player.label for player in self.explorer.players}
        buttons = []
        for name in names:
            if name in played:
                for label, raw in ((f"{played[name]}: a step", None), ("to its end", "end")):
                    buttons.append(self._button(label, partial(_pair, name, raw)))
            else:
                label = self.explorer.gestures[name]
                buttons.append(self._button(label, partial(_pair, name, None)))
        return buttons

    def _pictures(self, pictures: Iterable[Picture]) -> pn.FlexBox:
        return pn.FlexBox(*map(self._picture, pictures), gap="4px 16px", **FLAT)

    def _picture(self, picture: Picture) -> pn.Column:
        """Return a figure under its caption; one that is optional is away unless its flag shows."""
        figure = self.session.figures[picture.name]
        figure.update(height=HEIGHTS[picture.size], sizing_mode="stretch_width")
        self.panes[picture.name] = pane = pn.pane.Bokeh(figure, height=figure.height, **FLAT)
        caption = self._words("Caption", picture.name, styles=ASIDE)
        styles = {"flex": "1 1 40%" if picture.half else "1 1 100%"}
        view = pn.Column(caption, pane, styles=styles, **FLAT)
        if picture.name in self.explorer.optional:
            self.paints.append(lambda: setattr(view, "visible", self._shows(picture.name)))
        return view

    def _passage(self, passage: Passage) -> pn.Column:
        """Return a text, each token on a ground as deep as its surprise."""
        pane = pn.pane.HTML(styles={"line-height": "1.9"}, **FLAT)

        def paint() -> None:
            table = self.result.tables[passage.source]
            columns = (table[one] for one in ("token", "heat", "expected"))
            pane.object = "".join(starmap(_token, zip(*columns, strict=True)))

        self.paints.append(paint)
        return pn.Column(self._words("Caption", passage.source, styles=ASIDE), pane, **FLAT)

    def _data(self) -> pn.Card:
        """Return the tables, which are written while they are open."""
        served = {one.name for one in self.explorer.pictures if one.served}
        tables = [one for one in self.explorer.tables if one.name not in served]
        panes = [pn.pane.DataFrame(index=False, escape=True, **FLAT) for _ in tables]
        heads = (pn.pane.HTML(f"<b>{escape(one.title)}</b>", margin=(8, 0, 2, 0)) for one in tables)
        card = _card("Data", pn.Column(*chain(*zip(heads, panes, strict=True)), **FLAT), fold=True)

        def paint() -> None:
            for table, pane in zip(tables, [] if card.collapsed else panes, strict=False):
                columns = {**self.result.tables[table.source], **self._texts_of(table)}
                pane.object = table_frame(type(self.explorer), table, columns, self.result)

        card.param.watch(lambda _: paint(), "collapsed")
        self.paints.append(paint)
        return card

    def _texts_of(self, table: Table) -> dict[str, Any]:
        """Return the texts on pictures that a table shows as columns."""
        named = [label.name for label, _ in self.labels if label.name in table.columns]
        return {name: self.session.sources[name].data["text"] for name in named}


def _card(title: str, body: Any, *, fold: bool, role: str = "ink") -> pn.Card:
    """Return a card, closed and to be opened where it folds."""
    body.margin = (0, 14, 12, 14)
    return pn.Card(
        body, title=title, collapsible=fold, collapsed=fold, hide_header=False,
        stylesheets=[f":host {{ --role: var(--{role}); }} {CARD}"],
        sizing_mode="stretch_width", margin=(6, 0),
    )  # fmt: skip


def _pair(name: str, raw: object) -> list[tuple[str, object]]:
    return [(name, raw)]


def _set_off(widgets: Iterable[Any], off: bool) -> None:
    for widget in widgets:
        widget.disabled = off


def _as_html(run: Run) -> str:
    words = escape(run.text)
    look = f' style="color:var(--{run.role})"' if run.role else ""
    return f"<b{look}>{words}</b>" if run.bold else f"<span{look}>{words}</span>" if look else words


def _token(token: str, heat: float, expected: str) -> str:
    ground = f"color-mix(in srgb,var(--q) {DEEPEST * heat:.0f}%,transparent)"
    words = escape(token).replace("\n", "↵<br>")
    look = f'style="background:{ground};border-radius:3px" title="{escape(expected)}"'
    return f"<span {look}>{words}</span>"
