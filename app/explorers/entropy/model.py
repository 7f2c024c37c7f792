"""A source of 2 to 10 outcomes: its bars, its codes, and the numbers that they show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

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

from ...contract import draws
from ...contract.explorer import UNITS
from ...contract.memo import frozen
from ...contract.result import Result
from ...contract.simplex import (
    GESTURES,
    as_distribution,
    half_heights,
    move_share,
    name_outcomes,
    right_edges,
)
from . import guess as guessing

COIN = frozen(np.linspace(0, 1, 201))
SENT = 12  # codewords of a message that are shown, the last
FAR = 100.0  # times the highest bar: an infinite one reaches beyond any axis
AWAY = 2.0  # where the knob of a bar without width would stand, beyond the picture


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Keep the probabilities a distribution, the locked ones still, and the names unique.

    A game of “Guess it” begins afresh where what may come, or its seed, is another.
    """
    if name in guessing.GESTURES:
        return guessing.move_guess(state, tempered(state["p"], state["temperature"]), name, index)
    moved = draws.with_draws(state, _moved(state, name, value, index))
    return {**guessing.AFRESH, **moved} if {"p", "temperature", "seed"} & {*moved} else moved


def _moved(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    if name in draws.GESTURES:
        return draws.move_draws(state, name)
    if name in GESTURES:
        moved = GESTURES[name](state, value, index)
        return {**moved, "temperature": 1.0} if name == "uniform" else moved
    if name == "p" and index is not None:
        return move_share(state, "p", value, index)
    if name == "p":
        return as_distribution(state, "p", value)
    if name in ("labels", "locked"):
        return name_outcomes(state, name, value)
    return {name: guessing.checked(name, value) if name == "guess" else value}


def compute(
    p: list[float], labels: list[str], locked: list[str], temperature: float,
    draw: int, seed: int, guess: str, games: int, questions: int, unit: str,
) -> Result:  # fmt: skip
    """Return the bars, the code table, the coin's curve, the message and their numbers."""
    base, shown = UNITS[unit], tempered(p, temperature)
    codes = _codes(shown)
    readouts = _readouts(shown, codes, base)
    bars = _bars(shown, labels, base)
    highest = 1.15 * float(max([0.5, *bars["length"][np.isfinite(bars["length"])]]))
    endless = np.isinf(bars["length"])
    bars["top"] = np.where(endless, 0, bars["length"])
    bars |= {"half": half_heights(bars["top"]), **right_edges(shown, labels, locked)}
    bars["endless"] = np.where(endless, FAR * highest, 0)
    came, message, average = draws.message(shown, bars["length"], labels, seed, draw)
    limits = readouts["entropy_bits"], readouts["huffman_length"]
    game = guessing.compute_guess(shown, labels, guess, seed, games, questions, limits)
    never = ", ".join(label for label, share in zip(labels, shown, strict=True) if share == 0)
    return Result(
        tables={
            "bars": {**bars, **codes},
            "level": {"x": np.array([0.0, 1.0]), "h": np.full(2, readouts["entropy"])},
            "coin": {"p": COIN, "h": binary_entropy(COIN, base=base)},
            "here": {"p": shown[:1], "h": np.array([binary_entropy(shown[0], base=base)])},
            **message, "guessed": game["table"],
        },
        readouts={**readouts, **average, **_sent(codes, came), **game["readouts"]},
        ranges={
            "length": (0.0, 1.13 * highest), "length_low": (0.0, highest),
            "outcomes": (-0.5, len(p) - 0.5),
            "running": (0.0, highest), **draws.ranges(draw),
            "bits": (0.0, 1.1 * math.log(2) / math.log(base)),
            "questions": (0.0, max(1.0, 1.1 * max(game["table"]["questions"]))),
        },
        flags={
            "coin": len(p) == 2, "never": never != "", "tempered": temperature != 1,
            **game["flags"],
        },
        slots={
            "never": never, "count": str(len(p)),
            "sent": "… " * (len(came) > SENT)
            + " ".join(codes["codeword"][i] for i in came[-SENT:]),
            **game["slots"],
        },
        controls=game["controls"],
    )  # fmt: skip


def tempered(p: Sequence[float], temperature: float) -> Any:
    """Return p to the power 1/temperature, rescaled; p itself at temperature 1."""
    if temperature == 1:
        return np.array(p)
    with np.errstate(divide="ignore"):
        return softmax(np.log(p), temperature=temperature)


def _sent(codes: dict[str, Any], came: Any) -> dict[str, Any]:
    """Return how many bits Huffman's code has sent, in all and per outcome."""
    sent = float(codes["huffman"][came].sum())
    return {"sent_bits": sent, "sent_mean": sent / len(came) if len(came) else math.nan}


def _codes(p: Any) -> dict[str, Any]:
    words = huffman_code(p)
    return {
        "ideal": ideal_code_lengths(p),
        "shannon": shannon_code_lengths(p),
        "huffman": np.array([math.inf if word is None else float(len(word)) for word in words]),
        "codeword": [word or "" for word in words],
    }


def _readouts(p: Any, codes: dict[str, Any], base: float) -> dict[str, Any]:
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
    return {
        "label": list(labels), "p": p, "length": length,
        "area": np.where(p > 0, p * np.where(p > 0, length, 0), 0.0),
        "left": right - p, "right": right, "middle": right - p / 2,
        "held": np.where(p > 0, right - p / 2, AWAY),
        "place": place, "place_left": place - 0.4, "place_right": place + 0.4,
        "even": np.full(len(p), 1 / len(p)),
    }  # fmt: skip
