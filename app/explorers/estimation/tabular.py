"""Tables of real data: read with suspicion, typed by guess, their features ranked step by step."""

from __future__ import annotations

import csv
import io
import math
import pickle
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from infocore import binned_mutual_information, permutation_null

from ...contract.explorer import UNITS
from ...contract.messages import quoted
from ...contract.result import Result
from ...contract.work import File, Found, Order, Steps

MOST_BYTES = 20_000_000
CELLS = 400_000  # that are read at a time
MOST_COLUMNS = 200
MOST_CLASSES = 50  # of a target, or of a feature of texts
FEWEST_ROWS = 10
NEIGHBOURS_OF = 10_000  # rows that scikit-learn's estimator is given: its cost grows faster
LISTED = 40
DRAWN = 13  # features in the picture: all of wine
CHOOSE = "choose a column"
SHIPPED = {"breast cancer": "load_breast_cancer", "wine": "load_wine", "iris": "load_iris"}
BINS = 20


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


def work(order: Order) -> Steps:
    """Rank a table that ships, read the reader's, or rank that by the target they chose."""
    data, packed = order.findings.get("data"), order.findings.get("table")
    if isinstance(order.given, File):
        return read_table(order.given)
    if "table" in order.under_way:
        return ranked(None, packed)
    if order.name == "target":
        return _aimed(order, str(order.given))
    if order.findings.get("own"):
        return ranked(data, packed)
    return _ranked_as_it_ships(order.state["dataset"])


def _ranked_as_it_ships(name: str) -> Steps:
    data, frame = shipped_table(name)
    found = yield from ranked(data, pickle.dumps(frame))
    return Found({**found.findings, "choice": ([], data.target), "table": None})


def _aimed(order: Order, target: str) -> Steps:
    """Show what the reader chose to predict as chosen at once, then rank by it."""
    data, packed = order.findings.get("data"), order.findings.get("table")
    if data is not None and packed and target in data.targets:
        options, _ = order.findings["choice"]
        aimed = {"data": replace(data, target=target), "own": True}
        yield Found({**aimed, "choice": (options, target), "ranking": None})
    return (yield from ranked(data, packed, target))


def ranked(data: Data | None, packed: bytes | None, target: str | None = None) -> Steps:
    """Rank the features of a table by their mutual information with its target."""
    if data is None or packed is None:
        raise ValueError("There is no table yet: none has been read to its end.")
    target = data.target if target is None else target
    if not target:
        raise ValueError(f"Please choose what to predict in {quoted(data.name)} first.")
    if target not in (*data.targets, data.target):
        raise ValueError(f"{quoted(target)} is no column that can be predicted.")
    features = [name for name, kind in data.kinds.items() if name != target and kind != "texts"]
    if not features:
        raise ValueError("Beside the target there is no column to rank.")
    frame: pd.DataFrame = pickle.loads(packed)
    labels = pd.factorize(frame[target])[0]
    rows: list[tuple[Any, ...]] = []
    for place, name in enumerate(features):
        yield place / len(features), f"feature {place + 1} of {len(features)}"
        rows.append((name, data.kinds[name], *_measured(frame[name], data.kinds[name], labels)))
    best = sorted(rows, key=lambda row: -row[3])
    columns = zip(*best[:LISTED], strict=True)
    names = ("feature", "kind", "plug_in", "corrected", "chance", "sklearn")
    ranking = {
        name: list(column) if name in ("feature", "kind") else np.array(column)
        for name, column in zip(names, columns, strict=True)
    }
    data = replace(data, target=target)
    return Found({"data": data, "ranking": ranking, "choice": (list(data.targets), target)})


def _measured(column: pd.Series, kind: str, labels: Any) -> tuple[float, ...]:
    """Return a feature's estimates in nats, and what 97.5 % of shuffled labels stay below."""
    from sklearn.feature_selection import mutual_info_classif

    number = kind == "numbers"
    x = column.to_numpy(float) if number else pd.factorize(column)[0]
    options: dict[str, Any] = {"base": np.e, "bins": BINS if number else None}
    plug_in = binned_mutual_information(x, labels, **options)
    corrected = binned_mutual_information(x, labels, correction="miller-madow", **options)
    null = permutation_null(x, labels, n=200, rng=0, correction="miller-madow", **options)
    few = np.random.default_rng(0).permutation(len(x))[:NEIGHBOURS_OF]
    (other,) = mutual_info_classif(
        x[few, None], labels[few], discrete_features=not number, random_state=0
    )
    return plug_in, corrected, float(np.quantile(null, 0.975)), other


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


def with_ranking(result: Result, findings: Mapping[str, Any], unit: str) -> Result:
    """Return a result with the table and the ranking that a session holds."""
    if "data" in findings:
        flags, slots = _about(findings["data"])
        result = replace(
            result,
            flags={**result.flags, **flags},
            slots={**result.slots, **slots},
            choices={"target": findings["choice"]},
        )
    ranking = findings.get("ranking")
    if ranking is None:
        return result
    table, ranges = _drawn(ranking, math.log(UNITS[unit]))
    count = len(ranking["feature"])
    return replace(
        result,
        tables={**result.tables, "ranking": table},
        ranges={**result.ranges, **ranges},
        flags={**result.flags, "ranking": True, "ranking_cut": count > DRAWN},
        slots={**result.slots, "drawn": str(min(count, DRAWN)), "listed": str(count)},
    )


def _about(data: Data) -> tuple[dict[str, bool], dict[str, str]]:
    """Return what was read: which of its facts are worth a word, and their names and numbers."""
    kinds = list(data.kinds.values())
    texts = [name for name, kind in data.kinds.items() if kind == "texts"]
    flags = {
        "read": True, "dropped": data.dropped > 0, "free_texts": bool(texts),
        "given": data.rows > NEIGHBOURS_OF,
    }  # fmt: skip
    return flags, {
        "source": data.name, "aim": data.target, "rows_read": str(data.rows),
        "dropped": str(data.dropped), "free_texts": ", ".join(texts[:5]),
        "kinds": ", ".join(f"{kinds.count(kind)} of {kind}" for kind in dict.fromkeys(kinds)),
        "given": str(NEIGHBOURS_OF),
    }  # fmt: skip


def _drawn(
    ranking: Mapping[str, Any], scale: float
) -> tuple[dict[str, Any], dict[str, tuple[float, float]]]:
    """Return a ranking in the unit of the page, the best on top."""
    count = len(ranking["feature"])
    place = -np.arange(1.0, count + 1)
    numbers = {
        name: ranking[name] / scale for name in ("plug_in", "corrected", "chance", "sklearn")
    }
    widest = max(0.01, *(float(column.max()) for column in numbers.values()))
    table = {
        "place": place, "bar": np.maximum(numbers["corrected"], 0), "foot": place - 0.25,
        "head": place + 0.25, "feature": ranking["feature"],
        "label": [name if i < DRAWN else "" for i, name in enumerate(ranking["feature"])],
        "kind": ranking["kind"], **numbers,
    }  # fmt: skip
    return table, {"ranked": (0.0, 1.05 * widest), "places": (-min(count, DRAWN) - 0.3, -0.2)}
