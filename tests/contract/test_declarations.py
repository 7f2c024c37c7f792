"""What every explorer declares: names that exist, presets that are states, a snippet that runs."""

import ast
import math
import re

import numpy as np
import param
import pytest
from bokeh.models import HBar, Line, Quad, Range, VArea, VBar

from app.charts import role
from app.contract.declaration import Group, Handle, Passage, Picture, Readout
from app.contract.explorer import UNIT_SLOTS, UNITS
from app.contract.parameters import kind
from app.contract.texts import Texts
from app.explorers.connections.chapter import Connections
from app.explorers.kl.explorer import KL
from app.page.exported import export_page, file_link
from app.page.mathml import formula
from app.page.template import plain_page
from app.page.texts import text_html
from app.registry import CHAPTERS, EXPLORERS
from app.session.session import Session
from tests.contract.expectations import expected_of, numbers_of

AREAS = (HBar, Quad, VArea, VBar)

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)


@every
def test_an_explorer_says_what_it_is(explorer):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", explorer.slug)
    for text in ("title", "question", "lede"):
        assert getattr(explorer, text).strip(), text
    for picture in explorer.pictures:
        assert explorer.texts("Caption", picture.name)
        assert explorer.texts("Alt", picture.name)
        assert "{" in explorer.texts("Description", picture.name)  # its present numbers
    for passage in explorer.passages:
        assert explorer.texts("Caption", passage.source)
    assert explorer.texts("Status")
    assert explorer.__doc__
    assert any("$$" in card for card in explorer.texts.all("Card").values())
    assert explorer.presets
    assert explorer.tables
    assert explorer.preview().startswith("<svg")


SOURCE = re.compile(
    r"- (?P<who>\S.+) \((?P<year>\d{4})\)\. \[(?P<title>[^]]+)]\((?P<link>https://[^\s)]+)\)\."
    r" (?P<where>\S.+)\."
)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda one: one.slug)
def test_a_page_ends_with_few_sources_that_say_who_when_what_and_where(chapter):
    lines = chapter.texts("Sources").splitlines()
    sources = [SOURCE.fullmatch(line) for line in lines]
    assert all(sources), lines[sources.index(None)] if None in sources else ""
    assert 1 <= len(sources) <= 8
    assert len({one["link"] for one in sources}) == len(sources)
    assert all(1948 <= int(one["year"]) <= 2026 for one in sources)
    page = plain_page(chapter, CHAPTERS, file_link) if chapter not in EXPLORERS else ""
    html = page or export_page(chapter, CHAPTERS, shared=True)
    (section,) = re.findall(r'<details class="card sources">.*?</details>', html, re.DOTALL)
    links = re.findall(r"<a [^>]*>", section)
    safely = '<a href="{}" target="_blank" rel="noopener noreferrer">'
    assert links == [safely.format(one["link"]) for one in sources]


def test_a_source_has_the_same_link_wherever_it_is_named():
    named = [SOURCE.fullmatch(line) for one in CHAPTERS
             for line in one.texts("Sources").splitlines()]  # fmt: skip
    for part, other in (("title", "link"), ("link", "title"), ("title", "year"), ("title", "who")):
        assert len({one[part] for one in named}) == len({(one[part], one[other]) for one in named})


@every
def test_areas_of_q_carry_a_pattern_where_p_is_drawn_too(explorer):
    for figure in Session(explorer()).figures.values():
        glyphs = [one.glyph for one in figure.renderers if hasattr(one, "glyph")]
        of_p = [one for one in glyphs if {"fill_color=p", "line_color=p"} & set(one.tags)]
        areas = [one for one in glyphs if isinstance(one, AREAS) and "fill_color=q" in one.tags]
        for area in areas if of_p else ():
            assert area.hatch_pattern, (figure.name, area)


def _handle(along=None, picture="densities", **more):
    return Handle(along or {"x": "mu_p"}, picture, "marks", "p_mu", "p_peak", **more)


MISSPELT = {
    "z, which is none of x, y": lambda: _handle({"z": "mu_p"}),
    "green, which is none of p, q": lambda: _handle(role="green"),
    "square, which is none of linear": lambda: _handle(law="square"),
    "purple, which is none of p, q": lambda: Readout("h", "entropy", role="purple"),
    "long, which is none of fixed": lambda: Readout("h", "entropy", style="long"),
    "huge, which is none of hero": lambda: Picture("curve", "huge"),
    "red, which is none of p, q": lambda: Group("Event", {"p": "p"}, role="red"),
    "blue, which is none of p, q": lambda: role(Line(), line_color="blue"),
    "## Hints: Event is none of Question": lambda: Texts("# T\n\n## Hints: Event\n\nDrag."),
    "## Lede stands twice": lambda: Texts("# T\n\n## Lede\n\nA.\n\n## Lede\n\nB."),
    "there is no text ## Alt: curve": lambda: Texts("# T")("Alt", "curve"),
    r"\typo in the formula": lambda: formula(r"\typo x"),
}


@pytest.mark.parametrize("said", MISSPELT)
def test_a_misspelt_word_of_a_declaration_is_refused_with_what_it_may_be(said):
    with pytest.raises((ValueError, KeyError)) as refused:
        MISSPELT[said]()
    assert said in str(refused.value).replace("'", "")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"groups": (Group("G", {"nope": ""}),)}, "the control is nope, which is none of mu_p"),
        (
            {"groups": (Group("G", {}, actions=("jump",)),)},
            "the action is jump, which is none of swap",
        ),
        ({"groups": (Group("G", {}, work=("w",)),)}, "the work is w"),
        ({"handles": (_handle({"x": "nope"}),)}, "the parameter of a handle is nope"),
        ({"handles": (_handle(picture="nowhere"),)}, "the picture of a handle is nowhere"),
        ({"passages": (Passage("T", "t", control="q"),)}, "the control of a passage is q"),
        ({"optional": ("nowhere",)}, "the optional picture is nowhere"),
        ({"presets": {"Far": {"mu": 1}}}, "the part of a scene is mu"),
        ({"presets": {"Far": "jump"}}, "the part of a scene is jump"),
        (
            {"texts": Texts("# T\n## Question\nA?\n## Lede\nB.\n## Alt: lost\nC.")},
            "the Alt is lost",
        ),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused_as_the_registry_is_made(part, said):
    with pytest.raises(ValueError, match="Broken") as refused:
        type("Broken", (KL,), part).check()
    assert said in str(refused.value).replace("'", "")


def test_slugs_and_titles_are_unique():
    for part in ("slug", "title", "question"):
        assert len({getattr(one, part) for one in EXPLORERS}) == len(EXPLORERS)


@every
def test_every_parameter_has_a_doc_a_label_and_bounds(explorer):
    made_up = param.parameterized.default_label_formatter
    for name, parameter in explorer.parameters().items():
        assert parameter.doc
        assert parameter.label != made_up(name), f"{name} has only the label that param makes up"
        bounds = getattr(parameter, "bounds", None)
        assert (bounds and None not in bounds) or len(parameter.objects) > 1
        if kind(parameter) == "number":
            assert parameter.step > 0
    assert list(explorer.parameters()["unit"].objects) == list(UNITS)


@every
def test_the_name_of_a_control_begins_with_what_stands_beside_it(explorer):
    shown = [pair for group in explorer.groups for pair in group.controls.items()]
    for name, short in shown:
        assert explorer.parameters()[name].label.startswith(short), name


@every
def test_every_declared_readout_is_computed(explorer):
    for name in explorer.presets:
        state = preset_state(explorer, name)
        computed = explorer.compute(**state).readouts
        assert {readout.name for readout in explorer.readouts} == set(computed)
    computed = {*explorer.compute(**explorer.defaults()).readouts, "one"}
    assert {r.noise_of for r in explorer.readouts if r.noise_of} <= computed


@every
def test_the_sentence_for_screen_readers_says_a_number(explorer):
    status = explorer.texts("Status")
    assert any(f"{{{readout.name}}}" in status for readout in explorer.readouts)


@every
def test_the_headings_of_a_table_tell_its_columns_apart(explorer):
    for table in explorer.tables:
        headings = [heading for heading, _ in table.columns.values()]
        assert len(set(headings)) == len(headings), table.name


# The rule of ROLES, number by number: averaged under P or X's own, under Q or Y's own, shared.
COLOURS = {
    "p": {"entropy", "entropy_p", "entropy_x", "kl_pq", "cross_entropy_pq", "cce",
          "forward_kl", "forward_best", "race_forward", "recipe_forward", "perplexity",
          "dpo_loss", "dpo_mean"},
    "q": {"entropy_q", "entropy_y", "entropy_seen", "kl_qp", "cross_entropy_qp", "reverse_kl",
          "reverse_best", "race_reverse", "recipe_reverse", "reward", "policy_kl", "objective"},
    "accent": {"running_mean", "mutual_information", "plug_in", "miller_madow", "information_gain",
               "bound"},
}  # fmt: skip
# Lengths and areas of boxes, named by whose length it is.
LENGTHS = {
    "overpaid": "q", "saved": "p", "guess_mean": "p",
    "surprise": "p", "surprise_2": "p", "surprise_sum": "p",
}  # fmt: skip


@every
def test_a_number_has_the_colour_of_what_it_is_averaged_under(explorer):
    rule = {name: colour for colour, names in COLOURS.items() for name in names} | LENGTHS
    for readout in explorer.readouts:
        assert readout.role == rule.get(readout.name, "ink"), readout.name
    texts = "".join(explorer.texts(kind, name) for kind, name, _ in explorer.texts)
    for words, colour in re.findall(r"\[([^\[\]]*)\]\{\.(p|q|accent)\}", texts):
        for name in re.findall(r"\{(\w+)\}", words):
            if name in explorer.defaults():
                continue
            assert colour == rule[name], words


def test_one_language_is_blue_for_what_is_averaged_under_the_data_and_orange_under_the_model():
    groups = {"the data": "p", "the model": "q", "pairs": "accent", "no loss": "accent"}
    assert Connections.groups == groups
    assert Connections.cards == {"Forward": "p", "Reverse": "q", "Squared errors": "ink"}


def names_in_texts(explorer):
    """Return every name that a text of the page wants filled, and every flag that one waits for."""
    pages = [text_html(explorer.texts, kind, name) for kind, name, _ in explorer.texts
             if kind not in ("Message", "Code")]  # fmt: skip
    html = "".join(pages)
    names = {*re.findall(r'data-slot="([\w.]+)"', html), *re.findall(r"data-var=(\w+)", html)}
    names |= {*re.findall(r"\{([\w.]+)\}", explorer.code())}
    names |= {n for table in explorer.tables for n in list((table.totals or {}).values())}
    return names, {*re.findall(r'data-show="(\w+)"', html)}


@every
def test_every_name_in_texts_formulas_and_tables_exists(explorer):
    result = explorer.compute(**explorer.defaults())
    labels = {label.name for label in explorer.labels_drawn}
    known = {*explorer.defaults(), *result.readouts, *result.slots, "unit", *UNIT_SLOTS["bits"]}
    known |= {f"{t}.{column}" for t, table in result.tables.items() for column in table}
    first_cells = {(t.totals or {}).get(next(iter(t.columns))) for t in explorer.tables}
    names, flags = names_in_texts(explorer)
    assert names - first_cells - known == set()
    for table in explorer.tables:
        assert set(table.columns) <= {*result.tables[table.source], *labels}
        assert set(table.totals or {}) <= set(table.columns)
    ends = {player.done for player in explorer.players} | {h.idle for h in explorer.handles} - {""}
    waits = {flag for group in explorer.groups for flag in group.only_while.values()}
    waits |= {passage.goes_on for passage in explorer.passages} - {""}
    assert set(result.flags) == {*explorer.optional, *ends, *waits, *flags}


@every
def test_every_axis_and_label_is_of_the_result(explorer):
    result = explorer.compute(**explorer.defaults())
    assert {axis.name for axis in explorer.axes} <= set(result.ranges)
    for label in explorer.labels_drawn:
        columns = result.tables[label.table]
        named = [one for one in (label.x, label.y, *label.also) if isinstance(one, str)]
        named += [column for column, _, _ in label.cases]
        named += [one for one in (label.tall, label.within, label.fit) if one]
        assert set(named) <= set(columns), label.name
        assert not label.axis or label.axis in result.ranges


@every
def test_no_figure_has_a_look_for_points_that_are_selected_or_muted(explorer):
    renderers = [r for plot in Session(explorer()).figures.values() for r in plot.renderers]
    looks = {(r.nonselection_glyph, r.muted_glyph) for r in renderers if hasattr(r, "muted_glyph")}
    assert looks <= {("auto", "auto")}  # which BokehJS makes once they are asked for
    assert renderers


@every
def test_every_figure_has_its_place_and_every_range_that_a_figure_names_is_moved(explorer):
    session = Session(explorer())
    assert set(session.figures) == {picture.name for picture in explorer.pictures}
    ranges = {one.name for plot in session.figures.values() for one in plot.select({"type": Range})}
    assert ranges - {None} <= set(explorer.compute(**explorer.defaults()).ranges)


def preset_state(explorer, name):
    """Return the state that a preset's button asks for, which must be granted in full."""
    preset = explorer.presets[name]
    asked = [(preset, None)] if isinstance(preset, str) else [("reset", None), *preset.items()]
    state, messages = explorer.apply(explorer.defaults(), asked)
    assert not messages
    return state


@every
def test_presets_are_valid_states(explorer):
    (first, *_), expected = explorer.readouts, expected_of(explorer)
    endless = expected.infinite_readouts.get(first.name, lambda result: False)
    for name, preset in explorer.presets.items():
        state = preset_state(explorer, name)
        if not isinstance(preset, str):
            for parameter, wanted in preset.items():
                assert state[parameter] == wanted
        result = explorer.compute(**state)
        assert math.isfinite(result.readouts[first.name]) != endless(result)


def flat(table):
    return {name: column for name, column in numbers_of(table).items() if np.ndim(column) == 1}


def filled(explorer, state):
    """Fill the snippet as the page does: every number in full, lists as Python writes them."""
    result = explorer.compute(**state)
    values = {**state, **result.readouts, **UNIT_SLOTS[state["unit"]]}
    for name, table in result.tables.items():
        values |= {f"{name}.{c}": [*map(float, v)] for c, v in flat(table).items()}
    return re.sub(r"\{([\w.]+)\}", lambda found: str(values[found[1]]), explorer.code())


def run(snippet):
    """Run a snippet and return what its last line evaluates to."""
    tree, scope = ast.parse(snippet), {}
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "snippet", "exec"), scope)
    return eval(compile(last, "snippet", "eval"), scope)


@every
def test_the_snippet_gives_the_number_that_the_page_shows(explorer):
    states = [preset_state(explorer, name) for name in explorer.presets]
    states += [{**state, "unit": unit} for state in states for unit in UNITS]
    for state in states:
        snippet = filled(explorer, state)
        said = float(snippet.rsplit("# ", 1)[1])
        assert said in explorer.compute(**state).readouts.values()
        assert run(snippet) == said
