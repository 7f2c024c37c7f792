"""A tree of two questions to the samples of a reading and a label."""

from __future__ import annotations

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.labelled import CONTROLS
from ...contract.parameters import Choice, Number
from ...contract.texts import Texts
from . import figures, model

_DEVIATIONS = {"unit": "standard deviations", "digits": 2, "style": "rounded"}


def _cut(default: float, label: str, doc: str) -> Number:
    return Number(default, bounds=model.CUTS, step=0.02, label=label, doc=doc)


class DecisionTree(Explorer):
    """What the two questions of a decision tree tell of a label, in bits."""

    slug = "decision-tree"
    texts = Texts.beside(__file__)

    noise = Number(1.0, **CONTROLS["noise"])
    n = Number(**CONTROLS["n"])
    sample = Number(**CONTROLS["sample"])
    threshold = _cut(0.8, "cut", "Where the first question cuts, in standard deviations.")
    second = Choice(
        default=model.NONE, objects=[model.NONE, model.SAME, model.OTHER],
        label="second question about",
        doc="What the second question asks about: the reading again, or what disturbs it.",
    )  # fmt: skip
    cut_left = _cut(-0.5, "left cut", "Where the second question cuts the samples left of the cut.")
    cut_right = _cut(1.5, "right cut", "Where the second question cuts those right of it.")
    curve = Choice(
        default="your cut", objects=["your cut", model.EVERY], label="gain of",
        doc="Whether the pictures show what every cut gains, and the best, which a task asks.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = (
        Readout("information_gain", "information gain", role="accent", noise_of="one"),
        Readout("best_gain", "gain of the best cut", noise_of="one"),
        Readout("label_entropy", "entropy of the label"),
        Readout("second_gain", "second answer", noise_of="one"),
        Readout("tree_gain", "both answers", noise_of="one"),
        Readout("left_gain", "second answer, left of the cut", noise_of="one"),
        Readout("right_gain", "second answer, right of the cut", noise_of="one"),
        Readout("best_second_gain", "best second answer", noise_of="one"),
        Readout("cut_at", "your cut", **_DEVIATIONS),  # type: ignore[arg-type]
        Readout("best_at", "the best cut", noise_of="one", **_DEVIATIONS),  # type: ignore[arg-type]
        Readout("left_cut_at", "your left cut", **_DEVIATIONS),  # type: ignore[arg-type]
        Readout("right_cut_at", "your right cut", **_DEVIATIONS),  # type: ignore[arg-type]
        Readout("gini_gain", "fall of Gini’s impurity", unit="", noise_of="one"),
        Readout("best_gini_gain", "its largest fall", unit="", noise_of="one"),
        Readout("best_gini_at", "Gini’s best cut", noise_of="one", **_DEVIATIONS),  # type: ignore[arg-type]
    )
    groups = (
        Group("First question", {"threshold": "cut", "curve": ""}, actions=("best",)),
        Group("Second question", {"second": "", "cut_left": "left cut", "cut_right": "right cut"},
              actions=("best_second",), pictures=("tree",), fold=True,
              only_while={"cut_left": "asked", "cut_right": "asked"}),
        Group("Samples", {"noise": "noise σ", "n": "samples", "sample": "sample"},
              actions=("again",), fold=True),
    )  # fmt: skip
    kept = ("curve",)
    gestures = {
        "again": "Draw another sample", "best": "Go to the best cut",
        "best_second": "Go to each side’s best cut",
    }  # fmt: skip
    presets = {
        "A good instrument": {"noise": 0.5, "threshold": 0.0},
        "A poor instrument": {"noise": 3.0, "threshold": 0.0},
        "The same question twice": {
            "threshold": 0.0, "second": model.SAME, "cut_left": 0.0, "cut_right": 0.0,
        },
        "Ask about the disturbance": {
            "threshold": 0.0, "second": model.OTHER, "cut_left": 0.0, "cut_right": 0.0,
        },
        "50 samples": {"n": 50, "threshold": 0.0},
    }  # fmt: skip
    pictures = (
        Picture("counts", "short"),
        Picture("gain", "short"),
        Picture("tree"),
        Picture("gini", "short", below=True),
    )
    axes = (Axis("gain_axis"), Axis("gini_axis"))
    handles = (
        Handle({"x": "threshold"}, "counts", "marks", "cut", 0.0, anywhere=True),
        Handle({"x": "threshold"}, "gain", "marks", "cut", "gain", anywhere=True),
    )
    labels_drawn = (
        Label(
            "node_text", "nodes", "middle", "centre",
            (("room", 0.22, "{ones:0} of {n:0}"), ("room", 0.08, "{share:0} %")),
        ),
    )  # fmt: skip
    tables = (
        Table(
            "nodes", "The tree, from the root to the leaves", "nodes",
            {"answers": ("answers", None), "n": ("samples", 0), "ones": ("with rain", 0),
             "share": ("per cent with rain", 1)},
        ),
        Table(
            "gain", "Information gain of each cut", "gain",
            {"cut": ("cut, in standard deviations", 2), "gain": ("gain", 4),
             "gini": ("fall of Gini’s impurity", 4)},
        ),
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw a tree of two questions, each node as wide as what reaches it."""
        boxes = ((14, 14, 172, 90), (14, 41, 80, 20), (98, 41, 88, 70), (14, 68, 40, 4),
                 (58, 68, 36, 16), (98, 68, 30, 14), (132, 68, 54, 50))  # fmt: skip
        drawn = "".join(
            f'<rect x="{x}" y="{y}" width="{w}" height="22" rx="3" fill="var(--dim)" '
            f'fill-opacity="0.35"/><rect x="{x}" y="{y}" width="{ones}" height="22" rx="3" '
            'fill="var(--q)"/>'
            for x, y, w, ones in boxes
        )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{drawn}</svg>'
