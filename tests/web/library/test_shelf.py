"""Which folders are episodes, what of them, and how they are listed."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.model import Verdict
from media.confinement import is_folder
from tests.web.library.shelved import TALK, plant, write_sound
from web.errors import NotFound, Unusable
from web.library import EpisodeProblem, EpisodeState, Library, rows
from web.library.digests import digest_of


def test_a_folder_that_is_copied_in_is_an_episode(library: Library) -> None:
    plant(library.root / "summer", title="Un été", show="Roue libre", date="2025-03-15")
    (episode,) = library.episodes()
    assert (episode.id, episode.state, episode.problem) == ("summer", EpisodeState.ALIGNED, None)
    assert (episode.title, episode.details.show, episode.details.date) == ("Un été", "Roue libre", "2025-03-15")
    assert episode.details.language == "fr"
    assert [p and p.name for p in (episode.audio, episode.transcript, episode.alignment)] == [
        "talk.wav", "talk.txt", "talk.alignment.json",
    ]  # fmt: skip


def test_the_library_itself_may_be_an_episode_beside_those_in_it(library: Library) -> None:
    plant(library.root, title="The root")
    plant(library.root / "another")
    for within in ("clips", "jobs", "trash"):  # what an episode's own folder holds is no episode
        plant(library.root / within)
    assert [episode.id for episode in library.episodes()] == ["quotecast", "another"]
    assert library.episode("quotecast").folder == library.root


def test_sound_and_transcript_wait_to_be_aligned(library: Library) -> None:
    write_sound(library.root / "new" / "show.wav")
    (library.root / "new" / "words.docx").write_bytes(b"PK")
    (episode,) = library.episodes()
    assert episode.state is EpisodeState.WAITING
    assert episode.title == "new"
    assert episode.transcript == library.root / "new" / "words.docx"


def test_sound_alone_is_incomplete_and_says_so(library: Library) -> None:
    write_sound(library.root / "new" / "show.wav")
    (episode,) = library.episodes()
    assert (episode.state, episode.problem) == (EpisodeState.INCOMPLETE, EpisodeProblem.TRANSCRIPT)


def test_captions_are_a_transcript_only_where_nothing_else_is(library: Library) -> None:
    folder = write_sound(library.root / "new" / "show.wav").parent
    (folder / "show.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "show.srt"
    (folder / "words.md").write_text("A: Hello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "words.md"


def test_of_several_sounds_the_aligned_one_counts_and_more_are_told(library: Library) -> None:
    folder = plant(library.root / "season", name="two")
    write_sound(folder / "one.wav")
    assert library.episode("season").audio == folder / "two.wav"
    assert library.episode("season").problem is None
    plant(folder, name="one")
    assert library.episode("season").problem is EpisodeProblem.SEVERAL


def test_hidden_folders_trash_and_folders_of_other_things_are_no_episodes(library: Library) -> None:
    for name in (".quotecast", ".git", "trash"):
        plant(library.root / name)
    (library.root / "pictures").mkdir()
    (library.root / "pictures" / "a.jpg").write_bytes(b"\xff\xd8")
    (library.root / "notes.txt").write_text("nothing")
    assert library.episodes() == []


def test_links_out_of_the_library_are_not_followed(library: Library, tmp_path: Path) -> None:
    outside = plant(tmp_path / "elsewhere")
    (library.root / "linked").symlink_to(outside)
    inside = plant(library.root / "here")
    (inside / "talk.alignment.json").unlink()
    (inside / "talk.alignment.json").symlink_to(outside / "talk.alignment.json")
    (inside / "cover.jpg").symlink_to(outside / "talk.txt")
    (episode,) = library.episodes()
    assert (episode.id, episode.alignment, episode.details.cover) == ("here", None, None)


@pytest.mark.parametrize("name", ["talk.wav", "talk.txt", "talk.alignment.json", "episode.json"])
@pytest.mark.parametrize("kind", ["link", "fifo", "nowhere"])
def test_what_may_not_be_opened_is_told_and_hides_no_other_episode(
    library: Library, tmp_path: Path, name: str, kind: str
) -> None:
    plant(library.root / "other")
    path = plant(library.root / "here") / name
    path.unlink(missing_ok=True)
    (tmp_path / "private").write_text("private", encoding="utf-8")
    if kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "private" if kind == "link" else "nowhere")
    here, other = library.episodes()
    assert (here.id, here.problem) == ("here", EpisodeProblem.REFUSED)
    assert (other.id, other.problem) == ("other", None)


def test_a_library_reached_by_a_link_is_read(library: Library, tmp_path: Path) -> None:
    plant(library.root / "summer")
    (tmp_path / "shortcut").symlink_to(library.root)
    assert [episode.id for episode in Library(tmp_path / "shortcut").episodes()] == ["summer"]
    (library.root / "out").symlink_to(tmp_path)
    assert not is_folder(tmp_path / "shortcut" / "out")


def test_what_episode_json_says_counts_and_where_it_is_silent_the_alignment_does(library: Library) -> None:
    folder = plant(library.root / "summer", title="From the alignment", show="A show", date="2025-03-15")
    said = {"format": "quotecast-episode", "version": 1, "title": "From a person", "date": None}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    details = library.episode("summer").details
    assert (details.title, details.show, details.date) == ("From a person", "A show", None)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe\x00", b"[" * 100_000, b'{"format": "other", "version": 1}',
        b'{"format": "quotecast-episode", "version": 2}', b'{"format": "quotecast-episode", "version": 1, "title": 3}',
        b'{"format": "quotecast-episode", "version": 1, "speakers": {"a": 1}}',
        b'{"format": "quotecast-episode", "version": 1, "names": ["a"]}',
    ],
)  # fmt: skip
def test_an_episode_json_that_is_not_ours_hides_nothing(library: Library, content: bytes) -> None:
    folder = plant(library.root / "summer", title="Un été")
    (folder / "episode.json").write_bytes(content)
    (episode,) = library.episodes()
    assert (episode.title, episode.state, episode.problem) == ("Un été", EpisodeState.ALIGNED, EpisodeProblem.DETAILS)


@pytest.mark.parametrize("name", ["../talk.wav", "/etc/passwd", ".quotecast/x.wav", "sub/talk.wav", "gone.wav"])
def test_episode_json_names_no_file_outside_its_folder(library: Library, name: str) -> None:
    folder = plant(library.root / "summer")
    write_sound(library.root / "talk.wav")
    write_sound(folder / "sub" / "talk.wav")
    said = {"format": "quotecast-episode", "version": 1, "audio": name, "transcript": name, "cover": name}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    episode = library.episode("summer")
    assert (episode.audio, episode.transcript, episode.details.cover) == (None, None, None)
    assert episode.problem is EpisodeProblem.AUDIO


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "quotecast-alignment"}', '{"segments": 1}'])
def test_a_damaged_alignment_is_told_and_hides_nothing(library: Library, content: str) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.alignment.json").write_text(content)
    (episode,) = library.episodes()
    assert episode.problem is EpisodeProblem.ALIGNMENT


def test_an_id_that_is_not_there_finds_nothing(library: Library) -> None:
    plant(library.root / "summer")
    for wrong in ("", ".", "..", "../summer", "summer/", "SUMMER", "\0", "trash"):
        with pytest.raises(NotFound):
            library.episode(wrong)


def test_a_folder_whose_name_is_no_text_is_an_episode_too(library: Library) -> None:
    name = os.fsdecode(b"\xe9t\xe9")
    try:
        plant(library.root / name, title=None)
    except OSError:
        pytest.skip("this file system takes no such name")
    (episode,) = library.episodes()
    episode.title.encode("utf-8")
    assert library.episode(episode.id).folder.name == name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_any_json_under_the_name_of_episode_json_is_survived(library: Library, content: object) -> None:
    folder = library.root / "summer"
    if not folder.exists():
        plant(folder)
    known = {"format": "quotecast-episode", "version": 1}
    fields = ("title", "speakers", "names", "cover", "audio", "transcript")
    for data in (content, {**known, **dict.fromkeys(fields, content)}):
        (folder / "episode.json").write_text(json.dumps(data), encoding="utf-8")
        assert len(library.episodes()) == 1


def test_a_row_says_how_long_how_much_and_how_well(library: Library) -> None:
    plant(library.root / "summer")
    write_sound(library.root / "waiting" / "a.wav")
    aligned, waiting = sorted(rows(library), key=lambda row: row.episode.id)
    assert (aligned.coverage, aligned.verdict, aligned.outdated) == (0.97, Verdict.GOOD, False)
    assert aligned.duration
    assert aligned.duration > 3
    assert (waiting.duration, waiting.coverage, waiting.verdict) == (None, None, None)


def test_the_newest_episode_comes_first_and_one_without_a_date_is_new(library: Library) -> None:
    plant(library.root / "a", date="2024-01-01")
    plant(library.root / "b", date="2025-01-01")
    plant(library.root / "c")
    assert [row.episode.id for row in rows(library)] == ["c", "b", "a"]


def test_a_transcript_edited_since_is_told(library: Library) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.txt").write_text(TALK + "More.\n", encoding="utf-8")
    assert rows(library)[0].outdated


def test_what_is_too_large_to_be_a_transcript_has_changed_and_is_not_read(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = plant(library.root / "summer")
    os.truncate(folder / "talk.txt", 1 << 42)
    for name in ("sha256", "file_digest"):
        monkeypatch.setattr(hashlib, name, lambda *_: pytest.fail("four terabytes are hashed"))
    monkeypatch.setattr(Library, "_folders", lambda self: {"summer": folder})  # whose ids are hashes
    assert rows(library)[0].outdated


def test_a_new_alignment_shows_at_once(library: Library) -> None:
    folder = plant(library.root / "summer")
    before = rows(library)[0].duration
    plant(folder, TALK * 5)
    after = rows(library)[0].duration
    assert before
    assert after
    assert after > before


def test_an_alignment_in_another_order_or_layout_is_read_too(library: Library) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    expected = digest_of(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    for text in (json.dumps(data), json.dumps(data, indent=4), json.dumps(dict(reversed(data.items())), indent=1)):
        path.write_text(text, encoding="utf-8")
        assert digest_of(path) == expected


def test_a_thread_reads_what_was_written_by_us_and_a_child_whatever_else_is_there(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = (plant(library.root / name) / "talk.alignment.json" for name in ("ours", "other"))
    other.write_text(json.dumps(json.loads(other.read_text(encoding="utf-8"))), encoding="utf-8")
    read_by_children: list[Path] = []

    def call(function: Callable[[Path], object], path: Path) -> object:
        read_by_children.append(path)
        return function(path)

    monkeypatch.setattr("web.library.digests.call", call)
    assert [digest_of(path) is not None for path in (ours, other, other)] == [True, True, True]
    assert read_by_children == [other]


def test_an_alignment_that_no_child_can_read_is_tried_once(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    path.write_text("{}", encoding="utf-8")
    tried: list[Path] = []

    def call(_function: object, path: Path) -> object:
        tried.append(path)
        raise Unusable("bounded.time")

    monkeypatch.setattr("web.library.digests.call", call)
    assert [row.episode.problem for row in (*rows(library), *rows(library))] == 2 * [EpisodeProblem.ALIGNMENT]
    assert tried == [path]


@pytest.mark.parametrize("field", ["coverage", "duration", "verdict"])
def test_a_head_that_cannot_be_true_is_no_digest(library: Library, field: str) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    (data["audio"] if field == "duration" else data)[field] = "much"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert digest_of(path) is None


@pytest.mark.slow
def test_two_hundred_episodes_are_listed_and_read_no_second_time(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = plant(tmp_path / "hour", "A: " + "mot énième " * 5000 + "\n")
    for k in range(200):
        shutil.copytree(hour, library.root / f"hour {k}")
    assert len(rows(library)) == 200
    monkeypatch.setattr("web.library.digests.head_as_written", lambda path: pytest.fail(f"{path} is read again"))
    assert len(rows(library)) == 200
