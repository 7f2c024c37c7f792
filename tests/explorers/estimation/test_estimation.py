"""What only the estimation page does: samples, estimates, and tables of real data."""

import io
import math
import pickle
import tracemalloc

import mpmath
import numpy as np
import pandas as pd
import pytest

from app.contract import labelled
from app.contract.work import File
from app.explorers.estimation import estimates
from app.explorers.estimation.explorer import Estimation
from app.explorers.estimation.tabular import read_table
from app.session.jobs import go_on
from app.session.session import Session
from infocore import binned_mutual_information, permutation_null


def preset(name):
    state, _ = Estimation.apply(Estimation.defaults(), list(Estimation.presets[name].items()))
    return Estimation.compute(**state).readouts


def finished(steps):
    """Return what a job found, or the reason it gave."""
    over = False
    while not over:
        told, over = go_on(steps)
    return told


def read(text, name="mine.csv"):
    return finished(read_table(File(name, text if isinstance(text, bytes) else text.encode())))


def a_step(jobs, name, order):
    """Run only the first step of a job."""
    jobs.report(name, order, *go_on(jobs.session.explorer.work(order)))


def ordered(session, name):
    """Return the steps of a job that is under way."""
    return session.explorer.work(session.jobs._orders[name])


def said(told):
    """Return the last message of a session, as its reader sees it."""
    return Estimation.phrase(told.frame["messages"][0])


def shown(found):
    """Return what the page shows of a table that was read."""
    result = Estimation.results(Estimation.defaults(), found.findings)
    return result.flags, result.slots


# The samples


@pytest.mark.parametrize(
    ("name", "plug_in", "corrected", "exact"),
    [
        ("Feature decides", 0.6031, 0.6031, 0.6931), ("Feature hints", 0.0335, 0.0290, 0.0329),
        ("Pure noise", 0.0060, 0.0022, 0), ("Noise in 1000 bins", 0.1810, 0.1012, 0),
    ],
)  # fmt: skip
def test_the_classic_features(name, plug_in, corrected, exact):
    # Issue 5's figures; Miller–Madow at 1000 bins by np.histogram2d and the formula.
    told = preset(name)
    found = told["plug_in"], told["miller_madow"], told["exact"]
    assert found == pytest.approx((plug_in, corrected, exact), abs=5e-5)


def test_the_first_sample_is_that_of_default_rng_42():
    rng = np.random.default_rng(42)
    for drawn in labelled.draws(1):
        assert np.array_equal(drawn, rng.standard_normal(2000))
    assert not np.array_equal(labelled.draws(1)[0], labelled.draws(2)[0])


@pytest.mark.parametrize("bins", [2, 7, 20, 333, 1000])
def test_estimates_are_those_of_infocore(bins):
    x, y = labelled.feature_and_label("signal", 2.0, 731, 3)
    found = estimates.estimates(estimates.in_order(x, y), (bins,))
    for name, correction in (("plug_in", None), ("corrected", "miller-madow")):
        want = binned_mutual_information(x, y, bins=bins, base=math.e, correction=correction)
        assert found[name][0] == pytest.approx(want, abs=1e-13)


def test_shuffled_estimates_are_those_of_infocore():
    inside = 0
    for sample in range(1, 41):
        x, y = labelled.feature_and_label("noise", 0.0, 500, sample)
        found = estimates.estimates(estimates.in_order(x, y), (20,))
        inside += found["low"][0] <= found["plug_in"][0] <= found["high"][0]
        null = permutation_null(x, y, bins=20, n=400, rng=sample, base=math.e)
        assert np.quantile(null, 0.1) > found["low"][0]
        assert np.quantile(null, 0.9) < found["high"][0]
    assert inside >= 36


def test_every_shuffle_is_an_order_of_all_samples():
    orders = estimates.shuffles(77)
    assert orders.shape == (40, 77)
    assert np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(77), (40, 1)))
    assert len({tuple(order) for order in orders}) == 40


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.99, 1.0, 3.0, 10.0])
def test_the_exact_information_is_that_of_a_large_sample(noise):
    rng = np.random.default_rng(1)
    x0 = rng.standard_normal(400_000)
    x = x0 + noise * rng.standard_normal(len(x0))
    # Cells as fine as the noise, and few enough that their excess is below the tolerance.
    found = binned_mutual_information(x, x0 > 0, bins=2000, base=math.e, correction="miller-madow")
    tolerance = 0.003 + 0.006 * (noise < 0.1)
    assert estimates.exact_information("signal", noise) == pytest.approx(found, abs=tolerance)


def test_where_most_cells_are_empty_the_correction_adds_and_may_exceed_the_label():
    # Each bin holds one label, so cells = rows and (rows + columns - cells - 1)/2n is 1/2n.
    state = Estimation.defaults() | Estimation.presets["Feature decides"]
    told = Estimation.compute(**state | {"bins": 1000, "n": 100, "unit": "nats"}).readouts
    assert told["plug_in"] == pytest.approx(told["label_entropy"], rel=1e-12)
    assert told["miller_madow"] - told["plug_in"] == pytest.approx(1 / 200, rel=1e-12)
    assert told["miller_madow"] > told["label_entropy"]
    cards = Estimation.texts.all("Card").values()
    assert any("{label_entropy}, which no information can" in card for card in cards)


# Tables of real data


def table_of(n=60):
    rng = np.random.default_rng(3)
    label = rng.integers(0, 2, n)
    lines = [
        f"{label[i] + 0.3 * rng.standard_normal():.4f},{rng.standard_normal():.4f},"
        f"{'red' if rng.random() < 0.5 else 'blue'},{'yes' if label[i] else 'no'}"
        for i in range(n)
    ]
    return "good,bad,colour,target\n" + "\n".join(lines)


def test_a_table_that_ships_is_ranked():
    session = Session(Estimation(), [("dataset", "wine")])
    session.receive({"seq": 1, "start": "rank"})
    ranking = session.sources["ranking"].data
    assert session.frame["flags"]["ranking"]
    assert ranking["feature"][0] == "flavanoids"
    assert list(ranking["corrected"]) == sorted(ranking["corrected"], reverse=True)
    assert np.corrcoef(ranking["corrected"], ranking["sklearn"])[0, 1] > 0.9
    in_nats = ranking["plug_in"][0]
    session.explorer.unit = "bits"
    assert session.sources["ranking"].data["plug_in"][0] == pytest.approx(in_nats / math.log(2))


def test_a_readers_table_is_read_and_ranked_by_the_target_they_choose():
    session = Session(Estimation())
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    frame = session.frame
    options = ["choose a column", "colour", "target"]
    assert frame["choices"]["target"] == (options, "choose a column")
    assert frame["flags"]["read"]
    assert frame["slots"]["rows_read"] == "60"
    assert frame["slots"]["kinds"] == "2 of numbers, 2 of classes"
    assert not session.frame["flags"]["ranking"]
    session.receive({"seq": 1, "start": "target", "given": "target"})
    assert session.frame["choices"]["target"][1] == "target"
    ranking = session.sources["ranking"].data
    assert ranking["feature"][0] == "good"
    assert ranking["corrected"][0] > ranking["chance"][0]
    session.receive({"seq": 2, "start": "target", "given": "<b>no such"})
    assert "“<b>no such” is no column" in said(session)
    assert list(session.sources["ranking"].data["feature"]) == list(ranking["feature"])


def test_a_ranking_goes_when_another_table_is_read_or_another_target_chosen():
    session = Session(Estimation(), [("dataset", "wine")])
    session.receive({"seq": 1, "start": "rank"})
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    assert session.frame["slots"]["source"] == "mine.csv"
    assert not session.frame["flags"]["ranking"]
    assert len(session.sources["ranking"].data["feature"]) == 0
    session.receive({"seq": 2, "start": "target", "given": "colour"})
    assert session.frame["flags"]["ranking"]
    session.jobs.run = a_step
    session.receive({"seq": 3, "start": "target", "given": "target"})
    assert session.frame["slots"]["aim"] == "target"
    assert not session.frame["flags"]["ranking"]


@pytest.mark.parametrize(("dataset", "features"), [("wine", 13), ("breast cancer", 30)])
def test_the_picture_of_a_ranking_shows_whole_bars_and_says_how_many_it_leaves_out(
    dataset, features
):
    session = Session(Estimation(), [("dataset", dataset)])
    session.receive({"seq": 1, "start": "rank"})
    ranking, frame = session.sources["ranking"].data, session.frame
    low, high = frame["ranges"]["places"]
    places = np.asarray(ranking["place"])
    assert len(places) == features
    seen = (places + 0.2 > low) & (places - 0.2 < high)  # bars are 0.4 high
    assert ((places - 0.2 > low) & (places + 0.2 < high))[seen].all()
    assert [bool(label) for label in ranking["label"]] == seen.tolist()
    assert frame["flags"]["ranking_cut"] == (seen.sum() < features)
    assert (frame["slots"]["drawn"], frame["slots"]["listed"]) == (str(seen.sum()), str(features))


def test_the_button_ranks_the_readers_table_by_the_target_they_chose():
    session = Session(Estimation())
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    session.receive({"seq": 1, "start": "rank"})
    assert said(session) == "Please choose what to predict in “mine.csv” first."
    assert not session.frame["flags"]["ranking"]
    assert session.frame["choices"]["target"][0][1:] == ["colour", "target"]
    for start in ({"start": "target", "given": "target"}, {"start": "rank"}):
        session.receive({"seq": 2, **start})
        slots = session.frame["slots"]
        assert (slots["source"], slots["aim"]) == ("mine.csv", "target")
        assert session.frame["choices"]["target"] == (["colour", "target"], "target")


def test_a_data_set_chosen_after_a_file_is_what_the_button_ranks():
    session = Session(Estimation())
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    session.receive({"seq": 1, "changes": [["dataset", "iris"]]})
    assert session.frame["choices"]["target"][0][1:] == ["colour", "target"]
    session.receive({"seq": 2, "start": "rank"})
    slots = session.frame["slots"]
    assert (slots["source"], slots["aim"]) == ("iris", "class")
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    session.receive({"seq": 3, "start": "rank"})
    assert "choose what to predict" in said(session)


def test_one_ranking_runs_at_a_time_and_none_outlives_its_table():
    session = Session(Estimation())
    session.jobs.start("table", File("mine.csv", table_of().encode()))
    session.jobs.run = a_step
    session.receive({"seq": 1, "start": "target", "given": "colour"})
    assert session.frame["choices"]["target"][1] == "colour"
    session.jobs.run = lambda *job: None  # what is started stays under way
    session.receive({"seq": 2, "start": "rank"})
    assert list(session.progress["jobs"]) == ["rank"]
    found = finished(ordered(session, "rank"))
    assert (found.findings["data"].name, found.findings["data"].target) == ("mine.csv", "colour")
    session.receive({"seq": 3, "start": "target", "given": "target"})
    assert list(session.progress["jobs"]) == ["target"]
    assert "own" not in found.findings  # a data set chosen meanwhile is still the button's
    session.jobs.start("table", File("other.csv", table_of().encode()))
    assert list(session.progress["jobs"]) == ["table"]
    session.receive({"seq": 4, "start": "rank"})
    assert "read to its end" in str(finished(ordered(session, "rank")))


def test_rows_with_missing_values_are_counted():
    lines = table_of().replace("red", "", 5)
    found = read(lines + "\ninf,1,red,yes")
    flags, slots = shown(found)
    assert (slots["rows_read"], slots["dropped"]) == (f"{61 - 6}", "6")
    assert flags["dropped"]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_found(separator):
    found = read(table_of().replace(",", separator).encode("utf-8-sig"))
    assert found.findings["choice"][0][1:] == ["colour", "target"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\n\n", "has one column"),
        (b"a\n1\n2", "has one column"),
        (b"PK\x03\x04" + b"\x00" * 50, "is compressed"),
        (b"\x1f\x8b\x08", "is compressed"),
        ("a,b\n1,2\n".encode("utf-16"), "is in UTF-16"),
        (b"a,b\n\x00\x01,2\n", "bytes of zero"),
        (b"\x89PNG\r\n\x1a\n,,,\n\xff", "not in UTF-8"),
        (b"a,b\n\xe9,2\n", "not in UTF-8"),
        (b",".join(b"c%d" % i for i in range(8000)) + b"\n", "8000 columns; 200 are the most"),
        (b",".join(b"c%d" % i for i in range(100_000)) + b"\n", "too long to be the names"),
        (b'a,b\n"never closed,1\n2,3\n', "opened and never closed"),
        (b"a,b\n1,2\n1,2,3,4\n", "as many columns as the first"),
        (b"a,b\n" + b"1,x\n" * 5, "Rows without missing values: 5 of 5; a"),
        (b"a,b\n1,\n" + b"1,x\n" * 9, "Rows without missing values: 9 of 10; a"),
        (b"a,b\n" + b"1,\n" * 50, "Rows without missing values: 0 of 50; a"),
        (b"a,b\n" + b"".join(b"%d.5,%d.5\n" % (i, i) for i in range(80)), "No column can be a"),
        (b"a,b\n" + b"1,1\n" * 80, "No column can be a target"),
    ],
)
def test_a_wrong_file_gives_a_clear_message(data, message):
    found = read(data)
    assert isinstance(found, ValueError), found
    assert message in str(found)
    assert "/" not in str(found)


def test_formulas_and_markup_in_cells_are_texts_like_others():
    rows = "\n".join(f"=cmd|'/c calc'!A{i % 3},<b>{i % 2}</b>" for i in range(40))
    found = read(f"<script>alert(1)</script>,$$x$$\n{rows}")
    assert found.findings["choice"][0][1:] == ["<script>alert(1)</script>", "$$x$$"]


def test_a_large_table_is_read_within_bounds():
    data = b"a,b,c\n" + b"1.25,0.5,yes\n0.75,0.25,no\n" * 300_000  # 8 MB
    tracemalloc.start()
    found = read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    flags, slots = shown(found)
    assert (slots["rows_read"], flags["given"]) == ("600000", True)
    assert peak < 12 * len(data)


@pytest.mark.parametrize("row", ["{i},{i},yes", "0.1,1,no", "1,{half},yes", "a{i},0.5,no", "1,1,1"])
def test_a_table_is_held_in_four_bytes_for_each_of_its_file(row, monkeypatch):
    monkeypatch.setattr("app.explorers.estimation.tabular.CELLS", 3000)
    halves = (f"{row.format(i=i % 100, half=i % 100 / 2)}\n" for i in range(50_000))
    data = b"a,b,c\n" + "".join(halves).encode() + b"2,2,2\n3,3,2\n" * 10
    held = read(data).findings["table"]
    assert len(held) <= Estimation.uploads["table"].weight * len(data) + 5000  # and 80 MB of 20


@pytest.mark.parametrize("rows_at_once", [2, 1000])
def test_no_number_and_no_class_changes_by_being_held_small(rows_at_once, monkeypatch):
    # What pandas reads in one piece, in its own types, is what pieces must come to.
    rng = np.random.default_rng(1)
    numbers = ["0.1", "0.5", "-0", "1e300", "16777217", "3", "1099511627776", "-2.5e-7"]
    texts = [f"text {i}" for i in range(60)]
    rows = [
        f"{numbers[rng.integers(8)]},{rng.integers(-200, 200)},{texts[rng.integers(4)]},"
        f"{texts[i % 60]},{['TRUE', 'true', 'False', ''][rng.integers(4)]},"
        f"{['1', '2', 'x'][(i > 150) * rng.integers(3)]},{rng.integers(2**40)}"
        for i in range(200)
    ]
    data = ("a,b,c,d,e,f,g\n" + "\n".join(rows)).encode()
    monkeypatch.setattr("app.explorers.estimation.tabular.CELLS", 7 * rows_at_once)
    found = read(data).findings
    frame, whole = pickle.loads(found["table"]), pd.read_csv(io.BytesIO(data)).dropna()
    kinds = found["data"].kinds
    assert list(kinds) == list(whole)
    assert kinds["d"] == "texts"
    assert "d" not in frame  # nothing to rank by
    for name in frame:
        if kinds[name] in ("numbers", "whole numbers"):
            assert frame[name].tolist() == whole[name].tolist()
        same = pd.factorize(frame[name])[0].tolist() == pd.factorize(whole[name])[0].tolist()
        assert same, name


# What the page says

ERRORS = Estimation.texts("Card", "Two errors of an estimate")


def test_the_page_says_what_20_bins_lose_where_the_feature_decides():
    x, _ = labelled.feature_and_label("signal", 0.0, 2000, 1)
    edges = np.linspace(x.min(), x.max(), 21)
    with mpmath.workdps(50):  # of the label's entropy, the bin around 0 alone leaves something
        middle = int(np.searchsorted(edges, 0)) - 1
        below, above = (abs(mpmath.ncdf(mpmath.mpf(edges[middle + i])) - 0.5) for i in (0, 1))
        left = -sum(part * mpmath.log(part / (below + above)) for part in (below, above))
        kept = float(mpmath.log(2) - left)
    told = preset("Feature decides")
    assert kept < told["exact"] - 0.08  # the bins lose it, however many samples there are
    assert told["plug_in"] == pytest.approx(kept, abs=0.02)
    said = f"20 bins find {told['plug_in']:.3f} nats, where the truth is {math.log(2):.3f}"
    assert said in ERRORS


def test_the_estimate_of_noise_climbs_with_the_bins():
    state = Estimation.defaults() | Estimation.presets["Pure noise"]
    found = Estimation.compute(**state).tables["estimates"]["plug_in"]
    assert found[-1] > 20 * found[7] > 40 * found[0]
    assert "the estimate climbs although the truth is **{exact}**" in ERRORS


def test_independent_data_land_inside_the_band_about_95_times_in_100():
    rng, n, repeats = np.random.default_rng(7), 300, 600
    inside = 0
    for _ in range(repeats):
        ordered = estimates.in_order(rng.standard_normal(n), rng.random(n) < 0.5)
        found = estimates.estimates(ordered, (20,))
        inside += found["low"][0] <= found["plug_in"][0] <= found["high"][0]
    # Of 40 equally good orders the true one is neither the first nor the last: 38/40.
    assert inside / repeats == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / repeats))
    assert "inside about 95 times in 100" in ERRORS
    assert "no evidence of dependence (nor of independence)" in ERRORS


def test_about_one_useless_feature_in_40_scores_above_its_tick():
    rng, n, repeats = np.random.default_rng(8), 200, 1000
    label, above = np.arange(n) % 2, 0
    for _ in range(repeats):
        x = rng.standard_normal(n)
        options = {"bins": 10, "correction": "miller-madow"}
        null = permutation_null(x, label, n=200, rng=rng, **options)
        above += binned_mutual_information(x, label, **options) > np.quantile(null, 0.975)
    assert above / repeats == pytest.approx(1 / 40, abs=4 * math.sqrt(0.025 / repeats))
    assert "About 1 in 40 useless features" in Estimation.texts("Hint", "Rank features")
    assert "97.5 % of shuffled labels" in Estimation.texts("Caption", "ranking")


def test_the_other_samples_come_later_in_the_stream_of_the_first():
    bits = np.random.PCG64(42)
    for sample in (1, 2, 3):
        assert labelled.draws(sample)[0][0] == np.random.Generator(bits).standard_normal()
        bits = np.random.PCG64(42).advance(sample * 2**64)
    assert "Sample 1 is that of <code>numpy.random.default_rng(42)</code>" in ERRORS


def test_the_table_of_three_features_has_the_numbers_of_the_scenes():
    card = Estimation.texts("Card", "Three features")
    for name in ("Feature decides", "Feature hints", "Pure noise"):
        told = preset(name)
        exact = f"{told['exact']:.4f}" if told["exact"] else "0"
        assert f"{exact}, estimate {told['plug_in']:.4f}." in card


def test_the_tasks_start_unsolved_and_have_the_answers_that_they_give():
    def told(**more):
        return Estimation.compute(**Estimation.defaults() | more).readouts

    tasks = Estimation.texts.all("Task")
    assert f"{preset('Noise in 1000 bins')['plug_in']:.3f} nats" in tasks["sampling-adds"]
    assert "it is 0.603 nats" in tasks["bins-lose"]
    for noise in (0.0, 0.05):
        for bins in (10, 20, 30):  # the estimate is too low wherever the task may end
            assert told(noise=noise, bins=bins)["plug_in"] < math.log(2) - 0.01
    few = told(noise=3.0, n=200, bins=20)
    assert few["plug_in"] <= few["null_high"]
    above = {
        n: sum(one["plug_in"] > one["null_high"] for one in (
            told(noise=3.0, n=n, bins=20, sample=sample) for sample in range(1, 101)
        ))
        for n in (300, 1000)
    }  # fmt: skip
    assert above == {300: 55, 1000: 100}
    assert tasks["out-of-chance"].count("above in all of the page’s 100 samples") == 2
    assert tasks["out-of-chance"].count("only in 55") == 3


@pytest.mark.parametrize(
    ("name", "value", "moved"),
    [("bins", 21, {"here"}), ("unit", "bits", {"estimates", "here"})],
)
def test_a_move_sends_only_what_it_changes(name, value, moved):
    state = Estimation.defaults()
    before, after = (Estimation.compute(**state | more) for more in ({}, {name: value}))
    tables = before.tables.keys()
    assert {one for one in tables if before.tables[one] is not after.tables[one]} == moved
