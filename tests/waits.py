"""Waiting for what takes a while: for a condition, not for a time."""

import time

import pytest

PATIENCE = 60  # s; nothing takes as long, not on a slow machine with all of its cores busy either


def wait_until(true, what, *, seconds=PATIENCE, pause=time.sleep):
    """Return once a condition holds; where it never does, fail with what was waited for.

    What was waited for is a text, or a function that says how far it has come.
    """
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            pytest.fail(f"after {seconds} s still not: {what() if callable(what) else what}")
        pause(0.02)
