"""An explorer under Panel: the front as one component, the figures beside it, the one page."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from ..contract.explorer import Explorer
from ..contract.lessons import Lesson
from ..contract.links import in_order
from ..contract.work import Order
from ..page.bundle import bundle
from ..page.exported import ROOM_PART
from ..page.figures import told_figures
from ..page.template import page_template, page_variables
from ..registry import CHAPTERS, EXPLORERS
from ..session.jobs import Forget, Jobs, Runner
from ..session.session import Session, changed_columns
from ..session.workers import Workers
from .patches import apply_patches, as_one, take_whole

WORKERS = Workers()  # of all sessions
_ENGINE = "static/engines/python.js"


def _compiled(script: str) -> str:
    """Return a module as Panel takes it.

    Its compiler makes "return(a ?? b)" into "return_nullishCoalesce(…)": it needs a blank.
    """
    return re.sub(r"\b(return|await|throw|typeof|case|of|in)(?=[(\[`'\"])", r"\1 ", script)


class Front(JSComponent):
    """The browser's side: ``state`` brings requests, ``frame`` takes results."""

    spec = param.Dict(default={}, doc="The explorer's declaration.")
    state = param.Dict(default={}, doc="The page's last request.")
    frame = param.Dict(default={}, doc="The last result, with the columns that it changed.")
    progress = param.Dict(default={}, doc="How far jobs and uploads are.")

    _esm = _compiled(bundle(_ENGINE) + "\nexport { render };")


@cache
def _front_with_rooms() -> type[Front]:
    """Return the front of a server that has rooms."""
    script = bundle(_ENGINE, ROOM_PART)
    ending = "\nconst inRoom = (view) => render(view, { bindRoom });\nexport { inRoom as render };"

    class RoomFront(Front):
        _esm = _compiled(script + ending)

    return RoomFront


def explorer_page(
    explorer: type[Explorer],
    link: Callable[[str], str],
    lessons: Sequence[Lesson] = (),
    embed_script: str = "",
    rooms: str = "",
) -> pn.Template:
    """Return the page of one session, in the state that its address asks for.

    ``embed_script`` is the address of the script for posts, where the server has the pages for it;
    ``rooms`` that of its rooms, if it has any.
    """
    session = Session(explorer(), in_order(explorer, asked_of(pn.state.session_args)))
    front, document = (_front_with_rooms() if rooms else Front)(), pn.state.curdoc
    page = pn.Template(page_template())
    page.add_panel("front", front)  # before it is told anything, as Panel writes it out in words
    front.spec = explorer.spec()
    tell = Telling(session, front, document)
    front.param.watch(lambda event: tell.answer(event.new), "state")
    session.param.watch(lambda event: front.param.update(progress=event.new), "progress")
    session.jobs.run = beside(document, tell.as_one)
    pn.state.on_session_destroyed(lambda context: session.jobs.end())
    figures, places = told_figures(explorer)
    page.add_variable("figures", figures)
    page.add_variable("places", places)
    rows = len(session.explorer.state.get("labels", ()))
    for name, value in page_variables(explorer, CHAPTERS, link, rows, lessons, rooms).items():
        page.add_variable(name, value)
    page.add_variable("embed_script", embed_script)
    return page


class Telling:
    """Tells a front the frames of a session, each with the columns that are others than before."""

    def __init__(self, session: Session, front: Front, document: Any) -> None:
        self._session, self._front, self._document = session, front, document
        self._told: Mapping[str, Any] = {}
        self._waiting: dict[str, dict[str, Any]] = {}
        self._tell()
        self._waiting = {}
        session.param.watch(self._tell, "frame")

    def answer(self, request: Mapping[str, Any]) -> None:
        """Take a request of the page."""
        if request.get("whole") is True:
            take_whole(self._document)
        self.as_one(partial(self._session.receive, request))

    def as_one(self, act: Callable[[], None]) -> None:
        """Let what an act changes reach the page as one frame, so that it is painted once."""
        with as_one(self._document):
            act()
        self._waiting = {}

    def _tell(self, *_: param.parameterized.Event) -> None:
        """Tell the frame; of several that leave together the last has the columns of all."""
        tables = self._session.tables
        for name, columns in changed_columns(self._told, tables).items():
            self._waiting[name] = {**self._waiting.get(name, {}), **columns}
        self._told = tables
        self._front.frame = {**self._session.frame, "tables": dict(self._waiting)}


def beside(document: Any, as_one: Callable[[Callable[[], None]], None]) -> Runner:
    """Return what runs a job in a process of its own, and publishes each of its steps."""

    def run(jobs: Jobs, name: str, order: Order) -> Forget:
        soon = _soon()

        def tell(step: Any, over: bool) -> None:
            report = partial(as_one, partial(jobs.report, name, order, step, over))
            with contextlib.suppress(RuntimeError):  # the loop has ended, and its pages with it
                soon(document.add_next_tick_callback, report)

        wanted = partial(jobs.is_under_way, name, order)
        waits, forget = WORKERS.run(jobs.session.explorer.work, order, wanted, tell)
        if waits:
            tell((0.0, "waiting for its turn"), False)
        return forget

    return run


def _soon() -> Callable[..., Any]:
    """Return what calls on the event loop; where a thread of Panel's answers, Bokeh sees to it."""
    try:
        return asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        return lambda act, *given: act(*given)


def asked_of(arguments: dict[str, list[bytes]]) -> list[tuple[str, str]]:
    """Return a request's arguments as text; of a repeated key the first."""
    return [
        (
            key.encode("latin-1", "replace").decode("utf-8", "replace"),
            values[0].decode("utf-8", "replace"),
        )
        for key, values in arguments.items()
        if key and values
    ]


def served_pages(
    link: Callable[[str], str],
    lessons: Sequence[Lesson] = (),
    embed_script: str = "",
    rooms: str = "",
) -> dict[str, Any]:
    """Return what makes the page of each explorer, by slug."""
    apply_patches(Front)
    return {one.slug: _maker_of(one, link, lessons, embed_script, rooms) for one in EXPLORERS}


def _maker_of(explorer: type[Explorer], *options: Any) -> Callable[[], pn.Template]:
    return lambda: explorer_page(explorer, *options)  # Panel takes functions, no partial ones
