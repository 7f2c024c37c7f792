"""``python -m bench.patches``: what each patch of BokehJS is worth.

Exported pages with all patches of ``static/bokeh/patches.js``, with each one left out in turn and
with none are pulled through the same moves, one a frame, alternating in one run. What is counted is
the time that the page's main thread computes, not how long it takes, so that a busy machine
matters little; what counts are the ratios.
"""

import argparse
import contextlib
import re
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.page.bundle import text_of
from app.page.site import export_site
from app.registry import CHAPTERS
from tests.browser.reader import BROWSER, CHROMIUM
from tests.browser.static_host import file_server

PAGES = {"kl": "#mu_p=-3", "mode-fit": ""}
FIRST = re.search(r"PATCHES = \{ (\w+)", text_of("static/bokeh/patches.js"))[1]
TABLE = re.compile(rf"(?<=\{{){FIRST}:[^}}]*(?=\}})")
PARTS = {
    "all": ("TaskDuration",),
    "script": ("ScriptDuration",),
    "style": ("RecalcStyleDuration", "LayoutDuration"),
}
MOVE = """
async ([slider, frames]) => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i += 1) {
    const place = 0.5 + 0.375 * Math.sin(2 * Math.PI * i / 120);
    slider.valueAsNumber = Number(slider.min) + place * (slider.max - slider.min);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
  }
}
"""


def variants(folder, slug):
    """Write a page beside the exported one for each patch left out; return the names by patch."""
    html = (folder / f"{slug}.html").read_text("utf-8")
    (front,) = folder.glob("front-*.min.js")
    code = front.read_text("utf-8")
    known = TABLE.search(code)[0].split(",")
    less = {one.split(":")[0]: [other for other in known if other != one] for one in known}
    lists = {"": known, **less, "all of them": []}
    for left_out, entries in lists.items():
        own = f"front {left_out}.js"
        (folder / own).write_text(TABLE.sub(",".join(entries), code), "utf-8")
        page = html.replace(front.name, own)
        (folder / f"{slug} {left_out}.html").write_text(page, "utf-8")
    return {left_out: f"{slug} {left_out}.html" for left_out in lists}


def opened(browser, address):
    """Open a page with a hand on its first slider; return what pulls it and tells the work.

    What is returned takes a number of frames, and gives the ms of the main thread's work a frame,
    by part.
    """
    context = browser.new_context(viewport={"width": 1100, "height": 1000}, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]", timeout=60_000)
    slider = page.get_by_role("slider").first
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    handle = slider.element_handle()

    def pull(frames):
        before = metrics(session)
        page.evaluate(MOVE, [handle, frames])
        after = metrics(session)
        return {
            part: 1000 * sum(after[name] - before[name] for name in names) / frames
            for part, names in PARTS.items()
        }

    return pull


def metrics(session):
    """Return what the browser counts of a page, by name."""
    told = session.send("Performance.getMetrics")["metrics"]
    return {one["name"]: one["value"] for one in told}


def run(slug, rounds, frames):
    """Return each variant's work, round by round."""
    measured = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        export_site(CHAPTERS, folder)
        names = variants(folder, slug)
        address = stack.enter_context(file_server(folder))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM)
        pulls = {one: opened(browser, f"{address}/{names[one]}{PAGES[slug]}") for one in names}
        for pull in pulls.values():
            pull(2 * frames)  # until everything is compiled
        for number in range(rounds):
            order = list(pulls)[:: 1 if number % 2 else -1]
            for left_out in order:
                measured.setdefault(left_out, []).append(pulls[left_out](frames))
        browser.close()
    return measured


def report(slug, measured):
    """Print what each patch saves: the share of the work without it that is not done with it."""
    ms = statistics.median(one["all"] for one in measured[""])
    print(f"{slug}: {ms:.1f} ms a frame with all patches")
    print(f"{'saved by':14}" + "".join(f"{part:>18}" for part in PARTS))
    for left_out, without in measured.items():
        if left_out:
            shares = (saved(measured[""], without, part) for part in PARTS)
            print(f"{left_out:14}" + "".join(f"{share:>18}" for share in shares))


def saved(patched, without, part):
    """Return the median of the rounds in per cent, and between which half of them are."""
    shares = [100 * (1 - a[part] / b[part]) for a, b in zip(patched, without, strict=True)]
    low, middle, high = statistics.quantiles(shares, n=4)
    return f"{middle:.1f} ({low:.0f} to {high:.0f})"


def main():
    """Run what the command line asks for."""
    program = argparse.ArgumentParser(prog="python -m bench.patches", description=__doc__)
    program.add_argument("--rounds", type=int, default=15, help="drags of each page")
    program.add_argument("--frames", type=int, default=120, help="frames of a drag")
    program.add_argument("--pages", nargs="+", default=PAGES, choices=PAGES)
    chosen = program.parse_args()
    for slug in chosen.pages:
        report(slug, run(slug, chosen.rounds, chosen.frames))


if __name__ == "__main__":
    main()
