"""Attacks every regular expression of the three packages with the texts that it is slowest on.

    python -m tests.attack.expressions [--seed N] [--count N] [--characters N]

All are found by themselves: in the globals of every module and what these hold, in calls of ``re`` within functions,
and in the records of the languages. Each is run as the code runs it. One that takes more than five seconds of
a processor on a million characters has failed; so has an expression that is made where this cannot see it.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import pkgutil
import random
import re
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from types import FrameType, ModuleType
from typing import Any

from tests.attack.worst_inputs import Input, worst_inputs

PACKAGES = ("aligner", "media", "web")
LONGEST_SECONDS = 5.0  # of a processor; what is linear takes under one, what grows with the square takes minutes
CHARACTERS = 1_000_000
SWAPPED_CHARACTERS = 1_000  # of a number in words, at most 24 digits read one by one: all that swaps are made in
# Where an expression is made of what is only known at work, and what stands for it here.
MADE_AT_WORK = {
    ("aligner.normalization.nonstandard_words", "pattern"),  # the languages' ordinals
    ("aligner.normalization.nonstandard_words", "reading.ordinal"),
    ("aligner.normalization.nonstandard_words", "pattern"),  # the languages' swaps
    ("aligner.normalization.nonstandard_words", r"'[1-9],\\d{3}' if reading.point_is_decimal else '[1-9]\\.\\d{3}'"),
    ("aligner.normalization.readings", "reading.ordinal"),
}
_SCANNING = frozenset({"finditer", "findall", "sub", "subn", "split", "scanner"})
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
    """Every module of the packages; what trains the model is run in a checkout alone."""
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not found.name.startswith("aligner.training") and not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def expressions() -> tuple[list[Expression], set[tuple[str, str]]]:
    """Every expression once, and the (module, source) of those that are made at work."""
    ways: dict[re.Pattern[Any], set[str]] = {}
    where: dict[re.Pattern[Any], str] = {}
    made: set[tuple[str, str]] = set()
    for module in modules():
        for name, value in vars(module).items():
            for pattern in _held(value, set()):
                where.setdefault(pattern, f"{module.__name__}.{name}")
        for pattern, way, line in _called(module, made):
            where.setdefault(pattern, f"{module.__name__}:{line}")
            ways.setdefault(pattern, set()).add(way)
    for name, pattern in _of_languages():
        where.setdefault(pattern, f"aligner.languages {name}")
    found = [Expression(where[each], each, tuple(sorted(ways.get(each) or _WAYS))) for each in where]
    return sorted(found, key=lambda each: (each.where, str(each.pattern.pattern))), made


def _held(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The expressions that a global is or holds."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _held(inner, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _held(inner, seen)
    elif isinstance(value, type) and value.__module__.partition(".")[0] in PACKAGES:
        yield from _held(tuple(vars(value).values()), seen)
    elif inspect.isfunction(value):
        yield from _held((*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()), seen)


def _called(module: ModuleType, made: set[tuple[str, str]]) -> Iterator[tuple[re.Pattern[Any], str, int]]:
    """The expressions that a module's code runs, with the way and the line; others go into ``made``."""
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        held = vars(module).get(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(held, re.Pattern) and (way := _way(node.attr)):
            yield held, way, node.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
            method = ast.unparse(node.func).removeprefix("re.")
            if method not in ("compile", *_WAYS) and not _way(method):
                continue
            try:
                pattern = re.compile(_value(node.args[0], module), _flags(node, method, module))
            except NameError:
                made.add((module.__name__, ast.unparse(node.args[0])))
                continue
            for way in [_way(method)] if _way(method) else []:
                yield pattern, str(way), node.lineno


def _way(method: str) -> str | None:
    return "scan" if method in _SCANNING else method if method in _WAYS else None


def _value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), dict(vars(module)))  # our own source


def _flags(call: ast.Call, method: str, module: ModuleType) -> int:
    """The flags of a call of ``re``: named, or after the arguments that its method takes before them."""
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(method, 2)
    given = [each.value for each in call.keywords if each.arg == "flags"] + call.args[at : at + 1]
    return int(_value(given[0], module)) if given else 0


def _of_languages() -> Iterator[tuple[str, re.Pattern[str]]]:
    """The expressions in the languages' records: those of ordinals, and what is swapped for what."""
    from aligner.languages import KNOWN

    for language in KNOWN.values():
        numbers, ordinals = language.reading.cardinals, language.reading.ordinals
        for pattern in filter(None, (ordinals.pattern, ordinals.more)):
            yield "ordinal", re.compile(pattern)
            yield "ordinal", re.compile(pattern, re.ASCII)
        for part in (numbers, ordinals):
            for field in fields(part):
                if field.type == "Swaps":
                    yield from (("swaps", re.compile(pattern)) for pattern, _ in getattr(part, field.name))


class TooSlowError(BaseException):
    """The second is over. No ``Exception``, so that nothing of what is attacked catches it."""


def _over(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def seconds(expression: Expression, way: str, given: Input, characters: int) -> float | None:
    """The processor time that an expression takes on an input, None where it is too much."""
    text: str | bytes = given.text(characters)
    if isinstance(expression.pattern.pattern, bytes):
        text = str(text).encode("latin-1", errors="replace")
    signal.signal(signal.SIGPROF, _over)
    start = time.process_time()
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, LONGEST_SECONDS)
            _WAYS[way](expression.pattern, text)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except TooSlowError:
        return None
    return time.process_time() - start


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000, help="the most inputs for each expression")
    parser.add_argument("--characters", type=int, default=CHARACTERS)
    parser.add_argument("--only", default="", help="expressions of which the name or source has this in it")
    given = parser.parse_args(arguments)
    found, made = expressions()
    runs, slowest, failures = 0, 0.0, [f"made at work: {module}: {source}" for module, source in made - MADE_AT_WORK]
    for expression in found:
        if given.only not in f"{expression.where} {expression.pattern.pattern!r}":
            continue
        inputs = worst_inputs(expression.pattern)
        random.Random(f"{given.seed} {expression.pattern.pattern!r}").shuffle(inputs)
        for way in expression.ways:
            slow = []
            for each in inputs[: given.count]:
                most = SWAPPED_CHARACTERS if expression.where == "aligner.languages swaps" else given.characters
                taken = seconds(expression, way, each, min(most, given.characters))
                runs, slowest = runs + 1, max(slowest, taken or 0.0)
                if taken is None:
                    slow.append(each)
                    if len(slow) == 3:
                        break
            if slow:
                failures.append(f"{expression.where} {way} {expression.pattern.pattern!r:.100}: {slow}")
    print(f"expressions {len(found)}  inputs {runs}  characters {given.characters}", end="  ")
    print(f"slowest {slowest:.2f} s  failures {len(failures)}", *failures, sep="\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
