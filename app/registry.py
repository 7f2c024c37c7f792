"""Every chapter, in reading order; nothing else knows all of them."""

from importlib import import_module
from typing import Any

from .contract.explorer import Explorer
from .explorers.connections.chapter import Connections

SLUGS = (
    "surprise",
    "entropy",
    "cross-entropy",
    "kl",
    "mode-fit",
    "mutual-information",
    "estimation",
    "decision-tree",
    "perplexity",
    "preferences",
    "contrast",
)  # fmt: skip


def _explorer(slug: str) -> type[Explorer]:
    """Return the explorer of a folder: the class there that has its slug."""
    module = import_module(f".explorers.{slug.replace('-', '_')}.explorer", __package__)
    found: list[type[Explorer]] = [
        one for one in vars(module).values() if getattr(one, "slug", None) == slug
    ]
    return found[0].check()


EXPLORERS: tuple[type[Explorer], ...] = tuple(_explorer(slug) for slug in SLUGS)
CHAPTERS: tuple[Any, ...] = (*EXPLORERS, Connections)
