"""Where the surprise chapter's numbers are infinite, and which are delicate."""

from tests.contract.expectations import Expectations


def at_zero(table):
    return table["p"] == 0


def of_event(place):
    """Say of a result whether an event, or both of them, cannot happen."""
    return lambda result: result.tables["stack"]["p"][place] == 0


EXPECTED = Expectations(
    infinite={"y": at_zero, "surprise": at_zero},
    infinite_readouts={
        "surprise": of_event(0),
        "surprise_2": of_event(1),
        "surprise_sum": of_event(2),
    },
)
