"""The yardstick: a plain Panel page with the same curves, ready-made sliders and no tuning."""

import panel as pn
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from app.explorers.kl.explorer import KL

state = {**KL.defaults(), "mu_p": -3.0, "sigma_p": 1.0}
source = ColumnDataSource(KL.compute(**state).tables["curves"], name="curves")
sliders = {
    name: pn.widgets.FloatSlider(
        name=parameter.label, start=parameter.bounds[0], end=parameter.bounds[1],
        step=parameter.step, value=state[name],
    )
    for name, parameter in KL.parameters().items()
    if name in ("mu_p", "sigma_p", "mu_q", "sigma_q")
}  # fmt: skip
plots = []
for columns in (("p", "q"), ("pq",), ("qp",)):
    plot = figure(height=200, width=700, x_range=(-8, 8), tools="", toolbar_location=None)
    for column in columns:
        plot.varea("x", 0, column, source=source, fill_alpha=0.2)
        plot.line("x", column, source=source)
    plots.append(plot)


def update(*_events):
    """Redraw from the sliders."""
    values = {name: slider.value for name, slider in sliders.items()}
    source.data = KL.compute(**{**state, **values}).tables["curves"]


for slider in sliders.values():
    slider.param.watch(update, "value")
pn.Row(pn.Column(*sliders.values()), pn.Column(*plots)).servable()
