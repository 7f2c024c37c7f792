"""Work that takes longer than a frame: what a chapter is given for it, and how it goes on."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

Steps = Generator[tuple[float, str], None, Mapping[str, Any]]


@dataclass(frozen=True)
class File:
    """What a reader brought; the name is theirs and as untrusted as the bytes."""

    name: str
    data: bytes
