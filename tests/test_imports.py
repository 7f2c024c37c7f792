"""Who may import whom: the core knows nothing of the app, and explorers nothing of each other."""

import ast
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "infocore": {"infocore", "numpy", "scipy"},
    "app/explorers": {
        "app.explorer",
        "app.explorers.parts",
        "app.explorers.texts",
        "app.figures",
        "app.kept",
        "app.shares",
        "app.state",
        "app.work",
        "infocore",
        "bokeh",
        "numpy",
        "param",
    },
}


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


def forbidden(folder, source):
    """List what `source`, a module in `folder`, imports against the rule of that folder."""
    allowed = tuple(f"{name}." for name in ALLOWED[folder] | sys.stdlib_module_names)
    names = imported_names(source, folder.replace("/", "."))
    return [name for name in names if not f"{name}.".startswith(allowed)]


@pytest.mark.parametrize("folder", ALLOWED)
def test_modules_import_only_what_their_folder_may(folder):
    modules = sorted((ROOT / folder).glob("*.py"))
    assert modules, f"{folder} holds no module"
    found = {path.name: forbidden(folder, path.read_text("utf-8")) for path in modules}
    assert not {name: names for name, names in found.items() if names}


@pytest.mark.parametrize(
    ("folder", "source", "names"),
    [
        ("infocore", "import math, numpy as np\nfrom ._validate import pmf", []),
        ("infocore", "import numpyro", ["numpyro"]),
        ("infocore", "def f():\n    import panel.io", ["panel.io"]),
        ("infocore", "from app import explorer", ["app.explorer"]),
        ("app/explorers", "from app.explorer import Explorer", []),
        ("app/explorers", "from ..explorer import Explorer", []),
        ("app/explorers", "from app.explorers.kl import KL", ["app.explorers.kl.KL"]),
        ("app/explorers", "from . import entropy", ["app.explorers.entropy"]),
        ("app/explorers", "from app import registry", ["app.registry"]),
    ],
)
def test_the_rule_tells_forbidden_imports_from_allowed_ones(folder, source, names):
    assert forbidden(folder, source) == names
