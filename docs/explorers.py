"""The part of the reference that is read off the explorers' declarations."""

import param

from bitsandnats.contract.parameters import Numbers
from bitsandnats.registry import EXPLORERS


def reference() -> str:
    """Return a section for each explorer, with its parameters and its readouts."""
    return "\n\n".join(map(section, EXPLORERS))


def section(explorer: type) -> str:
    """Return an explorer's section, in Markdown."""
    page = f'<a href="../site/{explorer.slug}.html">{explorer.title}</a>'
    return "\n".join(
        [
            f"## {explorer.__name__}", "", f"{explorer.question} See the page {page}.", "",
            "| parameter | values | at the start | what it is |", "|---|---|---|---|",
            *(
                row(f"`{name}`", values(one), start(one), one.doc or one.label)
                for name, one in explorer.parameters().items()
            ),
            "", "| number | unit | what it is |", "|---|---|---|",
            *(
                row(f"`{one.name}`", "bits or nats" if one.unit == "unit" else one.unit, one.label)
                for one in explorer.readouts
            ),
        ]
    )  # fmt: skip


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(' '.join(one.split()).replace('|', '\\|') for one in cells)} |"


def values(parameter: param.Parameter) -> str:
    """Return which values a parameter takes, in words."""
    if isinstance(parameter, param.Selector):
        return " or ".join(f"`{one!r}`" for one in parameter.objects)
    bounds = getattr(parameter, "bounds", None) or (None, None)
    ends = " to ".join("" if one is None else f"{one:g}" for one in bounds)
    what = {Numbers: "probabilities", param.List: "names", param.String: "characters"}
    kind = next((words for of, words in what.items() if isinstance(parameter, of)), "")
    return f"{ends} {kind}".replace("-", "−")


def start(parameter: param.Parameter) -> str:
    """Return a parameter's default, cut where it is long."""
    said = repr(parameter.default)
    return f"`{said if len(said) <= 40 else said[:36] + ' …'}`"
