"""Models are found by path or in the hub; a missing one gives a clear error."""

import hashlib
import logging
from pathlib import Path

import pytest

from aligner.errors import ModelError
from aligner.recognition import examine, silent
from aligner.recognition.asr import AsrRecogniser
from aligner.recognition.models import model_folder, model_identity
from tests.paths import DATA
from tests.tables import over_rows

FILES = ("model.bin", "config.json", "tokenizer.json")


def make_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(b"{}")
    return folder


def test_a_path_is_used_as_the_model_unless_a_file_is_missing(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    assert model_folder(str(folder)) == folder
    assert model_folder(str(folder / "model.bin")) == folder
    with pytest.raises(ModelError, match=r"has no model\.bin"):
        model_folder(str(tmp_path))


def test_a_model_in_the_cache_of_the_hubs_client_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models--Systran--faster-whisper-small"
    snapshot = make_model(folder / "snapshots" / ("0" * 40))
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0" * 40, encoding="ascii")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert model_folder("small") == snapshot


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"'bass'.*base.*large-v3"):
        model_folder("bass")


def test_without_a_network_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    level = logging.getLogger("huggingface_hub").level
    with pytest.raises(ModelError, match=r"\.\[whisper-base\].*--model") as caught:
        model_folder("small")
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("huggingface_hub").level == level


def test_a_models_identity_is_its_name_or_its_file(tmp_path: Path) -> None:
    assert model_identity("base") == "base"
    folder = make_model(tmp_path / "model")
    before = model_identity(str(folder))
    (folder / "model.bin").write_bytes(b"trained further")
    assert model_identity(str(folder)) != before


def test_the_installed_extra_is_the_published_model(base_model: Path) -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in base_model.iterdir()}
    assert found == {
        "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    }


@over_rows("name", ["config.json", "tokenizer.json"])
def test_a_given_model_with_a_damaged_file_is_one_clear_error(base_model: Path, tmp_path: Path, name: str) -> None:
    for path in base_model.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / name).unlink()
    (tmp_path / name).write_text('{"half":', encoding="utf-8")
    with pytest.raises(ModelError, match=r"model .* does not load") as caught:
        AsrRecogniser(str(tmp_path), "en").recognise(examine(DATA / "bees.mp3"), silent)
    assert "\n" not in str(caught.value)
