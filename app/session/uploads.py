"""Files that a reader brings, chunk by chunk, each checked before any of it is kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract.declaration import Upload
from ..contract.messages import Refused, quotable

CHUNK = 48 * 1024  # characters of a message's part of a file
LONGEST_NAME = 200


@dataclass
class Incoming:
    """A file on its way, chunk by chunk; never more of it is held than was announced."""

    name: str
    size: int
    data: bytearray = field(default_factory=bytearray)

    def add(self, offset: object, chunk: object) -> None:
        """Append a chunk that begins where the last one ended; a repeated one changes nothing."""
        if offset != len(self.data):
            return
        if not isinstance(chunk, str) or not 0 < len(chunk) <= CHUNK:
            raise Refused("part_size")
        try:
            part = base64.b64decode(chunk, validate=True)
        except (binascii.Error, ValueError):
            raise Refused("part_damaged") from None
        if len(self.data) + len(part) > self.size:
            raise Refused("part_more")
        self.data += part


def announced(upload: Upload, chunk: Mapping[str, Any]) -> Incoming:
    """Return the file that a first chunk announces, or raise ``Refused`` saying why not."""
    name, size = chunk.get("file"), chunk.get("size")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise Refused("file_name")
    raw = quotable(name)
    if not name.lower().endswith(upload.endings):
        raise Refused("file_ending", endings=" or ".join(upload.endings), raw=raw)
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise Refused("file_size", raw=raw)
    if size == 0:
        raise Refused("file_empty", raw=raw)
    if size > upload.most:
        told = min(size, 10**15) / 1e6  # a whole number may exceed the doubles
        raise Refused("file_most", most=upload.most / 1e6, size=told, raw=raw)
    return Incoming(name, size)
