"""What the tests share: the sample as an episode and as an alignment, and a configuration of its own."""

import shutil
from pathlib import Path

import av
import pytest

from tests.aligner.command import quotecast
from tests.paths import SAMPLE
from tests.perfect_recogniser import write_asr_output


@pytest.fixture
def episode(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The sample's sound and transcript in a folder of their own, and what a perfect recogniser heard in it."""
    audio, transcript = tmp_path / "roue.mp3", tmp_path / "roue.txt"
    audio.write_bytes((SAMPLE / "episode.mp3").read_bytes())
    transcript.write_bytes((SAMPLE / "transcript.txt").read_bytes())
    return audio, transcript, write_asr_output(tmp_path / "heard.json")


@pytest.fixture
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No style that another test remembered."""
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "configuration"))


@pytest.fixture(scope="session")
def aligned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample aligned by what a perfect recogniser heard, with all that can be known of an episode."""
    folder = tmp_path_factory.mktemp("aligned")
    audio = folder / "roue.mp3"
    shutil.copy(SAMPLE / "episode.mp3", audio)
    heard = write_asr_output(folder / "heard.json")
    with av.open(str(folder / "cover.jpg"), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    known = {"--title": "Les vélos", "--show": "Roue libre", "--url": "https://roue.example/3", "--guid": "urn:3"}
    details = [part for option in known.items() for part in option] + ["--cover", folder / "cover.jpg"]
    result = quotecast("align", audio, SAMPLE / "transcript.txt", "--asr-output", heard, *details)
    assert result.returncode == 0, result.stderr
    return folder / "roue.alignment.json"


@pytest.fixture
def alignment(aligned: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    for path in aligned.parent.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / aligned.name
