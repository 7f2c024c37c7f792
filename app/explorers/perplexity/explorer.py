"""A text, token by token: how surprised a language model is, and what that comes to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ...contract.declaration import Axis, Group, Label, Passage, Picture, Readout, Table, Upload
from ...contract.explorer import Explorer, State, unit_parameter
from ...contract.parameters import Choice, Number, Text
from ...contract.result import Result
from ...contract.texts import Texts
from . import figures, reading
from .examples import (
    ANOTHER_WORLD,
    BETTER,
    IN_ORDER,
    ONE_SURE,
    OVER_AND_OVER,
    SHUFFLED,
    VILLAGE,
    WEAK,
    WEATHER,
)
from .game import HIDDEN, MOST, OPENING
from .model import CONSTANTS, MILLION, RUNGS, compute, move, result_of
from .reading import ORDERS, TOKENIZERS, bundled_reader, bundled_text


class Perplexity(Explorer):
    """A text, token by token: how surprised a language model is, and what that comes to."""

    slug = "perplexity"
    texts = Texts.beside(__file__)

    guesses = Text(
        "", bounds=(0, MOST), control="letters", label="guess a letter",
        doc="The guesses so far: a letter each, _ for the blank, . for a letter that was shown.",
    )  # fmt: skip
    scored = Choice(
        default="text", objects=["text", "log-probabilities"], label="what is scored",
        doc="A text that the models here read, or log-probabilities from a model of your own.",
    )  # fmt: skip
    text = Text(VILLAGE, bounds=(1, 2000), label="text", doc="The text that is scored.")
    log_probs = Text(
        WEAK, bounds=(1, 20_000), label="log-probabilities",
        doc="Tokens and their log-probabilities in nats, as CSV or JSON.",
    )  # fmt: skip
    model = Choice(
        default="bigram", objects=list(ORDERS), label="model",
        doc="What the model knows: nothing, how often tokens occur, one token before, two before.",
    )  # fmt: skip
    tokens = Choice(
        default="words", objects=list(TOKENIZERS), label="tokens", doc="What the text is cut into."
    )
    loss_before = Number(
        10.8, bounds=(0, 12), step=0.01, label="from a loss, in nats",
        doc="Loss per token before training, in nats.",
    )  # fmt: skip
    loss_after = Number(
        3.0, bounds=(0, 12), step=0.01, label="to a loss, in nats",
        doc="Loss per token after training, in nats.",
    )  # fmt: skip
    asked = Number(
        200.0, bounds=(1, 100_000), step=1, label="perplexity to convert",
        doc="A perplexity whose loss is asked for.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = (
        Readout("perplexity", "perplexity per token", unit="choices", digits=2, role="p"),
        Readout("bits_per_character", "bits per character", unit="bits", digits=3),
        Readout("bits_per_byte", "bits per byte", unit="bits", digits=3),
        Readout("surprise", "surprise per token", digits=3, role="p"),
        Readout("loss", "loss per token", unit="nats"),
        Readout("token_count", "tokens", unit="", digits=0),
        Readout("character_count", "characters", unit="", digits=0),
        Readout("byte_count", "bytes in UTF-8", unit="", digits=0),
        Readout("letters_guessed", "letters guessed", unit="", digits=0),
        Readout(
            "bits_yours",
            "bits per letter, you",
            unit="bits",
            digits=2,
        ),
        Readout(
            "bits_model",
            "bits per letter, the model",
            unit="bits",
            digits=2,
        ),
        Readout("perplexity_before", "perplexity before", unit="", digits=1),
        Readout("perplexity_after", "perplexity after", unit="", digits=1),
        Readout("asked_loss", "loss of the perplexity to convert", digits=4),
    )
    groups = (
        Group("The text", {"text": ""}, role="p", fold=True),
        Group(
            "The model",
            {"model": "", "tokens": ""},
            role="q",
            idle="elsewhere",
        ),
        Group("Log-probabilities of another model", {"scored": "", "log_probs": ""}, fold=True),
        Group("Files", {}, work=("corpus", "scores", "forget"), fold=True),
        Group(
            "Loss and perplexity",
            {"loss_before": "from", "loss_after": "to", "asked": "perplexity"},
            pictures=("ladder",),
            fold=True,
        ),
    )
    gestures = {"guess": ""}
    kept = ("guesses",)
    optional = ("game",)
    presets = {
        "Its own world": {"text": VILLAGE},
        "Another world": {"text": ANOTHER_WORLD},
        "Over and over": {"text": OVER_AND_OVER},
        "Words in order": {"text": IN_ORDER, "model": "unigram"},
        "The same words, shuffled": {"text": SHUFFLED, "model": "unigram"},
        "Letter by letter": {"text": VILLAGE, "tokens": "characters", "model": "trigram"},
        "The weather message": {"scored": "log-probabilities", "log_probs": WEATHER},
        "Sure, then one in a hundred": {"scored": "log-probabilities", "log_probs": ONE_SURE},
        "Ten tokens, weak model": {"scored": "log-probabilities", "log_probs": WEAK},
        "Ten tokens, better model": {"scored": "log-probabilities", "log_probs": BETTER},
    }
    pictures = (
        Picture("game", "slim"), Picture("surprise", below=True),
        Picture("ladder", "hero", below=True),
        Picture("tokenisations", below=True),
    )  # fmt: skip
    axes = (Axis("surprise"), Axis("costs"), Axis("bits", below=0.22), Axis("perplexity"))
    labels_drawn = (
        Label(
            "rung_name", "rungs", "perplexity", "row",
            (("perplexity", 0.0, "{name} ~{perplexity:0}"),), beside=True,
        ),
        Label(
            "mine_name", "mine", "perplexity", "row",
            (
                ("kind", 8.0, "{model}, above: ∞"),
                ("kind", 7.0, "{model}, above: over a million"),
                ("kind", 6.0, "{model}, above: {perplexity:1}"),
                ("kind", 5.0, "your model, above: ∞"),
                ("kind", 4.0, "your model, above: over a million"),
                ("kind", 3.0, "your model, above: {perplexity:1}"),
                ("kind", 2.0, "loss {loss_before:2} → {loss_after:2} nats"),
                ("kind", 1.0, "{asked:1} is a loss of {asked_loss:2} {unit}"),
            ),
            ("up",), beside=True,
        ),
        *(
            Label(
                f"perplexity_of_{tokens}", "compared", f"at_{tokens}", f"bits_{tokens}",
                (
                    (f"perplexity_{tokens}", MILLION, "> 10⁶"),
                    (f"perplexity_{tokens}", 100.0, f"{{perplexity_{tokens}:0}}"),
                    (f"perplexity_{tokens}", 0.0, f"{{perplexity_{tokens}:1}}"),
                ),
            )
            for tokens in TOKENIZERS
        ),
    )  # fmt: skip
    uploads = {
        "corpus": Upload("a text to learn from", (".txt", ".md", ".csv", ".py"), 5_000_000, 12),
        "scores": Upload("log-probabilities", (".csv", ".json", ".txt"), 5_000_000, 12),
    }
    replaces = {"reset": ("reader", "scores"), "log_probs": ("scores",)}
    jobs = {"forget": "Back to the bundled text"}
    at_once = ("forget",)
    passages = (
        Passage("The passage to guess", "guessed", control="guesses", goes_on="playing"),
        Passage("The text, token by token", "tokens"),
    )
    tables = (
        Table(
            "compared", "Perplexity, and bits per character", "compared",
            {
                "model": ("model", None),
                "perplexity_words": ("words", 2),
                "perplexity_characters": ("characters", 2),
                "bits_words": ("words, bits", 3),
                "bits_characters": ("characters, bits", 3),
            },
            live=True,
        ),
        Table(
            "mine", "Yours on the ladder", "mine",
            {"mine_name": ("what", None), "start": ("from", 2), "perplexity": ("perplexity", 2)},
        ),
        Table(
            "rungs", "Rough figures on the ladder", "rungs",
            {"rung_name": ("model", None), "perplexity": ("perplexity", 0)},
        ),
        Table(
            "tokens", "The tokens", "tokens",
            {
                "shown": ("token", None), "surprise": ("surprise", 3), "p": ("probability", 6),
                "expected": ("what the model expected", None),
            },
        ),
    )  # fmt: skip

    constants = CONSTANTS
    compute = staticmethod(compute)
    move = staticmethod(move)
    figures = staticmethod(figures.draw)
    work = staticmethod(reading.work)

    @classmethod
    def results(cls, state: State, findings: Mapping[str, Any]) -> Result:
        """Return the same with what this session has learned, or was given."""
        return result_of(
            findings.get("reader") or bundled_reader(), findings.get("scores"), **state
        )

    @staticmethod
    def material() -> dict[str, Any]:
        """Return the text that the twin learns from, too, and the passage to guess."""
        return {"text": bundled_text(), "opening": OPENING, "hidden": HIDDEN}

    @staticmethod
    def preview() -> str:
        """Draw a ladder of perplexities, each rung shorter than the one above."""
        bars = "".join(
            f'<rect x="20" y="{8 + 18 * row}" width="{34 * math.log10(rung):.0f}" height="11" '
            f'rx="3" fill="var(--{"dim" if row < 4 else "p"})" opacity="{0.35 + 0.15 * row:.2f}"/>'
            for row, rung in enumerate(RUNGS.values())
        )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{bars}</svg>'
