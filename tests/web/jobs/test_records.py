"""A record holds all that is known of a job."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import OutputError
from media.confinement import confine
from media.errors import Message, to_facts
from media.video.shapes import SHAPES
from tests.tables import over_rows
from web.jobs import Job, JobState, LibraryInUse, RecordError
from web.jobs.job import finished, new_id, newest_id, now
from web.jobs.kinds import KINDS, LONGEST_WORDING, Align, Audiogram, Clip, Prepare
from web.jobs.record_format import from_json, to_json
from web.jobs.records import Records, sole_server

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
numbers = st.floats(0, 1e9, allow_nan=False)
names = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda name: name not in (".", "..")
)
moments = st.datetimes().map(lambda when: when.isoformat(timespec="milliseconds") + "Z")
alignments = st.builds(
    Align,
    audio=names,
    transcript=names,
    language=st.none() | st.just("fr"),
    title=st.none() | texts,
    show=st.none() | texts,
    cover=st.none() | names,
    names=st.dictionaries(texts, texts, max_size=3),
)
edges = st.tuples(st.floats(0, 900), st.floats(901, 1e6))
cut = {
    "alignment": names,
    "first": st.integers(0, 9),
    "last": st.integers(10, 10_000),
    "edges": st.none() | edges,
    "lufs": st.none() | st.floats(-31, -9),
    "tighten": st.booleans(),
}
clips = st.builds(Clip, name=st.just("a é.mp3"), **cut)
audiograms = st.builds(
    Audiogram, name=st.just("a.mp4"), shape=st.sampled_from(list(SHAPES)), text=st.none() | texts, **cut
)
jobs = st.builds(
    Job,
    id=st.builds(new_id),
    work=alignments | clips | audiograms | st.builds(Prepare, names),
    episode=names,
    created=moments,
    state=st.sampled_from(JobState),
    started=st.none() | moments,
    ended=st.none() | moments,
    attempts=st.integers(0, 9),
    stage=texts,
    done=numbers,
    total=st.none() | numbers,
    seconds_left=st.none() | numbers,
    message=texts,
    warnings=st.lists(texts, max_size=20).map(tuple),
    poor=st.booleans(),
)


def a_job(**fields: Any) -> Job:
    return Job(new_id(), Prepare("a.mp3"), "e", now(), **fields)


@pytest.mark.nightly
@given(jobs, st.lists(texts, max_size=20))
def test_a_record_gives_back_the_job_and_its_seals(job: Job, seals: list[str]) -> None:
    assert from_json(to_json(job, seals).encode(), job.id, job.episode, KINDS) == (job, seals)


def test_a_record_keeps_what_its_texts_are_made_of() -> None:
    message, warning = Message("{path}: is empty", path="a.mp3"), Message("the file is cut short at {at:g} s", at=0.5)
    job = a_job(message=message, warnings=("plain", warning))
    read, _ = from_json(to_json(job, []).encode(), job.id, "e", KINDS)
    assert read == job
    assert [to_facts(text) for text in (read.message, *read.warnings)] == [
        to_facts(text) for text in (message, "plain", warning)
    ]


def test_what_many_texts_are_said_to_be_made_of_is_that_of_one() -> None:
    long = Message("{path}: cannot be read ({reason})", path="a.mp3", reason="r" * 10_000)
    job = a_job(message=long, warnings=(long, long))
    read, _ = from_json(to_json(job, []).encode(), job.id, "e", KINDS)
    assert [isinstance(text, Message) for text in (read.message, *read.warnings)] == [True, True, True]
    content = json.loads(to_json(job, []))
    forged = {"message": "m", "warnings": ["m"] * 99, "messages": [content["messages"][0] | {"message": "m"}]}
    read, _ = from_json(json.dumps(content | forged).encode(), job.id, "e", KINDS)
    assert [text for text in (read.message, *read.warnings) if isinstance(text, Message)] == [read.message]


def test_a_record_without_them_opens_with_its_texts() -> None:
    job = a_job(message="a.mp3: is empty", warnings=("plain",))
    content = json.loads(to_json(job, []))
    del content["messages"]
    assert from_json(json.dumps(content).encode(), job.id, "e", KINDS) == (job, [])


NESTED = '{"message":"m","template":"{reason}","values":{"reason":' * 400 + "1" + "}}" * 400


@over_rows("messages", [3, [3], [{"message": 3}], {}, [json.loads(NESTED)]])
def test_a_record_whose_texts_are_made_of_nonsense_is_damaged(messages: object) -> None:
    job = a_job()
    content = json.dumps(json.loads(to_json(job, [])) | {"messages": messages})
    with pytest.raises(RecordError, match="damaged record"):
        from_json(content.encode(), job.id, "e", KINDS)


def test_a_record_may_name_files_that_are_no_text() -> None:
    job = Job(new_id(), Align(audio="\udcff.mp3", transcript="a.txt"), "e", now())
    assert from_json(to_json(job, ["seal"]).encode(), job.id, "e", KINDS) == (job, ["seal"])


def test_a_record_opens_as_earlier_versions_wrote_it() -> None:
    text = """{"format": "quotecast-job", "version": 1, "id": "20250315-101112-0123abcd", "kind": "align",
        "module": "aligner", "arguments": ["align", "--", "a.mp3", "a.txt"], "outputs": ["a.vtt", "clips/b.mp3"],
        "created": "2025-03-15T10:11:12.345Z", "state": "done", "started": "2025-03-15T10:11:13Z",
        "ended": "2025-03-15T10:12:00.000Z", "attempts": 1, "stage": "letters", "done": 60, "total": 60.0,
        "seconds_left": null, "message": "Coverage 97 %", "warnings": ["cut short"], "poor": false, "seal": "5ea1"}"""
    job, seals = from_json(text.encode(), "20250315-101112-0123abcd", "Épisode 1", KINDS)
    assert (job.episode, job.state, job.done, job.message) == ("Épisode 1", "done", 60.0, "Coverage 97 %")
    assert (job.kind, job.outputs, seals) == ("align", ("a.vtt", "clips/b.mp3"), [])


def test_a_record_of_a_kind_that_is_not_known_here_is_shown_and_does_nothing() -> None:
    job = a_job(state=JobState.DONE)
    content = json.dumps(json.loads(to_json(job, [])) | {"kind": "translate", "arguments": {"to": "nl"}})
    read, _ = from_json(content.encode(), job.id, "e", KINDS)
    assert (read.kind, read.outputs, read.state) == ("translate", (), JobState.DONE)
    with pytest.raises(ValueError, match="translate"):
        read.work.command()


@over_rows("path", ["../../.bashrc", "/etc/passwd", "", "a\\b"])
def test_an_output_that_an_earlier_version_never_made_is_damage(path: str) -> None:
    content = {"format": "quotecast-job", "version": 1, "id": "20250315-101112-0123abcd", "kind": "align"}
    content |= {"created": "2025-03-15T10:11:12.345Z", "state": "done", "outputs": [path]}
    with pytest.raises(RecordError, match="damaged record"):
        from_json(json.dumps(content).encode(), "20250315-101112-0123abcd", "e", KINDS)


@over_rows("name", ["outputs", "warnings", "messages", "seals"])
def test_a_record_with_more_texts_than_a_job_has_is_damaged(name: str) -> None:
    job = a_job(state=JobState.DONE)
    each = to_facts("a") if name == "messages" else "a"
    content = json.dumps(json.loads(to_json(job, [])) | {name: [each] * 102})
    with pytest.raises(RecordError, match="damaged record"):
        from_json(content.encode(), job.id, "e", KINDS)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library beside a file that is not to be touched."""
    (tmp_path / "private").write_text("private", encoding="utf-8")
    (tmp_path / "library" / ".quotecast").mkdir(parents=True)
    confine(tmp_path / "library")
    return tmp_path / "library"


@pytest.mark.parametrize("kind", ["link", "hard link", "fifo"])
def test_the_lock_of_a_library_empties_no_other_file(library: Path, tmp_path: Path, kind: str) -> None:
    lock = library / ".quotecast" / "server.lock"
    match kind:
        case "link":
            lock.symlink_to(tmp_path / "private")
        case "hard link":
            lock.hardlink_to(tmp_path / "private")
        case "fifo":
            os.mkfifo(lock)
    with sole_server(library), pytest.raises(LibraryInUse):
        sole_server(library)
    assert (tmp_path / "private").read_text(encoding="utf-8") == "private"
    assert lock.is_file()
    assert not lock.is_symlink()


def test_a_library_whose_own_folder_leads_out_is_not_served(library: Path, tmp_path: Path) -> None:
    (library / ".quotecast").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (library / ".quotecast").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="leads out of its library"):
        sole_server(library)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_each_folder_that_can_hold_records_has_one_name(library: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (library / "a" / "deep").mkdir(parents=True)
    (library / ".hidden").mkdir()
    links = {"out": tmp_path / "elsewhere", "again": "a", "deeper": "a/deep", "gone": "nowhere", "shown": ".hidden"}
    for name, target in links.items():
        (library / name).symlink_to(target)
    (tmp_path / "by link").symlink_to(library)
    confine(tmp_path / "by link")
    for root in (library, tmp_path / "by link"):
        records = Records(root, KINDS)
        assert [path.name for path in records.episode_folders()] == [root.name, "a"]
        named = [records.episode(library / name) for name in ("", "a", "again", "deeper", "shown")]
        assert named == [".", "a", "again", "deeper", "shown"]
        with pytest.raises(ValueError, match="leads out"):
            records.episode(library / "out")


def plant(folder: Path, id: str, **fields: object) -> Path:
    """A finished record in an episode's folder, as somebody may send one."""
    content = json.loads(to_json(Job(id, Prepare("a.mp3"), "e", "2025-01-01T00:00:00Z", JobState.DONE), []))
    path = folder / "jobs" / f"{id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content | {"ended": "2025-01-01T00:00:00Z"} | fields), encoding="utf-8")
    return path


def test_an_open_job_is_found_behind_any_number_of_others(library: Path) -> None:
    (library / "e").mkdir()
    records, job = Records(library, KINDS), a_job()
    records.write(job)
    for number in range(100):
        plant(library / "e", f"20990101-000000-{number:08x}")
        plant(library / "e", f"{job.id[:15]}-ffff{number:04x}")
    jobs, problems = records.read_all()
    assert (jobs[job.id].state, problems) == (JobState.WAITING, ())
    assert len(jobs) < 100


def test_no_record_is_from_a_time_that_is_yet_to_come(library: Path) -> None:
    plant(library / "e", "20250101-000000-00000000")
    plant(library / "e", "99991231-235959-00000000")
    assert list(Records(library, KINDS).read_all()[0]) == ["20250101-000000-00000000"]


def test_records_from_elsewhere_do_not_drive_out_what_has_just_ended(library: Path) -> None:
    for number in range(30):
        plant(library / "e", f"20250101-000000-{number:08x}", ended="9999-12-31T23:59:59Z")
    records = Records(library, KINDS)
    jobs, _ = records.read_all()
    job = a_job(state=JobState.DONE, ended=now())
    records.write(job)
    assert job.id not in [old.id for old in records.prune([*jobs.values(), job])]
    assert (library / "e" / "jobs" / f"{job.id}.json").is_file()


def an_ended_job(records: Records, folder: Path) -> Job:
    """A job of this user's that was asked for and is over."""
    folder.mkdir(parents=True, exist_ok=True)
    job = Job(new_id(), Prepare("a.mp3"), folder.name, now())
    records.write(job)
    job = finished(job, JobState.FAILED, "why")
    records.write(job)
    return job


def test_what_this_user_has_had_done_is_shown_behind_any_number_of_others(library: Path) -> None:
    mine = [an_ended_job(Records(library, KINDS), library / "e") for _ in range(3)]
    for number in range(100):
        plant(library / "e", f"{newest_id()[:8]}-000000-{number:08x}", ended="9999-12-31T23:59:59Z")
    records = Records(library, KINDS)
    jobs, _ = records.read_all()
    assert [jobs[job.id] for job in mine] == mine
    assert {job.id for job in records.prune(list(jobs.values()))}.isdisjoint(job.id for job in mine)


def test_of_a_whole_library_the_latest_of_each_episode_are_read_and_no_more_than_so_many(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = an_ended_job(Records(library, KINDS), library / "c")
    for name in ("a", "b", "c"):
        for number in range(10):
            plant(library / name, f"20250101-00000{number}-0000000{name}")
    monkeypatch.setattr("web.jobs.records._MOST_STRANGE", 6)
    jobs, problems = Records(library, KINDS).read_all()
    assert list(jobs) == [f"20250101-00000{n}-0000000{name}" for name in "abc" for n in (8, 9)] + [mine.id]
    (problem,) = problems
    assert problem.endswith("24 more records of jobs are not this user's, and are not shown")


def test_large_records_of_others_are_read_only_as_far_as_they_are_few(library: Path) -> None:
    mine = an_ended_job(Records(library, KINDS), library / "c")
    for name in ("a", "b", "c"):
        for number in range(10):
            plant(library / name, f"20250101-00000{number}-0000000{name}", warnings=["w" * 3_900] * 60)
        plant(library / name, f"20240101-000000-0000000{name}")
    jobs, _ = Records(library, KINDS).read_all()
    assert jobs.keys() >= {mine.id, *(f"20240101-000000-0000000{name}" for name in "abc")}
    assert sum(len(to_json(job, [])) for job in jobs.values()) < 2_100_000


@pytest.mark.parametrize("folder", ["a", "z"])
def test_a_copy_of_a_record_does_not_take_its_place(library: Path, folder: str) -> None:
    mine = an_ended_job(Records(library, KINDS), library / "e")
    copy = library / folder / "jobs" / f"{mine.id}.json"
    copy.parent.mkdir(parents=True)
    content = json.loads((library / "e" / "jobs" / copy.name).read_text(encoding="utf-8"))
    copy.write_text(json.dumps(content | {"message": "forged"}), encoding="utf-8")
    assert Records(library, KINDS).read_all()[0] == {mine.id: mine}


def test_any_number_of_damaged_records_is_told_in_a_few_lines(library: Path) -> None:
    for name in ("a", "b"):
        for number in range(40):
            plant(library / name, f"20250101-000000-000000{number:02}", kind="?")
    _, problems = Records(library, KINDS).read_all()
    assert len(problems) == 21
    assert problems[-1].endswith("60 more records are like these")


@pytest.mark.nightly
def test_the_keys_of_records_that_are_no_longer_kept_are_thrown_away(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "own"))
    records = Records(library, KINDS)
    mine = [an_ended_job(records, library / "e") for _ in range(22)]
    assert len(records.prune(mine)) == 2
    assert len(list((tmp_path / "own" / "ended").iterdir())) == 20
    assert list((tmp_path / "own" / "jobs").iterdir()) == []


def test_a_record_is_as_large_as_ours_are(library: Path) -> None:
    path = plant(library / "e", "20250101-000000-00000000", stage="a" * 300_000)
    with pytest.raises(RecordError, match="cannot be read"):
        Records(library, KINDS).read(path)


def test_a_job_whose_record_would_not_be_read_is_not_taken(library: Path) -> None:
    (library / "e").mkdir()
    names = {f"{number}": "n" * 2_000 for number in range(200)}
    job = Job(new_id(), Align(audio="a.mp3", transcript="a.txt", names=names), "e", now())
    with pytest.raises(OutputError, match="larger than the record of a job"):
        Records(library, KINDS).write(job)


def test_the_longest_wording_fits_into_a_record(library: Path) -> None:
    (library / "e").mkdir()
    work = Audiogram(alignment="a.json", first=0, last=5, name="a.mp4", shape="square", text="語" * LONGEST_WORDING)
    job = Job(new_id(), work, "e", now())
    Records(library, KINDS).write(job)
    assert Records(library, KINDS).read_all()[0] == {job.id: job}
