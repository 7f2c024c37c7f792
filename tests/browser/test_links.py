"""Links restore and record a state; no link and no stranger's message breaks a session."""

import json
import urllib.request
from urllib.parse import quote, quote_plus, urlencode

import numpy as np
import pytest

from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS
from tests.browser.reader import FRONT
from tests.chapters import a_third, by_turns
from tests.waits import PATIENCE

pytestmark = pytest.mark.browser

of_either_engine = by_turns("address_of", ["exported", "hosted"], indirect=True)
SLUGS = [explorer.slug for explorer in EXPLORERS]
STATE = {"mu_p": 1 / 3, "sigma_p": 0.1 + 0.2, "mu_q": -4e-300, "sigma_q": 2.5, "unit": "bits"}
SCRIPT = "<script>alert(1)</script>"
HOSTILE = [
    "NaN", "nan", "inf", "-Infinity", "1e308", "-1e308", "1e999", "-1", "", " ", "0x10", "1_000",
    "null", "[]", "{}", "%", "%00", "\x00", "\ud83d\ude00", "١", "9" * 10_000, "x" * 10_000,
    "\u2028" * 40, SCRIPT, f'"{SCRIPT}', f"'-->{SCRIPT}", "</script><img src=x onerror=alert(1)>",
    "{{1337*7331}}", "${7*7}", "../../etc/passwd", "0.5,0.5", "1," * 11, "0.5", ",,,",
    "1e308,1e308", "0,0,0", "-0.1,1.1", "NaN,1", "a,a,a,a", "\x00,\x01", ",".join([SCRIPT] * 4),
    "bits", "BITS",
]  # fmt: skip
STRANGE_KEYS = [
    "", "name", "frame", "param", "__class__", "constructor", "__proto__", "seq", "explorer",
    "reset", "swap:0", "p:0", "p:-1", "p:99", "p:٣", "mu_p:0", "labels:0", "unit:0", "remove:0",
    "lock:7", "rename:0", "add", SCRIPT, "k" * 3000, "\ud83d\ude00",
]  # fmt: skip


def mutated_links(count, seed=11):
    """Return links that are each wrong somewhere, the same ones on every run."""
    rng = np.random.default_rng(seed)
    links = []
    for turn in range(count):
        explorer = EXPLORERS[turn % len(EXPLORERS)]
        names = [*explorer.parameters(), STRANGE_KEYS[turn % len(STRANGE_KEYS)]]
        chosen = [*rng.choice(len(names), size=rng.integers(1, 4)), -1]
        asked = [(names[i], HOSTILE[rng.integers(len(HOSTILE))]) for i in chosen]
        for place in (turn, turn + count):
            asked.append((names[place % len(names)], HOSTILE[place % len(HOSTILE)]))
        links.append((explorer, urlencode(asked, errors="surrogatepass")))
    return links


LINKS = mutated_links(25)  # each hostile value and each strange key at least once


def test_opening_a_link_restores_every_digit(hosted, reading):
    reader = reading(f"{hosted}/kl?{urlencode(STATE)}")
    exact = KL.compute(**{**KL.defaults(), **STATE}).readouts
    for name in ("kl_pq", "kl_qp", "js", "ratio"):
        assert reader.value(name) == exact[name]
    assert reader.typed("width σ of P").get_attribute("title") == repr(0.1 + 0.2)
    assert reader.page.locator("[data-messages]").is_hidden()


def test_labels_and_locks_come_from_a_link(hosted, reading):
    reader = reading(f"{hosted}/entropy?p=0.5,0.3,0.2&labels=a,b,c&locked=a&unit=bits")
    exact = Entropy.compute(
        **Entropy.defaults() | {"p": [0.5, 0.3, 0.2], "labels": ["a", "b", "c"], "locked": ["a"]}
    ).readouts
    assert reader.value("entropy") == exact["entropy"]
    assert reader.button("lock a").get_attribute("aria-pressed") == "true"
    assert reader.button("lock b").get_attribute("aria-pressed") == "false"


def test_moving_a_slider_updates_the_address_without_a_history_entry(hosted, reading):
    reader = reading(f"{hosted}/kl?theme=dark")
    before = reader.page.evaluate("history.length")
    reader.drag("mean μ of P", 0.4, 1)
    reader.page.wait_for_function("() => /mu_p=4&/.test(location.search)")
    assert reader.page.evaluate("history.length") == before
    assert "theme=dark" in reader.page.url
    shown = reader.value("kl_pq")
    assert reading(reader.page.url).value("kl_pq") == shown


def test_an_embedded_page_is_bare_and_leaves_its_address_alone(hosted, reading):
    reader = reading(f"{hosted}/kl?embed=1&mu_p=1")
    for part in ("header", ".story"):
        assert reader.page.locator(part).is_hidden()
    before, length = reader.value("kl_pq"), reader.page.evaluate("history.length")
    reader.slider("mean μ of P").press("End")
    reader.moves("kl_pq", before)
    reader.page.wait_for_timeout(600)  # longer than a page takes to write its address
    assert reader.page.url == f"{hosted}/kl?embed=1&mu_p=1"
    assert reader.page.evaluate("history.length") == length


@pytest.mark.parametrize(("theme", "ground"), [("dark", "rgb(20, 23, 26)"),
                                               ("light", "rgb(251, 251, 250)")])  # fmt: skip
def test_a_link_chooses_the_theme_against_the_systems(hosted, reading, theme, ground):
    other = "light" if theme == "dark" else "dark"
    page = reading(f"{hosted}/entropy?theme={theme}", scheme=other).page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_of_a_partly_invalid_link_the_valid_part_applies_with_a_message(hosted, reading):
    reader = reading(f"{hosted}/kl?mu_p=2&sigma_p=0&sigma_q=abc&unit=bits&nonsense=1")
    reader.told("width σ of P must lie between 0.1 and 4")
    reader.told("width σ of Q must be a number")
    reader.told("nothing called “nonsense”")
    state = {**KL.defaults(), "mu_p": 2.0, "unit": "bits"}
    assert reader.value("kl_pq") == KL.compute(**state).readouts["kl_pq"]


def test_probabilities_that_do_not_add_up_are_rescaled_with_a_note(hosted, reading):
    reader = reading(f"{hosted}/entropy?p=1,1,2&unit=bits")
    reader.told("They added up to 4; rescaled to 1.")
    assert reader.value("entropy") == 1.5


def test_no_mutated_link_breaks_a_page_or_comes_back_unescaped(hosted, server_log):
    for explorer, query in LINKS:
        url = f"{hosted}/{explorer.slug}?{query}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            html = answer.read().decode()
        assert answer.status == 200
        assert f'data-explorer="{explorer.slug}"' in html, url[:300]
        assert "Traceback" not in html
        for raw in (SCRIPT, "<img src=x", "9801547"):
            assert raw not in html, url[:300]
    assert "Traceback" not in server_log.read_text(errors="replace")


@pytest.mark.parametrize("turn", range(0, 25, 5))
def test_a_mutated_link_gives_a_usable_page_with_a_plain_message(hosted, reading, turn):
    explorer, query = LINKS[turn]
    reader = reading(f"{hosted}/{explorer.slug}?{query}")
    for text in reader.page.locator("[data-messages] li").all_text_contents():
        assert text.endswith(".")
        assert len(text) < 200
        assert not any(word in text for word in ("Error", "Exception", "Traceback", "object at"))
    before = reader.values()
    slider = reader.page.get_by_role("slider").first
    slider.press("Home")
    slider.press("PageUp")
    reader.until(lambda: reader.values() != before, "a readout has moved")


@pytest.mark.parametrize(("slug", "size"), [("kl", 4000), ("kl", 40_000), ("entropy", 10_000)])
def test_a_very_long_link_gives_a_usable_page(hosted, reading, slug, size):
    noise = "".join(map(chr, np.random.default_rng(size).integers(0x4E00, 0x9FFF, size // 9)))
    reader = reading(f"{hosted}/{slug}?{quote(noise)}={quote_plus('9' * (size // 9))}")
    assert reader.page.locator("[data-messages] li").count() >= 1


def test_markup_in_names_is_text(hosted, reading):
    label = "<img src=x onerror=a()>"
    reader = reading(f"{hosted}/entropy?p=0.5,0.5&labels={quote(label)},b")
    assert reader.slider(f"probability of {label}").count() == 1
    assert reader.page.locator("main img").count() == 0


STRANGERS_STATES = [
    "NaN", "'text'", "[1, 2]", "1e308", "null", "({})", "({changes: 5})",
    "({seq: NaN, changes: [1]})",
    "({seq: 'x', changes: [['mu_p', NaN], ['mu_p', 1e308], ['p', 'x'], ['p:0', [1]]]})",
    "({seq: 1, changes: [['unit', ['bits']], ['unit', {a: 1}], ['temperature', null], [1, 2]]})",
    "({seq: -1, changes: [['__class__', 'x'], ['frame', {}], ['labels:0', null], ['p', [[]]]]})",
    "({seq: 2, changes: Array(18).fill(['nonsense', '<b>'.repeat(1000)])})",
]  # fmt: skip


@a_third("slug", SLUGS)
def test_a_strangers_message_leaves_the_last_good_state_and_the_session(hosted, reading, slug):
    reader = reading(f"{hosted}/{slug}")
    name = next(one for one in EXPLORERS if one.slug == slug).readouts[0].name
    before, shown = reader.answered(), reader.value(name)
    for state in [*STRANGERS_STATES, "({seq: 99, changes: []})"]:
        reader.page.evaluate(f"(state) => {{ {FRONT}.state = eval(state); }}", state)
    reader.at_rest()  # the last message is none of a stranger's, and answered after all of theirs
    assert (reader.answered(), reader.value(name)) == (before, shown)
    reader.page.get_by_role("slider").first.press("End")
    reader.until(lambda: reader.answered() != before, "an answer to the slider")
    for text in reader.errors:  # Bokeh's own words for what has the wrong type
        assert "failed to validate" in text, text
    reader.errors.clear()


def test_sessions_do_not_see_each_other(hosted, reading):
    one, other = reading(f"{hosted}/kl"), reading(f"{hosted}/kl")
    before = one.value("kl_pq")
    one.slider("mean μ of P").press("End")
    one.moves("kl_pq", before)
    assert other.value("kl_pq") == before
    assert json.dumps(before) == other.readout("kl_pq").get_attribute("data-value")


# The unit


@of_either_engine
def test_a_unit_chosen_by_hand_follows_to_the_next_page_unless_its_link_names_one(
    address_of, reading
):
    reader = reading(address_of("entropy?unit=bits"))
    page, shown = reader.page, reader.page.locator(".readout .unit-of").first
    reader.open(address_of("kl"))
    assert shown.inner_text() == "nats"  # its own: a link's unit was no choice by hand
    reader.choose("unit", "bits")
    reader.until(lambda: shown.inner_text() == "bits", "bits")
    page.goto("about:blank")
    reader.open(address_of("kl"))
    reader.until(lambda: shown.inner_text() == "bits", "bits again")
    page.goto("about:blank")
    reader.open(address_of("kl?unit=nats"))
    assert shown.inner_text() == "nats"
    page.evaluate("localStorage.removeItem('unit')")


@of_either_engine
def test_the_scene_that_the_page_is_in_is_marked(address_of, reading):
    reader = reading(address_of("kl"))
    marked = reader.page.locator("[data-action=preset][aria-pressed=true]")
    assert marked.count() == 0
    reader.click("The tail")
    reader.until(lambda: marked.all_inner_texts() == ["The tail"], "its mark")
    reader.choose("unit", "bits")
    reader.until(lambda: reader.button("Undo").is_enabled(), "another unit")
    assert marked.all_inner_texts() == ["The tail"]
    reader.type("mean μ of P", "0.5")
    reader.until(lambda: marked.count() == 0, "no mark")
