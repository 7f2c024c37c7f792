"""``python -m bench.maps``: the map of D from a mixture, 80 × 60, for targets not seen before.

In Python, and in Chromium by the twin.
"""

import statistics
import time

from playwright.sync_api import sync_playwright

from app.explorers.mode_fit.model import map_of
from app.page.bundle import bundle
from tests.browser.reader import BROWSER, CHROMIUM

MODEL = "app/explorers/mode_fit/model.js"
TIMES = 30
IN_BROWSER = """
() => Array.from({ length: %d }, (_, i) => {
  const start = performance.now();
  mapOf(2 + i / 1000, 1, 1, 0.5, 'D(Q‖P)');
  return performance.now() - start;
})
"""


def in_python():
    """Return the ms of each of so many maps."""
    times = []
    for i in range(TIMES):
        start = time.perf_counter()
        map_of(2 + i / 1000, 1.0, 1.0, 0.5, "D(Q‖P)")
        times.append(1000 * (time.perf_counter() - start))
    return times


def in_browser():
    """Return the ms of each of so many maps by the twin."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=CHROMIUM)
        page = browser.new_page()
        times = page.evaluate(f"() => {{ {bundle(MODEL)}; return ({IN_BROWSER % TIMES})(); }}")
        browser.close()
    return times


def main():
    """Print the median and the 95th percentile of both."""
    for name, times in (("Python", in_python()), ("browser", in_browser())):
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"map of D(Q‖P), 80 × 60, in {name:7}: {statistics.median(times):5.1f} ms, "
              f"p95 {p95:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
