"""A text, token by token: how surprised a language model is, and what that comes to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import param

from infocore import bits_per_unit, perplexity, perplexity_from_loss

from ...charts import fixed, ladder
from ...contract.declaration import Upload
from ...contract.explorer import UNITS, Explorer, Passage, unit_parameter
from ...contract.memo import kept
from ...contract.parameters import Text, shown
from ...contract.work import File, Steps
from . import texts
from .figures import (
    RUNGS,
    beside,
    ladder_figure,
    surprise_figure,
    tokenisations_figure,
)
from .reading import (
    MOST_SHOWN,
    ORDERS,
    TOKENIZERS,
    Reader,
    bundled_reader,
    bundled_text,
    decoded,
    learn,
    log_probabilities,
)

DARKEST = 16  # bits of surprise at which a token is shaded most


class Perplexity(Explorer):
    """A text, token by token: how surprised a language model is, and what that comes to."""

    slug = "perplexity"
    title = "Perplexity"
    question = "How many words could have come next?"
    lede = texts.LEDE

    scored = param.Selector(
        default="text", objects=["text", "log-probabilities"], label="what is scored",
        doc="A text that the models here read, or log-probabilities from a model of your own.",
    )  # fmt: skip
    text = Text(texts.DOCUMENTATION, bounds=(1, 2000), label="text", doc="The text that is scored.")
    log_probs = Text(
        texts.WEAK, bounds=(1, 20_000), label="log-probabilities",
        doc="Tokens and their log-probabilities in nats, as CSV or JSON.",
    )  # fmt: skip
    model = param.Selector(
        default="bigram", objects=list(ORDERS), label="model",
        doc="How many tokens the model looks at: none, this one, one before it, two before it.",
    )  # fmt: skip
    tokens = param.Selector(
        default="words", objects=list(TOKENIZERS), label="tokens", doc="What the text is cut into."
    )
    loss_before = param.Number(
        10.8, bounds=(0, 12), step=0.01, label="loss before, in nats",
        doc="Loss per token before training, in nats.",
    )  # fmt: skip
    loss_after = param.Number(
        3.0, bounds=(0, 12), step=0.01, label="loss after, in nats",
        doc="Loss per token after training, in nats.",
    )  # fmt: skip
    asked = param.Number(
        200.0, bounds=(1, 100_000), step=1, label="perplexity to convert",
        doc="A perplexity whose loss is asked for.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = texts.READOUTS
    groups = texts.GROUPS
    presets = texts.PRESETS
    pictures = texts.PICTURES
    uploads = {
        "corpus": Upload("a text to learn from", (".txt", ".md", ".csv", ".py"), 5_000_000),
        "scores": Upload("log-probabilities", (".csv", ".json", ".txt"), 5_000_000),
    }
    replaces = {"reset": ("reader", "scores"), "log_probs": ("scores",)}
    jobs = {"forget": "Back to the bundled text"}
    passages = (
        Passage(
            "The text, token by token", "tokens",
            "the darker, the more surprising; point at a token, or walk with the arrow keys",
        ),
    )  # fmt: skip
    tables = texts.TABLES
    status = (
        "The perplexity is {perplexity} per token, {bits_per_character} bits for each character."
    )
    code = (
        "from infocore import perplexity_from_loss\n\n"
        "loss = {loss}  # nats: minus the mean log-probability of the tokens\n"
        "perplexity_from_loss(loss)\n# {perplexity}"
    )
    cards = texts.CARDS

    @staticmethod
    def material() -> dict[str, Any]:
        """Return the text that the twin learns from, too."""
        notice = "© Python Software Foundation, under the PSF License Agreement"
        return {"notice": notice, "text": bundled_text()}

    @staticmethod
    def preview() -> str:
        """Draw a ladder of perplexities, each rung shorter than the one above."""
        bars = "".join(
            f'<rect x="20" y="{8 + 18 * row}" width="{34 * math.log10(rung):.0f}" height="11" '
            f'rx="3" fill="var(--{"p" if row < 4 else "q"})" opacity="{0.35 + 0.15 * row:.2f}"/>'
            for row, rung in enumerate(RUNGS.values())
        )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{bars}</svg>'

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Take one control's value; log-probabilities that cannot be read are refused."""
        if name == "log_probs":
            log_probabilities(value)
        return {name: value}

    @staticmethod
    def compute(**state: Any) -> dict[str, Any]:
        """Return the tokens with their surprise, both tokenisations, and the ladder."""
        return _result(bundled_reader(), None, **state)

    def results(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return the same with what this session has learned, or was given."""
        return _result(
            self.held.get("reader") or bundled_reader(), self.held.get("scores"), **state
        )

    def work(self, name: str, file: File | None = None) -> Steps:
        """Learn from a text, take log-probabilities, or forget both."""
        if name == "corpus":
            return (yield from learn(file))
        yield 0.1, "reading the file"
        if name == "forget":
            return {"reader": None, "scores": None}
        tokens, nats = log_probabilities(decoded(file))
        return {"scores": (tokens, np.array(nats), shown(file.name))}

    def finish(self, held: Mapping[str, Any], messages: list[dict[str, str]]) -> None:
        """Show at once what a file brought."""
        super().finish(held, messages)
        if "reader" in held or "scores" in held:
            self.scored = "log-probabilities" if held.get("scores") else "text"

    @staticmethod
    def view(sources: Any) -> dict[str, Any]:
        """Return the surprise of each token, and the ladder of perplexities."""
        return {
            "surprise": surprise_figure(sources),
            "ladder": ladder_figure(sources),
            "tokenisations": tokenisations_figure(sources),
        }


def _result(
    reader: Reader, scores: tuple[list[str], Any, str] | None, *,
    scored: str, text: str, log_probs: str, model: str, tokens: str,
    loss_before: float, loss_after: float, asked: float, unit: str,
) -> dict[str, Any]:  # fmt: skip
    own, base = scored == "text", UNITS[unit]
    read, nats = reader.read(text, tokens, model) if own else (scores or _pasted(log_probs))[:2]
    drawn = min(len(read), MOST_SHOWN)
    told_of = reader.expected(text, tokens, model) if own else [("", "")] * drawn
    readout = {
        **_readouts(read, nats, base),
        "perplexity_before": perplexity_from_loss(loss_before),
        "perplexity_after": perplexity_from_loss(loss_after),
        "asked_loss": math.log(asked) / math.log(base),
    }
    table = _tokens(read[:drawn], nats[:drawn], base)
    top = ladder(1.1 * max(1.0, table["drawn"].max()))
    size, compared = readout["perplexity"], _compared(reader, text)
    tallest = ladder(
        1.25 * max(1.0, compared["bits_words"].max(), compared["bits_characters"].max())
    )
    return {
        "tokens": {
            **table,
            "endless": np.where(np.isinf(table["surprise"]), top, 0.0),
            "expected": [expected for expected, _ in told_of],
            "note": [note for _, note in told_of],
        },
        "level": {"x": np.array([0.0, drawn]), "h": np.full(2, min(readout["surprise"], top))},
        "compared": compared,
        "rungs": _rungs(),
        "mine": _mine(
            readout, model if own else "your model", loss_before, loss_after, asked, unit
        ),
        "readout": readout,
        "range": {
            "place": (0.0, float(drawn)),
            "surprise": (0.0, top),
            "bits": (-0.15 * tallest, tallest),
            "perplexity": (0.8, ladder(4 * min(max(size, 50_000.0), 1e300))),
        },
        "words": texts.words(
            own, model, tokens, len(read), drawn, len(reader.models[tokens].vocabulary),
            reader.source, unit, scores[2] if scores else "",
        ),
    }  # fmt: skip


@kept(8)
def _pasted(log_probs: str) -> tuple[list[str], Any]:
    read, nats = log_probabilities(log_probs)
    return read, np.array(nats)


def _readouts(read: list[str], nats: Any, base: float) -> dict[str, float]:
    joined = "".join(read)
    characters, size = len(joined), len(joined.encode())
    loss = 0.0 - float((nats / len(nats)).sum())
    return {
        "perplexity": perplexity(nats),
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
        "token": list(read), "shown": [texts.visible(token) for token in read],
        "p": np.exp(nats), "surprise": surprise,
        "drawn": np.where(np.isinf(surprise), 0.0, surprise),
        "heat": np.minimum(1.0, -nats / math.log(2) / DARKEST),
        "left": place + 0.1, "right": place + 0.9,
    }  # fmt: skip


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
        columns[f"perplexity_{tokens}_text"] = [_brief(size) for size in sizes]
        columns[f"bits_{tokens}"] = np.array([bits_per_unit(one, len(text)) for one in nats])
    return columns


def _rungs() -> dict[str, Any]:
    return {
        "name": [f"{name} ~{size:.0f}" for name, size in RUNGS.items()],
        "perplexity": np.array([*RUNGS.values()]),
        "row": np.arange(len(RUNGS) + 2.0, 2.0, -1.0),
        **beside(np.array([*RUNGS.values()])),
    }


def _brief(size: float) -> str:
    return fixed(size, 1) if size < 1e6 or math.isinf(size) else "over a million"


def _mine(
    readout: dict[str, float], model: str, before: float, after: float, asked: float, unit: str
) -> dict[str, Any]:
    """Return the reader's own points: a model, the two ends of a training, and a conversion."""
    size, loss = readout["perplexity"], readout["asked_loss"]
    at = np.array([min(size, 1e300), readout["perplexity_after"], asked])
    return {
        "name": [
            f"{model}, above: {_brief(size)}",
            f"loss {fixed(before, 2)} → {fixed(after, 2)} nats",
            f"{fixed(asked, 1)} is a loss of {fixed(loss, 2)} {unit}",
        ],
        "perplexity": at,
        "start": np.array([at[0], readout["perplexity_before"], asked]),
        "row": np.array([2.0, 1.0, 0.0]),
        "up": np.array([0.0, -10.0, 0.0]),
        **beside(at),
    }
