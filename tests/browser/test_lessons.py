"""A teacher's lesson, and controls taken away or fixed: served, exported, and in one file."""

import pytest

from tests.browser.servers import export, serving
from tests.browser.static_host import file_server
from tests.chapters import by_turns

pytestmark = pytest.mark.browser

LESSON = """\
# Week 3
Chapter: kl
Hide: integrand, scenes
Lock: mu_p, sigma_p

## Task: three-apart
How far **apart**? <img src=x onerror=alert(1)>

- near: No.
- far (right): Yes.

Build: Put the mean of Q at 3.
Start: ?mu_p=1&sigma_p=1&mu_q=0&sigma_q=1
Until: abs(mu_q - 3) <= 0.06
Why: It costs {kl_pq} {unit}.
"""
SHARES = """\
# A lesson in units
Chapter: perplexity

## Task: nats
Which unit?

- nats (right): Yes.
- bits: No.

Build: Choose bits.
Start: ?unit=nats
Until: unit == "bits"
Why: So it is.
"""
of_either_engine = by_turns("pages", ["served", "site"], indirect=True)
START_KL = 0.5  # N(1, 1) from N(0, 1), in nats


@pytest.fixture(scope="session")
def lessons(made_once):
    def make(folder):
        (folder / "week-3.md").write_text(LESSON, encoding="utf-8")
        (folder / "units.md").write_text(SHARES, encoding="utf-8")

    return made_once("lessons", make)


@pytest.fixture(scope="module")
def served(lessons, tmp_path_factory):
    log = tmp_path_factory.mktemp("with_lessons") / "log.txt"
    with serving(log, ["app", "serve", "--lessons", str(lessons)], "/") as address:
        yield f"{address}/SLUG"


@pytest.fixture(scope="module")
def site(lessons, made_once):
    def make(folder):
        alone = ("--inline", "kl", folder / "alone" / "kl.html")
        export(("--lessons", lessons, folder), ("--lessons", lessons, *alone))

    with file_server(made_once("site with lessons", make)) as address:
        yield f"{address}/SLUG.html"


@pytest.fixture
def pages(request):
    """The address of a chapter's page, with SLUG for its name."""
    return request.getfixturevalue(request.param)


def open_at(reading, pages, query, slug="kl"):
    return reading(pages.replace("SLUG", slug) + query)


@of_either_engine
def test_a_lesson_stands_where_the_chapters_tasks_would(pages, reading):
    reader = open_at(reading, pages, "?lesson=week-3")
    page = reader.page
    assert page.locator("[data-task]").get_attribute("data-task") == "three-apart"
    assert page.locator("[data-task] [data-of=guess] p").inner_text() == (
        "Week 3. How far apart? <img src=x onerror=alert(1)>"
    )
    assert page.locator("[data-place]").text_content() == "1 of 1"
    reader.click("near")
    reader.shows("kl_pq", START_KL)
    assert reader.slider("mean μ of P").input_value() == "1"
    reader.type("mean μ of Q", "3")
    page.locator("[data-task][data-step=done]").wait_for()
    reader.reads("It costs 2.0000 nats.")
    page.reload()
    reader.ready()
    page.locator("[data-task][data-step=done]").wait_for()
    assert "lesson=week-3" in page.url


@pytest.mark.parametrize("page", ["SLUG.html#lesson=week-3", "alone/SLUG.html?lesson=week-3"])
def test_a_lesson_after_the_hash_and_in_a_page_of_its_own_works_too(site, reading, page):
    reader = open_at(reading, site.replace("SLUG.html", page), "")
    assert reader.page.locator("[data-task=three-apart]").count() == 1
    reader.click("far")
    reader.type("mean μ of Q", "3")
    reader.page.locator("[data-task][data-step=done]").wait_for()


def test_a_link_to_a_lesson_opens_it_though_the_page_is_open_already(site, reading):
    reader = open_at(reading, site, "")
    assert reader.page.locator("[data-task=twice-as-far]").count() == 1
    reader.page.evaluate("() => { location.hash = 'lesson=week-3'; }")
    reader.page.locator("[data-task=three-apart]").wait_for()


def test_a_copied_link_opens_the_lesson(site, reading):
    reader = open_at(reading, site, "?lesson=week-3")
    assert "lesson=week-3" in reader.page.locator("[data-full]").get_attribute("href")


@of_either_engine
def test_a_lesson_stands_on_the_page_it_names_and_only_when_asked_for(pages, reading):
    reader = open_at(reading, pages, "?lesson=units", "perplexity")
    assert reader.page.locator("[data-task]").get_attribute("data-task") == "nats"
    reader.click("bits")
    reader.at_rest()
    reader.choose("unit", "bits")
    reader.page.locator("[data-task=nats][data-step=done]").wait_for()
    reader = open_at(reading, pages, "", "perplexity")
    assert reader.page.locator("[data-task]").get_attribute("data-task") == "guess-the-letters"


@pytest.mark.parametrize("name", ["units", "Week-3", "<img src=x>", "__proto__"])
@of_either_engine
def test_a_lesson_that_is_not_there_is_said_and_the_page_works(pages, reading, name):
    reader = open_at(reading, pages, f"?lesson={name}&mu_q=2")
    reader.told(f"This page has no lesson called “{name}”")
    assert reader.slider("mean μ of Q").input_value() == "2"
    assert reader.page.locator("[data-task=twice-as-far]").count() == 1
    reader.page.keyboard.press("Escape")
    before = reader.value("kl_pq")
    reader.type("mean μ of Q", "3")
    reader.moves("kl_pq", before)


@of_either_engine
def test_what_is_hidden_is_gone_and_scenes_still_move_it(pages, reading):
    reader = open_at(reading, pages, "?hide=mu_p,integrand,swap")
    assert reader.slider("mean μ of P").count() == 0
    assert reader.slider("width σ of P").count() == 1
    assert reader.page.get_by_role("group", name="Integrand").count() == 0
    assert reader.button("Swap P and Q").count() == 0
    before = reader.value("kl_pq")
    reader.click("Far apart")
    reader.moves("kl_pq", before)
    reader.until(lambda: reader.slider("mean μ of Q").input_value() == "3", "the scene is there")


@pytest.mark.parametrize(
    ("slug", "hidden", "fold", "stays"),
    [
        ("kl", "integrand", "Integrand", False),  # alone in a fold beside the controls
        ("perplexity", "text", "The text", False),
        ("mode-fit", "d,sigma_1,sigma_2", "P, the target", True),  # the share is left
        ("mode-fit", "d,sigma_1,sigma_2,weight", "P, the target", False),
        ("mutual-information", "observed", "Guess Y, now see X", True),  # its picture is left
    ],
)
@of_either_engine
def test_a_fold_goes_with_the_last_seen_in_it(pages, reading, slug, hidden, fold, stays):
    reader = open_at(reading, pages, f"?hide={hidden}", slug)
    summary = reader.page.locator("summary").get_by_text(fold, exact=True)
    assert summary.is_visible() == stays
    for one in reader.page.locator("details.fold:visible").all():
        one.evaluate("fold => { fold.open = true; }")
        heading = one.locator("> summary").inner_text().strip()
        assert one.locator("figure").count() or one.inner_text().strip() != heading


@of_either_engine
def test_a_group_without_controls_in_a_fold_outside_the_controls_goes(pages, reading):
    buttons = "draw_1,draw_10,draw_100,draw_1000,draw_anew"
    reader = open_at(reading, pages, f"?hide={buttons}", "entropy")
    fold = reader.page.locator("details.fold:has([data-name=draw_1])")
    assert fold.locator("figure").first.is_visible()
    assert fold.locator("fieldset").is_hidden()


@of_either_engine
def test_scenes_can_be_taken_away_and_fixed(pages, reading):
    reader = open_at(reading, pages, "?hide=scenes")
    assert reader.button("Far apart").count() == 0
    assert reader.button("Reset").count() == 1
    reader = open_at(reading, pages, "?lock=scenes,swap")
    assert reader.button("Far apart").is_disabled()
    assert reader.button("Swap P and Q").is_disabled()


@of_either_engine
def test_what_is_locked_is_in_sight_and_nothing_by_hand_moves_it(pages, reading):
    reader = open_at(reading, pages, "?lock=mu_p&mu_p=0.5&sigma_p=1&mu_q=1&sigma_q=1&unit=nats")
    slider = reader.slider("mean μ of P")
    assert slider.is_visible()
    assert slider.is_disabled()
    assert reader.typed("mean μ of P").is_disabled()
    assert slider.input_value() == "0.5"
    reader.click("Far apart")  # moves the rest, and says what it leaves
    reader.told("mean μ of P is fixed here, so it stays as it is.")
    reader.until(lambda: reader.slider("mean μ of Q").input_value() == "3", "Q has moved")
    assert slider.input_value() == "0.5"
    reader.click("Swap P and Q")
    reader.at_rest()
    assert (slider.input_value(), reader.slider("mean μ of Q").input_value()) == ("0.5", "3")
    reader.click("Reset")
    reader.until(lambda: reader.slider("mean μ of Q").input_value() == "1", "Q is as at first")
    assert slider.input_value() == "0.5"
    reader.click("Undo")
    reader.at_rest()
    assert slider.input_value() == "0.5"
    reader.click("No idea")  # a task's start moves it
    reader.until(lambda: slider.input_value() == "0", "the task has begun")


@of_either_engine
def test_a_locked_distribution_keeps_its_probabilities_names_and_rows(pages, reading):
    reader = open_at(reading, pages, "?lock=p&p=0.5,0.3,0.2&labels=a,b,c", "entropy")
    assert reader.slider("probability of a").is_disabled()
    for button in ("lock a", "rename a", "remove a"):
        assert reader.button(button).is_disabled(), button
    before = reader.value("entropy")
    reader.click("add outcome")
    reader.told("probability is fixed here")
    reader.click("Fair die")
    reader.at_rest()
    assert reader.value("entropy") == before


@of_either_engine
def test_a_locked_point_does_not_follow_a_hand_on_its_picture(pages, reading):
    reader = open_at(reading, pages, "?lock=mu&mu=1&sigma=2", "mode-fit")
    box = reader.page.locator("[data-figure=map]").bounding_box()
    reader.page.locator("[data-figure=map]").scroll_into_view_if_needed()
    box = reader.page.locator("[data-figure=map]").bounding_box()
    before = reader.value("forward_kl")
    reader.page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    reader.moves("forward_kl", before)  # the width has followed
    assert reader.slider("mean μ of Q").input_value() == "1"
    assert reader.slider("width σ of Q").input_value() != "2"


@of_either_engine
def test_a_player_that_would_move_what_is_fixed_ends_and_says_so(pages, reading):
    reader = open_at(reading, pages, "?lock=mu&mu=1&sigma=2&d=3", "mode-fit")
    reader.click("Fit reverse")
    reader.told("mean μ of Q is fixed here")
    reader.button("Fit reverse").wait_for()
    reader.at_rest()
    assert reader.slider("mean μ of Q").input_value() == "1"


@pytest.mark.parametrize("key", ["hide", "lock"])
@of_either_engine
def test_a_control_that_is_not_there_is_said_and_the_rest_done(pages, reading, key):
    reader = open_at(reading, pages, f"?{key}=mu_p,nothing,<b>,%22%5D")
    for name in ("nothing", "<b>", '"]'):
        reader.told(f"This page has nothing called “{name}”")
    slider = reader.slider("mean μ of P")
    assert slider.count() == 0 if key == "hide" else slider.is_disabled()
