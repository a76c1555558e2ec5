"""A change of a Markdown file's text in its source: what has not changed keeps its links, its emphasis and its layout.

Paragraphs that nobody touched stay to the letter, and so do tables, code and HTML. In one that changed, the words that
stay keep their marks, as long as it then says what it is to say; else it is written anew. Whether that went well is
told by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, product

from aligner.errors import TranscriptError
from aligner.model import Transcript
from aligner.transcript.draft import Draft
from aligner.transcript.formats import decode
from aligner.transcript.markdown import SourceBlock, read_markdown, source_blocks
from aligner.transcript.markdown_lines import ESCAPED, MarkdownStyle, TextLine, source_line, text_lines


def patched(content: bytes, before: Transcript, now: Transcript, file: str) -> bytes | None:
    """The Markdown in ``content``, which says ``before``, so changed that it says ``now``; None where that fails."""
    try:
        source = decode(content, file)
        lines = source.replace("\r\n", "\n").replace("\r", "\n")
        draft = read_markdown(source, file)
        if draft.text != before.text:
            return None
        patch = _patch(lines, before)
        for keeps_marks, escaped in product((True, False), ESCAPED):
            new = patch.replaced(text_lines(now), escaped, keeps_marks) if patch else None
            if new is not None and _same(read_markdown(new, file), now.text, draft):
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


@dataclass(frozen=True, slots=True)
class _Patch:
    """A source by lines, the lines of the text that it shows, and its blocks: ``owner`` is that of each of those, and
    ``first`` where each begins among them."""

    lines: Sequence[str]
    old: Sequence[TextLine]
    blocks: Sequence[SourceBlock]
    owner: Sequence[int]
    first: Sequence[int]
    style: MarkdownStyle

    def replaced(self, new: Sequence[TextLine], escaped: re.Pattern[str], keeps_marks: bool) -> str | None:
        """The source that shows the ``new`` lines, unless two changes touch the same block, or one touches what is no
        prose."""
        changes = self._changes(new, escaped, keeps_marks)
        if changes is None or not all(a.stop <= b.start for a, b in pairwise(changes)):
            return None
        lines = [*self.lines]
        for change in reversed(changes):
            lines[change.start : change.stop] = change.lines
        return "\n".join(lines)

    def _changes(self, new: Sequence[TextLine], escaped: re.Pattern[str], keeps_marks: bool) -> list[_Change] | None:
        changes: list[_Change] = []
        for gone, come in _differing(self.old, new):
            put_in = list(new[come.start : come.stop])
            if not gone:
                beside = self.blocks[self.owner[gone.start - 1]] if gone.start else None
                place = beside.stop if beside else self.blocks[self.owner[0]].start
                paragraphs = _parted([self.style.paragraph(line, escaped) for line in put_in])
                changes.append(_Change(place, place, ["", *paragraphs] if beside else [*paragraphs, ""]))
            else:
                touched = range(self.owner[gone.start], self.owner[gone.stop - 1] + 1)
                if not all(self.blocks[at].is_prose for at in touched):
                    return None
                start = self.first[touched.start]
                stop = self.first[touched.stop - 1] + self.blocks[touched.stop - 1].count
                whole = [*self.old[start : gone.start], *put_in, *self.old[gone.stop : stop]]
                changes += self._touched(touched, self.old[start:stop], whole, escaped, keeps_marks)
        return changes

    def _touched(
        self,
        touched: range,
        old: Sequence[TextLine],
        new: Sequence[TextLine],
        escaped: re.Pattern[str],
        keeps_marks: bool,
    ) -> list[_Change]:
        if keeps_marks and len(new) == len(old) == len(touched) > 1:
            return [
                change
                for k, at in enumerate(touched)
                for change in self._touched(range(at, at + 1), old[k : k + 1], new[k : k + 1], escaped, keeps_marks)
            ]
        made = None
        if keeps_marks and new and len(old) == len(touched):
            blocks = [self.blocks[at] for at in touched]
            sources = ["\n".join(self.lines[block.start : block.stop]) for block in blocks]
            made = self.style.changed([*map(source_line, sources, old)], old, new, escaped)
        if made is None:
            made = [self.style.paragraph(line, escaped) for line in new]
        return [_Change(self.blocks[touched.start].start, self.blocks[touched.stop - 1].stop, _parted(made))]


def _differing(old: Sequence[TextLine], new: Sequence[TextLine]) -> Iterator[tuple[range, range]]:
    """Where lines gave way to others, as far as none between them stayed."""
    from rapidfuzz.distance import Levenshtein

    told = ([(line.text, line.is_heading) for line in lines] for lines in (old, new))
    for is_equal, run in groupby(Levenshtein.opcodes(*told), key=lambda edit: edit.tag == "equal"):
        edits = list(run)
        if not is_equal:
            yield range(edits[0].src_start, edits[-1].src_end), range(edits[0].dest_start, edits[-1].dest_end)


def _patch(source: str, before: Transcript) -> _Patch | None:
    """What a change of a source needs; None where its blocks are not the lines of the text."""
    lines, old, blocks = source.split("\n"), text_lines(before), source_blocks(source)
    owner = [at for at, block in enumerate(blocks) for _ in range(block.count)]
    if len(owner) != len(old):
        return None
    first = [owner.index(at) for at in range(len(blocks))]
    pairs = [
        (source_line("\n".join(lines[block.start : block.stop]), old[at]), old[at])
        for block, at in zip(blocks, first, strict=True)
        if block.is_prose
    ]
    return _Patch(lines, old, blocks, owner, first, MarkdownStyle.of(pairs))


def _parted(paragraphs: Sequence[str]) -> list[str]:
    return [line for k, text in enumerate(paragraphs) for line in [""] * (k > 0) + text.split("\n")]
