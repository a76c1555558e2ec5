"""What is written into files; whole files are among the tests of captions, reading back among those of cues."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aligner.durations import to_milliseconds
from aligner.timed_text import CueBlock, write_vtt
from aligner.timed_text.cue_text import voices
from aligner.timed_text.write import clock, srt_text, vtt_text, vtt_voice


def test_a_stamp_carries_and_has_as_many_hours_as_it_needs() -> None:
    assert clock(to_milliseconds(59.9996), ".") == "00:01:00.000"
    assert clock(360_000_000, ",") == "100:00:00,000"


@pytest.mark.parametrize("written", [srt_text, vtt_text])
def test_what_is_no_character_of_a_text_is_shown_as_such(written: Callable[[str], str]) -> None:
    for held in ("\0", "\x01", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"):
        assert written(f"a{held}b") == "a\ufffdb"
    assert written("a\u2060é🎉\u202fb") == "a\u2060é🎉\u202fb"


@pytest.mark.parametrize("name", ["Anna --", "<!--", "--", "-->", "A & <b>"])
def test_whatever_a_speaker_is_called_the_file_is_written_and_the_name_read_again(name: str) -> None:
    written = write_vtt([CueBlock(0.0, 1.0, tuple(vtt_voice(name, ["Well."])))])
    assert written.count("-->") == 1
    ((read, said),) = voices(written.splitlines()[-1])
    assert (read or "").replace("\u2060", "") == name
    assert said == "Well."
