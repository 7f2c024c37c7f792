"""What a session of the tests works on, by itself, as a process of its own loads no more."""

import os

from app.contract.work import Found


def work(order):
    data = order.given.data if order.given else bytes([1, 2, 3])
    if data.startswith(b"bad"):
        raise_later = ValueError("This text is bad.")
    else:
        raise_later = None if data != b"worse" else RuntimeError("/secret/path")
    while data == b"endless":
        yield 0.5, f"still going, process {os.getpid()}"
    if data == b"deadly":
        os._exit(1)
    total = 0
    for place, byte in enumerate(data[:10]):
        yield place / len(data), f"{place} bytes"
        total += byte
    if raise_later:
        raise raise_later
    return Found({"total": total if data != b"nonsense" else "x"})
