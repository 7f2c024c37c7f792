"""Who may import whom: arrows point one way, and chapters know nothing of each other."""

import ast
import json
import subprocess
import sys
from fnmatch import fnmatch
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACT = {"app.contract", "numpy", "param"}
CHAPTER = {*CONTRACT, "infocore", "pandas", "sklearn"}
# What a place may import beside the standard library; of several places that fit, the last counts.
# OWN is the chapter's own folder.
OWN = "app.explorers.<own>"
ALLOWED = {
    "infocore": {"infocore", "numpy", "scipy"},
    "app/contract": CONTRACT,
    "app/charts.py": {"app.contract", "bokeh"},
    "app/explorers": {*CHAPTER, OWN},
    "app/explorers/*/figures.py": {*CHAPTER, OWN, "app.charts", "bokeh"},
    "app/explorers/*/explorer.py": {*CHAPTER, OWN, "app.charts"},
    "app/session": {"app.contract", "app.session", "bokeh", "numpy", "param"},
    "app/page": {
        *("app.contract", "app.page"),
        *("bokeh", "jinja2", "latex2mathml", "markdown_it", "markupsafe", "mdit_py_plugins"),
        "minify",
    },
    "app/page/poster": {"app.charts", "app.contract", "app.page", "bokeh", "numpy", "resvg_py"},
    "app/panel": {
        *("app.contract", "app.page", "app.panel", "app.registry", "app.session"),
        *("bokeh", "pandas", "panel", "param"),
    },
    "app/hosting": {
        *("app.contract", "app.hosting", "app.page", "app.panel", "app.registry", "app.rooms"),
        *("app.session", "bokeh", "panel", "prometheus_client", "starlette", "uvicorn"),
    },
    "app/rooms": {"app.contract", "app.rooms", "redis", "starlette"},
    "app/registry.py": {"app.contract", "app.explorers"},
}


def is_in(path, place):
    return fnmatch(str(path), place) or fnmatch(str(path), f"{place}/*")


def rule_of(path):
    """Return what the module at `path`, below the top of the project, may import."""
    place = next(place for place in reversed(ALLOWED) if is_in(path, place))
    own = f"app.explorers.{path.parts[2]}" if path.is_relative_to("app/explorers") else OWN
    return {own if name == OWN else name for name in ALLOWED[place]}


def imported_names(source, package):
    """List every name that `source`, a module of `package`, imports, as an absolute name."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            names += [f"{module}.{alias.name}" for alias in node.names]
    return names


def forbidden(path, source):
    """List what `source`, the module at `path`, imports against the rule of its place."""
    path = Path(path)
    allowed = tuple(f"{name}." for name in rule_of(path) | sys.stdlib_module_names)
    names = imported_names(source, ".".join(path.parts[:-1]))
    return [name for name in names if not f"{name}.".startswith(allowed)]


MODULES = sorted(
    path.relative_to(ROOT)
    for room in ("infocore", "app")
    for path in (ROOT / room).rglob("*.py")
    if path.parent != ROOT / "app" or str(path.relative_to(ROOT)) in ALLOWED
)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_only_what_its_place_may(path):
    assert forbidden(path, (ROOT / path).read_text("utf-8")) == []


def test_the_rules_reach_every_package():
    packages = {path.parent for path in (ROOT / "app").rglob("*.py")} - {ROOT / "app"}
    assert {(ROOT / path).parent for path in MODULES} >= packages
    assert all(any(is_in(path, place) for path in MODULES) for place in ALLOWED)


@pytest.mark.parametrize("path", sorted((ROOT / "app").rglob("*.py")), ids=str)
def test_the_program_names_itself_nowhere_so_that_a_wheel_may_rename_it(path):
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    absolute = [node for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    assert not [node.module for node in absolute if f"{node.module}.".startswith("app.")]


@pytest.mark.parametrize(
    ("path", "source", "names"),
    [
        ("infocore/x.py", "import math, numpy as np\nfrom ._validate import pmf", []),
        ("infocore/x.py", "import numpyro", ["numpyro"]),
        ("infocore/x.py", "def f():\n    import panel.io", ["panel.io"]),
        ("infocore/x.py", "from app import explorer", ["app.explorer"]),
        ("app/contract/x.py", "import panel", ["panel"]),
        ("app/contract/x.py", "from ..session.jobs import Work", ["app.session.jobs.Work"]),
        ("app/explorers/kl/model.py", "from bokeh.models import Plot", ["bokeh.models.Plot"]),
        ("app/explorers/kl/model.py", "from .figures import draw", []),
        ("app/explorers/kl/figures.py", "from bokeh.models import Plot", []),
        ("app/explorers/kl/deep/x.py", "from ..model import f", []),
        ("app/explorers/kl/x.py", "from ..entropy import model", ["app.explorers.entropy.model"]),
        ("app/explorers/kl/x.py", "from ...registry import KL", ["app.registry.KL"]),
        ("app/page/x.py", "from ..registry import CHAPTERS", ["app.registry.CHAPTERS"]),
        ("app/session/x.py", "from ..page.texts import slots", ["app.page.texts.slots"]),
    ],
)
def test_the_rule_tells_forbidden_imports_from_allowed_ones(path, source, names):
    assert forbidden(path, source) == names


# A fresh interpreter loads what the core's modules import, then the core: a fortieth more.
CORE = """
import json, sys, time
start = time.process_time()
import numpy, scipy.linalg, scipy.optimize, scipy.special
beneath, loaded = time.process_time(), set(sys.modules)
import infocore
whole = time.process_time()
more = {name.partition(".")[0] for name in set(sys.modules) - loaded}
print(json.dumps([sorted(more - sys.stdlib_module_names), (whole - beneath) / (beneath - start)]))
"""


def test_the_core_loads_numpy_and_scipy_alone_and_takes_little_time_beside_them():
    command = [sys.executable, "-c", CORE]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    packages, ratio = json.loads(told)
    assert set(packages) <= {"infocore", "numpy", "scipy"}
    assert ratio < 0.25
