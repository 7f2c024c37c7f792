"""Mode fit in a real browser: a hand on the pictures, and Q sliding downhill."""

from io import BytesIO

import pytest
from PIL import Image

from app.explorers.mode_fit.explorer import ModeFit
from tests.browser.conftest import let_paint
from tests.chapters import by_turns

pytestmark = pytest.mark.browser
of_either_engine = by_turns("address_of", ["exported", "hosted"], indirect=True)


@pytest.fixture
def site(static_host):
    return f"{static_host}/site"


PIXEL = """([name, x, y]) => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const plot = models.find((model) => model.tags?.includes(`picture:${name}`));
  const view = Bokeh.index.find_one(plot);
  const box = view.el.getBoundingClientRect();
  return [box.left + view.frame.x_scale.compute(x), box.top + view.frame.y_scale.compute(y)];
}"""


ROOM = """() => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const view = Bokeh.index.find_one(models.find((model) => model.tags?.includes('picture:map')));
  const [canvas, frame] = [view.bbox, view.frame.bbox];
  return [frame.left, frame.top, canvas.width - frame.right, canvas.height - frame.bottom];
}"""


def place(page, figure, x, y):
    page.locator(f"[data-figure={figure}]").scroll_into_view_if_needed()
    return page.evaluate(PIXEL, [figure, x, y])


def near(reader, name, number, within):
    return float(reader.typed(name).input_value()) == pytest.approx(number, abs=within)


def shows(page, text, value):
    page.wait_for_function(
        "([label, text]) => document.querySelector(`input[role=spinbutton][aria-label='${label}']`)"
        ".value === text", arg=[text, value],
    )  # fmt: skip


@of_either_engine
def test_a_hand_on_the_map_moves_mean_and_width(reading, address_of):
    reader = reading(address_of("mode-fit?d=3&mu=0&sigma=2"))
    page = reader.page
    page.mouse.move(*place(page, "map", 0, 2))
    page.mouse.down()
    page.mouse.move(*place(page, "map", -3, 1), steps=12)
    page.mouse.up()
    reader.until(lambda: near(reader, "mean μ of Q", -3, 0.06), "the mean where the hand is")
    reader.until(lambda: near(reader, "width σ of Q", 1, 0.04), "the width there, too")
    reader.until(
        lambda: reader.value("reverse_kl") == pytest.approx(0.69, abs=0.03), "the divergence there"
    )


@of_either_engine
def test_a_hand_on_the_densities_moves_the_mean_alone(reading, address_of):
    reader = reading(address_of("mode-fit?d=3&mu=0&sigma=2"))
    page = reader.page
    page.mouse.click(*place(page, "densities", 2.5, 0.05))
    reader.until(lambda: near(reader, "mean μ of Q", 2.5, 0.06), "the mean where the hand is")
    let_paint(page)
    assert float(reader.typed("width σ of Q").input_value()) == 2


@of_either_engine
def test_fit_reverse_plays_into_the_valley_where_q_is_and_is_one_undo(reading, address_of):
    reader = reading(address_of("mode-fit?d=3&mu=2&sigma=1.5"))
    reader.click("Fit reverse")
    reader.page.wait_for_function(
        "() => Math.abs(document.querySelector('[data-readout=reverse_kl]').dataset.value"
        " - document.querySelector('[data-readout=reverse_best]').dataset.value) < 1e-9"
    )
    reader.click("Undo")
    shows(reader.page, "mean μ of Q", "2")
    shows(reader.page, "width σ of Q", "1.5")


def test_a_finger_away_from_q_scrolls_the_page_and_a_tap_moves_q(reading, site):
    reader = reading(f"{site}/mode-fit.html?d=3&mu=0&sigma=2", width=390, has_touch=True)
    page = reader.page
    x, y = place(page, "map", -3, 1)
    page.touchscreen.tap(x, y)
    reader.until(lambda: near(reader, "mean μ of Q", -3, 0.2), "the mean where the finger was")


@pytest.mark.parametrize(
    ("mu", "sigma", "right", "down"),
    [(2, 0.2, 0, 1), (2, 5, 0, -1), (6, 2, 1, 0), (-6, 2, -1, 0), (6, 0.2, 0, 1)],
)
def test_the_dot_of_q_is_whole_at_its_bounds(reading, site, mu, sigma, right, down):
    page = reading(f"{site}/mode-fit.html?theme=light&mu={mu}&sigma={sigma}").page
    x, y = place(page, "map", mu, sigma)
    let_paint(page)
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    # The dot is filled with Q's colour as far as 7 pixels from its middle, and drawn as far as 10.
    colours = [seen.getpixel((int(x + away * right), int(y + away * down))) for away in (0, 5)]
    assert colours == [(184, 80, 11)] * 2
    assert min(page.evaluate(ROOM)) >= 10


def test_the_map_has_the_colours_of_the_theme(reading, site):
    palettes = []
    for scheme in ("light", "dark"):
        reader = reading(f"{site}/mode-fit.html", scheme=scheme)
        palettes.append(reader.page.evaluate(
            "() => [...Bokeh.documents.at(-1)._all_models.values()]"
            ".find((model) => model.type === 'LogColorMapper').palette"
        ))  # fmt: skip
    assert palettes[0] != palettes[1]
    assert all(len(set(palette)) == 24 for palette in palettes)


RACES_IN_A_GLIDE = """async () => {
  const buttons = [...document.querySelectorAll('button')];
  const button = (name) => buttons.find((one) => one.textContent === name);
  button('Far modes, wide start').click();
  const glides = () => document.documentElement.hasAttribute('data-gliding');
  while (!glides()) await new Promise(requestAnimationFrame);
  button('Race').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  button('Race').click();
}"""


@of_either_engine
def test_a_race_begun_while_a_scene_glides_runs_on_the_scenes_target(reading, address_of):
    reader = reading(address_of("mode-fit?d=1"))
    reader.page.evaluate(RACES_IN_A_GLIDE)
    end = ModeFit.move({**ModeFit.defaults(), **ModeFit.presets["Far modes, wide start"]}, "race",
                       "end", None)  # fmt: skip
    scene = {**ModeFit.defaults(), **ModeFit.presets["Far modes, wide start"], **end}
    exact = ModeFit.compute(**scene).readouts
    reader.shows("race_reverse", exact["race_reverse"], rel=1e-9)
    reader.shows("race_forward", exact["race_forward"], rel=1e-9)
    assert reader.value("forward_kl") == pytest.approx(exact["forward_kl"], rel=1e-12)


def test_what_tasks_ask_is_on_the_map_only_once_a_reader_shows_it(reading, site):
    reader = reading(f"{site}/mode-fit.html?d=3&mu=1e-9&sigma=2&map=D(Q‖P)")
    assert "forward fit" not in reader.page.locator("[data-picture=map] figcaption").inner_text()
    mean = reader.typed("mean μ of Q")
    assert (mean.input_value(), mean.get_attribute("title")) == ("0", "1e-9")
    reader.choose("divergence to make small", "D(P‖Q)")
    reader.until(lambda: reader.value("map_kl") == reader.value("forward_kl"), "the number follows")
    reader.choose("best fits on the map", "shown")
    reader.reads("forward fit")
    reader.click("Close modes, d = 2")  # a scene leaves the marks to the reader
    reader.shows("map_kl", 0.6327, rel=1e-3)
    assert "forward fit" in reader.page.locator("[data-picture=map] figcaption").inner_text()
