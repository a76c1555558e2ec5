"""Finding a kept quote again in another transcript.

Who keeps words keeps what somebody said at a moment of the sound. While the sound is the same, a quote is what is now
printed of that moment, if the same person says it and the words are much the same; or its very words, where they were
moved within their paragraph or to the one beside it; the same words elsewhere are another quote. Where a person has
said since that somebody else says just these words then, or that they are a heading or a note that nobody says, it
goes with them, and tells so; a name that only came to stand there is no reason. Of another sound, it is where its
words are, if the same person says them there and they are nowhere else. Else it is lost, and a passage that is near
is a suggestion.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

from aligner.errors import QuoteError
from aligner.kept.nearest import nearest
from aligner.kept.passages import as_it_stands, is_too_long, text_of
from aligner.kept.reordered import moved_beside, with_rest_of_sentence
from aligner.model import Alignment, Span
from aligner.quotes import (
    SearchResult,
    beside_speech,
    quote_of_words,
    read_printed,
    search,
    text_likeness,
    words_of_times,
)
from aligner.storage.kept_quotes import HASH_DIGITS, LONGEST, Kept, Lost, timestamp, version_of

# Letters and words in common from which what is printed of a moment is the quote, corrected; and from which what is
# printed elsewhere is.
_CORRECTED = (0.5, 0.5)
_MOVED = (0.85, 0.8)
_WORDS_LEFT = 0.5  # share of the quote's own words that have to be left in it, corrected
_SOME_LEFT = 0.25  # and from which its sentence still stands there in other words
_CERTAIN = 0.95  # letters in common from which no better words are sought
_SUGGESTED = 4  # places in which a passage to suggest is looked for
_MORE_WORDS, _CLOSE = 3, 0.3  # words, within so many seconds, by which a quote may reach beyond its old times


def kept_now(alignment: Alignment, words: range) -> Kept:
    """A new record of words."""
    printed, voice = read_printed(alignment, words), _voice_of(alignment, words)
    first, last = (alignment.words[k].word for k in (words[0], words[-1]))
    return Kept(
        id=secrets.token_hex(4),
        text=printed.text or as_it_stands(alignment, words),
        speaker=", ".join(printed.speakers) or None,
        char_start=first.char_start,
        char_end=last.char_end,
        start=voice.start if voice else None,
        end=voice.end if voice else None,
        hash=version_of(alignment),
        created=timestamp(),
        sound=_sound_of(alignment),
    )


def settled(kept: Kept, alignment: Alignment) -> Kept:
    """The quote with the characters and times that it has in this transcript, or marked as lost in it."""
    if len(kept.text) > LONGEST:
        return replace(kept, lost_in=version_of(alignment), nearest=None, lost_as=None)
    seek = cache(lambda: _sought(kept, alignment))  # once, and not where the quote is as it was: it reads all the text
    there = _in_its_place(kept, alignment, seek)
    there = there and with_rest_of_sentence(kept.text, alignment, there)
    is_timed = kept.start is not None and is_of_sound(kept, alignment)
    if is_timed:
        is_there = there and _is_corrected(kept, alignment, there)
        found = there if is_there else _moved_beside(kept, alignment, seek()) or _no_longer_said(kept, alignment)
    else:
        found = _by_its_words(kept, alignment, seek())
    if found and not is_too_long(alignment, found):
        return _moved(kept, alignment, found)
    places = [place.words for place in (*seek().places, *seek().nearest)[:_SUGGESTED]]
    near = nearest(kept, alignment, [there, *places] if there else places)
    chars = near and (alignment.words[near[0]].word.char_start, alignment.words[near[-1]].word.char_end)
    printed = [] if is_timed else [place.words for place in seek().places]
    lost_as = _lost_as(kept, alignment, [there] if there else printed)
    return replace(kept, lost_in=version_of(alignment), nearest=chars or None, lost_as=lost_as)


def is_of_sound(kept: Kept, alignment: Alignment) -> bool:
    """Whether the quote's times are those of the alignment's sound."""
    return kept.sound in (None, _sound_of(alignment))


def _moved(kept: Kept, alignment: Alignment, words: range) -> Kept:
    """The quote with the place of ``words``; a name that this transcript lacks, and times of what it does not find in
    the sound, stay."""
    now = kept_now(alignment, words)
    heard = now.start is not None or not is_of_sound(kept, alignment)
    speaker = now.speaker or kept.speaker
    was = kept.speaker_was if _said_by_the_same(kept, alignment, words) else kept.speaker_was or kept.speaker
    return replace(
        now,
        id=kept.id,
        text=kept.text,
        created=kept.created,
        speaker=speaker,
        speaker_was=None if was == speaker else was,
        start=now.start if heard else kept.start,
        end=now.end if heard else kept.end,
    )


def _voice_of(alignment: Alignment, words: range) -> Span | None:
    """When the words are said; None where nobody says them."""
    try:
        return quote_of_words(alignment, words).voice
    except QuoteError:
        return None


def _sound_of(alignment: Alignment) -> str:
    return alignment.audio.sha256[:HASH_DIGITS]


def _in_its_place(kept: Kept, alignment: Alignment, seek: Callable[[], SearchResult]) -> range | None:
    """The words that are printed of the quote's moment, or of that and more where the quote is there as a whole; None
    where there are none."""
    if kept.start is None or kept.end is None:
        return None
    words = words_of_times(alignment, kept.start, kept.end)
    if words is None or is_too_long(alignment, words):
        return None
    words = _without_neighbours(kept, alignment, _widened(kept, alignment, words))
    if _alike(kept, alignment, words)[0] >= _CERTAIN:
        return words
    # Words that were corrected are no reason to leave them out: a place only adds to what is there.
    places = [place.words for place in seek().places if _overlap(place.words, words)]
    whole = [range(min(each.start, words.start), max(each.stop, words.stop)) for each in places]
    return _with_replaced(kept, alignment, max([words, *whole], key=lambda each: _alike(kept, alignment, each)[0]))


def _overlap(one: range, other: range | None) -> bool:
    return other is not None and one.start < other.stop and other.start < one.stop


def _widened(kept: Kept, alignment: Alignment, words: range) -> range:
    """With words before and after that the quote has, and that are not found in the sound or hardly outside its times:
    a corrected word is not always found."""
    befores = _beside(alignment, words, range(words.start - 1, -1, -1))
    afters = _beside(alignment, words, range(words.stop, len(alignment.words)))
    candidates = [range(words.start - b, words.stop + a) for b, a in product(range(befores + 1), range(afters + 1))]
    return max(candidates, key=lambda each: (_alike(kept, alignment, each)[0], -len(each)))


def _with_replaced(kept: Kept, alignment: Alignment, words: range) -> range:
    """With the words beside them that stand where the quote's first or last ones stood: as many as are gone at that
    end, of the same paragraph, and within the quote's times or not in the sound."""
    met = text_likeness(kept.text, text_of(alignment, words), alignment.language).quote
    start, stop = words.start, words.stop
    if any(met):
        while words.start - start < met.index(True) and _is_within(kept, alignment, start - 1, start):
            start -= 1
        while stop - words.stop < met[::-1].index(True) and _is_within(kept, alignment, stop, stop - 1):
            stop += 1
    return range(start, stop)


def _is_within(kept: Kept, alignment: Alignment, k: int, beside: int) -> bool:
    """Whether there is a ``k``-th word, of the paragraph of another one, and not said outside the quote's times."""
    if not 0 <= k < len(alignment.words) or alignment.words[k].word.segment != alignment.words[beside].word.segment:
        return False
    span = alignment.words[k].span
    return span is None or ((kept.start or 0.0) < span.end and span.start < (kept.end or 0.0))


def _beside(alignment: Alignment, words: range, outwards: range) -> int:
    """How many of the words beside some others, given from within to without, may belong to them."""
    edge = alignment.words[outwards.start - outwards.step]
    for number, k in enumerate(outwards[:_MORE_WORDS]):
        span = alignment.words[k].span
        close = span is None or edge.span is None
        if span is not None and edge.span is not None:
            close = max(span.start - edge.span.end, edge.span.start - span.end) < _CLOSE
        if alignment.words[k].word.segment != edge.word.segment or not close:
            return number
    return len(outwards[:_MORE_WORDS])


def _without_neighbours(kept: Kept, alignment: Alignment, words: range) -> range:
    """Without what another paragraph has at an end, where nothing of the quote is: its words may be timed there, since
    the quote's own are gone."""
    segments = list(dict.fromkeys(alignment.words[k].word.segment for k in words))
    for outer in (segments[0], segments[-1]):
        rest = [k for k in words if alignment.words[k].word.segment != outer]
        shorter = range(rest[0], rest[-1] + 1) if rest else words
        if _alike(kept, alignment, shorter)[0] > _alike(kept, alignment, words)[0]:
            words = shorter
    return words


def _sought(kept: Kept, alignment: Alignment) -> SearchResult:
    try:
        return search(alignment, kept.text)
    except QuoteError:  # nothing in it can be sought
        return SearchResult(())


def _by_its_words(kept: Kept, alignment: Alignment, sought: SearchResult) -> range | None:
    """Where the quote is printed, if that is one place."""
    found = [place.words for place in sought.places if _is_the_same(kept, alignment, place.words, _MOVED)]
    return found[0] if len(found) == 1 else None


def _is_the_same(kept: Kept, alignment: Alignment, words: range, least: tuple[float, float]) -> bool:
    """Whether the words are the quote, by who says them and what they are."""
    return _is_alike(kept, alignment, words, least) and _said_by_the_same(kept, alignment, words)


def _is_alike(kept: Kept, alignment: Alignment, words: range, least: tuple[float, float]) -> bool:
    """Whether so much of letters and of words is in common."""
    letters, same_words = _alike(kept, alignment, words)
    return letters >= least[0] and same_words >= least[1]


def _is_corrected(kept: Kept, alignment: Alignment, words: range) -> bool:
    """Whether the words, which are printed of the quote's moment, are the quote, and not only a rest of it."""
    if not _is_left(kept, alignment, words):
        return False
    return _is_the_same(kept, alignment, words, _CORRECTED) or _was_given_to_another(kept, alignment, words)


def _is_left(kept: Kept, alignment: Alignment, words: range, share: float = _WORDS_LEFT) -> bool:
    """Whether enough of the quote's own words are among them."""
    left = text_likeness(kept.text, text_of(alignment, words), alignment.language).quote
    return sum(left) >= share * len(left)


def _was_given_to_another(kept: Kept, alignment: Alignment, words: range) -> bool:
    """Whether a person has said who says just these words at just this moment."""
    spans = [span for k in words if (span := alignment.words[k].span)]
    if not spans or kept.start is None or kept.end is None or not _is_set_by_hand(alignment, words):
        return False
    edges = spans[0].start - kept.start, max(span.end for span in spans) - kept.end
    return max(map(abs, edges)) < _CLOSE and _is_alike(kept, alignment, words, _MOVED)


def _moved_beside(kept: Kept, alignment: Alignment, sought: SearchResult) -> range | None:
    """The words of the quote, where the same person says them in or beside the paragraph of its moment."""
    places = [place.words for place in sought.places if _said_by_the_same(kept, alignment, place.words)]
    return moved_beside(kept.text, kept.start or 0.0, kept.end or 0.0, alignment, places)


def _no_longer_said(kept: Kept, alignment: Alignment) -> range | None:
    """The words of the quote, where a person has said that they are a heading or a note, of which nobody is heard."""
    try:
        place = beside_speech(alignment, kept.text)
    except QuoteError:  # nothing in it can be sought
        return None
    if place is None or not _is_set_by_hand(alignment, words := place.words):
        return None
    is_it = _stands_at_its_moment(kept, alignment, words) and _is_alike(kept, alignment, words, _MOVED)
    return words if is_it else None


def _is_set_by_hand(alignment: Alignment, words: range) -> bool:
    return all(alignment.segments[alignment.words[k].word.segment].segment.pinned for k in words)


def _stands_at_its_moment(kept: Kept, alignment: Alignment, words: range) -> bool:
    """Whether what stands before the words is said before the quote was, and what stands after them after it."""
    befores = (alignment.words[k].span for k in range(words.start - 1, -1, -1))
    afters = (alignment.words[k].span for k in range(words.stop, len(alignment.words)))
    before, after = next(filter(None, befores), None), next(filter(None, afters), None)
    start, end = kept.start or 0.0, kept.end or 0.0
    return (before is None or before.middle < end) and (after is None or after.middle >= start)


def _lost_as(kept: Kept, alignment: Alignment, places: Sequence[range]) -> Lost:
    """What became of the words of a lost quote, by what is printed in the places where they should be."""
    others = [words for words in places if not _said_by_the_same(kept, alignment, words)]
    if any(_is_left(kept, alignment, each) and _is_alike(kept, alignment, each, _CORRECTED) for each in others):
        return Lost.SPEAKER
    return Lost.WORDS if any(_is_left(kept, alignment, words, _SOME_LEFT) for words in places) else Lost.GONE


def _said_by_the_same(kept: Kept, alignment: Alignment, words: range) -> bool:
    """Whether nobody else says the words: another name is another person, where the old name is still somebody's, but
    for the name that it had before."""
    segments = [timed.segment for timed in alignment.segments]
    now = {name for k in words if (name := segments[alignment.words[k].word.segment].speaker)}
    before, first = ({*(names or "").split(", ")} - {""} for names in (kept.speaker, kept.speaker_was))
    named = {segment.speaker for segment in segments}
    return not now or not before or now in (before, first) or not before & named


def _alike(kept: Kept, alignment: Alignment, words: range) -> tuple[float, float]:
    """The shares of letters and of words that the quote and some words have in common."""
    alike = text_likeness(kept.text, text_of(alignment, words), alignment.language)
    return alike.letters, alike.words
