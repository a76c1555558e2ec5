"""The folder on the disk: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.aligner.command import assert_refused, posix_only, quotecast_here
from tests.web.site.publishing import copied_sample, publish
from web.site import folder as site_folder
from web.site.folder import LIST, Contents, Written, write_folder


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full once the quotes are written."""
    told = site_folder.replace_keeping

    def refusing(files: dict[Path, bytes], *arguments: object, **named: object) -> tuple[Path, ...]:
        if any(path.name == "index.html" for path in files):
            raise OutputError("{path}: cannot be written ({reason})", path=next(iter(files)), reason="no room")
        return told(files, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(site_folder, "replace_keeping", refusing)


CONTENTS = Contents({"index.html": b"new", "q/a.html": b"quote"})


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("is_there", [False, True])
def test_of_a_new_folder_that_cannot_be_written_nothing_is_left(tmp_path: Path, is_there: bool) -> None:
    if is_there:
        (tmp_path / "site").mkdir()
    with pytest.raises(OutputError):
        write_folder(tmp_path / "site", CONTENTS)
    assert (tmp_path / "site").exists() is is_there
    assert names(tmp_path) <= {"site"}


def test_a_folder_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    write_folder(tmp_path / "site", Contents({"index.html": b"old", "site.css": b"old"}))
    before = names(tmp_path / "site")
    request.getfixturevalue("full_disk")
    with pytest.raises(OutputError):
        write_folder(tmp_path / "site", Contents({"index.html": b"new"}))
    assert names(tmp_path / "site") == before
    assert (tmp_path / "site" / "index.html").read_bytes() == b"old"


def test_what_a_run_that_was_killed_did_not_come_to_remove_the_next_one_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {f"q/{letter}-123456.html": b"old" for letter in "ab"}
    write_folder(tmp_path, Contents({"index.html": b"old", **pages}))

    def killed(path: Path) -> None:
        if path.parent.name == "q":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(site_folder, "remove_file", killed)
        with pytest.raises(KeyboardInterrupt):
            write_folder(tmp_path, Contents({"index.html": b"new"}))
    assert (tmp_path / "index.html").read_bytes() == b"new"
    write_folder(tmp_path, Contents({"index.html": b"new"}))
    assert names(tmp_path) == {"index.html", LIST}


def test_sound_that_somebody_has_changed_is_kept_when_it_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    folder, sound = tmp_path / "site", tmp_path / "episode.mp3"
    sound.write_bytes(b"sound")
    contents = Contents({"index.html": b"page"}, {"sound.mp3": sound})
    assert write_folder(folder, contents) == write_folder(folder, contents) == Written()
    (folder / "sound.mp3").write_bytes(b"mine")
    inode = (folder / "sound.mp3").stat().st_ino
    assert write_folder(folder, contents).kept == (folder / "sound.mp3.bak",)
    assert (folder / "sound.mp3.bak").read_bytes() == b"mine"
    assert (folder / "sound.mp3.bak").stat().st_ino == inode  # renamed, however large
    assert (folder / "sound.mp3").read_bytes() == b"sound"
    sound.write_bytes(b"another sound")
    assert write_folder(folder, contents).kept == ()


@posix_only
def test_nothing_is_written_or_removed_through_a_link_in_the_folder(tmp_path: Path) -> None:
    folder, other = tmp_path / "site", tmp_path / "other"
    write_folder(folder, Contents({"index.html": b"old", "q/a-123456.html": b"old"}))
    (folder / "q").rename(other)
    (folder / "q").symlink_to(other)
    for contents in (CONTENTS, Contents({"index.html": b"new"})):
        with pytest.raises(OutputError, match="q: is a link"):
            write_folder(folder, contents)
    assert {path.name: path.read_bytes() for path in other.iterdir()} == {"a-123456.html": b"old"}
    assert (folder / "index.html").read_bytes() == b"old"


@pytest.mark.usefixtures("full_disk")
def test_nothing_of_others_is_removed_where_a_list_that_names_nothing_is_all_there_is_of_ours(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x", encoding="utf-8")
    write_text(tmp_path / LIST, '{"format": "quotecast-site", "version": 1, "files": {}}')
    with pytest.raises(OutputError):
        write_folder(tmp_path, CONTENTS)
    assert (tmp_path / "thesis.txt").exists()


def test_a_file_in_the_folder_s_place_is_refused(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "site").write_text("x", encoding="utf-8")
    done = quotecast_here("publish", sample / "episode.alignment.json", "-o", tmp_path / "site")
    assert_refused(done, "is a file, expected a folder")


def test_an_episode_of_which_nothing_is_known_is_published(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    segments = tuple(replace(timed, segment=replace(timed.segment, speaker=None)) for timed in alignment.segments)
    bare = replace(alignment, episode=type(alignment.episode)(), segments=segments)
    write_text(path, to_text(bare).replace('"verdict": "good"', '"verdict": "poor"'))
    folder = publish(path, tmp_path / "site", "--base-url", "https://example.org/")
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert '<title lang="fr">episode</title>' in html
    assert 'class="notice poor"' in html
    assert "Qui parle n’est pas nommé" in html
