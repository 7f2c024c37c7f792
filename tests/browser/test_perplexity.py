"""The Perplexity Explorer in a browser: typing, walking the tokens, files, and hostile tokens."""

import math

import pytest

from app.explorers.perplexity.explorer import Perplexity

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1">'


def shown(reader):
    return reader.page.locator("[data-passage] [role=option]")


def write(reader, label, text):
    reader.page.get_by_role("textbox", name=label, exact=True).fill(text)


@pytest.fixture(params=["served", "exported"])
def address(request):
    if request.param == "served":
        return f"{request.getfixturevalue('hosted')}/perplexity"
    return (request.getfixturevalue("exported") / "perplexity.html").as_uri()


def test_a_typed_text_is_scored_token_by_token(address, reading):
    reader = reading(address)
    text = "The value of the penguin."
    write(reader, "text", text)
    state = {**Perplexity.defaults(), "text": text}
    exact = Perplexity.compute(**state).readouts
    for name in ("perplexity", "bits_per_character", "bits_per_byte"):
        reader.shows(name, exact[name], rel=1e-12)
    assert "".join(shown(reader).all_text_contents()) == text


def test_tokens_are_walked_with_the_arrow_keys_and_read_out(address, reading):
    reader = reading(address)
    reader.page.locator("[data-passage] [tabindex='0']").focus()
    reader.page.keyboard.press("Home")
    reader.page.keyboard.press("ArrowRight")
    second = shown(reader).nth(1)
    assert second.get_attribute("aria-selected") == "true"
    assert second.get_attribute("aria-label").endswith(" bits")
    assert "likelier here" in reader.page.locator("[data-reading]").inner_text()


def test_pasted_log_probabilities_of_hostile_tokens_are_only_text(address, reading):
    reader = reading(address)
    write(reader, "log-probabilities", f"'{HOSTILE}',-1\n{HOSTILE},-3".replace('"', ""))
    reader.choose("what is scored", "log-probabilities")
    reader.shows("perplexity", math.exp(2), rel=1e-12)
    assert reader.page.locator("[data-passage] img").count() == 0
    write(reader, "log-probabilities", 'token,logprob\n"open,-1')
    reader.told("a quotation mark is not closed")


def test_a_brought_text_is_learned_and_named(hosted, reading):
    reader = reading(f"{hosted}/perplexity")
    before = reader.value("perplexity")
    file = {"name": "mine.txt", "mimeType": "text/plain", "buffer": b"the end of the end. " * 9000}
    reader.page.get_by_label("a text to learn from").first.set_input_files(files=[file])
    reader.reads("Learned from “mine.txt”;")
    assert reader.value("perplexity") != before
