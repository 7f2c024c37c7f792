"""What a sample tells of the information that its feature and its label share.

Estimates from bins, those of shuffled labels, and the exact value.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import binary_entropy, kl_divergence

from ...contract.draws import scrambled
from ...contract.labelled import COUNT_LOGS, MOST, label_logs
from ...contract.memo import cached

SHUFFLES = 39  # the least and the largest of so many leave 1 in 40 on each side: a 95 % band
BINS = (2, 3, 4, 6, 8, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 630, 1000)


def exact_information(feature: str, noise: float) -> float:
    """Return the mutual information of feature and label in nats, to 1e-14.

    Given x, x₀ is positive with probability Φ(z/noise), where z is x in standard deviations. The
    trapezoid rule converges exponentially on either scale: that of the label's entropy, which is
    as wide as the noise, or that of the feature.
    """
    if feature == "noise":
        return 0.0
    if noise < 1:
        t, weights = _half_line(10.0)
        left = binary_entropy(_upper_tail(t), base=math.e)
        return math.log(2) - 2 * noise * float(np.sum(weights * _density(noise * t) * left))
    z, weights = _half_line(9.0)
    p = _upper_tail(z / noise)
    gained = kl_divergence(np.stack([p, 1 - p], axis=-1), [0.5, 0.5], base=math.e)
    return 2 * float(np.sum(weights * _density(z) * gained))


def _half_line(end: float) -> tuple[Any, Any]:
    nodes = np.linspace(0.0, end, 181)
    weights = np.full(181, end / 180)
    weights[0] /= 2
    return nodes, weights


def _density(z: Any) -> Any:
    return np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def _upper_tail(z: Any) -> Any:
    return np.array([0.5 * math.erfc(one / math.sqrt(2)) for one in z])


@cached(1)
def _orders() -> Any:
    """Return orders of ``MOST`` samples, from scrambled counters."""
    key = scrambled(np.arange(SHUFFLES * MOST))
    return np.argsort(key.reshape(SHUFFLES, MOST), axis=1)


@cached(8)
def shuffles(n: int) -> Any:
    """Return orders of ``n`` samples, one a row; the first row is the samples' own."""
    orders = _orders()
    return np.vstack([np.arange(n), orders[orders < n].reshape(SHUFFLES, n)])


def in_order(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the values in order and, a column a shuffle, how many of the first have the label.

    A bin holds neighbours: how many of them have the label is the difference of two of these
    counts, which serve every number of bins.
    """
    n, order = len(x), np.argsort(x)
    counts = np.zeros((n + 1, SHUFFLES + 1), dtype=np.int16)
    np.cumsum(y[shuffles(n)].T[order], axis=0, dtype=np.int16, out=counts[1:])
    return x[order], counts


def estimates(ordered: tuple[Any, Any], bins: tuple[int, ...] = BINS) -> dict[str, Any]:
    """Return plug-in, corrected and shuffled estimates in nats, for each number of bins."""
    columns = [_of_bins(*ordered, count) for count in bins]
    plug_in, corrected, low, high = (np.array(column) for column in zip(*columns, strict=True))
    return {"plug_in": plug_in, "corrected": corrected, "low": low, "high": high}


def _of_bins(x: Any, counts: Any, bins: int) -> tuple[float, ...]:
    n, ones, width = len(x), int(counts[-1, 0]), x[-1] - x[0]
    place = np.minimum(((x - x[0]) * (bins / width)).astype(np.int64), bins - 1)
    edges = np.searchsorted(place, np.arange(bins + 1))
    rows, with_label = np.diff(edges)[:, None], np.diff(counts[edges], axis=0)
    both = COUNT_LOGS.take(with_label) + COUNT_LOGS.take(rows - with_label) - COUNT_LOGS[rows]
    nats = (both.sum(axis=0) + label_logs(n, ones)) / n
    rows, found = rows[:, 0], with_label[:, 0]
    occupied = np.count_nonzero(found) + np.count_nonzero(rows - found) - np.count_nonzero(rows)
    excess = (occupied - min(ones, 1) - min(n - ones, 1) + 1) / (2 * n)
    return nats[0], nats[0] - excess, nats[1:].min(), nats[1:].max()
