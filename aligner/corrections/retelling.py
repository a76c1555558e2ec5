"""What a person sets of the text: paragraphs give way to others, and what the text lacks is put in where it is said.
What stays keeps its times, what is new is sought where it stands. The transcript's file, and the hash of that, are for
who writes it."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.corrections.pinning import checked_words, said_in
from aligner.corrections.repair import Heard
from aligner.corrections.rewording import reworded
from aligner.errors import CorrectionError
from aligner.model import Alignment, Kind, Span, Transcript, outermost
from aligner.storage.alignment_check import LONGEST_WORD
from aligner.transcript import MAX_CHARS, MAX_SEGMENTS, MAX_WORDS
from aligner.transcript.retexting import Paragraph, retexted

_ABOVE = 200  # words of headings, and of what stands below them, that are looked through


def rewritten(alignment: Alignment, segments: range, paragraphs: Sequence[Paragraph], heard: Heard | None) -> Alignment:
    """The alignment in which outermost segments, and what is in them, give way to paragraphs."""
    return reworded(alignment, _retexted(alignment, segments, paragraphs), heard)


def put_in(alignment: Alignment, sound: Span, speaker: str | None, text: str, heard: Heard | None) -> Alignment:
    """The alignment with a paragraph of what is said in a stretch of sound: between paragraphs, or within the one that
    goes on after it, which is then two."""
    _check_words(text)
    new = Paragraph(Kind.SPEECH, speaker, text)
    at, parts = _place(alignment, sound.middle)
    paragraphs = [parts[0], new, parts[1]] if parts else [new]
    transcript = _retexted(alignment, range(at, at + (_size(alignment, at) if parts else 0)), paragraphs)
    before = sum(1 for index, _ in outermost(alignment.transcript.segments) if index < at)
    index, inner = [*outermost(transcript.segments)][before + (1 if parts else 0)]
    own = [k for k, word in enumerate(transcript.words) if word.segment == index or word.segment in inner]
    put = reworded(alignment, transcript, heard)
    return said_in(put, range(own[0], own[-1] + 1), sound, heard)


def speaker_around(alignment: Alignment, sound: Span) -> str | None:
    """Who speaks both before and after a stretch of sound, or all that is said in the text; None where that is not one
    speaker."""
    segments = alignment.transcript.segments
    if len(named := {each.speaker for each in segments if each.kind is Kind.SPEECH}) == 1:
        return named.pop()
    said = [(each.span, segments[each.word.segment]) for each in alignment.words if each.span]
    said = [(span, segment) for span, segment in said if segment.kind is Kind.SPEECH]
    before = next((segment for span, segment in reversed(said) if span.start < sound.middle), None)
    after = next((segment for span, segment in said if span.start >= sound.middle), None)
    return before.speaker if before and after and before.speaker == after.speaker else None


def above_headings(alignment: Alignment, following: int, time: float) -> int:
    """The word before which the text would have what is said at a time, where ``following`` is the first that is said
    after it: the first of the headings above that, whose chapters begin later."""
    words, place = alignment.words, following
    for k in range(following - 1, max(-1, following - 1 - _ABOVE), -1):
        over = alignment.segments[words[k].word.segment]
        if words[k].span or over.segment.kind is Kind.SPEECH:
            break
        begins = k == 0 or words[k - 1].word.char_start < over.segment.char_start
        if over.segment.kind is Kind.HEADING and begins and over.start is not None and over.start > time:
            place = k
    return place


def put_instead(alignment: Alignment, words: range, sound: Span, text: str, heard: Heard | None) -> Alignment:
    """The alignment in which ``text``, which is said in a stretch of sound, stands in the place of words of speech."""
    _check_words(text)
    checked_words(alignment, words)
    timed, segments, written = alignment.words, alignment.transcript.segments, alignment.transcript.text
    own = [k for k in words if segments[timed[k].word.segment].kind is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: there is nothing that what is said could replace")
    first, last = timed[own[0]].word.char_start, timed[own[-1]].word.char_end
    touched = [
        (index, 1 + len(inner))
        for index, inner in outermost(segments)
        if segments[index].char_start < last and first < segments[index].char_end
    ]
    paragraphs = []
    for index, _ in touched:
        each = segments[index]
        begin, end = each.char_start, each.char_end
        told = written[begin:end]
        if each.kind is Kind.SPEECH:
            new = text if begin <= first else ""
            told = f"{written[begin : max(begin, first)]}{new}{written[min(end, last) : end]}"
        paragraphs.append(Paragraph(each.kind, each.speaker, told))
    transcript = _retexted(alignment, range(touched[0][0], touched[-1][0] + touched[-1][1]), paragraphs)
    count = len(transcript.words) - len(timed) + len(own)
    put = reworded(alignment, transcript, heard)
    return said_in(put, range(own[0], own[0] + count), sound, heard)


def _check_words(text: str) -> None:
    if not any(map(str.isalnum, text)):
        raise CorrectionError("there is no word in what is to be put in")


def _retexted(alignment: Alignment, segments: range, paragraphs: Sequence[Paragraph]) -> Transcript:
    try:
        new = retexted(alignment.transcript, segments, paragraphs)
    except ValueError as error:
        raise CorrectionError(
            "segments {first} to {stop} are no whole paragraphs of this transcript",
            first=segments.start,
            stop=segments.stop,
        ) from error
    if len(new.text) > MAX_CHARS or len(new.words) > MAX_WORDS or len(new.segments) > MAX_SEGMENTS:
        raise CorrectionError("the transcript would be longer than one can be, {most} characters", most=MAX_CHARS)
    if (longest := max((len(word.text) for word in new.words), default=0)) > LONGEST_WORD:
        raise CorrectionError(
            "a word of {n} characters is longer than one can be, {most} characters", n=longest, most=LONGEST_WORD
        )
    return new


def _place(alignment: Alignment, time: float) -> tuple[int, tuple[Paragraph, Paragraph] | None]:
    """The outermost segment before which is said what is said at a time; where that is in the middle of one, its two
    parts."""
    words, segments = alignment.words, alignment.transcript.segments
    following = next((k for k, word in enumerate(words) if word.span and word.span.start >= time), None)
    if following is None:
        return len(segments), None
    following = above_headings(alignment, following, time)
    char = words[following].word.char_start
    at = max(index for index, _ in outermost(segments) if segments[index].char_start <= char)
    own = segments[at]
    first = next(k for k, word in enumerate(words) if word.word.char_start >= own.char_start)
    if first == following:
        return at, None
    text = alignment.transcript.text
    last = words[following - 1].word.char_end
    gap = text[last:char]
    cut = last + max((k + 1 for k, character in enumerate(gap) if character.isspace()), default=len(gap))
    parts = text[own.char_start : cut].rstrip(), text[cut : own.char_end]
    return at, (Paragraph(own.kind, own.speaker, parts[0]), Paragraph(own.kind, own.speaker, parts[1]))


def _size(alignment: Alignment, at: int) -> int:
    """How many segments an outermost one is, with those in it."""
    return next(1 + len(inner) for index, inner in outermost(alignment.transcript.segments) if index == at)
