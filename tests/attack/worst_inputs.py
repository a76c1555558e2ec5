"""What a regular expression is slowest on, read off its own parts.

An expression is slow where it can go on in many ways and none of them ends well. So for each repetition in it: text
that leads to it, then what it repeats, or two such things in turns, again and again, then something on which all fails.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from re import _compiler, _parser  # type: ignore[attr-defined]
from re import _constants as ops  # type: ignore[attr-defined]
from typing import Any

# Characters that classes are tried on, in this order, and those on which expressions fail.
PLANTED = "a 1A.-\n_\t:,'é<[(日¹\u200d!/@#|=xI"
FAILING = ("", "\0", "a\n", " \0")
_VARIANTS = 3  # of what a part matches, each from other characters of its classes
Node = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Input:
    """A text of any length: what it starts with, what it repeats, what it ends with."""

    lead: str
    pump: str
    tail: str

    def text(self, characters: int) -> str:
        return self.lead + self.pump * (characters // len(self.pump)) + self.tail


@dataclass(frozen=True, slots=True)
class _Repetition:
    lead: str
    body: Sequence[Node]
    after: str


def worst_inputs(pattern: re.Pattern[Any]) -> list[Input]:
    """The inputs of one expression, no two alike; for one of bytes they are in Latin-1."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = list(_parser.parse(source, pattern.flags & ~re.DEBUG))
    whole = [_sample(tree, variant) for variant in range(_VARIANTS)]
    found = [Input("", pump, tail) for pump in [*whole, *(text[:-1] for text in whole), *PLANTED] for tail in FAILING]
    for repetition in _repetitions(tree, ""):
        found += _inputs(repetition)
    return [each for each in dict.fromkeys(found) if each.pump]


def _inputs(repetition: _Repetition) -> Iterator[Input]:
    bodies = list(dict.fromkeys(_sample(repetition.body, variant) for variant in range(_VARIANTS)))
    pumps = [*bodies, *(a + b for a in bodies for b in bodies if a != b)]
    pumps += [body + repetition.after for body in bodies[:2]]
    for pump in pumps:
        for lead in ("", repetition.lead):
            yield from (Input(lead, pump, tail) for tail in FAILING)
        yield Input("", repetition.lead + pump, "\0")  # where it starts again and again
        yield Input("", repetition.lead + pump + "\0", "")
    yield Input("", repetition.lead, "\0")


def _repetitions(nodes: Sequence[Node], lead: str) -> Iterator[_Repetition]:
    for at, (op, value) in enumerate(nodes):
        so_far, after = lead + _sample(nodes[:at], 0), _sample(nodes[at + 1 :], 0)
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            yield _Repetition(so_far, list(value[2]), after)
        for inner in _inner(op, value):
            yield from _repetitions(inner, so_far)


def _inner(op: Any, value: Any) -> list[Sequence[Node]]:
    """The expressions within a node; those that look back or ahead are expressions too."""
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        return [list(value[2])]
    if op is ops.SUBPATTERN:
        return [list(value[3])]
    if op is ops.BRANCH:
        return [list(branch) for branch in value[1]]
    if op is ops.ATOMIC_GROUP:
        return [list(value)]
    return [list(value[1])] if op in (ops.ASSERT, ops.ASSERT_NOT) else []


def _sample(nodes: Sequence[Node], variant: int) -> str:
    """Text that the nodes match, if what they look at lets it."""
    return "".join(_of_node(op, value, variant) for op, value in nodes)


def _of_node(op: Any, value: Any, variant: int) -> str:
    if op in (ops.LITERAL, ops.NOT_LITERAL, ops.IN, ops.ANY):
        taken = _characters(op, value)
        return taken[variant % len(taken)]
    if op in (ops.ASSERT_NOT, ops.AT, ops.GROUPREF, ops.GROUPREF_EXISTS) or (op is ops.ASSERT and value[0] < 0):
        return ""
    inner = _inner(op, value)
    times = max(1, value[0]) if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT) else 1
    return "" if op is ops.ASSERT else _sample(inner[variant % len(inner)], variant) * times


def _characters(op: Any, value: Any) -> list[str]:
    """Return some characters that one node matches."""
    node = _compiler.compile(_parser.SubPattern(_parser.State(), [(op, value)]))
    taken = [char for char in PLANTED if node.match(char)]
    others = (chr(code) for code in range(0x20000))
    return taken or list(islice(filter(node.match, others), _VARIANTS)) or ["a"]
