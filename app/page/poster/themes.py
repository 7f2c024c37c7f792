"""The style sheet's colours in pictures that stand alone."""

from __future__ import annotations

import re
from functools import cache

from ..bundle import text_of

THEMES = ("light", "dark")
USED = ("card", "ink", "dim", "line", "p", "q", "accent", "heat-low", "heat-high")


@cache
def colours(theme: str) -> dict[str, str]:
    """Return the style sheet's colours in a theme, by their names there."""
    found = re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", text_of("static/styles/style.css")
    )
    return {name: both[THEMES.index(theme)] for name, *both in found}


def style() -> str:
    """Return a style with both themes: dark on a dark screen, light on paper."""
    light, dark = (
        ";".join(f"--{name}:{colours(theme)[name]}" for name in USED) for theme in THEMES
    )
    dark_only = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"<style>:root{{{light}}}{dark_only}</style>"


def in_theme(svg: str, theme: str) -> str:
    """Return an SVG with the colours of one theme in place of variables."""
    fixed = re.sub(r"var\(--([\w-]+)\)", lambda one: colours(theme)[one[1]], svg)
    return re.sub(
        r"color-mix\(in srgb,(#\w+) ([\d.]+)%,(#\w+)\)",
        lambda found: mixed(found[3], found[1], float(found[2]) / 100),
        fixed,
    )


def mixed(low: str, high: str, part: float) -> str:
    """Return the colour that lies a part of the way from one to another."""
    channels = (
        round(part * int(high[i : i + 2], 16) + (1 - part) * int(low[i : i + 2], 16))
        for i in (1, 3, 5)
    )
    return f"#{''.join(f'{one:02x}' for one in channels)}"
