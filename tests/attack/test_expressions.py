"""No regular expression takes more than some seconds on its worst inputs."""

import ast
import importlib
import inspect
import pkgutil
import random
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from types import FrameType, ModuleType
from typing import Any

import pytest

from aligner.languages import KNOWN
from tests.attack.effort import often
from tests.attack.worst_inputs import Input, worst_inputs
from tests.tables import over_rows

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="processor time is not limited here")

PACKAGES = ("aligner", "media", "web")
LONGEST_SECONDS = 5.0  # of a processor; what is linear takes under one, what grows with the square takes minutes
REPLACED_CHARACTERS = 1_000  # of a number in words: the longest text of the languages' replacements
MADE_AT_WORK = {
    "ordinal",
    "pattern",
    "reading.ordinals.pattern",
    r"'[1-9],\\d{3}' if numbers.point_is_decimal else '[1-9]\\.\\d{3}'",
}
"""Expressions that are only known at run time, from the languages' records."""

_SCANNING = frozenset({"finditer", "findall", "sub", "subn", "split", "scanner"})
_FLAGS_AT = {"compile": 1, "sub": 4, "subn": 4, "split": 3}
_WAYS: Mapping[str, Callable[[re.Pattern[Any], Any], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "scan": lambda pattern, text: deque(pattern.finditer(text), maxlen=0),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, where it stands, and the ways in which it is run."""

    where: str
    pattern: re.Pattern[Any]
    ways: tuple[str, ...]


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not found.name.startswith("aligner.training") and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


@cache
def expressions() -> tuple[list[Expression], set[str]]:
    """Return every expression once, and the sources of those that are made at work."""
    where: dict[re.Pattern[Any], str] = {}
    ways: dict[re.Pattern[Any], set[str]] = {}
    made_at_work: set[str] = set()
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _held(value):
                where.setdefault(pattern, f"{module.__name__}.{name}")
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            try:
                found = _run_by(node, module)
            except NameError as error:
                made_at_work.add(str(error.args[-1]))
                continue
            if found:
                pattern, way = found
                where.setdefault(pattern, f"{module.__name__}:{getattr(node, 'lineno', 0)}")
                ways.setdefault(pattern, set()).update({way} & _WAYS.keys())
    for name, pattern in _of_languages():
        where.setdefault(pattern, f"aligner.languages {name}")
    return [Expression(where[each], each, tuple(ways.get(each) or _WAYS)) for each in where], made_at_work


def _held(value: object) -> Iterator[re.Pattern[Any]]:
    """Yield the expressions that a global is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from (pattern for inner in value.values() for pattern in _held(inner))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (pattern for inner in value for pattern in _held(inner))


def _run_by(node: ast.AST, module: ModuleType) -> tuple[re.Pattern[Any], str] | None:
    """Return the expression that a piece of code runs or compiles, and the way."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        held = vars(module).get(node.value.id)
        return (held, "scan" if node.attr in _SCANNING else node.attr) if isinstance(held, re.Pattern) else None
    match node:
        case ast.Call(ast.Attribute(ast.Name("re"), method), [source, *_]) if method in {"compile", *_SCANNING, *_WAYS}:
            flags = [each.value for each in node.keywords if each.arg == "flags"]
            flags += node.args[_FLAGS_AT.get(method, 2) :][:1]
            try:
                pattern = re.compile(_value(source, module), _value(flags[0], module) if flags else 0)
            except NameError as error:
                raise NameError(ast.unparse(source)) from error
            return pattern, "scan" if method in _SCANNING else method
    return None


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))  # our own source


def _of_languages() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the expressions in the languages' records: those of ordinals and of replacements."""
    for reading in (language.reading for language in KNOWN.values()):
        for pattern in filter(None, (reading.ordinals.pattern, reading.ordinals.ambiguous)):
            yield from (("ordinal", re.compile(pattern, flags)) for flags in (0, re.ASCII))
        for part in (reading.cardinals, reading.ordinals):
            for field in fields(part):
                if field.type == "Replacements":
                    yield from (("replacements", re.compile(old)) for old, _ in getattr(part, field.name))


class TooSlowError(BaseException):
    """The time is over. No ``Exception``, so that nothing of what is attacked catches it."""


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def is_quick(pattern: re.Pattern[Any], way: str, given: Input, characters: int, longest: float) -> bool:
    """Return whether an expression takes no more processor time than that on an input."""
    text: str | bytes = given.text(characters)
    if isinstance(pattern.pattern, bytes):
        text = str(text).encode("latin-1", errors="replace")
    before = signal.signal(signal.SIGPROF, _give_up)
    start = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, longest)
        _WAYS[way](pattern, text)
    except TooSlowError:
        return False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - start <= longest


@pytest.mark.nightly
@over_rows("characters, count", [(20_000, often(3)), (1_000_000, often(1))])
def test_every_expression_is_quick_on_its_worst_inputs(characters: int, count: int) -> None:
    slow = []
    for each in expressions()[0]:
        inputs = worst_inputs(each.pattern)
        random.Random(repr(each.pattern.pattern)).shuffle(inputs)
        most = min(characters, REPLACED_CHARACTERS) if each.where == "aligner.languages replacements" else characters
        for way in each.ways:
            slow += [
                f"{each.where} {way} {each.pattern.pattern!r:.100}: {given}"
                for given in inputs[:count]
                if not is_quick(each.pattern, way, given, most, LONGEST_SECONDS)
            ]
    assert slow == []


@pytest.mark.nightly
def test_expressions_are_found_in_every_kind_of_call() -> None:
    found, made_at_work = expressions()
    assert made_at_work <= MADE_AT_WORK
    where = {expression.where for expression in found}
    assert len(found) > 200
    assert {"aligner.languages ordinal", "aligner.languages replacements"} <= where


@over_rows(
    "pattern, way, quick",
    [
        (r"(?:a+)+b", "match", False),
        (r"\s+$", "search", False),
        (r"a\s*:?\s*b", "match", False),
        (r"<[^>]*>", "scan", False),
        (r"(?<!\s)\s++$", "scan", True),
    ],
)
def test_a_slow_expression_is_found(pattern: str, way: str, quick: bool) -> None:
    planted = re.compile(pattern)
    assert all(is_quick(planted, way, each, 100_000, 5.0 if quick else 0.2) for each in worst_inputs(planted)) is quick
