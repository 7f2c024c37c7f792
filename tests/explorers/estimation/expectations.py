"""Which of the estimation chapter's numbers are delicate."""

from tests.contract.expectations import Expectations

ESTIMATES = ("plug_in", "corrected", "low", "high")

EXPECTED = Expectations(
    # Sums of k·ln k over counts, of which little is left.
    from_ones=frozenset(
        {"ranges.estimate"}
        | {f"{name}.{kind}" for name in ("estimates", "here") for kind in ESTIMATES}
    ),
)
