"""What the contract tests need to know of a chapter beside its declaration.

A chapter's own stand in ``tests/explorers/<slug>/expectations.py`` as ``EXPECTED``; one whose
numbers are finite everywhere and that has no texts to type needs none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Expectations:
    """Where a chapter's mathematics is infinite, and what is dear or delicate about its numbers.

    ``infinite`` says of a column, by name, where in its table it is infinite;
    ``infinite_readouts`` of a readout in which result. A readout of ``undefined_at_zero`` is no
    number where the other that it names is 0. ``from_ones`` names readouts and columns
    (``table.column``) that come from numbers of about size 1, so that the last digit of a logarithm
    counts in absolute terms, in the states that ``delicate`` tells; ``from_tens`` of about 10. A
    parameter that is ``dear`` to change keeps its value for so many random states. ``text`` makes a
    valid random text. ``ways`` says what each of the explorer's ways moves: the value that an entry
    has by it in a state.
    """

    infinite: Mapping[str, Callable] = field(default_factory=dict)
    infinite_readouts: Mapping[str, Callable] = field(default_factory=dict)
    undefined_at_zero: Mapping[str, str] = field(default_factory=dict)
    delicate: Callable[[dict], bool] = lambda state: True
    from_ones: frozenset[str] = frozenset()
    from_tens: frozenset[str] = frozenset()
    dear: Mapping[str, int] = field(default_factory=dict)
    text: Callable[[str, np.random.Generator], str] | None = None
    ways: Mapping[str, Callable[[dict, int], float]] = field(default_factory=dict)


@cache
def expected_of(explorer):
    """Return the expectations of a chapter."""
    module = f"tests.explorers.{explorer.slug.replace('-', '_')}.expectations"
    return import_module(module).EXPECTED if find_spec(module) else Expectations()


def is_undefined(explorer, name, readouts):
    """Return whether a readout has no value beside the others of its result."""
    return readouts.get(expected_of(explorer).undefined_at_zero.get(name)) == 0


def numbers_of(table):
    """Return the columns of a table that hold numbers."""
    return {name: column for name, column in table.items() if np.asarray(column).dtype.kind == "f"}
