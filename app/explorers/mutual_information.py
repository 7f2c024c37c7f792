"""What two variables share: in a table, in samples, at a split, and in a table of real data."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import param

from app.explorer import UNITS, Explorer, Group, Picture, Readout, unit_parameter
from app.explorers.parts.mutual_joint import SIDE, as_joint, block, move_cell, resize
from app.explorers.parts.mutual_pictures import (
    CUTS,
    counts_figure,
    estimates_figure,
    gain_figure,
    mosaic_figure,
    parts_figure,
    ranking_figure,
)
from app.explorers.parts.mutual_results import (
    NOTHING,
    binned,
    curves_of,
    drawn,
    marks_of,
    of_table,
    sampled,
)
from app.explorers.parts.mutual_samples import MOST
from app.explorers.parts.mutual_tabular import (
    MOST_BYTES,
    SHIPPED,
    ranked,
    read_table,
    shipped_table,
)
from app.explorers.texts.mutual_information import CAPTIONS, CARDS, RANK_HINT, TABLES
from app.figures import fixed, ladder, span_range
from app.state import Numbers
from app.work import File, Steps, Upload


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
    title = "Mutual information"
    question = "How much does one thing tell you about another?"
    lede = (
        "Knowing X shortens the code for Y by I(X;Y), and knowing Y shortens that for X by just as "
        "much. Set it in a table, estimate it from samples, spend it on a decision tree’s split."
    )

    rows = param.Integer(3, bounds=(2, SIDE), step=1, label="values of X", doc="Rows of the table.")
    columns = param.Integer(
        3, bounds=(2, SIDE), step=1, label="values of Y", doc="Columns of the table."
    )
    joint = Numbers(
        _table((0.25, 0.05, 0.0), (0.05, 0.25, 0.05), (0.0, 0.1, 0.25))["joint"], control="table",
        bounds=(SIDE**2, SIDE**2), label="probability",
        doc="Joint probabilities, five rows of five; those beyond the table's size are 0.",
    )  # fmt: skip
    feature = param.Selector(
        default="signal", objects=["signal", "noise"], label="feature",
        doc="What decides the label, with noise added, or noise that has nothing to do with it.",
    )  # fmt: skip
    noise = param.Number(
        3.0, bounds=(0, 10), step=0.1, label="noise", doc="Standard deviation of the added noise."
    )
    n = param.Integer(
        MOST, bounds=(50, MOST), step=10, label="number of samples", doc="How many samples."
    )
    bins = param.Integer(
        20, bounds=(2, 1000), step=1, label="number of bins", doc="Intervals of equal width."
    )
    sample = param.Integer(
        1, bounds=(1, 100), step=1, label="sample", doc="Which of a hundred random samples."
    )
    threshold = param.Number(
        0.5, bounds=CUTS, step=0.02, label="cut",
        doc="Where the split cuts, in standard deviations of the feature.",
    )  # fmt: skip
    dataset = param.Selector(
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
    )
    groups = (
        Group("1 · A joint table", {"joint": "", "rows": "X", "columns": "Y"}, hint=(
            "Rows are values of X, columns of Y. Choose a cell and pull its slider; the others "
            "share the rest in proportion."
        )),
        Group(
            "2 · Samples",
            {"feature": "", "noise": "noise σ", "n": "samples", "bins": "bins", "sample": "sample"},
            actions=("again",),
            hint="The label says whether a normal x₀ is positive. The feature is x₀ with noise of "
            "standard deviation σ added, or noise alone.",
        ),
        Group("3 · A split", {"threshold": "cut"}, actions=("best",), hint=(
            "Cuts the same samples in two, in standard deviations of the feature."
        )),
        Group(
            "4 · Rank features", {"dataset": ""}, work=("rank", "table", "target"),
            needs="Ranking a table of real data, yours too,",
            hint=RANK_HINT,
        ),
    )  # fmt: skip
    gestures = {"again": "Draw another sample", "best": "Go to the best cut"}
    jobs = {"rank": "Rank its features"}
    uploads = {
        "table": Upload("or your own table, up to 20 MB", (".csv", ".tsv", ".txt"), MOST_BYTES)
    }
    choices = {"target": "what to predict"}
    replaces = {"dataset": ("own",)}  # the button ranks what was chosen last; the file stays
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
        Picture("mosaic", "The joint table as areas", CAPTIONS["mosaic"], "short"),
        Picture("parts", "Entropies as bars with a shared piece", CAPTIONS["parts"]),
        Picture("estimates", "Estimates against the number of bins", CAPTIONS["estimates"], "hero"),
        Picture("counts", "Samples with and without the label", CAPTIONS["counts"], "short",
                drag={"x": "threshold"}),
        Picture("gain", "Information gain of each cut", CAPTIONS["gain"], "short",
                drag={"x": "threshold"}),
        Picture("ranking", "Features by what they tell of the target", CAPTIONS["ranking"], "hero",
                served=True),
    )  # fmt: skip
    tables = TABLES
    status = (
        "X and Y share {mutual_information} {unit}. From the samples: plug-in {plug_in}, "
        "Miller–Madow {miller_madow}, exact {exact}. The cut gains {information_gain}."
    )
    code = (
        "import math\n\nimport numpy as np\n\nfrom infocore import mutual_information\n\n"
        "joint = np.reshape({cells.p}, ({rows}, {columns}))\n"
        "mutual_information(joint, base={base})\n# {mutual_information}"
    )
    cards = CARDS

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

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Keep the joint table a distribution, draw again, or move one control."""
        if name == "joint":
            return move_cell(state, value, index) if index is not None else as_joint(state, value)
        if name in ("rows", "columns"):
            return resize(state, name, value)
        if name == "again":
            return {"sample": state["sample"] % 100 + 1}
        if name == "best":
            cut = sampled(*(state[key] for key in ("feature", "noise", "n", "sample")))["best"]
            billionths = math.floor(1e9 * cut + 0.5) / 1e9  # alike in both languages
            return {"threshold": min(max(billionths, CUTS[0]), CUTS[1])}
        return {name: value}

    @staticmethod
    def compute(
        rows: int, columns: int, joint: list[float], feature: str, noise: float, n: int, bins: int,
        sample: int, threshold: float, dataset: str, unit: str,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the table's parts, the estimates, the cuts, and the numbers they show."""
        base = UNITS[unit]
        samples = feature, noise, n, sample
        table = of_table(rows, columns, tuple(joint), base)
        known, curves = sampled(*samples), curves_of(*samples, base)
        here, marks = binned(*samples, bins, base), marks_of(*samples, threshold, base)
        told = table["told"]
        return {
            "cells": table["cells"],
            "parts": table["parts"],
            "estimates": curves["estimates"],
            "here": here["table"],
            "gain": curves["gain"],
            "counts": known["counts"],
            "marks": marks,
            "ranking": NOTHING,
            "readout": {
                **told,
                **here["told"],
                "exact": curves["estimates"]["exact"][0],
                "label_entropy": curves["label_entropy"],
                "information_gain": marks["gain"][0],
                "best_gain": marks["best_gain"][0],
            },
            "range": {
                "information": (0.0, ladder(1.02 * max(told["joint_entropy"], 0.02))),
                **curves["range"],
                "counts_axis": (marks["floor"][0], marks["ceiling"][0]),
                "ranked": (0.0, 1.0), "places": (-1.0, 0.0),
            },
            "words": {
                "cut_at": fixed(threshold, 2), "best_at": fixed(known["best"], 2),
                "ranked": "", "about": "", "target": [], "target_chosen": "",
            },
            "show": {"ranking": False},
        }  # fmt: skip

    @staticmethod
    def view(sources: Any) -> dict[str, Any]:
        """Return the figures."""
        cuts = span_range("cuts", *CUTS)
        return {
            "mosaic": mosaic_figure(sources["cells"]),
            "parts": parts_figure(sources["parts"]),
            "estimates": estimates_figure(sources["estimates"], sources["here"]),
            "counts": counts_figure(sources["counts"], sources["marks"], cuts),
            "gain": gain_figure(sources["gain"], sources["marks"], cuts),
            "ranking": ranking_figure(sources["ranking"]),
        }

    def work(self, name: str, given: File | str | None = None) -> Steps:
        """Rank a table that ships, read the reader's, or rank that by the target they chose."""
        reading = "table" in self.progress.get("jobs", {})
        for other in {"rank", "target"} - {name}:  # one ranking at a time, and none of an old table
            self.desk.cancel(other)
        if isinstance(given, File):
            return read_table(given)
        if reading:
            return ranked(None)
        if name == "target":
            self._aim(str(given))
            return ranked(self.held.get("data"), given)
        return ranked(self.held["data"] if self.held.get("own") else shipped_table(self.dataset))

    def _aim(self, target: str) -> None:
        """Hold what the reader chose to predict before it is ranked, and show it as chosen."""
        data, words = self.held.get("data"), self.held.get("words", {})
        if data is not None and target in data.targets():
            aimed = {"data": replace(data, target=target), "own": data.name not in SHIPPED}
            self.finish({**aimed, "words": words | {"target_chosen": target}}, [])

    def results(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return what the state says, with the ranking that this session holds."""
        result = self.compute(**state)
        result["words"] |= self.held.get("words", {})
        if "ranking" in self.held:
            scale = math.log(UNITS[state["unit"]])
            result |= drawn(self.held["ranking"], scale)
            result["range"] |= result.pop("ranges")
            result["show"] = {"ranking": True}
        return result
