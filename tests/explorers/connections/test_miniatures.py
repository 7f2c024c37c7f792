"""The rows of the table: what they compute, in both languages, and what is true of each loss."""

import itertools
import json
import math
import re
import subprocess
from itertools import product
from pathlib import Path

import mpmath
import numpy as np
import pytest
from scipy.stats import binom

from app.contract.parameters import Refused, coerce
from app.explorers.connections.chapter import Connections
from app.explorers.connections.shared import _clustered, _kept_and_told
from app.page.texts import text_html
from infocore import (
    Gaussian,
    MultivariateGaussian,
    binary_cross_entropy,
    categorical_cross_entropy,
    cross_entropy,
    entropy,
    gaussian_cross_entropy,
    gaussian_kl,
    info_nce,
    jensen_shannon_divergence,
    kl_divergence,
    perplexity_from_loss,
    softmax,
    total_variation,
)

ROOT = Path(__file__).parents[3]
CLOSE = 1e-13  # relative to the largest of a column, and to 1 where a number is a difference
STATES = 100  # random ones a row

every = pytest.mark.parametrize("row", Connections.rows, ids=lambda row: row.name)


def corners(parameters):
    return product(*([one.bounds[0], one.bounds[1], one.default] for one in parameters.values()))


def random_value(parameter, rng):
    low, high = parameter.bounds
    if parameter.whole:
        return int(rng.integers(low, high + 1))
    if parameter.decades:
        return float(10 ** rng.uniform(math.log10(low), math.log10(high)))
    anywhere = float(rng.uniform(low, high))
    return round(anywhere, 2) if rng.random() < 0.6 else anywhere


def states_of(row):
    parameters = row.miniature.parameters
    rng = np.random.default_rng([*row.name.encode()])
    drawn = ([random_value(one, rng) for one in parameters.values()] for _ in range(STATES))
    return [dict(zip(parameters, one, strict=True)) for one in [*corners(parameters), *drawn]]


def answers_of_the_twin(states):
    question = {
        "slug": "connections", "spec": {"units": {}, "constants": {}}, "start": {},
        "material": {}, "states": states, "sequences": [],
    }  # fmt: skip
    answer = subprocess.run(
        ["node", ROOT / "tests/js/run_twin.mjs"],
        input=json.dumps(question), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["results"]


def off(want, got):
    """Return by how much two columns differ, in the size of the largest number or of 1."""
    if isinstance(want[0], str):
        return 0.0 if list(want) == got else math.inf
    want, got = np.ravel(want).astype(float), np.ravel(got).astype(float)
    finite = np.isfinite(want)
    if want.shape != got.shape or not np.array_equal(want[~finite], got[~finite], equal_nan=True):
        return math.inf
    largest = np.max(abs(want[finite]), initial=1.0)
    return float(np.max(abs(want[finite] - got[finite]), initial=0.0) / largest)


def apart(want, got):
    """List what of a result the twin has otherwise."""
    assert want.readouts.keys() == got["readouts"].keys()
    assert want.tables.keys() == got["tables"].keys()
    assert want.ranges.keys() == got["ranges"].keys()
    numbers = {name: ([value], [got["readouts"][name]]) for name, value in want.readouts.items()}
    numbers |= {name: (value, got["ranges"][name]) for name, value in want.ranges.items()}
    for name, table in want.tables.items():
        assert table.keys() == got["tables"][name].keys()
        numbers |= {f"{name}.{c}": (v, got["tables"][name][c]) for c, v in table.items()}
    return [name for name, (one, other) in numbers.items() if not off(one, other) <= CLOSE]


@every
def test_a_row_computes_the_same_in_the_page_as_in_python(row):
    states = states_of(row)
    answers = answers_of_the_twin([{"row": row.name, **state} for state in states])
    for state, got in zip(states, answers, strict=True):
        want = row.miniature.compute(**state)
        assert apart(want, got) == [], (state, want.readouts, got["readouts"])


@every
def test_a_number_that_is_off_by_a_trifle_would_be_found(row):
    state = row.miniature.defaults()
    (got,) = answers_of_the_twin([{"row": row.name, **state}])
    want = row.miniature.compute(**state)
    name = next(iter(want.readouts))
    got["readouts"][name] += 3 * CLOSE * max(1, abs(want.readouts[name]))
    assert apart(want, got) == [name]


@every
def test_a_row_is_a_declaration_that_fits_what_it_computes(row):
    mini = row.miniature
    result = mini.compute(**mini.defaults())
    assert [one.name for one in mini.readouts] == list(result.readouts)
    for plot in mini.plots:
        for mark in plot.marks:
            assert set(mark.columns) <= set(result.tables[mark.table]), (plot.name, mark)
        for knob in plot.knobs:
            assert set(knob.along.values()) <= set(mini.parameters)
            assert {knob.x, knob.y} & set(result.tables[knob.table])
    assert 1 <= len(mini.parameters) <= 3
    for name, one in mini.parameters.items():
        assert one.doc, name
        assert one.label, name
        assert coerce(one, one.default) == one.default
        with pytest.raises(Refused, match="must lie between"):
            coerce(one, one.bounds[1] + 1)


@every
def test_every_slot_of_a_rows_texts_is_filled(row):
    texts, mini = Connections.texts, row.miniature
    result = mini.compute(**mini.defaults())
    known = {*mini.parameters, *result.readouts}
    known |= {f"{name}.{column}" for name, table in result.tables.items() for column in table}
    for plot in mini.plots:
        name = f"{row.name} {plot.name}"
        assert texts("Caption", name)
        assert texts("Alt", name)
        said = str(text_html(texts, "Description", name))
        slots = re.findall(r'data-slot="([\w.]+)"', said)
        assert slots
        assert set(slots) <= known, name


def test_names_of_rows_and_readouts_stand_once():
    rows = [row.name for row in Connections.rows]
    readouts = [one.name for row in Connections.rows for one in row.miniature.readouts]
    assert len({*rows}) == len(rows)
    assert len({*readouts}) == len(readouts)


@every
def test_a_row_says_where_it_stands_and_what_is_misread(row):
    texts = Connections.texts
    assert re.search(r"\]\(https://\S+\)", texts("Source", row.name))
    assert texts("Mistake", row.name)[0] == "“"  # the words of who misreads it
    assert texts("Why", row.name)
    assert row.group in Connections.groups
    assert row.role in ("p", "q", "accent")


# What is true of each loss


def numbers(name, **state):
    """Return the numbers of a row, its other parameters as at first."""
    (mini,) = (row.miniature for row in Connections.rows if row.name == name)
    assert state.keys() <= mini.parameters.keys()
    return mini.compute(**mini.defaults() | state).readouts


def of_classification(told, state, tables):
    q = softmax([state["logit"], 0, 0], temperature=state["temperature"])
    y = np.array([1 - state["smoothing"], 0, 0]) + state["smoothing"] / 3
    assert told["label_loss"] == near(told["label_floor"] + told["label_waste"])
    return {"label_loss": cross_entropy(y, q, base=math.e)}


def of_compression(told, state, tables):
    text, share = "abracadabra"[: state["letters"]], state["share"]
    counts = np.array([text.count(one) for one in "abcdr"]) / len(text)
    assert told["text_bits"] < told["code_bits"] <= told["text_bits"] + 2
    return {"letter_bits": cross_entropy(counts, [share, *[(1 - share) / 4] * 4])}


def of_scaling(told, state, tables):
    bits = sum(tables["parts"]["nats"]) / math.log(2)
    return {"scaling_bits": bits, "scaling_perplexity": perplexity_from_loss(bits, base=2)}


def of_distillation(told, state, tables):
    p, q = tables["tokens"]["teacher"], tables["tokens"]["student"]
    square = state.get("temperature", 1) ** 2
    there, back = (
        square * (cross_entropy(a, b, base=math.e) - entropy(a, base=math.e))
        for a, b in ((p, q), (q, p))
    )
    forward = {"forward_cost": there, "forward_other_way": back}
    return forward if "forward_cost" in told else dict(
        reverse_cost=back, reverse_other_way=there
    )  # fmt: skip


def of_diffusion(told, state, tables):
    beta = np.linspace(0.1, 20.0, state["steps"]) / state["steps"]
    kept, error = np.cumprod(1 - beta), tables["errors"]["error"]
    variance = beta[1:] * (1 - kept[:-1]) / (1 - kept[1:])
    means = beta[1:] * np.sqrt(error / (1 - beta[1:]) / (1 - kept[1:]))
    steps = (MultivariateGaussian(mu, variance) for mu in (means, 0 * means))
    return {"diffusion_bound": gaussian_kl(*steps, base=math.e)}


def of_dpo(told, state, tables):
    share = 1 / (1 + math.exp(-state["beta"] * (state["chosen"] - state["rejected"])))
    return {"pair_loss": binary_cross_entropy(1, share), "pair_share": share}


def of_rlhf(told, state, tables):
    answers = tables["answers"]
    policy, reference = answers["policy"], answers["reference"]
    with np.errstate(divide="ignore"):
        scores = np.log(reference) + answers["reward"] / state["beta"]
    # β·ln Z: -ln of a share of Z is the cross-entropy of the scores, here of the first answer.
    log_z = scores[0] + categorical_cross_entropy(0, scores, from_logits=True)
    paid = cross_entropy(policy, reference, base=math.e) - entropy(policy, base=math.e)
    earned = policy @ answers["reward"]
    assert told["rlhf_objective"] == near(earned - state["beta"] * paid, state["beta"])
    return {"rlhf_objective": state["beta"] * log_z, "rlhf_reward": earned, "rlhf_kl": paid}


def of_grpo(told, state, tables):
    k1, _, k3 = tables["estimates"]["mean"]
    policy, log_ratio = tables["answers"]["policy"], tables["answers"]["log_ratio"]
    assert k1 == near(told["grpo_nats"])
    assert k3 == near(told["grpo_nats"])
    reference = policy * np.exp(log_ratio)
    return {"grpo_nats": cross_entropy(policy, reference, base=math.e)
            - entropy(policy, base=math.e)}  # fmt: skip


def of_autoencoder(told, state, tables):
    seen, sigma = (1.2, 0.8), state["sigma"]  # x = z + noise of variance ¼, z from N(0, 1)
    codes = [Gaussian(state[name], sigma) for name in ("z1", "z2")]
    missed = [
        gaussian_cross_entropy(q, Gaussian(x, 0.5), base=math.e)
        for q, x in zip(codes, seen, strict=True)
    ]
    gaps = [
        gaussian_kl(q, Gaussian(0.8 * x, math.sqrt(0.2)), base=math.e)
        for q, x in zip(codes, seen, strict=True)
    ]
    evidence = -sum(Gaussian(0, math.sqrt(1.25)).log_pdf(np.array(seen)))
    assert told["elbo_loss"] == near(told["elbo_evidence"] + told["elbo_gap"])
    assert told["elbo_loss"] >= told["elbo_evidence"] - 1e-13
    return {"elbo_distortion": sum(missed), "elbo_evidence": evidence, "elbo_gap": sum(gaps)}


def of_contrastive(told, state, tables):
    n, agreement = state["candidates"], state["agreement"]
    high, low = np.log(16 * agreement), np.log(max(16 * (1 - agreement) / 15, 5e-324))
    rest = np.where(np.arange(n - 1) < np.arange(n)[:, np.newaxis], high, low)
    chance, loss = binom.pmf(np.arange(n), n - 1, 1 / 16), 0.0
    for weight, own in ((agreement, high), (1 - agreement, low)):
        rows = np.hstack([np.full((n, 1), own), rest])
        loss += weight * (chance @ categorical_cross_entropy(0, rows, from_logits=True))
    assert told["nce_bound"] <= min(told["nce_shared"], told["nce_ceiling"]) + 1e-13
    return {"nce_bound": math.log(n) - loss, "nce_loss": loss}


def of_tree(told, state, tables):
    sides = [[np.sum(tables[label]["x"] <= state["threshold"]) for label in ("no", "yes")]]
    sides.append([len(tables[label]["x"]) - k for label, k in zip(("no", "yes"), sides[0],
                                                                 strict=True)])  # fmt: skip
    counts = np.array([one for one in sides if sum(one)], dtype=float)
    gain = 0.0
    if len(counts) == 2:  # the mean divergence of each side's labels from all
        gain = jensen_shannon_divergence(
            *(counts / counts.sum(axis=1, keepdims=True)), weights=counts.sum(axis=1) / 16
        )
    assert told["tree_gain"] == near(told["tree_before"] - told["tree_after"])
    return {"tree_gain": gain}


def of_bottleneck(told, state, tables):
    words = tables["words"]
    bounds = np.array([0 * words["first"], words["first"], words["second"], words["third"]])
    joint = np.diff(bounds, axis=0).T / 6
    animal = np.array([0.02, 0.1, 0.35, 0.65, 0.9, 0.98])
    topics = joint.T @ np.stack([animal, 1 - animal], axis=1)
    found = {}
    for name, table in (("ib_kept", joint), ("ib_told", topics)):
        product = np.outer(table.sum(axis=1), table.sum(axis=0))
        found[name] = kl_divergence(table.ravel(), product.ravel())
    return found | {"ib_loss": found["ib_kept"] - state["beta"] * found["ib_told"]}


def of_speculative(told, state, tables):
    p, q = tables["words"]["p"], tables["words"]["q"]
    assert told["accepted"] == near(np.minimum(p, q).sum())
    return {"accepted": 1 - total_variation(p, q)}


OTHERWISE = {name.removeprefix("of_"): one for name, one in globals().items() if name[:3] == "of_"}


def near(value, unit=1.0):
    return pytest.approx(value, rel=1e-11, abs=1e-12 * max(1, unit))


@every
def test_its_numbers_are_those_of_the_core_by_another_way(row):
    """By other functions of infocore than the row's own, with the identities that the row names."""
    otherwise = OTHERWISE[row.name.removeprefix("reverse-")]
    for state in states_of(row)[-STATES // 2 :]:  # the random ones, each of which takes a while
        result = row.miniature.compute(**state)
        for name, want in otherwise(result.readouts, state, result.tables).items():
            unit = state.get("beta", 1.0)
            assert result.readouts[name] == near(want, unit), (name, state)


@pytest.mark.parametrize("smoothing", [0, 0.1, 0.37])
@pytest.mark.parametrize("logit", [-6, 0, 2.3, 6])
def test_the_loss_of_a_smoothed_label_is_its_entropy_and_a_divergence(logit, smoothing):
    told = numbers("classification", logit=logit, smoothing=smoothing, temperature=0.7)
    parts = told["label_floor"] + told["label_waste"]
    assert told["label_loss"] == pytest.approx(parts, rel=1e-13)


def test_the_floor_of_label_smoothing_is_the_published_one():
    # of (1 − ε + ε/3, ε/3, ε/3) with ε = .1, as Szegedy et al. smooth: .2911 nats, by mpmath
    with mpmath.workdps(50):
        y = [1 - mpmath.mpf(1) / 15, mpmath.mpf(1) / 30, mpmath.mpf(1) / 30]
        floor = float(-sum(one * mpmath.log(one) for one in y))
    assert numbers("classification")["label_floor"] == pytest.approx(floor, rel=1e-14)
    assert f"{floor:.4f} nats" in Connections.texts("Mistake", "classification")


@pytest.mark.parametrize("beta", [0.01, 0.3, 1, 100])
def test_the_best_policy_earns_beta_times_log_z(beta):
    told = numbers("rlhf", beta=beta)
    earned = told["rlhf_reward"] - beta * told["rlhf_kl"]
    assert earned == pytest.approx(told["rlhf_objective"], rel=1e-11)


def test_beta_slides_the_policy_from_the_reference_to_the_best_answer():
    (mini,) = (row.miniature for row in Connections.rows if row.name == "rlhf")
    far, near = (
        mini.compute(beta=beta, reward=1.5, share=0.02).tables["answers"] for beta in (100, 0.01)
    )
    assert far["policy"] == pytest.approx(far["reference"], abs=0.005)
    assert near["policy"][5] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.98])
@pytest.mark.parametrize("letters", [1, 4, 11])
def test_a_code_for_the_text_takes_at_most_two_bits_more_than_its_surprise(share, letters):
    told = numbers("compression", share=share, letters=letters)
    assert told["text_bits"] < told["code_bits"] <= told["text_bits"] + 2
    assert told["letter_bits"] == pytest.approx(told["text_bits"] / letters, rel=1e-13)


def test_the_loss_of_the_text_is_least_at_its_own_share_and_has_no_bound_by_the_vocabulary():
    (mini,) = (row.miniature for row in Connections.rows if row.name == "compression")
    curve = mini.compute(share=0.5, letters=11).tables["curve"]
    assert curve["share"][np.argmin(curve["bits"])] == pytest.approx(5 / 11, abs=0.01)
    assert numbers("compression", share=0.98)["letter_perplexity"] > 5
    assert "Set q(a) to 0.98" in Connections.texts("Mistake", "compression")


def test_the_scaling_law_is_the_published_one_in_bits():
    told = numbers("scaling", size=70, tokens=1400)
    with mpmath.workdps(50):  # Hoffmann et al. 2022, equation 10
        size, tokens = mpmath.mpf(70e9), mpmath.mpf(1400e9)
        nats = mpmath.mpf("1.69") + 406.4 / size ** mpmath.mpf("0.34")
        nats += mpmath.mpf("410.7") / tokens ** mpmath.mpf("0.28")
    assert told["scaling_loss"] == pytest.approx(float(nats), rel=1e-13)
    assert told["scaling_bits"] == pytest.approx(float(nats / mpmath.log(2)), rel=1e-13)
    assert f"{1.69 / math.log(2):.2f} bits a token" in Connections.texts("Mistake", "scaling")


def cheapest(name, **state):
    (mini,) = (row.miniature for row in Connections.rows if row.name == name)
    curve = mini.compute(**mini.defaults() | state).tables["curve"]
    return curve["centre"][np.argmin(curve["cost"])]


def test_the_forward_loss_covers_both_modes_and_the_reverse_one_keeps_the_larger():
    assert abs(cheapest("distillation")) < 1
    assert cheapest("reverse-distillation") == pytest.approx(-3, abs=0.11)
    kept = numbers("reverse-distillation", centre=-3, width=1)
    assert kept["reverse_cost"] == pytest.approx(-math.log(0.6), abs=0.01)
    assert kept["reverse_other_way"] > 10 * kept["reverse_cost"]
    assert f"−ln 0.6 = {-math.log(0.6):.2f} nats" in Connections.texts(
        "Mistake", "reverse-distillation"
    )


def test_the_two_directions_of_distillation_are_each_others():
    state = {"centre": 1.3, "width": 2.5}
    forward, reverse = numbers("distillation", **state), numbers("reverse-distillation", **state)
    assert forward["forward_cost"] == pytest.approx(reverse["reverse_other_way"], rel=1e-13)
    assert forward["forward_other_way"] == pytest.approx(reverse["reverse_cost"], rel=1e-13)


@pytest.mark.parametrize("steps", [40, 100, 200])
def test_the_steps_of_a_diffusion_are_squared_errors_with_ho_et_als_weights(steps):
    (mini,) = (row.miniature for row in Connections.rows if row.name == "diffusion")
    result = mini.compute(early=0.7, late=0.2, steps=steps)
    beta = [0.1 / steps + (20 - 0.1) / steps * t / (steps - 1) for t in range(steps)]
    with mpmath.workdps(50):  # equation 12, with σ² the variance of q(x_{t-1} | x_t, x_0)
        kept, total = mpmath.mpf(1) - beta[0], mpmath.mpf(0)
        for t in range(1, steps):
            before, kept = kept, kept * (1 - mpmath.mpf(beta[t]))
            variance = beta[t] * (1 - before) / (1 - kept)
            weight = mpmath.mpf(beta[t]) ** 2 / (2 * variance * (1 - beta[t]) * (1 - kept))
            total += weight * (0.7 + (0.2 - 0.7) * mpmath.mpf(t) / (steps - 1))
    assert result.readouts["diffusion_bound"] == pytest.approx(float(total), rel=1e-11)
    assert result.readouts["diffusion_ratio"] > 5  # the usual loss has 1


@pytest.mark.parametrize("shift", [-2.5, 0.7])
def test_only_the_difference_of_the_log_ratios_counts_in_dpo(shift):
    one = numbers("dpo", chosen=0.5, rejected=-0.75)
    other = numbers("dpo", chosen=0.5 + shift, rejected=-0.75 + shift)
    assert one["pair_loss"] == pytest.approx(other["pair_loss"], rel=1e-13)
    assert numbers("dpo", chosen=1, rejected=1)["pair_loss"] == math.log(2)
    assert one["pair_share"] == pytest.approx(1 / (1 + math.exp(-one["pair_margin"])), rel=1e-14)


@pytest.mark.parametrize("moved", [0, 0.05, 1, 4])
def test_k1_and_k3_have_the_divergence_as_their_mean_and_k3_is_never_negative(moved):
    (mini,) = (row.miniature for row in Connections.rows if row.name == "grpo")
    result = mini.compute(moved=moved, samples=1)
    nats, mean = result.readouts["grpo_nats"], result.tables["estimates"]["mean"]
    assert mean[0] == pytest.approx(nats, rel=1e-12, abs=1e-15)
    assert mean[2] == pytest.approx(nats, rel=1e-12, abs=1e-15)
    assert min(result.tables["answers"]["k3"]) >= 0
    assert min(result.tables["curve"]["k3"]) >= 0


def test_k3_spreads_less_than_k1_near_the_reference_and_more_far_away():
    near, far = numbers("grpo", moved=1), numbers("grpo", moved=4)
    assert near["grpo_spread_k3"] < near["grpo_spread_k1"]
    assert far["grpo_spread_k3"] > far["grpo_spread_k1"]
    assert far["grpo_k2"] > 1.2 * far["grpo_nats"]
    many = numbers("grpo", moved=1, samples=400)
    assert many["grpo_spread_k1"] == pytest.approx(near["grpo_spread_k1"] / 10, rel=1e-13)


@pytest.mark.parametrize(("z1", "z2", "sigma"), [(0, 0, 1), (-2.5, 1, 0.05), (1.1, 0.6, 2)])
def test_the_loss_of_an_autoencoder_is_the_evidence_and_a_gap(z1, z2, sigma):
    told = numbers("autoencoder", z1=z1, z2=z2, sigma=sigma)
    assert told["elbo_loss"] == pytest.approx(told["elbo_evidence"] + told["elbo_gap"], rel=1e-12)
    assert told["elbo_gap"] > 0
    # x = z + noise with variances 1 and ¼ is normal with variance 5/4, around 0
    with mpmath.workdps(50):
        squares = mpmath.mpf(1.2) ** 2 + mpmath.mpf(0.8) ** 2
        evidence = mpmath.log(2 * mpmath.pi * 1.25) + squares / 2.5
    assert told["elbo_evidence"] == pytest.approx(float(evidence), rel=1e-14)


def test_the_gap_of_an_autoencoder_closes_at_the_true_posterior():
    told = numbers("autoencoder", z1=0.96, z2=0.64, sigma=math.sqrt(0.2))
    assert told["elbo_gap"] == pytest.approx(0, abs=1e-14)
    assert told["elbo_rate"] > 0.5


@pytest.mark.parametrize("agreement", [0.1, 0.5, 0.9, 1])
@pytest.mark.parametrize("candidates", [2, 16, 512])
def test_the_expected_bound_is_below_what_is_shared_and_below_log_n(candidates, agreement):
    told = numbers("contrastive", candidates=candidates, agreement=agreement)
    least = min(told["nce_shared"], math.log(candidates))
    assert -1e-13 <= told["nce_bound"] <= least + 1e-13


def test_the_expected_bound_is_the_mean_of_infonce_over_batches():
    n, agreement, rng = 8, 0.9, np.random.default_rng(7)
    told = numbers("contrastive", candidates=n, agreement=agreement)
    x = rng.integers(16, size=(4000, n))
    y = np.where(rng.random(x.shape) < agreement, x, (x + rng.integers(1, 16, x.shape)) % 16)
    same = x[:, :, np.newaxis] == y[:, np.newaxis, :]
    bounds = info_nce(np.where(same, np.log(16 * agreement), np.log(16 * (1 - agreement) / 15)))[1]
    error = bounds.std() / math.sqrt(len(bounds))
    assert bounds.mean() == pytest.approx(told["nce_bound"], abs=4 * error)
    assert bounds.max() > told["nce_bound"] + 0.1
    ceiling = f"N = 8 it stops at {math.log(8):.2f} nats"
    assert ceiling in Connections.texts("Mistake", "contrastive")


@pytest.mark.parametrize("threshold", [0, 3, 5, 7.05, 10])
@pytest.mark.parametrize("turned", [0, 3])
def test_a_question_gains_what_the_labels_entropy_falls_by(threshold, turned):
    told = numbers("tree", threshold=threshold, turned=turned)
    fall = told["tree_before"] - told["tree_after"]
    assert told["tree_gain"] == pytest.approx(fall, abs=1e-14)
    assert told["tree_gain"] >= 0


def test_the_best_cut_of_clean_labels_tells_all():
    assert numbers("tree", threshold=5, turned=0)["tree_gain"] == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize("beta", [0.5, 2, 8, 50])
def test_a_bottleneck_never_tells_more_than_it_keeps_nor_than_there_is(beta):
    losses = []
    for rounds in (0, 1, 5, 30, 100):
        told = numbers("bottleneck", beta=beta, rounds=rounds)
        assert told["ib_told"] <= min(told["ib_kept"], told["ib_most"]) + 1e-15
        losses.append(told["ib_loss"])
    assert all(after <= before + 1e-12 for before, after in itertools.pairwise(losses))


def test_below_a_critical_beta_the_best_code_keeps_nothing():
    # the critical β is 1 over the square of the maximal correlation of X and Y, here
    # Var(p(y|x))/(p(y)·(1 − p(y)))
    animal = np.array([0.02, 0.1, 0.35, 0.65, 0.9, 0.98])
    critical = 0.25 / animal.var()
    assert numbers("bottleneck", beta=0.8 * critical)["ib_kept"] < 1e-6
    assert numbers("bottleneck", beta=1.5 * critical)["ib_kept"] > 0.2
    # next to it the rounds take long, and what is kept grows from 0, without a jump
    clusters = _clustered(critical * np.array([0.99, 1.001, 1.01]), 8000)
    below, above, further = (_kept_and_told(one)[0] for one in clusters)
    assert below < 1e-9
    assert 1e-4 < above < 0.1 * further < 0.02


@pytest.mark.parametrize("astray", [0, 0.3, 1])
def test_a_draft_is_accepted_as_far_as_both_models_share_it(astray):
    told = numbers("speculative", astray=astray, drafted=5)
    accepted = told["accepted"]
    assert accepted == pytest.approx(1 - told["apart"], rel=1e-14)
    assert accepted >= told["pinsker"] - 1e-15
    mean = 6 if astray == 0 else (1 - accepted**6) / (1 - accepted)  # Leviathan et al., equation 1
    assert told["words_a_pass"] == pytest.approx(mean, rel=1e-12)
