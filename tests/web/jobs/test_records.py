"""A record holds all that is known of a job."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import Message, to_facts
from web.jobs import Job, JobState, RecordError
from web.jobs.job import new_id, now
from web.jobs.records import Records, from_json, sealed_part, to_json
from web.page import preparation

texts = st.text(max_size=40)
numbers = st.floats(0, 1e9, allow_nan=False)
names = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in (".", "..")
)
moments = st.datetimes().map(lambda when: when.isoformat(timespec="milliseconds") + "Z")
jobs = st.builds(
    Job,
    id=st.builds(new_id),
    kind=texts,
    episode=names,
    module=texts,
    arguments=st.lists(texts).map(tuple),
    outputs=st.lists(st.lists(names, min_size=1).map("/".join)).map(tuple),
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
    warnings=st.lists(texts).map(tuple),
    poor=st.booleans(),
)


@given(jobs, texts)
def test_a_record_gives_back_the_job_and_its_seal(job: Job, seal: str) -> None:
    assert from_json(to_json(job, seal).encode(), job.id, job.episode) == (job, seal)


def test_a_record_keeps_what_its_texts_are_made_of(tmp_path: Path) -> None:
    message, warning = Message("{path}: is empty", path="a.mp3"), Message("the file is cut short at {at:g} s", at=0.5)
    job = Job(new_id(), "align", "e", "aligner", (), (), now(), message=message, warnings=("plain", warning))
    read, _ = from_json(to_json(job, "").encode(), job.id, "e")
    assert read == job
    assert [to_facts(text) for text in (read.message, *read.warnings)] == [
        to_facts(text) for text in (message, "plain", warning)
    ]


def test_a_record_without_them_opens_with_its_texts() -> None:
    job = Job(new_id(), "align", "e", "aligner", (), (), now(), message="a.mp3: is empty", warnings=("plain",))
    content = json.loads(to_json(job, ""))
    del content["messages"]
    assert from_json(json.dumps(content).encode(), job.id, "e") == (job, "")


@pytest.mark.parametrize("messages", [3, [3], [{"message": 3}], {}])
def test_a_record_whose_texts_are_made_of_nonsense_is_damaged(messages: object) -> None:
    job = Job(new_id(), "align", "e", "aligner", (), (), now())
    content = json.dumps(json.loads(to_json(job, "")) | {"messages": messages})
    with pytest.raises(RecordError, match="damaged record"):
        from_json(content.encode(), job.id, "e")


@given(st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_two_commands_never_have_one_seal(one: list[str], other: list[str]) -> None:
    id, created = new_id(), now()
    sealed = [sealed_part(Job(id, "clip", "e", "acts", tuple(each), (), created)) for each in (one, other)]
    assert (sealed[0] == sealed[1]) is (one == other)


def test_a_record_may_name_files_that_are_no_text() -> None:
    job = Job(new_id(), "align", "e", "aligner", ("align", "\udcff.mp3"), ("\udcff.vtt",), created=now())
    assert from_json(to_json(job, "seal").encode(), job.id, "e") == (job, "seal")


def test_an_open_record_runs_a_module_that_is_called_otherwise_now(tmp_path: Path) -> None:
    (tmp_path / "e").mkdir()
    job = Job(new_id(), "prepare", "e", "web.prepare", ("a.mp3", "."), (), created=now())
    Records(tmp_path).write(job)
    read, _ = Records(tmp_path).read_all()
    assert read[job.id].module == preparation.__name__
    Records(tmp_path).write(read[job.id])
    assert Records(tmp_path).read_all() == (read, ())


def test_a_record_opens_as_earlier_versions_wrote_it() -> None:
    text = """{"format": "quotecast-job", "version": 1, "id": "20250315-101112-0123abcd", "kind": "align",
        "module": "aligner", "arguments": ["align", "--", "a.mp3", "a.txt"], "outputs": ["a.vtt", "clips/b.mp3"],
        "created": "2025-03-15T10:11:12.345Z", "state": "done", "started": "2025-03-15T10:11:13Z",
        "ended": "2025-03-15T10:12:00.000Z", "attempts": 1, "stage": "letters", "done": 60, "total": 60.0,
        "seconds_left": null, "message": "Coverage 97 %", "warnings": ["cut short"], "poor": false, "seal": "5ea1"}"""
    job, seal = from_json(text.encode(), "20250315-101112-0123abcd", "Épisode 1")
    assert (job.episode, job.state, job.done, job.message, seal) == ("Épisode 1", "done", 60.0, "Coverage 97 %", "5ea1")
