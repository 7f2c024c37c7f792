"""A server, a real browser, and a reader who sees what assistive technology sees."""

import contextlib
import math
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HARMLESS = ("data:", "blob:", "about:")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process, seconds=40):
    """Return once the address answers; fail where the process ends or takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    pytest.fail(f"nothing answered at {address}")


@contextlib.contextmanager
def serving(log, command, first_page):
    """Run a server on a free port; yield its address."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(port)],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}{first_page}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def server_log(tmp_path_factory):
    return tmp_path_factory.mktemp("served") / "log.txt"


@pytest.fixture(scope="session")
def hosted(server_log):
    """The address of ``python -m app serve``."""
    with serving(server_log, ["app", "serve"], "/") as address:
        yield address


@pytest.fixture(scope="session")
def under_panel(tmp_path_factory):
    """The address of ``panel serve app``."""
    log = tmp_path_factory.mktemp("panel") / "log.txt"
    with serving(log, ["panel", "serve", "app"], "/app") as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        yield chromium
        chromium.close()


class Reader:
    """A page as its reader meets it: controls by role and name, numbers by their names."""

    def __init__(self, page):
        self.page = page
        self.errors, self.hosts = [], set()
        page.set_default_timeout(10_000)
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

    def open(self, url):
        self.page.goto(url)
        self.ready()
        return self

    def ready(self):
        self.page.wait_for_selector("html[data-ready=true]", timeout=15_000)

    def slider(self, name):
        return self.page.get_by_role("slider", name=name, exact=True)

    def typed(self, name):
        return self.page.get_by_role("spinbutton", name=name, exact=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def click(self, name):
        self.button(name).click()

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

    def readout(self, name):
        return self.page.locator(f'[data-readout="{name}"]')

    def shows(self, name, expected, rel=1e-12, seconds=6):
        """Wait until a readout has the expected double, to rounding."""
        until = time.monotonic() + seconds
        while not _close(self.value(name), expected, rel):
            assert time.monotonic() < until, f"{name} is {self.value(name)}, not {expected}"
            self.page.wait_for_timeout(15)

    def moves(self, name, before, seconds=6):
        """Wait until a readout is another number than before, and return it."""
        until = time.monotonic() + seconds
        while self.value(name) == before:
            assert time.monotonic() < until, f"{name} stayed {before}"
            self.page.wait_for_timeout(15)
        return self.value(name)

    def told(self, text):
        """Wait until a message on the page contains a text."""
        self.page.locator("[data-messages] li").filter(has_text=text).wait_for(timeout=6000)

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


@pytest.fixture
def reading(browser):
    """Open pages; after the test none may have logged an error or asked another host."""
    contexts, readers = [], []

    def open_page(url, *, width=1280, scheme="light", **options):
        height = 844 if width < 500 else 900
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        reader = Reader(context.new_page())
        readers.append((reader, urlsplit(url).netloc))
        return reader.open(url)

    yield open_page
    for context in contexts:
        context.close()
    for reader, own in readers:
        assert reader.errors == []
        assert reader.hosts <= {own}
