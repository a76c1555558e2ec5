"""A run of the bench without a model: an ear that knows the truth, and one that is late by a known amount."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from aligner.evaluation import summarise
from aligner.model import Audio, HeardWord, Recognition
from aligner.recognition import Progress
from tests.bench.report import as_json, caption_table, timing_table
from tests.bench.trial import Trial, find_episodes, pool, run_trial
from tests.places import SAMPLE


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
            HeardWord("hm" if k % 10 == 9 else w["text"], w["start"] + self.late, w["end"] + self.late)
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


def test_an_ear_that_knows_the_truth_leaves_no_error(trials: list[Trial]):
    score = summarise(trials[0].ours)
    assert score.start_median == pytest.approx(0, abs=0.001)
    assert score.missed is not None
    assert score.missed < 0.02


def test_a_late_ear_is_found_late_by_as_much(trials: list[Trial]):
    for evidence in (trials[1].ours, trials[1].usual):
        assert evidence is not None
        assert summarise(evidence).start_bias == pytest.approx(0.08, abs=0.001)


def test_the_usual_method_times_everything(trials: list[Trial]):
    usual = trials[0].usual
    assert usual is not None
    assert (usual.missed, usual.unspoken_right) == (0, 0)
    assert usual.unspoken_timed > 0


def test_the_usual_method_can_be_left_out():
    (files,) = find_episodes([SAMPLE])
    trial = run_trial(files, (KnowingEar(0.0),), with_usual=False)
    assert trial.usual is None
    assert "usual" not in timing_table([trial])


def test_pooled_figures_are_of_all_words(trials: list[Trial]):
    pooled = pool(trials)
    assert summarise(pooled.ours).spoken == 2 * summarise(trials[0].ours).spoken
    assert pooled.duration == pytest.approx(2 * trials[0].duration)
    assert pooled.cues.cues == trials[0].cues.cues + trials[1].cues.cues


def test_the_timing_table_has_a_row_for_each_method_and_aligned_columns(trials: list[Trial]):
    head, *rows = timing_table([*trials, pool(trials)]).split("\n")
    assert [row.split()[0] for row in rows] == ["sample", "usual", "sample", "usual", "pooled", "usual"]
    assert all(len(row) == len(head) for row in rows[::2])


def test_the_caption_table_has_a_row_for_each_episode(trials: list[Trial]):
    head, *rows = caption_table(trials).split("\n")
    assert head.split()[:5] == ["episode", "method", "cues", "norms", "readable"]
    assert [int(row.split()[2]) for row in rows] == [trial.cues.cues for trial in trials]


def test_the_figures_survive_json(trials: list[Trial]):
    figures = json.loads(json.dumps(as_json(trials[0])))
    assert figures["ours"]["start_median"] == summarise(trials[0].ours).start_median
    assert figures["captions"]["cues"] == trials[0].cues.cues


def test_episodes_are_found_in_a_folder_of_folders_and_captions_beside_the_sound_are_not_taken_for_it(tmp_path: Path):
    for name in ("b", "a"):
        for file in ("episode.ogg", "episode.alignment.json", "episode.vtt", "transcript.txt", "truth.json"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / file).touch()
    (tmp_path / "notes").mkdir()
    assert [(files.name, files.audio.name) for files in find_episodes([tmp_path])] == [
        ("a", "episode.ogg"),
        ("b", "episode.ogg"),
    ]


def test_a_folder_without_episodes_is_refused(tmp_path: Path):
    (tmp_path / "episode.ogg").touch()
    with pytest.raises(FileNotFoundError, match=r"holds no episode\.\*"):
        find_episodes([tmp_path])
