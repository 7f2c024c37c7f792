"""Where the cross-entropy chapter's numbers are infinite, and which are delicate."""

from functools import partial

import numpy as np

from tests.contract.expectations import Expectations


def unpaid(table):
    return (table["p"] > 0) & (table["q"] == 0)


def where_infinite(name, table):
    return np.isposinf(table[name])


def cost_is_infinite(result):
    return bool(unpaid(result.tables["boxes"]).any())


def reverse_is_infinite(result):
    p, q = result.tables["boxes"]["p"], result.tables["boxes"]["q"]
    return bool(((q > 0) & (p == 0)).any())


EXPECTED = Expectations(
    undefined_at_zero={"running_mean": "drawn"},
    infinite={
        "ideal": lambda table: table["p"] == 0,
        "length": lambda table: table["q"] == 0,
        **dict.fromkeys(("area", "waste", "mark"), unpaid),
        "loss": lambda table: np.isposinf(table["loss"]),  # a path ends where its q has zeros
        "bce": lambda table: (
            ((table["x"] == 0) & (table["p"] > 0)) | ((table["x"] == 1) & (table["p"] < 1))
        ),
        "cce": lambda table: np.isposinf(table["cce"]),
        # What was drawn and ruled out costs ∞; where it can be drawn, so does the limit.
        **{
            name: partial(where_infinite, name) for name in ("cost", "mean", "limit", "low", "high")
        },
    },
    infinite_readouts={
        **dict.fromkeys(
            ("cross_entropy_pq", "kl_pq", "cce", "loss_at_start", "overpaid"), cost_is_infinite
        ),
        **dict.fromkeys(("cross_entropy_qp", "kl_qp"), reverse_is_infinite),
        "running_mean": lambda result: (
            np.isposinf(result.tables["drops"]["cost"]).any()
            or np.isposinf(result.tables["arrived"]["mean"]).any()
        ),
        "bce": lambda result: np.isposinf(result.tables["mark"]["loss"][0]),
    },
    # Training ends where q is near p: there D is the square of what two exponentials differ by.
    delicate=lambda state: state["steps"] > 0,
    from_ones=frozenset({"kl_pq", "kl_qp", "boxes.waste"}),
    # A mean of lengths of about ten bits, each of which training has moved.
    from_tens=frozenset(
        {
            "running_mean",
            "walk.mean",
            "walk.limit",
            "walk.low",
            "walk.high",
            "arrived.mean",
            "drops.cost",
        }
    ),
)
