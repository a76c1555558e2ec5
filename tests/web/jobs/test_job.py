"""A record holds all that is known of a job, and what children say is understood however it comes."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.jobs import Job, State
from web.jobs.job import from_text, new_id, now, sealed_part, to_text
from web.jobs.said import Outcome, Plain, Progress, Warned, lines, understood

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
    state=st.sampled_from(State),
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
    assert from_text(to_text(job, seal), job.id, job.episode) == (job, seal)


@given(st.lists(texts, max_size=4), st.lists(texts, max_size=4))
def test_two_commands_never_have_one_seal(one: list[str], other: list[str]) -> None:
    id, created = new_id(), now()
    sealed = [sealed_part(Job(id, "clip", "e", "acts", tuple(each), (), created)) for each in (one, other)]
    assert (sealed[0] == sealed[1]) is (one == other)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('{"stage": "words", "done": 3, "total": 9.5, "seconds_left": 2}', Progress("words", 3, 9.5, 2)),
        ('{"stage": "words", "done": 3, "total": null, "seconds_left": null}', Progress("words", 3, None, None)),
        ('{"stage": "words", "done": "3"}', Progress("words", 0, None, None)),
        ('{"stage": "words", "done": -1, "total": NaN}', Progress("words", 0, None, None)),
        ('{"done": true, "warnings": [{"kind": "sound", "message": "cut short"}]}', Outcome(("cut short",))),
        ('{"done": true}', Outcome(())),
        ('{"done": true, "warnings": [{}]}', Plain('{"done": true, "warnings": [{}]}')),
        ("quotecast: warning: the file is cut short", Warned("the file is cut short")),
        ("quotecast: a.mp3: is empty", Plain("a.mp3: is empty")),
        ("{not json", Plain("{not json")),
        ("[1, 2]", Plain("[1, 2]")),
        ("  ", None),
    ],
)
def test_a_line_is_understood(line: str, meant: object) -> None:
    assert understood(line) == meant


def test_lines_that_are_no_text_or_endless_are_heard_in_parts() -> None:
    heard = list(lines(io.BytesIO(b"\xff\xfe\r\n" + b"x" * 1_000_000 + b"\nlast")))
    assert heard[0] == "\ufffd\ufffd"
    assert "".join(heard[1:-1]) == "x" * 1_000_000
    assert heard[-1] == "last"
