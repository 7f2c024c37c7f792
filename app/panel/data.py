"""The tables of an explorer as data frames of texts, written as the page writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..contract.declaration import ROWS_SHOWN, Table
from ..contract.explorer import Explorer
from ..contract.result import Result
from ..page.poster.written import number_text, readout_text


def table_frame(
    explorer: type[Explorer], table: Table, columns: Mapping[str, Any], result: Result
) -> pd.DataFrame:
    """Return a table's texts, of a long one only so many rows, evenly spread, and its totals."""
    count = len(columns[next(iter(table.columns))])
    stride = max(1, math.ceil((count - 1) / (ROWS_SHOWN - 1)))
    rows = [
        [_cell(columns[name][row], digits) for name, (_, digits) in table.columns.items()]
        for row in range(0, count, stride)
    ]
    if table.totals:
        rows.append(
            [_total(explorer, table.totals.get(name, ""), result) for name in table.columns]
        )
    return pd.DataFrame(rows, columns=[heading for heading, _ in table.columns.values()])


def _cell(value: Any, digits: int | None) -> str:
    return value if isinstance(value, str) else number_text(float(value), digits or 0, "rounded")


def _total(explorer: type[Explorer], named: str, result: Result) -> str:
    readouts = {one.name: one for one in explorer.readouts}
    return readout_text(readouts[named], result.readouts) if named in readouts else named
