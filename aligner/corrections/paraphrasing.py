"""Words in the place of which others are said that mean the same: they are shown while these are said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from aligner.corrections.giving_way import LEAST
from aligner.corrections.pinning import checked_words, said_in, with_pins
from aligner.corrections.repair import Heard
from aligner.errors import CorrectionError
from aligner.model import Alignment, Kind, Span, TimedWord
from aligner.pins import Pin, PinKind
from aligner.spans import JoinedSpans, SpeechSpans


def paraphrased(alignment: Alignment, words: range, span: Span, heard: Heard | None) -> Alignment:
    """The words said in ``span``, each of them: where they are heard, else one after the other as long as letters
    take."""
    checked_words(alignment, words)
    kinds = [timed.segment.kind for timed in alignment.segments]
    own = [k for k in words if kinds[alignment.words[k].word.segment] is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: nobody says them")
    if round(span.duration, 3) < LEAST * len(own):
        raise CorrectionError(
            "{n} words take more than {seconds:.2f} s: a longer stretch of the sound was expected",
            n=len(own),
            seconds=span.duration,
        )
    found = said_in(alignment, words, span, heard)
    speech = SpeechSpans(heard.audio.speech) if heard else SpeechSpans([span])
    places = _places([found.words[k] for k in own], span, speech)
    pins = [Pin(PinKind.WORD, range(k, k + 1), place) for k, place in zip(own, places, strict=True)]
    return with_pins(found, words, pins, heard)


def _places(words: Sequence[TimedWord], span: Span, speech: SpeechSpans) -> list[Span]:
    """A place for each of the words: where it is said, else beside those that are; where there is no room beside them,
    all share the span."""
    places: list[Span] = []
    start, done = span.start, 0
    for is_said, group in groupby(words, lambda word: word.span is not None):
        run = list(group)
        done += len(run)
        end = next((each.span.start for each in words[done:] if each.span), span.end)
        if is_said:
            places += [each.span for each in run if each.span]
        elif end - start < LEAST * len(run):
            return _shared(words, span, SpeechSpans([span]))
        else:
            places += _shared(run, Span(start, end), speech)
        start = places[-1].end
    return places


def _shared(words: Sequence[TimedWord], room: Span, speech: SpeechSpans) -> list[Span]:
    """Places for words that share the speech in a room by their letters; where that leaves too little to one of them,
    all of the room, and if need be by halves."""
    letters = [max(1, len(each.word.text)) for each in words]
    ways = ((speech.between(room.start, room.end), letters), ([room], letters), ([room], [1] * len(words)))
    shares = (JoinedSpans(spans).share_out(lengths) for spans, lengths in ways if spans)
    places: list[Span] = []
    for places in shares:
        if min(each.duration for each in places) >= LEAST:
            break
    return [Span(round(each.start, 3), round(each.end, 3)) for each in places]
