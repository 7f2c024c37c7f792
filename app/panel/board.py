"""What drives a dashboard: one explorer's session, its figures, and what paints each frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import panel as pn
from bokeh.core.property.descriptors import UnsetValueError

from ..contract.declaration import Label
from ..contract.explorer import Explorer
from ..contract.result import Result
from ..page.poster.ink import Frame
from ..page.poster.labels import label_columns
from ..page.poster.poster import set_ranges
from ..page.poster.themes import colours, mixed
from ..page.poster.written import slots_of
from ..session.session import Session

WIDTH, AXES = 480, 40  # px of a frame whose size no browser has told, and what axes take of it


class Board:
    """What drives a dashboard: its session, the figures in a theme's colours, what paints a frame.

    A subclass lays out ``view``, and adds to ``paints`` what shows a frame, part by part.
    """

    def __init__(self, explorer: Explorer, theme: str) -> None:
        self.explorer, self.theme = explorer, theme
        self.session = Session(explorer)
        self._painting, self._asked = False, 0
        self.paints: list[Callable[[], None]] = []
        self.panes: dict[str, pn.pane.Bokeh] = {}
        self._in_colours()
        self.labels = [(label, self._figure_of(label)) for label in explorer.labels_drawn]
        self.view = self.layout()
        for figure in self.session.figures.values():
            figure.on_change("inner_width", lambda attr, old, new: self._write_labels())
        self.session.param.watch(lambda _: self._paint(), "frame")
        self._paint()

    def send(self, key: str, raw: object) -> None:
        """Take what a reader did, unless it is what was just painted."""
        self.take([(key, raw)])

    def take(self, changes: Iterable[tuple[str, object]]) -> None:
        """Take several changes as one."""
        if self._painting:
            return
        self._asked += 1
        self.session.receive({"seq": self._asked, "changes": list(changes)})

    def layout(self) -> pn.Column:
        """Return what is shown."""
        raise NotImplementedError

    def _in_colours(self) -> None:
        """Give each tagged property of the figures the colour that the theme has for its role."""
        known = colours(self.theme)
        for model in {m for one in self.session.figures.values() for m in one.references()}:
            for tag in model.tags:
                name, _, role = str(tag).partition("=")
                if name == "palette":
                    low, high = known[f"{role}-low"], known[f"{role}-high"]
                    last = len(model.palette) - 1
                    model.palette = [mixed(low, high, i / last) for i in range(last + 1)]
                elif role:
                    setattr(model, name, known[role])

    @property
    def result(self) -> Result:
        """The result that is shown."""
        return self.explorer.results(self.session.frame["state"], self.session.findings)

    def _paint(self) -> None:
        """Show the frame on every widget, pane and axis."""
        self._painting = True
        try:
            with pn.io.hold():
                self._write_labels()
                for paint in self.paints:
                    paint()
        finally:
            self._painting = False
        pn.io.push_notebook(*self.panes.values())

    def _figure_of(self, label: Label) -> Any:
        """Return the figure that a label's texts are drawn in, or any, for one that a table has."""
        source, figures = self.session.sources[label.name], [*self.session.figures.values()]
        drawn = (f for f in figures if any(r.data_source is source for r in f.renderers))
        return next(drawn, figures[0])

    def _write_labels(self) -> None:
        """Move the axes, and write the texts on pictures, for the size that these have."""
        figures, result = self.session.figures.values(), self.result
        ends = set_ranges(type(self.explorer), result, figures)
        slot = slots_of(self.session.frame["state"], result)
        for label, figure in self.labels:
            place = Frame(figure, *_size_of(figure))
            table, top = result.tables[label.table], ends.get(label.axis, 1.0)
            self.session.sources[label.name].data = label_columns(label, table, slot, top, place)


def _size_of(figure: Any) -> tuple[float, float]:
    """Return how large a figure's frame is, or will be about, before a browser has told."""
    try:
        wide, tall = figure.inner_width, figure.inner_height
    except UnsetValueError:
        wide = tall = 0  # as it is of one that is hidden
    return wide or WIDTH, tall or figure.height - AXES
