#!/usr/bin/env python3
"""Whether text is found in what is new of a sound where it is said there, and nowhere else.

Usage: python -m tests.bench.put_back ALIGNMENT... [--cases 60] [--seed 1]

The sounds were heard on this machine, and are not listened to again: what was heard is cut and put together as the
sounds would be. In each case a passage of 8 to 60 seconds is taken out, and its words lose their sound; then it comes
back, or another passage of the same people comes in its place. Told are how many of the words are found that are back,
with how many of them start more than 0.1 s from where they did, and how many that are not said are found all the same.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from aligner.corrections.repair import Heard
from aligner.emissions import FRAME, Emissions
from aligner.model import Alignment, Audio, AudioFile, Span, TimedWord
from aligner.recognition.before import heard_before
from aligner.retiming.carrying import new_spans
from aligner.retiming.finding import words_in
from aligner.retiming.matching import Stretch
from aligner.retiming.moving import Timeline, moved
from aligner.spans import SpeechSpans
from aligner.storage.alignment_json import read_alignment
from tests.bench.report import table

_SHORTEST, _LONGEST = 8.0, 60.0  # seconds; in a short sound a fifth of it at most
_FAR = 0.1  # seconds


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignments", nargs="+", type=Path, metavar="ALIGNMENT")
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    rows = []
    for path in given.alignments:
        alignment = read_alignment(path)
        found = heard_before(alignment)
        if found is None or found[1].emissions is None:
            print(f"{path}: its letters were not heard on this machine", file=sys.stderr)
            continue
        rng = random.Random(given.seed)
        cases = [_case(alignment, Heard(*found), rng) for _ in range(given.cases)]
        total = _Case(*(sum(column) for column in zip(*(each.figures for each in cases), strict=True)))
        rows.append([path.name.partition(".")[0], *map(str, total.figures)])
    print(
        table(["episode", "words taken out", "found again", f"of these over {_FAR} s off", "found in other talk"], rows)
    )
    return 0


@dataclass(frozen=True)
class _Case:
    lost: int
    back: int
    far: int
    wrong: int

    @property
    def figures(self) -> tuple[int, int, int, int]:
        return self.lost, self.back, self.far, self.wrong


def _case(alignment: Alignment, heard: Heard, rng: random.Random) -> _Case:
    duration = heard.audio.duration
    length = rng.uniform(min(_SHORTEST, duration / 10), min(_LONGEST, duration / 5))
    start = rng.uniform(0.0, duration - length)
    out = _in_frames(start, start + length)
    while True:
        length = rng.uniform(min(_SHORTEST, duration / 10), min(_LONGEST, duration / 5))
        start = rng.uniform(0.0, duration - length)
        other = _in_frames(start, start + length)
        if other.end <= out.start or other.start >= out.end:
            break
    lost, back = _replaced(alignment, heard, out, out)
    found = [k for k in lost if back[k].span]
    far = sum(1 for k in found if abs(_start(back[k]) - _start(alignment.words[k])) > _FAR)
    _, instead = _replaced(alignment, heard, out, other)
    return _Case(len(lost), len(found), far, sum(1 for k in lost if instead[k].span))


def _replaced(
    alignment: Alignment, heard: Heard, out: Span, instead: Span
) -> tuple[tuple[int, ...], Sequence[TimedWord]]:
    """The words that lose their sound where a passage is taken out, and all words where another comes in its place."""
    audio, emissions = heard.audio, heard.recognition.emissions
    assert emissions is not None
    end = out.start + instead.duration
    duration = end + audio.duration - out.end
    stretches = [Stretch(Span(0.0, out.start), Span(0.0, out.start))] if out.start else []
    stretches += [Stretch(Span(out.end, audio.duration), Span(end, duration))]
    timeline = Timeline(stretches, duration)
    kept = (piece for span in audio.speech for piece in timeline.pieces(span))
    come = SpeechSpans(audio.speech).between(instead.start, instead.end)
    shift = out.start - instead.start
    speech = sorted([*kept, *(Span(s.start + shift, s.end + shift) for s in come)], key=lambda span: span.start)
    first, last, start, stop = (round(time / FRAME) for time in (out.start, out.end, instead.start, instead.end))
    values = np.concatenate([emissions.values[:first], emissions.values[start:stop], emissions.values[last:]])
    sound = Audio(Path("planted"), "1" * 64, duration, tuple(speech))
    now = Heard(sound, replace(heard.recognition, emissions=Emissions(values, emissions.prior)))
    made = moved(alignment, timeline, AudioFile("planted", duration, "1" * 64))
    return made.lost, words_in(made.alignment, new_spans(stretches, duration), now)


def _in_frames(start: float, end: float) -> Span:
    return Span(round(start / FRAME) * FRAME, round(end / FRAME) * FRAME)


def _start(timed: TimedWord) -> float:
    assert timed.span
    return timed.span.start


if __name__ == "__main__":
    sys.exit(main())
