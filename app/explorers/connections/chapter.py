"""One language: what each loss is, which way its divergence points, played with in place."""

from __future__ import annotations

from typing import Any

from ...contract.messages import SENTENCES
from ...contract.texts import Texts
from . import under_both, under_data, under_model
from .miniature import GROUPS

ROWS = (*under_data.ROWS, *under_model.ROWS, *under_both.ROWS)


class Connections:
    """The last page of the story: a table whose rows open into miniatures."""

    slug = "connections"
    texts = Texts.beside(__file__)
    title, question, lede = texts.title, texts("Question"), texts("Lede")
    cards = {"Forward": "p", "Reverse": "q", "Squared errors": "ink"}
    groups, rows = GROUPS, ROWS

    @classmethod
    def spec(cls) -> dict[str, Any]:
        """Return what the page needs to know to play with the rows, as JSON-like data."""
        rows = {row.name: row.miniature.spec() for row in cls.rows}
        return {"rows": rows, "sentences": SENTENCES}

    @staticmethod
    def preview() -> str:
        """Draw a line a row; they meet."""
        step = 81 / (len(ROWS) - 1)
        lines = "".join(
            f'<path d="M20 {9 + step * place:.1f} C90 {9 + step * place:.1f} 90 49 150 49" '
            f'stroke="var(--{one.role})"/>'
            for place, one in enumerate(ROWS)
        )
        return (
            '<svg viewBox="0 0 200 100" aria-hidden="true" fill="none" stroke-width="2" '
            f'stroke-linecap="round">{lines}<circle cx="160" cy="49" r="9" '
            'fill="var(--accent)"/></svg>'
        )
