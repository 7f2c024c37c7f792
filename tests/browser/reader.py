"""A reader of a page, who sees what assistive technology sees."""

import contextlib
import math
import shutil
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.waits import wait_until

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP rooms.example 127.0.0.1",  # a public name of a server of the tests
]  # fmt: skip
BROWSER = shutil.which("chromium-headless-shell") or shutil.which("chromium")
UNFOLD = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }"
MADE = """() => [...document.querySelectorAll('.figure')]
  .filter((one) => one.checkVisibility())
  .every((one) => one.querySelector('[data-root-id]')?.childElementCount)"""
HARMLESS = ("data:", "blob:", "about:")
FRONT = """Bokeh.documents.flatMap((one) => [...one._all_models.values()])
  .find((model) => 'frame' in model.attributes)"""


def unfold(page):
    """Open all folds of a page, and wait for their figures, which are made when they are seen."""
    page.evaluate(UNFOLD)
    page.wait_for_function(MADE)
    let_paint(page)


def let_paint(frame, count=10):
    """Let a page, or a frame in one, paint so often: what it does by itself shows by then."""
    frame.evaluate(
        """async (count) => {
          for (; count; count -= 1) await new Promise(requestAnimationFrame);
        }""",
        count,
    )


def let_messages_arrive(frame):
    """Let what was posted to a page, or to a frame in one, arrive and do what it does."""
    frame.evaluate(
        """() => new Promise((arrived) => {
          addEventListener('message', ({ data }) => { if (data === 'last') arrived(); });
          postMessage('last', '*');
        })"""
    )
    let_paint(frame)


class Reader:
    """A page as its reader meets it: controls by role and name, numbers by their names."""

    def __init__(self, page):
        self.page = page
        self.errors, self.hosts = [], set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._requested(request.url))
        page.on("websocket", lambda socket_: self._requested(socket_.url))

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.text} {message.location}")

    def _requested(self, url):
        if not url.startswith(HARMLESS):
            self.hosts.add(urlsplit(url).netloc)

    def open(self, url, folded=False):
        """Open a page and, unless it is to stay ``folded``, all that can be unfolded on it."""
        self.page.goto(url)
        self.ready()
        if not folded:
            unfold(self.page)
        return self

    def ready(self):
        self.page.wait_for_selector("html[data-ready=true]")

    def slider(self, name):
        return self.page.get_by_role("slider", name=name, exact=True)

    def typed(self, name):
        return self.page.get_by_role("spinbutton", name=name, exact=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def click(self, name):
        """Press a button and, where it is a scene's, wait until the page has glided there."""
        self.button(name).click()
        self.page.wait_for_function("() => !('gliding' in document.documentElement.dataset)")

    def type(self, name, text):
        self.typed(name).fill(text)
        self.typed(name).press("Enter")

    def choose(self, group, option):
        radios = self.page.get_by_role("radiogroup", name=group, exact=True)
        radios.get_by_role("radio", name=option, exact=True).click()

    def drag(self, name, start, end, steps=20):
        """Pull a slider's handle with the mouse, both places as fractions of its length."""
        slider = self.slider(name)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + start * box["width"], middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end * box["width"], middle, steps=steps)
        self.page.mouse.up()

    def value(self, name):
        """Return a readout's double."""
        return float(self.readout(name).get_attribute("data-value"))

    def values(self):
        """Return the doubles of all readouts, by name."""
        told = self.page.locator("[data-readout]").evaluate_all(
            "all => all.map((one) => [one.dataset.readout, one.dataset.value])"
        )
        return {name: float(value) for name, value in told}

    def readout(self, name):
        return self.page.locator(f'[data-readout="{name}"]')

    def until(self, true, what):
        """Wait until a condition holds, while the page's own messages come in."""
        wait_until(true, what, pause=lambda seconds: self.page.wait_for_timeout(1000 * seconds))

    def shows(self, name, expected, rel=1e-12):
        """Wait until a readout has the expected double, to rounding."""
        self.until(
            lambda: _close(self.value(name), expected, rel),
            lambda: f"{name} is {expected}; it is {self.value(name)}",
        )

    def moves(self, name, before):
        """Wait until a readout is another number than before, and return it."""
        self.until(lambda: self.value(name) != before, f"{name} is no longer {before}")
        return self.value(name)

    def told(self, text):
        """Wait until a message on the page contains a text."""
        self.page.locator("[data-messages] li").filter(has_text=text).wait_for()

    def reads(self, text):
        """Wait until a text can be seen on the page, whatever elements it is made of."""
        self.until(lambda: text in self.page.locator("body").inner_text(), f"“{text}” is shown")

    def at_rest(self):
        """Wait until Python, where the page is served, has answered all that was asked for."""
        self.page.wait_for_function(
            f"""() => {{
              const front = {FRONT};
              return !front?.state.seq || front.state.seq === front.frame.seq;
            }}"""
        )
        let_paint(self.page)

    def answered(self):
        """Return the state that Python has answered last."""
        return self.page.evaluate(f"() => JSON.parse(JSON.stringify({FRONT}.frame.state))")

    def probabilities(self):
        """Return the probabilities to the last digit: each typed number's title."""
        return [
            float(box.get_attribute("title"))
            for box in self.page.get_by_role("spinbutton", name="probability of").all()
        ]


def _close(got, expected, rel):
    if math.isnan(expected):
        return math.isnan(got)
    if math.isinf(expected):
        return got == expected
    return abs(got - expected) <= rel * max(1, abs(expected))


@contextlib.contextmanager
def readers_of(tabs):
    """Open pages; in the end none may have logged an error or asked another host.

    What runs ``before`` does so ahead of all else in the page.
    """
    readers = []

    def open_page(url, *, width=1280, scheme="light", folded=False, before="", **options):
        page = tabs(**options)
        page.add_init_script(before)
        page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        page.emulate_media(color_scheme=scheme)
        readers.append((Reader(page), urlsplit(url).netloc))
        return readers[-1][0].open(url, folded)

    yield open_page
    for reader, own in readers:
        with contextlib.suppress(Error):  # the next reader is another, who has never been here
            reader.page.evaluate("localStorage.clear()")
        reader.page.close()
        assert reader.errors == []
        assert reader.hosts <= {own}
