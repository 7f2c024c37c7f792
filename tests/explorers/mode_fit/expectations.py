"""Which of the mode-fit chapter's numbers are delicate, and what is dear to change."""

from tests.contract.expectations import Expectations

EXPECTED = Expectations(
    # A mean between two modes and a divergence that vanishes are differences of ones.
    from_ones=frozenset({"optima.mu", "optima.divergence"}),
    # Each new target costs some tenths of a second.
    dear={"d": 5, "sigma_1": 20, "sigma_2": 20, "weight": 20},
)
