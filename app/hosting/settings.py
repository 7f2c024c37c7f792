"""What can be chosen about hosting, once for the command line and once for the environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

ENVIRONMENT = "BITSANDNATS_"
LEAST_MESSAGE = 65536  # bytes: a part of an upload fits
LEAST_SECRET = 32  # characters


@dataclass(frozen=True)
class Option:
    """A flag ``--name`` and the variable ``BITSANDNATS_NAME`` that gives its default."""

    name: str
    kind: Callable[[str], Any]
    default: Any
    help: str

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return ENVIRONMENT + self.name.upper().replace("-", "_")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _prefix(text: str) -> str:
    inner = text.strip("/")
    if not all(part and part.replace("-", "").isalnum() for part in inner.split("/") if inner):
        raise argparse.ArgumentTypeError(f"{text!r} is no path of letters, digits and hyphens")
    return f"/{inner}" if inner else ""


def _hosts(text: str) -> str:
    if set(text) & set(";,/\r\n\"'<>*"):
        raise argparse.ArgumentTypeError(f"{text!r} is no HOST or HOST:PORT, without https://")
    return " ".join(text.split())


def _names(text: str) -> str:
    names = text.split()
    if names != ["*"] and any(set(name) & set(";,/*\r\n\"'<>") for name in names):
        raise argparse.ArgumentTypeError(f"{text!r} is neither * nor names of hosts, without ports")
    return " ".join(name.strip("[]") for name in names)


def _proxies(text: str) -> str:
    try:
        return " ".join(str(ip_network(one)) for one in text.split())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} has what is no address or network") from error


def _ancestors(text: str) -> str:
    words = [f"'{word}'" if word in ("self", "none") else word for word in text.split()]
    quoted = [word for word in words if "'" in word and word not in ("'self'", "'none'")]
    if not words or quoted or set(text) & set(';,\r\n"<>'):
        raise argparse.ArgumentTypeError(f"{text!r} is neither *, self, none nor a list of hosts")
    return " ".join(words)


def _message_size(text: str) -> int:
    if _count(text) < LEAST_MESSAGE:
        raise argparse.ArgumentTypeError(f"{text} is less than a page sends, {LEAST_MESSAGE}")
    return int(text)


def _secret(text: str) -> str:
    if len(text) < LEAST_SECRET:  # which is not repeated here
        raise argparse.ArgumentTypeError(f"a secret has {LEAST_SECRET} characters or more")
    return text


def _start(text: str) -> str:
    if text not in ("live", "pages"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither 'live' nor 'pages'")
    return text


def _folder(text: str) -> str:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no folder")
    return text


OPTIONS = (
    Option("host", str, "127.0.0.1", "address to listen on"),
    Option("port", _port, 5006, "port to listen on"),
    Option("prefix", _prefix, "", "path before every address, where a proxy leaves it there"),
    Option("origin", _hosts, "", "other hosts whose pages may open a session, as HOST[:PORT]"),
    Option("allowed-hosts", _names, "", "names to be asked by, without ports; * for any"),
    Option("frame-ancestors", _ancestors, "*", "who may embed pages: *, self, none, or hosts"),
    Option("sessions", _count, 100, "live sessions; above it, pages without a server"),
    Option("address-sessions", _count, 40, "live sessions that one address may have of these"),
    Option("trusted-proxies", _proxies, "127.0.0.1 ::1", "whose X-Forwarded-For is believed"),
    Option("session-lifetime", _count, 15, "seconds that a session without its page is kept"),
    Option("message-size", _message_size, 65536, "bytes of a websocket message"),
    Option("secret", _secret, "", "what sessions are signed with; else made at the start"),
    Option("lessons", _folder, "", "folder with lessons of your own, a .md file each"),
    Option("start", _start, "live", "what the gallery opens: live (Python) or pages (no server)"),
)  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add every option to a command line."""
    for option in OPTIONS:
        text = f"{option.help} (default: {option.default or 'none'}; {option.variable})"
        parser.add_argument(
            f"--{option.name}", type=option.kind, help=text,
            action="append" if option.name == "origin" else "store",
            metavar="HOST" if option.name == "origin" else option.name.rpartition("-")[2].upper(),
        )  # fmt: skip


def add_environment(chosen: argparse.Namespace) -> None:
    """Take from the environment, or else by default, what the command line left open.

    A variable with a value that cannot be meant, or with a name that is none of ours, is a
    ``ValueError``, as a wrong flag would be.
    """
    known = {option.variable for option in OPTIONS}
    unknown = sorted(name for name in os.environ if name.startswith(ENVIRONMENT))
    for name in set(unknown) - known:
        raise ValueError(f"the variable {name} is none of {', '.join(sorted(known))}")
    for option in OPTIONS:
        name = option.name.replace("-", "_")
        if getattr(chosen, name) is None:
            given = _of_environment(option)
            setattr(chosen, name, [given] if name == "origin" and given else given)


def _of_environment(option: Option) -> Any:
    text = os.environ.get(option.variable)
    try:
        return option.kind(text) if text else option.default
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"the variable {option.variable}: {error}") from error
