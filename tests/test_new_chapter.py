"""``make chapter`` lays a chapter that passes every test over the registry as it is laid."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.new_chapter import lay, slug

ROOT = Path(__file__).parents[1]
PARTS = ("app", "infocore", "static", "tests", "tools")


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of what a chapter lives among."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")  # axe, for its pages
    return tmp_path


def passed(checkout, *tests):
    """Run what such tests have about the chapter that was laid; return how many passed, all."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "laid-out or laid_out", *tests]
    tried = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stdout[-3000:]
    return int(tried.stdout.strip().splitlines()[-1].split()[0])


def test_a_laid_chapter_passes_the_contract_tests_and_touches_only_its_folders(checkout):
    written = lay("laid-out", checkout)
    places = {path.relative_to(checkout).parent.as_posix() for path in written}
    assert places == {"app", "app/explorers/laid_out", "tests/explorers/laid_out"}
    assert passed(checkout, "tests/contract", "tests/page", "tests/explorers/laid_out") > 30


def test_a_chapter_with_a_drawing_that_posters_do_not_know_is_exported_and_told(checkout):
    lay("laid-out", checkout)
    figures = checkout / "app" / "explorers" / "laid_out" / "figures.py"
    wedge = "plot.wedge(x=[0.5], y=[0.5], radius=0.2, start_angle=0, end_angle=1)\n    few_ticks("
    figures.write_text(figures.read_text("utf-8").replace("few_ticks(", wedge), "utf-8")
    command = [sys.executable, "-m", "app", "export", "site"]
    told = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)
    assert told.stderr.splitlines() == [
        "python -m app export: The poster of laid-out says 'This picture needs JavaScript.' "
        "in place of curve: a poster knows no glyph Wedge"
    ]
    poster = (checkout / "site" / "posters" / "laid-out.svg").read_text("utf-8")
    for words in (
        "What does the laid-out chapter ask?",
        "1.0000<",
        "This picture needs JavaScript.",
    ):
        assert words in poster
    page = (checkout / "site" / "laid-out.html").read_text("utf-8")
    assert '<img src="posters/laid-out.svg" alt="Laid out: ' in page


@pytest.mark.browser
def test_a_laid_chapter_passes_the_browser_tests(checkout):
    lay("laid-out", checkout)
    assert passed(checkout, "tests/browser") > 10


@pytest.mark.parametrize("name", ["Some-Slug", "some_slug", "", "-a", "a/b", "..", "a b", "1st"])
def test_a_name_that_fits_no_address_is_refused(name):
    with pytest.raises(Exception, match="is not like some-slug"):
        slug(name)


def test_a_word_of_python_is_refused():
    with pytest.raises(Exception, match="'class' is a word of Python"):
        slug("class")


def test_a_chapter_that_is_there_is_not_laid_again(checkout):
    with pytest.raises(FileExistsError, match="a chapter called kl already"):
        lay("kl", checkout)
