"""Posters: every scene is drawn, untrusted states are refused, files are what they say."""

import gzip
import io
import re
import sys
import xml.etree.ElementTree as ET
from html import unescape
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from app.__main__ import main
from app.charts import calm_figure
from app.page.poster.ink import Frame, width_of
from app.page.poster.picture import picture
from app.page.poster.poster import CARD, Poster, poster_png, poster_svg, state_of
from app.page.site import export_site
from app.registry import CHAPTERS, EXPLORERS

ROOT = Path(__file__).parents[2]
BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}
SVG = "{http://www.w3.org/2000/svg}"
LIGHTEST = 6 * 1024  # bytes, packed, that a page without a server can spare


@pytest.mark.parametrize("explorer", EXPLORERS, ids=BY_SLUG)
def test_every_scene_is_drawn_as_a_poster_and_as_a_card(explorer):
    poster = Poster(explorer)
    for name, scene in {"default": {}, **explorer.presets}.items():
        changes = [(scene, None)] if isinstance(scene, str) else list(scene.items())
        state, messages = explorer.apply(explorer.defaults(), changes)
        assert not [one for one in messages if one["kind"] == "refused"], name
        poster.show(state)
        for size in ((640, None), CARD):
            svg = poster.svg(*size)
            tree = ET.fromstring(svg)
            assert tree.findtext(f"{SVG}title").startswith(explorer.title), name
            assert not re.findall(r'(?:[ "]|[MLHV])-?(?:nan|inf)\b', svg), name
            assert len(tree.findall(f".//{SVG}svg")) == len(poster.shown), name
            assert all(float(one.get("height")) > 20 for one in tree.iter(f"{SVG}svg")), name


@pytest.mark.parametrize("explorer", EXPLORERS, ids=BY_SLUG)
def test_a_poster_is_light_and_asks_for_nothing(explorer):
    svg = poster_svg(explorer)
    assert len(gzip.compress(svg.encode())) <= LIGHTEST
    assert "@media screen and (prefers-color-scheme:dark)" in svg
    addresses = re.findall(r"(?:href|src|url)[=(]\s*[\"']?([^\"')]*)", svg)
    assert all(one.startswith("#") for one in addresses)
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


@pytest.mark.parametrize(("theme", "blue"), [("light", "#1f5fbf"), ("dark", "#7fb0ff")])
def test_a_theme_in_the_state_is_the_posters_only_one(theme, blue):
    svg = poster_svg(BY_SLUG["kl"], f"theme={theme}")
    assert blue in svg  # --p of style.css
    assert "var(" not in svg
    assert "@media" not in svg


def test_the_state_of_a_link_is_what_is_drawn():
    svg = poster_svg(BY_SLUG["kl"], "#mu_p=0&sigma_p=1&mu_q=1&sigma_q=1.5&unit=nats")
    # ln 1.5 + (1 + 1)/(2·1.5²) − 1/2 = 0.3499096…, the closed form by mpmath
    assert "0.3499" in svg


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sigma_p=-1", "must lie between"),
        ("nothing=1", "nothing called “nothing”"),
        ("mu_p=1e999", "mu_p|mean μ of P"),
        ("theme=pink", "light or dark"),
        ("&".join(f"x{i}=1" for i in range(400)), "[Mm]ax number of fields"),
    ],
)
def test_a_state_that_is_no_state_is_refused_by_name(query, said):
    with pytest.raises(ValueError, match=said):
        state_of(BY_SLUG["kl"], query)


def test_what_a_link_names_stands_in_the_picture_as_text():
    svg = poster_svg(BY_SLUG["entropy"], "p=0.5,0.5&labels=<b onload=x>,a%26b")
    words = [one.text for one in ET.fromstring(svg).iter(f"{SVG}text")]
    assert "a&b" in words
    assert any(one and one.startswith("<b") for one in words)


def test_names_below_bars_never_overlap():
    labels = ",".join(f"outcome number {i}" for i in range(10))
    svg = poster_svg(BY_SLUG["entropy"], f"p={','.join(['0.1'] * 10)}&labels={labels}")
    named = [
        one for one in ET.fromstring(svg).iter(f"{SVG}text") if (one.text or "").startswith("out")
    ]
    assert len(named) == 10
    rows = {}
    for one in named:
        half = width_of(one.text) / 2
        rows.setdefault(one.get("y"), []).append(
            (float(one.get("x")) - half, float(one.get("x")) + half)
        )
    for spans in rows.values():
        for (_, end), (start, _) in pairwise(spans):
            assert start >= end


def test_a_glyph_that_no_chapter_has_is_an_error_that_names_it():
    figure = calm_figure(x_range=(0, 1), y_range=(0, 1))
    figure.wedge(x=[0], y=[0], radius=1, start_angle=0, end_angle=1)
    with pytest.raises(NotImplementedError, match="no glyph Wedge"):
        picture(Frame(figure, 100, 100), "")


def test_a_card_is_a_png_of_the_size_that_other_sites_show():
    pytest.importorskip("resvg_py")
    card = Image.open(io.BytesIO(poster_png(BY_SLUG["kl"], "theme=dark")))
    assert card.size == (1200, 630)
    assert card.convert("RGB").getpixel((5, 5)) == (0x1C, 0x20, 0x24)  # --card, dark


def test_a_png_without_its_program_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(ValueError, match=r"pip install bitsandnats\[poster\]"):
        poster_png(BY_SLUG["kl"])


def test_a_png_on_a_machine_without_fonts_says_so(monkeypatch):
    no_fonts = SimpleNamespace(svg_to_bytes=lambda **_: b"the same")
    monkeypatch.setitem(sys.modules, "resvg_py", no_fonts)
    with pytest.raises(ValueError, match="needs a font"):
        poster_png(BY_SLUG["kl"])


def test_the_program_writes_a_poster_and_ends_with_what_is_wrong(tmp_path):
    main(["export", "--poster", "kl", "mu_p=0&theme=light", str(tmp_path / "new" / "kl.svg")])
    assert ET.fromstring((tmp_path / "new" / "kl.svg").read_text()).tag == f"{SVG}svg"
    for asked, said in (
        (("kl", "mu_p=99", "kl.svg"), "must lie between"),
        (("kl", "", "kl.jpg"), "ends in .svg or .png"),
        (("nobody", "", "kl.svg"), "no explorer called 'nobody'"),
    ):
        with pytest.raises(SystemExit, match=said):
            main(["export", "--poster", *asked[:2], str(tmp_path / asked[2])])
    assert not (tmp_path / "kl.svg").exists()


def test_pages_whose_address_is_known_have_cards(tmp_path):
    pytest.importorskip("resvg_py")
    export_site([BY_SLUG["kl"], CHAPTERS[-1]], tmp_path, address="https://example.org/bits")
    address = "https://example.org/bits/posters/kl.png"
    assert f'<meta property="og:image" content="{address}">' in (tmp_path / "kl.html").read_text()
    assert (tmp_path / "posters" / "kl.png").read_bytes()[:4] == b"\x89PNG"
    assert (tmp_path / "posters" / "kl.svg").read_text() == poster_svg(BY_SLUG["kl"])
    assert "og:image" not in (tmp_path / f"{CHAPTERS[-1].slug}.html").read_text()


@pytest.mark.parametrize(
    "address", ["example.org", "ftp://example.org", "https://", "https://a/?b"]
)
def test_a_card_is_found_from_anywhere_or_refused(tmp_path, address):
    with pytest.raises(SystemExit, match="is no address such as"):
        main(["export", "--address", address, str(tmp_path / "site")])
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("slug", ["entropy", "kl"])
def test_the_sample_posts_pictures_are_the_posters_of_the_states_in_it(slug):
    post = (ROOT / "docs" / "post.html").read_text("utf-8")
    state = unescape(re.search(rf'href="site/{slug}\.html#([^"]+)"', post)[1])
    drawn = (ROOT / "docs" / f"post-{slug}.svg").read_text("utf-8")
    assert drawn == poster_svg(BY_SLUG[slug], state)
