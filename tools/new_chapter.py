"""``make chapter NAME=some-slug`` lays a chapter that works, to be changed into the one you mean.

It has a slider, a curve with a handle, a number and tasks, in Python and in the browser, its texts
and its tests, and stands last in the reading order.
"""

from __future__ import annotations

import argparse
import keyword
import re
from pathlib import Path
from string import Template

ROOT = Path(__file__).parents[1]
LAYOUT = Path(__file__).with_name("chapter")
REGISTRY = ROOT / "app" / "registry.py"


def slug(text: str) -> str:
    """Return a name that fits an address and a folder, or say why it does not."""
    if keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is a word of Python, so no package's name")
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not like some-slug: small letters, hyphens")
    return text


def lay(name: str, root: Path = ROOT) -> list[Path]:
    """Write a chapter's files and its line of the registry; return the paths of all of them."""
    folder = name.replace("-", "_")
    places = root / "app" / "explorers" / folder, root / "tests" / "explorers" / folder
    if any(place.exists() for place in places):
        raise FileExistsError(f"there is a chapter called {name} already")
    words = {
        "slug": name, "folder": folder, "class": name.title().replace("-", ""),
        "title": name.replace("-", " ").capitalize(),
    }  # fmt: skip
    written = []
    for template in sorted(LAYOUT.glob("*.txt")):
        tried = template.name.startswith(("test_", "solutions"))
        target = places[tried] / template.stem.replace("NAME", folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text("utf-8")).substitute(words), "utf-8")
        written.append(target)
    return [*written, _register(name, root / REGISTRY.relative_to(ROOT))]


def _register(name: str, registry: Path) -> Path:
    text = registry.read_text("utf-8")
    registry.write_text(text.replace("\n)  # fmt: skip", f'\n    "{name}",\n)  # fmt: skip', 1))
    return registry


def main() -> None:
    """Run what the command line asks for."""
    program = argparse.ArgumentParser(prog="make chapter NAME=…", description=__doc__)
    program.add_argument("name", type=slug, metavar="NAME", help="its address, such as some-slug")
    try:
        written = lay(program.parse_args().name)
    except FileExistsError as error:
        program.error(str(error))
    for path in written:
        print(path.relative_to(ROOT))  # noqa: T201


if __name__ == "__main__":
    main()
