"""Knobs on the pictures in a real browser: pulled by mouse and by finger, under both engines."""

import math
from itertools import product

import pytest

from tests.browser.reader import let_paint
from tests.chapters import by_turns, taken

pytestmark = pytest.mark.browser
of_either_engine = by_turns("address_of", ["exported", "hosted"], indirect=True)

# page and state, picture, knob and its axes, px by which it is pulled, and the slider that follows
PULLS = {
    "peak": ("kl?mu_p=-1", "densities", "mu_p", "x", (40, 0), "mean μ of P"),
    "shoulder": ("kl?sigma_q=1.6", "densities", "sigma_q", "x", (40, 0), "width σ of Q"),
    "peak of the fit": ("mode-fit?", "densities", "mu", "x", (30, 0), "mean μ of Q"),
    "shoulder of the fit": ("mode-fit?", "densities", "sigma", "x", (-20, 0), "width σ of Q"),
    "marker on the map": ("mode-fit?", "map", "mu", "xy", (30, -20), "width σ of Q"),
    "edge of a bar": ("entropy?", "areas", "p:0", "x", (30, 0), "probability of sun"),
    "top of a bar": ("entropy?", "areas", "p:1", "y", (0, 12), "probability of cloud"),
    "edge beside a lock": (
        "entropy?locked=rain", "areas", "p:1", "x", (20, 0), "probability of cloud"),
    "marker of the coin": (
        "entropy?p=0.3,0.7&labels=a,b", "coin", "p:0", "x", (30, 0), "probability of a"),
    "edge of a box": ("cross-entropy?", "boxes", "p:0", "x", (-40, 0), "probability of sun in P"),
    "top of a box": ("cross-entropy?", "boxes", "q:0", "y", (0, 14), "probability of sun in Q"),
    "marker of the loss": (
        "cross-entropy?", "losses", "q:0", "x", (60, 0), "probability of sun in Q"),
    "lower border of a row": (
        "mutual-information?", "mosaic", "height:0", "y", (0, 12), "probability of sun"),
    "division of a row": (
        "mutual-information?", "mosaic", "division:0", "x", (-20, 0),
        "probability of no umbrella given sun"),
    "level of a reward": ("preferences?", "answers", "rewards:2", "y", (0, -20), "reward of yes"),
    "marker of the frontier": (
        "preferences?beta=0.1", "frontier", "beta", "x", (-40, 0), "β, price of a nat"),
    "cut": ("decision-tree?", "counts", "threshold", "x", (40, 0), "cut"),
}  # fmt: skip


def knob_of(reader, picture, key, axes):
    found = f'[data-figure="{picture}"] [data-handle="{key}"][data-axis="{axes}"]'
    knob = reader.page.locator(found)
    knob.scroll_into_view_if_needed()
    return knob


def middle(knob):
    box = knob.bounding_box()
    assert [box["width"], box["height"]] == pytest.approx([44, 44], abs=0.01)  # enough to touch
    return box["x"] + 22, box["y"] + 22


class Mouse:
    """A hand on a mouse."""

    def __init__(self, page):
        self.mouse = page.mouse

    def press(self, at):
        self.mouse.move(*at)
        self.mouse.down()

    def move(self, at):
        self.mouse.move(*at)

    def lift(self):
        self.mouse.up()


class Finger:
    """A finger on the screen, by the browser's own protocol."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)

    def touch(self, kind, *points):
        said = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": said})

    def press(self, at):
        self.touch("touchStart", at)

    def move(self, at):
        self.touch("touchMove", at)

    def lift(self):
        self.touch("touchEnd")


def pull(reader, hand, start, far, steps=8):
    """Pull from a place by so many pixels, and keep hold; return where the hand is."""
    hand.press(start)
    for step in range(1, steps + 1):
        end = tuple(at + by * step / steps for at, by in zip(start, far, strict=True))
        hand.move(end)
    reader.at_rest()
    return end


def opened(reading, address, kind):
    phone = {"width": 390, "has_touch": True} if kind is Finger else {}
    reader = reading(address, **phone)
    return reader, kind(reader.page)


def hands():
    """Yield each knob with either hand on either engine's page.

    A run pulls every other knob in one of the four ways: each kind of picture and of axis is among
    them, and ``tests/contract/test_handles.py`` holds the law of every knob to Python's numbers.
    """
    ways = list(product((Mouse, Finger), ("exported", "hosted")))
    for place, name in enumerate(PULLS):
        for number, (kind, engine) in enumerate(ways):
            always = place % 2 == 0 and number == place // 2 % len(ways)
            yield taken((name, kind, engine), always)


@pytest.mark.parametrize(("name", "kind", "address_of"), list(hands()), indirect=["address_of"])
def test_a_knob_is_pulled_and_stays_under_the_hand(reading, address_of, name, kind):
    page, picture, key, axes, far, slider = PULLS[name]
    reader, hand = opened(reading, address_of(page), kind)
    moved = reader.slider(slider)
    before = moved.input_value()
    knob = knob_of(reader, picture, key, axes)
    end = pull(reader, hand, middle(knob), far)
    reader.until(lambda: moved.input_value() != before, f"{slider} follows")
    reader.at_rest()
    for axis in axes:  # along the curve or the bar it may move otherwise, too
        assert middle(knob)["xy".index(axis)] == pytest.approx(end["xy".index(axis)], abs=2)
    hand.lift()
    reader.at_rest()
    assert moved.input_value() != before
    reader.click("Undo")
    reader.until(lambda: moved.input_value() == before, "one Undo takes all of it back")
    assert reader.button("Undo").get_attribute("aria-disabled") == "true"


SCALED = """(name) => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const plot = models.find((model) => model.tags?.includes(`picture:${name}`));
  const view = Bokeh.index.find_one(plot);
  const box = view.el.getBoundingClientRect();
  return [box.left + view.frame.x_scale.compute(-1), box.top + view.frame.y_scale.compute(0.3989)];
}"""


@of_either_engine
def test_a_knob_is_where_its_curve_is_after_the_window_has_changed(reading, address_of):
    reader = reading(address_of("kl?mu_p=-1&sigma_p=1"))
    for width in (1280, 700, 390):
        reader.page.set_viewport_size({"width": width, "height": 844})
        knob = knob_of(reader, "densities", "mu_p", "x")
        reader.until(
            lambda knob=knob: (
                middle(knob) == pytest.approx(reader.page.evaluate(SCALED, "densities"), abs=1)
            ),
            lambda knob=knob: f"{middle(knob)}: {reader.page.evaluate(SCALED, 'densities')}",
        )
        inside = "document.documentElement.scrollWidth <= innerWidth"
        assert reader.page.evaluate(inside), width


@pytest.mark.parametrize("key", ["mu_p", "sigma_p", "mu_q", "sigma_q"])
def test_knobs_of_curves_that_are_the_same_stand_apart(reading, static_host, key):
    reader = reading(f"{static_host}/site/kl.html?mu_p=0&sigma_p=0.1&mu_q=0&sigma_q=0.1")
    hand = Mouse(reader.page)
    before = reader.page.url
    start = middle(knob_of(reader, "densities", key, "x"))
    end = pull(reader, hand, start, (50, 0))
    assert middle(knob_of(reader, "densities", key, "x"))[0] == pytest.approx(end[0], abs=2)
    hand.lift()
    reader.until(lambda: reader.page.url != before, "the link has the new state")
    names = ("mu_p", "sigma_p", "mu_q", "sigma_q")
    asked = dict(one.split("=") for one in reader.page.url.split("#")[1].split("&"))
    had = dict(zip(names, ("0", "0.1", "0", "0.1"), strict=True))
    assert [name for name in names if asked[name] != had[name]] == [key]


KNOBS = """() => [...document.querySelectorAll('[data-figure=mosaic] [data-handle]:not([hidden])')]
  .map((knob) => {
    const { x, y, width, height } = knob.getBoundingClientRect();
    return [`${knob.dataset.handle}${knob.dataset.axis}`, x + width / 2, y + height / 2];
  })"""
HOMES = """() => { // where the knobs of a table of 5 rows and 5 columns belong
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const view = Bokeh.index.find_one(models.find((one) => one.tags?.includes('picture:mosaic')));
  const table = (known) => models.find(({ name }) => name === known).data;
  const [rows, cells] = [table('rows'), table('cells')];
  const box = view.el.getBoundingClientRect();
  const { x_scale: across, y_scale: down } = view.frame;
  const home = (key, x, y) => [key, box.left + across.compute(x), box.top + down.compute(y)];
  const heights = Array.from(rows.place, (at, i) => home(`height:${at}y`, -0.055, rows.bottom[i]));
  return [
    ...heights.slice(0, -1),
    ...Array.from(cells.place, (at, i) => home(`division:${at}x`, cells.right[i], cells.centre[i]))
      .filter((_, i) => i % 5 < 4),
  ];
}"""


def test_knobs_on_thin_rows_are_away_until_a_mouse_is_near(reading, static_host):
    address = f"{static_host}/site/mutual-information.html#rows=5&columns=5"
    page = reading(address, width=390).page
    seen = page.evaluate(KNOBS)
    assert 8 <= len(seen) <= 24
    for one, (_, x, y) in enumerate(seen):
        assert all(math.hypot(x - u, y - v) >= 24 for _, u, v in seen[:one])
    homes = page.evaluate(HOMES)
    assert len(homes) == 24
    for key, x, y in homes:
        page.mouse.move(x, y)
        let_paint(page, 2)
        near = [name for name, u, v in page.evaluate(KNOBS) if math.hypot(x - u, y - v) < 12]
        assert near, key
    now = page.evaluate(KNOBS)
    key, x, y = next(
        (key, x, y) for key, x, y in homes if all(math.hypot(x - u, y - v) > 13 for _, u, v in now)
    )
    assert key not in [name for name, _, _ in now]
    page.mouse.move(x, y)
    let_paint(page, 2)
    assert key in [name for name, _, _ in page.evaluate(KNOBS)]


def test_a_finger_that_starts_on_a_curve_pulled_sideways_scrolls_up_and_down(reading, static_host):
    reader = reading(f"{static_host}/site/kl.html?mu_p=-1", width=390, has_touch=True)
    hand = Finger(reader.page)
    start = middle(knob_of(reader, "densities", "mu_p", "x"))
    scrolled = reader.page.evaluate("scrollY")
    pull(reader, hand, start, (0, -150))
    hand.lift()
    reader.until(lambda: reader.page.evaluate("scrollY") > scrolled, "the page scrolls")
    assert reader.slider("mean μ of P").input_value() == "-1"


def test_another_finger_that_lifts_leaves_a_knob_with_the_hand_that_holds_it(reading, static_host):
    reader = reading(f"{static_host}/site/kl.html?mu_p=-1")
    hand, moved = Mouse(reader.page), reader.slider("mean μ of P")
    end = pull(reader, hand, middle(knob_of(reader, "densities", "mu_p", "x")), (20, 0))
    before = moved.input_value()
    lifted = "(place) => place.dispatchEvent(new PointerEvent('pointerup', {pointerId: 99}))"
    reader.page.locator("[data-figure=densities]").evaluate(lifted)
    hand.move((end[0] + 20, end[1]))
    reader.until(lambda: moved.input_value() != before, "the knob is still held")
    hand.lift()


def test_a_bar_of_width_0_has_no_knob_in_mid_air_and_its_slider_raises_it(reading, static_host):
    reader = reading(f"{static_host}/site/entropy.html?p=0.5,0.5,0&labels=a,b,c")
    knob = reader.page.locator('[data-figure="areas"] [data-handle="p:2"][data-axis="y"]')
    assert knob.count() == 0
    reader.slider("probability of c").press("PageUp")
    knob.wait_for()


@of_either_engine
def test_knobs_are_away_where_the_picture_shows_what_they_do_not_move(reading, address_of):
    reader = reading(address_of("entropy?temperature=2"))
    assert reader.page.locator("[data-handle]:visible").count() == 0
    reader.type("temperature", "1")
    reader.until(lambda: reader.page.locator("[data-handle]:visible").count() == 7, "they are back")


def test_knobs_are_not_on_paper_and_not_in_the_order_of_the_keyboard(reading, static_host):
    page = reading(f"{static_host}/site/kl.html").page
    layer = page.locator(".handles").first
    assert layer.get_attribute("aria-hidden") == "true"
    assert layer.locator("[tabindex], button, input").count() == 0
    page.emulate_media(media="print")
    assert not layer.is_visible()
