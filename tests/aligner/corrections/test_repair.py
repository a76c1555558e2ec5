"""One word set right sets right the passage that was wrong with it; what is well placed stays."""

import random
from dataclasses import replace
from functools import cache

import pytest

from aligner.attempts import find_untranscribed, locate
from aligner.corrections.commands import Unspoken, corrected
from aligner.corrections.pinning import started
from aligner.corrections.repair import RecognisedAudio, repaired
from aligner.locating.quality import judge, placement_of
from aligner.model import Alignment, AudioFile, Engine, Pin, PinKind, Recognition, Span, Status, TimedWord
from aligner.pins import pins_of
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.episodes import as_judged, spoken, transcript_of
from tests.aligner.locating.acoustic.tape import Tape
from tests.tables import over_rows

SUBJECTS = ("The old ferry", "My grandmother", "Nobody in town", "A small green notebook", "Every other engineer")
VERBS = ("carried", "remembered", "never opened", "measured twice", "sold")
OBJECTS = (
    "nine crates of oranges", "the northern buoy", "a drawer full of keys", "honey from the chapel", "two wooden boots",
    "that yellow bridge", "the lamps on the quay", "a bucket of cold water",
)  # fmt: skip
ALL = [f"{s} {v} {o}." for o in OBJECTS for v in VERBS for s in SUBJECTS]
SENTENCES = tuple(random.Random(1).sample(ALL, 60))


@cache
def episode() -> tuple[Alignment, RecognisedAudio]:
    """Five minutes of talk, and its alignment as it should be."""
    tape = Tape(misheard=0.1)
    tape.pause(0.8)
    for sentence in SENTENCES:
        tape.say(sentence, gap=0.03)
        tape.pause(0.5)
    heard, transcript = tape.heard(), transcript_of(*SENTENCES)
    recognition = Recognition((), "en", emissions=heard.emissions)
    found = judge(transcript, locate(transcript, heard.audio, recognition, "en"), heard.audio)
    audio = AudioFile("planted.mp3", heard.duration, "0" * 64)
    return as_judged(transcript, found, audio, Engine("acoustic", "base")), RecognisedAudio(heard.audio, recognition)


def shifted(alignment: Alignment, words: range, seconds: float) -> Alignment:
    """With some words so much later or earlier, and those that they would overtake beside them; called exact."""
    moved: list[TimedWord] = []
    for k, word in enumerate(alignment.words):
        span = spoken(word)
        start = span.start + seconds if k in words else span.start
        start = max(start, spoken(moved[-1]).start if moved else 0.0)
        moved.append(replace(word, span=Span(start, start + span.duration), status=Status.EXACT, confidence=0.97))
    return replace(alignment, words=tuple(moved))


def off(one: Alignment, other: Alignment, seconds: float) -> list[int]:
    """The words that start more than so much earlier or later."""
    pairs = enumerate(zip(one.words, other.words, strict=True))
    return [k for k, (a, b) in pairs if a.span is None or b.span is None or abs(a.span.start - b.span.start) > seconds]


def pin(alignment: Alignment, word: int) -> Pin:
    return Pin(PinKind.WORD, range(word, word + 1), alignment.words[word].span)


@over_rows("seed", range(8))
def test_a_passage_that_was_shifted_comes_back_with_one_of_its_words(seed: int) -> None:
    rng = random.Random(seed)
    first, count, side, seconds = rng.randint(20, 400), rng.randint(1, 40), rng.choice([-1, 1]), rng.uniform(0.3, 5.0)
    right, heard = episode()
    wrong = shifted(right, range(first, first + count), side * seconds)
    word = first + count // 2
    mended = repaired(wrong, [pin(right, word)], range(word, word + 1), heard)
    assert off(mended, right, 0.1) == []
    assert mended.words[word] == replace(right.words[word], status=Status.EXACT, confidence=1.0, pinned=True)


def test_words_that_were_called_unspoken_come_back_with_one_of_them() -> None:
    right, heard = episode()
    unsaid = [replace(w, span=None, status=Status.UNSPOKEN, confidence=0.0) for w in right.words[100:140]]
    words = (*right.words[:100], *unsaid, *right.words[140:])
    mended = repaired(replace(right, words=words), [pin(right, 120)], range(120, 121), heard)
    assert off(mended, right, 0.1) == []
    assert mended.coverage == pytest.approx(right.coverage, abs=1e-4)


def test_nothing_else_is_moved_by_a_millisecond() -> None:
    right, heard = episode()
    wrong = shifted(right, range(200, 210), 1.5)
    touched = set(off(wrong, right, 0.0))
    mended = repaired(wrong, [pin(right, 205)], range(205, 206), heard)
    changed = {k for k, (a, b) in enumerate(zip(mended.words, wrong.words, strict=True)) if a != b}
    assert changed <= touched
    assert len(changed) >= 10


def test_a_pinned_word_stays_where_it_is_though_another_beside_it_is_set() -> None:
    right, heard = episode()
    kept = replace(right.words[203], span=Span(spoken(right.words[203]).start + 0.02, spoken(right.words[203]).end))
    kept = replace(kept, status=Status.EXACT, confidence=1.0, pinned=True)
    wrong = shifted(right, range(204, 215), 1.0)
    wrong = replace(wrong, words=(*wrong.words[:203], kept, *wrong.words[204:]))
    mended = repaired(wrong, [*pins_of(wrong), pin(right, 208)], range(208, 209), heard)
    assert mended.words[203] == kept
    assert off(mended, right, 0.1) == []


@over_rows("is_pinned", [True, False])
def test_a_word_that_begins_within_the_one_before_shortens_that(is_pinned: bool) -> None:
    right, heard = episode()
    before = spoken(right.words[150])
    first = started(right, 150, before.start, heard) if is_pinned else right
    at = round(before.end - 0.06, 3)
    now = started(first, 151, at, heard)
    from_content(to_text(now).encode())
    assert spoken(now.words[150]).start == pytest.approx(before.start, abs=0.05)
    assert spoken(now.words[150]).end <= at
    assert spoken(now.words[151]).start == at
    assert now.words[150].pinned is is_pinned
    assert off(now, right, 0.1) == []


@over_rows("words", [range(60, 80), range(150, 190)])
def test_what_words_that_are_not_said_leave_lacks_text_as_it_does_after_aligning_anew(words: range) -> None:
    right, heard = episode()
    now = corrected(right, Unspoken(words.start, words.stop), heard)
    anew = find_untranscribed([placement_of(word) for word in now.words], heard.audio, heard.recognition)
    assert len(now.untranscribed) == len(anew)
    for one, other in zip(now.untranscribed, anew, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.002)
    gap = Span(spoken(now.words[words.start - 1]).end, spoken(now.words[words.stop]).start)
    assert any(each.start - gap.start < 0.7 and gap.end - each.end < 0.7 for each in now.untranscribed)
