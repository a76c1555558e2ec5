"""Passages said two or three times in a row, in the middle of what was recorded around them, with the text of it.

Conventions: seconds; ranges are half-open; what is right is said in ``repeats.py``. An echo lacks the first words of
what it echoes, so the words of a passage are counted from its end.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from tests.bench.passages import Passage, passages
from tests.bench.recordings import Recording, Said, Samples, moved
from tests.bench.splicing import Splice, after_word, altered, room_tone

RELATIONS = {"as often": 0, "once less": -1, "once more": 1}

_PAUSE = (0.2, 1.0)
_SPEED, _GAIN_DB = 0.03, 3.0

Reading = tuple[int | None, ...]
"""For each copy in the text its copy in the audio, or None."""

Characters = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Repetition:
    """Audio and a text with a repetition.

    ``around`` are the words that are not; ``written`` the characters of the repeated words, by copy of the text;
    ``said`` when they are said, by copy of the sound, and ``spans`` these copies. ``readings`` are right; ``early``
    would be if any copy were as good as the last.
    """

    name: str
    kind: str
    relation: str
    language: str | None
    samples: Samples
    text: str
    around: tuple[Said, ...]
    written: tuple[Characters, ...]
    said: tuple[tuple[Said, ...], ...]
    spans: tuple[tuple[float, float], ...]
    readings: tuple[Reading, ...]
    early: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be repeated, how often, with pauses or without; ``chance`` has been asked for that much already."""

    recording: Recording
    passage: Passage
    kind: str
    relation: str
    times: int
    paused: bool
    chance: random.Random


@dataclass(frozen=True, slots=True)
class Copy:
    """Sound of a passage, and its words from where it begins."""

    samples: Samples
    words: tuple[Said, ...]


def plans(recordings: Sequence[Recording], count: int, seed: int, kinds: Sequence[str]) -> Iterator[Plan]:
    """So many, of all kinds in turn; the first ones of a seed are the same whatever the count.

    Raises ValueError if no recording has a passage of some kind.
    """
    grid = list(product(kinds, RELATIONS, (2, 3), (False, True)))
    weights = [recording.duration**0.5 for recording in recordings]  # no recording stands for all the others
    choices = {(recording.name, kind): passages(recording, kind) for recording in recordings for kind in kinds}
    if not all(any(choices[recording.name, kind] for recording in recordings) for kind in kinds):
        raise ValueError("the recordings hold no passage of some kind: longer ones are wanted, with known starts")
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        order = random.Random(f"{seed} round {number // len(grid)}").sample(grid, len(grid))
        kind, relation, times, paused = order[number % len(grid)]
        found: list[Passage] = []
        while not found:
            recording = rng.choices(recordings, weights)[0]
            found = choices[recording.name, kind]
        yield Plan(recording, rng.choice(found), kind, relation, times, paused, rng)


def repeated(plan: Plan) -> Repetition:
    """The passage said so many times in a row, between what stands before and after it."""
    recording, passage, rng = plan.recording, plan.passage, plan.chance
    words, first, stop = recording.words, passage.first, passage.stop
    text, before, written, after = retold(plan)
    begin = recording.cut_before(passage.begin) if passage.begin else 0.0
    resumed = recording.cut_after(stop - 1)
    splice = Splice()
    splice.add(recording.between(begin, recording.cut_before(first)))
    said, spans = [], []
    for number in range(plan.times):
        if number and plan.paused:
            splice.add(room_tone(recording, rng.uniform(*_PAUSE)))
        copy = own_copy(plan, number)
        at = splice.add(copy.samples)
        said.append(tuple(moved(word, at, 0) for word in copy.words))
        spans.append((at, splice.duration))
    at = splice.add(recording.between(resumed, recording.cut_after(passage.end - 1)))
    around = [moved(word, -begin, before) for word in words[passage.begin : first]]
    around += [moved(word, at - resumed, after) for word in words[stop : passage.end]]
    return Repetition(
        name=recording.name,
        kind=plan.kind,
        relation=plan.relation,
        language=recording.language,
        samples=splice.samples,
        text=text,
        around=tuple(around),
        written=written,
        said=tuple(said),
        spans=tuple(spans),
        readings=readings(plan, plan.passage.whole),
        early=readings(plan, True),
    )


def own_copy(plan: Plan, number: int) -> Copy:
    """The passage as it was said, or half of the times a little faster or slower, louder or softer."""
    recording, stop, rng = plan.recording, plan.passage.stop, plan.chance
    first = plan.passage.again if number else plan.passage.first
    other = (rng.uniform(1 - _SPEED, 1 + _SPEED), rng.uniform(-_GAIN_DB, _GAIN_DB))
    speed, gain_db = rng.choice([(1.0, 0.0), other])
    cut, resumed = recording.cut_before(first), recording.cut_after(stop - 1)
    samples = altered(recording.between(cut, resumed), speed, gain_db)
    return Copy(samples, tuple(moved(word, -cut / speed, 0, speed) for word in recording.words[first:stop]))


def retold(plan: Plan) -> tuple[str, int, tuple[Characters, ...], int]:
    """The text; how far the characters before the passage have moved, where the words of each copy stand, and how far
    the characters after it have moved."""
    words, text, passage = plan.recording.words, plan.recording.text, plan.passage
    start, end = words[passage.begin].char_start, after_word(text, words[passage.end - 1])
    opened, closed = words[passage.first].char_start, after_word(text, words[passage.stop - 1])
    is_line = text[:opened].endswith("\n") and text[closed:].startswith("\n")
    between = "\n" if is_line else " "
    written, told = [], text[start:closed]
    for copy in range(plan.times + RELATIONS[plan.relation]):
        first = passage.again if copy else passage.first
        at = words[first].char_start
        if copy:
            told += between + text[at:closed]
        shift = len(told) - closed
        written.append(tuple((w.char_start + shift, w.char_end + shift) for w in words[first : passage.stop]))
    return told + text[closed:end] + "\n", -start, tuple(written), len(told) - closed


def readings(plan: Plan, whole: bool) -> tuple[Reading, ...]:
    """Return for each copy in the text the copies in the audio that are right; see ``repeats.py``."""
    times, passage = plan.times, plan.passage
    kept = passage.again != passage.first or (passage.tail and plan.relation == "once less")
    if not kept:
        return orders(range(times), plan.relation, whole)
    return tuple((0, *echoes) for echoes in orders(range(1, times), plan.relation, True))


def orders(copies: Sequence[int], relation: str, whole: bool) -> tuple[Reading, ...]:
    if relation == "once more":
        return tuple((*copies[:unsaid], None, *copies[unsaid:]) for unsaid in range(len(copies) + 1))
    if relation == "once less":
        return tuple(combinations(copies, len(copies) - 1)) if whole else (tuple(copies[1:]),)
    return (tuple(copies),)
