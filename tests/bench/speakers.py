"""How much of the speech automatic transcripts give to the right speaker, and how many speakers they find.

Usage: python -m tests.bench.speakers FOLDER...

An episode whose transcript names its speakers is judged as it is. Others have one voice each: those of a language are
cut at pauses into turns of 2 to 12 seconds, made equally loud, and joined in random order to conversations of 1 to 4
voices. *right*: the share of the words' time with the right speaker, by the best mapping of one letter to one name.
"""

import argparse
import json
import random
import tempfile
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from aligner.pipeline import AlignOptions
from aligner.recognition import RATE, examine
from aligner.transcribing import transcribe
from aligner.transcript import read_transcript
from tests.bench.recordings import samples_of, write_wave
from tests.bench.report import table
from tests.bench.trial import find_episodes

LEAST_CLIP = 7.0  # seconds; less is no speaker of a conversation
CONVERSATIONS = 3  # for each language and number of voices


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    rows, clips = [], defaultdict[str, list[Path]](list)
    for files in find_episodes(parser.parse_args().folders):
        truth, segments = json.loads(files.truth.read_text("utf-8")), read_transcript(files.transcript).segments
        said = [word for word in truth["words"] if word["start"] is not None]
        if any(segment.speaker for segment in segments):
            starts = [segment.char_start for segment in segments]
            names = [segments[bisect_right(starts, word["char_start"]) - 1].speaker or "" for word in said]
            turns = sorted(zip([word["start"] for word in said], names, strict=True))
            rows.append([files.name, *judged(files.audio, turns, truth.get("language"))])
        elif examine(files.audio).duration >= LEAST_CLIP:
            clips[truth.get("language", "fr")].append(files.audio)
    with tempfile.TemporaryDirectory() as folder:
        for language, of in sorted(clips.items()):
            for number in range(CONVERSATIONS * min(4, len(of))):
                path, rng = Path(folder, f"{language}-{number}.wav"), random.Random(number)
                turns = joined(rng.sample(of, 1 + number // CONVERSATIONS), path, rng)
                rows.append([path.stem, *judged(path, turns, language)])
    print(table(("episode", "voices", "found", "right"), rows))


def joined(clips: list[Path], path: Path, rng: random.Random) -> list[tuple[float, str]]:
    """Write a conversation to ``path``; return the start of each turn, and who speaks."""
    queues, turns, written, last = {str(clip): turns_of(clip, rng) for clip in clips}, [], np.zeros(0), ""
    while waiting := [name for name, queue in queues.items() if queue]:
        last = rng.choice([name for name in waiting if name != last] or waiting)
        turns.append((len(written) / RATE, last))
        written = np.concatenate([written, queues[last].pop(0), np.zeros(RATE // 4)])
    write_wave(path, written)
    return turns


def turns_of(audio: Path, rng: random.Random) -> list[np.ndarray]:
    samples = samples_of(audio)
    cuts, length = [0], rng.uniform(2, 12)
    for span in examine(audio).speech[:-1]:
        if span.end * RATE - cuts[-1] >= length * RATE:
            cuts, length = [*cuts, round(span.end * RATE)], rng.uniform(2, 12)
    return np.split(samples * (0.08 / np.sqrt(np.mean(samples**2))), cuts[1:])


def judged(audio: Path, turns: list[tuple[float, str]], language: str | None) -> list[str]:
    """The number of voices, the number found, and the share of time with the right one."""
    made = transcribe(audio, Path("draft.txt"), AlignOptions(language=language)).aligned.alignment
    starts, time = [start for start, _ in turns], defaultdict[tuple[str, str], float](float)
    for word in made.words:
        if word.span:
            name = turns[max(0, bisect_right(starts, (word.span.start + word.span.end) / 2) - 1)][1]
            time[made.transcript.segments[word.word.segment].speaker or "A", name] += word.span.duration
    letters, names = sorted({letter for letter, _ in time}), sorted({name for _, name in turns})
    counts = np.array([[time[letter, name] for name in names] for letter in letters])
    right = counts[linear_sum_assignment(-counts)].sum() / counts.sum()
    return [str(len(names)), str(len(letters)), f"{100 * right:.1f} %"]


if __name__ == "__main__":
    main()
