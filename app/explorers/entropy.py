"""A source of 2 to 10 outcomes: how surprising it is on average, and the codes that show it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import param

from app.explorer import UNITS, Explorer, Group, Picture, Readout, Table, unit_parameter
from app.explorers.parts.entropy_view import draw
from app.explorers.texts.entropy import CARDS
from app.figures import fixed, ladder
from app.kept import frozen
from app.shares import FEWEST, GESTURES, MOST, as_distribution, move_share, name_outcomes
from app.state import Numbers
from infocore import (
    binary_entropy,
    entropy,
    expected_length,
    huffman_code,
    ideal_code_lengths,
    information_content,
    kraft_sum,
    shannon_code_lengths,
    softmax,
)

COIN = frozen(np.linspace(0, 1, 201))
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
    title = "Entropy"
    question = "How surprised are you, on average?"
    lede = (
        "A likely outcome deserves a short code, a rare one a long code. Each bar is as wide as "
        "its probability and as tall as its best code; the total area is the entropy."
    )

    p = Numbers(
        [0.5, 0.25, 0.15, 0.1], control="rows", bounds=(FEWEST, MOST),
        label="probability", doc="Probability of each outcome.",
    )  # fmt: skip
    labels = param.List(
        ["sun", "cloud", "rain", "snow"], item_type=str, bounds=(FEWEST, MOST),
        label="labels", doc="Name of each outcome.",
    )  # fmt: skip
    locked = param.List(
        [], item_type=str, bounds=(0, MOST), label="locked",
        doc="Names of the outcomes that keep their probability while others move.",
    )  # fmt: skip
    temperature = param.Number(
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
        Group("Outcomes", {"p": ""}, role="p", actions=("add",), hint=(
            "A locked outcome keeps its probability while the others share the rest."
        )),
        Group("Temperature", {"temperature": "softmax τ"}, hint=(
            "Below 1 sharpens the bars towards the likeliest, above 1 levels them; "
            "the sliders show p before the temperature."
        )),
    )  # fmt: skip
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
        Picture(
            "areas",
            "Bars as wide as the probability and as tall as the code length",
            "p wide × code length tall: the areas, written inside where there is room, add up to "
            "<b class=p>H = {entropy}</b> {unit}, the dotted height",
            "hero",
        ),
        Picture(
            "lengths",
            "Bars as tall as the code length",
            "ideal code length of each outcome, −{log} p, in {unit}",
            "short",
        ),
        Picture(
            "coin",
            "Entropy of two outcomes against p",
            "two outcomes: H against p. Not a parabola: at p = 0.1 it is 0.469 bits, where "
            "4p(1 − p) gives 0.36",
            "short",
        ),
    )
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
    status = (
        "The entropy is {entropy} {unit}, {efficiency} per cent of the most it could be, as "
        "uncertain as {effective_outcomes} equally likely outcomes."
    )
    code = (
        "import math\n\nfrom infocore import entropy\n\nentropy({bars.p}, base={base})\n# {entropy}"
    )
    cards = CARDS

    @staticmethod
    def preview() -> str:
        """Draw the bars as wide as p and as tall as the code length."""
        bars = Entropy.compute(**Entropy.defaults())["bars"]
        drawn = "".join(
            f'<rect x="{10 + 180 * left:.1f}" y="{90 - 24 * length:.1f}" '
            f'width="{180 * p - 2:.1f}" height="{24 * length:.1f}" rx="1.5"/>'
            for left, p, length in zip(bars["left"], bars["p"], bars["length"], strict=True)
        )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true" fill="var(--p)">{drawn}</svg>'

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Keep the probabilities a distribution, the locked ones still, and the names unique."""
        if name in GESTURES:
            moved = GESTURES[name](state, value, index)
            return {**moved, "temperature": 1.0} if name == "uniform" else moved
        if name == "p" and index is not None:
            return move_share(state, "p", value, index)
        if name == "p":
            return as_distribution(state, "p", value)
        if name in ("labels", "locked"):
            return name_outcomes(state, name, value)
        return {name: value}

    @staticmethod
    def compute(
        p: list[float], labels: list[str], locked: list[str], temperature: float, unit: str
    ) -> dict[str, Any]:
        """Return the bars, the code table, the coin's curve and the numbers they show."""
        base, shown = UNITS[unit], tempered(p, temperature)
        codes = _codes(shown)
        readout = _readouts(shown, codes, base)
        bars = _bars(shown, labels, base)
        top = ladder(1.15 * max([0.5, *bars["length"][np.isfinite(bars["length"])]]))
        endless = np.isinf(bars["length"])
        bars["top"] = np.where(endless, 0, bars["length"])
        bars["area_text"] = _area_texts(bars, top)
        bars["endless"] = np.where(endless, top, 0)
        bars["text_at"] = np.where(endless, 0.8 * top, bars["length"])
        return {
            "bars": {**bars, **codes},
            "level": {"x": np.array([0.0, 1.0]), "h": np.full(2, readout["entropy"])},
            "coin": {"p": COIN, "h": binary_entropy(COIN, base=base)},
            "here": {"p": shown[:1], "h": np.array([binary_entropy(shown[0], base=base)])},
            "readout": readout,
            "range": {"length": (-0.15 * top, top), "length_low": (-0.3 * top, 1.1 * top),
                      "outcomes": (-0.5, len(p) - 0.5),
                      "bits": (0.0, 1.1 * math.log(2) / math.log(base))},
            "words": {"zero": _zero_words(shown, labels), "count": str(len(p))},
            "show": {"coin": len(p) == 2},
        }  # fmt: skip

    @staticmethod
    def view(sources: Any) -> dict[str, Any]:
        """Return the bars as wide as p, the bars of one width, and the coin's curve."""
        return draw(sources)


def tempered(p: Sequence[float], temperature: float) -> Any:
    """Return p to the power 1/temperature, rescaled; p itself at temperature 1."""
    if temperature == 1:
        return np.array(p)
    with np.errstate(divide="ignore"):
        return softmax(np.log(p), temperature=temperature)


def _codes(p: Any) -> dict[str, Any]:
    words = huffman_code(p)
    return {
        "ideal": ideal_code_lengths(p),
        "shannon": shannon_code_lengths(p),
        "huffman": np.array([math.inf if word is None else float(len(word)) for word in words]),
        "codeword": ["–" if word is None else word or "(none needed)" for word in words],
    }


def _readouts(p: Any, codes: dict[str, Any], base: float) -> dict[str, float]:
    h, h_bits, most = entropy(p, base=base), entropy(p), math.log(len(p)) / math.log(base)
    length = expected_length(p, codes["huffman"])
    return {
        "entropy": h,
        "max_entropy": most,
        "efficiency": h / most,
        "effective_outcomes": base**h,
        "huffman_length": length,
        "shannon_length": expected_length(p, codes["shannon"]),
        "kraft_sum": kraft_sum(codes["huffman"]),
        "kraft_sum_shannon": kraft_sum(codes["shannon"]),
        "entropy_bits": h_bits,
        "excess": length - h_bits,
    }


def _bars(p: Any, labels: Sequence[str], base: float) -> dict[str, Any]:
    right, place = np.cumsum(p), np.arange(len(p), dtype=float)
    length = information_content(p, base=base)
    area = np.where(p > 0, p * np.where(p > 0, length, 0), 0.0)
    return {
        "label": list(labels), "p": p, "length": length, "area": area,
        "left": right - p, "right": right, "middle": right - p / 2,
        "place": place, "place_left": place - 0.4, "place_right": place + 0.4,
        "length_text": [fixed(bits, 2 if len(p) < 9 else 1) for bits in length],
        "wide_text": [
            fixed(bits, 2 if share >= 0.1 else 1) if share >= 0.07 else ""
            for bits, share in zip(length, p, strict=True)
        ],
        "narrow_text": [_fit(label, share) for label, share in zip(labels, p, strict=True)],
    }  # fmt: skip


def _area_texts(bars: dict[str, Any], top: float) -> list[str]:
    """Write each area into its bar where it is wide, and high enough, on a phone too."""
    texts = []
    for area, share, length in zip(bars["area"], bars["p"], bars["length"], strict=True):
        said = f"area {fixed(area, 3)}" if share >= 0.24 else fixed(area, 3)
        texts.append(said if share >= 0.12 and length >= 0.17 * top else "")
    return texts


def _fit(label: str, share: float) -> str:
    """Cut a label to what a bar ``share`` of the picture wide has room for on a phone."""
    room = int(share / 0.024)
    return label if len(label) <= room else label[: max(0, room - 1)] + "…" if room > 1 else ""


def _zero_words(p: Any, labels: Sequence[str]) -> str:
    never = [label for label, share in zip(labels, p, strict=True) if share == 0]
    if not never:
        return ""
    return f"{', '.join(never)}: never happens, so its surprise is ∞; it adds 0 to the average."
