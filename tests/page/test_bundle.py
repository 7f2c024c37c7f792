"""What a page is sent as one script parses, runs and declares every name once."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.page.bundle import bundle, exports_of, minified_script, without_unused_rules
from app.page.exported import ROOM_PART, entries, export_page, model_exports
from app.page.site import site
from app.registry import CHAPTERS, EXPLORERS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a script as a module, where a name declared twice is an error."""

    def run_script(code):
        script = tmp_path / "bundle.mjs"
        script.write_text(code, encoding="utf-8")
        return subprocess.run(["node", script], capture_output=True, text=True, check=False)

    return run_script


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)
def test_an_exported_page_holds_one_script_that_computes_and_starts(explorer, run):
    material = json.dumps(explorer.material())
    ask = f"""
    if (typeof prepare === 'function') prepare({material});
    const asked = {json.dumps({**explorer.defaults(), "base": 2})};
    console.log(JSON.stringify([compute(asked).readouts, typeof start]));
    """
    answer = run(bundle(*entries(explorer)) + ask)
    assert answer.returncode == 0, answer.stderr
    readouts, start = json.loads(answer.stdout)
    assert readouts.keys() == {one.name for one in explorer.readouts}
    assert start == "function"


def test_a_served_page_holds_one_script_that_renders(run):
    answer = run(bundle("static/engines/python.js") + "console.log(typeof render)")
    assert (answer.stderr, answer.stdout) == ("", "function\n")


def test_a_page_with_rooms_holds_one_script_too(run):
    scripts = [bundle("static/engines/python.js", ROOM_PART), bundle(*entries(KL, rooms=True))]
    for script in scripts:
        answer = run(script + "console.log(typeof bindRoom)")
        assert (answer.stderr, answer.stdout) == ("", "function\n")


def test_nothing_of_rooms_is_in_pages_without_them():
    told = ("data-rooms", "Open a room", "EventSource", "connect-src", ".votes")
    without, having = (
        "".join(make() for name, make in files.items() if name.startswith(("kl.html", "front-")))
        for files in (site([KL, Entropy]), site([KL, Entropy], rooms="../rooms"))
    )
    assert [one for one in told if one in without] == []
    assert [one for one in told if one not in having] == []


def test_modules_of_a_chapter_may_use_names_of_each_other_and_of_the_front_end(run, monkeypatch):
    modules = {
        "static/a.js": "const size = 1;\nexport const one = size;\n",
        "app/b.js": "const [size, three] = [2, 3];\nconst two = 2;\n"
        "export function twice(x) { return two * x; }\n",
        "app/c.js": "import { one } from '../static/a.js';\nimport { twice } from './b.js';\n"
        "const size = 4;\nexport function sum() { return one + twice(size); }\n",
    }
    monkeypatch.setattr("app.page.bundle.text_of", modules.get)
    assert run(bundle("app/c.js") + "console.log(sum())").stdout == "9\n"


def test_two_modules_of_the_front_end_must_not_declare_one_name(monkeypatch):
    modules = {
        "static/a.js": "const [size, other] = [1, 2];\nexport const one = size;\n",
        "static/b.js": "import { one } from './a.js';\nexport function size() { return one; }\n",
    }
    monkeypatch.setattr("app.page.bundle.text_of", modules.get)
    with pytest.raises(ValueError, match=r"static/a\.js and static/b\.js both declare size"):
        bundle("static/b.js")


def test_no_template_stands_within_another_because_the_minifier_would_take_its_spaces():
    within = re.compile(r"\$\{[^}`]*`")
    modules = [*(ROOT / "static").rglob("*.js"), *(ROOT / "app").rglob("*.js")]
    found = {path: within.findall(path.read_text("utf-8")) for path in modules}
    assert within.search("`a${b && ` in ${c}`}`")
    assert not {name: places for name, places in found.items() if places}


def test_what_nothing_names_is_left_out_and_what_runs_by_itself_is_kept(run, monkeypatch):
    modules = {
        "static/a.js": "const unused = () => used();\nfunction used() {\n  return deep;\n}\n"
        "const deep = 7;\nglobalThis.ran = deep;\nexport const one = () => used();\n",
        "app/b.js": "import { one } from '../static/a.js';\nexport function twice() {\n"
        "  return 2 * one();\n}\n",
    }
    monkeypatch.setattr("app.page.bundle.text_of", modules.get)
    code = bundle("app/b.js")
    assert "unused" not in code
    assert run(code + "console.log(twice(), ran)").stdout == "14 7\n"


def test_a_style_keeps_the_rules_whose_classes_are_named_on_the_page():
    style = (
        ".a{top:0}.b,.a b{top:1}.b .a{top:2}p:not(.b){top:3}.in-sight{top:4}"
        "@media print{.b{top:5}p{top:6}}"
    )
    page = "<style>{}</style><p class='a'></p><script>list.add('in-sight')</script>"
    assert without_unused_rules(page.format(style)) == page.format(
        ".a{top:0}.b,.a b{top:1}p:not(.b){top:3}.in-sight{top:4}@media print{p{top:6}}"
    )


def test_a_page_of_a_site_has_the_rules_for_what_its_shared_script_does():
    page = export_page(KL, CHAPTERS, shared=True)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    for named in ("in-sight", "printed"):
        assert named not in page.replace(style, "")
        assert f".{named}" in style


@pytest.mark.parametrize("word", ["import", "export"])
def test_nothing_of_the_modules_own_imports_and_exports_is_left(word):
    statement = re.compile(rf"(?:^|[;}}\n]) *{word}[ {{]")
    assert statement.search(f"f();{word}{{a}}")
    for explorer in EXPLORERS:
        assert not statement.search(bundle(*entries(explorer)))


def test_the_minifier_keeps_every_double(run):
    doubles = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, 2.0**53 - 1, 1e21, -0.0, 1e-7, 100000.0]
    code = minified_script(f"console.log(JSON.stringify([{', '.join(map(repr, doubles))}]));")
    assert json.loads(run(code).stdout) == doubles


def test_every_export_is_taken_by_another_module_or_a_test():
    modules = [*(ROOT / "static").rglob("*.js"), *(ROOT / "app").rglob("*.js")]
    tests = [one for one in (ROOT / "tests").rglob("*.*") if one.suffix in (".js", ".mjs", ".py")]
    texts = {path: path.read_text("utf-8") for path in [*modules, *tests]}
    # By Panel and by pages.
    called = {"render", "bindRoom", "start", "startLiving", "wakeFor"}
    called = called.union(*map(model_exports, EXPLORERS))

    def is_taken(name, module):
        takers = [text for path, text in texts.items() if path != module]
        return any(
            f"/{module.name}'" in text and re.search(rf"\b{name}\b", text) for text in takers
        )

    exported = [(one, name) for one in modules for name in exports_of(str(one.relative_to(ROOT)))]
    assert len(exported) > 100
    assert not [one for one in exported if one[1] not in called and not is_taken(*reversed(one))]


def test_two_exports_of_a_page_are_the_same():
    first, second = (export_page(KL, CHAPTERS, shared=True) for _ in range(2))
    assert first == second
