"""True p and model q over the same outcomes: what q costs, what it wastes, and how it learns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import param

from app.explorer import UNITS, Explorer, Group, Picture, Player, Readout, Table, unit_parameter
from app.explorers.parts import cross_entropy as parts
from app.explorers.parts.cross_entropy_view import draw
from app.explorers.texts import cross_entropy as texts
from app.shares import FEWEST, GESTURES_OF_TWO, MOST, as_distribution, move_share, name_outcomes
from app.state import Numbers
from infocore import cross_entropy

NAMES = ("labels", "locked", "locked_q")
WEATHER = ("sun", "cloud", "rain")


def _scene(p: Sequence[float], q: Sequence[float], labels: Sequence[str]) -> dict[str, Any]:
    return {"p": list(p), "q": list(q), "labels": list(labels), "locked": [], "locked_q": []}


def _shares(values: list[float], label: str, doc: str) -> Numbers:
    return Numbers(values, control="rows", bounds=(FEWEST, MOST), label=label, doc=doc)


def _names(values: list[str], fewest: int, label: str, doc: str) -> param.List:
    return param.List(values, item_type=str, bounds=(fewest, MOST), label=label, doc=doc)


class CrossEntropy(Explorer):
    """True p and model q over the same outcomes: what q costs, what it wastes, how it learns."""

    slug = "cross-entropy"
    title = "Cross-entropy"
    question = "What does it cost to believe the wrong thing?"
    lede = (
        "Outcomes come from p; your code was built for q, so each costs −log q where −log p "
        "would do: orange is paid on top, hatched is saved. What orange exceeds the hatching by "
        "is wasted on the belief."
    )

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
    steps = param.Number(
        0.0, bounds=(0, parts.STEPS), step=1, label="training steps",
        doc="Steps of gradient descent that q has taken on its logits, at rate 0.2.",
    )  # fmt: skip
    clip = param.Selector(
        default="off",
        objects=["off", "on"],
        label="clip at 10⁻¹²",
        doc="Whether to show what code that raises q to 1e-12 reports, beside the truth.",
    )
    unit = unit_parameter("bits")

    readouts = (
        Readout("entropy_p", "entropy H(p)", role="p"),
        Readout("kl_pq", "waste D(p‖q)", role="q"),
        Readout("cross_entropy_pq", "loss H(p, q)"),
        Readout("entropy_q", "entropy H(q)"),
        Readout("kl_qp", "waste D(q‖p)"),
        Readout("cross_entropy_qp", "loss H(q, p)"),
        Readout("bce", "BCE of the first outcome against the rest", card=False, noise_of="one"),
        Readout("cce", "CCE of all outcomes, which is H(p, q)", card=False),
        Readout("bce_clipped", "BCE with q clipped at 1e-12", card=False, noise_of="one"),
        Readout("cce_clipped", "CCE with q clipped at 1e-12", card=False),
        Readout("clip_ceiling", "most that a clipped −log q can be", card=False, digits=3),
        Readout("loss_at_start", "loss before training", card=False),
        Readout("overpaid", "paid on top, orange", card=False, noise_of="one"),
        Readout("saved", "saved, hatched", card=False, noise_of="one"),
    )
    groups = (
        Group("P, the truth", {"p": ""}, role="p", actions=("add",)),
        Group("Q, the model", {"q": ""}, role="q"),
        Group("Training", {"steps": "step"}, actions=("train",), hint="{training}"),
        Group("Clip q at 10⁻¹²", {"clip": "clip"}, hint=(
            "What code that never lets q be 0 reports, drawn beside the truth."
        )),
    )  # fmt: skip
    players = (Player("Train", "train", "trained"),)
    gestures = {**dict.fromkeys(GESTURES_OF_TWO, ""), "add": "add outcome", "train": "",
                "swap": "Swap P and Q"}  # fmt: skip
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
        Picture("boxes", "Boxes as wide as p and as tall as −log q", texts.BOXES, "hero"),
        Picture("identity", "H(p) and D(p‖q) side by side, as long as H(p, q)", texts.IDENTITY,
                "slim"),
        Picture("training", "The loss against training steps, above H(p)", texts.TRAINING,
                "short", below=True),
        Picture("losses", "Both losses against the predicted probability", texts.LOSSES,
                "short", below=True),
        Picture("clip", "−log q, exact and clipped, against the exponent of q", texts.CLIPPED,
                "short", below=True),
    )  # fmt: skip
    tables = (
        Table(
            "costs", "What each outcome costs", "boxes",
            {
                "label": ("outcome", None), "p": ("p", 3), "q": ("q", 3), "ideal": ("−log p", 3),
                "length": ("−log q", 3), "area": ("p · −log q", 4), "waste": ("wasted", 4),
            },
            totals={"label": "sum", "area": "cross_entropy_pq", "waste": "kl_pq"},
            live=True,
        ),
        Table("path", "The training path", "path", {"step": ("step", 0), "loss": ("H(p, q)", 6)}),
    )  # fmt: skip
    status = (
        "The loss is {cross_entropy_pq} {unit}: entropy {entropy_p}, and {kl_pq} wasted. {reason}"
    )
    code = texts.CODE
    cards = texts.CARDS
    view = staticmethod(draw)

    @staticmethod
    def preview() -> str:
        """Draw the boxes, what q costs on top, and the outline of what it saves."""
        boxes = CrossEntropy.compute(**CrossEntropy.defaults())["boxes"]
        drawn = []
        outline = 'fill="none" stroke="var(--p)" stroke-dasharray="3 2"'
        for left, p, both, over, under in zip(
            *(boxes[name] for name in ("left", "p", "both", "over", "under")), strict=True
        ):
            parts_of_box = (
                (0, both, 'fill="var(--p)"'), (both, over, 'fill="var(--q)"'),
                (both, under, outline),
            )  # fmt: skip
            for low, high, look in parts_of_box:
                drawn.append(
                    f'<rect x="{10 + 180 * left:.1f}" y="{92 - 25 * high:.1f}" '
                    f'width="{180 * p - 2:.1f}" height="{25 * (high - low):.1f}" '
                    f"{look}/>"
                )
        return f'<svg viewBox="0 0 200 100" aria-hidden="true">{"".join(drawn)}</svg>'

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Train, or edit p and q from where training has brought q: it then starts anew."""
        if name == "train":
            stuck = parts.is_stuck(state["p"], state["q"])
            left = 0.0 if stuck else parts.STEPS - state["steps"]
            return {"steps": state["steps"] + (left if value == "end" else min(1.0, left))}
        if name == "steps":
            whole = math.floor(value + 0.5)
            note = "" if whole == value else f"Training goes in whole steps: this is {whole}."
            return {"steps": float(whole), "note": note}
        q = parts.reached(state["p"], state["q"], state["steps"]).tolist()
        now, anew = {**state, "q": q}, {"q": q, "steps": 0.0}
        if name == "swap":
            pairs = {"p": "q", "q": "p", "locked": "locked_q", "locked_q": "locked"}
            return {**anew, **{here: now[there] for here, there in pairs.items()}}
        if name in ("add", "remove"):
            return {**anew, **GESTURES_OF_TWO[name](now, value, index)}
        if name in GESTURES_OF_TWO:
            return GESTURES_OF_TWO[name](state, value, index)
        if name in ("p", "q"):
            moved = as_distribution if index is None else move_share
            place = () if index is None else (index,)
            return {**anew, **moved(now, name, value, *place)}
        return name_outcomes(state, name, value) if name in NAMES else {name: value}

    @staticmethod
    def compute(
        p: list[float], q: list[float], labels: list[str], locked: list[str], locked_q: list[str],
        steps: float, clip: str, unit: str,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the boxes, the identity, the training path, the losses and their numbers."""
        base, true, now = UNITS[unit], np.array(p), parts.reached(p, q, steps)
        readout = parts.readouts(true, now, base)
        path = cross_entropy(p, parts.training(tuple(p), tuple(q)), base=base)
        readout["loss_at_start"] = float(path[0])
        boxes, top = parts.boxes(true, now, labels, base)
        readout |= parts.on_balance(boxes["waste"])
        identity, amount = parts.identity(readout)
        losses, cost = parts.losses(true, now, readout, base)
        walk, loss = parts.walk(path, int(steps), readout["entropy_p"])
        return {
            "boxes": boxes,
            "identity": identity,
            **walk,
            "losses": losses,
            "mark": parts.marks(now, readout, cost),
            "clipping": parts.clipping(base),
            "clip_mark": parts.clip_mark(now[parts.worst_place(true, now)], readout, base),
            "readout": readout,
            "range": {
                "box": (-0.15 * top, top), "amount": (0.0, amount), "loss": (0.0, loss),
                "steps": (0.0, float(parts.STEPS)),
                "cost": (0.0, cost), "surprise": (0.0, 18 * math.log(10) / math.log(base)),
            },
            "words": parts.words(true, now, q, labels, readout),
            "show": {
                "clip": clip == "on",
                "trained": parts.is_stuck(p, q) or steps >= parts.STEPS,
            },
            "controls": {"q": now.tolist()},
        }  # fmt: skip
