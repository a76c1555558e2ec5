"""The clips of an episode are listed from its folder, marked if outdated, and restored from the trash."""

from pathlib import Path

import pytest

from aligner.model import Alignment
from media import safe_fs
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.clips.folder import CutSource, Record, SavedClip, clips_of, outdated_in
from web.clips.trash import delete, restore
from web.errors import Conflict, NotFound


def test_clips_are_listed_newest_first_with_their_records(folder: Path) -> None:
    video, sound = clips_of(folder)
    assert (video.file.name, video.shape, video.record.quote) == ("tide-portrait.mp4", "portrait", "")
    assert (sound.file.name, sound.shape, sound.record.quote) == ("tide.mp3", None, "The tide waits.")
    assert (video.size_bytes, sound.size_bytes) == (len("tide-portrait.mp4"), len("tide.mp3"))
    record = sound.record
    assert (record.duration, record.source.start, record.speaker, sound.saved) == (2.5, 61.2, "Ada", 1000)
    assert [caution.message for caution in record.warnings] == ["“not” is heard"]
    assert set(sound.files) == {"tide.mp3", "tide.vtt", "tide.txt", "tide.json"}


@over_rows(
    "name, shape",
    [
        ("2026-11-20 The tide - 01m13s It waits - square.mp4", "square"),
        ("harbour - landscape 12.mp4", "landscape"),
        ("portrait.mp4", "portrait"),
        ("The portrait-of-nobody - 01m13s In the square.mp4", None),
    ],
)
def test_the_end_of_its_name_tells_an_audiograms_shape(folder: Path, name: str, shape: str | None) -> None:
    (folder / "clips" / name).touch()
    assert [clip.shape for clip in clips_of(folder) if clip.file.name == name] == [shape]


@over_rows(
    "record",
    [
        "[1]",
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "source": {"start": Infinity}}',
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "quote": 3, "source": 4, "warnings": [5, {}]}',
        "[" * 100_000,
        '{"file": "tide.mp3", "quote": "x", "warnings": [' + "0," * 500_000 + "0]}",
    ],
)
def test_a_clip_with_a_damaged_record_is_listed(folder: Path, record: str) -> None:
    (folder / "clips" / "tide.json").write_text(record)
    found = [(each.file.name, each.record.quote, each.record.source.start) for each in clips_of(folder)]
    assert found[1] == ("tide.mp3", "", None)


TALK = (("Ana", "Good day to you all."), ("Bo", "The tide waits for nobody here."), ("Ana", "And yet it does."))


def clip(sound: str | None = None) -> SavedClip:
    record = Record(quote="The tide waits for nobody here.", speaker="Bo", source=CutSource(4.9, 10.9, sound))
    return SavedClip("1", Path("c.mp3"), {}, 0.0, 0, record)


def talk(*replaced: tuple[int, tuple[str | None, str]]) -> Alignment:
    paragraphs: list[tuple[str | None, str]] = [*TALK]
    for k, paragraph in replaced:
        paragraphs[k] = paragraph
    return planted(*paragraphs)


@over_rows(
    "now, changed",
    {
        "nothing": (talk(), None),
        "another sentence": (talk((0, ("Ana", "Good bye to them."))), None),
        "punctuation and case": (talk((1, ("Bo", "the tide waits, for nobody here!"))), None),
        "a word that is not spoken": (planted(*TALK, unspoken="here."), None),
        "a word": (talk((1, ("Bo", "The tide waited for nobody here."))), "words"),
        "a deleted word": (talk((1, ("Bo", "The tide for nobody here."))), "words"),
        "the sentence": (talk((1, ("Bo", "No more of that at all."))), "words"),
        "everything after it": (planted(TALK[0]), "words"),
    },
)
def test_a_clip_is_outdated_if_its_words_changed(now: Alignment, changed: str | None) -> None:
    assert outdated_in(now)(clip()) == changed


def test_a_clip_is_outdated_if_the_audio_was_replaced() -> None:
    now = talk()
    assert outdated_in(now)(clip("e" * 64)) == "sound"
    assert outdated_in(now)(clip(now.audio.sha256)) is None


def the_sound(folder: Path):
    return next(clip for clip in clips_of(folder) if clip.file.name == "tide.mp3")


def test_a_deleted_clip_is_restored_with_all_its_files(folder: Path) -> None:
    before = clips_of(folder)
    token = delete(the_sound(folder))
    assert [clip.file.name for clip in clips_of(folder)] == ["tide-portrait.mp4"]
    assert sorted(path.name for path in (folder / "clips").iterdir()) == ["tide-portrait.mp4", "trash"]
    restore(folder, token)
    assert clips_of(folder) == before
    with pytest.raises(NotFound):
        restore(folder, token)


def test_restoring_overwrites_nothing(folder: Path) -> None:
    token = delete(the_sound(folder))
    (folder / "clips" / "tide.txt").write_text("new")
    with pytest.raises(Conflict, match=r"clips\.again"):
        restore(folder, token)
    assert (folder / "clips" / "tide.txt").read_text() == "new"


def test_a_clip_is_not_restored_over_a_pending_export(folder: Path) -> None:
    token = delete(the_sound(folder))
    with pytest.raises(Conflict, match=r"clips\.again"):
        restore(folder, token, ["tide"])
    restore(folder, token, ["ebb"])


def test_files_shared_by_two_clips_stay_with_the_other(folder: Path) -> None:
    (folder / "clips" / "tide.wav").write_bytes(b"RIFF")
    before = clips_of(folder)
    token = delete(the_sound(folder))
    assert sorted(path.name for path in (folder / "clips" / "trash" / token).iterdir()) == ["tide.mp3"]
    restore(folder, token)
    assert clips_of(folder) == before


@pytest.mark.parametrize("stuck", [".mp3", ".txt"])
def test_a_clip_that_cannot_be_moved_completely_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    before = clips_of(folder)

    def failing(source: Path, target: Path) -> None:
        if source.suffix == stuck:
            raise PermissionError(13, "no", str(source))
        safe_fs.move(source, target)

    monkeypatch.setattr("web.clips.trash.move", failing)
    with pytest.raises(Conflict):
        delete(the_sound(folder))
    assert clips_of(folder) == before


def test_a_token_is_not_a_path(folder: Path) -> None:
    delete(the_sound(folder))
    for token in ("..", "", ".", "../../Ferries", "/etc"):
        with pytest.raises(NotFound):
            restore(folder, token)
