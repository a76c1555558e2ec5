"""A library of short episodes, cut out of one whose words have known times, for benches that want many."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.recordings import RATE, Samples, samples_of, write_wave

_LEAST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Slice:
    """Some seconds of speech, and the words that are said in them."""

    samples: Samples
    text: str

    def write(self, folder: Path) -> None:
        """Make it an episode's folder."""
        folder.mkdir(parents=True)
        write_wave(folder / "talk.wav", self.samples)
        (folder / "talk.txt").write_text(f"{self.text}\n", encoding="utf-8")


def slices(folder: Path, count: int, seconds: float = 6.0) -> Iterator[Slice]:
    """So many different slices of the episode in ``folder``, which holds its sound and a ``truth.json``; they may
    overlap."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    words = [word for word in truth["words"] if word["start"] is not None]
    [audio] = folder.glob("episode.*3")
    sound = samples_of(audio)
    first, last = words[0]["start"], words[-1]["end"] - seconds
    found, k = 0, 0
    while found < count:
        start = first + (last - first) * (k * 0.618034 % 1.0)
        k += 1
        said = [word["text"] for word in words if start <= word["start"] and word["end"] <= start + seconds]
        if len(said) < _LEAST_WORDS:
            continue
        found += 1
        yield Slice(sound[round(start * RATE) : round((start + seconds) * RATE)], " ".join(said))
