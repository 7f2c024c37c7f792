"""``python -m bench``: from a pointer's move to the frame drawn, during a continuous drag.

Ours under both servers, ours as an exported page, and a plain Panel page, in the same run on the
same machine; what counts are the ratios. The clock runs from a pointer event's time stamp until
the main thread has handed over the first frame whose data have caught up with the value that the
event asked for. Beside it: how long the page's JavaScript ran, a frame.
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from app.page.export import export_site
from app.registry import CHAPTERS
from tests.browser.conftest import BROWSER, CHROMIUM, serving
from tests.browser.static_host import file_server

WATCH = Path(__file__).with_name("watch.js")
START, END = 1 / 8, 7 / 8  # of the slider's length: from −3 to 3
CAUGHT_UP = 0.011  # a step of the slider and the rounding of the mean
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
STOCK = "plain Panel page"
OURS = "?mu_p=-3&sigma_p=1"


async def drag(page, track, moves):
    """Pull a handle as a hand does: a move every 16 ms, whether the page keeps up or not."""
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
        await asyncio.sleep(max(0, begun + 0.016 * move - clock.time()))
    await asyncio.gather(*under_way)
    await page.wait_for_timeout(1000)
    await page.mouse.up()


def latencies(watched):
    """Return, for each pointer event, the ms until the first frame that shows its value."""
    times = []
    for move in watched["moves"]:
        shown = (
            frame["at"] for frame in watched["frames"]
            if frame["at"] >= move["at"] and frame["mean"] >= move["value"] - CAUGHT_UP
        )  # fmt: skip
        times.append(next(shown) - move["at"])
    return times


async def measure(browser, url, track, moves):
    """Drag a page's slider or handle; return latencies, frames of data and ms of script.

    The page has a Bokeh source named ``curves``; ``track`` finds what moves the mean μ of P.
    """
    page = await browser.new_page(viewport={"width": 1100, "height": 1000})
    await page.goto(url)
    await page.locator(track).first.wait_for()
    await page.wait_for_function("() => window.Bokeh?.documents[0]?.is_idle")
    await page.wait_for_timeout(1000)
    await page.evaluate(WATCH.read_text(encoding="utf-8"))
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")
    before = await scripting(session)
    await drag(page, track, moves)
    script = await scripting(session) - before
    watched = await page.evaluate("watched()")
    await page.close()
    return latencies(watched), len(watched["frames"]), script


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
            ["panel", "serve", "app"], f"/app{OURS}&explorer=kl", "input[type=range]"),
        "/kl under python -m app serve": (["app", "serve"], f"/kl{OURS}", "input[type=range]"),
    }  # fmt: skip
    with contextlib.ExitStack() as stack:
        found = {}
        for number, (name, (command, path, track)) in enumerate(served.items()):
            address = stack.enter_context(serving(logs / f"{number}.txt", command, path))
            found[name] = (f"{address}{path}", track)
        served = found["/kl under python -m app serve"][0]
        found["its handle, under python -m app serve"] = (served, HANDLE)
        export_site(CHAPTERS, logs / "site")
        address = stack.enter_context(file_server(logs / "site"))
        found["kl.html, exported"] = (f"{address}/kl.html{OURS}", "input[type=range]")
        found["its handle, exported"] = (found["kl.html, exported"][0], HANDLE)
        yield found


async def run(moves, rounds):
    """Measure every page in turn, `rounds` times, so that the machine's moods hit all alike."""
    times, drawn, ran = {}, {}, {}
    with pages() as found:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM)
            for _ in range(rounds):
                for name, (url, track) in found.items():
                    measured, frames, script = await measure(browser, url, track, moves)
                    times[name] = times.get(name, []) + measured
                    drawn[name] = drawn.get(name, 0) + frames
                    ran[name] = ran.get(name, 0) + script
            await browser.close()
    return times, drawn, ran


def report(times, drawn, ran):
    """Print medians, 95th percentiles and how they compare with the plain page."""
    width = max(map(len, times))
    yardstick = statistics.median(times[STOCK])
    print(f"{'ms from pointer to frame':{width}}  median    p95  moves  frames  script  plain/this")
    for name, measured in times.items():
        median, p95 = statistics.median(measured), statistics.quantiles(measured, n=20)[-1]
        print(
            f"{name:{width}}  {median:6.1f} {p95:6.1f} {len(measured):6} {drawn[name]:7}"
            f" {ran[name] / drawn[name]:7.1f} {yardstick / median:10.1f}×"
        )


def main():
    """Run what the command line asks for."""
    program = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    program.add_argument("--moves", type=int, default=120, help="pointer moves of a drag")
    program.add_argument("--rounds", type=int, default=2, help="drags of each page")
    chosen = program.parse_args()
    report(*asyncio.run(run(chosen.moves, chosen.rounds)))


if __name__ == "__main__":
    main()
