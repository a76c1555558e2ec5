"""A change of a Markdown file's text in its source: what has not changed keeps its links and emphasis.

Labels are marked as the file marks those it has, headings as such; of a paragraph that has changed, words that stay
keep their marks. Whether that went well is told by whoever reads it again.

Paragraphs that nobody touched stay to the letter, and so do tables, code and HTML. In one that changed, the words that
stay keep their marks, as long as it then says what it is to say; else it is written anew. Whether that went well is
told by reading it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, product

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript, outermost
from aligner.transcript.draft import Draft
from aligner.transcript.formats import decode
from aligner.transcript.markdown import SourceBlock, read_markdown, source_blocks

_TOKEN = re.compile(r"\n|[^\S\n]+|[^\W_]+|.", re.DOTALL)
_PREFIX = re.compile(r"\s*(?:(?:>|[-*+]|\d{1,9}[.)])\s+){0,20}")
_HEADING = re.compile(r"(#{1,6})[ \t]+")
_OPENING = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)]))(?=\s|[=-]|$)")
_NAME = "{}"
_MARKS = ("*", "_")
_USUAL_HEADING = "## "
_MOST_CELLS = 30_000_000  # tokens of the source times those shown, that are compared

ESCAPED = (  # ever more of it, until the text is read again as it is; what a reader does not need is left
    re.compile(r"\\(?=[!-/:-@\[-`{-~])|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|<(?=[\w/!?])|&(?=#?\w+;)|~(?=~)"),
    re.compile(r"[\\`*_<&~|]"),
    re.compile(r"[\\`*_<&~|\[\]]"),
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a transcript's text: the ``label`` that names its ``speaker``, empty if none does, and what follows."""

    label: str
    body: str
    speaker: str | None = None
    is_heading: bool = False

    @property
    def text(self) -> str:
        return self.label + self.body


def text_lines(transcript: Transcript) -> list[TextLine]:
    """The lines of a text of which each is a paragraph."""
    segments = [transcript.segments[at] for at, _ in outermost(transcript.segments)]
    lines, start, at = [], 0, 0
    for text in transcript.text.split("\n")[:-1]:
        while at < len(segments) and segments[at].char_start < start:
            at += 1
        found = segments[at] if at < len(segments) and segments[at].char_start < start + len(text) else None
        cut = found.char_start - start if found and found.speaker else 0
        label = text[:cut] if any(map(str.isalnum, text[:cut])) else ""
        is_heading = found is not None and found.kind is Kind.HEADING
        lines.append(TextLine(label, text[len(label) :], found.speaker if found else None, is_heading))
        start += len(text) + 1
    return lines


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A block of the source that shows one line: what opens it as an item of a list or a heading, its label, its
    body."""

    prefix: str
    label: str
    body: str


def source_line(source: str, line: TextLine) -> SourceLine:
    """The source of a line, taken apart; a label that is not marked by itself is one with the body."""
    opening = _PREFIX.match(source)
    prefix = opening.group() if opening else ""
    if line.is_heading and (heading := _HEADING.match(source, len(prefix))):
        prefix += heading.group()
    shown = line.label.rstrip()
    if shown and (end := _label_end(source, len(prefix), shown)) is not None:
        label = source[len(prefix) : end]
        if all(label.count(mark) % 2 == 0 for mark in "*_"):
            return SourceLine(prefix, label, source[end:])
    return SourceLine(prefix, "", source[len(prefix) :])


def _label_end(source: str, at: int, shown: str) -> int | None:
    """Where a label that begins at a character ends, with its marks, its escapes and the space after it; None where
    another stands there."""
    for character in shown:
        while source[at : at + 1] in _MARKS and not source.startswith(character, at):
            at += 1
        at += source.startswith("\\", at) and not source.startswith(character, at)
        if not source.startswith(character, at):
            return None
        at += 1
    while source[at : at + 1] in _MARKS:
        at += 1
    return len(source) - len(source[at:].lstrip())


@dataclass(frozen=True, slots=True)
class MarkdownStyle:
    """How a file writes the labels it has, how it makes one of another name, and what opens its headings."""

    labels: Mapping[str, str]
    made: Mapping[str, str]
    heading: str

    @classmethod
    def of(cls, pairs: Sequence[tuple[SourceLine, TextLine]]) -> MarkdownStyle:
        labels: Counter[tuple[str, str]] = Counter()
        made: Counter[tuple[str, str]] = Counter()
        headings: Counter[str] = Counter()
        for source, line in pairs:
            if source.label:
                labels[line.label, source.label] += 1
            if source.label and line.speaker and line.speaker in source.label:
                made[line.label.replace(line.speaker, _NAME, 1), source.label.replace(line.speaker, _NAME, 1)] += 1
            if source.prefix.startswith("##"):
                headings[source.prefix] += 1
        usual = headings.most_common(1)
        return cls(_likeliest(labels), _likeliest(made), usual[0][0] if usual else _USUAL_HEADING)

    def label(self, line: TextLine, escaped: re.Pattern[str]) -> str:
        """The label of a line as source."""
        if line.label in self.labels:
            return self.labels[line.label]
        name = line.speaker or ""
        template = self.made.get(line.label.replace(name, _NAME, 1)) if name else None
        return (
            template.replace(_NAME, escaped.sub(r"\\\g<0>", name), 1) if template else with_escapes(line.label, escaped)
        )

    def paragraph(self, line: TextLine, escaped: re.Pattern[str]) -> str:
        """A line that is new as source."""
        if line.is_heading:
            return self.heading + escaped.sub(r"\\\g<0>", line.body)
        if line.label:
            return self.label(line, escaped) + escaped.sub(r"\\\g<0>", line.body)
        return with_escapes(line.body, escaped)

    def changed(
        self, sources: Sequence[SourceLine], old: Sequence[TextLine], new: Sequence[TextLine], escaped: re.Pattern[str]
    ) -> list[str] | None:
        """The source of lines that took the place of others, with the marks of what stays of them; None where that
        cannot be told."""
        body = " ".join(each.body for each in sources)
        was = " ".join(line.body if source.label else line.text for source, line in zip(sources, old, strict=True))
        has_labels = any(source.label for source in sources) or not any(line.label for line in old)
        bodies = _bodies(body, was, [line.body if has_labels else line.text for line in new], escaped)
        if bodies is None:
            return None
        made = []
        for k, (line, text) in enumerate(zip(new, bodies, strict=True)):
            like = k == 0 and line.is_heading == old[0].is_heading
            prefix = sources[0].prefix if like else self.heading if line.is_heading else ""
            label = self._kept_label(sources[0], old[0], line, escaped) if has_labels else ""
            made.append(prefix + label + text)
        return made

    def _kept_label(self, source: SourceLine, old: TextLine, line: TextLine, escaped: re.Pattern[str]) -> str:
        return source.label if line.label == old.label else self.label(line, escaped) if line.label else ""


def with_escapes(text: str, escaped: re.Pattern[str]) -> str:
    """The text as Markdown that shows it in a paragraph of its own."""
    marked = escaped.sub(r"\\\g<0>", text)
    return _OPENING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", marked)


def _likeliest(found: Counter[tuple[str, str]]) -> dict[str, str]:
    return dict(pair for pair, _ in reversed(found.most_common()))


def _bodies(source: str, old: str, new: Sequence[str], escaped: re.Pattern[str]) -> list[str] | None:
    """The ``source``, which shows ``old``, so changed that it shows one after the other of ``new``."""
    from rapidfuzz.distance import Indel, Levenshtein

    tokens, shown, wanted = _TOKEN.findall(source), _TOKEN.findall(old), _TOKEN.findall("\n".join(new))
    if len(tokens) * len(shown) > _MOST_CELLS or len(shown) * len(wanted) > _MOST_CELLS:
        return None
    keys = [" " if token.isspace() else token for token in tokens]
    alike = Indel.opcodes(keys, [" " if token.isspace() else token for token in shown])
    places = [at for each in alike if each.tag == "equal" for at in range(each.src_start, each.src_end)]
    if len(places) != len(shown):
        return None
    edits = Levenshtein.opcodes(shown, wanted)
    kept = [token for each in edits if each.tag == "equal" for token in shown[each.src_start : each.src_end]]
    if 2 * _count_words(kept) < _count_words(wanted):
        return None  # other words, to which the marks do not belong
    made, at = [""], 0
    for edit in edits:
        stop = places[edit.src_end - 1] + 1 if edit.src_end > edit.src_start else at
        held = set(places[edit.src_start : edit.src_end])
        if edit.tag == "equal":
            made[-1] += "".join(tokens[at:stop])
        else:
            first = places[edit.src_start] if held else at
            made[-1] += "".join(tokens[at:first])
            for k, text in enumerate("".join(wanted[edit.dest_start : edit.dest_end]).split("\n")):
                made += [""] * (k > 0)
                made[-1] += escaped.sub(r"\\\g<0>", text)
            made[-1] += "".join(tokens[k] for k in range(first, stop) if k not in held)
        at = stop
    made[-1] += "".join(tokens[at:])
    return made if len(made) == len(new) else None


def _count_words(tokens: Sequence[str]) -> int:
    return sum(token.isalnum() for token in tokens)


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
