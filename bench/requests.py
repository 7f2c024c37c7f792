"""``python -m bench.requests``: what each patch of ``app/panel/patches.py`` is worth to a request.

Under both servers, with all patches, with each one left out in turn and with none, alternating in
one run: the ms from a move of a slider on the page of KL to its answer, over the websocket, and the
ms that the server's processor works for it. What counts are the differences.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from app.panel.patches import PATCHES
from tests.browser.servers import ROOT, free_port, wait_for
from tests.hosting.conftest import Session

SERVERS = {
    "python -m app serve": (["app", "serve"], "/kl"),
    "panel serve": (["panel", "serve", "app"], "/app?explorer=kl"),
}
LEAVE_OUT = """
import runpy, sys
from app.panel import patches
from panel.io import application
from tests.browser.renamed import Handler
application.DirectoryHandler = Handler
_, names, *sys.argv = sys.argv
patches.PATCHES = [one for one in patches.PATCHES if one.__name__ not in names.split(",")]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A server in a process of its own, without some of the patches."""

    def __init__(self, stack, left_out, command, path):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        program = [sys.executable, "-c", LEAVE_OUT, ",".join(left_out), *command]
        self.process = subprocess.Popen(
            [*program, "--port", str(self.port)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        stack.callback(self.process.wait)
        stack.callback(self.process.terminate)
        wait_for(f"{self.address}{path}", self.process)

    def worked(self):
        """Return the ms that the processor has worked for this server so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / TICK

    def text(self, path):
        """Return a page."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=60) as answer:
            return answer.read().decode()


def moves(server, page, count):
    """Move a slider so often; return the median ms to the answer and the ms of work for one."""
    times, before = [], server.worked()
    for number in range(count):
        begun = time.perf_counter()
        page.ask(["mu_p", number % 400 / 100])
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times), (server.worked() - before) / count


def run(command, path, rounds, count):
    """Return, for each variant, the pairs of a median and a work of all rounds."""
    names = [patch.__name__ for patch in PATCHES]
    variants = {"nothing left out": (), **{name: (name,) for name in names}, "all of them": names}
    measured = {name: [] for name in variants}
    with contextlib.ExitStack() as stack:
        servers = {
            name: Server(stack, left_out, command, path) for name, left_out in variants.items()
        }
        pages = {name: Session(server, path) for name, server in servers.items()}
        for page in pages.values():
            stack.callback(page.close)
        for number in range(rounds + 1):
            for name, server in list(servers.items())[:: 1 if number % 2 else -1]:
                told = moves(server, pages[name], count)
                if number:  # the first one warms up
                    measured[name].append(told)
    return measured


def report(server, measured):
    """Print the medians over the rounds."""
    print(f"{server + ', without':30} ms to answer  ms of work")
    for name, rounds in measured.items():
        answer, work = (statistics.median(values) for values in zip(*rounds, strict=True))
        print(f"{name:30} {answer:12.2f} {work:11.2f}")


def main():
    """Run what the command line asks for."""
    program = argparse.ArgumentParser(prog="python -m bench.requests", description=__doc__)
    program.add_argument("--rounds", type=int, default=7, help="times that each server is asked")
    program.add_argument("--moves", type=int, default=150, help="moves of a round")
    chosen = program.parse_args()
    for server, (command, path) in SERVERS.items():
        report(server, run(command, path, chosen.rounds, chosen.moves))


if __name__ == "__main__":
    main()
