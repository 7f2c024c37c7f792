"""Explorers of information theory: serve them, write them as pages, check lessons for them."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infocore import __version__

from .contract.lessons import LessonError, names_of, read_file, read_lessons
from .hosting.settings import add_environment, add_options

PROGRAM = "python -m app" if __package__ == "app" else "bitsandnats"


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    program = argparse.ArgumentParser(prog=PROGRAM, description=__doc__)
    program.add_argument("--version", action="version", version=f"Bits & Nats {__version__}")
    commands = program.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve every explorer and print the address")
    add_options(serve)
    serve.set_defaults(program=serve)
    export = commands.add_parser("export", help="write pages that need no server")
    export.add_argument("--inline", metavar="SLUG", help="write this explorer alone, in one file")
    export.add_argument(
        "--poster", metavar=("SLUG", "STATE"), nargs=2,
        help="write this explorer in this state (a link's, such as mu_p=0&theme=dark) as a picture",
    )  # fmt: skip
    export.add_argument(
        "--address",
        metavar="URL",
        default="",
        help="where the folder will be, for the cards of shared links",
    )
    export.add_argument(
        "--csp", choices=("hashes", "external"), default="hashes",
        help="how pages allow scripts: by hash, or as files where a host has script-src 'self'",
    )  # fmt: skip
    export.add_argument(
        "--lessons", metavar="FOLDER", type=Path, help="lessons of your own, a .md file each"
    )
    export.add_argument(
        "out", metavar="OUT", type=Path,
        help="a folder, whose files of the same names are replaced; with --inline a file; with "
        "--poster an .svg or .png",
    )  # fmt: skip
    export.set_defaults(program=export)
    check = commands.add_parser("check", help="say what is wrong with lessons, line by line")
    check.add_argument("files", metavar="LESSON.md", type=Path, nargs="*")
    check.add_argument("--names", metavar="CHAPTER", help="list the names that a lesson may use")
    check.set_defaults(program=check)
    return program


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line and the environment ask for, or end and say what is wrong."""
    chosen, unknown = parser().parse_known_args(arguments)
    if unknown:
        chosen.program.error(f"unrecognized arguments: {' '.join(unknown)}")
    if chosen.command == "serve":
        try:
            add_environment(chosen)
        except ValueError as error:
            chosen.program.error(str(error))
    return chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    chosen = options(arguments)
    if chosen.command == "serve":
        from .hosting.server import serve  # Panel takes a second: not for --help

        try:
            serve(chosen)
        except LessonError as error:
            raise SystemExit(f"{PROGRAM} serve: {error}") from error
    elif chosen.command == "check":
        if chosen.names:
            _list_names(chosen.names)
        elif not chosen.files:
            chosen.program.error("give a lesson, or --names and a chapter")
        raise SystemExit(_check(chosen.files))
    else:
        _export(chosen)


def _check(files: Sequence[Path]) -> int:
    """Say of each lesson what is wrong with it, and return 1 where anything is."""
    from .registry import EXPLORERS

    wrong = 0
    for file in files:
        try:
            lesson, mistakes = read_file(file, EXPLORERS)
        except OSError as error:
            raise SystemExit(f"{PROGRAM} check: {error}") from error
        for mistake in mistakes:
            print(f"{file}: {mistake}")  # noqa: T201
        if not mistakes:
            count = len(lesson.tasks)
            print(f"{file}: {count} task{'s' * (count > 1)} for {lesson.slug}, no mistakes")  # noqa: T201
        wrong += bool(mistakes)
    return int(wrong > 0)


def _list_names(slug: str) -> None:
    """Say what a chapter's parameters, buttons and numbers are called."""
    from .registry import EXPLORERS

    explorer = next((one for one in EXPLORERS if one.slug == slug), None)
    if explorer is None:
        known = ", ".join(one.slug for one in EXPLORERS)
        raise SystemExit(f"{PROGRAM} check: “{slug}” is no chapter; there are {known}")
    numbers = {one.name: one.label for one in explorer.readouts}
    for title, names in (
        ("Start, Hide and Lock", names_of(explorer)), ("numbers, for Until and {slots}", numbers),
    ):  # fmt: skip
        print(f"{title}:")  # noqa: T201
        for name, label in names.items():
            print(f"  {name:24} {label}".rstrip())  # noqa: T201


def _export(chosen: argparse.Namespace) -> None:
    from .page.site import export_inline, export_poster, export_site
    from .registry import CHAPTERS, EXPLORERS

    out = chosen.out
    if chosen.csp == "external" and (chosen.poster or chosen.inline):
        chosen.program.error("--csp external is for a site: one file has no scripts beside it")
    try:
        lessons = read_lessons(chosen.lessons, EXPLORERS) if chosen.lessons else []
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            if chosen.poster:
                slug, state = chosen.poster
                export_poster(CHAPTERS, slug, state, out)
            elif chosen.inline:
                export_inline(CHAPTERS, chosen.inline, out, lessons)
            else:
                apart = chosen.csp == "external"
                export_site(CHAPTERS, out, lessons, chosen.address, apart=apart)
    except (ValueError, OSError) as error:
        raise SystemExit(f"{PROGRAM} export: {error}") from error
    print(f"Written: {out}")  # noqa: T201


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    """Say what a reader of the export should know, without the place in our code."""
    print(f"{PROGRAM} export: {message}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
