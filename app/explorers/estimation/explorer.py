"""What samples tell of mutual information, and the features of a table of real data, ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...contract.declaration import Axis, Group, Handle, Picture, Readout, Table, Upload
from ...contract.explorer import Explorer, State, unit_parameter
from ...contract.labelled import CONTROLS, MOST
from ...contract.parameters import Choice, Number
from ...contract.result import Result
from ...contract.texts import Texts
from . import figures, model, ranking
from .tabular import MOST_BYTES, SHIPPED


class Estimation(Explorer):
    """How well samples tell what a feature says of a label, and which features say most."""

    slug = "estimation"
    texts = Texts.beside(__file__)

    feature = Choice(
        default="signal", objects=["signal", "noise"], label="feature",
        doc="What decides the label, with noise added, or noise that has nothing to do with it.",
    )  # fmt: skip
    noise = Number(3.0, **CONTROLS["noise"])
    n = Number(**CONTROLS["n"])
    bins = Number(
        20, whole=True, bounds=(2, 1000), step=1, label="bins", doc="Intervals of equal width."
    )
    sample = Number(**CONTROLS["sample"])
    dataset = Choice(
        default="breast cancer", objects=list(SHIPPED), label="data set",
        doc="A table that ships with scikit-learn.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("plug_in", "plug-in estimate", role="accent", noise_of="one"),
        Readout("exact", "exact value", noise_of="one"),
        Readout("miller_madow", "Miller–Madow", role="accent", noise_of="one"),
        Readout("null_low", "shuffled, least of 39", noise_of="one"),
        Readout("null_high", "shuffled, largest of 39", noise_of="one"),
        Readout("label_entropy", "entropy of the sample’s label"),
    )
    groups = (
        Group(
            "Samples",
            {"feature": "", "noise": "noise σ", "n": "samples", "bins": "bins", "sample": "sample"},
            actions=("again",),
        ),
        Group("Rank features", {"dataset": ""}, work=("rank", "table", "target"),
              pictures=("ranking",), fold=True),
    )  # fmt: skip
    gestures = {"again": "Draw another sample"}
    jobs = {"rank": "Rank its features"}
    uploads = {
        "table": Upload("or your own table, up to 20 MB", (".csv", ".tsv", ".txt"), MOST_BYTES, 4)
    }
    choices = {"target": "what to predict"}
    replaces = {"dataset": ("own",)}  # the button ranks what was chosen last; the file stays
    ends = {"rank": ("target",), "target": ("rank",), "table": ("rank", "target")}
    optional = ("ranking",)
    presets = {
        "Feature decides": {"feature": "signal", "noise": 0.0, "n": MOST, "bins": 20},
        "Feature hints": {"feature": "signal", "noise": 3.0, "n": MOST, "bins": 20},
        "Pure noise": {"feature": "noise", "n": MOST, "bins": 20},
        "200 samples": {"feature": "signal", "noise": 2.0, "n": 200, "bins": 20},
        "Noise in 1000 bins": {"feature": "noise", "n": MOST, "bins": 1000},
    }
    pictures = (
        Picture("estimates", "hero"),
        Picture("ranking", "hero", served=True),
    )
    axes = (Axis("estimate"), Axis("ranked"))
    handles = (Handle({"x": "bins"}, "estimates", "here", "bins", "plug_in", anywhere=True),)
    tables = (
        Table(
            "ranking", "Features by what they tell of the target", "ranking",
            {
                "feature": ("feature", None), "kind": ("read as", None), "plug_in": ("plug-in", 4),
                "corrected": ("Miller–Madow", 4), "chance": ("97.5 % of shuffles below", 4),
                "sklearn": ("scikit-learn", 4),
            },
            live=True,
        ),
        Table(
            "estimates", "The estimates", "estimates",
            {
                "bins": ("bins", 0), "plug_in": ("plug-in", 4), "corrected": ("Miller–Madow", 4),
                "low": ("shuffled from", 4), "high": ("to", 4),
            },
        ),
    )  # fmt: skip

    constants = model.CONSTANTS
    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)
    work = staticmethod(ranking.work)

    @classmethod
    def results(cls, state: State, findings: Mapping[str, Any]) -> Result:
        """Return what the state says, with the table and the ranking that a session holds."""
        return ranking.with_ranking(cls.compute(**state), findings, state["unit"])

    @staticmethod
    def preview() -> str:
        """Draw an estimate that climbs away from the truth, and the band of chance."""
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5">'
            '<path d="M14 88 C80 86 130 76 186 44 V60 C130 84 80 90 14 90 Z" fill="var(--dim)" '
            'fill-opacity="0.35"/>'
            '<path d="M14 66 H186" stroke="var(--ink)" stroke-dasharray="2 5"/>'
            '<path d="M14 76 C60 60 120 66 186 18" stroke="var(--accent)"/></svg>'
        )
