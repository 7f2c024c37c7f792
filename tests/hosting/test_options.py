"""Options of hosting: what cannot be meant is refused at the start, in words."""

import argparse

import pytest

from app.__main__ import options
from app.hosting.settings import OPTIONS

KINDS = {option.name: option.kind for option in OPTIONS}


@pytest.mark.parametrize(
    ("name", "text"),
    [("port", "http"), ("port", "65536"), ("sessions", "-1"),
     ("prefix", "a b"), ("origin", "https://blog.example"), ("origin", "a;b"),
     ("allowed-hosts", "https://x"), ("allowed-hosts", "x/y"), ("trusted-proxies", "10.0.0.1/8"),
     ("frame-ancestors", ""), ("frame-ancestors", "'strict'"), ("frame-ancestors", "a; b"),
     ("message-size", "10"), ("secret", "32"), ("start", "static")],
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
    monkeypatch.setenv("BITSANDNATS_PORT", "")
    assert options(["serve"]).port == 5006


def test_a_variable_gives_the_default_and_the_command_line_wins(monkeypatch):
    monkeypatch.setenv("BITSANDNATS_PORT", "8000")
    monkeypatch.setenv("BITSANDNATS_ORIGIN", "a.example b.example")
    assert options(["serve"]).port == 8000
    assert options(["serve"]).origin == ["a.example b.example"]
    chosen = options(["serve", "--port", "9000", "--origin", "c.example", "--origin", "d.example"])
    assert (chosen.port, chosen.origin) == (9000, ["c.example", "d.example"])


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [("BITSANDNATS_PORT", "tcp://10.0.0.1:80", "BITSANDNATS_PORT: 'tcp://10.0.0.1:80' is no port"),
     ("BITSANDNATS_PROT", "80", "the variable BITSANDNATS_PROT is none of BITSANDNATS_")],
)  # fmt: skip
def test_a_wrong_variable_ends_the_program_with_its_name(
    monkeypatch, capsys, variable, value, said
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit):
        options(["serve"])
    assert said in capsys.readouterr().err
    assert options(["export", "site"]).out.name == "site"  # which no variable concerns


def test_an_unknown_flag_is_told_with_the_flags_that_there_are(capsys):
    with pytest.raises(SystemExit):
        options(["serve", "--prot", "80"])
    said = capsys.readouterr().err
    assert "unrecognized arguments: --prot 80" in said
    assert "--port PORT" in said
