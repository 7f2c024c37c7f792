"""Live sessions over the websocket: what gets in, what comes out, and what ends them."""

import base64
import contextlib
import json
import threading

import numpy as np
import pytest
from bokeh.util.token import generate_jwt_token, generate_session_id, get_session_id
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from app.explorers.kl.explorer import KL
from app.hosting.metrics import Metrics
from app.hosting.sockets import MOST_OPENED, Sockets
from app.hosting.websocket_filter import UnfitError, fit_message, guarded
from tests.chapters import taken
from tests.loops import run_apart
from tests.waits import PATIENCE, wait_until

HEADER = {"msgid": "1", "msgtype": "PATCH-DOC"}
SECRET = "correct horse battery staple, twice"
ODD = [float("nan"), 1e308, -1e308, -5, "text", None, [], {}, [[]], True, "NaN", "1e999"]
PLAIN = {"type": "map", "entries": [["seq", 1], ["changes", [["mu_p", 1.5]]]]}


def message(*events, header=HEADER):
    return [json.dumps(part) for part in (header, {}, {"events": list(events)})]


def changed(new, attr="state", model=None):
    return {"kind": "ModelChanged", "model": model or {"id": "p1"}, "attr": attr, "new": new}


def anything(model, attribute):
    return True


def passed(*events, has=anything):
    return json.loads(fit_message(message(*events), has)[2])["events"]


def test_a_change_of_a_control_gets_through_and_is_answered(server, session):
    page = session(server)
    frame = page.ask(["mu_p", 2.0], ["sigma_p", 0.5])
    exact = KL.compute(**{**KL.defaults(), "mu_p": 2.0, "sigma_p": 0.5}).readouts
    assert frame["readouts"]["kl_pq"] == exact["kl_pq"]


def test_a_page_that_asks_for_it_gets_each_answer_in_one_piece(server, session):
    page = session(server)
    for seq in (1, 2):  # what confirms the first is already under way
        entries = [["seq", seq], ["changes", [["mu_p", seq / 2]]], ["whole", True]]
        page.set("state", {"type": "map", "entries": entries})
        pieces = [page.socket.recv(PATIENCE).split("\n") for _ in range(4 if seq == 1 else 2)]
    kinds = {json.loads(header)["msgtype"]: json.loads(content) for header, _, content in pieces}
    assert set(kinds) == {"OK", "PATCH-DOC"}
    (frame,) = (one for one in kinds["PATCH-DOC"]["events"] if one.get("attr") == "frame")
    assert ["mu_p", 1.0] in dict(frame["new"]["entries"])["state"]["entries"]


def test_an_odd_value_is_refused_with_words_and_the_session_lives(server, session):
    page = session(server)
    for raw in ODD:
        written = {"type": "number", "value": "nan"} if raw != raw else raw
        frame = page.ask(["sigma_p", {"type": "map", "entries": []} if raw == {} else written])
        assert frame["state"] == KL.defaults(), raw
        assert "width σ of P must" in KL.phrase(frame["messages"][0]), raw
        assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0
        page.ask(["reset", None])


def test_only_what_a_page_sends_passes():
    told = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
    ready = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": told}
    fit = [changed(PLAIN), changed(800, "inner_width"), ready]
    unfit = [
        changed("text"), changed(PLAIN, "frame"), changed("alert(1)", "html"),
        changed(-1, "inner_width"), changed("9", "inner_width"), changed(1e300, "outer_height"),
        changed({"type": "object", "name": "Figure", "id": "x"}), 5, None, {},
        changed({"type": "map", "entries": [["a", {"type": "object", "name": "Div"}]]}),
        changed({"type": "map", "entries": [[1, 2]]}), changed({"type": "map", "entries": 5}),
        changed(PLAIN, model={"id": "p1", "type": "object", "name": "Div"}),
        {"kind": "RootAdded", "model": {"id": "p1"}}, {"kind": "TitleChanged", "title": "x"},
        {**ready, "msg_data": {"type": "event", "name": "button_click"}},
        {"kind": "ColumnDataChanged", "model": {"id": "p1"}, "attr": "data", "data": {}},
    ]  # fmt: skip
    assert passed(*fit, *unfit) == fit


@pytest.mark.parametrize("fragments", [
    ["x", "{}", "{}"], ["[]", "{}", "{}"], ["{}", "{}", "{}"], [json.dumps(HEADER), "{}", "[]"],
    message(header={**HEADER, "msgtype": "PUSH-DOC"}), [json.dumps(HEADER), "{}", '{"events": 1}'],
    message(header={**HEADER, "num_buffers": 1}), message(header={**HEADER, "msgid": 5}),
    [json.dumps(HEADER), "{}", '{"events": [NaN]}'], [json.dumps(HEADER), "{}", "[" * 20000],
])  # fmt: skip
def test_what_is_no_message_of_a_page_is_refused(fragments):
    with pytest.raises(UnfitError):
        fit_message(fragments, anything)


def closed(page):
    try:
        while True:
            page.socket.recv(PATIENCE)
    except ConnectionClosed as end:
        return end.rcvd


def test_a_message_of_another_kind_ends_the_session_with_a_code_and_no_insides(server, session):
    page = session(server)
    page.write("PUSH-DOC", {"doc": {}})
    end = closed(page)
    assert end.code == 1008
    assert end.reason == "This message is none that a page of ours sends."


def test_the_whole_document_is_sent_once_a_connection(server, session):
    page = session(server)  # which has pulled it
    page.write("PULL-DOC-REQ", {})
    assert closed(page).code == 1008


def test_a_message_over_the_limit_ends_the_session(server, session):
    page = session(server)
    page.set("state", {"type": "map", "entries": [["x", "y" * 66_000]]})
    assert closed(page).code == 1009


def test_a_chunk_of_a_file_fits_the_limit(server, session):
    page = session(server)
    page.set("state", {"type": "map", "entries": [["upload", "y" * 48 * 1024]]})
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0


def test_tampering_with_what_is_unknown_says_nothing_of_our_insides(server, session):
    page = session(server)
    for model in ("p999999999", "x" * 1000):
        page.write("PATCH-DOC", {"events": [changed(PLAIN, model={"id": model})]})
        assert page.reply("OK") == {}
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0


def test_an_error_that_bokeh_reports_goes_out_without_its_insides():
    sent = []

    async def send(event):
        sent.append(event.get("text") or event)

    insides = {"text": "KeyError('/secret')", "traceback": "Traceback: File /secret"}
    error = '{"msgid": "p1", "msgtype": "ERROR", "reqid": "1"}'

    async def report():
        outbound = guarded(None, send, anything)[1]
        for text in (error, "{}", json.dumps(insides), error.replace("ERROR", "OK"), "{}", "{}"):
            await outbound({"type": "websocket.send", "text": text})
        await outbound({"type": "websocket.close", "code": 1011, "reason": "File /secret"})

    run_apart(report())
    assert "secret" not in str(sent)
    assert json.loads(sent[2])["traceback"] is None
    assert sent[3:6] == [error.replace("ERROR", "OK"), "{}", "{}"]


def refusal(server, token, slug="kl", **options):
    address = f"ws://127.0.0.1:{server.port}/{slug}/ws"
    with (
        pytest.raises(InvalidStatus) as caught,
        connect(address, subprotocols=["bokeh", token], open_timeout=PATIENCE, **options),
    ):
        pass
    return caught.value.response


def forged(page, secret=b"a guess", **payload):
    """Return a token for a page's session that somebody else made."""
    name = get_session_id(page.token)
    return generate_jwt_token(name, secret_key=secret, signed=bool(secret), extra_payload=payload)


def test_a_stranger_gets_no_session(server, session):
    page = session(server)
    nested = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    bomb = forged(page, secret=None, arguments="x" * 10**7)  # 10 kB, unpacked a thousandfold
    tokens = ("x", "e30", "bm9uZQ.x", page.token[:-8], nested, f"{nested}.{nested[:40]}")
    for token in (*tokens, forged(page), forged(page, secret=None), bomb[:8000]):
        assert refusal(server, token).status_code == 403
    assert refusal(server, page.token, origin="https://stranger.example").status_code == 403
    assert "Traceback" not in server.log.read_text()


def test_a_session_opens_at_its_own_chapter_alone(server, session):
    """At another's address that chapter's document would be built, past the cap."""
    page = session(server)
    for slug in ("entropy", "surprise", "kl/", "nothing"):
        assert refusal(server, page.token, slug).status_code == 403
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0


def test_a_session_takes_a_few_websockets_not_hundreds(server, session):
    page, address = session(server), f"ws://127.0.0.1:{server.port}/kl/ws"
    asked = {"subprotocols": ["bokeh", page.token], "open_timeout": PATIENCE}
    with contextlib.ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(connect(address, **asked))
        assert refusal(server, page.token).status_code == 403
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0


def test_a_session_is_not_opened_again_and_again(server, session):
    """Each time it may ask for the whole document."""
    page, address = session(server), f"ws://127.0.0.1:{server.port}/kl/ws"
    for _ in range(MOST_OPENED - 1):
        with connect(address, subprotocols=["bokeh", page.token], open_timeout=PATIENCE) as one:
            one.recv()
    assert refusal(server, page.token).status_code == 403


def test_processes_with_one_secret_take_each_others_names():
    first, second = (Sockets(None, SECRET.encode(), (), Metrics(), named=True) for _ in range(2))
    name = generate_session_id(secret_key=SECRET.encode(), signed=True)
    token = generate_jwt_token(name, secret_key=SECRET.encode(), signed=True)
    scope = {"subprotocols": ["bokeh", token]}
    assert first._signed_name(scope) == second._signed_name(scope) == name
    assert Sockets(None, b"another", (), Metrics(), named=True)._signed_name(scope) == ""


def test_pages_of_a_host_that_is_named_may_open_a_session(roomy, session):
    page = session(roomy, origin="https://proxy.example")
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0


def test_a_session_is_gone_soon_after_its_page(start):
    from tests.hosting.conftest import Session

    server = start("--sessions", "1", "--session-lifetime", "1")
    page = Session(server)
    assert "All live sessions" in server.text("/kl")
    page.close()
    wait_until(lambda: "All live sessions" not in server.text("/kl"), "room for a session")


# Each refusal costs a session, of which the server builds the figures anew.
@pytest.mark.parametrize("count", [15, taken(150, always=False)])
def test_fuzzed_messages_leave_the_server_standing(roomy, session, count):
    fuzz(roomy, session, count, seed=3)


def test_a_client_that_floods_its_socket_lets_others_be_served(server, session):
    reader, flooder = session(server), session(server)
    calm = reader.least_wait()
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            flooder.write("PATCH-DOC", {"events": []})

    def swallow():
        with contextlib.suppress(TimeoutError, ConnectionClosed):
            while not stop.is_set():
                flooder.socket.recv(1)

    threads = [threading.Thread(target=act) for act in (flood, swallow)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: flooder.seq > 500, "a flood")
        assert reader.least_wait() < 20 * calm  # it was 400 times as long
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def fuzz(server, session, count, seed):
    """Send mutated messages; whatever comes back must say nothing of our insides."""
    rng = np.random.default_rng(seed)
    page = session(server)
    for _ in range(count):
        try:
            mutate(page, rng)
        except ConnectionClosed:
            page = session(server)
    page = session(server)
    assert page.ask(["mu_p", 1.0])["state"]["mu_p"] == 1.0
    log = server.log.read_text()
    assert "Traceback" not in log
    assert server.process.poll() is None


def mutate(page, rng):
    """Send one message with a random part of it replaced; read what has come back."""
    entries = [["seq", 1], ["changes", [["mu_p", ODD[rng.integers(len(ODD))]]]]]
    text = json.dumps(changed({"type": "map", "entries": entries}, model={"id": page.front}))
    place, cut = rng.integers(len(text), size=2)
    noise = bytes(rng.integers(32, 127, size=rng.integers(0, 9), dtype=np.uint8)).decode()
    text = text if rng.random() < 0.3 else text[:place] + noise + text[place + cut % 5 :]
    for part in (json.dumps(HEADER), "{}", f'{{"events": [{text}]}}'):
        page.socket.send(part)
    while True:
        try:
            answer = page.socket.recv(0.01)
        except TimeoutError:
            return
        assert "Traceback" not in str(answer)
