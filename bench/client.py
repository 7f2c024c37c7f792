"""A live page of ours without a browser: it asks as the page does, and reads what is answered."""

import asyncio
import base64
import contextlib
import json
import re

from websockets.asyncio.client import connect

CHUNK = 33_000  # bytes of a file in a message, as the page sends them
HTTP = "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"


async def fetch(server, path):
    """Return the status and body of an address."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    host = f"127.0.0.1:{server.port}"
    writer.write(HTTP.format(path=path, host=host).encode())
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


async def plain(server, path):
    """Return an address's text, unpacked."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    request = HTTP.format(path=path, host=f"127.0.0.1:{server.port}")
    writer.write(request.replace("Accept-Encoding: gzip\r\n", "").encode())
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2].decode()


class Page:
    """A live page: it reads whole messages and notes when an answer to a request came."""

    async def open(self, server, path="/kl"):
        """Open the page and its websocket, and wait for the document: the first frame."""
        html = await plain(server, path)
        found = re.search(r'"token":"([^"]+)"', html)
        if not found:
            return "computes this page by itself" in html and "static"
        self.stack = contextlib.AsyncExitStack()
        address = f"ws://127.0.0.1:{server.port}{path.partition('?')[0]}/ws"
        offered = ["bokeh", found[1]]
        opening = connect(
            address, subprotocols=offered, compression=None, max_size=None, max_queue=None
        )
        self.socket = await self.stack.enter_async_context(opening)
        await self.message()
        await self.write("0", "PULL-DOC-REQ", {})
        text = await self.message()
        while "PULL-DOC-REPLY" not in text[0]:
            text = await self.message()
        self.front = _front_of(json.loads(text[2])["doc"])
        return "live"

    async def message(self):
        """Return the three texts of the next message."""
        texts = [await self.socket.recv() for _ in range(3)]
        for _ in range(2 * json.loads(texts[0]).get("num_buffers", 0)):
            await self.socket.recv()
        return texts

    async def write(self, name, kind, content):
        """Send a message."""
        for part in ({"msgid": name, "msgtype": kind}, {}, content):
            await self.socket.send(json.dumps(part))

    async def move(self, seq, mean):
        """Ask for a position of a slider; return once the frame that answers has come."""
        state = {"type": "map", "entries": [["seq", seq], ["changes", [["mu_p", mean]]]]}
        event = {"kind": "ModelChanged", "model": {"id": self.front}, "attr": "state", "new": state}
        await self.write(str(seq), "PATCH-DOC", {"events": [event]})
        while f'["seq",{seq}]' not in (text := (await self.message())[2]).replace(" ", ""):
            pass
        return text

    async def ask(self, seq, request):
        """Send a request that is no move; return once its answer has come."""
        state = {"type": "map", "entries": [["seq", seq], *([k, v] for k, v in request.items())]}
        event = {"kind": "ModelChanged", "model": {"id": self.front}, "attr": "state", "new": state}
        await self.write(str(seq), "PATCH-DOC", {"events": [event]})
        return await self.until(f'["seq",{seq}]')

    async def until(self, *texts):
        """Read messages until one holds any of some texts; return it."""
        while True:
            text = (await self.message())[2].replace(" ", "")
            if any(one in text for one in texts):
                return text

    async def send_file(self, name, file, data):
        """Send a file in chunks, each after the one before has arrived."""
        for seq, offset in enumerate(range(0, len(data), CHUNK), 1):
            part = base64.b64encode(data[offset : offset + CHUNK]).decode()
            told = {"name": name, "file": file, "size": len(data), "offset": offset, "data": part}
            entries = [[key, value] for key, value in told.items()]
            await self.ask(seq, {"upload": {"type": "map", "entries": entries}})

    async def close(self):
        """Leave the page."""
        await self.stack.aclose()


def _front_of(document):
    text = json.dumps(document)
    place = text.index('"frame": {"type": "map"')
    return re.findall(r'"id": "(p\d+)", "attributes"', text[:place])[-1]
