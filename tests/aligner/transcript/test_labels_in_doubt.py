"""Where the look of a line leaves open whether a name before a colon is who speaks, a person is told."""

from __future__ import annotations

from pathlib import Path

from aligner.locating.quality import judge
from aligner.locating.words import locate_by_words
from aligner.model import AudioFile, Engine
from aligner.transcript import labels_in_doubt, open_transcript
from tests.aligner.episodes import as_judged, heard_as
from tests.tables import over_rows

HOSTS = (
    "Ana: The harbour was quiet when the first ferry came.",
    "Leo: Nobody on the quay remembered who had lit the lamps.",
    "Ana: My grandmother kept bees behind the old chapel.",
    "Leo: Every summer she sold honey to people from the capital.",
)


def told(folder: Path, line: str, *said: str) -> list[str]:
    """What is told of a text with that line in it, of which ``said`` is heard, some seconds between each."""
    path = folder / "talk.txt"
    path.write_text("\n".join((*HOSTS[:2], line, *HOSTS[2:])), encoding="utf-8")
    file = open_transcript(path)
    spoken = [each.partition(": ")[2] for each in HOSTS]
    heard = heard_as(*((6.0 * at, words) for at, words in enumerate((*spoken[:2], *said, *spoken[2:]))))
    transcript = file.understood()
    judgement = judge(transcript, locate_by_words(transcript, heard.audio, heard.words, "en"), heard.audio)
    audio = AudioFile("planted.mp3", heard.duration, "0" * 64)
    return list(map(str, labels_in_doubt(file, as_judged(transcript, judgement, audio, Engine("words", "base")))))


@over_rows("name", ["The President", "Marcus Antonius", "Régie"])
def test_a_name_that_nobody_says_before_words_that_are_said_is_told_of(tmp_path: Path, name: str) -> None:
    [warning] = told(tmp_path, f"{name}: Engineers come from abroad", "Engineers come from abroad")
    assert f"read as words of others: {name}; if" in warning


@over_rows(
    "line, said",
    [
        ("The President: Engineers come from abroad", "The President Engineers come from abroad"),
        ("The President: Engineers come from abroad", "It rained on all of the boats that day."),
        ("The President: Engineers come from abroad.", "Engineers come from abroad."),
        ("The President: engineers come from abroad", "engineers come from abroad"),
        ("Chapter One: Engineers come from abroad", "Engineers come from abroad"),
        ("The old chapel: Engineers come from abroad", "Engineers come from abroad"),
    ],
)
def test_of_what_is_said_or_a_speaker_or_no_name_nothing_is_told(tmp_path: Path, line: str, said: str) -> None:
    assert told(tmp_path, line, said) == []
