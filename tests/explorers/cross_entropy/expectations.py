"""Where the cross-entropy chapter's numbers are infinite, and which are delicate."""

import numpy as np

from tests.contract.expectations import Expectations


def unpaid(table):
    return (table["p"] > 0) & (table["q"] == 0)


def cost_is_infinite(result):
    return bool(unpaid(result.tables["boxes"]).any())


def reverse_is_infinite(result):
    p, q = result.tables["boxes"]["p"], result.tables["boxes"]["q"]
    return bool(((q > 0) & (p == 0)).any())


EXPECTED = Expectations(
    infinite={
        "ideal": lambda table: table["p"] == 0,
        "length": lambda table: table["q"] == 0,
        **dict.fromkeys(("area", "waste", "mark"), unpaid),
        "loss": lambda table: np.isposinf(table["loss"]),  # a path ends where its q has zeros
        "bce": lambda table: (
            ((table["x"] == 0) & (table["p"] > 0)) | ((table["x"] == 1) & (table["p"] < 1))
        ),
        "cce": lambda table: np.isposinf(table["cce"]),
    },
    infinite_readouts={
        **dict.fromkeys(
            ("cross_entropy_pq", "kl_pq", "cce", "loss_at_start", "overpaid"), cost_is_infinite
        ),
        **dict.fromkeys(("cross_entropy_qp", "kl_qp"), reverse_is_infinite),
        "bce": lambda result: np.isposinf(result.tables["mark"]["loss"][0]),
    },
    # Training ends where q is near p: there D is the square of what two exponentials differ by.
    delicate=lambda state: state["steps"] > 0,
    from_ones=frozenset({"kl_pq", "kl_qp", "boxes.waste"}),
)
