"""The explorers of Bits & Nats, served by Panel or exported as pages that need no server.

Each is here by its name, as a component of Panel: ``from app import KL``.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return an explorer by its name; loaded when first asked for, as Panel takes seconds."""
    if name[0].isupper():
        from .panel.viewer import components

        if name in components():
            return components()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names of the explorers, for completion."""
    from .registry import EXPLORERS

    return sorted([*globals(), *(explorer.__name__ for explorer in EXPLORERS)])
