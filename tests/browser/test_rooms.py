"""A lesson in a room: one teacher, five students, two of them with phones."""

import contextlib
import csv
import io
import json
import math
import re
import socket
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image

from tests.browser.reader import Reader, let_paint
from tests.browser.servers import serving
from tests.browser.test_access import AXE, FOUND, RULES

pytestmark = pytest.mark.browser

HOST = "rooms.example"  # which the tests' browser takes for this machine: a code is for others
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 720}}
PREFIX = "/course"
INSECURE = "Cross-Origin-Opener-Policy header has been ignored"  # there is no TLS here
QUESTION = "Q is moved away from P. What happens to D(P‖Q)?"
CHOICES = ["it falls", "it <b>stays</b>", "it grows"]  # what rooms write is text
SMALL = """(selector) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility())
  .map((one) => parseFloat(getComputedStyle(one).fontSize))"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """The address of a server with rooms, by a name that others could ask."""
    names = f"127.0.0.1 {HOST}"
    command = ["app", "serve", "--rooms", "--allowed-hosts", names, "--prefix", PREFIX]
    log = tmp_path_factory.mktemp("rooms") / "log.txt"
    with serving(log, command, f"{PREFIX}/") as address:
        yield address.replace("127.0.0.1", HOST) + PREFIX


class Line:
    """The line from a browser to a server, which can be cut."""

    def __init__(self, port):
        self._port, self._held, self.is_cut = port, [], False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self):
        while True:
            inner, _ = self._door.accept()
            if self.is_cut:
                inner.close()
                continue
            outer = socket.create_connection(("127.0.0.1", self._port))
            self._held += [inner, outer]
            for pair in ((inner, outer), (outer, inner)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    @staticmethod
    def _carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.is_cut = True
        for one in self._held:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def people(tabs):
    """Let people in, each with a browser of their own."""
    readers = []

    def person(name, **options):
        readers.append(Reader(tabs(jar=name, **(options or LAPTOP))))
        return readers[-1]

    yield person
    for one in readers:
        if not one.page.is_closed():
            one.page.evaluate("localStorage.clear()")
            one.page.close()
        assert [error for error in one.errors if INSECURE not in error] == []


def opened(teacher, address):
    """Open a room and return its code."""
    teacher.open(address, folded=True)
    teacher.button("Open a room").click()
    return teacher.page.locator(".room .code b").inner_text()


def follow(student, link, code):
    student.open(link, folded=True)
    student.reads(f"You follow room {code}.")


def here(teacher, count):
    teacher.until(
        lambda: teacher.page.locator(".room .here").inner_text() == f"{count} here",
        lambda: f"{count} here; it is {teacher.page.locator('.room .here').inner_text()}",
    )


def moves(teacher, mu):
    teacher.type("mean μ of Q", str(mu))


def ask(teacher, question, choices):
    page = teacher.page
    page.get_by_label("A question of your own").fill(question)
    page.get_by_label("Choices, one a line").fill("\n".join(choices))
    teacher.button("Ask").click()


def answers(student, letter):
    student.page.locator(".options button").filter(has_text=re.compile(f"^{letter}")).click()
    student.reads(f"Your answer is in: {letter}")


def bars(reader, *expected):
    """Wait until bars say so, each what it stands for and its numbers."""

    def shown():
        rows = reader.page.locator(".votes li").all_inner_texts()
        return [" ".join(one.split()) for one in rows]

    reader.until(lambda: shown() == [*expected], lambda: f"{expected}; they are {shown()}")


def entropy_of(counts):
    shares = [count / sum(counts) for count in counts if count]
    return -sum(share * math.log2(share) for share in shares)


def posted(student, body):
    """Return the status and the sentence of an answer that no page of ours would send."""
    told = urlsplit(student.page.url)
    code = re.search(r"room=(\w+)", told.query)[1]
    address = f"http://127.0.0.1:{told.port}{PREFIX}/rooms/{code}/answers"
    request = urllib.request.Request(address, json.dumps(body).encode(), method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["error"]


def ticket(student):
    kept = json.loads(student.page.evaluate("localStorage.getItem('bits-and-nats-follows')"))
    return kept[re.search(r"room=(\w+)", student.page.url)[1]]["ticket"]


def test_a_lesson(school, people):
    teacher = people("teacher")
    page = teacher.page
    page.on("dialog", lambda dialog: dialog.accept())
    code = opened(teacher, f"{school}/kl?mu_q=2")
    link = f"{school}/r/{code}"
    assert page.get_by_role("link", name=link.removeprefix("http://")).get_attribute("href") == link
    anna, ben, clara = (people(name, **LAPTOP) for name in ("Anna", "Ben", "Clara"))
    dana, eli = (people(name, **PHONE) for name in ("Dana", "Eli"))
    early = [anna, ben, dana, eli]
    for student in early:
        follow(student, link, code)
        student.shows("kl_pq", teacher.value("kl_pq"))
    here(teacher, 4)
    # a drag arrives, and leaves no trace in a student's history or address
    length = anna.page.evaluate("history.length")
    teacher.drag("mean μ of Q", 0.6, 0.9)
    teacher.at_rest()
    for student in early:
        student.shows("kl_pq", teacher.value("kl_pq"))
    assert anna.page.evaluate("history.length") == length
    assert urlsplit(anna.page.url).fragment == ""
    assert not anna.page.locator("[data-tasks]").is_visible()
    # one explores alone and comes back
    alone = eli.page.get_by_role("button", name="Reset")
    alone.tap()
    eli.reads("You explore alone.")
    own = eli.value("kl_pq")
    moves(teacher, 3)
    teacher.at_rest()
    dana.shows("kl_pq", teacher.value("kl_pq"))
    assert eli.value("kl_pq") == own
    below = eli.page.locator(".far").get_by_role("button", name="Follow again")
    below.tap()  # the bar is out of sight
    eli.shows("kl_pq", teacher.value("kl_pq"))
    # one comes late
    follow(clara, link, code)
    clara.shows("kl_pq", teacher.value("kl_pq"))
    here(teacher, 5)
    students = [*early, clara]

    # a question that is typed on the spot
    teacher.button("Ask the room").click()
    ask(teacher, QUESTION, CHOICES)
    for student in students:
        student.page.get_by_role("heading", name=QUESTION).wait_for()
    phone = dana.page
    card, figure = (
        phone.locator(one).first.bounding_box() for one in (".question", ".figures .figure")
    )
    assert card["y"] + card["height"] <= min(844, figure["y"])
    assert all(one.bounding_box()["height"] >= 44 for one in phone.locator(".options button").all())
    for student, letter in zip(students, "ABBBC", strict=True):
        answers(student, letter)
    teacher.reads("5 of 5 have answered")
    assert (
        page.locator(".votes .rounds").filter(visible=True).count() == 0
    )  # they would lead who has not answered yet
    teacher.button("Show bars").click()
    bars(teacher, "A it falls 1 · 20 %", "B it <b>stays</b> 3 · 60 %", "C it grows 1 · 20 %")
    teacher.reads(f"H = {entropy_of([1, 3, 1]):.2f} of at most {math.log2(3):.2f} bits")
    twice = {"ticket": ticket(anna), "id": 1, "round": 1, "answer": 2}
    assert posted(anna, twice) == (409, "This device has answered already.")
    assert posted(anna, {**twice, "ticket": "forged"})[0] == 403
    anna.page.reload()  # is the same device
    anna.ready()
    anna.reads("Your answer is in: A")
    here(teacher, 5)
    teacher.button("Stop answers").click()
    teacher.reads("answers are stopped")
    teacher.button("Show the answer").click()
    teacher.button("C, it grows").click()
    for student in students:
        bars(
            student,
            "A it falls 1 · 20 %",
            "B it <b>stays</b> 3 · 60 %",
            "C it grows ✓ right 1 · 20 %",
        )
    # after a talk
    teacher.button("Ask again").click()
    for student, letter in zip(students, "ABCCC", strict=True):
        student.page.get_by_text("Once more, after talking to your neighbours").wait_for()
        answers(student, letter)
    bars(
        teacher,
        "A it falls first 1 · 20 % second 1 · 20 %",
        "B it <b>stays</b> first 3 · 60 % second 1 · 20 %",
        "C it grows first 1 · 20 % second 3 · 60 %",
    )
    teacher.reads(f"D(first ‖ second) = {0.6 * math.log2(3) - 0.2 * math.log2(3):.2f} bits")
    teacher.button("Stop answers").click()
    with page.expect_download() as saving:
        teacher.button("Download CSV").click()
    rows = list(csv.reader(io.StringIO(saving.value.path().read_text("utf-8-sig"))))
    counts = [[1, 3, 1], [1, 1, 3]]
    expected = [
        [QUESTION, str(round_), choice, str(count)]
        for round_, row in enumerate(counts, 1)
        for choice, count in zip(CHOICES, row, strict=True)
    ]
    assert rows == [["question", "round", "answer", "count"], *expected]
    # the open task, which asks for a number
    teacher.button("New question").click()
    for student in students:
        student.page.locator(".question").wait_for(state="hidden")
    teacher.button("Ask this task").click()
    ben.page.get_by_label("your answer, a number").fill("2 bits")
    ben.button("Send").click()
    ben.reads("This is asked in nats, not in bits.")
    for student, typed, number in ((dana, "1½", 1.5), (ben, "2", 2), (eli, "1,99 nats", 1.99)):
        student.page.get_by_label("your answer, a number").fill(typed)
        student.button("Send").click()
        student.reads(f"Your answer is in: {number}")
    teacher.reads("3 of 5 have answered")
    teacher.button("Show the answer").click()
    dana.reads("You answered 1.5. Right is 2, give or take 0.01.")
    bars(dana, "1.5 1 · 33 %", "1.99 ✓ right 1 · 33 %", "2 ✓ right 1 · 33 %")

    # another chapter, and the teacher's tab anew
    page.get_by_role("navigation", name="Explorers").get_by_role("link", name="2 Entropy").click()
    teacher.ready()
    for student in students:
        student.page.wait_for_url(f"**/pages/entropy.html?room={code}")
        student.ready()
        student.reads(f"You follow room {code}.")
    here(teacher, 5)
    page.reload()
    teacher.ready()
    here(teacher, 5)
    scene = page.locator("[data-action=preset]").nth(1)
    teacher.click(scene.inner_text())
    teacher.at_rest()
    for student in students:
        student.shows("entropy", teacher.value("entropy"))
    # in front of the class
    teacher.button("Present").click()
    let_paint(page)
    page.keyboard.press("a")
    assert page.locator(".ask").is_visible()
    shown = page.evaluate(SMALL, ".ask :is(p, span, b, button, li), .room b")
    assert min(shown) >= 24
    assert page.evaluate("document.documentElement.scrollHeight") == 720
    page.keyboard.press("Escape")
    assert not page.locator(".ask").is_visible()
    page.keyboard.press("q")
    dialog = page.get_by_role("dialog", name="QR code of this page")
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(dialog.screenshot())))
    assert read.text == link
    assert code in dialog.inner_text()
    page.keyboard.press("q")
    page.keyboard.press("Escape")

    teacher.button("Close room").click()
    assert teacher.button("Open a room").evaluate("(one) => one === document.activeElement")
    for student in students:
        student.reads(f"Room {code} is over.")
    before = ben.value("entropy")
    ben.button("Reset").click()
    ben.moves("entropy", before)


def test_a_line_that_is_cut_is_said_and_comes_back_by_itself(school, people):
    teacher, student = people("teacher"), people("Finn", **PHONE)
    code = opened(teacher, f"{school}/pages/kl.html#mu_q=2")
    line = Line(urlsplit(school).port)
    follow(student, f"http://{HOST}:{line.port}{PREFIX}/r/{code}", code)
    device = ticket(student)
    line.cut()
    student.reads(f"Room {code} cannot be reached just now.")
    moves(teacher, 3)
    line.is_cut = False
    student.reads(f"You follow room {code}.")
    student.shows("kl_pq", teacher.value("kl_pq"))
    assert ticket(student) == device
    here(teacher, 1)
    student.errors = [one for one in student.errors if "net::ERR_" not in one]


def accepted(reader, asked=None):
    """Accept what the browser asks from now on; return the kinds of it, after those there are."""
    asked = [] if asked is None else asked

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    reader.page.on("dialog", accept)
    return asked


def test_a_page_that_loads_itself_anew_asks_nobody_and_leads_on(school, people):
    teacher, student = people("teacher"), people("Finn", **PHONE)
    asked = accepted(teacher)
    line = Line(urlsplit(school).port)
    code = opened(teacher, f"http://{HOST}:{line.port}{PREFIX}/kl?mu_q=2")
    follow(student, f"{school}/r/{code}", code)
    here(teacher, 1)
    teacher.page.evaluate("window.old = true")
    line.cut()
    teacher.reads("The connection to Python is lost.")
    line.is_cut = False
    teacher.page.wait_for_function("() => !window.old")
    teacher.ready()
    here(teacher, 1)
    moves(teacher, 3)
    teacher.at_rest()
    student.shows("kl_pq", teacher.value("kl_pq"))
    teacher.errors = []  # of a line that was cut

    teacher.open(f"http://{HOST}:{line.port}{PREFIX}/pages/kl.html", folded=True)
    assert asked == ["beforeunload"]  # a page cannot know where a typed address leads
    here(teacher, 1)
    teacher.button("Ask the room").click()  # nothing is asked on a page that no hand has touched
    teacher.page.evaluate("window.old = true; location.hash = 'lesson=none'")
    teacher.page.wait_for_function("() => !window.old")
    teacher.ready()
    here(teacher, 1)
    assert asked == ["beforeunload"]


def test_who_follows_again_comes_back_to_a_page_as_it_opens(school, people):
    teacher, student = people("teacher"), people("Finn", **PHONE)
    code = opened(teacher, f"{school}/pages/kl.html")
    follow(student, f"{school}/r/{code}", code)
    before = student.value("kl_pq")
    student.type("mean μ of Q", "3")
    assert student.moves("kl_pq", before) != before
    student.reads("You explore alone.")
    student.page.locator(".far, .room").get_by_role("button", name="Follow again").first.click()
    student.shows("kl_pq", before)


def test_a_tab_that_was_closed_by_mistake_asks_first_and_another_goes_on(school, people):
    teacher, student = people("teacher"), people("Finn", **PHONE)
    asked = accepted(teacher)
    code = opened(teacher, f"{school}/pages/kl.html#mu_q=2")
    place = urlsplit(school).netloc
    teacher.reads(f"any tab of this browser at {place} can go on with it")
    follow(student, f"{school}/r/{code}", code)
    here(teacher, 1)
    chapters = teacher.page.get_by_role("navigation", name="Explorers")
    chapters.get_by_role("link", name="2 Entropy").click()
    student.page.wait_for_url(f"**/pages/entropy.html?room={code}")
    teacher.ready()
    student.ready()
    here(teacher, 1)
    assert asked == []  # the lesson goes on there
    teacher.click(teacher.page.locator("[data-action=preset]").nth(1).inner_text())
    teacher.at_rest()
    entropy = teacher.value("entropy")
    student.shows("entropy", entropy)
    teacher.page.close(run_before_unload=True)
    student.until(teacher.page.is_closed, "the tab is closed")
    assert asked == ["beforeunload"]

    again = people("teacher")
    accepted(again, asked)
    again.open(f"{school}/kl", folded=True)
    student.until(lambda: student.value("entropy") == entropy, "the room has not moved")
    again.button(f"Go on with room {code}").click()
    again.page.wait_for_url("**/pages/entropy.html#*")
    again.ready()
    here(again, 1)
    again.shows("entropy", entropy)
    again.click(again.page.locator("[data-action=preset]").nth(2).inner_text())
    again.at_rest()
    assert again.value("entropy") != entropy
    student.shows("entropy", again.value("entropy"))
    student.reads(f"You follow room {code}.")
    # a third tab goes on with it, too, on the page where the room is
    third = people("teacher")
    third.open(f"{school}/entropy", folded=True)
    third.button(f"Go on with room {code}").click()
    third.shows("entropy", again.value("entropy"))
    here(third, 1)
    accepted(third, asked)
    third.button("Close room").click()
    student.reads(f"Room {code} is over.")
    again.reads(f"Room {code} is over.")
    assert third.page.evaluate("localStorage.getItem('bits-and-nats-taught')") is None
    third.page.reload()
    third.ready()
    assert third.button(f"Go on with room {code}").count() == 0
    assert asked == ["beforeunload", "confirm"]
    again.errors = [one for one in again.errors if "404" not in one]


def test_an_answer_that_was_begun_goes_along_to_another_chapter(school, people):
    teacher, student = people("teacher"), people("Finn", **PHONE)
    code = opened(teacher, f"{school}/pages/kl.html")
    follow(student, f"{school}/r/{code}", code)
    teacher.button("Ask the room").click()
    teacher.button("Ask this task").click()
    field = student.page.get_by_label("your answer, a number")
    field.fill("1.")
    teacher.page.get_by_role("link", name="2 Entropy").first.click()
    student.page.wait_for_url(f"**/pages/entropy.html?room={code}")
    student.ready()
    student.until(lambda: field.input_value() == "1.", "what was typed is there")
    field.press("End")
    field.press_sequentially("5")
    student.button("Send").click()
    student.reads("Your answer is in: 1.5")
    assert student.page.evaluate("sessionStorage.getItem('bits-and-nats-answers')") is None


def test_two_tabs_are_one_device(school, people):
    teacher, first, second = people("teacher"), people("Ida"), people("Ida")
    code = opened(teacher, f"{school}/pages/kl.html")
    for tab in (first, second):
        follow(tab, f"{school}/r/{code}", code)
    here(teacher, 1)
    teacher.button("Ask the room").click()
    ask(teacher, QUESTION, CHOICES)
    first.page.get_by_role("heading", name=QUESTION).wait_for()
    answers(first, "B")
    second.page.locator(".options button").first.click()
    second.reads("This device has answered already.")
    second.reads("Your answer is in: B")
    teacher.button("Show bars").click()
    bars(teacher, "A it falls 0 · 0 %", "B it <b>stays</b> 1 · 100 %", "C it grows 0 · 0 %")
    second.errors = [one for one in second.errors if "409" not in one]


def test_who_comes_to_a_room_that_is_over_is_told_and_can_stay(school, people):
    student = people("Gina")
    student.open(f"{school}/pages/kl.html?room=ABCDEF", folded=True)
    student.reads("There is no room ABCDEF, or it is over.")
    student.button("Close").click()
    assert "room=" not in student.page.url
    assert student.page.locator("[data-tasks]").is_visible()
    student.errors = [one for one in student.errors if "404" not in one]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_cards_and_panel_can_be_used_by_everybody(school, people, scheme):
    teacher, student = people("teacher"), people("Hugo", **PHONE)
    for one in (teacher, student):
        one.page.emulate_media(color_scheme=scheme)
    code = opened(teacher, f"{school}/pages/kl.html")
    follow(student, f"{school}/r/{code}", code)
    teacher.button("Ask the room").click()
    reports = [found(teacher)]
    ask(teacher, QUESTION, CHOICES)
    student.page.get_by_role("heading", name=QUESTION).wait_for()
    assert student.page.evaluate("document.activeElement === document.body")  # no focus is taken
    reports.append(found(student))
    answers(student, "C")
    teacher.button("Show the answer").click()
    reports.append(found(teacher))
    teacher.button("C, it grows").click()
    student.reads("✓ right")
    reports += [found(teacher), found(student)]
    assert reports == [[]] * 5
    assert student.page.evaluate("document.documentElement.scrollWidth") <= 390


def found(reader):
    reader.page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    return reader.page.evaluate(FOUND, {"runOnly": {"type": "tag", "values": RULES}})
