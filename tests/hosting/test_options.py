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
     ("allowed-hosts", "https://x"), ("allowed-hosts", "a.example:80"),
     ("allowed-hosts", "x/y"), ("trusted-proxies", "10.0.0.1/8"),
     ("frame-ancestors", ""), ("frame-ancestors", "'strict'"), ("frame-ancestors", "a; b"),
     ("message-size", "10"), ("secret", "32"), ("start", "static"), ("metrics", "x:port"),
     ("metrics", "0"), ("rooms", "redis://db:port/0"),
     ("log-level", "loud"), ("drain", "1.5"), ("drain", "99999"), ("settings", "/no such"),
     ("files", "0"), ("rooms", "there"), ("rooms", "http://127.0.0.1:6379")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_value(name, text):
    with pytest.raises(
        argparse.ArgumentTypeError, match=text.rpartition(":")[2].strip("'") or "''"
    ):
        KINDS[name](text)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [("frame-ancestors", "self", "'self'"), ("frame-ancestors", "'none'", "'none'"),
     ("frame-ancestors", "self https://blog.example", "'self' https://blog.example"),
     ("origin", "blog.example:8000", "blog.example:8000"), ("prefix", "lecture/", "/lecture"),
     ("metrics", "9464", ("127.0.0.1", 9464)), ("metrics", "[::1]:9464", ("::1", 9464))],
)  # fmt: skip
def test_what_is_meant_is_taken(name, text, meant):
    assert KINDS[name](text) == meant


def test_rooms_are_here_where_the_flag_stands_alone_and_may_be_elsewhere(monkeypatch, tmp_path):
    assert options(["serve"]).rooms == ""
    assert options(["serve", "--rooms"]).rooms == "here"
    assert options(["serve", "--rooms", "--port", "80"]).rooms == "here"
    assert options(["serve", "--rooms", "redis://db:6379/0"]).rooms == "redis://db:6379/0"
    monkeypatch.setenv("BITSANDNATS_ROOMS", "here")
    assert options(["serve"]).rooms == "here"
    chosen = options(["serve", "--rooms", "unix:///run/redis"])
    assert chosen.rooms == "unix:///run/redis"
    monkeypatch.delenv("BITSANDNATS_ROOMS")
    file = settings(tmp_path, 'rooms = "rediss://db"')
    assert options(["serve", "--settings", file]).rooms == "rediss://db"


def test_prometheus_port_is_not_that_of_the_pages(capsys):
    with pytest.raises(SystemExit):
        options(["serve", "--port", "5010", "--metrics", "5010"])
    assert "--metrics needs a port of its own, and 5010" in capsys.readouterr().err


def test_rooms_that_processes_share_need_redis_client(monkeypatch, capsys):
    monkeypatch.setattr("app.hosting.settings.find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        options(["serve", "--rooms", "redis://db"])
    assert "pip install bitsandnats[rooms]" in capsys.readouterr().err
    assert options(["serve", "--rooms"]).rooms == "here"


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


def settings(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    return str(file)


def test_settings_come_from_a_file_a_variable_wins_and_a_flag_above_all(tmp_path, monkeypatch):
    text = 'port = 8000\nsessions = 7\nprefix = "hall"\norigin = ["a.example", "b.example"]'
    monkeypatch.setenv("BITSANDNATS_SETTINGS", settings(tmp_path, text))
    monkeypatch.setenv("BITSANDNATS_SESSIONS", "8")
    chosen = options(["serve", "--prefix", "lecture"])
    told = (chosen.port, chosen.sessions, chosen.prefix, chosen.origin, chosen.start)
    assert told == (8000, 8, "/lecture", ["a.example b.example"], "live")


@pytest.mark.parametrize(
    ("text", "said"),
    [("port = 99999", "port: '99999' is no port"), ("prot = 80", "prot is none of host, port"),
     ("sessions = 1.5", "sessions must be a text, a whole number or a list of texts"),
     ("sessions = true", "sessions must be a text, a whole number or"),
     ("sessions =", "cannot be read: Invalid value (at"),
     ('settings = "other"', "settings is none of host"), ("[a]\nport = 1", "a is none of host")],
)  # fmt: skip
def test_a_wrong_line_of_a_settings_file_is_told(tmp_path, capsys, text, said):
    with pytest.raises(SystemExit):
        options(["serve", "--settings", settings(tmp_path, text)])
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_unknown_flag_is_told_with_the_flags_that_there_are(capsys):
    with pytest.raises(SystemExit):
        options(["serve", "--prot", "80"])
    said = capsys.readouterr().err
    assert "unrecognized arguments: --prot 80" in said
    assert "--port PORT" in said
