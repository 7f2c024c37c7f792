"""<bits-explorer> in the pages of all sorts of hosts."""

import io
from itertools import product
from urllib.parse import urlsplit

import pytest
from PIL import Image

from app.registry import EXPLORERS
from tests.browser.static_host import file_server
from tests.browser.test_post import DARK, GROUND, LIGHT, blog, heights, value  # noqa: F401
from tests.chapters import a_third

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; img-src 'self'"
EXPLORER = {one.slug: one for one in EXPLORERS}
FIGURE = '<bits-explorer name="{}" view="figure"><a href="/site/{}.html">{}</a></bits-explorer>'
BLOG = """
p { height: 400px } bits-explorer { margin: 16px 0 }
bits-explorer:not(:defined) { display: block; min-height: 440px } /* as the guide says */
"""
REFUSED = """
window.refused = [];
addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective));
"""
WATCH = f"""{REFUSED}
window.shifts = [];
new PerformanceObserver((list) => {{
  for (const {{ value }} of list.getEntries()) shifts.push(value);
}}).observe({{ type: 'layout-shift', buffered: true }});
"""


def policy_at(path):
    return {"Content-Security-Policy": STRICT} if "/posts/" in path else {}


@pytest.fixture(scope="module")
def strict(blog):  # noqa: F811
    """The address of a blog with a strict policy for its own posts."""
    with file_server(blog, policy_at) as address:
        yield address


@pytest.fixture
def post(blog, strict, reading):  # noqa: F811
    """Write a post, open it, and wait until as many explorers as are expected are ready."""

    def open_post(body, head="", where="posts/2026/11/27/title/", ready=1, watch=False, **options):
        folder = blog / where
        folder.mkdir(parents=True, exist_ok=True)
        page = (
            f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Post</title>{head}{body}'
        )
        (folder / "index.html").write_text(page, encoding="utf-8")
        (folder / "blog.css").write_text(BLOG)
        reader = reading(f"{strict}/site/index.html", **options)
        if watch:
            reader.page.add_init_script(WATCH)
        reader.page.goto(f"{strict}/{where}")
        for number in range(ready):
            inside(reader, number).locator("html[data-ready=true]").wait_for()
        return reader

    return open_post


SCRIPT = '<script src="/site/bits.js" async></script>'


def inside(reader, number=0):
    return reader.page.frame_locator("iframe").nth(number)


def frame_of(reader, slug="kl"):
    return next(one for one in reader.page.frames if f"{slug}.html" in one.url)


def test_seven_compact_explorers_shift_nothing_load_near_the_window_and_ask_nobody_else(post):
    body = "".join(f"<p>Text.</p>{FIGURE.format(*[one.slug] * 3)}" for one in EXPLORERS[:7])
    css = '<link rel="stylesheet" href="blog.css">'
    reader = post(body, css + SCRIPT, watch=True, width=390)
    assert heights(reader)[0] == 440
    loaded = {urlsplit(frame.url).path for frame in reader.page.frames[1:]}
    assert loaded == {f"/site/{one.slug}.html" for one in EXPLORERS[:2]}
    assert reader.page.evaluate("shifts") == []
    assert reader.page.evaluate("refused") == []
    for number, one in enumerate(EXPLORERS[:7]):
        reader.page.locator("bits-explorer").nth(number).scroll_into_view_if_needed()
        inside(reader, number).locator("html[data-ready=true]").wait_for()
        tall = frame_of(reader, one.slug).evaluate("document.body.getBoundingClientRect().height")
        assert tall == heights(reader)[number] == 440, one.slug
    assert sum(reader.page.evaluate("shifts")) == 0


def test_what_stands_in_the_link_is_seen_until_the_explorer_is_there(post):
    picture = '<img src="/site/posters/kl.svg" alt="Two bell curves" width="100%">'
    body, held = SCRIPT + FIGURE.format("kl", "kl", picture), []
    reader = post(body)
    reader.page.route("**/site/kl.html*", lambda route: held.append(route))
    reader.page.reload()
    image = reader.page.get_by_role("img", name="Two bell curves")
    reader.until(lambda: held, "the page is asked for")
    assert image.is_visible()
    assert reader.page.evaluate("document.images[0].naturalWidth") == 640
    held.pop().continue_()
    image.wait_for(state="hidden")
    assert inside(reader).locator("html[data-ready=true]").count() == 1
    frame = reader.page.frame_locator("iframe[title='Two bell curves']")
    assert frame.locator("html[data-embed]").count() == 1


PICTURE = FIGURE.format("kl", "kl", '<img src="/site/posters/kl.svg" alt="KL" width="100%">')
CARDS = {"light": (255, 255, 255), "dark": (28, 32, 36)}  # --card of style.css


def ground_of(page):
    """Return the colour on which a post's picture is drawn."""
    image = page.get_by_role("img", name="KL")
    image.evaluate("(one) => one.decode()")
    return Image.open(io.BytesIO(image.screenshot())).convert("RGB").getpixel((9, 9))


def test_the_picture_in_the_link_has_the_theme_of_its_post_whatever_the_system_has(post):
    reader = post(SCRIPT, ready=0)
    page = reader.page
    page.route("**/site/kl.html*", lambda _: None)  # the explorer never comes
    page.evaluate("(html) => { document.body.innerHTML = html; }", PICTURE)
    page.locator("bits-explorer:defined").wait_for(state="attached")
    for scheme, system in product(("light", "dark", ""), ("light", "dark")):
        page.emulate_media(color_scheme=system)
        ground = {"light": "#fff", "dark": "#111", "": ""}[scheme]
        page.evaluate("(ground) => { document.body.style.background = ground; }", ground)
        shown = CARDS[scheme or "light"]
        reader.until(lambda shown=shown: ground_of(page) == shown, f"{scheme} under {system}")


def test_without_scripts_the_picture_follows_the_posts_color_scheme_else_the_system(blog, browser):  # noqa: F811
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for scheme, system in product(("light", "dark", "light dark", ""), ("light", "dark")):
        said = f"<style>:root {{ color-scheme: {scheme} }}</style>" if scheme else ""
        body = PICTURE.replace("/site", "site")
        (blog / "still.html").write_text(f"<!DOCTYPE html>{said}{body}", "utf-8")
        page.emulate_media(color_scheme=system)
        page.goto((blog / "still.html").as_uri())
        assert ground_of(page) == CARDS[scheme if scheme in CARDS else system], (scheme, system)
    context.close()


@pytest.mark.parametrize(
    ("scheme", "system"), [(a, b) for a in ("light", "dark", "") for b in ("light", "dark")]
)
def test_an_explorer_has_the_theme_of_its_post_whatever_the_system_has(post, scheme, system):
    ground = {"light": "#fff", "dark": "#111", "": ""}[scheme]
    style = f"<style>body {{ background: {ground} }}</style>" if scheme else ""
    reader = post(SCRIPT + FIGURE.format("kl", "kl", "KL"), style, "loose/", scheme=system)
    own = DARK if scheme == "dark" else LIGHT
    frame = frame_of(reader)
    frame.wait_for_function(f"() => {GROUND} === '{own}'")
    if system == "light":
        return
    html, body = "document.documentElement", "document.body"
    for say, unsay, shown in (
        (f"{html}.dataset.theme = 'dark'", f"delete {html}.dataset.theme", DARK),
        (f"{body}.dataset.mdColorScheme = 'slate'", f"delete {body}.dataset.mdColorScheme", DARK),
        (f"{html}.classList.add('dark')", f"{html}.classList.remove('dark')", DARK),
        (f"{html}.dataset.colorMode = 'light'", f"delete {html}.dataset.colorMode", LIGHT),
        ("document.querySelector('bits-explorer').setAttribute('theme', 'dark')",
         "document.querySelector('bits-explorer').removeAttribute('theme')", DARK),
    ):  # fmt: skip
        for way, expected in ((say, shown), (unsay, own)):
            reader.page.evaluate(way)
            frame.wait_for_function(f"() => {GROUND} === '{expected}'")


def test_attributes_move_an_explorer_that_a_base_and_a_late_script_do_not_disturb(post):
    body = f'<base href="/nowhere/">{FIGURE.format("kl", "kl", "KL")}<p id="after">After.</p>'
    reader = post(body, where="loose/", ready=0)
    assert reader.page.locator("bits-explorer a").is_visible()
    reader.page.evaluate("""() => {
      const script = document.createElement('script');
      script.src = '/site/bits.js';
      document.body.append(script);
    }""")
    inside(reader).locator("html[data-ready=true]").wait_for()
    length = reader.page.evaluate("history.length")
    frame, explorer = frame_of(reader), "document.querySelector('bits-explorer')"
    for name, given, shown in (("mu_q", "2.5", 2.5), ("mu_q", None, 1.0), ("mu_p", "-3", -3.0)):
        change = f"setAttribute('{name}', '{given}')" if given else f"removeAttribute('{name}')"
        reader.page.evaluate(f"{explorer}.{change}")
        typed = frame.locator(f'[data-control="{name}"] [role=spinbutton]')
        reader.until(
            lambda: float(typed.get_attribute("aria-valuenow")) == shown,  # noqa: B023
            f"{name} is {shown}",
        )
    assert reader.page.evaluate("history.length") == length


def test_back_leaves_the_post_and_forward_brings_the_edited_state(post, strict):
    reader = post(SCRIPT + FIGURE.format("kl", "kl", "KL"))
    frame = frame_of(reader)
    before = value(frame, "kl_pq")
    frame.locator("summary").first.click()
    frame.get_by_role("slider").first.press("End")
    reader.until(lambda: value(frame, "kl_pq") != before, "the state is another")
    reader.page.wait_for_timeout(600)  # longer than a page takes to tell its state
    edited = value(frame, "kl_pq")
    reader.page.go_back()
    assert reader.page.url == f"{strict}/site/index.html"
    reader.page.go_forward()
    inside(reader).locator("html[data-ready=true]").wait_for()
    assert value(frame_of(reader), "kl_pq") == edited
    reader.page.goto(reader.page.url)  # by a link, not by Forward, the post is new
    inside(reader).locator("html[data-ready=true]").wait_for()
    assert value(frame_of(reader), "kl_pq") == before


@a_third(("place", "slug"), [*(("site", slug) for slug in EXPLORER), ("hosted", "kl")])
def test_a_compact_page_is_at_most_500_px_high_on_a_phone(place, slug, reading, request):
    if place == "site":
        address = f"{request.getfixturevalue('static_host')}/site/{slug}.html#view=figure"
    else:
        address = f"{request.getfixturevalue('hosted')}/{slug}?view=figure"
    more = {"mutual-information": {"joint"}, "mode-fit": {"mu"}}
    all_at_once = ",".join(name for name in EXPLORER[slug].defaults() if name != "unit")
    for controls in {"", all_at_once} | more.get(slug, set()):
        reader = reading(f"{address}&controls={controls}", width=390, folded=True)
        tall = reader.page.evaluate("document.body.getBoundingClientRect().height")
        assert tall <= 500, (slug, controls)
        number = reader.page.locator(".readouts output").first
        assert number.is_visible()
        last = reader.page.locator(".controls [data-control] :is(input, button):visible").last
        assert last.is_visible() == bool(controls), (slug, controls)
        if controls:
            last.scroll_into_view_if_needed()
            low, floor = last.bounding_box(), reader.page.evaluate("innerHeight")
            assert low["y"] + low["height"] <= min(tall, floor), (slug, controls)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert reader.page.evaluate(wide) <= 0


def test_a_view_or_a_control_that_is_none_is_refused_in_words(reading, static_host):
    reader = reading(f"{static_host}/site/kl.html#view=small&controls=mu_q,nothing")
    reader.told("view must be figure, or be left out; “small” is neither.")
    reader.told("This page has nothing called “nothing”.")
    assert reader.slider("mean μ of Q").is_visible()
    assert reader.slider("mean μ of P").is_hidden()
    assert reader.page.locator('[data-handle="mu_p"]').count() == 0


def test_a_finger_that_moves_down_over_a_slider_scrolls_and_across_it_drags(reading, static_host):
    reader = reading(f"{static_host}/site/kl.html#mu_p=0", width=390, has_touch=True, folded=True)
    slider = reader.slider("mean μ of P")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2
    session = reader.page.context.new_cdp_session(reader.page)

    def swipe(across, down):
        def send(kind, *points):
            places = [{"x": at[0], "y": at[1]} for at in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        send("touchStart", (x, y))
        for step in range(1, 11):
            send("touchMove", (x + across * step / 10, y + down * step / 10))
        send("touchEnd")

    scrolled = reader.page.evaluate("scrollY")
    swipe(4, -160)
    reader.until(lambda: reader.page.evaluate("scrollY") > scrolled + 60, "the page has scrolled")
    reader.at_rest()
    assert float(reader.typed("mean μ of P").get_attribute("aria-valuenow")) == 0
    assert float(slider.input_value()) == 0
    assert reader.page.get_by_role("button", name="Undo").is_disabled()
    reader.page.evaluate(f"scrollTo(0, {scrolled})")
    y = slider.bounding_box()["y"] + box["height"] / 2
    swipe(-100, 4)
    reader.until(
        lambda: float(reader.typed("mean μ of P").get_attribute("aria-valuenow")) != 0, "it moved"
    )
