"""Imported captions: times of words if the file has them, else of cues."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.errors import AsrOutputError
from aligner.recognition.imported_asr import AsrOutput, read_asr_output


def read(folder: Path, text: str) -> AsrOutput:
    path = folder / "anything"  # a name that tells nothing
    path.write_bytes(text.encode("utf-8"))
    return read_asr_output(path)


def starts(found: AsrOutput) -> list[tuple[str, float]]:
    return [(word.text, pytest.approx(word.start)) for word in found.words()]


VTT = """WEBVTT
Language: fr-FR

un
00:01.000 --> 00:02.400 align:start
<v Hugo>à demain</v>

NOTE 00:07.000 est une heure, non une réplique

01:00:05.000 --> 01:00:06.000
<i>L&#39;abeille</i>
"""


def test_cues_with_one_time_are_divided_by_letters(tmp_path: Path) -> None:
    found = read(tmp_path, VTT)
    assert [(word.text, word.start, word.end) for word in found.words()] == [
        ("à", pytest.approx(1.0), pytest.approx(1.2)),
        ("demain", pytest.approx(1.2), pytest.approx(2.4)),
        ("L'abeille", pytest.approx(3605.0), pytest.approx(3606.0)),
    ]
    assert found.language == "fr"


# As a video site makes them: the first cue opens with a line of one space, each line is shown twice.
ROLLING = """WEBVTT
Kind: captions
Language: fr

00:00:01.000 --> 00:00:03.000 align:start position:0%
\x20
Les<00:00:01.200><c> abeilles</c><00:00:02.000><c> dansent</c>

00:00:03.000 --> 00:00:03.010 align:start position:0%
Les abeilles dansent
\x20

00:00:03.010 --> 00:00:05.000 align:start position:0%
Les abeilles dansent
sur<00:00:03.500><c> le</c><00:00:04.000><c> miel</c>

00:00:05.000 --> 00:00:06.000 align:start position:0%
[Musique]
"""


def test_word_times_in_cues_are_used_and_lines_that_roll_up_are_read_once(tmp_path: Path) -> None:
    assert starts(read(tmp_path, ROLLING)) == [
        ("Les", 1.0), ("abeilles", 1.2), ("dansent", 2.0), ("sur", 3.01), ("le", 3.5), ("miel", 4.0),
    ]  # fmt: skip


def test_captions_without_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AsrOutputError, match="no word with a time"):
        read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\n[Musique]\n")
