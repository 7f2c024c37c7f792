"""What ``panel serve app`` runs for each session: ``/app`` the gallery, ``?explorer=SLUG`` one."""

import panel as pn
from markupsafe import Markup

from app.connections import Connections
from app.page import page_template, page_variables
from app.served import asked_of, served_pages


def _link(slug: str) -> str:
    return f"?explorer={slug}" if slug else "?"


pages = served_pages(_link)
slug = dict(asked_of(pn.state.session_args)).get("explorer", "")
if slug in pages:
    pages[slug]().servable(title="Bits & Nats")
else:
    gallery = pn.Template(page_template())
    gallery.add_panel("front", pn.pane.HTML(Markup("")))
    chapter = Connections if slug == Connections.slug else None
    for name, value in page_variables(chapter, _link).items():
        gallery.add_variable(name, value)
    gallery.servable(title="Bits & Nats")
