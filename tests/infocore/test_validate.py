"""Bad input is a ValueError that names the argument and the offending value."""

import math
import re
from functools import partial

import numpy as np
import pytest
from scipy import stats

from infocore import (
    Gaussian,
    Mixture,
    MultivariateGaussian,
    NGram,
    binary_cross_entropy,
    binary_entropy,
    binned_mutual_information,
    bits_per_unit,
    categorical_cross_entropy,
    conditional_entropy,
    cross_entropy,
    dpo_loss,
    elbo_terms,
    entropy,
    estimate_entropy,
    expected_length,
    fit_forward_kl,
    fit_reverse_kl,
    forward_kl,
    gaussian_cross_entropy,
    gaussian_jensen_shannon,
    gaussian_kl,
    huffman_code,
    ideal_code_lengths,
    info_nce,
    information_content,
    jensen_shannon_divergence,
    joint_counts,
    kl_divergence,
    kl_estimators,
    kl_integrand,
    kl_quadrature,
    kraft_sum,
    ksg_mutual_information,
    mutual_information,
    permutation_null,
    perplexity,
    perplexity_from_loss,
    renyi_divergence,
    renyi_entropy,
    reverse_kl,
    shannon_code_lengths,
    softmax,
    tilt,
    total_correlation,
    total_variation,
    tsallis_entropy,
)

NORMAL, WIDE = Gaussian(0, 1), Gaussian(1, 2)
PLANE = MultivariateGaussian([0, 0], [1, 1])
HALVES = [0.5, 0.5]
OF_P = [entropy, huffman_code, lambda p: expected_length(p, [1] * len(p))]
OF_P += [partial(f, order=2) for f in (renyi_entropy, tsallis_entropy)]
OF_P_AND_Q = [cross_entropy, kl_divergence, jensen_shannon_divergence, total_variation]
OF_P_AND_Q += [partial(renyi_divergence, order=order) for order in (0, 0.3, 1, 2, math.inf)]
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
    lambda base: gaussian_kl(PLANE, PLANE, base=base),
    lambda base: renyi_entropy(HALVES, order=2, base=base),
    lambda base: renyi_divergence(HALVES, HALVES, order=2, base=base),
    lambda base: dpo_loss(0, 0, beta=1, base=base),
    lambda base: info_nce([[0.0]], base=base),
    lambda base: elbo_terms(HALVES, HALVES, [0, 0], base=base),
    lambda base: total_correlation([HALVES], base=base),
    lambda base: estimate_entropy([1, 2], method="nsb", base=base),
    lambda base: ksg_mutual_information([0, 1, 2], [0, 1, 2], k=1, base=base),
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
    p = np.full(3, 1 / 3, dtype=np.float32) * np.float32(1 + 1e-6)
    assert entropy(p) == pytest.approx(np.log2(3), rel=1e-5)
    with refused("p", "must sum to 1"):
        entropy(p.astype(np.float64) + 1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("n", [2, 128, 4096, 1_000_000])
def test_the_sum_may_be_off_by_what_rounding_explains_and_never_by_one_in_a_hundred(dtype, n):
    # The specification's min(1e-2, max(1e-9, 8·eps·√n)).
    tolerance = min(1e-2, max(1e-9, 8 * float(np.finfo(dtype).eps) * math.sqrt(n)))
    p = np.zeros(n, dtype=dtype)
    for off, is_taken in ((0.9, True), (-0.9, True), (1.2, False), (-1.2, False)):
        shares = [0.5, 0.5 + off * tolerance]
        p[:2] = shares
        is_off = abs(float(p[0]) + float(p[1]) - 1)
        if is_taken and is_off <= tolerance:
            assert entropy(p) == pytest.approx(1, abs=0.02)
        elif not is_taken and is_off > tolerance:
            with refused("p", "must sum to 1"):
                entropy(p)
    with refused("p", r"must sum to 1, got 0\.0"):
        entropy(np.zeros(n, dtype))


def test_the_tolerance_of_doubles_does_not_grow_with_the_outcomes():
    p = np.full(100_000, 1e-5)
    assert entropy(p) == pytest.approx(math.log2(100_000), rel=1e-15)
    with refused("p", r"must sum to 1, got 1\.00000000"):
        entropy(p * (1 + 2e-9))


@pytest.mark.parametrize(
    "ask",
    [
        lambda large: entropy([large, 1]),
        lambda large: kl_divergence([1, 1], [1, large], normalize=True),
        lambda large: information_content(-large),
        lambda large: entropy(HALVES, base=large),
        lambda large: entropy(HALVES, axis=large),
        lambda large: softmax([1, large]),
        lambda large: softmax([1, 2], temperature=large),
        lambda large: categorical_cross_entropy(large, HALVES),
        lambda large: categorical_cross_entropy([0, 1], HALVES, label_smoothing=large),
        lambda large: binary_cross_entropy(1, large, from_logits=True),
        lambda large: perplexity([-large]),
        lambda large: bits_per_unit([-1], large),
        lambda large: kraft_sum([large]),
        lambda large: Gaussian(large, 1),
        lambda large: kl_integrand(large, NORMAL, WIDE),
        lambda large: reverse_kl(Mixture([1], [NORMAL]), 0, large),
        lambda large: joint_counts([0.5, 1.5], [0, 1], bins=large),
        lambda large: permutation_null([0.5, 1.5], [0, 1], n=large),
        lambda large: NGram("ab", order=large),
        lambda large: renyi_entropy(HALVES, order=large),
        lambda large: tilt(HALVES, [0, large], beta=1),
        lambda large: tilt(HALVES, [0, 1], beta=large),
        lambda large: dpo_loss(large, 0, beta=1),
        lambda large: kl_estimators(large),
        lambda large: estimate_entropy([large, 1], method="nsb"),
        lambda large: ksg_mutual_information([0, 1, 2], [0, 1, large]),
        lambda large: ksg_mutual_information([0, 1, 2], [0, 1, 2], k=large),
        lambda large: MultivariateGaussian([0], [large]),
    ],
)
@pytest.mark.parametrize("digits", [400, 5000])  # Python writes none of more than 4300
def test_a_whole_number_beyond_the_doubles_is_bad_input_as_any_other(ask, digits):
    with pytest.raises(ValueError, match=r"must|does not exist") as refusal:
        ask(10**digits)
    assert len(str(refusal.value)) < 200


MASKED = np.ma.array([0.5, 0.5, 0.25], mask=[False, False, True])


@pytest.mark.parametrize(
    ("argument", "ask"),
    [
        ("p", lambda: entropy(MASKED)),
        ("p", lambda: information_content(MASKED)),
        ("q", lambda: kl_divergence([0.5, 0.5, 0], MASKED)),
        ("q", lambda: binary_cross_entropy(0.5, MASKED)),
        ("z", lambda: softmax(MASKED)),
        ("lengths", lambda: kraft_sum(MASKED)),
        ("log_probs", lambda: perplexity(-MASKED)),
        ("loss", lambda: perplexity_from_loss(MASKED)),
        ("units", lambda: bits_per_unit([-1], MASKED)),
        ("joint", lambda: mutual_information(MASKED[None])),
        ("weights", lambda: Mixture(MASKED, [NORMAL] * 3)),
        ("x", lambda: NORMAL.pdf(MASKED)),
        ("mu", lambda: reverse_kl(Mixture([1], [NORMAL]), MASKED, 1)),
        ("x", lambda: joint_counts(MASKED, [0, 1, 0])),
        ("y", lambda: joint_counts([0, 1, 0], MASKED)),
        ("y", lambda: categorical_cross_entropy(np.ma.array([0, 1], mask=[0, 1]), [HALVES] * 2)),
        ("p", lambda: tsallis_entropy(MASKED, order=2)),
        ("reward", lambda: tilt([0.5, 0.25, 0.25], MASKED, beta=1)),
        ("chosen", lambda: dpo_loss(MASKED, 0, beta=1)),
        ("log_ratio", lambda: kl_estimators(MASKED)),
        ("scores", lambda: info_nce([MASKED] * 3)),
        ("counts", lambda: estimate_entropy(MASKED, method="plug-in")),
        ("y", lambda: ksg_mutual_information([0, 1, 2], MASKED, k=1)),
        ("cov", lambda: MultivariateGaussian([0, 0, 0], MASKED)),
        ("p", lambda: entropy([MASKED, MASKED])),
        ("p", lambda: entropy([0.5, 0.5, np.ma.masked])),
        ("p", lambda: entropy(np.array([0.5, 0.5, np.ma.masked], object))),
        ("q", lambda: kl_divergence(HALVES, [np.array([0.5, np.ma.masked], object)])),
        ("x", lambda: joint_counts(np.array([0.5, np.ma.masked], object), [0, 1])),
        ("y", lambda: joint_counts([0, 1], np.array(["a", np.ma.masked], object))),
        ("tokens", lambda: NGram(np.array(["a", np.ma.masked], object))),
    ],
)
def test_a_mask_is_not_dropped(argument, ask):
    with refused(argument, "must have no masked entry, got"):
        ask()


def within_itself(beside):
    """Return a list that holds others and itself."""
    found = list(beside)
    found.append(found)
    return found


def array_within_itself():
    found = np.empty(1, object)
    found[0] = found
    return found


def deep():
    found = 0.5
    for _ in range(5000):
        found = [found]
    return found


@pytest.mark.parametrize(
    "endless",
    [within_itself([]), within_itself([0.5]), within_itself([within_itself([])]), deep(),
     array_within_itself()],
    ids=["alone", "beside", "twice", "deep", "array"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("argument", "ask"),
    [
        ("p", entropy),
        ("q", lambda endless: kl_divergence(HALVES, endless)),
        ("y", lambda endless: categorical_cross_entropy(endless, HALVES)),
        ("joint", mutual_information),
        ("x", lambda endless: joint_counts(endless, [1])),
        ("y", lambda endless: joint_counts([1], endless)),
        ("tokens", NGram),
    ],
)
def test_a_list_that_holds_itself_is_refused(argument, ask, endless):
    with refused(argument, "must be nested less deep, and not hold itself, got") as refusal:
        ask(endless)
    assert len(str(refusal.value)) < 300


def test_an_array_without_a_masked_entry_is_taken():
    assert entropy(np.ma.array(HALVES)) == entropy(np.ma.array(HALVES, mask=[0, 0])) == 1


@pytest.mark.parametrize(
    "function",
    [gaussian_kl, gaussian_cross_entropy, gaussian_jensen_shannon, kl_quadrature,
     lambda p, q: kl_integrand(0, p, q)],
)  # fmt: skip
def test_what_is_no_gaussian_is_refused(function):
    with refused("p", r"must be a Gaussian, got \(0, 1\)"):
        function((0, 1), (0, 1))
    with refused("q", "must be a Gaussian, got None"):
        function(NORMAL, None)


@pytest.mark.parametrize("axis", [None, (0,), (0, 1), 0.0, True, "0"])
def test_an_axis_is_one_whole_number(axis):
    for ask in (
        lambda: entropy([HALVES], axis=axis), lambda: kl_divergence([HALVES], HALVES, axis=axis),
        lambda: softmax([HALVES], axis=axis), lambda: perplexity([[-1]], axis=axis),
        lambda: kraft_sum([[1]], axis=axis), lambda: tilt([HALVES], HALVES, beta=1, axis=axis),
        lambda: total_variation([HALVES], HALVES, axis=axis),
        lambda: renyi_entropy([HALVES], order=2, axis=axis),
        lambda: estimate_entropy([[1]], method="plug-in", axis=axis),
    ):  # fmt: skip
        with refused("axis", f"must be one whole number, got {re.escape(repr(axis))}"):
            ask()


@pytest.mark.parametrize("base", [0.5, 1 / math.e, 0.1])
def test_a_base_below_one_turns_every_sign_around(base):
    # As in SciPy, whose own figure the first is; log to base b is minus that to base 1/b.
    assert entropy([0.5, 0.25, 0.25], base=base) == pytest.approx(
        stats.entropy([0.5, 0.25, 0.25], base=base), rel=1e-15
    )
    two, table = Mixture(HALVES, [NORMAL, WIDE]), [[0.5, 0.125], [0.125, 0.25]]
    x, y = [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]
    for ask in (
        *WITH_BASE,
        lambda base: kl_divergence(HALVES, [0.25, 0.75], base=base),
        lambda base: kl_divergence(HALVES, [1, 0], base=base),
        lambda base: jensen_shannon_divergence([1, 0], [0, 1], base=base),
        lambda base: mutual_information(table, base=base),
        lambda base: conditional_entropy(table, base=base),
        lambda base: binned_mutual_information(x, y, bins=3, base=base, correction="miller-madow"),
        lambda base: permutation_null(x, y, bins=2, n=9, rng=1, base=base),
        lambda base: forward_kl(two, 0, [1, 2], base=base),
        lambda base: reverse_kl(two, 0, [1, 2], base=base),
        lambda base: fit_forward_kl(two, base=base).divergence,
        lambda base: NGram("abab").log_probs("abba", base=base),
    ):
        assert -np.asarray(ask(base)) == pytest.approx(np.asarray(ask(1 / base)), rel=1e-14)
    for ask in (perplexity, lambda given, base: bits_per_unit(given, 2, base=base)):
        given = np.array([-1.0, -3.0])
        assert ask(-given, base=base) == pytest.approx(ask(given, base=1 / base), rel=1e-14)


def test_the_best_fit_comes_first_at_any_base():
    two = Mixture([0.7, 0.3], [Gaussian(-3, 1), Gaussian(3, 1)])
    means = [[fit.gaussian.mu for fit in fit_reverse_kl(two, base=b)] for b in (2, 0.5)]
    assert means[0] == means[1]
    assert len(means[0]) > 1


@pytest.mark.parametrize("p", [None, [None, 1.0], "half", {"a": 1}])
def test_what_holds_no_numbers_is_no_distribution(p):
    with refused("p", "must be an array of real numbers, got"):
        entropy(p)


@pytest.mark.parametrize("base", ["e", None, [2, 2], np.array([2]), np.array([2, 3])])
def test_a_base_is_one_number(base):
    with refused("base", f"must be a single number, got {re.escape(repr(base))}"):
        entropy(HALVES, base=base)


def test_an_option_that_is_a_text_is_no_array():
    with refused("given", "must be 'x' or 'y'"):
        conditional_entropy([[0.5, 0], [0, 0.5]], given=np.array(["x", "y"]))


def test_texts_in_an_array_of_objects_are_no_numbers():
    with refused("p", "must be an array of real numbers"):
        entropy(np.array(["0.5", "0.5"], object))


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
