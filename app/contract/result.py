"""What a chapter's ``compute`` gives: tables and numbers, with no sentence among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Column = Any  # a sequence: numbers, texts or, of an image, one array


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """What is painted of a state, as numbers and names.

    ``tables`` are columns by name, all of one length, by the name of their source; a table that is
    given again, the very same object, is neither sent nor painted again.
    ``readouts`` are the numbers, ``ranges`` how far each axis has to reach, by the name of its
    range. ``flags`` choose passages of the texts and what else comes and goes; ``slots`` are names
    that texts show beside state and readouts, never sentences. ``controls`` says what a control
    shows where that is not its parameter's own value. ``choices`` are the options of the lists that
    a session fills, each with the one chosen.
    """

    tables: Mapping[str, Mapping[str, Column]]
    readouts: Mapping[str, Any]
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, Sequence[float]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Sequence[str], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check once, here, what every page relies on."""
        for name, table in self.tables.items():
            lengths = {len(column) for column in table.values()}
            if len(lengths) > 1:
                raise ValueError(f"the columns of {name} have {sorted(lengths)} entries")
        for name, number in self.readouts.items():
            if not isinstance(number, float):
                raise TypeError(f"the readout {name} is no float: {number!r}")
        for name, (low, high) in self.ranges.items():
            if not -math.inf < low < high < math.inf:
                raise ValueError(f"the range {name} goes from {low} to {high}")
        for name, flag in self.flags.items():
            if not isinstance(flag, bool):
                raise TypeError(f"the flag {name} is neither True nor False: {flag!r}")
