"""Explorers inside somebody's post: docs/post.html, with the exported pages beside it."""

import math
import shutil
from functools import partial
from pathlib import Path

import pytest

import infocore
from tests.browser.conftest import let_messages_arrive

pytestmark = pytest.mark.browser

POST = Path(__file__).parents[2] / "docs" / "post.html"
DARK, LIGHT = "rgb(20, 23, 26)", "rgb(251, 251, 250)"
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="session")
def blog(exported):
    """The post beside the pages that it frames."""
    shutil.copy(POST, exported)
    (exported / "favicon.ico").touch()  # which a browser asks a blog for, unasked
    return exported


@pytest.fixture
def blog_host(blog, static_host):
    return static_host


@pytest.fixture(params=["served", "from a folder"])
def post(request, blog, blog_host, reading):
    """The post, come to from another page, with both of its frames scrolled to and ready."""
    address = blog_host if request.param == "served" else blog.as_uri()
    reader = reading(f"{address}/site/index.html")
    visit(reader, f"{address}/post.html")
    return reader


def visit(reader, address):
    reader.page.goto(address)
    for number in range(2):
        reader.page.locator("iframe").nth(number).scroll_into_view_if_needed()
        inside = reader.page.frame_locator("iframe").nth(number)
        inside.locator("html[data-ready=true]").wait_for()


def frames(reader):
    return {
        "entropy": next(one for one in reader.page.frames if "entropy.html" in one.url),
        "kl": next(one for one in reader.page.frames if "kl.html" in one.url),
    }


def value(frame, name):
    return float(frame.locator(f'[data-readout="{name}"]').get_attribute("data-value"))


def is_another(frame, name, before):
    return value(frame, name) != before


def heights(reader):
    return reader.page.locator("iframe").evaluate_all("all => all.map((one) => one.style.height)")


def wait_until_fitted(reader):
    tall = "Math.ceil(document.body.getBoundingClientRect().height)"

    def fit():
        inside = [f"{frame.evaluate(tall)}px" for frame in frames(reader).values()]
        return heights(reader) == inside

    reader.until(fit, lambda: f"frames as tall as their pages; they are {heights(reader)}")


def test_frames_show_the_numbers_that_the_post_quotes(post):
    p, q = infocore.Gaussian(0, 1), infocore.Gaussian(1, 1.5)
    entropy, kl = frames(post).values()
    text = post.page.locator("article").inner_text()
    for frame, name, exact in (
        (entropy, "entropy", infocore.entropy([0.7, 0.2, 0.1])),
        (kl, "kl_pq", infocore.gaussian_kl(p, q, base=math.e)),
        (kl, "kl_qp", infocore.gaussian_kl(q, p, base=math.e)),
    ):
        assert value(frame, name) == pytest.approx(exact, rel=1e-13)
        assert f"{exact:.4f}" in text


def test_frames_are_as_tall_as_their_pages_and_follow_them(post):
    wait_until_fitted(post)
    before = heights(post)
    frames(post)["kl"].locator("details summary").first.click()
    wait_until_fitted(post)
    grown = heights(post)
    assert grown[0] == before[0]
    assert float(grown[1].removesuffix("px")) > float(before[1].removesuffix("px"))
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert post.page.evaluate(wide) <= 0


def test_back_leaves_the_post_after_a_reader_has_moved_sliders(post):
    length = post.page.evaluate("history.length")
    for frame, name in zip(frames(post).values(), ("entropy", "kl_pq"), strict=True):
        address, before = frame.url, value(frame, name)
        frame.get_by_role("slider").first.press("End")
        post.until(partial(is_another, frame, name, before), f"{name} is no longer {before}")
        post.page.wait_for_timeout(600)  # longer than a page of its own takes to write its address
        assert frame.url == address
    assert post.page.evaluate("history.length") == length
    post.page.go_back()
    assert post.page.url.endswith("/site/index.html")


def test_frames_follow_the_theme_of_the_post(post):
    for ground in (DARK, LIGHT):
        post.page.get_by_role("button", name="Light or dark").click()
        for frame in frames(post).values():
            frame.wait_for_function(f"() => {GROUND} === '{ground}'")


def test_a_frame_takes_no_theme_from_its_neighbour_and_no_other_from_its_host(post):
    entropy, kl = frames(post).values()
    entropy.evaluate("parent.frames[1].postMessage({bitsAndNats: 'theme', theme: 'dark'}, '*')")
    for message in ("{bitsAndNats: 'theme', theme: '<b>'}", "{bitsAndNats: 'theme'}", "null", "7",
                    "{theme: 'dark'}", "{bitsAndNats: 'height', height: 9}", "'dark'"):  # fmt: skip
        post.page.evaluate(f"frames[1].postMessage({message}, '*')")
    let_messages_arrive(kl)
    assert kl.evaluate("document.documentElement.dataset.theme") is None
    assert kl.evaluate(GROUND) == LIGHT


def test_the_post_takes_no_height_but_a_frames_own_and_that_within_bounds(post):
    wait_until_fitted(post)
    before, kl = heights(post), frames(post)["kl"]
    for height in ("NaN", "Infinity", "'900'", "null", "undefined", "{}"):
        kl.evaluate(f"parent.postMessage({{bitsAndNats: 'height', height: {height}}}, '*')")
    kl.evaluate("parent.postMessage({bitsAndNats: 'other', height: 500}, '*')")
    kl.evaluate("parent.postMessage(null, '*')")
    post.page.evaluate("postMessage({bitsAndNats: 'height', height: 500}, '*')")
    let_messages_arrive(post.page)
    assert heights(post) == before
    for height, given in (("-5", "200px"), ("1e9", "6000px")):
        kl.evaluate(f"parent.postMessage({{bitsAndNats: 'height', height: {height}}}, '*')")
        post.page.wait_for_function(
            f"() => document.querySelectorAll('iframe')[1].style.height === '{given}'"
        )
        assert heights(post)[0] == before[0]


def test_embed_js_adds_no_name_to_the_posts_page(blog_host, reading):
    reader = reading(f"{blog_host}/site/index.html")
    names = "Object.getOwnPropertyNames(window).sort()"
    visit(reader, f"{blog_host}/post.html")
    with_script = reader.page.evaluate(names)
    assert all(heights(reader))
    reader.page.route("**/embed.js", lambda route: route.fulfill(body=""))
    visit(reader, f"{blog_host}/post.html?again")
    assert not any(heights(reader))
    assert reader.page.evaluate(names) == with_script


def test_copied_embed_code_is_a_frame_in_the_state_and_theme_seen(blog, blog_host, reading):
    allowed = ["clipboard-read", "clipboard-write"]
    reader = reading(f"{blog_host}/site/kl.html#mu_p=0.5&theme=dark", permissions=allowed)
    reader.click("Shifted")
    shown = reader.value("kl_pq")
    reader.click("Copy embed code")
    reader.button("Copied").wait_for()
    code = reader.page.evaluate("navigator.clipboard.readText()")
    (blog / "copied.html").write_text(f"<!DOCTYPE html><title>Post</title>{code}", encoding="utf-8")
    reader.page.goto(f"{blog_host}/copied.html")
    inside = reader.page.frame_locator("iframe")
    inside.locator("html[data-ready=true][data-embed][data-theme=dark]").wait_for()
    assert value(inside, "kl_pq") == shown
