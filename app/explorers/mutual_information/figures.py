"""The figures of the Mutual Information Explorer."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import HoverTool

from ...charts import FONT, area_role, calm_figure, few_ticks, names_below, role, span_range


def draw(sources: Any) -> dict[str, Any]:
    """Return the figures by name."""
    return {
        "mosaic": _mosaic_figure(sources, ""),
        "parts": _parts_figure(sources),
        "guess": _guess_figure(sources),
        "product": _mosaic_figure(sources, "product_"),
    }


def _parts_figure(sources: Any) -> Any:
    """Return three bars whose shared pieces stand above each other."""
    parts = sources["parts"]
    plot = calm_figure(x_range=span_range("information"), y_range=(-0.45, 2.45))
    for piece, colour in (("x", "p"), ("i", "accent"), ("y", "q")):
        bar = plot.quad(
            left=f"{piece}_left", right=f"{piece}_right", bottom="bottom", top="top", source=parts,
            fill_alpha=0.8, line_width=1,
        )  # fmt: skip
        area_role(bar.glyph, colour)
        role(bar.glyph, line_color="card")
        words = plot.text(
            "x", "y", "text", source=sources[f"piece_{piece}"], text_align="center",
            text_baseline="middle", text_font_size="12px", text_font=value(FONT),
            padding=1, border_radius=2,
        )  # fmt: skip
        role(words.glyph, text_color="card", background_fill_color=colour)
    plot.yaxis.ticker = [0, 1, 2]
    plot.yaxis.major_label_overrides = {0: "H(Y)", 1: "H(X)", 2: "H(X,Y)"}
    plot.min_border_left = 52
    plot.ygrid.visible = plot.xaxis.visible = False  # each piece has its number
    return plot


def _mosaic_figure(sources: Any, kind: str) -> Any:
    """Return a table with every cell as large as its probability, its rows in the table's order."""
    plot = calm_figure(x_range=(-0.3, 1), y_range=(0, 1))
    area = plot.quad(
        left=f"{kind}left", right=f"{kind}right", bottom="bottom", top="top",
        source=sources["cells"], fill_alpha="alpha", line_width=3,
    )  # fmt: skip
    area_role(area.glyph, "q")
    area.glyph.hatch_alpha = "dots"  # the later the column, the clearer
    role(area.glyph, line_color="card")
    heads = plot.quad(
        left=-0.3, right=-0.01, bottom="bottom", top="top", source=sources["rows"],
        fill_alpha=0.25, line_width=3,
    )  # fmt: skip
    role(heads.glyph, fill_color="p", line_color="card")
    if not kind:  # where all rows would be divided if X told nothing of Y
        lines = plot.segment(
            "at", 0, "at", 1, source=sources["split"], line_width=1.5, line_dash="dashed"
        )
        role(lines.glyph, line_color="ink")
    for name, align in (("row_name", "left"), (f"{kind or 'cell_'}name", "center")):
        words = plot.text(
            "x", "y", "text", source=sources[name], text_align=align,
            text_baseline="middle", text_font_size="12px", text_font=value(FONT),
            text_line_height=1.1, padding=1, border_radius=3,
        )  # fmt: skip
        words.glyph.update(background_fill_alpha=0.75)
        role(words.glyph, text_color="ink", background_fill_color="card")
    plot.add_tools(HoverTool(renderers=[area], tooltips=[
        ("cell", "@x, @y"), ("p(x,y)", "@p{0.0000}"), ("p(x)·p(y)", "@product{0.0000}"),
    ]))  # fmt: skip
    plot.min_border_left = 4
    plot.xaxis.visible = plot.yaxis.visible = plot.ygrid.visible = False
    return plot


def _guess_figure(sources: Any) -> Any:
    """Return p(y) beside p(y|x) of the row that is seen."""
    guess = sources["guess"]
    plot = calm_figure(x_range=(0, 1), y_range=(-0.3, 1.24))
    before = plot.quad(
        left="left", right="middle", bottom=0, top="before", source=guess, fill_color=None,
        line_width=2, line_dash="dashed",
    )  # fmt: skip
    after = plot.quad(
        left="middle", right="right", bottom=0, top="after", source=guess, fill_alpha=0.75,
        line_width=2,
    )  # fmt: skip
    role(before.glyph, line_color="ink")
    area_role(after.glyph, "q")
    role(after.glyph, line_color="card")
    names_below(plot, sources["guess_name"])
    for name in ("before", "after"):
        words = plot.text(
            "x", "y", "text", source=sources[f"{name}_text"], text_align="center",
            text_baseline="bottom", y_offset=-2, text_font_size="12px", text_font=value(FONT),
        )  # fmt: skip
        role(words.glyph, text_color="ink")
    plot.xaxis.visible = False
    few_ticks(plot, 3)
    plot.yaxis.bounds = (0, 1)
    return plot
