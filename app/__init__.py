"""The explorers of Bits & Nats, served by Panel or exported as pages that need no server.

Each is here by its name: ``from app import KL``.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return an explorer by its name; loaded when first asked for, as Bokeh takes a second."""
    if not name.startswith("_"):
        from .registry import EXPLORERS

        for explorer in EXPLORERS:
            if explorer.__name__ == name:
                return explorer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names of the explorers, for completion."""
    from .registry import EXPLORERS

    return sorted([*globals(), *(explorer.__name__ for explorer in EXPLORERS)])
