"""A trial of the bench without a model: with a perfect recogniser, and one late by a known time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from aligner.model import Audio, RecognisedWord, Recognition
from aligner.recognition import Progress
from tests.bench.evaluation import summarise
from tests.bench.report import caption_table, timing_table
from tests.bench.trial import Trial, find_episodes, pool, run_trial
from tests.paths import SAMPLE


@dataclass(frozen=True, slots=True)
class KnowingEar:
    """Hears what is said when it is said, late by ``late`` seconds, and takes every tenth word for another."""

    late: float
    name: str = "knowing"
    model: str = "none"

    def identity(self) -> dict[str, object]:
        return {"late": self.late}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        truth = json.loads((audio.path.parent / "truth.json").read_text(encoding="utf-8"))
        said = [w for w in truth["words"] if w["start"] is not None and re.search(r"\w", w["text"])]
        words = tuple(
            RecognisedWord("hm" if k % 10 == 9 else w["text"], w["start"] + self.late, w["end"] + self.late)
            for k, w in enumerate(said)
        )
        return Recognition(words, "fr")


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTECAST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def trials(cache: None) -> list[Trial]:
    (files,) = find_episodes([SAMPLE])
    return [run_trial(files, (KnowingEar(late),)) for late in (0.0, 0.08)]


@pytest.mark.nightly
def test_a_perfect_recogniser_has_no_error(trials: list[Trial]):
    score = summarise(trials[0].ours)
    assert score.start_median == pytest.approx(0, abs=0.001)
    assert score.missed is not None
    assert score.missed < 0.02


def test_a_late_recogniser_has_that_error(trials: list[Trial]):
    for evidence in (trials[1].ours, trials[1].usual):
        assert evidence is not None
        assert summarise(evidence).start_bias == pytest.approx(0.08, abs=0.001)


def test_pooled_figures_are_of_all_words(trials: list[Trial]):
    pooled = pool(trials)
    assert summarise(pooled.ours).spoken == 2 * summarise(trials[0].ours).spoken
    assert pooled.duration == pytest.approx(2 * trials[0].duration)
    assert pooled.cues.cues == trials[0].cues.cues + trials[1].cues.cues


def test_the_tables_have_a_row_for_each_trial(trials: list[Trial]):
    rows = timing_table([*trials, pool(trials)]).splitlines()[1:]
    assert [row.split()[0] for row in rows] == ["sample", "usual", "sample", "usual", "pooled", "usual"]
    assert [int(row.split()[2]) for row in caption_table(trials).splitlines()[1:]] == [t.cues.cues for t in trials]


def test_episodes_are_found_in_nested_folders_and_captions_are_no_transcript(tmp_path: Path):
    for name in ("b", "a"):
        for file in ("episode.ogg", "episode.alignment.json", "episode.vtt", "transcript.txt", "truth.json"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / file).touch()
    (tmp_path / "notes").mkdir()
    with pytest.raises(FileNotFoundError, match=r"holds no episode\.\*"):
        find_episodes([tmp_path / "notes"])
    assert [(files.name, files.audio.name) for files in find_episodes([tmp_path])] == [
        ("a", "episode.ogg"),
        ("b", "episode.ogg"),
    ]
