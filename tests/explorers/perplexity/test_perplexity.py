"""The Perplexity Explorer: its numbers, its tokens, and what readers bring, kind or hostile."""

import math
import re
import sys

import mpmath
import numpy as np
import pytest
from bokeh.models import LogScale

from app.contract.messages import Refused
from app.contract.work import File
from app.explorers.perplexity.examples import ANOTHER_WORLD
from app.explorers.perplexity.explorer import Perplexity
from app.explorers.perplexity.reading import bundled_reader, bundled_text
from app.explorers.perplexity.scores import log_probabilities
from app.session.session import Session
from infocore import NGram, bits_per_unit, character_tokens, perplexity, word_tokens
from infocore.language import UNKNOWN

TEXT = "the value of the object is an object. the value of the object is an object. " * 40


def readout(session, name):
    return session.frame["readouts"][name]


def bring(name, file, data):
    """Return a session to which a file was brought."""
    session = Session(Perplexity())
    session.jobs.start(name, File(file, data))
    return session


def refusal(session):
    (message,) = session.frame["messages"]
    assert message["kind"] == "refused"
    return Perplexity.phrase(message)


@pytest.mark.parametrize(
    ("preset", "told"),
    [("Ten tokens, weak model", 119.8678), ("Ten tokens, better model", 10.0205)],
)
def test_the_ten_token_examples_have_their_perplexities(preset, told):
    session = Session(Perplexity(), [("reset", None), *Perplexity.presets[preset].items()])
    assert readout(session, "perplexity") == pytest.approx(told, abs=5e-5)


def test_a_loss_from_ten_point_eight_to_three_is_fifty_thousand_choices_to_twenty():
    session = Session(Perplexity())
    assert round(readout(session, "perplexity_before")) == 49_021
    assert readout(session, "perplexity_after") == pytest.approx(20.1, abs=0.05)


def test_the_numbers_are_infocores_for_the_text_shown():
    text = "The lamp was lit.\nÉtude"
    session = Session(Perplexity(), [("text", text), ("model", "trigram")])
    nats = bundled_reader().models["words"].log_probs(word_tokens(text))
    assert readout(session, "perplexity") == pytest.approx(perplexity(nats), rel=1e-14)
    assert readout(session, "bits_per_character") == bits_per_unit(nats, len(text))
    assert readout(session, "bits_per_byte") == bits_per_unit(nats, len(text.encode()))
    assert "".join(session.sources["tokens"].data["token"]) == text


def test_more_context_surprises_less_in_the_models_own_world_under_both_tokenisations():
    compared = Session(Perplexity()).sources["compared"].data
    for tokens in ("words", "characters"):
        assert np.all(np.diff(compared[f"bits_{tokens}"]) < 0)
    ratios = np.divide(compared["perplexity_words"], compared["perplexity_characters"])
    assert ratios.min() > 4  # perplexities are worlds apart, the costs of the same text are not
    assert np.all(np.divide(compared["bits_characters"], compared["bits_words"]) < 3)


def test_an_impossible_token_makes_perplexity_infinite_and_keeps_the_picture_finite():
    session = Session(
        Perplexity(), [("scored", "log-probabilities"), ("log_probs", "a,-1\nb,-inf")]
    )
    assert readout(session, "perplexity") == math.inf
    assert np.isfinite(session.sources["tokens"].data["drawn"]).all()
    assert session.sources["tokens"].data["endless"][1] > 0


def test_a_text_of_the_readers_is_learned_and_can_be_forgotten():
    session = bring("corpus", "mine.txt", TEXT.encode())
    session.explorer.text = " the value of the object"
    unlearned = Session(Perplexity(), [("text", session.explorer.text)])
    assert session.findings["reader"].source == "“mine.txt”"
    assert readout(session, "perplexity") < 0.5 * readout(unlearned, "perplexity")
    assert session.frame["slots"]["source"] == "“mine.txt”"
    assert not session.frame["flags"]["bundled"]
    session.jobs.start("forget")
    assert session.frame["flags"]["bundled"]


def test_brought_log_probabilities_are_shown_at_once():
    rows = b'[{"token": "a", "logprob": -1}, {"token": " b", "logprob": -2.0}]'
    session = bring("scores", "mine.json", rows)
    assert session.explorer.scored == "log-probabilities"
    assert readout(session, "perplexity") == pytest.approx(math.exp(1.5), rel=1e-15)


def brought():
    session = bring("corpus", "mine.txt", TEXT.encode())
    session.jobs.start("scores", File("mine.csv", b"a,-1\nb,-2"))
    assert shows_the_file(session)
    return session


def shows_the_file(session):
    flags, slots = session.frame["flags"], session.frame["slots"]
    return flags["from_file"] and flags["file_given"] and slots["file"] == "“mine.csv”"


@pytest.mark.parametrize("scene", [{}, Perplexity.presets["Ten tokens, weak model"]])
def test_a_scene_and_reset_put_aside_what_was_brought(scene):
    session, changes = brought(), [("reset", None), *scene.items()]
    session.receive({"seq": 1, "changes": changes})
    assert session.findings == {}
    assert session.frame["readouts"] == Session(Perplexity(), changes).frame["readouts"]
    assert session.frame["slots"] == Session(Perplexity(), changes).frame["slots"]


@pytest.mark.parametrize("how", ["typed", "assigned"])
def test_written_log_probabilities_win_over_a_file_and_the_learned_text_stays(how):
    session = brought()
    if how == "typed":
        session.receive({"seq": 1, "changes": [["log_probs", "c,-3"]]})
    else:
        session.explorer.log_probs = "c,-3"
    assert readout(session, "perplexity") == pytest.approx(math.exp(3), rel=1e-15)
    assert not session.frame["flags"]["file_given"]
    assert list(session.findings) == ["reader"]


@pytest.mark.parametrize("change", [["log_probs", "a"], ["unit", "nats"]])
def test_a_refused_value_and_another_control_leave_the_file(change):
    session = brought()
    session.receive({"seq": 1, "changes": [change]})
    assert shows_the_file(session)
    assert readout(session, "perplexity") == pytest.approx(math.exp(1.5), rel=1e-15)


def test_a_hundred_thousand_tokens_all_count_and_the_first_are_shown():
    session = bring("scores", "many.csv", b"x,-1\n" * 100_000)
    assert readout(session, "token_count") == 100_000
    assert len(session.sources["tokens"].data["token"]) == 2000
    assert (session.frame["flags"]["cut"], session.frame["slots"]["drawn"]) == (True, "2000")


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"\xff\xfea\x00,\x00", "UTF-16"), (b"\x80\x81", "no text in UTF-8: byte 1"),
     (b"a\x00b", "no control characters"), (b" \n ", "no words")],
)  # fmt: skip
def test_what_is_no_text_is_not_learned_from(data, told):
    session = bring("corpus", "bad.txt", data)
    assert told in refusal(session)
    assert not session.findings


@pytest.mark.parametrize(
    ("pasted", "told"),
    [('"a,-1', "a quotation mark is not closed"), ("a,b", "“b” is not"), ("a,0.5", "between"),
     ("a,nan", "“nan” is not"), ("a,-1\nb,", "Entry 2: logprob"), ("," * 99_999, "100000 fields"),
     ("a", "it has 1 field."), ("a,-5\nb,abc\n,,,", "Entry 2: logprob"),
     ("a,-1\nb\nc,x", "Entry 2 must have"),
     ("[" * 10_000, "cannot be read as JSON"), ('{"token": "a"}', "must be a list"),
     ("[1]", "Entry 1 must have a token"), ('[{"token": "a", "logprob": NaN}]', "as JSON"),
     ("a\x00,-1", "U+0000"), ("token,logprob", "no token"), ("=1+1,@x", "“@x” is not")],
)  # fmt: skip
def test_log_probabilities_that_cannot_be_read_are_refused_with_the_reason(pasted, told):
    with pytest.raises(Refused):
        log_probabilities(pasted)
    assert told in refusal(bring("scores", "bad.csv", pasted.encode()))


def test_a_token_of_markup_is_only_text():
    tokens, nats = log_probabilities('token,logprob\n"<img src=x onerror=alert(1)>",-1')
    assert tokens == ["<img src=x onerror=alert(1)>"]
    assert nats == [-1.0]


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x1bb", "\ud800", 5, None])
def test_a_text_that_cannot_be_scored_is_refused_and_the_last_one_kept(text):
    session = Session(Perplexity())
    session.receive({"seq": 1, "changes": [["text", text]]})
    assert refusal(session).startswith(("text must ", "text may "))
    assert session.explorer.state == Perplexity.defaults()


# What the page says


def column(session, name):
    """Return a column of the tokens."""
    return np.array(session.sources["tokens"].data[name])


def test_no_text_calls_a_token_dark_or_light_as_that_depends_on_the_theme():
    for kind, name, text in Perplexity.texts:
        assert not re.search(r"\b(dark|light|bright)(er|est)?\b", text), (kind, name)


def test_a_stronger_colour_is_a_greater_surprise():
    session = Session(Perplexity())
    order = np.argsort(column(session, "surprise"))
    assert np.all(np.diff(column(session, "heat")[order]) >= 0)
    assert "strong colour: surprising" in Perplexity.texts("Caption", "tokens")


def test_with_the_bigram_some_tokens_cost_less_and_some_more():
    unigram, bigram = (
        column(Session(Perplexity(model=model)), "surprise") for model in ("unigram", "bigram")
    )
    change = bigram - unigram
    assert (change < -0.01).sum() > (change > 0.01).sum() > 1


def test_uniform_is_alike_for_every_entry_and_an_unknown_token_pays_for_its_spelling_too():
    for text, spelled in (("The lamp was lit.", False), (ANOTHER_WORLD, True)):
        session = Session(Perplexity(text=text, model="uniform"))
        entries = int(session.frame["slots"]["known"])
        alike = math.log2(entries)
        surprise, unknown = column(session, "surprise"), column(session, "flagged") > 0
        assert unknown.any() == spelled
        assert surprise[~unknown] == pytest.approx(alike, rel=1e-14)
        assert np.all(surprise[unknown] > alike + 1)
        assert (readout(session, "perplexity") > 2 * entries) == spelled
    vocabulary = bundled_reader().models["words"].vocabulary
    assert (len(vocabulary), vocabulary[0]) == (entries, UNKNOWN)
    told = Perplexity.texts("Card", "How the models learn")
    assert "one stands for every unknown token, which also pays for its spelling" in told
    assert "a text with unknown words can have a perplexity above {known}" in told


def test_the_page_says_how_much_words_and_letters_learn_from():
    slots, text = Session(Perplexity()).frame["slots"], bundled_text()
    assert slots["words_from"] == slots["letters_from"] == str(len(text))
    for tokens, cut in (("words", word_tokens), ("characters", character_tokens)):
        some, shown = cut("The lamp was lit."), bundled_reader().models[tokens]
        assert np.array_equal(NGram(cut(text)).log_probs(some), shown.log_probs(some))
    long = bring("corpus", "mine.txt", 80 * TEXT.encode()).frame["slots"]
    assert (long["words_from"], long["letters_from"]) == (
        str(len(80 * TEXT.strip()) + 79),
        "150000",
    )


def test_the_page_says_what_a_loss_of_10_8_and_of_3_nats_is():
    with mpmath.workdps(50):
        before, after = (float(mpmath.exp(mpmath.mpf(loss))) for loss in ("10.8", "3.0"))
    said = f"from guessing among {before / 1000:.0f},000 tokens to hesitating between {after:.0f}."
    assert said in Perplexity.texts("Card", "What you see")


def test_equal_steps_on_the_ladder_are_equal_factors():
    ladder = Session(Perplexity()).figures["ladder"]
    assert isinstance(ladder.x_scale, LogScale)
    assert "divides the perplexity by the same factor" in Perplexity.texts("Caption", "ladder")


def test_a_perplexity_beyond_the_doubles_is_said_to_be_so_and_a_real_infinity_is_not():
    spelled = Perplexity.compute(**{**Perplexity.defaults(), "text": "x" * 2000})
    assert spelled.readouts["perplexity"] == math.inf  # e to its loss, which no double holds
    assert spelled.readouts["loss"] > math.log(sys.float_info.max)
    assert spelled.flags["beyond"]
    assert spelled.tables["mine"]["kind"][0] == 7.0  # over a million
    never = Perplexity.compute(
        **{**Perplexity.defaults(), "scored": "log-probabilities", "log_probs": "a,-1\nb,-inf"}
    )
    assert (never.readouts["perplexity"], never.readouts["loss"]) == (math.inf, math.inf)
    assert not never.flags["beyond"]
    assert never.tables["mine"]["kind"][0] == 5.0  # ∞
    assert sys.float_info.max > 1e308
    assert "over 10³⁰⁸" in Perplexity.texts("Remark")
