"""Attempts to locate a transcript in audio: with one recogniser after the other; and if the result is not good, with
the text understood in another way, if its headings allow one.

A heading such as "Notes" may stand above text that nobody says, one such as "Transcript" below it, or either in the
middle of the talk. The layout of the text tells which in most cases. If something is then wrong, all of the text is
located, and what was not matched at its beginning and end is set aside.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
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

# If less of the transcript than this was found, and it covers less of the speech, the next recogniser is tried. The
# words of a transcript that is found take three quarters of the speech.
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class TranscriptWays:
    """A transcript understood by its layout, and by where the talk is in it, as by ``TranscriptFile.understood``; the
    ``pins`` on the words of either, and ``annotations`` of the audio."""

    by_look: Transcript
    with_talk: Callable[[range], Transcript]
    pins: Callable[[Transcript], Sequence[Pin]] = lambda transcript: ()
    annotations: Sequence[Annotation] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a recogniser made of the audio, how the transcript was understood, and how much of it was found."""

    recogniser: Recogniser
    recognition: Recognition
    language: str
    transcript: Transcript
    judgement: Judgement


def best_attempt(
    ways: TranscriptWays, audio: Audio, recognisers: Sequence[Recogniser], written: str | None, progress: Progress
) -> Attempt:
    """Return the first attempt that covers enough of the transcript, else the one that covers the most.

    ``written`` is the language of the transcript's words; None leaves it to the recognisers.
    """
    attempts: list[Attempt] = []
    for recogniser in recognisers if is_latin(ways.by_look) else recognisers[-1:]:
        recognition = recognise(audio, recogniser, progress)
        spoken = language_code(recognition.language) or language_code(ways.by_look.language) or recognition.language
        progress("locating", 0.0, audio.duration)
        attempt = partial(_attempt, audio, recogniser, recognition, written or spoken, ways)
        attempts.append(_as_recognised(ways, attempt))
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
        located = replace(located, untranscribed=lacked(located.placements, audio, recognition))
    return Attempt(recogniser, recognition, language, transcript, judge(transcript, located, audio))


def _located(
    transcript: Transcript, pins: Sequence[Pin], search: Locate, language: str, audio: Audio, recognition: Recognition
) -> Located:
    """Locate each word, as pinned or as found between pins, if that matches no less than a search of the whole.
    Untranscribed speech is left out if there are pins."""
    between = locate_between(transcript, audio, recognition, pins, search)
    if not pins:
        return between
    whole = search(transcript, audio, recognition)
    sound = Span(0.0, audio.duration)
    rooms = rooms_between(pins, Region(range(len(transcript.words)), sound))
    spelled = spell([token or "" for token in spoken_tokens(transcript, language)], language)
    letters = LettersHeard.of(recognition, sound)
    return Located(tuple(kept_of_whole(whole.placements, between.placements, rooms, letters, spelled)), ())


def _as_recognised(ways: TranscriptWays, attempt: Callable[[Transcript], Attempt]) -> Attempt:
    """Attempt the text as its layout has it; if the result is not good, as the audio says where the talk begins and
    ends."""
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
    """Return whether somebody speaks before the first word of the transcript or after the last."""
    spans = [word.span for word in judgement.words if word.span]
    first, last = min((s.start for s in spans), default=0.0), max((s.end for s in spans), default=0.0)
    return any(passage.start < first or passage.end > last for passage in judgement.untranscribed)


def _is_unsaid_below(attempt: Attempt) -> bool:
    """Return whether there is speech below a heading such as "Notes", of which no word is matched."""
    transcript = attempt.transcript
    place = max(_places(transcript, is_end_title), default=len(transcript.text))
    below = [each for each in attempt.judgement.words if each.word.char_start > place]
    spoken = [each for each in below if transcript.segments[each.word.segment].kind is Kind.SPEECH]
    return bool(spoken) and not any(each.status.is_matched for each in spoken)


def _places(transcript: Transcript, is_title: Callable[[str], bool]) -> list[int]:
    """Return where in the text such headings stand."""
    headings = (segment for segment in transcript.segments if segment.kind is Kind.HEADING)
    return [s.char_start for s in headings if is_title(transcript.text[s.char_start : s.char_end])]


def _talk(sought: Attempt) -> range | None:
    """Return the characters of the talk: up to the heading such as "Notes", or the text's end, that leaves the most
    matched words and the fewest others before it, and likewise from the heading such as "Transcript", or the text's
    beginning; None if that has no more matched words than others."""
    transcript, words = sought.transcript, sought.judgement.words
    spoken = [word for word in words if transcript.segments[word.word.segment].kind is Kind.SPEECH]
    gained = list(accumulate((1 if word.status.is_matched else -1 for word in spoken), initial=0))
    starts = [word.word.char_start for word in spoken]

    def gain(place: int) -> int:
        return gained[bisect_left(starts, place)]

    stop = max((*_places(transcript, is_end_title), len(transcript.text)), key=gain)
    titles = (place for place in reversed(_places(transcript, is_transcript_title)) if place < stop)
    start = min((*titles, 0), key=gain)
    return range(start, stop) if gain(stop) > gain(start) else None


def _share_of_speech(judgement: Judgement, audio: Audio) -> float:
    """Return the share of the speech that matched words take; all of it, if the transcript has more than this audio."""
    found = (w.span.duration for w in judgement.words if w.span and w.status.is_matched)
    return sum(found) / max(1.0, sum(span.duration for span in audio.speech))


def locate(transcript: Transcript, audio: Audio, recognition: Recognition, language: str) -> Located:
    """Locate each word by the emissions if the recognition has them, else by its words."""
    if recognition.emissions is None:
        return locate_by_words(transcript, audio, recognition.words, language)
    return locate_by_letters(transcript, audio, recognition.emissions, language)


def lacked(
    placements: Sequence[Placement], audio: Audio, recognition: Recognition, within: Span | None = None
) -> tuple[Untranscribed, ...]:
    """Return the speech that is missing from the transcript, between its words as they are placed. ``within`` is the
    audio around these, from the word before them to the one after, if they are not all."""
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
