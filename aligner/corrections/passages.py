"""Speech that the text lacks, after a correction: between the words as they are then, with what was heard there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aligner.attempts import lacked
from aligner.locating.keeping import LettersHeard
from aligner.locating.untranscribed import LEAST_LETTERS
from aligner.model import Alignment, Audio, Placement, Recognition, Span, Untranscribed
from aligner.normalization import spell, unaccented

_EDGE = 0.5  # seconds by which a passage's ends may be found elsewhere, and it is the same
_ALIKE = 0.4  # how like what is heard a part of a text is, to be a part of that
_HEARD = 0.9  # the share of a passage from which on what was heard in it before says what it is
_UNHEARD = "…"
_MARKS_IN_A_ROW = re.compile("…(?: …)+")


def passages_between(
    alignment: Alignment, placements: Sequence[Placement], span: Span, audio: Audio, recognition: Recognition
) -> Iterator[Untranscribed]:
    """As they were outside a span; inside as aligning anew tells them of its words, which are now at ``placements``."""
    yield from (each for each in alignment.untranscribed if each.end <= span.start)
    known = [each for each in alignment.untranscribed if each.end > span.start and each.start < span.end]
    letters = LettersHeard.of(recognition, span)
    for each in lacked(placements, audio, recognition, span):
        yield replace(each, text=_text_in(each, known, letters, alignment.language))
    yield from (each for each in alignment.untranscribed if each.start >= span.end)


def _text_in(passage: Untranscribed, known: Sequence[Untranscribed], heard: LettersHeard, language: str) -> str:
    """What was heard in a passage before, of passages that it is, or is of, or has taken in; marks stand for speech
    beside them, of which no words were heard."""
    own = Span(passage.start, passage.end)
    known = [each for each in known if each.start < own.end and each.end > own.start]
    shared = sum(min(each.end, own.end) - max(each.start, own.start) for each in known)
    if passage.text and shared < _HEARD * own.duration:
        return passage.text
    parts, free_from = [], own.start
    for each in known:
        parts += [_unheard(heard, free_from, each.start), _part_of_text(each, own, heard, language)]
        free_from = each.end
    parts.append(_unheard(heard, free_from, own.end))
    text = _MARKS_IN_A_ROW.sub(_UNHEARD, " ".join(part for part in parts if part))
    return text if text != _UNHEARD else ""


def _unheard(heard: LettersHeard, start: float, end: float) -> str:
    """The mark for what is said between two times, where that is some words."""
    return _UNHEARD if start < end and len(heard.within(Span(start, end))) >= LEAST_LETTERS else ""


def _part_of_text(known: Untranscribed, span: Span, heard: LettersHeard, language: str) -> str:
    """The words of a passage's text that were heard in a span."""
    if span.start - _EDGE <= known.start and known.end <= span.end + _EDGE:
        return known.text
    from rapidfuzz.distance import Levenshtein

    words = known.text.split()
    letters = [unaccented(each or "") for each in spell(words, language)]
    first, stop = (bisect_left(heard.times, time) for time in (known.start, known.end))
    if first == stop:
        return ""
    edits = Levenshtein.opcodes("".join(letters), heard.letters[first:stop])
    ends = [edit.src_end for edit in edits]
    inside: list[int] = []
    place = 0
    for word, spelled in enumerate(letters):
        middle = place + len(spelled) // 2
        place += len(spelled)
        edit = edits[min(bisect_left(ends, middle + 1), len(edits) - 1)]
        at = first + min(edit.dest_start + max(0, middle - edit.src_start), max(edit.dest_start, edit.dest_end - 1))
        if span.start <= heard.times[min(at, stop - 1)] < span.end:
            inside.append(word)
    like = Levenshtein.normalized_similarity("".join(letters[word] for word in inside), heard.within(span))
    return " ".join(words[word] for word in inside) if like >= _ALIKE else ""
