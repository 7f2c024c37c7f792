"""BokehJS for pages that need no server."""

from __future__ import annotations

import bokeh
from bokeh.util.paths import bokehjs_path

BOKEH_FILE = f"bokeh-{bokeh.__version__}.min.js"


def bokeh_code() -> str:
    """Return BokehJS itself, whatever extensions (Panel's, say) have put into Bokeh's bundles."""
    return (bokehjs_path() / "js" / "bokeh.min.js").read_text(encoding="utf-8")
