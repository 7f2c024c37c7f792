"""Files of the front end, and modules joined into one script.

The joiner knows only what our modules use: named imports (``import { a, b } from './x.js'``),
exports of declarations, no two modules that import each other, ``/**``, and ``//`` as the first of
a line, in comments alone, and lines at the margin that begin a declaration or a statement or end
one. It is Python, so that a page can be built where Node is missing.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import minify

PACKAGE = Path(__file__).parents[1]
# In a wheel static/ lies in the package, in a checkout beside it.
STATIC = next(one for one in (PACKAGE / "static", PACKAGE.parent / "static") if one.is_dir())
SHARED = "bitsAndNatsFront"  # under this name the script that pages share leaves what they ask for

_IMPORT = re.compile(
    r"^import \{(?P<names>[^}]*)\} from '(?P<path>\.{1,2}/[\w/.-]+)';\n", re.MULTILINE
)
_COMMENT = re.compile(r"/\*\*.*?\*/|^ *//[^\n]*\n", re.DOTALL | re.MULTILINE)
_DECLARED = re.compile(
    r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+|\[[^\]]*\]|\{[^}]*\})", re.MULTILINE
)
_TOP = re.compile(r"^(?=[^\s})\]/])", re.MULTILINE)
_WORD = re.compile(r"[\w$]+")
_RULE = re.compile(r"([^{}]+)\{[^{}]*\}")
_NOT = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)


class Script(NamedTuple):
    """A script and the name of its file, which is another for other code."""

    name: str
    code: str

    @classmethod
    def called(cls, stem: str, code: str) -> Script:
        """Return a script whose file's name begins so."""
        digest = hashlib.sha256(code.encode()).hexdigest()[:8]
        return cls(f"{stem}-{digest}.min.js", code)


@cache
def text_of(name: str) -> str:
    """Return a file by its path from the top of a checkout, such as ``static/boot.js``."""
    room, _, path = name.partition("/")
    return ({"app": PACKAGE, "static": STATIC}[room] / path).read_text(encoding="utf-8")


def bundle(*entries: str, beside: Sequence[str] = ()) -> str:
    """Return modules with all that they import as one script, which declares what entries export.

    Panel loads a module from an address in which relative imports mean nothing, and an exported
    page has one inline script. The modules of ``static`` share one scope, so no two may declare one
    name; each module of a chapter keeps its own. What nothing names of ``static`` is left out. All
    stands in one function, so that the minifier may shorten every name but those of the exports.
    The modules ``beside`` it are those of the page's ``shared_script``.
    """
    ordered = [name for name in needed(*entries) if name not in beside]
    shared = [name for name in ordered if name.startswith("static/")]
    _refuse_repeated(shared)
    own = [name for name in ordered if name not in shared]
    scopes = [_scope(name, own) for name in own]
    given = [_given(name, own, exports_of(name)) for name in entries if name in own]
    asked = [" ".join(exports_of(name)) for name in entries]
    code = _named("".join(map(_body, shared)), " ".join([*scopes, *asked]))
    exports = ", ".join(name for entry in entries for name in exports_of(entry))
    found = f"const {{ {', '.join(taken_from(beside, *entries))} }} = globalThis.{SHARED};"
    lines = "\n".join([found if beside else "", code, *scopes, *given, f"return {{ {exports} }};"])
    taken = f"const {{ {exports} }} = " if exports else ""
    return minified_script(f"{taken}(() => {{\n{lines}\n}})()") + ";\n"


def shared_script(modules: Sequence[str], names: Collection[str]) -> str:
    """Return modules of ``static`` as a script that leaves such names for the ``bundle`` of a page.

    The modules hold all that they import, each after what it imports.
    """
    _refuse_repeated(modules)
    code = _named("".join(map(_body, modules)), " ".join(names))
    lines = f"{code}\nreturn {{ {', '.join(sorted(names))} }};"
    return minified_script(f"globalThis.{SHARED} = (() => {{\n{lines}\n}})()") + ";\n"


def needed(*entries: str) -> list[str]:
    """Return modules and all that they import, each after what it imports."""
    ordered: list[str] = []
    for entry in entries:
        _append_needed(entry, ordered)
    return ordered


def taken_from(modules: Sequence[str], *entries: str) -> list[str]:
    """Return what entries, and the modules that they need, take from such modules."""
    names = {name for one in entries if one in modules for name in exports_of(one)}
    for module in needed(*entries):
        if module not in modules:
            for found in _IMPORT.finditer(text_of(module)):
                if _beside(module, found["path"]) in modules:
                    names |= set(_WORD.findall(found["names"]))
    return sorted(names)


def _named(code: str, text: str) -> str:
    """Return what runs at the top of modules, and the declarations that it or a text names."""
    pieces = _TOP.split(_COMMENT.sub("", code))
    found = [_DECLARED.match(piece) for piece in pieces]
    names = [set(_WORD.findall(one[1])) if one else set() for one in found]
    words, kept, last = set(_WORD.findall(text)), set[int](), -1
    while len(kept) > last:
        last = len(kept)
        for i, piece in enumerate(pieces):
            if i not in kept and (not names[i] or names[i] & words):
                kept.add(i)
                words |= set(_WORD.findall(piece))
    return "".join(piece for i, piece in enumerate(pieces) if i in kept)


def minified_script(code: str) -> str:
    """Return a script without what only we read: comments, indentation, names of locals."""
    return minify.string("application/javascript", code)


def minified_style(code: str) -> str:
    """Return a style sheet without what only we read."""
    return minify.string("text/css", code)


def without_unused_rules(html: str, beside: str = "") -> str:
    """Return a page whose style sheet has no rule for classes that nothing else in it names.

    ``beside`` is the script that it shares with others, which names some, too.
    """
    before, opened, rest = html.partition("<style>")
    style, closed, after = rest.partition("</style>")
    words = set(re.findall(r"[\w-]+", before + after + beside))

    def kept(rule: re.Match[str]) -> str:
        wanted = (set(_CLASS.findall(one)) for one in _NOT.sub("", rule[1]).split(","))
        return rule[0] if any(classes <= words for classes in wanted) else ""

    return "".join((before, opened, _RULE.sub(kept, style), closed, after))


def exports_of(name: str) -> list[str]:
    """Return what a module exports."""
    return _EXPORT.findall(text_of(name))


def _body(name: str) -> str:
    return _EXPORT.sub("", _IMPORT.sub("", text_of(name)))


def _refuse_repeated(names: Sequence[str]) -> None:
    """Fail where two modules that share a scope declare one name."""
    seen: dict[str, str] = {}
    for module in names:
        for found in _DECLARED.finditer(text_of(module)):
            for declared in re.findall(r"\w+", found[1]):
                if seen.setdefault(declared, module) != module:
                    raise ValueError(f"{seen[declared]} and {module} both declare {declared}")


def _scope(name: str, own: list[str]) -> str:
    """Return a chapter's module as a function's scope that gives what it exports."""
    imports = [(one, _beside(name, one["path"])) for one in _IMPORT.finditer(text_of(name))]
    taken = [_given(path, own, one["names"].split(",")) for one, path in imports if path in own]
    exports = ", ".join(exports_of(name))
    lines = "\n".join([*taken, _body(name)])
    return f"const m{own.index(name)} = (() => {{\n{lines}\nreturn {{ {exports} }};\n}})();"


def _given(name: str, own: list[str], names: list[str]) -> str:
    return f"const {{ {', '.join(names)} }} = m{own.index(name)};"


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
