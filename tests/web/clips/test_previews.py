"""A preview equals the export, unless the clip is too long for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.errors import SourceError
from aligner.publishing import audiograms
from aligner.publishing.excerpt import Source
from aligner.storage.alignment_json import read_alignment
from tests.web.clips.conftest import wanted
from web.clips import previews
from web.clips.previews import RequestedClip, audio, audio_of, frame, preview
from web.errors import Conflict, Unusable
from web.jobs.kinds import Export


@pytest.fixture(scope="module")
def source(sample: Path) -> Source:
    file = sample / "episode.alignment.json"
    return Source(read_alignment(file), file, sample / "episode.mp3")


def test_the_reported_edges_give_the_same_clip(source: Source) -> None:
    found = preview(wanted(source, 20, 23))
    again = preview(wanted(source, 20, 23, found["start"], found["end"]))
    assert again == found


def test_the_reported_wording_gives_the_same_frame(source: Source) -> None:
    wording = preview(wanted(source, 20, 30, shape="square"))["wording"]
    assert wording
    plain, worded = (frame(wanted(source, 20, 30, shape="square", text=text)) for text in (None, wording))
    assert plain == worded


def test_a_wording_is_never_the_name_of_a_file(source: Source, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    text = str(tmp_path / "secret.txt")
    assert "secret.txt" in preview(wanted(source, 20, 23, shape="square", text=text))["wording"]


def test_a_clip_that_cuts_a_word_has_a_caution(source: Source) -> None:
    word = source.alignment.words[21]
    assert word.span is not None
    middle = word.span.middle
    shown = preview(wanted(source, 20, 23, middle, middle + 1))
    assert "cuts-word" in {caution["kind"] for caution in shown["cautions"]}


def test_a_clip_too_long_for_a_preview_is_described(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "LONGEST", 1.0)
    shown = preview(wanted(source, 23, 60, shape="portrait"))
    assert (shown["wording"], shown["duration"] > 1) == (None, True)
    assert "length" not in {caution["kind"] for caution in shown["cautions"]}
    monkeypatch.setattr(audiograms, "LIMITS", (("a platform", 0, 1, ("portrait",)),))
    assert preview(wanted(source, 23, 60, shape="portrait"))["cautions"][-1]["detail"] == "a platform (0:01)"
    for make in (audio, frame):
        with pytest.raises(Unusable, match=r"clip\.refused\.preview"):
            make(wanted(source, 23, 60))


def test_changed_audio_or_transcript_is_refused(library: Path) -> None:
    file, audio = (library / "roue-libre" / name for name in ("episode.alignment.json", "episode.mp3"))
    assert audio_of(file, audio) == audio
    with audio.open("ab") as sound_file:
        sound_file.write(b"more")
    with pytest.raises(SourceError, match="has changed since"):
        audio_of(file, audio)
    with pytest.raises(Conflict, match=r"page\.changed"):
        preview(RequestedClip(Export(20, 23), file, "another", audio))
