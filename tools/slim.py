"""Take out of an environment what no server runs: tests, headers, JavaScript's sources and maps."""

import shutil
import sysconfig
from pathlib import Path

TESTS = ("tests", "test")
UNUSED = (".map", ".pyi", ".h", ".hpp", ".c", ".cpp", ".pyx", ".pxd", ".d.ts", ".ts")


def main() -> None:
    """Slim the environment whose interpreter runs this."""
    packages = Path(sysconfig.get_path("purelib"))
    for folder in [one for one in packages.rglob("*") if one.name in TESTS and one.is_dir()]:
        shutil.rmtree(folder, ignore_errors=True)
    for file in [one for one in packages.rglob("*") if one.name.endswith(UNUSED)]:
        if file.is_file():
            file.unlink()
    for unminified in (packages / "bokeh/server/static/js").glob("*.js"):
        if not unminified.name.endswith(".min.js") and unminified.name != "compiler.js":
            unminified.unlink()


if __name__ == "__main__":
    main()
