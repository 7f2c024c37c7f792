"""What readers get who find no seat: the page without a server, made in a process beside ours."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from ..contract.lessons import Lesson
from ..page.exported import export_page
from ..registry import CHAPTERS, EXPLORERS
from ..session.workers import stand_back
from .places import PAGES, hosted_link
from .responses import NEVER_KEPT, Packed, packed_page

FORESIGHT = 20  # seconds from the start to the making of pages that nobody may need

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
    """Each explorer's page without a server, with a notice that says why there is no session.

    To make one takes half a second of Python, for which drags would wait in this process.
    """

    def __init__(self, lessons: Sequence[Lesson], rooms: str) -> None:
        self._make = partial(_made, lessons=lessons, rooms=rooms)
        self._held: dict[str, dict[str, Packed]] = {}
        self._making = asyncio.Lock()
        self._beside: ProcessPoolExecutor | None = None

    async def page(self, slug: str, why: str) -> Packed:
        """Return a page for a reader who has no seat for this reason."""
        if slug not in self._held:  # what is held waits for nothing
            async with self._making:
                if slug not in self._held:
                    self._held[slug] = await self._made_beside(slug)
        return self._held[slug][_NOTICES.get(why, BUSY)]

    async def foresee(self) -> None:
        """Make all, before anybody waits for one."""
        await asyncio.sleep(FORESIGHT)
        for one in EXPLORERS:
            await self.page(one.slug, "")
        self.end()

    def end(self) -> None:
        """Let the process go that makes pages."""
        if self._beside:
            self._beside.shutdown(wait=False, cancel_futures=True)
        self._beside = None

    async def _made_beside(self, slug: str) -> dict[str, Packed]:
        if not self._beside:
            spawn = multiprocessing.get_context("spawn")  # a server's threads survive no fork
            self._beside = ProcessPoolExecutor(1, spawn, initializer=stand_back)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._beside, self._make, slug)
        except BaseException:
            self.end()  # a process that has died makes no more pages
            raise


def _made(slug: str, lessons: Sequence[Lesson], rooms: str) -> dict[str, Packed]:
    """Return an explorer's page by notice."""
    (explorer,) = (one for one in EXPLORERS if one.slug == slug)
    page = export_page(
        explorer, CHAPTERS, shared=True, link=hosted_link, live=hosted_link, notice=FULL,
        folder=PAGES, lessons=lessons, rooms=rooms,
    )  # fmt: skip
    return {one: packed_page(page.replace(FULL, one), NEVER_KEPT) for one in (FULL, BUSY)}
