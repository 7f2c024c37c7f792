"""The rows of what two things share: averaged under pairs, or no loss. Declarations alone."""

from __future__ import annotations

from ...contract.declaration import Readout
from ...contract.parameters import Number
from . import shared, students
from .miniature import Knob, Mark, Miniature, Plot, Row, Scale

_CONTRASTIVE = Miniature(
    parameters={
        "candidates": Number(
            16, bounds=(2, 512), whole=True, step=1, label="candidates N",
            doc="Among how many views the partner has to be found.",
        ),
        "agreement": Number(
            0.9, bounds=(0.1, 1), step=0.01, label="how often two views agree",
            doc="The probability that both views show the same one of 16 things.",
        ),
    },
    readouts=(
        Readout("nce_bound", "the bound, log N − E[loss]", unit="nats", role="accent"),
        Readout("nce_loss", "E[loss]", unit="nats"),
        Readout("nce_ceiling", "its ceiling, log N", unit="nats"),
        Readout("nce_shared", "what the views share, I(X;Y)", unit="nats", role="accent"),
    ),
    plots=(
        Plot(
            "curve", Scale(2, 512, "candidates N", log=True, ticks=(2, 8, 32, 128, 512)),
            Scale(0, 4, "nats"),
            (
                Mark("line", "curve", "candidates", "ceiling", "dim", faint=True),
                Mark("rule", "now", None, "shared", "ink", words="I(X;Y)"),
                Mark("line", "curve", "candidates", "bound", "accent"),
            ),
            (Knob("now", "candidates", "bound", {"x": "candidates"}, "accent"),),
        ),
        Plot(
            "sizes", Scale(-0.5, 2.5, ticks=()), Scale(0, 7, "nats"),
            (
                Mark("bars", "sizes", "place", "nats", "accent"),
                Mark("words", "sizes", "place", 0, "dim", words="name"),
            ),
        ),
    ),
    compute=shared.contrastive,
)  # fmt: skip

_TREE = Miniature(
    parameters={
        "threshold": Number(
            3, bounds=(0, 10), step=0.1, label="threshold",
            doc="The question is whether x is at most this.",
        ),
        "turned": Number(
            2, bounds=(0, 4), step=1, whole=True, label="labels turned",
            doc="How many of the 16 labels are not what x says.",
        ),
    },
    readouts=(
        Readout("tree_gain", "information gain, I(split; label)", unit="bits", role="accent"),
        Readout("tree_before", "H(label), before the question", unit="bits"),
        Readout("tree_after", "H(label|split), after it", unit="bits"),
    ),
    plots=(
        Plot(
            "samples", Scale(0, 10, "x"), Scale(-0.5, 1.5, "label", ticks=(0, 1)),
            (
                Mark("dots", "yes", "x", "y", "q"),
                Mark("dots", "no", "x", "y", "p", open=True),
                Mark("rule", "now", "threshold", None, "ink"),
            ),
            (Knob("now", "threshold", 0.5, {"x": "threshold"}, "ink"),),
        ),
        Plot(
            "curve", Scale(0, 10, "threshold"), Scale(0, 1, "bits"),
            (
                Mark("line", "curve", "threshold", "gain", "accent"),
                Mark("dots", "now", "threshold", "gain", "accent"),
            ),
        ),
    ),
    compute=shared.tree,
)  # fmt: skip

_BOTTLENECK = Miniature(
    parameters={
        "beta": Number(
            8, bounds=(0.5, 50), decades=2, label="β, the worth of what is told",
            doc="How much a bit about the topic is worth, in bits kept of the word.",
        ),
        "rounds": Number(
            100, bounds=(0, 100), step=1, whole=True, label="rounds",
            doc="How often the three self-consistent equations are applied in turn.",
        ),
    },
    readouts=(
        Readout("ib_told", "told of the topic, I(Z;Y)", unit="bits", role="accent"),
        Readout("ib_kept", "kept of the word, I(X;Z)", unit="bits", role="accent"),
        Readout("ib_most", "the most there is to tell, I(X;Y)", unit="bits"),
        Readout("ib_loss", "the loss, I(X;Z) − β·I(Z;Y)", unit="bits", digits=3),
    ),
    plots=(
        Plot(
            "words", Scale(-0.5, 5.5, ticks=()), Scale(0, 1, "share of each cluster"),
            (
                Mark("bars", "words", "place", "first", "accent"),
                Mark("bars", "words", "place", "second", "accent", base="first", faint=True),
                Mark("bars", "words", "place", "third", "accent", base="second", open=True),
                Mark("words", "words", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "plane", Scale(0, 1.6, "kept, I(X;Z) in bits"), Scale(0, 0.6, "told, I(Z;Y)"),
            (
                Mark("rule", "now", None, "most", "ink", words="I(X;Y)"),
                Mark("line", "curve", "kept", "told", "accent"),
                Mark("dots", "now", "kept", "told", "accent"),
            ),
        ),
    ),
    compute=shared.bottleneck,
)  # fmt: skip

_SPECULATIVE = Miniature(
    parameters={
        "astray": Number(
            0.5, bounds=(0, 1), step=0.01, label="how far the draft is off",
            doc="At 0 the small model is the large one, at 1 it prefers other words.",
        ),
        "drafted": Number(
            4, bounds=(1, 8), step=1, whole=True, label="words drafted at a time",
            doc="How many words the small model writes before the large one checks them.",
        ),
    },
    readouts=(
        Readout("accepted", "P(accept) = Σ min(p, q) = 1 − TV", unit="", role="accent"),
        Readout("apart", "total variation TV(p, q)", unit=""),
        Readout("pinsker", "Pinsker’s floor, 1 − √(D/2), D in nats", unit=""),
        Readout("words_a_pass", "words from one pass of the large model", unit="words", digits=2),
    ),
    plots=(
        Plot(
            "words", Scale(-0.5, 4.5, ticks=()), Scale(0, 0.6, "probability"),
            (
                Mark("bars", "words", "place", "both", "accent", width=0.7),
                Mark("bars", "words", "place", "p", "p", width=0.7, open=True),
                Mark("bars", "words", "place", "q", "q", width=0.7, open=True),
                Mark("words", "words", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "passes", Scale(-0.5, 8.5, "words drafted", ticks=(0, 2, 4, 6, 8)),
            Scale(0, 9, "words a pass"),
            (
                Mark("line", "passes", "drafted", "words", "accent"),
                Mark("dots", "passes", "drafted", "words", "accent", open=True),
            ),
            (Knob("now", "drafted", "words", {"x": "drafted"}, "accent"),),
        ),
    ),
    compute=students.speculative,
)  # fmt: skip

_JOINT = "D(joint‖product of marginals), under pairs drawn together"

# Two views of three things that mostly agree: five rows of five, of which three by three are used.
_PARTNERS = ",".join(
    str({True: 0.3, False: 0.1 / 6}[x == y] if max(x, y) < 3 else 0)
    for x in range(5)
    for y in range(5)
)

ROWS = (
    Row(
        "contrastive", "Contrastive learning", "InfoNCE",
        "log N − E[loss] ≤ min(I(X;Y), log N)",
        _JOINT, "pairs", _CONTRASTIVE,
        {
            "contrast": {"rho": 0.99, "candidates": 8},
            "mutual-information": {
                "rows": 3, "columns": 3, "joint": _PARTNERS,
                "names_x": "cat,dog,bird,X4,X5", "names_y": "cat,dog,bird,Y4,Y5",
            },
        },
    ),
    Row(
        "tree", "Decision trees", "information gain",
        "I(split; label) = H(label) − H(label|split)",
        _JOINT, "pairs", _TREE,
        {"decision-tree": {"noise": 1, "threshold": 0}},
    ),
    Row(
        "bottleneck", "Information bottleneck", "I(X;Z) − β·I(Z;Y)",
        "what the cluster z keeps of x, less β times what z tells of y",
        _JOINT, "pairs", _BOTTLENECK, {"mutual-information": {}},
    ),
    Row(
        "speculative", "Speculative decoding", "P(accept) = Σ min(p, q)",
        "1 − TV(p, q) ≥ 1 − √(D(p‖q)/2)",
        "total variation, the same in both directions", "no loss", _SPECULATIVE, {},
    ),
)  # fmt: skip
