"""A paragraph of the transcript as HTML: its text to the letter, each word in an element that carries its number.

The text is escaped wherever it is put in; nothing of it is ever read as HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from aligner.model import Alignment, Kind, Status, Untranscribed

# Fewer words than these that were not found look each like a slip; from here on it is a passage.
_LEAST_ABSENT = 4
_CLASSES = {Status.INTERPOLATED: "w in", Status.UNSPOKEN: "w un"}


class Prose:
    """The words ``words`` of an alignment, with the segments ``inner`` among them and passages missing before some."""

    def __init__(
        self, alignment: Alignment, words: range, inner: range, missing: Mapping[int, Sequence[Untranscribed]]
    ) -> None:
        self._text = alignment.transcript.text
        self._alignment = alignment
        self._words = words
        self._missing = missing
        self._inner = [alignment.segments[k].segment for k in inner]

    def html(self, char_start: int, char_end: int) -> Markup:
        """What lies between two characters."""
        parts, at = [], char_start
        for offset, _, _, tag in sorted(self._tags()):
            parts += [str(escape(self._text[at:offset])), tag]
            at = offset
        parts.append(str(escape(self._text[at:char_end])))
        return Markup("".join(parts))

    def _tags(self) -> Iterator[tuple[int, int, int, str]]:
        """Every tag and the character it stands before; where several do, ends come first, then outer before inner."""
        for segment in self._inner:
            yield segment.char_start, 3, -segment.char_end, f'<span class="{segment.kind.value}">'
            yield segment.char_end, 1, 0, "</span>"
        for index in self._words:
            timed = self._alignment.words[index]
            word = timed.word
            for passage in self._missing.get(index, ()):
                yield word.char_start, 2, 0, missing_html(passage)
            yield word.char_start, 5, 0, f'<span class="{_CLASSES.get(timed.status, "w")}" data-i="{index}">'
            yield word.char_end, 0, 0, "</span>"
        for first, end in self._absent_runs():
            yield self._alignment.words[first].word.char_start, 4, 0, '<span class="absent">'
            yield self._alignment.words[end - 1].word.char_end, 1, 0, "</span>"

    def _absent_runs(self) -> Iterator[tuple[int, int]]:
        """Runs of words of one segment that are not in the sound, ``(first, end)``."""
        words = self._alignment.words
        first = self._words.start
        while first < self._words.stop:
            end = first
            while end < self._words.stop and self._is_absent(end, words[first].word.segment):
                end += 1
            if end - first >= _LEAST_ABSENT:
                yield first, end
            first = max(end, first + 1)

    def _is_absent(self, index: int, segment: int) -> bool:
        timed = self._alignment.words[index]
        kind = self._alignment.segments[segment].segment.kind
        return timed.status is Status.UNSPOKEN and timed.word.segment == segment and kind is Kind.SPEECH


def missing_html(passage: Untranscribed) -> Markup:
    """A place to play speech that the text lacks; the page's script gives it its words."""
    button = '<button type="button" class="missing" tabindex="-1" data-from="{}" data-to="{}" data-heard="{}"></button>'
    return Markup(button).format(passage.start, passage.end, passage.text)
