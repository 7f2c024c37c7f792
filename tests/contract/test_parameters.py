"""Untrusted values become a state or are refused with a sentence that names them."""

import math

import param
import pytest

from app.contract.messages import quotable, quoted
from app.contract.parameters import coerce, kind
from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL

MU = KL.parameters()["mu_p"]
UNIT = KL.parameters()["unit"]
P = Entropy.parameters()["p"]
LABELS = Entropy.parameters()["labels"]
LOCKED = Entropy.parameters()["locked"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1.5", 1.5),
        (1.5, 1.5),
        (2, 2.0),
        ("-4", -4.0),
        (" 3 ", 3.0),
        ("25e-2", 0.25),
        ("\x1c.5\x85", 0.5),
        ("5e-324", 5e-324),
    ],
)
def test_a_number_within_bounds_is_taken_as_it_is(raw, value):
    taken = coerce(MU, raw)
    assert taken == value
    assert type(taken) is float


@pytest.mark.parametrize("raw", ["-0", "-0.0", -0.0])
def test_minus_zero_becomes_zero(raw):
    assert math.copysign(1, coerce(MU, raw)) == 1


@pytest.mark.parametrize(
    "raw",
    ["", "abc", "nan", "NaN", "inf", "-Infinity", "1e999", "1_0", "0x1", "1,2", "1;2", "1/2",
     math.nan, math.inf, 10**400, True, False, None, [1.0], {}, "１ ２"],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused_by_label_and_value(raw):
    with pytest.raises(ValueError, match="mean μ of P must be a number") as refusal:
        coerce(MU, raw)
    assert quoted(raw) in str(refusal.value)


@pytest.mark.parametrize(
    ("parameter", "raw", "refused"),
    [(MU, "0,3", "0,3"), (MU, "1/2", "1/2"), (P, "1/3,2/3", "1/3"), (P, ["0,3", 0.7], "0,3")],
)
def test_a_fraction_and_a_decimal_comma_are_told_how_to_be_written(parameter, raw, refused):
    with pytest.raises(ValueError, match="must be a number") as refusal:
        coerce(parameter, raw)
    how = "Write it with a point, such as 0.25; a link takes no fractions."
    assert str(refusal.value).endswith(f"; “{refused}” is not. {how}")
    assert coerce(MU, "0.25") == 0.25


@pytest.mark.parametrize("raw", ["1e308", 1e308, -4.000001, "4.1", 10**300])
def test_a_number_out_of_bounds_is_refused_by_label_bounds_and_value(raw):
    with pytest.raises(ValueError, match="mean μ of P must lie between -4 and 4") as refusal:
        coerce(MU, raw)
    assert quoted(raw) in str(refusal.value)


@pytest.mark.parametrize("raw", ["", "Bits", "furlongs", 1, None, True, ["bits"], {}, math.nan])
def test_a_choice_that_is_not_offered_is_refused_by_label_and_options(raw):
    with pytest.raises(ValueError, match="unit must be bits or nats") as refusal:
        coerce(UNIT, raw)
    assert quoted(raw) in str(refusal.value)


def test_lists_come_as_text_with_commas_or_as_lists():
    assert coerce(P, "0.5,0.25,0.25") == coerce(P, [0.5, 0.25, 0.25]) == [0.5, 0.25, 0.25]
    assert coerce(LABELS, "a, b ,c") == coerce(LABELS, ("a", "b", "c")) == ["a", "b", "c"]
    assert coerce(LOCKED, "") == coerce(LOCKED, []) == []


@pytest.mark.parametrize(
    ("raw", "count"), [("1", 1), ([], 0), (",".join("1" * 11), 11), ([0.1] * 5000, 5000)]
)
def test_too_few_or_too_many_entries_are_refused_by_their_count(raw, count):
    with pytest.raises(ValueError, match=f"probability needs 2 to 10 entries; there are {count}"):
        coerce(P, raw)


@pytest.mark.parametrize("raw", [1.0, None, {"0": 1}, True])
def test_what_is_no_list_is_refused(raw):
    with pytest.raises(ValueError, match="probability must be a list"):
        coerce(P, raw)


@pytest.mark.parametrize(
    ("raw", "culprit"),
    [("0.5,nan", "nan"), ("0.5,", ""), ("a,b", "a"), ([0.5, None], None), ([True, 0.5], True),
     ([0.5, [0.5]], [0.5]), ("0.5,1_0", "1_0"), ("0.5,1e999", "1e999")],
)  # fmt: skip
def test_an_entry_that_is_no_number_is_refused_by_itself(raw, culprit):
    with pytest.raises(ValueError, match="each entry of probability must be a number") as refusal:
        coerce(P, raw)
    assert quoted(culprit) in str(refusal.value)


@pytest.mark.parametrize("name", ["می\u200cخواهم", "👨\u200d👩\u200d👧\u200d👦", "क्\u200dष"])
def test_joiners_are_part_of_names_and_of_messages(name):
    assert coerce(LABELS, ["fine", name]) == ["fine", name]
    assert quoted(name) == f"“{name}”"


@pytest.mark.parametrize(
    "name",
    ["\u200d", "\u200c\u200d", "", " ", "x" * 25, "two\nlines", "nul\0", "\ud800", "x\u202ey"],
)
def test_a_name_that_does_not_fit_is_refused(name):
    with pytest.raises(ValueError, match="A name in labels has 1 to 24 letters and no comma"):
        coerce(LABELS, ["fine", name])


@pytest.mark.parametrize(
    "name", ["می\u200cخواهم", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "क्\u200dष", "שלום"]
)
def test_a_name_in_any_language_or_of_emoji_is_one(name):
    assert coerce(LABELS, ["fine", name]) == ["fine", name]


@pytest.mark.parametrize("name", [None, 1, True, ["x"], "a,b"])
def test_a_name_that_is_no_text_or_has_a_comma_is_refused(name):
    with pytest.raises(ValueError, match="A name in labels has 1 to 24 letters and no comma"):
        coerce(LABELS, ["fine", name])


def test_a_message_carries_of_a_long_list_only_the_beginning():
    assert quotable([list(range(50))] * 50) == [list(range(10))] * 10


def test_a_message_quotes_a_huge_value_shortened_and_an_unprintable_one_replaced():
    assert len(quoted("9" * 10_000)) < 50
    assert quoted("a\x00\x1b[31m\u2028b").isprintable()


def test_the_kinds_of_parameters_are_told_apart_and_others_have_none():
    assert [kind(one) for one in (MU, UNIT, P, LABELS)] == ["number", "choice", "numbers", "texts"]
    with pytest.raises(TypeError, match="no way to travel in a link"):
        kind(param.Boolean())


@pytest.mark.parametrize(
    "through",
    [lambda kl: setattr(kl, "mu_q", 2), lambda kl: kl.adopt({**kl.state, "mu_q": 2.0})],
    ids=["assigned", "adopted"],
)
@pytest.mark.parametrize(
    "rules",
    [
        [("mu_q", 2, "mu_q", 1), ("mu_q", 1, "mu_q", 2)],
        [("mu_q", 2, "mu_p", 1), ("mu_p", 1, "mu_p", 2), ("mu_p", 2, "mu_p", 1)],
        [
            ("mu_q", 2, "mu_p", 1),
            ("mu_p", 1, "mu_q", 1),
            ("mu_q", 1, "mu_p", 2),
            ("mu_p", 2, "mu_q", 2),
        ],
    ],
    ids=["itself", "another", "across"],
)
def test_watchers_that_do_not_agree_are_told_about_what(rules, through):
    kl = KL()
    for name, at, other, to in rules:

        def follow(event, at=at, other=other, to=to):
            if event.new == at:
                setattr(event.obj, other, to)

        kl.param.watch(follow, name)
    with pytest.raises(
        RuntimeError, match=r"^watchers do not agree about mu_[pq] .* at last to [12]"
    ):
        through(kl)
    assert {name: getattr(kl, name) for name in kl.state} == kl.state
    kl.sigma_q = 3
    assert (kl.state["sigma_q"], kl.sigma_q) == (3, 3)


def test_watchers_that_agree_in_the_end_are_followed():
    kl = KL()
    kl.param.watch(lambda event: setattr(kl, "mu_q", max(event.new - 0.5, -2)), "mu_q")
    kl.mu_q = 2
    assert kl.mu_q == kl.state["mu_q"] == -2


def test_a_watcher_that_does_not_agree_with_the_rescaling_is_told():
    entropy = Entropy()
    entropy.param.watch(lambda event: setattr(entropy, "p", [2.0, 2.0, 2.0, 2.0]), "p")
    with (
        pytest.warns(UserWarning, match="rescaled"),
        pytest.raises(
            RuntimeError, match=r"^watchers do not agree about p .* to \[2.0, 2.0, 2.0, 2.0\]"
        ),
    ):
        entropy.p = [0.1, 0.2, 0.3, 0.4]
    assert entropy.p == entropy.state["p"] == [0.25] * 4
