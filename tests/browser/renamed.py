"""``python -m tests.browser.renamed MODULE …``: run a server that finds nothing to patch.

It is the program as it stands, in a world where a newer Bokeh and Panel call everything that our
patches know by another name.
"""

import runpy
import sys

from app.panel import patches


def renamed(place, *members):
    raise AttributeError(f"nothing in {place} is called {' or '.join(members) or 'so'}")


def main():
    patches.insides = renamed
    patches._is_locked = lambda document: False
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
