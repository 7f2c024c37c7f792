"""Conditions over a page's numbers, such as ``abs(kl_pq - 2) <= 0.01``, in a small safe language.

It is written as Python writes it and is never run as Python: ``ast`` reads it, every node is looked
up below, and what comes out are nested lists, ``["<=", ["abs", …], 0.01]``, that a small walker
evaluates here and another, ``static/contract/conditions.js``, in the browser. Both agree on what
is undefined: an entry that is not there, a division by zero, a power that is no finite number. No
comparison with it holds but ``!=``.
"""

from __future__ import annotations

import ast
import math
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

LONGEST = 400  # characters of a condition
DEEPEST = 16  # levels of it, one inside the other
HIGHEST_POWER = 8

NUMBER, TEXT, NUMBERS, TEXTS, TRUTH = "a number", "a text", "numbers", "texts", "a comparison"

_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARED = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_OF_ONE = ("abs", "bits", "nats")
_OF_MANY = ("min", "max", "sum", "len")
CALLS = ", ".join((*_OF_ONE, *_OF_MANY))

Node = Any  # a number, or a list whose first entry says what it is
_Typed = tuple[Node, str]


def condition(text: str, kinds: Mapping[str, str]) -> Node:
    """Return a condition as nested lists, or raise ``ValueError`` that says what is wrong.

    ``kinds`` says of every name whether it is a number, a text, or a list of either.
    """
    if len(text) > LONGEST:
        raise ValueError(f"is {len(text)} characters long; {LONGEST} are the most")
    text = text.strip()
    try:
        with warnings.catch_warnings(action="ignore"):  # of “\d”, which Python would remark on
            tree = ast.parse(text, mode="eval")
        node, kind = _read(tree.body, kinds, 1)
    except (SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"cannot be read: “{text}”") from None
    if kind != TRUTH:
        raise ValueError(f"“{text}” is {kind}; it must be a comparison, such as {text[:20]} > 1")
    _refuse_lost(text, tree)
    return node


def _read(tree: ast.AST, kinds: Mapping[str, str], depth: int) -> _Typed:
    if depth > DEEPEST:
        raise ValueError(f"has more than {DEEPEST} levels, one inside the other")
    read = _READERS.get(type(tree))
    if read is None:
        raise ValueError(f"has {_shown(tree)}, which conditions do not have")
    return read(tree, kinds, depth + 1)


def _shown(tree: ast.AST) -> str:
    return f"“{ast.unparse(tree)[:40]}”"


def _constant(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    value = tree.value
    if isinstance(value, str):
        return ["text", value], TEXT
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"has {_shown(tree)}, which is neither a number nor a text")
    if not abs(value) < 1e300:
        raise ValueError("has a number that is too large")
    return float(value), NUMBER


def _refuse_lost(text: str, tree: ast.AST) -> None:
    """Refuse a number such as 1e-400, which is smaller than any double and would read as 0."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Constant) and one.value == 0:
            written = ast.get_source_segment(text, one) or ""
            if re.search("[1-9]", re.split("[eE]", written)[0]):
                raise ValueError(f"has “{written[:40]}”, which is too small and would read as 0")


def _name(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    if tree.id not in kinds:
        raise ValueError(f"names “{tree.id}”, which this chapter has not{similar(tree.id, kinds)}")
    return ["name", tree.id], kinds[tree.id]


def similar(name: str, known: Iterable[str]) -> str:
    """Return which names may have been meant, and what says them all."""
    near = get_close_matches(name, known, n=3)
    meant = f"; did you mean {' or '.join(near)}?" if near else ";"
    return f"{meant} “check --names” lists all that there are"


def _number(tree: ast.AST, kinds: Mapping[str, str], depth: int) -> Node:
    node, kind = _read(tree, kinds, depth)
    if kind != NUMBER:
        raise ValueError(f"takes {_shown(tree)} for a number, but it is {kind}")
    return node


def _arithmetic(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    sign = _BINARY.get(type(tree.op))
    if sign is None:
        raise ValueError(f"has {_shown(tree)}; there are + - * / ** alone")
    left, right = _number(tree.left, kinds, depth), _number(tree.right, kinds, depth)
    if sign == "**" and not _is_small(right):
        what = f"a power is a whole number from 0 to {HIGHEST_POWER}"
        raise ValueError(f"has {_shown(tree)}: {what}")
    return [sign, left, right], NUMBER


def _is_small(power: Node) -> bool:
    return isinstance(power, float) and power.is_integer() and 0 <= power <= HIGHEST_POWER


def _unary(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    if isinstance(tree.op, ast.Not):
        return ["not", _truth(tree.operand, kinds, depth)], TRUTH
    if not isinstance(tree.op, ast.USub):
        raise ValueError(f"has {_shown(tree)}, which conditions do not have")
    return ["-", 0.0, _number(tree.operand, kinds, depth)], NUMBER


def _truth(tree: ast.AST, kinds: Mapping[str, str], depth: int) -> Node:
    node, kind = _read(tree, kinds, depth)
    if kind != TRUTH:
        raise ValueError(f"takes {_shown(tree)} for a comparison, but it is {kind}")
    return node


def _joined(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    word = "and" if isinstance(tree.op, ast.And) else "or"
    return [word, *(_truth(one, kinds, depth) for one in tree.values)], TRUTH


def _compared(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    sides = [tree.left, *tree.comparators]
    read = [_read(side, kinds, depth) for side in sides]
    steps = []
    for op, left, right in zip(tree.ops, read, read[1:], strict=False):
        sign = _COMPARED.get(type(op))
        if sign is None:
            raise ValueError(f"has {_shown(tree)}; there are < <= > >= == != alone")
        _refuse_unlike(tree, sign, left[1], right[1])
        steps.append([sign, left[0], right[0]])
    return (steps[0] if len(steps) == 1 else ["and", *steps]), TRUTH


def _refuse_unlike(tree: ast.AST, sign: str, left: str, right: str) -> None:
    both_texts = left == right == TEXT and sign in ("==", "!=")
    if not both_texts and not left == right == NUMBER:
        raise ValueError(f"compares {left} with {right} in {_shown(tree)}")


def _entry(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    node, kind = _read(tree.value, kinds, depth)
    if kind not in (NUMBERS, TEXTS):
        raise ValueError(f"takes {_shown(tree.value)} for a list, but it is {kind}")
    place = tree.slice
    if not (isinstance(place, ast.Constant) and type(place.value) is int and place.value < 1000):
        raise ValueError(f"has {_shown(tree)}: a place in a list is a whole number, 0 the first")
    return ["at", node, place.value], NUMBER if kind == NUMBERS else TEXT


def _call(tree: Any, kinds: Mapping[str, str], depth: int) -> _Typed:
    name = tree.func.id if isinstance(tree.func, ast.Name) else ""
    if name not in (*_OF_ONE, *_OF_MANY) or tree.keywords or not tree.args:
        raise ValueError(f"calls {_shown(tree)}; there are {CALLS} alone, each of something")
    if name in _OF_MANY and len(tree.args) == 1:
        node, kind = _read(tree.args[0], kinds, depth)
        if kind != NUMBERS and not (name == "len" and kind == TEXTS):
            raise ValueError(f"takes {name} of {_shown(tree.args[0])}, which is {kind}, no list")
        return [name, node], NUMBER
    given = [_number(one, kinds, depth) for one in tree.args]
    if (len(given) > 1) != (name in ("min", "max")):
        raise ValueError(f"gives {name} {len(given)} things in {_shown(tree)}")
    return [name, *given], NUMBER


_READERS: dict[type, Callable[[Any, Mapping[str, str], int], _Typed]] = {
    ast.Constant: _constant, ast.Name: _name, ast.BinOp: _arithmetic, ast.UnaryOp: _unary,
    ast.BoolOp: _joined, ast.Compare: _compared, ast.Subscript: _entry, ast.Call: _call,
}  # fmt: skip


def holds(node: Node, known: Mapping[str, Any], base: float) -> bool:
    """Return whether a condition holds of values by name, measured in logarithms to a base."""
    return bool(_value(node, known, base))


def _value(node: Node, known: Mapping[str, Any], base: float) -> Any:
    if isinstance(node, int | float):
        return float(node)
    word, *parts = node
    if word == "text":
        return parts[0]
    if word == "name":
        return known[parts[0]]
    if word == "at":
        return _at(_value(parts[0], known, base), parts[1])
    values = [_value(part, known, base) for part in parts]
    if word in ("bits", "nats"):
        return values[0] * (math.log(base) if word == "nats" else math.log(base) / math.log(2))
    return _WORDS[word](*values)


def _at(values: Sequence[Any], place: int) -> Any:
    return values[place] if place < len(values) else math.nan


def _divided(a: float, b: float) -> float:
    return a / b if b else math.nan


def _power(a: float, b: float) -> float:
    power = math.prod([a] * int(b), start=1.0)  # each product is rounded alike in both languages
    return power if math.isfinite(power) else math.nan


def _added(values: Sequence[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


def _extreme(choose: Callable[[Sequence[float]], float]) -> Callable[..., float]:
    def chosen(*given: Any) -> float:
        values = given[0] if isinstance(given[0], list | tuple) else given
        if not values or any(math.isnan(one) for one in values):
            return math.nan
        return choose(values)

    return chosen


_WORDS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": _divided, "**": _power, "abs": abs, "sum": _added, "len": len,
    "min": _extreme(min), "max": _extreme(max),
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "not": lambda a: not a, "and": lambda *a: all(a), "or": lambda *a: any(a),
}  # fmt: skip
