"""The pictures of the perplexity page."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool
from bokeh.transform import dodge

from ...charts import FONT, calm_figure, few_ticks, from_zero, role, span_range
from .model import RUNGS


def draw(sources: Any) -> dict[str, Any]:
    """Return the costs of the game, each token's surprise, the ladder, and both tokenisations."""
    return {
        "game": _game_figure(sources),
        "surprise": _surprise_figure(sources),
        "ladder": _ladder_figure(sources),
        "tokenisations": _tokenisations_figure(sources),
    }


def _game_figure(sources: Any) -> Any:
    """Return what each letter costs the model, as a bar, and the reader, as an outline."""
    plot = calm_figure(x_range=span_range("letters"), y_range=span_range("costs"))
    sides = {"left": "left", "right": "right", "bottom": 0, "source": sources["guessed"]}
    bars = plot.quad(top="model", fill_alpha=0.75, line_color=None, **sides)
    outlines = plot.quad(top="yours", fill_color=None, line_width=1.5, **sides)
    role(bars.glyph, fill_color="q")
    role(outlines.glyph, line_color="ink")
    reading = [("letter", "@shown"), ("model", "@model{0.00}"), ("you", "@yours{0.00}")]
    plot.add_tools(HoverTool(renderers=[bars], tooltips=reading))
    plot.xaxis.visible = False
    few_ticks(plot, 3)
    return plot


def _surprise_figure(sources: Any) -> Any:
    """Return a bar a token, as tall as its surprise, and their average."""
    plot = calm_figure(x_range=span_range("place"), y_range=span_range("surprise"))
    bars = plot.quad(
        left="left", right="right", bottom=0, top="drawn", source=sources["tokens"],
        fill_alpha=0.75, line_color=None,
    )  # fmt: skip
    endless = plot.quad(
        left="left", right="right", bottom=0, top="endless", source=sources["tokens"],
        fill_alpha=0.1, line_color=None, hatch_pattern="/", hatch_scale=10, hatch_alpha=0.5,
    )  # fmt: skip
    level = plot.line("x", "h", source=sources["level"], line_width=1.5, line_dash="dotted")
    role(bars.glyph, fill_color="q")
    role(endless.glyph, fill_color="q", hatch_color="q")
    role(level.glyph, line_color="ink")
    reading = [("token", "@shown"), ("surprise", "@surprise{0.000}"), ("p", "@p{0.00000}")]
    plot.add_tools(HoverTool(renderers=[bars], tooltips=reading, mode="vline"))
    plot.xaxis.visible = False
    few_ticks(plot, 3)
    return plot


def _ladder_figure(sources: Any) -> Any:
    """Return perplexities on a logarithmic scale, a row each."""
    plot = calm_figure(
        x_range=span_range("perplexity", 0.8, 200_000), y_range=(-0.7, len(RUNGS) + 3.2),
        x_axis_type="log",
    )  # fmt: skip
    way = plot.segment("start", "row", "perplexity", "row", source=sources["mine"], line_width=3)
    role(way.glyph, line_color="p")
    for name, label, colour, marker, size in (
        ("rungs", "rung_name", "ink", "circle", 11), ("mine", "mine_name", "p", "diamond", 16),
    ):  # fmt: skip
        points = plot.scatter(
            "perplexity", "row", source=sources[name], size=size, marker=marker, line_width=2
        )
        texts = plot.text(
            "x", "y", "text", source=sources[label], text_baseline="middle", x_offset="aside",
            y_offset="lift", text_font_size="12px", text_font=value(FONT),
        )  # fmt: skip
        role(points.glyph, fill_color=colour, line_color="card")
        role(texts.glyph, text_color="ink")
    plot.yaxis.visible = False
    plot.ygrid.visible = False
    plot.xgrid.visible = True
    return plot


def _tokenisations_figure(sources: Any) -> Any:
    """Return bits per character as bars, a pair a model, with perplexity above each."""
    plot = calm_figure(x_range=(-0.7, 3.5), y_range=span_range("bits"))
    from_zero(plot)
    for tokens, colour, hatch in (("words", "p", " "), ("characters", "dim", "/")):
        bars = plot.vbar(
            f"at_{tokens}", 0.36, f"bits_{tokens}", source=sources["compared"], fill_alpha=0.75,
            line_color=None, hatch_pattern=hatch, hatch_alpha=0.6, hatch_scale=8,
        )  # fmt: skip
        role(bars.glyph, fill_color=colour, hatch_color="card")
    # Over all bars, on a ground, and away from the pair's middle: none covers another's number.
    for tokens, align, aside in (("words", "right", 0.18), ("characters", "left", -0.18)):
        above = plot.text(
            dodge("x", aside), "y", "text", source=sources[f"perplexity_of_{tokens}"],
            text_align=align, text_baseline="bottom", y_offset=-2, padding=1,
            text_font_size="12px", text_font=value(FONT),
        )  # fmt: skip
        role(above.glyph, text_color="ink", background_fill_color="card")
    names = plot.text(
        "place", 0, "model", source=sources["compared"], text_align="center",
        text_baseline="top", y_offset=6, text_font_size="12px", text_font=value(FONT),
    )  # fmt: skip
    role(names.glyph, text_color="dim")
    plot.xaxis.visible = False
    few_ticks(plot, 4)
    return plot
