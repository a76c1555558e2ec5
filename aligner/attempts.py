"""Try recognisers, and ways to read the transcript, until enough of the transcript is matched with the audio.

A heading such as "Notes" usually begins text that is not spoken, and a heading such as "Transcript" ends such text. But
both may also occur within spoken text. So the transcript's layout first decides which text is speech. If the result is
not good, the whole text is searched for in the audio; then text that does not match is excluded at both ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from aligner.emissions import FRAME
from aligner.languages import language_code
from aligner.locating.acoustic import locate_by_emissions
from aligner.locating.acoustic.anchors import decode
from aligner.locating.pinned import (
    Locate,
    TimedLetters,
    locate_between,
    located_outside,
    merge_with_whole,
    silent_spans,
)
from aligner.locating.quality import Judgement, judge, passages_of_letters, passages_of_words
from aligner.locating.spoken_words import is_latin, spoken_tokens
from aligner.locating.words import locate_by_words
from aligner.model import (
    Annotation,
    Audio,
    Kind,
    Located,
    Pin,
    Placement,
    Recognition,
    Span,
    Status,
    Transcript,
    Untranscribed,
    Verdict,
)
from aligner.normalization import spell
from aligner.pins import Region, rooms_between
from aligner.recognition import Progress, Recogniser, recognise
from aligner.transcript import is_end_title, is_transcript_title

# The next recogniser is tried if both the coverage and the share of speech in matched words are below this. In a good
# alignment, matched words take three quarters of the speech.
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class TranscriptWays:
    """The ways to read a transcript, which differ in the text that is taken as speech.

    ``by_look`` is the transcript as read by its layout alone. ``with_talk`` reads the transcript with a given range of
    characters as speech; see ``TranscriptFile.understood``. ``pins`` returns a person's corrections of word times for a
    transcript read in one of these ways. ``annotations`` are a person's marks on the audio, such as ads.
    """

    by_look: Transcript
    with_talk: Callable[[range], Transcript]
    pins: Callable[[Transcript], Sequence[Pin]] = lambda transcript: ()
    annotations: Sequence[Annotation] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one recogniser and one way to read the transcript."""

    recogniser: Recogniser
    recognition: Recognition
    language: str
    transcript: Transcript
    judgement: Judgement


def best_attempt(
    ways: TranscriptWays, audio: Audio, recognisers: Sequence[Recogniser], written: str | None, progress: Progress
) -> Attempt:
    """Return the first attempt in which enough words are matched, else the attempt with the highest coverage.

    ``written`` is the transcript's language as detected from its text, or None. If None, the language is taken from the
    recognition if known there, else from the transcript's file.
    """
    attempts: list[Attempt] = []
    for recogniser in recognisers if is_latin(ways.by_look) else recognisers[-1:]:
        recognition = recognise(audio, recogniser, progress)
        spoken = language_code(recognition.language) or language_code(ways.by_look.language) or recognition.language
        progress("locating", 0.0, audio.duration)
        attempt = partial(_attempt, audio, recogniser, recognition, written or spoken, ways)
        attempts.append(_best_reading(ways, attempt))
        progress("locating", audio.duration, audio.duration)
        judgement = attempts[-1].judgement
        if max(judgement.coverage, _share_of_speech(judgement, audio)) >= _ENOUGH:
            break
    return max(attempts, key=lambda attempt: attempt.judgement.coverage)


def _attempt(
    audio: Audio,
    recogniser: Recogniser,
    recognition: Recognition,
    language: str,
    ways: TranscriptWays,
    transcript: Transcript,
) -> Attempt:
    pins = ways.pins(transcript)
    search = partial(_located, transcript, pins, partial(locate, language=language), language)
    silent = silent_spans(ways.annotations, pins)
    located = located_outside(search, audio, recognition, silent)
    if pins or silent:
        located = replace(located, untranscribed=find_untranscribed(located.placements, audio, recognition))
    return Attempt(recogniser, recognition, language, transcript, judge(transcript, located, audio))


def _located(
    transcript: Transcript, pins: Sequence[Pin], search: Locate, language: str, audio: Audio, recognition: Recognition
) -> Located:
    """Locate the words: a pinned word at its pin, each other word by two searches. One search is between the pins, the
    other ignores the pins. The second one's time is used if the pins allow it and the word matches better there.

    If there are pins, untranscribed speech is missing from the result: the caller finds it then.
    """
    between = locate_between(transcript, audio, recognition, pins, search)
    if not pins:
        return between
    whole = search(transcript, audio, recognition)
    duration = Span(0.0, audio.duration)
    rooms = rooms_between(pins, Region(range(len(transcript.words)), duration))
    spelled = spell([token or "" for token in spoken_tokens(transcript, language)], language)
    letters = TimedLetters.of(recognition, duration)
    return Located(tuple(merge_with_whole(whole.placements, between.placements, rooms, letters, spelled)), ())


def _best_reading(ways: TranscriptWays, attempt: Callable[[Transcript], Attempt]) -> Attempt:
    """Make an attempt with the text that the layout marks as speech. If the result is not good, attempt the whole text,
    find the range of the text that was matched, and return an attempt with only this range as speech."""
    first = attempt(ways.by_look)
    is_good = first.judgement.verdict is Verdict.GOOD
    if is_good and not _has_speech_around(first.judgement) and not _is_unmatched_below(first):
        return first
    all_text = ways.with_talk(range(len(ways.by_look.text)))
    if not _headings(all_text, is_transcript_title) and not _headings(all_text, is_end_title):
        return first
    whole = first if all_text.segments == first.transcript.segments else attempt(all_text)
    talk = _talk(whole)
    if talk is None:
        return first
    matched = ways.with_talk(talk)
    same = (each for each in (first, whole) if each.transcript.segments == matched.segments)
    return next(same, None) or attempt(matched)


def _has_speech_around(judgement: Judgement) -> bool:
    """Return whether there is untranscribed speech before the first timed word or after the last one."""
    spans = [word.span for word in judgement.words if word.span]
    first, last = min((s.start for s in spans), default=0.0), max((s.end for s in spans), default=0.0)
    return any(passage.start < first or passage.end > last for passage in judgement.untranscribed)


def _is_unmatched_below(attempt: Attempt) -> bool:
    """Return whether text below a heading such as "Notes" was read as speech by mistake: no word is matched."""
    transcript = attempt.transcript
    heading = max(_headings(transcript, is_end_title), default=len(transcript.text))
    below = [each for each in attempt.judgement.words if each.word.char_start > heading]
    spoken = [each for each in below if transcript.segments[each.word.segment].kind is Kind.SPEECH]
    return bool(spoken) and not any(each.status.is_matched for each in spoken)


def _headings(transcript: Transcript, is_title: Callable[[str], bool]) -> list[int]:
    headings = (segment for segment in transcript.segments if segment.kind is Kind.HEADING)
    return [s.char_start for s in headings if is_title(transcript.text[s.char_start : s.char_end])]


def _talk(attempt: Attempt) -> range | None:
    """Return the range of characters that is spoken: the one with the greatest surplus of matched over unmatched words.
    The range starts at a heading such as "Transcript" or at the beginning of the text, and stops at a heading such as
    "Notes" or at the end of the text. Return None if no range has a surplus."""
    transcript, words = attempt.transcript, attempt.judgement.words
    spoken = [word for word in words if transcript.segments[word.word.segment].kind is Kind.SPEECH]
    gained = list(accumulate((1 if word.status.is_matched else -1 for word in spoken), initial=0))
    starts = [word.word.char_start for word in spoken]

    def gain(offset: int) -> int:
        return gained[bisect_left(starts, offset)]

    stop = max((*_headings(transcript, is_end_title), len(transcript.text)), key=gain)
    titles = (offset for offset in reversed(_headings(transcript, is_transcript_title)) if offset < stop)
    start = min((*titles, 0), key=gain)
    return range(start, stop) if gain(stop) > gain(start) else None


def _share_of_speech(judgement: Judgement, audio: Audio) -> float:
    matched = (w.span.duration for w in judgement.words if w.span and w.status.is_matched)
    return sum(matched) / max(1.0, sum(span.duration for span in audio.speech))


def locate(transcript: Transcript, audio: Audio, recognition: Recognition, language: str) -> Located:
    """Find the time of each word: from the emissions if the recognition has any, else from the recognised words."""
    if recognition.emissions is None:
        return locate_by_words(transcript, audio, recognition.words, language)
    return locate_by_emissions(transcript, audio, recognition.emissions, language)


def find_untranscribed(
    placements: Sequence[Placement], audio: Audio, recognition: Recognition, within: Span | None = None
) -> tuple[Untranscribed, ...]:
    """Return the speech that is missing from the transcript, that is, the speech in the gaps between located words.

    ``placements`` may be those of only some consecutive words of the transcript. ``within`` is then the span to search,
    from the end of the word before these words to the start of the word after them.
    """
    whole = Span(0.0, audio.duration)
    span = within or whole
    outside = Placement(None, Status.EXACT, 1.0)
    before = [replace(outside, span=Span(0.0, span.start))] if span.start > 0 else []
    after = [replace(outside, span=Span(span.end, whole.end))] if span.end < whole.end else []
    around = [*before, *placements, *after]
    if recognition.emissions is None:
        return passages_of_words(around, recognition.words, audio)
    emissions, first = recognition.emissions, int(span.start / FRAME)
    decoded = decode(replace(emissions, values=emissions.values[first : int(span.end / FRAME) + 1]))
    return passages_of_letters(around, (decoded.frames + first) * FRAME, audio)
