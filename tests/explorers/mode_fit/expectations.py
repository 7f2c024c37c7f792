"""Which of the mode-fit chapter's numbers are delicate."""

from tests.contract.expectations import Expectations

EXPECTED = Expectations(
    # A mean between two modes and a divergence that vanishes are differences of ones.
    from_ones=frozenset({"optima.mu", "optima.divergence"}),
)
