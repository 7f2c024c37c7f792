"""The table whose rows are played with: built when opened, by hand and by key, served and not."""

import gzip
import re

import pytest

from app.explorers.connections.chapter import Connections
from app.page.exported import file_link
from app.page.template import plain_page
from app.registry import CHAPTERS
from tests.browser.reader import let_paint
from tests.browser.test_first_screen import MOST_WORDS, WORDS
from tests.chapters import taken

pytestmark = pytest.mark.browser

ROWS = {row.name: row for row in Connections.rows}
HOSTED = ("served", "panel")
MOST_WEIGHT = 60e3  # bytes, packed
ASIDE, UP = 45, 14  # px that a hand pulls: a step of every knob, at least


@pytest.fixture
def table(request, exported, reading):
    """Open the table under each way of running, with every row still closed."""
    address = {
        "served": lambda: f"{request.getfixturevalue('hosted')}/connections",
        "panel": lambda: f"{request.getfixturevalue('under_panel')}/app?explorer=connections",
        "exported": lambda: (exported / "site" / "connections.html").as_uri(),
    }[request.param]()
    return reading(address, folded=True)


def first_number(row):
    return row.miniature.readouts[0].name


# The page brings its own script, the same one however it comes; a run opens every row of a file.
ROWS_OPENED = [
    taken(("exported", list(ROWS)), always=True),
    *(taken((way, list(ROWS)[start::4]), always=True) for start, way in enumerate(HOSTED)),
    *(taken((way, list(ROWS)), always=False) for way in HOSTED),
]


@pytest.mark.parametrize(("table", "rows"), ROWS_OPENED, indirect=["table"])
def test_rows_open_into_miniatures_that_answer_and_ask_nothing_of_anybody(table, rows):
    page, asked = table.page, []
    let_paint(page)
    assert page.locator("[data-readout]").count() == 0
    assert page.locator("[data-row] svg").count() == 0
    page.on("request", lambda request: asked.append(request.url))
    for name in rows:
        row, part = ROWS[name], page.locator(f"[data-row={name}]")
        part.locator("summary").click()
        number = part.locator(f"[data-readout={first_number(row)}]")
        number.wait_for()
        state = row.miniature.defaults()
        for key, parameter in row.miniature.parameters.items():
            state[key] = parameter.bounds[1]
            typed = part.get_by_role("spinbutton", name=parameter.label, exact=True)
            typed.fill(str(state[key]))
            typed.press("Enter")
            want = row.miniature.compute(**state).readouts
            table.shows(first_number(row), want[first_number(row)], rel=1e-11)
        part.get_by_role("button", name="Start again").click()
        want = row.miniature.compute(**row.miniature.defaults()).readouts
        for one, value in want.items():
            table.shows(one, value, rel=1e-11)
        assert "{" not in part.inner_text()
        part.locator("summary").click()
    assert asked == []


def place_of(knob):
    """Return where on the window a knob's middle is."""
    box = knob.locator("circle").nth(1).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_knob_is_pulled_to_where_the_hand_goes_and_its_slider_follows(static_host, reading):
    reader = reading(f"{static_host}/site/connections.html", folded=True)
    page = reader.page
    for name, row in ROWS.items():
        knobs = [knob for plot in row.miniature.plots for knob in plot.knobs]
        if not knobs:
            continue
        page.evaluate(f"document.getElementById('{name}').open = true")
        part = page.locator(f"[data-row={name}]")
        for place, declared in enumerate(knobs):
            knob = part.locator(".knob").nth(place)
            knob.scroll_into_view_if_needed()
            x, y = place_of(knob)
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + ASIDE, y - UP, steps=4)
            page.mouse.up()
            for axis, key in declared.along.items():
                parameter = row.miniature.parameters[key]
                slider = part.get_by_role("slider", name=parameter.label, exact=True)
                moved = float(slider.input_value())
                assert moved != parameter.default, (name, key)
                now = place_of(knob)[axis == "y"]
                gone = now - (y if axis == "y" else x)
                step = abs(gone / (moved - parameter.default)) * (parameter.step or 0)
                off = abs(gone - (-UP if axis == "y" else ASIDE))
                assert off < max(6, step / 2), (name, key)
        page.evaluate(f"document.getElementById('{name}').open = false")


def test_an_address_opens_its_row_and_a_bad_number_is_refused_in_words(static_host, reading):
    reader = reading(f"{static_host}/site/connections.html#rlhf", folded=True)
    reader.readout("rlhf_objective").wait_for()
    before = reader.value("rlhf_objective")
    reader.type("reward of F", "plenty")
    said = reader.page.locator("[data-row=rlhf] [data-refused]")
    assert "reward of F must be a number" in said.inner_text()
    assert reader.value("rlhf_objective") == before
    reader.type("reward of F", "1")
    assert said.inner_text() == ""
    reader.moves("rlhf_objective", before)
    status = reader.page.locator("[data-status]")
    reader.until(lambda: status.inner_text().startswith("RLHF:"), "the number is said aloud")


def test_words_and_groups_sift_the_rows(static_host, reading):
    page = reading(f"{static_host}/site/connections.html", folded=True).page
    shown = page.locator("[data-row]:visible")
    assert shown.count() == len(ROWS)
    page.get_by_role("searchbox", name="find").fill("RLHF")
    assert "rlhf" in shown.evaluate_all("all => all.map((one) => one.id)")
    assert shown.count() < len(ROWS)
    assert page.locator("[data-none]").inner_text() == f"{shown.count()} of {len(ROWS)} losses"
    page.get_by_role("searchbox", name="find").fill("")
    for group in Connections.groups:
        page.get_by_role("radio", name=group, exact=True).click()
        wanted = [name for name, row in ROWS.items() if row.group == group]
        assert shown.evaluate_all("all => all.map((one) => one.id)") == wanted
        assert page.locator("[data-group]:visible").count() == 1
    page.get_by_role("searchbox", name="find").fill("diffusion")
    page.evaluate(
        "location.hash = 'rlhf'"
    )  # a link to a row that is neither in the group nor found
    page.locator("[data-readout=rlhf_objective]").wait_for()
    assert shown.count() == len(ROWS)
    assert page.get_by_role("searchbox", name="find").input_value() == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_few_words_are_unfolded_and_rows_fit(static_host, reading, width):
    reader = reading(f"{static_host}/site/connections.html", folded=True, width=width)
    assert 20 < len(reader.page.evaluate(WORDS)) <= MOST_WORDS
    for name in ROWS:
        reader.page.evaluate(f"document.getElementById('{name}').open = true")
    let_paint(reader.page)
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert reader.page.evaluate(overflow) <= 0


def test_paper_has_every_row_open_and_the_page_folds_them_again(static_host, reading):
    page = reading(f"{static_host}/site/connections.html", folded=True).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[data-row][open] .miniature svg").count() == sum(
        len(row.miniature.plots) for row in ROWS.values()
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("[data-row][open]").count() == 0


def test_the_page_weighs_little():
    page = plain_page(Connections, CHAPTERS, file_link, exported=True)
    assert len(gzip.compress(page.encode(), 9)) <= MOST_WEIGHT
    assert not re.search(r"<script[^>]* src=", page)
