"""What two variables share, in a joint table that a reader edits."""

from __future__ import annotations

from typing import Any

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Choice, Names, Number, Numbers
from ...contract.texts import Texts
from . import figures, model
from .joint import SIDE, block, cell_name

SKY = ["sun", "cloud", "rain", "snow", "fog"]
CARRIED = ["no umbrella", "umbrella", "raincoat", "hood", "hat"]
KNOBS = 22  # px of a cell's width that the knobs on its sides cover


def _table(*rows: tuple[float, ...], x: str = "", y: str = "") -> dict[str, Any]:
    """Return the state of a table, the first of its rows and columns renamed."""
    joint = [0.0] * SIDE**2
    for place, p in zip(
        block(len(rows), len(rows[0])), (p for row in rows for p in row), strict=True
    ):
        joint[place] = p
    names = {"names_x": _named(x, "X"), "names_y": _named(y, "Y")} if x else {}
    return {"rows": len(rows), "columns": len(rows[0]), "joint": joint, **names}


def _named(names: str, letter: str) -> list[str]:
    given = names.split()
    return [*given, *(f"{letter}{i + 1}" for i in range(len(given), SIDE))]


class MutualInformation(Explorer):
    """What two variables share, in a joint table."""

    slug = "mutual-information"
    texts = Texts.beside(__file__)

    rows = Number(
        4, whole=True, bounds=(2, SIDE), step=1, label="X values", doc="Rows of the table."
    )
    columns = Number(
        2, whole=True, bounds=(2, SIDE), step=1, label="Y values", doc="Columns of the table."
    )
    joint = Numbers(
        _table((0.48, 0.02), (0.2, 0.05), (0.02, 0.13), (0.05, 0.05))["joint"], control="table",
        bounds=(SIDE**2, SIDE**2), label="probability",
        doc="Joint probabilities, five rows of five; those beyond the table's size are 0.",
    )  # fmt: skip
    observed = Choice(
        default="1", objects=[str(row + 1) for row in range(SIDE)], label="row seen",
        named=("names_x", "rows"), doc="The row of the table whose value of X is seen.",
    )  # fmt: skip
    names_x = Names(
        SKY, bounds=(SIDE, SIDE), label="names of X",
        doc="What the five rows are called, those beyond the table's size included.",
    )  # fmt: skip
    names_y = Names(
        CARRIED, bounds=(SIDE, SIDE), label="names of Y",
        doc="What the five columns are called, those beyond the table's size included.",
    )  # fmt: skip
    unit = unit_parameter("bits")

    readouts = (
        Readout("mutual_information", "I(X;Y)", role="accent", noise_of="joint_entropy"),
        Readout("entropy_x", "H(X)", role="p"),
        Readout("entropy_y", "H(Y)", role="q"),
        Readout("joint_entropy", "H(X,Y)"),
        Readout("entropy_x_given_y", "H(X|Y)", noise_of="joint_entropy"),
        Readout("entropy_y_given_x", "H(Y|X)", noise_of="joint_entropy"),
        Readout("most_information", "maximum of I, the smaller of H(X) and H(Y)"),
        Readout(
            "correlation", "correlation of the numbers of row and column", unit="", noise_of="one",
        ),
        Readout("entropy_seen", "H(Y) once X is seen", role="q"),
        Readout("observed_probability", "how often that X is seen", unit=""),
    )  # fmt: skip
    groups = (
        Group("Joint table", {"joint": "", "rows": "X values", "columns": "Y values"}),
        Group("Guess Y, now see X", {"observed": ""}, role="q", pictures=("guess",), fold=True),
    )  # fmt: skip
    presets = {
        "Sky and umbrella": _table((0.48, 0.02), (0.2, 0.05), (0.02, 0.13), (0.05, 0.05)),
        "Independent": _table((0.25, 0.25), (0.125, 0.125), (0.075, 0.075), (0.05, 0.05)),
        "Y copies X": _table(
            (0.5, 0.0, 0.0),
            (0.0, 0.3, 0.0),
            (0.0, 0.0, 0.2),
            x="sun cloud rain",
            y="sun cloud rain",
        ),
        "Y is a function of X": _table(
            (0.5, 0.0), (0.25, 0.0), (0.0, 0.15), (0.0, 0.1), x="sun cloud rain snow", y="dry wet"
        ),
        "Y = X²": _table((0.0, 0.25), (0.5, 0.0), (0.0, 0.25), x="X=−1 X=0 X=1", y="Y=0 Y=1"),
        "Agree 90 %": _table((0.45, 0.05), (0.05, 0.45), x="yes no", y="yes no"),
        "Disagree 90 %": _table((0.05, 0.45), (0.45, 0.05), x="yes no", y="yes no"),
    }
    pictures = (
        Picture("mosaic", "hero"), Picture("parts", "short"), Picture("guess", "short"),
        Picture("product", below=True),
    )  # fmt: skip
    axes = (Axis("information"),)
    handles = (
        Handle(
            {"y": "joint"}, "mosaic", "rows", -0.055, "bottom", "p", entry="place",
            origin="from", gain="gain", way="height", sparse=True,
        ),
        Handle(
            {"x": "joint"}, "mosaic", "cells", "right", "centre", "q", entry="place",
            origin="from", gain="gain", way="division", sparse=True, room="height",
        ),
    )  # fmt: skip
    labels_drawn = (
        Label(
            "row_name", "rows", -0.29, "centre",
            (("p", 0.0, "{name}\n{p:3}"), ("p", 0.0, "{name}: {p:3}"), ("p", 0.0, "{name}")),
            inside=(0.2, "p", 0),
        ),
        *(
            Label(
                name, "cells", f"{kind}middle", "centre",
                tuple((p, 0.0, f"{before}{{{p}:3}}") for before in ("{y}: ", "{y}\n", "")),
                inside=(f"{kind}wide", "height", KNOBS),
            )
            for name, kind, p in (
                ("cell_name", "", "p"), ("product_name", "product_", "product"),
            )
        ),
        Label("guess_name", "guess", "middle", 0.0, (("room", 0.0, "{y}"),), fit="room"),
        Label(
            "before_text", "guess", "before_at", "before", (("room", 0.0, "{before:2}"),),
            inside=("wide", 1, 0),
        ),
        Label(
            "after_text", "guess", "after_at", "after", (("shown", 1.0, "{after:2}"),),
            inside=("wide", 1, 0),
        ),
        *(
            Label(
                f"piece_{letter}", "parts", f"{letter}_middle", "middle",
                (("all", 1.0, name), (f"{letter}_wide", 0.0, f"{{{readout}:3}}")),
                inside=(f"{letter}_wide", "thick", 0),
            )
            for letter, name, readout in (
                ("x", "H(X|Y)", "entropy_x_given_y"), ("i", "I(X;Y)", "mutual_information"),
                ("y", "H(Y|X)", "entropy_y_given_x"),
            )
        ),
    )  # fmt: skip
    tables = (
        Table(
            "cells", "The joint table beside p(x)·p(y)", "cells",
            {
                "x": ("X", None), "y": ("Y", None), "p": ("p(x,y)", 4),
                "product": ("p(x)·p(y)", 4), "term": ("to I(X;Y)", 4),
            },
            totals={"x": "sum", "term": "mutual_information"},
        ),
        Table(
            "guess", "p(y) before and after X is seen", "guess",
            {"y": ("Y", None), "before": ("p(y)", 4), "after": ("p(y|x)", 4)},
        ),
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    ways = {"height": "joint", "division": "joint"}
    entry_name = staticmethod(cell_name)
    figures = staticmethod(figures.draw)

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
