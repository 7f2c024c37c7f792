"""``panel serve app --dev``: an open page is loaded anew once a file that it is made of changes."""

import shutil

import pytest

from tests.browser.servers import ROOT, serving

pytestmark = pytest.mark.browser

PAUSE = 1500  # ms; for one second after a change Panel looks at no other

PYTHON = "app/explorers/surprise/explorer.py", '"p, probability of the event"', '"p, an edit"'
TEXTS = "app/explorers/surprise/texts.md", "How surprising is one event?", "What is an edit?"
STYLE = "static/styles/style.css", "body { margin: 0;", "body { margin: 7px;"
PAGE = "static/page.html", "Skip to the explorer", "Skip to the edit"
SCRIPT = "static/engines/python.js", "  applyPatches();\n", "  document.title = 'An edit';\n"


@pytest.fixture
def project(tmp_path):
    """A copy of what the program is made of, which may be edited."""
    for room in ("app", "infocore", "static"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def developed(project):
    """The address of that copy."""
    command = ["panel", "serve", "app", "--dev"]
    with serving(project / "log.txt", command, "/app", folder=project) as address:
        yield address


def save(project, *edits):
    for name, old, new in edits:
        text = (project / name).read_text("utf-8")
        assert old in text, name
        (project / name).write_text(text.replace(old, new, 1), "utf-8")


def expect_refreshed(reader, p):
    """The page comes anew by itself, with its slider where the hand had left it."""
    reader.page.wait_for_function("() => !window.old && document.documentElement.dataset.ready")
    reader.shows("surprise", p)


def test_a_page_follows_edits_of_each_kind_of_file_and_keeps_its_state(project, developed, reading):
    reader = reading(f"{developed}/app?explorer=surprise", folded=True)
    body = reader.page.locator("body")

    reader.type("p, probability of the event", "0.125")
    reader.page.wait_for_url("**p=0.125**")
    reader.page.evaluate("window.old = true")
    save(project, PYTHON, TEXTS)
    expect_refreshed(reader, 3)
    reader.page.get_by_role("heading", name="What is an edit?", level=1).wait_for()
    assert reader.typed("p, an edit").input_value() == "0.125"
    assert body.evaluate("one => getComputedStyle(one).marginTop") == "0px"

    reader.page.wait_for_timeout(PAUSE)
    reader.page.evaluate("window.old = true")
    save(project, STYLE, PAGE, SCRIPT)
    expect_refreshed(reader, 3)
    assert body.evaluate("one => getComputedStyle(one).marginTop") == "7px"
    assert reader.page.get_by_role("link", name="Skip to the edit").count() == 1
    assert reader.page.title() == "An edit"
