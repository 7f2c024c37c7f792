"""Information measures as machine learning uses them."""

from infocore.coding import (
    expected_length,
    huffman_code,
    ideal_code_lengths,
    kraft_sum,
    shannon_code_lengths,
)
from infocore.dependence import (
    binned_mutual_information,
    conditional_entropy,
    joint_counts,
    mutual_information,
    permutation_null,
)
from infocore.discrete import (
    binary_entropy,
    cross_entropy,
    entropy,
    information_content,
    jensen_shannon_divergence,
    kl_divergence,
)
from infocore.fitting import Fit, fit_forward_kl, fit_reverse_kl
from infocore.gaussian import Gaussian, gaussian_cross_entropy, gaussian_kl
from infocore.language import NGram, character_tokens, word_tokens
from infocore.losses import binary_cross_entropy, categorical_cross_entropy, softmax
from infocore.mixture import Mixture, forward_kl, reverse_kl, reverse_kl_derivatives
from infocore.perplexity import bits_per_unit, perplexity, perplexity_from_loss
from infocore.quadrature import gaussian_jensen_shannon, kl_integrand, kl_quadrature

__all__ = [
    "Fit",
    "Gaussian",
    "Mixture",
    "NGram",
    "binary_cross_entropy",
    "binary_entropy",
    "binned_mutual_information",
    "bits_per_unit",
    "categorical_cross_entropy",
    "character_tokens",
    "conditional_entropy",
    "cross_entropy",
    "entropy",
    "expected_length",
    "fit_forward_kl",
    "fit_reverse_kl",
    "forward_kl",
    "gaussian_cross_entropy",
    "gaussian_jensen_shannon",
    "gaussian_kl",
    "huffman_code",
    "ideal_code_lengths",
    "information_content",
    "jensen_shannon_divergence",
    "joint_counts",
    "kl_divergence",
    "kl_integrand",
    "kl_quadrature",
    "kraft_sum",
    "mutual_information",
    "permutation_null",
    "perplexity",
    "perplexity_from_loss",
    "reverse_kl",
    "reverse_kl_derivatives",
    "shannon_code_lengths",
    "softmax",
    "word_tokens",
]


def __getattr__(name: str) -> str:
    """Return the version of the distribution when it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("bitsandnats")
