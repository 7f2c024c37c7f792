"""Cuts of ordered samples: what each tells of the label, and which is the best."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...contract.labelled import COUNT_LOGS, label_logs

NEAR = 1e-12  # by which two gains may differ and still count as the same


def gains(label: Any) -> tuple[Any, Any]:
    """Return the information gain in nats, and by how much Gini's impurity falls, of each cut.

    ``label`` is that of samples in their order. There is a cut before each of them and one behind
    all; the first and the last tell nothing.
    """
    n, ones = len(label), int(label.sum())
    left, hits = np.arange(n + 1), np.concatenate([[0], np.cumsum(label)])
    right, misses = n - left, ones - hits
    parts = (hits, left - hits, misses, right - misses)
    sums = sum(COUNT_LOGS[part] for part in parts) - COUNT_LOGS[left] - COUNT_LOGS[right]
    most = max(n, 1)
    mixed = hits * parts[1] / np.maximum(left, 1) + misses * parts[3] / np.maximum(right, 1)
    gini = 2 * (ones * (n - ones) / most - mixed) / most
    return np.maximum((sums + label_logs(n, ones)) / most, 0.0), np.maximum(gini, 0.0)


def best_cut(values: Any, gained: Any) -> tuple[float, float] | None:
    """Return the first of the best cuts between ordered values, and its gain; equals have none."""
    places = np.nonzero(values[1:] > values[:-1])[0] + 1
    if not len(places):
        return None
    found = gained[places]
    place = places[np.argmax(found >= found.max() - NEAR)]
    return float((values[place - 1] + values[place]) / 2), float(gained[place])
