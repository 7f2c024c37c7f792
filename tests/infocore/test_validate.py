"""Bad input is a ValueError that names the argument and the offending value."""

import math

import numpy as np
import pytest

from infocore import (
    Gaussian,
    binary_cross_entropy,
    binary_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    expected_length,
    gaussian_cross_entropy,
    gaussian_jensen_shannon,
    gaussian_kl,
    huffman_code,
    ideal_code_lengths,
    information_content,
    jensen_shannon_divergence,
    kl_divergence,
    kl_integrand,
    kl_quadrature,
    kraft_sum,
    shannon_code_lengths,
    softmax,
)

NORMAL, WIDE = Gaussian(0, 1), Gaussian(1, 2)
HALVES = [0.5, 0.5]
OF_P = [entropy, huffman_code, lambda p: expected_length(p, [1] * len(p))]
OF_P_AND_Q = [cross_entropy, kl_divergence, jensen_shannon_divergence]
ELEMENTWISE = [information_content, binary_entropy, ideal_code_lengths, shannon_code_lengths]
WITH_BASE = [
    lambda base: information_content(0.5, base=base),
    lambda base: entropy(HALVES, base=base),
    lambda base: binary_entropy(0.5, base=base),
    lambda base: cross_entropy(HALVES, HALVES, base=base),
    lambda base: kl_divergence(HALVES, HALVES, base=base),
    lambda base: jensen_shannon_divergence(HALVES, HALVES, base=base),
    lambda base: binary_cross_entropy(1, 0.5, base=base),
    lambda base: categorical_cross_entropy(HALVES, HALVES, base=base),
    lambda base: categorical_cross_entropy(HALVES, [0, 0], base=base, from_logits=True),
    lambda base: NORMAL.entropy(base=base),
    lambda base: gaussian_kl(NORMAL, WIDE, base=base),
    lambda base: gaussian_cross_entropy(NORMAL, WIDE, base=base),
    lambda base: gaussian_jensen_shannon(NORMAL, WIDE, base=base),
    lambda base: kl_integrand(0, NORMAL, WIDE, base=base),
    lambda base: kl_quadrature(NORMAL, WIDE, base=base),
]
NO_PMF = [
    ([-0.25, 1.25], r"got -0\.25"),
    ([math.nan, 1.0], "got nan"),
    ([math.inf, 0.0], "got inf"),
    ([0.5, 0.25], r"must sum to 1, got 0\.75"),
    ([0.5, 0.5 + 3e-9], r"must sum to 1, got 1\.00000000"),
    ([[0.5, 0.5], [0.25, 0.25]], r"must sum to 1, got 0\.5"),
    ([], "empty"),
    (["0.5", "0.5"], "real numbers, got"),
    ([0.5, 0.5j], "real numbers, got"),
    ([[0.5, 0.5], [1.0]], "real numbers, got"),
]


def refused(argument, message):
    return pytest.raises(ValueError, match=rf"\b{argument}\b.*{message}")


@pytest.mark.parametrize("function", OF_P)
@pytest.mark.parametrize(("p", "message"), NO_PMF)
def test_what_is_no_distribution_is_refused(function, p, message):
    with refused("p", message):
        function(p)


@pytest.mark.parametrize("function", OF_P_AND_Q)
@pytest.mark.parametrize(("bad", "message"), NO_PMF)
def test_the_argument_that_is_no_distribution_is_named(function, bad, message):
    good = [1.0] if bad == [] else HALVES
    with refused("p", message):
        function(bad, good)
    with refused("q", message):
        function(good, bad)


@pytest.mark.parametrize(("bad", "message"), NO_PMF)
def test_labels_and_predictions_are_named_y_and_q(bad, message):
    with refused("y", message):
        categorical_cross_entropy(bad, HALVES)
    with refused("q", message):
        categorical_cross_entropy(HALVES, bad)


@pytest.mark.parametrize("function", ELEMENTWISE)
@pytest.mark.parametrize("value", [-0.1, 1.5, math.nan, math.inf, np.nextafter(1, 2)])
def test_a_probability_that_stands_alone_lies_between_zero_and_one(function, value):
    with refused("p", f"got {float(value)}"):
        function([0.5, value])


@pytest.mark.parametrize("value", [-0.1, 1.5, math.nan])
def test_binary_cross_entropy_names_the_probability_it_refuses(value):
    with refused("y", f"got {value}"):
        binary_cross_entropy(value, 0.5)
    with refused("q", f"got {value}"):
        binary_cross_entropy(1, value)


@pytest.mark.parametrize("function", WITH_BASE)
@pytest.mark.parametrize("base", [0, -2, 1, math.nan, math.inf, "e"])
def test_a_base_without_logarithm_is_refused(function, base):
    with refused("base", f"got {base!r}"):
        function(base)


@pytest.mark.parametrize("function", [*OF_P_AND_Q, categorical_cross_entropy])
@pytest.mark.parametrize(
    ("p", "q", "shapes"),
    [
        ([1.0], [0.5, 0.5], r"\(1,\) and \(2,\)"),
        ([0.5, 0.5, 0.0], [0.5, 0.5], r"\(3,\) and \(2,\)"),
        ([[0.5, 0.5]] * 2, [[0.5, 0.5]] * 3, r"\(2, 2\) and \(3, 2\)"),
    ],
)
def test_shapes_that_do_not_broadcast_are_refused(function, p, q, shapes):
    with refused("q", f"do not broadcast: shapes {shapes}"):
        function(p, q)


def test_elementwise_shapes_that_do_not_broadcast_are_refused():
    with refused("q", r"do not broadcast: shapes \(2,\) and \(3,\)"):
        binary_cross_entropy([0, 1], [0.5, 0.5, 0.5])


@pytest.mark.parametrize("axis", [1, -2, 7])
def test_an_axis_that_does_not_exist_is_refused(axis):
    with refused("axis", rf"{axis} .* p of shape \(2,\)"):
        entropy(HALVES, axis=axis)


def test_a_number_is_no_distribution():
    with refused("axis", r"p of shape \(\)"):
        entropy(1.0)


@pytest.mark.parametrize("p", [[0, 0], [[1, 1], [0, 0]]])
def test_all_zero_weights_cannot_be_normalised(p):
    with refused("p", r"normalised.*got 0\.0"):
        entropy(p, normalize=True)


@pytest.mark.parametrize("value", [math.inf, math.nan, -1.0])
def test_weights_that_are_no_finite_amounts_cannot_be_normalised(value):
    with refused("q", f"got {value}"):
        kl_divergence([1, 3], [1, value], normalize=True)


def test_float32_sums_are_judged_by_their_own_precision():
    p = np.full(3, 1 / 3, dtype=np.float32) * np.float32(1 + 2e-6)
    assert entropy(p) == pytest.approx(np.log2(3), rel=1e-5)
    with refused("p", "must sum to 1"):
        entropy(p.astype(np.float64) + 1e-6)


@pytest.mark.parametrize(
    ("z", "message"),
    [([1, math.nan], "NaN"), ([1, math.inf], r"\+inf"), ([-math.inf] * 2, "finite"), ([], "empty")],
)
def test_scores_without_a_distribution_are_refused(z, message):
    with refused("z", message):
        softmax(z)
    with refused("q", message):
        categorical_cross_entropy([1.0] if z == [] else HALVES, z, from_logits=True)


@pytest.mark.parametrize("temperature", [-1, math.nan, -math.inf, [1, 2], "hot"])
def test_a_temperature_below_zero_is_refused(temperature):
    with pytest.raises(ValueError, match="temperature") as refusal:
        softmax([1, 2], temperature=temperature)
    assert repr(temperature) in str(refusal.value)


@pytest.mark.parametrize("value", [-1, math.nan])
def test_code_lengths_below_zero_are_refused(value):
    with refused("lengths", "NaN" if math.isnan(value) else r"got -1\.0"):
        kraft_sum([1, value])
    with refused("lengths", "NaN" if math.isnan(value) else r"got -1\.0"):
        expected_length(HALVES, [1, value])


def test_huffman_codes_one_distribution_at_a_time():
    with refused("p", r"got shape \(2, 2\)"):
        huffman_code([HALVES, HALVES])


@pytest.mark.parametrize("sigma", [0, -1, math.nan, math.inf, "1"])
def test_a_gaussian_without_positive_sigma_is_refused(sigma):
    with refused("sigma", "got"):
        Gaussian(0, sigma)


@pytest.mark.parametrize("mu", [math.nan, math.inf, -math.inf, [0, 1]])
def test_a_gaussian_without_finite_mean_is_refused(mu):
    with refused("mu", "got"):
        Gaussian(mu, 1)


@pytest.mark.parametrize("function", [NORMAL.log_pdf, NORMAL.pdf])
def test_a_density_at_no_number_is_refused(function):
    with refused("x", "NaN"):
        function([0, math.nan])
    with refused("x", "NaN"):
        kl_integrand(math.nan, NORMAL, WIDE)
