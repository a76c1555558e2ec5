"""Clips that are asked for together, or from two tabs at once, do not get in each other's way."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aligner.errors import QuoteError
from tests.aligner.episodes import alignment_of
from tests.web.asking import JobsThatWait
from tests.web.quotes.unsaid import unsaid
from web.jobs import Job
from web.quotes.exports import Export
from web.quotes.ordering import order

TIDE = unsaid(alignment_of("The ferry leaves at nine and the tide waits for nobody.", "The captain."), range(11, 13))
FILE = "harbour.alignment.json"


class SlowJobs(JobsThatWait):
    """Jobs that take their time to say what there is."""

    def of(self, folder: Path) -> list[Job]:
        found = super().of(folder)
        time.sleep(0.05)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "harbour").mkdir()
    return tmp_path / "harbour"


def test_two_tabs_that_want_the_same_clip_get_two_files(folder: Path) -> None:
    jobs = SlowJobs(folder.parent)
    with ThreadPoolExecutor(2) as tabs:
        made = [tabs.submit(order, jobs, folder, TIDE, FILE, [Export(range(0, 5))]) for _ in range(2)]
    names = {job.outputs[0] for each in made for job in each.result()}
    assert names == {f"clips/harbour-1s-the-ferry-leaves-at-nine{rest}.mp3" for rest in ("", "-2")}


def test_clips_of_the_same_words_get_names_of_their_own(folder: Path) -> None:
    exports = [Export(range(0, 5)), Export(range(0, 5), shape="square"), Export(range(0, 5), lufs=None)]
    made = order(JobsThatWait(folder.parent), folder, TIDE, FILE, exports)
    stem = "clips/harbour-1s-the-ferry-leaves-at-nine"
    assert [job.outputs[0] for job in made] == [f"{stem}.mp3", f"{stem}-square.mp4", f"{stem}-2.mp3"]


def test_where_one_of_several_cannot_be_made_none_is_begun(folder: Path) -> None:
    jobs = JobsThatWait(folder.parent)
    with pytest.raises(QuoteError, match="nobody says it"):
        order(jobs, folder, TIDE, FILE, [Export(range(0, 5)), Export(range(11, 13))])
    assert jobs.asked == []
