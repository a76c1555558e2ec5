"""A passage that another voice says is timed by what that voice said, and one that it did not tell all times of is not
taken."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.bench.passages import passages
from tests.bench.planted import recording_of_tones, sounds_from
from tests.bench.recordings import RATE
from tests.bench.repeat_cases import Plan, repeated
from tests.bench.second_voice import heard, line_of

RECORDING = recording_of_tones()


def plan_of(kind: str) -> Plan:
    rng = random.Random(4)
    return Plan(RECORDING, rng.choice(passages(RECORDING, kind)), kind, "as often", 3, True, rng)


def spoken(plan: Plan) -> tuple[np.ndarray, dict[int, float]]:
    """A burst of 0.2 s every 0.4 s for each word of the line, and when each begins."""
    line = line_of(plan.recording, plan.passage)
    places = [line.index(token) for token in line.split()]
    t = np.arange(round(0.4 * len(places) * RATE)) / RATE
    samples = (0.1 * np.sin(2 * np.pi * 200 * t) * ((t % 0.4 >= 0.1) & (t % 0.4 < 0.3))).astype(np.float32)
    return samples, {place: 0.4 * k + 0.1 for k, place in enumerate(places)}


@pytest.mark.parametrize("kind", ["sentence", "echo"])
def test_every_copy_but_one_is_the_other_voice_and_its_words_sound_when_they_are_said_to(kind: str) -> None:
    plan = plan_of(kind)
    copy = heard(plan, *spoken(plan))
    assert copy
    case = repeated(plan, lambda _: copy)
    lengths = [np.diff([word.latest for word in said]) for said in case.said]
    others = [k for k, gaps in enumerate(lengths) if gaps == pytest.approx(np.full(len(gaps), 0.4))]
    assert len(others) == 2
    assert kind != "echo" or others == [1, 2]
    for k in others:
        assert len(case.said[k]) == len(case.written[k])
        assert all(sounds_from(case.samples, word.latest) for word in case.said[k])


def test_a_passage_whose_words_were_not_all_timed_is_the_speakers_own() -> None:
    plan = plan_of("sentence")
    samples, starts = spoken(plan)
    assert heard(plan, samples, dict(list(starts.items())[1:])) is None
    own = repeated(plan, lambda _: None)
    assert [len(said) for said in own.said] == [len(written) for written in own.written]
