"""Whisper base: of the extra, of what the hub's client kept, or of the hub, and always as it was published."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.errors import ModelError
from aligner.recognition import models, silent
from aligner.recognition.models import REVISION, Published, base_folder
from tests.aligner.recognition.planted_hub import PlantedHub

pytestmark = pytest.mark.usefixtures("hub")  # which has nothing until a test puts the model there

CONTENT = {
    "config.json": b'{"planted": true}',
    "model.bin": b"first half, second half",
    "tokenizer.json": b'{"version": "1.0"}',
    "vocabulary.txt": b"a\nb\nc\n",
}


@pytest.fixture(autouse=True)
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {name: Published(len(held), hashlib.sha256(held).hexdigest()) for name, held in CONTENT.items()}
    monkeypatch.setattr(models, "FILES", table)


@pytest.fixture
def extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The extra, in two parts."""
    parts = [tmp_path / "one" / "data", tmp_path / "two" / "data"]
    for part in parts:
        part.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (parts[0] / name).write_bytes(CONTENT[name])
    (parts[0] / "model.bin.part1").write_bytes(b"first half, ")
    (parts[1] / "model.bin.part2").write_bytes(b"second half")
    monkeypatch.setattr(models, "_installed_parts", lambda: parts)
    return parts


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_installed_parts", list)


def stock(hub: PlantedHub) -> None:
    hub.redirecting = True  # as the real one does
    hub.files = {f"{models.REPOSITORY}/resolve/{REVISION}/{name}": held for name, held in CONTENT.items()}


def contents() -> dict[str, bytes]:
    with base_folder(silent) as folder:
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swapped(content: bytes) -> bytes:
    return bytes(byte ^ 1 for byte in content)


def swap(path: Path) -> None:
    path.write_bytes(swapped(path.read_bytes()))


DAMAGES = [Path.unlink, halve, swap]
damaged = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
each_file = pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])


def test_the_extras_halves_are_put_together_once(extra: list[Path], cache_place: Path, hub: PlantedHub) -> None:
    with base_folder(silent) as first:
        assert first.is_relative_to(cache_place)
        made = first.stat().st_mtime_ns
    assert contents() == CONTENT
    (extra[1] / "model.bin.part2").unlink()
    with base_folder(silent) as second:
        assert second == first
        assert second.stat().st_mtime_ns == made
    assert {path.name for path in first.parent.iterdir()} == {first.name, ".lock"}
    assert hub.asked == []


@each_file
@damaged
def test_a_damaged_file_in_the_cache_is_made_good(extra: list[Path], name: str, damage: Callable[[Path], None]) -> None:
    with base_folder(silent) as folder:
        damage(folder / name)
    assert contents() == CONTENT


@each_file
@damaged
def test_a_damaged_extra_is_told_where_the_hub_cannot_help(
    extra: list[Path], cache_place: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(extra[0] / f"{name}.part1" if name == "model.bin" else extra[0] / name)
    with pytest.raises(ModelError, match=r"extra is damaged.*--force-reinstall") as caught:
        contents()
    assert "\n" not in str(caught.value)


@each_file
@damaged
def test_of_a_damaged_extra_the_hub_is_asked_for_that_file_alone(
    extra: list[Path], hub: PlantedHub, name: str, damage: Callable[[Path], None]
) -> None:
    damage(extra[0] / f"{name}.part1" if name == "model.bin" else extra[0] / name)
    stock(hub)
    assert contents() == CONTENT
    assert {path.rpartition("/")[2] for _, path in hub.asked} == {name}


@pytest.mark.usefixtures("no_extra")
def test_without_the_extra_the_model_is_fetched_once_and_told_of(hub: PlantedHub) -> None:
    stock(hub)
    told: list[tuple[str, float, float]] = []
    with base_folder(lambda *now: told.append(now)):
        pass
    megabytes = sum(map(len, CONTENT.values())) / 1e6
    assert {stage for stage, _, _ in told} == {"model"}
    assert told[0] == ("model", 0.0, megabytes)
    assert told[-1] == ("model", megabytes, megabytes)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert {path for _, path in hub.asked} == set(hub.files)
    assert not any("authorization" in headers for headers in hub.headers)
    hub.asked.clear()
    assert contents() == CONTENT
    assert hub.asked == []


@pytest.mark.usefixtures("no_extra")
@each_file
def test_what_the_hub_has_is_used_only_if_it_is_the_published_file(
    hub: PlantedHub, cache_place: Path, name: str
) -> None:
    stock(hub)
    path = next(path for path in hub.files if path.endswith(name))
    for held in (b"", b"another file, longer than any of the model's", swapped(CONTENT[name])):
        hub.files[path] = held
        with pytest.raises(ModelError) as caught:
            contents()
        assert "\n" not in str(caught.value)
        assert not list((cache_place / "models").glob("whisper*"))
    hub.files[path] = CONTENT[name]
    assert contents() == CONTENT


@pytest.mark.usefixtures("no_extra")
def test_a_download_that_broke_off_goes_on_where_it_was(hub: PlantedHub) -> None:
    stock(hub)
    hub.breaks_after = 10
    with pytest.raises(ModelError, match="hub cannot be reached"):
        contents()
    hub.breaks_after = None
    hub.ranges.clear()
    assert contents() == CONTENT
    assert any(asked.startswith("bytes=10-") for asked in hub.ranges)


@pytest.mark.usefixtures("no_extra")
def test_a_hub_that_sends_without_end_is_cut_off(hub: PlantedHub, cache_place: Path) -> None:
    stock(hub)
    hub.endless = True
    with pytest.raises(ModelError, match="is not the published one"):
        contents()
    held = sum(path.stat().st_size for path in cache_place.rglob("*") if path.is_file())
    assert held < 2_000
    assert hub.sent_bytes < 100_000_000


@pytest.mark.usefixtures("no_extra")
def test_what_the_hubs_client_has_kept_is_taken_if_it_is_the_published_model(
    hub: PlantedHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept" / "models--Systran--faster-whisper-base" / "snapshots" / REVISION
    kept.mkdir(parents=True)
    for name, held in CONTENT.items():
        (kept / name).write_bytes(held)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "kept"))
    swap(kept / "tokenizer.json")
    stock(hub)
    assert contents() == CONTENT
    assert {path.rpartition("/")[2] for _, path in hub.asked} == {"tokenizer.json"}


@pytest.mark.usefixtures("no_extra")
def test_without_extra_and_network_the_message_says_what_to_install() -> None:
    with pytest.raises(ModelError, match=r"hub cannot be reached.*quotecast\[whisper-base\].*--model"):
        contents()


def test_a_run_that_was_killed_while_it_put_the_model_together_is_made_good(
    extra: list[Path], cache_place: Path
) -> None:
    building = cache_place / "models" / ".building"
    building.mkdir(parents=True)
    (building / "model.bin").write_bytes(b"first ha")
    (building / "more").touch()
    assert contents() == CONTENT


def test_a_cache_that_cannot_be_written_does_not_stop_the_model(
    extra: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "file" / "cache"))
    with base_folder(silent) as folder:
        assert (folder / "model.bin").read_bytes() == CONTENT["model.bin"]
    assert not folder.exists()


def test_a_full_disk_is_one_clear_error(extra: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(ModelError, match=r"cannot be written \(No space left on device\)"):
        contents()
