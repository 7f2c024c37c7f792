"""The first screen holds what a reader needs, stays still under the hand, and the rest folds."""

from functools import partial

import pytest

from app.explorers.kl.explorer import KL
from app.registry import EXPLORERS
from tests.browser.conftest import let_paint, readers_of
from tests.chapters import by_turns, taken

pytestmark = pytest.mark.browser

of_either_engine = by_turns("kl", ["served", "exported"], indirect=True)
FOLDED = [one.slug for one in EXPLORERS]
SIZES = {"laptop": (1280, 720), "phone": (390, 844)}
MOST_WORDS = 200
TASK = """(height) => {
  const task = document.querySelector('[data-tasks]');
  if (task?.hidden) Object.assign(task, {hidden: false}).style.height = `${height}px`;
}"""
# What is to be read without opening anything, less what stands in figures, what they say of the
# token that is pointed at, and what is only heard.
WORDS = """() => {
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const read = [];
  while (texts.nextNode()) {
    const within = texts.currentNode.parentElement;
    const folded = within.closest('details:not([open])') && !within.closest('summary');
    const seen = within.checkVisibility({ visibilityProperty: true });
    if (seen && !folded && !within.closest('.figure, .passage, .letters, .reading, .unseen'))
      read.push(texts.currentNode.data);
  }
  return read.join(' ').split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word));
}"""
PARTS = {
    "question": "h1",
    "sentence": ".lede",
    "task": "[data-tasks]",
    "figure": ".stage :is(figure, .letters)",
    "number": ".readouts output",
    "scenes": ".bar .chip",
    "handle": ".figures [data-handle], .letters button",
}
SLIDER = ".controls input[type=range]"  # fmt: skip
DRAWN = """() => [...document.querySelectorAll('details figure')]
  .filter((figure) => figure.checkVisibility())
  .map((figure) => {
    const models = [...Bokeh.documents.at(-1)._all_models.values()];
    const model = models.find(({tags}) => tags?.includes(`picture:${figure.dataset.picture}`));
    const {width, height} = Bokeh.index.find_one(model).bbox;
    const {clientWidth, clientHeight} = figure.querySelector('.figure');
    return [clientWidth, clientHeight, width, height];
  })"""


def first_screen(reading, site, size, slug, state=""):
    """Open an exported page as large as a first screen."""
    width, height = SIZES[size]
    reader = reading(f"{(site / f'{slug}.html').as_uri()}{state}", folded=True)
    reader.page.set_viewport_size({"width": width, "height": height})
    reader.page.evaluate(TASK, 120 if width > 500 else 150)
    let_paint(reader.page, 20)
    return reader


@pytest.fixture(params=SIZES)
def opened(request, exported, reading):
    """Open one page for one test."""
    return partial(first_screen, reading, exported / "site", request.param)


@pytest.fixture(scope="module")
def seen(request, exported, tabs):
    """A page as it opens, which the tests below look at, drag, and unfold, in this order."""
    slug, size = request.param
    with readers_of(tabs) as reading:
        yield first_screen(reading, exported / "site", size, slug)


def every(slugs, at_both):
    """Repeat a test for each page at either size, or one at the one and the next at the other.

    What a chapter has in sight is its own at each size. How a page stays still and unfolds is one
    front end for all: a run tries each page at one size, and every_way at the other, too.
    """
    pages = [
        taken(((slug, size),), at_both or place % 2 == number)
        for place, slug in enumerate(slugs)
        for number, size in enumerate(SIZES)
    ]
    return pytest.mark.parametrize("seen", pages, indirect=True, scope="module", ids="-".join)


def boxes(page, *moving):
    """Return the box of the first of each part that is not to move, from the top of the page."""
    still = {what: one for what, one in PARTS.items() if what not in moving}
    return {what: page.locator(one).first.bounding_box() for what, one in still.items()}


@every(FOLDED, at_both=True)
def test_question_task_figure_number_scenes_and_handle_are_in_sight_in_few_words(seen):
    page = seen.page
    size = page.viewport_size
    for what, box in boxes(page).items():
        assert box, what
        assert box["y"] >= 0, what
        assert box["y"] + box["height"] <= size["height"], what
        assert box["x"] >= 0, what
        assert box["x"] + box["width"] <= size["width"], what
    assert boxes(page)["figure"]["height"] >= 64
    words = page.evaluate(WORDS)
    assert 20 < len(words) <= MOST_WORDS, len(words)


@every([one for one in FOLDED if one != "perplexity"], at_both=False)  # has no slider
def test_nothing_moves_while_a_slider_is_dragged(seen):
    page = seen.page
    before = boxes(page, "handle")
    slider = page.locator(SLIDER).first
    name = slider.get_attribute("aria-label")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    at = box["width"] * float(slider.evaluate("one => one.style.getPropertyValue('--at')"))
    page.mouse.move(box["x"] + at, middle)
    page.mouse.down()
    for share in (0.3, 0.45, 0.6, 0.4):
        page.mouse.move(box["x"] + share * box["width"], middle, steps=4)
        let_paint(page, 3)
        assert boxes(page, "handle") == before, (name, share)
    page.mouse.up()
    let_paint(page, 30)
    assert boxes(page, "handle") == before


@every(FOLDED, at_both=False)
def test_a_figure_in_a_fold_fills_its_place_once_it_opens(seen):
    page = seen.page
    for fold in page.locator("details").all():
        fold.locator("summary").click()
    let_paint(page, 30)
    drawn = page.evaluate(DRAWN)
    assert len(drawn) == page.locator("details .figure:visible").count()
    for wide, high, *size in drawn:
        assert size == [wide, high]


def test_all_chapters_are_in_the_menu_or_the_menu_shows_that_it_goes_on(opened):
    page = opened("kl").page
    ends = page.locator("header nav").evaluate(
        """(row) => {
          const links = [...row.querySelectorAll('a')].map((one) => one.getBoundingClientRect());
          const box = row.getBoundingClientRect();
          return [box.left, links[0].left, links.at(-1).right, box.right];
        }"""
    )
    if page.viewport_size["width"] > 500:
        assert ends == sorted(ends)
        wide = page.locator("header nav a").evaluate_all("all => all.map((a) => a.scrollWidth)")
        assert wide == page.locator("header nav a").evaluate_all(
            "all => all.map((a) => a.clientWidth)"
        )
    else:
        assert ends[2] > ends[3]
        assert "gradient" in page.locator("header nav").evaluate(
            "one => getComputedStyle(one).maskImage"
        )


def test_the_figure_stays_in_sight_on_a_phone_while_its_last_slider_is_dragged(exported, reading):
    address = (exported / "site" / "cross-entropy.html").as_uri()
    reader = reading(address, width=390, folded=True)
    page = reader.page
    last = page.locator(".controls input[type=range]").last
    last.scroll_into_view_if_needed()
    let_paint(page)
    figure, slider = page.locator(".figures").bounding_box(), last.bounding_box()
    assert figure["y"] >= 0
    assert figure["y"] + figure["height"] <= slider["y"]
    before = reader.value("cross_entropy_pq")
    reader.drag(last.get_attribute("aria-label"), 0.8, 0.5)
    reader.moves("cross_entropy_pq", before)
    assert page.locator(".figures").bounding_box() == figure


def test_folds_are_closed_at_first_and_a_state_opens_none(opened):
    for state in ("", "#mu_p=1.25&integrand=non-negative"):
        reader = opened("kl", state)
        assert reader.page.locator("details").count() >= 6
        assert reader.page.locator("details[open]").count() == 0


def test_what_is_folded_is_in_the_page_and_follows_the_state(opened):
    reader = opened("entropy", "#p=0.5,0.5&labels=a,b")
    reader.shows("max_entropy", 1)
    assert not reader.readout("max_entropy").is_visible()
    reader.page.locator("summary", has_text="More numbers").click()
    reader.readout("max_entropy").wait_for()
    assert reader.readout("max_entropy").inner_text() == "1.0000"


def test_paper_shows_what_is_folded_and_the_page_folds_it_again(opened):
    page = opened("entropy").page
    page.evaluate("""() => addEventListener('beforeprint', () => {
      const count = (selector) => document.querySelectorAll(selector).length;
      window.onPaper = [document.querySelector('main').innerText,
        count('details figure:not([hidden])'), count('details .printed')];
    })""")
    page.pdf(format="A4")  # the browser calls beforeprint as for a reader
    text, folded, printed = page.evaluate("onPaper")
    for what in ("Shannon’s promise", "import entropy", "Elements of Information Theory"):
        assert what in text
    assert printed == folded > 0
    assert page.locator("details[open]").count() == 0


# Scenes glide

# Within the page, as a busy machine takes longer than a scene to pass on a key. End leads to the
# same value from wherever the glide has come to.
PRESSED_ON_THE_WAY = """() => new Promise((pressed) => {
  const slider = (name) => document.querySelector(`input[type=range][aria-label="${name}"]`);
  const mu = () => slider('mean μ of P').valueAsNumber;
  const before = mu();
  const look = () => {
    if (mu() === before) return requestAnimationFrame(look);
    const key = { key: 'End', bubbles: true, cancelable: true };
    slider('width σ of Q').dispatchEvent(new KeyboardEvent('keydown', key));
    pressed(mu());
  };
  [...document.querySelectorAll('button')].find((one) => one.textContent === 'Far apart').click();
  look();
})"""


def passed(reader, scene, name, seconds=0.8):
    """Press a scene and return the numbers that a readout shows on the way, frame by frame."""
    reader.page.evaluate(
        """([name, ms]) => {
          const place = document.querySelector(`[data-readout=${name}]`);
          const seen = window.seen = [];
          const until = performance.now() + ms;
          const look = (now) => {
            seen.push(Number(place.dataset.value));
            if (now < until) requestAnimationFrame(look); else window.over = true;
          };
          window.over = false;
          requestAnimationFrame(look);
        }""",
        [name, 1000 * seconds],
    )
    reader.click(scene)
    reader.page.wait_for_function("() => window.over")
    return reader.page.evaluate("window.seen")


@pytest.fixture
def kl(request, exported, reading):
    """Open KL divergence under either engine, moved or still."""
    site = (exported / "site" / "kl.html").as_uri()
    served = request.param == "served"
    address = f"{request.getfixturevalue('hosted')}/kl" if served else site

    def open_page(motion="no-preference"):
        reader = reading(address, folded=True)
        reader.page.emulate_media(reduced_motion=motion)
        return reader

    return open_page


def scene_value(scene):
    return KL.compute(**{**KL.defaults(), **KL.presets[scene]}).readouts["kl_pq"]


@of_either_engine
def test_a_scene_glides_to_exactly_its_state_in_one_step_of_undo(kl):
    reader = kl()
    start = reader.value("kl_pq")
    seen = passed(reader, "Far apart", "kl_pq")
    reader.shows("kl_pq", scene_value("Far apart"), rel=1e-15)
    assert len(set(seen)) >= 4  # what it showed first, two on the way, and the scene's
    assert reader.slider("mean μ of P").input_value() == "-3"
    reader.click("Undo")
    reader.shows("kl_pq", start, rel=1e-15)
    assert reader.button("Undo").get_attribute("aria-disabled") == "true"


@of_either_engine
def test_a_scene_is_there_at_once_where_motion_is_reduced(kl):
    reader = kl("reduce")
    seen = passed(reader, "Far apart", "kl_pq")
    assert len(set(seen)) == 2
    reader.shows("kl_pq", scene_value("Far apart"), rel=1e-15)


@of_either_engine
def test_a_hand_on_a_slider_ends_the_glide_where_it_is(kl):
    reader = kl()
    sigma = reader.slider("width σ of Q")
    at_once = reader.page.evaluate(PRESSED_ON_THE_WAY)
    reader.page.wait_for_function("() => !('gliding' in document.documentElement.dataset)")
    reader.at_rest()
    reader.page.wait_for_timeout(600)  # longer than a scene takes
    mu = float(reader.slider("mean μ of P").input_value())
    assert mu <= -0.5
    assert mu > -3 or at_once == -3  # where no frame came before the scene's own, there was no way
    assert sigma.input_value() == sigma.get_attribute("max")
