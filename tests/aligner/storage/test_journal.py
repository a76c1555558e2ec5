"""A set of files is taken whole or not at all, and no journal that somebody sent is believed."""

import errno
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.atomic import replace_files, write_files, write_text
from aligner.storage.backups import write_keeping
from aligner.storage.journal import KEY, Step, fingerprint, settle, write_journal
from aligner.storage.recovery import recover
from aligner.storage.turns import taking_turns
from media.temporary import temporary_path
from tests.attack.dying import Death, run
from tests.changes import before_moving
from tests.tables import over_rows

OLD = {"a.vtt": b"old vtt", "a.json": b"old json"}
NEW = {"a.vtt": b"new vtt", "a.srt": b"new srt", "a.json": b"new json"}
BEYOND = ["../outside.txt", "/etc/passwd", "", ".", "..", "a\\b", "a\0b", "inner/file"]
BEYOND += ["clips/", "clips/..", "clips/a/b", "clips//b", "clips/../../outside.txt"]
PLACES = "QUOTECAST_CONFIG", "QUOTECAST_CACHE"  # of keys, by the variables that name them


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the test alone, called as their variables."""
    for name in PLACES:
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def no_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them can be written."""
    (tmp_path / "file").touch()
    for name in PLACES:
        monkeypatch.setenv(name, str(tmp_path / "file" / "none"))


def lay_out(folder: Path, contents: Mapping[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def kill_after_renames(folder: Path, renames: int) -> Path:
    """Write ``NEW`` into ``folder`` in a process that is killed when so many files have taken their places."""
    code = f"""
import os, sys
from pathlib import Path
from aligner.storage.atomic import write_files
left = [{renames}]
def watch(event, arguments):
    if event == "os.rename" and os.fspath(arguments[1]).rpartition(".")[2] in ("vtt", "srt", "json"):
        if not left[0]:
            os.kill(os.getpid(), 9)
        left[0] -= 1
sys.addaudithook(watch)
write_files({{Path(sys.argv[1], name): content for name, content in {NEW!r}.items()}})
"""
    run = subprocess.run([sys.executable, "-c", code, str(folder)], check=False, capture_output=True, text=True)
    assert run.returncode == -9, run.stderr
    return folder


@over_rows("renames", [0, 1, 2])
def test_a_set_that_was_begun_is_finished_by_the_next_run(tmp_path: Path, renames: int) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), renames)
    recover(folder)
    assert files_of(folder) == NEW
    recover(folder)
    assert files_of(folder) == NEW


@over_rows("later", [False, True])
def test_a_set_is_finished_where_the_configuration_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "file" / "none"))
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    if later:
        monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "config"))
    recover(folder)
    assert files_of(folder) == NEW


@pytest.mark.usefixtures("no_places")
def test_where_no_key_can_be_kept_no_later_run_believes_a_journal(tmp_path: Path) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    recover(folder)
    assert files_of(folder) == {**OLD, "a.vtt": NEW["a.vtt"]}


@pytest.mark.skipif(os.name != "posix", reason="files have no modes here")
@over_rows("place", PLACES)
@over_rows("what", ["link", "open to others"])
@pytest.mark.usefixtures("own_places")
def test_no_journal_is_believed_by_a_key_that_others_may_know(tmp_path: Path, place: str, what: str) -> None:
    folder = lay_out(tmp_path / "sent", {"notes.txt": b"mine"})
    forged(folder, Step("notes.txt", None, fingerprint(folder / "notes.txt"), None))
    theirs, key = tmp_path / "their configuration" / KEY, tmp_path / place / KEY
    key.parent.mkdir()
    if what == "link":
        key.symlink_to(theirs)
    else:
        key.write_bytes(theirs.read_bytes())
        key.chmod(0o644)
    recover(folder)
    assert (folder / "notes.txt").read_bytes() == b"mine"


@over_rows("what", ["link", "folder"])
@pytest.mark.usefixtures("own_places")
def test_a_set_is_finished_where_what_is_called_as_the_key_is_none(tmp_path: Path, what: str) -> None:
    key = tmp_path / "QUOTECAST_CONFIG" / KEY
    key.parent.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"x" * 32)
    key.symlink_to(tmp_path / "elsewhere") if what == "link" else key.mkdir()
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    recover(folder)
    assert files_of(folder) == NEW


@pytest.mark.usefixtures("own_places")
def test_what_earlier_versions_wrote_down_is_believed(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "episode", {"a.vtt": b"old"})
    key = tmp_path / "QUOTECAST_CONFIG" / "journal.key"
    key.parent.mkdir()
    key.touch(mode=0o600)
    key.write_bytes(b"k" * 32)
    source = temporary_path(folder, ".vtt")
    source.write_bytes(b"new")
    old, new = (hashlib.sha256(content).hexdigest() for content in (b"old", b"new"))
    steps = {"steps": [{"target": "a.vtt", "source": source.name, "before": old, "after": new}]}
    content = json.dumps(steps).encode()
    seal = hmac.new(b"k" * 32, content, hashlib.sha256).hexdigest()
    temporary_path(folder, ".journal").write_bytes(seal.encode() + b"\n" + content)
    recover(folder)
    assert files_of(folder) == {"a.vtt": b"new"}


@pytest.mark.nightly
def test_a_set_of_many_files_is_finished(tmp_path: Path) -> None:
    sources = {f"words-{number}.js": temporary_path(tmp_path, ".js") for number in range(2000)}
    for source in sources.values():
        source.write_bytes(b"new")
    after = hashlib.sha256(b"new").hexdigest()
    write_journal(
        temporary_path(tmp_path, ".journal"),
        [Step(target, source.name, after, after) for target, source in sources.items()],
    )
    recover(tmp_path)
    assert files_of(tmp_path) == dict.fromkeys(sorted(sources), b"new")


@over_rows("write", [write_files, write_keeping])
def test_whoever_writes_there_finishes_it_first(tmp_path: Path, write: Callable) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    write({folder / "b.vtt": b"1", folder / "b.srt": b"2"})
    recover(folder)
    assert files_of(folder) == {**NEW, "b.vtt": b"1", "b.srt": b"2"}


def test_a_single_file_is_not_overtaken_by_a_set_that_was_begun_before(tmp_path: Path) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    write_text(folder / "a.json", "newest")
    recover(folder)
    assert files_of(folder) == {**NEW, "a.json": b"newest"}


def test_what_was_edited_between_the_kill_and_the_next_run_is_kept(tmp_path: Path) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    lay_out(folder, {"a.vtt": b"edited after it was new", "a.json": b"edited while it was old", "a.json.bak": b"mine"})
    recover(folder)
    kept = {"a.vtt": b"edited after it was new", "a.json.bak": b"mine", "a.json.bak2": b"edited while it was old"}
    assert files_of(folder) == {**NEW, **kept}


BEFORE = {"a.mp3": b"old sound", "a.json": b"old times", "clips/q.json": b"old times"}
AFTER = {"a.wav": b"new sound", "a.mp3.bak": b"old sound", "a.json": b"new times", "clips/q.json": b"new times"}


@pytest.fixture
def sounded(tmp_path: Path) -> Path:
    """A folder with a sound, and a clip in a folder of its own."""
    (tmp_path / "episode" / "clips").mkdir(parents=True)
    return lay_out(tmp_path / "episode", BEFORE)


def replace_sound(folder: Path) -> None:
    new = {name: AFTER[name] for name in ("a.json", "clips/q.json", "a.wav")}
    goes = {folder / "a.mp3.bak": folder / "a.mp3", folder / "a.mp3": None}
    replace_files({**goes, **{folder / name: content for name, content in new.items()}})


def tree_of(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.nightly
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")
def test_killed_at_any_step_a_set_with_clips_and_a_file_that_goes_is_old_or_new(sounded: Path) -> None:
    steps = run(lambda: replace_sound(sounded)).steps
    assert tree_of(sounded) == AFTER
    found = []
    for step in range(steps):
        shutil.rmtree(sounded)
        (sounded / "clips").mkdir(parents=True)
        lay_out(sounded, BEFORE)
        run(lambda: replace_sound(sounded), Death(step=step))
        recover(sounded / "clips", sounded)
        found.append(tree_of(sounded))
    assert all(each in (BEFORE, AFTER) for each in found)
    assert found.count(AFTER) >= len(AFTER)


def test_an_error_brings_back_what_went_and_what_is_of_clips(sounded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_source: Path, target: Path) -> None:
        if target.name == "a.wav":
            raise PermissionError(13, "held by another program", str(target))

    before_moving(monkeypatch, busy)
    with pytest.raises(OutputError, match=r"a\.wav: cannot be written"):
        replace_sound(sounded)
    assert tree_of(sounded) == BEFORE


def test_clips_may_lie_on_another_disk(sounded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crosses(source: Path, target: Path) -> None:
        if source.parent != target.parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(source))

    before_moving(monkeypatch, crosses)
    replace_sound(sounded)
    assert tree_of(sounded) == AFTER


def test_a_renamed_folder_takes_its_journal_along(tmp_path: Path) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1).rename(tmp_path / "renamed")
    recover(folder)
    assert files_of(folder) == NEW


def test_an_error_half_way_brings_back_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay_out(tmp_path / "episode", OLD)

    def busy(source: Path, target: Path) -> None:
        if target.name == "a.json" and source.read_bytes() == NEW["a.json"]:
            raise PermissionError(13, "held by another program", str(target))

    before_moving(monkeypatch, busy)
    with pytest.raises(OutputError, match=r"a\.json: cannot be written \(held by another program\)"):
        write_files({folder / name: content for name, content in NEW.items()})
    assert files_of(folder) == OLD


def test_an_interruption_half_way_leaves_the_new_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, interrupted = lay_out(tmp_path / "episode", OLD), []

    def interrupt(_source: Path, target: Path) -> None:
        if target.name == "a.srt" and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt

    before_moving(monkeypatch, interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_files({folder / name: content for name, content in NEW.items()})
    assert files_of(folder) == NEW


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode here")
def test_names_may_be_no_text_at_all(tmp_path: Path) -> None:
    folder, name = lay_out(tmp_path / "episode", OLD), os.fsdecode(b"\xe9t\xe9\n-x.vtt")
    source = temporary_path(folder)
    source.write_bytes(b"new")
    write_journal(temporary_path(folder, ".journal"), [Step(name, source.name, None, fingerprint(source))])
    recover(folder)
    assert files_of(folder) == {**OLD, name: b"new"}


def forged(folder: Path, *steps: Step) -> Path:
    """A journal as somebody else's quotecast seals it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTECAST_CONFIG", str(folder.parent / "their configuration"))
        journal = temporary_path(folder, ".journal")
        write_journal(journal, steps)
    return journal


def test_a_sent_journal_replaces_nothing_and_removes_nothing(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "sent", {"transcript.txt": b"what I wrote", "notes.txt": b"mine"})
    theirs = temporary_path(folder, ".txt")
    theirs.write_bytes(b"what they want me to have written")
    before = fingerprint(folder / "transcript.txt")
    forged(
        folder,
        Step("transcript.txt", theirs.name, before, fingerprint(theirs)),
        Step("notes.txt", None, fingerprint(folder / "notes.txt"), None),
    )
    recover(folder)
    write_files({folder / "a.vtt": b"1", folder / "a.srt": b"2"})
    assert (folder / "transcript.txt").read_bytes() == b"what I wrote"
    assert (folder / "notes.txt").read_bytes() == b"mine"


@over_rows("target", BEYOND)
def test_even_a_sealed_journal_names_only_files_right_in_its_folder(tmp_path: Path, target: str) -> None:
    folder = lay_out(tmp_path / "sent", {})
    source = temporary_path(folder)
    source.write_bytes(b"x")
    write_journal(temporary_path(folder, ".journal"), [Step(target, source.name, None, fingerprint(source))])
    settle(folder)
    assert source.exists()
    assert not (tmp_path / "outside.txt").exists()


def test_a_source_that_is_no_temporary_file_of_ours_stays_where_it_is(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "sent", {"mine.txt": b"mine", "a.txt": b"old"})
    step = Step("a.txt", "mine.txt", fingerprint(folder / "a.txt"), fingerprint(folder / "mine.txt"))
    write_journal(temporary_path(folder, ".journal"), [step])
    settle(folder)
    assert (folder / "mine.txt").read_bytes() == b"mine"
    assert (folder / "a.txt").read_bytes() == b"old"


@over_rows("content", [b"", b"\n", b"{}", b"0" * 64 + b"\n{}", b"\xff" * 100, b"x" * 3_000_000])
def test_a_file_that_is_no_journal_is_in_nobodys_way(tmp_path: Path, content: bytes) -> None:
    folder = lay_out(tmp_path / "sent", OLD)
    temporary_path(folder, ".journal").write_bytes(content)
    write_files({folder / name: content for name, content in NEW.items()})
    assert {name: (folder / name).read_bytes() for name in NEW} == NEW


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_in_a_journals_place_is_never_opened(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "sent", OLD)
    os.mkfifo(temporary_path(folder, ".journal"))
    write_files({folder / name: content for name, content in NEW.items()})
    recover(folder)


def test_changed_temporary_files_do_not_take_any_place(tmp_path: Path) -> None:
    folder = kill_after_renames(lay_out(tmp_path / "episode", OLD), 1)
    [fresh] = [path for path in folder.glob(".quotecast-*.json") if path.read_bytes() == NEW["a.json"]]
    fresh.write_bytes(b"changed by somebody")
    recover(folder)
    assert files_of(folder)["a.json"] == OLD["a.json"]
    assert set(files_of(folder)) == set(NEW)


@pytest.mark.usefixtures("no_places")
def test_where_no_key_can_be_kept_files_are_written_all_the_same(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "episode", OLD)
    write_files({folder / name: content for name, content in NEW.items()})
    assert files_of(folder) == NEW


@pytest.mark.nightly
def test_writers_of_one_folder_take_turns(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from aligner.storage.atomic import write_files; "
        "write_files({Path(sys.argv[1], 'a'): b'theirs', Path(sys.argv[1], 'b'): b'theirs'})"
    )
    with taking_turns(tmp_path):
        other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(1.0)
        assert list(tmp_path.iterdir()) == []
    assert other.wait(120) == 0
    assert files_of(tmp_path) == {"a": b"theirs", "b": b"theirs"}
