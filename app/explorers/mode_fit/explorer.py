"""One Gaussian for a target with two modes: which direction covers, and which seeks."""

from __future__ import annotations

from typing import Any

import numpy as np
import param

from infocore import Gaussian, forward_kl, reverse_kl

from ...charts import densities_drawing, ladder
from ...contract.explorer import (
    UNITS,
    Card,
    Explorer,
    Group,
    Picture,
    Player,
    Readout,
    Table,
    unit_parameter,
)
from ...contract.memo import frozen
from .figures import VIEW, draw
from .model import (
    MOST_STEPS,
    MU,
    SIGMA,
    branches_of,
    grid_recipe,
    is_done,
    map_of,
    marks_of,
    newton_forward,
    newton_reverse,
    optima_of,
    separation_of,
    stepped,
    target_of,
    verdict,
)
from .texts import CANDIDATES, STORY, TRY, WHAT_YOU_SEE

GRID = frozen(np.linspace(*VIEW, 321))


class ModeFit(Explorer):
    """One Gaussian Q for a target P with two modes: covering both, or seeking one."""

    slug = "mode-fit"
    title = "Mode fit"
    question = "One Gaussian, two modes: cover both or pick one?"
    lede = (
        "Drag Q, or let it slide downhill. Under D(P‖Q) it spreads until it covers P; under D(Q‖P) "
        "it may settle on one mode, but only if the modes are far enough apart."
    )

    d = param.Number(
        2.5, bounds=(0, 4), step=0.01, label="half the distance of the modes",
        doc="The modes of P are at −d and +d.",
    )  # fmt: skip
    sigma_1 = param.Number(
        1.0, bounds=(0.5, 2), step=0.01, label="width of the left mode",
        doc="Standard deviation of the left component of P.",
    )  # fmt: skip
    sigma_2 = param.Number(
        1.0, bounds=(0.5, 2), step=0.01, label="width of the right mode",
        doc="Standard deviation of the right component of P.",
    )  # fmt: skip
    weight = param.Number(
        0.5, bounds=(0, 1), step=0.01, label="weight of the left mode",
        doc="Probability of the left component of P.",
    )  # fmt: skip
    mu = param.Number(1.0, bounds=MU, step=0.01, label="mean of Q", doc="Mean of Q.")
    sigma = param.Number(
        2.0, bounds=SIGMA, step=0.01, label="standard deviation of Q",
        doc="Standard deviation of Q.",
    )  # fmt: skip
    map = param.Selector(
        default="D(Q‖P)", objects=["D(Q‖P)", "D(P‖Q)"], label="map of",
        doc="The divergence that the map shows for every mean and width of Q.",
    )  # fmt: skip
    unit = unit_parameter("nats")

    readouts = (
        Readout("forward_kl", "D(P‖Q), forward", role="p", noise_of="one"),
        Readout("reverse_kl", "D(Q‖P), reverse", role="q", noise_of="one"),
        Readout("forward_best", "least D(P‖Q)", role="p", noise_of="one"),
        Readout("reverse_best", "least D(Q‖P)", role="q", noise_of="one"),
        Readout(
            "forward_mu",
            "μ of the forward fit",
            unit="",
            card=False,
            noise_of="one",
            style="rounded",
        ),
        Readout("forward_sigma", "σ of the forward fit", unit="", card=False),
        Readout(
            "reverse_mu",
            "μ of the best reverse fit",
            unit="",
            card=False,
            noise_of="one",
            style="rounded",
        ),
        Readout("reverse_sigma", "σ of the best reverse fit", unit="", card=False),
        Readout("recipe_forward", "D(P‖Q) on the grid", card=False, noise_of="one"),
        Readout("recipe_reverse", "D(Q‖P) on the grid", card=False, noise_of="one"),
    )
    groups = (
        Group("Q, one Gaussian", {"mu": "mean μ", "sigma": "width σ"}, role="q",
              actions=("descend_forward", "descend_reverse"),
              hint="Drag in the pictures, too: sideways in the upper one, anywhere on the map."),
        Group("P, the target", {
            "d": "d", "sigma_1": "left σ", "sigma_2": "right σ",
            "weight": "left share"}, role="p"),
        Group("Map", {"map": "map"}),
    )  # fmt: skip
    gestures = {"descend_forward": "", "descend_reverse": ""}
    players = (
        Player("Fit forward", "descend_forward", "forward_done"),
        Player("Fit reverse", "descend_reverse", "reverse_done"),
    )
    presets = {
        "Close modes, d = 2": {"d": 2.0, "mu": 2.0, "sigma": 1.0},
        "Far modes, d = 3": {"d": 3.0, "mu": 2.0, "sigma": 1.5},
        "Far modes, wide start": {"d": 3.0, "mu": 0.0, "sigma": 2.5},
        "One mode is heavier": {"d": 3.0, "weight": 0.25, "mu": -1.0, "sigma": 2.0},
        "Narrow and wide": {"d": 2.5, "sigma_1": 0.5, "sigma_2": 1.5, "mu": 0.0, "sigma": 2.0},
    }
    pictures = (
        Picture(
            "densities", "The target P with two modes, and the Gaussian Q",
            "the target <b class=p>P</b> and one Gaussian <b class=q>Q</b>", "short",
            drag={"x": "mu"},
        ),
        Picture(
            "map", "A map of the divergence over the mean and width of Q, with every optimum",
            "<b>{map}</b> for every Q: mean μ across, width σ up; "
            "the stronger the colour, the less. <b class=q>●</b> Q, "
            "<b>◇</b> forward fit, <b>○</b> reverse fits",
            "hero", drag={"x": "mu", "y": "sigma"},
        ),
        Picture(
            "pitchfork", "The means of the best fits against d, half the distance of the modes",
            "where the reverse fits sit, as d grows: <b>●</b> the best, <b>○</b> other optima, "
            "<b class=q>│</b> this d", below=True,
        ),
    )  # fmt: skip
    tables = (
        Table(
            "optima", "Every optimum", "optima",
            {"fit": ("fit", None), "mu": ("μ", 3), "sigma": ("σ", 3),
             "divergence": ("its least divergence", 4)}, live=True,
        ),
        Table(
            "curves", "The plotted densities", "curves",
            {"x": ("x", 2), "p": ("p(x)", 6), "q": ("q(x)", 6)},
        ),
        Table(
            "branches", "The reverse fits against d", "branches",
            {"d": ("d", 2), "mu": ("μ", 4), "sigma": ("σ", 4), "best": ("best", 0)},
        ),
    )  # fmt: skip
    status = "D of P from Q is {forward_kl} {unit}; D of Q from P is {reverse_kl} {unit}. {verdict}"
    code = (
        "import math\n\nfrom infocore import Gaussian, Mixture, reverse_kl\n\n"
        "p = Mixture(\n    [{weight}, 1 - {weight}],\n"
        "    [Gaussian(-{d}, {sigma_1}), Gaussian({d}, {sigma_2})],\n)\n"
        "reverse_kl(p, {mu}, {sigma}, base={base})\n# {reverse_kl}"
    )
    cards = (
        Card("What this target does", STORY),
        Card(
            "With your numbers",
            r"$$D(Q\|P)=\int q(x)\,@log@\frac{q(x)}{p(x)}\,dx=@reverse_kl@$$"
            r"$$D(P\|Q)=\int p(x)\,@log@\frac{p(x)}{q(x)}\,dx=@forward_kl@$$"
            "<p>The forward fit has P's own mean and variance: "
            "<b>μ = {forward_mu}, σ = {forward_sigma}</b>. The best reverse fit is "
            "<b>μ = {reverse_mu}, σ = {reverse_sigma}</b>.</p>",
        ),
        Card("What you see", WHAT_YOU_SEE),
        Card("What the usual grid would have said", CANDIDATES),
        Card("Try this", TRY),
    )

    @staticmethod
    def preview() -> str:
        """Draw the target and its best reverse fit."""
        curves = ModeFit.compute(**{**ModeFit.defaults(), "mu": 2.98, "sigma": 1.02})["curves"]
        return densities_drawing(curves, 4, 190)

    @staticmethod
    def move(state: dict[str, Any], name: str, value: Any, index: int | None) -> dict[str, Any]:
        """Move one control, or let Q go a step downhill."""
        if name not in ModeFit.gestures:
            return {name: value}
        target = target_of(state["d"], state["sigma_1"], state["sigma_2"], state["weight"])
        newton = newton_forward if name == "descend_forward" else newton_reverse
        q = state["mu"], state["sigma"]
        for _ in range(MOST_STEPS if value == "end" else 1):
            q = stepped(target, newton, *q)
        return {"mu": q[0], "sigma": q[1]}

    @staticmethod
    def compute(
        d: float, sigma_1: float, sigma_2: float, weight: float, mu: float, sigma: float,
        map: str, unit: str,
    ) -> dict[str, Any]:  # fmt: skip
        """Return the densities, the map with its optima, and where the optima are as d changes."""
        shape, base = (d, sigma_1, sigma_2, weight), UNITS[unit]
        target, q = target_of(*shape), Gaussian(mu, sigma)
        best, p, optima = optima_of(*shape), target.pdf(GRID), marks_of(*shape, base)
        least = optima["divergence"]
        return {
            "curves": {"x": GRID, "p": p, "q": q.pdf(GRID)},
            "map": map_of(*shape, map),
            "optima": optima,
            "branches": branches_of(sigma_1, sigma_2, weight),
            "separation": separation_of(d),
            "here": {"mu": np.array([mu]), "sigma": np.array([sigma])},
            "readout": {
                "forward_kl": forward_kl(target, mu, sigma, base=base),
                "reverse_kl": reverse_kl(target, mu, sigma, base=base),
                "forward_best": float(least[0]), "reverse_best": float(least[1]),
                "forward_mu": float(best[0][0]), "forward_sigma": float(best[1][0]),
                "reverse_mu": float(best[0][1]), "reverse_sigma": float(best[1][1]),
                **grid_recipe(target, q, base),
            },
            "range": {"density": (0.0, ladder(1.1 * max(p.max(), 0.3989 / max(sigma, 0.5))))},
            "words": {"verdict": verdict(best, target)},
            "show": {
                "forward_done": is_done(newton_forward(target, mu, sigma)),
                "reverse_done": is_done(newton_reverse(target, mu, sigma)),
            },
        }  # fmt: skip

    @staticmethod
    def view(sources: Any) -> dict[str, Any]:
        """Return the densities, the map and the figure of the optima."""
        return draw(sources)
