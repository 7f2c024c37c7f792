"""What ``panel serve app`` runs for each session; the pages are those of ``panel/pages.py``.

With ``--dev`` Panel runs it as no part of a package, and each session loads our modules anew, so
that nothing they keep (texts, the template, scripts, what was computed) outlives an edit.
"""

import sys
from importlib import import_module
from pathlib import Path

import panel as pn

package = __package__ or Path(__file__).parent.name
if pn.config.autoreload:
    for name in [one for one in sys.modules if one.partition(".")[0] in (package, "infocore")]:
        del sys.modules[name]

import_module(".panel.pages", package).page_asked_for().servable(title="Bits & Nats")
