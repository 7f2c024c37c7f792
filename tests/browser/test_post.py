"""Explorers inside somebody's post: docs/post.html, with the exported pages beside it."""

import math
import shutil
from functools import partial
from pathlib import Path

import pytest

import infocore
from tests.browser.reader import let_messages_arrive
from tests.chapters import by_turns

pytestmark = pytest.mark.browser

POST = Path(__file__).parents[2] / "docs" / "post.html"
DARK, LIGHT = "rgb(20, 23, 26)", "rgb(251, 251, 250)"
FRAME = '<iframe src="site/{}.html#embed=1" data-bits-and-nats></iframe>'
PLAIN = "<!DOCTYPE html><title>Post</title>" + "".join(map(FRAME.format, ("entropy", "kl")))
of_either_host = by_turns("post", ["served", "from a folder"], indirect=True)
GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="session")
def blog(exported):
    """The post beside the pages that it frames."""
    for file in (POST, *POST.parent.glob("post-*.svg")):
        shutil.copy(file, exported)
    (exported / "favicon.ico").touch()  # which a browser asks a blog for, unasked
    return exported


@pytest.fixture
def blog_host(blog, static_host):
    return static_host


@pytest.fixture
def post(request, blog, blog_host, reading):
    """The post, come to from another page, with both of its frames scrolled to and ready."""
    address = blog_host if request.param == "served" else blog.as_uri()
    reader = reading(f"{address}/site/index.html")
    visit(reader, f"{address}/post.html")
    return reader


def visit(reader, address, place="bits-explorer"):
    reader.page.goto(address)
    for number in range(2):
        reader.page.locator(place).nth(number).scroll_into_view_if_needed()
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


TALL = "Math.ceil(document.body.getBoundingClientRect().height)"


def heights(reader):
    tall = "all => all.map((one) => one.getBoundingClientRect().height)"
    return reader.page.locator("iframe").evaluate_all(tall)


def wait_until_fitted(reader):
    def fit():
        return heights(reader) == [frame.evaluate(TALL) for frame in frames(reader).values()]

    reader.until(fit, lambda: f"frames as tall as their pages; they are {heights(reader)}")


@of_either_host
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


@of_either_host
def test_frames_are_as_tall_as_their_pages_and_follow_them(post):
    wait_until_fitted(post)
    before = heights(post)
    frames(post)["entropy"].locator(".more summary").first.click()
    wait_until_fitted(post)
    grown = heights(post)
    assert grown[0] > before[0]
    assert grown[1] == before[1] == 500  # the room of a compact one, which it fills
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert post.page.evaluate(wide) <= 0


@of_either_host
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


@of_either_host
def test_frames_follow_the_theme_of_the_post(post):
    for ground in (DARK, LIGHT):
        post.page.get_by_role("button", name="Light or dark").click()
        for frame in frames(post).values():
            frame.wait_for_function(f"() => {GROUND} === '{ground}'")


@by_turns("place", ["served", "from a folder"])
def test_a_frame_takes_no_theme_from_its_neighbour_and_no_other_from_its_host(
    place, blog, blog_host, reading
):
    address = blog_host if place == "served" else blog.as_uri()
    (blog / "plain.html").write_text(PLAIN, "utf-8")
    reader = reading(f"{address}/site/index.html")
    visit(reader, f"{address}/plain.html", "iframe")
    entropy, kl = frames(reader).values()
    before = kl.evaluate(GROUND)
    entropy.evaluate("parent.frames[1].postMessage({bitsAndNats: 'theme', theme: 'dark'}, '*')")
    for message in ("{bitsAndNats: 'theme', theme: '<b>'}", "{bitsAndNats: 'theme'}", "null", "7",
                    "{theme: 'dark'}", "{bitsAndNats: 'height', height: 9}", "'dark'"):  # fmt: skip
        reader.page.evaluate(f"frames[1].postMessage({message}, '*')")
    let_messages_arrive(kl)
    assert kl.evaluate("document.documentElement.dataset.theme") is None
    assert kl.evaluate(GROUND) == before == LIGHT
    reader.page.evaluate("frames[1].postMessage({bitsAndNats: 'theme', theme: 'dark'}, '*')")
    kl.wait_for_function(f"() => {GROUND} === '{DARK}'")


@of_either_host
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
    for height, given in (("-5", 200), ("1e9", 6000)):
        kl.evaluate(f"parent.postMessage({{bitsAndNats: 'height', height: {height}}}, '*')")
        post.until(lambda given=given: heights(post)[1] == given, f"a frame of {given} px")
        assert heights(post)[0] == before[0]


def test_the_scripts_add_no_name_to_the_posts_page_and_plain_frames_are_fitted(
    blog, blog_host, reading
):
    names = "Object.getOwnPropertyNames(window).sort()"
    (blog / "plain.html").write_text(PLAIN, "utf-8")
    reader = reading(f"{blog_host}/site/index.html")
    visit(reader, f"{blog_host}/plain.html", "iframe")
    assert heights(reader) == [154, 154]  # a frame's own 150 px, and its border
    without = reader.page.evaluate(names)
    for script in ("bits.js", "embed.js"):  # late: the frames have told their heights long ago
        reader.page.evaluate(
            "for (const one of document.querySelectorAll('iframe')) one.style = 'border:0'"
        )
        reader.page.add_script_tag(url=f"{blog_host}/site/{script}")
        wait_until_fitted(reader)
    assert reader.page.evaluate(names) == without


def test_copied_embed_code_is_the_whole_snippet_in_the_state_and_theme_seen(
    blog, blog_host, reading
):
    allowed = ["clipboard-read", "clipboard-write"]
    reader = reading(f"{blog_host}/site/kl.html#mu_p=0.5&theme=dark", permissions=allowed)
    reader.click("Shifted")
    shown = reader.value("kl_pq")
    reader.click("Copy embed code")
    reader.button("Copied").wait_for()
    code = reader.page.evaluate("navigator.clipboard.readText()")
    page = f'<!DOCTYPE html><meta charset="utf-8"><title>Post</title>{code}'
    (blog / "copied.html").write_text(page, encoding="utf-8")
    reader.page.goto(f"{blog_host}/copied.html")
    inside = reader.page.frame_locator("iframe")
    inside.locator("html[data-ready=true][data-embed][data-theme=dark]").wait_for()
    assert value(inside, "kl_pq") == shown
    link = reader.page.locator("bits-explorer a")
    assert "mu_p=-1" in link.get_attribute("href")
    assert link.text_content() == "KL divergence · Bits & Nats"


def test_code_of_the_start_brings_the_sites_picture_of_it(blog, blog_host, reading):
    allowed = ["clipboard-read", "clipboard-write"]
    reader = reading(f"{blog_host}/site/kl.html", permissions=allowed)
    reader.click("Copy code of the figure alone")
    reader.button("Copied").wait_for()
    code = reader.page.evaluate("navigator.clipboard.readText()")
    assert f'<img src="{blog_host}/site/posters/kl.svg" alt="KL divergence' in code
    assert (blog / "site" / "posters" / "kl.svg").exists()


def test_a_page_from_a_folder_says_what_to_do_instead_of_copying_its_path(blog, reading):
    reader = reading(f"{blog.as_uri()}/site/kl.html")
    reader.click("Copy embed code")
    reader.told("Put it on a web host, open it there")
