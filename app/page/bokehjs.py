"""BokehJS for pages that need no server: of its modules, those that their figures reach.

``bokeh.min.js`` is a table of modules that ask for each other by number,
``([function _(…){…}, …], 0, {"models/glyphs/vbar": 493, …})``, so one can tell what a page never
reaches, without Node. A BokehJS of another form is taken whole.
"""

from __future__ import annotations

import json
import re
import warnings
from functools import cache
from typing import NamedTuple

import bokeh
from bokeh.util.paths import bokehjs_path

from .bundle import Script, text_of

UNUSED = (
    # maps, and other axes than numbers have
    "core/util/projections", "models/axes/categorical_axis", "models/axes/datetime_axis",
    "models/axes/mercator_axis", "models/axes/timedelta_axis",
    # graphs, and formulas in figures
    "models/renderers/graph_renderer", "models/text/math_text",
    # tools that one sees
    "models/tools/tool_button", "models/tools/on_off_button", "models/tools/click_button",
    "models/tools/actions/action_tool", "models/tools/actions/help_tool", "core/util/menus",
    "styles/icons.css", "styles/logo.css", "styles/buttons.css", "styles/menus.css",
    "styles/tool_button.css", "styles/toolbar.css",
    # arrays packed by Python, servers and notebooks
    "core/util/buffer", "embed/server", "embed/notebook", "protocol/index",
)  # fmt: skip

_FORM = re.compile(
    r"(?P<before>.*\n\}\)\n\(\[\n)(?P<modules>function _\(.*\})(?P<names_after>,\n\], 0, )"
    r"(?P<names>\{[^{}]*\})(?P<after>, \{\}\);\}\);\s*)",
    re.DOTALL,
)
_BETWEEN = re.compile(r"(?<=\}),\n(?=function _\()")
_PATCHED = re.compile(r"(?:insides|require)\('([^']+)'")
_START, _REGISTRY = "models/main", "base"


class OtherFormError(ValueError):
    """BokehJS is not the table of modules that it was."""


def whole_code() -> str:
    """Return BokehJS itself, whatever extensions (Panel's, say) have put into Bokeh's bundles."""
    return (bokehjs_path() / "js" / "bokeh.min.js").read_text(encoding="utf-8")


@cache
def bokeh_script(models: frozenset[str]) -> Script:
    """Return BokehJS with these models (``"VBar"``), all that they need and all that we patch."""
    code = whole_code()
    try:
        code = Modules.of(code).only(models, set(_PATCHED.findall(_patches())))
    except OtherFormError as problem:
        warnings.warn(f"Pages hold all of BokehJS, three times the code: {problem}", stacklevel=2)
    return Script.called(f"bokeh-{bokeh.__version__}", code)


def _patches() -> str:
    return text_of("static/bokeh/patches.js")


class Modules(NamedTuple):
    """BokehJS taken apart."""

    before: str
    modules: list[str]
    names: dict[str, int]
    after: str

    @classmethod
    def of(cls, code: str) -> Modules:
        """Take BokehJS apart; raise ``OtherFormError`` where this is not what it was."""
        found = _FORM.fullmatch(code)
        if not found:
            raise OtherFormError("it is no table of modules")
        one = cls(
            found["before"],
            _BETWEEN.split(found["modules"]),
            json.loads(found["names"]),
            found["after"],
        )
        one._check()
        return one

    def _check(self) -> None:
        count, numbers = len(self.modules), sorted(self.names.values())
        if numbers[-1] != count - 1:
            raise OtherFormError(f"its table names {numbers[-1] + 1} modules, and it has {count}")
        if "register_models=" not in self.modules[self._number(_REGISTRY)]:
            raise OtherFormError("nothing registers models")
        self._number(_START)

    def text(self) -> str:
        """Return BokehJS as one script again."""
        names = json.dumps(self.names, separators=(",", ":"))
        return "".join((self.before, ",\n".join(self.modules), ",\n], 0, ", names, self.after))

    def only(self, models: frozenset[str], paths: set[str]) -> str:
        """Return BokehJS with these models alone, and with the modules that have these names."""
        wanted = {number for model in models for number in self._defining(model)}
        wanted |= {self._number(path) for path in paths}
        unused = {self.names[name] for name in UNUSED if name in self.names} - wanted
        modules = list(self.modules)
        modules[self._number(_START)] = self._start(sorted(wanted))
        for number in unused:
            modules[number] = _left_out(next(n for n, m in self.names.items() if m == number))
        kept = _reached(modules, {0, *wanted})
        return Modules(
            self.before,
            [one if number in kept else "" for number, one in enumerate(modules)],
            {name: number for name, number in self.names.items() if name in paths},
            self.after,
        ).text()

    def _number(self, name: str) -> int:
        if name not in self.names:
            raise OtherFormError(f"it has no module {name}")
        return self.names[name]

    def _defining(self, model: str) -> list[int]:
        """Return the modules that define a model: two kinds of ``Text`` have one name."""
        name = re.escape(model.rpartition(".")[2])
        sets = re.compile(rf"\.{name}=(?:{name}\b|class {name} )")
        found = [
            number for name, number in self.names.items()
            if name.startswith("models/") and sets.search(self.modules[number])
        ]  # fmt: skip
        if not found:
            raise OtherFormError(f"no module defines {model}")
        return found

    def _start(self, wanted: list[int]) -> str:
        """Return what registers the models of some modules, in place of what registers all."""
        registry = self._number(_REGISTRY)
        register = ";".join(f"g(r({number}))" for number in wanted)
        return f"function _(r,m,e,s){{s();const g=r({registry}).register_models;{register}}}"


def _left_out(name: str) -> str:
    """Return a module without code: no style, and classes of which there can be no instance."""
    if name.endswith(".css"):
        return "function _(r,m,e,s){s();e.default=''}"
    return (
        "function _(r,m){m.exports=new Proxy({},{get:(all,one)=>all[one]??=class{"
        f"constructor(){{throw Error('left out: {name}')}}}}}})}}"
    )


def _reached(modules: list[str], first: set[int]) -> set[int]:
    """Return the numbers of the modules that some lead to."""
    kept: set[int] = set()
    ahead = set(first)
    while ahead:
        number = ahead.pop()
        kept.add(number)
        ahead |= _asked_by(modules[number], len(modules)) - kept
    return kept


def _asked_by(module: str, count: int) -> set[int]:
    """Return what a module asks for; a number beyond the table is in another of Bokeh's files."""
    require = re.match(r"function _\(([\w$]*)", module)
    if not require or not require[1]:
        return set()
    calls = re.findall(rf"(?<![\w$.]){re.escape(require[1])}\((\d+)\)", module)
    return {number for number in map(int, calls) if number < count}
