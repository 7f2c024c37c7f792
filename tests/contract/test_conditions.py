"""Conditions: what they may say, what they may not, and that both languages agree on them."""

import contextlib
import json
import math
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from app.contract.conditions import LONGEST, NUMBER, NUMBERS, TEXT, TEXTS, condition, holds

ROOT = Path(__file__).parents[2]
KINDS = {
    "a": NUMBER, "b": NUMBER, "zero": NUMBER, "endless": NUMBER, "nothing": NUMBER,
    "p": NUMBERS, "none": NUMBERS, "word": TEXT, "words": TEXTS,
}  # fmt: skip
KNOWN = {
    "a": 2.5, "b": -0.75, "zero": 0.0, "endless": math.inf, "nothing": math.nan,
    "p": [0.5, 0.25, 0.25], "none": [], "word": "sun", "words": ["sun", "rain"],
}  # fmt: skip


def is_true(text, base=2.0):
    return holds(condition(text, KINDS), KNOWN, base)


@pytest.mark.parametrize(
    "text",
    ["a == 2.5", "a > b", "a >= 2.5 and b < 0", "not a < b", "a < b or a > b", "0 < a < 3",
     "a + b == 1.75", "a - b == 3.25", "a * b == -1.875", "a / 2 == 1.25", "a ** 2 == 6.25",
     "a ** 0 == 1", "zero ** 0 == 1", "b ** 3 == -0.421875", "a ** 2.0 == 6.25",
     "a > 5e-324 > 0", "zero == 0e-999", "zero == 0.0",
     "-a == 0 - a", "abs(b) == .75", "min(p) == .25", "max(p) == .5", "sum(p) == 1", "len(p) == 3",
     "len(words) == 2", "min(a, b, 0) == b", "max(a, b) == a", "p[0] == .5", "words[1] == 'rain'",
     "word == 'sun'", 'word != "rain"', "bits(a) == a", "abs(nats(a) - 1.7328679514) < 1e-9",
     "endless > 1e299", r"word != '\d'", "zero == 0", "len(none) == 0", "sum(none) == 0"],
)  # fmt: skip
def test_a_condition_means_what_it_says(text):
    assert is_true(text)


@pytest.mark.parametrize(
    "undefined", ["p[3]", "a / zero", "min(none)", "nothing", "max(nothing, 1)",
                  "endless - endless", "endless ** 2", "(a * 1e200) ** 3"],
)  # fmt: skip
def test_no_comparison_with_what_is_undefined_holds_but_unlike(undefined):
    for sign in ("<", "<=", ">", ">=", "=="):
        assert not is_true(f"{undefined} {sign} 1")
    assert is_true(f"{undefined} != 1")


def test_units_are_converted_from_the_one_that_is_shown():
    assert holds(condition("bits(a) == 2.5", KINDS), KNOWN, 2.0)
    assert holds(condition("nats(a) == 2.5", KINDS), KNOWN, math.e)
    assert holds(condition("abs(bits(a) - 2.5 / 0.6931471805599453) < 1e-14", KINDS), KNOWN, math.e)


@pytest.mark.parametrize(
    ("text", "said"),
    [("a >", "cannot be read"), ("a = 1", "cannot be read"), ("", "cannot be read"),
     ("c > 1", "names “c”"), ("a", "it must be a comparison"), ("a > word", "compares a number"),
     ("word > 'a'", "compares a text"), ("p == 1", "compares numbers"),
     ("p > 1", "compares numbers"),
     ("a % 2 == 0", "alone"), ("a // 2 == 0", "alone"), ("a ** 9 > 1", "a power"),
     ("2 ** a > 1", "a power"), ("a ** -1 > 1", "a power"),
     ("a ** 0.5 == 2", "has “a ** 0.5”: a power is a whole number from 0 to 8"),
     ("a ** 2.5 > 1", "a whole number"),
     ("a > 1e-400", "has “1e-400”, which is too small"), ("p[0] > -0.3E-999 + 1", "“0.3E-999”"),
     ("a > 0." + "0" * 330 + "1", "too small"), ("a is 1", "alone"),
     ("a in p", "alone"), ("~a > 1", "do not have"), ("+a > 1", "do not have"),
     ("(a > 1) + 1 > 1", "for a number"), ("a and b", "for a comparison"),
     ("not a", "for a comparison"),
     ("a[0] > 1", "for a list"), ("p[a] > 1", "a place in a list"), ("p[-1] > 1", "a place"),
     ("p[0:1] > 1", "a place"), ("p[True] > 1", "a place"), ("p[9999] > 1", "a place"),
     ("all(p)", "there are abs"), ("any(p)", "there are abs"), ("eval('1') > 0", "there are abs"),
     ("__import__('os') > 0", "there are abs"), ("a.real > 1", "do not have"),
     ("abs() > 1", "of something"),
     ("abs(a, b) > 1", "gives abs 2"), ("bits(p) > 1", "for a number"), ("sum(a) > 1", "no list"),
     ("sum(a, b) > 1", "gives sum 2"), ("len(word) > 1", "no list"), ("max(words) > 1", "no list"),
     ("min(p, key=a) > 1", "of something"), ("abs(*p) > 1", "do not have"),
     ("[a for a in p] > 1", "do not"),
     ("lambda: 1", "do not have"), ("(a := 1) > 0", "do not have"),
     ("a if a > 1 else b", "do not have"),
     ("f'{a}' == 'x'", "do not have"), ("True", "neither a number"),
     ("None == 1", "neither a number"),
     ("1j == 1", "neither a number"), ("b'x' == 1", "neither a number"),
     ("... == 1", "neither a number"),
     ("a > 1e999", "too large"), (f"a > {'9' * 310}", "too large"), ("{a} > 1", "do not have"),
     ("a > 1; b > 1", "cannot be read"), ("a > 1\nimport os", "cannot be read"),
     ("-" * 300 + "a > 1", "levels"),
     ("not " * 90 + "a > 1", "levels"), ("(" * 399, "cannot be read"),
     ("a > 1" + " " * LONGEST, "long"),
     ("a" + "+a" * 150 + " > 1", "levels"), ("a\x00 > 1", "cannot be read")],
)  # fmt: skip
def test_what_a_condition_does_not_have_is_refused_in_words(text, said):
    with pytest.raises(ValueError, match=re.escape(said)) as refused:
        condition(text, KINDS)
    assert len(str(refused.value)) < LONGEST + 200


def test_parentheses_alone_are_no_levels():
    assert is_true("(" * 150 + "a" + ")" * 150 + " > 1")


# Both languages


def random_number(rng, depth):
    leaf = [
        "a",
        "b",
        "zero",
        "endless",
        "nothing",
        "p[0]",
        "p[5]",
        "1",
        "0",
        "2.5",
        "1e299",
        "len(words)",
    ]
    if depth > 4 or rng.random() < 0.3:
        return str(rng.choice(leaf))
    inner = [random_number(rng, depth + 1) for _ in range(3)]
    forms = [
        f"({inner[0]} {rng.choice(['+', '-', '*', '/'])} {inner[1]})", f"(-{inner[0]})",
        f"({inner[0]}) ** {rng.choice(['2', '1', '0', '3', '8'])}", f"abs({inner[0]})",
        f"{rng.choice(['min', 'max'])}({', '.join(inner)})",
        f"{rng.choice(['min', 'max', 'sum', 'len'])}({rng.choice(['p', 'none'])})",
        f"{rng.choice(['bits', 'nats'])}({inner[0]})",
    ]  # fmt: skip
    return forms[rng.integers(len(forms))]


def random_truth(rng, depth=0):
    if depth > 2 or rng.random() < 0.4:
        if rng.random() < 0.2:
            return (
                f"{rng.choice(['word', 'words[1]', 'words[4]'])} {rng.choice(['==', '!='])} 'rain'"
            )
        sides = [random_number(rng, depth) for _ in range(rng.integers(2, 4))]
        signs = rng.choice(["<", "<=", ">", ">=", "==", "!="], len(sides) - 1)
        return sides[0] + "".join(f" {s} {t}" for s, t in zip(signs, sides[1:], strict=True))
    parts = [f"({random_truth(rng, depth + 1)})" for _ in range(2)]
    return f"not {parts[0]}" if rng.random() < 0.3 else f" {rng.choice(['and', 'or'])} ".join(parts)


def made(count):
    rng, found = np.random.default_rng(12), []
    while len(found) < count:
        text = random_truth(rng)
        if len(text) <= LONGEST:
            found.append(text)
    return found


def test_the_page_evaluates_as_python_does():
    # In the last digit, too: of each power Python's own is what is written beside it.
    bases = np.random.default_rng(13).uniform(-20, 20, 40)
    powers = [
        f"({x!r}) ** {n} == {math.prod([x] * n)!r}" for x in bases.tolist() for n in (3, 7, 8)
    ]
    readable = []
    for text in made(800) + powers:
        with contextlib.suppress(ValueError):  # some are too deep
            readable.append(condition(text, KINDS))
    assert len(readable) > 500
    code = """
    import { readFileSync } from 'node:fs';
    import { holds } from './static/contract/conditions.js';
    const number = (one) => ({ Infinity, NaN })[one] ?? one;
    const { nodes, known } = JSON.parse(readFileSync(0, 'utf8'), (_, one) => number(one));
    const found = [2, Math.E].map((base) => nodes.map((node) => holds(node, known, base)));
    console.log(JSON.stringify(found));
    """
    unwritten = {"endless": "Infinity", "nothing": "NaN"}  # which JSON lacks
    asked = json.dumps({"nodes": readable, "known": {**KNOWN, **unwritten}})
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", code], cwd=ROOT, check=False,
        input=asked, capture_output=True, text=True,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    for base, told in zip((2.0, math.e), json.loads(answer.stdout), strict=True):
        want = [holds(node, KNOWN, base) for node in readable]
        assert 0.2 < np.mean(want) < 0.8
        assert told == want
