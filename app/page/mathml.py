"""Formulas as MathML, which browsers draw by themselves."""

from __future__ import annotations

import re
from functools import cache

from latex2mathml.converter import convert


@cache
def formula(tex: str) -> str:
    """Return MathML; ``@name@`` becomes a slot, in parentheses where negative if ``@(name)@``."""
    marked = re.sub(r"@(\(?)(\w+)\)?@", lambda m: rf"\text{{@{'P' * bool(m[1])}:{m[2]}@}}", tex)
    mathml = convert(marked, display="block")
    return re.sub(
        r"<mtext>@(P?):(\w+)@</mtext>",
        lambda m: f'<mtext data-slot="{m[2]}"{" data-paren" if m[1] else ""}></mtext>',
        mathml,
    )
