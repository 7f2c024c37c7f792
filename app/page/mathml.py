"""Formulas as MathML, which browsers draw by themselves."""

from __future__ import annotations

import re
from functools import cache

from latex2mathml.converter import convert


@cache
def formula(tex: str) -> str:
    """Return MathML; ``@name@`` becomes a slot, in parentheses where negative if ``@(name)@``.

    A command that the converter does not know would stand in the formula as a word, so it is a
    ``ValueError`` here.
    """
    marked = re.sub(r"@(\(?)(\w+)\)?@", lambda m: rf"\text{{@{'P' * bool(m[1])}:{m[2]}@}}", tex)
    mathml = convert(marked, display="block")
    if unknown := re.search(r">(\\[A-Za-z]+)<", mathml):
        raise ValueError(f"{unknown[1]} in the formula {tex!r} is not known")
    return re.sub(
        r"<mtext>@(P?):(\w+)@</mtext>",
        lambda m: f'<mtext data-slot="{m[2]}"{" data-paren" if m[1] else ""}></mtext>',
        mathml,
    )
