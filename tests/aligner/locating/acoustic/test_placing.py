"""Every spoken word is placed, found or not; unspoken words are not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.emissions import CLASSES, FRAME, Emissions, silent_frames
from aligner.locating.acoustic.anchors import DecodedCharacters
from aligner.locating.acoustic.placing import Evidence, pace_of, place
from aligner.locating.acoustic.scoring import Findings
from aligner.locating.spoken_words import breaks_after
from aligner.model import Placement, Span, Status
from tests.aligner.episodes import Planted, spoken, transcript_of

NOTHING = DecodedCharacters("", np.empty(0, np.int64), np.zeros(1))
LETTER = 0.05  # seconds, where an episode is too short to tell
TEXT = "a gentle breeze moved every curtain in the house that night"  # 11 words


def findings(times: list[tuple[float, float] | None], exact: bool = True) -> Findings:
    found = np.array([time is not None for time in times])
    starts, ends = (np.array([np.nan if time is None else time[side] for time in times]) for side in (0, 1))
    return Findings(starts, ends, found, found & exact, np.where(found, 0.9, 0.0))


def heard(*speech: tuple[float, float], duration: float) -> Planted:
    return Planted((), tuple(Span(*span) for span in speech), duration)


def silent(seconds: float) -> Emissions:
    return Emissions(silent_frames(round(seconds / FRAME) + 1), np.zeros(CLASSES, np.float32))


def placed(
    times: list[tuple[float, float] | None], sound: Planted, *paragraphs: str, begins: float | None = None
) -> tuple[Placement, ...]:
    """Return the placements; ``begins`` is a time at which the model finds the start of some word."""
    transcript = transcript_of(*(paragraphs or (TEXT,)))
    spelled = [word.text for word in transcript.words]
    emissions = silent(sound.duration)
    if begins is not None:
        emissions.values[round(begins / FRAME), -2] = np.log(0.3)
    found = findings(times)
    pace = pace_of(found, np.array([len(word) for word in spelled]))
    heard = Evidence(sound.audio, emissions, NOTHING, spelled, breaks_after(transcript), pace)
    return place(transcript, found, heard)


def with_hidden(hidden: range, room: float) -> list[tuple[float, float] | None]:
    """Return the times of the words of ``TEXT`` from second 1 on, some of them not found, with ``room`` in their
    place."""
    now, times = 1.0, []
    for k, word in enumerate(TEXT.split()):
        if k in hidden:
            times.append(None)
            now += room if k == hidden[0] else 0.0
        else:
            times.append((now, now + LETTER * len(word)))
            now += LETTER * len(word)
    return times


def test_words_not_found_share_the_available_time_by_their_letters() -> None:
    placements = placed(with_hidden(range(2, 5), 0.05 * 16), heard((0, 10), duration=10))  # breeze moved every
    hidden = placements[2:5]
    assert {p.status for p in hidden} == {Status.INTERPOLATED}
    assert spoken(hidden[0]).start == pytest.approx(spoken(placements[1]).end)
    assert spoken(hidden[2]).end == pytest.approx(spoken(placements[5]).start)
    lengths = [spoken(p).duration for p in hidden]
    assert lengths == pytest.approx([0.3, 0.25, 0.25])
    assert all(p.confidence < 0.5 for p in hidden)


def test_pauses_are_not_available_time() -> None:
    times = with_hidden(range(2, 5), 0.05 * 16 + 3.0)
    start = times[1][1] + 0.3
    placements = placed(times, heard((0, start), (start + 3.0, 20), duration=20))
    before, after = spoken(placements[2]), spoken(placements[3])
    assert (before.start, before.end) == pytest.approx((start - 0.3, start))
    assert after.start == pytest.approx(start + 3.0)


def test_words_without_available_time_are_unspoken() -> None:
    placements = placed(with_hidden(range(2, 5), 0.1), heard((0, 10), duration=10))
    assert {p.status for p in placements[2:5]} == {Status.UNSPOKEN}


def test_few_words_in_far_too_much_time_stay_beside_the_previous_word() -> None:
    placements = placed(with_hidden(range(2, 3), 30.0), heard((0, 60), duration=60))
    assert placements[2].status is Status.INTERPOLATED
    assert spoken(placements[2]).start == pytest.approx(spoken(placements[1]).end)
    assert spoken(placements[2]).end == pytest.approx(spoken(placements[2]).start + 0.3)


@given(st.integers(0, 2**32 - 1))
def test_starts_never_decrease_ends_follow_starts_and_none_exceeds_the_audio(seed: int) -> None:
    rng = np.random.default_rng(seed)
    duration = float(rng.uniform(0.5, 20))
    times: list[tuple[float, float] | None] = []
    for start in np.sort(rng.uniform(-0.1, duration + 0.1, 11)) + rng.normal(0, 0.2, 11):
        times.append(None if rng.random() < 0.3 else (float(start), float(start + rng.exponential(0.5) + 0.02)))
    edges = np.sort(rng.uniform(0, duration, 6)).reshape(3, 2).tolist()
    placements = placed(times, heard(*map(tuple, edges), duration=duration))
    timed = [p.span for p in placements if p.span]
    assert all(0 <= span.start < span.end <= duration + 1e-9 for span in timed)
    assert all(a.start <= b.start for a, b in pairwise(timed))
    assert all(p.span is not None for p, time in zip(placements, times, strict=True) if time is not None)


def test_a_word_not_found_in_a_long_gap_starts_where_speech_starts() -> None:
    times = with_hidden(range(3, 4), 2.0)  # moved
    placements = placed(times, heard((0, 10), duration=10), begins=2.6)
    assert spoken(placements[3]).start == pytest.approx(2.6, abs=0.02)


def test_a_word_not_found_is_not_placed_in_the_tail_of_the_previous_word() -> None:
    times = with_hidden(range(3, 4), 3.0)
    end = spoken_end(times, 2)
    placements = placed(times, heard((0, end + 0.15), (end + 1.5, 10), duration=10))
    assert spoken(placements[3]).start == pytest.approx(end + 1.5, abs=0.01)


def test_first_words_not_found_precede_their_sentence_and_last_ones_follow_it() -> None:
    text = "a gentle breeze moved. every curtain in the house that night"
    times = with_hidden(range(3, 5), 4.0)  # moved. every
    placements = placed(times, heard((0, 10), duration=10), text)
    assert spoken(placements[3]).start == pytest.approx(spoken_end(times, 2), abs=0.01)
    assert spoken(placements[4]).end == pytest.approx(times[5][0] if times[5] else 0, abs=0.01)


def spoken_end(times: list[tuple[float, float] | None], word: int) -> float:
    time = times[word]
    assert time
    return time[1]
