"""Training as a reader runs it, two distributions to edit, and an infinite loss that says why."""

import math
from functools import partial

import numpy as np
import pytest

import infocore
from app.explorers.cross_entropy.explorer import CrossEntropy
from tests.browser.reader import let_paint
from tests.chapters import by_turns

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(8)
P, START = [0.7, 0.2, 0.1], [0.1, 0.1, 0.8]

of_either_engine = by_turns("address", ["hosted", "file"], indirect=True)


@pytest.fixture
def address(request):
    """The explorer under Python, and as a file of a site, which needs no server."""
    if request.param == "hosted":
        return f"{request.getfixturevalue('hosted')}/cross-entropy?"
    site = request.getfixturevalue("exported") / "site"
    return f"{(site / 'cross-entropy.html').as_uri()}#"


def after(steps):
    """Return q after training steps, from the explorer in Python."""
    return CrossEntropy.compute(**{**CrossEntropy.defaults(), "steps": float(steps)}).controls["q"]


def loss(q):
    return infocore.cross_entropy(P, q)


def step(reader):
    return int(reader.slider("steps of training").input_value())


def both(reader):
    """Return p and q to the last digit."""
    found = reader.probabilities()
    return found[: len(found) // 2], found[len(found) // 2 :]


def is_at(reader, label, one, share):
    title = reader.typed(f"probability of {label} in {one}").get_attribute("title")
    return math.isclose(float(title), share)


@of_either_engine
def test_training_plays_pauses_steps_and_stops_and_is_one_undo(address, reading):
    reader = reading(address)
    assert reader.button("Stop").is_disabled()
    reader.click("Train")
    reader.until(lambda: step(reader) >= 3, "three steps")
    assert reader.button("Train").count() == 0
    reader.click("Pause")
    reader.at_rest()
    here = step(reader)
    let_paint(reader.page, 20)  # a run takes a step a frame
    assert step(reader) == here < 200
    reader.click("Step")
    reader.shows("cross_entropy_pq", loss(after(here + 1)))
    reader.shows("entropy_p", infocore.entropy(P))
    assert both(reader)[1] == pytest.approx(after(here + 1), rel=1e-12)
    reader.click("Train")
    reader.until(lambda: step(reader) > here + 3, "three more steps")
    reader.click("Stop")
    reader.at_rest()
    assert reader.value("cross_entropy_pq") < loss(after(here + 1))
    assert reader.button("Stop").is_disabled()
    assert reader.button("Train").is_enabled()
    reader.click("Undo")
    reader.shows("cross_entropy_pq", loss(START))
    assert step(reader) == 0
    assert reader.button("Undo").is_disabled()


@of_either_engine
def test_training_ends_by_itself_and_its_link_restores_it(address, reading):
    reader = reading(f"{address}steps=190")
    reader.click("Train")
    reader.shows("cross_entropy_pq", loss(after(200)))
    reader.until(lambda: reader.button("Train").is_disabled(), "the end of the run")
    assert reader.button("Train").evaluate("(button) => button === document.activeElement")
    assert reader.button("Step").is_disabled()
    assert reader.button("Stop").is_disabled()
    reader.until(lambda: "steps=200" in reader.page.url, "the end in the address")
    again = reading(reader.page.url)
    assert again.value("cross_entropy_pq") == reader.value("cross_entropy_pq")
    assert both(again) == both(reader)


@of_either_engine
def test_moving_another_control_ends_a_run(address, reading):
    reader = reading(address)
    reader.click("Train")
    reader.until(lambda: step(reader) >= 3, "three steps")
    reader.slider("probability of sun in P").press("ArrowLeft")
    reader.until(lambda: reader.button("Train").count() == 1, "the end of the run")
    reader.until(lambda: step(reader) == 0, "a start from here")
    let_paint(reader.page, 20)  # a run takes a step a frame
    assert step(reader) == 0
    p, q = both(reader)
    assert p[0] == pytest.approx(0.69)
    assert q[0] > 0.1  # where training had brought it


@of_either_engine
def test_with_reduced_motion_training_is_one_step_to_the_end(address, reading):
    reader = reading(address, reduced_motion="reduce")
    steps = []
    reader.page.expose_function("tell", lambda value: steps.append(value))
    reader.page.evaluate("""() => {
        const readout = document.querySelector('[data-readout=cross_entropy_pq]');
        new MutationObserver(() => tell(readout.dataset.value))
            .observe(readout, { attributes: true, attributeFilter: ['data-value'] });
    }""")
    reader.click("Train")
    reader.shows("cross_entropy_pq", loss(after(200)))
    assert len(set(steps)) == 1
    reader.click("Undo")
    reader.shows("cross_entropy_pq", loss(START))


@of_either_engine
def test_a_zero_in_q_shows_infinity_and_the_reason(address, reading):
    reader = reading(address)
    reader.type("probability of rain in Q", "0")
    reader.shows("cross_entropy_pq", math.inf)
    assert reader.readout("kl_pq").text_content() == "∞"
    assert reader.readout("kl_pq").get_attribute("data-value") == "Infinity"
    reason = "q gives 0 to rain, which p can produce, so H(p, q) and D(p‖q) are ∞."
    assert reader.page.locator("figcaption").filter(has_text=reason).is_visible()
    assert reader.button("Train").is_disabled()
    reader.choose("clip at 10⁻¹²", "on")
    clipped = reader.page.get_by_role("img", name="−log q, exact and clipped, against the exponent")
    clipped.wait_for()
    assert reader.page.get_by_text("clipped code counts 39.863 for it").first.is_visible()
    reader.type("probability of rain in Q", "0.1")
    reader.until(partial(is_at, reader, "rain", "Q", 0.1), "0.1 for rain")
    reader.shows("cross_entropy_pq", loss(both(reader)[1]))
    assert "q gives 0 to rain" not in reader.page.locator("body").inner_text()


@of_either_engine
def test_random_typed_states_show_what_infocore_computes(address, reading):
    reader = reading(address)
    for turn in range(2):
        for label in ("sun", "cloud"):
            for one in "PQ":
                share = f"{RNG.uniform(0.01, 0.6):.3f}"
                reader.type(f"probability of {label} in {one}", share)
                reader.until(partial(is_at, reader, label, one, float(share)), share)
        unit, base = (("nats", math.e), ("bits", 2.0))[turn % 2]
        reader.choose("unit", unit)
        p, q = both(reader)
        for name, expected in {
            "entropy_p": infocore.entropy(p, base=base),
            "entropy_q": infocore.entropy(q, base=base),
            "cross_entropy_pq": infocore.cross_entropy(p, q, base=base),
            "cross_entropy_qp": infocore.cross_entropy(q, p, base=base),
            "kl_pq": infocore.kl_divergence(p, q, base=base),
            "kl_qp": infocore.kl_divergence(q, p, base=base),
            "cce": infocore.categorical_cross_entropy(p, q, base=base),
            "bce": infocore.binary_cross_entropy(p[0], q[0], base=base),
        }.items():
            reader.shows(name, expected)


@of_either_engine
def test_every_control_of_both_distributions_has_a_name_of_its_own(address, reading):
    reader = reading(address)
    for label in ("sun", "cloud", "rain"):
        for one in "PQ":
            assert reader.slider(f"probability of {label} in {one}").count() == 1
            assert reader.typed(f"probability of {label} in {one}").count() == 1
        for deed in (f"lock {label}", f"lock {label} in Q", f"rename {label}", f"remove {label}"):
            assert reader.button(deed).count() == 1, deed
    reader.click("lock cloud in Q")
    reader.page.locator('button[aria-label="lock cloud in Q"][aria-pressed=true]').wait_for()
    reader.click("add outcome")
    reader.slider("probability of A in Q").wait_for()
    p, q = both(reader)
    assert (p[3], q) == (pytest.approx(0.25), pytest.approx([0.0667, 0.1, 0.5333, 0.3], abs=1e-4))
