"""Explorers as components of Panel, in a browser: served, and in JupyterLab."""

import contextlib
import os
import shutil
import subprocess
import sys

import pytest

from app.page.poster.themes import colours
from tests.browser.servers import ROOT, free_port, serving, wait_for
from tests.chapters import by_turns
from tests.waits import PATIENCE, wait_until

pytestmark = pytest.mark.browser

SERVED = """
import panel as pn
from app import KL

pn.extension()
pn.Tabs(("two", pn.Row(KL(mu_q=2), KL())), ("third", KL(mu_q=-1))).servable()
"""
MODELS = "Bokeh.documents.flatMap((one) => [...one._all_models.values()])"
MARKS = f"""() => {MODELS}.filter((one) => one.name === 'marks').map(({{ data }}) =>
  (data instanceof Map ? data.get('q_mu') : data.q_mu)[0])"""


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory):
    """The address of a reader's own script with three explorers, under ``panel serve``."""
    folder = tmp_path_factory.mktemp("dashboards")
    (folder / "mine.py").write_text(SERVED, encoding="utf-8")
    command = ["panel", "serve", str(folder / "mine.py"), "--address", "127.0.0.1"]
    with serving(folder / "log.txt", command, "/mine") as address:
        yield f"{address}/mine"


@contextlib.contextmanager
def opened(tabs, address, count, **options):
    """Open a page with so many dashboards."""
    page = tabs(**options)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function(f"count => globalThis.Bokeh && ({MARKS})().length >= count", arg=count)
    yield page
    page.close()
    assert errors == []


def drag(page, handle, by):
    """Pull the knob of a slider by so many px."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=12)
    page.mouse.up()


def follows(page, before):
    """Wait until the first picture is no longer as before; return where all marks are."""
    page.wait_for_function(f"before => ({MARKS})()[0] !== before", arg=before)
    return page.evaluate(MARKS)


@by_turns("width", [1280, 390])
def test_a_slider_moves_its_own_picture_and_number_alone(dashboards, tabs, width):
    with opened(tabs, dashboards, 2) as page:
        page.set_viewport_size({"width": width, "height": 844})
        marks = page.evaluate(MARKS)
        assert sorted(marks[:2]) == [1, 2]
        number = page.get_by_text("1.4543 nats").first  # of KL(mu_q=2)
        number.wait_for()
        drag(page, page.locator(".noUi-handle").nth(2 if marks[0] == 2 else 6), 25)
        after = follows(page, marks[0]) if marks[0] == 2 else page.evaluate(MARKS)
        assert after[1:] == marks[1:]
        number.wait_for(state="detached")


def test_a_number_that_is_refused_is_told_in_the_words_of_a_page_and_goes_back(dashboards, tabs):
    with opened(tabs, dashboards, 2) as page:
        typed = page.locator("input.bk-input").nth(2)
        before = typed.input_value()
        typed.fill("9")
        typed.press("Enter")
        page.get_by_role("alert").filter(has_text="must lie between -4 and 4").first.wait_for()
        wait_until(
            lambda: typed.input_value() == before,
            "the number is the one before",
            pause=lambda seconds: page.wait_for_timeout(1000 * seconds),
        )


@by_turns("theme", ["dark", "light"])
def test_curves_have_the_colours_of_the_theme(dashboards, tabs, theme):
    address = dashboards if theme == "light" else f"{dashboards}?theme=dark"
    with opened(tabs, address, 2) as page:
        told = page.evaluate(
            f"""() => {MODELS}.filter((one) => one.tags?.includes('line_color=q'))
              .map(({{ line_color }}) => line_color.value ?? line_color)"""
        )
        assert set(told) == {colours(theme)["q"]}


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab of nobody's with a copy of the tour, its address and its folder."""
    folder, port = tmp_path / "notebooks", free_port()
    folder.mkdir()
    shutil.copy(ROOT / "docs" / "notebook.ipynb", folder)
    own = {f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = {**os.environ, **own, "IPYTHONDIR": str(tmp_path / "ipython")}
    options = {
        "port": port, "port_retries": 0, "root_dir": folder, "token": "", "password": "",
        "open_browser": False, "allow_root": True,
    }  # fmt: skip
    told = [f"--ServerApp.{name}={value}" for name, value in options.items()]
    with (tmp_path / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *told],
            stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{port}/api", process)
            yield f"http://127.0.0.1:{port}/lab/tree/notebook.ipynb", folder / "notebook.ipynb"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def choose(page, menu, item):
    """Choose from JupyterLab's menu."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item).first.click()


def test_the_notebook_runs_in_jupyterlab_and_keeps_a_picture(lab, tabs, tmp_path):
    address, notebook = lab
    page = tabs(jar="jupyterlab")
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(address)
    page.locator(".jp-Notebook").wait_for()
    page.get_by_text("(ipykernel)").filter(visible=True).first.wait_for()
    choose(page, "Run", "Run All Cells")
    wait_until(
        lambda: (
            not page.locator(".jp-InputPrompt", has_text="[*]").count()
            and page.evaluate("() => Boolean(globalThis.Bokeh?.documents.length)")
        ),
        "every cell has run",
        seconds=4 * PATIENCE,
        pause=lambda seconds: page.wait_for_timeout(1000 * seconds),
    )
    page.get_by_role("heading", name="A dashboard").scroll_into_view_if_needed()
    page.get_by_text("1.0166 nats").first.wait_for()  # of the state that a later cell has set
    marks = page.evaluate(MARKS)
    drag(page, page.locator(".noUi-handle").nth(2), 30)
    assert follows(page, marks[0])[0] > marks[0]
    choose(page, "File", "Save Notebook")
    wait_until(
        lambda: "bits-and-nats-picture" in notebook.read_text(encoding="utf-8"),
        "the notebook is saved",
        pause=lambda seconds: page.wait_for_timeout(1000 * seconds),
    )
    page.close()
    convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(notebook)]
    subprocess.run(convert, check=True, capture_output=True, cwd=tmp_path)
    still = tabs(jar="no scripts", java_script_enabled=False)
    still.goto(notebook.with_suffix(".html").as_uri(), wait_until="commit")
    still.locator("img.bits-and-nats-picture").first.wait_for()
    assert "error" not in [one["output_type"] for one in outputs(notebook)]
    still.close()


def outputs(notebook):
    """List what the cells of a notebook have given."""
    import nbformat

    cells = nbformat.read(notebook, as_version=4).cells
    return [one for cell in cells for one in cell.get("outputs", [])]
