"""The program: ``python -m app serve``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve every explorer and print the address")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", default=5006, type=int, help="port to listen on")
    chosen = parser.parse_args(arguments)
    from app.serve import serve as run  # Panel takes a second: not for --help

    run(chosen.host, chosen.port)


if __name__ == "__main__":
    main()
