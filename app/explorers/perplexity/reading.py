"""Texts to learn from and to read: a bundled one, a reader's own, and log-probabilities."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infocore import NGram, character_tokens, word_tokens
from infocore.language import UNKNOWN

from ...contract.messages import quoted
from ...contract.parameters import readable
from ...contract.work import File, Found, Order, Steps
from .scores import log_probabilities

ORDERS = {"uniform": 0, "unigram": 1, "bigram": 2, "trigram": 3}
TOKENIZERS = {"words": word_tokens, "characters": character_tokens}
MOST_SHOWN = 2000  # tokens in the picture; every token counts in the numbers
ENOUGH = 150_000  # characters, after which the statistics of letters hardly change


class Reader:
    """Reads texts with the models of one text, and remembers what it has just read."""

    def __init__(self, words: NGram, characters: NGram, text: str, source: str) -> None:
        """Take both models, their text and the name of its file, empty for the bundled one."""
        self.models = {"words": words, "characters": characters}
        self.source, self.learned_from = source, sizes(text)
        self._remember()

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs to read the same; it remembers by itself."""
        return {name: vars(self)[name] for name in ("models", "source", "learned_from")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Be a reader again."""
        vars(self).update(state)
        self._remember()

    def _remember(self) -> None:
        self.read = lru_cache(maxsize=32)(self._read)
        self.expected = lru_cache(maxsize=32)(self._expected)
        self._alternatives = lru_cache(maxsize=4096)(self._likeliest)

    def _read(self, text: str, tokens: str, model: str) -> tuple[list[str], Any]:
        """Return a text's tokens and their log-probabilities in nats."""
        cut = TOKENIZERS[tokens](text)
        return cut, self.models[tokens].log_probs(cut, order=ORDERS[model])

    def _expected(self, text: str, tokens: str, model: str) -> list[tuple[str, bool]]:
        """Return for each token what else was likely, and whether it is unknown."""
        cut, order = TOKENIZERS[tokens](text)[:MOST_SHOWN], ORDERS[model]
        reach = max(0, order - 1)
        return [
            (
                self._alternatives(tokens, order, tuple(cut[max(0, place - reach) : place])),
                not self.models[tokens].knows(token),
            )
            for place, token in enumerate(cut)
        ]

    def _likeliest(self, tokens: str, order: int, context: tuple[str, ...]) -> str:
        return likeliest(self.models[tokens].alternatives(context, order=order))


def likeliest(best: list[tuple[str, float]]) -> str:
    """Return the likeliest tokens with their probabilities, as a line of text."""
    return " · ".join(f"{visible(token)} {_percent(p)} %" for token, p in best)


def visible(token: str) -> str:
    """Write a token as a reader can see it."""
    if token == UNKNOWN:
        return "(something unknown)"
    text = token[1:] if token[:1] == " " and len(token) > 1 else token
    return text.replace("\n", "↵").replace("\t", "⇥").replace(" ", "␣")


def _percent(p: float) -> str:
    """Write a probability in per cent as JavaScript's ``toFixed`` rounds it, halves up."""
    return str(Decimal(100 * p).quantize(Decimal("0.1"), ROUND_HALF_UP))


@cache
def bundled_text() -> str:
    """Return the story that was written for this page, a paragraph a line."""
    return in_paragraphs(Path(__file__).with_name("story.txt").read_text(encoding="utf-8"))


@cache
def bundled_reader() -> Reader:
    """Return the reader that learned from it."""
    text = bundled_text()
    return Reader(NGram(word_tokens(text)), NGram(character_tokens(text[:ENOUGH])), text, "")


def sizes(text: str) -> dict[str, str]:
    """Return how many characters of a text words and letters learn from, as slots."""
    return {"words_from": str(len(text)), "letters_from": str(min(len(text), ENOUGH))}


def in_paragraphs(text: str) -> str:
    """Return a text with a paragraph a line and single blanks between words."""
    paragraphs = re.split(r"\n[ \t\r]*\n", text)
    return "\n".join(" ".join(one.split()) for one in paragraphs if one.strip())


def work(order: Order) -> Steps:
    """Learn from a text, take log-probabilities, or forget both."""
    if order.name == "corpus" and isinstance(order.given, File):
        return (yield from learn(order.given))
    yield 0.1, "reading the file"
    if not isinstance(order.given, File):
        return Found({"reader": None, "scores": None}, (("scored", "text"),))
    tokens, nats = log_probabilities(decoded(order.given))
    scores = tokens, np.array(nats), quoted(order.given.name)
    return Found({"scores": scores}, (("scored", "log-probabilities"),))


def learn(file: File) -> Steps:
    """Learn from a reader's file, step by step."""
    yield 0.05, "reading the text"
    text = readable(f"{quoted(file.name)}", in_paragraphs(decoded(file)))
    if not text:
        raise ValueError(f"{quoted(file.name)} holds no words.")
    yield 0.2, "cutting it into words"
    tokens = word_tokens(text)
    yield 0.4, "counting words"
    words = NGram(tokens)
    yield 0.9, "counting letters"
    characters = NGram(character_tokens(text[:ENOUGH]))
    reader = Reader(words, characters, text, quoted(file.name))
    return Found({"reader": reader}, (("scored", "text"),))


def decoded(file: File) -> str:
    """Return a file's text, or raise ``ValueError`` saying why it is none."""
    if file.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"{quoted(file.name)} is UTF-16; please save it as UTF-8.")
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{quoted(file.name)} is no text in UTF-8: byte {error.start + 1} does not fit."
        ) from None
