"""An explorer under Panel: the front as one component, the figures beside it, the one page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn
import param
from panel.custom import JSComponent

from app.explorer import Explorer
from app.page import bundle, in_order, page_template, page_variables
from app.panel.patches import apply_patches, as_one
from app.registry import EXPLORERS
from app.work import Runner, Steps, Work, go_on


class Front(JSComponent):
    """The browser's side: ``state`` brings requests, ``frame`` takes results."""

    spec = param.Dict(default={}, doc="The explorer's declaration.")
    state = param.Dict(default={}, doc="The page's last request.")
    frame = param.Dict(default={}, doc="The last result.")
    progress = param.Dict(default={}, doc="How far jobs and uploads are.")

    _esm = bundle("served.js").replace("function render(", "export function render(")


def explorer_page(explorer: type[Explorer], link: Callable[[str], str]) -> pn.Template:
    """Return the page of one session, in the state that its address asks for."""
    session = explorer(in_order(explorer, asked_of(pn.state.session_args)))
    front = Front(spec=explorer.spec(), frame=session.frame)

    document = pn.state.curdoc

    def receive(event: param.parameterized.Event) -> None:
        with as_one(document):  # sources and frame are painted together
            session.receive(event.new)

    front.param.watch(receive, "state")
    session.param.watch(lambda event: front.param.update(frame=event.new), "frame")
    session.param.watch(lambda event: front.param.update(progress=event.new), "progress")
    session.desk.run = beside(document)
    pn.state.on_session_destroyed(lambda context: session.desk.end())
    page = pn.Template(page_template())
    page.add_panel("front", front)
    for name, figure in session.figures.items():
        page.add_panel(f"figure_{name}", pn.pane.Bokeh(figure, sizing_mode="stretch_both"))
    rows = len(session.state.get("labels", ()))
    for name, value in page_variables(explorer, link, rows).items():
        page.add_variable(name, value)
    return page


def beside(document: Any) -> Runner:
    """Return what runs a job in threads, a short while each, and publishes between them."""
    running: set[asyncio.Task[None]] = set()  # the loop itself keeps no reference to its tasks

    def publish(report: Callable[[], None]) -> None:
        with as_one(document):
            report()

    async def drive(work: Work, name: str, steps: Steps) -> None:
        while work.is_under_way(name, steps):
            told = await asyncio.to_thread(go_on, steps)
            document.add_next_tick_callback(
                partial(publish, partial(work.report, name, steps, told))
            )
            if not isinstance(told, tuple):
                return
        steps.close()

    def run(work: Work, name: str, steps: Steps) -> None:
        task = asyncio.get_running_loop().create_task(drive(work, name, steps))
        running.add(task)
        task.add_done_callback(running.discard)

    return run


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


def served_pages(link: Callable[[str], str]) -> dict[str, Callable[[], pn.Template]]:
    """Return what makes the page of each explorer, by slug."""
    apply_patches(Front)
    return {
        explorer.slug: lambda explorer=explorer: explorer_page(explorer, link)
        for explorer in EXPLORERS
    }
