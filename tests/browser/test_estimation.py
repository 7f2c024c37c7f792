"""Estimation in a real browser: a reader's file, long work and its end."""

import numpy as np
import pytest

pytestmark = pytest.mark.browser

PAGE = "/estimation"


def table_of(rows, features=3):
    """Return a CSV whose first feature decides the class."""
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, rows)
    columns = [label + 0.1 * rng.standard_normal(rows)]
    columns += [rng.standard_normal(rows) for _ in range(features - 1)]
    names = ["<b>first</b>", *(f"f{i}" for i in range(1, features)), "kind"]
    lines = (
        ",".join([*(f"{column[i]:.3f}" for column in columns), "yes" if label[i] else "no"])
        for i in range(rows)
    )
    return ("\n".join([",".join(names), *lines])).encode()


def choose_file(reader, data, name="mine.csv"):
    box = reader.page.locator("[data-upload=table] input")
    box.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def ranked(reader):
    """Wait for the ranking and return its first column."""
    table = reader.page.locator("tbody[data-table=ranking] tr td:first-child")
    table.first.wait_for()
    return table.all_text_contents()


@pytest.mark.parametrize("preset", ["Feature hints", "Noise in 1000 bins"])
def test_the_classic_features(hosted, reading, preset):
    reader = reading(hosted + PAGE + "?noise=1")
    reader.click(preset)
    want = {"Feature hints": 0.033521570480608, "Noise in 1000 bins": 0.181}[preset]
    reader.shows("plug_in", want, rel=5e-5)


def test_a_readers_table_is_sent_read_and_ranked(hosted, reading):
    reader = reading(hosted + PAGE)
    choose_file(reader, table_of(4000))  # four messages
    target = reader.page.get_by_role("combobox", name="what to predict")
    target.wait_for()
    assert target.locator("option").all_text_contents() == ["choose a column", "kind"]
    target.select_option("kind")
    assert ranked(reader)[0] == "<b>first</b>"
    assert reader.page.locator("tbody[data-table=ranking] b").count() == 0
    choose_file(reader, b"PK\x03\x04 not a table", "bomb.csv")
    reader.told("is compressed")
    assert ranked(reader)[0] == "<b>first</b>"
    choose_file(reader, b"x" * 10, "program.exe")
    reader.told("must end in .csv or .tsv or .txt")
    choose_file(reader, b"")
    reader.told("is empty")


def test_long_work_shows_progress_and_can_be_cancelled(hosted, reading):
    reader = reading(hosted + PAGE)
    choose_file(reader, table_of(20_000, features=30))
    reader.page.get_by_role("combobox", name="what to predict").select_option("kind")
    bar = reader.page.locator("[data-work=target]")
    bar.locator("progress").wait_for()
    reader.drag("bins", 0.2, 0.8)  # the page answers meanwhile
    bar.get_by_role("button", name="Cancel").click()
    bar.wait_for(state="hidden")
    reader.page.wait_for_timeout(500)  # its last 0.1 s of work ends, and nothing tells of that
    assert not reader.page.locator("[data-show=ranking]").first.is_visible()
    reader.choose("data set", "wine")
    reader.click("Rank its features")
    assert "flavanoids" in ranked(reader)


def test_the_exported_page_says_what_needs_a_server(exported, reading):
    file = exported / "site" / "estimation.html"
    reader = reading(file.as_uri(), offline=True)
    group = reader.page.get_by_role("group", name="Rank features", exact=True)
    assert "make serve" in group.inner_text()
    assert group.locator("input, button, select").count() == 0
    reader.click("Pure noise")
    reader.shows("plug_in", 0.006, rel=5e-5)
    before = reader.value("plug_in")
    reader.click("Draw another sample")
    reader.moves("plug_in", before)
