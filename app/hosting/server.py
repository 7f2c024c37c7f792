"""The hosted application: the gallery at the root, each explorer at its slug, files beside them."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from .access_log import Watch, write_lines
from .connections import LOG, Punctual, make_room
from .lifespan import Server
from .origins import Named, names_of
from .responses import Guards
from .routes import Site

LAST_MOMENTS = 1.5  # seconds that threads have after everything is closed
BACKLOG = 128  # connections that wait to be accepted; asyncio tries as often for each, full or not
LARGEST_HEAD = 32768  # bytes of a request without its body: two long lines, and what a browser adds
GRACE = 2  # seconds that requests under way have once the server is to end


def application(
    chosen: argparse.Namespace,
    site: Site | None = None,
    announce: Callable[[], None] = lambda: None,
) -> ASGIApp:
    """Return the ASGI application with the options chosen, which announces that it is ready."""
    site = site or Site(chosen)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with site.running():
            announce()
            yield
        end_soon(LAST_MOMENTS)

    handlers = {404: site.missing, 405: site.refused, Exception: site.broken}
    own = Router(site.routes(), redirect_slashes=False)  # it would lead to any host that is named
    routes: list[BaseRoute] = [Mount(chosen.prefix, own)]
    if chosen.prefix:
        routes.insert(0, Route(chosen.prefix, RedirectResponse(f"{chosen.prefix}/", 302)))
    inner = Starlette(
        routes=routes,
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    inner.router.redirect_slashes = False
    named = Named(inner, names_of(chosen.allowed_hosts, chosen.host))
    return Watch(Guards(named, chosen.frame_ancestors))


def end_soon(seconds: float) -> None:
    """End this process even where a thread still computes: its reader is gone."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def say(text: str) -> None:
    """Write a line on standard output, or nothing where its disk is full."""
    try:
        print(text, flush=True)  # noqa: T201
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (else Python fails on the line at its end)


def ignore_hangup() -> None:
    """Let SIGHUP end a server in a terminal, which is gone then, and no other."""
    if sys.platform != "win32" and not os.isatty(0):
        why = "SIGHUP changes nothing: options are read at the start"
        signal.signal(signal.SIGHUP, lambda *_: LOG.warning(why))


def serve(chosen: argparse.Namespace) -> None:
    """Serve until interrupted, and say where."""
    host, port = chosen.host, chosen.port
    name = f"[{host}]" if ":" in host else host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        why = f"{error.strerror}. Choose another address with --host and --port."
        raise SystemExit(f"Cannot listen on {name}:{port}: {why}") from error
    address = f"http://{name}:{port}{chosen.prefix}/"
    say("Bits & Nats starts, which takes some seconds …")
    write_lines(chosen.log_level, for_people=sys.stdout.isatty())
    make_room()
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises it again once all is closed
        signal.signal(number, lambda *_: sys.exit(0))
    ignore_hangup()
    site = Site(chosen)
    if chosen.metrics:
        serve_metrics(site, *chosen.metrics)
    announce = partial(say, f"Bits & Nats is at {address} (Ctrl+C ends it)")
    config = uvicorn.Config(
        application(chosen, site, announce), host=host, port=port, http=Punctual, backlog=BACKLOG,
        log_config=None, access_log=False, server_header=False,
        h11_max_incomplete_event_size=LARGEST_HEAD, ws_max_size=chosen.message_size,
        timeout_graceful_shutdown=GRACE, forwarded_allow_ips=chosen.trusted_proxies.split(),
        ws_per_message_deflate=False,  # doubles hardly shrink, and a frame is 16.7 ms
    )  # fmt: skip
    Server(config, site.seats.drain, chosen.drain, site.end_streams).run()


def serve_metrics(site: Site, host: str, port: int) -> None:
    """Answer Prometheus at an address of its own, or end and say why not."""
    try:
        site.metrics.serve(host, port)
    except OSError as error:
        why = f"{error.strerror}. Choose another address with --metrics."
        raise SystemExit(f"Cannot listen on {host}:{port}: {why}") from error
