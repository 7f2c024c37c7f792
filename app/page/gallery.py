"""The drawing with which the gallery begins; ``static/gallery.js`` lets it be pulled."""

from __future__ import annotations

import math
from typing import Any

WEATHER = {"sun": 0.5, "cloud": 0.25, "rain": 0.15, "snow": 0.1}  # the message that pages share
WIDE, BASE, TALL = 376, 128, 23  # of all bars; where they stand; of a bit: px of 400 × 150


def weather() -> dict[str, Any]:
    """Return the outcomes, their entropy, and bars as wide as p and as tall as the surprise."""
    left, drawn = (400 - WIDE) / 2, []
    for name, p in WEATHER.items():
        width, height = p * WIDE, -math.log2(p) * TALL
        middle = left + width / 2
        drawn.append(
            f'<rect x="{left:.1f}" y="{BASE - height:.1f}" width="{width - 2:.1f}" '
            f'height="{height:.1f}"/><text x="{middle:.1f}" y="{BASE + 16}">{name}</text>'
            f'<g transform="translate({middle:.1f} {BASE - height:.1f})">'
            '<circle r="26"/><circle r="6"/></g>'
        )
        left += width
    svg = (
        f'<svg viewBox="0 0 400 150" data-wide="{WIDE}" data-base="{BASE}" data-tall="{TALL}" '
        'role="img" aria-label="Bars as wide as the probability and as tall as the surprise">'
        f"{''.join(drawn)}</svg>"
    )
    entropy = -sum(p * math.log2(p) for p in WEATHER.values())
    return {"shares": WEATHER, "entropy": entropy, "drawing": svg}
