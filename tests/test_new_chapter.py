"""``make chapter`` lays a chapter that passes every contract test as it is laid."""

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
    return tmp_path


def test_a_laid_chapter_passes_the_contract_tests_and_touches_only_its_folders(checkout):
    written = lay("laid-out", checkout)
    places = {path.relative_to(checkout).parent.as_posix() for path in written}
    assert places == {"app", "app/explorers/laid_out", "tests/explorers/laid_out"}
    command = [sys.executable, "-m", "pytest", "-q", "-k", "laid-out or laid_out"]
    command += ["tests/contract", "tests/page", "tests/explorers/laid_out"]
    tried = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stdout[-3000:]
    summary = tried.stdout.strip().splitlines()[-1]
    assert int(summary.split()[0]) > 30, summary


@pytest.mark.parametrize("name", ["Some-Slug", "some_slug", "", "-a", "a/b", "..", "a b", "1st"])
def test_a_name_that_fits_no_address_is_refused(name):
    with pytest.raises(Exception, match="is not like some-slug"):
        slug(name)


def test_a_chapter_that_is_there_is_not_laid_again(checkout):
    with pytest.raises(FileExistsError, match="a chapter called kl already"):
        lay("kl", checkout)
