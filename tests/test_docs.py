"""The documents' examples are right: Python's are run, frames are what the page itself writes."""

import doctest
import importlib
import math
import re
import shlex
import sys
import textwrap
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import mpmath
import pytest

import infocore
from app.__main__ import options
from app.contract.conditions import CALLS, HIGHEST_POWER, NUMBERS, condition
from app.contract.lessons import HEADS, read_lesson
from app.contract.tasks import (
    FEWEST_ANSWERS,
    FIELDS,
    MOST_ANSWERS,
    is_reached,
    kinds_of,
    start_of,
)
from app.explorers.kl.explorer import KL
from app.page.site import site
from app.registry import CHAPTERS, EXPLORERS
from infocore import Gaussian, expected_length, gaussian_kl, huffman_code
from tests.recipes.guide import sections
from tests.recipes.test_recipes import BLOGS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [DOCS / name for name in ("embedding.md", "post.html", "index.md", "story.md")]
WRITTEN = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
sys.path.append(str(DOCS))  # where the site's own modules are
BY_SLUG = {explorer.slug: explorer for explorer in EXPLORERS}


class Embeds(HTMLParser):
    """Every explorer in a text, a frame or an element, with the link inside it."""

    def __init__(self):
        super().__init__()
        self.frames, self.elements, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag == "iframe":
            self.frames.append(dict(attrs))
        elif tag == "bits-explorer":
            self.elements.append(dict(attrs))
        elif tag == "a" and len(self.links) < len(self.elements):
            self.links.append(dict(attrs)["href"])


def embeds_in(text):
    parser = Embeds()
    parser.feed(re.sub(r"`<[\w-]+>`", "", text))  # named in a sentence
    return parser


FOUND = [embeds_in(page.read_text(encoding="utf-8")) for page in PAGES]
FRAMES = [frame for one in FOUND for frame in one.frames]
ELEMENTS = [
    (element, link)
    for one in FOUND
    for element, link in zip(one.elements, one.links, strict=True)
    if "name" in element  # Hugo fills its own
]
every_frame = pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame["src"])
OF_ELEMENT = ("name", "view", "controls", "height", "theme", "title")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_examples_give_what_they_say(page):
    lines = re.sub(r"^```.*", "", read(page), flags=re.MULTILINE)  # a fence ends what is given
    examples = doctest.DocTestParser().get_doctest(lines, {}, page.name, str(page), 0)
    failed, tried = doctest.DocTestRunner().run(examples)
    assert failed == 0
    assert tried >= {"README.md": 5, "story.md": 11, "told-wrong.md": 40}.get(page.name, 0)


def prose_and_code(section):
    """Return what a section says in sentences, and its examples with what they give."""
    code = "".join(re.findall(r"```pycon\n(.*?)```", section, re.DOTALL))
    beside = r"```.*?```|\$\$.*?\$\$|`[^`]*`|\]\(.*?\)"
    return re.sub(beside, "", section, flags=re.DOTALL), code


@pytest.mark.parametrize("page", ["story.md", "told-wrong.md", "teaching.md"])
def test_numbers_in_sentences_are_those_of_the_examples_beside_them(page):
    found = []
    for section in re.split(r"^## ", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE):
        prose, code = prose_and_code(section)
        known = set(re.findall(r"\d+\.\d+", code))
        found += [(one, one in known) for one in re.findall(r"\d+\.\d+", prose)]
    assert found
    assert [number for number, is_known in found if not is_known] == []


def test_links_to_explorers_open_valid_states():
    links = re.findall(r"\(explorer:([\w-]+)(?:#([^)]*))?\)", "".join(map(read, WRITTEN)))
    assert len(links) > 30
    for slug, asked in links:
        if asked:
            apply(slug, dict(parse_qsl(asked, strict_parsing=True)))
        assert slug in {*BY_SLUG, "index", "connections"}


def read(page):
    return page.read_text("utf-8")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_commands_in_the_documents_are_the_programs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("my-lessons", "FOLDER"):
        Path(folder).mkdir()
    said = re.sub(r"\[--[^]]*\]|…", "", read(page))
    program = r"(?:bitsandnats|python -m app|python -m bitsandnats)"
    for command in re.findall(program + r" ((?:serve|export|check) [^`\n#]+)", said):
        assert options(shlex.split(command)).command in command


def test_the_reference_has_every_public_name_of_infocore():
    named = re.findall(r"^   (\w+)$", read(DOCS / "api" / "infocore.md"), re.MULTILINE)
    assert sorted(named) == sorted(infocore.__all__)


def test_the_reference_says_every_parameter_and_number_of_an_explorer():
    reference = importlib.import_module("explorers").reference()
    for explorer in EXPLORERS:
        said = reference.partition(f"\n## {explorer.__name__}\n")[2].partition("\n## ")[0]
        assert explorer is EXPLORERS[0] or said
        for name in (*explorer.parameters(), *(one.name for one in explorer.readouts)):
            assert f"| `{name}` |" in reference


def test_each_kind_of_site_has_its_snippet():
    guide = sections()
    built = {
        name
        for name, said in guide.items()
        if re.search(r"^cp .*\.\./explorers", said, re.MULTILINE)
    }
    assert built == {blog.name for blog in BLOGS}
    described = {name for name, said in guide.items() if "*Described, not built by us.*" in said}
    assert described == {"WordPress", "Quarto", "mystmd and Jupyter Book 2"}
    for name in built | {"The element", "Quarto"}:
        assert "<bits-explorer" in guide[name], name


def test_the_guide_lists_the_files_of_a_site():
    files = sorted(re.sub(r"-[\d.]*-?[0-9a-f]{8}\.", "-….", name) for name in site(CHAPTERS))
    listed = textwrap.fill("  ".join(files), 100, break_on_hyphens=False)
    assert f"\n```text\n{listed}\n```\n" in sections()["The folder"], f"they are:\n{listed}"


def test_the_sample_post_names_the_numbers_that_its_frames_show():
    p, q = Gaussian(0, 1), Gaussian(1, 1.5)
    post = (ROOT / "docs" / "post.html").read_text(encoding="utf-8")
    with mpmath.workdps(50):  # closed form: ln(σq/σp) + (σp² + 1)/2σq² − ½
        ratio = mpmath.log(mpmath.mpf(3) / 2)
        there = ratio + 2 / mpmath.mpf("4.5") - 0.5
        back = -ratio + mpmath.mpf("3.25") / 2 - 0.5
        bits = -sum(mpmath.mpf(s) / 10 * mpmath.log(mpmath.mpf(s) / 10, 2) for s in (7, 2, 1))
    assert gaussian_kl(p, q, base=math.e) == pytest.approx(float(there), rel=1e-14)
    told = " ".join(post.split())
    a_word_a_day = expected_length([0.7, 0.2, 0.1], [1, 2, 2])  # Huffman's, by hand
    assert [len(word) for word in huffman_code([0.7, 0.2, 0.1])] == [1, 2, 2]
    assert f"the best code takes {a_word_a_day:.1f} bits on average" in told
    for said in ("costs {:.4f} nats a draw", "pays {:.4f}", "as close to {:.4f} as you like"):
        number = {"costs": there, "pays": back, "as": bits}[said.split()[0]]
        assert said.format(float(number)) in told


def apply(slug, asked):
    explorer = BY_SLUG[slug]
    _, messages = explorer.apply(explorer.defaults(), asked.items())
    assert messages == []


@every_frame
def test_a_frame_has_the_form_that_copy_embed_code_gives(frame):
    written = (ROOT / "static" / "front" / "embedded.js").read_text(encoding="utf-8")
    template = re.search(r"<iframe.*?</iframe>", re.sub(r"`\s*\+\s*`", "", written), re.DOTALL)
    (copied,) = embeds_in(template[0]).frames
    assert list(frame) == list(copied)
    for fixed in ("loading", "width", "style", "data-bits-and-nats"):
        assert frame[fixed] == copied[fixed]
    assert 600 <= int(frame["height"]) <= 2000
    assert frame["title"].endswith(" · Bits & Nats")


@every_frame
def test_a_frame_opens_a_valid_state_of_the_explorer_that_it_is_titled_after(frame):
    address = urlsplit(frame["src"])
    slug = Path(address.path).stem
    asked = dict(parse_qsl(address.fragment, strict_parsing=True))
    assert asked.pop("embed") == "1"
    assert frame["title"] == f"{BY_SLUG[slug].title} · Bits & Nats"
    apply(slug, asked)


@pytest.mark.parametrize(("element", "link"), ELEMENTS, ids=lambda one: str(one)[:60])
def test_an_element_and_the_link_inside_it_open_the_same_valid_state(element, link):
    slug, address = element["name"], urlsplit(link)
    asked = {key: value for key, value in element.items() if key not in OF_ELEMENT}
    apply(slug, asked)
    assert dict(parse_qsl(address.fragment, strict_parsing=True)) == asked
    # In some recipes it stands within the braces of a filter.
    assert re.findall(r"[\w.-]+\.html", address.path) == [f"{slug}.html"]
    for name in filter(None, element.get("controls", "").split(",")):
        assert name in BY_SLUG[slug].parameters()


def test_what_the_page_on_accuracy_says_is_so():
    """The tables are made by the code that is asked here, of the libraries that are installed."""
    accuracy = importlib.import_module("accuracy")
    rows = {m: accuracy.asked(m) for m in accuracy.cases()}
    found = {(m, case.words): one for m, cases in rows.items() for case, _, one in cases}
    ours = {key: one["infocore"][1] for key, one in found.items()}
    assert max(ours.values()) <= 4, ours
    easy = [one["SciPy"][1] for (measure, _), one in found.items() if measure == "entropy"]
    assert max(easy) <= 4
    certain = found["entropy", "a certain outcome"]["recipe"][0].value
    ruled_out = found["kl_divergence", "q rules out what p allows"]
    near = found["kl_divergence", "q = (¼, ¾), p 2⁻³⁰ away"]
    widths = found["gaussian_kl", "widths 1 and 1 + 2⁻³⁰"]["formula"][0].value
    assert certain < 0
    assert ruled_out["infocore"][0].value == math.inf > ruled_out["recipe"][0].value
    assert near["SciPy"][1] > accuracy.DIGITS_FROM
    assert widths <= 0


def test_an_error_on_the_page_on_accuracy_would_be_seen():
    accuracy = importlib.import_module("accuracy")
    third = mpmath.mpf(1) / 3
    assert accuracy.ulps(accuracy.Answer(1 / 3), third) < 0.5
    assert accuracy.ulps(accuracy.Answer(math.nextafter(1 / 3, 1)), third) > 0.5
    assert accuracy.said(accuracy.Answer(0.3333), 1e12, third) == "4 digits"
    assert "gives 7" in accuracy.said(accuracy.Answer(7.0), 1e17, third)
    assert accuracy.ulps(accuracy.Answer(0.0), mpmath.inf) == math.inf


LESSONS = ROOT / "docs" / "tasks.md"
NUMBER_WORDS = {2: "two", 5: "five"}


def test_the_lesson_in_the_guide_has_no_mistakes_and_can_be_solved():
    (source,) = re.findall(r"```markdown\n(.*?)```", LESSONS.read_text("utf-8"), re.DOTALL)
    lesson, mistakes = read_lesson("week-3", source, EXPLORERS)
    assert mistakes == []
    far, narrow = lesson.tasks
    for unit in ("bits", "nats"):
        assert is_reached(KL, far, {**start_of(KL, far, unit), "mu_q": 3.0})
        assert is_reached(KL, narrow, {**start_of(KL, narrow, unit), "sigma_q": narrow.guess[0]})


def test_the_conditions_in_the_guide_are_what_the_language_has():
    told = LESSONS.read_text("utf-8").partition("## When it is done")[2]
    for text in re.findall(r"`([^`]*(?:<=|==|>)[^`]*[\w\")])`", told):
        assert condition(text, {**kinds_of(KL), "p": NUMBERS}), text
    for name in CALLS.split(", "):
        assert re.search(rf"`{name}[`(]", told), name
    assert f"a whole number up to {HIGHEST_POWER}" in told


def test_the_guide_names_every_field_of_a_lesson():
    guide = LESSONS.read_text("utf-8")
    for name in (*HEADS, *FIELDS):
        assert f"{name}:" in guide, name
    assert f"{NUMBER_WORDS[FEWEST_ANSWERS]} to {NUMBER_WORDS[MOST_ANSWERS]} answers" in guide
