"""``python -m bench.load``: a lecture hall on this machine, by its loopback address, bounded.

Each part is one of the figures that hosting is held to; ``--part`` chooses, ``--quick`` shortens.
"""

import argparse
import asyncio
import contextlib
import json
import re
import resource
import socket
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.hosting.spare import FORESIGHT
from app.registry import EXPLORERS
from tests.hosting.conftest import Server

from .client import Page, fetch, plain

SETTLED = FORESIGHT + 60  # seconds until a process has made what it makes once
NO_MEAN = '["running_mean",{"type":"number","value":"nan"}]'  # before the first draw


async def hall(server, quick):
    """300 clients open a page without a server at once."""
    path = f"/pages/{EXPLORERS[0].slug}.html"
    script = re.search(r'<script src="([^"]+)"', await plain(server, path))[1]
    wanted = [path, f"/pages/{script}"] * 300
    begun = time.perf_counter()
    answers = await asyncio.gather(*(fetch(server, one) for one in wanted), return_exceptions=True)
    took = time.perf_counter() - begun
    errors = sum(isinstance(one, Exception) or one[0] != 200 for one in answers)
    print(f"300 clients, page and script: {took:.2f} s in all, {errors} errors")
    return errors == 0 and took <= 2


async def opened(server, quick):
    """120 readers come at once: some get a live page, the others one without a server."""

    async def one():
        page, begun = Page(), time.perf_counter()
        kind = await page.open(server)
        return page, kind, time.perf_counter() - begun

    results = await asyncio.gather(*(one() for _ in range(120)), return_exceptions=True)
    failed = [one for one in results if isinstance(one, BaseException) or not one[1]]
    live = sorted(took for _, kind, took in _good(results) if kind == "live")
    static = sum(kind == "static" for _, kind, _ in _good(results))
    for page, kind, _ in _good(results):
        if kind == "live":
            await page.close()
    print(f"120 at once: {len(live)} live, {static} static, {len(failed)} failed")
    print(f"first frame: median {statistics.median(live):.2f} s, p95 {_p95(live):.2f} s")
    return not failed


async def minute(server, quick):
    """300 readers come within a minute, one after the other: each has a usable page in 3 s."""
    count, clock = (60 if quick else 300), asyncio.get_running_loop()
    await asyncio.sleep(SETTLED)
    begun = clock.time()

    async def one(number):
        await asyncio.sleep(begun + number / 5 - clock.time())
        page, asked = Page(), time.perf_counter()
        kind = await page.open(server, f"/{EXPLORERS[number % len(EXPLORERS)].slug}")
        took = time.perf_counter() - asked
        if kind == "live":
            await asyncio.sleep(10)  # the reader looks at it for a while
            await page.close()
        return kind, took

    results = await asyncio.gather(*map(one, range(count)), return_exceptions=True)
    good = _good(results)
    live, slowest = sum(kind == "live" for kind, _ in good), max(took for _, took in good)
    print(f"{count} at 5 a second: {live} live, {len(good) - live} without a server, "
          f"{count - len(good)} failed; p95 {_p95([took for _, took in good]):.2f} s, "
          f"slowest {slowest:.2f} s")  # fmt: skip
    return len(good) == count and all(kind for kind, _ in good) and slowest <= 3


def _good(results):
    return [one for one in results if not isinstance(one, BaseException)]


def _p95(values):
    return sorted(values)[int(0.95 * len(values))]


async def dragging(server, quick):
    """50 live sessions each drag 5 moves/s for 30 s."""
    seconds, pages = (5 if quick else 30), []
    for _ in range(50):
        pages.append(Page())
        await pages[-1].open(server)
    times, final = [], 0

    async def drag(page, delay):
        nonlocal final
        clock = asyncio.get_running_loop()
        begun = clock.time() + delay
        for move in range(5 * seconds):
            await asyncio.sleep(max(0, begun + move / 5 - clock.time()))
            asked = time.perf_counter()
            answer = await page.move(move + 1, round(-4 + 8 * move / (5 * seconds), 2))
            times.append((time.perf_counter() - asked) * 1000)
        final += f'"mu_p",{round(-4 + 8 * move / (5 * seconds), 2)}]' in answer.replace(" ", "")

    await asyncio.gather(*(drag(page, number / 250) for number, page in enumerate(pages)))
    for page in pages:
        await page.close()
    p95, median = _p95(times), statistics.median(times)
    print(f"50 sessions, 5 moves/s, {seconds} s: {len(times)} moves, {final} of 50 final states")
    print(f"move to patch: median {median:.1f} ms, p95 {p95:.1f} ms")
    return p95 <= 100 and final == 50


async def beside(server, quick):
    """Others' drags while a table of 30 × 100 000 is ranked, and while 5 MB are learned."""
    page, table, text = Page(), Page(), Page()
    await page.open(server)
    await table.open(server, "/estimation")
    await text.open(server, "/perplexity")
    before = _resident(server.process.pid)
    await table.send_file("table", "table.csv", _table(100_000))
    await table.until('"choices"', "rows_read")
    await asyncio.sleep(3)
    print(f"a table of 20 MB: {_resident(server.process.pid) - before:+.0f} MB are held")
    calm, ranking, learning, words = [], [], [], _words(5_000_000)
    for turn in range(2 if quick else 4):
        calm += await _drags(page, 1000 * turn)
        await table.ask(9000 + turn, {"start": "target", "given": "target"})
        await table.until("feature2of", "feature3of")
        ranking += await _drags(page, 1000 * turn + 200)
        await table.ask(9100 + turn, {"cancel": "target"})
        calm += await _drags(page, 1000 * turn + 400)
        await text.send_file("corpus", "text.txt", words)
        learning += await _drags(page, 1000 * turn + 600)
        await asyncio.sleep(15)  # until it is over, here or in a process of its own
    for one in (page, table, text):
        await one.close()
    told = {"calm": calm, "ranking": ranking, "learning": learning}
    for name, times in told.items():
        print(f"{name}: median {statistics.median(times):.1f} ms, p95 {_p95(times):.1f} ms")
    return max(_p95(ranking), _p95(learning)) <= 2 * _p95(calm)


async def _drags(page, first, moves=80):
    """Move a slider 20 times a second; return how long each answer took, in ms."""
    times = []
    for move in range(moves):
        begun = time.perf_counter()
        await page.move(first + move + 1, round(-4 + 8 * move / moves, 2))
        times.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(max(0, 0.05 - (time.perf_counter() - begun)))
    return times


def _table(rows):
    numbers = np.random.default_rng(0).normal(size=(rows, 29)).round(4)
    names = [f"feature {i}" for i in range(29)]
    lines = [f"{','.join(map(str, row))},{int(row[0] > 0)}" for row in numbers.tolist()]
    return (
        "\n".join([",".join([*names, "target"]), *lines]).encode()[:20_000_000].rpartition(b"\n")[0]
    )


def _words(size):
    rng = np.random.default_rng(0)
    stems = ["".join(map(chr, rng.integers(97, 123, n))) for n in range(2, 8)]
    known = np.array([f"{stems[i % 6]}{i}" for i in range(30_000)])
    drawn = known[np.minimum(rng.zipf(1.3, size // 5) - 1, 29_999)]
    return " ".join(drawn.tolist()).encode()[:size]


async def cycles(server, quick):
    """Sessions open and close again and again; memory must not grow."""
    await asyncio.sleep(SETTLED)
    count, marks = (150 if quick else 1000), {}
    for number in range(1, count + 1):
        page = await _live(server)
        await page.move(1, 1.5)
        await page.close()
        if number in (count // 5, count):
            await asyncio.sleep(6)  # sessions end a while after their pages
            marks[number] = _resident(server.process.pid)
    first, last = sorted(marks)
    grown = marks[last] - marks[first]
    print(f"{count} cycles: {marks[first]:.1f} MB after {first}, {grown:+.1f} MB from there")
    return grown <= 5


async def silent(server, quick):
    """1 100 connections that say nothing, where 1 024 files may be open: drags, and the end."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))  # of this process
    page, seconds = await _live(server), (5 if quick else 30)
    calm = await _drags(page, 0, 20 * seconds)
    with contextlib.ExitStack() as held:
        for _ in range(1100):
            one = held.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", server.port))
        attacked = await _drags(page, 20 * seconds, 20 * seconds)
        begun = time.perf_counter()
        server.end()
        took = time.perf_counter() - begun
    print(f"1 100 silent: longest drag {max(calm):.0f} ms before, {max(attacked):.0f} with them, "
          f"p95 {_p95(attacked):.0f}; ended {took:.1f} s after SIGTERM; "
          f"{server.log.stat().st_size / 1000:.0f} kB of log")  # fmt: skip
    return max(attacked) <= 300 and took <= 5


async def soak(server, quick):
    """Ten minutes of drags, of readers who come and go, of files and of a stranger."""
    clock = asyncio.get_running_loop()
    begun, seconds = clock.time(), (60 if quick else 600)
    times, marks = [], []

    async def until_the_end(act, pause):
        number = 0
        while clock.time() < begun + seconds:
            await act(number)
            number += 1
            await asyncio.sleep(pause)

    async def come_and_go(number):
        page = Page()
        if await page.open(server, f"/{EXPLORERS[number % len(EXPLORERS)].slug}") == "live":
            await page.close()

    async def drag(page, number):
        asked = time.perf_counter()
        await page.move(number + 1, round(-4 + number % 80 / 10, 2))
        times.append((clock.time() - begun, (time.perf_counter() - asked) * 1000))

    async def send(number):
        page = await _live(server, "/estimation")
        await page.send_file("table", "table.csv", _table(500))
        await page.until('"choices"', "rows_read")
        await page.close()

    async def mark(number):
        marks.append(_resident(server.process.pid))

    async def intrude(number):
        try:
            await _strange(strangers[-1], rng)
        except ConnectionClosed:  # the border has refused it
            strangers.append(await _live(server))

    pages = [await _live(server) for _ in range(10)]
    strangers, rng = [await _live(server)], np.random.default_rng(13)
    await asyncio.gather(
        *(until_the_end(partial(drag, page), 0.2) for page in pages),
        until_the_end(come_and_go, 1), until_the_end(send, 20), until_the_end(mark, 10),
        until_the_end(intrude, 0.5),
    )  # fmt: skip
    early = _p95([ms for at, ms in times if 0.1 <= at / seconds < 0.3])
    late = _p95([ms for at, ms in times if at / seconds >= 0.8])
    grown = marks[-1] - marks[len(marks) // 5]
    traces = server.log.read_text().count("Traceback")
    print(
        f"{seconds} s, {len(times)} moves: p95 {early:.1f} ms early, {late:.1f} late; {traces} "
        f"tracebacks; {marks[-1]:.0f} MB, {grown:+.1f} from a fifth on"
    )
    return not traces and server.process.poll() is None and grown <= 10


def _resident(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


async def fuzzed(server, quick):
    """Mutated addresses and messages, the same on every run, by two strangers at once."""
    count = 250 if quick else 2500
    both = await asyncio.gather(*(_stranger(server, seed, count) for seed in (11, 12)))
    bad = [*both[0], *both[1]]
    log = server.log.read_text()
    dead = log.count("] died") + (server.process.poll() is not None)
    traces = log.count("Traceback")
    print(f"{2 * count} addresses and {2 * count} messages: {len(bad)} bad answers, "
          f"{traces} tracebacks, {dead} deaths")  # fmt: skip
    return not bad and not traces and not dead


async def _stranger(server, seed, count):
    """Send mutated addresses and messages in turn; return what was answered as it must not be."""
    rng, bad, page = np.random.default_rng(seed), [], await _live(server)
    slugs = [explorer.slug for explorer in EXPLORERS]
    pieces = ["p=", "unit=", "NaN", "1e308", "-5", "%00", "<script>", "&", "=", ",", "9" * 400, "/"]
    for number in range(count):
        chosen = "".join(pieces[i] for i in rng.integers(len(pieces), size=8))
        slug = slugs[number % len(slugs)] if number % 3 else "pages/x"
        status, _, body = await fetch(server, f"/{slug}?{chosen}")
        if status >= 500 or b"Traceback" in body:
            bad.append((status, chosen))
        try:
            await _strange(page, rng)
        except ConnectionClosed:
            page = await _live(server)
    return bad


async def _live(server, path="/kl"):
    while True:
        with contextlib.suppress(InvalidStatus):  # its session ended before its websocket came
            page = Page()
            if await page.open(server, path) == "live":
                return page
        await asyncio.sleep(0.5)


async def _strange(page, rng):
    """Send a message with a random part replaced; what comes back must be finite or infinite."""
    odd = ["NaN", 1e308, -5, "x", None, [], True, 0.5, 2.0, {"type": "number", "value": "nan"}]
    changes = [["sigma_p", odd[rng.integers(len(odd))]], ["mu_p", odd[rng.integers(len(odd))]]]
    state = {"type": "map", "entries": [["seq", 1], ["changes", changes]]}
    event = {"kind": "ModelChanged", "model": {"id": page.front}, "attr": "state", "new": state}
    text = json.dumps({"events": [event]})
    if rng.random() < 0.1:
        place = rng.integers(len(text))
        text = text[:place] + chr(rng.integers(33, 120)) + text[place + 1 :]
    for part in ('{"msgid": "1", "msgtype": "PATCH-DOC"}', "{}", text):
        await page.socket.send(part)
    with contextlib.suppress(TimeoutError):
        while True:
            answer = await asyncio.wait_for(page.socket.recv(), 0.004)
            if isinstance(answer, str) and "Traceback" in answer:
                raise AssertionError(answer[:500])
            told = answer.replace(NO_MEAN, "") if isinstance(answer, str) else ""
            if '"attr":"frame"' in told and '"value":"nan"' in told:
                raise AssertionError(told[:500])  # an echo of the NaN that was sent is no result


PARTS = {
    "hall": (hall, ()), "opened": (opened, ("--sessions", "100")),
    "minute": (minute, ()),
    "dragging": (dragging, ()), "beside": (beside, ()),
    "cycles": (cycles, ("--session-lifetime", "1")),
    "soak": (soak, ("--session-lifetime", "3")),
    "fuzzed": (fuzzed, ("--session-lifetime", "1")),
    "silent": (silent, ()),
}  # fmt: skip
FILES = {"silent": 1024}  # that a server may open


def main():
    """Run what the command line asks for; end with 1 where a figure is missed."""
    program = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    program.add_argument("--part", choices=PARTS, action="append", help="only this; repeatable")
    program.add_argument("--quick", action="store_true", help="shorter, for a test")
    chosen = program.parse_args()
    held = []
    for name in chosen.part or PARTS:
        part, options = PARTS[name]
        log = Path(tempfile.mkdtemp()) / "log.txt"
        server = Server(log, *options, files=FILES.get(name)).ready()
        try:
            held.append(asyncio.run(part(server, chosen.quick)))
        finally:
            server.end()
    raise SystemExit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
