"""What a table's features tell of its target: ranked step by step, and shown."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from infocore import binned_mutual_information, permutation_null

from ...contract.explorer import UNITS
from ...contract.messages import quoted
from ...contract.result import Result
from ...contract.work import File, Found, Order, Steps
from .tabular import Data, read_table, shipped_table

NEIGHBOURS_OF = 10_000  # rows that scikit-learn's estimator is given: its cost grows faster
LISTED = 40
DRAWN = 13  # features in the picture: all of wine
BINS = 20


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
