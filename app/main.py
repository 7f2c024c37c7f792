"""What ``panel serve app`` runs for each session: ``/app`` the gallery, ``?explorer=SLUG`` one."""

import panel as pn
from markupsafe import Markup

from .page.template import page_template, page_variables
from .panel.component import asked_of, served_pages
from .registry import CHAPTERS


def _link(slug: str) -> str:
    return f"?explorer={slug}" if slug else "?"


pages = served_pages(_link)
slug = dict(asked_of(pn.state.session_args)).get("explorer", "")
if slug in pages:
    pages[slug]().servable(title="Bits & Nats")
else:
    gallery = pn.Template(page_template())
    gallery.add_panel("front", pn.pane.HTML(Markup("")))
    chapter = next((one for one in CHAPTERS if one.slug == slug), None)
    for name, value in page_variables(chapter, CHAPTERS, _link).items():
        gallery.add_variable(name, value)
    gallery.servable(title="Bits & Nats")
