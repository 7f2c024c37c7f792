"""The Perplexity Explorer in a browser: typing, walking the tokens, files, and hostile tokens."""

import math

import pytest

from app.explorers.perplexity.explorer import Perplexity
from tests.chapters import by_turns

pytestmark = pytest.mark.browser
of_either_engine = by_turns("address", ["served", "exported"], indirect=True)

HOSTILE = '<img src=x onerror="document.title=1">'


def shown(reader):
    return reader.page.locator("[data-passage=tokens] [role=option]")


def write(reader, label, text):
    reader.page.get_by_role("textbox", name=label, exact=True).fill(text)


@pytest.fixture
def address(request):
    if request.param == "served":
        return f"{request.getfixturevalue('hosted')}/perplexity"
    return (request.getfixturevalue("exported") / "perplexity.html").as_uri()


@of_either_engine
def test_a_typed_text_is_scored_token_by_token(address, reading):
    reader = reading(address)
    text = "The keeper of the penguin."
    write(reader, "text", text)
    state = {**Perplexity.defaults(), "text": text}
    exact = Perplexity.compute(**state).readouts
    for name in ("perplexity", "bits_per_character", "bits_per_byte"):
        reader.shows(name, exact[name], rel=1e-12)
    assert "".join(shown(reader).all_text_contents()) == text


@of_either_engine
def test_tokens_are_walked_with_the_arrow_keys_and_read_out(address, reading):
    reader = reading(address)
    reader.page.locator("[data-passage=tokens] [tabindex='0']").focus()
    reader.page.keyboard.press("Home")
    reader.page.keyboard.press("ArrowRight")
    second = shown(reader).nth(1)
    assert second.get_attribute("aria-selected") == "true"
    assert second.get_attribute("aria-label").endswith(" bits")
    assert "the model expected" in reader.page.locator("[data-reading]").last.inner_text()


@of_either_engine
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
    reader.reads("Learned from “mine.txt”")
    assert reader.value("perplexity") != before


def plays(reader, guesses):
    """Wait until the game is where these guesses lead, and both pay what Python says."""
    state = {**Perplexity.defaults(), "guesses": guesses}
    result = Perplexity.compute(**state)
    for name in ("letters_guessed", "bits_yours", "bits_model"):
        reader.shows(name, result.readouts[name], rel=1e-12)
    letters, table = "[data-passage=guessed] [role=option]", result.tables["guessed"]
    told = "all => all.map(one => [one.textContent, one.dataset.tries])"
    tries = ["" if n < 0 else f"{n:.0f}" if n else "·" for n in table["tries"]]
    wanted = [list(pair) for pair in zip(table["shown"], tries, strict=True)]
    reader.until(lambda: reader.page.locator(letters).evaluate_all(told) == wanted, "the letters")


def game_of(reader):
    return reader.page.get_by_role("group", name="guess a letter", exact=True)


@of_either_engine
def test_letters_are_guessed_by_keyboard(address, reading):
    reader = reading(address)
    typed = game_of(reader).get_by_role("textbox", name="guess a letter", exact=True)
    framed = reader.page.locator("[data-passage=guessed] [aria-selected=true]")
    chart = reader.page.locator("[data-picture=game]")
    assert framed.count() == 0  # nothing was guessed, so nothing is told, and there is no chart
    assert chart.is_hidden()
    typed.press_sequentially("THe asnow")
    plays(reader, "the_asnow")
    assert typed.input_value() == ""
    typed.press("7")
    reader.told("A guess must be one of the letters a to z")
    plays(reader, "the_asnow")
    typed.press("Tab")
    reader.page.keyboard.press("Enter")
    plays(reader, "the_asnow.")
    assert framed.inner_text() == "␣"
    assert chart.is_visible()
    reader.reads("1 shown, counted for neither")
    reader.click("Over and over")
    plays(reader, "the_asnow.")  # a scene leaves the game to its player
    typed.press_sequentially("xq")
    reader.reads("not here: q, x")


def test_a_keyboard_that_puts_words_together_guesses_each_letter_once(exported, reading):
    reader = reading((exported / "site" / "perplexity.html").as_uri())
    typed = game_of(reader).get_by_role("textbox", name="guess a letter", exact=True)
    typed.focus()
    keyboard = reader.page.context.new_cdp_session(reader.page)
    for word in ("t", "th", "the"):
        shown = {"text": word, "selectionStart": len(word), "selectionEnd": len(word)}
        keyboard.send("Input.imeSetComposition", shown)
        plays(reader, word)
    keyboard.send("Input.insertText", {"text": "the"})
    reader.until(lambda: typed.input_value() == "", "the word is taken")
    plays(reader, "the")


@pytest.mark.parametrize("touch", [False, True])
@of_either_engine
def test_letters_are_guessed_by_pointer_and_touch(address, reading, touch):
    how = {"jar": "touch", "has_touch": True, "viewport": {"width": 390, "height": 844}}
    reader = reading(address, **how) if touch else reading(address)

    def press(name):
        button = game_of(reader).get_by_role("button", name=name, exact=True)
        (button.tap if touch else button.click)()

    for name in "tahe":
        press(name)
    press("blank")
    plays(reader, "tahe_")
    press("x")
    off = game_of(reader).get_by_role("button", name="x", exact=True)
    reader.until(lambda: off.get_attribute("aria-disabled") == "true", "x is off")
    off.click(force=True)
    press("Show it")
    plays(reader, "tahe_x.")
    reader.click("Undo")
    press("New game")
    plays(reader, "")


@of_either_engine
def test_a_link_holds_a_game(address, reading):
    mark = "#" if address.startswith("file") else "?"
    reader = reading(f"{address}{mark}guesses=the_.xn")
    plays(reader, "the_.xn")
    reader = reading(f"{address}{mark}guesses=thexx", jar="bad")
    reader.told("Guess 5 cannot be “x”")
    plays(reader, "")


@pytest.mark.parametrize("width", [360, 390])
def test_what_is_read_of_a_token_is_whole_in_a_compact_page_on_a_phone(exported, tabs, width):
    page = tabs(viewport={"width": width, "height": 440})
    page.goto(f"{(exported / 'perplexity.html').as_uri()}#view=figure&embed=1")
    page.locator("html[data-ready=true]").wait_for(state="attached")
    page.evaluate("document.documentElement.style.setProperty('--held', '440px')")
    beyond = page.evaluate(
        """() => {
          const reading = [...document.querySelectorAll('[data-reading]')].at(-1);
          const tokens = document.querySelectorAll('[data-passage=tokens] [role=option]');
          return [...tokens].map((one) => {
            one.click();
            one.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
            return [reading.textContent.length, reading.scrollHeight - reading.clientHeight];
          });
        }"""
    )
    page.close()
    assert len(beyond) > 30
    assert min(length for length, _ in beyond) > 40
    assert max(over for _, over in beyond) <= 0
