"""What a reader may type into the perplexity chapter."""

import json
import math

from app.explorers.perplexity.game import HIDDEN, LETTERS, guessed, played
from tests.contract.expectations import Expectations

WORDS = [
    *(
        "the",
        " value",
        " of",
        " object",
        " is",
        ".",
        ",",
        "\n",
        "  ",
        "\t",
        " penguin",
        "É",
        "雪",
        " 🙂",
    ),
    *(
        "'",
        " don’t",
        "x_1",
        " 42",
        "<b>",
        "&amp;",
        "\u200b",
        "\ufeff",
        '"',
        " Zyx",
        "\u2028",
        "<unk>",
    ),
]


def random_text(name, rng):
    """Return a text of words known and unknown or, for log-probabilities, tokens with theirs."""
    if name == "guesses":
        return random_game(rng)
    chosen = rng.choice(WORDS, rng.integers(1, 30)).tolist()
    if name != "log_probs":
        return "".join(chosen)
    nats = rng.choice(
        [-rng.exponential(4), 0.0, -math.inf, -700.0], len(chosen), p=[0.9, 0.04, 0.03, 0.03]
    )
    if rng.random() < 0.3:
        return json.dumps(
            [{"token": t, "logprob": str(n)} for t, n in zip(chosen, nats, strict=True)]
        )
    rows = ('"{}",{}'.format(t.replace('"', '""'), n) for t, n in zip(chosen, nats, strict=True))
    return "\n".join(rows)


def random_game(rng):
    """Return guesses as somebody makes them who knows a little English, some of them to the end."""
    guesses = ""
    for _ in range(rng.integers(0, 120)):
        tries, _ = played(guesses)
        right = (HIDDEN + " ")[len(tries)].replace(" ", "_")
        raw = rng.choice([right, None, rng.choice([*LETTERS])], p=[0.5, 0.05, 0.45])
        guesses = guessed(guesses, raw and str(raw))
    return guesses


EXPECTED = Expectations(
    text=random_text,
    undefined_at_zero={"bits_yours": "letters_guessed", "bits_model": "letters_guessed"},
)
