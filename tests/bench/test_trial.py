"""A trial of the bench without a model, with a recogniser that is late by a known time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from aligner.model import Audio, RecognisedWord, Recognition
from aligner.recognition import Progress
from tests.bench.evaluation import summarise
from tests.bench.trial import find_episodes, run_trial
from tests.paths import SAMPLE


@dataclass(frozen=True, slots=True)
class LateRecogniser:
    """Recognise the true words ``late`` seconds late, every tenth of them wrongly."""

    late: float
    name: str = "late"
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


def test_a_late_recogniser_has_that_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))
    (files,) = find_episodes([SAMPLE])
    trial = run_trial(files, (LateRecogniser(late=0.08),))
    for evidence in (trial.ours, trial.usual):
        assert evidence is not None
        assert summarise(evidence).start_bias == pytest.approx(0.08, abs=0.001)


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
