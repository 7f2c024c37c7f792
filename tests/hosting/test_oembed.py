"""oEmbed under the hosted application: each page leads to it; it answers for our pages alone."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from app.hosting.oembed import Unanswerable, answer

BASE = "https://bits.example/talks/"
TITLES = {"kl": "KL divergence", "entropy": "Entropy"}


def asked(url, **more):
    return answer({"url": url, **more}, BASE, TITLES)


def source(told):
    return urlsplit(unescape(re.search(r'src="([^"]+)"', told["html"])[1]))


def test_the_embed_of_a_page_is_a_frame_in_the_state_of_its_address():
    for address in ("kl?mu_p=1&unit=bits", "pages/kl.html#mu_p=1&unit=bits",
                    "pages/kl.html?mu_p=1&unit=bits"):  # fmt: skip
        told = asked(BASE + address)
        assert (told["version"], told["type"]) == ("1.0", "rich")
        assert told["title"] == "KL divergence · Bits & Nats"
        frame = source(told)
        assert f"{frame.scheme}://{frame.netloc}{frame.path}" == f"{BASE}pages/kl.html"
        expected = {"embed": ["1"], "mu_p": ["1"], "unit": ["bits"]}
        assert parse_qs(frame.fragment) == expected
        assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]


def test_it_is_no_larger_than_what_was_asked_for_and_compact_where_that_is_low():
    told = asked(f"{BASE}kl", maxwidth="500", maxheight="600")
    assert told["width"] == 500
    assert told["height"] <= 600
    assert parse_qs(source(told).fragment)["view"] == ["figure"]
    assert asked(f"{BASE}kl", maxheight="300")["height"] == 300
    assert asked(f"{BASE}kl", maxwidth="5000")["width"] == 740
    assert "view" not in parse_qs(source(asked(f"{BASE}kl", maxheight="1000")).fragment)


def test_nothing_of_an_address_leaves_its_attribute():
    told = asked(f'{BASE}kl?mu_p="><script>alert(1)</script>&x=%22%3E%3Cb%3E')
    assert re.fullmatch(r'<iframe src="[^"<>]+" title="[^"<>]+" [^<>]+></iframe>', told["html"])


@pytest.mark.parametrize(
    ("status", "given"),
    [
        (400, {}), (400, {"url": ""}), (400, {"url": f"{BASE}kl?{'x' * 4000}"}),
        (404, {"url": "https://other.example/talks/kl"}), (404, {"url": "https://bits.example/kl"}),
        (404, {"url": BASE}), (404, {"url": f"{BASE}nothing"}), (404, {"url": f"{BASE}kl/ws"}),
        (404, {"url": "javascript:alert(1)"}), (404, {"url": "http://[bits.example/kl"}),
        (404, {"url": "https://bits.example@other.example/talks/kl"}),
        (501, {"url": f"{BASE}kl", "format": "xml"}), (501, {"url": f"{BASE}kl", "format": ""}),
        (400, {"url": f"{BASE}kl", "maxwidth": "-5"}), (400, {"url": f"{BASE}kl", "maxwidth": ""}),
        (400, {"url": f"{BASE}kl", "maxheight": "1e3"}),
        (400, {"url": f"{BASE}kl", "maxheight": "9" * 400}),
        (404, {"url": f"{BASE}kl", "maxwidth": "10"}),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(status, given):
    with pytest.raises(Unanswerable) as refused:
        answer(given, BASE, TITLES)
    assert refused.value.status == status


@pytest.mark.parametrize("path", ["/kl?mu_p=1&mu_q=2", "/pages/kl.html", "/pages/kl.html?mu_p=1",
                                  "/connections", "/pages/connections.html"])  # fmt: skip
def test_a_page_leads_to_its_own_embed(server, path):
    (link,) = re.findall(r"<link [^>]*json\+oembed[^>]*>", server.text(path))
    address = unescape(re.search(r'href="([^"]+)"', link)[1])
    assert parse_qs(urlsplit(address).query)["url"] == [server.address + path]
    with server.get(address.removeprefix(server.address)) as told:
        assert told.headers["content-type"] == "application/json"
        frame = source(json.loads(told.read()))
    slug = re.search(r"kl|connections", path)[0]
    assert frame.path == f"/pages/{slug}.html"
    assert ("mu_p" in frame.fragment) == ("mu_p" in path)
    assert server.status(frame.path) == 200


def test_the_gallery_leads_to_none_and_a_refusal_is_said_in_words(server):
    assert "json+oembed" not in server.text("/")
    page = quote(f"{server.address}/kl", safe="")
    with server.get(f"/oembed?url={page}&format=xml") as told:
        assert told.status == 501
        assert "json" in told.read().decode()
