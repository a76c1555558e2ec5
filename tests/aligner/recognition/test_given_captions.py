"""The given ear on captions: times of words where the file has them, of cues where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import HypothesisError
from aligner.recognition.given import Hypothesis, cue_entries, read_hypothesis


def read(folder: Path, text: str) -> Hypothesis:
    path = folder / "anything"  # a name that tells nothing
    path.write_bytes(text.encode("utf-8"))
    return read_hypothesis(path)


def starts(found: Hypothesis) -> list[tuple[str, float]]:
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


def test_cues_with_one_time_are_shared_out_by_letters(tmp_path: Path) -> None:
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


def test_lines_that_roll_up_without_word_times_are_read_once(tmp_path: Path) -> None:
    lines = ["Un", "Deux", "Trois", "Quatre"]
    cues = [f"{k}\n00:00:0{k},000 --> 00:00:0{k + 1},000\n{lines[k - 1]}\n{lines[k]}" for k in (1, 2, 3)]
    found = read(tmp_path, "\n\n".join(cues))
    assert [word.text for word in found.words()] == lines


def test_what_is_said_twice_is_read_twice(tmp_path: Path) -> None:
    cues = [f"{k}\n00:00:0{k},000 --> 00:00:0{k},900\n{word}" for k, word in enumerate(["Non", "Non", "Si", "Oui"], 1)]
    assert [word.text for word in read(tmp_path, "\n\n".join(cues)).words()] == ["Non", "Non", "Si", "Oui"]


def test_a_word_time_outside_its_cue_stays_within(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nUn <09:00:00.000>deux <00:00.100>trois"
    assert starts(read(tmp_path, text)) == [("Un", 1.0), ("deux", 2.0), ("trois", 2.0)]


@pytest.mark.parametrize("blank", ["\n\n", "\r\n\r\n", "\n", "\r", "\n \n", "\n\n\n\n"])
def test_srt_is_read_with_any_line_ends_and_without_blank_lines(tmp_path: Path, blank: str) -> None:
    end = "\r" if blank == "\r" else "\n"
    cues = [f"1{end}00:00:01,000 --> 00:00:02,000{end}Un", f"2{end}00:00:03,000 --> 00:00:04,000{end}Deux"]
    assert starts(read(tmp_path, blank.join(cues))) == [("Un", 1.0), ("Deux", 3.0)]


def test_a_number_that_is_said_is_no_cue_number(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nEn\n2021\n\n2\n00:00:03,000 --> 00:00:04,000\n97\n"
    assert [word.text for word in read(tmp_path, text).words()] == ["En", "2021", "97"]
    bare = "00:00:01,000 --> 00:00:02,000\nEn\n2021\n\n00:00:03,000 --> 00:00:04,000\n97\n"
    assert [word.text for word in read(tmp_path, bare).words()] == ["En", "2021", "97"]


def test_an_empty_cue_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nDeux\n"
    assert [word.text for word in read(tmp_path, text).words()] == ["Deux"]


def test_words_after_a_blank_line_are_heard_in_their_cue(tmp_path: Path) -> None:
    found = read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\nUn\n\ndeux\n\n00:03.000 --> 00:04.000\ntrois\n")
    assert starts(found) == [("Un", 1.0), ("deux", 1 + 1 / 3), ("trois", 3.0)]


def test_a_cue_of_broken_times_lies_between_its_neighbours(tmp_path: Path) -> None:
    times = ["00:00:01,000 --> 00:00:02,000", "00:00:0x,000 --> 00:00:03,000", "00:00:03,000 --> 00:00:04,000"]
    text = "\n\n".join(f"{n}\n{time}\n{word}" for n, (time, word) in enumerate(zip(times, "abc", strict=True), 1))
    assert starts(read(tmp_path, text)) == [("a", 1.0), ("b", 2.0), ("c", 3.0)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_captions_are_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nété\n".encode(encoding))
    assert [word.text for word in read_hypothesis(path).words()] == ["été"]


def test_a_cue_that_never_ends_lasts_as_long_as_its_words(tmp_path: Path) -> None:
    (word,) = read(tmp_path, "1\n00:00:01,000 --> 99:00:00,000\nBonjour\n").words()
    assert (word.start, word.end) == (1.0, pytest.approx(1.49))


def test_captions_without_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(HypothesisError, match="no word with a time"):
        read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\n[Musique]\n")


@given(st.text(alphabet=st.sampled_from("0123456789:.,-> \n<c>/é&;#{}\\"), max_size=200))
def test_no_text_brings_the_caption_reader_down(text: str) -> None:
    cue_entries(text)
    cue_entries(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}")
