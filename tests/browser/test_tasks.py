"""How the card of tasks behaves: what is said when, what is kept, and what never moves."""

import math

import pytest

from app.contract.tasks import start_of, tasks_of
from tests.browser.hands import OPEN, Pointer, make, step
from tests.browser.reader import let_paint
from tests.chapters import by_turns
from tests.solving import WITH_TASKS, moves_of

pytestmark = pytest.mark.browser


of_either_engine = by_turns("address_of", ["hosted", "exported"], indirect=True)


@pytest.fixture
def kl(address_of, reading):
    """The page of KL divergence under the engine whose turn it is."""
    return reading(address_of("kl"))


@of_either_engine
def test_beginning_to_build_is_one_step_of_undo(kl):
    before = kl.value("kl_pq")
    kl.click("No idea")
    kl.shows("kl_pq", 0.5)
    kl.click("Undo")
    kl.shows("kl_pq", before)
    assert kl.button("Undo").is_disabled()
    step(kl, "twice-as-far", "build")


@pytest.mark.parametrize("width", [1280, 390])
def test_what_a_task_is_about_is_in_sight_while_its_slider_is(width, static_host, reading):
    reader = reading(f"{static_host}/site/entropy.html", width=width, folded=True)
    page = reader.page
    for _ in range(4):
        reader.click("Skip")
    step(reader, "nothing-wasted", "guess")
    page.locator(f"{OPEN} [data-answer]").first.click()
    watched = page.locator("[data-watch]:visible")
    assert watched.inner_text() == "words 0, 10, 110, 111: L − H = 1.7500 − 1.7427 = 0.0073 bits"
    reader.slider("probability of snow").scroll_into_view_if_needed()
    box = watched.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= page.viewport_size["height"]
    reader.type("probability of rain", "0.125")
    step(reader, "nothing-wasted", "done")
    assert watched.inner_text().endswith(" = 0.0000 bits")


@of_either_engine
def test_the_unit_of_the_reader_stays(kl):
    kl.choose("unit", "bits")
    kl.click("No idea")
    kl.shows("kl_pq", 0.5 / math.log(2))
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")


@of_either_engine
def test_a_task_that_is_skipped_can_be_gone_back_to(kl):
    assert kl.button("Back").is_disabled()
    kl.click("Skip")
    step(kl, "best-width", "guess")
    assert kl.page.evaluate("document.activeElement.textContent").startswith(
        "P has mean 0 and width 1"
    )
    kl.click("Back")
    step(kl, "twice-as-far", "guess")
    for _ in range(4):
        kl.click("Skip")
    assert kl.button("Skip").is_disabled()
    assert kl.page.locator("[data-last]").is_hidden()
    assert kl.button("start again").count() == 0  # there is nothing to clear


@of_either_engine
def test_a_guess_is_made_before_the_tasks_own_start(kl):
    kl.click("No idea")
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")
    kl.shows("kl_qp", kl.value("kl_pq"))  # equal widths: what “both-ways” asks for
    kl.click("next task")
    kl.shows("kl_pq", 0.5)
    kl.click("Skip")
    step(kl, "both-ways", "guess")
    kl.until(lambda: kl.value("kl_qp") > 2 * kl.value("kl_pq"), "both are different again")
    kl.click("Back")
    assert kl.value("kl_qp") > 2 * kl.value("kl_pq")  # who looks back keeps what is there
    kl.click("Undo")
    kl.shows("kl_pq", 0.5)


@of_either_engine
def test_a_guess_that_is_no_number_is_asked_for_again(kl):
    field = kl.page.locator(OPEN).get_by_role("spinbutton")
    said = kl.page.locator("[data-said]")
    for text in ("", " ", "two", "1/0"):
        said.evaluate("one => { one.textContent = ''; }")
        field.fill(text)
        kl.click("Guess")
        assert field.get_attribute("aria-invalid") == "true", text
        assert said.text_content() == "Write a number, such as 1.5."
        asked = kl.page.locator(OPEN).get_by_text("Write a number, such as 1.5.")
        assert asked.is_visible()
        step(kl, "twice-as-far", "guess")
        field.fill("2")
        assert asked.is_hidden()
        assert field.get_attribute("aria-invalid") is None


def test_a_guess_is_right_within_its_tolerance(static_host, reading):
    reader = reading(f"{static_host}/site/kl.html")
    for text, place in (("2", 0), ("4/2", 0), ("1.99", 0), ("1.989", 1), ("-2", 1)):
        reader.page.reload()
        reader.ready()
        reader.page.locator(OPEN).get_by_role("spinbutton").fill(text)
        reader.click("Guess")
        assert reader.page.locator(f"{OPEN} [data-reply]").nth(place).is_visible(), text


@pytest.mark.parametrize("width", [1280, 390])
def test_no_step_of_a_task_moves_the_figure_and_all_is_large_enough_for_a_finger(
    hosted, reading, width
):
    reader = reading(f"{hosted}/kl", width=width)
    page = reader.page
    top = "document.querySelector('.layout').getBoundingClientRect().top + scrollY"
    height = page.locator("[data-tasks]").bounding_box()["height"]
    assert height <= (130 if width > 500 else 190)
    reader.click("No idea")
    before = page.evaluate(top)
    reader.type("mean μ of Q", "2")
    step(reader, "twice-as-far", "done")
    assert page.evaluate(top) == before
    if width < 500:
        for button in page.locator("[data-tasks] :is(button, a, input):visible").all():
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 44, button


@pytest.mark.parametrize("slug", ["entropy", "cross-entropy"])
def test_no_task_of_a_chapter_moves_the_figure(slug, static_host, reading):
    explorer = next(one for one in WITH_TASKS if one.slug == slug)
    reader = reading(f"{static_host}/site/{slug}.html", folded=True)
    page, own = reader.page, Pointer(reader)
    top = "document.querySelector('.layout').getBoundingClientRect().top + scrollY"
    still = page.evaluate(top)
    for place, task in enumerate(tasks_of(explorer)):
        step(reader, task.name, "guess")
        assert page.evaluate(top) == still, task.name
        for reply in range(len(task.replies)):  # each may be the longest
            page.locator(f'{OPEN} [data-answer="{reply}"]').evaluate("one => one.click()")
            assert page.evaluate(top) == still, (task.name, reply)
        page.evaluate("scrollTo(0, 0)")
        state = start_of(explorer, task, explorer.defaults()["unit"])
        for move in moves_of(explorer, task):
            make(own, explorer, move, state)
        step(reader, task.name, "done")
        assert page.evaluate(top) == still, task.name
        if place + 1 < len(tasks_of(explorer)):
            reader.click("next task")
    assert reader.button("start again").get_attribute("title").startswith("clears what you")


@of_either_engine
def test_a_double_click_on_next_task_does_not_skip_it(kl):
    kl.click("No idea")
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")
    kl.button("next task").dblclick()
    step(kl, "best-width", "guess")
    kl.button("Skip").dblclick()  # who skips may skip fast
    step(kl, "triangle", "guess")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_task_done_out_of_sight_is_said_until_it_is_seen(width, static_host, reading):
    reader = reading(f"{static_host}/site/kl.html", width=width, folded=True)
    page = reader.page
    seen = "() => document.querySelector('[data-tasks]').getBoundingClientRect().bottom < 0"
    told = reader.button("Done: see why")
    reader.click("No idea")
    page.evaluate(
        """() => { // the card far above, and what has the focus at the window's lower edge
          document.querySelector('[data-tasks]').style.marginBottom = '1600px';
          const slider = document.querySelector('[data-control=mu_q] input[type=range]');
          slider.focus();
          scrollTo(0, slider.getBoundingClientRect().bottom + scrollY - innerHeight + 4);
        }"""
    )
    page.wait_for_function(seen)
    let_paint(page)
    assert told.count() == 0
    slider = reader.slider("mean μ of Q")
    slider.evaluate("one => { one.value = 2; one.dispatchEvent(new Event('input')); }")
    step(reader, "twice-as-far", "done")
    told.wait_for()
    let_paint(page)
    box, focused = told.bounding_box(), slider.bounding_box()
    assert box["height"] >= 44
    assert focused["y"] + focused["height"] <= box["y"]  # it covers nothing that has the focus
    assert page.locator("[role=status], [role=alert], [aria-live]").filter(has=told).count() == 0
    told.click()
    told.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.closest('[data-of]').dataset.of") == "done"
    card = page.locator("[data-tasks]").bounding_box()
    assert card["y"] >= 0
    assert card["y"] + card["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("way", ["closed", "gone on"])
def test_a_notice_that_a_reader_does_not_follow_goes(way, static_host, reading):
    reader = reading(f"{static_host}/site/kl.html", width=390, folded=True)
    reader.click("No idea")
    slider = reader.slider("mean μ of Q")
    reader.page.evaluate("document.querySelector('[data-tasks]').style.marginBottom = '1600px'")
    slider.evaluate("one => one.scrollIntoView()")
    slider.evaluate("one => { one.value = 2; one.dispatchEvent(new Event('input')); }")
    told = reader.button("Done: see why")
    told.wait_for()
    if way == "closed":
        reader.click("close")
    else:
        slider.evaluate("one => { one.value = 0.5; one.dispatchEvent(new Event('input')); }")
    told.wait_for(state="hidden")
    step(reader, "twice-as-far", "done")


@of_either_engine
def test_a_task_done_in_sight_has_no_notice(kl):
    kl.click("No idea")
    kl.page.evaluate("scrollTo(0, 0)")
    let_paint(kl.page)
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")
    let_paint(kl.page)
    assert kl.button("Done: see why").count() == 0


@of_either_engine
def test_the_focus_stays_where_the_task_goes_on(kl):
    kl.click("No idea")
    focused = "document.activeElement.closest('[data-of]')?.dataset.of"
    assert kl.page.evaluate(focused) == "build"
    kl.page.evaluate("document.activeElement.blur()")
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")
    name = kl.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name == "mean μ of Q"  # a hand at work is left alone


@of_either_engine
def test_a_task_that_is_done_can_be_done_again_by_itself(kl):
    kl.click("No idea")
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")
    kl.click("next task")
    assert kl.button("do it again").count() == 0
    kl.click("Back")
    kl.click("do it again")
    step(kl, "twice-as-far", "guess")
    kl.shows("kl_pq", 0.5)  # its own start
    assert kl.page.evaluate("localStorage.getItem('tasks:kl')") == "[]"
    kl.click("No idea")
    kl.type("mean μ of Q", "2")
    step(kl, "twice-as-far", "done")


@of_either_engine
def test_what_was_reached_is_not_told_as_the_pages_present_numbers(kl):
    why = kl.page.locator(f"{OPEN} [data-of=done]")
    kl.choose("unit", "nats")
    kl.click("No idea")
    kl.type("mean μ of Q", "2")
    kl.reads("Done. D(P‖Q) is 2.0000 nats")
    kl.click("Undo")
    kl.shows("kl_pq", 0.5)
    kl.reads("Done earlier: D(P‖Q) is 2.0000 nats")
    kl.click("Redo")
    kl.reads("Done. D(P‖Q) is 2.0000 nats")
    kl.choose("unit", "bits")
    kl.reads("Done. D(P‖Q) is 2.8854 bits")
    kl.click("Far apart")
    kl.reads("Done earlier: D(P‖Q) is 2.8854 bits")
    kl.until(lambda: "mu_q=2&" not in kl.page.url, "the address is that of the scene")
    kl.page.reload()
    kl.ready()
    kl.click("Back")
    assert why.inner_text().startswith("Done earlier: D(P‖Q) is … ")  # this page has not seen them


def test_a_task_works_from_a_file_and_keeps_its_progress_there(exported, reading):
    reader = reading((exported / "kl.html").as_uri())
    reader.click("No idea")
    reader.type("mean μ of Q", "2")
    step(reader, "twice-as-far", "done")
    reader.page.reload()
    reader.ready()
    step(reader, "best-width", "guess")
    reader.click("start again")
    reader.page.reload()
    reader.ready()
    step(reader, "twice-as-far", "guess")


def test_what_is_kept_is_not_trusted(static_host, reading):
    reader = reading(f"{static_host}/site/kl.html")
    for kept in ("{", '"x"', "[1, null, {}]", '["no-such-task"]', "null"):
        reader.page.evaluate("(kept) => localStorage.setItem('tasks:kl', kept)", kept)
        reader.page.reload()
        reader.ready()
        step(reader, "twice-as-far", "guess")


def test_a_task_works_where_storage_is_closed(static_host, reading):
    reader = reading(f"{static_host}/site/kl.html")
    reader.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('closed'); } })"
    )
    reader.page.reload()
    reader.ready()
    reader.click("No idea")
    reader.type("mean μ of Q", "2")
    step(reader, "twice-as-far", "done")
    reader.click("next task")
    step(reader, "best-width", "guess")
    reader.click("start again")
    step(reader, "twice-as-far", "guess")


def test_a_page_without_tasks_has_no_place_for_them(static_host, reading):
    reader = reading(f"{static_host}/site/connections.html")
    assert reader.page.locator("[data-tasks], [data-task]").count() == 0
