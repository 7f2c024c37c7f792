"""“Guess it” in a real browser: a game by touch and one by keyboard, with its average."""

import pytest

from tests.chapters import by_turns

pytestmark = pytest.mark.browser
of_either_engine = by_turns("address_of", ["exported", "hosted"], indirect=True)

ASK = "Is it one of these?"


def play(reader, press):
    """Ask for the first that is still possible until one is left; return how many were asked."""
    group = reader.page.get_by_role("group", name="Guess it", exact=True)
    possible = group.locator(".mark:not([aria-disabled=true])")
    count = 0
    while possible.count():
        press(possible.first)
        reader.until(
            lambda: group.locator(".mark[aria-pressed=true]").count() == 1, "one is marked"
        )
        press(reader.button(ASK))
        count += 1
        reader.shows("guess_count", count)
    assert group.locator(".mark[aria-pressed=true]").count() == 1  # the one that was found
    return count


@pytest.mark.parametrize(("width", "touch"), [(390, True), (1280, False)])
@of_either_engine
def test_games_are_played_by_touch_and_by_keyboard_and_averaged(reading, address_of, width, touch):
    reader = reading(address_of("entropy?seed=3"), width=width, has_touch=touch, folded=True)
    reader.page.locator("summary", has_text="Guess it").click()

    def press(button):
        if touch:
            button.tap()
        else:
            button.focus()
            reader.page.keyboard.press("Enter")

    total = 0
    for game in range(1, 4):
        total += play(reader, press)
        reader.shows("guess_mean", total / game)
        reader.reads("It was")
        press(reader.button("next game"))
        reader.until(lambda: reader.value("guess_count") == 0, "the next game has begun")
        assert reader.value("guess_games") == game


@of_either_engine
def test_undo_takes_a_question_back_and_a_link_brings_a_game(reading, address_of):
    reader = reading(address_of("entropy?guess=0.&games=2&questions=5"), folded=True)
    reader.page.locator("summary", has_text="Guess it").click()
    reader.shows("guess_count", 1.0)
    before = reader.value("guess_games")
    reader.click(ASK)
    reader.told("Mark some of the outcomes that are still possible, but not all of them.")
    # The third game's outcome is not the first, so three are left.
    reader.page.locator(".mark:not([aria-disabled=true])").first.click()
    reader.until(lambda: reader.page.locator(".mark[aria-pressed=true]").count() == 1, "marked")
    reader.click(ASK)
    reader.shows("guess_count", 2.0)
    reader.click("Undo")
    reader.shows("guess_count", 1.0)
    assert reader.value("guess_games") == before
