"""Gather the facts of a report from an alignment and from what was recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice

from aligner.locating.quality import UNSURE, lacks_text, span_of
from aligner.model import Alignment, Kind, LostPin
from aligner.normalization import spell, unaccented
from aligner.pins import is_unread, lacking, standing
from aligner.report.doubt import Doubt, Hearing, doubts, hearing_of, unspoken_runs
from aligner.report.facts import (
    DoubtfulPassage,
    HeadingPlace,
    LackingPassage,
    LostCorrection,
    Piece,
    Report,
    UnspokenPassage,
    caption_figures,
    counted,
    repeats_of,
    strip_of,
    word_range,
)
from aligner.storage.file_names import printable
from media.decode import is_cut_short

_MET = 0.6  # share of a word's letters that the other side must have in their order


def compared(
    printed: Sequence[str], heard: Sequence[str] | None, language: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """Both sides in pieces; where nobody knows what was heard, all that is printed counts as matched.

    Examples
    --------
    >>> [piece.matches for piece in compared(["le", "port", "dort"], ["lepor"], "fr")[0]]
    [True, True, False]
    """
    if heard is None:
        return tuple(Piece(word, True) for word in printed), None
    sides = [[unaccented(letters) for letters in spell(words, language)] for words in (printed, heard)]
    met = _letters_met("".join(sides[0]), "".join(sides[1]))
    first, second = (
        tuple(Piece(word, share) for word, share in zip(words, _words_met(letters, flags), strict=True))
        for words, letters, flags in zip((printed, heard), sides, met, strict=True)
    )
    return first, second


def _letters_met(printed: str, heard: str) -> tuple[list[bool], list[bool]]:
    """Which letters of either side are in the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    flags = [False] * len(printed), [False] * len(heard)
    for step in LCSseq.opcodes(printed, heard):
        if step.tag == "equal":
            flags[0][step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
            flags[1][step.dest_start : step.dest_end] = [True] * (step.dest_end - step.dest_start)
    return flags


def _words_met(words: Sequence[str], letters: Sequence[bool]) -> list[bool]:
    """Of each word whether enough of its letters are met; one without letters is."""
    ends = accumulate(map(len, words))
    return [sum(letters[end - len(word) : end]) >= _MET * len(word) for word, end in zip(words, ends, strict=True)]


_MOST_LISTED = 50  # of a kind
_MOST_WORDS = 60  # of a passage; more is a matter for the page
_MOST_CHARS, _MOST_WORD_CHARS = 500, 50
_MOST_HEADINGS = 200


def report_of(alignment: Alignment) -> Report:
    """The report of an alignment, with what was heard as far as the user's cache still has that."""
    hearing = hearing_of(alignment)
    doubtful = doubts(alignment, hearing.emissions if hearing else None)
    unspoken = sorted(unspoken_runs(alignment), key=len, reverse=True)
    repeats, lacks = repeats_of(alignment), lacking(alignment)
    return Report(
        episode=alignment.episode,
        duration=alignment.audio.duration,
        audio_file=printable(alignment.audio.file),
        transcript_file=printable(alignment.transcript.file),
        transcript_sha256=alignment.transcript.sha256,
        language=alignment.language,
        ear=alignment.engine.ear,
        model=alignment.engine.model,
        verdict=alignment.verdict,
        lacks_text=lacks_text(alignment.verdict, alignment.coverage),
        is_cut_short=any(map(is_cut_short, alignment.warnings)),
        is_unread=is_unread(alignment.signature, alignment.machine_text),
        warnings=alignment.warnings,
        standing=standing(alignment.signature, alignment.machine_text),
        coverage=round(alignment.coverage, 4),
        counts=counted(alignment),
        lost_pins=len(alignment.lost_pins),
        strip=strip_of(alignment),
        headings=tuple(islice(_headings(alignment), _MOST_HEADINGS)),
        was_heard=hearing is not None,
        doubtful=len(doubtful),
        doubtful_passages=tuple(_doubtful(alignment, doubt, hearing) for doubt in doubtful[:_MOST_LISTED]),
        lacking=len(lacks),
        lacking_passages=tuple(LackingPassage(each.start, each.end, _cut(each.text)) for each in lacks[:_MOST_LISTED]),
        unspoken=len(unspoken),
        unspoken_passages=tuple(_unspoken(alignment, run) for run in unspoken[:_MOST_LISTED]),
        repeats=len(repeats),
        repeated_passages=tuple(replace(each, text=_cut(each.text)) for each in repeats[:_MOST_LISTED]),
        lost_corrections=tuple(map(_lost, alignment.lost_pins[:_MOST_LISTED])),
        captions=caption_figures(alignment),
    )


def _doubtful(alignment: Alignment, doubt: Doubt, hearing: Hearing | None) -> DoubtfulPassage:
    run, span = doubt.words, doubt.span
    words = alignment.words[run.start : run.stop]
    shown = range(run.start, min(run.stop, run.start + _MOST_WORDS))
    heard = hearing.within(span_of(alignment, shown) or span)[: 2 * _MOST_WORDS] if hearing else None
    texts = (alignment.words[index].word.text for index in shown)
    printed, matched = compared(
        [_cut(text, _MOST_WORD_CHARS) for text in texts],
        None if heard is None else [_cut(word, _MOST_WORD_CHARS) for word in heard],
        alignment.language,
    )
    return DoubtfulPassage(
        words=word_range(alignment, run),
        start=span.start,
        end=span.end,
        speaker=_speaker(alignment, run.start),
        doubtful=sum(word.span is not None and word.confidence < UNSURE for word in words),
        cost=round(doubt.cost, 1),
        printed=printed,
        heard=matched,
        shortened=len(shown) < len(run),
    )


def _unspoken(alignment: Alignment, run: range) -> UnspokenPassage:
    before = (span for k in range(run.start - 1, -1, -1) if (span := alignment.words[k].span))
    earlier = next(before, None)
    words = word_range(alignment, run)
    text = _cut(alignment.transcript.text[words.char_start : words.char_end])
    return UnspokenPassage(words, earlier.end if earlier else None, _speaker(alignment, run.start), text)


def _lost(pin: LostPin) -> LostCorrection:
    span = pin.span
    return LostCorrection(pin.kind, _cut(pin.text), span.start if span else None, span.end if span else None)


def _headings(alignment: Alignment) -> Iterator[HeadingPlace]:
    text = alignment.transcript.text
    for timed in alignment.segments:
        segment = timed.segment
        if segment.kind is Kind.HEADING and timed.start is not None:
            yield HeadingPlace(_cut(text[segment.char_start : segment.char_end]), timed.start)


def _speaker(alignment: Alignment, word: int) -> str | None:
    return alignment.segments[alignment.words[word].word.segment].segment.speaker


def _cut(text: str, most: int = _MOST_CHARS) -> str:
    """The text on one line, its end left out where it is long."""
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[:most].rstrip()}…"
