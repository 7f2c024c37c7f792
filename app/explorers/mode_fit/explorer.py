"""One Gaussian for a target with two modes: which direction covers, and which seeks."""

from __future__ import annotations

from ...charts import densities_drawing
from ...contract.declaration import Axis, Group, Handle, Label, Picture, Player, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Choice, Number
from ...contract.texts import Texts
from . import descent, figures, model


class ModeFit(Explorer):
    """One Gaussian Q for a target P of two components: covering both modes, or seeking one."""

    slug = "mode-fit"
    texts = Texts.beside(__file__)

    d = Number(
        2.5, bounds=(0, 4), step=0.01, label="d, half the distance of the components",
        doc="The two components of P have their means at −d and +d.",
    )  # fmt: skip
    sigma_1 = Number(
        1.0, bounds=(0.5, 2), step=0.01, label="left σ, width of the left component",
        doc="Standard deviation of the left component of P.",
    )  # fmt: skip
    sigma_2 = Number(
        1.0, bounds=(0.5, 2), step=0.01, label="right σ, width of the right component",
        doc="Standard deviation of the right component of P.",
    )  # fmt: skip
    weight = Number(
        0.5, bounds=(0, 1), step=0.01, label="left share, weight of the left component",
        doc="Probability of the left component of P.",
    )  # fmt: skip
    mu = Number(1.0, bounds=descent.MU, step=0.01, label="mean μ of Q", doc="Mean of Q.")
    sigma = Number(
        2.0, bounds=descent.SIGMA, step=0.01, label="width σ of Q",
        doc="Standard deviation of Q.",
    )  # fmt: skip
    steps = Number(
        0, whole=True, bounds=(0, descent.MOST_STEPS), step=1, label="steps of the race",
        doc="Steps that both racers have gone downhill from where Q is.",
    )  # fmt: skip
    map = Choice(
        default="D(Q‖P)", objects=["D(Q‖P)", "D(P‖Q)"], label="divergence to make small",
        doc="The divergence that the map shows for every mean and width of Q.",
    )  # fmt: skip
    optima = Choice(
        default="hidden", objects=["hidden", "shown"], label="best fits on the map",
        doc="Whether the map marks every optimum; where they are is what tasks ask.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("map_kl", "the map’s divergence", noise_of="one"),
        Readout("forward_kl", "D(P‖Q), forward", role="p", noise_of="one"),
        Readout("reverse_kl", "D(Q‖P), reverse", role="q", noise_of="one"),
        Readout("forward_best", "least D(P‖Q)", role="p", noise_of="one"),
        Readout("reverse_best", "least D(Q‖P)", role="q", noise_of="one"),
        Readout(
            "forward_mu",
            "μ of the forward fit",
            unit="",
            noise_of="one",
            style="rounded",
        ),
        Readout("forward_sigma", "σ of the forward fit", unit=""),
        Readout(
            "reverse_mu",
            "μ of the best reverse fit",
            unit="",
            noise_of="one",
            style="rounded",
        ),
        Readout("reverse_sigma", "σ of the best reverse fit", unit=""),
        Readout("race_forward", "D(P‖Q) of the forward racer", role="p", noise_of="one"),
        Readout("race_reverse", "D(Q‖P) of the reverse racer", role="q", noise_of="one"),
        Readout(
            "race_forward_mu",
            "μ of the forward racer",
            unit="",
            noise_of="one",
            style="rounded",
        ),
        Readout("race_forward_sigma", "σ of the forward racer", unit=""),
        Readout(
            "race_reverse_mu",
            "μ of the reverse racer",
            unit="",
            noise_of="one",
            style="rounded",
        ),
        Readout("race_reverse_sigma", "σ of the reverse racer", unit=""),
        Readout("recipe_forward", "D(P‖Q) on the grid", role="p", noise_of="one"),
        Readout("recipe_reverse", "D(Q‖P) on the grid", role="q", noise_of="one"),
    )
    groups = (
        Group("Q, one Gaussian", {"map": "", "mu": "mean μ", "sigma": "width σ"}, role="q",
              actions=("race", "descend_forward", "descend_reverse")),
        Group("Race", {"steps": "steps"}, idle="densities", fold=True),
        Group("P, the target", {
            "d": "d", "sigma_1": "left σ", "sigma_2": "right σ",
            "weight": "left share"}, role="p", fold=True),
        Group("Best fits", {"optima": ""}, fold=True),
    )  # fmt: skip
    gestures = {"race": "", "descend_forward": "", "descend_reverse": ""}
    optional = ("densities", "race_forward", "race_reverse")
    kept = ("optima",)
    players = (
        Player("Race", "race", "race_done"),
        Player("Fit forward", "descend_forward", "forward_done"),
        Player("Fit reverse", "descend_reverse", "reverse_done"),
    )
    presets = {
        "Close modes, d = 2": {"d": 2.0, "mu": 2.0, "sigma": 1.0},
        "Far modes, d = 3": {"d": 3.0, "mu": 2.0, "sigma": 1.5},
        "Far modes, wide start": {"d": 3.0, "mu": 0.0, "sigma": 2.5},
        "One mode is heavier": {"d": 3.0, "weight": 0.25, "mu": -1.0, "sigma": 2.0},
        "Narrow and wide": {"d": 2.5, "sigma_1": 0.5, "sigma_2": 1.5, "mu": 0.0, "sigma": 2.0},
    }
    pictures = (
        Picture("densities"),
        Picture("race_forward", half=True),
        Picture("race_reverse", half=True),
        Picture("map", "hero"),
        Picture("pitchfork", below=True),
    )
    axes = (Axis("density"),)
    handles = (
        Handle({"x": "mu"}, "densities", "here", "mu", "peak", "q", anywhere=True),
        Handle({"x": "sigma"}, "densities", "here", "right", "shoulder", "q", origin="mu"),
        Handle({"x": "mu", "y": "sigma"}, "map", "here", "mu", "sigma", "q", anywhere=True),
    )
    labels_drawn = (
        Label(
            "fit", "optima", 0.0, 0.0,
            (
                ("kind", 9.0, "forward"),
                ("kind", 8.0, "best reverse"),
                ("kind", 7.0, "best reverse, left mode"),
                ("kind", 6.0, "best reverse, right mode"),
                ("kind", 5.0, "best reverse, covering"),
                ("kind", 4.0, "other reverse"),
                ("kind", 3.0, "other reverse, left mode"),
                ("kind", 2.0, "other reverse, right mode"),
                ("kind", 1.0, "other reverse, covering"),
            ),
        ),
    )  # fmt: skip
    tables = (
        Table(
            "optima", "Every optimum", "optima",
            {"fit": ("fit", None), "mu": ("μ", 3), "sigma": ("σ", 3),
             "divergence": ("its least divergence", 4)}, live=True,
        ),
        Table(
            "curves", "The plotted densities", "curves",
            {"x": ("x", 2), "p": ("p(x)", 6), "q": ("q(x)", 6),
             "forward": ("forward racer", 6), "reverse": ("reverse racer", 6)},
        ),
        Table(
            "branches", "The reverse fits against d", "branches",
            {"d": ("d", 2), "mu": ("μ", 4), "sigma": ("σ", 4), "best": ("best", 0)},
        ),
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the target and its best reverse fit."""
        seeking = {**ModeFit.defaults(), "mu": 2.98, "sigma": 1.02}
        curves = model.compute(**seeking).tables["curves"]
        return densities_drawing(curves, 4, 190)
