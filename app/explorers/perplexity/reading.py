"""Texts to learn from and to read: a bundled one, a reader's own, and log-probabilities."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from functools import cache, lru_cache
from pydoc_data.topics import topics
from typing import Any

from infocore import NGram, character_tokens, word_tokens

from ...charts import fixed
from ...contract.parameters import finite, readable, shown, within
from ...contract.work import File, Steps
from .texts import UNKNOWN_NOTE, visible

ORDERS = {"uniform": 0, "unigram": 1, "bigram": 2, "trigram": 3}
TOKENIZERS = {"words": word_tokens, "characters": character_tokens}
MOST_SHOWN = 2000  # tokens in the picture; every token counts in the numbers
ENOUGH = 150_000  # characters, after which the statistics of letters hardly change

_LEAST = -1e6  # nats; what is less likely than that can only be meant as impossible, -inf
_ENDLESS = ("-inf", "-infinity", "−∞")


class Reader:
    """Reads texts with the models of one text, and remembers what it has just read."""

    def __init__(self, words: NGram, characters: NGram, source: str) -> None:
        self.models = {"words": words, "characters": characters}
        self.source = source
        self.read = lru_cache(maxsize=32)(self._read)
        self.expected = lru_cache(maxsize=32)(self._expected)
        self._alternatives = lru_cache(maxsize=4096)(self._likeliest)

    def _read(self, text: str, tokens: str, model: str) -> tuple[list[str], Any]:
        """Return a text's tokens and their log-probabilities in nats."""
        cut = TOKENIZERS[tokens](text)
        return cut, self.models[tokens].log_probs(cut, order=ORDERS[model])

    def _expected(self, text: str, tokens: str, model: str) -> list[tuple[str, str]]:
        """Return for each token what else was likely, and a note where it is unknown."""
        cut, order = TOKENIZERS[tokens](text)[:MOST_SHOWN], ORDERS[model]
        reach = max(0, order - 1)
        return [
            (
                self._alternatives(tokens, order, tuple(cut[max(0, place - reach) : place])),
                "" if self.models[tokens].knows(token) else UNKNOWN_NOTE,
            )
            for place, token in enumerate(cut)
        ]

    def _likeliest(self, tokens: str, order: int, context: tuple[str, ...]) -> str:
        best = self.models[tokens].alternatives(context, order=order)
        return " · ".join(f"{visible(token)} {fixed(100 * p, 1)} %" for token, p in best)


@cache
def bundled_text() -> str:
    """Return the help texts that Python ships."""
    return in_paragraphs("\n\n".join(topics.values()))


@cache
def bundled_reader() -> Reader:
    """Return the reader that learned from them."""
    text = bundled_text()
    source = "the help texts that Python ships"
    return Reader(NGram(word_tokens(text)), NGram(character_tokens(text[:ENOUGH])), source)


def in_paragraphs(text: str) -> str:
    """Return a text with a paragraph a line and single blanks between words."""
    paragraphs = re.split(r"\n[ \t\r]*\n", text)
    return "\n".join(" ".join(one.split()) for one in paragraphs if one.strip())


def learn(file: File) -> Steps:
    """Learn from a reader's file, step by step."""
    yield 0.05, "reading the text"
    text = readable(f"{shown(file.name)}", in_paragraphs(decoded(file)))
    if not text:
        raise ValueError(f"{shown(file.name)} holds no words.")
    yield 0.2, "cutting it into words"
    tokens = word_tokens(text)
    yield 0.4, "counting words"
    words = NGram(tokens)
    yield 0.9, "counting letters"
    characters = NGram(character_tokens(text[:ENOUGH]))
    return {"reader": Reader(words, characters, shown(file.name))}


def decoded(file: File) -> str:
    """Return a file's text, or raise ``ValueError`` saying why it is none."""
    if file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"{shown(file.name)} is UTF-16; please save it as UTF-8.")
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{shown(file.name)} is no text in UTF-8: byte {error.start + 1} does not fit."
        ) from None


def log_probabilities(pasted: str) -> tuple[list[str], list[float]]:
    """Return tokens and their log-probabilities in nats from CSV or JSON.

    Raises ``ValueError`` that says which entry cannot be read, and why.
    """
    text = pasted.strip("\ufeff \t\r\n")
    rows = _json_rows(text) if text[:1] in ("[", "{") else _csv_rows(text)
    if not rows:
        raise ValueError("There is no token: each line needs a token, a comma and its logprob.")
    tokens = [
        readable(f"Entry {place}: the token", token) for place, (token, _) in enumerate(rows, 1)
    ]
    return tokens, [_log_probability(place, raw) for place, (_, raw) in enumerate(rows, 1)]


def _json_rows(text: str) -> list[tuple[Any, Any]]:
    try:
        entries = json.loads(text, parse_constant=_refuse_constant, parse_int=float)
    except (ValueError, RecursionError):
        raise ValueError("This looks like JSON but cannot be read as JSON.") from None
    if not isinstance(entries, list):
        raise ValueError('JSON must be a list of entries like {"token": "a", "logprob": -1.5}.')
    return [_json_row(place, entry) for place, entry in enumerate(entries, 1)]


def _json_row(place: int, entry: Any) -> tuple[str, Any]:
    token, raw = (entry.get("token"), entry.get("logprob")) if isinstance(entry, dict) else (0, 0)
    if not isinstance(token, str) or isinstance(raw, dict | list):
        raise ValueError(f"Entry {place} must have a token, in quotation marks, and a logprob.")
    return token, raw


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _csv_rows(text: str) -> list[tuple[str, str]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        raise ValueError("This CSV cannot be read: a quotation mark is not closed.") from None
    names = [name.strip().lower() for name in rows[0]] if rows else []
    token, logprob, width = 0, 1, 2
    if "token" in names and "logprob" in names:
        token, logprob, width = names.index("token"), names.index("logprob"), len(names)
        rows = rows[1:]
    for place, row in enumerate(rows, 1):
        if len(row) != width:
            found = "1 field" if len(row) == 1 else f"{len(row)} fields"
            raise ValueError(f"Entry {place} must have a token and a logprob; it has {found}.")
    return [(row[token], row[logprob]) for row in rows]


def _log_probability(place: int, raw: object) -> float:
    if isinstance(raw, str) and raw.strip().lower() in _ENDLESS:
        return -math.inf
    label = f"Entry {place}: logprob"
    return within(label, finite(label, raw), (_LEAST, 0.0), raw)
