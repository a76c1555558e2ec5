"""FFmpeg, which many players use, reads every word and time of the formats that it supports (not TTML)."""

import re
import subprocess
from itertools import product
from pathlib import Path

import pytest

from aligner.captions import CaptionRules, SpeakerNames
from aligner.formats import FORMATS
from media.ffmpeg import ffmpeg_path
from tests.readers.hostile import materials
from tests.readers.reading import Shown, seen, written
from tests.tables import over_rows

pytestmark = pytest.mark.nightly

_CHANGE = CaptionRules(speaker_names=SpeakerNames.CHANGE)
_DASH = CaptionRules(speaker_names=SpeakerNames.DASH)
_READ = {"broadcast-srt": (_CHANGE, 0), "ass": (_DASH, 5), "web-vtt": (_DASH, 0)}  # tolerance in milliseconds
_NAMES = ("ordinary", "sample", "names with markup", "markup", "emoji", "Hebrew", "mixed directions", "Japanese")
_CUE = re.compile(r"^\d+\n([\d:,]+) --> ([\d:,]+)\n(.*?)\n(?=\n\d+\n[\d:,]+ -->|\Z)", re.DOTALL | re.MULTILINE)
_NARROW = str.maketrans("｛｝", "{}")


def read(path: Path) -> list[Shown]:
    """Return the cues of a file as FFmpeg converts them to SubRip."""
    command = [ffmpeg_path(), "-v", "error", "-i", str(path), "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    return [
        Shown(_ms(start), _ms(end), tuple(map(seen, _shown(text).split("\n"))), ())
        for start, end, text in _CUE.findall(done.stdout.decode("utf-8"))
    ]


def _shown(text: str) -> str:
    return re.sub("</?font[^>]*>", "", text).replace("\\{{}", "{").translate(_NARROW).strip()


def _ms(time: str) -> int:
    hours, minutes, seconds = time.replace(",", "").split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds)


# FFmpeg ends the tag of a voice at an escape in the name.
@over_rows("format, name", [pair for pair in product(_READ, _NAMES) if pair != ("web-vtt", "names with markup")])
def test_it_reads_what_was_written(format: str, name: str, tmp_path: Path) -> None:
    rules, off = _READ[format]
    path = tmp_path / f"episode{FORMATS[format].ending}"
    path.write_bytes(FORMATS[format].content(materials()[name]))
    cues, truth = read(path), written(materials()[name], rules)
    assert [cue.lines for cue in cues] == [cue.lines for cue in truth]
    assert all(
        max(abs(cue.start - true.start), abs(cue.end - true.end)) <= off for cue, true in zip(cues, truth, strict=True)
    )
