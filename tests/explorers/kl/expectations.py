"""What is delicate about the KL chapter's numbers."""

from tests.contract.expectations import Expectations

PARTS = [f"curves.{pair}{part}" for pair in ("pq", "qp") for part in ("", "_above", "_below")]

EXPECTED = Expectations(
    undefined_at_zero={"ratio": "kl_pq", "running_mean": "drawn"},
    # q − p is added to each integrand, and beyond the view the tails' difference to each area; a
    # log-ratio is the difference of two logarithms.
    from_ones=frozenset({"kl_pq_outside", "kl_qp_outside", *PARTS}),
    from_tens=frozenset({"drops.cost", "walk.mean", "arrived.mean", "running_mean", "running"}),
)
