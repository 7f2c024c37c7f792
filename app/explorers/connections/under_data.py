"""The rows of losses that are averaged under the data: declarations alone."""

from __future__ import annotations

from ...contract.declaration import Readout
from ...contract.parameters import Number
from . import labels, latent, policies, students
from .miniature import Knob, Mark, Miniature, Plot, Row, Scale

_CLASSIFICATION = Miniature(
    parameters={
        "logit": Number(
            2, bounds=(-6, 6), step=0.1, label="score of the label",
            doc="The score (logit) of the class that the label names; the other two have 0.",
        ),
        "temperature": Number(
            1, bounds=(0.25, 4), step=0.05, label="temperature τ",
            doc="What the scores are divided by before the softmax.",
        ),
        "smoothing": Number(
            0.1, bounds=(0, 0.5), step=0.01, label="label smoothing ε",
            doc="The share of the label that is spread evenly over all classes.",
        ),
    },
    readouts=(
        Readout("label_loss", "the loss", unit="nats"),
        Readout("label_floor", "its floor, the entropy of the smoothed label", unit="nats",
                role="p"),
        Readout("label_waste", "above the floor, D(label‖model)", unit="nats"),
    ),
    plots=(
        Plot(
            "classes", Scale(-0.5, 2.5, ticks=()), Scale(0, 1, "probability"),
            (
                Mark("bars", "classes", "place", "y", "p", width=0.38, shift=-0.2),
                Mark("bars", "classes", "place", "q", "q", width=0.38, shift=0.2),
                Mark("words", "classes", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "curve", Scale(-6, 6, "score of the label"), Scale(0, 4, "loss in nats"),
            (
                Mark("line", "curve", "logit", "loss", "p"),
                Mark("rule", "now", None, "floor", "ink", words="floor"),
            ),
            (Knob("now", "logit", "loss", {"x": "logit"}, "p"),),
        ),
    ),
    compute=labels.classification,
)  # fmt: skip

_COMPRESSION = Miniature(
    parameters={
        "share": Number(
            0.3, bounds=(0.02, 0.98), step=0.01, label="the model’s q(a)",
            doc="How probable the model holds the letter a; b, c, d and r share the rest evenly.",
        ),
        "letters": Number(
            11, bounds=(1, 11), step=1, whole=True, label="letters read",
            doc="How many letters of “abracadabra” have been read.",
        ),
    },
    readouts=(
        Readout("code_bits", "length of an arithmetic code", unit="bits", digits=0, role="q"),
        Readout("text_bits", "surprise of the text, −Σ log₂ q", unit="bits", digits=3),
        Readout("letter_bits", "the loss, a mean per letter", unit="bits", digits=3),
        Readout("letter_perplexity", "perplexity", unit="choices", digits=2),
    ),
    plots=(
        Plot(
            "letters", Scale(-0.5, 10.5, ticks=()), Scale(0, 8, "bits of surprise"),
            (
                Mark("bars", "letters", "place", "surprise", "q"),
                Mark("words", "letters", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "curve", Scale(0, 1, "the model’s q(a)"), Scale(0, 6, "bits a letter"),
            (Mark("line", "curve", "share", "bits", "p"),),
            (Knob("now", "share", "bits", {"x": "share"}),),
        ),
    ),
    compute=labels.compression,
)  # fmt: skip

_SCALING = Miniature(
    parameters={
        "size": Number(
            70, bounds=(0.01, 1000), decades=5, label="parameters, billions",
            doc="How many parameters the model has, in billions.",
        ),
        "tokens": Number(
            1400, bounds=(0.1, 1e5), decades=6, label="tokens, billions",
            doc="How many tokens it was trained on, in billions.",
        ),
    },
    readouts=(
        Readout("scaling_bits", "predicted loss a token", unit="bits", digits=3),
        Readout("scaling_loss", "the same in nats, as papers print it", unit="nats", digits=3),
        Readout("scaling_perplexity", "perplexity", unit="choices", digits=2),
    ),
    plots=(
        Plot(
            "parts", Scale(-0.5, 2.5, ticks=()), Scale(0, 2, "nats"),
            (
                Mark("bars", "parts", "place", "nats", "p"),
                Mark("words", "parts", "place", 0, "dim", words="name"),
            ),
        ),
        Plot(
            "curve", Scale(0.1, 1e5, "tokens, billions", log=True), Scale(1, 4, "nats a token"),
            (
                Mark("rule", "now", None, "least", "ink", words="1.69 nats"),
                Mark("line", "curve", "tokens", "loss", "p"),
            ),
            (Knob("now", "tokens", "loss", {"x": "tokens"}, "p"),),
        ),
    ),
    compute=labels.scaling,
)  # fmt: skip


def _student(cost: str) -> tuple[Plot, Plot]:
    """Return a teacher with two modes beside a student with one, and what the student costs."""
    return (
        Plot(
            "tokens", Scale(-7.5, 7.5, "token"), Scale(0, 0.5, "probability"),
            (
                Mark("bars", "tokens", "place", "teacher", "p"),
                Mark("line", "tokens", "place", "student", "q"),
                Mark("dots", "tokens", "place", "student", "q", open=True),
            ),
        ),
        Plot(
            "curve", Scale(-6, 6, "middle of the student"), Scale(0, 8, "nats"),
            (Mark("line", "curve", "centre", "cost", cost),),
            (Knob("now", "centre", "cost", {"x": "centre"}, cost),),
        ),
    )  # fmt: skip


def _shape(centre: float, width: float) -> dict[str, Number]:
    return {
        "centre": Number(
            centre, bounds=(-6, 6), step=0.1, label="middle of the student",
            doc="The token at which the student has its one mode.",
        ),
        "width": Number(
            width, bounds=(0.5, 6), step=0.1, label="width of the student",
            doc="The standard deviation, in tokens, of the student's mode.",
        ),
    }  # fmt: skip


_DISTILLATION = Miniature(
    parameters={
        **_shape(0, 3.2),
        "temperature": Number(
            1, bounds=(1, 5), step=0.1, label="temperature τ",
            doc="What the logits of both are divided by; the loss is multiplied by its square.",
        ),
    },
    readouts=(
        Readout("forward_cost", "the loss, τ²·D(teacher‖student)", unit="nats", role="p"),
        Readout("forward_other_way", "the other way, τ²·D(student‖teacher)", unit="nats",
                role="q"),
    ),
    plots=_student("p"),
    compute=students.distillation,
)  # fmt: skip

REVERSE_DISTILLATION = Miniature(
    parameters=_shape(-3, 1),
    readouts=(
        Readout("reverse_cost", "the loss, D(student‖teacher)", unit="nats", role="q"),
        Readout("reverse_other_way", "the other way, D(teacher‖student)", unit="nats", role="p"),
    ),
    plots=_student("q"),
    compute=students.reverse_distillation,
)

_DIFFUSION = Miniature(
    parameters={
        "early": Number(
            0.4, bounds=(0, 1), step=0.01, label="squared error at the first steps",
            doc="The squared error of the predicted noise where there is little noise.",
        ),
        "late": Number(
            0.05, bounds=(0, 1), step=0.01, label="squared error at the last steps",
            doc="The squared error of the predicted noise where nearly all is noise.",
        ),
        "steps": Number(
            100, bounds=(40, 200), step=1, whole=True, label="steps T",
            doc="How many steps the schedule has.",
        ),
    },
    readouts=(
        Readout("diffusion_bound", "Σ KL: a part of the bound on −log p(x)", unit="nats",
                role="p"),
        Readout("diffusion_simple", "the usual loss, the mean squared error", unit=""),
        Readout("diffusion_ratio", "weight of an error at step 2, to step T", unit="×", digits=2),
    ),
    plots=(
        Plot(
            "steps", Scale(0, 40, "step"), Scale(0, 1, "nats"),
            (Mark("line", "steps", "step", "nats", "p"),),
        ),
        Plot(
            "errors", Scale(0, 40, "step"), Scale(0, 1, "squared error"),
            (Mark("line", "errors", "step", "error", "ink"),),
            (
                Knob("first", "step", "error", {"y": "early"}, "ink"),
                Knob("last", "step", "error", {"y": "late"}, "ink"),
            ),
        ),
    ),
    compute=latent.diffusion,
)  # fmt: skip


def _log_ratio(at_first: float, label: str, doc: str) -> Number:
    return Number(at_first, bounds=(-4, 4), step=0.05, label=label, doc=doc)


_DPO = Miniature(
    parameters={
        "chosen": _log_ratio(
            1.3, "log-ratio of the chosen answer", "log π/π_ref of the answer that was preferred."
        ),
        "rejected": _log_ratio(
            -0.4, "log-ratio of the rejected", "log π/π_ref of the answer that was not preferred."
        ),
        "beta": Number(
            0.5, bounds=(0.05, 1), step=0.05, label="β",
            doc="Points of the implied reward that a nat of divergence costs.",
        ),
    },
    readouts=(
        Readout("pair_loss", "the loss, −ln σ(margin)", unit="nats", role="p"),
        Readout("pair_margin", "margin, β·(chosen − rejected)", unit="", digits=3),
        Readout("pair_share", "the model’s probability of this choice", unit="%", digits=1,
                style="percent"),
    ),
    plots=(
        Plot(
            "pair", Scale(-0.6, 1.6, ticks=()), Scale(-4, 4, "log π/π_ref"),
            (
                Mark("bars", "pair", "place", "ratio", "q", width=0.5),
                Mark("words", "pair", "place", 0, "dim", words="name"),
            ),
            (
                Knob("chosen", "place", "ratio", {"y": "chosen"}),
                Knob("rejected", "place", "ratio", {"y": "rejected"}),
            ),
        ),
        Plot(
            "curve", Scale(-8, 8, "margin"), Scale(0, 8, "loss in nats"),
            (
                Mark("line", "curve", "margin", "loss", "p"),
                Mark("dots", "now", "margin", "loss", "p"),
            ),
        ),
    ),
    compute=policies.dpo,
)  # fmt: skip

ROWS = (
    Row(
        "classification", "Classification", "−log q(label)",
        "H(p, q) = H(p) + D(p‖q), with p the smoothed label",
        "forward: D(label‖model), under the labels", "the data", _CLASSIFICATION,
        {"cross-entropy": {"p": "0.7,0.2,0.1", "q": "0.6,0.3,0.1", "labels": "cat,dog,bird"}},
    ),
    Row(
        "compression", "Language models", "−Σ log₂ q(next token)",
        "H(text, model); an arithmetic code needs at most −Σ log₂ q + 2 bits",
        "forward: D(text‖model), under the text", "the data", _COMPRESSION,
        {"perplexity": {}},
    ),
    Row(
        "scaling", "Scaling laws", "1.69 + 406.4/N^0.34 + 410.7/D^0.28",
        "a fit of H(text, model) in nats a token",
        "forward: D(text‖model), under the text", "the data", _SCALING, {},
    ),
    Row(
        "distillation", "Distillation", "τ²·D(teacher‖student)",
        "D(p_τ‖q_τ), with p and q softened by the temperature τ",
        "forward: D(teacher‖student), under the teacher", "the data", _DISTILLATION,
        {"mode-fit": {"d": 3, "mu": 0, "sigma": 3}},
    ),
    Row(
        "diffusion", "Diffusion models", "‖ε − ε_θ‖²",
        "KL_t = w_t·‖ε − ε_θ‖²; Σ KL_t is a part of a bound on −log p(x) from above",
        "forward: D(true step‖model’s step), under noised data", "the data", _DIFFUSION,
        {"kl": {"mu_p": -0.5, "sigma_p": 1, "mu_q": 0.7, "sigma_q": 1, "unit": "nats"}},
    ),
    Row(
        "dpo", "DPO", "−ln σ(β·Δ log π/π_ref)",
        "a binary cross-entropy; Δ: of the chosen answer less that of the rejected",
        "forward: D(stored preference‖model), under stored pairs", "the data", _DPO,
        {
            "preferences": {"beta": 0.5, "pair": "70 %,maybe"},
            "cross-entropy": {
                "p": "1,0", "q": "0.5,0.5", "labels": "chosen,rejected", "unit": "nats",
            },
        },
    ),
)  # fmt: skip
