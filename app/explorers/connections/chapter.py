"""One language: what each loss is, which way its divergence points, and where it is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...contract.texts import Texts


@dataclass(frozen=True)
class Connection:
    """A method, its loss, what that is, which way its divergence points, and its page."""

    method: str
    loss: str
    measure: str
    direction: str
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
        "Classification", "cross-entropy", "H(p, q) = H(p) + D(p‖q)",
        "forward: D(truth‖model)",
        "cross-entropy", {"p": "0.7,0.2,0.1", "q": "0.6,0.3,0.1", "labels": "cat,dog,bird"},
    ),
    Connection(
        "Language models", "next-token loss", "log perplexity",
        "forward: D(text‖model)",
        "perplexity",
    ),
    Connection(
        "Variational autoencoders", "negative ELBO", "expected −log p(x|z), plus D(q(z|x)‖p(z))",
        "reverse: D(encoder‖prior)",
        "kl", {"mu_p": 0, "sigma_p": 1, "mu_q": 1.2, "sigma_q": 0.5, "unit": "nats"},
    ),
    Connection(
        "Diffusion models", "squared error of the predicted noise",
        "a weighted sum of KL divergences of Gaussians",
        "forward: D(true step‖model’s step)",
        "kl", {"mu_p": -0.5, "sigma_p": 1, "mu_q": 0.7, "sigma_q": 1, "unit": "nats"},
    ),
    Connection(
        "Contrastive learning", "InfoNCE", "log N − its expectation, a lower bound on I",
        "D(joint‖product of marginals)",
        "mutual-information", {"joint": _PARTNERS},
    ),
    Connection(
        "Decision trees", "information gain", "I(split; label) = H(label) − H(label|split)",
        "D(joint‖product of marginals)",
        "mutual-information", {"noise": 1, "threshold": 0},
    ),
    Connection(
        "RLHF", "−reward + β·D(π‖π_ref)", "β·D(π‖π*) + a constant, with π* = π_ref·e^(r/β)/Z",
        "reverse: D(policy‖π*)",
        "mode-fit", {"d": 3, "mu": 3, "sigma": 1},
    ),
    Connection(
        "DPO", "−log σ(β·log-ratio of the chosen answer − β·that of the rejected)",
        "binary cross-entropy, the log-ratio being log π/π_ref",
        "forward: D(stored preference‖model)",
        "cross-entropy",
        {"p": "1,0", "q": "0.5,0.5", "labels": "chosen,rejected", "unit": "nats"},
    ),
)  # fmt: skip


class Connections:
    """The last page of the story: a table, without figures of its own."""

    slug = "connections"
    texts = Texts.beside(__file__)
    title, question, lede = texts.title, texts("Question"), texts("Lede")
    cards = {"Forward": "p", "Reverse": "q"}
    rows = CONNECTIONS

    @staticmethod
    def preview() -> str:
        """Draw a line a row; they meet."""
        lines = "".join(
            f'<path d="M20 {9 + 11.5 * row} C90 {9 + 11.5 * row} 90 49 150 49" '
            f'stroke="var(--{"q" if one.is_reverse else "p"})"/>'
            for row, one in enumerate(CONNECTIONS)
        )
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2.5" '
            f'stroke-linecap="round">{lines}<circle cx="160" cy="49" r="9" '
            'fill="var(--accent)"/></svg>'
        )
