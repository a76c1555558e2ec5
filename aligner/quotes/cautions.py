"""What a person should look at before a quote is published: what the times of its words give away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from aligner.model import Alignment, Span, Status, TimedWord
from aligner.quotes.comparison import Caution, strong_words
from aligner.quotes.places import speech_of

_LEAST_UNTRANSCRIBED = 1.0  # seconds
_SHOWN = 80  # characters of words that are told
_NO_ROOM = 0.02  # seconds
_EDGE = 0.010  # seconds of a word that a cut may take: the times of words are not better than that


def cautions_of(alignment: Alignment, words: range, inside: range, printed: Set[int]) -> tuple[Caution, ...]:
    """What the times of ``words``, of which ``inside`` is what is cut and ``printed`` what is printed of it, say
    against a quote of them."""
    cautions = []
    speech = speech_of(alignment, words)
    unspoken = [k for k in speech if alignment.words[k].status is Status.UNSPOKEN]
    kept = [alignment.words[k].word.text for k in unspoken if k in printed]
    if len(kept) > 1 or strong_words(" ".join(kept), alignment.language):
        cautions.append(Caution("unspoken", f"printed, but not found in the sound: {_shown(kept)}", _shown(kept)))
    left = _shown(alignment.words[k].word.text for k in unspoken if k not in printed)
    if left:
        cautions.append(Caution("left-out", f"not in the sound, and left out: {left}", left))
    outside = _shown(alignment.words[k].word.text for k in speech if k not in inside and k not in unspoken)
    if outside:
        cautions.append(Caution("outside-cut", f"outside the cut, and left out: {outside}", outside))
    guessed = (f"the time of the {name} is a guess; listen to the cut" for name in _guessed_edges(alignment, inside))
    cautions += [Caution("uncertain-edge", message) for message in guessed]
    return (*cautions, *_untranscribed(alignment, inside))


def _guessed_edges(alignment: Alignment, inside: range) -> Iterator[str]:
    """The words at an edge whose times are guesses: those of the quote, and neighbours that leave it no room."""
    words = alignment.words
    spoken = list(_spoken(words[inside.start : inside.stop]))
    (first, first_span), (last, last_span) = spoken[0], spoken[-1]
    before, before_span = next(_spoken(reversed(words[: inside.start])), spoken[0])
    after, after_span = next(_spoken(words[inside.stop :]), spoken[-1])
    for word, name, room in (
        (first, "first word", 0.0),
        (last, "last word", 0.0),
        (before, "word before", first_span.start - before_span.end),
        (after, "word after", after_span.start - last_span.end),
    ):
        if word.status is Status.INTERPOLATED and 0 <= room < _NO_ROOM:
            yield name


def _spoken(words: Iterable[TimedWord]) -> Iterator[tuple[TimedWord, Span]]:
    return ((word, word.span) for word in words if word.span)


def cautions_of_edges(alignment: Alignment, span: Span) -> tuple[Caution, ...]:
    """Which words a cut of exactly ``span`` goes through."""
    cautions = []
    for edge, name in ((span.start, "starts"), (span.end, "ends")):
        through = (
            word.word.text for word, said in _spoken(alignment.words) if said.start + _EDGE < edge < said.end - _EDGE
        )
        cautions += [Caution("cuts-word", f"the cut {name} inside the word {text}", text) for text in through]
    return tuple(cautions)


def cautions_of_room(alignment: Alignment, span: Span, pad: float) -> tuple[Caution, ...]:
    """Where the episode begins or ends within the ``pad`` seconds that were asked for beside ``span``."""
    before, after = span.start, alignment.audio.duration - span.end
    cautions = []
    if before < pad:
        message = f"the episode begins {max(before, 0.0):.1f} s before the quote, which is less than {pad:g} s"
        cautions.append(Caution("no-room-before", message))
    if after < pad:
        message = f"the episode ends {max(after, 0.0):.1f} s after the quote, which is less than {pad:g} s"
        cautions.append(Caution("no-room-after", message))
    return tuple(cautions)


def _shown(words: Iterable[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _untranscribed(alignment: Alignment, inside: range) -> list[Caution]:
    """Speech inside the quote that the transcript lacks."""
    spoken = [span for _, span in _spoken(alignment.words[inside.start : inside.stop])]
    start, end = spoken[0].start, spoken[-1].end
    heard = (
        passage.text[:_SHOWN]
        for passage in alignment.untranscribed
        if min(end, passage.end) - max(start, passage.start) >= _LEAST_UNTRANSCRIBED
    )
    return [
        Caution("untranscribed", f"speech that the transcript lacks: {text or 'no words recognised'}", text)
        for text in heard
    ]
