"""``python -m bench.measures``: measures of 1e6 numbers, beside one pass of ``np.log`` over them.

In one run on one machine, in turn, the best of many rounds; what counts are the ratios. Perplexity
stands beside ``exp(-mean)``, and the memory that a measure takes at its peak, its result included,
beside what it was given.
"""

import math
import time
import tracemalloc

import numpy as np

from infocore import (
    binary_cross_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    jensen_shannon_divergence,
    kl_divergence,
    perplexity,
)

COUNT, ROUNDS = 1_000_000, 40
LOG, EXP = "np.log", "np.exp(-mean)"


def distribution(weights):
    """Return weights divided by their sum."""
    return weights / weights.sum()


def cases():
    """Return what is measured: by name the yardstick, the function and what it is given."""
    rng = np.random.default_rng(0)
    p, q = distribution(rng.exponential(size=COUNT)), distribution(rng.exponential(size=COUNT))
    with_zero, near = p.copy(), distribution(p * (1 + 1e-2 * rng.uniform(-1, 1, COUNT)))
    with_zero[COUNT // 2] = 0
    y, z, nats = rng.integers(0, 2, COUNT) * 1.0, 3 * rng.standard_normal(COUNT), np.log(q)
    return {
        LOG: (LOG, np.log, [p]),
        EXP: (EXP, lambda x: math.exp(-x.mean()), [nats]),
        "entropy": (LOG, entropy, [p]),
        "cross_entropy": (LOG, cross_entropy, [p, q]),
        "kl_divergence": (LOG, kl_divergence, [p, q]),
        "kl_divergence, a 0 in p": (LOG, kl_divergence, [distribution(with_zero), q]),
        "kl_divergence, near": (LOG, kl_divergence, [near, p]),
        "jensen_shannon_divergence": (LOG, jensen_shannon_divergence, [p, q]),
        "jensen_shannon_divergence, near": (LOG, jensen_shannon_divergence, [near, p]),
        "binary_cross_entropy": (LOG, binary_cross_entropy, [y, 1 / (1 + np.exp(-z))]),
        "binary_cross_entropy, logits": (
            LOG, lambda y, z: binary_cross_entropy(y, z, from_logits=True), [y, z]),
        "categorical_cross_entropy, 10 logits": (
            LOG, lambda y, z: categorical_cross_entropy(y, z, from_logits=True),
            [rng.integers(0, 10, COUNT // 10), z.reshape(-1, 10)]),
        "perplexity": (EXP, perplexity, [nats]),
    }  # fmt: skip


def measured(asked):
    """Return the least seconds of each in turn."""
    least = dict.fromkeys(asked, math.inf)
    for _ in range(ROUNDS):
        for name, (_, function, given) in asked.items():
            start = time.perf_counter()
            function(*given)
            least[name] = min(least[name], time.perf_counter() - start)
    return least


def peak(function, given):
    """Return the bytes that a call takes at most, beside those that it was given."""
    tracemalloc.start()
    function(*given)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return taken / sum(array.nbytes for array in given)


def main():
    """Print for each measure the time, how often the yardstick fits into it, and the memory."""
    asked = cases()
    least = measured(asked)
    for name, (yardstick, function, given) in asked.items():
        ratio = f"{least[name] / least[yardstick]:5.1f}× {yardstick}"
        print(
            f"{name:38} {1000 * least[name]:6.2f} ms {ratio:22} memory {peak(function, given):.2f}×"
        )


if __name__ == "__main__":
    main()
