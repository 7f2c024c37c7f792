"""What the cross-entropy explorer computes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from infocore import (
    binary_cross_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    information_content,
    kl_divergence,
    softmax,
)

from ...charts import fixed, ladder
from ...contract.memo import frozen, kept

STEPS, RATE = 200, 0.2  # the loss falls at every step: its curvature is at most 1/2 nat
PREDICTED = frozen(np.linspace(0, 1, 201))
CLIP = 1e-12
EXPONENTS = frozen(np.linspace(-16, 0, 161))
NARROW = 0.06  # the width of a box that has room for a number above
ENDLESS = 0.85  # where in a picture stands what is ∞


def is_stuck(p: Sequence[float], q: Sequence[float]) -> bool:
    """Say whether no step moves q: it is p, or its loss is infinite and has no gradient."""
    never = any(share > 0 and given == 0 for share, given in zip(p, q, strict=True))
    return never or list(p) == list(q)


@kept(64)
def training(p: tuple[float, ...], q: tuple[float, ...]) -> Any:
    """Return q after 0, 1, … steps of gradient descent on its logits: the gradient is q − p."""
    path = [np.array(q)]
    if is_stuck(p, q):
        return np.repeat(path, STEPS + 1, axis=0)
    with np.errstate(divide="ignore"):
        logits = np.log(path[0])
    for _ in range(STEPS):
        logits = logits - RATE * (path[-1] - np.array(p))
        path.append(softmax(logits))
    return np.array(path)


def reached(p: Sequence[float], q: Sequence[float], steps: float) -> Any:
    """Return q after so many steps."""
    return training(tuple(p), tuple(q))[int(steps)] if steps else np.array(q)


def readouts(p: Any, q: Any, base: float) -> dict[str, float]:
    """Return every number of the page but the loss before training."""
    clipped = np.maximum(q, CLIP)
    surprise = information_content(np.minimum(clipped, 1), base=base)
    return {
        "entropy_p": entropy(p, base=base),
        "kl_pq": kl_divergence(p, q, base=base),
        "cross_entropy_pq": cross_entropy(p, q, base=base),
        "entropy_q": entropy(q, base=base),
        "kl_qp": kl_divergence(q, p, base=base),
        "cross_entropy_qp": cross_entropy(q, p, base=base),
        "bce": binary_cross_entropy(min(p[0], 1), min(q[0], 1), base=base),
        "cce": categorical_cross_entropy(p, q, base=base),
        "bce_clipped": binary_cross_entropy(min(p[0], 1), np.clip(q[0], CLIP, 1 - CLIP), base=base),
        "cce_clipped": float(np.sum(p * surprise)),
        "clip_ceiling": information_content(CLIP, base=base),
    }


def boxes(p: Any, q: Any, labels: Sequence[str], base: float) -> tuple[dict[str, Any], float]:
    """Return a box an outcome, cut where −log p ends, and the height of the picture."""
    ideal, length = (information_content(np.minimum(one, 1), base=base) for one in (p, q))
    likely = p > 0
    endless = likely & np.isinf(length)
    finite = np.concatenate([one[likely & np.isfinite(one)] for one in (ideal, length)])
    top = ladder((1.5 if endless.any() else 1.15) * max([0.5, *finite]))
    drawn = np.where(endless, ideal, np.where(likely, length, 0))
    whole = np.where(likely, ideal, 0)
    both, right = np.minimum(whole, drawn), np.cumsum(p)
    with np.errstate(invalid="ignore"):
        area = np.where(likely, p * length, 0)
        waste = np.where(likely, p * (length - ideal), 0)
    height = np.where(endless, ENDLESS * top, np.maximum(whole, drawn))
    return {
        "label": list(labels), "p": p, "q": q, "ideal": ideal, "length": length,
        "area": area, "waste": waste,
        "left": right - p, "right": right, "middle": right - p / 2,
        "both": both, "wasted": drawn, "saved": whole,
        "over": np.maximum(both, drawn), "under": np.maximum(both, whole),
        "endless": np.where(endless, top, both), "height": height,
        "length_text": [
            fixed(bits, 2) if share >= NARROW and not never else ""
            for bits, share, never in zip(length, p, endless, strict=True)
        ],
        "endless_text": ["∞" if never else "" for never in endless],
        "endless_at": np.where(endless, ENDLESS * top, -top),  # an empty text has a ground too
        "name": [_fit(label, share) for label, share in zip(labels, p, strict=True)],
    }, top  # fmt: skip


def on_balance(waste: Any) -> dict[str, float]:
    """Return what q costs on top where it is too small, and what it saves where too large."""
    return {
        "overpaid": float(np.sum(np.maximum(waste, 0))),
        "saved": float(np.sum(np.maximum(-waste, 0))),
    }


def identity(numbers: dict[str, float]) -> tuple[dict[str, Any], float]:
    """Return the ends of the identity's bars, and the picture's length; ∞ runs to its edge."""
    h, total = numbers["entropy_p"], numbers["cross_entropy_pq"]
    endless = math.isinf(total)
    longest = ladder(1.2 * max(0.5, h if endless else total))
    drawn = h if endless else total
    return {
        "h": np.array([h]), "d": np.array([max(h, drawn)]), "total": np.array([drawn]),
        "edge": np.array([longest if endless else max(h, drawn)]),
        "sum_text": ["H(p) + D(p‖q) = ∞" if endless else "H(p) + D(p‖q)"],
        "total_text": ["H(p, q) = ∞" if endless else "H(p, q)"],
    }, longest  # fmt: skip


def walk(path: Any, steps: int, h: float) -> tuple[dict[str, Any], float]:
    """Return the loss at every step, at those taken, and here, with the height of the picture."""
    number = np.arange(STEPS + 1.0)
    top = ladder(1.2 * max([0.5, h, *path[:1][np.isfinite(path[:1])]]))
    return {
        "path": {"step": number, "loss": path},
        "walked": {"step": number[: steps + 1], "loss": path[: steps + 1]},
        "step": {
            "x": number[steps : steps + 1],
            "at": np.minimum(path[steps : steps + 1], ENDLESS * top),
            "text": [fixed(path[steps], 3)],
        },
        "floor": {"x": number[[0, STEPS]], "h": np.full(2, h)},
    }, top  # fmt: skip


def losses(p: Any, q: Any, numbers: dict[str, float], base: float) -> tuple[dict[str, Any], float]:
    """Return both losses as the first outcome's q moves and the others keep their proportions."""
    rest = math.fsum(q[1:])
    shares = q[1:] / rest if rest > 0 else np.full(len(q) - 1, 1 / (len(q) - 1))
    moved = np.column_stack([PREDICTED, np.outer(1 - PREDICTED, shares)])
    here = [one for one in (numbers["bce"], numbers["cce"]) if math.isfinite(one)]
    return {
        "x": PREDICTED, "p": np.full(len(PREDICTED), min(p[0], 1)),
        "bce": binary_cross_entropy(min(p[0], 1), PREDICTED, base=base),
        "cce": categorical_cross_entropy(p, moved, base=base),
    }, ladder(max([2.4 / math.log(base), *(1.2 * one for one in here)]))  # fmt: skip


def marks(q: Any, numbers: dict[str, float], highest: float) -> dict[str, Any]:
    """Return where on the two curves the model is; what is ∞ stands at the upper edge."""
    costs = np.array([numbers["bce"], numbers["cce"]])
    texts = ["BCE", "CCE"]
    return {
        "x": np.full(2, min(q[0], 1.0)), "loss": costs,
        "at": np.minimum(costs, ENDLESS * highest),
        "text": [f"{name} ∞" if math.isinf(cost) else "" for name, cost in
                 zip(texts, costs, strict=True)],
        "shift": np.array([-9.0, 9.0]),
    }  # fmt: skip


def clipping(base: float) -> dict[str, Any]:
    """Return −log q for q from 1e-16 to 1, exact and as a clip at 1e-12 reports it."""
    exact = -EXPONENTS * (math.log(10) / math.log(base))
    ceiling = information_content(CLIP, base=base)
    return {"exponent": EXPONENTS, "exact": exact, "clipped": np.minimum(exact, ceiling)}


def worst_place(p: Any, q: Any) -> int:
    """Return the place of the outcome that can happen and has the least q."""
    return int(np.argmin(np.where(p > 0, q, np.inf)))


def clip_mark(q: float, numbers: dict[str, float], base: float) -> dict[str, Any]:
    """Return the outcome with the least q on both curves; below 1e-16 it stands at the edge."""
    exact = information_content(min(q, 1.0), base=base)
    shown = max(q, 1e-16)
    return {
        "exponent": np.full(2, math.log10(min(shown, 1.0)) + 0.0),
        "at": np.array([
            -math.log(min(shown, 1.0)) / math.log(base) + 0.0,
            min(exact, numbers["clip_ceiling"]),
        ]),
        "text": [fixed(exact, 3), fixed(min(exact, numbers["clip_ceiling"]), 3)],
        "shift": np.array([-9.0, 10.0]),
    }  # fmt: skip


def words(
    p: Any, q: Any, start: Sequence[float], labels: Sequence[str], numbers: dict[str, float]
) -> dict[str, str]:
    """Return why a number is ∞, what training does, and what the clip hides."""
    never, never_p = _ruled_out(p, q, labels), _ruled_out(q, p, labels)
    reason = f"q gives 0 to {never}, which p can produce, so H(p, q) and D(p‖q) are ∞. "
    reverse = f"p gives 0 to {never_p}, which q can produce, so H(q, p) and D(q‖p) are ∞."
    worst = worst_place(p, q)
    return {
        "reason": (reason if never else "") + (reverse if never_p else ""),
        "training": _training_words(p, start, never),
        "clip_words": _clip_words(labels[worst], q[worst], numbers),
        "first": labels[0],
    }


def _ruled_out(p: Any, q: Any, labels: Sequence[str]) -> str:
    places = zip(labels, p, q, strict=True)
    return ", ".join(label for label, share, given in places if share > 0 and given == 0)


def _training_words(p: Any, start: Sequence[float], never: str) -> str:
    if never:
        return (
            f"q gives 0 to {never}: the loss is ∞, its logit −∞, and no finite step leads away "
            "from there. Give it a little and train."
        )
    if list(p) == list(start):
        return "q is p: the gradient q − p is 0, and there is nothing to learn."
    return "Each step adds 0.2 · (p − q) to the logits of q. Locks hold for sliders only."


def _clip_words(label: str, q: float, numbers: dict[str, float]) -> str:
    if q >= CLIP:
        return (
            f"Of what p can produce, q gives the least to {label}, and not less than 10⁻¹²: the "
            "clip changes nothing."
        )
    said = fixed(numbers["clip_ceiling"], 3)
    return f"{label} has q below 10⁻¹²: clipped code counts {said} for it and hides the truth."


def _fit(label: str, share: float) -> str:
    """Cut a label to what a box ``share`` of the picture wide has room for on a phone."""
    room = int(share / 0.024)
    return label if len(label) <= room else label[: max(0, room - 1)] + "…" if room > 1 else ""
