"""What is delicate about the KL chapter's numbers."""

from tests.contract.expectations import Expectations

PARTS = [f"curves.{pair}{part}" for pair in ("pq", "qp") for part in ("", "_above", "_below")]

EXPECTED = Expectations(
    # q − p is added to each integrand, and beyond the view the tails' difference to each area.
    delicate=lambda state: state["integrand"] == "non-negative",
    from_ones=frozenset({"kl_pq_outside", "kl_qp_outside", *PARTS}),
)
