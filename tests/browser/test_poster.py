"""Posters beside the page: the same curves, numbers and words; and pages without scripts."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from app.page.poster.picture import picture
from app.page.poster.poster import Poster
from app.page.poster.themes import in_theme
from app.registry import EXPLORERS

pytestmark = pytest.mark.browser

BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}
SVG = "{http://www.w3.org/2000/svg}"
NEAR = 1.5  # px


def points_of(d):
    """Return the corners of a path's parts, or nothing of one with arcs."""
    if re.search("[AaCcQq]", d):
        return []
    parts = []
    for command, said in re.findall(r"([MLHVZ])([^MLHVZ]*)", d):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+(?:e-?\d+)?", said)]
        if command == "M":
            parts.append([tuple(numbers)])
        elif command == "L":
            parts[-1].append(tuple(numbers))
        elif command == "H":
            parts[-1].append((numbers[0], parts[-1][-1][1]))
        elif command == "V":
            parts[-1].append((parts[-1][-1][0], numbers[0]))
        else:
            parts[-1].append(parts[-1][0])
    return [np.array(part) for part in parts]


def rgb(colour):
    found = re.fullmatch(r"#(\w\w)(\w\w)(\w\w)", colour or "")
    return f"rgb({','.join(str(int(one, 16)) for one in found.groups())})" if found else colour


def lines_of(svg, left=0, top=0):
    """Return what is drawn in each colour, in px of the frame; tiles of a hatch are not."""
    drawn = {}
    tiles = [path for pattern in svg.iter(f"{SVG}pattern") for path in pattern.iter(f"{SVG}path")]
    for path in svg.iter(f"{SVG}path"):
        if path in tiles:
            continue
        for paint in ("stroke", "fill"):
            colour = (rgb(path.get(paint)) or "none").replace(" ", "")
            if colour.startswith("rgb"):
                least = 3 if paint == "fill" else 2  # points; two have nothing between them to fill
                outlines = [one for one in points_of(path.get("d")) if len(one) >= least]
                parts = [one - [left, top] for one in outlines]
                drawn.setdefault((paint, colour), []).extend(parts)
    return {key: parts for key, parts in drawn.items() if parts}


def far(points, parts):
    """Return how far the farthest of the points is from the lines."""
    starts = np.concatenate([part[:-1] for part in parts if len(part) > 1])
    ends = np.concatenate([part[1:] for part in parts if len(part) > 1])
    along = ends - starts
    length = np.maximum((along**2).sum(1), 1e-12)
    most = 0.0
    for point in points:
        part = np.clip(((point - starts) * along).sum(1) / length, 0, 1)
        nearest = np.hypot(*(starts + part[:, None] * along - point).T).min()
        most = max(most, nearest)
    return most


def words_of(svg):
    texts = (one for one in svg.iter(f"{SVG}text") if one.get("fill") != "none")
    return sorted("".join(one.itertext()) for one in texts)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("slug", ["kl", "entropy", "contrast"])
def test_a_poster_draws_what_the_page_saves(exported, reading, slug, theme):
    reader = reading(f"{(exported / 'site' / f'{slug}.html').as_uri()}#theme={theme}", folded=True)
    with reader.page.expect_download() as saved:
        reader.page.locator("[data-action=save-svg]").evaluate("(one) => one.click()")
    page = ET.parse(saved.value.path()).getroot()
    poster = Poster(BY_SLUG[slug])
    figures = [one for one in page if one.tag == f"{SVG}svg"]
    assert len(figures) == len(poster.shown)
    for shown, figure in zip(poster.shown, figures, strict=True):
        clip = points_of(figure.find(f".//{SVG}clipPath/{SVG}path").get("d"))[0]
        (left, top), (right, bottom) = clip.min(0), clip.max(0)
        frame = poster.frame(shown.name, right - left, bottom - top)
        drawn = in_theme(picture(frame, "x"), theme)
        mine = ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>')
        assert words_of(mine) == words_of(figure)
        theirs, ours = lines_of(figure, left, top), lines_of(mine)
        for key in ours:
            assert far(np.concatenate(ours[key]), theirs[key]) <= NEAR, key
            assert far(np.concatenate(theirs[key]), ours[key]) <= NEAR, key


@pytest.mark.parametrize("where", ["site/kl.html", "kl.html"])
def test_without_scripts_a_page_shows_its_poster_instead_of_empty_boxes(browser, exported, where):
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto((exported / where).as_uri())
    poster = page.locator(".still > *")
    assert poster.is_visible()
    width, height = (poster.bounding_box()[one] for one in ("width", "height"))
    assert width > 600
    assert height > 300
    if where.startswith("site"):
        assert poster.get_attribute("alt").startswith("KL divergence: D(P‖Q) 0.6730")
    assert not any(one.is_visible() for one in page.locator(".figure, .readouts, .scenes").all())
    context.close()
