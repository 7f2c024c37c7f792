"""A teacher and students without browsers: what they ask, and what their streams bring."""

import asyncio
import http.client
import json
import time
from functools import wraps

from tests.loops import run_apart
from tests.waits import PATIENCE

KL = {"slug": "kl", "query": "mu_q=2"}
CHOICE = {"text": "Which is larger?", "kind": "choice", "options": ["p", "q"], "truth": 1}


def ask(server, method, path, told=None, key="", body=None, **headers):
    """Return the status and what was answered, as JSON where it is such."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if key:
        headers["authorization"] = f"Bearer {key}"
    body = json.dumps(told).encode() if body is None and told is not None else body
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.headers.get_content_type() == "application/json":
            return answer.status, json.loads(text)
        return answer.status, answer.headers["location"] or text
    finally:
        connection.close()


class Teacher:
    """Who opened a room, at a process or behind a proxy."""

    def __init__(self, server, **headers):
        self.server = server
        status, told = ask(server, "POST", "/rooms", KL, **headers)
        assert status == 201, told
        self.code, self.key, self.ends = told["code"], told["key"], told["ends"]
        self.path = f"/rooms/{self.code}"

    def does(self, what, told=None, server=None, **headers):
        """Return the status and the answer to something that only a teacher may do."""
        path = f"{self.path}/{what}"
        return ask(server or self.server, "POST", path, told or {}, self.key, **headers)

    def moves(self, number, server=None):
        """Bring the room into a state that is told from others by a number."""
        return self.does("state", {"slug": "kl", "query": f"mu_q={number}"}, server)[0]

    def asks(self, **question):
        """Ask a question; return its number and round."""
        status, told = self.does("question", {**CHOICE, **question})
        assert status == 200, told
        return told

    def sees(self, server=None):
        """Return what the teacher's page shows."""
        status, told = ask(server or self.server, "GET", self.path, key=self.key)
        assert status == 200, told
        return told


class Follower(asyncio.Protocol):
    """A student's stream: the newest room, when each number of it came, and how it ended."""

    def __init__(self, path, headers=()):
        self.asked = "".join(f"{line}\r\n" for line in (f"GET {path} HTTP/1.1", *headers, ""))
        self.left, self.room, self.ticket, self.retry = b"", {}, "", 0
        self.results = {}
        self.came, self.beats, self.ended, self.closed = {}, 0, False, False
        self.changed = asyncio.Event()

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.asked.encode())

    def data_received(self, data):
        now = time.perf_counter()
        *whole, self.left = (self.left + data).split(b"\n\n")
        for one in whole:
            self.take(one, now)
        self.changed.set()

    def take(self, event, now):
        told = event.partition(b"data: ")[2]
        if b"event: rounds" in event:
            self.results = json.loads(told)
        elif b"event: room" in event:
            self.room = json.loads(told)
            self.came[self.room["seq"]] = now
        elif b"event: ticket" in event:
            self.ticket = json.loads(told)["ticket"]
            self.retry = int(event.partition(b"retry: ")[2].split()[0])
        elif b"event: end" in event:
            self.ended = True
        elif b"event: beat" in event:
            self.beats += 1

    def connection_lost(self, error):
        self.closed = True
        self.changed.set()

    @property
    def status(self):
        return int(self.left.split()[1]) if self.left.startswith(b"HTTP") else 200

    async def until(self, true):
        """Return once a condition holds, which is looked at whenever something came."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self.changed.clear()
                await self.changed.wait()

    def close(self):
        self.transport.close()


_open = []


def lesson(test):
    """Let a test be a coroutine, at whose end every stream is closed."""

    async def act(*given, **named):
        try:
            await test(*given, **named)
        finally:
            while _open:
                one = _open.pop()
                one.close()
                await one.until(lambda one=one: one.closed)

    @wraps(test)
    def run(*given, **named):
        run_apart(act(*given, **named))

    return run


async def follow(server, teacher, ticket="", **headers):
    """Begin to follow a room; return once its state, or that it may not be followed, is here."""
    path = f"{teacher.path}/events" + (f"?ticket={ticket}" if ticket else "")
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines.append(f"Host: 127.0.0.1:{server.port}")
    loop = asyncio.get_running_loop()
    _, one = await loop.create_connection(lambda: Follower(path, lines), "127.0.0.1", server.port)
    _open.append(one)
    await one.until(lambda: one.room or one.closed or one.status != 200)
    return one


def answer_of(follower, teacher, asked, answer, server=None, **headers):
    """Return the status and what was said to a student's answer."""
    told = {"ticket": follower.ticket, "id": asked["id"], "round": asked["round"], "answer": answer}
    return ask(server or teacher.server, "POST", f"{teacher.path}/answers", told, **headers)
