"""A change of the text in an alignment: what stays keeps its times, what is new is sought where it stands.

So a paragraph that is set right costs a search of some seconds of sound, however long the episode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aligner.corrections.contradicting import without_idle_passages
from aligner.corrections.pins import followed, is_same, places, reading
from aligner.corrections.repair import Heard, repaired, with_words
from aligner.model import Alignment, Status, TimedWord, Transcript, Word

_MOVED = 8  # words that are taken out here and put in there
_APART = 40  # words that stay between two changes, from which on each is searched around by itself


def reworded(alignment: Alignment, transcript: Transcript, heard: Heard | None) -> Alignment:
    """The alignment with another transcript of the same sound. Where nothing is known of what was heard, a word in the
    place of another has its time, and what else is new has none."""
    alignment = without_idle_passages(alignment)
    there = places(alignment, transcript.words)
    stays = {new: old for old, new in there.items() if not heard or _is_sought_alike(alignment, old, transcript, new)}
    words = tuple(
        _written_as(word, alignment.words[stays[new]], alignment.language)
        if new in stays
        else TimedWord(word, None, Status.UNSPOKEN, 0.0)
        for new, word in enumerate(transcript.words)
    )
    pins = followed(alignment, transcript.words, there)
    now = replace(alignment, transcript=transcript, words=words, pinned_passages=pins.passages, lost_pins=pins.lost)
    if heard is None or not (touched := _touched(alignment, transcript, stays)):
        return with_words(now, words, heard)
    for run in touched:
        now = repaired(now, pins.pins, run, heard, {word for word in run if word not in stays})
    return now


def _written_as(word: Word, timed: TimedWord, language: str) -> TimedWord:
    """A word that stays, as the text has it now; one that took the place of another has its time at most."""
    if timed.word == word:
        return timed
    is_pinned = timed.pinned and is_same(timed.word, word, language)
    confidence = timed.confidence if is_pinned or not timed.pinned else 0.0
    return TimedWord(word, timed.span, timed.status, confidence, is_pinned)


def _is_sought_alike(alignment: Alignment, old: int, transcript: Transcript, new: int) -> bool:
    """Whether a word reads as it did, and is of the same kind of segment."""
    before, now = alignment.words[old].word, transcript.words[new]
    kinds = alignment.transcript.segments[before.segment].kind, transcript.segments[now.segment].kind
    return kinds[0] is kinds[1] and (before.text == now.text or reading(before) == reading(now))


@dataclass(frozen=True, slots=True)
class _Change:
    """Words of the new text that took the place of ``old`` ones; they may be none, or those be."""

    new: range
    old: range


def _touched(alignment: Alignment, transcript: Transcript, stays: Mapping[int, int]) -> list[range]:
    """The words of the new text around which to search: new ones, and those beside which some were taken out; what is
    near each other together, and so what was only moved, with all between."""
    before, after = [timed.word.text for timed in alignment.words], [word.text for word in transcript.words]
    changes = list(_changes(stays, len(before), len(after)))
    runs = [range(max(0, each.new.start - 1), min(len(after), each.new.stop + 1)) for each in changes]
    moved = [
        _hull(put_in, taken_out)
        for one, put_in in zip(changes, runs, strict=True)
        for other, taken_out in zip(changes, runs, strict=True)
        if one is not other and _is_moved(_part(after, one.new), _part(before, other.old))
    ]
    return _joined([*runs, *moved])


def _changes(stays: Mapping[int, int], before: int, after: int) -> Iterator[_Change]:
    last_new, last_old = -1, -1
    for new, old in [*sorted(stays.items()), (after, before)]:
        if new != last_new + 1 or old != last_old + 1:
            yield _Change(range(last_new + 1, new), range(last_old + 1, old))
        last_new, last_old = new, old


def _part(words: Sequence[str], part: range) -> Sequence[str]:
    return words[part.start : part.stop]


def _is_moved(put_in: Sequence[str], taken_out: Sequence[str]) -> bool:
    """Whether so many words are the same that it is no chance."""
    same = (Counter(put_in) & Counter(taken_out)).total()
    return same >= _MOVED and 2 * same > len(put_in)


def _joined(runs: Sequence[range]) -> list[range]:
    """Runs in order, those near each other as one."""
    joined: list[range] = []
    for run in sorted(runs, key=lambda run: run.start):
        if joined and run.start - joined[-1].stop < _APART:
            joined[-1] = _hull(joined[-1], run)
        else:
            joined.append(run)
    return joined


def _hull(one: range, other: range) -> range:
    return range(min(one.start, other.start), max(one.stop, other.stop))
