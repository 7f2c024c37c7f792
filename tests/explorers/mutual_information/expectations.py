"""Which of the mutual-information chapter's numbers are delicate."""

from tests.contract.expectations import Expectations

ESTIMATES = ("plug_in", "corrected", "low", "high")

EXPECTED = Expectations(
    # Sums of k·ln k over counts, of which little is left; a cut may be near 0; log p(x,y) is
    # about log p(x)·p(y).
    from_ones=frozenset(
        {
            "gain.gain",
            "ranges.gain_axis",
            "ranges.estimate",
            "marks.best",
            "best_at",
            "marks.best_gain",
            "cells.term",
            "parts.i_right",
        }
        | {f"{name}.{kind}" for name in ("estimates", "here") for kind in ESTIMATES}
    ),
)
