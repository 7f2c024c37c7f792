"""The sentences of a chapter, from the ``texts.md`` in its folder.

The file is Markdown. Its first heading is the chapter's title; each ``## Kind`` or ``## Kind:
name`` begins a text, in any order, up to the next such heading. ``KINDS`` says what there is. In a
text stand

``{name}``
    a slot, which the page fills with a readout, a part of the state, a slot of the result, a column
    as ``{table.column}``, or what ``UNIT_SLOTS`` says of the unit (``{base}``, ``{log}``,
    ``{per_nat}``, ``{base_name}``); the name of a ``Passage`` puts that text there;
``[words]{.p}``
    words in the colour of P (``.q``, ``.accent`` and ``.aside`` likewise), or for a hand at a mouse
    or on a screen that is touched (``.by-mouse``, ``.by-touch``; neither is printed);
``[words]{show=flag}``, or ``{show=flag}`` on the line before a paragraph
    what the page shows only while the result has that flag;
``$$…$$``
    a formula in TeX, with slots as ``@name@``, or ``@(name)@`` for parentheses where negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

KINDS = {
    "Question": "the page's heading", "Lede": "the sentence under it",
    "Status": "what a screen reader hears once a movement has ended",
    "Remark": "under the page's number, where a flag shows it, or over a table",
    "Code": "the Python that gives the number, each slot in full",
    "Caption": "over a picture", "Alt": "a picture's name aloud",
    "Description": "what a picture shows now, with its numbers, for who does not see it",
    "Hint": "under a group of controls, or over a group of rows",
    "Needs": "what of a group takes a server",
    "Card": "a block of explanation", "Passage": "words for slots of other texts",
    "Task": "what a reader guesses and builds, see ``tasks``",
    "Why": "why a loss is what a table says it is",
    "Mistake": "what a row of a table is often taken for, put right",
    "Words": "what finds a row of a table, beside what it shows",
    "Source": "where a row of a table stands, a link",
    "Sources": "what the page rests on and where to read on, a list of links",
    "Next": "why the next page follows: “because …”, after its title",
    "Minutes": "how long the page takes, a whole number",
    "Message": "what a reader is told of a refusal or a change, with its arguments as slots",
}  # fmt: skip

_HEADING = re.compile(r"^## (\w+)(?:: (.+))?$", re.MULTILINE)


def _heading(kind: str, name: str) -> str:
    return f"## {kind}: {name}" if name else f"## {kind}"


class Texts:
    """A chapter's texts in Markdown, by kind and name."""

    def __init__(self, source: str) -> None:
        head, *parts = _HEADING.split(source)
        self.title = head.strip().removeprefix("# ")
        self._texts: dict[tuple[str, str], str] = {}
        for kind, name, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            key = kind, name or ""
            if kind not in KINDS:
                raise ValueError(f"{self.title}: {_heading(*key)} is none of {', '.join(KINDS)}")
            if key in self._texts:
                raise ValueError(f"{self.title}: {_heading(*key)} stands twice")
            # a task's mistakes name their lines, counted from its heading
            self._texts[key] = text[1:].rstrip() if kind == "Task" else text.strip()
        self._lines = {
            (one[1], one[2] or ""): source.count("\n", 0, one.start()) + 1
            for one in _HEADING.finditer(source)
        }

    @classmethod
    def beside(cls, module: str) -> Texts:
        """Return the texts in the folder of a module, given its ``__file__``."""
        return cls(Path(module).with_name("texts.md").read_text(encoding="utf-8"))

    def __call__(self, kind: str, name: str = "") -> str:
        """Return one text; a chapter without it is not finished."""
        if (kind, name) not in self._texts:
            raise KeyError(f"{self.title}: there is no text {_heading(kind, name)}")
        return self._texts[kind, name]

    def line(self, kind: str, name: str = "") -> int:
        """Return the line of a text's heading, from 1."""
        return self._lines[kind, name]

    def get(self, kind: str, name: str = "") -> str:
        """Return one text, or nothing."""
        return self._texts.get((kind, name), "")

    def all(self, kind: str) -> dict[str, str]:
        """Return the texts of a kind by name, in the order of the file."""
        return {name: text for (one, name), text in self._texts.items() if one == kind}

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Go through all texts: kind, name, text."""
        return ((kind, name, text) for (kind, name), text in self._texts.items())
