"""What is wrong with a caption file, and the blocks of lines that both formats are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that a file breaks; ``line`` counts from 1."""

    line: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines without a blank one between them; ``line`` is the number of the first."""

    line: int
    lines: tuple[str, ...]


def split_lines(text: str) -> list[str]:
    """The lines of a caption file: CR, LF and CRLF end a line, no other character does."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def blocks(lines: Sequence[str], first_line: int, is_blank: Callable[[str], bool]) -> Iterator[Block]:
    """Group lines at blank ones; ``first_line`` is the number of ``lines[0]``."""
    group: list[str] = []
    for number, line in enumerate([*lines, ""], start=first_line):
        if is_blank(line) or number == first_line + len(lines):
            if group:
                yield Block(number - len(group), tuple(group))
            group = []
        else:
            group.append(line)
