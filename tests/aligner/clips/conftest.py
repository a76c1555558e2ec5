"""The sample aligned, with all that can be known of an episode."""

import json
import shutil
import sys
from pathlib import Path

import av
import pytest
from command import quotecast

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def aligned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample aligned by what a perfect recogniser heard, with all that can be known of an episode."""
    folder = tmp_path_factory.mktemp("aligned")
    sample = Path(__file__).parents[3] / "aligner" / "demo" / "sample"
    audio = folder / "roue.mp3"
    shutil.copy(sample / "episode.mp3", audio)
    truth = json.loads((sample / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    heard = {"language": "fr", "segments": [segment]}
    (folder / "heard.json").write_text(json.dumps(heard), encoding="utf-8")
    with av.open(str(folder / "cover.jpg"), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    known = {"--title": "Les vélos", "--show": "Roue libre", "--url": "https://roue.example/3"}
    details = [part for option in known.items() for part in option] + ["--cover", folder / "cover.jpg"]
    result = quotecast("align", audio, sample / "transcript.txt", "--hypothesis", folder / "heard.json", *details)
    assert result.returncode == 0, result.stderr
    return folder / "roue.alignment.json"


@pytest.fixture
def alignment(aligned: Path, tmp_path: Path) -> Path:
    """The same in a folder of its own."""
    for path in aligned.parent.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path / aligned.name
