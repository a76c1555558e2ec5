"""What is searched of an episode is kept beside it, and believed where this user's server has made it."""

import hashlib
import hmac
import json
import os
import secrets
import shutil
from pathlib import Path

import pytest

from tests.web.library.shelved import TALK, plant
from web.errors import Unusable
from web.library import Library, Unread, search
from web.library.word_index import index_of

WORDS = Path(".quotecast", "words.json")


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The alignments of which an index was made."""
    made: list[Path] = []

    def call(function, path):  # type: ignore[no-untyped-def]
        made.append(path)
        return function(path)

    monkeypatch.setattr("web.library.alignments.call", call)
    return made


def matches(library: Library, query: str) -> list[str]:
    return [hit.match for found in search(library, query) for hit in found.hits]


def test_a_new_alignment_is_searched_at_once_and_a_damaged_index_made_anew(library: Library) -> None:
    folder = plant(library.root / "summer")
    assert matches(library, "vélos") == ["vélos."]
    kept = folder / WORDS
    assert kept.exists()
    kept.write_text('{"stamp": [1, 2, 3], "folded": 7}')
    plant(folder, TALK.replace("vélos", "trains"))
    assert matches(library, "trains") == ["trains."]
    assert matches(library, "vélos") == []


def test_what_was_kept_of_an_episode_is_read_again(library: Library, counted: list[Path]) -> None:
    folder = plant(library.root / "summer")
    assert len(matches(library, "vélos")) == 1
    made = len(counted)
    shutil.copytree(folder, library.root / "copy")
    assert len(matches(library, "vélos")) == 2
    assert len(counted) == made


def test_what_was_kept_counts_for_the_very_same_alignment_alone(library: Library, counted: list[Path]) -> None:
    folder = plant(library.root / "summer")
    assert len(matches(library, "vélos")) == 1
    sent = shutil.copytree(folder, library.root / "sent") / "talk.alignment.json"
    before = sent.stat()
    sent.write_bytes(sent.read_bytes().replace("vélos".encode(), "métro".encode()))
    os.utime(sent, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert sent.stat().st_size == before.st_size
    assert len(matches(library, "vélos")) == 1
    assert len(matches(library, "métro")) == 1


def forged(folder: Path, **changes: object) -> str:
    """What was kept of the episode, with other fields in its index."""
    kept = json.loads((folder / WORDS).read_text(encoding="utf-8"))["kept"]
    kept["index"] |= changes
    return json.dumps(kept)


@pytest.mark.parametrize(
    "changes",
    [
        {"folded": " bonjour a tous voici l ete des trams a heading c est rendez vous au cafe "},
        {"text": "<" * 1_000_000, "char_starts": [0] * 13, "char_ends": [1_000_000] * 13},
        {"owners": [0] * 100_000},
        {"passages": []},
        {"starts_ms": [-1]},
    ],
)
@pytest.mark.parametrize("seal", ["old", "", "é", "0" * 64, "another's"])
def test_what_somebody_else_has_made_is_not_believed_and_made_anew(
    library: Library, counted: list[Path], changes: dict[str, object], seal: str
) -> None:
    folder = plant(library.root / "summer")
    search(library, "vélos")
    before = (folder / WORDS).read_text(encoding="utf-8")
    copy = shutil.copytree(folder, library.root / "copy")
    kept = forged(folder, **changes)
    if seal == "old":
        seal = json.loads(before)["seal"]
    elif seal == "another's":
        seal = hmac.new(secrets.token_bytes(32), b"quotecast-words 1" + kept.encode(), hashlib.sha256).hexdigest()
    (copy / WORDS).write_text(f'{{"seal": {json.dumps(seal)}, "kept": {kept}}}', encoding="utf-8")
    assert matches(library, "trams") == []
    assert matches(library, "vélos") == ["vélos.", "vélos."]
    assert (copy / WORDS).read_text(encoding="utf-8") == before
    assert counted[-1].parent == copy


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 100_000, b'{"kept":' + b"[" * 100_000, b'{"seal": 7}', b"\xff"])
def test_a_damaged_index_is_made_anew(library: Library, content: bytes) -> None:
    folder = plant(library.root / "summer")
    (folder / ".quotecast").mkdir()
    (folder / WORDS).write_bytes(content)
    assert matches(library, "vélos") == ["vélos."]
    assert json.loads((folder / WORDS).read_text(encoding="utf-8"))["seal"]


def test_where_no_key_can_be_kept_nothing_is_believed_or_kept(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "file" / "config"))
    folder = plant(library.root / "summer")
    assert matches(library, "vélos") == ["vélos."]
    assert not (folder / WORDS).exists()


def test_indexes_at_hand_take_no_more_memory_than_they_may(
    library: Library, counted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CONFIG", "/dev/null")  # nothing is kept on disk
    paths = [plant(library.root / str(k)) / "talk.alignment.json" for k in range(4)]
    one = index_of(paths[0]).size_bytes
    monkeypatch.setattr("web.library.word_index._AT_HAND_BYTES", 3 * one)
    for path in paths:
        index_of(path)
    made = len(counted)
    index_of(paths[3])
    assert len(counted) == made
    index_of(paths[0])
    assert len(counted) == made + 1


def test_an_episode_whose_index_would_be_too_large_fails_alone_and_is_tried_once(
    library: Library, counted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = plant(library.root / "large", TALK + "mot " * 5000) / "talk.alignment.json"
    plant(library.root / "small")
    monkeypatch.setattr("web.library.word_index._LARGEST_BYTES", 100_000)
    for _ in range(2):
        with pytest.raises(Unusable):
            index_of(large)
        found = search(library, "vélos")
        assert [(each.episode.id, each.total, each.unread) for each in found] == [
            ("small", 1, None),
            ("large", 0, Unread.TOO_LARGE),
        ]
    assert counted.count(large) == 1


def test_the_folder_of_an_index_is_only_ever_ours(library: Library) -> None:
    folder = plant(library.root / "summer")
    before = {p.name for p in folder.iterdir()}
    search(library, "vélos")
    assert {p.name for p in folder.iterdir()} - before == {".quotecast"}
