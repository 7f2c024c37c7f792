"""``python -m tests.browser.renamed MODULE …``: run a server that finds nothing to patch.

It is the program as it stands, in a world where a newer Bokeh and Panel call everything that our
patches know by another name.
"""

import runpy
import sys

from bokeh.application.handlers import DirectoryHandler
from panel.io import application

from app.panel import patches


def renamed(place, *members):
    raise AttributeError(f"nothing in {place} is called {' or '.join(members) or 'so'}")


class Handler(DirectoryHandler):
    """``panel serve app`` imports the package under a name of its own: it too gets our patches."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        sys.modules[f"{self._package.__name__}.panel.patches"] = patches


def main():
    patches.insides = renamed
    patches._is_locked = lambda document: False
    application.DirectoryHandler = Handler
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
