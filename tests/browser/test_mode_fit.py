"""Mode fit in a real browser: a hand on the pictures, and Q sliding downhill."""

import pytest

from tests.browser.conftest import let_paint

pytestmark = pytest.mark.browser


@pytest.fixture
def site(static_host):
    return f"{static_host}/site"


@pytest.fixture(params=["exported", "hosted"])
def page_of(request):
    """Return the address of the page, served or without a server."""
    if request.param == "exported":
        return f"{request.getfixturevalue('site')}/mode-fit.html?"
    return f"{request.getfixturevalue('hosted')}/mode-fit?"


PIXEL = """([name, x, y]) => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const plot = models.find((model) => model.tags?.includes(`picture:${name}`));
  const view = Bokeh.index.find_one(plot);
  const box = view.el.getBoundingClientRect();
  return [box.left + view.frame.x_scale.compute(x), box.top + view.frame.y_scale.compute(y)];
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


def test_a_hand_on_the_map_moves_mean_and_width(reading, page_of):
    reader = reading(f"{page_of}d=3&mu=0&sigma=2")
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


def test_a_hand_on_the_densities_moves_the_mean_alone(reading, page_of):
    reader = reading(f"{page_of}d=3&mu=0&sigma=2")
    page = reader.page
    page.mouse.click(*place(page, "densities", 2.5, 0.05))
    reader.until(lambda: near(reader, "mean μ of Q", 2.5, 0.06), "the mean where the hand is")
    let_paint(page)
    assert float(reader.typed("width σ of Q").input_value()) == 2


def test_fit_reverse_plays_into_the_valley_where_q_is_and_is_one_undo(reading, page_of):
    reader = reading(f"{page_of}d=3&mu=2&sigma=1.5")
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


def test_the_map_has_the_colours_of_the_theme(reading, site):
    palettes = []
    for scheme in ("light", "dark"):
        reader = reading(f"{site}/mode-fit.html", scheme=scheme)
        palettes.append(reader.page.evaluate(
            "() => [...Bokeh.documents[0]._all_models.values()]"
            ".find((model) => model.type === 'LogColorMapper').palette"
        ))  # fmt: skip
    assert palettes[0] != palettes[1]
    assert all(len(set(palette)) == 24 for palette in palettes)
