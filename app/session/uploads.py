"""Files that a reader brings, chunk by chunk, each checked before any of it is kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..contract.declaration import Upload
from ..contract.messages import quoted

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
            raise ValueError("A part of the file was empty or too long, so the file was dropped.")
        try:
            part = base64.b64decode(chunk, validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("A part of the file arrived damaged. Please try again.") from None
        if len(self.data) + len(part) > self.size:
            raise ValueError("More arrived than the file was said to hold, so it was dropped.")
        self.data += part


def announced(upload: Upload, chunk: Mapping[str, Any]) -> Incoming:
    """Return the file that a first chunk announces, or raise ``ValueError`` saying why not."""
    name, size = chunk.get("file"), chunk.get("size")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise ValueError("The file has no name, or too long a one.")
    if not name.lower().endswith(upload.endings):
        raise ValueError(
            f"The file must end in {' or '.join(upload.endings)}; {quoted(name)} does not."
        )
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError(f"{quoted(name)} has no size.")
    if size == 0:
        raise ValueError(f"{quoted(name)} is empty.")
    if size > upload.most:
        most = f"{upload.most / 1e6:g} MB"
        raise ValueError(f"A file may have {most} at most; {quoted(name)} has {size / 1e6:.1f} MB.")
    return Incoming(name, size)
