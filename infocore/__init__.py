"""Information measures as machine learning uses them.

`base` is that of the logarithms: 2 for bits, `math.e` for nats. It is positive, finite and not 1.
One below 1 turns every sign around, as it does in `scipy.stats.entropy`: a measure in base b is
minus the one in base 1/b, so that least and most change places and what is infinite is -inf.
Where `base` is that of what is given, as for perplexity, logarithms of probabilities are positive
then, and the result is the same.
"""

from infocore.coding import (
    expected_length,
    huffman_code,
    ideal_code_lengths,
    kraft_sum,
    shannon_code_lengths,
)
from infocore.contrastive import gaussian_info_nce
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
from infocore.divergences import (
    renyi_divergence,
    renyi_entropy,
    total_variation,
    tsallis_entropy,
)
from infocore.estimators import estimate_entropy, ksg_mutual_information
from infocore.fitting import Fit, fit_forward_kl, fit_reverse_kl
from infocore.gaussian import Gaussian, gaussian_cross_entropy, gaussian_kl
from infocore.language import NGram, character_tokens, word_tokens
from infocore.losses import binary_cross_entropy, categorical_cross_entropy, info_nce, softmax
from infocore.mixture import Mixture, forward_kl, reverse_kl, reverse_kl_derivatives
from infocore.multivariate import MultivariateGaussian
from infocore.multiway import (
    conditional_mutual_information,
    normalized_mutual_information,
    total_correlation,
)
from infocore.objectives import dpo_loss, elbo_terms, kl_estimators, tilt
from infocore.perplexity import bits_per_unit, perplexity, perplexity_from_loss
from infocore.quadrature import gaussian_jensen_shannon, kl_integrand, kl_quadrature

__all__ = [
    "Fit",
    "Gaussian",
    "Mixture",
    "MultivariateGaussian",
    "NGram",
    "binary_cross_entropy",
    "binary_entropy",
    "binned_mutual_information",
    "bits_per_unit",
    "categorical_cross_entropy",
    "character_tokens",
    "conditional_entropy",
    "conditional_mutual_information",
    "cross_entropy",
    "dpo_loss",
    "elbo_terms",
    "entropy",
    "estimate_entropy",
    "expected_length",
    "fit_forward_kl",
    "fit_reverse_kl",
    "forward_kl",
    "gaussian_cross_entropy",
    "gaussian_info_nce",
    "gaussian_jensen_shannon",
    "gaussian_kl",
    "huffman_code",
    "ideal_code_lengths",
    "info_nce",
    "information_content",
    "jensen_shannon_divergence",
    "joint_counts",
    "kl_divergence",
    "kl_estimators",
    "kl_integrand",
    "kl_quadrature",
    "kraft_sum",
    "ksg_mutual_information",
    "mutual_information",
    "normalized_mutual_information",
    "permutation_null",
    "perplexity",
    "perplexity_from_loss",
    "renyi_divergence",
    "renyi_entropy",
    "reverse_kl",
    "reverse_kl_derivatives",
    "shannon_code_lengths",
    "softmax",
    "tilt",
    "total_correlation",
    "total_variation",
    "tsallis_entropy",
    "word_tokens",
]


def __getattr__(name: str) -> str:
    """Return the version of the distribution when it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("bitsandnats")
