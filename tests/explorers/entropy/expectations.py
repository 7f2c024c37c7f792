"""Where the entropy chapter's numbers are infinite, and which are delicate."""

from tests.contract.expectations import Expectations


def never(table):
    return table["p"] == 0


EXPECTED = Expectations(
    infinite=dict.fromkeys(("length", "ideal", "shannon", "huffman"), never),
    # At another temperature than 1 the likeliest p may be near 1, and −log p near 0.
    delicate=lambda state: state["temperature"] != 1,
    from_ones=frozenset(
        {"entropy", "entropy_bits", "efficiency", "bars.area", "level.h", "here.h"}
    ),
)
