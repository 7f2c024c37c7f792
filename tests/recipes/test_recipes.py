"""The guide's recipes: a small blog of each generator, built as docs/embedding.md says, and read.

What is said there is what is built: the folders here hold only what a blog has before.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.browser.servers import export
from tests.browser.static_host import file_server
from tests.browser.test_embed import REFUSED, STRICT
from tests.browser.test_post import DARK, GROUND, LIGHT, TALL, heights, value
from tests.recipes.guide import recipe

pytestmark = [pytest.mark.browser, pytest.mark.recipes]

HERE = Path(__file__).parent
PROGRAMS = os.pathsep.join(
    [str(HERE / ".venv" / "bin"), str(HERE / "node_modules" / ".bin"), os.environ["PATH"]]
)
THEMED = (  # themes of others bring inline scripts and styles, and Material a search in a worker
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src 'self' blob:; frame-src 'self'"
)
SHOWN = {"dark": DARK, "light": LIGHT}


class Blog(NamedTuple):
    """A generator's blog: what builds it, what it writes where, and how its theme is switched."""

    name: str  # of its section in the guide, and of its folder
    program: str
    out: str
    post: str
    lamp: str = "#lamp"
    known: str = "(?!)"  # a pattern of what the generator's own pages log, without explorers too

    @property
    def folder(self):
        return self.name.split()[0].lower()

    @property
    def policy(self):
        return STRICT if self.lamp == "#lamp" else THEMED


BLOGS = [
    Blog("Plain HTML", "sh", ".", "post.html"),
    Blog("Hugo", "hugo", "public", "posts/kl/"),
    Blog("Jekyll", "jekyll", "_site", "2026/11/27/kl/"),
    Blog("Eleventy", "eleventy", "_site", "posts/kl/"),
    Blog("Astro", "astro", "dist", "posts/kl/"),
    Blog("Pelican", "pelican", "output", "posts/kl/"),
    Blog("Sphinx with MyST", "sphinx-build", "_build/html", "posts/kl.html", ".theme-toggle"),
    Blog(
        "Jupyter Book 1",
        "jupyter-book",
        "_build/html",
        "posts/kl.html",
        ".theme-switch-button",
        "'THEBE_JS_URL' has already been declared|Got invalid theme mode",
    ),
    Blog("MkDocs Material", "mkdocs", "site", "posts/kl/", ".md-option + label"),
]


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Build a blog as the guide says; return the folder of the host that has it in ``blog``."""
    place, built = tmp_path_factory.mktemp("recipes"), {}
    export((place / "explorers",))

    def host_of(blog):
        if blog not in built:
            built[blog] = hosted(place, blog, written(blog, place))
        return built[blog]

    return host_of


def written(blog, place):
    """Lay a blog, add what the guide says, run its commands; return the folder that they write."""
    folder = place / blog.folder
    shutil.rmtree(folder, ignore_errors=True)  # of a try that failed
    shutil.copytree(HERE / blog.folder, folder)
    if (HERE / "node_modules" / ".bin" / blog.program).exists():
        (folder / "node_modules").symlink_to(HERE / "node_modules")
    commands, files = recipe(blog.name)
    for name, code in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(code)
    ran = subprocess.run(
        ["sh", "-e", "-c", commands], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PATH": PROGRAMS, "ASTRO_TELEMETRY_DISABLED": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, f"{blog.name}: {ran.stdout}{ran.stderr}"
    return folder / blog.out


def hosted(place, blog, out):
    """Put a blog where its host has it, with the look that all the small ones have."""
    for file in ("blog.css", "lamp.js"):
        shutil.copy(HERE / file, out)
    host = place / "hosts" / blog.folder
    host.mkdir(parents=True)
    (host / "blog").symlink_to(out)
    (host / "favicon.ico").touch()  # which a browser asks a host for, unasked
    return host


@pytest.fixture(params=BLOGS, ids=lambda blog: blog.folder)
def blog(request):
    if not shutil.which(request.param.program, path=PROGRAMS):
        pytest.skip(f"no {request.param.program} on this machine; make recipes installs it")
    return request.param


@pytest.fixture
def post(blog, build, reading):
    """Come to a blog's post from another page, and wait until its explorer is ready."""
    readers = []
    with file_server(build(blog), lambda path: policy_at(blog, path)) as address:

        def open_post(**options):
            reader = reading(f"{address}/blog/explorers/kl.html", before=REFUSED, **options)
            reader.page.goto(f"{address}/blog/{blog.post}")
            reader.page.locator("bits-explorer").scroll_into_view_if_needed()
            readers.append(reader)
            return reader, inside(reader)

        yield open_post
    for reader in readers:
        reader.errors = [error for error in reader.errors if not re.search(blog.known, error)]


def policy_at(blog, path):
    """Return the headers of a page: the blog's own have a policy, the explorers bring theirs."""
    return {} if "/explorers/" in path else {"Content-Security-Policy": blog.policy}


def inside(reader):
    """Return the explorer's page in the post, once it is ready."""
    reader.page.frame_locator("iframe").locator("html[data-ready=true]").wait_for()
    return next(one for one in reader.page.frames if "/explorers/kl.html" in one.url)


def turn(reader, blog, theme):
    """Press the blog's own switch until its page is light, or dark."""
    dark = f"{GROUND}.match(/\\d+/g).slice(0, 3).every((part) => part < 128)"
    for _ in range(4):
        if reader.page.evaluate(dark) == (theme == "dark"):
            return
        reader.page.locator(f"{blog.lamp}:visible").first.click()
    raise AssertionError(f"{blog.name} does not become {theme}")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_post_has_its_explorer_at_its_height_and_in_its_theme(post, blog, width, system):
    reader, explorer = post(width=width, scheme=system)
    link = urlsplit(reader.page.locator("bits-explorer a").evaluate("link => link.href"))
    assert (link.path, link.fragment) == ("/blog/explorers/kl.html", "mu_p=0&sigma_q=1.6")
    assert value(explorer, "kl_pq") != value(explorer, "kl_qp")
    for theme in ("dark", "light"):
        turn(reader, blog, theme)
        explorer.wait_for_function(f"() => {GROUND} === '{SHOWN[theme]}'")
        reader.until(
            lambda: heights(reader) == [explorer.evaluate(TALL)],
            lambda: f"a frame as high as its page; it is {heights(reader)}",
        )
    assert [frame.evaluate("refused") for frame in reader.page.frames] == [[], []]
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wide) <= 0


@pytest.mark.parametrize("width", [390, 1280])
def test_back_leaves_a_post_and_forward_brings_the_edited_state(post, width):
    reader, explorer = post(width=width)
    before, address = value(explorer, "kl_pq"), reader.page.url
    explorer.get_by_role("slider").first.press("End")
    reader.until(lambda: value(explorer, "kl_pq") != before, "the state is another")
    reader.page.wait_for_timeout(600)  # longer than a page takes to tell its state
    edited = value(explorer, "kl_pq")
    reader.page.go_back()
    assert urlsplit(reader.page.url).path == "/blog/explorers/kl.html"
    reader.page.go_forward()
    assert reader.page.url == address
    assert value(inside(reader), "kl_pq") == edited
    assert [frame.evaluate("refused") for frame in reader.page.frames] == [[], []]
