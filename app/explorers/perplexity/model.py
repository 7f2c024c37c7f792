"""A text, token by token: how surprised a language model is, and what that comes to."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import NGram, bits_per_unit, perplexity, perplexity_from_loss

from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .game import HIDDEN, OPENING, game, guessed, played
from .reading import (
    MOST_SHOWN,
    ORDERS,
    TOKENIZERS,
    Reader,
    bundled_reader,
    bundled_text,
    sizes,
    visible,
)
from .scores import log_probabilities

DARKEST = 16  # bits of surprise at which a token is shaded most
FAR = 100.0  # times the highest bar: an infinite one reaches beyond any axis
MILLION = 1e6
# What a row of the reader's own points is; its words stand with the declaration.
OWN, YOURS, TRAINED, ASKED = 6.0, 3.0, 2.0, 1.0
# Rough figures for English: Jurafsky and Martin, Speech and Language Processing, section 3.3
# (unigram 962, bigram 170); Merity et al. (2018) 57 for an LSTM on the Penn Treebank; Dai et al.
# (2019) 18 for a transformer on WikiText-103.
RUNGS = {
    "uniform": 50_000.0, "unigram": 1_000.0, "bigram": 200.0, "LSTM": 60.0, "transformer": 20.0,
}  # fmt: skip


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Take one control's value, or a guess; what cannot be read or guessed is refused."""
    if name == "log_probs":
        log_probabilities(value)
    if name == "guesses":
        played(value)
    if name == "guess":
        return {"guesses": guessed(state["guesses"], value)}
    return {name: value}


def compute(**state: Any) -> Result:
    """Return the tokens with their surprise, both tokenisations, and the ladder."""
    return result_of(bundled_reader(), None, **state)


CONSTANTS: dict[str, dict[str, Any]] = {  # the flags and slots: until a session is given a file
    "tables": {
        "rungs": {
            "name": list(RUNGS),
            "perplexity": frozen(np.array([*RUNGS.values()])),
            "row": frozen(np.arange(len(RUNGS) + 2.5, 2.5, -1.0)),
        }
    },
    "flags": {"from_file": False, "file_given": False, "bundled": True},
    "slots": {"source": "", "file": "", **sizes(bundled_text())},
}


def result_of(
    reader: Reader, scores: tuple[list[str], Any, str] | None, *,
    guesses: str, scored: str, text: str, log_probs: str, model: str, tokens: str,
    loss_before: float, loss_after: float, asked: float, unit: str,
) -> Result:  # fmt: skip
    """Return what is painted, with a reader's models and the log-probabilities of a file."""
    own, base = scored == "text", UNITS[unit]
    read, nats = reader.read(text, tokens, model) if own else (scores or _pasted(log_probs))[:2]
    drawn = min(len(read), MOST_SHOWN)
    play = game(guesses, base)
    letters = play["table"]
    told_of = reader.expected(text, tokens, model) if own else [("", False)] * drawn
    readouts = {
        **_readouts(read, nats, base),
        **play["readouts"],
        "perplexity_before": perplexity_from_loss(loss_before),
        "perplexity_after": perplexity_from_loss(loss_after),
        "asked_loss": math.log(asked) / math.log(base),
    }
    table = _tokens(read[:drawn], nats[:drawn], base)
    highest = 1.1 * float(max(1.0, table["drawn"].max()))
    size, compared = readouts["perplexity"], _compared(reader, text)
    tallest = 1.25 * max(1.0, compared["bits_words"].max(), compared["bits_characters"].max())
    return Result(
        tables={
            "guessed": letters,
            "tokens": {
                **table,
                "endless": np.where(np.isinf(table["surprise"]), FAR * highest, 0.0),
                "expected": [expected for expected, _ in told_of],
                "flagged": _flagged(
                    read[:drawn], [unknown for _, unknown in told_of], reader.models[tokens]
                ),
            },
            "level": {
                "x": np.array([0.0, drawn]),
                "h": np.full(2, min(readouts["surprise"], FAR * highest)),
            },
            "compared": compared,
            **CONSTANTS["tables"],
            "mine": _mine(readouts, own, asked),
        },
        readouts=readouts,
        controls={"guesses": play["off"]},
        ranges={
            "place": (0.0, float(drawn)),
            "letters": (0.0, float(len(OPENING + HIDDEN))),
            "costs": (0.0, 1.1 * max(1.0, letters["yours"].max(), letters["model"].max())),
            "surprise": (0.0, highest),
            "bits": (0.0, float(tallest)),
            "perplexity": (0.8, 4 * min(max(size, 50_000.0), 1e300)),
        },
        flags={
            "own": own, "elsewhere": not own,
            "pasted": not own and not scores, "from_file": not own and bool(scores),
            "beyond": math.isinf(size) and math.isfinite(readouts["loss"]),
            "file_given": bool(scores), "bundled": not reader.source, "cut": drawn < len(read),
            **play["flags"],
        },
        slots={
            "source": reader.source, **reader.learned_from, "file": scores[2] if scores else "",
            "drawn": str(drawn), **play["slots"],
            "known": str(len(reader.models[tokens].vocabulary)),
        },
    )  # fmt: skip


@cached(8)
def _pasted(log_probs: str) -> tuple[list[str], Any]:
    read, nats = log_probabilities(log_probs)
    return read, np.array(nats)


def _readouts(read: list[str], nats: Any, base: float) -> dict[str, Any]:
    joined = "".join(read)
    characters, size = len(joined), len(joined.encode())
    loss = 0.0 - float((nats / len(nats)).sum())
    return {
        "perplexity": perplexity_from_loss(loss),
        "bits_per_character": bits_per_unit(nats, characters) if characters else math.nan,
        "bits_per_byte": bits_per_unit(nats, size) if size else math.nan,
        "surprise": loss / math.log(base),
        "loss": loss,
        "token_count": float(len(read)),
        "character_count": float(characters),
        "byte_count": float(size),
    }


def _tokens(read: list[str], nats: Any, base: float) -> dict[str, Any]:
    surprise = -nats / math.log(base) + 0.0
    place = np.arange(len(read), dtype=float)
    return {
        "token": list(read), "shown": [visible(token) for token in read],
        "p": np.exp(nats), "surprise": surprise,
        "drawn": np.where(np.isinf(surprise), 0.0, surprise),
        "heat": np.minimum(1.0, -nats / math.log(2) / DARKEST),
        "left": place + 0.1, "right": place + 0.9,
    }  # fmt: skip


def _flagged(read: list[str], unknown: list[bool], model: NGram) -> Any:
    """Return of unknown tokens which passage tells of them, and 0 for the others.

    That is 1 for one that is spelled, 2 for one that shows a single character, and 3 for a word
    that the model knows, but only with a blank before it.
    """
    which = [3 if model.knows(f" {one}") else 1 + (len(visible(one)) == 1) for one in read]
    return np.where(unknown, which, 0).astype(float)


def _compared(reader: Reader, text: str) -> dict[str, Any]:
    """Return perplexity and bits per character of each model under both tokenisations."""
    place = np.arange(len(ORDERS), dtype=float)
    columns: dict[str, Any] = {"model": list(ORDERS), "place": place}
    columns |= {
        f"at_{tokens}": place + side for tokens, side in zip(TOKENIZERS, (-0.2, 0.2), strict=True)
    }
    for tokens in TOKENIZERS:
        nats = [reader.read(text, tokens, model)[1] for model in ORDERS]
        sizes = np.array([perplexity(one) for one in nats])
        columns[f"perplexity_{tokens}"] = sizes
        columns[f"bits_{tokens}"] = np.array([bits_per_unit(one, len(text)) for one in nats])
    return columns


def _mine(readouts: dict[str, Any], own: bool, asked: float) -> dict[str, Any]:
    """Return the reader's own points: a model, the two ends of a training, and a conversion."""
    size = readouts["perplexity"]
    at = np.array([min(size, 1e300), readouts["perplexity_after"], asked])
    above = (OWN if own else YOURS) + (size >= MILLION) + math.isinf(readouts["loss"])
    return {
        "kind": np.array([above, TRAINED, ASKED]),
        "perplexity": at,
        "start": np.array([at[0], readouts["perplexity_before"], asked]),
        "row": np.array([2.0, 1.0, 0.0]),
        "up": np.array([0.0, -10.0, 0.0]),
    }
