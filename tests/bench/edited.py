"""Edited versions of a recording's text: words and sentences removed, words replaced, headings and notes inserted.

Remaining words keep their known times; inserted words are unspoken. All insertions are made
of words of the same text. Each version depends only on a seed.

Conventions: ranges of characters and of words are half-open; the audio never changes.
"""

import random
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from tests.bench.recordings import RATE, Recording, Said
from tests.bench.splicing import after_word

_DROPPED_WORDS, _REPLACED_WORDS, _DROPPED_SENTENCES = 0.10, 0.05, 0.20
_FIFTH = 0.20  # of the words that are replaced
_PASSAGE, _AROUND = 25, 10  # sentences that are missing in a row, and that stand before and after them at least
_HEADED, _MARKED = 5, 3  # sentences from one heading to the next, and from one footnote's mark to the next
_LINE = 42  # characters, as of captions

CORE = re.compile(r"\W*(\w+)\W*")


@dataclass(frozen=True, slots=True)
class Edit:
    """``[char_start, char_end)`` of a text is replaced by the unspoken ``text``."""

    char_start: int
    char_end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A recording with its edited text: the spoken words that remain, and the ranges of inserted ones."""

    recording: Recording
    unsaid: tuple[tuple[int, int], ...] = ()


Editing = Callable[[Recording, random.Random], Sequence[Edit]]


def edited(recording: Recording, version: str, seed: int) -> Edited | None:
    """A version of the text, of the names in ``VERSIONS``; None where that edits nothing."""
    rng = random.Random(f"{seed} {version} {recording.name}")
    result = Edited(recording)
    for editing in VERSIONS[version]:
        result = applied(result, editing(result.recording, rng))
    return result if result.recording is not recording or not VERSIONS[version] else None


def applied(before: Edited, edits: Sequence[Edit]) -> Edited:
    """The text after edits that do not overlap; a word that one touches is not said any more."""
    if not edits:
        return before
    recording, edits = before.recording, sorted(edits, key=lambda edit: (edit.char_start, edit.char_end))
    begins = [edit.char_start for edit in edits]
    ends = [edit.char_end for edit in edits]
    longer = np.cumsum([0, *(len(edit.text) - (edit.char_end - edit.char_start) for edit in edits)])

    def moved(char_start: int, char_end: int) -> tuple[int, int] | None:
        passed = int(np.searchsorted(ends, char_start, "right"))
        touched = passed < len(edits) and begins[passed] < char_end
        return None if touched else (char_start + int(longer[passed]), char_end + int(longer[passed]))

    parts, at, unsaid = [], 0, [place for old in before.unsaid if (place := moved(*old))]
    for edit, shift in zip(edits, longer, strict=False):
        parts += [recording.text[at : edit.char_start], edit.text]
        at = edit.char_end
        first = edit.char_start + int(shift)
        unsaid += [(first + m.start(), first + m.end()) for m in re.finditer(r"\S*\w\S*", edit.text)]
    words = tuple(
        replace(word, char_start=place[0], char_end=place[1])
        for word in recording.words
        if (place := moved(word.char_start, word.char_end))
    )
    text = "".join([*parts, recording.text[at:]])
    return Edited(replace(recording, text=text, words=words, breaks=frozenset(), seams=frozenset()), tuple(unsaid))


def words_dropped(recording: Recording, rng: random.Random, share: float = _DROPPED_WORDS) -> list[Edit]:
    return without(recording, {k for k in range(len(recording.words)) if rng.random() < share})


def words_replaced(recording: Recording, rng: random.Random, share: float = _REPLACED_WORDS) -> list[Edit]:
    """Replace some words by others, never by themselves."""
    choice, edits = plain_words(recording), []
    for word in recording.words:
        core = CORE.fullmatch(recording.text, word.char_start, word.char_end)
        others = [other for other in choice if core and other.lower() != core[1].lower()]
        if core and others and rng.random() < share:
            edits.append(Edit(core.start(1), core.end(1), rng.choice(others)))
    return edits


def sentences_dropped(recording: Recording, rng: random.Random) -> list[Edit]:
    bounds = sentences(recording)
    chosen = rng.sample(bounds, round(_DROPPED_SENTENCES * len(bounds)))
    return without(recording, {k for first, stop in chosen for k in range(first, stop)})


def passage_dropped(recording: Recording, rng: random.Random) -> list[Edit]:
    """Many sentences in a row gone, as from a text that was cut; nothing where there are too few."""
    bounds = sentences(recording)
    if len(bounds) < _PASSAGE + 2 * _AROUND:
        return []
    first = rng.randint(_AROUND, len(bounds) - _PASSAGE - _AROUND)
    return without(recording, range(bounds[first][0], bounds[first + _PASSAGE - 1][1]))


def headings_and_notes(recording: Recording, rng: random.Random) -> list[Edit]:
    """A heading before the first sentence and every few, marks after some, and the notes of these at the end."""
    words, choice, edits = recording.words, plain_words(recording), []
    notes = ""
    for number, (first, stop) in enumerate(sentences(recording)):
        if number % _HEADED == 0:
            at = after_word(recording.text, words[first - 1]) if first else 0
            title = " ".join(rng.choices(choice, k=rng.randint(2, 4))).capitalize()
            edits.append(Edit(at, at, f"\n\n{title}\n\n" if at else f"{title}\n\n"))
        if number % _MARKED == _MARKED - 1:
            at = after_word(recording.text, words[stop - 1])
            mark = f"[{number // _MARKED + 1}]"
            edits.append(Edit(at, at, mark))
            notes += f"\n\n{mark} {' '.join(rng.choices(choice, k=5)).capitalize()}."
    end = len(recording.text)
    return [*edits, Edit(end, end, f"{notes}\n")] if notes else edits


def without(recording: Recording, gone: Collection[int]) -> list[Edit]:
    """What takes words out of the text: with the whole line, and who speaks, where no said word of it stays."""
    text, words, edits = recording.text, recording.words, []
    by_line: dict[int, list[int]] = {}
    for k, word in enumerate(words):
        by_line.setdefault(text.rfind("\n", 0, word.char_start) + 1, []).append(k)
    for line_start, inside in by_line.items():
        if all(k in gone for k in inside):
            end = text.find("\n", words[inside[-1]].char_end)
            edits.append(Edit(line_start, len(text) if end < 0 else end + 1))
            continue
        for k in (k for k in inside if k in gone):
            end = words[k + 1].char_start if k + 1 in inside else after_word(text, words[k])
            edits.append(Edit(words[k].char_start, end))
    return edits


def sentences(recording: Recording) -> list[tuple[int, int]]:
    """The words of each sentence, as a range."""
    return list(pairwise([*sorted(recording.sentence_starts), len(recording.words)]))


def plain_words(recording: Recording) -> list[str]:
    """The text's words that have no mark inside them, without those beside them."""
    cores = (CORE.fullmatch(recording.text, word.char_start, word.char_end) for word in recording.words)
    return [core[1] for core in cores if core]


def lines(recording: Recording) -> list[int]:
    """The words with which the lines of captions would begin: sentences, cut where they are longer than a line."""
    firsts = []
    for first, stop in sentences(recording):
        begin = first
        firsts.append(begin)
        for k in range(first + 1, stop):
            if recording.words[k].char_end - recording.words[begin].char_start > _LINE:
                begin = k
                firsts.append(begin)
    return firsts


def first_minutes(recording: Recording, minutes: float) -> Recording:
    """The recording up to the last sentence that begins within so many minutes and whose start is known."""
    words: tuple[Said, ...] = recording.words
    ends = [k for k in sorted(recording.sentence_starts) if k and words[k].known and words[k].latest <= 60 * minutes]
    if not ends or recording.duration <= 60 * minutes:
        return recording
    stop = ends[-1]
    return replace(
        recording,
        samples=recording.samples[: round(recording.cut_before(stop) * RATE)],
        text=recording.text[: after_word(recording.text, words[stop - 1])],
        words=words[:stop],
        breaks=frozenset(k for k in recording.breaks if k < stop),
        seams=frozenset(k for k in recording.seams if k < stop),
    )


VERSIONS: dict[str, tuple[Editing, ...]] = {
    "published": (),
    "dropped": (words_dropped,),
    "replaced": (words_replaced,),
    "fifth": (partial(words_replaced, share=_FIFTH),),
    "sentences": (sentences_dropped,),
    "headings": (headings_and_notes,),
    "all": (sentences_dropped, words_dropped, words_replaced, headings_and_notes),
    "passage": (passage_dropped,),
}
"""What edits a text, one after the other, by the version's name."""
