"""The pages of ``panel serve app``: ``/app`` the gallery, ``?explorer=SLUG`` an explorer."""

from __future__ import annotations

import panel as pn
import param
from panel.custom import JSComponent
from panel.io.reload import watch

from ..page.bundle import PACKAGE, STATIC
from ..page.template import page_template, page_variables
from ..registry import CHAPTERS
from .component import asked_of, served_pages

BESIDE = (STATIC, PACKAGE.parent / "infocore")  # Panel itself watches what it serves


class Refresh(JSComponent):
    """Loads its page anew at the address of the moment, so that the state stays.

    Panel's own way, a ``Location`` in the page, goes back to the address that was opened.
    """

    edited = param.Boolean(doc="Whether a file that the page was made of has changed.")

    _esm = "export function render({ model }) { model.on('edited', () => location.reload()); }"


def page_asked_for() -> pn.Template:
    """Return the page that a session's address asks for; with ``--dev`` it follows edits."""
    slug = dict(asked_of(pn.state.session_args)).get("explorer", "")
    explorers = served_pages(_link)
    page = explorers[slug]() if slug in explorers else _plain_page(slug)
    if pn.config.autoreload and (location := pn.state.location):
        for folder in BESIDE:
            watch(str(folder))
        page.add_panel("refresh", Refresh(edited=location.param.reload))
        page.add_variable("refresh", True)
    return page


def _plain_page(slug: str) -> pn.Template:
    """Return a page without figures: the gallery, unless there is such a chapter."""
    page = pn.Template(page_template())
    page.add_panel("front", pn.pane.HTML(""))
    chapter = next((one for one in CHAPTERS if one.slug == slug), None)
    for name, value in page_variables(chapter, CHAPTERS, _link).items():
        page.add_variable(name, value)
    return page


def _link(slug: str) -> str:
    return f"?explorer={slug}" if slug else "?"
