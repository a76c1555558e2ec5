"""A change of a Markdown file's text in its source: what has not changed keeps its links, its emphasis and its layout.

Where the words that gave way stand in the source as they are shown, they alone are replaced; else the paragraph is
written anew, without emphasis. Whether that went well is told by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aligner.errors import TranscriptError
from aligner.transcript.draft import Draft
from aligner.transcript.formats import decode
from aligner.transcript.markdown import read_markdown, source_blocks

_MARKS = re.compile(r"[\\`*_<&~|]")
_BRACKETS = re.compile(r"[\[\]]")
_OPENING = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)]))(?=\s|[=-]|$)")
_WORDS = re.compile(r"\s+|\S+")


def patched(content: bytes, before: str, text: str, file: str) -> bytes | None:
    """The Markdown in ``content``, which says ``before``, so changed that it says ``text``; None where that fails."""
    try:
        source = decode(content, file)
        lines = source.replace("\r\n", "\n").replace("\r", "\n")
        draft = read_markdown(source, file)
        if draft.text != before:
            return None
        for escaped in (_MARKS, re.compile(f"{_MARKS.pattern}|{_BRACKETS.pattern}")):
            new = _replaced(lines, before, text, escaped)
            if new is not None and _same(read_markdown(new, file), text, draft):
                return (new.replace("\n", "\r\n") if "\r\n" in source else new).encode("utf-8")
    except (TranscriptError, UnicodeEncodeError):
        return None
    return None


def _same(read: Draft, text: str, before: Draft) -> bool:
    return (read.text, read.title, read.language) == (text, before.title, before.language)


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines of the source that are to be others."""

    start: int
    stop: int
    lines: Sequence[str]


def _replaced(source: str, before: str, text: str, escaped: re.Pattern[str]) -> str | None:
    lines = source.split("\n")
    changes = _changes(source, lines, before.split("\n")[:-1], text.split("\n")[:-1], escaped)
    if changes is None:
        return None
    for change in reversed(changes):
        lines[change.start : change.stop] = change.lines
    return "\n".join(lines)


def _changes(
    source: str, lines: Sequence[str], old: Sequence[str], new: Sequence[str], escaped: re.Pattern[str]
) -> list[_Change] | None:
    """The changes of the source, in order; None where its blocks are not the lines of the text."""
    from rapidfuzz.distance import Levenshtein

    blocks = source_blocks(source)
    owner = [at for at, block in enumerate(blocks) for _ in range(block.count)]
    if len(owner) != len(old):
        return None
    first = {at: owner.index(at) for at in set(owner)}
    changes: list[_Change] = []
    for edit in Levenshtein.opcodes(list(old), list(new)):
        put_in = list(new[edit.dest_start : edit.dest_end])
        if edit.tag == "equal":
            continue
        if edit.tag == "insert":
            beside = blocks[owner[edit.src_start - 1]] if edit.src_start else None
            place = beside.stop if beside else blocks[owner[0]].start
            paragraphs = _paragraphs(put_in, escaped)
            changes.append(_Change(place, place, ["", *paragraphs] if beside else [*paragraphs, ""]))
            continue
        touched = range(owner[edit.src_start], owner[edit.src_end - 1] + 1)
        start, stop = first[touched.start], first[touched.stop - 1] + blocks[touched.stop - 1].count
        whole = [*old[start : edit.src_start], *put_in, *old[edit.src_end : stop]]
        place, end = blocks[touched.start].start, blocks[touched.stop - 1].stop
        if len(whole) == stop - start == len(touched):
            changes += (
                _within(lines, blocks[at].start, blocks[at].stop, (old[start + k], whole[k]), escaped)
                for k, at in enumerate(touched)
            )
        else:
            changes.append(_Change(place, end, _paragraphs(whole, escaped)))
    return _joined(changes)


def _joined(changes: Sequence[_Change]) -> list[_Change] | None:
    """The changes, if none touches what another does."""
    apart = all(a.stop <= b.start for a, b in pairwise(changes))
    return list(changes) if apart else None


def _within(lines: Sequence[str], start: int, stop: int, pair: tuple[str, str], escaped: re.Pattern[str]) -> _Change:
    """The lines of a block in which the words that differ are replaced, and no others, if they are found there once."""
    source, (old, new) = "\n".join(lines[start:stop]), pair
    for gone, put_in in _narrow(old, new):
        if gone and source.count(gone) == 1:
            return _Change(start, stop, source.replace(gone, escaped.sub(r"\\\g<0>", put_in)).split("\n"))
    return _Change(start, stop, _paragraphs([new], escaped))


def _narrow(old: str, new: str) -> Iterator[tuple[str, str]]:
    """What differs of two lines in whole words, then with more and more of the words around it."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    same = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    most = min(len(a), len(b)) - same
    left = next((k for k in range(most) if a[-1 - k] != b[-1 - k]), most)
    for around in range(0, max(len(a), len(b)) + 2, 2):
        i, j = max(0, same - around), min(left, max(0, left - around))
        yield "".join(a[i : len(a) - j]), "".join(b[i : len(b) - j])


def _paragraphs(texts: Sequence[str], escaped: re.Pattern[str]) -> list[str]:
    return [line for k, text in enumerate(texts) for line in ([""] if k else []) + [_escaped(text, escaped)]]


def _escaped(text: str, escaped: re.Pattern[str]) -> str:
    """The text as Markdown that shows it."""
    marked = escaped.sub(r"\\\g<0>", text)
    return _OPENING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", marked)
