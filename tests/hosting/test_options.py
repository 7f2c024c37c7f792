"""Options of hosting: what cannot be meant is refused at the start, in words."""

import argparse

import pytest

from app.hosting.settings import OPTIONS

KINDS = {option.name: option.kind for option in OPTIONS}


@pytest.mark.parametrize(
    ("name", "text"),
    [("port", "http"), ("port", "65536"), ("sessions", "-1"),
     ("prefix", "a b"), ("origin", "https://blog.example"), ("origin", "a;b"),
     ("frame-ancestors", ""), ("frame-ancestors", "'strict'"), ("frame-ancestors", "a; b"),
     ("message-size", "10"), ("start", "static")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_value(name, text):
    with pytest.raises(argparse.ArgumentTypeError, match=text.strip("'") or "''"):
        KINDS[name](text)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [("frame-ancestors", "self", "'self'"), ("frame-ancestors", "'none'", "'none'"),
     ("frame-ancestors", "self https://blog.example", "'self' https://blog.example"),
     ("origin", "blog.example:8000", "blog.example:8000"), ("prefix", "lecture/", "/lecture")],
)  # fmt: skip
def test_what_is_meant_is_taken(name, text, meant):
    assert KINDS[name](text) == meant


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    from app.__main__ import parser

    monkeypatch.setenv("BITSANDNATS_PORT", "")
    assert parser().parse_args(["serve"]).port == 5006
