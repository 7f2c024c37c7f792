"""The style sheet's colours in pictures that stand alone."""

from __future__ import annotations

import re
from functools import cache

from ..bundle import text_of

THEMES = ("light", "dark")
USED = ("card", "ink", "dim", "line", "p", "q", "accent", "heat-low", "heat-high")


@cache
def _colours() -> dict[str, tuple[str, str]]:
    """Return the style sheet's colours, light and dark."""
    found = re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", text_of("static/styles/style.css")
    )
    return {name: (light, dark) for name, light, dark in found}


def style() -> str:
    """Return a style with both themes: dark on a dark screen, light on paper."""
    light, dark = (
        ";".join(f"--{name}:{_colours()[name][theme]}" for name in USED) for theme in (0, 1)
    )
    dark_only = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"<style>:root{{{light}}}{dark_only}</style>"


def in_theme(svg: str, theme: str) -> str:
    """Return an SVG with the colours of one theme in place of variables."""
    place = THEMES.index(theme)
    fixed = re.sub(r"var\(--([\w-]+)\)", lambda one: _colours()[one[1]][place], svg)
    return re.sub(r"color-mix\(in srgb,(#\w+) ([\d.]+)%,(#\w+)\)", _mixed, fixed)


def _mixed(found: re.Match[str]) -> str:
    """Return the mix of two colours as one."""
    part = float(found[2]) / 100
    channels = (
        round(part * int(found[1][i : i + 2], 16) + (1 - part) * int(found[3][i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return f"#{''.join(f'{one:02x}' for one in channels)}"
