"""How the entropy explorer is drawn."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import (
    FONT,
    calm_figure,
    draws_figures,
    few_ticks,
    from_zero,
    hover,
    names_below,
    role,
    span_range,
)


def draw(sources: Any) -> dict[str, Any]:
    """Return the bars as wide as p, the bars of one width, the coin's curve and the message."""
    length = span_range("length")
    areas = calm_figure(x_range=(0, 1), y_range=length)
    _draw_bars(areas, sources, "left", "right")
    level = areas.line("x", "h", source=sources["level"], line_width=1.5, line_dash="dotted")
    role(level.glyph, line_color="ink")
    _write_lengths(areas, sources["length_in_width"], above=14)  # clear of the knob at the top
    names_below(areas, sources["name_in_width"])
    inside = areas.text(
        "x", "y", "text", source=sources["area_inside"], text_align="center", y_offset=-6,
        text_font_size="12px", text_font=value(FONT), padding=1, border_radius=3,
    )  # fmt: skip
    role(inside.glyph, text_color="card", background_fill_color="p")
    lengths = calm_figure(x_range=span_range("outcomes"), y_range=span_range("length_low"))
    _draw_bars(lengths, sources, "place_left", "place_right")
    _write_lengths(lengths, sources["length_of_each"])
    names_below(lengths, sources["name_in_place"])
    for plot in (areas, lengths):
        plot.xaxis.visible = False
        few_ticks(plot, 4)
        from_zero(plot)
    return {
        "areas": areas, "lengths": lengths, "coin": _coin_figure(sources),
        "guessed": _guess_figure(sources), **draws_figures(sources, "surprise", "p"),
    }  # fmt: skip


def _draw_bars(plot: Any, sources: Any, left: str, right: str) -> None:
    """Draw a bar an outcome."""
    source = sources["bars"]
    bars = plot.quad(
        left=left, right=right, bottom=0, top="top", source=source, fill_alpha=0.65,
        line_width=1.5,
    )  # fmt: skip
    role(bars.glyph, fill_color="p", line_color="p")  # its rim shows a bar thinner than a pixel
    endless = plot.quad(
        left=left, right=right, bottom=0, top="endless", source=source, fill_alpha=0.08,
        line_color=None, hatch_pattern="/", hatch_scale=10, hatch_alpha=0.5,
    )  # fmt: skip
    role(endless.glyph, fill_color="p", hatch_color="p")
    reading = [("outcome", "@label"), ("p", "@p{0.0000}"), ("−log p", "@length{0.0000}"),
               ("p · −log p", "@area{0.0000}")]  # fmt: skip
    plot.add_tools(HoverTool(renderers=[bars], tooltips=reading))


def _write_lengths(plot: Any, source: Any, above: float = 4) -> None:
    """Write each length above its bar, on a ground, as it may stand on hatching."""
    drawn = plot.text(
        "x", "y", "text", source=source, text_align="center", text_baseline="bottom",
        y_offset=-above, text_font_size="12px", text_font=value(FONT), padding=1, border_radius=3,
    )  # fmt: skip
    role(drawn.glyph, text_color="ink", background_fill_color="card")


def _guess_figure(sources: Any) -> Any:
    """Draw the reader's questions per game beside what the best strategy asks, and the limit."""
    plot = calm_figure(x_range=span_range("questions"), y_range=(0, 3))
    bars = plot.hbar(
        "at", 0.8, "questions", source=sources["guessed"], fill_alpha="alpha", line_color=None
    )
    names = plot.text(
        "x", "y", "text", source=sources["guessed_name"], x_offset=8, text_baseline="middle",
        text_font_size="12px", text_font=value(FONT), padding=1, border_radius=3,
    )  # fmt: skip
    role(bars.glyph, fill_color="p")
    role(names.glyph, text_color="ink", background_fill_color="card")
    plot.yaxis.visible = plot.ygrid.visible = False
    plot.min_border_left = 12
    return plot


def _coin_figure(sources: Any) -> Any:
    plot = calm_figure(x_range=(0, 1), y_range=span_range("bits"))
    curve = plot.line("p", "h", source=sources["coin"], line_width=2)
    here = plot.scatter("p", "h", source=sources["here"], size=12, line_width=2)
    role(curve.glyph, line_color="p")
    role(here.glyph, fill_color="p", line_color="card")
    plot.add_tools(hover([curve], [("p", "@p{0.000}"), ("H", "@h{0.0000}")]))
    few_ticks(plot, 3)
    return plot
