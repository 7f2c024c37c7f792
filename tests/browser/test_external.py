"""A site whose scripts are files works where its host allows no script that stands in a page."""

import re

import pytest

from tests.browser.servers import export
from tests.browser.static_host import file_server

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:"


@pytest.fixture(scope="module")
def site(made_once):
    return made_once("external", lambda folder: export(("--csp", "external", folder)))


@pytest.fixture(scope="module")
def host(site):
    with file_server(site, lambda path: {"Content-Security-Policy": STRICT}) as address:
        yield address


def test_no_script_stands_in_a_page_and_each_file_is_there(site):
    for page in site.glob("*.html"):
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
        for attributes, code in scripts:
            source = re.search(r'src="([^"]+)"', attributes)
            assert source or "application/json" in attributes, page.name
            assert not source or (site / source[1]).exists()
            assert not source or not code


@pytest.mark.parametrize(
    ("slug", "deed", "number"),
    [
        ("kl", lambda reader: reader.type("mean μ of Q", "2"), "kl_pq"),
        ("perplexity", lambda reader: reader.choose("model", "unigram"), "perplexity"),
    ],
)
def test_an_explorer_answers_under_a_policy_for_files_alone(host, reading, slug, deed, number):
    reader = reading(f"{host}/{slug}.html")
    before = reader.value(number)
    deed(reader)
    reader.moves(number, before)


def test_pages_without_figures_work_under_a_policy_for_files_alone(host, reading):
    reader = reading(f"{host}/connections.html", folded=True)
    reader.page.locator("[data-row=rlhf] summary").click()
    reader.readout("rlhf_objective").wait_for()
    reader = reading(f"{host}/index.html", folded=True)
    assert reader.page.locator("html[data-ready=true]").count() == 1


def test_one_file_has_no_scripts_beside_it(tmp_path, capsys):
    from app.__main__ import main

    with pytest.raises(SystemExit):
        main(["export", "--csp", "external", "--inline", "kl", str(tmp_path / "kl.html")])
    assert "one file has no scripts beside it" in capsys.readouterr().err
