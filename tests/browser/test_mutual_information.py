"""Mutual information and the tree in a real browser: the table and its names, the cuts."""

import itertools
import math

import pytest

from app.contract.tasks import tasks_of
from app.explorers.mutual_information.explorer import MutualInformation
from tests.browser.conftest import let_paint
from tests.chapters import by_turns

pytestmark = pytest.mark.browser
a_size = by_turns("width", [1280, 390])
of_either_engine = by_turns("page_of", ["exported", "served"], indirect=True)


@pytest.fixture
def page_of(request, reading):
    """Open a page in a state, under either engine."""

    def opened(slug, state="", **options):
        if request.param == "served":
            return reading(f"{request.getfixturevalue('hosted')}/{slug}?{state}", **options)
        address = (request.getfixturevalue("exported") / "site" / f"{slug}.html").as_uri()
        return reading(f"{address}#{state}" if state else address, **options)

    return opened


@of_either_engine
def test_a_cell_is_typed_and_dragged(page_of):
    reader = page_of("mutual-information")
    reader.type("probability of sun and no umbrella", "0.5")
    reader.moves("mutual_information", 0.32467358021314907)
    before = reader.value("mutual_information")
    reader.typed("probability of rain and umbrella").focus()
    reader.drag("probability of umbrella given rain", 0.9, 0.2)
    reader.moves("mutual_information", before)


@pytest.mark.parametrize("width", [1280, 390])
@of_either_engine
def test_the_table_stands_under_its_names_as_the_mosaic_does(page_of, width):
    reader = page_of("mutual-information", width=width)
    heads = reader.page.locator("[data-control=joint] .grid span:visible")
    columns, rows = ["no umbrella", "umbrella"], ["sun", "cloud", "rain", "snow"]
    assert [text for text in heads.all_text_contents() if text] == [*columns, *rows]
    cells = [(x, y) for x in rows for y in columns]
    boxes = {
        cell: reader.typed(f"probability of {cell[0]} and {cell[1]}").bounding_box()
        for cell in cells
    }
    for x in rows:
        assert boxes[x, columns[0]]["y"] == boxes[x, columns[1]]["y"]
    for y in columns:
        assert len({round(boxes[x, y]["x"]) for x in rows}) == 1
    model = "Bokeh.documents.at(-1).get_model_by_name"
    drawn = reader.page.evaluate(f"() => ({{...{model}('cells').data}})")
    assert [*zip(drawn["x"], drawn["y"], strict=True)] == cells
    for one, other in itertools.pairwise(cells):  # in the same order, right and down
        assert (boxes[one]["y"] < boxes[other]["y"]) == (one[0] != other[0])
    tops = [drawn["top"][place] for place in range(0, len(cells), 2)]
    assert tops == sorted(tops, reverse=True)
    lefts = [drawn["left"][place] for place in range(2)]
    assert lefts == sorted(lefts)
    reader.type("Y values", "3")
    reader.until(lambda: "raincoat" in heads.all_text_contents(), "a third column's name")


@of_either_engine
def test_seeing_snow_leaves_one_less_sure(page_of):
    reader = page_of("mutual-information")
    offered = reader.page.locator("[data-control=observed] label:visible")
    assert offered.all_inner_texts() == ["sun", "cloud", "rain", "snow"]
    reader.choose("row seen", "snow")
    reader.shows("entropy_seen", 1.0)
    reader.reads("you are less sure")
    reader.typed("probability of snow and umbrella").focus()
    reader.type("probability of snow", "0")
    reader.reads("as it never happens here")
    told = reader.readout("entropy_seen")
    reader.until(lambda: told.text_content() == "–", "no entropy of what never happens")


PULLED = {  # by which part of its row's width each knob is pulled, where all are halved
    "x-squared": {"division:0": -0.5, "division:5": 0.5, "division:10": -0.5},
    "disagree": {"division:0": -0.4, "division:5": 0.4},
    "function": {"division:0": 0.5, "division:5": 0.5, "division:10": -0.5},
}
WIDE = """() => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const { x_scale } = Bokeh.index.find_one(
    models.find(({ tags }) => tags?.includes('picture:mosaic'))).frame;
  return x_scale.compute(1) - x_scale.compute(0);
}"""


@a_size
def test_the_tasks_that_build_a_table_are_solved_on_the_mosaic(static_host, reading, width):
    reader = reading(f"{static_host}/site/mutual-information.html", width=width)
    page, mouse = reader.page, reader.page.mouse
    for task in tasks_of(MutualInformation):
        if task.name in PULLED:
            page.locator("[data-task] [data-answer='0']").click()
            reader.at_rest()
        for key, part in PULLED.get(task.name, {}).items():
            knob = page.locator(f'[data-figure=mosaic] [data-handle="{key}"]')
            knob.scroll_into_view_if_needed()
            box = knob.bounding_box()
            x, y = box["x"] + 22, box["y"] + 22
            mouse.move(x, y)
            mouse.down()
            mouse.move(x + part * page.evaluate(WIDE), y, steps=4)
            mouse.up()
        if task.name in PULLED:
            page.locator(f'[data-task="{task.name}"][data-step=done]').wait_for()
        if task is not tasks_of(MutualInformation)[-1]:
            page.locator("[data-go=on]").click()


# The labels of the cells and of the rows, each with its area, and the knobs: boxes in px.
DRAWN = """() => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const view = Bokeh.index.find_one(models.find(({ tags }) => tags?.includes('picture:mosaic')));
  const { x_scale: across, y_scale: down } = view.frame;
  const data = (known) => models.find(({ name }) => name === known).data;
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = "12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
  const labels = (name, table, align) => Array.from(data(name).text, (text, i) => {
    const lines = text.split('\\n');
    const wide = Math.max(...lines.map((line) => pen.measureText(line).width));
    const { left, right, top, bottom } = data(table);
    const [x, y] = [across.compute(data(name).x[i]), down.compute(data(name).y[i])];
    const [start, half] = [x - align * wide, 7 * lines.length];
    return {
      text, label: [start, y - half, start + wide, y + half],
      area: [across.compute(left?.[i] ?? -0.3), down.compute(top[i]),
        across.compute(right?.[i] ?? -0.01), down.compute(bottom[i])],
    };
  }).filter(({ text }) => text);
  const box = view.el.getBoundingClientRect();
  const knobs = [...document.querySelectorAll('[data-figure=mosaic] [data-handle]:not([hidden])')];
  return {
    labels: [...labels('cell_name', 'cells', 0.5), ...labels('row_name', 'rows', 0)],
    knobs: knobs.map((knob) => {
      const { x, y, width } = knob.getBoundingClientRect();
      const radius = 12 * Number(getComputedStyle(knob).getPropertyValue('--scale') || 1);
      return [x + width / 2 - box.left, y + width / 2 - box.top, radius];
    }),
  };
}"""
UNEVEN = "rows=5&columns=3&joint=" + ",".join(
    map(str, [.1, .1, .1, 0, 0, .2, .02, .03, 0, 0, .02, .1, .03, 0, 0, .1, .05, .05, 0, 0,
              .02, .03, .05, 0, 0])
)  # fmt: skip


@a_size
@pytest.mark.parametrize(("state", "most"), [("", (11, 9)), (UNEVEN, (19, 13))])
def test_labels_stand_in_their_areas_and_no_knob_on_them(static_host, reading, width, state, most):
    page = reading(f"{static_host}/site/mutual-information.html#{state}", width=width).page
    drawn = page.evaluate(DRAWN)
    assert len(drawn["labels"]) >= most[width < 500]
    for one in drawn["labels"]:
        (left, top, right, bottom), (west, north, east, south) = one["label"], one["area"]
        assert west <= left, one
        assert right <= east, one
        assert north - 1 <= top, one
        assert bottom <= south + 1, one
        for x, y, radius in drawn["knobs"]:
            near = (min(max(x, left), right), min(max(y, top), bottom))
            assert math.dist((x, y), near) >= radius - 1, one


@of_either_engine
def test_the_cut_is_pulled_and_asked_a_second_time(page_of):
    reader = page_of("decision-tree")
    reader.drag("cut", 0.5, 0.2)
    reader.moves("information_gain", 0.13642713139656)
    reader.click("Go to the best cut")
    reader.shows("information_gain", 0.17867435287715347)
    before = reader.value("second_gain")
    reader.choose("second question about", "the disturbance")
    reader.click("Go to each side’s best cut")
    reader.moves("second_gain", before)
    let_paint(reader.page)
    both = reader.value("information_gain") + reader.value("second_gain")
    assert reader.value("tree_gain") == pytest.approx(both, rel=1e-12)


@of_either_engine
def test_a_hand_on_the_estimates_chooses_the_number_of_bins(page_of):
    reader = page_of("estimation", "feature=noise")
    box = reader.page.locator("[data-picture=estimates] .figure").bounding_box()
    reader.page.mouse.click(box["x"] + box["width"] - 15, box["y"] + box["height"] / 2)
    reader.until(lambda: int(reader.typed("bins").input_value()) > 900, "nearly 1000 bins")
    reader.until(lambda: reader.value("plug_in") > 0.15, "an estimate far above 0")


@of_either_engine
def test_a_link_of_the_former_page_is_told_where_it_cannot_go(page_of):
    reader = page_of("mutual-information", "bins=50")
    reader.told("nothing called “bins”")
