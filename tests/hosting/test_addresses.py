"""What each address answers: pages, files, health, errors, and the headers around them."""

import gzip
import http.client
import json
import random
import re
import string
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import pytest
from websockets.sync.client import connect

from app.hosting.origins import comes_from, names_of
from app.hosting.redirects import fits_websocket, token_of
from app.hosting.responses import takes_gzip
from app.registry import EXPLORERS
from tests.chapters import a_third
from tests.hosting.conftest import SAID, Server
from tests.loops import run_apart
from tests.waits import PATIENCE, wait_until

SLUGS = [explorer.slug for explorer in EXPLORERS]


def head(answer):
    return {name.lower(): value for name, value in answer.headers.items()}


def linked(server, path):
    """Return the addresses that a page's scripts come from."""
    names = re.findall(r'<script[^>]* src="([^"]+)"', server.text(path))
    return [urljoin(path, name) for name in names]


LIVE = [f"/{slug}" for slug in SLUGS]
PAGES = [f"/pages/{one.slug}.html" for one in EXPLORERS]


@a_third("path", ["/", "/pages/", *LIVE, *PAGES])
def test_a_page_answers_with_headers_that_keep_it_to_itself(server, path):
    with server.get(path) as answer:
        told = head(answer)
        assert answer.status == 200
    assert told["content-type"] == "text/html; charset=utf-8"
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in told["permissions-policy"]
    assert told["content-security-policy"].endswith("frame-ancestors *")
    scripts = re.findall(r"script-src ([^;]*)", told["content-security-policy"])
    assert "unsafe" not in "".join(scripts)
    assert "server" not in told


def test_a_page_without_scripts_finds_its_poster(server):
    shown = re.search(r'<img src="([^"]+)"', server.text("/pages/kl.html"))
    with server.get(urljoin("/pages/kl.html", shown[1])) as answer:
        assert head(answer)["content-type"].startswith("image/svg+xml")
        assert answer.read().startswith(b"<svg")


def test_health_and_readiness_make_no_session(server):
    for path in ("/healthz", "/readyz"):
        assert server.text(path) in ("ok\n", "ready\n")


@pytest.mark.parametrize("path", ["/nothing", "/pages/nothing.html", "/pages/posters/nothing.svg",
                                  "/static/nothing.js",
                                  "/static/../pyproject.toml", "/kl/autoload.js", "/kl/metadata",
                                  "/%00", "/kl/ws", "/session_info", "/favicon.ico"])  # fmt: skip
def test_where_nothing_is_a_page_says_so_in_words(server, path):
    with server.get(path) as answer:
        assert answer.status == 404
        text = answer.read().decode()
    assert "There is no such page" in text
    assert "Traceback" not in text


def asked(server, path, **headers):
    """Return what one request is answered, wherever that leads."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


@pytest.mark.parametrize("path", ["/static/js/bokeh.js%00", f"/static/{'a' * 5000}", "/%00/ws",
                                  "/kl?bokeh-token=W1tb", f"/kl?bokeh-token={'W1tb' * 1000}",
                                  "/kl?bokeh-session-id=x"])  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_without_a_trace(server, path):
    assert asked(server, path).status in (403, 404)
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("host", ["localhost", "localhost:5006", "127.0.0.1", "[::1]:80", ""])
def test_on_loopback_a_server_goes_by_this_machines_names(server, host):
    assert asked(server, "/", **({"Host": host} if host else {})).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:5006", "[::1", "a@b", "x"]
)
def test_on_loopback_it_goes_by_no_other_name(server, host):
    """A stranger's name that leads to this machine would make the stranger's pages ours."""
    for path in ("/", "/kl", "/static/js/bokeh.js"):
        answer = asked(server, path, Host=host)
        assert answer.status == 400
        assert "--allowed-hosts" in answer.text
    assert asked(server, "/healthz", Host=host).status == 200  # asked by address


@pytest.mark.parametrize(
    ("allowed", "host", "names"),
    [("", "127.0.0.1", {"localhost", "127.0.0.1", "::1"}), ("", "0.0.0.0", set()),
     ("", "127.0.0.9", {"localhost", "127.0.0.1", "::1", "127.0.0.9"}), ("", "10.0.0.1", set()),
     ("Bits.example two.example", "127.0.0.1", {"bits.example", "two.example"}),
     ("*", "127.0.0.1", set())],
)  # fmt: skip
def test_who_may_be_asked_for_depends_on_where_a_server_listens(allowed, host, names):
    assert set(names_of(allowed, host)) == names


@pytest.mark.parametrize(
    ("origin", "named", "ours"),
    [(None, True, True), (None, False, False), ("http://x", False, True), ("http://y", True, False),
     ("null", True, False), ("https://other:8000", False, True)],
)  # fmt: skip
def test_a_websocket_without_an_origin_opens_where_the_servers_names_are_known(origin, named, ours):
    headers = [(b"host", b"x"), *([(b"origin", origin.encode())] if origin else [])]
    assert comes_from({"headers": headers}, ["other:8000"], named=named) == ours


def test_a_link_whose_token_is_too_long_leads_to_the_page_without_a_server(server):
    rng = random.Random(7)
    bad = "labels=" + "".join(rng.choices(string.ascii_letters + string.digits, k=6500))
    answer = asked(server, f"/kl?mu_p=1&{bad}")
    assert (answer.status, answer.getheader("location")) == (302, f"pages/kl.html#mu_p=1&{bad}")
    good = "labels=" + "a" * 6500  # as long, but it packs well
    assert not asked(server, f"/kl?mu_p=1&{good}").getheader("location")


def test_the_longest_link_of_a_live_page_opens_its_websocket(server):
    rng = random.Random(7)
    digits = "".join(rng.choices(string.digits, k=9000))
    longest = max(n for n in range(9000) if fits_websocket("/kl", f"p={digits[:n]}".encode()))
    query = f"p={digits[:longest]}"
    token = re.search(r'"token":"([^"]+)"', server.text(f"/kl?{query}"))[1]
    assert len(token) == pytest.approx(len(token_of("/kl", query.encode())), abs=4)  # of the second
    address = f"ws://127.0.0.1:{server.port}/kl/ws?{query}"
    with connect(address, subprotocols=["bokeh", token], open_timeout=PATIENCE) as opened:
        assert json.loads(opened.recv(PATIENCE))["msgtype"] == "ACK"


def test_a_method_that_a_page_does_not_take_is_refused(server):
    with server.get("/kl", data=b"x" * 100) as answer:
        assert answer.status == 405


def test_an_error_of_ours_is_a_page_without_its_insides(monkeypatch):
    from app.__main__ import options
    from app.hosting import routes as site
    from app.hosting.responses import collected
    from app.hosting.server import application

    async def fails(*_):
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(site, "collected", fails)
    scope = {"type": "http", "method": "GET", "path": "/kl", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost")]
    asking = collected(raising_after(application(options(["serve"]))), scope)
    status, _, body = run_apart(asking)
    assert status == 500
    assert b"Something went wrong here" in body
    assert b"secret" not in body


def raising_after(inner):
    """Starlette answers an error and then raises it, for the server to write down."""

    async def answer(scope, receive, send):
        with pytest.raises(RuntimeError):
            await inner(scope, receive, send)

    return answer


def test_files_come_packed_and_say_how_long_they_hold(server):
    slugs = ("kl", "perplexity")  # one with no files of its own, one with some
    for path in {file for slug in slugs for file in linked(server, f"/{slug}")}:
        with server.get(path, **{"Accept-Encoding": "gzip"}) as answer:
            told, body = head(answer), answer.read()
        assert told["content-encoding"] == "gzip"
        assert "max-age" in told["cache-control"]
        assert ("immutable" in told["cache-control"]) == ("?v=" in path)
        with server.get(path) as answer:
            assert answer.read() == gzip.decompress(body)
        asked = {"If-None-Match": told["etag"], "Accept-Encoding": "gzip"}
        with server.get(path, **asked) as again:
            assert again.status == 304
        assert head(server.get(path))["etag"] != told["etag"]
    bokeh = linked(server, f"/pages/{EXPLORERS[0].slug}.html")[0]
    with server.get(bokeh) as answer:
        assert "immutable" in head(answer)["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("gzip;q=1.0", True),
     ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("xgzip", False),
     ("gzip;q=0, *", False), ("*;q=0, gzip", True)],
)  # fmt: skip
def test_who_does_not_take_gzip_gets_none(accepted, packed):
    assert takes_gzip(accepted) == packed


def test_search_engines_are_asked_to_open_no_session(server):
    robots = RobotFileParser()
    robots.parse(server.text("/robots.txt").splitlines())
    assert not any(robots.can_fetch("*", f"/{slug}?mu_p=1") for slug in SLUGS)
    assert all(robots.can_fetch("*", path) for path in ("/", "/connections", *PAGES))


def weight(server, path):
    """Return the bytes that a first visit brings: the page and its scripts, packed.

    Without an explorer's own material, such as a language model's counts.
    """
    total = 0
    files = [one for one in linked(server, path) if "-material" not in one]
    for one in (path, *files):
        with server.get(one, **{"Accept-Encoding": "gzip"}) as answer:
            total += len(answer.read())
    return total


@a_third(("path", "most"), [(path, 1.3e6) for path in LIVE] + [(path, 0.45e6) for path in PAGES])
def test_a_first_visit_weighs_little(server, path, most):
    assert weight(server, path) <= most


@pytest.fixture(scope="module")
def under_prefix(tmp_path_factory):
    """A server whose options come from the environment."""
    chosen = {
        "FRAME_ANCESTORS": "'self'", "PREFIX": "bits", "ALLOWED_HOSTS": "*",
        "ADDRESS_SESSIONS": "1", "TRUSTED_PROXIES": "192.0.2.0/24",
    }  # fmt: skip
    chosen = {f"BITSANDNATS_{name}": value for name, value in chosen.items()}
    server = Server(tmp_path_factory.mktemp("prefix") / "log.txt", **chosen)
    yield server.ready("/bits/readyz")
    server.end()


@pytest.fixture(scope="module")
def in_a_hall(tmp_path_factory):
    """A server for a lecture hall, with room for two live sessions."""
    options = ("--sessions", "2", "--session-lifetime", "600", "--start", "pages")
    server = Server(tmp_path_factory.mktemp("hall") / "log.txt", *options)
    yield server.ready()
    server.end()


def test_under_a_prefix_every_link_leads_on(under_prefix):
    server = under_prefix
    assert server.status("/") == 404
    assert server.get("/bits").url == f"{server.address}/bits/"
    gallery = server.text("/bits/")
    links = re.findall(r'<li><a class="card" href="([^"]+)"', gallery)
    for link in (links[0], links[-1]):  # with a session, and without
        assert server.status(urljoin("/bits/", link)) == 200
    page = server.text("/bits/kl")
    assert all(server.status(path) == 200 for path in linked(server, "/bits/kl"))
    assert 'href="./"' in page
    assert server.status("/bits/pages/kl.html") == 200


def test_no_slash_too_many_leads_to_a_host_that_a_request_names(under_prefix):
    for path in ("/bits/kl//", "/bits/kl/", "/bits/pages", "/bits/pages//", "//bits/kl/", "/bits",
                 "/bits//evil.example/kl/", "//evil.example/kl/"):  # fmt: skip
        led = asked(under_prefix, path, Host="evil.example").getheader("location") or ""
        assert "evil" not in led
        assert "//" not in led
    assert asked(under_prefix, "/bits/kl/?mu_p=1").getheader("location") == "../kl?mu_p=1"


def test_who_is_no_trusted_proxy_tells_nothing_of_addresses(under_prefix):
    told = {"X-Forwarded-For": "203.0.113.7"}  # an address may have one live page
    pages = [asked(under_prefix, "/bits/kl", **told).text for _ in range(2)]
    assert all('"token"' in page for page in pages)  # this machine as many as there are


def test_above_the_cap_the_same_page_comes_without_a_session(in_a_hall):
    server = in_a_hall
    live = [server.text("/kl") for _ in range(2)]
    full = server.text("/kl?mu_p=2")
    assert all("All live sessions are taken" not in page for page in live)
    assert "All live sessions are taken" in full
    assert '"token"' not in full
    assert server.status(linked_file(full)) == 200


def linked_file(page):
    return "/" + re.search(r'<script src="([^"]+)"', page)[1]


def test_a_gallery_for_a_lecture_hall_opens_pages_without_a_server(in_a_hall):
    server = in_a_hall
    links = re.findall(r'<li><a class="card" href="([^"]+)"', server.text("/"))
    without = {f"pages/{one.slug}.html" for one in EXPLORERS}
    assert set(links) >= without
    assert all(server.status(f"/{link}") == 200 for link in links)


def test_options_come_from_the_environment_too(under_prefix):
    with under_prefix.get("/bits/") as answer:
        assert head(answer)["content-security-policy"].endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("wrong", [("--port", "99999"), ("--prefix", "/a b"),
                                   ("--frame-ancestors", "*; script-src *"), ("--start", "x"),
                                   ("--sessions", "-1")])  # fmt: skip
def test_a_wrong_option_is_refused_by_its_name(wrong, capsys):
    from app.__main__ import options

    with pytest.raises(SystemExit):
        options(["serve", *wrong])
    assert wrong[0] in capsys.readouterr().err


def test_each_request_is_one_line_of_json_without_its_query(server):
    server.text("/kl?labels=secret")

    def is_told():  # a line is written once its answer is out
        *lines, _ = server.log.read_text().split("\n")
        told = [json.loads(line) for line in lines if not line.startswith(SAID)]
        return any(one.get("path") == "/kl" and one["status"] == 200 for one in told)

    asked(server, f"/{'long' * 15_000}")
    wait_until(is_told, "a line for the page")
    wait_until(lambda: "longlong" in server.log.read_text(), "a line for the long one")
    assert max(map(len, server.log.read_text().splitlines())) < 1000
    assert "secret" not in server.log.read_text()
