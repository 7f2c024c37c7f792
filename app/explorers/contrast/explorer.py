"""Picking a true partner among N candidates, InfoNCE, and what it tells of shared information."""

from __future__ import annotations

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.draws import GESTURES as DRAWS
from ...contract.draws import WALK, draw_parameter, seed_parameter
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Number
from ...contract.texts import Texts
from . import figures, model
from .rounds import MOST_CANDIDATES

LOWEST = float("-inf")


class Contrast(Explorer):
    """A true partner is picked among N candidates: the loss, and the bound on what they share."""

    slug = "contrast"
    texts = Texts.beside(__file__)

    rho = Number(
        0.95, bounds=(-1, 1), step=0.001, label="correlation ρ",
        doc="Correlation of x and y, two standard normals.",
    )  # fmt: skip
    candidates = Number(
        8, whole=True, bounds=(1, MOST_CANDIDATES), step=1, label="candidates N",
        doc="Among how many y the true partner of x is picked.",
    )  # fmt: skip
    temperature = Number(
        1.0, bounds=(0.4, 4), step=0.05, label="temperature τ",
        doc="What the scores are divided by: the lower, the surer the model is of its choice.",
    )  # fmt: skip
    draw = draw_parameter(1)
    seed = seed_parameter()
    unit = unit_parameter("nats")

    readouts = (
        Readout("bound", "bound log N − loss", role="accent", noise_of="one"),
        Readout("info_nce", "expected loss", noise_of="one"),
        Readout("mutual_information", "what they share, I", role="accent"),
        Readout("ceiling", "ceiling log N"),
        Readout("round_share", "partner’s share in this round", unit=""),
        Readout("round_loss", "loss of this round"),
        Readout("round_bound", "log N − loss of this round", noise_of="one"),
        Readout("round_x", "x of this round", unit="", digits=2),
        Readout("drawn", "rounds drawn", unit="", digits=0),
        Readout(
            "running_mean",
            "their average log N − loss",
            role="accent",
            noise_of="one",
        ),
    )
    groups = (
        Group(
            "The game", {"rho": "correlation ρ", "candidates": "candidates N"},
            actions=("next_round",),
        ),
        Group("Many rounds", {}, actions=tuple(DRAWS), pictures=("drops", "walk"), fold=True),
        Group("Temperature", {"temperature": "temperature τ"}, fold=True),
    )  # fmt: skip
    gestures = {"next_round": "Next round", **DRAWS}
    presets = {
        "Strangers": {"rho": 0.0, "candidates": 8},
        "Related": {"rho": 0.95, "candidates": 8},
        "Ceiling": {"rho": 0.999, "candidates": 8},
        "Many": {"rho": 0.95, "candidates": 128},
        "Opposite": {"rho": -0.95, "candidates": 8},
        "Identical": {"rho": 1.0, "candidates": 8},
        "Too sure": {"rho": 0.5, "candidates": 8, "temperature": 0.4},
    }
    pictures = (
        Picture("round"), Picture("bounds", "hero"),
        Picture("drops", "short"), Picture("walk", "short"),
    )  # fmt: skip
    axes = (Axis("height"), Axis("share"), Axis("running"))
    handles = (
        Handle({"x": "candidates"}, "bounds", "here", "n", "bound", anywhere=True),
    )  # fmt: skip
    labels_drawn = (
        Label("ceiling_name", "here", "named_n", "named", (("named", LOWEST, "log N"),)),
        Label(
            "information_name", "here", 1.0, "information",
            (("information", float("inf"), "I = ∞"), ("information", LOWEST, "I")),
            axis="height",
        ),
    )  # fmt: skip
    tables = (
        Table(
            "bounds", "The plotted data", "bounds",
            {
                "n": ("N", 0), "ceiling": ("log N", 4), "information": ("I", 4),
                "bound": ("bound", 4),
            },
        ),
        Table("partner", "The partner", "partner", {"y": ("y", 4), "share": ("share", 6)}),
        Table("strangers", "The others", "strangers", {"y": ("y", 4), "share": ("share", 6)}),
        WALK,
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw a bound that rises with log N and bends below I."""
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5">'
            '<path d="M14 90 L104 10" stroke="var(--ink)" stroke-dasharray="2 5"/>'
            '<path d="M14 30 H190" stroke="var(--ink)" stroke-dasharray="8 5"/>'
            '<path d="M14 90 C56 54 84 34 190 33" stroke="var(--accent)"/>'
            '<circle cx="72" cy="48" r="5.5" fill="var(--accent)"/></svg>'
        )
