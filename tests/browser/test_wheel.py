"""The wheel is the product: built, and installed where nothing else is, it does all that we do."""

import json
import math
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
from packaging.version import Version
from uv import find_uv_bin

from app.page.poster.themes import colours
from tests.browser.servers import ROOT
from tests.hosting.conftest import Server, Session, models_with

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OLDEST = PROJECT["requires-python"].removeprefix(">=")
ROOMS = {"infocore": "infocore", "app": "bitsandnats", "static": "bitsandnats/static"}
LINK = "mu_p=0&sigma_p=1&mu_q=2&sigma_q=1&unit=nats"
KL = 2.0  # nats: the closed form where widths are equal, (μp − μq)²/2σ²
SCRIPT = """
import infocore
from bitsandnats import KL
shown = KL(mu_p=0, sigma_p=1, mu_q=2, sigma_q=1, unit="nats")
print(KL.compute(**shown.state).readouts["kl_pq"], infocore.__version__)
"""

CELL = """
import panel as pn
from bitsandnats import KL
pn.extension()
KL(mu_p=0, sigma_p=1, mu_q=2, sigma_q=1, unit="nats")
"""


def run(*command, **options):
    """Return what a command prints; where it fails, fail with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def uv(*asked):
    return run(find_uv_bin(), "--quiet", "--no-python-downloads", *map(str, asked))


@pytest.fixture(scope="session")
def wheels(made_once):
    """The wheel that the source distribution builds, and the one that a checkout does."""

    def make(folder):
        build = "build", "--no-build-isolation", "--python", sys.executable, ROOT, "--out-dir"
        uv(*build, folder / "from source")
        uv(*build, folder / "from checkout", "--wheel")

    folder = made_once("wheels", make)
    return [next((folder / f"from {one}").glob("*.whl")) for one in ("source", "checkout")]


def interpreters():
    """Return the Pythons on this machine that fit, by version, the oldest first."""
    paths = [*run(ROOT / "tools" / "python.sh", "--all").splitlines(), sys.executable]
    asks = "import sys; print(*sys.version_info[:2], sep='.')"
    found = {run(path, "-c", asks).strip(): path for path in paths}
    return {one: found[one] for one in sorted(found, key=Version)}


@pytest.fixture(scope="session", params=["oldest", "newest"])
def installed(request, wheels, made_once):
    """The folder of programs where only the wheel is installed, and what it says that it needs."""
    found = interpreters()
    version = OLDEST if request.param == "oldest" else list(found)[-1]
    if version not in found or (request.param == "newest" and version == OLDEST):
        pytest.skip(f"the {request.param} Python to try is not here; there are {', '.join(found)}")

    def make(folder):
        uv("venv", "--python", found[version], folder / "env")
        pinned = "--constraint", ROOT / "requirements" / "run.txt"
        uv("pip", "install", "--python", folder / "env", *pinned, wheels[0])

    return made_once(f"installed {version}", make) / "env" / "bin"


def test_the_source_builds_the_wheel_that_a_checkout_builds(wheels):
    source, checkout = wheels
    assert source.name == checkout.name
    assert source.read_bytes() == checkout.read_bytes()


def test_the_wheel_holds_every_file_of_the_product_and_nothing_else(wheels):
    expected = {
        (Path(there) / file.relative_to(ROOT / here)).as_posix()
        for here, there in ROOMS.items()
        for file in (ROOT / here).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    held = {name for name in zipfile.ZipFile(wheels[0]).namelist() if ".dist-info/" not in name}
    assert held == expected


@pytest.mark.parametrize(
    ("module", "name"), [("app", "python -m app"), ("bitsandnats", "bitsandnats")]
)
def test_a_checkout_runs_under_either_name(module, name):
    said = run(sys.executable, "-m", module, "--help", cwd=ROOT)
    assert said.startswith(f"usage: {name} [-h]")


def test_the_installed_program_serves_pages_that_answer(installed, tmp_path):
    server = Server(tmp_path / "log.txt", program=[installed / "bitsandnats"])
    try:
        page = Session(server.ready(), f"/kl?{LINK}")
        assert page.ask(["mu_q", 2.0])["readouts"]["kl_pq"] == pytest.approx(KL, rel=1e-14)
        page.close()
    finally:
        server.end()


@pytest.mark.browser
def test_a_file_from_the_installed_program_opens_without_a_network(installed, tmp_path, reading):
    file = tmp_path / "kl.html"
    run(installed / "python", "-m", "bitsandnats", "export", "--inline", "kl", file, cwd=tmp_path)
    reading(f"{file.as_uri()}#{LINK}", offline=True).shows("kl_pq", KL)


def test_python_has_the_explorers_and_the_core_from_the_wheel_alone(installed, tmp_path):
    divergence, version = run(installed / "python", "-c", SCRIPT, cwd=tmp_path).split()
    assert float(divergence) == pytest.approx(KL, rel=1e-14)
    assert version == PROJECT["version"]


@pytest.fixture
def notebook(installed, tmp_path):
    """What a cell shows in a notebook whose Python has the wheel and a kernel, and nothing else.

    The kernel's versions, and hashes, are those of `requirements/dev.txt`.
    """
    pinned = "--constraint", ROOT / "requirements" / "dev.txt"
    python = installed / "python"
    uv("pip", "install", "--python", python, "--target", tmp_path / "beside", *pinned, "ipykernel")
    starts = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    finds = {"PYTHONPATH": str(tmp_path / "beside")}
    kernel = tmp_path / "kernels" / "wheel" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": starts, "display_name": "wheel", "env": finds}))
    file = tmp_path / "notebook.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), file)
    own = {"JUPYTER_PATH": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    execute = "jupyter", "execute", "--inplace", "--kernel_name=wheel", file
    run(sys.executable, "-m", *execute, cwd=tmp_path, env={**os.environ, **own})
    return nbformat.read(file, as_version=4).cells[0].outputs[-1].data


def test_a_cell_of_a_notebook_shows_p_and_q_in_their_colours_and_on_their_ranges(notebook):
    blue, orange = colours("light")["p"], colours("light")["q"]
    document = json.loads(re.search(r"docs_json = (\{.*\});", notebook["text/html"])[1])
    lines = [one["attributes"] for one in models_with(document, "line_color")]
    for drawn, colour in (("p", blue), ("q", orange), ("pq", blue), ("qp", orange)):
        of_it = [one for one in lines if one.get("y", {}).get("field") == drawn]
        assert of_it
        assert {one["line_color"] for one in of_it} == {colour}
    axes = [one["attributes"] for one in models_with(document, "end")]
    assert {"start": -8, "end": 8} in axes
    density = next(one["end"] for one in axes if one.get("name") == "density")
    assert 1 / math.sqrt(2 * math.pi) < density <= 0.5  # above the top of both curves, and near
    picture = notebook["image/svg+xml"]
    assert blue in picture
    assert orange in picture
    assert "bits-and-nats-picture" in notebook["text/html"]
