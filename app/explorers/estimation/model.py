"""What samples tell of the information that a feature and its label share."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import binned_mutual_information, entropy

from ...contract.explorer import UNITS
from ...contract.labelled import another, feature_and_label
from ...contract.memo import cached, frozen
from ...contract.result import Result
from .estimates import BINS, estimates, exact_information, in_order

NOISE = 1e-9  # by which equal estimates may differ
RANKED = (
    *("place", "bar", "foot", "head", "feature", "label", "kind"),
    *("plug_in", "corrected", "chance", "sklearn"),
)
NO_TABLE = (
    *("source", "aim", "rows_read", "dropped", "kinds", "free_texts", "given"),
    *("drawn", "listed"),
)
CONSTANTS: dict[str, dict[str, Any]] = {  # until a session has read and ranked a table
    "tables": {"ranking": {name: frozen(np.zeros(0)) for name in RANKED}},
    "ranges": {"ranked": (0.0, 1.0), "places": (-1.0, 0.0)},
    "flags": dict.fromkeys(
        ("ranking", "ranking_cut", "read", "dropped", "free_texts", "given"), False
    ),
    "slots": dict.fromkeys(NO_TABLE, ""),
    "choices": {"target": ((), "")},
}


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Draw again, or move one control."""
    return {"sample": another(state["sample"])} if name == "again" else {name: value}


def compute(
    feature: str, noise: float, n: int, bins: int, sample: int, dataset: str, unit: str
) -> Result:
    """Return the estimates against the number of bins, and the numbers at one of them."""
    base, samples = UNITS[unit], (feature, noise, n, sample)
    curves, here = curves_of(*samples, base), binned(*samples, bins, base)
    readouts = {**here["readouts"], "exact": curves["estimates"]["exact"][0]}
    above = bool(readouts["plug_in"] > readouts["null_high"] + NOISE)
    return Result(
        tables={
            "estimates": curves["estimates"], "here": here["table"], **CONSTANTS["tables"],
        },
        readouts={**readouts, "label_entropy": curves["label_entropy"]},
        ranges={"estimate": curves["range"], **CONSTANTS["ranges"]},
        flags={**CONSTANTS["flags"], "above_chance": above, "in_chance": not above},
        slots=CONSTANTS["slots"],
        choices=CONSTANTS["choices"],
    )  # fmt: skip


# Tables are cached by what they depend on: the very same one is neither sent nor painted again.


@cached(8)
def sampled(feature: str, noise: float, n: int, sample: int) -> dict[str, Any]:
    """Return the samples, and what they say for each number of bins."""
    x, y = feature_and_label(feature, noise, n, sample)
    ordered = in_order(x, y)
    return {"x": x, "y": y, "ordered": ordered, "estimates": estimates(ordered)}


@cached(32)
def curves_of(feature: str, noise: float, n: int, sample: int, base: float) -> dict[str, Any]:
    """Return the curves of estimates in the unit, and where their axis ends."""
    known, scale = sampled(feature, noise, n, sample), math.log(base)
    exact, ones = exact_information(feature, noise) / scale, known["y"].mean()
    curve = {name: nats / scale for name, nats in known["estimates"].items()}
    top = 1.08 * max(0.02, exact, curve["plug_in"].max(), curve["high"].max())
    return {
        "estimates": {
            "bins": np.array(BINS, dtype=float), **curve, "exact": np.full(len(BINS), exact),
        },
        "label_entropy": entropy([ones, 1 - ones], base=base),
        "range": (float(min(curve["corrected"].min(), -1e-9)), float(top)),
    }  # fmt: skip


@cached(32)
def binned(
    feature: str, noise: float, n: int, sample: int, bins: int, base: float
) -> dict[str, Any]:
    """Return the estimates with one number of bins, as a table and as readouts."""
    known = sampled(feature, noise, n, sample)
    found = estimates(known["ordered"], (bins,))
    corrected, low, high = (found[name] / math.log(base) for name in ("corrected", "low", "high"))
    plug_in = np.array([binned_mutual_information(known["x"], known["y"], bins=bins, base=base)])
    return {
        "table": {"bins": np.array([float(bins)]), "plug_in": plug_in, "corrected": corrected},
        "readouts": {
            "plug_in": plug_in[0], "miller_madow": corrected[0],
            "null_low": low[0], "null_high": high[0],
        },
    }  # fmt: skip
