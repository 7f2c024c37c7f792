"""Pages where nothing inside Bokeh and Panel is called what our patches know: slower, and whole."""

import re
import shutil

import pytest

from app.explorers.kl.explorer import KL
from app.explorers.mode_fit.explorer import ModeFit
from app.page.bundle import text_of
from app.panel.patches import PATCHES
from tests.browser.reader import Reader
from tests.browser.servers import serving
from tests.browser.static_host import file_server

pytestmark = pytest.mark.browser

IN_BROWSER = re.findall(
    r"\w+", re.search(r"PATCHES = \{([^}]*)", text_of("static/bokeh/patches.js"))[1]
)
RENAMED = "\nBokeh.require = (path) => { throw new Error(`there is no ${path}`); };\n"
LEFT_OUT = re.compile(r"(\w+) is left out")
DRAWN = """
() => Bokeh.documents.flatMap((one) => [...one._all_models.values()])
  .filter((model) => model.type === 'ColumnDataSource')
  .map(({ data }) => [...(data.values?.() ?? Object.values(data))].map((one) => [...one]))
  .map((columns) => JSON.stringify(columns))
"""


@pytest.fixture
def opened(browser, exported, tmp_path):
    """Open an exported page beside a BokehJS with some code after it."""
    contexts = []

    def open_page(explorer, after=""):
        for file in (exported / "site").glob("*.min.js"):
            more = after if file.name.startswith("bokeh-") else ""
            (tmp_path / file.name).write_text(file.read_text("utf-8") + more, "utf-8")
        shutil.copy(exported / "site" / f"{explorer.slug}.html", tmp_path)
        contexts.append(browser.new_context())
        return Reader(contexts[-1].new_page()).open(f"{address}/{explorer.slug}.html")

    with file_server(tmp_path) as address:
        yield open_page
    for context in contexts:
        context.close()


def moves_readout_data_and_picture(reader, slider, readout):
    """Drag a slider; each of the three must become another than before."""
    picture = reader.page.locator("figure .figure").first
    number, data, look = reader.value(readout), reader.page.evaluate(DRAWN), picture.screenshot()
    reader.drag(slider, 0.5, 0.8)
    reader.moves(readout, number)
    assert reader.page.evaluate(DRAWN) != data
    reader.page.wait_for_timeout(100)
    assert picture.screenshot() != look


def test_every_patch_fits_the_pinned_bokehjs(opened):
    assert opened(KL).errors == []


@pytest.mark.parametrize(("explorer", "slider", "readout"), [
    (KL, "mean μ of P", "kl_pq"), (ModeFit, "mean μ of Q", "reverse_kl"),
])  # fmt: skip
def test_an_exported_page_works_without_any_patch(opened, explorer, slider, readout):
    reader = opened(explorer, RENAMED)
    assert [LEFT_OUT.search(told)[1] for told in reader.errors] == IN_BROWSER
    moves_readout_data_and_picture(reader, slider, readout)
    assert len(reader.errors) == len(IN_BROWSER)


@pytest.fixture(params=[
    (["app", "serve"], "/kl?"), (["panel", "serve", "app"], "/app?explorer=kl&"),
], ids=["app serve", "panel serve"])  # fmt: skip
def renamed(request, tmp_path):
    """The address of the KL page, its query begun, under a server that finds nothing to patch."""
    command, path = request.param
    with serving(tmp_path / "log.txt", ["tests.browser.renamed", *command], path) as address:
        yield f"{address}{path}"


def test_a_served_page_works_without_any_patch(renamed, reading, tmp_path):
    reader = reading(f"{renamed}mu_p=-1")
    moves_readout_data_and_picture(reader, "mean μ of P", "kl_pq")
    reader.type("mean μ of P", "2.5")
    reader.shows("kl_pq", KL.compute(**{**KL.defaults(), "mu_p": 2.5}).readouts["kl_pq"])
    reading(f"{renamed}mu_p=1")
    log = (tmp_path / "log.txt").read_text()
    assert LEFT_OUT.findall(log) == [patch.__name__ for patch in PATCHES]
