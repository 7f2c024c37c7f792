"""What a reader's eye meets on the pictures: names, numbers of axes, thin bars."""

import io

import numpy as np
import pytest
from PIL import Image

from app.explorers.cross_entropy.explorer import CrossEntropy

pytestmark = pytest.mark.browser

NAMES = "sunshine,cloudy,rain,snowfall,thunder,hail,foggy,drizzle,wind,storm"
TEN = ",".join(["0.1"] * 10)
RARE = "p=0.934,0.033,0.0198,0.0132"
MODEL = "Bokeh.documents[0].get_model_by_name"


@pytest.fixture
def page_of(exported, reading):
    """Open an exported page in a state."""

    def opened(slug, state="", **options):
        address = (exported / "site" / f"{slug}.html").as_uri()
        return reading(f"{address}#{state}" if state else address, **options)

    return opened


def written(reader, label):
    """Return the texts of a label."""
    return reader.page.evaluate(f"() => {MODEL}('{label}').data.text")


def picture(reader, name):
    """Return a picture as its reader sees it, as an array of colours."""
    place = reader.page.locator("figure .figure").nth(name)
    return np.asarray(Image.open(io.BytesIO(place.screenshot())).convert("RGB")).astype(int)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("slug", "labels"),
    [("entropy", ("name_in_width", "name_in_place")), ("cross-entropy", ("box_name",))],
)
def test_ten_outcomes_keep_their_names_whole_below_their_bars(page_of, slug, labels, width):
    both = f"p={TEN}&q={TEN}" if slug == "cross-entropy" else f"p={TEN}"
    reader = page_of(slug, f"{both}&labels={NAMES}", width=width)
    for label in labels:
        reader.until(lambda one=label: written(reader, one) == NAMES.split(","), "whole names")


def test_names_have_room_again_as_a_window_grows(page_of):
    long = ",".join(f"a-rather-long-name-{i}" for i in range(4))
    reader = page_of("entropy", f"p=0.25,0.25,0.25,0.25&labels={long}", width=390)
    reader.until(lambda: written(reader, "name_in_width") != long.split(","), "a cut name")
    reader.page.set_viewport_size({"width": 1280, "height": 900})
    reader.until(lambda: written(reader, "name_in_width") == long.split(","), "whole names")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("slug", ["entropy", "cross-entropy", "perplexity"])
def test_no_axis_of_bars_counts_below_zero(page_of, slug, width):
    state = RARE if slug == "entropy" else ""
    reader = page_of(slug, state, width=width)
    lowest = reader.page.evaluate(
        """() => Math.min(...[...Bokeh.documents[0]._all_models.values()]
          .flatMap((plot) => plot.left ?? []).filter((axis) => axis.visible && axis.ticker)
          .flatMap((axis) => Bokeh.index.find_one(axis)?.tick_coords.major[1] ?? []))"""
    )
    assert lowest == 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_bar_lower_than_a_pixel_is_seen(page_of, width, scheme):
    reader = page_of("entropy", RARE, width=width, scheme=scheme)  # −log₂ 0.934 = 0.0985 bits
    for name in (0, 1):
        seen = picture(reader, name)
        column = seen[:, int(0.22 * seen.shape[1])]  # through the first bar, beside its number
        blue = (column[:, 2] - column[:, 0]) > 60
        assert blue.any(), (name, width, scheme)


def test_a_number_on_entropys_bars_covers_the_dotted_line(page_of):
    reader = page_of("entropy", RARE)
    order = reader.page.evaluate(
        f"""() => {{
          const level = {MODEL}('level'), length = {MODEL}('length_in_width');
          const plot = [...Bokeh.documents[0]._all_models.values()].find(
            (one) => one.renderers?.some?.(({{data_source}}) => data_source === level));
          return [level, length].map((source) =>
            plot.renderers.findIndex(({{data_source}}) => data_source === source));
        }}"""
    )
    assert 0 <= order[0] < order[1]


def test_each_box_of_cross_entropy_is_numbered_at_the_height_that_the_number_says(page_of):
    reader = page_of("cross-entropy")
    drawn = reader.page.evaluate(f"() => ({{...{MODEL}('box_length').data}})")
    assert drawn["text"] == ["3.32", "3.32", "0.32"]  # −log₂ 0.1 and −log₂ 0.8
    heights = CrossEntropy.compute(**CrossEntropy.defaults()).tables["boxes"]["length"]
    assert drawn["y"] == pytest.approx(heights, rel=1e-15)
