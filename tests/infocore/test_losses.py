"""Losses and softmax: figures from the specification's check column unless said."""

import math

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infocore import (
    binary_cross_entropy,
    binary_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    softmax,
)

SCORES = st.lists(st.floats(-500, 500), min_size=2, max_size=6)


@pytest.mark.parametrize(
    ("y", "q", "nats"), [(1, 0.9, 0.1054), (1, 0.1, 2.3026), (0, 0.9, 2.3026), (1, 0.5, 0.6931)]
)
def test_binary_cross_entropy_of_good_and_bad_predictions(y, q, nats):
    assert binary_cross_entropy(y, q) == pytest.approx(nats, abs=5e-5)


@pytest.mark.parametrize(
    ("y", "q", "want"),
    [(1, 0, math.inf), (0, 1, math.inf), (0.5, 0, math.inf), (1, 1, 0), (0, 0, 0)],
)
def test_certain_predictions_cost_nothing_or_infinitely_much(y, q, want):
    loss = binary_cross_entropy(y, q)
    assert loss == want
    assert math.copysign(1, loss) == 1
    logit = math.inf if q else -math.inf
    assert binary_cross_entropy(y, logit, from_logits=True) == want


def test_large_logits_stay_finite():
    assert binary_cross_entropy([0, 1], [1000, -1000], from_logits=True).tolist() == [1000, 1000]
    assert binary_cross_entropy([1, 0], [1000, -1000], from_logits=True).tolist() == [0, 0]
    assert categorical_cross_entropy([0, 1], [1000, -1000], from_logits=True) == 2000


def test_float32_predictions_near_certainty_are_safe():
    q = np.nextafter(np.float32(1), np.float32(0))
    # 1 - q is 2**-24, so that the loss of label 0 is 24·ln 2.
    assert binary_cross_entropy(np.float32(0), q) == pytest.approx(24 * math.log(2), rel=1e-15)
    assert binary_cross_entropy(np.float32(0), np.float32(40), from_logits=True) == 40


def test_labels_and_predictions_broadcast():
    losses = binary_cross_entropy([[1], [0]], [0.5, 0.25, 1])
    assert losses.shape == (2, 3)
    assert losses[0, 1] == binary_cross_entropy(1, 0.25)


def test_categorical_cross_entropy_is_the_surprise_of_the_label():
    assert categorical_cross_entropy([0, 1, 0], [0.1, 0.8, 0.1]) == pytest.approx(0.2231, abs=5e-5)
    assert categorical_cross_entropy([0, 1, 0], [0.5, 0, 0.5]) == math.inf
    assert categorical_cross_entropy([0, 1], [0, -math.inf], from_logits=True) == math.inf
    assert categorical_cross_entropy([1, 0], [0, -math.inf], from_logits=True) == 0


def test_a_confident_correct_score_keeps_its_tiny_loss():
    # log1p(exp(-50)) is exp(-50) to 1e-22; mpmath, 50 digits.
    loss = categorical_cross_entropy([1, 0], [0, -50], from_logits=True)
    assert loss == pytest.approx(1.928749847963917783e-22, rel=1e-15, abs=0)


def test_classes_may_lie_along_any_axis():
    rng = np.random.default_rng(3)
    y, z = np.eye(3)[[0, 2, 1, 1]], rng.normal(size=(4, 3))
    rows = categorical_cross_entropy(y, z, from_logits=True)
    assert rows.shape == (4,)
    columns = categorical_cross_entropy(y.T, z.T, axis=0, from_logits=True)
    np.testing.assert_array_equal(columns, rows)
    np.testing.assert_array_equal(softmax(z.T, axis=0), softmax(z).T)


def test_a_single_loss_is_a_python_float():
    assert type(binary_cross_entropy(1, 0.5)) is float
    assert type(categorical_cross_entropy([1, 0], [0, 0], from_logits=True)) is float


def test_softmax_of_zero_temperature_shares_among_the_largest():
    assert softmax([1, 3, 2], temperature=0).tolist() == [0, 1, 0]
    assert softmax([3, 1, 3], temperature=0).tolist() == [0.5, 0, 0.5]


def test_softmax_of_infinite_temperature_is_uniform_over_the_possible():
    assert softmax([1, -1000, 5, 0], temperature=math.inf).tolist() == [0.25] * 4
    assert softmax([1, -math.inf, 5], temperature=math.inf).tolist() == [0.5, 0, 0.5]


@pytest.mark.parametrize("temperature", [0, 1e-300, 1, 1e300, math.inf])
def test_a_score_of_minus_infinity_has_probability_zero(temperature):
    p = softmax([0, -math.inf, 0], temperature=temperature)
    assert p.tolist() == [0.5, 0, 0.5]


def test_softmax_of_huge_scores_does_not_overflow():
    assert softmax([1e308, 1e308]).tolist() == [0.5, 0.5]
    assert softmax([1.5e308, -1.5e308]).tolist() == [1, 0]
    tempered = softmax([1.5e308, -1.5e308], temperature=1e308)
    assert tempered == pytest.approx(softmax([1.5, -1.5]), rel=1e-14)


def test_scores_are_left_as_they_were():
    z = np.array([1.0, 2.0])
    categorical_cross_entropy([1, 0], z, from_logits=True)
    softmax(z)
    assert z.tolist() == [1, 2]


@given(SCORES, st.floats(-500, 500))
def test_softmax_is_a_distribution_that_no_shift_changes(z, shift):
    p = softmax(z)
    assert p.sum() == pytest.approx(1, rel=1e-15)
    assert (p >= 0).all()
    np.testing.assert_allclose(softmax(np.array(z) + shift), p, rtol=1e-12, atol=1e-300)


@given(SCORES)
def test_scores_and_their_probabilities_have_the_same_loss(z):
    y = np.full(len(z), 1 / len(z))
    q = softmax(z)
    want = categorical_cross_entropy(y, q) if (q > 1e-300).all() else None
    got = categorical_cross_entropy(y, z, from_logits=True)
    assert want is None or got == pytest.approx(want, rel=1e-12)
    assert got >= entropy(y, base=math.e) - 1e-12


@given(st.floats(0, 1), st.floats(-30, 30))
def test_logits_and_their_probabilities_have_the_same_loss(y, z):
    q = 1 / (1 + math.exp(-z))
    got = binary_cross_entropy(y, z, from_logits=True)
    assert got == pytest.approx(binary_cross_entropy(y, q), rel=1e-3, abs=1e-12)
    assert got == pytest.approx(categorical_cross_entropy([y, 1 - y], [z, 0], from_logits=True))


@given(st.floats(0, 1), st.floats(0, 1))
def test_binary_cross_entropy_is_at_least_the_entropy_of_the_label(y, q):
    loss = binary_cross_entropy(y, q, base=2)
    assert loss >= binary_entropy(y) * (1 - 1e-14)
    assert loss == pytest.approx(cross_entropy([y, 1 - y], [q, 1 - q]), rel=1e-12, abs=1e-15)


def test_softmax_at_a_denormal_temperature_keeps_impossible_outcomes_impossible():
    assert softmax([0.0, -math.inf], temperature=1e-310).tolist() == [1.0, 0.0]


# Classes and label smoothing, as PyTorch's CrossEntropyLoss documents them: -Σ y'·log softmax(x)
# with y' = (1-ε)·y + ε/K, one loss an example (reduction="none").


@mp.workdps(50)
def smoothed_exactly(scores, y, share):
    partition = mp.log(mp.fsum(mp.exp(mp.mpf(x)) for x in scores))
    mixed = [(1 - mp.mpf(share)) * mp.mpf(weight) + mp.mpf(share) / len(y) for weight in y]
    return float(mp.fsum(w * (partition - x) for w, x in zip(mixed, scores, strict=True)))


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
@pytest.mark.parametrize("y", [[0, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]])
def test_smoothed_labels_are_pytorchs(y, share):
    scores = [1.5, -0.25, 3.0, -40.0]
    want = smoothed_exactly(scores, y, share)
    got = categorical_cross_entropy(y, scores, from_logits=True, label_smoothing=share)
    assert got == pytest.approx(want, rel=1e-15)
    from_q = categorical_cross_entropy(y, softmax(scores), label_smoothing=share)
    assert from_q == pytest.approx(want, rel=1e-14)


def test_a_smoothed_loss_has_the_floor_that_the_specification_tells():
    q = [0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3]
    floor = categorical_cross_entropy(1, q, label_smoothing=0.1)
    assert round(floor, 4) == 0.2911
    assert floor == pytest.approx(entropy(q, base=math.e), rel=1e-15)
    assert categorical_cross_entropy(1, [0, 1, 0], label_smoothing=0.1) == math.inf
    assert categorical_cross_entropy(1, [0, 1, 0]) == 0


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.2}, {"base": 2}])
def test_classes_are_their_one_hot_labels(dtype, options):
    rng = np.random.default_rng(5)
    q, classes = rng.dirichlet(np.ones(3), size=(4, 5)), rng.integers(0, 3, (4, 5)).astype(dtype)
    one_hot = np.eye(3)[classes]
    want = categorical_cross_entropy(one_hot, q, **options)
    np.testing.assert_array_equal(categorical_cross_entropy(classes, q, **options), want)
    of_scores = categorical_cross_entropy(classes, np.log(q), from_logits=True, **options)
    np.testing.assert_allclose(of_scores, want, rtol=1e-13)
    # PyTorch has the classes along axis 1 of (N, C, d).
    second = categorical_cross_entropy(classes, np.moveaxis(q, -1, 1), axis=1, **options)
    np.testing.assert_array_equal(second, want)


def test_one_class_serves_all_and_one_hot_labels_of_whole_numbers_stay_labels():
    q = [[0.25, 0.25, 0.5], [0.5, 0.25, 0.25]]
    assert categorical_cross_entropy(2, q, base=2).tolist() == [1, 2]
    assert categorical_cross_entropy([2], q, base=2).tolist() == [1, 2]
    assert categorical_cross_entropy([0, 0, 1], q[0], base=2) == 1
    assert categorical_cross_entropy([[0, 0, 1], [1, 0, 0]], q, base=2).tolist() == [1, 1]
    assert categorical_cross_entropy([0.0, 0.0, 1.0], q, base=2).tolist() == [1, 2]
    assert type(categorical_cross_entropy(2, q[0])) is float


@pytest.mark.parametrize(
    ("y", "told"),
    [([0, 3], "y must hold classes of 0 to 2, got 3"),
     ([0, -100], "y must hold classes of 0 to 2, got -100"),
     ([0, 1, 0], r"y does not broadcast: shapes \(3,\) of classes and \(2,\) of vectors"),
     ([0.0, 1.0], r"y and q do not broadcast: shapes \(2,\) and \(2, 3\)")],
)  # fmt: skip
def test_what_is_no_class_is_refused(y, told):
    for options in ({}, {"from_logits": True}):
        with pytest.raises(ValueError, match=told):
            categorical_cross_entropy(y, [[0.25, 0.25, 0.5]] * 2, **options)


@pytest.mark.parametrize("share", [-0.1, 1.5, math.nan, "much"])
def test_a_share_of_smoothing_lies_between_none_and_all(share):
    with pytest.raises(ValueError, match=f"label_smoothing must .*, got {share!r}"):
        categorical_cross_entropy([1, 0], [0.5, 0.5], label_smoothing=share)


def test_a_label_next_to_certainty_pays_for_what_is_left():
    # mpmath, 50 digits: 2**-53·1000 + log1p(exp(-1000)) and 800·(1 - 2**-53).
    y = 1 - 2.0**-53
    assert binary_cross_entropy(y, 1000, from_logits=True) == pytest.approx(
        1.1102230246251565e-13, rel=1e-15
    )
    assert binary_cross_entropy(y, -800, from_logits=True) == pytest.approx(800, rel=1e-15)
