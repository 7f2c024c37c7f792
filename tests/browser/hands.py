"""Hands that meet a page by pointer alone or by keyboard alone, and make a solution’s moves."""

import math

import pytest

from tests.solving import name_of, option_of

OPEN = "[data-task]"
FEW = 3
NEAR = """(target, few) => {
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary,'
    + '[tabindex]')].filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility()
    && (one.type !== 'radio' || one.checked));
  stops[Math.max(0, stops.indexOf(target) - few)].focus();
}"""


class Pointer:
    """A hand that has a mouse or a finger, and no keyboard."""

    def __init__(self, reader):
        self.reader, self.page = reader, reader.page

    def press(self, button):
        button.click()

    def guess(self, task):
        self.press(self.page.locator(OPEN).get_by_role("button", name="No idea"))
        return 2

    def slide(self, name, value):
        """Pull a slider's handle by whole pixels, looking where it has come to."""
        slider = self.reader.slider(name)
        slider.scroll_into_view_if_needed()
        low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
        if high != float(self.reader.typed(name).get_attribute("aria-valuemax")):
            value = math.log10(value)  # its places are powers of ten
        box = slider.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        pixel = (high - low) / (box["width"] - 24)
        x += (float(slider.input_value()) - (low + high) / 2) / pixel
        self.page.mouse.move(round(x), y)
        self.page.mouse.down()
        for _ in range(4):
            x = round(x + (value - float(slider.input_value())) / pixel)
            self.page.mouse.move(x, y)
        self.page.mouse.up()

    def go_to(self, target):
        target.click()

    def choose(self, name, option):
        self.reader.choose(name, option)

    def letters(self, text):
        for letter in text:
            self.press(self.reader.button("blank" if letter == "_" else letter))


class Keys:
    """A hand that has a keyboard and nothing else: Tab leads everywhere.

    It is put down a few stops before where it goes, as a page has a hundred of them.
    """

    def __init__(self, reader):
        self.reader, self.page = reader, reader.page

    def go_to(self, target):
        element = target.element_handle()
        element.evaluate(NEAR, FEW)
        for _ in range(2 * FEW):
            if element.evaluate("(one) => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no Tab leads to {target}")

    def press(self, button):
        self.go_to(button)
        self.page.keyboard.press("Enter")

    def guess(self, task):
        self.go_to(self.page.locator(OPEN).get_by_role("spinbutton"))
        self.page.keyboard.type(str(task.guess[0]))
        self.page.keyboard.press("Enter")
        return 0

    def slide(self, name, value):
        self.go_to(self.reader.typed(name))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(str(value))
        self.page.keyboard.press("Enter")

    def choose(self, name, option):
        group = self.page.get_by_role("radiogroup", name=name, exact=True)
        wanted = group.get_by_role("radio", name=option, exact=True)
        self.go_to(group.locator(":checked"))
        while not wanted.is_checked():
            self.page.keyboard.press("ArrowRight")

    def letters(self, text):
        self.go_to(self.page.get_by_role("textbox", name="guess a letter"))
        self.page.keyboard.type(text.replace("_", " "))


def step(reader, name, value):
    """Wait until the open task has come to a step."""
    reader.page.locator(f'[data-task="{name}"][data-step={value}]').wait_for()


def unfold(hand, name):
    """Open what a control is folded in, as who cannot see it does."""
    places = f'[data-control="{name}"], [data-name="{name}"], [data-player="{name}"]'
    fold = hand.page.locator(f"details:not([open]):has({places})")
    if fold.count():
        hand.press(fold.first.locator("> summary"))


def press_scene(hand, explorer, name):
    """Press a scene and wait until it is there, as a reader looks before choosing anything.

    An option that was chosen before the scene is chosen until it has come, and a press on it then
    does nothing.
    """
    button = hand.reader.button(name)
    hand.press(button)
    if not isinstance(explorer.presets[name], str):  # a gesture, which marks no button
        hand.reader.until(lambda: button.get_attribute("aria-pressed") == "true", name)


def make(hand, explorer, move, state):
    how, name, value = move
    if how != "scene":
        unfold(hand, name.split(":")[0])
    if how == "go to":
        hand.go_to(hand.reader.typed(name_of(explorer, name, state)))
    elif how == "slide":
        hand.slide(name_of(explorer, name, state), value)
    elif how == "choose":
        hand.choose(explorer.parameters()[name].label, option_of(explorer, name, value, state))
    elif how == "scene":
        press_scene(hand, explorer, name)
    elif how == "letters":
        hand.letters(value)
    else:
        label = next((one.label for one in explorer.players if one.gesture == name), None)
        hand.press(hand.reader.button(label or explorer.gestures[name]))
