"""What is done to a page last: what it does not need goes, and a content policy comes."""

from __future__ import annotations

import base64
import hashlib
import re

from .bundle import Script, without_unused_rules

_ID = re.compile(r"(?<=\")p\d{4,}(?=\")|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ALL = r'"filter":\{"type":"object","name":"AllIndices","id":"p\d+"\}'
_OWN_DEFAULT = re.compile(
    r',"(?:selected|selection_policy|view)":\{"type":"object",'
    r'"name":"(?:Selection|UnionRenderers|CDSView)","id":"(p\d+)"'
    rf'(?:,"attributes":\{{(?:"indices":\[\],"line_indices":\[\]|{_ALL})\}})?\}}'
)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)


def finished(html: str, beside: str = "", *, connects: bool = False) -> str:
    """Leave out what the page's style has for others, and add its content policy.

    ``beside`` is the script that the page shares with others. The policy allows these very scripts,
    no others, and nothing from elsewhere; a page that ``connects`` may ask its own host.
    """
    html = _shortly_told(without_unused_rules(html, beside))
    own = " 'self'" if any("src=" in one["attributes"] for one in _SCRIPT.finditer(html)) else ""
    asks = "connect-src 'self'; " if connects else ""
    policy = (
        f"default-src 'none'; script-src {script_hashes(html)}{own}; style-src 'unsafe-inline'; "
        f"img-src data: blob:{own}; {asks}base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<!--policy-->", meta, 1)


def _shortly_told(html: str) -> str:
    """Return a page without models that BokehJS makes by itself, its ids counted from 0.

    Bokeh's own are random or grow with its process, and so would every page's weight.
    """
    ids: dict[str, str] = {}
    shared = set(re.findall(r'\{"id":"(p\d+)"\}', html))
    bare = _OWN_DEFAULT.sub(lambda one: one[0] if one[1] in shared else "", html)
    return _ID.sub(lambda found: ids.setdefault(found[0], f"b{len(ids)}"), bare)


def scripts_apart(html: str) -> tuple[str, list[Script]]:
    """Return a finished page whose scripts are files beside it, and these files.

    It is for hosts whose own policy allows no script that stands in a page.
    """
    files = []

    def taken_out(script: re.Match[str]) -> str:
        if not _stands_here(script):
            return script[0]
        files.append(Script.called("page", script["code"]))
        return f'<script{script["attributes"]} src="{files[-1].name}"></script>'

    by_name = re.sub(r"script-src [^;]*", "script-src 'self'", html, count=1)  # the page's policy
    return _SCRIPT.sub(taken_out, by_name), files


def script_hashes(html: str) -> str:
    """Return what in a content policy allows the scripts that stand in a page, and no others."""
    hashes = []
    for script in _SCRIPT.finditer(html):
        if _stands_here(script):
            digest = hashlib.sha256(script["code"].encode()).digest()
            hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    return " ".join(hashes)


def _stands_here(script: re.Match[str]) -> bool:
    """Return whether a script's code runs and stands in the page."""
    return not re.search("src=|application/json", script["attributes"])
