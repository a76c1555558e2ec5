"""A change of a Markdown file's text in its source: what has not changed keeps its links and emphasis.

Paragraphs that nobody touched stay to the letter, and so do tables, code and HTML. In one that changed, the words that
stay keep their marks, as long as it then says what it is to say; else it is written again, its label marked as the
file marks those it has. Whether that went well is found by reading the file again.
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

_TOKEN = re.compile(r"[^\S\n]+|[^\W_]+|.", re.DOTALL)
_PREFIX = re.compile(r"\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+){0,20}(?:#{1,6}[ \t]+)?")
_OPENING = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)]))(?=\s|[=-]|$)")
_MARKUP = re.compile(r"[\\`*_<&~|\[\]]")
_EMPHASIS = "*_\\"  # characters that set a label off, or escape it
_NAME, _END = "{}", "\0"  # where a label has its name; what parts paragraphs, and is in no text
_MOST_CELLS = 30_000_000  # tokens of the source times those shown, that are compared


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a transcript's text: the ``label`` that names its ``speaker``, empty if none does, and all of it."""

    text: str
    label: str = ""
    speaker: str = ""
    is_heading: bool = False


def text_lines(transcript: Transcript) -> list[TextLine]:
    """Return the lines of a text of which each is a paragraph."""
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
    """Return the Markdown in ``content``, which says ``before``, so changed that it says ``now``; None if that
    fails."""
    try:
        source = decode(content, file)
        draft = read_markdown(source, file)
        patch = _Patch.of(source.replace("\r\n", "\n").replace("\r", "\n"), before)
        if draft.text != before.text or patch is None:
            return None
        for keeps_marks, escapes in product((True, False), (False, True)):
            new = patch.replaced(text_lines(now), keeps_marks, escapes)
            if new is None:
                continue
            read = read_markdown(new, file)
            if (read.text, read.title, read.language) == (now.text, draft.title, draft.language):
                return (new.replace("\n", "\r\n") if "\r\n" in source else new).encode("utf-8")
    except (TranscriptError, UnicodeEncodeError):
        return None
    return None


@dataclass(frozen=True, slots=True)
class _Patch:
    """A source by lines, the lines of the text that it shows, its blocks, and which of them each of those is of; how
    most labels are written, with their names left out, as text and as source; what opens a heading."""

    lines: Sequence[str]
    old: Sequence[TextLine]
    blocks: Sequence[SourceBlock]
    owner: Sequence[int]
    label: tuple[str, str] | None
    heading: str

    @classmethod
    def of(cls, source: str, before: Transcript) -> _Patch | None:
        """Return what a change of a source needs, None if its blocks are not the lines of the text."""
        lines, old, blocks = source.split("\n"), text_lines(before), source_blocks(source)
        owner = [at for at, block in enumerate(blocks) for _ in range(block.count)]
        if len(owner) != len(old):
            return None
        labels: Counter[tuple[str, str]] = Counter()
        headings: Counter[str] = Counter()
        for line, at in zip(old, owner, strict=True):
            text = "\n".join(lines[blocks[at].start : blocks[at].stop])
            if line.label and (found := _label_source(text, line.label)):
                labels[line.label.replace(line.speaker, _NAME, 1), found.replace(line.speaker, _NAME, 1)] += 1
            if text.startswith("##"):
                headings[text[: len(text) - len(text.lstrip("#"))]] += 1
        usual = labels.most_common(1)
        level = headings.most_common(1)
        return cls(lines, old, blocks, owner, usual[0][0] if usual else None, f"{level[0][0] if level else '##'} ")

    def replaced(self, new: Sequence[TextLine], keeps_marks: bool, escapes: bool) -> str | None:
        """Return the source that shows the ``new`` lines, None if two changes touch the same block, or one touches what
        is no prose."""
        changes: list[tuple[int, int, list[str]]] = []
        for gone, come in _differing(self.old, new):
            lines = list(new[come.start : come.stop])
            if not gone:
                beside = self.blocks[self.owner[gone.start - 1]] if gone.start else None
                place = beside.stop if beside else self.blocks[self.owner[0]].start
                text = _apart([self._paragraph(line, escapes) for line in lines])
                changes.append((place, place, ["", *text] if beside else [*text, ""]))
                continue
            touched = range(self.owner[gone.start], self.owner[gone.stop - 1] + 1)
            if not all(self.blocks[at].is_prose for at in touched):
                return None
            start = self.owner.index(touched.start)
            stop = start + sum(self.blocks[at].count for at in touched)
            whole = [*self.old[start : gone.start], *lines, *self.old[gone.stop : stop]]
            changes += self._touched(touched, self.old[start:stop], whole, keeps_marks, escapes)
        if not all(before[1] <= after[0] for before, after in pairwise(changes)):
            return None
        made = [*self.lines]
        for first, last, text in reversed(changes):
            made[first:last] = text
        return "\n".join(made)

    def _touched(
        self, touched: range, old: Sequence[TextLine], new: Sequence[TextLine], keeps_marks: bool, escapes: bool
    ) -> list[tuple[int, int, list[str]]]:
        """Return the changes of blocks that show ``old`` lines and are to show ``new`` ones."""
        if keeps_marks and len(new) == len(old) == len(touched) > 1:
            parts = [(range(at, at + 1), [was], [now]) for at, was, now in zip(touched, old, new, strict=True)]
            return [each for at, was, now in parts for each in self._touched(at, was, now, keeps_marks, escapes)]
        made = None
        if keeps_marks and new and len(old) == len(touched):
            sources = ["\n".join(self.lines[self.blocks[at].start : self.blocks[at].stop]) for at in touched]
            made = self._edited(sources, old, new, escapes)
        text = _apart(made or [self._paragraph(line, escapes) for line in new])
        return [(self.blocks[touched.start].start, self.blocks[touched.stop - 1].stop, text)]

    def _edited(
        self, sources: Sequence[str], old: Sequence[TextLine], new: Sequence[TextLine], escapes: bool
    ) -> list[str] | None:
        """Return the source of lines that took the place of others, with the marks of what stays of them."""
        cuts = [found.end() if (found := _PREFIX.match(source)) else 0 for source in sources]
        bodies = [source[cut:] for source, cut in zip(sources, cuts, strict=True)]
        made = _with_words(" ".join(bodies), " ".join(line.text for line in old), [line.text for line in new], escapes)
        if made is None:
            return None
        first = sources[0][: cuts[0]] if new[0].is_heading == old[0].is_heading else ""
        opened = [first or (self.heading if new[0].is_heading else "")]
        opened += [self.heading if line.is_heading else "" for line in new[1:]]
        texts = [made[0], *(self._labelled(line, text) for line, text in zip(new[1:], made[1:], strict=True))]
        return [opening + text for opening, text in zip(opened, texts, strict=True)]

    def _paragraph(self, line: TextLine, escapes: bool) -> str:
        """Return a line that is new as source."""
        text = _MARKUP.sub(r"\\\g<0>", line.text) if escapes else line.text
        if line.is_heading:
            return self.heading + text
        if line.label and self.label:
            return self._labelled(line, text)
        return _OPENING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)

    def _labelled(self, line: TextLine, text: str) -> str:
        """Return a line's source with its label marked as most labels are."""
        if not self.label or line.label.replace(line.speaker, _NAME, 1) != self.label[0]:
            return text
        return self.label[1].replace(_NAME, line.speaker, 1) + text.removeprefix(line.label)


def _label_source(source: str, label: str) -> str | None:
    """Return the label of a block as its source writes it, with the emphasis around it and the space after it."""
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


def _with_words(source: str, old: str, new: Sequence[str], escapes: bool) -> list[str] | None:
    """Return the ``source``, which shows ``old``, so changed that it shows one after the other of ``new``; None if it
    does not show that, or too little of it stays for its marks to belong to the rest."""
    from rapidfuzz.distance import Indel, Levenshtein

    tokens, shown, wanted = _TOKEN.findall(source), _TOKEN.findall(old), _TOKEN.findall(_END.join(new))
    if len(tokens) * len(shown) > _MOST_CELLS or len(shown) * len(wanted) > _MOST_CELLS:
        return None
    keys, shown_keys = ([" " if token.isspace() else token for token in each] for each in (tokens, shown))
    alike = Indel.opcodes(keys, shown_keys)
    places = [at for each in alike if each.tag == "equal" for at in range(each.src_start, each.src_end)]
    edits = Levenshtein.opcodes(shown, wanted)
    kept = [token for each in edits if each.tag == "equal" for token in shown[each.src_start : each.src_end]]
    if len(places) != len(shown) or 2 * sum(map(str.isalnum, kept)) < sum(map(str.isalnum, wanted)):
        return None
    made, at = "", 0
    for edit in edits:
        held = set(places[edit.src_start : edit.src_end])
        first, stop = (min(held), max(held) + 1) if held else (at, at)
        made += "".join(tokens[at:first])
        if edit.tag == "equal":
            made += "".join(tokens[first:stop])
        else:
            text = "".join(wanted[edit.dest_start : edit.dest_end])
            made += _MARKUP.sub(r"\\\g<0>", text) if escapes else text
            marks = "".join(tokens[k] for k in range(first, stop) if k not in held)
            # Marks around nothing go with what stood between them.
            made, marks = (made.removesuffix(marks), "") if not text and made.endswith(marks) else (made, marks)
            made += marks
        at = stop
    return (made + "".join(tokens[at:])).split(_END)


def _differing(old: Sequence[TextLine], new: Sequence[TextLine]) -> Iterator[tuple[range, range]]:
    """Yield where lines gave way to others, as far as none between them stayed."""
    from rapidfuzz.distance import Levenshtein

    sides = ([(line.text, line.is_heading) for line in lines] for lines in (old, new))
    for is_equal, run in groupby(Levenshtein.opcodes(*sides), key=lambda edit: edit.tag == "equal"):
        edits = list(run)
        if not is_equal:
            yield range(edits[0].src_start, edits[-1].src_end), range(edits[0].dest_start, edits[-1].dest_end)


def _apart(paragraphs: Sequence[str]) -> list[str]:
    """Return the lines of paragraphs, with an empty one between them."""
    return "\n\n".join(paragraphs).split("\n") if paragraphs else []
