"""Entropies and divergences: figures from the specification's check column unless said."""

import math
import tracemalloc

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from infocore import (
    binary_cross_entropy,
    binary_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    information_content,
    jensen_shannon_divergence,
    kl_divergence,
    perplexity,
)

LOADED_DIE = [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
MEASURES_OF_TWO = [cross_entropy, kl_divergence, jensen_shannon_divergence]


@st.composite
def stacks(draw, shape=None, zeros=True):
    """Return distributions along the last axis, with zeros and widely different entries.

    None is so small that the laws' products of probabilities would be subnormal.
    """
    shape = shape or (draw(st.integers(2, 6)),)
    weights = draw(hnp.arrays(float, shape, elements=st.floats(0 if zeros else 1e-3, 1)))
    weights = weights ** draw(st.sampled_from([1, 3, 9]))
    weights[weights < 1e-200] = 0
    weights[..., 0] += 0.01
    return weights / weights.sum(axis=-1, keepdims=True)


@st.composite
def pairs(draw, count=2):
    n = draw(st.integers(2, 6))
    return [draw(stacks((n,))) for _ in range(count)]


def close(got, want, slack=1e-12):
    return got == want or abs(got - want) <= slack * max(1, abs(want))


@pytest.mark.parametrize(
    ("p", "bits"), [(0.5, 1), (1 / 6, 2.5850), (0.9, 0.1520), (1, 0), (0, math.inf)]
)
def test_information_content_of_familiar_outcomes(p, bits):
    assert information_content(p) == pytest.approx(bits, abs=5e-5)


@pytest.mark.parametrize(
    ("p", "bits"),
    [
        ([0.5, 0.5], 1),
        ([0.9, 0.1], 0.4690),
        ([1, 0], 0),
        ([1 / 6] * 6, 2.5850),
        (LOADED_DIE, 2.1610),
        ([0.7, 0.2, 0.1], 1.1568),
    ],
)
def test_entropy_of_familiar_distributions(p, bits):
    assert entropy(p) == pytest.approx(bits, abs=5e-5)


def test_binary_entropy_rises_to_one_bit():
    bits = [0, 0.4690, 0.7219, 0.8813, 0.9710, 1]
    assert binary_entropy(np.arange(6) / 10) == pytest.approx(bits, abs=5e-5)


def test_cross_entropy_of_a_close_and_a_distant_model():
    p = [0.7, 0.2, 0.1]
    models = [[0.6, 0.3, 0.1], [0.1, 0.1, 0.8]]
    assert cross_entropy(p, models) == pytest.approx([1.1955, 3.0219], abs=5e-5)


def test_kl_differs_between_the_directions():
    p, uniform = [0.4, 0.3, 0.2, 0.1], [0.25] * 4
    assert kl_divergence(p, uniform, base=math.e) == pytest.approx(0.1064, abs=5e-5)
    assert kl_divergence(uniform, p, base=math.e) == pytest.approx(0.1218, abs=5e-5)


def test_certainty_has_an_entropy_of_positive_zero():
    values = [information_content(1), entropy([1, 0]), binary_entropy(0), binary_entropy(1),
              cross_entropy([1, 0], [1, 0]), kl_divergence([1, 0], [1, 0])]  # fmt: skip
    assert [math.copysign(1, value) for value in values] == [1] * 6
    assert values == [0] * 6


@pytest.mark.parametrize("k", [1, 2, 10, 1022, 1074])
def test_a_power_of_two_has_a_whole_number_of_bits(k):
    assert information_content(2.0**-k) == k


def test_kl_is_exactly_zero_where_p_equals_q():
    assert kl_divergence(LOADED_DIE, LOADED_DIE) == 0
    assert jensen_shannon_divergence(LOADED_DIE, LOADED_DIE) == 0


@pytest.mark.parametrize("measure", [cross_entropy, kl_divergence])
def test_kl_is_infinite_where_q_is_zero_and_p_is_not(measure):
    assert measure([0.5, 0.5], [1, 0]) == math.inf
    assert measure([1, 0], [0.5, 0.5]) == 1


@pytest.mark.parametrize(
    ("p", "q"),
    [([1, 0], [0, 1]), ([1 - 9e-10, 0], [0, 1])],
)
def test_disjoint_distributions_are_one_bit_apart_and_infinitely_divergent(p, q):
    assert jensen_shannon_divergence(p, q) == 1
    assert kl_divergence(p, q) == math.inf


def test_a_subnormal_q_gives_a_finite_divergence():
    # mpmath, 50 digits: log2 of the double 1e-310 is -1029.7977094150823.
    want = 0.5 * (-1 + 1029.7977094150823) + 0.5 * -1
    assert kl_divergence([0.5, 0.5], [1, 1e-310]) == pytest.approx(want, rel=1e-14)
    assert cross_entropy([0.5, 0.5], [1, 1e-310]) == pytest.approx(want + 1, rel=1e-14)


@pytest.mark.parametrize("n", [63, 64, 1000])
def test_long_vectors_keep_zeros_infinities_and_near_equality(n):
    p, q = np.zeros(n), np.zeros(n)
    p[:2], q[1:3] = 0.5, 0.5
    assert kl_divergence(p, q) == math.inf
    assert kl_divergence(p, (p + q) / 2) == pytest.approx(0.5, rel=1e-15)
    even, uneven = np.full(n, 1 / n), np.full(n, 1 / n)
    uneven[:2] *= [1 + 2e-9, 1 - 2e-9]
    by_its_series = (2e-9) ** 2 / n / math.log(2)
    assert kl_divergence(uneven, even) == pytest.approx(by_its_series, rel=1e-6, abs=0)


@pytest.mark.parametrize("relative", [1e-9, 1e-4, 1e-2, 0.5])
def test_long_vectors_are_as_accurate_as_short_ones(relative):
    rng = np.random.default_rng(4)
    p = rng.dirichlet(np.ones(200))
    q = p * (1 + relative * rng.uniform(-1, 1, 200))
    q /= q.sum()
    with mp.workdps(50):
        exact = ((mp.mpf(x), mp.mpf(y)) for x, y in zip(p.tolist(), q.tolist(), strict=True))
        want = float(mp.fsum(x * mp.log(x / y) - x + y for x, y in exact))
    assert kl_divergence(p, q, base=math.e) == pytest.approx(want, rel=1e-14, abs=0)


@pytest.mark.parametrize("far", [1e-9, 0.5, 3, 1e6])
@pytest.mark.parametrize("n", [63, 64, 65, 200, 1000])
def test_outcomes_that_differ_among_many_that_do_not_are_found_wherever_they_stand(n, far):
    rng = np.random.default_rng(n)
    p = rng.dirichlet(np.ones(n))
    for places in ([n - 2], [1], range(1, n, 2), range(0, n, 2)):
        q = p * (1 + 1e-3 * rng.uniform(-1, 1, n))
        q[list(places)] *= far
        q /= q.sum()
        with mp.workdps(50):
            exact = ((mp.mpf(x), mp.mpf(y)) for x, y in zip(p.tolist(), q.tolist(), strict=True))
            want = float(mp.fsum(x * mp.log(x / y) - x + y for x, y in exact))
        assert kl_divergence(p, q, base=math.e) == pytest.approx(want, rel=2e-14, abs=0)
        assert kl_divergence([p, q], q, base=math.e)[0] == pytest.approx(want, rel=2e-14, abs=0)


def test_jensen_shannon_keeps_its_bound_where_rounded_sums_exceed_one():
    p, q = [1 + 9e-10, 0], [1e-20, 1 + 9e-10]
    assert jensen_shannon_divergence(p, q) == 1


def test_long_rows_are_each_computed_as_if_alone():
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(200), size=(2, 5))
    q[1], q[2, 3], p[3, 4] = p[1], 0, 0
    q[2] /= q[2].sum()
    p[3] /= p[3].sum()
    assert kl_divergence(p, q).tolist() == [kl_divergence(*pair) for pair in zip(p, q, strict=True)]


@pytest.mark.parametrize("measure", MEASURES_OF_TWO)
def test_stacks_broadcast_along_any_axis(measure):
    rng = np.random.default_rng(2)
    p, q = rng.dirichlet(np.ones(3)), rng.dirichlet(np.ones(3), size=(4, 5))
    rows = measure(p, q)
    assert rows.shape == (4, 5)
    assert rows[2, 3] == measure(p, q[2, 3])
    np.testing.assert_array_equal(measure(p, np.moveaxis(q, -1, 0), axis=0), rows)


@pytest.mark.parametrize("measure", [entropy, information_content, binary_entropy])
def test_one_number_comes_back_as_a_python_float(measure):
    assert type(measure([0.5, 0.5] if measure is entropy else np.float32(0.5))) is float


@pytest.mark.parametrize("measure", MEASURES_OF_TWO)
def test_two_vectors_give_a_python_float(measure):
    assert type(measure([0.5, 0.5], [1, 0])) is float


def test_an_empty_stack_has_no_entropies():
    assert entropy(np.empty((0, 3))).shape == (0,)
    assert kl_divergence(np.empty((0, 3)), [0.5, 0.5, 0]).shape == (0,)


def test_normalize_divides_by_the_sum_even_where_that_overflows():
    assert entropy([3, 1], normalize=True) == entropy([0.75, 0.25])
    assert entropy([1e308, 1e308, 1e308, 1e308], normalize=True) == 2
    assert entropy([5e-324, 5e-324], normalize=True) == 1
    assert kl_divergence([2, 2], [3, 9], normalize=True) == kl_divergence([0.5, 0.5], [0.25, 0.75])


def test_arguments_are_left_as_they_were():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.2, 0, 0.8])
    for measure in MEASURES_OF_TWO:
        measure(p, q)
    assert p.tolist() == [0.5, 0.5, 0]
    assert q.tolist() == [0.2, 0, 0.8]


@given(stacks(), st.floats(0.1, 20).filter(lambda base: abs(base - 1) > 1e-3))
def test_units_differ_by_a_factor(p, base):
    assert close(entropy(p, base=base) * math.log2(base), entropy(p), 1e-9)


@given(stacks())
def test_entropy_lies_between_zero_and_log_n(p):
    assert 0 <= entropy(p) <= math.log2(len(p)) * (1 + 4e-16 * len(p))


@given(pairs())
def test_cross_entropy_is_least_for_the_true_distribution(pair):
    p, q = pair
    assert cross_entropy(p, q) >= entropy(p) - 1e-14
    assert close(cross_entropy(p, q), entropy(p) + kl_divergence(p, q))


@given(pairs())
def test_kl_is_never_negative_and_zero_only_for_equals(pair):
    p, q = pair
    divergence = kl_divergence(p, q)
    assert divergence >= 0
    assert divergence > 0 or np.allclose(p, q, rtol=1e-7, atol=1e-150)


@given(stacks((3, 4)), stacks((3, 4)))
def test_kl_obeys_the_chain_rule(rows_p, rows_q):
    weights = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    whole = kl_divergence((weights[0][:, None] * rows_p).ravel(),
                          (weights[1][:, None] * rows_q).ravel())  # fmt: skip
    within = weights[0] @ kl_divergence(rows_p, rows_q)
    assert close(whole, kl_divergence(*weights) + within)


@given(stacks((4,)), stacks((4,)), stacks((4, 3)))
def test_processing_both_alike_never_raises_a_divergence(p, q, channel):
    assert kl_divergence(p @ channel, q @ channel) <= kl_divergence(p, q) + 1e-12
    processed = jensen_shannon_divergence(p @ channel, q @ channel)
    assert processed <= jensen_shannon_divergence(p, q) + 1e-12


@given(pairs())
def test_jensen_shannon_is_symmetric_and_at_most_one_bit(pair):
    p, q = pair
    divergence = jensen_shannon_divergence(p, q)
    assert divergence == jensen_shannon_divergence(q, p)
    assert 0 <= divergence <= 1


@given(pairs())
def test_jensen_shannon_is_the_mean_divergence_from_the_middle(pair):
    p, q = pair
    middle = (p + q) / 2
    mean = (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2
    assert close(jensen_shannon_divergence(p, q), mean)


@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_outcomes_does_not_matter(pair, random):
    p, q = pair
    order = list(range(len(p)))
    random.shuffle(order)
    assert close(entropy(p[order]), entropy(p))
    assert close(kl_divergence(p[order], q[order]), kl_divergence(p, q))


@given(pairs())
def test_merging_two_outcomes_takes_their_own_entropy_away(pair):
    p, q = pair
    merged_p, merged_q = (np.append(x[:-2], x[-2:].sum()) for x in (p, q))
    both = p[-2:].sum()
    inner = both * entropy(p[-2:] / both) if both > 1e-150 else 0
    assert close(entropy(p), entropy(merged_p) + inner)
    assert kl_divergence(merged_p, merged_q) <= kl_divergence(p, q) + 1e-12


@given(st.floats(0, 1))
def test_binary_entropy_is_that_of_two_outcomes(p):
    assert close(binary_entropy(p), entropy([p, 1 - p]))


@mp.workdps(50)
def mixed_exactly(ps, weights):
    """Return Σ w·D(p‖m) in nats, with m = Σ w·p and weights that add up to 1, by mpmath."""
    ws = [mp.mpf(float(w)) / mp.fsum(map(float, weights)) for w in weights]
    columns = list(zip(*(map(mp.mpf, map(float, p)) for p in ps), strict=True))
    middles = [mp.fsum(w * x for w, x in zip(ws, column, strict=True)) for column in columns]
    terms = (
        w * (x * mp.log(x / m) if x else 0)
        for column, m in zip(columns, middles, strict=True)
        for w, x in zip(ws, column, strict=True)
    )
    return float(mp.fsum(terms))


@pytest.mark.parametrize("n", [2, 5, 63, 300])
@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.9, 0.1), (1 / 3,) * 3, (0.2, 0.5, 1e-9, 0.3)])
@pytest.mark.parametrize("apart", [1e-7, 1e-2, 1.0])
def test_weighted_jensen_shannon_is_mpmaths(n, weights, apart):
    rng = np.random.default_rng([n, len(weights)])
    ps = rng.dirichlet(np.ones(n)) * (1 + apart * rng.uniform(-1, 1, (len(weights), n)))
    ps /= ps.sum(axis=1, keepdims=True)
    got = jensen_shannon_divergence(*ps, weights=np.array(weights) / sum(weights), base=math.e)
    assert got == pytest.approx(mixed_exactly(ps, weights), rel=1e-14, abs=0)


def test_jensen_shannon_of_several_is_what_mixing_adds_to_the_entropy():
    rng = np.random.default_rng(8)
    ps, weights = rng.dirichlet(np.ones(6), size=(4, 3)), rng.dirichlet(np.ones(4))
    added = entropy(np.tensordot(weights, ps, 1)) - weights @ entropy(ps)
    np.testing.assert_allclose(jensen_shannon_divergence(*ps, weights=weights), added, rtol=1e-13)
    of_columns = jensen_shannon_divergence(*ps.transpose(0, 2, 1), weights=weights, axis=0)
    np.testing.assert_array_equal(jensen_shannon_divergence(*ps, weights=weights), of_columns)


def test_what_is_weighed_alike_needs_no_weights_and_what_weighs_nothing_does_not_count():
    p, q, r = [0.5, 0.25, 0.25], [0.2, 0.7, 0.1], [0, 0, 1]
    assert jensen_shannon_divergence(p, q) == jensen_shannon_divergence(p, q, weights=[0.5, 0.5])
    without = jensen_shannon_divergence(p, q, weights=[0.3, 0.7])
    assert jensen_shannon_divergence(p, r, q, weights=[0.3, 0, 0.7]) == without
    in_turn = jensen_shannon_divergence(r, p, q)
    assert jensen_shannon_divergence(p, q, r) == pytest.approx(in_turn, rel=1e-15)
    assert jensen_shannon_divergence(p, q, weights=[1, 0]) == 0


def test_distributions_without_a_common_outcome_are_the_entropy_of_the_weights_apart():
    apart = np.eye(4)
    for weights in ([0.5, 0.25, 0.125, 0.125], [0.7, 0.1, 0.1, 0.1]):
        got = jensen_shannon_divergence(*apart, weights=weights)
        assert got == pytest.approx(entropy(weights), rel=1e-15)
    assert jensen_shannon_divergence(*apart) == 2


@pytest.mark.parametrize("w", [0.3, 1e-6, 1e-9, 1e-12, 1.551761464964251e-17, 1e-30])
@pytest.mark.parametrize("shared", [0, 1e-300, 0.00011898901181957328, 0.4])
def test_weights_that_miss_one_by_their_rounding_do_not_tell(w, shared):
    ps = [1, 0, 0], [shared, 0.5 - shared / 2, 0.5 - shared / 2]
    for weights in ([1 - w, w], [1 - 2 * w, w, w]):
        mixed = (*ps, ps[1])[: len(weights)]
        got = jensen_shannon_divergence(*mixed, weights=weights, base=math.e)
        assert got == pytest.approx(mixed_exactly(mixed, weights), rel=4e-15, abs=0)


@pytest.mark.parametrize(
    ("ps", "weights", "told"),
    [([[1, 0]], None, "ps must be two distributions or more, got 1"),
     ([[1, 0], [0, 1], [0.5, 0.6]], None, r"ps\[2\] must sum to 1, got 1\.1"),
     ([[1, 0], [0, 1], [1]], None, r"ps\[0\] and ps\[2\] do not broadcast"),
     ([[1, 0], [0, 1]], [0.5, 0.6], r"weights must sum to 1, got 1\.1"),
     ([[1, 0], [0, 1]], [1.5, -0.5], r"weights must hold no negative .* got -0\.5"),
     ([[1, 0], [0, 1]], [1], r"weights must be one a distribution, 2, got shape \(1,\)")],
)  # fmt: skip
def test_what_cannot_be_weighed_is_refused(ps, weights, told):
    with pytest.raises(ValueError, match=told):
        jensen_shannon_divergence(*ps, weights=weights)


# Long arrays, worked on in pieces


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
def test_long_sums_keep_all_their_digits_along_rows_and_columns(layout):
    n = 3_000_000  # at which a sum by one number after the other is off by 2e-12
    p = layout(np.full((n, 2), 1 / n))
    with mp.workdps(50):
        want = float(-n * mp.mpf(1 / n) * mp.log(mp.mpf(1 / n), 2))
    assert entropy(p, axis=0) == pytest.approx([want] * 2, rel=5e-16)
    assert entropy(p[:, 0]) == pytest.approx(want, rel=5e-16)
    assert entropy(np.full(n, 2.0), normalize=True) == pytest.approx(math.log2(n), rel=5e-16)


@pytest.mark.parametrize("relative", [1e-6, 0.05, 0.9])
def test_long_divergences_keep_their_digits_too(relative):
    n, p = 1_000_000, np.full(1_000_000, 1e-6)
    q = p * (1 + relative * np.tile([1.0, -1.0], n // 2))
    with mp.workdps(50):
        x = mp.mpf(p[0])
        terms = [x * mp.log(x / y) - x + y for y in map(mp.mpf, q[:2].tolist())]
        want = float(n // 2 * mp.fsum(terms))
    assert kl_divergence(p, q, base=math.e) == pytest.approx(want, rel=3e-15, abs=0)


OF_LONG = {
    "information_content": lambda p, q: information_content(p),
    "binary_entropy": lambda p, q: binary_entropy(p),
    "entropy": lambda p, q: entropy(p),
    "cross_entropy": cross_entropy,
    "kl_divergence": kl_divergence,
    "jensen_shannon_divergence": jensen_shannon_divergence,
    "three of them": lambda p, q: jensen_shannon_divergence(p, q, q[::-1], weights=[0.5, 0.3, 0.2]),
    "binary_cross_entropy": binary_cross_entropy,
    "of logits": lambda p, q: binary_cross_entropy(p, np.log(q), from_logits=True),
    "perplexity": lambda p, q: perplexity(np.log(q)),
    "of scores": lambda p, q: categorical_cross_entropy(p, np.log(q), from_logits=True),
    "of classes": lambda p, q: categorical_cross_entropy(p.argmax(-1), q, label_smoothing=0.1),
}


def long_pair(shape, near):
    rng = np.random.default_rng(11)
    p = rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])
    p[..., 1] = 0
    q = p * (1 + near * rng.uniform(-1, 1, shape)) if near else rng.random(shape) + 1e-9
    return p / p.sum(-1, keepdims=True), q / q.sum(-1, keepdims=True)


@pytest.mark.parametrize("name", OF_LONG)
@pytest.mark.parametrize("near", [0, 0.3])
@pytest.mark.parametrize("shape", [(700,), (40, 10), (3, 5, 70), (1, 300, 1, 2), (2, 600)])
def test_pieces_give_what_the_whole_gives(name, near, shape, monkeypatch):
    p, q = long_pair(shape, near)
    if name in {"of scores", "perplexity", "of logits"}:
        q = q + 1e-9
        q /= q.sum(-1, keepdims=True)
    whole = OF_LONG[name](p, q)
    with monkeypatch.context() as patched:
        patched.setattr("infocore._pieces.PIECE", 64)
        patched.setattr("infocore._stable.PIECE", 64)
        pieces = OF_LONG[name](p, q)
        columns = OF_LONG[name](np.asfortranarray(p), np.asfortranarray(q))
    assert np.shape(pieces) == np.shape(whole)
    np.testing.assert_allclose(pieces, whole, rtol=1e-13)
    np.testing.assert_allclose(columns, whole, rtol=1e-13)


@pytest.mark.parametrize("name", sorted(OF_LONG))
def test_a_long_measure_keeps_less_than_its_input_once_more(name):
    p, q = long_pair((1_000_000,) if "of s" not in name else (100_000, 10), 0.01)
    p, q = p + 1e-12, q + 1e-12
    p, q = p / p.sum(-1, keepdims=True), q / q.sum(-1, keepdims=True)
    logs = np.log(q)
    ask = {
        "of logits": lambda: binary_cross_entropy(p, logs, from_logits=True),
        "perplexity": lambda: perplexity(logs),
        "of scores": lambda: categorical_cross_entropy(p, logs, from_logits=True),
    }.get(name, lambda: OF_LONG[name](p, q))
    tracemalloc.start()
    try:
        ask()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * (p.nbytes + q.nbytes)
