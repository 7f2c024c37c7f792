"""The public names, which readers' notebooks and the page's code snippets rely on."""

import inspect
import tomllib
from pathlib import Path

import pytest

import infocore

DOCUMENTED = [
    "information_content",
    "entropy",
    "binary_entropy",
    "cross_entropy",
    "kl_divergence",
    "jensen_shannon_divergence",
    "gaussian_jensen_shannon",
    "binary_cross_entropy",
    "categorical_cross_entropy",
    "softmax",
    "ideal_code_lengths",
    "shannon_code_lengths",
    "huffman_code",
    "expected_length",
    "kraft_sum",
    "Gaussian",
    "gaussian_kl",
    "gaussian_cross_entropy",
    "kl_integrand",
    "kl_quadrature",
    "mutual_information",
    "conditional_entropy",
    "joint_counts",
    "binned_mutual_information",
    "permutation_null",
    "Mixture",
    "Fit",
    "forward_kl",
    "reverse_kl",
    "reverse_kl_derivatives",
    "fit_forward_kl",
    "fit_reverse_kl",
    "perplexity",
    "perplexity_from_loss",
    "bits_per_unit",
    "word_tokens",
    "character_tokens",
    "NGram",
    "total_variation",
    "renyi_entropy",
    "renyi_divergence",
    "tsallis_entropy",
    "MultivariateGaussian",
    "conditional_mutual_information",
    "total_correlation",
    "normalized_mutual_information",
    "ksg_mutual_information",
    "estimate_entropy",
    "tilt",
    "dpo_loss",
    "kl_estimators",
    "info_nce",
    "gaussian_info_nce",
    "elbo_terms",
]
CLASSES = {"Fit", "Gaussian", "Mixture", "MultivariateGaussian", "NGram"}
REQUIRED = {"beta", "method", "order"}  # options without which there is no answer


def test_all_lists_the_documented_names():
    assert sorted(infocore.__all__) == sorted(DOCUMENTED)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_every_public_docstring_has_its_sections(name):
    text = getattr(infocore, name).__doc__
    for section in ("Parameters", "Raises", "References", "Examples"):
        assert f"{section}\n" in text


@pytest.mark.parametrize("name", sorted(set(DOCUMENTED) - CLASSES))
def test_arrays_are_positional_only_and_options_keyword_only(name):
    for parameter in inspect.signature(getattr(infocore, name)).parameters.values():
        option = parameter.default is not inspect.Parameter.empty or parameter.name in REQUIRED
        arrays = {parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL}
        assert parameter.kind in ({parameter.KEYWORD_ONLY} if option else arrays)


def test_the_version_is_that_of_the_distribution():
    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    assert infocore.__version__ == tomllib.loads(pyproject.read_text("utf-8"))["project"]["version"]
