"""Files of the front end, and modules joined into one script.

The joiner knows only what our modules use: named imports (``import { a, b as c } from './x.js'``),
exports of declarations, and no two modules that import each other. It is Python, so that a page can
be built where Node is missing.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

from rjsmin import jsmin

ROOT = Path(__file__).parents[2]

_IMPORT = re.compile(
    r"^import \{(?P<names>[^}]*)\} from '(?P<path>\.{1,2}/[\w/.-]+)';\n", re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


@cache
def text_of(name: str) -> str:
    """Return a file by its path from the top of the project, such as ``static/boot.js``."""
    return (ROOT / name).read_text(encoding="utf-8")


def bundle(*entries: str) -> str:
    """Return modules with all that they import as one script, which declares what entries export.

    Panel loads a module from an address in which relative imports mean nothing, and an exported
    page has one inline script. Each module keeps its own scope. Comments and indentation stay
    behind: they are a third of a page.
    """
    ordered: list[str] = []
    for entry in entries:
        _append_needed(entry, ordered)
    scopes = [_scope(name, ordered) for name in ordered]
    given = [f"const{{{','.join(exports_of(one))}}}=m{ordered.index(one)};" for one in entries]
    return jsmin("\n".join([*scopes, *given]))


def exports_of(name: str) -> list[str]:
    """Return what a module exports."""
    return _EXPORT.findall(text_of(name))


def _scope(name: str, ordered: list[str]) -> str:
    """Return a module as a function's scope that gives what it exports."""

    def taken(one: re.Match[str]) -> str:
        names = one["names"].replace(" as ", ":")
        return f"const {{{names}}} = m{ordered.index(_beside(name, one['path']))};\n"

    body = _EXPORT.sub("", _IMPORT.sub(taken, text_of(name)))
    exports = ", ".join(exports_of(name))
    return f"const m{ordered.index(name)} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _beside(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _append_needed(name: str, ordered: list[str]) -> None:
    """Append a module after the modules it imports, each once."""
    for imported in _IMPORT.finditer(text_of(name)):
        path = _beside(name, imported["path"])
        if path not in ordered:
            _append_needed(path, ordered)
    if name not in ordered:
        ordered.append(name)
