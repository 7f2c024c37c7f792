"""True p and model q over the same outcomes: what q costs, what it wastes, and how it learns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Player, Readout, Table
from ...contract.draws import GESTURES as DRAWS
from ...contract.draws import WALK, draw_parameter, seed_parameter
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Choice, Names, Number, Numbers
from ...contract.simplex import FEWEST, GESTURES_OF_TWO, MOST
from ...contract.texts import Texts
from . import figures, model

WEATHER = ("sun", "cloud", "rain")


def _scene(p: Sequence[float], q: Sequence[float], labels: Sequence[str]) -> dict[str, Any]:
    return {"p": list(p), "q": list(q), "labels": list(labels), "locked": [], "locked_q": []}


def _shares(values: list[float], label: str, doc: str) -> Numbers:
    return Numbers(values, bounds=(FEWEST, MOST), label=label, doc=doc)


def _names(values: list[str], fewest: int, label: str, doc: str) -> Names:
    return Names(values, bounds=(fewest, MOST), label=label, doc=doc)


class CrossEntropy(Explorer):
    """True p and model q over the same outcomes: what q costs, what it wastes, how it learns."""

    slug = "cross-entropy"
    texts = Texts.beside(__file__)

    p = _shares([0.7, 0.2, 0.1], "probability in P", "True probability of each outcome.")
    q = _shares(
        [0.1, 0.1, 0.8], "probability in Q",
        "What the model gives each outcome, before the training steps.",
    )  # fmt: skip
    labels = _names(list(WEATHER), FEWEST, "labels", "Name of each outcome.")
    locked = _names([], 0, "locked", "Names of the outcomes that keep their p while others move.")
    locked_q = _names(
        [], 0, "locked in Q", "Names of the outcomes that keep their q while others move."
    )
    steps = Number(
        0.0, bounds=(0, model.STEPS), step=1, label="steps of training",
        doc="Steps of gradient descent that q has taken on its logits, at rate 0.2.",
    )  # fmt: skip
    clip = Choice(
        default="off",
        objects=["off", "on"],
        label="clip at 10⁻¹²",
        doc="Whether to show what code that raises q to 1e-12 reports, beside the truth.",
    )
    draw = draw_parameter()
    seed = seed_parameter()
    unit = unit_parameter("bits")

    readouts = (
        Readout("cross_entropy_pq", "loss H(p, q)", role="p"),
        Readout("entropy_p", "entropy H(p)", role="p"),
        Readout("kl_pq", "waste D(p‖q)", role="p"),
        Readout("entropy_q", "entropy H(q)", role="q"),
        Readout("kl_qp", "waste D(q‖p)", role="q"),
        Readout("cross_entropy_qp", "loss H(q, p)", role="q"),
        Readout("bce", "BCE of the first outcome against the rest", noise_of="one"),
        Readout("cce", "CCE of all outcomes, which is H(p, q)", role="p"),
        Readout("bce_clipped", "BCE with q clipped at 1e-12", noise_of="one"),
        Readout("cce_clipped", "CCE with q clipped at 1e-12"),
        Readout("clip_ceiling", "most that a clipped −log q can be", digits=3),
        Readout("loss_at_start", "loss before training"),
        Readout("drawn", "outcomes drawn from P", unit="", digits=0),
        Readout("running_mean", "what q paid for them on average", role="accent"),
        Readout("overpaid", "paid on top, dotted", role="q", noise_of="one"),
        Readout("saved", "saved, hatched", role="p", noise_of="one"),
    )
    groups = (
        Group("P, the truth", {"p": ""}, role="p", actions=("add",)),
        Group("Q, the model", {"q": ""}, role="q"),
        Group("Training", {"steps": "steps"}, actions=("train",), pictures=("training",),
              fold=True),
        Group("P draws, Q pays", {}, role="p", actions=tuple(DRAWS), pictures=("drops", "walk"),
              fold=True),
        Group("Clip q at 10⁻¹²", {"clip": "clip"}, pictures=("clip",), fold=True),
    )  # fmt: skip
    players = (Player("Train", "train", "trained"),)
    gestures = {**dict.fromkeys(GESTURES_OF_TWO, ""), "add": "add outcome", "train": "",
                "swap": "Swap P and Q", **DRAWS}  # fmt: skip
    optional = ("clip",)
    presets = {
        "Close": _scene([0.7, 0.2, 0.1], [0.6, 0.3, 0.1], WEATHER),
        "Far off": _scene([0.7, 0.2, 0.1], [0.1, 0.1, 0.8], WEATHER),
        "Equal": _scene([0.7, 0.2, 0.1], [0.7, 0.2, 0.1], WEATHER),
        "Ruled out": _scene([0.7, 0.2, 0.1], [0.8, 0.2, 0.0], WEATHER),
        "One-hot label": _scene([1.0, 0.0, 0.0], [0.8, 0.1, 0.1], ["cat", "dog", "fish"]),
        "Loaded die": _scene([0.1] * 5 + [0.5], [1 / 6] * 6, "123456"),
    }
    pictures = (
        Picture("boxes", "hero"), Picture("identity", "slim"),
        Picture("training", "short"), Picture("losses", "short", below=True),
        Picture("clip", "short"), Picture("drops", "short"), Picture("walk", "short"),
    )  # fmt: skip
    axes = (Axis("box", below=0.36), Axis("amount"), Axis("loss"), Axis("cost"), Axis("running"))
    handles = (
        Handle({"y": "q"}, "boxes", "boxes", "held", "length", "q", law="surprise", sparse=True),
        Handle(
            {"x": "p"}, "boxes", "boxes", "right", "half", "p", origin="edge_from",
            gain="edge_gain", sparse=True,
        ),
        Handle({"x": "q"}, "losses", "mark", "x", 0.0, "q", entry=0),
    )  # fmt: skip
    labels_drawn = (
        Label(
            "box_length", "boxes", "middle", "wasted",
            (("paid", 0.0, "{length:2}"), ("paid", 0.0, "{length:1}")), within="paid",
        ),
        Label("box_name", "boxes", "middle", 0.0, (("p", 0.001, "{label}"),), fit="p", drop=11),
        Label("box_endless", "boxes", "middle", "mark", (("mark", math.inf, "∞"),), axis="box"),
        Label(
            "identity_sum", "identity", "words", 1.57,
            (("loss", math.inf, "H(p) + D(p‖q) = ∞"), ("loss", 0.0, "H(p) + D(p‖q)")),
        ),
        Label(
            "identity_total", "identity", 0.0, 0.52,
            (("loss", math.inf, "H(p, q) = ∞"), ("loss", 0.0, "H(p, q)")),
        ),
        Label("step_loss", "step", "x", "loss", (("loss", 0.0, "{loss:3}"),), axis="loss"),
        Label(
            "mark_endless", "mark", "x", "loss", (("loss", math.inf, "{name} ∞"),), ("shift",),
            axis="cost", edge=model.EDGE,
        ),
        Label(
            "clip_cost", "clip_mark", "exponent", "at", (("loss", 0.0, "{loss:3}"),), ("shift",)
        ),
    )  # fmt: skip
    tables = (
        Table(
            "costs", "What each outcome costs", "boxes",
            {
                "label": ("outcome", None), "p": ("p", 3), "q": ("q", 3), "ideal": ("−log p", 3),
                "length": ("−log q", 3), "area": ("p · (−log q)", 4), "waste": ("wasted", 4),
            },
            totals={"label": "sum", "area": "cross_entropy_pq", "waste": "kl_pq"},
            live=True,
        ),
        Table("path", "The training path", "path", {"step": ("step", 0), "loss": ("H(p, q)", 6)}),
        WALK,
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the boxes, what q costs on top, and the outline of what it saves."""
        boxes = model.compute(**CrossEntropy.defaults()).tables["boxes"]
        drawn = []
        outline = 'fill="none" stroke="var(--p)" stroke-dasharray="3 2"'
        for left, p, both, over, under in zip(
            *(boxes[name] for name in ("left", "p", "both", "over", "under")), strict=True
        ):
            pieces = (
                (0, both, 'fill="var(--p)"'), (both, over, 'fill="var(--q)"'),
                (both, under, outline),
            )  # fmt: skip
            for low, high, look in pieces:
                drawn.append(
                    f'<rect x="{10 + 180 * left:.1f}" y="{92 - 25 * high:.1f}" '
                    f'width="{180 * p - 2:.1f}" height="{25 * (high - low):.1f}" '
                    f"{look}/>"
                )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{"".join(drawn)}</svg>'
