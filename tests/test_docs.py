"""The documents' examples are right: Python's are run, frames are what the page itself writes."""

import doctest
import math
import re
import textwrap
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import mpmath
import pytest

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
PAGES = [ROOT / "docs" / "embedding.md", ROOT / "docs" / "post.html"]
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


def test_the_readme_examples_give_what_they_say():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 5
    assert failed == 0


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
