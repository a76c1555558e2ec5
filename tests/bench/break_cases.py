"""Breaks of several seconds put into what was recorded, with all of the text or without what stands beside the break.

Conventions: seconds; a break lies between two sentences, or where the text has none, in a pause.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tests.bench.disturb import music, power
from tests.bench.recordings import RATE, Recording, Said, Samples, moved
from tests.bench.splicing import Splice, after_word, room_tone

FILLINGS = ("room", "nothing", "music", "foreign")
LACKING = ("whole", "lacks before", "lacks after", "lacks both")

_AROUND, _LEAST_AROUND = 12.0, 4.0  # seconds of the recording on each side
_LENGTH = (3.0, 30.0)
_SWELL = 0.4  # seconds in which music comes and goes
_BEAT = 0.5


@dataclass(frozen=True, slots=True)
class Break:
    """A sound with a break in ``span``; ``words[first]`` is the text's first word after it. ``lacked`` are the spans of
    what is said and the text lacks."""

    name: str
    filling: str
    lacking: str
    language: str | None
    samples: Samples
    text: str
    words: tuple[Said, ...]
    first: int
    span: tuple[float, float]
    lacked: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Words ``[begin, end)`` of a recording; the break is put before ``at``; the text may lack what lies between
    ``before`` and ``after``."""

    begin: int
    before: int
    at: int
    after: int
    end: int


def breaks(recordings: Sequence[Recording], count: int, seed: int) -> Iterator[Break]:
    """So many, of all kinds in turn; the first ones of a seed are the same whatever the count."""
    fillings = [filling for filling in FILLINGS if filling != "foreign" or len({r.language for r in recordings}) > 1]
    grid = list(product(fillings, LACKING))
    choices = {recording.name: places(recording) for recording in recordings}
    fit = [recording for recording in recordings if choices[recording.name]]
    if not fit:
        raise ValueError(
            "the recordings hold no pause with enough around it: longer ones are wanted, with known starts"
        )
    weights = [recording.duration**0.5 for recording in fit]  # no recording stands for all the others
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        order = random.Random(f"{seed} round {number // len(grid)}").sample(grid, len(grid))
        filling, lacking = order[number % len(grid)]
        recording = rng.choices(fit, weights)[0]
        length = rng.uniform(*_LENGTH)
        sound = filled(recording, recordings, filling, length, rng)
        yield broken(recording, rng.choice(choices[recording.name]), filling, lacking, sound)


def places(recording: Recording) -> list[Place]:
    """Where a break may be put: four known starts around it and enough sound and text on either side."""
    sentences, words = recording.sentence_starts, recording.words
    starts = [k for k in recording.phrase_starts if k in sentences]
    found = []
    for before, at, after in zip(starts, starts[1:], starts[2:], strict=False):
        low = max([0, *(k for k in recording.breaks if k <= before)])
        high = min([len(words), *(k for k in recording.breaks if k >= after)])
        if any(before < k < after for k in recording.breaks):
            continue
        begin = max((k for k in starts if k >= low and words[before].latest - words[k].latest >= _AROUND), default=low)
        end = min((k for k in starts if k <= high and words[k].latest - words[after].latest >= _AROUND), default=high)
        led_in = words[before].latest - (words[begin].latest if begin else 0.0)
        led_out = (words[end].latest if end < len(words) else recording.duration) - words[after].latest
        if min(led_in, led_out) >= _LEAST_AROUND:
            found.append(Place(begin, before, at, after, end))
    return found


def broken(recording: Recording, place: Place, filling: str, lacking: str, sound: Samples) -> Break:
    """The recording's stretch with ``sound`` in it."""
    words = recording.words
    begin = recording.cut_before(place.begin) if place.begin else 0.0
    paused, resumed = recording.cut_after(place.at - 1), recording.cut_before(place.at)
    splice = Splice()
    splice.add(recording.between(begin, paused))
    start = splice.add(sound)
    at = splice.add(recording.between(resumed, recording.cut_after(place.end - 1)))
    span = (start, at)
    lacked = [span] if filling == "foreign" else []
    if lacking in ("lacks before", "lacks both"):
        lacked.insert(0, (words[place.before].latest - begin, start))
    if lacking in ("lacks after", "lacks both"):
        lacked.append((words[place.at].latest + at - resumed, recording.cut_after(place.after - 1) + at - resumed))
    last = place.before if lacking in ("lacks before", "lacks both") else place.at
    first = place.after if lacking in ("lacks after", "lacks both") else place.at
    text, lead, rest = recording.text, words[place.begin].char_start, words[first].char_start
    head = text[lead : after_word(text, words[last - 1])]
    between = text[after_word(text, words[first - 1]) : rest]  # with the name of who speaks then
    if "\n" in text[lead + len(head) : rest] and "\n" not in between:
        between = "\n"
    tail = text[rest : after_word(text, words[place.end - 1])]
    kept = [moved(word, -begin, -lead) for word in words[place.begin : last]]
    kept += [moved(word, at - resumed, len(head) + len(between) - rest) for word in words[first : place.end]]
    return Break(
        name=recording.name,
        filling=filling,
        lacking=lacking,
        language=recording.language,
        samples=splice.samples,
        text=f"{head}{between}{tail}\n",
        words=tuple(kept),
        first=last - place.begin,
        span=span,
        lacked=tuple(lacked),
    )


def filled(
    recording: Recording, recordings: Sequence[Recording], filling: str, seconds: float, rng: random.Random
) -> Samples:
    """The sound of a break, about as loud as the voice where it is music or speech."""
    if filling == "room":
        return room_tone(recording, seconds)
    if filling == "nothing":
        return np.zeros(round(seconds * RATE), np.float32)
    if filling == "music":
        sound = swelling(drummed(round(seconds * RATE), np.random.default_rng(rng.randrange(2**32))))
        return (sound * (power(recording.samples) / power(sound)) / 2).astype(np.float32)
    others = [other for other in recordings if other.language != recording.language and other.duration > seconds]
    other = rng.choice(others)
    at = rng.uniform(0, other.duration - seconds)
    return other.between(at, at + seconds) * (power(recording.samples) / power(other.samples))


def drummed(length_samples: int, rng: np.random.Generator) -> Samples:
    """Music with a drum on every beat, low and noisy by turns."""
    sound = music(length_samples, rng)
    t = np.arange(round(0.2 * RATE)) / RATE
    low = 12 * np.sin(2 * np.pi * 60 * t + 4 * np.exp(-30 * t)) * np.exp(-18 * t)
    for beat, at in enumerate(range(0, length_samples, round(_BEAT * RATE))):
        hit = low if beat % 2 == 0 else 4 * rng.normal(0, 1, len(t)) * np.exp(-25 * t)
        sound[at : at + len(hit)] += hit[: length_samples - at]
    return sound.astype(np.float32)


def swelling(sound: Samples) -> Samples:
    ramp = np.minimum(1.0, np.arange(1, len(sound) + 1) / (_SWELL * RATE))
    return sound * (ramp * ramp[::-1]).astype(np.float32)
