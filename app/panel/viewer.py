"""Explorers as components of Panel, for notebooks and for dashboards of one's own.

``KL(mu_q=2)`` at the end of a cell, in ``pn.Row``, in a template or ``.servable()`` is a dashboard
of Panel's own widgets. Its readouts are parameters that are read: ``pn.bind(f, kl.param.kl_pq)``.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlencode

import panel as pn
import param

from ..contract.declaration import Readout
from ..contract.explorer import Explorer, State
from ..contract.parameters import Reading, is_same
from ..contract.result import Result
from ..page.exported import inline_page
from ..page.poster.poster import Poster
from ..page.poster.themes import THEMES, in_theme
from ..registry import CHAPTERS, EXPLORERS
from .dashboard import Dashboard

SANDBOX = "allow-scripts allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads"


class Component(pn.viewable.Viewer, Explorer):
    """An explorer that Panel shows, whose readouts are parameters, too."""

    _latest: ClassVar[tuple[State, Result | None]] = ({}, None)

    @classmethod
    def results(cls, state: State, findings: Mapping[str, Any]) -> Result:
        """Return what is painted of a state, computed once for its readouts and all dashboards."""
        known, result = cls._latest
        if findings or result is None or known != state:
            result = super().results(state, findings)
            if not findings:
                cls._latest = deepcopy(state), result
        return result

    def _assign(self, state: State) -> None:
        """Give the parameters their values, and the readouts theirs, before anybody is told.

        A readout that stays as it is, such as one that is no number, is no event.
        """
        self.readings = dict(self.results(state, {}).readouts)
        moved = {n: one for n, one in self.readings.items() if not is_same(getattr(self, n), one)}
        with param.parameterized.edit_constant(self):
            self.param.update(**deepcopy(state), **moved)

    def __panel__(self) -> pn.viewable.Viewable:
        """Return a new dashboard, as no figure can be in two places; all follow this explorer."""
        return self.dashboard()

    def dashboard(self, theme: str = "") -> pn.Column:
        """Return the dashboard in Panel's theme, or in ``"light"`` or ``"dark"``."""
        if theme not in ("", *THEMES):
            raise ValueError(f"theme is {' or '.join(THEMES)}; {theme!r} is neither")
        return Dashboard(self, theme or theme_now()).view

    def embed(self, height: int = 900) -> pn.pane.HTML:
        """Return the whole page in the present state, so many px high, as it is exported.

        It runs in the browser alone, so what is moved there does not move this explorer.
        """
        asked = urlencode({"embed": "1", "theme": theme_now(), **self.link_state()}, safe=",")
        page = escape(inline_page(CHAPTERS, self.slug, asked=asked))
        frame = (
            f'<iframe srcdoc="{page}" sandbox="{SANDBOX}" title="{escape(self.title)}" '
            f'style="width:100%;height:{height}px;border:0"></iframe>'
        )
        return pn.pane.HTML(frame, sizing_mode="stretch_width", height=height, margin=0)

    def link_state(self) -> dict[str, str]:
        """Return the state as a link writes it: all digits, lists with commas."""
        return {
            name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in self.state.items()
            if value not in ([], "")
        }

    def poster(self, theme: str = "") -> str:
        """Return a picture of the present state, SVG, in a theme."""
        return in_theme(Poster(type(self), self.state).svg(), theme or theme_now())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """Return the dashboard and a picture, which is seen where no script runs any more."""
        shown = super()._repr_mimebundle_(include, exclude)
        if not shown or "text/html" not in shown[0]:
            return shown
        drawn, (bundle, *more) = self.poster(), shown
        bundle["image/svg+xml"] = drawn
        bundle["text/html"] += _until_shown(drawn, self.title)
        return bundle, *more


def theme_now() -> str:
    """Return the theme that Panel is set to."""
    return "dark" if pn.config.theme == "dark" else "light"


def _until_shown(drawn: str, title: str) -> str:
    """Return a picture that stands until BokehJS has filled the place before it."""
    data = base64.b64encode(drawn.encode()).decode()
    return (
        "<style>[data-root-id]:not(:empty) ~ .bits-and-nats-picture { display: none; }</style>"
        f'<img class="bits-and-nats-picture" alt="{escape(title)}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def _reading(readout: Readout) -> Reading:
    unit = "the state's unit" if readout.unit == "unit" else readout.unit or "a plain number"
    return Reading(label=readout.label, doc=f"{readout.label}, in {unit}.")


@cache
def components() -> dict[str, type[Component]]:
    """Return every explorer as a component, by its class's name."""
    package = str(__package__).rpartition(".")[0]  # where pickles look for a class
    return {
        one.__name__: type(
            one.__name__,
            (Component, one),
            {
                "__module__": package, "__doc__": one.__doc__,
                **{readout.name: _reading(readout) for readout in one.readouts},
            },
        )
        for one in EXPLORERS
    }  # fmt: skip
