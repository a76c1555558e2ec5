"""Stage new audio: store it until a person accepts it. Read the report on what the new audio would change."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

from msgspec import Struct

from aligner.model import AudioFile, Seconds, Untranscribed, Verdict
from aligner.retiming.retime import Change, Shift
from aligner.storage.checked_json import Count, Share, decode
from media.safe_fs import files, make_folder, move, read_regular, remove_file
from media.temporary import is_temporary
from web.errors import Unusable
from web.jobs.kinds import MOVES, NEW_AUDIO
from web.library import Episode
from web.library.incoming import Staged, audio_info

_LARGEST_BYTES = 10_000_000  # a report in which all words of ten hours lose their audio

_Pair = tuple[Seconds, Seconds]


class Row(Struct):
    """A passage of the audio, with its spans in the ``old`` and ``new`` audio in seconds (None if added or cut), and
    its ``fate``, such as kept or moved. ``rate`` is the number of seconds of old audio per second of new audio. It is
    above 1 if the new audio is faster."""

    fate: Change
    old: _Pair | None
    new: _Pair | None
    rate: float

    @property
    def by(self) -> float:
        """How many seconds later the passage starts in the new audio (negative: earlier), 0 if added or cut."""
        return self.new[0] - self.old[0] if self.old and self.new else 0.0


class OldPassage(Struct):
    """A text and its span in the old audio, in seconds."""

    span: _Pair
    text: str


class RetimeReport(Struct):
    """The changes that result if ``new`` audio replaces the ``old``, as reported by ``quotecast retime``. ``verdict``
    and ``coverage`` (share of matched words) are those of the new alignment. ``lost`` are passages that are cut,
    ``displaced`` are passages in another order. ``found`` is the number of words found in added audio; ``passages`` are
    added speech that is not in the transcript. ``lost_pins`` and ``lost_quotes`` are texts of lost corrections and
    quotes."""

    old: AudioFile
    new: AudioFile
    verdict: Verdict
    coverage: Share
    spans: list[Row]
    moved: list[Shift]
    lost: list[OldPassage]
    displaced: list[OldPassage]
    found: Count
    passages: list[Untranscribed]
    lost_pins: list[str]
    lost_quotes: list[str]


def stage_audio(episode: Episode, staged: Staged) -> str:
    """Store uploaded audio until a person accepts it; return the file's name. Raises Unusable if the file is not audio,
    OSError if the file cannot be moved."""
    if staged.audio is None:
        raise Unusable("upload.missing.audio", "audio")
    audio_info(staged.audio)
    folder = episode.hidden / NEW_AUDIO
    make_folder(folder)
    discard_staged(episode)
    move(staged.audio, folder / staged.audio.name)
    return staged.audio.name


def discard_staged(episode: Episode) -> None:
    for path in (*files(episode.hidden / NEW_AUDIO).values(), episode.hidden / MOVES):
        with suppress(OSError):
            remove_file(path)


def staged_audio(episode: Episode, audio: AudioFile) -> Path | None:
    """Return the file of staged audio, which is to replace the present ``audio``; None if no audio is staged."""
    staged = files(episode.hidden / NEW_AUDIO).values()
    # A file named by the hash of the present audio is left over from an interrupted "archive update".
    return next((path for path in staged if not (is_temporary(path.name) or path.stem == audio.sha256)), None)


def report_of(episode: Episode, audio: AudioFile) -> RetimeReport | None:
    """Return the report on replacing the present ``audio`` by the staged audio, None if there is no such report."""
    staged = staged_audio(episode, audio)
    try:
        report = decode(read_regular(episode.hidden / MOVES, _LARGEST_BYTES), RetimeReport)
    except (OSError, ValueError):
        return None
    is_current = staged and report.old.sha256 == audio.sha256 and PurePosixPath(report.new.file).name == staged.name
    return report if is_current else None
