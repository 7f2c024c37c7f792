"""``python -m bench``: what pages weigh, when they are usable, and how soon a drag is painted.

A drag is timed on every explorer, served and exported, on KL under ``panel serve`` too, on a plain
Panel page and on a page that draws KL's pictures by hand, in the same run on the same machine; what
counts are the ratios. Each is pulled in two gaits: with a move every 16 ms, whether the page keeps
up or not, and at a hand's own pace, which waits until the page has taken each. The clock runs from
a pointer event's time stamp until the main thread has handed over the first frame that has caught
up with what the event asked for. Beside it: how long the page's JavaScript ran, a frame.
"""

import argparse
import asyncio
import contextlib
import gzip
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from app.page.site import export_site
from app.registry import CHAPTERS, EXPLORERS
from tests.browser.reader import BROWSER, CHROMIUM
from tests.browser.servers import serving
from tests.browser.static_host import file_server

WATCH, CANVAS = (Path(__file__).with_name(name) for name in ("watch.js", "canvas.html"))
START, END = 1 / 8, 7 / 8  # of the slider's length: from −3 to 3
CAUGHT_UP = 0.0014  # of the slider's length: a step and the rounding of the mean
HANDLE = "[data-handle=mu_p]"
# A handle's way across its picture, as the box of a slider from −4 to 4.
WAY = """(selector) => {
  const models = Bokeh.documents.flatMap((one) => [...one._all_models.values()]);
  const plot = models.find((model) => model.tags?.includes('picture:densities'));
  const view = Bokeh.index.find_one(plot);
  const [left, right] = [-4, 4].map((x) => view.frame.x_scale.compute(x));
  const { y, height } = document.querySelector(selector).getBoundingClientRect();
  return { x: view.el.getBoundingClientRect().left + left, width: right - left, y, height };
}"""
STOCK, BY_HAND = "plain Panel page", "KL drawn by hand"
OURS = "?mu_p=-3&sigma_p=1"
SLIDER = "input[type=range]"
IN_SIGHT = "input[type=range]:visible"
# Opens the fold of the first slider where the first screen has none.
REACH = """() => {
  const sliders = [...document.querySelectorAll('input[type=range]')];
  if (sliders.some((one) => one.checkVisibility())) return;
  for (let fold = sliders[0]; fold; fold = fold.parentElement?.closest('details')) fold.open = true;
}"""
READY = "html[data-ready=true]"
IDLE = "() => !window.Bokeh || (Bokeh.documents.length && Bokeh.documents.every((d) => d.is_idle))"
UNDO = "[data-action=undo]"
CALM = 400  # ms until a page rests
GAITS = {"every 16 ms": 0.016, "own pace": 0}
OPENINGS = 2  # of each page, for the median until it is usable


async def drag(page, track, moves, pause):
    """Pull a slider or handle: a move each `pause` seconds, or where 0 once the last is taken."""
    await page.locator(track).first.scroll_into_view_if_needed()
    handle = track == HANDLE
    box = await (page.evaluate(WAY, HANDLE) if handle else page.locator(track).first.bounding_box())
    middle = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + START * box["width"], middle)
    await page.mouse.down()
    clock, under_way = asyncio.get_running_loop(), []
    begun = clock.time()
    for move in range(1, moves + 1):
        place = START + (END - START) * move / moves
        step = page.mouse.move(box["x"] + place * box["width"], middle)
        under_way.append(asyncio.create_task(step))
        if not pause:
            await under_way[-1]
        await asyncio.sleep(max(0, begun + pause * move - clock.time()))
    await asyncio.gather(*under_way)
    await page.wait_for_function("(near) => caughtUp(near)", arg=CAUGHT_UP)
    await page.wait_for_timeout(CALM / 2)
    await page.mouse.up()


def latencies(watched):
    """Return, for each pointer event, the ms until the first frame that shows its value.

    None follows one that asked for no other step of the slider than what was shown already.
    """
    times = []
    for move in watched["moves"]:
        shown = (
            frame["at"] for frame in watched["frames"]
            if frame["at"] >= move["at"] and frame["value"] >= move["value"] - CAUGHT_UP
        )  # fmt: skip
        if (at := next(shown, None)) is not None:
            times.append(at - move["at"])
    return times


async def measure(browser, url, track, moves):
    """Drag a page's slider or handle; return by gait latencies, frames of data, ms of script."""
    page = await browser.new_page(viewport={"width": 1100, "height": 1000})
    await page.goto(url)
    if track == IN_SIGHT:
        await page.wait_for_selector(READY, state="attached")
        await page.evaluate(REACH)
    await page.locator(track).first.wait_for()
    await page.wait_for_function(IDLE)
    await page.wait_for_timeout(CALM)
    track = await marked(page, track)
    await page.evaluate(WATCH.read_text(encoding="utf-8"), track)
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    told = {}
    for gait, pause in GAITS.items():
        if told:
            await put_back(page, track)
        before = await scripting(session)
        await drag(page, track, moves, pause)
        script = await scripting(session) - before
        watched = await page.evaluate("watched()")
        told[gait] = latencies(watched), len(watched["frames"]), script
    await page.close()
    return told


async def put_back(page, track):
    """Put what was pulled where it was; Undo does it for a handle, too."""
    if await page.locator(UNDO).count():
        await page.locator(UNDO).click()
    else:
        box = await page.locator(track).first.bounding_box()
        place = {"x": START * box["width"], "y": box["height"] / 2}
        await page.locator(track).first.click(position=place)
    await page.wait_for_timeout(2 * CALM)
    await page.evaluate("watched()")


async def marked(page, track):
    """Return a selector that finds the first of what is in sight, also from within the page."""
    if track != IN_SIGHT:
        return track
    await page.locator(track).first.evaluate("(one) => { one.dataset.pulled = ''; }")
    return "input[data-pulled]"


async def usable(browser, url):
    """Return the seconds from a click on a link until a page is drawn and its controls answer."""
    context = await browser.new_context()
    page = await context.new_page()
    begun = asyncio.get_running_loop().time()
    await page.goto(url, wait_until="commit")
    await page.wait_for_selector(READY, state="attached")
    taken = asyncio.get_running_loop().time() - begun
    await context.close()
    return taken


async def scripting(session):
    """Return the ms that a page's main thread has spent in JavaScript so far."""
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return 1000 * next(one["value"] for one in metrics if one["name"] == "ScriptDuration")


@contextlib.contextmanager
def pages():
    """Serve every page that is measured; yield its name with its address and what is pulled."""
    logs = Path(tempfile.mkdtemp())
    served = {
        STOCK: (["panel", "serve", "bench/stock.py"], "/stock", ".noUi-base"),
        "/kl under panel serve": (
            ["panel", "serve", "app"], f"/app{OURS}&explorer=kl", SLIDER),
        "/kl under python -m app serve": (["app", "serve"], f"/kl{OURS}", SLIDER),
    }  # fmt: skip
    with contextlib.ExitStack() as stack:
        found = {}
        for number, (name, (command, path, track)) in enumerate(served.items()):
            address = stack.enter_context(serving(logs / f"{number}.txt", command, path))
            found[name] = (f"{address}{path}", track)
        served, _, _ = found["/kl under python -m app serve"][0].partition("/kl")
        found["its handle, under python -m app serve"] = (f"{served}/kl{OURS}", HANDLE)
        for one in EXPLORERS:
            if one.slug != "kl":
                found[f"/{one.slug} under python -m app serve"] = (f"{served}/{one.slug}", IN_SIGHT)
        export_site(CHAPTERS, logs / "site")
        shutil.copy(CANVAS, logs / "site")
        address = stack.enter_context(file_server(logs / "site"))
        found[BY_HAND] = (f"{address}/{CANVAS.name}", SLIDER)
        found["kl.html, exported"] = (f"{address}/kl.html{OURS}", SLIDER)
        found["its handle, exported"] = (found["kl.html, exported"][0], HANDLE)
        for one in EXPLORERS:
            if one.slug != "kl":
                found[f"{one.slug}.html, exported"] = (f"{address}/{one.slug}.html", IN_SIGHT)
        yield logs / "site", address, found


async def run(moves, rounds):
    """Measure every page in turn, `rounds` times, so that the machine's moods hit all alike."""
    told = {gait: {} for gait in GAITS}
    with pages() as (site, address, found):
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM)
            report_pages(site, await openings(browser, site, address))
            for _ in range(rounds):
                for name, (url, track) in found.items():
                    for gait, measured in (await measure(browser, url, track, moves)).items():
                        told[gait].setdefault(name, []).append(measured)
            await browser.close()
    return told


async def openings(browser, site, address):
    """Return the seconds until each page of a site is usable, opened in turn."""
    taken = {page.name: [] for page in sorted(site.glob("*.html"))}
    for _ in range(OPENINGS):
        for name, seconds in taken.items():
            seconds.append(await usable(browser, f"{address}/{name}"))
    return taken


def report_pages(site, taken):
    """Print what each page and each file that pages share weighs, and when pages are usable."""
    hand = statistics.median(taken[CANVAS.name])
    print(f"{'of a site':36}    kB  packed  s until usable  /by hand")
    for file in sorted([*site.glob("*.html"), *site.glob("*.js")]):
        body = file.read_bytes()
        print(
            f"{file.name:36} {len(body) / 1e3:6.1f} {len(gzip.compress(body)) / 1e3:6.1f}", end=""
        )
        median = statistics.median(taken.get(file.name, [0]))
        print(f"  {median:14.2f} {median / hand:8.1f}×" if median else "")


def report(told):
    """Print, a gait each, medians, 95th percentiles and how they compare with both yardsticks."""
    for gait, pages in told.items():
        times = {name: [ms for one, _, _ in drags for ms in one] for name, drags in pages.items()}
        plain, hand = (statistics.median(times[one]) for one in (STOCK, BY_HAND))
        title, width = f"ms from pointer to frame, {gait}", max(map(len, times))
        print(f"{title:{width}}  median    p95  moves  frames  script  /plain  /hand")
        for name, measured in times.items():
            median, p95 = statistics.median(measured), statistics.quantiles(measured, n=20)[-1]
            frames, script = (sum(one[part] for one in pages[name]) for part in (1, 2))
            print(
                f"{name:{width}}  {median:6.1f} {p95:6.1f} {len(measured):6} {frames:7}"
                f" {script / frames:7.1f} {median / plain:6.2f}× {median / hand:5.2f}×"
            )


def main():
    """Run what the command line asks for."""
    program = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    program.add_argument("--moves", type=int, default=40, help="pointer moves of a drag")
    program.add_argument("--rounds", type=int, default=2, help="drags of each page")
    chosen = program.parse_args()
    report(asyncio.run(run(chosen.moves, chosen.rounds)))


if __name__ == "__main__":
    main()
