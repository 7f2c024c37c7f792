"""What readers get who find no seat: the page without a server, with a word on why."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from ..contract.lessons import Lesson
from ..contract.work import Found, Order, Steps
from ..page.exported import export_page
from ..registry import CHAPTERS, EXPLORERS
from ..session.workers import Workers
from .places import PAGES, hosted_link
from .responses import NEVER_KEPT, Packed, packed_page

FORESIGHT = 20  # seconds from the start to the making of pages that nobody may need

LOG = logging.getLogger("bitsandnats.server")

FULL = (
    "All live sessions are taken just now, or all that your network may have, so your browser "
    "computes this page by itself. "
    "Nothing is missing but what needs Python."
)
BUSY = (
    "Many readers open live pages just now, so your browser computes this page by itself. "
    "Nothing is missing but what needs Python; loaded again in a moment, the page has that, too."
)
_NOTICES = {"full": FULL, "address": FULL}


class SparePages:
    """Each explorer's page without a server.

    To make one takes half a second of Python, for which every drag in this process has to wait. So
    they are made in another one, ahead; only who needs one before has it made here, at once.
    """

    def __init__(self, lessons: Sequence[Lesson], rooms: str) -> None:
        self._make = partial(_made, lessons=lessons, rooms=rooms)
        self._held: dict[str, dict[str, Packed]] = {}
        self._making = asyncio.Lock()
        self._wanted = True

    async def page(self, slug: str, why: str) -> Packed:
        """Return a page for a reader who has no seat for this reason."""
        if slug not in self._held:  # what is held waits for nothing
            async with self._making:
                if slug not in self._held:
                    self._held[slug] = await asyncio.to_thread(self._make, slug)
        return self._held[slug][_NOTICES.get(why, BUSY)]

    async def foresee(self) -> None:
        """Let all be made, before anybody waits for one."""
        await asyncio.sleep(FORESIGHT)
        loop = asyncio.get_running_loop()

        def tell(step: Any, over: bool) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._take, step)

        order = Order("pages", None, {}, {})
        Workers().run(partial(_all, self._make), order, lambda: self._wanted, tell)

    def end(self) -> None:
        """Let nothing more be made."""
        self._wanted = False

    def _take(self, step: Found | Exception) -> None:
        if isinstance(step, Found):
            self._held = {**step.findings, **self._held}
        else:
            LOG.warning("Pages without a server are made when they are needed: %s", step)


def _all(make: partial[dict[str, Packed]], order: Order) -> Steps:
    """Make the pages of all explorers; each is found as soon as it is made."""
    for one in EXPLORERS:
        yield Found({one.slug: make(one.slug)})
    return Found({})


def _made(slug: str, lessons: Sequence[Lesson], rooms: str) -> dict[str, Packed]:
    """Return an explorer's page by notice."""
    (explorer,) = (one for one in EXPLORERS if one.slug == slug)
    page = export_page(
        explorer, CHAPTERS, shared=True, link=hosted_link, live=hosted_link, notice=FULL,
        folder=PAGES, lessons=lessons, rooms=rooms,
    )  # fmt: skip
    return {one: packed_page(page.replace(FULL, one), NEVER_KEPT) for one in (FULL, BUSY)}
