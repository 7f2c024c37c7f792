"""Shannon's guessing game: a reader guesses a passage letter by letter, and a model does, too."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import numpy as np

from infocore import NGram, character_tokens

from ...contract.messages import Refused, quotable
from .reading import bundled_text, likeliest, visible

LETTERS = "abcdefghijklmnopqrstuvwxyz_"  # the blank is written _, as in a link it can be seen
SHOW = "."  # in place of a guess: this letter is shown, and counts for neither
# About the story's village, but not in the story, so that the model must guess, too.
OPENING = "in the morning "
HIDDEN = "the snow had gone and a small boat was waiting below the steps"
GIVEN = -1  # in place of a number of guesses: nobody had to guess this letter
MOST = len(LETTERS) * len(HIDDEN)  # guesses in a game
ORDER = 3
DARKEST = 8.0  # bits of surprise at which a letter is shaded most

# How often Shannon's reader needed so many guesses (1951, section 3): 79 of 102 letters took one, 8
# two, 3 three, 2 four, 2 five, and 8 more than five, which are shared among the 22 other numbers.
_TIMES = np.array([79.0, 8, 3, 2, 2, *[8 / 22] * 22])
COSTS = -np.log2(_TIMES / 102)


def spelled(text: str) -> str:
    """Return a text in Shannon's alphabet, which has 26 letters and the blank."""
    return re.sub("[^a-z]+", " ", re.sub("['’]", "", text.lower())).strip()


def played(guesses: str) -> tuple[list[int], str]:
    """Return how many guesses each letter took, 0 where it was shown, and what the next is not.

    A guess that cannot be made, such as one made before, is refused.
    """
    tries: list[int] = []
    tried = ""
    for place, guess in enumerate(guesses):
        over = len(tries) == len(HIDDEN)
        if over or guess in tried or guess not in LETTERS + SHOW:
            raise Refused("no_guess", raw=quotable(guess), place=place + 1)
        if guess in (SHOW, HIDDEN[len(tries)].replace(" ", "_")):
            tries.append(0 if guess == SHOW else len(tried) + 1)
            tried = ""
        else:
            tried += guess
    return tries, tried


def guessed(guesses: str, raw: object) -> str:
    """Return the guesses with one more, or with a letter shown where ``raw`` is None."""
    if raw is not None and (not isinstance(raw, str) or len(raw) != 1 or raw not in LETTERS):
        raise Refused("no_letter", raw=quotable(raw))
    tries, tried = played(guesses)
    guess = SHOW if raw is None else str(raw)
    return guesses if len(tries) == len(HIDDEN) or guess in tried else guesses + guess


@cache
def _costs() -> tuple[Any, ...]:
    """Return what each letter costs the model, in nats, and what it expected there."""
    model, text = NGram(character_tokens(spelled(bundled_text())), order=ORDER), OPENING + HIDDEN
    expected = [
        likeliest(model.alternatives(text[max(0, place - ORDER + 1) : place], order=ORDER))
        for place in range(len(text))
    ]
    return model.log_probs(character_tokens(text)), expected


def game(guesses: str, base: float) -> dict[str, Any]:
    """Return the letters so far, the bits that both need, and which buttons are off."""
    tries, tried = played(guesses)
    letters = OPENING + HIDDEN[: len(tries)]
    numbers = np.array([*[GIVEN] * len(OPENING), *tries])
    nats, expected = (part[: len(letters)] for part in _costs())
    bits, counted, place = nats / -math.log(2), numbers > 0, np.arange(float(len(letters)))
    yours, model = np.where(counted, COSTS[numbers - 1], 0.0), np.where(counted, bits, 0.0)
    number, per_bit = float(counted.sum()), math.log(2) / math.log(base)
    table = {
        "token": list(letters), "shown": [visible(letter) for letter in letters],
        "p": np.exp(nats), "surprise": bits * per_bit,
        "heat": np.minimum(1.0, bits / DARKEST), "expected": expected,
        "tries": numbers.astype(float), "yours": yours * per_bit, "model": model * per_bit,
        "left": place + 0.1, "right": place + 0.9,
    }  # fmt: skip
    readouts = {
        "letters_guessed": number,
        "bits_yours": float((yours / number).sum()) if number else math.nan,
        "bits_model": float((model / number).sum()) if number else math.nan,
    }
    over, shown = len(tries) == len(HIDDEN), tries.count(0)
    return {
        "table": table, "readouts": readouts,
        "off": [float(over or letter in tried) for letter in LETTERS],
        "flags": {
            "game": number > 0, "playing": not over, "some_shown": shown > 0,
            "you_lead": readouts["bits_yours"] < readouts["bits_model"],
            "model_leads": readouts["bits_model"] < readouts["bits_yours"],
        },
        "slots": {"letters_shown": str(shown)},
    }  # fmt: skip
