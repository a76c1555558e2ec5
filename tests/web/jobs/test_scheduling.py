"""Whose turn it is, on machines with few and many cores."""

from tests.tables import over_rows
from tests.web.jobs.acts import Act, AlignmentAct
from web.jobs import Job, JobState
from web.jobs.scheduling import Limits, limits, next_up


def job(number: int, kind: str, output: str = "", episode: str = "e", state: JobState = JobState.WAITING) -> Job:
    work = (AlignmentAct if kind == "align" else Act)((), (output,) if output else ())
    return Job(f"20250101-000000-{number:08x}", work, episode, "2025-01-01T00:00:00Z", state)


@over_rows("cores, expected", [(1, (1, 1)), (2, (2, 1)), (4, (4, 2)), (7, (7, 3))])
def test_there_is_a_light_job_for_each_core_and_a_heavy_one_for_each_pair(
    cores: int, expected: tuple[int, int]
) -> None:
    assert limits(cores) == Limits(*expected)


def test_a_clip_overtakes_an_alignment_that_has_to_wait_for_another() -> None:
    jobs = [job(1, "align"), job(2, "align"), job(3, "clip")]
    assert next_up(jobs, [], limits(2)) == jobs[0]
    assert next_up(jobs[1:], jobs[:1], limits(2)) == jobs[2]
    assert next_up(jobs[1:2], [jobs[0], jobs[2]], limits(2)) is None


def test_on_one_core_everything_waits_in_line() -> None:
    assert next_up([job(2, "clip")], [job(1, "prepare")], limits(1)) is None


def test_two_jobs_never_write_the_same_file_at_once() -> None:
    busy = job(1, "clip", "clips/a.mp3")
    same, other, elsewhere = (
        job(2, "clip", "clips/a.mp3"),
        job(3, "clip", "clips/b.mp3"),
        job(4, "clip", "clips/a.mp3", "f"),
    )
    assert next_up([same, other], [busy], limits(4)) == other
    assert next_up([same, elsewhere], [busy], limits(4)) == elsewhere
    assert next_up([same], [], limits(4)) == same


def test_what_is_open_no_more_has_no_turn() -> None:
    assert next_up([job(1, "clip", state=state) for state in JobState if state != "waiting"], [], limits(4)) is None
