"""``python -m bench.counting``: the mutual information of 1e6 samples, beside NumPy's own way.

All in the same run on the same machine; what counts are the ratios.
"""

import math
import timeit

import numpy as np

from infocore import binned_mutual_information, permutation_null

BINS = 20


def by_histogram(x, y):
    """Return the plug-in estimate in nats as it is usually written."""
    joint = np.histogram2d(x, y, bins=[BINS, 2])[0] / len(x)
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
    seen = joint > 0
    return float(np.sum(joint[seen] * np.log(joint[seen] / product[seen])))


def best(call):
    """Return the least milliseconds of a few calls."""
    return 1000 * min(timeit.repeat(call, number=1, repeat=9))


def main():
    """Print what each way takes, and the two ratios."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal(1_000_000), rng.integers(0, 2, 1_000_000)
    least, scale = x.min(), BINS / np.ptp(x)
    cells = np.minimum(((x - least) * scale).astype(np.int64), BINS - 1) * 2 + y
    assert math.isclose(
        binned_mutual_information(x, y, bins=BINS, base=math.e), by_histogram(x, y), rel_tol=1e-6
    )
    ours = best(lambda: binned_mutual_information(x, y, bins=BINS))
    histogram = best(lambda: by_histogram(x, y))
    counting = best(lambda: np.bincount(cells, minlength=2 * BINS))
    binning = best(lambda: ((x - least) * scale).astype(np.int64))
    null = best(lambda: permutation_null(x, y, bins=BINS, n=200, rng=1))
    print(f"binned_mutual_information, 1e6 samples, {BINS} bins: {ours:.1f} ms")
    print(f"  np.histogram2d and the formula: {histogram:.1f} ms, {histogram / ours:.1f}×")
    print(f"  a pass to bin and np.bincount: {binning + counting:.1f} ms; this takes "
          f"{ours / (binning + counting):.2f}× of it")  # fmt: skip
    print(f"  200 shuffles: {null:.1f} ms")


if __name__ == "__main__":
    main()
