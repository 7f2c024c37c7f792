"""The Perplexity Explorer: its numbers, its tokens, and what readers bring, kind or hostile."""

import math
import re

import numpy as np
import pytest

from app.contract.work import File
from app.explorers.perplexity.explorer import Perplexity
from app.explorers.perplexity.reading import bundled_reader, log_probabilities
from infocore import bits_per_unit, perplexity, word_tokens

TEXT = "the value of the object is an object. the value of the object is an object. " * 40


def readout(session, name):
    return session.frame["readout"][name]


def bring(name, file, data):
    """Return a session to which a file was brought."""
    session = Perplexity()
    session.desk.start(name, File(file, data))
    return session


def refusal(session):
    (message,) = session.frame["messages"]
    assert message["kind"] == "refused"
    return message["text"]


@pytest.mark.parametrize(
    ("preset", "told"),
    [("Ten tokens, weak model", 119.8678), ("Ten tokens, better model", 10.0205)],
)
def test_the_ten_token_examples_have_their_perplexities(preset, told):
    session = Perplexity([("reset", None), *Perplexity.presets[preset].items()])
    assert readout(session, "perplexity") == pytest.approx(told, abs=5e-5)


def test_a_loss_from_ten_point_eight_to_three_is_fifty_thousand_choices_to_twenty():
    session = Perplexity()
    assert round(readout(session, "perplexity_before")) == 49_021
    assert readout(session, "perplexity_after") == pytest.approx(20.1, abs=0.05)


def test_the_numbers_are_infocores_for_the_text_shown():
    text = "The penguin is returned.\nÉtude"
    session = Perplexity([("text", text), ("model", "trigram")])
    nats = bundled_reader().models["words"].log_probs(word_tokens(text))
    assert readout(session, "perplexity") == perplexity(nats)
    assert readout(session, "bits_per_character") == bits_per_unit(nats, len(text))
    assert readout(session, "bits_per_byte") == bits_per_unit(nats, len(text.encode()))
    assert "".join(session.sources["tokens"].data["token"]) == text


def test_more_context_surprises_less_in_the_models_own_world_under_both_tokenisations():
    compared = Perplexity().sources["compared"].data
    for tokens in ("words", "characters"):
        assert np.all(np.diff(compared[f"bits_{tokens}"]) < 0)
    ratios = np.divide(compared["perplexity_words"], compared["perplexity_characters"])
    assert ratios.min() > 4  # perplexities are worlds apart, the costs of the same text are not
    assert np.all(np.divide(compared["bits_characters"], compared["bits_words"]) < 3)


def test_an_impossible_token_makes_perplexity_infinite_and_keeps_the_picture_finite():
    session = Perplexity([("scored", "log-probabilities"), ("log_probs", "a,-1\nb,-inf")])
    assert readout(session, "perplexity") == math.inf
    assert np.isfinite(session.sources["tokens"].data["drawn"]).all()
    assert session.sources["tokens"].data["endless"][1] > 0


def test_a_text_of_the_readers_is_learned_and_can_be_forgotten():
    session = bring("corpus", "mine.txt", TEXT.encode())
    session.text = " the value of the object"
    unlearned = Perplexity([("text", session.text)])
    assert session.held["reader"].source == "“mine.txt”"
    assert readout(session, "perplexity") < 0.5 * readout(unlearned, "perplexity")
    assert "“mine.txt”" in session.frame["words"]["learned"]
    session.desk.start("forget")
    assert "Python" in session.frame["words"]["learned"]


def test_brought_log_probabilities_are_shown_at_once():
    rows = b'[{"token": "a", "logprob": -1}, {"token": " b", "logprob": -2.0}]'
    session = bring("scores", "mine.json", rows)
    assert session.scored == "log-probabilities"
    assert readout(session, "perplexity") == pytest.approx(math.exp(1.5), rel=1e-15)


def brought():
    session = bring("corpus", "mine.txt", TEXT.encode())
    session.desk.start("scores", File("mine.csv", b"a,-1\nb,-2"))
    assert "the file “mine.csv”" in session.frame["words"]["reading"]
    assert "“mine.csv”" in session.frame["words"]["given"]
    return session


@pytest.mark.parametrize("scene", [{}, Perplexity.presets["Ten tokens, weak model"]])
def test_a_scene_and_reset_put_aside_what_was_brought(scene):
    session, changes = brought(), [("reset", None), *scene.items()]
    session.receive({"seq": 1, "changes": changes})
    assert session.held == {}
    assert session.frame["readout"] == Perplexity(changes).frame["readout"]
    assert session.frame["words"] == Perplexity(changes).frame["words"]


@pytest.mark.parametrize("how", ["typed", "assigned"])
def test_written_log_probabilities_win_over_a_file_and_the_learned_text_stays(how):
    session = brought()
    if how == "typed":
        session.receive({"seq": 1, "changes": [["log_probs", "c,-3"]]})
    else:
        session.log_probs = "c,-3"
    assert readout(session, "perplexity") == pytest.approx(math.exp(3), rel=1e-15)
    assert session.frame["words"]["given"] == ""
    assert list(session.held) == ["reader"]


@pytest.mark.parametrize("change", [["log_probs", "a"], ["unit", "nats"]])
def test_a_refused_value_and_another_control_leave_the_file(change):
    session = brought()
    session.receive({"seq": 1, "changes": [change]})
    assert "the file “mine.csv”" in session.frame["words"]["reading"]
    assert readout(session, "perplexity") == pytest.approx(math.exp(1.5), rel=1e-15)


@pytest.mark.parametrize(("unit", "told"), [("bits", "7.64 bits"), ("nats", "5.30 nats")])
def test_the_ladder_says_a_loss_in_the_unit_chosen(unit, told):
    """log2 200 is 7.643856 and ln 200 is 5.298317, by mpmath."""
    session = Perplexity([("unit", unit)])
    assert session.sources["mine"].data["name"][2] == f"200.0 is a loss of {told}"


def test_a_hundred_thousand_tokens_all_count_and_the_first_are_shown():
    session = bring("scores", "many.csv", b"x,-1\n" * 100_000)
    assert readout(session, "token_count") == 100_000
    assert len(session.sources["tokens"].data["token"]) == 2000
    assert "first 2000 of 100000 tokens" in session.frame["words"]["reading"]


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"\xff\xfea\x00,\x00", "UTF-16"), (b"\x80\x81", "no text in UTF-8: byte 1"),
     (b"a\x00b", "no control characters"), (b" \n ", "no words")],
)  # fmt: skip
def test_what_is_no_text_is_not_learned_from(data, told):
    session = bring("corpus", "bad.txt", data)
    assert told in refusal(session)
    assert not session.held


@pytest.mark.parametrize(
    ("pasted", "told"),
    [('"a,-1', "a quotation mark is not closed"), ("a,b", "“b” is not"), ("a,0.5", "between"),
     ("a,nan", "“nan” is not"), ("a,-1\nb,", "Entry 2: logprob"), ("," * 99_999, "100000 fields"),
     ("a", "it has 1 field."),
     ("[" * 10_000, "cannot be read as JSON"), ('{"token": "a"}', "must be a list"),
     ("[1]", "Entry 1 must have a token"), ('[{"token": "a", "logprob": NaN}]', "as JSON"),
     ("a\x00,-1", "U+0000"), ("token,logprob", "no token"), ("=1+1,@x", "“@x” is not")],
)  # fmt: skip
def test_log_probabilities_that_cannot_be_read_are_refused_with_the_reason(pasted, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        log_probabilities(pasted)
    assert told in refusal(bring("scores", "bad.csv", pasted.encode()))


def test_a_token_of_markup_is_only_text():
    tokens, nats = log_probabilities('token,logprob\n"<img src=x onerror=alert(1)>",-1')
    assert tokens == ["<img src=x onerror=alert(1)>"]
    assert nats == [-1.0]


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x1bb", "\ud800", 5, None])
def test_a_text_that_cannot_be_scored_is_refused_and_the_last_one_kept(text):
    session = Perplexity()
    session.receive({"seq": 1, "changes": [["text", text]]})
    assert refusal(session).startswith(("text must ", "text may "))
    assert session.state == Perplexity.defaults()
