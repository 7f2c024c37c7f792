"""True p and model q over the same outcomes: costs, waste, training, and what a clip hides."""

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
)

from ...contract import draws
from ...contract.explorer import UNITS
from ...contract.memo import cached, frozen
from ...contract.messages import note
from ...contract.result import Result
from ...contract.simplex import (
    GESTURES_OF_TWO,
    as_distribution,
    half_heights,
    move_share,
    name_outcomes,
    right_edges,
)

STEPS, RATE = 200, 0.2  # the loss falls at every step: its curvature is at most 1/2 nat
PREDICTED = frozen(np.linspace(0, 1, 201))
CLIP = 1e-12
EXPONENTS = frozen(np.linspace(-16, 0, 161))
FAR = 100.0  # times the highest: an infinite box reaches beyond any axis
EDGE = 0.93  # the part of a picture's height at which a point stands that is ∞
AWAY = 2.0  # where it would stand beyond the picture, as it is not
NAMES = ("labels", "locked", "locked_q")


def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    """Train, or edit p and q from where training has brought q: it then starts anew."""
    return draws.with_draws(state, _moved(state, name, value, index))


def _moved(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
    if name in draws.GESTURES:
        return draws.move_draws(state, name)
    if name == "train":
        stuck = is_stuck(state["p"], state["q"])
        left = 0.0 if stuck else STEPS - state["steps"]
        return {"steps": state["steps"] + (left if value == "end" else min(1.0, left))}
    if name == "steps":
        rounded = math.floor(value + 0.5)
        remark = None if rounded == value else note("whole_steps", steps=rounded)
        return {"steps": float(rounded), "note": remark}
    q = reached(state["p"], state["q"], state["steps"]).tolist()
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


def compute(
    p: list[float], q: list[float], labels: list[str], locked: list[str], locked_q: list[str],
    steps: float, clip: str, draw: int, seed: int, unit: str,
) -> Result:  # fmt: skip
    """Return the boxes, the identity, what is drawn, the training, the losses and their numbers."""
    base, true, now = UNITS[unit], np.array(p), reached(p, q, steps)
    numbers = readouts(true, now, base)
    path = np.asarray(cross_entropy(p, training(tuple(p), tuple(q)), base=base))
    numbers["loss_at_start"] = float(path[0])
    built, highest = boxes(true, now, labels, base)
    numbers |= on_balance(built["waste"])
    _, paid, average = draws.message(true, built["length"], labels, seed, draw)
    built |= right_edges(p, labels, locked)
    bars, amount = identity(numbers)
    curves, cost = losses(true, now, numbers, base)
    walked, loss = walk(path, int(steps), numbers["entropy_p"])
    flags, slots = _passages(true, now, q, labels)
    trained = is_stuck(p, q) or steps >= STEPS
    return Result(
        tables={
            "boxes": built, **paid, "identity": bars, **walked, "losses": curves,
            "mark": marks(now, numbers), "clipping": clipping(base),
            "clip_mark": clip_mark(now[worst_place(true, now)], numbers, base),
        },
        readouts={**numbers, **average},
        ranges={
            "box": (0.0, highest), "amount": (0.0, amount), "loss": (0.0, loss),
            "steps": (0.0, float(STEPS)), "running": (0.0, highest), **draws.ranges(draw),
            "cost": (0.0, cost), "surprise": (0.0, 18 * math.log(10) / math.log(base)),
        },
        flags={
            **flags, "clip": clip == "on", "walked": steps > 0, "trained": trained,
            "ahead": not trained,
            "off_the_scale": math.isinf(numbers["cce"]) or math.isinf(numbers["bce"]),
        },
        slots=slots,
        controls={"q": now.tolist()},
    )  # fmt: skip


def is_stuck(p: Sequence[float], q: Sequence[float]) -> bool:
    """Say whether no step moves q: it is p, or its loss is infinite and has no gradient."""
    never = any(share > 0 and given == 0 for share, given in zip(p, q, strict=True))
    return never or list(p) == list(q)


@cached(64)
def training(p: tuple[float, ...], q: tuple[float, ...]) -> Any:
    """Return q after 0, 1, … steps of gradient descent on its logits: the gradient is q − p."""
    if is_stuck(p, q):
        return np.repeat([q], STEPS + 1, axis=0)
    path = [list(q)]
    logits = [math.log(given) if given else -math.inf for given in q]
    for _ in range(STEPS):  # on plain numbers: NumPy takes ten times as long for so few
        steps = zip(logits, path[-1], p, strict=True)
        logits = [logit - RATE * (given - share) for logit, given, share in steps]
        path.append(_softmax(logits))
    return np.array(path)


def _softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    powers = [math.exp(logit - highest) for logit in logits]
    total = math.fsum(powers)
    return [power / total for power in powers]


def reached(p: Sequence[float], q: Sequence[float], steps: float) -> Any:
    """Return q after so many steps."""
    return training(tuple(p), tuple(q))[int(steps)] if steps else np.array(q)


def readouts(p: Any, q: Any, base: float) -> dict[str, Any]:
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
    """Return a box an outcome, cut where −log p ends, and how high the picture has to be."""
    bits = information_content(np.minimum([p, q], 1), base=base)
    ideal, length = np.asarray(bits)
    likely = p > 0
    endless = likely & np.isinf(length)
    finite = np.concatenate([one[likely & np.isfinite(one)] for one in (ideal, length)])
    highest = (1.5 if endless.any() else 1.3) * float(max([0.5, *finite]))
    drawn = np.where(endless, ideal, np.where(likely, length, 0))
    least = np.where(likely, ideal, 0)
    both, right = np.minimum(least, drawn), np.cumsum(p)
    with np.errstate(invalid="ignore"):
        area = np.where(likely, p * length, 0)
        waste = np.where(likely, p * (length - ideal), 0)
    return {
        "label": list(labels), "p": p, "q": q, "ideal": ideal, "length": length,
        "area": area, "waste": waste,
        "left": right - p, "right": right, "middle": right - p / 2,
        "held": np.where(likely, right - p / 2, AWAY), "half": half_heights(drawn),
        "both": both, "wasted": drawn, "saved": least,
        "over": np.maximum(both, drawn), "under": np.maximum(both, least),
        "endless": np.where(endless, FAR * highest, both),
        "paid": np.where(endless, 0, p), "mark": np.where(endless, math.inf, -FAR),
    }, highest  # fmt: skip


def on_balance(waste: Any) -> dict[str, Any]:
    """Return what q costs on top where it is too small, and what it saves where too large."""
    return {
        "overpaid": float(np.sum(np.maximum(waste, 0))),
        "saved": float(np.sum(np.maximum(-waste, 0))),
    }


def identity(numbers: dict[str, Any]) -> tuple[dict[str, Any], float]:
    """Return the ends of the identity's bars, and how long the picture has to be.

    What the upper one is called stands on its longer part, so that the border stays in sight.
    """
    h, total = numbers["entropy_p"], numbers["cross_entropy_pq"]
    endless = math.isinf(total)
    drawn = h if endless else total
    longest = 1.2 * max(0.5, drawn)
    return {
        "h": np.array([h]), "d": np.array([max(h, drawn)]), "total": np.array([drawn]),
        "edge": np.array([FAR * longest if endless else max(h, drawn)]),
        "loss": np.array([total]),
        "words": np.array([h if math.isfinite(total) and total > 2 * h else 0.0]),
    }, longest  # fmt: skip


def walk(path: Any, steps: int, h: float) -> tuple[dict[str, Any], float]:
    """Return the loss at every step, at those taken, and here, and how high they reach."""
    number = np.arange(STEPS + 1.0)
    highest = 1.2 * float(max([0.5, h, *path[:1][np.isfinite(path[:1])]]))
    here = path[steps : steps + 1]
    return {
        "path": {"step": number, "loss": path},
        "walked": {"step": number[: steps + 1], "loss": path[: steps + 1]},
        "step": {"x": number[steps : steps + 1], "loss": here, "edge": _at_edge(here)},
        "floor": {"x": number[[0, STEPS]], "h": np.full(2, h)},
    }, highest


def _at_edge(costs: Any) -> Any:
    """Return where on a scale from 0 to 1 a point stands that is ∞."""
    return np.where(np.isinf(costs), EDGE, AWAY)


def losses(p: Any, q: Any, numbers: dict[str, Any], base: float) -> tuple[dict[str, Any], float]:
    """Return both losses as the first outcome's q moves and the others keep their proportions."""
    rest = math.fsum(q[1:])
    shares = q[1:] / rest if rest > 0 else np.full(len(q) - 1, 1 / (len(q) - 1))
    moved = np.column_stack([PREDICTED, np.outer(1 - PREDICTED, shares)])
    here = [one for one in (numbers["bce"], numbers["cce"]) if math.isfinite(one)]
    return {
        "x": PREDICTED, "p": np.full(len(PREDICTED), min(p[0], 1)),
        "bce": binary_cross_entropy(min(p[0], 1), PREDICTED, base=base),
        "cce": categorical_cross_entropy(p, moved, base=base),
    }, max([2.4 / math.log(base), *(1.2 * one for one in here)])  # fmt: skip


def marks(q: Any, numbers: dict[str, Any]) -> dict[str, Any]:
    """Return where on the two curves the model is; what is ∞ stands at the upper edge."""
    costs = np.array([numbers["bce"], numbers["cce"]])
    return {
        "x": np.full(2, min(q[0], 1.0)), "loss": costs, "edge": _at_edge(costs),
        "name": ["BCE", "CCE"], "shift": np.array([2.0, 18.0]),
    }  # fmt: skip


def clipping(base: float) -> dict[str, Any]:
    """Return −log q for q from 1e-16 to 1, exact and as a clip at 1e-12 reports it."""
    exact = -EXPONENTS * (math.log(10) / math.log(base))
    ceiling = information_content(CLIP, base=base)
    return {"exponent": EXPONENTS, "exact": exact, "clipped": np.minimum(exact, ceiling)}


def worst_place(p: Any, q: Any) -> int:
    """Return the place of the outcome that can happen and has the least q."""
    return int(np.argmin(np.where(p > 0, q, np.inf)))


def clip_mark(q: float, numbers: dict[str, Any], base: float) -> dict[str, Any]:
    """Return the outcome with the least q on both curves; below 1e-16 it stands at the edge."""
    exact = information_content(min(q, 1.0), base=base)
    shown = max(q, 1e-16)
    return {
        "exponent": np.full(2, math.log10(min(shown, 1.0)) + 0.0),
        "at": np.array([
            -math.log(min(shown, 1.0)) / math.log(base) + 0.0,
            min(exact, numbers["clip_ceiling"]),
        ]),
        "loss": np.array([exact, min(exact, numbers["clip_ceiling"])]),
        "shift": np.array([-9.0, 10.0]),
    }  # fmt: skip


def ruled_out(p: Any, q: Any, labels: Sequence[str]) -> str:
    """Return the names of the outcomes that p can produce and to which q gives 0."""
    places = zip(labels, p, q, strict=True)
    return ", ".join(label for label, share, given in places if share > 0 and given == 0)


def _passages(
    p: Any, now: Any, start: Sequence[float], labels: Sequence[str]
) -> tuple[dict[str, bool], dict[str, str]]:
    """Return which passages of the texts hold, and the names in them."""
    never, never_p = ruled_out(p, now, labels), ruled_out(now, p, labels)
    worst, same = worst_place(p, now), list(p) == list(start)
    flags = {
        "ruled_out": never != "", "ruled_out_p": never_p != "",
        "learns": never == "" and not same, "learned": never == "" and same,
        "clip_idle": bool(now[worst] >= CLIP), "clip_hides": bool(now[worst] < CLIP),
    }  # fmt: skip
    slots = {"never": never, "never_p": never_p, "worst": labels[worst], "first": labels[0]}
    return flags, slots
