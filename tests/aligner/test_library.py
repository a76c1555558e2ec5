"""The way in for programs: what it takes, and what it refuses before anything is done."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import aligner
from aligner.publishing.audiograms import AudiogramOptions
from tests.aligner.test_pipeline import PerfectRecogniser
from tests.paths import SAMPLE
from tests.tables import over_rows


def test_paths_may_be_text(tmp_path: Path) -> None:
    options = aligner.AlignOptions(folder=str(tmp_path))  # type: ignore[arg-type]
    aligned = aligner.align(
        str(SAMPLE / "episode.mp3"), str(SAMPLE / "transcript.txt"), options, recognisers=(PerfectRecogniser(),)
    )
    written = aligner.write_outputs(aligned.alignment, str(tmp_path), "episode")
    assert written.paths[-1] == tmp_path / "episode.alignment.json"
    assert aligner.read_alignment(str(written.paths[-1])).words == aligner.read_alignment(written.paths[-1]).words
    episode = aligner.open_episode(str(written.paths[-1]))
    assert episode.audio.samefile(SAMPLE / "episode.mp3")
    clip = aligner.make_clip(
        episode,
        aligner.QuoteQuery("une promenade qui attend"),
        str(tmp_path / "quote.wav"),
        aligner.ClipOptions(listen=False),
    )
    assert clip.paths[0] == tmp_path / "quote.wav"


@over_rows(
    "options, given, refusal",
    [
        *[(aligner.ClipOptions, {"lufs": lufs}, "expected -40 to -5 LUFS") for lufs in (-500.0, 50.0, math.nan)],
        (AudiogramOptions, {"lufs": 50.0}, "expected -40 to -5 LUFS"),
        (aligner.OutputOptions, {"formats": ("vtt", "ass")}, "expected some of vtt, srt, json"),
        (aligner.OutputOptions, {"formats": "vtt"}, "expected some of vtt, srt, json"),
        (aligner.AlignOptions, {"method": "nose"}, "expected acoustic or asr"),
    ],
)
def test_an_option_that_there_is_not_is_refused(options: type, given: dict[str, object], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        options(**given)


@over_rows("name", ["", "../episode", "a/b"])
def test_outputs_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    episode, transcript = SAMPLE / "episode.mp3", SAMPLE / "transcript.txt"
    alignment = aligner.align(episode, transcript, recognisers=(PerfectRecogniser(),)).alignment
    with pytest.raises(ValueError, match="expected one without folders"):
        aligner.write_outputs(alignment, tmp_path / "out", name)
    assert not (tmp_path / "out").exists()
