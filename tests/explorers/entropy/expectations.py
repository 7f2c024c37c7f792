"""Where the entropy chapter's numbers are infinite, and which are delicate."""

from tests.contract.expectations import Expectations


def never(table):
    return table["p"] == 0


def game(name, rng):
    """Return a game as a link may give it: questions about some outcomes, and what is marked."""
    return "".join("0123456789."[i] for i in rng.integers(0, 11, rng.integers(0, 12)))


EXPECTED = Expectations(
    undefined_at_zero={"running_mean": "drawn", "sent_mean": "drawn", "guess_mean": "guess_games"},
    text=game,
    infinite=dict.fromkeys(("length", "ideal", "shannon", "huffman"), never),
    # At another temperature than 1 the likeliest p may be near 1, and −log p near 0.
    delicate=lambda state: state["temperature"] != 1,
    from_ones=frozenset(
        {
            "entropy",
            "entropy_bits",
            "efficiency",
            "bars.area",
            "level.h",
            "here.h",
            "running_mean",
            "drops.cost",
            "walk.mean",
            "walk.limit",
            "walk.low",
            "walk.high",
            "arrived.mean",
            # H and L in bits, and where their axis ends
            "guessed.questions",
            "ranges.questions",
        }
    ),
)
