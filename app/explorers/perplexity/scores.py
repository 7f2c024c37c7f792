"""Per-token log-probabilities as a reader pastes them: CSV or JSON; scores.js is the twin."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from typing import Any

from ...contract.messages import Refused
from ...contract.parameters import finite, readable, within

_LEAST = -1e6  # nats; what is less likely than that can only be meant as impossible, -inf
_ENDLESS = ("-inf", "-infinity", "−∞")


def log_probabilities(pasted: str) -> tuple[list[str], list[float]]:
    """Return tokens and their log-probabilities in nats from CSV or JSON.

    Raises ``Refused`` that says which entry is the first that cannot be read, and why.
    """
    text = pasted.strip("\ufeff \t\r\n")
    tokens, nats = list[str](), list[float]()
    rows = _json_rows(text) if text[:1] in ("[", "{") else _csv_rows(text)
    for place, (token, raw) in enumerate(rows, 1):
        tokens.append(readable(f"Entry {place}: the token", token))
        nats.append(_log_probability(place, raw))
    if not tokens:
        raise Refused("no_token")
    return tokens, nats


def _json_rows(text: str) -> Iterator[tuple[str, Any]]:
    try:
        entries = json.loads(text, parse_constant=_refuse_constant, parse_int=float)
    except (ValueError, RecursionError):
        raise Refused("no_json") from None
    if not isinstance(entries, list):
        raise Refused("json_list")
    for place, entry in enumerate(entries, 1):
        yield _json_row(place, entry)


def _json_row(place: int, entry: Any) -> tuple[str, Any]:
    token, raw = (entry.get("token"), entry.get("logprob")) if isinstance(entry, dict) else (0, 0)
    if not isinstance(token, str) or isinstance(raw, dict | list):
        raise Refused("json_entry", place=place)
    return token, raw


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _csv_rows(text: str) -> Iterator[tuple[str, str]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        raise Refused("open_quotation") from None
    names = [name.strip().lower() for name in rows[0]] if rows else []
    token, logprob, width = 0, 1, 2
    if "token" in names and "logprob" in names:
        token, logprob, width = names.index("token"), names.index("logprob"), len(names)
        rows = rows[1:]
    for place, row in enumerate(rows, 1):
        if len(row) != width:
            code = "entry_field" if len(row) == 1 else "entry_fields"
            raise Refused(code, place=place, count=len(row))
        yield row[token], row[logprob]


def _log_probability(place: int, raw: object) -> float:
    if isinstance(raw, str) and raw.strip().lower() in _ENDLESS:
        return -math.inf
    label = f"Entry {place}: logprob"
    return within(label, finite(label, raw), (_LEAST, 0.0), raw)
