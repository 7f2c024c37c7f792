"""One language: what each loss is, which way its divergence points, and where it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Connection:
    """A method, its loss, what that is, which way its divergence points and why, and its page."""

    method: str
    loss: str
    measure: str
    direction: str
    why: str
    slug: str
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_reverse(self) -> bool:
        """Whether the average is under the model that is trained."""
        return self.direction.startswith("reverse")


# Two views of three things that mostly agree: five rows of five, of which three by three are used.
_PARTNERS = ",".join(
    str({True: 0.3, False: 0.1 / 6}[x == y] if max(x, y) < 3 else 0)
    for x in range(5)
    for y in range(5)
)

CONNECTIONS = (
    Connection(
        "Classification", "cross-entropy", "H(p, q) = H(p) + D(p‖q)", "forward: D(truth‖model)",
        "The labels are drawn from the truth, so the average is over the truth. H(p) is out of "
        "the model’s reach; only D can fall, and falls to 0 when the model is right.",
        "cross-entropy", {"p": "0.7,0.2,0.1", "q": "0.6,0.3,0.1", "labels": "cat,dog,bird"},
    ),
    Connection(
        "Language models", "next-token loss", "log perplexity", "forward: D(text‖model)",
        "Classification over the whole vocabulary, once a token: the loss is the mean surprise, "
        "and perplexity says it as a number of equally likely choices.",
        "perplexity",
    ),
    Connection(
        "Variational autoencoders", "negative ELBO", "expected −log p(x|z), plus D(q(z|x)‖p(z))",
        "reverse: D(encoder‖prior)",
        "The average is under q, the very distribution that is being trained: a reverse KL. It "
        "costs little to leave out parts of the prior and much to go where the prior is not. "
        "On that page it is D(Q‖P): Q the encoder, P the prior.",
        "kl", {"mu_p": 0, "sigma_p": 1, "mu_q": 1.2, "sigma_q": 0.5, "unit": "nats"},
    ),
    Connection(
        "Diffusion models", "squared error of the predicted noise",
        "a weighted sum of KL divergences of Gaussians", "forward: D(true step‖model’s step)",
        "Two Gaussians of one width differ by (μ − μ′)²/2σ² nats, so a squared error is a KL, and "
        "their sum over the steps, rightly weighted, bounds the likelihood. At equal widths both "
        "directions agree.",
        "kl", {"mu_p": -0.5, "sigma_p": 1, "mu_q": 0.7, "sigma_q": 1, "unit": "nats"},
    ),
    Connection(
        "Contrastive learning", "InfoNCE", "a lower bound on mutual information",
        "D(joint‖product of marginals)",
        "Telling the true partner among N is a classification; log N minus its loss cannot exceed "
        "what the two views share.",
        "mutual-information", {"joint": _PARTNERS},
    ),
    Connection(
        "Decision trees", "information gain", "I(split; label) = H(label) − H(label|split)",
        "D(joint‖product of marginals)",
        "A split is worth what it tells about the label: the best threshold is the one that shares "
        "most with it.",
        "mutual-information", {"noise": 1, "threshold": 0},
    ),
    Connection(
        "RLHF and DPO", "−reward + β·D(π‖π_ref)", "a KL leash on the policy",
        "reverse: D(policy‖reference)",
        "The average is under the policy π that is trained. The leash forbids what the reference "
        "never says, and lets the policy give up most of what it does say: it may seek one mode.",
        "mode-fit", {"d": 3, "mu": 3, "sigma": 1},
    ),
)  # fmt: skip


class Connections:
    """The last page of the story: a table, without figures of its own."""

    slug = "connections"
    title = "One language"
    question = "Why is every loss a surprise?"
    lede = (
        "Seven things that machine learning minimises or maximises, and what each is in the "
        "language of this companion. Each row opens the page where it can be seen."
    )
    rows = CONNECTIONS

    @staticmethod
    def preview() -> str:
        """Draw seven lines that meet."""
        lines = "".join(
            f'<path d="M20 {10 + 13 * row} C90 {10 + 13 * row} 90 49 150 49" '
            f'stroke="var(--{"q" if one.is_reverse else "p"})"/>'
            for row, one in enumerate(CONNECTIONS)
        )
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5" '
            f'stroke-linecap="round">{lines}<circle cx="160" cy="49" r="9" '
            'fill="var(--accent)"/></svg>'
        )
