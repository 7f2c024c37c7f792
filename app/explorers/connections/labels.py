"""Losses averaged under the data: labels, text, a teacher, a scaling law."""

from __future__ import annotations

import math

import numpy as np

from infocore import (
    categorical_cross_entropy,
    entropy,
    information_content,
    kl_divergence,
    perplexity_from_loss,
    shannon_code_lengths,
    softmax,
)

from ...contract.result import Result

CLASSES = ["cat", "dog", "bird"]
LOGITS = np.linspace(-6.0, 6.0, 61)


def classification(*, logit: float, temperature: float, smoothing: float) -> Result:
    """Return the loss of one example of three classes, whose label is the first."""
    q = softmax([logit, 0.0, 0.0], temperature=temperature)
    y = np.array([1 - smoothing, 0.0, 0.0]) + smoothing / 3
    loss, floor = _smoothed_loss(logit, temperature, smoothing), entropy(y, base=math.e)
    along = [_smoothed_loss(z, temperature, smoothing) for z in LOGITS]
    return Result(
        tables={
            "classes": {"place": [0, 1, 2], "name": CLASSES, "y": y, "q": q},
            "curve": {"logit": LOGITS, "loss": along},
            "now": {"logit": [logit], "loss": [loss], "floor": [floor]},
        },
        readouts={
            "label_loss": loss,
            "label_floor": floor,
            "label_waste": kl_divergence(y, q, base=math.e),
        },
    )


def _smoothed_loss(logit: float, temperature: float, smoothing: float) -> float:
    scores = np.array([logit, 0.0, 0.0]) / temperature
    return float(categorical_cross_entropy(0, scores, from_logits=True, label_smoothing=smoothing))


TEXT = "abracadabra"
SHARES = np.linspace(0.02, 0.98, 49)


def compression(*, share: float, letters: int) -> Result:
    """Return what the first letters of a text cost under a model that knows how often a comes.

    The codeword is that of Shannon, Fano and Elias for the text as one outcome: it is one bit
    longer than Shannon's, so less than the text's surprise and 2 bits, as in arithmetic coding.
    """
    others = (1 - share) / 4  # of b, c, d and r
    given = [share if letter == "a" else others for letter in TEXT[:letters]]
    together = math.prod(given)
    surprise, code = float(information_content(together)), float(shannon_code_lengths(together))
    count = TEXT[:letters].count("a")
    along = _bits_a_letter(SHARES, count, letters)
    now = float(_bits_a_letter(np.array([share]), count, letters)[0])
    return Result(
        tables={
            "letters": {
                "place": np.arange(letters), "name": list(TEXT[:letters]),
                "surprise": information_content(given),
            },
            "curve": {"share": SHARES, "bits": along},
            "now": {"share": [share], "bits": [now]},
        },
        readouts={
            "code_bits": code + 1, "text_bits": surprise, "letter_bits": now,
            "letter_perplexity": 2.0**now,
        },
    )  # fmt: skip


def _bits_a_letter(share: np.ndarray, count: int, letters: int) -> np.ndarray:
    others = np.log2((1 - share) / 4)
    return -(count * np.log2(share) + (letters - count) * others) / letters


LEAST, BY_SIZE, BY_TOKENS = 1.69, 406.4, 410.7  # Hoffmann et al., equation 10
EXPONENTS = 0.34, 0.28
TOKENS = 10.0 ** np.linspace(-1.0, 5.0, 61)  # billions


def scaling(*, size: float, tokens: float) -> Result:
    """Return the fitted loss of a language model after so many tokens, both in billions."""
    of_size, of_tokens = BY_SIZE / (1e9 * size) ** EXPONENTS[0], _of_tokens(tokens)
    loss = LEAST + of_size + of_tokens
    along = [LEAST + of_size + _of_tokens(one) for one in TOKENS]
    return Result(
        tables={
            "parts": {
                "place": [0, 1, 2], "name": ["constant", "size", "tokens"],
                "nats": [LEAST, of_size, of_tokens],
            },
            "curve": {"tokens": TOKENS, "loss": along},
            "now": {"tokens": [tokens], "loss": [loss], "least": [LEAST]},
        },
        readouts={
            "scaling_bits": loss / math.log(2), "scaling_loss": loss,
            "scaling_perplexity": float(perplexity_from_loss(loss)),
        },
    )  # fmt: skip


def _of_tokens(tokens: float) -> float:
    return float(BY_TOKENS / (1e9 * tokens) ** EXPONENTS[1])
