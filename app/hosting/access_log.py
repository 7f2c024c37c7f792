"""What the hosted application writes down: a line for each event, on standard error."""

from __future__ import annotations

import json
import logging
import math
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import h11  # type: ignore[attr-defined]

ACCESS = logging.getLogger("bitsandnats.access")
REQUEST = "{status}  {method} {path}  {ms} ms"
QUIET = ("/healthz", "/readyz")
MOST_ERRORS = 1000  # different ones that are remembered
LONGEST_PATH = 200  # characters of one that is written down


class OneLine(logging.Formatter):
    """A record as one line of JSON, its trace too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        told: dict[str, Any] = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            **getattr(record, "told", {}),
        }
        if message := record.getMessage():
            told["message"] = message
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told)


class OnceASecond(logging.Filter):
    """Lets a repeated warning or error through once a second, with how often it came meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[Any, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be written."""
        if record.levelno < logging.WARNING:
            return True
        now, key = time.monotonic(), (record.name, record.getMessage(), _origin(record))
        last, held = self._told.get(key, (-math.inf, 0))
        if now - last < 1:
            self._told[key] = last, held + 1
            return False
        if len(self._told) >= MOST_ERRORS:
            self._told.clear()
        self._told[key] = now, 0
        if held:
            record.told = {"held_back": held}
        return True


def _origin(record: logging.LogRecord) -> tuple[Any, ...]:
    """Return the kind of a record's exception and the line that raised it."""
    kind, _, trace = record.exc_info or (None, None, None)
    while trace and trace.tb_next:
        trace = trace.tb_next
    return kind, trace and trace.tb_frame.f_code, trace and trace.tb_lineno


class ForPeople(logging.Formatter):
    """A record as a line that is read in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, with its trace below."""
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        is_request = record.name == ACCESS.name
        told = getattr(record, "told", {})
        request = REQUEST.format(**{**told, "path": _printable(told["path"])}) if is_request else ""
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{at}  {level}{record.getMessage()}{request}{trace}"


def _printable(path: str) -> str:
    """Return a stranger's path such that it can neither begin a line nor command a terminal."""
    return path.encode("unicode_escape").decode("ascii")


def write_lines(level: str = "info", *, for_people: bool = False) -> None:
    """Write every record as one line; that a disk is full or a pipe closed harms nobody.

    What the libraries say is written from warnings on, unless ``level`` is debug.
    """
    logging.raiseExceptions = False
    handler = logging.StreamHandler()
    handler.setFormatter(ForPeople() if for_people else OneLine())
    handler.addFilter(OnceASecond())
    least = logging.getLevelNamesMapping()[level.upper()]
    others = least if level == "debug" else max(least, logging.WARNING)
    logging.basicConfig(handlers=[handler], level=others, force=True)
    logging.getLogger("bitsandnats").setLevel(least)
    logging.getLogger("bokeh").handlers.clear()  # its own, which would write everything twice
    for name in ("bokeh.server", "uvicorn.error"):  # "came back to life", "cancelled", …
        logging.getLogger(name).setLevel(logging.ERROR)


class Watch:
    """Writes down each request and each websocket; no query, as it may hold a reader's words."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and write down what was answered and how long it took."""
        if scope["type"] not in ("http", "websocket"):
            await self._application(scope, receive, send)
            return
        path = scope["path"]
        path = path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}…"
        told = {"client": (scope.get("client") or ["-"])[0], "path": path, "status": 500}
        told["method"] = scope.get("method", "WEBSOCKET")
        begun = time.perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
            elif message["type"] == "websocket.accept":
                told["status"] = 101
            elif message["type"] == "websocket.close":
                told["status"] = message.get("code", 1000)
            await send(message)

        try:
            await self._application(scope, receive, noting)
        except h11.LocalProtocolError:  # its body was no HTTP, and uvicorn has answered so
            told["status"] = 400
        finally:
            told["ms"] = round((time.perf_counter() - begun) * 1000, 1)
            if not scope["path"].endswith(QUIET):
                ACCESS.info("", extra={"told": told})
