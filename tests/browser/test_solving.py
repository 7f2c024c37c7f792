"""Every task is solved by pointer alone and by keyboard alone, on a laptop and on a phone."""

from itertools import product

import pytest

from app.contract.tasks import start_of, tasks_of
from tests.browser.hands import OPEN, Keys, Pointer, make, step
from tests.solving import WITH_TASKS, moves_of

pytestmark = pytest.mark.browser


def answer(hand, task, place):
    """Guess: rightly in one task, wrongly in the next, and read what is said to it."""
    if task.guess:
        chosen = hand.guess(task)
    else:
        wanted = place % 2 == 0
        chosen = next(i for i, (_, right, _) in enumerate(task.answers) if right == wanted)
        hand.press(hand.page.locator(f'{OPEN} [data-answer="{chosen}"]'))
    step(hand.reader, task.name, "build")
    replies = hand.page.locator(f"{OPEN} [data-reply]")
    assert [one.is_visible() for one in replies.all()] == [
        i == chosen for i in range(replies.count())
    ]
    focused = hand.page.evaluate("document.activeElement.innerText")
    assert focused.startswith(replies.nth(chosen).inner_text()[:12])  # then it says what to build
    assert hand.page.locator("[data-said]").text_content() == ""  # what the focus says is said once


def solve(hand, explorer, task, place):
    answer(hand, task, place)
    hand.reader.at_rest()
    step(hand.reader, task.name, "build")  # not done by its start
    state = start_of(explorer, task, explorer.defaults()["unit"])
    for move in moves_of(explorer, task):
        make(hand, explorer, move, state)
    step(hand.reader, task.name, "done")
    assert hand.page.locator("[data-said]").text_content().startswith("Done. ")


def address_of(where, slug, hosted, static_host):
    return f"{hosted}/{slug}" if where == "served" else f"{static_host}/site/{slug}.html"


SERVED_OR_NOT, WIDTHS = ("served", "exported"), (1280, 390)


def ways():
    """Yield the eight ways to meet each chapter's tasks, seven of them for ``-m every_way`` alone.

    A run meets the tasks of each chapter in one way: by pointer where the chapter before it is met
    by keyboard, served where that one is not, and so all eight ways beside the chapters. That the
    tasks can be solved at all ``tests/contract/test_tasks.py`` asks of each, in Python.
    """
    for place, explorer in enumerate(WITH_TASKS):
        for number, way in enumerate(product((Pointer, Keys), SERVED_OR_NOT, WIDTHS)):
            first = place // 2 % 4
            rare = () if number == (7 - first if place % 2 else first) else pytest.mark.every_way
            name = "-".join([explorer.slug, way[0].__name__, *map(str, way[1:])])
            yield pytest.param(explorer, *way, id=name, marks=rare)


@pytest.mark.parametrize(("explorer", "hand", "where", "width"), list(ways()))
def test_every_task_is_solved(explorer, hand, where, width, hosted, static_host, reading):
    address = address_of(where, explorer.slug, hosted, static_host)
    reader = reading(address, width=width, folded=True)
    page, tasks = reader.page, tasks_of(explorer)
    own = hand(reader)
    for place, task in enumerate(tasks):
        assert page.locator("[data-place]").text_content() == f"{place + 1} of {len(tasks)}"
        assert page.locator("[data-task]").count() == 1
        step(reader, task.name, "guess")
        solve(own, explorer, task, place)
        if task is not tasks[-1]:
            own.press(reader.button("next task"))
    assert page.locator("[data-last]").is_visible()
    assert page.locator("[data-last]").get_attribute("href")
    own.press(reader.button("start again"))
    step(reader, tasks[0].name, "guess")
