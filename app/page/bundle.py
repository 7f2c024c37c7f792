"""Files of the front end, and modules joined into one script.

The joiner knows only what our modules use: named imports and exports of declarations, one statement
each, and top-level names that differ across the modules of a page. It is Python, so that a page can
be built where Node is missing.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

from rjsmin import jsmin

ROOT = Path(__file__).parents[2]

_IMPORT = re.compile(r"^import [^;]*? from '(\.{1,2}/[\w/.-]+)';\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?(function|const|class) )", re.MULTILINE)


@cache
def text_of(name: str) -> str:
    """Return a file by its path from the top of the project, such as ``static/boot.js``."""
    return (ROOT / name).read_text(encoding="utf-8")


def bundle(*entries: str) -> str:
    """Return modules with all that they import as one script without imports.

    Panel loads a module from an address in which relative imports mean nothing, and an exported
    page has one inline script. Comments and indentation stay behind: they are a third of a page.
    """
    ordered: list[str] = []
    for entry in entries:
        _append_needed(entry, ordered)
    return jsmin("\n".join(_EXPORT.sub("", _IMPORT.sub("", text_of(name))) for name in ordered))


def _append_needed(name: str, ordered: list[str]) -> None:
    """Append a module after the modules it imports, each once."""
    for imported in _IMPORT.findall(text_of(name)):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
        if path not in ordered:
            _append_needed(path, ordered)
    if name not in ordered:
        ordered.append(name)
