"""Find and describe the exported clips of an episode. The episode's folder ``clips`` is read at each call."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from msgspec import Struct

from aligner.model import Alignment, Kind, Seconds
from aligner.normalization import fold
from aligner.quotes.comparison import Caution
from aligner.storage.checked_json import decode
from aligner.storage.file_names import printable, safe_name
from aligner.typography import unbroken
from media.errors import MediaError
from media.safe_fs import OutsideError, files, open_regular, read_regular, status_of
from media.video.drawing import SHAPES
from web.caching import until_changed
from web.errors import NotFound, Unusable
from web.jobs.kinds import CLIPS
from web.library.episode import free_name
from web.quotes.selection import display_text
from web.worker_pool import call

_SHAPE = re.compile(rf"(?:^|- ?)({'|'.join(SHAPES)})(?: \d+)?\Z")  # at the end of an audiogram's name
_AUDIO = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEO = ".mp4"
_LARGEST_BYTES = 500_000  # of a record; an hour of speech takes half of that
_LONGEST_NAME_BYTES = 230  # in a ZIP; the rest of 255 is left for numbers
_MOST_CACHED = 1000  # thumbnails of about 10 kB
_CONTEXT = 8  # words around a clip that may belong to it: not spoken ones, and words at its edges


class CutSource(Struct, frozen=True):
    """Where a clip was cut: ``start`` and ``end`` in seconds of the episode, and the hash of the episode's audio."""

    start: Seconds | None = None
    end: Seconds | None = None
    sha256: str | None = None


class Record(Struct, frozen=True):
    """Facts about a clip, read from a JSON file beside the clip, which ``aligner.publishing.clips.record`` writes."""

    format: Literal["quotecast-clip"] = "quotecast-clip"
    version: Literal[1] = 1
    file: str = ""
    quote: str = ""
    language: str = ""
    speaker: str | None = None
    duration: Seconds | None = None
    source: CutSource = CutSource()
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedClip:
    """A clip: its audio or video ``file``, all its ``files`` by name, and when ``file`` was ``saved`` (Unix time)."""

    id: str
    file: Path
    files: Mapping[str, Path]
    saved: float
    size_bytes: int
    record: Record

    @property
    def is_video(self) -> bool:
        return self.file.suffix.lower() == _VIDEO

    @property
    def shape(self) -> str | None:
        """The shape of an audiogram, read from the file's name; None for a clip that is no audiogram."""
        found = _SHAPE.search(self.file.stem) if self.is_video else None
        return found and found[1]

    @property
    def name(self) -> str:
        return printable(self.file.name)

    @property
    def text(self) -> str:
        """The quoted words as the list of clips displays them, truncated if very long."""
        return display_text(self.record.quote, self.record.language)


def clips_of(folder: Path) -> list[SavedClip]:
    """Return the clips of the episode in ``folder``, the newest first."""
    groups: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in files(folder / CLIPS).items():
        if not name.startswith("."):  # a hidden file is still being written
            groups[path.stem][name] = path
    clips = []
    for group in groups.values():
        others = {name: path for name, path in group.items() if not is_playable(path)}
        for name, path in group.items():
            if is_playable(path):
                with suppress(OSError):  # deleted meanwhile
                    clips.append(_clip(path, {name: path, **others}))
    return sorted(clips, key=lambda clip: (-clip.saved, clip.file.name))


def chosen_clips(folder: Path, identifiers: Collection[str] = ()) -> list[SavedClip]:
    """Return the clips with these ids, or all clips if no ids are given. Raises NotFound if no clip is found."""
    found = [clip for clip in clips_of(folder) if not identifiers or clip.id in identifiers]
    if not found:
        raise NotFound("clips.gone")
    return found


def clip_of(folder: Path, identifier: str) -> SavedClip:
    """Return the clip with this id. Raises NotFound if there is no such clip."""
    return chosen_clips(folder, [identifier])[0]


def file_of(folder: Path, identifier: str, name: str) -> Path:
    """Return the file called ``name`` of the clip with this id. Raises NotFound if there is no such clip or file."""
    for each, path in clip_of(folder, identifier).files.items():
        if printable(each) == name:
            return path
    raise NotFound("clips.gone")


def is_playable(path: Path) -> bool:
    """Return whether the file is audio or video."""
    return path.suffix.lower() in (*_AUDIO, _VIDEO)


def caution_facts(cautions: Iterable[Caution], language: str) -> list[dict[str, str]]:
    """Return a clip's cautions (warnings) as JSON for the page, with the no-break spaces that ``language`` requires."""
    return [{name: unbroken(text, language) for name, text in asdict(each).items()} for each in cautions]


def outdated_in(alignment: Alignment) -> Callable[[SavedClip], str | None]:
    """Return a function that says why a clip no longer matches the alignment: ``sound`` if the audio was replaced,
    ``words`` if the words at the clip's time have changed (ignoring case, accents and punctuation), None if the clip
    still matches."""
    spoken_at = sorted((timed.span.middle, k) for k, timed in enumerate(alignment.words) if timed.span)

    def outdated(clip: SavedClip) -> str | None:
        source = clip.record.source
        if source.sha256 not in (None, alignment.audio.sha256):
            return "sound"
        if source.start is None or source.end is None or not clip.record.quote:
            return None
        inside = spoken_at[bisect_left(spoken_at, (source.start, -1)) : bisect_left(spoken_at, (source.end, -1))]
        if not inside:
            return "words"
        numbers = [k for _, k in inside]
        around = alignment.words[max(0, min(numbers) - _CONTEXT) : max(numbers) + 1 + _CONTEXT]
        spoken = (each for each in around if alignment.segments[each.word.segment].segment.kind is Kind.SPEECH)
        current = _folded(each.word.text for each in spoken)
        return None if _folded(clip.record.quote.split()) in current else "words"

    return outdated


@until_changed(_MOST_CACHED)
def thumbnail_of(file: Path) -> bytes | None:
    """Return a small JPEG or PNG of a video's first frame or of an audio file's waveform, None if the file is damaged.
    Raises OSError if there is no such file, Busy if the server has too much work."""
    try:
        return call(_thumbnail, file)
    except (MediaError, Unusable):
        return None


def zip_of(clips: Iterable[SavedClip]) -> BinaryIO:
    """Return a ZIP of all files of the clips, as an open temporary file. In the ZIP, file names are unique and valid
    on any system. Raises NotFound if a clip's file does not exist or cannot be read."""
    bundle = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:  # audio does not compress
            for path in dict.fromkeys(path for clip in clips for path in clip.files.values()):
                name = free_name(safe_name(path.name, "clip", _LONGEST_NAME_BYTES), archive.namelist())
                with open_regular(path) as source:
                    entry = zipfile.ZipInfo.from_file(source.fileno(), name, strict_timestamps=False)  # type: ignore[arg-type]
                    with archive.open(entry, "w") as target:
                        shutil.copyfileobj(source, target)
    except BaseException as error:
        bundle.close()
        if isinstance(error, FileNotFoundError | OutsideError):
            raise NotFound("clips.gone") from error
        raise
    return cast(BinaryIO, bundle)


def _clip(path: Path, found: Mapping[str, Path]) -> SavedClip:
    status, json_path = status_of(path), found.get(f"{path.stem}.json")
    identifier = hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    record = _record(json_path, path.name) if json_path else Record()
    return SavedClip(identifier, path, found, status.st_mtime, status.st_size, record)


def _record(path: Path, file: str) -> Record:
    """Return the record at ``path``; an empty record if the file is damaged, or names another clip than ``file``."""
    with suppress(OSError, ValueError):
        record = decode(read_regular(path, _LARGEST_BYTES), Record)
        if record.file == file:
            return record
    return Record()


def _folded(words: Iterable[str]) -> str:
    """Join words, in lower case and without accents and punctuation, with a space before and after each word."""
    return f" {' '.join(filter(None, map(fold, words)))} "


def _thumbnail(file: Path) -> bytes:
    from media.stills import drawn_waveform, first_frame

    return first_frame(file) if file.suffix.lower() == _VIDEO else drawn_waveform(file)
