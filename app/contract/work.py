"""Work that takes longer than a frame: what a chapter is given for it, and how it goes on."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    """What a reader brought; the name is theirs and as untrusted as the bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Order:
    """A job that a session asks for: its name, what it is given, and what the session has.

    ``given`` is the file of an upload, the option of a choice, or None; ``under_way`` names the
    other jobs that were under way when it was asked for.
    """

    name: str
    given: File | str | None
    state: Mapping[str, Any]
    findings: Mapping[str, Any]
    under_way: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """What a session is to hold from now on, and changes to its state, as ``(key, raw)`` pairs."""

    findings: Mapping[str, Any]
    changes: tuple[tuple[str, Any], ...] = field(default=())


# Yields how far it is, as a fraction and words, or what it has found so far; returns the end.
Steps = Generator[tuple[float, str] | Found, None, Found]
