"""Two Gaussians, both directions of their KL divergence, and where each comes from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import param
from bokeh.core.properties import value

from infocore import (
    Gaussian,
    gaussian_jensen_shannon,
    gaussian_kl,
    kl_integrand,
    kl_quadrature,
)

from ...charts import calm_figure, densities_drawing, hover, ladder, role, span_range
from ...contract.explorer import UNITS, Explorer, Group, Picture, Readout, Table, unit_parameter
from ...contract.memo import frozen
from .texts import CARDS

VIEW = (-8.0, 8.0)
GRID = frozen(np.linspace(*VIEW, 641))


class KL(Explorer):
    """Two Gaussians, both directions of their KL divergence, and where each comes from."""

    slug = "kl"
    title = "KL divergence"
    question = "How far is Q from P? It depends on who pays."
    lede = (
        "Each shaded area, less what is hatched below zero, is what you pay extra, on average, "
        "when the data come from one Gaussian and your code was built for the other."
    )

    mu_p = param.Number(-0.5, bounds=(-4, 4), step=0.01, label="mean of P", doc="Mean of P.")
    sigma_p = param.Number(
        0.9, bounds=(0.1, 4), step=0.01, label="standard deviation of P",
        doc="Standard deviation of P.",
    )  # fmt: skip
    mu_q = param.Number(1.0, bounds=(-4, 4), step=0.01, label="mean of Q", doc="Mean of Q.")
    sigma_q = param.Number(
        1.6, bounds=(0.1, 4), step=0.01, label="standard deviation of Q",
        doc="Standard deviation of Q.",
    )  # fmt: skip
    integrand = param.Selector(
        default="signed", objects=["signed", "non-negative"], label="integrand",
        doc="p·log(p/q), or p·log(p/q) − p + q, which is nowhere negative and has the same area.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("kl_pq", "D(P‖Q)", role="p"),
        Readout("kl_qp", "D(Q‖P)", role="q"),
        Readout("ratio", "D(Q‖P) / D(P‖Q)", unit="×", digits=2),
        Readout("js", "Jensen–Shannon", noise_of="one"),
        Readout(
            "kl_pq_outside", "D(P‖Q) out of view", card=False, noise_of="kl_pq", style="rounded"
        ),
        Readout(
            "kl_qp_outside", "D(Q‖P) out of view", card=False, noise_of="kl_qp", style="rounded"
        ),
        Readout("quadrature", "by quadrature", card=False, digits=10, noise_of="kl_pq"),
        Readout("quadrature_error", "difference", card=False, noise_of="kl_pq", style="scientific"),
    )
    groups = (
        Group(
            "P, where the data come from",
            {"mu_p": "mean μ", "sigma_p": "width σ"},
            role="p",
        ),
        Group("Q, what the model believes", {"mu_q": "mean μ", "sigma_q": "width σ"}, role="q"),
        Group("Integrand", {"integrand": "integrand"}, hint=(
            "The signed one dips below zero where the other density is the larger; adding the "
            "difference of the two, whose area is zero, lifts it without changing the total."
        )),
    )  # fmt: skip
    gestures = {"swap": "Swap P and Q"}
    presets = {
        "Equal": {"mu_p": 0.0, "sigma_p": 1.0, "mu_q": 0.0, "sigma_q": 1.0},
        "Shifted": {"mu_p": -1.0, "sigma_p": 1.0, "mu_q": 1.0, "sigma_q": 1.0},
        "Wide and narrow": {"mu_p": 0.0, "sigma_p": 2.0, "mu_q": 0.0, "sigma_q": 0.8},
        "Far apart": {"mu_p": -3.0, "sigma_p": 0.7, "mu_q": 3.0, "sigma_q": 0.7},
        "The tail": {"mu_p": 0.0, "sigma_p": 1.0, "mu_q": 0.0, "sigma_q": 0.1},
    }
    pictures = (
        Picture(
            "densities",
            "Densities of P and Q",
            "the densities of <b class=p>P</b> and <b class=q>Q</b>",
        ),
        Picture(
            "forward",
            "The integrand of D(P‖Q), shaded",
            "<b class=p>p · {log}(p/q){lift_pq}</b> area = <b class=p>{kl_pq}</b> {unit}"
            "<span class=aside>, of which {kl_pq_outside} out of view</span>",
            "short",
        ),
        Picture(
            "reverse",
            "The integrand of D(Q‖P), shaded",
            "<b class=q>q · {log}(q/p){lift_qp}</b> area = <b class=q>{kl_qp}</b> {unit}"
            "<span class=aside>, of which {kl_qp_outside} out of view</span>",
            "short",
        ),
    )
    tables = (
        Table(
            "curves", "The plotted data", "curves",
            {
                "x": ("x", 2), "p": ("p(x)", 6), "q": ("q(x)", 6),
                "log_ratio": ("log p/q", 4), "pq": ("to D(P‖Q)", 6), "qp": ("to D(Q‖P)", 6),
            },
        ),
    )  # fmt: skip
    status = "D of P from Q is {kl_pq} {unit}; D of Q from P is {kl_qp} {unit}."
    code = (
        "import math\n\nfrom infocore import Gaussian, gaussian_kl\n\n"
        "p = Gaussian({mu_p}, {sigma_p})\nq = Gaussian({mu_q}, {sigma_q})\n"
        "gaussian_kl(p, q, base={base})\n# {kl_pq}"
    )
    cards = CARDS

    @staticmethod
    def preview() -> str:
        """Draw the two densities."""
        curves = KL.compute(**KL.defaults())["curves"]
        return densities_drawing(curves, 8, 170)

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Swap, or move one control."""
        if name == "swap":
            pairs = {"mu_p": "mu_q", "sigma_p": "sigma_q", "mu_q": "mu_p", "sigma_q": "sigma_p"}
            return {here: state[there] for here, there in pairs.items()}
        return {name: value}

    @staticmethod
    def compute(
        mu_p: float, sigma_p: float, mu_q: float, sigma_q: float, integrand: str, unit: str
    ) -> dict[str, Any]:
        """Return both densities, both integrands, and the numbers that they add up to."""
        base, p, q = UNITS[unit], Gaussian(mu_p, sigma_p), Gaussian(mu_q, sigma_q)
        lifted = integrand == "non-negative"
        densities = p.pdf(GRID), q.pdf(GRID)
        pq = _integrand(p, q, base, lifted)
        qp = _integrand(q, p, base, lifted)
        return {
            "curves": {
                "x": GRID, "p": densities[0], "q": densities[1],
                "log_ratio": (p.log_pdf(GRID) - q.log_pdf(GRID)) / math.log(base),
                "pq": pq, "pq_above": np.maximum(pq, 0), "pq_below": np.minimum(pq, 0),
                "qp": qp, "qp_above": np.maximum(qp, 0), "qp_below": np.minimum(qp, 0),
            },
            "marks": {name: np.array([at]) for name, at in _marks(p, q).items()},
            "readout": _readouts(p, q, base, lifted),
            "range": {
                "density": (0.0, ladder(1.15 * max(0.3989 / sigma_p, 0.3989 / sigma_q, 0.2))),
                "integrand": (
                    -ladder(-1.05 * min(pq.min(), qp.min(), -0.01)),
                    ladder(1.05 * max(pq.max(), qp.max(), 0.05)),
                ),
            },
            "words": {
                "lift_pq": _lift("p", "q", unit) if lifted else "",
                "lift_qp": _lift("q", "p", unit) if lifted else "",
                "per_nat": "" if unit == "nats" else "/ ln 2",
            },
        }  # fmt: skip

    @staticmethod
    def view(sources: Any) -> dict[str, Any]:
        """Return the densities and, on the same x and one scale, the two integrands."""
        curves, marks = sources["curves"], sources["marks"]
        x_range = span_range("x", *VIEW)
        scale = span_range("integrand")
        densities = calm_figure(x_range=x_range, y_range=span_range("density"))
        for name, dash in (("p", "solid"), ("q", "dashed")):
            area = densities.varea("x", 0, name, source=curves, fill_alpha=0.12)
            line = densities.line(
                "x", name, source=curves, line_width=2.5, line_dash=dash, name=name
            )
            role(area.glyph, fill_color=name)
            role(line.glyph, line_color=name)
            letter = densities.text(
                f"{name}_x", f"{name}_y", value(name.upper()), source=marks,
                text_align="center", text_font_style="bold", text_font_size="16px", y_offset=-6,
            )  # fmt: skip
            role(letter.glyph, text_color=name)
        reading = [("x", "@x{0.00}"), ("p", "@p{0.0000}"), ("q", "@q{0.0000}"),
                   ("log p/q", "@log_ratio{0.000}")]  # fmt: skip
        densities.add_tools(hover(densities.select(name="p"), reading))
        pictures = {"densities": densities}
        for name, column, colour in (("forward", "pq", "p"), ("reverse", "qp", "q")):
            plot = calm_figure(x_range=x_range, y_range=scale)
            _shade(plot, curves, column, colour)
            contribution = [("to the area", f"@{column}{{0.0000}}")]
            plot.add_tools(hover(plot.select(name=column), reading + contribution))
            plot.yaxis.ticker.desired_num_ticks = 3
            plot.xaxis.visible = False  # as tall as each other, so one scale is one scale
            pictures[name] = plot
        for plot in pictures.values():
            plot.xgrid.visible = True
        return pictures


def _integrand(p: Gaussian, q: Gaussian, base: float, lifted: bool) -> Any:
    signed = kl_integrand(GRID, p, q, base=base)
    return signed + (q.pdf(GRID) - p.pdf(GRID)) / math.log(base) if lifted else signed


def _lift(p: str, q: str, unit: str) -> str:
    """Write what the non-negative integrand adds."""
    return f" − {p} + {q}" if unit == "nats" else f" + ({q} − {p})/ln 2"


def _marks(p: Gaussian, q: Gaussian) -> dict[str, float]:
    """Place each letter on the outer shoulder of its curve, where the other does not cover it."""
    side = 1.0 if q.mu >= p.mu else -1.0
    p_x, q_x = p.mu - side * p.sigma, q.mu + side * q.sigma
    return {"p_x": p_x, "p_y": p.pdf(p_x), "q_x": q_x, "q_y": q.pdf(q_x)}


def _readouts(p: Gaussian, q: Gaussian, base: float, lifted: bool) -> dict[str, float]:
    kl_pq, kl_qp = gaussian_kl(p, q, base=base), gaussian_kl(q, p, base=base)
    by_quadrature = kl_quadrature(p, q, base=base)
    return {
        "kl_pq": kl_pq,
        "kl_qp": kl_qp,
        "js": gaussian_jensen_shannon(p, q, base=base),
        "ratio": kl_qp / kl_pq if kl_pq else math.nan,
        "quadrature": by_quadrature,
        "quadrature_error": abs(by_quadrature - kl_pq),
        "kl_pq_outside": outside(p, q, lifted) / math.log(base),
        "kl_qp_outside": outside(q, p, lifted) / math.log(base),
    }


def outside(p: Gaussian, q: Gaussian, lifted: bool) -> float:
    """Return the integral of p·ln(p/q), or of p·ln(p/q) − p + q, over what the view leaves out."""
    mirrored = Gaussian(-p.mu, p.sigma), Gaussian(-q.mu, q.sigma)
    above = _beyond(VIEW[1], p, q, lifted)
    return above + _beyond(-VIEW[0], *mirrored, lifted)


def _beyond(edge: float, p: Gaussian, q: Gaussian, lifted: bool) -> float:
    """Integrate from ``edge`` to infinity: with u = (x−μ_p)/σ_p, ln(p/q) is a + b·u + c·u²."""
    scale, shift = p.sigma / q.sigma, (p.mu - q.mu) / q.sigma
    a, b, c = 0.5 * shift**2 - math.log(scale), scale * shift, 0.5 * (scale**2 - 1)
    u = (edge - p.mu) / p.sigma
    tail, height = upper_tail(u), math.exp(-0.5 * u * u) / math.sqrt(2 * math.pi)
    area = a * tail + b * height + c * (u * height + tail)
    return area + upper_tail((edge - q.mu) / q.sigma) - tail if lifted else area


def upper_tail(u: float) -> float:
    """Return the probability that a standard normal exceeds ``u``."""
    return 0.5 * math.erfc(u / math.sqrt(2))


def _shade(plot: Any, curves: Any, column: str, colour: str) -> None:
    """Draw an integrand: solid above zero, hatched below."""
    above = plot.varea("x", 0, f"{column}_above", source=curves, fill_alpha=0.5)
    below = plot.varea(
        "x", 0, f"{column}_below", source=curves, fill_alpha=0.12,
        hatch_pattern="/", hatch_scale=8, hatch_alpha=0.9, hatch_weight=1,
    )  # fmt: skip
    line = plot.line("x", column, source=curves, line_width=1.5, name=column)
    role(above.glyph, fill_color=colour)
    role(below.glyph, fill_color=colour, hatch_color=colour)
    role(line.glyph, line_color=colour)
