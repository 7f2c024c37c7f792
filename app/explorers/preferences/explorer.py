"""Preferences: a policy between its reference and its rewards, and DPO's loss on a pair."""

from __future__ import annotations

from typing import Any

from ...contract.declaration import Axis, Group, Handle, Label, Picture, Readout, Table
from ...contract.explorer import Explorer, unit_parameter
from ...contract.parameters import Names, Number, Numbers
from ...contract.simplex import FEWEST, MOST
from ...contract.texts import Texts
from . import figures, model

ANSWERS = ("70 %", "likely", "yes", "maybe", "no", "unsure")
USUAL = (0.05, 0.15, 0.25, 0.3, 0.15, 0.1)
REWARDS = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1)
PAIR = ("70 %", "no")


def _scene(beta: float, reward: tuple[float, ...] = REWARDS, **others: Any) -> dict[str, Any]:
    return {"p": list(USUAL), "rewards": list(reward), "labels": list(ANSWERS), "locked": [],
            "pair": list(PAIR), "beta": beta, **others}  # fmt: skip


class Preferences(Explorer):
    """How far rewards move a model, what that costs, and DPO's loss on a pair of answers."""

    slug = "preferences"
    texts = Texts.beside(__file__)

    p = Numbers(
        list(USUAL), bounds=(FEWEST, MOST), label="probability",
        doc="What the reference π_ref gives each answer.",
    )  # fmt: skip
    rewards = Numbers(
        list(REWARDS), alone=True, bounds=(FEWEST, MOST), label="reward",
        doc="Reward of each answer, from 0 to 1 point.",
    )  # fmt: skip
    labels = Names(list(ANSWERS), bounds=(FEWEST, MOST), label="labels", doc="Name of each answer.")
    locked = Names(
        [], bounds=(0, MOST), label="locked",
        doc="Names of the answers that keep their π_ref while others move.",
    )  # fmt: skip
    beta = Number(
        0.3, bounds=(0.01, 100), step=0.01, decades=4, label="β, price of a nat",
        doc="Points of reward that a nat of divergence costs; its slider goes by powers of ten.",
    )  # fmt: skip
    pair = Names(
        list(PAIR), control="pair", bounds=(2, 2), label="answer",
        doc="The answer that was preferred, and the one that was rejected.",
    )  # fmt: skip
    push = Number(
        0.0, bounds=(-5, 5), step=0.05, label="push towards the preferred answer",
        doc="Nats by which training has raised the logit of the preferred answer, and lowered "
        "that of the rejected one.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("reward", "mean reward E[r]", unit="points", role="q"),
        Readout("policy_kl", "divergence D(π‖π_ref)", role="q"),
        Readout("objective", "objective E[r] − β·D", unit="points", role="q"),
        Readout("log_partition", "log Z"),
        Readout("price", "price of a unit of divergence", unit="points"),
        Readout("best_share", "what π gives the best answer", unit="%", style="percent", digits=1),
        Readout("best_kl", "divergence of saying the best answer only", noise_of="one"),
        Readout("dpo_loss", "DPO’s loss on the pair", role="p"),
        Readout("dpo_mean", "its mean over raters who follow the rewards", role="p"),
        Readout("dpo_floor", "the least that this mean can be"),
        Readout("ratio_chosen", "log-ratio of the preferred answer", noise_of="one"),
        Readout("ratio_rejected", "log-ratio of the rejected answer", noise_of="one"),
        Readout("margin", "margin", unit=""),
        Readout("optimum", "difference of log-ratios of RLHF’s π"),
        Readout("agree", "raters who prefer it, σ of the rewards’ difference", unit="%",
                style="percent", digits=1),
        Readout("rarer", "what π_ref gives the rarer one of the pair", unit="", digits=3),
        Readout("k2_mean", "mean of k2"),
        Readout("k1_spread", "spread of k1", style="rounded", noise_of="policy_kl"),
        Readout("k2_spread", "spread of k2", style="rounded", noise_of="k2_mean"),
        Readout("k3_spread", "spread of k3", style="rounded", noise_of="policy_kl"),
    )  # fmt: skip
    groups = (
        Group("The price", {"beta": "β"}, role="q"),
        Group("Rewards", {"rewards": ""}, role="accent"),
        Group("The reference π_ref", {"p": ""}, role="ink", actions=("add",), fold=True),
        Group("DPO on a pair", {"pair": "", "push": "push"}, role="p", pictures=("pair",),
              fold=True),
    )  # fmt: skip
    gestures = {**dict.fromkeys(model.GESTURES_HERE, ""), "add": "add outcome"}
    presets = {
        "High price": _scene(100.0),
        "Middle price": _scene(0.3),
        "Low price": _scene(0.01),
        "Never said": _scene(0.1, p=[0.0, 0.15, 0.3, 0.3, 0.15, 0.1]),
        "Two best": _scene(0.02, (0.9, 0.9, 0.6, 0.4, 0.2, 0.1)),
        "All alike": _scene(0.3, (0.5,) * 6),
    }
    pictures = (
        Picture("answers", "hero"), Picture("frontier", "tall"),
        Picture("pair", "short"), Picture("estimates", "short", below=True),
    )  # fmt: skip
    axes = (
        Axis("share", below=0.3, above=1.06), Axis("loss"),
        Axis("estimate"),
    )  # fmt: skip
    handles = (
        Handle({"y": "rewards"}, "answers", "answers", "x", "reward"),
        Handle({"x": "beta"}, "frontier", "here", "policy_kl", "reward", "q", curve="frontier",
               anywhere=True),
        Handle({"x": "push"}, "pair", "mark", "x", "loss", "p", gain="gain", idle="unsaid",
               anywhere=True),
    )  # fmt: skip
    labels_drawn = (
        Label("answer_name", "answers", "x", -0.05, (("part", 0.0, "{label}"),), fit="part"),
        Label("start_name", "ends", "x", "y", (("kind", 1.0, ""), ("kind", 0.0, "π_ref"))),
        Label("end_name", "ends", "x", "y", (("kind", 2.0, ""), ("kind", 1.0, "best only"))),
        Label("estimate_name", "estimates", "mean", "row", (("row", 0.0, "{name}"),)),
    )  # fmt: skip
    tables = (
        Table(
            "answers", "Every answer", "answers",
            {"label": ("answer", None), "reward": ("reward", 3), "reference": ("π_ref", 4),
             "policy": ("π", 4)},
            live=True,
        ),
        Table(
            "frontier", "The frontier", "frontier",
            {"beta": ("β", 4), "policy_kl": ("D(π‖π_ref)", 5), "reward": ("E[r]", 5)},
        ),
        Table(
            "pairs", "DPO’s loss", "pairs",
            {"x": ("difference of log-ratios", 3), "loss": ("this pair", 5),
             "mean": ("mean over raters", 5)},
        ),
        Table(
            "estimates", "Estimates of D(π‖π_ref)", "estimates",
            {"name": ("estimate", None), "mean": ("mean", 5), "spread": ("spread", 5)},
        ),
    )  # fmt: skip

    compute = staticmethod(model.compute)
    move = staticmethod(model.move)
    figures = staticmethod(figures.draw)

    @staticmethod
    def preview() -> str:
        """Draw the reference and the tilted policy, bar beside bar."""
        answers = model.compute(**Preferences.defaults()).tables["answers"]
        drawn = []
        for x, low, high in zip(
            *(answers[name] for name in ("x", "reference", "policy")), strict=True
        ):
            for at, share, look in (
                (0, low, 'fill="none" stroke="var(--ink)" stroke-width="1.5"'),
                (13, high, 'fill="var(--q)"'),
            ):
                drawn.append(
                    f'<rect x="{12 + 30 * x + at:.1f}" y="{92 - 200 * share:.1f}" width="11" '
                    f'height="{200 * share:.1f}" {look}/>'
                )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{"".join(drawn)}</svg>'
