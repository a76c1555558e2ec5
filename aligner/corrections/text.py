"""Changes of the text: paragraphs give way to others, and what was missing from the transcript is inserted where it is
said. What stays keeps its times; what is new is searched where it stands, so a corrected paragraph costs a search of
some seconds of audio, however long the episode. The transcript's file and its hash are for who writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aligner.corrections.annotations import carried
from aligner.corrections.pinning import said_in
from aligner.corrections.repair import RecognisedAudio, repaired, with_words
from aligner.errors import CorrectionError
from aligner.mapping import Mapping, TextMapping, is_same_word, reading
from aligner.model import Alignment, Kind, Span, Status, TimedWord, Transcript, Word, outermost
from aligner.pins import passages_of
from aligner.transcript import MAX_CHARS, MAX_WORDS
from aligner.transcript.retexting import Paragraph, retexted

_ABOVE = 200  # words of headings, and of what stands below them, that are looked through
_APART = 40  # unchanged words between two changes, from which on each is searched around by itself


def rewritten(
    alignment: Alignment, segments: range, paragraphs: Sequence[Paragraph], heard: RecognisedAudio | None
) -> Alignment:
    """Return the alignment in which outermost segments, and what is in them, give way to paragraphs."""
    try:
        new = retexted(alignment.transcript, segments, paragraphs)
    except ValueError as error:
        raise CorrectionError(
            "segments {first} to {stop} are no whole paragraphs of this transcript",
            first=segments.start,
            stop=segments.stop,
        ) from error
    if len(new.text) > MAX_CHARS or len(new.words) > MAX_WORDS:
        raise CorrectionError("the transcript would be longer than one can be, {most} characters", most=MAX_CHARS)
    return reworded(alignment, new, heard)


def put_in(
    alignment: Alignment, sound: Span, speaker: str | None, text: str, heard: RecognisedAudio | None
) -> Alignment:
    """Return the alignment with what is said in a passage of audio: within its speaker's paragraph, or as another."""
    later = (k for k, word in enumerate(alignment.words) if word.span and word.span.start >= sound.middle)
    following = above_headings(alignment, next(later, len(alignment.words)), sound.middle)
    segments, before, after = _split(alignment, following)
    if alignment.transcript.text.count("’") > alignment.transcript.text.count("'"):  # recognisers write straight ones
        text = text.replace("'", "’")
    paragraphs = [*before, Paragraph(Kind.SPEECH, speaker, text), *after]
    if before and before[0].kind is Kind.SPEECH and speaker in (None, before[0].speaker):
        paragraphs = [replace(before[0], text=" ".join(each.text for each in paragraphs))]
    made = rewritten(alignment, segments, paragraphs, heard)
    return _with_new_words(alignment, made, range(following, following), sound, heard)


def put_instead(alignment: Alignment, words: range, sound: Span, text: str, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment in which ``text``, which is said in a passage of audio, replaces words of speech."""
    timed, segments, written = alignment.words, alignment.transcript.segments, alignment.transcript.text
    own = [k for k in words if segments[timed[k].word.segment].kind is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: there is nothing that what is said could replace")
    first, last = timed[own[0]].word.char_start, timed[own[-1]].word.char_end
    outer = [(segments[index], index, inner.stop) for index, inner in outermost(segments)]
    touched = [each for each in outer if each[0].char_start < last and first < each[0].char_end]
    paragraphs = []
    for each, _, _ in touched:
        begin, end = each.char_start, each.char_end
        left = written[begin:end]
        if each.kind is Kind.SPEECH:
            new = text if begin <= first else ""
            left = f"{written[begin : max(begin, first)]}{new}{written[min(end, last) : end]}"
        paragraphs.append(Paragraph(each.kind, each.speaker, left))
    made = rewritten(alignment, range(touched[0][1], touched[-1][2]), paragraphs, heard)
    return _with_new_words(alignment, made, range(own[0], own[0] + len(own)), sound, heard)


def _with_new_words(
    before: Alignment, made: Alignment, gone: range, sound: Span, heard: RecognisedAudio | None
) -> Alignment:
    """Return what was made of an alignment, with the words that replaced those gone said in a passage of audio."""
    count = len(made.words) - len(before.words) + len(gone)
    if count < 1:
        raise CorrectionError("there is no word in what is to be put in")
    return said_in(made, range(gone.start, gone.start + count), sound, heard)


def speaker_around(alignment: Alignment, sound: Span) -> str | None:
    """Return who speaks both before and after a passage of audio, or all of the text; None if that is not one
    speaker."""
    speech = [each for each in alignment.segments if each.segment.kind is Kind.SPEECH]
    if len(named := {each.segment.speaker for each in speech}) == 1:
        return named.pop()
    said = [(each.start, each.end, each.segment.speaker) for each in speech if each.start is not None and each.end]
    before = next((speaker for start, _, speaker in reversed(said) if start < sound.middle), None)
    after = next((speaker for _, end, speaker in said if end > sound.middle), None)
    return before if before == after else None


def above_headings(alignment: Alignment, following: int, time: float) -> int:
    """Return the word before which the text would have what is said at a time, where ``following`` is the first word
    said after it: the first of the headings above that, if their chapters begin later."""
    words, place = alignment.words, following
    for k in range(following - 1, max(-1, following - 1 - _ABOVE), -1):
        over = alignment.segments[words[k].word.segment]
        if words[k].span or over.segment.kind is Kind.SPEECH:
            break
        begins = k == 0 or words[k - 1].word.char_start < over.segment.char_start
        if over.segment.kind is Kind.HEADING and begins and over.start is not None and over.start > time:
            place = k
    return place


def reworded(alignment: Alignment, transcript: Transcript, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with another transcript of the same audio. Without what was heard, a word that replaces
    another has its time, and other new words have none."""
    # A search finds a word where it was if it reads as it did and is of the same kind of segment.
    mapping = Mapping(_in_kinds(alignment.transcript), _in_kinds(transcript), lambda each: (reading(each[0]), each[1]))
    there = mapping.kept() if heard else TextMapping(alignment.transcript, transcript).counterparts()
    stays = {new: old for old, new in there.items()}
    words = tuple(
        _written_as(word, alignment.words[stays[new]], alignment.language)
        if new in stays
        else TimedWord(word, None, Status.UNSPOKEN, 0.0)
        for new, word in enumerate(transcript.words)
    )
    pins, lost = carried(alignment, transcript, alignment.audio.sha256)
    now = replace(alignment, transcript=transcript, words=words, pinned_passages=passages_of(pins), lost_pins=lost)
    if heard is None or not mapping.changes:
        return with_words(now, words, heard)
    for run in _touched(mapping, len(transcript.words)):
        now = repaired(now, pins, run, heard, {word for word in run if word not in stays})
    return now


def _split(alignment: Alignment, following: int) -> tuple[range, list[Paragraph], list[Paragraph]]:
    """Return the segments that give way to a paragraph before the word ``following``, and what is left of them before
    and after it: none between two paragraphs."""
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
    """Return a word that stays as the text has it now; one that replaced another has its time at most."""
    if timed.word == word:
        return timed
    is_pinned = timed.pinned and is_same_word(timed.word.text, word.text, language)
    confidence = timed.confidence if is_pinned or not timed.pinned else 0.0
    return TimedWord(word, timed.span, timed.status, confidence, is_pinned)


def _in_kinds(transcript: Transcript) -> list[tuple[str, Kind]]:
    """Return each word with the kind of its segment."""
    return [(word.text, transcript.segments[word.segment].kind) for word in transcript.words]


def _touched(mapping: Mapping, count: int) -> list[range]:
    """Return the words of the new text around which to search: new ones, and those beside which some were removed;
    those near each other together."""
    runs = [range(max(0, each.new.start - 1), min(count, each.new.stop + 1)) for each in mapping.changes]
    joined: list[range] = []
    for run in runs:
        if joined and run.start - joined[-1].stop < _APART:
            joined[-1] = range(joined[-1].start, run.stop)
        else:
            joined.append(run)
    return joined
