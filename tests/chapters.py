"""Which of many like pages or ways a run tries, and ``every_way`` all: others for each test."""

from itertools import count
from zlib import crc32

import pytest


def a_third(names, values, **options):
    """Repeat a test for every value, as ``parametrize`` does; a run takes a third of them."""

    def repeat(test):
        first = crc32(test.__name__.encode())
        given = [taken(one, (first + place) % 3 == 0) for place, one in enumerate(values)]
        return pytest.mark.parametrize(names, given, **options)(test)

    return repeat


def by_turns(names, values, **options):
    """Return what repeats tests as ``parametrize`` does; a run takes one value for each, in turn.

    The tests of a module share it, so that a run meets every value beside most of the module.
    """
    values, turns = list(values), count()

    def repeat(test):
        mine = next(turns) % len(values)
        given = [taken(one, place == mine) for place, one in enumerate(values)]
        return pytest.mark.parametrize(names, given, **options)(test)

    return repeat


def taken(value, always):
    """Return what a test is repeated for, by every run or only where every way is tried."""
    each = value if isinstance(value, tuple) else (value,)
    return pytest.param(*each, marks=() if always else pytest.mark.every_way)
