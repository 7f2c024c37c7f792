"""Surprise: what one event of probability p tells, −log p, and why surprises add."""

from __future__ import annotations

import math
from typing import Any

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Choice, Number
from ...contract.texts import Texts
from . import figures, model

# P. S. Laplace, Essai philosophique sur les probabilités: after 5000 years, 1 826 213 days, of
# sunrises the next one has the odds of 1 826 214 to 1, by his rule of succession (n + 1)/(n + 2).
SUNRISE = 1_826_214 / 1_826_215
# C. R. Chapman and D. Morrison, Nature 367 (1994): a body of 2 km or more within a century has
# the probability 1 in 10 000; that of one day of it.
ASTEROID = 1e-4 / 36_525


def _scene(p: float, scale: str = "linear") -> dict[str, Any]:
    return {"p": p, "scale": scale}


class Surprise(Explorer):
    """What one event of probability p tells, −log p, and why surprises add."""

    slug = "surprise"
    texts = Texts.beside(__file__)

    p = Number(
        0.5, bounds=(0, 1), step=0.001, decades=12, label="p, probability of the event",
        doc="Probability of the event; its sliders go by powers of ten on a logarithmic scale.",
    )  # fmt: skip
    p_2 = Number(
        0.25, bounds=(0, 1), step=0.001, decades=12, label="p₂, probability of a second event",
        doc="Probability of another event, which is independent of the first.",
    )  # fmt: skip
    scale = Choice(
        default="linear", objects=["linear", "logarithmic"], label="scale",
        doc="Whether equal steps of the picture and of the sliders add to p or multiply it.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = (
        Readout("surprise", "surprise −log p", role="p"),
        Readout("surprise_2", "surprise of the second event", role="p"),
        Readout("surprise_sum", "surprise of both events", role="p"),
        Readout("both", "probability of both, p · p₂", unit=""),
    )
    groups = (
        Group("The event", {"p": "p", "scale": "scale"}, role="p"),
        Group("A second, independent event", {"p_2": "p₂"}, role="p", pictures=("sum",)),
    )
    optional = ("curve", "powers")
    presets = {
        "Coin": _scene(0.5),
        "Die": _scene(1 / 6),
        "Loaded face": _scene(0.9),
        "Certain": _scene(1.0),
        "Sun rose": _scene(SUNRISE),
        "Meteor": _scene(ASTEROID, "logarithmic"),
        "Impossible": _scene(0.0),
        "Six, then heads": {"p": 1 / 6, "p_2": 0.5},
    }
    pictures = (
        Picture("curve", "hero"), Picture("powers", "hero"),
        Picture("sum", "slim"),
    )  # fmt: skip
    axes = (Axis("height"), Axis("height_power"), Axis("amount"))
    handles = (
        Handle({"x": "p"}, "curve", "here", "p", "y", "p", anywhere=True),
        Handle({"x": "p"}, "powers", "here", "at", "y", "p", anywhere=True),
    )
    labels_drawn = (
        *(
            Label(f"{name}_name", name, "p", "y", (("p", 0.0, "{label}"),), beside=True)
            for name in ("weather", "rare")
        ),
        Label("curve_endless", "here", "p", "y", (("y", math.inf, "∞"),), axis="height"),
        Label("powers_endless", "here", "at", "y", (("y", math.inf, "∞"),), axis="height_power"),
        Label(
            "stack_name", "stack", "left", "at",
            (("surprise", math.inf, "{name} ∞"), ("part", 0.3, "{name} {surprise:2}"),
             ("part", 0.15, "{surprise:1}")),
        ),
    )  # fmt: skip
    tables = (
        Table("curve", "The plotted data", "curve", {"p": ("p", 8), "y": ("−log p", 4)}),
        Table(
            "powers", "Over powers of ten", "powers",
            {"power": ("log₁₀ p", 0), "y": ("−log p", 4)},
        ),
        Table(
            "stack", "Two independent events", "stack",
            {"name": ("event", None), "p": ("p", 6), "surprise": ("−log p", 4)},
        ),
        Table(
            "weather", "The weather message", "weather",
            {"label": ("outcome", None), "p": ("p", 2), "y": ("−log p", 4)}, live=True,
        ),
    )  # fmt: skip

    compute = staticmethod(model.compute)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the curve, and the coin on it."""
        curve = model.compute(**Surprise.defaults()).tables["curve"]
        points = zip(curve["p"][30::6], curve["y"][30::6], strict=True)
        path = " L".join(f"{10 + 180 * p:.1f} {92 - 13 * y:.1f}" for p, y in points)
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5">'
            f'<path d="M{path}" stroke="var(--p)"/>'
            '<circle cx="100" cy="79" r="5.5" fill="var(--p)"/></svg>'
        )
