"""Change the transcript's text: replace paragraphs, and insert speech that is missing.

Unchanged words keep their times. New words are searched only in the audio between the unchanged words around them, so a
correction is fast however long the episode is. Callers write the transcript's file and update its hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aligner.corrections.annotations import kept_pins
from aligner.corrections.pinning import within_passage
from aligner.corrections.repair import RecognisedAudio, repaired, with_words
from aligner.errors import CorrectionError
from aligner.mapping import Mapping, TextMapping, is_same_word, reading
from aligner.model import Alignment, Kind, Span, Status, TimedWord, Transcript, Word, outermost
from aligner.pins import passages_of
from aligner.transcript import MAX_CHARS, MAX_WORDS
from aligner.transcript.retexting import Paragraph, retexted

_ABOVE = 200  # most words before an insertion in which its headings are looked for
_APART = 40  # unchanged words between two changes that are searched separately


def with_paragraphs(
    alignment: Alignment, segments: range, paragraphs: Sequence[Paragraph], recognised: RecognisedAudio | None
) -> Alignment:
    """Return the alignment with ``paragraphs`` in place of ``segments``. Raises CorrectionError if ``segments`` are not
    whole paragraphs or the text gets too long."""
    try:
        new = retexted(alignment.transcript, segments, paragraphs)
    except ValueError as error:
        raise CorrectionError(
            "segments {first} to {stop} are not whole paragraphs of this transcript",
            first=segments.start,
            stop=segments.stop,
        ) from error
    if len(new.text) > MAX_CHARS or len(new.words) > MAX_WORDS:
        raise CorrectionError("the transcript would be longer than the limit of {most} characters", most=MAX_CHARS)
    return with_transcript(alignment, new, recognised)


def inserted(
    alignment: Alignment, span: Span, speaker: str | None, text: str, recognised: RecognisedAudio | None
) -> Alignment:
    """Return the alignment with ``text``, spoken in ``span``, inserted: as part of the paragraph around ``span`` if
    that paragraph is spoken by ``speaker`` or ``speaker`` is None, otherwise as a new paragraph."""
    later = (k for k, word in enumerate(alignment.words) if word.span and word.span.start >= span.middle)
    following = above_headings(alignment, next(later, len(alignment.words)), span.middle)
    segments, before, after = _split(alignment, following)
    if alignment.transcript.text.count("’") > alignment.transcript.text.count("'"):  # recognisers write straight ones
        text = text.replace("'", "’")
    paragraphs = [*before, Paragraph(Kind.SPEECH, speaker, text), *after]
    if before and before[0].kind is Kind.SPEECH and speaker in (None, before[0].speaker):
        paragraphs = [replace(before[0], text=" ".join(each.text for each in paragraphs))]
    new = with_paragraphs(alignment, segments, paragraphs, recognised)
    return _with_new_words(alignment, new, range(following, following), span, recognised)


def with_passage(
    alignment: Alignment, words: range, span: Span, text: str, recognised: RecognisedAudio | None
) -> Alignment:
    """Return the alignment with ``text``, spoken in ``span``, in place of ``words``. Headings and notes remain."""
    timed, segments, written = alignment.words, alignment.transcript.segments, alignment.transcript.text
    own = [k for k in words if segments[timed[k].word.segment].kind is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: there is nothing to replace")
    first, last = timed[own[0]].word.char_start, timed[own[-1]].word.char_end
    outer = [(segments[index], index, inner.stop) for index, inner in outermost(segments)]
    touched = [each for each in outer if each[0].char_start < last and first < each[0].char_end]
    paragraphs = []
    for each, _, _ in touched:
        begin, end = each.char_start, each.char_end
        content = written[begin:end]
        if each.kind is Kind.SPEECH:
            new = text if begin <= first else ""
            content = f"{written[begin : max(begin, first)]}{new}{written[min(end, last) : end]}"
        paragraphs.append(Paragraph(each.kind, each.speaker, content))
    after = with_paragraphs(alignment, range(touched[0][1], touched[-1][2]), paragraphs, recognised)
    return _with_new_words(alignment, after, range(own[0], own[0] + len(own)), span, recognised)


def _with_new_words(
    before: Alignment, after: Alignment, gone: range, span: Span, recognised: RecognisedAudio | None
) -> Alignment:
    count = len(after.words) - len(before.words) + len(gone)
    if count < 1:
        raise CorrectionError("there is no word in the text to insert")
    return within_passage(after, range(gone.start, gone.start + count), span, recognised)


def speaker_around(alignment: Alignment, span: Span) -> str | None:
    """Return who speaks both before and after ``span``, or None. If the text has only one speaker, return that one."""
    speech = [each for each in alignment.segments if each.segment.kind is Kind.SPEECH]
    if len(named := {each.segment.speaker for each in speech}) == 1:
        return named.pop()
    said = [(each.start, each.end, each.segment.speaker) for each in speech if each.start is not None and each.end]
    before = next((speaker for start, _, speaker in reversed(said) if start < span.middle), None)
    after = next((speaker for _, end, speaker in said if end > span.middle), None)
    return before if before == after else None


def above_headings(alignment: Alignment, following: int, time: float) -> int:
    """Return the index of the word before which to insert text spoken at ``time``: ``following``, which is the
    word spoken next, or the first word of the heading above it, if the chapter of the heading begins after ``time``."""
    words, target = alignment.words, following
    for k in range(following - 1, max(-1, following - 1 - _ABOVE), -1):
        over = alignment.segments[words[k].word.segment]
        if words[k].span or over.segment.kind is Kind.SPEECH:
            break
        begins = k == 0 or words[k - 1].word.char_start < over.segment.char_start
        if over.segment.kind is Kind.HEADING and begins and over.start is not None and over.start > time:
            target = k
    return target


def with_transcript(alignment: Alignment, transcript: Transcript, recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with ``transcript``, a new version of its text. Without ``recognised``, a word that replaces
    another takes the time of that word, and other new words have no time."""
    # A word that reads the same in the same kind of segment would be found where it was, so it is not searched.
    mapping = Mapping(_in_kinds(alignment.transcript), _in_kinds(transcript), lambda each: (reading(each[0]), each[1]))
    there = mapping.unchanged() if recognised else TextMapping(alignment.transcript, transcript).counterparts()
    earlier = {new: old for old, new in there.items()}
    words = tuple(
        _written_as(word, alignment.words[earlier[new]], alignment.language)
        if new in earlier
        else TimedWord(word, None, Status.UNSPOKEN, 0.0)
        for new, word in enumerate(transcript.words)
    )
    pins, lost = kept_pins(alignment, transcript, alignment.audio.sha256)
    now = replace(alignment, transcript=transcript, words=words, pinned_passages=passages_of(pins), lost_pins=lost)
    if recognised is None or not mapping.changes:
        return with_words(now, words, recognised)
    for run in _touched(mapping, len(transcript.words)):
        now = repaired(now, pins, run, recognised, {word for word in run if word not in earlier})
    return now


def _split(alignment: Alignment, following: int) -> tuple[range, list[Paragraph], list[Paragraph]]:
    """Split the paragraph of the word ``following`` before that word. Return the range of its segments and the two
    parts. All three are empty if ``following`` begins a paragraph or is the end of the text."""
    text, segments = alignment.transcript.text, alignment.transcript.segments
    if following == len(alignment.words):
        return range(len(segments), len(segments)), [], []
    char = alignment.words[following].word.char_start
    index, inner = [each for each in outermost(segments) if segments[each[0]].char_start <= char][-1]
    own = segments[index]
    last = alignment.words[following - 1].word.char_end if following else 0
    if last <= own.char_start:
        return range(index, index), [], []
    gap = text[last:char]
    cut = last + max((k + 1 for k, character in enumerate(gap) if character.isspace()), default=len(gap))
    parts = text[own.char_start : cut].rstrip(), text[cut : own.char_end]
    before, after = (Paragraph(own.kind, own.speaker, part) for part in parts)
    return range(index, inner.stop), [before], [after]


def _written_as(word: Word, timed: TimedWord, language: str) -> TimedWord:
    """Return ``word`` with the time of ``timed``. A pin of ``timed`` stays if only the spelling differs."""
    if timed.word == word:
        return timed
    is_pinned = timed.pinned and is_same_word(timed.word.text, word.text, language)
    confidence = timed.confidence if is_pinned or not timed.pinned else 0.0
    return TimedWord(word, timed.span, timed.status, confidence, is_pinned)


def _in_kinds(transcript: Transcript) -> list[tuple[str, Kind]]:
    return [(word.text, transcript.segments[word.segment].kind) for word in transcript.words]


def _touched(mapping: Mapping, count: int) -> list[range]:
    """Return the ranges of words changed in ``mapping``, with a word on either side. The text has ``count`` words."""
    runs = [range(max(0, each.new.start - 1), min(count, each.new.stop + 1)) for each in mapping.changes]
    joined: list[range] = []
    for run in runs:
        if joined and run.start - joined[-1].stop < _APART:
            joined[-1] = range(joined[-1].start, run.stop)
        else:
            joined.append(run)
    return joined
