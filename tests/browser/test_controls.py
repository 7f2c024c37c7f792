"""Every control: by name, mouse, keyboard and typed number, with the numbers infocore gives."""

import math

import numpy as np
import pytest

import infocore
from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS
from tests.chapters import a_third, by_turns

pytestmark = pytest.mark.browser

KL_SLIDERS = [
    "mean μ of P", "width σ of P", "mean μ of Q", "width σ of Q",
]  # fmt: skip
SLUGS = [explorer.slug for explorer in EXPLORERS]
RNG = np.random.default_rng(4)
of_either_engine = by_turns("address_of", ["hosted", "exported"], indirect=True)


def kl_numbers(mu_p, sigma_p, mu_q, sigma_q, base):
    """Return what the page must show, by infocore's closed forms."""
    p, q = infocore.Gaussian(mu_p, sigma_p), infocore.Gaussian(mu_q, sigma_q)
    kl_pq = infocore.gaussian_kl(p, q, base=base)
    kl_qp = infocore.gaussian_kl(q, p, base=base)
    return {
        "kl_pq": kl_pq, "kl_qp": kl_qp, "ratio": kl_qp / kl_pq,
        "js": infocore.gaussian_jensen_shannon(p, q, base=base),
    }  # fmt: skip


def entropy_numbers(p, base):
    h, code = infocore.entropy(p, base=base), infocore.huffman_code(p)
    lengths = [len(word) if word is not None else math.inf for word in code]
    return {
        "entropy": h,
        "max_entropy": math.log(len(p), base),
        "efficiency": h / math.log(len(p), base),
        "effective_outcomes": base**h,
        "huffman_length": infocore.expected_length(p, lengths),
        "shannon_length": infocore.expected_length(p, infocore.shannon_code_lengths(p)),
        "kraft_sum": infocore.kraft_sum(lengths),
        "kraft_sum_shannon": infocore.kraft_sum(infocore.shannon_code_lengths(p)),
    }


@of_either_engine
def test_the_kl_page_names_every_control(address_of, reading):
    reader = reading(address_of("kl"))
    page = reader.page
    for name in KL_SLIDERS:
        assert reader.slider(name).count() == reader.typed(name).count() == 1
    order = page.get_by_role("slider").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert order == KL_SLIDERS
    assert page.get_by_role("radiogroup", name="unit").get_by_role("radio").count() == 2
    for name in ["Swap P and Q", "Reset", "Undo", *KL.presets]:
        assert reader.button(name).count() == 1, name


@of_either_engine
def test_the_entropy_page_names_every_control(address_of, reading):
    reader = reading(address_of("entropy"))
    for label in ("sun", "cloud", "rain", "snow"):
        assert reader.slider(f"probability of {label}").count() == 1
        assert reader.typed(f"probability of {label}").count() == 1
        for deed in ("lock", "rename", "remove"):
            assert reader.button(f"{deed} {label}").count() == 1, (deed, label)
    assert reader.slider("temperature").count() == reader.typed("temperature").count() == 1
    assert reader.button("add outcome").count() == 1


@of_either_engine
def test_keys_move_a_slider_and_the_numbers(address_of, reading):
    reader = reading(address_of("kl?mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&unit=nats"))
    slider = reader.slider("mean μ of P")
    slider.focus()
    for key, mu in [
        ("ArrowRight", 0.1), ("ArrowUp", 0.2), ("Shift+ArrowRight", 0.21), ("ArrowLeft", 0.11),
        ("Shift+ArrowDown", 0.1), ("Home", -4), ("End", 4), ("Home", -4), ("PageUp", -3),
        ("PageDown", -4),
    ]:  # fmt: skip
        slider.press(key)
        reader.shows("kl_pq", kl_numbers(mu, 1, 1, 1.5, math.e)["kl_pq"])
        assert float(slider.input_value()) == pytest.approx(mu)


@pytest.mark.parametrize(("slug", "name", "step"), [("kl", "mean μ of P", 0.1),
                                                    ("entropy", "temperature", 0.05)])  # fmt: skip
def test_fast_key_presses_lose_no_step(hosted, reading, slug, name, step):
    reader = reading(f"{hosted}/{slug}")
    slider = reader.slider(name)
    before = float(slider.input_value())
    slider.focus()
    for _ in range(40):
        reader.page.keyboard.press("ArrowRight")
    reader.at_rest()
    assert float(slider.input_value()) == pytest.approx(before + 40 * step)


LATE = """window.WebSocket = class extends WebSocket {
  set onmessage(take) { super.onmessage = (event) => setTimeout(take, 700, event); }
};"""


def test_keys_lose_no_step_where_answers_come_late(hosted, reading):
    reader = reading(f"{hosted}/entropy")
    reader.page.add_init_script(LATE)
    slider = reader.open(f"{hosted}/entropy").slider("temperature")
    slider.focus()
    for _ in range(5):
        reader.page.keyboard.press("ArrowRight")
        reader.page.wait_for_timeout(400)  # the answer to an earlier step comes in between
    reader.at_rest()
    assert float(slider.input_value()) == pytest.approx(1.25)


@a_third("slug", SLUGS)
def test_every_slider_goes_from_end_to_end_in_a_hundred_presses(hosted, reading, slug):
    reader = reading(f"{hosted}/{slug}")
    for slider in reader.page.get_by_role("slider").all():
        low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
        at = slider.evaluate("""(slider) => {
            const press = (key) => slider.dispatchEvent(
                new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
            slider.focus();
            press('Home');
            const start = slider.valueAsNumber;
            for (let i = 0; i < 100; i += 1) press('ArrowRight');
            return [start, slider.valueAsNumber];
        }""")
        assert at == [low, high], slider.get_attribute("aria-label")


@of_either_engine
def test_a_fraction_or_a_power_is_typed_as_a_number(address_of, reading):
    reader = reading(address_of("kl?mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&unit=nats"))
    for text, number in (
        ("1/3", 1 / 3), (" 2^-3 ", 0.125), ("−.5", -0.5), ("-3/2", -1.5), ("1e-3", 0.001),
        ("3.", 3),
    ):  # fmt: skip
        reader.type("mean μ of P", text)
        reader.shows("kl_pq", kl_numbers(number, 1, 1, 1.5, math.e)["kl_pq"])
        assert float(reader.typed("mean μ of P").get_attribute("title")) == number


@of_either_engine
def test_an_arrow_in_a_typed_number_steps_it(address_of, reading):
    reader = reading(address_of("kl?mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&unit=nats"))
    reader.typed("mean μ of P").press("ArrowUp")
    reader.shows("kl_pq", kl_numbers(0.1, 1, 1, 1.5, math.e)["kl_pq"])
    reader.typed("mean μ of P").press("Shift+ArrowDown")
    reader.shows("kl_pq", kl_numbers(0.09, 1, 1, 1.5, math.e)["kl_pq"])


def test_a_number_selected_to_be_typed_over_stays_so_while_the_answer_is_written(hosted, reading):
    reader = reading(f"{hosted}/kl")
    typed = reader.typed("mean μ of P")
    typed.focus()
    typed.evaluate("""(box) => {
      box.value = '2.0';
      for (const name of ['input', 'change']) box.dispatchEvent(new Event(name));
      box.select();
    }""")
    reader.until(lambda: typed.input_value() == "2", "the answer is written")
    reader.page.keyboard.type("-1.5")
    assert typed.input_value() == "-1.5"


def test_random_typed_states_show_what_infocore_computes(hosted, reading):
    reader = reading(f"{hosted}/kl")
    for turn in range(6):
        state = [*RNG.uniform(-4, 4, 2), *RNG.uniform(0.1, 4, 2)]
        mu_p, mu_q, sigma_p, sigma_q = (round(float(number), 2) for number in state)
        for name, number in zip(KL_SLIDERS, (mu_p, sigma_p, mu_q, sigma_q), strict=True):
            reader.type(name, str(number))
        unit = ("bits", "nats")[turn % 2]
        reader.choose("unit", unit)
        base = {"bits": 2, "nats": math.e}[unit]
        numbers = kl_numbers(mu_p, sigma_p, mu_q, sigma_q, base)
        for name, number in numbers.items():
            reader.shows(name, number)


def test_random_typed_probabilities_show_what_infocore_computes(hosted, reading):
    reader = reading(f"{hosted}/entropy?unit=bits")
    for turn in range(4):
        for label in ("sun", "cloud", "rain"):
            before = reader.value("entropy")
            reader.type(f"probability of {label}", f"{RNG.uniform(0, 0.9):.3f}")
            reader.moves("entropy", before)
        unit, base = (("nats", math.e), ("bits", 2.0))[turn % 2]
        before = reader.value("max_entropy")
        reader.choose("unit", unit)
        reader.moves("max_entropy", before)
        for name, number in entropy_numbers(reader.probabilities(), base).items():
            reader.shows(name, number)


@of_either_engine
def test_an_invalid_typed_number_is_refused_and_the_last_good_one_restored(address_of, reading):
    reader = reading(address_of("kl"))
    before = reader.value("kl_pq")
    for text in ("99", "-4.5", "1e308", "", "1/0", "0/0", "1,5", "2^9999", "1/2/3", "x"):
        reader.type("mean μ of P", text)
        reader.told("mean μ of P must")
        reader.page.wait_for_function(
            "() => document.querySelector('.controls input[role=spinbutton]').value === '-0.5'"
        )
        assert reader.value("kl_pq") == before
    reader.type("mean μ of P", "0.25")
    reader.moves("kl_pq", before)
    assert reader.page.locator("[data-messages]").is_hidden()


@of_either_engine
def test_undo_brings_back_the_state_before_a_preset(address_of, reading):
    reader = reading(address_of("kl?mu_p=0.5&sigma_q=2&unit=bits"))
    before = reader.value("kl_pq")
    assert reader.button("Undo").is_disabled()
    reader.click("The tail")
    reader.shows("kl_pq", (49.5 - math.log(10)) / math.log(2))
    reader.click("Undo")
    reader.shows("kl_pq", before)
    assert reader.button("Undo").is_disabled()
    assert reader.slider("width σ of Q").input_value() == "2"
    reader.click("Redo")
    reader.shows("kl_pq", (49.5 - math.log(10)) / math.log(2))
    reader.click("Undo")
    reader.shows("kl_pq", before)
    reader.click("Reset")
    reader.shows("kl_pq", KL.compute(**KL.defaults()).readouts["kl_pq"])
    reader.click("Undo")
    reader.shows("kl_pq", before)


def test_a_drag_is_one_step_of_undo_and_a_new_one_ends_redo(hosted, reading):
    reader = reading(f"{hosted}/kl?mu_p=0.5&sigma_q=2&unit=bits")
    numbers = [reader.value("kl_pq")]
    for name in ("mean μ of P", "width σ of Q"):
        reader.drag(name, 0.5, 0.8)
        numbers.append(reader.moves("kl_pq", numbers[-1]))
        reader.at_rest()
        numbers[-1] = reader.value("kl_pq")
    for number in (numbers[1], numbers[0]):
        reader.page.keyboard.press("Control+z")
        reader.shows("kl_pq", number)
    assert reader.button("Undo").is_disabled()
    reader.page.keyboard.press("Control+Shift+z")
    reader.shows("kl_pq", numbers[1])
    reader.type("mean μ of Q", "-2")
    reader.moves("kl_pq", numbers[1])
    assert reader.button("Redo").is_disabled()
    reader.click("Undo")
    reader.shows("kl_pq", numbers[1])
    assert reader.button("Undo").evaluate("(button) => button === document.activeElement")


@pytest.mark.parametrize(
    ("slug", "name", "of"),
    [("entropy", "probability of sun", "[data-control=p]"),
     ("cross-entropy", "probability of sun in Q", "[data-control=q]")],
)  # fmt: skip
def test_a_probability_pulled_to_one_and_back_leaves_the_others_in_proportion(
    hosted, reading, slug, name, of
):
    reader = reading(f"{hosted}/{slug}?p=0.5,0.25,0.15,0.1&q=0.5,0.25,0.15,0.1&labels=sun,b,c,d")
    slider, mouse = reader.slider(name), reader.page.mouse
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    for part in (1.1, 0.5):
        mouse.move(box["x"] + part * box["width"], middle, steps=15)
        reader.at_rest()
    mouse.up()
    reader.at_rest()
    titles = reader.page.locator(f"{of} [role=spinbutton]").evaluate_all(
        "all => all.map((one) => Number(one.title))"
    )
    rest = 1 - titles[0]
    assert titles[1:] == pytest.approx([rest * share for share in (0.5, 0.3, 0.2)], rel=1e-12)


def test_a_page_on_ones_own_computer_says_that_its_link_opens_nowhere_else(hosted, reading):
    reader = reading(f"{hosted}/kl")
    assert reader.page.get_by_text("so its link opens on no other").is_visible()


@of_either_engine
def test_a_ratio_below_one_says_how_many_times_larger_the_other_is(address_of, reading):
    reader = reading(address_of("kl?mu_p=0&sigma_p=1&mu_q=0&sigma_q=0.1&unit=nats"))
    exact = kl_numbers(0, 1, 0, 0.1, math.e)
    reader.shows("ratio", exact["ratio"])
    larger = exact["kl_pq"] / exact["kl_qp"]
    assert reader.readout("ratio").text_content() == f"1/{larger:.2f}"


@of_either_engine
def test_every_preset_shows_its_numbers_and_keeps_the_unit(address_of, reading):
    reader = reading(address_of("kl?unit=bits"))
    for name, state in KL.presets.items():
        reader.click(name)
        exact = KL.compute(**{**KL.defaults(), **state, "unit": "bits"}).readouts
        for readout in ("kl_pq", "kl_qp", "ratio", "js"):
            reader.shows(readout, exact[readout])
    reader.click("Equal")
    reader.shows("ratio", math.nan)
    reader.until(lambda: reader.readout("ratio").text_content() == "–", "there is no ratio")


@of_either_engine
def test_swap_exchanges_both_numbers(address_of, reading):
    reader = reading(address_of("kl"))
    forward, backward = reader.value("kl_pq"), reader.value("kl_qp")
    reader.click("Swap P and Q")
    reader.shows("kl_pq", backward)
    reader.shows("kl_qp", forward)


@of_either_engine
def test_a_locked_outcome_keeps_its_probability_under_a_drag(address_of, reading):
    reader = reading(address_of("entropy"))
    reader.click("lock rain")
    reader.page.locator('button[aria-label="lock rain"][aria-pressed=true]').wait_for()
    before = reader.value("entropy")
    reader.drag("probability of sun", 0.5, 0.99)
    reader.moves("entropy", before)
    reader.told("What is locked leaves room for 0.85 at most")
    sun, _, rain, _ = reader.probabilities()
    assert rain == 0.15
    assert sun == pytest.approx(0.85)
    reader.shows("entropy", infocore.entropy([0.85, 0, 0.15, 0]))


@of_either_engine
def test_outcomes_can_be_renamed_removed_and_added(address_of, reading):
    reader = reading(address_of("entropy"))
    reader.click("rename sun")
    reader.page.get_by_role("textbox", name="new name").fill("sunshine")
    reader.page.keyboard.press("Enter")
    reader.slider("probability of sunshine").wait_for()
    reader.click("remove snow")
    reader.slider("probability of snow").wait_for(state="detached")
    assert reader.probabilities() == pytest.approx([0.5 / 0.9, 0.25 / 0.9, 0.15 / 0.9])
    reader.shows("entropy", infocore.entropy(reader.probabilities()))
    reader.click("add outcome")
    reader.slider("probability of A").wait_for()
    assert reader.probabilities()[3] == pytest.approx(0.25)
    reader.shows("max_entropy", 2)


@of_either_engine
def test_escape_leaves_a_name_as_it_was(address_of, reading):
    reader = reading(address_of("entropy"))
    reader.click("rename sun")
    reader.page.get_by_role("textbox", name="new name").fill("moon")
    reader.page.keyboard.press("Escape")
    reader.button("rename sun").wait_for()
    before = reader.value("entropy")
    reader.click("remove snow")  # its answer would bring the new name along
    reader.moves("entropy", before)
    assert reader.slider("probability of sun").count() == 1


@of_either_engine
def test_two_to_ten_outcomes_are_the_limits(address_of, reading):
    reader = reading(address_of("entropy?p=0.5,0.5"))
    assert reader.button("remove A").is_disabled()
    for count in range(3, 11):
        reader.click("add outcome")
        reader.shows("max_entropy", math.log2(count))
    reader.click("add outcome")
    reader.told("10 outcomes are the most")


@of_either_engine
def test_the_unit_switch_changes_numbers_labels_and_snippet(address_of, reading):
    reader = reading(address_of("entropy"))
    bits = reader.value("entropy")
    code = reader.page.locator("[data-code]")
    assert "base=2" in code.text_content()
    reader.choose("unit", "nats")
    reader.shows("entropy", bits * math.log(2))
    assert "base=math.e" in code.text_content()
    assert reader.page.locator(".readout .unit-of").first.text_content() == "nats"


def test_on_a_phone_buttons_of_a_row_are_44_px_and_numbers_are_seen_whole(static_host, reading):
    page = reading(f"{static_host}/site/entropy.html", width=390).page
    for button in page.locator(".share button.icon").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page = reading(f"{static_host}/site/kl.html#mu_p=-0.2163&mu_q=-3.4567", width=390).page
    fields = page.locator(".controls input[role=spinbutton]:visible")
    assert fields.count() == 4
    assert (
        fields.evaluate_all("all => all.map((one) => one.scrollWidth <= one.clientWidth)")
        == [True] * 4
    )
    page = reading(f"{static_host}/site/entropy.html#p=0.21637,0.7836&labels=a,b", width=390).page
    fields = page.locator(".share input[role=spinbutton]")
    assert fields.evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth)")
