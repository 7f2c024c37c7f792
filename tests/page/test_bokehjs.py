"""The BokehJS of exported pages: what it keeps, and what is done about one of another form."""

import gzip
import re

import pytest

from app.page import bokehjs
from app.page.bokehjs import UNUSED, Modules, bokeh_script, whole_code
from app.page.exported import export_page, shared_scripts
from app.page.site import site
from app.registry import CHAPTERS, EXPLORERS

MODELS = frozenset({"Figure", "Line", "Text"})


def numbered(code):
    """Return the modules of a script by their numbers, those that were left out without text."""
    body = code.split("\n([\n")[1].split(",\n], 0, {")[0]
    return re.split(r",\n(?=function _\(|,|$)", body)


def test_bokehjs_is_the_same_when_put_together_again():
    code = whole_code()
    parts = Modules.of(code)
    assert parts.text() == code
    assert len(parts.modules) == code.count("\nfunction _(") == 1 + max(parts.names.values())
    assert all(one.startswith("function _(") and one.endswith("}") for one in parts.modules)


def test_what_is_kept_stands_at_its_number_and_is_as_it_was():
    before = Modules.of(whole_code())
    after = numbered(bokeh_script(MODELS).code)
    assert len(after) == len(before.modules)
    changed = {
        number for number, (old, new) in enumerate(zip(before.modules, after, strict=True))
        if new not in ("", old)
    }  # fmt: skip
    names = {number: name for name, number in before.names.items()}
    assert {names[number] for number in changed} <= {"models/main", *UNUSED}
    assert sum(map(bool, after)) < 400


def test_names_that_nothing_is_called_by_any_more_are_no_reason_to_load_all():
    assert set(UNUSED) <= set(Modules.of(whole_code()).names)


def test_two_models_of_one_name_are_both_there():
    names = Modules.of(whole_code()).names
    started = numbered(bokeh_script(MODELS).code)[names["models/main"]]
    for name in ("models/glyphs/text", "models/dom/text", "models/plots/figure"):
        assert f"(r({names[name]}))" in started
    assert f"(r({names['models/glyphs/vbar']}))" not in started


def test_a_model_that_is_wanted_is_not_left_out_as_unused():
    names = Modules.of(whole_code()).names
    code = bokeh_script(MODELS | {"CategoricalAxis"}).code
    assert numbered(code)[names["models/axes/categorical_axis"]].find("CategoricalAxisView") > 0
    assert "left out: models/axes/categorical_axis" not in code
    assert "left out: models/axes/categorical_axis" in bokeh_script(MODELS).code


@pytest.mark.parametrize(("change", "told"), [
    (lambda code: code.replace("], 0, {", "], 0, new Map({"), "no table of modules"),
    (lambda code: code.replace("},\nfunction _(", "},\n\nfunction _(", 1), "and it has 638"),
    (lambda code: code.replace("register_models=", "add_models="), "nothing registers"),
    (lambda code: code.replace('"models/main":', '"models/all":'), "no module models/main"),
    (lambda code: code.replace('"core/dom":', '"core/html":'), "no module core/dom"),
    (lambda code: code.replace(".Line=Line", ".Line=L"), "no module defines Line"),
])  # fmt: skip
def test_a_bokehjs_of_another_form_is_taken_whole_with_a_warning(monkeypatch, change, told):
    other = change(whole_code())
    assert other != whole_code()
    monkeypatch.setattr(bokehjs, "whole_code", lambda: other)
    with pytest.warns(UserWarning, match=told):
        script = bokeh_script.__wrapped__(MODELS)
    assert script.code == other


def test_another_code_has_another_name_so_that_no_cache_mixes_them():
    one, other = bokeh_script(MODELS), bokeh_script(MODELS | {"VBar"})
    assert one.name != other.name
    assert re.fullmatch(r"bokeh-[\d.]+-[0-9a-f]{8}\.min\.js", one.name)


def test_a_site_has_one_bokehjs_for_all_pages_and_every_page_asks_for_it():
    files = site(CHAPTERS)
    bokeh = shared_scripts(CHAPTERS)[0]
    assert [name for name in files if name.startswith("bokeh")] == [bokeh.name]
    assert files[bokeh.name]() == bokeh.code
    for explorer in EXPLORERS:
        assert f'<script src="{bokeh.name}"></script>' in files[f"{explorer.slug}.html"]()


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)
def test_every_model_of_a_page_is_registered(explorer):
    page = export_page(explorer, CHAPTERS, shared=True)
    drawn = set(re.findall(r'"type":"object","name":"(\w+)"', page)) - {"DocumentConfig"}
    assert {"Figure", "GlyphRenderer", "Notifications"} <= drawn
    parts, code = Modules.of(whole_code()), shared_scripts(CHAPTERS)[0].code
    started = numbered(code)[parts.names["models/main"]]
    for model in drawn:
        number = next(
            number for name, number in parts.names.items()
            if name.startswith("models/") and f"class {model} " in parts.modules[number]
        )  # fmt: skip
        assert f"(r({number}))" in started, model


def test_bokehjs_weighs_less_than_half():
    weights = [len(gzip.compress(code.encode(), 9)) for code in (
        shared_scripts(CHAPTERS)[0].code, whole_code(),
    )]  # fmt: skip
    assert weights[0] <= 180_000 < 380_000 <= weights[1]
