"""A loop for a test's coroutine, whatever loop runs in the test's own thread."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run_apart(coroutine):
    """Return a coroutine's result, run in a thread of its own.

    While a browser of other tests is open, its loop runs in this one.
    """
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, coroutine).result()
