"""A model beside one that it learns from or drafts for: distillation and speculative decoding."""

from __future__ import annotations

import math

import numpy as np

from infocore import kl_divergence, softmax, total_variation

from ...contract.result import Result

PLACES = np.arange(-7, 8)
CENTRES = np.linspace(-6.0, 6.0, 61)
# Two modes, of which the left one has a little more.
TEACHER = np.log(
    0.6 * np.exp(-0.5 * (PLACES + 3.0) ** 2) + 0.4 * np.exp(-0.5 * ((PLACES - 3) / 1.2) ** 2) / 1.2
)


def distillation(*, centre: float, width: float, temperature: float) -> Result:
    """Return the cost of a student with one mode, averaged under the teacher."""
    teacher = softmax(TEACHER, temperature=temperature)
    student, along = _students(centre, width, temperature)
    square = temperature**2
    costs = square * np.asarray(kl_divergence(teacher, along, base=math.e))
    cost = square * float(kl_divergence(teacher, student, base=math.e))
    return Result(
        tables=_drawn(teacher, student, costs, centre, cost),
        readouts={
            "forward_cost": cost,
            "forward_other_way": square * float(kl_divergence(student, teacher, base=math.e)),
        },
    )


def reverse_distillation(*, centre: float, width: float) -> Result:
    """Return the cost of a student with one mode, averaged under the student."""
    teacher = softmax(TEACHER)
    student, along = _students(centre, width, 1.0)
    costs = np.asarray(kl_divergence(along, teacher, base=math.e))
    cost = float(kl_divergence(student, teacher, base=math.e))
    return Result(
        tables=_drawn(teacher, student, costs, centre, cost),
        readouts={
            "reverse_cost": cost,
            "reverse_other_way": float(kl_divergence(teacher, student, base=math.e)),
        },
    )


def _students(centre: float, width: float, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the student, and those with other centres, a row each."""
    at = np.concatenate([[centre], CENTRES])[:, np.newaxis]
    found = softmax(-0.5 * ((PLACES - at) / width) ** 2, temperature=temperature)
    return found[0], found[1:]


def _drawn(
    teacher: np.ndarray, student: np.ndarray, costs: np.ndarray, centre: float, cost: float
) -> dict[str, dict[str, object]]:
    return {
        "tokens": {"place": PLACES, "teacher": teacher, "student": student},
        "curve": {"centre": CENTRES, "cost": costs},
        "now": {"centre": [centre], "cost": [cost]},
    }


WORDS = ["the", "a", "my", "one", "no"]
TARGET = np.array([2.0, 1.5, 0.5, 0.0, -1.0])
ASTRAY = np.array([0.0, 0.5, 2.0, 1.0, -1.0])
MOST_DRAFTED = 8


def speculative(*, astray: float, drafted: int) -> Result:
    """Return how much of a small model's draft a large model accepts, word by word."""
    p = softmax(TARGET)
    q = softmax((1 - astray) * TARGET + astray * ASTRAY)
    apart = float(total_variation(p, q))
    accepted = float(np.minimum(p, q).sum())
    passes = np.cumsum(accepted ** np.arange(MOST_DRAFTED + 1))
    nats = float(kl_divergence(p, q, base=math.e))
    return Result(
        tables={
            "words": {
                "place": np.arange(5), "name": WORDS, "p": p, "q": q, "both": np.minimum(p, q),
            },
            "passes": {"drafted": np.arange(MOST_DRAFTED + 1), "words": passes},
            "now": {"drafted": [drafted], "words": [passes[drafted]]},
        },
        readouts={
            "accepted": accepted, "apart": apart, "pinsker": 1 - math.sqrt(nats / 2),
            "words_a_pass": float(passes[drafted]),
        },
    )  # fmt: skip
