"""Every chapter, in reading order; nothing else knows all of them."""

from typing import Any

from .contract.explorer import Explorer
from .explorers.connections.chapter import Connections
from .explorers.kl.explorer import KL

EXPLORERS: tuple[type[Explorer], ...] = (KL,)
CHAPTERS: tuple[Any, ...] = (*EXPLORERS, Connections)
