"""Every explorer, in reading order."""

from app.explorer import Explorer
from app.explorers.cross_entropy import CrossEntropy
from app.explorers.entropy import Entropy
from app.explorers.kl import KL
from app.explorers.mode_fit import ModeFit
from app.explorers.mutual_information import MutualInformation
from app.explorers.perplexity import Perplexity

EXPLORERS: tuple[type[Explorer], ...] = (
    Entropy,
    CrossEntropy,
    KL,
    ModeFit,
    MutualInformation,
    Perplexity,
)
