"""Samples of a feature and a label that Python and the browser draw alike, and what they share.

The label says whether a normal x₀ is positive; a feature is x₀ with noise, or noise alone. The
first sample is that of ``numpy.random.default_rng(42)``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from infocore import binary_entropy, kl_divergence

from ...contract.memo import cached

MOST = 2000  # samples
CUTS = (-3.2, 3.2)  # in standard deviations of the feature
SHUFFLES = 39  # the least and the largest of so many leave 1 in 40 on each side: a 95 % band
BINS = (2, 3, 4, 6, 8, 10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450, 630, 1000)
STEPS = np.arange(0, MOST + 1, dtype=np.float64)
COUNT_LOGS = STEPS * np.log(np.maximum(STEPS, 1))  # k·ln k, of which estimates are sums


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


def spread(feature: str, noise: float) -> float:
    """Return the feature's standard deviation."""
    return 1.0 if feature == "noise" else math.hypot(1.0, noise)


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
    """Return orders of ``MOST`` samples, from scrambled counters (C. Wellons' lowbias32)."""
    key = np.arange(SHUFFLES * MOST, dtype=np.uint32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        key ^= key >> np.uint32(shift)
        key *= np.uint32(factor)
    return np.argsort(key.reshape(SHUFFLES, MOST), axis=1)


@cached(8)
def shuffles(n: int) -> Any:
    """Return orders of ``n`` samples, one a row; the first row is the samples' own."""
    orders = _orders()
    return np.vstack([np.arange(n), orders[orders < n].reshape(SHUFFLES, n)])


def estimates(x: Any, y: Any, bins: tuple[int, ...] = BINS) -> dict[str, Any]:
    """Return plug-in, corrected and shuffled estimates in nats, for each number of bins."""
    n, ones = len(x), int(y.sum())
    labelled = np.nonzero(y[shuffles(n)])[1].reshape(SHUFFLES + 1, ones)
    least, width = x.min(), np.ptp(x)
    columns = [_of_bins(x, least, width, count, labelled) for count in bins]
    plug_in, corrected, low, high = (np.array(column) for column in zip(*columns, strict=True))
    return {"plug_in": plug_in, "corrected": corrected, "low": low, "high": high}


def _of_bins(x: Any, least: float, width: float, bins: int, labelled: Any) -> tuple[float, ...]:
    n, ones = len(x), labelled.shape[1]
    place = np.minimum(((x - least) * (bins / width)).astype(np.int64), bins - 1)
    cells = place[labelled] + bins * np.arange(len(labelled))[:, None]
    rows = np.bincount(place, minlength=bins)
    with_label = np.bincount(cells.ravel(), minlength=bins * len(labelled)).reshape(-1, bins)
    both = COUNT_LOGS[with_label] + COUNT_LOGS[rows - with_label] - COUNT_LOGS[rows]
    nats = (both.sum(axis=1) + label_logs(n, ones)) / n
    found = with_label[0]
    occupied = np.count_nonzero(found) + np.count_nonzero(rows - found) - np.count_nonzero(rows)
    excess = (occupied - min(ones, 1) - min(n - ones, 1) + 1) / (2 * n)
    return nats[0], nats[0] - excess, nats[1:].min(), nats[1:].max()


def label_logs(n: int, ones: int) -> float:
    """Return n times the entropy in nats of a label that ``ones`` of ``n`` samples have."""
    return float(COUNT_LOGS[n] - COUNT_LOGS[ones] - COUNT_LOGS[n - ones])


def gains(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the feature in order, and the gain in nats of a cut before each of its samples.

    The last gain is that of a cut behind all; there and before the first it is 0.
    """
    order = np.argsort(x, kind="stable")
    n, ones = len(x), int(y.sum())
    left = np.arange(n + 1)
    hits = np.concatenate([[0], np.cumsum(y[order])])
    parts = (hits, left - hits, ones - hits, (n - left) - (ones - hits))
    sums = sum(COUNT_LOGS[part] for part in parts) - COUNT_LOGS[left] - COUNT_LOGS[n - left]
    return x[order], np.maximum((sums + label_logs(n, ones)) / n, 0.0)
