"""A source of 2 to 10 outcomes: how surprising it is on average, and the codes that show it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.draws import GESTURES as DRAWS
from ...contract.draws import MOST as MOST_DRAWN
from ...contract.draws import WALK, draw_parameter, seed_parameter
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Names, Number, Numbers, Text
from ...contract.simplex import FEWEST, GESTURES, MOST
from ...contract.texts import Texts
from . import figures, model
from .guess import GESTURES as GUESSING
from .guess import LONGEST

# Relative frequencies of letters in English, per cent: R. E. Lewand, Cryptological Mathematics
# (2000), p. 36; the 17 rarest letters together are "other".
LETTERS = {
    "E": 12.702, "T": 9.056, "A": 8.167, "O": 7.507, "I": 6.966, "N": 6.749, "S": 6.327,
    "H": 6.094, "R": 5.987, "other": 30.445,
}  # fmt: skip


def _scene(p: Sequence[float], labels: Sequence[str]) -> dict[str, Any]:
    return {"p": list(p), "labels": list(labels), "locked": [], "temperature": 1.0}


class Entropy(Explorer):
    """A source of 2 to 10 outcomes: how surprising it is on average, and the codes that show it."""

    slug = "entropy"
    texts = Texts.beside(__file__)

    p = Numbers(
        [0.5, 0.25, 0.15, 0.1], bounds=(FEWEST, MOST),
        label="probability", doc="Probability of each outcome.",
    )  # fmt: skip
    labels = Names(
        ["sun", "cloud", "rain", "snow"], bounds=(FEWEST, MOST),
        label="labels", doc="Name of each outcome.",
    )  # fmt: skip
    locked = Names(
        [], bounds=(0, MOST), label="locked",
        doc="Names of the outcomes that keep their probability while others move.",
    )  # fmt: skip
    temperature = Number(
        1.0, bounds=(0, 5), step=0.01, label="temperature",
        doc="Softmax temperature: the picture shows p to the power 1/temperature, rescaled.",
    )  # fmt: skip
    draw = draw_parameter()
    seed = seed_parameter()
    guess = Text(
        "", bounds=(0, LONGEST), control="outcomes", label="guess",
        doc="The game that is played: the outcomes asked for, as numbers from 0, a point after "
        "each question; what follows the last point is marked for the next.",
    )  # fmt: skip
    games = Number(
        0, whole=True, bounds=(0, MOST_DRAWN - 1), step=1, label="games",
        doc="How many games have been finished before this one.",
    )  # fmt: skip
    questions = Number(
        0, whole=True, bounds=(0, 9 * MOST_DRAWN), step=1, label="questions",
        doc="How many questions those games took.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = (
        Readout("entropy", "entropy H", role="p"),
        Readout("max_entropy", "maximum"),
        Readout("efficiency", "efficiency", unit="%", digits=1, style="percent"),
        Readout("effective_outcomes", "effective outcomes", unit="equally likely", digits=2),
        Readout("huffman_length", "Huffman", unit="bits"),
        Readout("shannon_length", "Shannon", unit="bits"),
        Readout("kraft_sum", "Kraft sum of Huffman", unit=""),
        Readout("kraft_sum_shannon", "Kraft sum of Shannon", unit=""),
        Readout("drawn", "outcomes drawn", unit="", digits=0),
        Readout("running_mean", "their average surprise", role="accent"),
        Readout("sent_bits", "bits sent in Huffman’s code", unit="bits", digits=0),
        Readout("sent_mean", "bits sent per outcome", unit="bits"),
        Readout("guess_count", "questions asked in this game", unit="", digits=0),
        Readout("guess_games", "games finished", unit="", digits=0),
        Readout("guess_mean", "your questions per game", unit="", role="p"),
        Readout("entropy_bits", "H in bits", unit="bits"),
        Readout("excess", "L − H", unit="bits", noise_of="huffman_length"),
    )
    groups = (
        Group("Outcomes", {"p": ""}, role="p", actions=("add",)),
        Group("Send a message", {}, role="p", actions=tuple(DRAWS), pictures=("drops", "walk"),
              fold=True),
        Group("Guess it", {"guess": ""}, role="p", actions=("ask", "next_game"),
              pictures=("guessed",), fold=True),
        Group("Temperature", {"temperature": "temperature"}, fold=True),
    )  # fmt: skip
    optional = ("coin",)
    gestures = {**dict.fromkeys(GESTURES, ""), "add": "add outcome", **DRAWS, **GUESSING}
    presets = {
        "Fair coin": _scene([0.5, 0.5], ["heads", "tails"]),
        "90/10": _scene([0.9, 0.1], ["usual", "rare"]),
        "Certain": _scene([1.0, 0.0, 0.0, 0.0], "ABCD"),
        "Fair die": _scene([1 / 6] * 6, "123456"),
        "Loaded die": _scene([0.1] * 5 + [0.5], "123456"),
        "Letters": _scene([share / 100 for share in LETTERS.values()], list(LETTERS)),
        "Uniform": "uniform",
    }
    pictures = (
        Picture("areas", "hero"), Picture("lengths", "short", below=True),
        Picture("coin", "short", below=True), Picture("drops", "short"), Picture("walk", "short"),
        Picture("guessed", "slim"),
    )  # fmt: skip
    axes = (
        Axis("running"), Axis("questions"), Axis("length", below=0.25),
        Axis("length_low", below=0.46, above=1.1),
    )  # fmt: skip
    handles = (
        Handle(
            {"y": "p"}, "areas", "bars", "held", "length", "p", law="surprise", idle="tempered",
            sparse=True,
        ),
        Handle(
            {"x": "p"}, "areas", "bars", "right", "half", "p", origin="edge_from",
            gain="edge_gain", idle="tempered", sparse=True,
        ),
        Handle({"x": "p"}, "coin", "here", "p", "h", "p", entry=0, idle="tempered"),
    )  # fmt: skip
    labels_drawn = (
        Label(
            "length_in_width", "bars", "middle", "length",
            (("p", 0.0, "{length:2}"), ("p", 0.0, "{length:1}")), axis="length", within="p",
        ),
        Label(
            "length_of_each", "bars", "place", "length",
            (("even", 0.12, "{length:2}"), ("even", 0.0, "{length:1}")),
            axis="length_low", edge=0.73,
        ),
        Label(
            "area_inside", "bars", "middle", 0.0,
            (("p", 0.0, "area {area:3}"), ("p", 0.0, "{area:3}")), axis="length", within="p",
            tall="length",
        ),
        Label(
            "guessed_name", "guessed", 0.0, "at", (("told", 1.0, "{name} {questions:2}"),)
        ),
        Label("name_in_width", "bars", "middle", 0.0, (("p", 0.001, "{label}"),), fit="p", drop=11),
        Label("name_in_place", "bars", "place", 0.0, (("p", 0.0, "{label}"),), fit="even"),
        Label(
            "codeword", "bars", 0.0, 0.0,
            (("huffman", math.inf, "–"), ("huffman", 1.0, "{codeword}"),
             ("huffman", 0.0, "(none needed)")),
        ),
    )  # fmt: skip
    tables = (
        Table(
            "codes", "Three codes for the same source", "bars",
            {
                "label": ("outcome", None), "p": ("p", 3), "ideal": ("ideal", 2),
                "shannon": ("Shannon", 0), "huffman": ("Huffman", 0),
                "codeword": ("codeword", None),
            },
            totals={
                "label": "average", "ideal": "entropy_bits", "shannon": "shannon_length",
                "huffman": "huffman_length",
            },
            live=True,
        ),
        Table(
            "bars", "The plotted data", "bars",
            {
                "label": ("outcome", None), "p": ("p", 6), "length": ("−log p", 6),
                "area": ("p · −log p", 6),
            },
        ),
        WALK,
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the bars as wide as p and as tall as the code length."""
        bars = model.compute(**Entropy.defaults()).tables["bars"]
        drawn = "".join(
            f'<rect x="{10 + 180 * left:.1f}" y="{90 - 24 * length:.1f}" '
            f'width="{180 * p - 2:.1f}" height="{24 * length:.1f}" rx="1.5"/>'
            for left, p, length in zip(bars["left"], bars["p"], bars["length"], strict=True)
        )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true" fill="var(--p)">{drawn}</svg>'
