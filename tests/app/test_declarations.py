"""What every explorer declares: names that exist, presets that are states, a snippet that runs."""

import ast
import math
import re

import numpy as np
import param
import pytest

from app.explorer import TOLD, UNITS
from app.registry import EXPLORERS
from app.state import kind

every = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)


def numbers_of(table):
    return {name: column for name, column in table.items() if np.asarray(column).dtype.kind == "f"}


def tables_of(result):
    return {k: v for k, v in result.items() if k not in TOLD}


@every
def test_an_explorer_says_what_it_is(explorer):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", explorer.slug)
    for text in ("title", "question", "lede", "status", "code"):
        assert getattr(explorer, text).strip(), text
    assert explorer.__doc__
    assert {"With your numbers", "Try this"} <= {card.title for card in explorer.cards}
    assert explorer.presets
    assert explorer.tables
    assert explorer.preview().startswith("<svg")


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
def test_every_declared_readout_is_computed(explorer):
    for name in explorer.presets:
        state = preset_state(explorer, name)
        computed = explorer.compute(**state)["readout"]
        assert {readout.name for readout in explorer.readouts} == set(computed)
    computed = {*explorer.compute(**explorer.defaults())["readout"], "one"}
    assert {r.noise_of for r in explorer.readouts if r.noise_of} <= computed


@every
def test_the_sentence_for_screen_readers_says_a_number(explorer):
    assert any(f"{{{readout.name}}}" in explorer.status for readout in explorer.readouts)


@every
def test_the_headings_of_a_table_tell_its_columns_apart(explorer):
    for table in explorer.tables:
        headings = [heading for heading, _ in table.columns.values()]
        assert len(set(headings)) == len(headings), table.name


def names_in_texts(explorer):
    """Return every name that a text of the page wants filled."""
    texts = [explorer.status, explorer.code, *(group.hint for group in explorer.groups)]
    texts += [picture.caption for picture in explorer.pictures]
    texts += [card.html for card in explorer.cards]
    formulas = [f for t in texts for f in re.findall(r"\$\$(.+?)\$\$", t)]
    plain = [re.sub(r"\$\$.+?\$\$", "", text) for text in texts]
    names = {n for text in plain for n in re.findall(r"\{([\w.]+)\}", text)}
    names |= {n for text in formulas for n in re.findall(r"@\(?(\w+)\)?@", text)}
    names |= {n for table in explorer.tables for n in list((table.totals or {}).values())}
    return names | {n for text in plain for n in re.findall(r"data-var=(\w+)", text)}


@every
def test_every_name_in_texts_formulas_and_tables_exists(explorer):
    result = explorer.compute(**explorer.defaults())
    known = {*explorer.defaults(), *result["readout"], *result["words"], "unit", "base", "log"}
    known |= {f"{t}.{column}" for t, table in tables_of(result).items() for column in table}
    first_cells = {(t.totals or {}).get(next(iter(t.columns))) for t in explorer.tables}
    assert names_in_texts(explorer) - first_cells - known == set()
    for table in explorer.tables:
        assert set(table.columns) <= set(result[table.source])
        assert set(table.totals or {}) <= set(table.columns)
    for group in explorer.groups:
        assert set(group.controls) <= set(explorer.parameters())
        assert set(group.actions) <= set(explorer.gestures)
    assert set(explorer.optional) <= {picture.name for picture in explorer.pictures}
    ends = {player.done for player in explorer.players}
    assert set(result.get("show", {})) == {*explorer.optional, *ends}


def preset_state(explorer, name):
    """Return the state that a preset's button asks for, which must be granted in full."""
    preset = explorer.presets[name]
    asked = [(preset, None)] if isinstance(preset, str) else [("reset", None), *preset.items()]
    state, messages = explorer.apply(explorer.defaults(), asked)
    assert not messages
    return state


@every
def test_presets_are_valid_states(explorer):
    for name, preset in explorer.presets.items():
        state = preset_state(explorer, name)
        if not isinstance(preset, str):
            for parameter, wanted in preset.items():
                assert state[parameter] == wanted
        assert math.isfinite(next(iter(explorer.compute(**state)["readout"].values())))


def flat(table):
    return {name: column for name, column in numbers_of(table).items() if np.ndim(column) == 1}


def filled(explorer, state):
    """Fill the snippet as the page does: every number in full, lists as Python writes them."""
    result = explorer.compute(**state)
    values = {**state, **result["readout"], "base": {"bits": "2", "nats": "math.e"}[state["unit"]]}
    for name, table in tables_of(result).items():
        values |= {f"{name}.{c}": [*map(float, v)] for c, v in flat(table).items()}
    return re.sub(r"\{([\w.]+)\}", lambda found: str(values[found[1]]), explorer.code)


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
        assert said in explorer.compute(**state)["readout"].values()
        assert run(snippet) == said
