"""Tables of real data: read with suspicion, and typed by guess."""

from __future__ import annotations

import csv
import io
import pickle
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ...contract.work import File, Found, Steps

MOST_BYTES = 20_000_000
CELLS = 400_000  # that are read at a time
MOST_COLUMNS = 200
MOST_CLASSES = 50  # of a target, or of a feature of texts
FEWEST_ROWS = 10
CHOOSE = "choose a column"
SHIPPED = {"breast cancer": "load_breast_cancer", "wine": "load_wine", "iris": "load_iris"}


@dataclass(frozen=True)
class Data:
    """What is told of a table without missing values; ``kinds`` says how each column is read."""

    name: str
    kinds: Mapping[str, str]
    rows: int
    dropped: int
    targets: tuple[str, ...]  # the columns that a reader may choose to predict
    target: str = ""


def shipped_table(name: str) -> tuple[Data, pd.DataFrame]:
    """Return a table of scikit-learn's."""
    import sklearn.datasets

    bunch = getattr(sklearn.datasets, SHIPPED[name])()
    frame = pd.DataFrame(bunch.data, columns=[str(name) for name in bunch.feature_names])
    classes = [str(one) for one in bunch.target_names]
    frame["class"] = [classes[i] for i in bunch.target]
    return replace(_told(name, frame), target="class"), frame


def read_table(file: File) -> Steps:
    """Read a reader's CSV and hold it, packed; they choose what to predict."""
    yield 0.05, "looking at the file"
    separator = _separator(_first_line(file.data))
    yield 0.1, "reading the table"
    try:
        texts = yield from _texts(file.data, separator)
        data, frame = yield from _held(file, separator, texts)
    except UnicodeDecodeError:
        raise ValueError("The file is not in UTF-8. Please save it so.") from None
    except pd.errors.EmptyDataError:
        raise ValueError("The file holds no table.") from None
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            raise ValueError("A quotation mark is opened and never closed.") from None
        raise ValueError("The rows do not all have as many columns as the first.") from None
    if not data.targets:
        raise ValueError(
            f"No column can be a target: one needs 2 to {MOST_CLASSES} different values."
        )
    found = {"data": data, "table": pickle.dumps(frame), "own": True, "ranking": None}
    return Found({**found, "choice": ([CHOOSE, *data.targets], CHOOSE)})


def _first_line(data: bytes) -> str:
    """Return the header, or raise ``ValueError`` where the bytes are no text that can have one."""
    if data.startswith((b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise ValueError("The file is compressed. Please unpack it and choose the table inside.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("The file is in UTF-16. Please save it as UTF-8.")
    if b"\x00" in data:
        raise ValueError("The file is not a text: it holds bytes of zero.")
    line = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").split(b"\n", 1)[0].rstrip(b"\r")
    if len(line) > 1 << 16:
        raise ValueError("The file's first line is too long to be the names of columns.")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("The file is not in UTF-8. Please save it so.") from None


def _separator(header: str) -> str:
    """Return what separates the columns."""
    separator = max(",;\t|", key=header.count)
    columns = header.count(separator) + 1
    if columns < 2:
        raise ValueError("The file has one column; a table needs a feature and a target.")
    if columns > MOST_COLUMNS:
        raise ValueError(f"The table has {columns} columns; {MOST_COLUMNS} are the most.")
    return separator


def _chunks(data: bytes, separator: str, kinds: Mapping[Any, str]) -> Iterator[pd.DataFrame]:
    """Yield a table piece by piece, so that no more than a piece is held as text cells."""
    columns = _first_line(data).count(separator) + 1
    with pd.read_csv(io.BytesIO(data), sep=separator, encoding="utf-8-sig", index_col=False,
                     quoting=csv.QUOTE_MINIMAL, low_memory=False, dtype=dict(kinds),
                     chunksize=CELLS // columns) as reader:  # fmt: skip
        yield from reader


def _texts(data: bytes, separator: str) -> Generator[tuple[float, str], None, dict[Any, str]]:
    """Return how columns that are no numbers are to be read, as the whole of each decides."""
    seen: dict[Any, set[str]] = {}
    for chunk in _chunks(data, separator, {}):
        for name in chunk:
            seen.setdefault(name, set()).update(_type(chunk[name].dropna()))
        yield 0.2, "reading the table"
    truths = {name: "boolean" for name, types in seen.items() if types == {"boolean"}}
    texts = {name: "str" for name, types in seen.items() if not types <= {"number"}}
    return {**texts, **truths}


def _type(column: pd.Series) -> set[str]:
    """Return as what pandas has read some cells; none say nothing."""
    if column.empty:
        return set()
    if pd.api.types.infer_dtype(column) == "boolean":
        return {"boolean"}
    return {"number" if pd.api.types.is_numeric_dtype(column) else "str"}


def _held(
    file: File, separator: str, kinds: Mapping[Any, str]
) -> Generator[tuple[float, str], None, tuple[Data, pd.DataFrame]]:
    """Return the rows without missing values, each column as small as leaves it what it is.

    Texts of many values are nothing to rank by, so only that they are there is kept.
    """
    parts: dict[Any, list[Any]] = {}
    classes: dict[Any, dict[str, int]] = {}
    total = count = 0
    for chunk in _chunks(file.data, separator, kinds):
        complete = chunk.replace([np.inf, -np.inf], np.nan).dropna()
        total, count = total + len(chunk), count + len(complete)
        for name in chunk:
            of_text = kinds.get(name) == "str"
            known = classes.setdefault(name, {}) if of_text else {}
            if len(known) <= MOST_CLASSES:
                part = _coded(complete[name], known) if of_text else _small(complete[name])
                parts.setdefault(name, []).append(part)
        yield 0.6, "reading the table"
    if count < FEWEST_ROWS:
        raise ValueError(
            f"Rows without missing values: {count} of {total}; a ranking needs {FEWEST_ROWS} or "
            "more."
        )
    columns: dict[str, Any] = {}
    for name in list(parts):
        column: Any = np.concatenate(parts.pop(name))
        if name in classes:
            few = len(classes[name]) <= MOST_CLASSES
            column = pd.Categorical.from_codes(column, list(classes[name])) if few else None
        columns.setdefault(str(name)[:60], column)
    frame = pd.DataFrame({name: one for name, one in columns.items() if one is not None})
    told = _told(file.name[:60], frame)
    every = {name: told.kinds.get(name, "texts") for name in columns}
    return replace(told, kinds=every, rows=count, dropped=total - count), frame


def _coded(column: pd.Series, known: dict[str, int]) -> Any:
    """Return texts as the numbers of their classes, in the order in which these were first met."""
    codes, texts = pd.factorize(column)
    for text in texts[: MOST_CLASSES + 1]:
        known.setdefault(text, len(known))
    return np.array([known.get(text, 0) for text in texts], dtype=np.uint8)[codes]


def _small(column: pd.Series) -> Any:
    """Return numbers in the smallest type that gives back every one of them as it was."""
    if pd.api.types.is_bool_dtype(column):
        return column.to_numpy(bool)
    if pd.api.types.is_integer_dtype(column):
        return pd.to_numeric(column, downcast="integer").to_numpy()
    with np.errstate(over="ignore"):
        narrow = column.to_numpy(np.float32)
    return narrow if (narrow == column.to_numpy()).all() else column.to_numpy()


def _told(name: str, frame: pd.DataFrame) -> Data:
    """Return how each column is read, and which of them can be a target."""
    kinds = {column: _kind(frame[column]) for column in frame}
    targets = tuple(
        column for column, kind in kinds.items()
        if kind in ("classes", "whole numbers") and 2 <= frame[column].nunique() <= MOST_CLASSES
    )  # fmt: skip
    return Data(name, kinds, len(frame), 0, targets)


def _kind(column: pd.Series) -> str:
    """Guess how a column is to be read."""
    few = column.nunique() <= MOST_CLASSES
    if pd.api.types.is_bool_dtype(column):
        return "classes"
    if pd.api.types.is_numeric_dtype(column):
        counts = few and bool((column == np.floor(column)).all())
        return "whole numbers" if counts else "numbers"
    return "classes" if few else "texts"
