"""Write vectors.json: values of every function in `infocore`, from mpmath at 50 digits or more.

The arguments are doubles as given, written so that Python and JavaScript read them back exactly;
infinities are the strings "inf" and "-inf", Gaussians are [mu, sigma].
Run from the root: python -m tests.vectors.make_vectors
"""

import itertools
import json
import math
from functools import partial
from pathlib import Path

import mpmath as mp
import numpy as np

from tests.vectors import references as ref

TARGET = Path(__file__).with_name("vectors.json")
UNITS = {2: lambda: mp.log(2), math.e: lambda: 1}  # in nats, to the digits of the moment
TINY, SUBNORMAL = 2.2250738585072014e-308, 5e-324
RNG = np.random.default_rng(20240229)


def exact(x):
    return [exact(value) for value in x] if isinstance(x, list | tuple) else mp.mpf(float(x))


def text(value):
    """Return 25 digits, or the infinity that a double turns a larger number into."""
    overflows = abs(value) >= mp.mpf(2) ** 1024 * (1 - mp.mpf(2) ** -54)
    with mp.workdps(60):
        return str(math.copysign(math.inf, value)) if overflows else mp.nstr(+value, 25)


def written(x):
    if isinstance(x, dict):
        return {name: written(value) for name, value in x.items()}
    if isinstance(x, str | list | tuple):
        return x if isinstance(x, str) else [written(value) for value in x]
    return str(float(x)) if math.isinf(x) else float(x) if isinstance(x, float | np.floating) else x


def case(f, reference, *args, scaled=True, digits=400, **options):
    """Return one line of the table; `options` reach the reference unless they set the scale."""
    base = options.get("base", 2 if scaled == "bits" else math.e)
    extra = {name: value for name, value in options.items() if name not in ("base", "from_logits")}
    with mp.workdps(digits):
        value = reference(*map(exact, args), **extra)
        unit = UNITS[base]() if scaled else 1
        want = [text(x / unit) for x in value] if isinstance(value, list) else text(value / unit)
    return {"f": f, "args": written(list(args)), "options": written(options), "want": want}


def in_both_units(f, reference, *args, digits=400, **options):
    for base in UNITS:
        yield case(f, reference, *args, digits=digits, base=base, **options)


def random_pmf(n, spread):
    weights = np.exp(spread * RNG.standard_normal(n))
    return (weights / weights.sum()).tolist()


def nudged(p, relative):
    """Return a distribution that differs from p by about this much, relatively."""
    weights = np.array(p) * (1 + relative * RNG.uniform(-1, 1, len(p)))
    return (weights / weights.sum()).tolist()


def pmf_pairs():
    for n, spread in itertools.product((2, 3, 5), (0.3, 1, 4, 20)):
        yield random_pmf(n, spread), random_pmf(n, spread)
    for n, exponent in itertools.product((2, 3, 5), range(-15, 0)):
        p = random_pmf(n, 1)
        yield p, nudged(p, 10.0**exponent)
    for ratio in np.linspace(0.3, 3.3, 31).tolist():
        p = 0.25
        yield [p, 1 - p], [p / ratio, 1 - p / ratio]
        yield [0.01 * ratio, 1 - 0.01 * ratio], [0.01, 0.99]
    for q in (1e-310, TINY, SUBNORMAL, 1e-300, 1e-17):
        yield [0.5, 0.5], [1 - q, q]
        yield [1 - q, q], [0.5, 0.5]
        yield [q, 1 - q], [3 * q, 1 - 3 * q]
    yield from EDGES


EDGES = [
    ([1.0, 0.0], [0.0, 1.0]),
    ([1.0, 0.0], [0.5, 0.5]),
    ([0.5, 0.5], [1.0, 0.0]),
    ([0.5, 0.5, 0.0], [0.5, 0.5, 0.0]),
    ([0.0, 0.3, 0.7], [0.0, 0.7, 0.3]),
    ([0.1, 0.9, 0.0, 0.0], [0.0, 0.0, 0.6, 0.4]),
    ([0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25]),
    ([0.25, 0.25, 0.25, 0.25], [0.4, 0.3, 0.2, 0.1]),
    ([1.0], [1.0]),
]
POINTS = [
    *(0.0, 1.0, 0.5, 0.25, 0.1, 0.9, 1 / 3, SUBNORMAL, 1e-310, TINY, 1e-300, 1e-17, 1e-9, 1e-3),
    *(1 - 2**-53, 1 - 1e-12, 1 - 1e-6, 0.499999999, 0.75, 0.999, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8),
]
LOGITS = [-1e4, -1000.0, -745.0, -40.0, -3.0, -1e-9, 0.0, 1e-9, 0.5, 3.0, 36.0, 40.0, 745.0, 1000.0]


def discrete_cases():
    for p in POINTS:
        yield from in_both_units("information_content", ref.information_content, p)
        yield from in_both_units("binary_entropy", ref.binary_entropy, p)
    for p, q in pmf_pairs():
        yield from in_both_units("kl_divergence", ref.kl_divergence, p, q)
        yield case("jensen_shannon_divergence", ref.jensen_shannon_divergence, p, q, base=2)
        yield case("cross_entropy", ref.cross_entropy, p, q, base=2)
        yield case("entropy", ref.entropy, p, base=2)
        yield case("entropy", ref.entropy, q, base=math.e)


def loss_cases():
    for y, q in itertools.product((0.0, 1.0, 0.3, 1e-9), POINTS):
        yield case("binary_cross_entropy", ref.binary_cross_entropy, y, q, base=math.e)
    for y, z in itertools.product((0.0, 1.0, 0.3, 1e-9), LOGITS):
        reference = ref.binary_cross_entropy_from_logits
        yield case("binary_cross_entropy", reference, y, z, from_logits=True)
    for scores in score_vectors():
        y = random_pmf(len(scores), 2)
        one_hot = [float(k == int(np.argmax(scores))) for k in range(len(scores))]
        for label in (y, one_hot):
            reference = ref.categorical_cross_entropy_from_logits
            yield case("categorical_cross_entropy", reference, label, scores, from_logits=True,
                       digits=1000)  # fmt: skip
        q = random_pmf(len(scores), 5)
        yield case("categorical_cross_entropy", ref.cross_entropy, y, q, base=2)
        for temperature in (1.0, 0.1, 7.5):
            yield case("softmax", ref.softmax, scores, temperature=temperature, scaled=False)


def score_vectors():
    for n, spread in itertools.product((2, 3, 6), (1e-9, 1, 10, 300)):
        yield (spread * RNG.standard_normal(n)).tolist()
    yield from ([0.0, -50.0], [1000.0, 999.0, -1000.0], [3.0, 3.0, 3.0], [0.0, -700.0])


def code_cases():
    dyadic = [2.0**-k for k in (1, 2, 52, 1022, 1074)]
    for p in dyadic:
        for x in (p, float(np.nextafter(p, 0)), float(np.nextafter(p, 1))):
            yield case("ideal_code_lengths", ref.information_content, x, scaled="bits")
            yield case("shannon_code_lengths", ref.shannon_code_lengths, [x], scaled=False)
    for n in (2, 3, 7):
        p = random_pmf(n, 2)
        lengths = RNG.integers(0, 60, n).astype(float).tolist()
        yield case("expected_length", ref.expected_length, p, lengths, scaled=False)
        yield case("kraft_sum", ref.kraft_sum, lengths, scaled=False)
        yield case("kraft_sum", ref.kraft_sum, (3 * RNG.random(n)).tolist(), scaled=False)
    yield case("kraft_sum", ref.kraft_sum, [1.0, math.inf, 1074.0, 2000.0], scaled=False)
    yield case("expected_length", ref.expected_length, [1.0, 0.0], [3.0, math.inf], scaled=False)


def gaussian_pairs():
    for relative in (10.0**k for k in range(-15, 0)):
        yield (0.0, 1.0), (0.0, 1 + relative)
        yield (0.3, 0.7 * (1 + relative)), (0.3 + relative, 0.7)
        yield (2.0, 1.5), (2 + relative, 1.5)
    for t in (-0.999, -0.6, -0.51, -0.5, -0.49, 0.49, 0.5, 0.51, 0.6, 1.0, 3.0, 9.0):
        yield (0.0, 1 + t), (0.0, 1.0)
    for _ in range(30):
        mu, sigma = RNG.uniform(-10, 10, 2), 10 ** RNG.uniform(-2, 2, 2)
        yield (float(mu[0]), float(sigma[0])), (float(mu[1]), float(sigma[1]))
    yield from [((0.0, 1.0), (0.0, 0.1)), ((-0.5, 0.9), (1.0, 1.6)), ((-10.0, 0.01), (10.0, 0.01))]


def extreme_gaussian_pairs():
    scales = (1e-150, 1e-75, 1.0, 1e75, 1e150)
    for a, b in itertools.product(scales, scales):
        yield (0.0, a), (0.0, b)
        yield (a, b), (0.0, b * (1 + 1e-12))
    yield from [((1e308, 1e150), (-1e308, 1e150)), ((1e200, 1.0), (0.0, 1e150))]


def gaussian_cases():
    for p, q in [*gaussian_pairs(), *extreme_gaussian_pairs()]:
        for f, reference in (("gaussian_kl", ref.gaussian_kl),
                             ("gaussian_cross_entropy", ref.gaussian_cross_entropy)):  # fmt: skip
            yield from in_both_units(f, reference, p, q, digits=700)
    for p, q in gaussian_pairs():
        yield case("kl_quadrature", ref.gaussian_kl, p, q, digits=80, base=math.e)
        for s in (-8.0, -1.3, 0.0, 0.4, 3.0, 30.0):
            x = p[0] + s * p[1]
            yield case("kl_integrand", ref.kl_integrand, x, p, q, digits=80, base=2)


def density_cases():
    for sigma in (1e-150, 1e-3, 1.0, 40.0, 1e150):
        yield from in_both_units("Gaussian.entropy", ref.gaussian_entropy, (1.0, sigma))
        for s in (-1e100, -39.0, -38.0, -3.0, 0.0, 1e-9, 0.7, 5.0, 27.0):
            g, x = (0.5 * sigma, sigma), s * sigma
            yield case("Gaussian.log_pdf", ref.log_pdf, g, x, scaled=False)
            yield case("Gaussian.pdf", ref.pdf, g, x, scaled=False)


def jensen_shannon_cases():
    pairs = [((0.0, 1.0), (0.0, 1.0)), ((0.0, 1.0), (100.0, 1.0)), ((-0.5, 0.9), (1.0, 1.6))]
    pairs += [((0.0, 1.0), (z, s)) for z, s in itertools.product((0.0, 0.9, 2.5, 8.0), (0.5, 1.3))]
    pairs += [((0.2, 1.0), (0.2, r)) for r in (1.99, 2.01, 10.0, 100.0, 1e3, 1e5)]
    pairs += [((0.0, 1.0), (z, 1.0)) for z in (0.99, 1.01, 4.0, 6.0, 12.0)]
    pairs += [((1.0, 1e3), (400.0, 1.0)), ((-4.0, 0.1), (4.0, 4.0)), ((-4.0, 0.1), (4.0, 0.1))]
    for relative in (1e-14, 1e-12, 1e-9, 1e-6, 1e-3, 0.03):
        pairs += [((0.0, 1.0), (relative, 1 + relative)), ((0.3, 1 + relative), (0.3, 1.0))]
    for p, q in pairs:
        yield case(
            "gaussian_jensen_shannon", ref.gaussian_jensen_shannon, p, q, digits=60, base=math.e
        )


def joint_tables():
    rng = np.random.default_rng(20260101)  # its own, so that the cases above stay as they are
    for (n, m), spread in itertools.product(((2, 2), (2, 3), (5, 5), (9, 9)), (0.3, 1, 4, 20)):
        weights = np.exp(spread * rng.standard_normal((n, m)))
        yield (weights / weights.sum()).tolist()
    yield from ([[0.0, 0.25], [0.75, 0.0]], [[0.5, 0.5], [0.0, 0.0]], [[1.0]], [[0.3], [0.7]])
    yield from ([[1 - q, q / 2], [0.0, q / 2]] for q in (1e-3, 1e-9, 1e-15, 1e-300, 1e-310))
    yield [[0.5, 0.0, 0.0], [0.0, 0.3, 0.2]]
    for (n, m), dependence in itertools.product(((2, 2), (3, 4)), (0, 1e-8, 1e-6, 1e-4, 1e-2)):
        joint = np.outer(*(rng.dirichlet(np.ones(size)) for size in (n, m)))
        joint *= 1 + dependence * rng.uniform(-1, 1, (n, m))
        yield (joint / joint.sum()).tolist()


def dependence_cases():
    for joint in joint_tables():
        yield from in_both_units("mutual_information", ref.mutual_information, joint)
        for given in ("x", "y"):
            reference = ref.conditional_entropy
            yield from in_both_units("conditional_entropy", reference, joint, given=given)
    rng = np.random.default_rng(20260102)
    for n, bins in itertools.product((3, 40), (1, 2, 20)):
        x, y = rng.standard_normal(n).tolist(), rng.integers(-1, 2, n).astype(float).tolist()
        for more in ({}, {"correction": "miller-madow"}):
            reference = ref.binned_mutual_information
            yield case("binned_mutual_information", reference, x, y, base=math.e, bins=bins, **more)


def perplexity_cases():
    rng = np.random.default_rng(20260103)
    lists = [(-rng.exponential(size, n)).tolist() for size in (1e-9, 1, 9, 90) for n in (1, 9, 99)]
    lists += [[0.0, -math.inf], [0.0, 0.0], [-1e-300] * 3, [-700.0, -719.0], [-1e308] * 9]
    for base in UNITS:
        for nats in lists:
            reference, bits = partial(ref.perplexity, base=base), partial(ref.bits, base=base)
            yield case("perplexity", reference, nats, scaled=False, base=base)
            yield case("bits_per_unit", bits, nats, 2 * len(nats) + 1, scaled=False, base=base)
        for loss in (0.0, 1e-17, 0.1, 3.0, 10.8, 700.0, 709.7, 1100.0, math.inf):
            reference = partial(ref.perplexity_from_loss, base=base)
            yield case("perplexity_from_loss", reference, loss, scaled=False, base=base)


ORDERS = (0.0, 1e-9, 0.3, 0.5, 1 - 1e-9, 1 - 2**-53, 1.0, 1 + 2**-52, 2.0, 1e4, 1e40, math.inf)


def order_cases():
    rng = np.random.default_rng(20260104)
    pairs = [(rng.dirichlet(np.ones(n)).tolist(), rng.dirichlet(np.ones(n) / 3).tolist())
             for n in (2, 3, 6)]  # fmt: skip
    for relative in (1e-14, 1e-9, 1e-5, 1e-2):
        p = rng.dirichlet(np.ones(4))
        q = p * (1 + relative * rng.uniform(-1, 1, 4))
        pairs.append((p.tolist(), (q / q.sum()).tolist()))
    pairs += [
        ([0.5, 0.5], [1 - 2**-53, 1e-310]),
        ([1.0, 0.0], [0.25, 0.75]),
        ([0.0, 1.0], [1.0, 0.0]),
    ]
    pairs += [([0.5, 0.25, 0.25], [0.75, 0.25, 0.0]), ([0.5, 0.25, 0.25], [0.5, 0.25, 0.25])]
    for p, q in pairs:
        yield case("total_variation", ref.total_variation, p, q, scaled=False)
        for order in ORDERS:
            yield case("renyi_entropy", ref.renyi_entropy, q, base=2, order=order)
            yield case("tsallis_entropy", ref.tsallis_entropy, q, scaled=False, order=order)
            yield case("renyi_divergence", ref.renyi_divergence, p, q, base=math.e, order=order)
            yield case("renyi_divergence", ref.renyi_divergence, q, p, base=2, order=order)


def objective_cases():
    rng = np.random.default_rng(20260105)
    for n, spread, beta in itertools.product((2, 5), (1e-6, 1.0, 1e4), (1e-12, 0.02, 1.0, 1e12)):
        p, r = rng.dirichlet(np.ones(n)).tolist(), (spread * rng.standard_normal(n)).tolist()
        yield case("tilt", ref.tilt, p, r, scaled=False, beta=beta)
    yield case("tilt", ref.tilt, [0.5, 0.0, 0.5], [0.0, 1e4, -1e4], scaled=False, beta=1.0)
    yield case("tilt", ref.tilt, [1e-300, 1 - 2**-53], [1e4, -1e4], scaled=False, beta=10.0)
    for chosen, rejected, beta in itertools.product(LOGITS[1:], (-700.0, 1e-9, 30.0), (0.1, 1.0)):
        yield case("dpo_loss", ref.dpo_loss, chosen, rejected, beta=beta, digits=1000)
    for x in (
        0.0,
        *(s * 10.0**k for k in range(-150, 3, 9) for s in (-1, 1)),
        -1.0,
        1.0,
        0.99,
        -1.01,
    ):
        yield case("kl_estimators", ref.kl_estimators, x, scaled=False)
    for n, spread in itertools.product((1, 2, 5), (0.0, 1e-12, 1e-6, 1.0, 100.0)):
        scores = (spread * rng.standard_normal((n, n))).tolist()
        yield from in_both_units("info_nce", ref.info_nce, scores)
    for n, spread in itertools.product((2, 4), (1e-6, 1.0, 300.0)):
        q, p = rng.dirichlet(np.ones(n)).tolist(), rng.dirichlet(np.ones(n)).tolist()
        likelihood = (-spread * rng.exponential(size=n)).tolist()
        yield case("elbo_terms", ref.elbo_terms, q, p, likelihood, base=2)


def mixed_cases():
    """Weighted and many-way Jensen-Shannon divergences, and smoothed labels."""
    rng, js = np.random.default_rng(20260109), ref.jensen_shannon_divergence
    for apart, count, rare in itertools.product((1e-12, 1e-5, 0.1, 1.0), (2, 3, 5), (1, 1e-9)):
        p, weights = rng.dirichlet(np.ones(4)), rng.dirichlet(np.ones(count))
        ps = p * (1 + apart * rng.uniform(-1, 1, (count, 4)))
        ps = (ps / ps.sum(axis=1, keepdims=True)).tolist()
        weights[0] *= rare
        weights = (weights / weights.sum()).tolist()
        yield case("jensen_shannon_divergence", js, *ps, base=math.e, weights=weights)
        yield case("jensen_shannon_divergence", js, *ps, base=2)
    for w in (0.5, 0.3, 1e-6, 1e-9, 1e-12, 1.551761464964251e-17, 1e-300):
        for shared in (0.0, 0.00011898901181957328, 0.5):
            ps = [1.0, 0.0], [shared, 1 - shared]
            yield case("jensen_shannon_divergence", js, *ps, base=2, weights=[1 - w, w])
    for n, share in itertools.product((2, 5), (1e-9, 0.1, 0.5, 1.0)):
        scores, q = (3 * rng.standard_normal(n)).tolist(), rng.dirichlet(np.ones(n)).tolist()
        for y in (rng.dirichlet(np.ones(n)).tolist(), [1.0] + [0.0] * (n - 1)):
            reference = ref.categorical_cross_entropy_from_logits
            yield case("categorical_cross_entropy", reference, y, scores, from_logits=True,
                       label_smoothing=share)  # fmt: skip
            yield case("categorical_cross_entropy", ref.smoothed_cross_entropy, y, q, base=2,
                       label_smoothing=share)  # fmt: skip


def limit_cases():
    """Objectives with what is ruled out, and ELBOs next to the true posterior."""
    rng, never = np.random.default_rng(20260110), -math.inf
    for n, e in itertools.product((2, 4), (1e-12, 1e-9, 1e-6, 1e-3)):
        prior, likelihood = rng.dirichlet(np.ones(n)), -rng.exponential(size=n)
        q = prior * np.exp(likelihood) * (1 + e * rng.uniform(-1, 1, n))
        terms = (q / q.sum()).tolist(), prior.tolist(), likelihood.tolist()
        yield from in_both_units("elbo_terms", ref.elbo_terms, *terms)
    for q in ([0.25, 0.75, 0.0], [0.2, 0.3, 0.5], [1.0, 0.0, 0.0]):
        yield case("elbo_terms", ref.elbo_terms, q, [0.2, 0.3, 0.5], [-1.0, -0.1, never], base=2)
        yield case("elbo_terms", ref.elbo_terms, q, [0.4, 0.0, 0.6], [-1.0, -0.1, never], base=2)
    for beta in (1e-9, 0.3, 1e9):
        for reward in ([1.0, 0.5, never], [never, never, -2.0], [never, 0.0, 700.0]):
            yield case("tilt", ref.tilt, [0.2, 0.3, 0.5], reward, scaled=False, beta=beta)
    for scores in ([[0.3, never], [0.1, 0.2]], [[never, 0.3], [0.1, 0.2]], [[1.0, never, 0.5]] * 3):
        yield from in_both_units("info_nce", ref.info_nce, scores)


def multivariate_cases():
    rng = np.random.default_rng(20260106)
    for d, relative in itertools.product((1, 2, 4), (0.0, 1e-14, 1e-9, 1e-4, 0.1, 1.0, 9.0)):
        root, other = rng.standard_normal((2, d, d))
        cov, more = root @ root.T + np.eye(d), other @ other.T
        p = ((relative * rng.standard_normal(d)).tolist(), (cov + relative * more).tolist())
        yield case(
            "multivariate_kl", ref.multivariate_kl, p, ([0.0] * d, cov.tolist()), base=math.e
        )
        diagonal = ([0.0] * d, np.diagonal(cov).tolist())
        yield case("multivariate_kl", ref.multivariate_kl, p, diagonal, base=2)
        variances = ([1e-9] * d, (np.diagonal(cov) * (1 + relative)).tolist())
        yield case("multivariate_kl", ref.multivariate_kl, variances, diagonal, base=math.e)
    for a, b in itertools.product((1e-300, 1.0, 1e300), (1e-300, 1.0, 1e300)):
        p, q = ([0.0, 1.0], [a, 1.0]), ([0.0, 0.0], [b, 2.0])
        yield case("multivariate_kl", ref.multivariate_kl, p, q, base=math.e, digits=1400)


def multiway_cases():
    rng = np.random.default_rng(20260107)
    for shape, spread in itertools.product(((2, 2, 2), (2, 3, 4)), (0.3, 1, 4, 20)):
        weights = np.exp(spread * rng.standard_normal(shape))
        joint = (weights / weights.sum()).tolist()
        for f in ("conditional_mutual_information", "total_correlation"):
            yield from in_both_units(f, getattr(ref, f), joint)
    parity = [[[0.25, 0.0], [0.0, 0.25]], [[0.0, 0.25], [0.25, 0.0]]]
    empty = [[[0.125, 0.0], [0.25, 0.0]], [[0.5, 0.0], [0.125, 0.0]]]
    for joint in (parity, empty):
        for f in ("conditional_mutual_information", "total_correlation"):
            yield case(f, getattr(ref, f), joint, base=2)
    for joint in joint_tables():
        certain = 1 in (len(joint), len(joint[0])) or not all(map(any, joint))
        for average in () if certain else ("arithmetic", "geometric", "min", "max"):
            reference = ref.normalized_mutual_information
            yield case(
                "normalized_mutual_information", reference, joint, scaled=False, average=average
            )


def estimator_cases():
    lists = [
        [4, 2, 1, 1],
        [1] * 5,
        [5],
        [7, 0],
        [1, 0],
        [1, 1, 0, 0],
        [10**6, 1, 0],
        [3, 0, 3, 0, 3],
    ]
    lists += [[4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], [1, 0, 0, 0, 0, 0, 0, 0, 0, 1], [400, 300, 5, 0]]
    for counts in lists:
        for method in ("plug-in", "miller-madow", "chao-shen", "nsb"):
            if method == "nsb" and len(counts) == 1:
                continue
            reference = ref.estimate_entropy
            yield case("estimate_entropy", reference, counts, digits=60, base=math.e, method=method)
    rng = np.random.default_rng(20260108)
    for n, k in ((5, 1), (5, 4), (60, 3), (60, 7)):
        x, noise = rng.standard_normal((2, n))
        y = (x + noise).tolist()
        reference = ref.ksg_mutual_information
        yield case("ksg_mutual_information", reference, x.tolist(), y, digits=40, base=2, k=k)


def main():
    groups = (discrete_cases, loss_cases, code_cases, gaussian_cases, density_cases,
              jensen_shannon_cases, dependence_cases, perplexity_cases, order_cases,
              objective_cases, multivariate_cases, multiway_cases, estimator_cases,
              mixed_cases, limit_cases)  # fmt: skip
    lines = [json.dumps(line, separators=(",", ":")) for group in groups for line in group()]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
