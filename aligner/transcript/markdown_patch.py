"""Apply a change of a transcript's text to the Markdown file from which it was read.

Unchanged blocks (such as paragraphs) are not touched. A correction within a block preserves the block's links and
emphasis. A block that is split, joined or rewritten loses links and emphasis, but its speaker's label is written in the
file's style. A changed file is used only if reading it gives exactly the new text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, product

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript, outermost
from aligner.transcript.formats import decode
from aligner.transcript.markdown import SourceBlock, read_markdown, source_blocks

_PREFIX = re.compile(r"\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+){0,20}(?:#{1,6}[ \t]+)?")
_OPENING = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)]))(?=\s|[=-]|$)")
_MARKUP = re.compile(r"[\\`*_<&~|\[\]]")
_EMPHASIS = "*_\\"  # emphasis around a label, and its escapes
_NAME = "{}"  # placeholder for the speaker
_HEADING = "## "


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph of a transcript's text. ``label``, at its beginning, names the ``speaker``; both may be ""."""

    text: str
    label: str = ""
    speaker: str = ""
    is_heading: bool = False


def text_lines(transcript: Transcript) -> list[TextLine]:
    """Return the paragraphs of a transcript. Each line of the transcript's text must be one paragraph."""
    segments = [transcript.segments[at] for at, _ in outermost(transcript.segments)]
    by_end = {segment.char_end: segment for segment in segments}
    lines, end = [], 0
    for text in transcript.text.split("\n")[:-1]:
        start, end = end, end + len(text) + 1
        segment = by_end.get(end - 1)
        label = text[: segment.char_start - start] if segment and segment.speaker else ""
        if segment and any(map(str.isalnum, label)):
            lines.append(TextLine(text, label, segment.speaker or ""))
        else:
            lines.append(TextLine(text, is_heading=segment is not None and segment.kind is Kind.HEADING))
    return lines


def patched(content: bytes, before: Transcript, now: Transcript, file: str) -> bytes | None:
    """Return ``content``, the Markdown file of ``before``, changed to the text of ``now``; None if not possible."""
    try:
        source = decode(content, file)
        draft = read_markdown(source, file)
        patch = _Patch.of(source.replace("\r\n", "\n").replace("\r", "\n"), before)
        if draft.text != before.text or patch is None:
            return None
        for keeps_markup, escapes in product((True, False), (False, True)):
            new = patch.applied(text_lines(now), keeps_markup, escapes)
            if new is None:
                return None
            read = read_markdown(new, file)
            if (read.text, read.title, read.language) == (now.text, draft.title, draft.language):
                return (new.replace("\n", "\r\n") if "\r\n" in source else new).encode("utf-8")
    except (TranscriptError, UnicodeEncodeError):
        return None
    return None


@dataclass(frozen=True, slots=True)
class _Patch:
    """A Markdown file to change: its source ``lines``, the paragraphs of its text (``old``), its ``blocks``, and for
    each paragraph the index of its block (``block_of``). ``label`` is the most frequent form of a speaker's label, as
    text and as Markdown, with a placeholder for the name."""

    lines: Sequence[str]
    old: Sequence[TextLine]
    blocks: Sequence[SourceBlock]
    block_of: Sequence[int]
    label: tuple[str, str] | None

    @classmethod
    def of(cls, source: str, before: Transcript) -> _Patch | None:
        """Return the patch for a file, or None if its blocks do not correspond to the paragraphs of its text."""
        lines, old, blocks = source.split("\n"), text_lines(before), source_blocks(source)
        block_of = [at for at, block in enumerate(blocks) for _ in range(block.count)]
        if len(block_of) != len(old):
            return None
        labels: Counter[tuple[str, str]] = Counter()
        for line, at in zip(old, block_of, strict=True):
            text = "\n".join(lines[blocks[at].start : blocks[at].stop])
            if line.label and (found := _label_source(text, line.label)):
                labels[line.label.replace(line.speaker, _NAME, 1), found.replace(line.speaker, _NAME, 1)] += 1
        return cls(lines, old, blocks, block_of, max(labels, key=labels.__getitem__, default=None))

    def applied(self, new: Sequence[TextLine], keeps_markup: bool, escapes: bool) -> str | None:
        """Return the source changed to the paragraphs ``new``; None if tables, code or HTML would change, or if changes
        overlap. With ``keeps_markup``, changed blocks keep their markup; with ``escapes``, new text is escaped."""
        changes: list[tuple[int, int, list[str]]] = []
        for gone, come in _differing(self.old, new):
            lines = list(new[come.start : come.stop])
            if not gone:
                changes.append(self._insertion(gone.start, lines, escapes))
                continue
            touched = range(self.block_of[gone.start], self.block_of[gone.stop - 1] + 1)
            blocks = [self.blocks[at] for at in touched]
            if not all(block.is_prose for block in blocks):
                return None
            start = self.block_of.index(touched.start)
            stop = start + sum(block.count for block in blocks)
            old, whole = self.old[start:stop], [*self.old[start : gone.start], *lines, *self.old[gone.stop : stop]]
            texts = [self._paragraph(line, escapes) for line in whole]
            if keeps_markup and len(whole) == len(old) == len(blocks):
                rows = zip(blocks, old, whole, texts, strict=True)
                texts = [self._edited(block, was, line, escapes) or text for block, was, line, text in rows]
            changes.append((blocks[0].start, blocks[-1].stop, "\n\n".join(texts).split("\n") if texts else []))
        if not all(one[1] <= other[0] for one, other in pairwise(changes)):
            return None
        lines_now = [*self.lines]
        for first, last, text in reversed(changes):
            lines_now[first:last] = text
        return "\n".join(lines_now)

    def _insertion(self, place: int, new: Sequence[TextLine], escapes: bool) -> tuple[int, int, list[str]]:
        text = "\n\n".join(self._paragraph(line, escapes) for line in new).split("\n")
        if not place:
            first = self.blocks[self.block_of[0]].start
            return first, first, [*text, ""]
        stop = self.blocks[self.block_of[place - 1]].stop
        return stop, stop, ["", *text]

    def _edited(self, block: SourceBlock, old: TextLine, new: TextLine, escapes: bool) -> str | None:
        """Return a block's source with only the differing words replaced. Return None if these words contain markup or
        occur twice. ``escapes`` says whether to escape characters in new words."""
        from rapidfuzz.distance import Postfix, Prefix

        source, length = "\n".join(self.lines[block.start : block.stop]), len(old.text)
        first = Prefix.similarity(old.text, new.text)
        end = Postfix.similarity(old.text[first:], new.text[first:])
        while first and old.text[first - 1].isalnum():
            first -= 1
        while end and old.text[length - end].isalnum():
            end -= 1
        while first and source.count(old.text[first : length - end]) != 1:
            first = old.text.rfind(" ", 0, first - 1) + 1
        words, text = old.text[first : length - end], new.text[first : len(new.text) - end]
        if old.is_heading != new.is_heading or source.count(words) != 1:
            return None
        return source.replace(words, _escaped(text) if escapes else text)

    def _paragraph(self, line: TextLine, escapes: bool) -> str:
        text = _escaped(line.text) if escapes else line.text
        if line.is_heading:
            return _HEADING + text
        if self.label and line.label and line.label.replace(line.speaker, _NAME, 1) == self.label[0]:
            return self.label[1].replace(_NAME, line.speaker, 1) + text.removeprefix(line.label)
        return _OPENING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _label_source(source: str, label: str) -> str | None:
    """Return the Markdown of a label at a block's start, as ``**Ana:** `` for the label ``Ana:``; None if not found."""
    opening = _PREFIX.match(source)
    start = at = opening.end() if opening else 0
    for char in label.rstrip():
        while at < len(source) and source[at] in _EMPHASIS and source[at] != char:
            at += 1
        if source[at : at + 1] != char:
            return None
        at += 1
    stop = len(source) - len(source[at:].lstrip(_EMPHASIS).lstrip())
    found = source[start:stop]
    return found if found.count("*") % 2 == found.count("_") % 2 == 0 else None


def _differing(old: Sequence[TextLine], new: Sequence[TextLine]) -> Iterator[tuple[range, range]]:
    from rapidfuzz.distance import Levenshtein

    sides = ([(line.text, line.is_heading) for line in lines] for lines in (old, new))
    for is_equal, run in groupby(Levenshtein.opcodes(*sides), key=lambda edit: edit.tag == "equal"):
        edits = list(run)
        if not is_equal:
            yield range(edits[0].src_start, edits[-1].src_end), range(edits[0].dest_start, edits[-1].dest_end)
