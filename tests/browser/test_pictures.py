"""What a reader's eye meets on the pictures: names, numbers of axes, thin bars."""

import io

import numpy as np
import pytest
from PIL import Image

from app.explorers.cross_entropy.explorer import CrossEntropy
from app.registry import CHAPTERS, EXPLORERS
from tests.browser.conftest import let_paint
from tests.chapters import a_third, by_turns

pytestmark = pytest.mark.browser

NAMES = "sunshine,cloudy,rain,snowfall,thunder,hail,foggy,drizzle,wind,storm"
TEN = ",".join(["0.1"] * 10)
RARE = "p=0.934,0.033,0.0198,0.0132"
MODEL = "Bokeh.documents.at(-1).get_model_by_name"


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


def fits(reader, width):
    """Make the window so wide, and wait until the pictures fit it."""
    reader.page.set_viewport_size({"width": width, "height": 844})
    let_paint(reader.page)


def picture(reader, name):
    """Return a picture as its reader sees it, as an array of colours."""
    place = reader.page.locator("figure .figure").nth(name)
    return np.asarray(Image.open(io.BytesIO(place.screenshot())).convert("RGB")).astype(int)


@pytest.mark.parametrize(
    ("slug", "labels"),
    [("entropy", ("name_in_width", "name_in_place")), ("cross-entropy", ("box_name",))],
)
def test_ten_outcomes_keep_their_names_whole_below_their_bars(page_of, slug, labels):
    both = f"p={TEN}&q={TEN}" if slug == "cross-entropy" else f"p={TEN}"
    reader = page_of(slug, f"{both}&labels={NAMES}")
    for width in (1280, 390):
        fits(reader, width)
        for label in labels:
            reader.until(lambda one=label: written(reader, one) == NAMES.split(","), "whole names")


def test_a_served_page_writes_whole_names_too(hosted, reading):
    reader = reading(f"{hosted}/entropy?p={TEN}&labels={NAMES}")
    reader.until(lambda: written(reader, "name_in_width") == NAMES.split(","), "whole names")


def test_names_have_room_again_as_a_window_grows(page_of):
    long = ",".join(f"a-rather-long-name-{i}" for i in range(4))
    reader = page_of("entropy", f"p=0.25,0.25,0.25,0.25&labels={long}", width=390)
    reader.until(lambda: written(reader, "name_in_width") != long.split(","), "a cut name")
    reader.page.set_viewport_size({"width": 1280, "height": 900})
    reader.until(lambda: written(reader, "name_in_width") == long.split(","), "whole names")


@pytest.mark.parametrize("slug", ["entropy", "cross-entropy", "perplexity"])
def test_no_axis_of_bars_counts_below_zero(page_of, slug):
    reader = page_of(slug, RARE if slug == "entropy" else "")
    for width in (1280, 390):
        fits(reader, width)
        lowest = reader.page.evaluate(
            """() => Math.min(...[...Bokeh.documents.at(-1)._all_models.values()]
              .flatMap((plot) => plot.left ?? []).filter((axis) => axis.visible && axis.ticker)
              .flatMap((axis) => Bokeh.index.find_one(axis)?.tick_coords.major[1] ?? []))"""
        )
        assert lowest == 0, width


@by_turns("scheme", ["light", "dark"])
def test_a_bar_lower_than_a_pixel_is_seen(page_of, scheme):
    reader = page_of("entropy", RARE, scheme=scheme)  # −log₂ 0.934 = 0.0985 bits
    for width in (1280, 390):
        fits(reader, width)
        for name in (0, 1):
            seen = picture(reader, name)
            column = seen[:, int(0.22 * seen.shape[1])]  # through the first bar, beside its number
            blue = (column[:, 2] - column[:, 0]) > 60
            assert blue.any(), (name, width)


def test_areas_and_knobs_stand_where_they_have_room(page_of):
    reader = page_of("entropy")
    areas = ["area 0.500", "area 0.500", "area 0.411", "area 0.332"]  # −p log₂ p, by hand
    reader.until(lambda: written(reader, "area_inside") == areas, "all areas")
    reader.page.set_viewport_size({"width": 390, "height": 844})
    reader.until(lambda: written(reader, "area_inside") == ["", "0.500", "", ""], "one area")
    reader.click("Certain")
    knobs = reader.page.locator('[data-figure="areas"] [data-axis="y"]:visible')
    reader.until(lambda: knobs.count() == 1, "no knob of what never happens")


def test_a_number_on_entropys_bars_covers_the_dotted_line(page_of):
    reader = page_of("entropy", RARE)
    order = reader.page.evaluate(
        f"""() => {{
          const level = {MODEL}('level'), length = {MODEL}('length_in_width');
          const plot = [...Bokeh.documents.at(-1)._all_models.values()].find(
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


@a_third("slug", [explorer.slug for explorer in EXPLORERS])
def test_on_a_phone_a_picture_is_in_sight_while_a_slider_moves(page_of, slug):
    reader = page_of(slug, width=390)
    sliders = reader.page.get_by_role("slider")
    for slider in sliders.all():
        slider.evaluate("one => one.scrollIntoView({block: 'center'})")
        seen = slider.evaluate(
            """(one) => {
              const near = one.closest('.at-hand') ?? document;
              return [...near.querySelectorAll('.figure')].map((place) => {
                const {top, bottom, height} = place.getBoundingClientRect();
                return [Math.min(bottom, innerHeight) - Math.max(top, 0), height];
              });
            }"""
        )
        # of a picture so much, or all of a lower one
        name = slider.get_attribute("aria-label")
        assert any(own and high >= min(90, own) for high, own in seen), (slug, name)


def test_a_picture_goes_back_to_its_place_as_a_page_grows_wide(page_of):
    reader = page_of("surprise", width=390)
    assert reader.page.locator(".at-hand figure").count() == 1
    order = "all => all.map((one) => one.dataset.picture)"
    reader.page.set_viewport_size({"width": 1280, "height": 900})
    reader.until(lambda: reader.page.locator(".at-hand figure").count() == 0, "none at hand")
    assert reader.page.locator(".figures figure").evaluate_all(order) == ["curve", "powers", "sum"]


STICKS_OUT = """() => [...document.querySelectorAll(
  'fieldset .choice, fieldset button, fieldset input')]
          .filter((one) => one.getClientRects().length && !one.closest('.choice label'))
          .filter((one) => one.getBoundingClientRect().right
            > one.closest('fieldset').getBoundingClientRect().right)
          .map((one) => one.textContent || one.ariaLabel)"""


@a_third("slug", [chapter.slug for chapter in CHAPTERS])
def test_no_page_is_wider_than_its_window(page_of, slug):
    page = page_of(slug, width=768).page
    for width in (768, 390):
        page.set_viewport_size({"width": width, "height": 844})
        let_paint(page, 3)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert page.evaluate(STICKS_OUT) == [], width


@pytest.mark.parametrize("state", ["", "asked=99999", "loss_after=8&loss_before=9"])
def test_every_text_on_the_ladder_is_whole_on_a_phone(page_of, state):
    reader = page_of("perplexity", state, width=390)
    for label in ("rung_name", "mine_name"):
        ends = reader.page.evaluate(
            f"""() => {{
              const source = {MODEL}('{label}');
              const models = [...Bokeh.documents.at(-1)._all_models.values()];
              const drawn = models.find((one) => one.data_source === source && one.glyph);
              const plot = models.find((one) => one.renderers?.includes?.(drawn));
              const {{frame}} = Bokeh.index.find_one(plot);
              const pen = document.createElement('canvas').getContext('2d');
              pen.font = '12px ' + drawn.glyph.text_font.value;
              const {{x, text, aside}} = source.data;
              return Array.from(text, (one, i) => {{
                const start = frame.x_scale.compute(x[i]) - frame.bbox.left + aside[i];
                return [start, frame.bbox.width - start - pen.measureText(one).width];
              }});
            }}"""
        )
        assert len(ends) in (3, 5)
        assert all(min(before, after) >= -0.5 for before, after in ends), ends


def test_adding_outcomes_moves_no_card_to_another_side_and_no_scene_from_under_the_hand(page_of):
    reader = page_of("entropy")
    sides = "all => all.map((one) => one.getBoundingClientRect().left)"
    cards, chip = reader.page.locator(".cards .card"), reader.button("Letters")
    before, place = cards.evaluate_all(sides), chip.bounding_box()
    for _ in range(6):
        reader.click("add outcome")
        assert cards.evaluate_all(sides) == before
    reader.click("Fair coin")
    reader.click("Letters")
    reader.until(lambda: reader.typed("probability of E").count() == 1, "ten letters")
    assert cards.evaluate_all(sides) == before
    assert chip.bounding_box() == place


def test_choices_that_log_probabilities_do_not_heed_are_off_and_the_page_says_so(page_of):
    reader = page_of("perplexity")
    model = reader.page.get_by_role("radiogroup", name="model", exact=True).get_by_role("radio")
    assert all(one.is_enabled() for one in model.all())
    reader.choose("what is scored", "log-probabilities")
    reader.reads("these choices are off")
    assert not any(one.is_enabled() for one in model.all())
    reader.choose("what is scored", "text")
    reader.until(lambda: all(one.is_enabled() for one in model.all()), "choices again")


def test_an_unknown_token_of_one_character_is_not_said_to_be_spelled(page_of):
    reader = page_of("perplexity", "text=a%20%E2%99%9E%20zyzzyva")
    said = []
    for token in reader.page.locator("[data-passage=tokens] [role=option]").all():
        token.click()
        said.append(reader.page.locator("[data-reading]").last.inner_text())
    one, word = (next(text for text in said if part in text) for part in ("♞", "zyzzyva"))
    assert "which character it is costs extra" in one
    assert "spelled" not in one
    assert "spelled letter by letter" in word


@by_turns("width", [320, 390, 1280])
def test_no_bar_and_no_neighbour_covers_the_numbers_on_the_bars(page_of, width):
    reader = page_of("perplexity", width=width)
    boxes = reader.page.evaluate(
        f"""() => ['words', 'characters'].flatMap((tokens) => {{
          const source = {MODEL}('perplexity_of_' + tokens);
          const models = [...Bokeh.documents.at(-1)._all_models.values()];
          const drawn = models.find((one) => one.data_source === source && one.glyph);
          const plot = models.find((one) => one.renderers?.includes?.(drawn));
          const order = plot.renderers.map((one) => one.glyph.type);
          const {{frame}} = Bokeh.index.find_one(plot);
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = '12px ' + drawn.glyph.text_font.value;
          const aside = drawn.glyph.x.transform.value;
          const align = drawn.glyph.text_align.value;
          return source.data.text.map((text, i) => {{
            const x = frame.x_scale.compute(source.data.x[i] + aside);
            const long = pen.measureText(text).width;
            const left = align === 'right' ? x - long : x;
            const bottom = frame.y_scale.compute(source.data.y[i]);
            return [text, left, left + long, bottom, frame.bbox.left, frame.bbox.right,
              order.lastIndexOf('VBar') < order.indexOf('Text')];
          }});
        }})"""
    )
    assert len(boxes) == 8
    for text, left, right, bottom, low, high, over in boxes:
        assert text
        assert over  # the bars
        assert low <= left < right <= high
        for other, start, end, level, *_ in boxes:
            apart = right <= start or end <= left or abs(bottom - level) >= 14
            assert text == other or apart, (text, other)


def test_each_end_of_the_frontier_has_its_own_name_and_no_other(page_of):
    reader = page_of("preferences")
    assert [text for text in written(reader, "start_name") if text] == ["π_ref"]
    assert [text for text in written(reader, "end_name") if text] == ["best only"]
