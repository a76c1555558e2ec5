"""How the work grows with the episode: seconds for a quarter, a half and the whole of an hour; what worst inputs cost.

Usage: python -m tests.bench.scaling

Growth is the whole against the quarter: 4 is in step with the length of the text, 16 its square.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from aligner.locating.matching import match_letters
from aligner.locating.words.anchors import match
from aligner.locating.words.placing import place
from aligner.model import Span
from aligner.normalization import readings
from aligner.transcript import read_transcript
from tests.aligner.episodes import Planted, heard_as, transcript_of
from tests.aligner.locating.matching.test_matching import babble, garble
from tests.aligner.normalization.test_readings import HOSTILE

_TURNS = "Ana Sol : Nous marchions depuis l’aube, et le port[3] était loin (rires) derrière nous.\nLeo Paz : Déjà ?\n"
_HOUR_TURNS, _HOUR_WORDS, _HOUR_PAUSES = 800, 10_000, 4_500


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    print(f"{'of an hour':38}{'1/4':>8}{'1/2':>8}{'1':>8}  growth")
    for name, prepared in (
        ("a transcript is read", _reading),
        ("plain words are spelled", _spelling),
        ("letters are matched", _matching),
        ("words that were not heard are spread", _spreading),
    ):
        quarter, half, whole = (_quickest(prepared(share)) for share in (0.25, 0.5, 1.0))
        print(f"{name:38}{quarter:8.3f}{half:8.3f}{whole:8.3f}  {whole / quarter:.1f}")
    worst = max((_quickest(partial(readings, [token], "fr"), 1), token[:6]) for token in HOSTILE)
    print(f"the worst token, {worst[1]}…: {worst[0]:.3f} s")


def _quickest(work: Callable[[], object], repeats: int = 3) -> float:
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def _reading(share: float) -> Callable[[], object]:
    def work() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "talk.txt")
            path.write_text(_TURNS * int(_HOUR_TURNS * share), encoding="utf-8")
            read_transcript(path)

    return work


def _spelling(share: float) -> Callable[[], object]:
    draw = random.Random(1)

    def work() -> None:  # with new words each time, for what was spelled is remembered
        letters = "abcdeilmnoprstuv"
        readings(["".join(draw.choices(letters, k=9)) for _ in range(int(_HOUR_WORDS * share))], "fr")

    return work


def _matching(share: float) -> Callable[[], object]:
    draw = random.Random(2)
    reference = babble(draw, int(_HOUR_WORDS * share))
    hypothesis, _ = garble(reference, draw, 0.15)
    return lambda: match_letters(reference, hypothesis)


def _spreading(share: float) -> Callable[[], object]:
    opening = "the ferry leaves at nine and the tide waits for nobody"
    lost = " ".join(f"word{k}" for k in range(int(_HOUR_WORDS * share)))
    pauses = tuple(Span(5.0 + k, 5.9 + k) for k in range(int(_HOUR_PAUSES * share)))
    before = heard_as((0.0, opening))
    heard = Planted(before.words, (*before.speech, *pauses), 5_000.0)
    transcript = transcript_of(opening, lost)
    anchors = match(transcript, heard.words, "en")
    return lambda: place(transcript, anchors, heard.audio)


if __name__ == "__main__":
    main()
