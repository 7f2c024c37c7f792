"""Write the libraries that our pages bring as modules of ``static/vendor``, from ``node_modules``.

A page must be built where Node is missing, so what it brings lies in the project: the library's own
code, unchanged, in a function that gives what we call.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The file of a package, what we call of it, by which name of ours, and its type.
QR = "(text: string) => { size: number, get: (x: number, y: number) => boolean }"
PACKAGES = {"lean-qr": ("nano.mjs", "generate", "generateQr", QR)}
_EXPORTS = re.compile(r"export\{([^}]*)\};?\s*$")  # such as `export{r as correction,m as generate}`


def module(package: str) -> str:
    """Return a package's code as a module with its licence, under our names."""
    file, theirs, ours, kind = PACKAGES[package]
    folder = ROOT / "node_modules" / package
    version = json.loads((folder / "package.json").read_text())["version"]
    licence = (folder / "LICENSE").read_text().strip()
    (holder,) = re.findall(r"^Copyright \(c\) (.*)$", licence, re.MULTILINE)
    code = (folder / file).read_text().strip()
    (exports,) = _EXPORTS.findall(code)
    (local,) = re.findall(rf"([\w$]+) as {theirs}\b", exports)
    body = f"{_EXPORTS.sub('', code)} return {local};"
    words = "\n".join(f" * {line}".rstrip() for line in licence.splitlines())
    head = (
        f"// @ts-nocheck\n/**\n{words}\n */\n/*! {package} {version}, MIT licence, © {holder} */\n"
    )
    return f"{head}/** @type {{{kind}}} */\nexport const {ours} = (() => {{ {body} }})();\n"


def path_of(package: str) -> Path:
    """Return where a package's module lies."""
    return ROOT / "static" / "vendor" / f"{package}.js"


if __name__ == "__main__":
    for one in sys.argv[1:] or PACKAGES:
        path_of(one).write_text(module(one), encoding="utf-8")
