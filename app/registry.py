"""Every chapter, in reading order; nothing else knows all of them."""

from typing import Any

from .contract.explorer import Explorer
from .explorers.connections.chapter import Connections
from .explorers.cross_entropy.explorer import CrossEntropy
from .explorers.entropy.explorer import Entropy
from .explorers.kl.explorer import KL
from .explorers.mode_fit.explorer import ModeFit
from .explorers.mutual_information.explorer import MutualInformation
from .explorers.perplexity.explorer import Perplexity

EXPLORERS: tuple[type[Explorer], ...] = (
    Entropy,
    CrossEntropy,
    KL,
    ModeFit,
    MutualInformation,
    Perplexity,
)
CHAPTERS: tuple[Any, ...] = (*EXPLORERS, Connections)
