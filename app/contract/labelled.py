"""Samples of a feature and a label that chapters share, drawn alike in Python and the browser.

The label says whether a normal x₀ is positive; a feature is x₀ with noise, or noise alone. The
first sample is that of ``numpy.random.default_rng(42)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .memo import cached, frozen

MOST = 2000  # samples
STEPS = np.arange(0, MOST + 1, dtype=np.float64)
COUNT_LOGS = frozen(STEPS * np.log(np.maximum(STEPS, 1)))  # k·ln k, of which estimates are sums
CONTROLS: dict[str, dict[str, Any]] = {  # what the parameters of a sample have on every page
    "noise": {
        "bounds": (0, 10), "step": 0.1, "label": "noise σ",
        "doc": "Standard deviation of the added noise.",
    },
    "n": {
        "default": MOST, "whole": True, "bounds": (50, MOST), "step": 10, "label": "samples",
        "doc": "How many samples.",
    },
    "sample": {
        "default": 1, "whole": True, "bounds": (1, 100), "step": 1, "label": "sample",
        "doc": "Which of a hundred random samples.",
    },
}  # fmt: skip


@cached(8)
def draws(sample: int) -> tuple[Any, ...]:
    """Return x₀, the noise that may be added to it, and noise that has nothing to do with it."""
    bits = np.random.PCG64(42)
    bits.advance((sample - 1) << 64)
    rng = np.random.Generator(bits)
    return tuple(rng.standard_normal(MOST) for _ in range(3))


def feature_and_label(feature: str, noise: float, n: int, sample: int) -> tuple[Any, Any]:
    """Return the first ``n`` of a sample."""
    x0, added, unrelated = draws(sample)
    x = unrelated if feature == "noise" else x0 + noise * added
    return x[:n], x0[:n] > 0


def another(sample: int) -> int:
    """Return the sample after this one; the first follows the last."""
    return sample % 100 + 1


def label_logs(n: int, ones: int) -> float:
    """Return n times the entropy in nats of a label that ``ones`` of ``n`` samples have."""
    return float(COUNT_LOGS[n] - COUNT_LOGS[ones] - COUNT_LOGS[n - ones])
