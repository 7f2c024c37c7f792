"""What lies in ``static/vendor`` is the package of the lock file, and nothing else."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDOR = runpy.run_path(str(ROOT / "tools" / "vendor.py"))


@pytest.mark.parametrize("package", VENDOR["PACKAGES"])
def test_a_vendored_module_is_the_package_itself_with_its_licence(package):
    written = VENDOR["path_of"](package).read_text(encoding="utf-8")
    assert written == VENDOR["module"](package)
    assert "Permission is hereby granted" in written


def test_nothing_else_lies_there():
    names = {path.stem for path in (ROOT / "static" / "vendor").iterdir()}
    assert names == set(VENDOR["PACKAGES"])
