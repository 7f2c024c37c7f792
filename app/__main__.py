"""The program: ``python -m app serve`` and ``python -m app export``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from .hosting.settings import add_environment, add_options


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    program = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = program.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve every explorer and print the address")
    add_options(serve)
    serve.set_defaults(program=serve)
    export = commands.add_parser("export", help="write pages that need no server")
    export.add_argument("--inline", metavar="SLUG", help="write this explorer alone, in one file")
    export.add_argument("out", metavar="OUT", type=Path, help="a folder; with --inline a file")
    export.set_defaults(program=export)
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

        serve(chosen)
    else:
        _export(chosen.inline, chosen.out)


def _export(slug: str | None, out: Path) -> None:
    from .page.export import export_inline, export_site
    from .registry import CHAPTERS

    try:
        if slug:
            export_inline(CHAPTERS, slug, out)
        else:
            export_site(CHAPTERS, out)
    except (ValueError, OSError) as error:
        raise SystemExit(f"python -m app export: {error}") from error
    print(f"Written: {out}")  # noqa: T201


if __name__ == "__main__":
    main()
