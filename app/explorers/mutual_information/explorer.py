"""What two variables share: in a table, in samples, at a split, and in a table of real data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...contract.declaration import Axis, Group, Label, Picture, Readout, Table, Upload
from ...contract.explorer import Explorer, State, unit_parameter
from ...contract.parameters import Choice, Number, Numbers
from ...contract.result import Result
from ...contract.texts import Texts
from . import figures, model, tabular
from .joint import SIDE, block, cell_name
from .samples import CUTS, MOST
from .tabular import MOST_BYTES, SHIPPED


def _table(*rows: tuple[float, ...]) -> dict[str, Any]:
    joint = [0.0] * SIDE**2
    for place, p in zip(
        block(len(rows), len(rows[0])), (p for row in rows for p in row), strict=True
    ):
        joint[place] = p
    return {"rows": len(rows), "columns": len(rows[0]), "joint": joint}


class MutualInformation(Explorer):
    """What two variables share: in a table, in samples, at a split, and in a table of data."""

    slug = "mutual-information"
    texts = Texts.beside(__file__)

    rows = Number(
        3,
        whole=True,
        bounds=(2, SIDE),
        step=1,
        label="X, how many values",
        doc="Rows of the table.",
    )
    columns = Number(
        3,
        whole=True,
        bounds=(2, SIDE),
        step=1,
        label="Y, how many values",
        doc="Columns of the table.",
    )
    joint = Numbers(
        _table((0.25, 0.05, 0.0), (0.05, 0.25, 0.05), (0.0, 0.1, 0.25))["joint"], control="table",
        bounds=(SIDE**2, SIDE**2), label="probability",
        doc="Joint probabilities, five rows of five; those beyond the table's size are 0.",
    )  # fmt: skip
    feature = Choice(
        default="signal", objects=["signal", "noise"], label="feature",
        doc="What decides the label, with noise added, or noise that has nothing to do with it.",
    )  # fmt: skip
    noise = Number(
        3.0, bounds=(0, 10), step=0.1, label="noise σ", doc="Standard deviation of the added noise."
    )
    n = Number(
        MOST,
        whole=True,
        bounds=(50, MOST),
        step=10,
        label="samples, how many",
        doc="How many samples.",
    )
    bins = Number(
        20,
        whole=True,
        bounds=(2, 1000),
        step=1,
        label="bins, how many",
        doc="Intervals of equal width.",
    )
    sample = Number(
        1,
        whole=True,
        bounds=(1, 100),
        step=1,
        label="sample",
        doc="Which of a hundred random samples.",
    )
    threshold = Number(
        0.5, bounds=CUTS, step=0.02, label="cut",
        doc="Where the split cuts, in standard deviations of the feature.",
    )  # fmt: skip
    dataset = Choice(
        default="breast cancer", objects=list(SHIPPED), label="data set",
        doc="A table that ships with scikit-learn.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("entropy_x", "H(X)", role="p"),
        Readout("entropy_y", "H(Y)", role="q"),
        Readout("joint_entropy", "H(X,Y)"),
        Readout("mutual_information", "I(X;Y), shared", role="accent", noise_of="joint_entropy"),
        Readout("plug_in", "plug-in estimate", role="p", noise_of="one"),
        Readout("miller_madow", "Miller–Madow", role="q", noise_of="one"),
        Readout("exact", "exact", noise_of="one"),
        Readout("information_gain", "information gain", role="accent", noise_of="one"),
        Readout("entropy_x_given_y", "H(X|Y)", card=False, noise_of="joint_entropy"),
        Readout("entropy_y_given_x", "H(Y|X)", card=False, noise_of="joint_entropy"),
        Readout("null_low", "shuffled, least of 39", card=False, noise_of="one"),
        Readout("null_high", "shuffled, largest of 39", card=False, noise_of="one"),
        Readout("label_entropy", "entropy of the sample’s label", card=False),
        Readout("best_gain", "gain of the best cut", card=False, noise_of="one"),
        Readout(
            "cut_at", "your cut", unit="standard deviations", digits=2, style="rounded", card=False
        ),
        Readout(
            "best_at",
            "the best cut",
            unit="standard deviations",
            digits=2,
            style="rounded",
            card=False,
            noise_of="one",
        ),
    )
    groups = (
        Group("1 · A joint table", {"joint": "", "rows": "X", "columns": "Y"}),
        Group(
            "2 · Samples",
            {"feature": "", "noise": "noise σ", "n": "samples", "bins": "bins", "sample": "sample"},
            actions=("again",),
        ),
        Group("3 · A split", {"threshold": "cut"}, actions=("best",)),
        Group("4 · Rank features", {"dataset": ""}, work=("rank", "table", "target")),
    )
    gestures = {"again": "Draw another sample", "best": "Go to the best cut"}
    jobs = {"rank": "Rank its features"}
    uploads = {
        "table": Upload("or your own table, up to 20 MB", (".csv", ".tsv", ".txt"), MOST_BYTES)
    }
    choices = {"target": "what to predict"}
    replaces = {"dataset": ("own",)}  # the button ranks what was chosen last; the file stays
    ends = {"rank": ("target",), "target": ("rank",), "table": ("rank", "target")}
    optional = ("ranking",)
    presets = {
        "Independent": _table((0.25, 0.15, 0.1), (0.15, 0.09, 0.06), (0.1, 0.06, 0.04)),
        "Y copies X": _table((0.5, 0.0, 0.0), (0.0, 0.3, 0.0), (0.0, 0.0, 0.2)),
        "Y is a function of X": _table((0.25, 0.0), (0.25, 0.0), (0.0, 0.25), (0.0, 0.25)),
        "Feature decides": {"feature": "signal", "noise": 0.0, "n": MOST, "bins": 20},
        "Feature hints": {"feature": "signal", "noise": 3.0, "n": MOST, "bins": 20},
        "Pure noise": {"feature": "noise", "n": MOST, "bins": 20},
        "Noise in 1000 bins": {"feature": "noise", "n": MOST, "bins": 1000},
    }
    pictures = (
        Picture("mosaic", "short"), Picture("parts"), Picture("estimates", "hero"),
        Picture("counts", "short", drag={"x": "threshold"}),
        Picture("gain", "short", drag={"x": "threshold"}),
        Picture("ranking", "hero", served=True),
    )  # fmt: skip
    axes = (Axis("information"), Axis("estimate"), Axis("gain_axis"), Axis("ranked"))
    labels_drawn = (
        Label(
            "cell_name", "cells", "middle", "centre",
            (("room", 0.18, "{x}, {y}"), ("room", 0.09, "{y}")),
        ),
        *(
            Label(
                f"piece_{letter}", "parts", f"{letter}_middle", "middle",
                ((f"{letter}_named", 1.0, name), (f"{letter}_numbered", 1.0, f"{{{readout}:3}}")),
            )
            for letter, name, readout in (
                ("x", "H(X|Y)", "entropy_x_given_y"), ("i", "I(X;Y)", "mutual_information"),
                ("y", "H(Y|X)", "entropy_y_given_x"),
            )
        ),
    )  # fmt: skip
    tables = (
        Table(
            "ranking", "Features by what they tell of the target", "ranking",
            {
                "feature": ("feature", None), "kind": ("read as", None), "plug_in": ("plug-in", 4),
                "corrected": ("Miller–Madow", 4), "chance": ("chance up to", 4),
                "sklearn": ("scikit-learn", 4),
            },
            live=True,
        ),
        Table(
            "cells", "The joint table", "cells",
            {
                "x": ("X", None), "y": ("Y", None), "p": ("p(x,y)", 4),
                "product": ("p(x)·p(y)", 4), "term": ("to I(X;Y)", 4),
            },
        ),
        Table(
            "estimates", "The estimates", "estimates",
            {
                "bins": ("bins", 0), "plug_in": ("plug-in", 4), "corrected": ("Miller–Madow", 4),
                "low": ("shuffled from", 4), "high": ("to", 4),
            },
        ),
        Table(
            "gain", "Information gain of each cut", "gain",
            {"cut": ("cut, in standard deviations", 2), "gain": ("gain", 4)},
        ),
    )  # fmt: skip

    constants = model.CONSTANTS
    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    entry_name = staticmethod(cell_name)
    figures = staticmethod(figures.draw)
    work = staticmethod(tabular.work)

    @classmethod
    def results(cls, state: State, findings: Mapping[str, Any]) -> Result:
        """Return what the state says, with the table and the ranking that a session holds."""
        return tabular.with_ranking(cls.compute(**state), findings, state["unit"])

    @staticmethod
    def preview() -> str:
        """Draw the two overlapping bars."""
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true">'
            '<rect x="14" y="22" width="118" height="26" rx="3" fill="var(--p)"/>'
            '<rect x="72" y="54" width="114" height="26" rx="3" fill="var(--q)"/>'
            '<rect x="72" y="14" width="60" height="74" rx="3" fill="var(--accent)" '
            'fill-opacity="0.45"/></svg>'
        )
