"""A poster: what a chapter's first screen shows in a state, as a picture in which nothing runs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from bokeh.models import ColumnDataSource

from ...charts import FONT
from ...contract.declaration import LADDER, Axis, Picture
from ...contract.explorer import Explorer, State
from ...contract.links import linked_state
from ...contract.result import Result
from .ink import Frame, number, written
from .labels import label_columns
from .lines import MONOSPACE, TOKEN_LINE, line, token_line, token_lines, wrapped
from .picture import borders_of, picture
from .themes import THEMES, in_theme, style
from .written import Run, caption_of, readout_text, slots_of, unit_text

WIDTH = 640  # px of a poster, about a post's column
CARD = (800, 420)  # px in which a social card is laid out,
CARD_SIZE = (1200, 630)  # and how large it is
EDGE, GAP = 16, 8
HEIGHTS = {"hero": 200, "tall": 150, "short": 104, "slim": 84}  # of pictures, axes included
CAPTION, CAPTION_LINE = 13, 18
TITLE, TITLE_LINE = 20, 26
BESIDE, NUMBER, NUMBER_LINE = 14, 28, 38
SVG = 'xmlns="http://www.w3.org/2000/svg"'
FONTS = "Segoe UI, Roboto, Noto Sans, Helvetica Neue, Arial, Liberation Sans, DejaVu Sans"
MONOSPACED = "Menlo, Consolas, Noto Sans Mono, Liberation Mono, DejaVu Sans Mono"
UNDRAWN = "This picture needs JavaScript."
MOST_PAIRS = 200  # of a link


class Block(NamedTuple):
    """A part of a poster, from top to bottom: its px, those that may stretch, and what draws it."""

    fixed: float
    flexible: float
    draw: Callable[[float, float], Iterable[str]]


class Poster:
    """A chapter's figures, to be laid out and drawn in one state after another."""

    def __init__(self, explorer: type[Explorer], state: State | None = None) -> None:
        self.explorer = explorer
        self._take(state or {})
        self.sources = {
            name: ColumnDataSource(_lists(table), name=name)
            for name, table in self.result.tables.items()
        }
        for label in explorer.labels_drawn:
            empty: dict[str, list[Any]] = {column: [] for column in label.columns}
            self.sources[label.name] = ColumnDataSource(empty, name=label.name)
        self.figures = explorer.figures_drawn(self.sources)
        self._ends = set_ranges(explorer, self.result, self.figures.values())

    def show(self, state: State) -> None:
        """Take another state; to build the figures costs ten times what it takes to draw them."""
        self._take(state)
        for name, table in self.result.tables.items():
            self.sources[name].data = _lists(table)
        self._ends = set_ranges(self.explorer, self.result, self.figures.values())

    def _take(self, state: State) -> None:
        self.state = {**self.explorer.defaults(), **state}
        self.result = self.explorer.results(self.state, {})
        self.slot = slots_of(self.state, self.result)

    @property
    def shown(self) -> list[Picture]:
        """Return the pictures of the first screen that this state shows."""
        explorer, flags = self.explorer, self.result.flags
        folded = {name for group in explorer.groups if group.fold for name in group.pictures}
        return [
            one for one in explorer.pictures
            if not (one.below or one.served or one.name in folded)
            and (one.name not in explorer.optional or flags.get(one.name))
        ]  # fmt: skip

    def frame(self, name: str, width: float, height: float) -> Frame:
        """Return a figure on so many px, axes not included, with its labels written."""
        frame = Frame(self.figures[name], width, height)
        mine = [renderer.data_source.name for renderer in frame.figure.renderers]
        for label in (one for one in self.explorer.labels_drawn if one.name in mine):
            table, top = self.result.tables[label.table], self._ends.get(label.axis, 1.0)
            columns = label_columns(label, table, self.slot, top, frame)
            self.sources[label.name].data = columns
        return frame

    def svg(self, width: float = WIDTH, height: float | None = None, look: str = "") -> str:
        """Return the poster as SVG; where a ``height`` is given its pictures share what is left.

        ``look`` is a style for its colours, without which they are those of the page around it.
        """
        blocks = [self._head(width), *self._passages(width), *self._rows(width)]
        flexible = sum(one.flexible for one in blocks)
        spare = height - 2 * EDGE - sum(one.fixed for one in blocks) if height else flexible
        stretch = spare / flexible if flexible else 1
        y, parts = EDGE + (0 if flexible else spare / 2), list[str]()
        for fixed, tall, draw in blocks:
            parts += draw(y, stretch * tall)
            y += fixed + stretch * tall
        size = f'width="{number(width)}" height="{number(height or y + EDGE)}"'
        box = f'viewBox="0 0 {number(width)} {number(height or y + EDGE)}"'
        return (
            f'<svg {SVG} {box} {size} role="img" '
            f'font-family="{escape(FONT)}" font-size="12"><title>{escape(self.title)}</title>{look}'
            f'<rect {size} fill="var(--card)"/>{"".join(parts)}</svg>'
        )

    @property
    def title(self) -> str:
        """Return the chapter's title and number, as one sentence."""
        return title_of(self.explorer, self.state, self.result)

    def _head(self, width: float) -> Block:
        asked = Run(self.explorer.question, bold=True)
        titles = wrapped([asked], width - 2 * EDGE, TITLE)

        def draw(y: float, _: float) -> Iterator[str]:
            for words in titles:
                y += TITLE_LINE
                yield line(words, EDGE, y - 8, "ink", TITLE)
            y += NUMBER_LINE
            yield line(
                _first_number(self.explorer, self.state, self.result), EDGE, y - 8, "dim", BESIDE
            )
            yield written("Bits & Nats", width - EDGE, y - 8, "dim", BESIDE, "end")

        return Block(len(titles) * TITLE_LINE + NUMBER_LINE + GAP / 2, 0, draw)

    def _passages(self, width: float) -> Iterator[Block]:
        """Return the texts of the first screen, but for games, which take a player."""
        for passage in (one for one in self.explorer.passages if not one.control):
            captions, depth = self._captions([(EDGE, passage.source, width - 2 * EDGE)])
            lines = token_lines(self.result.tables[passage.source], width - 2 * EDGE)

            def draw(
                y: float, _: float, captions: Any = captions, depth: float = depth,
                lines: Any = lines,
            ) -> Iterator[str]:  # fmt: skip
                yield from captions(y)
                for k, tokens in enumerate(lines):
                    yield token_line(tokens, EDGE, y + depth + (k + 0.75) * TOKEN_LINE)

            yield Block(depth + len(lines) * TOKEN_LINE + GAP, 0, draw)

    def _rows(self, width: float) -> Iterator[Block]:
        for row in _in_rows(self.shown):
            wide = (width - 2 * EDGE - (len(row) - 1) * EDGE) / len(row)
            places = [(EDGE + k * (wide + EDGE), one.name, wide) for k, one in enumerate(row)]
            captions, depth = self._captions(places)

            def draw(
                y: float, tall: float, places: Any = places, captions: Any = captions,
                depth: float = depth,
            ) -> Iterator[str]:  # fmt: skip
                yield from captions(y)
                for x, name, wide in places:
                    yield self._figure(name, x, y + depth, wide, tall)

            yield Block(depth + GAP, HEIGHTS[row[0].size], draw)

    def _captions(self, places: Sequence[tuple[float, str, float]]) -> tuple[Any, float]:
        """Return what writes the captions of a row from a height down, and how deep they are."""
        said = [
            (x, wrapped(caption_of(self.explorer, name, self.slot, self.result), wide, CAPTION))
            for x, name, wide in places
        ]

        def draw(y: float) -> Iterator[str]:
            for x, lines in said:
                for k, words in enumerate(lines):
                    yield line(words, x, y + (k + 0.75) * CAPTION_LINE, "dim", CAPTION)

        return draw, max(len(lines) for _, lines in said) * CAPTION_LINE + GAP / 2

    def _figure(self, name: str, x: float, y: float, wide: float, tall: float) -> str:
        """Return a picture, or words in its place: no drawing may keep a chapter at home."""
        try:
            left, top, right, bottom = borders_of(self.figures[name])
            frame = self.frame(name, wide - left - right, tall - top - bottom)
            drawn = picture(frame, f"{self.explorer.slug}-{name}-")
        except Exception as error:
            slug = self.explorer.slug
            told = f"The poster of {slug} says {UNDRAWN!r} in place of {name}: {error}"
            warnings.warn(told, stacklevel=2)
            return _undrawn(x, y, wide, tall)
        return f'<g transform="translate({number(x + left)} {number(y + top)})">{drawn}</g>'


def _undrawn(x: float, y: float, wide: float, tall: float) -> str:
    box = zip(("x", "y", "width", "height"), (x, y, wide, tall), strict=True)
    sides = " ".join(f'{name}="{number(one)}"' for name, one in box)
    words = written(UNDRAWN, x + wide / 2, y + tall / 2, "dim", CAPTION, "middle")
    return f'<rect {sides} fill="none" stroke="var(--line)"/>{words}'


def poster_svg(explorer: type[Explorer], query: str = "") -> str:
    """Return a chapter's poster in the state of a link, in both themes or the one it names."""
    state, theme = state_of(explorer, query)
    poster = Poster(explorer, state)
    return in_theme(poster.svg(), theme) if theme else poster.svg(look=style())


def poster_png(explorer: type[Explorer], query: str = "") -> bytes:
    """Return a chapter's social card in the state of a link, light unless it names a theme."""
    state, theme = state_of(explorer, query)
    return _rasterised(in_theme(Poster(explorer, state).svg(*CARD), theme or "light"))


def state_of(explorer: type[Explorer], query: str) -> tuple[State, str]:
    """Return the state and the theme that a link's query asks for, or raise ``ValueError``."""
    pairs = parse_qsl(query.lstrip("?#"), keep_blank_values=True, max_num_fields=MOST_PAIRS)
    asked = dict(reversed(pairs))  # the first of a key counts, as in a page's address
    theme = asked.get("theme", "")
    if theme not in ("", *THEMES):
        raise ValueError(f"theme is {' or '.join(THEMES)}")
    return linked_state(explorer, asked.items()), theme


def title_of(explorer: type[Explorer], state: State, result: Result) -> str:
    """Return an explorer's title and first number, as one sentence."""
    number = "".join(run.text for run in _first_number(explorer, state, result))
    return f"{explorer.title}: {number}"


def _first_number(explorer: type[Explorer], state: State, result: Result) -> list[Run]:
    first = explorer.readouts[0]
    value, unit = readout_text(first, result.readouts), unit_text(first, state)
    return [
        Run(f"{first.label} "), Run(value, first.role, True, NUMBER),
        *([Run(f" {unit}", "", True)] if unit else ()),
    ]  # fmt: skip


def _lists(table: Any) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in table.items()}


def set_ranges(
    explorer: type[Explorer], result: Result, figures: Iterable[Any]
) -> dict[str, float]:
    """Set what each axis reaches, as the page does, and return the upper ends by name."""
    axes = {axis.name: axis for axis in explorer.axes}
    ends = {name: _ends_of(axes.get(name), span) for name, span in result.ranges.items()}
    for figure in figures:
        extra = [*figure.extra_x_ranges.values(), *figure.extra_y_ranges.values()]
        for one in (figure.x_range, figure.y_range, *extra):
            if one.name in ends:
                one.start, one.end = ends[one.name]
    return {name: end for name, (_, end) in ends.items()}


def _ends_of(axis: Axis | None, span: tuple[float, float]) -> tuple[float, float]:
    """Return a range's ends on the ladder, by the rules of ``static/front/axes.js``."""
    low, high = span
    if axis is None:
        return low, high
    top = _ladder(high)
    if axis.below:
        return -axis.below * top, axis.above * top
    return (-_ladder(-low) if low < 0 else low), axis.above * top


def _ladder(size: float) -> float:
    decade = float(f"1e{f'{size:.15e}'.partition('e')[2]}")
    return next((one for one in LADDER if one * decade >= size), 10.0) * decade


def _in_rows(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    """Return pictures in rows: two that follow each other and are half as wide share one."""
    row: list[Picture] = []
    for one in pictures:
        if row and not (row[0].half and one.half and len(row) == 1):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _rasterised(svg: str) -> bytes:
    """Return a picture as PNG, its texts in whatever font this machine has."""
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise ValueError(
            "a PNG needs resvg-py (pip install bitsandnats[poster]); an SVG needs nothing"
        ) from error
    for family, known in ((FONT, FONTS), (MONOSPACE, MONOSPACED)):
        svg = svg.replace(escape(family), known)
    blank = f'<svg {SVG} width="9" height="9" font-family="{FONTS}">'
    with_text, without = f'{blank}<text y="9">x</text></svg>', f"{blank}</svg>"
    if svg_to_bytes(svg_string=with_text) == svg_to_bytes(svg_string=without):
        raise ValueError(f"a PNG needs a font on this machine, one of {FONTS}; an SVG needs none")
    width, height = CARD_SIZE
    return bytes(svg_to_bytes(svg_string=svg, width=width, height=height))
