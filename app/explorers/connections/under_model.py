"""The rows of losses that are averaged under the model that is trained: declarations alone."""

from __future__ import annotations

from ...contract.declaration import Readout
from ...contract.parameters import Number
from . import latent, policies
from .miniature import Knob, Mark, Miniature, Plot, Row, Scale
from .under_data import REVERSE_DISTILLATION

_RLHF = Miniature(
    parameters={
        "beta": Number(
            0.5, bounds=(0.01, 100), decades=4, label="β, the price of a nat",
            doc="Points of reward that a nat of divergence from the reference costs.",
        ),
        "reward": Number(
            1.5, bounds=(-2, 3), step=0.05, label="reward of F",
            doc="The reward of the sixth answer; those of the others are fixed.",
        ),
        "share": Number(
            0.02, bounds=(0, 0.5), step=0.01, label="π_ref of F",
            doc="How often the reference gives the sixth answer.",
        ),
    },
    readouts=(
        Readout("rlhf_objective", "objective, E[r] − β·D = β·ln Z", digits=3,
                unit="points"),
        Readout("rlhf_reward", "mean reward E[r]", digits=3, unit="points"),
        Readout("rlhf_kl", "D(π‖π_ref)", unit="nats", role="q"),
    ),
    plots=(
        Plot(
            "answers", Scale(-0.5, 5.5, ticks=()), Scale(0, 1, "probability"),
            (
                Mark("bars", "answers", "place", "reference", "ink", width=0.38, shift=-0.2,
                     open=True),
                Mark("bars", "answers", "place", "policy", "q", width=0.38, shift=0.2),
                Mark("words", "answers", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "frontier", Scale(0, 4, "D(π‖π_ref) in nats"), Scale(-1, 3, "mean reward"),
            (
                Mark("line", "frontier", "paid", "gained", "ink"),
                Mark("dots", "now", "paid", "gained", "q"),
            ),
        ),
    ),
    compute=policies.rlhf,
)  # fmt: skip

_GRPO = Miniature(
    parameters={
        "moved": Number(
            1.5, bounds=(0, 4), step=0.05, label="how far π has moved",
            doc="By how much of the rewards π is tilted; at 0 it is the reference.",
        ),
        "samples": Number(
            4, bounds=(1, 1000), whole=True, decades=3, label="answers in a mean",
            doc="How many answers drawn under π are averaged.",
        ),
    },
    readouts=(
        Readout("grpo_nats", "D(π‖π_ref), the mean of k1 and of k3", unit="nats", role="q"),
        Readout("grpo_k2", "the mean of k2", unit="nats"),
        Readout("grpo_spread_k1", "spread of a mean of k1", unit="nats"),
        Readout("grpo_spread_k3", "spread of a mean of k3", unit="nats"),
    ),
    plots=(
        Plot(
            "estimates", Scale(-0.5, 3.6, ticks=()), Scale(-1, 2, "nats"),
            (
                Mark("bars", "estimates", "place", "high", "q", base="low", width=0.3),
                Mark("rule", "now", None, "nats", "ink", words="D(π‖π_ref)", end=True),
                Mark("dots", "estimates", "place", "mean", "ink"),
                Mark("words", "estimates", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "curve", Scale(-4, 4, "ln u = ln π_ref − ln π"), Scale(-4, 8, "nats"),
            (
                Mark("line", "curve", "log_ratio", "k1", "dim"),
                Mark("line", "curve", "log_ratio", "k2", "dim", faint=True),
                Mark("line", "curve", "log_ratio", "k3", "q"),
                Mark("dots", "answers", "log_ratio", "k3", "q"),
            ),
        ),
    ),
    compute=policies.grpo,
)  # fmt: skip


def _code(at_first: float, place: str) -> Number:
    return Number(
        at_first, bounds=(-2.5, 2.5), step=0.05, label=f"mean of q, {place}",
        doc=f"Where the encoder puts the middle of q(z|x), {place}.",
    )  # fmt: skip


_AUTOENCODER = Miniature(
    parameters={
        "z1": _code(0.3, "across"),
        "z2": _code(0.1, "up"),
        "sigma": Number(
            0.8, bounds=(0.05, 2), step=0.05, label="width σ of q",
            doc="The standard deviation of q(z|x) in both directions.",
        ),
    },
    readouts=(
        Readout("elbo_loss", "−ELBO = distortion + rate", unit="nats", digits=3),
        Readout("elbo_distortion", "distortion, E_q[−log p(x|z)]", unit="nats", digits=3),
        Readout("elbo_rate", "rate, D(q(z|x)‖p(z))", unit="nats", digits=3, role="q"),
        Readout("elbo_evidence", "−log p(x), which no encoder can change", unit="nats", digits=3,
                role="p"),
        Readout("elbo_gap", "what is left, D(q(z|x)‖p(z|x))", unit="nats", digits=3, role="q"),
    ),
    plots=(
        Plot(
            "codes", Scale(-3, 3, "z₁"), Scale(-3, 3, "z₂"),
            (
                Mark("ring", "prior", "x", "y", "p"),
                Mark("ring", "truth", "x", "y", "ink", faint=True),
                Mark("ring", "encoder", "x", "y", "q"),
            ),
            (Knob("encoder", "x", "y", {"x": "z1", "y": "z2"}),),
            square=True,
        ),
        Plot(
            "plane", Scale(0, 8, "distortion in nats"), Scale(0, 8, "rate in nats"),
            (
                Mark("line", "floor", "distortion", "rate", "ink"),
                Mark("dots", "now", "distortion", "rate", "q"),
            ),
            square=True,
        ),
    ),
    compute=latent.autoencoder,
)  # fmt: skip

ROWS = (
    Row(
        "rlhf", "RLHF", "−E[r] + β·D(π‖π_ref)",
        "β·D(π‖π*) − β·ln Z, with π* = π_ref·e^(r/β)/Z",
        "reverse: D(policy‖π*), under the policy that is trained", "the model", _RLHF,
        {"preferences": {"beta": 0.1}, "mode-fit": {"d": 3, "mu": 3, "sigma": 1}},
    ),
    Row(
        "grpo", "GRPO", "k3 = u − 1 − ln u, with u = π_ref/π",
        "an estimate of D(π‖π_ref) from samples under π",
        "reverse: D(policy‖reference), under the policy that is trained", "the model", _GRPO,
        {"kl": {"mu_p": 0, "sigma_p": 1, "mu_q": 1, "sigma_q": 1, "integrand": "non-negative",
                "unit": "nats"}},
    ),
    Row(
        "autoencoder", "Variational autoencoders", "−ELBO",
        "E_q[−log p(x|z)] + D(q(z|x)‖p(z)) = −log p(x) + D(q(z|x)‖p(z|x))",
        "reverse: D(encoder‖prior), under the encoder", "the model", _AUTOENCODER,
        {"kl": {"mu_p": 0, "sigma_p": 1, "mu_q": 1.2, "sigma_q": 0.5, "unit": "nats"}},
    ),
    Row(
        "reverse-distillation", "On-policy distillation", "D(student‖teacher)",
        "the same two distributions, averaged the other way",
        "reverse: D(student‖teacher), under the student", "the model", REVERSE_DISTILLATION,
        {"mode-fit": {"d": 3, "mu": -3, "sigma": 1}},
    ),
)  # fmt: skip
