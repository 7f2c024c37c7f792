"""Every numeric function against vectors.json, which mpmath made at 50 digits or more."""

import json
import math
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest

import infocore

TABLE = Path(__file__).parents[1] / "vectors" / "vectors.json"
CASES = json.loads(TABLE.read_text("utf-8"))
FUNCTIONS = sorted({case["f"] for case in CASES})
TINY, ULP = np.finfo(float).tiny, np.finfo(float).eps

# Relative, in ulp, for each of the outcomes: the discrete measures.
PER_OUTCOME = {
    name: 4 * ULP
    for name in (
        *("information_content", "binary_entropy", "binary_cross_entropy"),
        *("entropy", "cross_entropy", "kl_divergence", "jensen_shannon_divergence"),
        *("mutual_information", "conditional_entropy"),
        *("total_variation", "conditional_mutual_information"),
        *("total_correlation", "normalized_mutual_information"),
        *("categorical_cross_entropy", "ideal_code_lengths", "expected_length", "kraft_sum"),
    )
}
# Relative. Exponentials pass on the rounding of their argument, of up to 700 nats.
RELATIVE = {
    "shannon_code_lengths": 0.0,
    "gaussian_kl": 1e-14,
    "Gaussian.entropy": 1e-14,
    "Gaussian.log_pdf": 1e-14,
    "gaussian_jensen_shannon": 5e-15,
    "softmax": 2e-13,
    "categorical_cross_entropy from_logits": 2e-13,
    "Gaussian.pdf": 2e-13,
    "kl_integrand": 5e-13,
    "perplexity": 2e-13,
    "perplexity_from_loss": 2e-13,
    "bits_per_unit": 1e-14,
    "renyi_entropy": 5e-14,
    "renyi_divergence": 4e-15,
    "tsallis_entropy": 5e-14,
    "tilt": 2e-13,
    "dpo_loss": 2e-13,
    "kl_estimators": 1e-15,
    "info_nce": 4e-15,
    "elbo_terms": 2e-15,
    "multivariate_kl": 1e-14,
}
# Relative to the value or to 1 nat, whichever is larger.
ABSOLUTE = {
    "kl_quadrature": 1e-12,
    "gaussian_cross_entropy": 1e-14,
    "binned_mutual_information": 1e-15,  # corrected, it is a difference
    "estimate_entropy": 1e-14,
    "ksg_mutual_information": 1e-14,  # a difference of digammas
}


def read(argument):
    if isinstance(argument, list):
        return [read(value) for value in argument]
    return float(argument) if argument in ("inf", "-inf") else argument


def call(case):
    """Call the function of a case; its Gaussians are written as [mu, sigma]."""
    name, arguments = case["f"], read(case["args"])
    options = {key: read(value) for key, value in case["options"].items()}
    if name.startswith("Gaussian."):
        method = getattr(infocore.Gaussian(*arguments[0]), name.removeprefix("Gaussian."))
        return method(*arguments[1:], **options)
    if name == "multivariate_kl":
        p, q = (infocore.MultivariateGaussian(*x) for x in arguments)
        return infocore.gaussian_kl(p, q, **options)
    if name in {"gaussian_kl", "gaussian_cross_entropy", "gaussian_jensen_shannon",
                "kl_quadrature", "kl_integrand"}:  # fmt: skip
        arguments = [infocore.Gaussian(*x) if isinstance(x, list) else x for x in arguments]
    return getattr(infocore, name)(*arguments, **options)


def tolerance(case, want):
    name, first = case["f"], case["args"][0]
    if f"{name} from_logits" in RELATIVE and "from_logits" in case["options"]:
        name += " from_logits"
    if name in PER_OUTCOME:
        return PER_OUTCOME[name] * (len(first) if isinstance(first, list) else 1) * abs(want)
    return ABSOLUTE[name] * max(abs(want), 1) if name in ABSOLUTE else RELATIVE[name] * abs(want)


@mp.workdps(50)
def misses(case):
    """List what is wrong with the value: infinities are exact, subnormals good to their spacing."""
    got = call(case)
    parts = got if isinstance(got, tuple) else (got,)
    found, missed = np.concatenate([np.ravel(part) for part in parts]).tolist(), []
    for got, want in zip(found, np.ravel(case["want"]).tolist(), strict=True):
        exact = mp.mpf(want)
        if mp.isinf(exact):
            right = got == float(exact)
        else:
            allowed = max(float(tolerance(case, exact)), 0 if abs(exact) >= TINY else 1e-322)
            right = math.isfinite(got) and abs(mp.mpf(got) - exact) <= allowed
        if not right:
            missed.append(f"{case['f']}(*{case['args']}, **{case['options']}) = {got}, not {want}")
    return missed


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_agree_with_mpmath(name):
    assert [miss for case in CASES if case["f"] == name for miss in misses(case)] == []


def test_a_wrong_value_would_be_found():
    case = next(case for case in CASES if case["f"] == "kl_divergence" and "0." in case["want"])
    assert misses(case) == []
    assert misses(case | {"want": str(float(case["want"]) * (1 + 1e-13))})


def test_every_function_with_a_numeric_value_is_covered():
    of_no_number = {
        "Gaussian",
        "MultivariateGaussian",
        "huffman_code",
        "joint_counts",
        "permutation_null",
    }
    of_no_number |= {"NGram", "word_tokens", "character_tokens", "Mixture", "Fit"}
    # Of mixtures: held to mpmath's quadrature in test_mixture.py and test_fitting.py.
    of_no_number |= {"forward_kl", "reverse_kl", "reverse_kl_derivatives"}
    of_no_number |= {"fit_forward_kl", "fit_reverse_kl"}
    of_no_number |= {"gaussian_info_nce"}  # an integral, too: see test_contrastive.py
    assert set(infocore.__all__) - of_no_number <= set(FUNCTIONS)
