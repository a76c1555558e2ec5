"""One episode of the bench: its files, a run of the pipeline on it, and the result.

Conventions: seconds of the episode, or of wall-clock time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from aligner.pipeline import align
from aligner.recognition import Recogniser, examine, recognise
from tests.bench.baseline import exact_and_interpolated
from tests.bench.captioning import CueCount, count_cues
from tests.bench.evaluation import Evidence, compare, read_truth

# Files beside an episode that have its name but are not its audio.
_TEXT = {".vtt", ".srt", ".json", ".txt", ".md", ".html", ".docx"}


@dataclass(frozen=True, slots=True)
class EpisodeFiles:
    """An episode whose truth is known."""

    name: str
    audio: Path
    transcript: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of an episode, or of several pooled.

    ``took`` is the time of the whole pipeline; ``usual`` is None if it was not requested.
    """

    name: str
    method: str
    duration: float
    took: float
    ours: Evidence
    usual: Evidence | None
    cues: CueCount


def find_episodes(folders: Iterable[Path]) -> list[EpisodeFiles]:
    """The episodes that ``folders`` are or hold, in order of name.

    Raises FileNotFoundError if a folder neither is nor holds an episode (``episode.*``, ``transcript.*`` and
    ``truth.json``).
    """
    found = []
    for folder in folders:
        inside = [folder, *sorted(child for child in folder.glob("*") if child.is_dir())]
        episodes = [files for files in map(_episode_in, inside) if files]
        if not episodes:
            raise FileNotFoundError(f"{folder}: holds no episode.*, transcript.* and truth.json")
        found += episodes
    return found


def _episode_in(folder: Path) -> EpisodeFiles | None:
    audio = sorted(path for path in folder.glob("episode.*") if path.suffix not in _TEXT)
    transcript = sorted(folder.glob("transcript.*"))
    truth = folder / "truth.json"
    if not audio or not transcript or not truth.is_file():
        return None
    return EpisodeFiles(folder.resolve().name, audio[0], transcript[0], truth)


def run_trial(files: EpisodeFiles, recognisers: Sequence[Recogniser], with_usual: bool = True) -> Trial:
    """Align an episode and compare the result with its truth, also by the usual method with the words of the first
    recogniser.

    Raises AlignerError, MediaError if the pipeline refuses the episode.
    """
    truth = read_truth(files.truth)
    began = perf_counter()
    alignment = align(files.audio, files.transcript, recognisers=recognisers).alignment
    took = perf_counter() - began
    audio = examine(files.audio)
    recognition = recognise(audio, recognisers[0])  # from the cache, which ``align`` has just filled
    transcript = alignment.transcript
    usual = exact_and_interpolated(transcript.words, audio, recognition.words)
    return Trial(
        name=files.name,
        method=recognisers[0].name,
        duration=audio.duration,
        took=took,
        ours=compare(alignment.words, alignment.untranscribed, truth),
        usual=compare(usual, (), truth) if with_usual else None,
        cues=count_cues(alignment),
    )


def pool(trials: Iterable[Trial]) -> Trial:
    """Return all trials of one method as one long episode: figures weight episodes by words, seconds and cues."""
    trials = list(trials)
    usual = [trial.usual for trial in trials if trial.usual]
    return Trial(
        name="pooled",
        method=trials[0].method,
        duration=sum(trial.duration for trial in trials),
        took=sum(trial.took for trial in trials),
        ours=sum((trial.ours for trial in trials), Evidence()),
        usual=sum(usual, Evidence()) if usual else None,
        cues=sum((trial.cues for trial in trials), CueCount()),
    )
