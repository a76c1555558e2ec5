"""The pipeline end to end, on the sample's sound and a recogniser that heard it perfectly."""

import json
import shutil
from pathlib import Path

import pytest

from aligner.model import HeardWord, Status
from aligner.pipeline import Aligned, Job, align
from aligner.recognition import Hearing, Progress, Sound

SAMPLE = Path(__file__).parents[2] / "aligner" / "demo" / "sample"
TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


class PerfectEar:
    """Hears each word of the sample as written, when it is said."""

    name, model = "planted", "truth"

    def __init__(self, language: str = "fr") -> None:
        self._language = language

    def identity(self) -> dict[str, object]:
        return {"language": self._language}

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        words = (w for w in TRUTH["words"] if w["start"] is not None)
        return Hearing(tuple(HeardWord(w["text"], w["start"], w["end"]) for w in words), self._language)


@pytest.fixture(scope="module")
def aligned() -> Aligned:
    return align(Job(SAMPLE / "episode.mp3", SAMPLE / "transcript.txt", (PerfectEar(),), {"show": "Roue libre"}))


def test_every_spoken_word_is_where_it_is_said(aligned: Aligned) -> None:
    spoken = (w for w in TRUTH["words"] if w["start"] is not None and any(map(str.isalnum, w["text"])))
    said = {w["char_start"]: w["start"] for w in spoken}
    timed = {w.word.char_start: w.span.start for w in aligned.alignment.words if w.span}
    assert said.keys() <= timed.keys()
    assert all(abs(timed[k] - start) < 0.16 for k, start in said.items())


def test_what_is_not_said_is_unspoken(aligned: Aligned) -> None:
    silent = {w["char_start"]: w for w in TRUTH["words"] if w["why"] in ("heading", "note", "stage", "cut")}
    unspoken = {w.word.char_start for w in aligned.alignment.words if w.status is Status.UNSPOKEN}
    words = {w.word.char_start for w in aligned.alignment.words}
    assert silent.keys() & words <= unspoken


def test_the_speakers_are_those_who_talk(aligned: Aligned) -> None:
    speakers = {s.segment.speaker for s in aligned.alignment.segments if s.segment.speaker}
    assert speakers == {"Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin"}


def test_the_episode_is_described_by_the_user_and_then_by_the_file(aligned: Aligned) -> None:
    assert aligned.alignment.episode.show == "Roue libre"
    assert aligned.alignment.episode.title == "episode"
    assert aligned.alignment.language == "fr"


def test_paths_are_seen_from_where_the_alignment_will_lie(aligned: Aligned, tmp_path: Path) -> None:
    assert aligned.alignment.audio.file == "episode.mp3"
    shows, captions = tmp_path / "shows", tmp_path / "captions"
    shows.mkdir()
    audio = shutil.copy(SAMPLE / "episode.mp3", shows / "episode.mp3")
    details = {"cover": str(shows / "cover.jpg")}
    moved = align(Job(audio, SAMPLE / "transcript.txt", (PerfectEar(),), details, folder=captions)).alignment
    assert (moved.audio.file, moved.episode.cover) == ("../shows/episode.mp3", "../shows/cover.jpg")


def test_a_transcript_tells_its_language_where_the_ear_does_not(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    lines = (SAMPLE / "transcript.txt").read_text(encoding="utf-8").splitlines()
    body = "".join(f"<p>{line}</p>" for line in lines)
    page.write_text(f'<html lang="fr-FR"><body>{body}</body></html>', encoding="utf-8")
    assert align(Job(SAMPLE / "episode.mp3", page, (PerfectEar("und"),))).alignment.language == "fr"
