"""Finding a model: by path, from the installed extra, and a clear word when there is none."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pytest

from aligner.errors import ModelError
from aligner.recognition import models
from aligner.recognition.models import model_folder, model_identity

FILES = ("model.bin", "config.json", "tokenizer.json")


def make_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(b"{}")
    return folder


@pytest.fixture
def halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A small stand-in for the extra, in two halves."""
    parts = [tmp_path / "one" / "data", tmp_path / "two" / "data"]
    for part in parts:
        part.mkdir(parents=True)
    for name in FILES[1:]:
        (parts[0] / name).write_text("{}", encoding="utf-8")
    (parts[0] / "model.bin.part1").write_bytes(b"first half, ")
    (parts[1] / "model.bin.part2").write_bytes(b"second half")
    monkeypatch.setattr(models, "_installed_parts", lambda: parts)
    monkeypatch.setattr(models, "_BASE_SHA256", hashlib.sha256(b"first half, second half").hexdigest())
    return parts


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "model")
    with model_folder(str(folder)) as found:
        assert found == folder
    with model_folder(str(folder / "model.bin")) as found:
        assert found == folder


def test_a_folder_without_a_model_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no model\.bin"), model_folder(str(tmp_path)):
        pass


def test_the_extras_halves_are_joined_once(halves: list[Path], cache_place: Path) -> None:
    with model_folder("base") as first:
        assert (first / "model.bin").read_bytes() == b"first half, second half"
        assert {path.name for path in first.iterdir()} == set(FILES)
        assert first.is_relative_to(cache_place)
        made = first.stat().st_mtime_ns
    (halves[1] / "model.bin.part2").unlink()
    with model_folder("base") as second:
        assert second == first
        assert second.stat().st_mtime_ns == made
    assert list(first.parent.iterdir()) == [first]


def test_a_damaged_model_in_the_cache_is_joined_again(halves: list[Path]) -> None:
    with model_folder("base") as folder:
        (folder / "model.bin").write_bytes(b"something else")
    with model_folder("base") as folder:
        assert (folder / "model.bin").read_bytes() == b"first half, second half"


def test_halves_that_do_not_make_the_published_model_are_refused(halves: list[Path], cache_place: Path) -> None:
    (halves[1] / "model.bin.part2").write_bytes(b"another half")
    with pytest.raises(ModelError, match="damaged"), model_folder("base"):
        pass
    assert list((cache_place / "models").iterdir()) == []


def test_a_cache_that_cannot_be_written_does_not_stop_the_model(
    halves: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "file" / "cache"))
    with model_folder("base") as folder:
        assert (folder / "model.bin").read_bytes() == b"first half, second half"
    assert not folder.exists()


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"'bass'.*base.*large-v3"), model_folder("bass"):
        pass


def test_without_a_network_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    level = logging.getLogger("huggingface_hub").level
    with pytest.raises(ModelError, match=r"quotecast\[whisper-base\].*--model") as caught, model_folder("small"):
        pass
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
    found = hashlib.sha256((base_model / "model.bin").read_bytes()).hexdigest()
    assert found == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
