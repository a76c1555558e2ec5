"""The clips of an episode that were made: what lies in its folder ``clips``, read from there each time."""

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

from aligner.model import Alignment, Kind
from aligner.normalization import fold
from aligner.quotes.comparison import Caution
from aligner.storage.checked_json import Seconds, decode
from aligner.storage.file_names import printable, safe_name
from aligner.typography import unbroken
from media.errors import MediaError
from media.safe_fs import OutsideError, files, open_regular, read_regular, status_of
from media.video.drawing import SHAPES
from web.caching import until_changed
from web.errors import NotFound, Unusable
from web.jobs.kinds import CLIPS
from web.library.episode import free_name
from web.quotes.selection import shown
from web.worker_pool import call

_SHAPE = re.compile(rf"(?:^|- ?)({'|'.join(SHAPES)})(?: \d+)?\Z")  # at the end of an audiogram's name
_SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEO = ".mp4"
_LARGEST_BYTES = 500_000  # of a record; an hour of talk takes half of that
_LONGEST_NAME_BYTES = 230  # in a ZIP, of 255, the rest being for numbers
_AT_HAND = 1000  # pictures, some 10 kB each
_BESIDE = 8  # words around those of a clip, for printed words that nobody says and words at its very edges


class Cutting(Struct, frozen=True):
    """What a clip was cut from: seconds of the episode, and the hash of its audio."""

    start: Seconds | None = None
    end: Seconds | None = None
    sha256: str | None = None


class Record(Struct, frozen=True):
    """What the JSON beside a clip says of it, as ``aligner.publishing.clips.record`` writes it."""

    format: Literal["quotecast-clip"] = "quotecast-clip"
    version: Literal[1] = 1
    file: str = ""
    quote: str = ""
    language: str = ""
    speaker: str | None = None
    duration: Seconds | None = None
    source: Cutting = Cutting()
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A clip: the ``file`` that plays, and all ``files`` of that stem by their names. ``made`` is when it was written,
    in seconds since 1970."""

    id: str
    file: Path
    files: Mapping[str, Path]
    made: float
    size_bytes: int
    record: Record

    @property
    def is_video(self) -> bool:
        return self.file.suffix.lower() == _VIDEO

    @property
    def shape(self) -> str | None:
        """The shape of an audiogram, by its name."""
        found = _SHAPE.search(self.file.stem) if self.is_video else None
        return found and found[1]

    @property
    def name(self) -> str:
        return printable(self.file.name)

    @property
    def text(self) -> str:
        """What it says, as far as a list shows that."""
        return shown(self.record.quote, self.record.language)


def clips_of(folder: Path) -> list[MadeClip]:
    """Return the clips of the episode in ``folder``, the newest first."""
    beside: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in files(folder / CLIPS).items():
        if not name.startswith("."):  # a hidden file is being written
            beside[path.stem][name] = path
    found = []
    for group in beside.values():
        others = {name: path for name, path in group.items() if not plays(path)}
        for name, path in group.items():
            if plays(path):
                with suppress(OSError):  # deleted in another tab
                    found.append(_clip(path, {name: path, **others}))
    return sorted(found, key=lambda clip: (-clip.made, clip.file.name))


def chosen_clips(folder: Path, identifiers: Collection[str] = ()) -> list[MadeClip]:
    """Return the clips with these ids, without ids all; raises NotFound if there is none."""
    found = [clip for clip in clips_of(folder) if not identifiers or clip.id in identifiers]
    if not found:
        raise NotFound("clips.gone")
    return found


def clip_of(folder: Path, identifier: str) -> MadeClip:
    """Return the clip with this id; raises NotFound if there is none."""
    return chosen_clips(folder, [identifier])[0]


def file_of(folder: Path, identifier: str, name: str) -> Path:
    """Return the file of a clip that has this name; raises NotFound if there is none."""
    for each, path in clip_of(folder, identifier).files.items():
        if printable(each) == name:
            return path
    raise NotFound("clips.gone")


def plays(path: Path) -> bool:
    """Return whether the file is audio or a video."""
    return path.suffix.lower() in (*_SOUNDS, _VIDEO)


def caution_facts(cautions: Iterable[Caution], language: str) -> list[dict[str, str]]:
    """Return what to look at before a clip in that language is published, as it is shown."""
    return [{name: unbroken(text, language) for name, text in asdict(each).items()} for each in cautions]


def outdated_in(alignment: Alignment) -> Callable[[MadeClip], str | None]:
    """Return a function that says what has changed of a clip since it was cut: ``words`` that the transcript no longer
    has at its time, or the ``sound`` of the episode. Case, accents and punctuation do not matter."""
    said = sorted((timed.span.middle, k) for k, timed in enumerate(alignment.words) if timed.span)

    def outdated(clip: MadeClip) -> str | None:
        source = clip.record.source
        if source.sha256 not in (None, alignment.audio.sha256):
            return "sound"
        if source.start is None or source.end is None or not clip.record.quote:
            return None
        inside = said[bisect_left(said, (source.start, -1)) : bisect_left(said, (source.end, -1))]
        if not inside:
            return "words"
        numbers = [k for _, k in inside]
        around = alignment.words[max(0, min(numbers) - _BESIDE) : max(numbers) + 1 + _BESIDE]
        spoken = (each for each in around if alignment.segments[each.word.segment].segment.kind is Kind.SPEECH)
        there = _folded(each.word.text for each in spoken)
        return None if _folded(clip.record.quote.split()) in there else "words"

    return outdated


@until_changed(_AT_HAND)
def still_of(file: Path) -> bytes | None:
    """Return a small picture of a clip's file, of a video as JPEG, else as PNG; None if none can be made of it. Raises
    OSError if the file is gone, Busy if none can be made now."""
    try:
        return call(_drawn, file)
    except (MediaError, Unusable):
        return None


def bundled(clips: Iterable[MadeClip]) -> BinaryIO:
    """Return a ZIP of all files of the clips, as a file that is gone once it is closed. Each has another name, which is
    safe wherever it is unpacked. Raises NotFound if a file is gone, or cannot be read."""
    bundle = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    try:
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_STORED) as archive:  # audio does not shrink
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


def _clip(path: Path, found: Mapping[str, Path]) -> MadeClip:
    status, beside = status_of(path), found.get(f"{path.stem}.json")
    identifier = hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    record = _record(beside, path.name) if beside else Record()
    return MadeClip(identifier, path, found, status.st_mtime, status.st_size, record)


def _record(path: Path, file: str) -> Record:
    """Return what the JSON at ``path`` says of the clip ``file``; nothing if it is damaged, or another clip's."""
    with suppress(OSError, ValueError):
        record = decode(read_regular(path, _LARGEST_BYTES), Record)
        if record.file == file:
            return record
    return Record()


def _folded(words: Iterable[str]) -> str:
    """Return words as they are compared, a space before and after each."""
    return f" {' '.join(filter(None, map(fold, words)))} "


def _drawn(file: Path) -> bytes:
    from media.stills import drawn_waveform, first_frame

    return first_frame(file) if file.suffix.lower() == _VIDEO else drawn_waveform(file)
