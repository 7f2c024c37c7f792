"""A source of 2 to 10 outcomes: how surprising it is on average, and the codes that show it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...contract.declaration import Axis, Group, Label, Picture, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Names, Number, Numbers
from ...contract.simplex import FEWEST, GESTURES, MOST
from ...contract.texts import Texts
from . import figures, model

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
    unit = unit_parameter("bits")

    readouts = (
        Readout("entropy", "entropy H", role="p"),
        Readout("max_entropy", "most it could be"),
        Readout("efficiency", "efficiency", unit="%", digits=1, style="percent"),
        Readout("effective_outcomes", "effective outcomes", unit="equally likely", digits=2),
        Readout("huffman_length", "Huffman", unit="bits", card=False),
        Readout("shannon_length", "Shannon", unit="bits", card=False),
        Readout("kraft_sum", "Kraft sum of Huffman", unit="", card=False),
        Readout("kraft_sum_shannon", "Kraft sum of Shannon", unit="", card=False),
        Readout("entropy_bits", "H in bits", unit="bits", card=False),
        Readout("excess", "L − H", unit="bits", card=False, noise_of="huffman_length"),
    )
    groups = (
        Group("Outcomes", {"p": ""}, role="p", actions=("add",)),
        Group("Temperature", {"temperature": "temperature"}),
    )
    optional = ("coin",)
    gestures = {**dict.fromkeys(GESTURES, ""), "add": "add outcome"}
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
        Picture("areas", "hero"), Picture("lengths", "short"), Picture("coin", "short"),
    )  # fmt: skip
    axes = (Axis("length", below=0.15), Axis("length_low", below=0.3, above=1.1))
    labels_drawn = (
        Label(
            "length_in_width", "bars", "middle", "length",
            (("p", 0.1, "{length:2}"), ("p", 0.07, "{length:1}")), axis="length",
        ),
        Label(
            "length_of_each", "bars", "place", "length",
            (("even", 0.12, "{length:2}"), ("even", 0.0, "{length:1}")),
            axis="length_low", edge=0.73,
        ),
        Label(
            "area_inside", "bars", "middle", 0.0,
            (("p", 0.24, "area {area:3}"), ("p", 0.12, "{area:3}")),
            axis="length", tall=("length", 0.17),
        ),
        Label("name_in_width", "bars", "middle", 0.0, (("p", 0.0, "{label}"),), fit="p"),
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
