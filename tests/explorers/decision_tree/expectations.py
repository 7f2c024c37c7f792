"""Which of the decision tree's numbers are delicate."""

from tests.contract.expectations import Expectations

EXPECTED = Expectations(
    # Sums of k·ln k over counts, of which little is left; a cut may be near 0.
    from_ones=frozenset(
        {
            "gain.gain",
            "gain.gini",
            "curve.gain",
            "curve.gini",
            "ranges.gain_axis",
            "ranges.gini_axis",
        }
        | {f"marks.{name}" for name in ("best", "best_gain", "gini", "gini_at", "best_gini")}
    ),
)
