"""The tables of accuracy.md: what libraries answer, beside mpmath's 50 digits of the same doubles.

Every distribution here sums to exactly 1, so that all formulas have the same true answer.
"""

import contextlib
import math
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import mpmath
import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy

import infocore

# Not `tests.vectors`: a library may have installed a `tests` of its own.
sys.path.append(str(Path(__file__).parents[1] / "tests" / "vectors"))
import references

TINY = 1e-10  # what tutorials add inside a logarithm
WHOLE = 2**48  # probabilities are whole multiples of one part of this, so that sums are exact
DIGITS_FROM = 1e4  # ulp, from which on the digits that are right are counted instead
DRAWS, LENGTHS = 40, (3, 10, 100)


class Case(NamedTuple):
    """A question to all: its words, what it is asked of, and the same as counts, if it has any."""

    words: str
    given: tuple[list[float], ...]
    counts: tuple[list[int], ...] = ()


class Answer(NamedTuple):
    """A number, and the logarithm of the base that it is in."""

    value: float
    base: float = 1.0


Ask = Callable[[Case], Answer | None]


def of_counts(words: str, *counts: list[int]) -> Case:
    return Case(words, tuple([one / sum(row) for one in row] for row in counts), counts)


def exactly(weights: np.ndarray) -> list[float]:
    """Return a distribution in these proportions whose sum is exactly 1."""
    parts = [max(1, round(one)) for one in weights / weights.sum() * WHOLE]
    parts[int(np.argmax(parts))] += WHOLE - sum(parts)
    return [one / WHOLE for one in parts]


@cache
def nearby(n: int, spread: float) -> tuple[list[float], list[float]]:
    """Return two distributions over n outcomes whose entries differ by a share of about spread."""
    rng = np.random.default_rng(n)
    p = rng.dirichlet(np.ones(n))
    return exactly(p), exactly(p * (1 + spread * rng.normal(size=n)))


def cases() -> dict[str, list[Case]]:
    """Return the questions by the measure that is asked for."""
    e, half, quarter = 2.0**-30, [0.5, 0.5], [0.25, 0.75]
    near = ([0.25 + e, 0.75 - e], quarter)
    return {
        "entropy": [
            of_counts("three outcomes, 9, 5 and 2 of 16", [9, 5, 2]),
            Case("a certain outcome", ([1.0, 0.0],)),
            Case("almost certain: 1 − 2⁻⁴⁰", ([1 - 2.0**-40, 2.0**-40],)),
            Case("200 outcomes, at random", nearby(200, 0)[:1]),
        ],
        "kl_divergence": [
            of_counts("9, 5, 2 of 16 against 4, 8, 4", [9, 5, 2], [4, 8, 4]),
            of_counts("q rules out what p allows", [8, 8], [16, 0]),
            of_counts("p = q = (¾, ¼)", [12, 4], [12, 4]),
            Case("q = (¼, ¾), p 2⁻³⁰ away", near),
            Case("200 outcomes, 10⁻⁸ apart", nearby(200, 1e-8)),
            Case("q gives 10⁻³⁰⁰ to one of two", (half, [1.0, 1e-300])),
            Case("q gives 10⁻³¹⁰, a subnormal number", (half, [1.0, 1e-310])),
        ],
        "jensen_shannon_divergence": [
            of_counts("9, 5, 2 of 16 and 4, 8, 4", [9, 5, 2], [4, 8, 4]),
            of_counts("nothing in common: ln 2", [16, 0], [0, 16]),
            Case("(¼, ¾) and 2⁻³⁰ away", near),
            Case("200 outcomes, 10⁻⁸ apart", nearby(200, 1e-8)),
        ],
        "gaussian_kl": [
            Case("N(0, 1) to N(1, 1.5²)", ([0.0, 1.0], [1.0, 1.5])),
            Case("N(0, 1) to N(0, 0.1²)", ([0.0, 1.0], [0.0, 0.1])),
            Case("widths 1 and 1 + 2⁻³⁰", ([0.0, 1.0], [0.0, 1 + e])),
            Case("means 40 widths apart", ([0.0, 1.0], [40.0, 1.0])),
            Case("widths 10⁻¹⁵⁰ and 10¹⁵⁰", ([0.0, 1e-150], [0.0, 1e150])),
        ],
    }  # fmt: skip


def ours(measure: str) -> Ask:
    function = getattr(infocore, measure)

    def ask(case: Case) -> Answer:
        given = (
            [infocore.Gaussian(*one) for one in case.given] if "gaussian" in measure else case.given
        )
        return Answer(float(function(*given, base=math.e)))

    return ask


def recipe_divergence(p: np.ndarray, q: np.ndarray) -> float:
    return float(np.sum(p * np.log((p + TINY) / (q + TINY))))


def recipe_shannon(p: np.ndarray, q: np.ndarray) -> float:
    middle = (p + q) / 2
    return (recipe_divergence(p, middle) + recipe_divergence(q, middle)) / 2


def formula(p: np.ndarray, q: np.ndarray) -> float:
    """Return the divergence of two normal distributions as it is printed in books."""
    return float(np.log(q[1] / p[1]) + (p[1] ** 2 + (p[0] - q[0]) ** 2) / (2 * q[1] ** 2) - 0.5)


def grid(p: np.ndarray, q: np.ndarray) -> float:
    """Return it as tutorials sum it: 1000 points on ±5, densities to 1, the least clipped."""
    x = np.linspace(-5, 5, 1000)
    densities = (np.exp(-(((x - mu) / sigma) ** 2) / 2) for mu, sigma in (p, q))
    p, q = (np.clip(one / one.sum(), 1e-12, None) for one in densities)
    return float(np.sum(p * np.log(p / q)))


def by_arrays(function: Callable[..., float]) -> Ask:
    return lambda case: Answer(float(function(*map(np.array, case.given))))


def dit_library() -> dict[str, Ask]:
    import dit
    from dit.divergences import jensen_shannon_divergence, kullback_leibler_divergence

    def ask(function: Callable[..., float]) -> Ask:
        def asked(case: Case) -> Answer:
            names = range(len(case.given[0]))
            laws = [dit.Distribution([(one,) for one in names], list(p)) for p in case.given]
            return Answer(float(function(*laws)), math.log(2))

        return asked

    return {
        "entropy": ask(dit.shannon.entropy),
        "kl_divergence": ask(kullback_leibler_divergence),
        "jensen_shannon_divergence": ask(lambda p, q: jensen_shannon_divergence([p, q])),
    }


def infomeasure_library() -> dict[str, Ask]:
    import infomeasure

    def ask(function: Callable[..., float]) -> Ask:
        def asked(case: Case) -> Answer | None:
            if not case.counts:
                return None
            samples = (np.repeat(np.arange(len(one)), one) for one in case.counts)
            return Answer(float(function(*samples, approach="discrete", base="e")))

        return asked

    return {
        "entropy": ask(infomeasure.entropy),
        "kl_divergence": ask(infomeasure.kld),
        "jensen_shannon_divergence": ask(infomeasure.jsd),
    }


@cache
def libraries() -> dict[str, dict[str, Ask]]:
    """Return who is asked, by measure; libraries that are not installed are left out."""
    found = {
        "infocore": {measure: ours(measure) for measure in cases()},
        "SciPy": {
            "entropy": by_arrays(scipy_entropy),
            "kl_divergence": by_arrays(lambda p, q: rel_entr(p, q).sum()),
            "jensen_shannon_divergence": by_arrays(lambda p, q: jensenshannon(p, q) ** 2),
        },
    }
    for name, load in (("dit", dit_library), ("infomeasure", infomeasure_library)):
        with contextlib.suppress(ModuleNotFoundError):
            found[name] = load()
    found["recipe"] = {
        "entropy": by_arrays(lambda p: -np.sum(p * np.log(p + TINY))),
        "kl_divergence": by_arrays(recipe_divergence),
        "jensen_shannon_divergence": by_arrays(recipe_shannon),
        "gaussian_kl": by_arrays(grid),
    }
    found["formula"] = {"gaussian_kl": by_arrays(formula)}
    return found


def truth(measure: str, case: Case) -> mpmath.mpf:
    """Return the value in nats, to 50 digits after whatever cancels."""
    with mpmath.workdps(120):
        given = [[mpmath.mpf(x) for x in one] for one in case.given]
        value = getattr(references, measure)(*given)
    with mpmath.workdps(50):
        return +value


def ulps(answer: Answer, true: mpmath.mpf) -> float:
    """Return how many steps between neighbouring doubles lie between an answer and the truth."""
    with mpmath.workdps(50):
        wanted = true / (mpmath.log(2) if answer.base != 1 else 1)
        if mpmath.isinf(wanted) or not math.isfinite(answer.value):
            return 0.0 if answer.value == float(wanted) else math.inf
        return float(abs(mpmath.mpf(answer.value) - wanted) / math.ulp(float(wanted)))


def answers(measure: str, case: Case) -> dict[str, tuple[Answer, float]]:
    """Return everybody's answer, and how wrong it is in ulp."""
    true, found = truth(measure, case), {}
    for name, measures in libraries().items():
        with np.errstate(all="ignore"):
            answer = measures[measure](case) if measure in measures else None
        if answer is not None:
            found[name] = answer, ulps(answer, true)
    return found


def said(answer: Answer, error: float, true: mpmath.mpf) -> str:
    """Return what stands in a cell: the error in ulp, the digits that are right, or the answer."""
    if error < DIGITS_FROM:
        return f"{error:.1f}"
    wanted = float(true) / answer.base
    share = abs(answer.value - wanted) / wanted if 0 < wanted < math.inf else math.inf
    if share < 0.1:
        right = math.floor(-math.log10(share))
        return f"{right} digit{'s' * (right > 1)}"
    return f'<span class="wrong">gives {written(answer.value * answer.base)}</span>'


def written(x: float) -> str:
    if not math.isfinite(x):
        return "NaN" if math.isnan(x) else "∞"
    return f"{x + 0.0:.4g}".replace("-", "−").replace("e−0", "e−").replace("e+0", "e")


@cache
def asked(measure: str) -> list[tuple[Case, mpmath.mpf, dict[str, tuple[Answer, float]]]]:
    """Return each case of a measure, the truth, and what everybody answers."""
    return [(case, truth(measure, case), answers(measure, case)) for case in cases()[measure]]


def table(measure: str) -> str:
    """Return a measure's table: a row a case, a column a library."""
    rows = asked(measure)
    names = [name for name in libraries() if any(name in found for _, _, found in rows)]
    lines = [["", "true value, nats", *(NAMES[name] for name in names)], ["---"] * (len(names) + 2)]
    for case, true, found in rows:
        cells = [said(*found[name], true) if name in found else "·" for name in names]
        lines.append([case.words, written(float(true)), *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


NAMES = {
    "infocore": "`infocore`", "SciPy": "SciPy", "dit": "`dit`", "infomeasure": "`infomeasure`",
    "recipe": "the recipe", "formula": "the printed formula",
}  # fmt: skip


def entropies() -> str:
    return table("entropy")


def divergences() -> str:
    return table("kl_divergence")


def shannons() -> str:
    return table("jensen_shannon_divergence")


def gaussians() -> str:
    return table("gaussian_kl")


def drawn(n: int, draws: int) -> list[Case]:
    """Return pairs of distributions over n outcomes, drawn evenly among all that there are."""
    rng = np.random.default_rng(2026 + n)
    pairs = (rng.dirichlet(np.ones(n), size=2) for _ in range(draws))
    return [Case("", (exactly(p), exactly(q))) for p, q in pairs]


def errors(measure: str, n: int, draws: int = DRAWS) -> dict[str, list[float]]:
    """Return everybody's errors in ulp on distributions that are drawn."""
    found: dict[str, list[float]] = {}
    for case in drawn(n, draws):
        asked = Case(case.words, case.given[:1] if measure == "entropy" else case.given)
        for name, (_, error) in answers(measure, asked).items():
            found.setdefault(name, []).append(error)
    return found


def ordinary() -> str:
    """Return the table of distributions without anything special: median and worst error."""
    names = [name for name in ("infocore", "SciPy", "dit") if name in libraries()]
    lines = [["", "outcomes", *(NAMES[name] for name in names)], ["---"] * (len(names) + 2)]
    for measure, words in (("entropy", "H(p)"), ("kl_divergence", "D(p‖q)")):
        for n in LENGTHS:
            found = errors(measure, n)
            cells = [f"{np.median(found[one]):.1f} · {max(found[one]):.1f}" for one in names]
            lines.append([words, str(n), *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def beaten() -> list[tuple[str, str, str]]:
    """Return where somebody is nearer to the truth than infocore by a tenth of an ulp or more."""
    return [
        (measure, case.words, name)
        for measure in cases()
        for case, _, found in asked(measure)
        for name, (_, error) in found.items()
        if error <= found["infocore"][1] - 0.1
    ]


def not_the_best() -> str:
    """Return the cases of the tables in which infocore is not the best, as a list."""
    better: dict[str, list[str]] = {}
    for measure, words, name in beaten():
        better.setdefault(f"`{measure}`: {words}", []).append(NAMES[name])
    lines = [
        f"- {case}. Nearer to the truth: {', '.join(names)}." for case, names in better.items()
    ]
    return "\n".join(lines) or "There is none in this build."
