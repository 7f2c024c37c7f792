"""What tests in a browser are given: servers, exported pages, a browser, and its readers."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.reader import BROWSER, CHROMIUM, readers_of
from tests.browser.servers import export, serving
from tests.browser.static_host import file_server
from tests.waits import PATIENCE, wait_until

INLINE = ("kl", "entropy", "perplexity")  # also as files that stand alone


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
def made_once(request, tmp_path_factory):
    """Return a folder that the first of the tests' processes fills and the others wait for."""
    alone = not hasattr(request.config, "workerinput")
    base = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent

    def made(name, make):
        folder, done = base / name, base / f"{name} is made"
        try:
            folder.mkdir()
        except FileExistsError:
            wait_until(done.exists, f"{name}, by another process", seconds=4 * PATIENCE)
        else:
            make(folder)
            done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def exported(made_once):
    """The folder with the exported site in ``site`` and two explorers' own files beside it."""

    def make(folder):
        alone = [("--inline", slug, folder / f"{slug}.html") for slug in INLINE]
        export((folder / "site",), *alone)

    return made_once("exported", make)


@pytest.fixture(scope="session")
def static_host(exported):
    """The address of a plain file server for that folder."""
    with file_server(exported) as address:
        yield address


@pytest.fixture
def address_of(request):
    """Return what gives the address of a page in a state, served or without a server."""
    if request.param == "hosted":
        return lambda page: f"{request.getfixturevalue('hosted')}/{page}"
    site = f"{request.getfixturevalue('static_host')}/site"

    def exported(page):
        slug, _, state = page.partition("?")
        return f"{site}/{slug}.html?{state}"

    return exported


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=BROWSER, args=CHROMIUM, timeout=1000 * PATIENCE
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tabs(browser):
    """Open a tab of a browser with such options; tabs with the same jar share cookies and cache."""
    contexts = {}

    def open_tab(jar="everybody's", **options):
        key = jar, repr(sorted(options.items()))
        if key not in contexts:
            contexts[key] = browser.new_context(**options)
            contexts[key].set_default_timeout(1000 * PATIENCE)
        return contexts[key].new_page()

    yield open_tab
    for context in contexts.values():
        context.close()


@pytest.fixture
def reading(tabs):
    """Open pages for one test."""
    with readers_of(tabs) as open_page:
        yield open_page
