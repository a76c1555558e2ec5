"""Requests for versions of a transcript over HTTP."""

from pathlib import Path

import pytest

from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import open_history
from aligner.storage.transcript_file import versions_in
from tests.web.asking import Asker, JobsThatWait

pytestmark = pytest.mark.usefixtures("jobs")

VERSIONS = "/episodes/roue-libre/versions"
API = "/api/episodes/roue-libre"


def end_jobs(jobs: JobsThatWait) -> None:
    """Nothing that listens again, for what was heard is not known here, keeps anybody from correcting."""
    for job in jobs.asked:
        jobs.cancel(job.id)


@pytest.fixture
def original(folder: Path) -> bytes:
    return (folder / "transcript.txt").read_bytes()


@pytest.fixture
def changed(ask: Asker, jobs: JobsThatWait, folder: Path, original: bytes) -> str:
    """The text after a change, by somebody with a name."""
    ask.client.set_cookie("quotecast-name", "Ada Quint")
    segments = read_alignment(folder / "episode.alignment.json").transcript.segments
    first = next(k for k, segment in enumerate(segments) if segment.speaker)
    paragraph = {"kind": "speech", "speaker": "Zoé", "text": "Une phrase toute neuve, que personne n’avait écrite."}
    correction = {"kind": "text", "first": first, "stop": first + 1, "paragraphs": [paragraph]}
    answer = ask.post(f"{API}/corrections", {"revision": 0, "correction": correction})
    assert answer.status_code == 200, answer.text
    end_jobs(jobs)
    return (folder / "transcript.txt").read_text(encoding="utf-8")


def test_an_unchanged_episode_has_one_version(ask: Asker) -> None:
    page = ask.client.get(VERSIONS)
    assert page.status_code == 200
    assert "The file as it is now" in page.text
    assert "data-restore" not in page.text


def test_versions_are_listed_with_author_and_change(ask: Asker, changed: str) -> None:
    page = ask.client.get(VERSIONS).text
    assert "Ada Quint" in page
    assert "a paragraph changed: “Une phrase toute neuve, que personne n’avait écrite.”" in page
    assert "original" in page
    assert page.index("Version 2") < page.rindex("original")


def test_a_restored_version_can_be_undone(
    ask: Asker, jobs: JobsThatWait, folder: Path, changed: str, original: bytes
) -> None:
    answer = ask.post(f"{API}/versions/1/restore")
    assert answer.status_code == 200, answer.text
    assert (folder / "transcript.txt").read_bytes() == original
    history = open_history(folder / "episode.alignment.json")
    assert history.alignment.review is None
    assert history.changes[-1].what == {"kind": "restored", "version": 1}
    assert history.changes[-1].who == "Ada Quint"
    end_jobs(jobs)
    assert ask.post(f"{API}/undo", {"revision": len(history.changes)}).status_code == 200
    assert (folder / "transcript.txt").read_text(encoding="utf-8") == changed
    assert len(versions_in(folder)) == 2


def test_a_transcript_edited_in_its_folder_is_not_overwritten(ask: Asker, folder: Path, changed: str) -> None:
    edited = changed.replace("vélo", "tandem")
    (folder / "transcript.txt").write_text(edited, encoding="utf-8")
    answer = ask.post(f"{API}/versions/1/restore")
    assert answer.status_code == 422
    assert "was edited since it was aligned; align it again" in answer.get_json()["error"]
    undo = ask.post(f"{API}/undo", {"revision": len(open_history(folder / "episode.alignment.json").changes)})
    assert (undo.status_code, undo.get_json()["remedy"]) == (422, "align")
    assert (folder / "transcript.txt").read_text(encoding="utf-8") == edited


def test_an_uploaded_transcript_is_compared_first(ask: Asker, folder: Path, original: bytes) -> None:
    new = original.decode("utf-8").replace("Un vélo", "Un tricycle", 1).encode("utf-8")
    token = ask.upload(transcript=("neu.txt", new))
    html = ask.get(f"{API}/transcript/{token}/comparison")["html"]
    assert "Sentences changed: 1, added: 0, removed: 0." in html
    assert html.count("<ins>") == html.count("<del>") == 1
    assert (folder / "transcript.txt").read_bytes() == original
    same = ask.upload(transcript=("neu.txt", original))
    assert "The two versions are the same." in ask.get(f"{API}/transcript/{same}/comparison")["html"]


def test_hostile_text_stays_text(ask: Asker, original: bytes) -> None:
    token = ask.upload(transcript=("neu.txt", original + b"\n\nLeo : <script>alert(1)</script> \xe2\x80\xae<b>x\n"))
    html = ask.get(f"{API}/transcript/{token}/comparison")["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
