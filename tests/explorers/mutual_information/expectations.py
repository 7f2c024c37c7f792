"""Which of the mutual-information chapter's numbers are delicate, and what its ways move."""

import numpy as np

from tests.contract.expectations import Expectations


def height(state, index):
    """Return p(x) of a cell's row."""
    return np.reshape(state["joint"], (5, 5))[index // 5].sum()


EXPECTED = Expectations(
    undefined_at_zero={"correlation": "most_information", "entropy_seen": "observed_probability"},
    # log p(x,y) is about log p(x)·p(y); places are differences of sums.
    from_ones=frozenset({"cells.term", "parts.i_right", "parts.i_wide"}),
    ways={
        "height": height,
        "division": lambda state, index: state["joint"][index] / height(state, index),
    },
)
