"""Posters beside the page: the same curves, numbers and words; and pages without scripts."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from bokeh.embed import file_html
from bokeh.resources import INLINE

from app.charts import calm_figure, role
from app.page.poster.ink import Frame
from app.page.poster.picture import picture
from app.page.poster.poster import Poster
from app.page.poster.themes import colours, in_theme
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


# What no chapter draws yet, but the next one may: each on a figure of its own.
GAP = float("nan")
X, Y = [0.5, 1, 2, 3, 4, GAP, 6, 7, 9], [1, 4, 2, 8, 5, 3, 6, GAP, 7]
MANY = {"xs": [[1, 2, 4], [5, 9, 7, 6]], "ys": [[1, 5, 2], [3, 4, 9, 8]]}
GLYPHS = {
    "step": {"x": X[:5], "y": Y[:5], "mode": "before"},
    "step after": {"x": X, "y": Y, "mode": "after"},
    "step center": {"x": X[:5], "y": Y[:5], "mode": "center"},
    "patch": {"x": X[:5], "y": Y[:5]},
    "patches": MANY,
    "multi_line": MANY,
    "harea": {"y": X[:5], "x1": [1, 2, 2, 1, 3], "x2": [4, 8, 5, 6, 9]},
    "rect": {"x": [2, 6], "y": [3, 7], "width": [1, 3], "height": [2, 4]},
    "block": {"x": [2, 6], "y": [3, 5], "width": [1, 3], "height": [2, 4]},
    "hspan": {"y": [2, 7]},
    "vstrip": {"x0": [1, 5], "x1": [2, 9]},
    "hstrip": {"y0": [1, 5], "y1": [2, 9]},
    "circle": {"x": [3, 7], "y": [4, 6], "radius": [1, 2]},
    **{
        f"scatter {marker}": {"x": [3, 7], "y": [4, 6], "size": 30, "marker": marker}
        for marker in ("square", "hex", "cross", "asterisk", "triangle", "x", "star", "diamond")
    },
}


def figure_of(name):
    plot = calm_figure(x_range=(0, 10), y_range=(0, 10))
    plot.update(sizing_mode="fixed", width=300, height=200, name=name)
    drawn = getattr(plot, name.split()[0])(**GLYPHS[name])
    for part in ("line_color", "fill_color"):
        if hasattr(drawn.glyph, part):
            setattr(drawn.glyph, part, colours("light")["p"])
            role(drawn.glyph, **{part: "p"})
    return plot


def circles_of(svg, start, left=0, top=0):
    """Return middle and radius of each circle, which begins at its start: so many radii across."""
    found = []
    for path in svg.iter(f"{SVG}path"):
        arc = re.match(r"M ?([\d.]+) ([\d.]+) ?[aA] ?([\d.]+)", path.get("d"))
        if arc:
            x, y, r = map(float, arc.groups())
            found.append([x - start * r - left, y - top, r])
    return found


def saved_by_bokeh(browser, file):
    """Return what BokehJS draws of each figure, as SVG."""
    page = browser.new_page()
    file.write_text(file_html([figure_of(name) for name in GLYPHS], resources=INLINE), "utf-8")
    page.goto(file.as_uri())
    page.wait_for_function("() => window.Bokeh?.documents[0]?.is_idle")
    saved = page.evaluate(
        """() => Bokeh.documents[0].roots().map((plot) =>
          Bokeh.index.find_one(plot).export('svg', false).ctx.get_serialized_svg(true))"""
    )
    page.close()
    return [ET.fromstring(one) for one in saved]


def test_a_poster_draws_as_bokeh_does_glyphs_that_no_chapter_has_yet(browser, tmp_path):
    drawn = saved_by_bokeh(browser, tmp_path / "glyphs.html")
    for name, figure in zip(GLYPHS, drawn, strict=True):
        clip = points_of(figure.find(f".//{SVG}clipPath/{SVG}path").get("d"))[0]
        (left, top), (right, bottom) = clip.min(0), clip.max(0)
        frame = Frame(figure_of(name), right - left, bottom - top)
        own = in_theme(picture(frame, "x"), "light")
        mine = ET.fromstring(f"<svg xmlns='{SVG[1:-1]}'>{own}</svg>")
        theirs, ours = lines_of(figure, left, top), lines_of(mine)
        blue = [key for key in theirs if key[1] == rgb(colours("light")["p"])]
        circles = circles_of(mine, -1)
        assert bool(blue) != bool(circles), name
        assert np.allclose(circles, circles_of(figure, 1, left, top), atol=NEAR)
        for key in blue:
            assert far(np.concatenate(ours[key]), theirs[key]) <= NEAR, (name, key)
            assert far(np.concatenate(theirs[key]), ours[key]) <= NEAR, (name, key)
