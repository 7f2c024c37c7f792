"""Tilted policies, preferences, KL estimates, InfoNCE and the parts of an ELBO."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import (
    Gaussian,
    MultivariateGaussian,
    binary_cross_entropy,
    dpo_loss,
    elbo_terms,
    entropy,
    gaussian_kl,
    info_nce,
    kl_divergence,
    kl_estimators,
    mutual_information,
    tilt,
)

REFERENCE = [0.4, 0.3, 0.2, 0.1, 0.0]
REWARD = [1.0, -0.5, 2.0, 0.25, 9.0]
REWARDS = st.lists(st.floats(-1e4, 1e4), min_size=4, max_size=4)


def objective(policy, reference, reward, beta):
    """Return E_π[reward] - β·D(π‖reference)."""
    return policy @ reward - beta * kl_divergence(policy, reference, base=math.e)


# Tilting


def test_a_reward_of_beta_times_log_two_doubles_the_odds():
    policy, log_partition = tilt([0.5, 0.5], [2 * math.log(2), 0], beta=2)
    assert policy == pytest.approx([2 / 3, 1 / 3], rel=1e-15)
    assert log_partition == pytest.approx(math.log(1.5), rel=1e-15)
    assert type(log_partition) is float


@given(REWARDS, st.floats(-12, 12))
def test_the_value_of_the_optimum_is_beta_log_z(reward, exponent):
    beta, reference = 10.0**exponent, np.array(REFERENCE[:4])
    policy, log_partition = tilt(reference, reward, beta=beta)
    size = max(map(abs, reward)) + beta * 1e-3
    value = objective(policy, reference, np.array(reward), beta)
    assert value == pytest.approx(beta * log_partition, abs=1e-12 * size)


def test_no_other_policy_is_worth_more():
    rng = np.random.default_rng(1)
    reference, reward = np.array(REFERENCE[:4]), np.array(REWARD[:4])
    best = 0.7 * tilt(reference, reward, beta=0.7)[1]
    for policy in rng.dirichlet(np.ones(4), size=200):
        assert objective(policy, reference, reward, 0.7) < best


def test_beta_goes_from_the_best_allowed_answer_to_the_reference():
    policy, log_partition = tilt(REFERENCE, REWARD, beta=0)
    assert policy.tolist() == [0, 0, 1, 0, 0]  # 9.0 would be better, but is never said
    assert log_partition == math.inf
    policy, log_partition = tilt(REFERENCE, REWARD, beta=math.inf)
    assert policy == pytest.approx(REFERENCE, rel=1e-15)
    assert log_partition == 0
    assert tilt(REFERENCE, REWARD, beta=1e-12)[0].tolist() == [0, 0, 1, 0, 0]
    assert tilt(REFERENCE, REWARD, beta=1e12)[0] == pytest.approx(REFERENCE, rel=1e-11)


def test_at_beta_zero_ties_keep_the_shares_of_the_reference():
    policy, log_partition = tilt([0.1, 0.3, 0.6], [0, 0, -1], beta=0)
    assert policy == pytest.approx([0.25, 0.75, 0], rel=1e-15)
    assert log_partition == pytest.approx(math.log(0.4), rel=1e-15)
    assert tilt([0.5, 0.5], [-1, -2], beta=0)[1] == -math.inf


def test_log_z_keeps_its_digits_where_the_reward_hardly_counts():
    # Σ p·r/β + Var(r)/2β² + …: the mean reward alone, to 1e-12 relative, at β = 1e12.
    reference, reward = np.array(REFERENCE[:4]), np.array(REWARD[:4])
    got = 1e12 * tilt(reference, reward, beta=1e12)[1]
    assert got == pytest.approx(reference @ reward, rel=2e-12)
    assert tilt([0.5, 0.5], [1, -1], beta=1e12)[1] == pytest.approx(5e-25, abs=1e-28)


def test_rewards_of_any_size_and_forbidden_answers():
    policy, log_partition = tilt([0.5, 0.5], [1e308, -1e308], beta=1e-300)
    assert (policy.tolist(), log_partition) == ([1, 0], math.inf)
    for beta in (0, 1, math.inf):
        policy, log_partition = tilt([0.25, 0.75], [0, -math.inf], beta=beta)
        assert policy.tolist() == [1, 0]
        assert log_partition == pytest.approx(math.log(0.25), rel=1e-15)


def test_shares_far_below_the_best_answers_keep_their_digits():
    # e^-740 is subnormal, 5e-324 the least double; mpmath, 50 digits: the odds are e^-740 : 5e-324.
    policy, log_partition = tilt([1 - 2**-53, 5e-324], [0, 740], beta=1)
    odds = math.exp(-740 + 1074 * math.log(2))
    assert policy == pytest.approx([odds / (1 + odds), 1 / (1 + odds)], rel=1e-12)
    assert log_partition == pytest.approx(math.log1p(1 / odds), rel=1e-12)
    # Nor does a share of 1e-249 vanish because the best answer is as rare as 1e-93.
    policy, _ = tilt([1.0, 1e-93, 1e-20], [0, 2276, 1535], beta=1)
    assert policy[2] == pytest.approx(1e-20 / 1e-93 * math.exp(1535 / 2 - 2276 / 2) ** 2, rel=1e-12)


def test_many_tilts_are_one_call_along_any_axis():
    rng = np.random.default_rng(2)
    reference, reward = rng.dirichlet(np.ones(3), size=4), rng.standard_normal((5, 4, 3))
    policy, log_partition = tilt(reference, reward, beta=0.3)
    assert (policy.shape, log_partition.shape) == ((5, 4, 3), (5, 4))
    alone = tilt(reference[2], reward[1, 2], beta=0.3)
    assert policy[1, 2] == pytest.approx(alone[0], rel=1e-15)
    assert log_partition[1, 2] == pytest.approx(alone[1], rel=1e-14)
    turned = tilt(reference.T, np.moveaxis(reward, -1, 1), beta=0.3, axis=-2)
    np.testing.assert_array_equal(turned[0], np.moveaxis(policy, -1, 1))


@pytest.mark.parametrize(
    ("reference", "reward", "beta", "message"),
    [
        ([0.5, 0.6], [0, 0], 1, r"reference must sum to 1, got 1\.1"),
        ([0.5, 0.5], [0, math.nan], 1, "reward must not be NaN, got nan"),
        ([0.5, 0.5], [0, math.inf], 1, r"reward must not be \+inf, got inf"),
        ([0.5, 0.5], [0, 0, 0], 1, r"reference and reward do not broadcast: .*\(2,\) and \(3,\)"),
        ([1.0, 0.0], [-math.inf, 0], 1, "reward must be above -inf for an outcome that reference"),
        ([0.5, 0.5], [0, 0], -1, "beta must not be negative or NaN, got -1"),
        ([0.5, 0.5], [0, 0], math.nan, "beta must not be negative or NaN, got nan"),
        ([0.5, 0.5], [0, 0], [1, 2], r"beta must be a single number, got \[1, 2\]"),
    ],
)
def test_what_cannot_be_tilted_is_refused(reference, reward, beta, message):
    with pytest.raises(ValueError, match=message):
        tilt(reference, reward, beta=beta)


# Preferences


def test_a_policy_that_is_its_reference_loses_log_two():
    # Rafailov et al. (2023), equation 7 at π = π_ref: -log σ(0).
    assert dpo_loss(0, 0, beta=0.1) == pytest.approx(0.6931471805599453, rel=1e-15)
    assert dpo_loss(-3, -3, beta=0.1, base=2) == 1


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(1e-3, 10))
def test_both_answers_preferred_cost_the_margin_more(chosen, rejected, beta):
    # log(1 + e⁻ᶻ) - log(1 + eᶻ) = -z
    difference = dpo_loss(chosen, rejected, beta=beta) - dpo_loss(rejected, chosen, beta=beta)
    assert difference == pytest.approx(-beta * (chosen - rejected), rel=1e-12, abs=1e-12)


def test_the_preference_of_the_optimal_policy_is_that_of_its_reward():
    # Equation 5 there: β·log(π*/π_ref) is the reward but for a constant that both answers share.
    reference, reward = np.array(REFERENCE[:4]), np.array(REWARD[:4])
    policy, _ = tilt(reference, reward, beta=0.3)
    ratio = np.log(policy / reference)
    want = binary_cross_entropy(1, reward[2] - reward[1], from_logits=True)
    assert dpo_loss(ratio[2], ratio[1], beta=0.3) == pytest.approx(want, rel=1e-14)


def test_margins_of_any_size_and_pairs_of_any_shape():
    assert dpo_loss([800, -800], [[0], [5]], beta=1).shape == (2, 2)
    assert dpo_loss(-1e308, 1e308, beta=1e-308) == pytest.approx(2 + math.log1p(math.exp(-2)))
    assert dpo_loss(-math.inf, 0, beta=1) == math.inf
    assert dpo_loss(0, -math.inf, beta=1) == 0


@pytest.mark.parametrize(
    ("chosen", "rejected", "beta", "message"),
    [
        (math.nan, 0, 1, "chosen must not be NaN, got nan"),
        (0, [0, math.nan], 1, "rejected must not be NaN, got nan"),
        ([0, -math.inf], -math.inf, 1, "chosen and rejected must not both be infinite, got -inf"),
        ([0, 1], [0, 1, 2], 1, "chosen and rejected do not broadcast"),
        (0, 0, 0, "beta must be positive and finite, got 0"),
        (0, 0, math.inf, "beta must be positive and finite, got inf"),
    ],
)
def test_what_is_no_preference_is_refused(chosen, rejected, beta, message):
    with pytest.raises(ValueError, match=message):
        dpo_loss(chosen, rejected, beta=beta)


# Estimates of a divergence


@pytest.mark.parametrize(
    ("shift", "bias", "spread"),
    [(0.1, (0, 0.002, 0), (20, 1.42, 1.42)), (1, (0, 0.25, 0), (2, 1.73, 1.7))],
)
def test_schulmans_table(shift, bias, spread):
    """Schulman (2020), both tables: bias and standard deviation, relative to the divergence.

    He draws from N(0, 1), with N(0.1, 1) or N(1, 1) as the other; here by Gauss and Hermite.
    """
    x, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    estimates = kl_estimators(Gaussian(shift, 1).log_pdf(x) - Gaussian(0, 1).log_pdf(x))
    truth = gaussian_kl(Gaussian(0, 1), Gaussian(shift, 1), base=math.e)
    means = [weights @ estimate for estimate in estimates]
    deviations = [
        math.sqrt(weights @ (k - mean) ** 2) for k, mean in zip(estimates, means, strict=True)
    ]
    assert [mean / truth - 1 for mean in means] == pytest.approx(bias, abs=1e-3)
    assert [deviation / truth for deviation in deviations] == pytest.approx(spread, abs=2e-2)


@given(st.lists(st.floats(1e-3, 1), min_size=5, max_size=5), st.floats(1e-9, 1))
def test_k1_and_k3_average_to_the_divergence(weights, apart):
    p = np.array(weights) / sum(weights)
    q = p * (1 + apart * np.array([0.9, -0.5, 0.2, -0.7, 0.4]))
    q /= q.sum()
    k1, k2, k3 = kl_estimators(np.log(q) - np.log(p))
    truth = kl_divergence(p, q, base=math.e)
    assert p @ k1 == pytest.approx(truth, abs=1e-14)
    assert p @ k3 == pytest.approx(truth, abs=1e-14)
    assert (k3 >= 0).all()
    assert (k2 >= 0).all()


def test_k3_is_half_the_square_next_to_equality():
    for x in (1e-3, 1e-8, 1e-100, -1e-8):
        k1, k2, k3 = kl_estimators(x)
        assert k1 == -x
        assert k3 == pytest.approx(k2 * (1 + x / 3 + x * x / 12), rel=1e-10, abs=0)
    assert kl_estimators(0) == (0, 0, 0)
    assert [math.copysign(1, k) for k in kl_estimators(0)] == [1, 1, 1]
    assert all(type(k) is float for k in kl_estimators(0))


def test_what_q_rules_out_costs_infinitely_much():
    assert kl_estimators(-math.inf) == (math.inf, math.inf, math.inf)
    assert kl_estimators([[-800.0], [1.0]])[2].shape == (2, 1)
    assert kl_estimators(-800.0)[2] == 799


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_was_drawn_from_p_has_no_infinite_ratio(value):
    with pytest.raises(ValueError, match=rf"log_ratio must not be .*, got {value}"):
        kl_estimators([0, value])


# Contrast


def test_scores_that_tell_nothing_lose_log_n():
    loss, bound = info_nce(np.zeros((8, 8)), base=2)
    assert (loss, bound) == (3, 0)
    assert type(loss) is type(bound) is float


def test_scores_that_tell_everything_reach_the_ceiling():
    loss, bound = info_nce(1000 * np.eye(8))
    assert (loss, bound) == (pytest.approx(0, abs=1e-300), pytest.approx(math.log(8), rel=1e-15))
    assert info_nce([[5.0]]) == (0, 0)


@given(st.integers(2, 6), st.integers(0, 1000), st.floats(-9, 3))
def test_loss_and_bound_add_up_to_log_n(n, seed, exponent):
    scores = 10.0**exponent * np.random.default_rng(seed).standard_normal((n, n))
    loss, bound = info_nce(scores)
    assert loss + bound == pytest.approx(math.log(n), abs=1e-15 * max(1, loss) * n)
    assert bound <= math.log(n)
    assert loss >= 0


def drawn_pairs(joint, n, batches, seed):
    """Return indices x and y of `batches` times n independent pairs from a joint table."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(joint.size, p=joint.ravel(), size=(batches, n))
    return np.unravel_index(cells, joint.shape)


@pytest.mark.parametrize("n", [2, 4, 64])
def test_the_bound_stays_below_the_information_and_log_n(n):
    """With the best scores there are, log p(y|x)/p(y), and with worse ones, over 2000 batches."""
    joint = np.array([[0.3, 0.02, 0.01], [0.02, 0.3, 0.02], [0.01, 0.02, 0.3]])
    ratio = np.log(joint / np.outer(joint.sum(axis=1), joint.sum(axis=0)))
    truth = mutual_information(joint, base=math.e)
    x, y = drawn_pairs(joint, n, 2000, seed=n)
    best = info_nce(ratio[x[:, :, None], y[:, None, :]])[1]
    worse = info_nce(0.3 * ratio[x[:, :, None], y[:, None, :]])[1]
    slack = 4 * best.std() / math.sqrt(best.size)
    assert best.mean() <= min(truth, math.log(n)) + slack
    assert worse.mean() < best.mean()
    if n == 64:  # by then the best scores come near to the information
        assert best.mean() > 0.95 * truth


def test_stacks_of_scores_are_one_call_and_answers_ruled_out_cost_infinitely_much():
    scores = np.random.default_rng(3).standard_normal((2, 3, 4, 4))
    loss, bound = info_nce(scores)
    assert loss.shape == bound.shape == (2, 3)
    assert (loss[1, 2], bound[1, 2]) == pytest.approx(info_nce(scores[1, 2]), rel=1e-14)
    assert info_nce([[-math.inf, 0], [0, 0]]) == (math.inf, -math.inf)
    assert info_nce([[0, -math.inf], [-math.inf, 0]], base=2) == (0, 1)


def test_a_loss_beyond_the_doubles_leaves_no_bound():
    assert info_nce([[-1e308, 1e308], [0, 0]]) == (math.inf, -math.inf)
    assert info_nce([[1e308, -1e308], [0, 0]])[1] == pytest.approx(math.log(2) / 2, rel=1e-15)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([0.0, 1.0], r"scores must be square tables, got shape \(2,\)"),
        ([[0.0, 1.0]], r"scores must be square tables, got shape \(1, 2\)"),
        (np.zeros((0, 0)), "scores is empty"),
        ([[0.0, math.nan], [0.0, 0.0]], "scores must not be NaN, got nan"),
        ([[0.0, math.inf], [0.0, 0.0]], r"scores must not be \+inf, got inf"),
        ([[0.0, 0.0], [-math.inf, -math.inf]], "scores must hold a finite score in every vector"),
    ],
)
def test_what_is_no_table_of_scores_is_refused(scores, message):
    with pytest.raises(ValueError, match=message):
        info_nce(scores)


# The parts of an ELBO


def test_bernoulli_example_by_hand():
    # z even, x follows z in 3 of 4 cases, q(z|x) = z certain: ln 4/3 + ln 2, gap ln 4/3.
    likelihood = np.log([0.75, 0.25])
    distortion, rate, gap = elbo_terms([1, 0], [0.5, 0.5], likelihood)
    assert (distortion, rate) == pytest.approx((math.log(4 / 3), math.log(2)), rel=1e-15)
    assert gap == pytest.approx(math.log(4 / 3), rel=1e-15)


@given(st.integers(0, 10_000), st.floats(-6, 2))
def test_minus_elbo_is_the_surprise_and_the_gap(seed, exponent):
    rng = np.random.default_rng(seed)
    q, prior = rng.dirichlet(np.ones(4), size=2)
    likelihood = -(10.0**exponent) * rng.exponential(size=4)
    surprise = -math.log(prior @ np.exp(likelihood))
    distortion, rate, gap = elbo_terms(q, prior, likelihood)
    assert distortion + rate - gap == pytest.approx(surprise, rel=1e-12, abs=1e-13)
    assert distortion + rate >= surprise - 1e-13
    assert gap >= 0


def test_only_the_true_posterior_has_no_gap():
    prior, likelihood = np.array([0.2, 0.3, 0.5]), np.array([-1.0, -0.1, -3.0])
    posterior, log_evidence = tilt(prior, likelihood, beta=1)
    distortion, rate, gap = elbo_terms(posterior, prior, likelihood)
    assert 0 <= gap < 1e-31  # as the doubles of the posterior are rounded
    assert distortion + rate == pytest.approx(-log_evidence, rel=1e-15)


@pytest.mark.parametrize("e", [1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 0.5])
@pytest.mark.parametrize(
    ("prior", "likelihood"),
    [
        ([0.2, 0.3, 0.5], [-1.0, -0.1, -3.0]),
        ([0.2, 0.3, 0.5], [700.3, 700.1, 0.1]),
        ([1e-200, 0.3, 0.7], [460.1, 0.3, 0.1]),
        ([0.25, 0.75, 0.0], [1e17, 1e17, 3.0]),
        ([0.2, 0.3, 0.5], [-50.0, -50.25, -math.inf]),
        ([0.2, 0.3, 0.5], [-9.0, -9.5, -1e308]),
    ],
)
def test_the_gap_keeps_its_digits_next_to_the_true_posterior(prior, likelihood, e):
    truth, _ = tilt(prior, likelihood, beta=1)
    q = truth * (1 + e * np.array([1, -0.5, 0.3]))
    q /= q.sum()
    with mpmath.workdps(50):
        weights = [mpmath.mpf(p) * mpmath.exp(x) for p, x in zip(prior, likelihood, strict=True)]
        want = mpmath.fsum(
            x * mpmath.log(x * mpmath.fsum(weights) / w) - x + w / mpmath.fsum(weights)
            for x, w in zip(map(mpmath.mpf, q.tolist()), weights, strict=True)
            if x
        )
    assert elbo_terms(q, prior, likelihood)[2] == pytest.approx(float(want), rel=1e-14, abs=0)
    several = elbo_terms([q, [1, 0, 0]], prior, likelihood)[2]
    assert several[0] == pytest.approx(float(want), rel=1e-14, abs=0)


def test_likelihoods_next_to_the_largest_doubles():
    # By hand: p(z|x) is e^-2e308 to 1, so that the gap is ½·2e308 - ln 2; and infinite under all q.
    assert elbo_terms([0.5, 0.5], [0.5, 0.5], [1e308, -1e308]) == (0, 0, 1e308)
    assert elbo_terms([0, 1], [0.5, 0.5], [1e308, -1e308])[2] == math.inf


def test_the_mean_rate_is_the_information_and_what_the_aggregate_misses():
    # Hoffman and Johnson (2016): E_x D(q(z|x)‖p(z)) = I_q(x;z) + D(q(z)‖p(z)).
    rng = np.random.default_rng(4)
    q, prior = rng.dirichlet(np.ones(3), size=5), rng.dirichlet(np.ones(3))
    rate = elbo_terms(q, prior, np.zeros((5, 3)), base=2)[1]
    shared = mutual_information(q / 5)
    missed = kl_divergence(q.mean(axis=0), prior)
    assert rate.mean() == pytest.approx(shared + missed, rel=1e-13)


def test_the_rate_of_a_gaussian_encoder_is_kingmas_formula():
    # Kingma and Welling (2014), appendix B: ½·Σ(μ² + σ² - 1 - ln σ²).
    mu, variance = np.array([0.3, -1.2, 2.0]), np.array([0.5, 1.0, 0.01])
    want = 0.5 * np.sum(mu**2 + variance - 1 - np.log(variance))
    code, prior = MultivariateGaussian(mu, variance), MultivariateGaussian([0] * 3, [1] * 3)
    assert gaussian_kl(code, prior, base=math.e) == pytest.approx(want, rel=1e-14)


def test_what_is_ruled_out_is_infinite_only_where_it_is_believed():
    assert elbo_terms([0.5, 0.5], [1, 0], [0, 0]) == (0, math.inf, math.inf)
    distortion, rate, gap = elbo_terms([0, 1], [0.5, 0.5], [-math.inf, -1])
    assert (distortion, gap) == (1, 0)
    assert rate == pytest.approx(math.log(2), rel=1e-15)
    terms = elbo_terms(np.full((2, 3), 0.5), np.full((2, 1), 0.5), np.zeros(2)[:, None], axis=0)
    assert [term.shape for term in terms] == [(3,)] * 3


def test_a_posterior_below_the_doubles_is_no_infinite_gap():
    # By hand: p(z|x) is e^-1600 to 1, so that ½·ln ½ + ½·(ln ½ + 1600) is left.
    distortion, rate, gap = elbo_terms([0.5, 0.5], [0.5, 0.5], [0, -1600])
    assert (distortion, rate) == (800, 0)
    assert gap == pytest.approx(800 - math.log(2), rel=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0.5, 0.6], [0.5, 0.5], [0, 0]), "posterior must sum to 1"),
        (([0.5, 0.5], [0.5, 0.6], [0, 0]), "prior must sum to 1"),
        (([0.5, 0.5], [0.5, 0.5], [0, math.inf]), r"log_likelihood must not be \+inf, got inf"),
        (([0.5, 0.5], [1, 0], [-math.inf, 0]), "log_likelihood must be above -inf for an outcome"),
        (([0.5, 0.25, 0.25], [0.5, 0.5], [0, 0]), "posterior and prior and log_likelihood do not"),
        (([0.5, 0.5], [0.5, 0.5], [0, 0, 0]), "prior and log_likelihood do not broadcast"),
    ],
)
def test_what_has_no_elbo_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        elbo_terms(*arguments)


def test_entropy_is_what_a_policy_keeps_of_an_even_reference():
    # With an even reference of n answers, E[r] - β·D is E[r] + β·H(π) - β·log n.
    reward, n, beta = np.array(REWARD), 5, 0.4
    policy, log_partition = tilt(np.full(n, 1 / n), reward, beta=beta)
    kept = policy @ reward + beta * entropy(policy, base=math.e) - beta * math.log(n)
    assert kept == pytest.approx(beta * log_partition, rel=1e-14)
