"""The attempts to find a transcript in a sound: by one ear after the other; and where what was found is not good, with
the text understood in another way, if its headings leave one.

A heading such as "Notes" may stand above all that nobody says, one such as "Transcript" below it, or either in the
middle of the talk. The text's look tells which in most cases; where something is then amiss, the sound does: all is
sought, and what was not heard is set aside.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from aligner.emissions import FRAME
from aligner.languages import language_code
from aligner.locating.letters import locate_by_letters
from aligner.locating.letters.anchors import decode
from aligner.locating.pinned import LettersHeard, Locate, kept_of_whole, locate_between, located_outside, silent_spans
from aligner.locating.quality import Judgement, judge, lettered_passages, worded_passages
from aligner.locating.spoken_words import is_latin, spoken_tokens
from aligner.locating.words import locate_by_words
from aligner.model import (
    Audio,
    Kind,
    Located,
    Pin,
    Placement,
    Recognition,
    Settled,
    Span,
    Status,
    Transcript,
    Untranscribed,
    Verdict,
)
from aligner.normalization import spell
from aligner.pins import Stretch, rooms_between
from aligner.recognition import Ear, Progress, recognise
from aligner.transcript import is_end_title, is_transcript_title

# Where less of the transcript than this was found, and less of the speech is what was found, an ear may have
# misunderstood what another would not. The words of a transcript that is found take three quarters of the speech.
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class TranscriptWays:
    """A transcript as its look has it, and how it is understood where the talk is elsewhere in the text, as of
    ``TranscriptFile.understood``; the ``pins`` on the words of either, and what sound is ``settled`` to be."""

    by_look: Transcript
    with_talk: Callable[[range], Transcript]
    pins: Callable[[Transcript], Sequence[Pin]] = lambda transcript: ()
    settled: Sequence[Settled] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one ear made of the sound, how the transcript was understood, and how far it was found."""

    ear: Ear
    recognition: Recognition
    language: str
    transcript: Transcript
    judgement: Judgement


def best_attempt(
    ways: TranscriptWays, audio: Audio, ears: Sequence[Ear], written: Future[str | None] | None, progress: Progress
) -> Attempt:
    """The first attempt that covers enough of the transcript, else the one that covers the most.

    ``written`` will be the language in which the transcript's words are; the ears tell it where that is not known.
    """
    attempts: list[Attempt] = []
    for ear in ears if is_latin(ways.by_look) else ears[-1:]:
        recognition = recognise(audio, ear, progress)
        heard = language_code(recognition.language) or language_code(ways.by_look.language) or recognition.language
        language = (written.result() if written else None) or heard
        progress("locating", 0.0, audio.duration)
        found = _as_heard(ways, partial(_attempt, _Heard(audio, ear, recognition, language), ways))
        progress("locating", audio.duration, audio.duration)
        attempts.append(found)
        if max(found.judgement.coverage, _understood(found.judgement, audio)) >= _ENOUGH:
            break
    return max(attempts, key=lambda attempt: attempt.judgement.coverage)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one ear made of the sound."""

    audio: Audio
    ear: Ear
    recognition: Recognition
    language: str


def _attempt(heard: _Heard, ways: TranscriptWays, transcript: Transcript) -> Attempt:
    pins = ways.pins(transcript)
    search = partial(_located, transcript, pins, partial(locate, language=heard.language), heard.language)
    silent = silent_spans(ways.settled, pins)
    located = located_outside(search, heard.audio, heard.recognition, silent)
    if pins or silent:
        located = replace(located, untranscribed=lacked(located.placements, heard.audio, heard.recognition))
    judgement = judge(transcript, located, heard.audio)
    return Attempt(heard.ear, heard.recognition, heard.language, transcript, judgement)


def _located(
    transcript: Transcript, pins: Sequence[Pin], search: Locate, language: str, audio: Audio, recognition: Recognition
) -> Located:
    """When each word is said, as pinned or as found between pins, where that does not hear less than a search of the
    whole; of this what the text lacks is not told where there are pins."""
    between = locate_between(transcript, audio, recognition, pins, search)
    if not pins:
        return between
    whole = search(transcript, audio, recognition)
    sound = Span(0.0, audio.duration)
    rooms = rooms_between(pins, Stretch(range(len(transcript.words)), sound))
    spelled = spell([token or "" for token in spoken_tokens(transcript, language)], language)
    letters = LettersHeard.of(recognition, sound)
    return Located(tuple(kept_of_whole(whole.placements, between.placements, rooms, letters, spelled)), ())


def _as_heard(ways: TranscriptWays, attempt: Callable[[Transcript], Attempt]) -> Attempt:
    """The attempt with what the text's look says, where that is good or leaves no choice; else with what the sound says
    of where the talk begins and ends."""
    first = attempt(ways.by_look)
    is_good = first.judgement.verdict is Verdict.GOOD
    if is_good and not _is_said_around(first.judgement) and not _is_unsaid_below(first):
        return first
    all_sought = ways.with_talk(range(len(ways.by_look.text)))
    if not _places(all_sought, is_transcript_title) and not _places(all_sought, is_end_title):
        return first
    sought = first if all_sought.segments == first.transcript.segments else attempt(all_sought)
    talk = _talk(sought)
    if talk is None:
        return first
    heard = ways.with_talk(talk)
    known = (each for each in (first, sought) if each.transcript.segments == heard.segments)
    return next(known, None) or attempt(heard)


def _is_said_around(judgement: Judgement) -> bool:
    """Whether somebody speaks before the first word of the transcript or after the last."""
    spans = [word.span for word in judgement.words if word.span]
    first, last = min((s.start for s in spans), default=0.0), max((s.end for s in spans), default=0.0)
    return any(passage.start < first or passage.end > last for passage in judgement.untranscribed)


def _is_unsaid_below(attempt: Attempt) -> bool:
    """Whether there is speech below a heading such as "Notes", of which nothing is heard."""
    transcript = attempt.transcript
    place = max(_places(transcript, is_end_title), default=len(transcript.text))
    below = [each for each in attempt.judgement.words if each.word.char_start > place]
    spoken = [each for each in below if transcript.segments[each.word.segment].kind is Kind.SPEECH]
    return bool(spoken) and not any(each.status.is_heard for each in spoken)


def _places(transcript: Transcript, is_title: Callable[[str], bool]) -> list[int]:
    """Where in the text such headings stand."""
    headings = (segment for segment in transcript.segments if segment.kind is Kind.HEADING)
    return [s.char_start for s in headings if is_title(transcript.text[s.char_start : s.char_end])]


def _talk(sought: Attempt) -> range | None:
    """Where the talk stands, in characters: up to the heading such as "Notes", or the text's end, that leaves the most
    words that are heard and the fewest that are not before it, and likewise from the heading such as "Transcript", or
    the text's beginning; None where that holds no more that are heard."""
    transcript, words = sought.transcript, sought.judgement.words
    spoken = [word for word in words if transcript.segments[word.word.segment].kind is Kind.SPEECH]
    gained = list(accumulate((1 if word.status.is_heard else -1 for word in spoken), initial=0))
    starts = [word.word.char_start for word in spoken]

    def gain(place: int) -> int:
        return gained[bisect_left(starts, place)]

    stop = max((*_places(transcript, is_end_title), len(transcript.text)), key=gain)
    titles = (place for place in reversed(_places(transcript, is_transcript_title)) if place < stop)
    start = min((*titles, 0), key=gain)
    return range(start, stop) if gain(stop) > gain(start) else None


def _understood(judgement: Judgement, audio: Audio) -> float:
    """The share of the speech that words of the transcript were found to take: all, where that holds much more than
    this sound."""
    found = (w.span.duration for w in judgement.words if w.span and w.status.is_heard)
    return sum(found) / max(1.0, sum(span.duration for span in audio.speech))


def locate(transcript: Transcript, audio: Audio, recognition: Recognition, language: str) -> Located:
    """When each word is said, by the letters that were heard if the ear heard any, else by the words."""
    if recognition.emissions is None:
        return locate_by_words(transcript, audio, recognition.words, language)
    return locate_by_letters(transcript, audio, recognition.emissions, language)


def lacked(
    placements: Sequence[Placement], audio: Audio, recognition: Recognition, within: Span | None = None
) -> tuple[Untranscribed, ...]:
    """Where something is said that the transcript lacks: between the words, as they are placed. ``within`` is the sound
    around these, from the word before them to the one after, where they are not all."""
    whole = Span(0.0, audio.duration)
    sound = within or whole
    said = Placement(None, Status.EXACT, 1.0)
    before = [replace(said, span=Span(0.0, sound.start))] if sound.start > 0 else []
    after = [replace(said, span=Span(sound.end, whole.end))] if sound.end < whole.end else []
    around = [*before, *placements, *after]
    if recognition.emissions is None:
        return worded_passages(around, recognition.words, audio)
    emissions, first = recognition.emissions, int(sound.start / FRAME)
    heard = decode(replace(emissions, values=emissions.values[first : int(sound.end / FRAME) + 1]))
    return lettered_passages(around, (heard.frames + first) * FRAME, audio)
