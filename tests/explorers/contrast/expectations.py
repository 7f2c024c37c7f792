"""Where the contrast chapter's numbers are infinite, and which are delicate."""

import numpy as np

from tests.contract.expectations import Expectations

GAINS = ("round_loss", "round_bound", "running_mean", "drops.cost", "walk.mean", "arrived.mean")
BOUNDS = ("bounds.bound", "here.bound", "walk.limit", "seen.height", "beneath.height", "info_nce")


def always_found(table):
    """Say whether x and y are one, so that every bound is the ceiling."""
    if "rho" in table:  # with one candidate all bounds are 0
        return abs(table["rho"]) == 1
    return np.array_equal(table["bound"], table["ceiling"])


EXPECTED = Expectations(
    undefined_at_zero={"running_mean": "drawn"},
    infinite={"information": always_found},
    infinite_readouts={"mutual_information": lambda result: always_found(result.tables["bounds"])},
    # log N less a loss, which may be large in one round; a bound is an integral of differences.
    from_tens=frozenset({*GAINS, "walk.low", "walk.high", "ranges.running", "ranges.height"}),
    from_ones=frozenset(BOUNDS),
    # Rounds of a game are kept, and what rounds of another take is as much again.
    dear={"rho": 30, "candidates": 30, "temperature": 30, "seed": 30},
)
