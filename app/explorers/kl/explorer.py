"""Two Gaussians, both directions of their KL divergence, and where each comes from."""

from ...charts import densities_drawing
from ...contract.declaration import Axis, Group, Handle, Picture, Readout, Table
from ...contract.draws import GESTURES as DRAWS
from ...contract.draws import WALK, draw_parameter, seed_parameter
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Choice, Number
from ...contract.texts import Texts
from . import figures, model


class KL(Explorer):
    """Two Gaussians, both directions of their KL divergence, and where each comes from."""

    slug = "kl"
    texts = Texts.beside(__file__)

    mu_p = Number(-0.5, bounds=(-4, 4), step=0.01, label="mean μ of P", doc="Mean of P.")
    sigma_p = Number(
        0.9, bounds=(0.1, 4), step=0.01, label="width σ of P",
        doc="Standard deviation of P.",
    )  # fmt: skip
    mu_q = Number(1.0, bounds=(-4, 4), step=0.01, label="mean μ of Q", doc="Mean of Q.")
    sigma_q = Number(
        1.6, bounds=(0.1, 4), step=0.01, label="width σ of Q",
        doc="Standard deviation of Q.",
    )  # fmt: skip
    integrand = Choice(
        default="signed", objects=["signed", "non-negative"], label="integrand",
        doc="p·ln(p/q), or p·ln(p/q) − p + q, which is nowhere negative and has the same area.",
    )  # fmt: skip
    source = Choice(
        default="P", objects=["P", "Q"], label="draw from",
        doc="Which of the two the samples are drawn from: that of the average.",
    )  # fmt: skip
    draw = draw_parameter()
    seed = seed_parameter()
    unit = unit_parameter("nats")

    readouts = (
        Readout("kl_pq", "D(P‖Q)", role="p"),
        Readout("kl_qp", "D(Q‖P)", role="q"),
        Readout(
            "ratio",
            "D(Q‖P) / D(P‖Q)",
            unit="×",
            digits=2,
            style="ratio",
        ),
        Readout("js", "Jensen–Shannon", noise_of="one"),
        Readout("kl_pq_outside", "D(P‖Q) out of view", noise_of="kl_pq", style="rounded"),
        Readout("kl_qp_outside", "D(Q‖P) out of view", noise_of="kl_qp", style="rounded"),
        Readout("drawn", "samples drawn", unit="", digits=0),
        Readout("running_mean", "their average log-ratio", role="accent"),
        Readout("quadrature", "by quadrature", digits=10, noise_of="kl_pq"),
        Readout("quadrature_error", "difference", noise_of="kl_pq", style="scientific"),
    )
    groups = (
        Group("P, where the data come from", {"mu_p": "mean μ", "sigma_p": "width σ"}, role="p"),
        Group("Q, what the model believes", {"mu_q": "mean μ", "sigma_q": "width σ"}, role="q"),
        Group(
            "Draw samples",
            {"source": "draw from"},
            actions=tuple(DRAWS),
            pictures=("points", "drops", "walk"),
            fold=True,
        ),
        Group("Integrand", {"integrand": "integrand"}, fold=True),
    )
    gestures = {"swap": "Swap P and Q", **DRAWS}
    presets = {
        "Equal": {"mu_p": 0.0, "sigma_p": 1.0, "mu_q": 0.0, "sigma_q": 1.0},
        "Shifted": {"mu_p": -1.0, "sigma_p": 1.0, "mu_q": 1.0, "sigma_q": 1.0},
        "Wide and narrow": {"mu_p": 0.0, "sigma_p": 2.0, "mu_q": 0.0, "sigma_q": 0.8},
        "Far apart": {"mu_p": -3.0, "sigma_p": 0.7, "mu_q": 3.0, "sigma_q": 0.7},
        "The tail": {"mu_p": 0.0, "sigma_p": 1.0, "mu_q": 0.0, "sigma_q": 0.1},
    }
    pictures = (
        Picture("densities"), Picture("forward", "short"), Picture("reverse", "short"),
        Picture("points", "short"), Picture("drops", "short"), Picture("walk", "short"),
    )  # fmt: skip
    axes = (Axis("density"), Axis("integrand"), Axis("running"))
    handles = tuple(
        handle
        for one in "pq"
        for handle in (
            Handle({"x": f"mu_{one}"}, "densities", "marks", f"{one}_mu", f"{one}_peak", one),
            Handle({"x": f"sigma_{one}"}, "densities", "marks", f"{one}_right", f"{one}_y", one,
                   origin=f"{one}_mu"),
        )
    )  # fmt: skip
    tables = (
        Table(
            "curves", "The plotted data", "curves",
            {
                "x": ("x", 2), "p": ("p(x)", 6), "q": ("q(x)", 6),
                "log_ratio": ("log p/q", 4), "pq": ("to D(P‖Q)", 6), "qp": ("to D(Q‖P)", 6),
            },
        ),
        WALK,
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the two densities."""
        return densities_drawing(model.compute(**KL.defaults()).tables["curves"], 8, 170)
