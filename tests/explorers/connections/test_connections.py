"""The table that unites the losses: rows that open what they name, and the story's order."""

import re

import pytest

from app.contract.links import in_order, state_link
from app.explorers.connections.chapter import CONNECTIONS, Connections
from app.hosting.routes import hosted_link
from app.page.export import export_site, file_link
from app.page.template import plain_page
from app.registry import CHAPTERS, EXPLORERS

PRESENT = {one.slug: one for one in EXPLORERS}
ROWS = [row for row in CONNECTIONS if row.slug in PRESENT]


def panel_link(slug):
    return f"?explorer={slug}" if slug else "?"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.method)
def test_a_row_opens_its_explorer_in_a_state_that_it_takes_as_it_is(row):
    asked = [(key, str(value)) for key, value in row.state.items()]
    explorer = PRESENT[row.slug]
    state, messages = explorer.apply(explorer.defaults(), in_order(explorer, asked))
    assert messages == []
    assert not row.state or state != explorer.defaults()


@pytest.mark.parametrize(
    ("link", "address"),
    [(hosted_link, "kl?mu_p=0&unit=nats"), (panel_link, "?explorer=kl&mu_p=0&unit=nats"),
     (file_link, "kl.html#mu_p=0&unit=nats")],
)  # fmt: skip
def test_a_state_stands_in_the_address_as_each_way_of_running_writes_it(link, address):
    assert state_link(link, "kl", {"mu_p": 0, "unit": "nats"}) == address
    assert state_link(link, "kl", {}) == link("kl")


@pytest.mark.parametrize("link", [hosted_link, panel_link, file_link])
def test_only_rows_whose_explorer_is_there_are_links(link):
    table = plain_page(Connections, CHAPTERS, link).partition("<tbody>")[2].partition("</tbody>")[0]
    targets = re.findall(r'<a href="([^"]*)">', table)
    wanted = [state_link(link, row.slug, row.state) for row in ROWS]
    assert [one.replace("&amp;", "&") for one in targets] == wanted
    assert all(row.method in table for row in CONNECTIONS)


def test_the_divergence_of_an_autoencoder_is_called_reverse():
    (row,) = (row for row in CONNECTIONS if row.method == "Variational autoencoders")
    assert row.is_reverse
    assert "D(q(z|x)‖p(z))" in row.measure
    assert "a reverse KL" in Connections.texts("Why", row.method)
    assert {row.method for row in CONNECTIONS if row.is_reverse} == {row.method, "RLHF and DPO"}


def test_the_gallery_shows_every_chapter_in_reading_order_with_its_question():
    gallery = plain_page(None, CHAPTERS, file_link)
    cards = re.findall(
        r'<a class="card" href="([^"]*)">\s*<svg.*?<strong>(.*?)</strong>', gallery, re.S
    )
    assert cards == [(f"{one.slug}.html", one.question) for one in CHAPTERS]
    assert CHAPTERS[-1] is Connections


def test_each_page_leads_to_the_next_and_back(tmp_path):
    export_site(CHAPTERS, tmp_path)
    slugs = [one.slug for one in CHAPTERS]
    for before, here, after in zip([None, *slugs[:-1]], slugs, [*slugs[1:], None], strict=True):
        page = (tmp_path / f"{here}.html").read_text("utf-8")
        story = page.partition('<nav class="story"')[2].partition("</nav>")[0]
        links = re.findall(r'<a href="(\S+)\.html" rel="(\w+)">', story)
        told = [(before, "prev"), (after, "next")]
        assert links == [(name, rel) for name, rel in told if name]
