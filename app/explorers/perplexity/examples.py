"""Texts and log-probabilities that the scenes show."""

from __future__ import annotations

DOCUMENTATION = (
    "If the object has no such method, an exception is raised. The value of the expression is "
    "the first argument of the function. The penguin is returned to the caller."
)
_TOKENS = ("The", " cat", " sat", " on", " the", " mat", " and", " purred", " softly", ".")
_WEAK = (5.298317, 4.60517, 4.828314, 3.912023, 5.809143, 4.199705, 4.961845, 4.422849, 4.710531,
         5.115996)  # fmt: skip
_BETTER = (1.89712, 2.525729, 2.120264, 1.609438, 2.995732, 2.302585, 2.65926, 1.714798, 2.407946,
           2.813411)  # fmt: skip


def _csv(costs: tuple[float, ...]) -> str:
    rows = (f"{token},-{cost}" for token, cost in zip(_TOKENS, costs, strict=True))
    return "\n".join(["token,logprob", *rows])


WEAK, BETTER = _csv(_WEAK), _csv(_BETTER)
