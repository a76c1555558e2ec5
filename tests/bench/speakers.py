"""How much of the speech automatic transcripts give to the right speaker, and how many speakers they find.

Usage: python -m tests.bench.speakers FOLDER...

An episode whose transcript names its speakers is judged as it is. Others have one voice each: those of a language are
cut at pauses into turns of 2 to 12 seconds, made equally loud, and joined in random order to conversations of 1 to 4
voices. *right*: the share of the words' time with the right speaker, by the best mapping of one letter to one name.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import wave
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from aligner.pipeline import AlignOptions
from aligner.recognition import RATE, examine
from aligner.transcribing import transcribe
from aligner.transcript import read_transcript
from media.decode import audio_blocks
from tests.bench.report import table
from tests.bench.trial import EpisodeFiles, find_episodes

Turns = list[tuple[float, str]]  # the start of each, and who speaks
_LEAST_CLIP = 7.0  # seconds; less is no speaker of a conversation
_CONVERSATIONS = 3  # for each language and number of voices


def main() -> None:
    rows, clips = list[list[str]](), defaultdict[str, list[EpisodeFiles]](list)
    for files in find_episodes(map(Path, sys.argv[1:])):
        truth = json.loads(files.truth.read_text(encoding="utf-8"))
        segments = read_transcript(files.transcript).segments
        if any(segment.speaker for segment in segments):
            starts = [segment.char_start for segment in segments]
            said = [word for word in truth["words"] if word.get("start") is not None]
            names = [segments[bisect_right(starts, word["char_start"]) - 1].speaker for word in said]
            turns = [(word["start"], name or "") for word, name in zip(said, names, strict=True)]
            rows.append([files.name, *judged(files.audio, sorted(turns), truth.get("language"))])
        elif examine(files.audio).duration >= _LEAST_CLIP:
            clips[truth.get("language", "fr")].append(files)
    with tempfile.TemporaryDirectory() as folder:
        for language, of in sorted(clips.items()):
            for voices in range(1, min(4, len(of)) + 1):
                for seed in range(_CONVERSATIONS):
                    path = Path(folder, f"{language}-{voices}-{seed}.wav")
                    rng = random.Random(path.stem)
                    rows.append([path.stem, *judged(path, joined(rng.sample(of, voices), path, rng), language)])
    print(table(("episode", "voices", "found", "right"), rows))


def joined(clips: list[EpisodeFiles], path: Path, rng: random.Random) -> Turns:
    """Write a conversation of these clips to ``path``, and return its turns."""
    queues = {files.name: list(turns_of(files.audio, rng)) for files in clips}
    turns, written, last, pause = Turns(), list[NDArray[np.float32]](), "", np.zeros(RATE // 4, np.float32)
    while waiting := [name for name, queue in queues.items() if queue]:
        last = rng.choice([name for name in waiting if name != last] or waiting)
        turns.append((sum(map(len, written)) / RATE, last))
        written += [queues[last].pop(0), pause]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.concatenate(written).clip(-1, 1) * 32767).astype("<i2").tobytes())
    return turns


def turns_of(audio: Path, rng: random.Random):
    samples = np.concatenate([block for _, block in audio_blocks(audio, RATE)])
    samples *= 0.08 / np.sqrt(np.mean(samples**2))
    start, length = 0.0, rng.uniform(2, 12)
    for span in examine(audio).speech:
        if span.end - start >= length:
            yield samples[round(start * RATE) : round(span.end * RATE)]
            start, length = span.end, rng.uniform(2, 12)
    yield samples[round(start * RATE) :]


def judged(audio: Path, turns: Turns, language: str | None) -> list[str]:
    """The number of voices, the number found, and the share of time with the right one."""
    made = transcribe(audio, Path("draft.txt"), AlignOptions(language=language)).aligned.alignment
    spoken = [word for word in made.words if word.span]
    found = [made.transcript.segments[word.word.segment].speaker or "A" for word in spoken]
    starts = [start for start, _ in turns]
    true = [turns[max(0, bisect_right(starts, (w.span.start + w.span.end) / 2) - 1)][1] for w in spoken if w.span]
    letters, names = sorted(set(found)), sorted({name for _, name in turns})
    time = np.zeros((len(letters), len(names)))
    for word, letter, name in zip(spoken, found, true, strict=True):
        time[letters.index(letter), names.index(name)] += word.span.duration if word.span else 0.0
    right = time[linear_sum_assignment(-time)].sum() / time.sum()
    return [str(len(names)), str(len(letters)), f"{100 * right:.1f} %"]


if __name__ == "__main__":
    main()
