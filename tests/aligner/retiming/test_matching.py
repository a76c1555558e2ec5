"""Where an old sound is in a new one."""

import json
from collections.abc import Sequence
from functools import cache, partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.retiming.matching import match_audio
from aligner.retiming.moving import AudioMapping, MatchedSpan
from media.decode import audio_blocks
from media.fingerprint import FINE_MS, fingerprint_of
from tests.media.voices import RATE, Samples, blocks, murmur
from tests.paths import SAMPLE
from tests.tables import over_rows


@cache
def spoken() -> Samples:
    return murmur(90, 7)


@cache
def ad() -> Samples:
    return murmur(20, 8)


@cache
def sample() -> Samples:
    return np.concatenate([block for _, block in audio_blocks(SAMPLE / "episode.mp3", RATE)])


EDGE = 0.1  # seconds within which an edge is found


def found(old: Samples, new: Samples) -> tuple[MatchedSpan, ...]:
    return match_audio(fingerprint_of(blocks(old)), fingerprint_of(blocks(new), FINE_MS), partial(blocks, new))


def cut(sound: Samples, start: float, end: float) -> Samples:
    return sound[round(start * RATE) : round(end * RATE)]


def joined(*parts: Samples) -> Samples:
    return np.concatenate(parts)


def demand(got: Sequence[MatchedSpan], expected: Sequence[tuple[float, float, float]]) -> None:
    """These stretches, each from a second of the old sound to another, and where it begins in the new one."""
    assert len(got) == len(expected), got
    for stretch, (start, end, at) in zip(got, expected, strict=True):
        assert stretch.old.start == pytest.approx(start, abs=EDGE)
        assert stretch.old.end == pytest.approx(end, abs=EDGE)
        middle = (start + end) / 2
        assert stretch.to_new(middle) == pytest.approx(at + middle - start, abs=0.003)


def test_the_same_sound_is_one_stretch_from_end_to_end() -> None:
    (whole,) = found(spoken(), spoken())
    assert whole.rate == pytest.approx(1.0, abs=1e-12)
    assert whole.old.start == 0.0
    assert whole.old.end == pytest.approx(90.0, abs=0.02)
    assert whole.new.start == pytest.approx(0.0, abs=0.001)


def test_an_advert_put_in_and_taken_out_and_the_beginning_trimmed() -> None:
    longer = joined(cut(spoken(), 0, 33.3), ad(), cut(spoken(), 33.3, 90))
    demand(found(spoken(), longer), [(0, 33.3, 0), (33.3, 90, 53.3)])
    demand(found(longer, spoken()), [(0, 33.3, 0), (53.3, 110, 33.3)])
    demand(found(spoken(), cut(spoken(), 12.345, 90)), [(12.345, 90, 0)])


def test_the_moment_of_an_insertion_is_found_to_a_few_milliseconds() -> None:
    """To 12 ms at three moments, to 8 ms at most moments, and nowhere worse than ``EDGE``."""
    precise, errors = (20.013, 41.5, 66.041), []
    for at in (*precise, *np.arange(12.013, 80, 5.7)):
        first, second = found(spoken(), joined(cut(spoken(), 0, at), ad(), cut(spoken(), at, 90)))
        edge = 0.012 if at in precise else EDGE
        assert first.old.end == second.old.start == pytest.approx(at, abs=edge)
        assert first.new.end == pytest.approx(at, abs=edge)
        assert second.new.start == pytest.approx(at + 20, abs=edge)
        assert second.new.start - first.new.end == pytest.approx(20, abs=0.002)
        errors.append(abs(first.old.end - at))
    assert np.median(errors) < 0.008


def test_every_word_beside_an_inserted_passage_keeps_its_side() -> None:
    """Other speech goes in right before and right after short words: none of them ends up 30 s away, beyond it."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    words = [Span(each["start"], each["end"]) for each in truth if each["start"] is not None]
    other = cut(sample(), 60, 90)[::-1]
    for at in (26.32, 45.69, 45.74, 111.995):
        new = joined(cut(sample(), 0, at), other, sample()[round(at * RATE) :])
        timeline = AudioMapping(found(sample(), new), len(new) / RATE)
        for word in words:
            by = 30.0 if word.middle > at else 0.0
            now = timeline.word(word, lambda part, new=new: float(np.abs(cut(new, part.start, part.end)).sum()))
            assert now is not None
            assert now.start == pytest.approx(word.start + by, abs=0.05), (at, word)


@over_rows("length", [20.0, 11.7])
def test_an_advert_exchanged(length: float) -> None:
    """For one that is as long as it was, too."""
    old = joined(cut(spoken(), 0, 33.3), ad(), cut(spoken(), 33.3, 90))
    new = joined(cut(spoken(), 0, 33.3), murmur(length, 9), cut(spoken(), 33.3, 90))
    demand(found(old, new), [(0, 33.3, 0), (53.3, 110, 33.3 + length)])


def test_a_passage_moved() -> None:
    new = joined(cut(spoken(), 0, 20), cut(spoken(), 50, 90), cut(spoken(), 20, 50))
    demand(found(spoken(), new), [(0, 20, 0), (50, 90, 20), (20, 50, 60)])


def test_a_jingle_stays_in_the_passage_around_it() -> None:
    """It is heard three times, and a fourth time in the new sound; one passage is gone with its jingle."""
    jingle = murmur(6, 10)
    a, b, c, d = (cut(spoken(), k * 20, k * 20 + 20) for k in range(4))
    old = joined(jingle, a, jingle, b, c, jingle, d)
    new = joined(jingle, a, ad(), jingle, jingle, b, c, d)
    demand(found(old, new), [(0, 26, 0), (26, 72, 52), (78, 98, 98)])


def test_a_cut_in_silence_is_anywhere_in_it() -> None:
    silence = np.zeros(4 * RATE, np.float32)
    old = joined(cut(spoken(), 0, 30), silence, cut(spoken(), 30, 90))
    new = joined(cut(spoken(), 0, 30), silence[:RATE], cut(spoken(), 30, 90))
    first, second = found(old, new)
    assert first.to_new(20.0) == pytest.approx(20.0, abs=0.003)
    assert second.to_new(60.0) == pytest.approx(57.0, abs=0.003)
    assert 29.9 < first.old.end < 34.1
    assert 29.9 < second.old.start < 34.1


@pytest.mark.parametrize(
    "speed", [1.005, *(pytest.param(speed, marks=pytest.mark.nightly) for speed in (0.98, 1.02, 1.04))]
)
def test_sound_that_is_played_faster_or_slower(speed: float) -> None:
    """With its pitch, as a resampled file; the rate is found to a few millionths."""
    from scipy.signal import resample_poly

    new = resample_poly(spoken(), 1000, round(1000 * speed)).astype(np.float32)
    (whole,) = found(spoken(), new)
    assert whole.rate == pytest.approx(round(1000 * speed) / 1000, abs=5e-5)
    assert whole.to_new(45.0) == pytest.approx(45.0 / speed, abs=0.003)


@given(st.data())
@settings(max_examples=15, deadline=None)
@pytest.mark.nightly
def test_planted_cuts_are_found(data: st.DataObject) -> None:
    """Pieces of the old sound, any of them dropped, some other sound before, between and after them."""
    edges = sorted(data.draw(st.lists(st.floats(4, 86), min_size=1, max_size=4, unique_by=lambda x: round(x / 8))))
    edges = [0.0, *edges, 90.0]
    pieces = [(a, b) for a, b in pairwise(edges) if b - a >= 4]
    kept = [piece for piece in pieces if data.draw(st.integers(0, 4)) or piece[1] - piece[0] > 40]
    parts, expected, at = [], [], 0.0
    for index, (start, end) in enumerate(kept):
        length = data.draw(st.sampled_from([0.0, 3.3, 10.0]))
        if length:
            parts.append(murmur(length, 100 + index))
            at += length
        parts.append(cut(spoken(), start, end))
        expected.append((start, end, at))
        at += end - start
    if sum(end - start for start, end in kept) < 45:
        return
    got = found(spoken(), joined(*parts))
    for start, end, at in expected:
        middle = (start + end) / 2
        (of_it,) = [each for each in got if each.old.start <= middle < each.old.end]
        assert of_it.to_new(middle) == pytest.approx(at + middle - start, abs=0.004)
    for moment in np.arange(0.5, 90, 0.5):
        is_kept = any(start + EDGE < moment < end - EDGE for start, end in kept)
        is_gone = not any(start - EDGE < moment < end + EDGE for start, end in kept)
        holders = [each for each in got if each.old.start <= moment < each.old.end]
        assert len(holders) == 1 if is_kept else not holders if is_gone else len(holders) <= 1


@pytest.mark.nightly
def test_what_is_too_fast_or_too_slow_is_refused() -> None:
    from scipy.signal import resample_poly

    for speed in (0.9, 1.08):
        with pytest.raises(AnotherEpisodeError, match="at most 5% faster or slower"):
            found(spoken(), resample_poly(spoken(), 100, round(100 * speed)).astype(np.float32))


@pytest.mark.nightly
def test_another_episode_is_refused() -> None:
    """Though a third of it is the same: both begin and end with the same music."""
    music = murmur(15, 11)
    one, other = (joined(music, murmur(60, seed), music) for seed in (12, 13))
    with pytest.raises(AnotherEpisodeError, match="33%"):
        found(one, other)
    with pytest.raises(AnotherEpisodeError, match="33%"):
        found(spoken(), cut(spoken(), 30, 60))


@over_rows("length", [0, RATE // 2])
def test_what_has_no_sound_to_speak_of_is_another_episode(length: int) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(5 * RATE) / RATE).astype(np.float32)
    silence = np.zeros(length, np.float32)
    for old, new in ((spoken(), silence), (silence, spoken()), (tone, tone)):
        with pytest.raises(AnotherEpisodeError):
            found(old, new)


def test_a_second_between_two_adverts_is_found() -> None:
    new = joined(cut(spoken(), 0, 30), ad(), cut(spoken(), 30, 30.9), murmur(15, 9), cut(spoken(), 30.9, 90))
    demand(found(spoken(), new), [(0, 30, 0), (30, 30.9, 50), (30.9, 90, 65.9)])


def test_audio_of_which_most_is_as_quiet_as_silence_is_found_whole() -> None:
    """At the level at which it is delivered; with an ad, all of it a hundred times softer."""
    new = np.round(32767 * 0.01 * joined(cut(spoken(), 0, 30), ad(), cut(spoken(), 30, 90))) / 32767
    demand(found(spoken(), new.astype(np.float32)), [(0, 30, 0), (30, 90, 50)])


def test_a_pause_around_an_advert_goes_to_the_passages_beside_it() -> None:
    """Though a codec has put noise under it, as loud as what was there."""
    quiet, noise = np.random.default_rng(1).normal(0, 0.002, (2, 2 * RATE)).astype(np.float32)
    old = joined(cut(spoken(), 0, 30), quiet, cut(spoken(), 30, 90))
    pauses = np.split(quiet + noise, 2)
    first, second = found(old, joined(cut(spoken(), 0, 30), pauses[0], ad(), pauses[1], cut(spoken(), 30, 90)))
    assert first.old.end == pytest.approx(second.old.start, abs=0.01)
    assert second.new.start - first.new.end == pytest.approx(20, abs=0.01)
