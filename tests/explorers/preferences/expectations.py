"""Where the preferences chapter's numbers are delicate; all are finite."""

from tests.contract.expectations import Expectations

EXPECTED = Expectations(
    undefined_at_zero=dict.fromkeys(
        ("dpo_loss", "dpo_mean", "ratio_chosen", "ratio_rejected", "margin"), "rarer"
    ),
    # Where nearly all is on one answer, these are what is left of two equal numbers about 1.
    from_ones=frozenset({"estimates.spread", "ends.x"}),
)
