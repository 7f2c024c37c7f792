"""What can be chosen about hosting: on the command line, in the environment, and in a file."""

from __future__ import annotations

import argparse
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..rooms.kept import HERE

ENVIRONMENT = "BITSANDNATS_"
LEAST_MESSAGE = 65536  # bytes: a part of an upload fits
LEAST_SECRET = 32  # characters
LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Option:
    """A flag ``--name`` and the variable ``BITSANDNATS_NAME`` that gives its default."""

    name: str
    kind: Callable[[str], Any]
    default: Any
    help: str
    bare: str | None = None  # what the flag alone stands for, where it may stand alone

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
    ported = [name for name in names if re.search(r"^[^:]*:\d*$|\]:", name)]
    if names != ["*"] and (ported or any(set(name) & set(";,/*\r\n\"'<>") for name in names)):
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


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 3600):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of seconds up to 3600")
    return int(text)


def _rooms(text: str) -> str:
    if text == HERE:
        return text
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise argparse.ArgumentTypeError(f"{text!r} is neither {HERE!r} nor redis://HOST:PORT/DB")
    try:
        urlsplit(text).port  # noqa: B018  (a port that is none is an error only when asked for)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} has a port that is none: {error}") from error
    if not find_spec("redis"):
        raise argparse.ArgumentTypeError("needs Redis's client: pip install bitsandnats[rooms]")
    return text


def _log_level(text: str) -> str:
    if text not in LOG_LEVELS:
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(LOG_LEVELS)}")
    return text


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if port == "0":
        raise argparse.ArgumentTypeError(f"{text!r} is no port that Prometheus could be told")
    return host.strip("[]") or "127.0.0.1", _port(port)


def _file(text: str) -> str:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is no file")
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
    Option("rooms", _rooms, "", "rooms to follow a teacher: here, or redis://… for all", HERE),
    Option("files", _count, 256, "MB that the files of all readers may take"),
    Option("workers", _count, 1, "long jobs at once, each in a process of its own"),
    Option("metrics", _address, "", "[HOST:]PORT of its own for Prometheus"),
    Option("log-level", _log_level, "info", "debug, info (each request), warning or error"),
    Option("drain", _seconds, 0, "seconds from SIGTERM, while /readyz says no, to the end"),
    Option("settings", _file, "", "file with any of the other options, in TOML"),
    Option("start", _start, "live", "what the gallery opens: live (Python) or pages (no server)"),
)  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add every option to a command line."""
    for option in OPTIONS:
        text = f"{option.help} (default: {_written(option.default)}; {option.variable})"
        parser.add_argument(
            f"--{option.name}", type=option.kind, help=text,
            action="append" if option.name == "origin" else "store",
            nargs="?" if option.bare else None, const=option.bare,
            metavar="HOST" if option.name == "origin" else option.name.rpartition("-")[2].upper(),
        )  # fmt: skip


def _written(default: Any) -> str:
    return "none" if default == "" else str(default)


def add_environment(chosen: argparse.Namespace) -> None:
    """Take what the command line left open from the environment, a settings file, or by default.

    A variable or a line of the file with a value that cannot be meant, or with a name that is none
    of ours, is a ``ValueError``, as a wrong flag would be.
    """
    known = {option.variable for option in OPTIONS}
    unknown = sorted(name for name in os.environ if name.startswith(ENVIRONMENT))
    for name in set(unknown) - known:
        raise ValueError(f"the variable {name} is none of {', '.join(sorted(known))}")
    given = _of_environment()
    file = chosen.settings or given.get("settings")
    given = (_of_file(file) if file else {}) | given
    for option in OPTIONS:
        name = option.name.replace("-", "_")
        if getattr(chosen, name) is None:
            value = given.get(option.name, option.default)
            setattr(chosen, name, [value] if name == "origin" and value else value)
    if chosen.metrics and chosen.metrics[1] == chosen.port:
        raise ValueError(
            f"--metrics needs a port of its own, and {chosen.port} is that of the pages"
        )


def _of_environment() -> dict[str, Any]:
    texts = {option: os.environ.get(option.variable) for option in OPTIONS}
    return {
        option.name: _meant(option, text, f"the variable {option.variable}")
        for option, text in texts.items()
        if text
    }


def _of_file(path: str) -> dict[str, Any]:
    """Return what a settings file chooses, by the options' names."""
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    known = {option.name: option for option in OPTIONS if option.name != "settings"}
    for name in told.keys() - known:
        raise ValueError(f"{path}: {name} is none of {', '.join(known)}")
    return {
        name: _meant(known[name], _as_text(value, f"{path}: {name}"), f"{path}: {name}")
        for name, value in told.items()
    }


def _as_text(value: Any, where: str) -> str:
    """Return a value of a settings file as the command line would have it."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"{where} must be a text, a whole number or a list of texts")
    return str(value)


def _meant(option: Option, text: str, where: str) -> Any:
    try:
        return option.kind(text)
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"{where}: {error}") from error
