"""Texts and log-probabilities that the scenes show."""

from __future__ import annotations

import math
from collections.abc import Iterable

# About the village of the story that the models learn from, but not in it.
VILLAGE = (
    "In March the boy lit the lamp by himself. There was cloud over the sea, and then rain. The "
    "keeper sat by the stove with her face to the window and counted the flashes."
)
ANOTHER_WORLD = "The quick brown fox jumps over the lazy dog."
OVER_AND_OVER = "the end of the end of the end of the end of the end of the end."
# The same words twice: a unigram sees no difference.
IN_ORDER = "The keeper stood at the end of the quay and looked at the sea."
SHUFFLED = "The at quay sea the of end looked the and keeper stood the at."
_TOKENS = ("The", " cat", " sat", " on", " the", " mat", " and", " purred", " softly", ".")
_WEAK = (5.298317, 4.60517, 4.828314, 3.912023, 5.809143, 4.199705, 4.961845, 4.422849, 4.710531,
         5.115996)  # fmt: skip
_BETTER = (1.89712, 2.525729, 2.120264, 1.609438, 2.995732, 2.302585, 2.65926, 1.714798, 2.407946,
           2.813411)  # fmt: skip
# The weather message of the first pages, as often as it is likely: ½, ¼, 0.15 and 0.1 of 20 days.
_WEATHER = {"sun": 10, "cloud": 5, "rain": 3, "snow": 2}
_DAYS = (
    *("sun", "cloud", "sun", "rain", "sun", "sun", "snow", "cloud", "sun", "sun"),
    *("rain", "sun", "cloud", "sun", "cloud", "sun", "snow", "rain", "cloud", "sun"),
)


def _csv(tokens: tuple[str, ...], costs: Iterable[float]) -> str:
    rows = (f"{token},-{cost}" for token, cost in zip(tokens, costs, strict=True))
    return "\n".join(["token,logprob", *rows])


WEAK, BETTER = _csv(_TOKENS, _WEAK), _csv(_TOKENS, _BETTER)
WEATHER = _csv(_DAYS, (round(math.log(20 / _WEATHER[day]), 6) for day in _DAYS))
ONE_SURE = "token,logprob\na,0\nb,-4.60517"
