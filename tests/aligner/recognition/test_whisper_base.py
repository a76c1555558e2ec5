"""Whisper base comes from the extra, the cache of the hub's client, or the hub, always as published."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.errors import ModelError
from aligner.recognition import models, silent
from aligner.recognition.models import REVISION, Published, base_folder
from tests.aligner.recognition.planted_hub import PlantedHub
from tests.tables import over_rows

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
    return {path.name: path.read_bytes() for path in base_folder(silent).iterdir()}


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swapped(content: bytes) -> bytes:
    return bytes(byte ^ 1 for byte in content)


def swap(path: Path) -> None:
    path.write_bytes(swapped(path.read_bytes()))


def part_of(extra: list[Path], name: str) -> Path:
    return extra[0] / (f"{name}.part1" if name == "model.bin" else name)


DAMAGES = [(name, damage) for name in ("model.bin", "tokenizer.json") for damage in (Path.unlink, halve, swap)]


def test_the_extras_halves_are_joined_once(extra: list[Path], cache_place: Path, hub: PlantedHub) -> None:
    first = base_folder(silent)
    assert first.is_relative_to(cache_place)
    made = first.stat().st_mtime_ns
    assert contents() == CONTENT
    (extra[1] / "model.bin.part2").unlink()
    second = base_folder(silent)
    assert (second, second.stat().st_mtime_ns) == (first, made)
    assert {path.name for path in first.parent.iterdir()} == {first.name, ".lock"}
    assert hub.asked == []


def test_a_damaged_file_in_the_cache_is_replaced(extra: list[Path]) -> None:
    for name, damage in DAMAGES:
        damage(base_folder(silent) / name)
        assert contents() == CONTENT


@over_rows("name, damage", DAMAGES)
def test_a_damaged_extra_is_reported_or_its_file_fetched_from_the_hub(
    extra: list[Path], hub: PlantedHub, cache_place: Path, name: str, damage: Callable[[Path], None]
) -> None:
    shutil.rmtree(cache_place / "models", ignore_errors=True)
    hub.files, hub.asked = {}, []
    whole = part_of(extra, name).read_bytes()
    damage(part_of(extra, name))
    with pytest.raises(ModelError, match=r"extra is damaged.*--force-reinstall") as caught:
        contents()
    assert "\n" not in str(caught.value)
    stock(hub)
    assert contents() == CONTENT
    assert {path.rpartition("/")[2] for _, path in hub.asked} == {name}
    part_of(extra, name).write_bytes(whole)


@pytest.mark.usefixtures("no_extra")
def test_without_the_extra_the_model_is_fetched_once_and_reported(hub: PlantedHub) -> None:
    stock(hub)
    reports: list[tuple[str, float, float]] = []
    base_folder(lambda *now: reports.append(now))
    megabytes = sum(map(len, CONTENT.values())) / 1e6
    assert reports[0] == ("model", 0.0, megabytes)
    assert reports[-1] == ("model", megabytes, megabytes)
    assert [done for _, done, _ in reports] == sorted(done for _, done, _ in reports)
    assert {path for _, path in hub.asked} == set(hub.files)
    assert not any("authorization" in headers for headers in hub.headers)
    hub.asked.clear()
    assert contents() == CONTENT
    assert hub.asked == []


@pytest.mark.usefixtures("no_extra")
def test_a_file_of_the_hub_is_used_only_if_it_is_the_published_one(hub: PlantedHub, cache_place: Path) -> None:
    stock(hub)
    path = next(path for path in hub.files if path.endswith("model.bin"))
    for held in (b"", b"another file, longer than any of the model's", swapped(CONTENT["model.bin"])):
        hub.files[path] = held
        with pytest.raises(ModelError) as caught:
            contents()
        assert "\n" not in str(caught.value)
        assert not list((cache_place / "models").glob("whisper*"))
    hub.files[path] = CONTENT["model.bin"]
    assert contents() == CONTENT


@pytest.mark.usefixtures("no_extra")
def test_an_interrupted_download_continues(hub: PlantedHub) -> None:
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
def test_published_files_in_the_cache_of_the_hubs_client_are_used(
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


def test_files_of_a_run_that_was_killed_are_replaced(extra: list[Path], cache_place: Path) -> None:
    building = cache_place / "models" / ".building"
    building.mkdir(parents=True)
    (building / "model.bin").write_bytes(b"first ha")
    assert contents() == CONTENT


def test_a_full_disk_is_one_clear_error(extra: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(ModelError, match=r"cannot be written \(No space left on device\)"):
        contents()
