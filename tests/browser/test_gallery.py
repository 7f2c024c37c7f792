"""The gallery begins with a drawing to pull, and shows times, order and where one has been."""

import math

import pytest

from app.registry import CHAPTERS
from infocore import entropy
from tests.chapters import by_turns

pytestmark = pytest.mark.browser
of_either_host = by_turns("gallery", ["file", "served"], indirect=True)


@pytest.fixture
def gallery(request, exported, reading):
    """Open the gallery from a file and from the server, each in a browser of its own."""
    if request.param == "served":
        address = request.getfixturevalue("hosted") + "/"
    else:
        address = (exported / "site" / "index.html").as_uri()
    return lambda: reading(address, jar=f"gallery {request.param}")


def shares(page):
    return [float(one.input_value()) for one in page.locator(".pull input").all()]


def shown(page):
    return page.locator(".pull output").inner_text()


@of_either_host
def test_it_begins_with_the_weather_message_and_its_entropy(gallery):
    page = gallery().page
    assert shares(page) == [0.5, 0.25, 0.15, 0.1]
    assert shown(page) == f"{entropy([0.5, 0.25, 0.15, 0.1]):.2f}"
    first = page.locator("main > .title + *")
    assert "pull" in first.get_attribute("class")


@of_either_host
def test_a_bars_top_is_pulled_to_its_surprise_and_the_others_share_the_rest(gallery):
    page = gallery().page
    top, bar = page.locator(".pull g").first, page.locator(".pull rect").first
    box, before = top.bounding_box(), bar.bounding_box()["height"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - before, steps=8)  # from 1 bit to 2
    page.mouse.up()
    assert bar.bounding_box()["height"] == pytest.approx(2 * before, rel=0.02)
    sun, *others = shares(page)  # a slider's value is a hundredth
    assert sun == pytest.approx(0.25, abs=0.015)  # the box has a rim of a pixel
    assert others == pytest.approx([0.375, 0.225, 0.15], abs=0.016)
    assert float(shown(page)) == pytest.approx(entropy([0.25, 0.375, 0.225, 0.15]), abs=0.03)


@of_either_host
def test_the_keyboard_pulls_it_too(gallery):
    page = gallery().page
    page.get_by_role("slider", name="rain").focus()
    page.keyboard.press("ArrowRight")
    rest = (1 - 0.16) / (1 - 0.15)
    assert float(shown(page)) == pytest.approx(
        entropy([0.5 * rest, 0.25 * rest, 0.16, 0.1 * rest]), abs=0.0051
    )
    page.keyboard.press("End")
    assert math.isfinite(float(shown(page)))
    tops = page.locator(".pull rect").evaluate_all(
        "(all) => all.map((one) => +one.attributes.y.value)"
    )
    assert min(tops) >= 0  # no other outcome leaves the picture
    filled = page.get_by_role("slider", name="rain").evaluate(
        "(one) => one.style.getPropertyValue('--at') - (one.value - one.min) / (one.max - one.min)"
    )
    assert abs(filled) < 0.01


@of_either_host
def test_it_gives_order_and_minutes_of_each_page_that_says_them(gallery):
    cards = gallery().page.locator(".gallery .step").all_inner_texts()
    assert len(cards) == len(CHAPTERS)
    for place, (chapter, said) in enumerate(zip(CHAPTERS, cards, strict=True), 1):
        assert said.startswith(f"{place} · {chapter.title}")
        if minutes := chapter.texts.get("Minutes"):
            assert f" · {minutes} minutes" in said
            assert 1 <= int(minutes) <= 30


@of_either_host
def test_it_marks_in_words_where_its_reader_has_been_and_nothing_else(gallery):
    reader = gallery()
    page = reader.page
    home = page.url
    page.evaluate("localStorage.removeItem('been')")
    page.reload()
    mark = page.locator("[data-been]:visible")
    assert mark.count() == 0
    for place in (2, -1):
        page.locator(".gallery a").nth(place).click()
        page.wait_for_selector("html[data-ready=true]")
        page.goto(home)
    assert mark.all_inner_texts() == [" · ✓ visited"] * 2
    seen = page.locator("li", has=mark).locator("strong").all_inner_texts()
    assert seen == [CHAPTERS[2].question, CHAPTERS[-1].question]


@of_either_host
def test_a_broken_memory_breaks_nothing(gallery):
    reader = gallery()
    home = reader.page.url
    for broken in ("'{'", "'7'", "'null'"):
        reader.page.evaluate(f"localStorage.setItem('been', {broken})")
        reader.page.goto(home)
        reader.ready()
        reader.page.locator(".gallery a").first.click()
        reader.ready()
    reader.page.evaluate("localStorage.removeItem('been')")
