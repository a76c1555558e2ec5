"""Uploads on their way, and what is known of a file that was sent before any work starts.

Each page that adds something has a folder of its own until the episode is made:

    LIBRARY/.quotecast/incoming/TOKEN/audio/NAME.mp3
                                     /transcript/NAME.docx
                                     /cover/cover.jpg
                                     /structure.json      what a person said of the transcript
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, ParamSpec, TypeVar

from aligner.corrections import structure_overrides
from aligner.corrections.structure_overrides import StructureOverrides
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.publication import iso_date, published_date
from aligner.storage.atomic import blaming
from aligner.storage.database import HIDDEN
from aligner.storage.file_names import safe_name
from aligner.transcript import is_transcript_title, most_bytes, open_transcript, read_transcript
from aligner.transcript.language import guess_language
from aligner.transcript.names import shortened
from aligner.typography import unbroken
from media import safe_fs
from media.errors import DecodeError, NoPictureError, UserError
from media.temporary import sweep, temporary_path
from web.errors import NotFound, TooLarge, Unusable
from web.library.library import passing_folder
from web.worker_pool import call

P = ParamSpec("P")
T = TypeVar("T")

KINDS = ("audio", "transcript", "cover")
LARGEST_COVER_BYTES = 20_000_000
COVER_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""What a cover is served as, by its ending; others are not served."""

_KEPT_SECONDS = 24 * 3600.0  # since the last file of an upload that was never made an episode
_TOKEN = re.compile(r"[0-9a-f]{32}")
_COVER_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_MOST_SPEAKERS = 1000  # more than an episode may have
_MOST_PASSAGES = 2000  # that are shown
_LONGEST_PASSAGE = 20_000  # characters
_TITLE_WORDS, _LABEL_WORDS = 8, 4  # of a line that may be a heading, and of what may be a name
_MOST_CANDIDATES = 20  # names that are listed though only a colon suggests that they are


@dataclass(frozen=True, slots=True)
class Staged:
    """The files of an upload that have arrived; ``structure`` is what a person said of the transcript."""

    folder: Path
    audio: Path | None = None
    transcript: Path | None = None
    cover: Path | None = None
    structure: Path | None = None

    @property
    def told(self) -> StructureOverrides | None:
        """What a person said of the transcript."""
        return structure_overrides.read_structure(self.structure) if self.structure else None


class Incoming:
    """The uploads on their way into the library at ``root``; audio may have ``largest_bytes``.

    Methods raise NotFound if there is no such upload or kind of file, and OutputError if the library cannot be written.
    """

    def __init__(self, root: Path, largest_bytes: int) -> None:
        self._folder = root / HIDDEN / "incoming"
        self._largest_bytes = largest_bytes

    def open(self) -> str:
        """Begin an upload and return its token."""
        self._sweep()
        token = secrets.token_hex(16)
        with blaming(self._folder):
            safe_fs.make_folder(self._folder / token)
        return token

    def check_size(self, kind: str, name: str, size_bytes: int) -> int:
        """Return the most bytes that a file of one of ``KINDS`` may have; raises TooLarge if it is larger."""
        most = {"audio": self._largest_bytes, "transcript": most_bytes(name), "cover": LARGEST_COVER_BYTES}.get(kind)
        if most is None:
            raise NotFound("upload.gone")
        if size_bytes > most:
            key = "upload.too_large.transcript" if kind == "transcript" else "upload.too_large"
            raise TooLarge(key, kind, size=round(size_bytes / 1e6, 2), most=round(most / 1e6, 2))
        return most

    def receive(self, token: str, kind: str, name: str, source: IO[bytes], size_bytes: int) -> Path:
        """Receive a file of one of ``KINDS``, called ``name`` by its sender, in place of an earlier one. Raises
        Unusable if it is empty, or less than ``size_bytes`` arrived. An earlier file stays then."""
        folder = self._of(token, kind)
        path, part = folder / safe_name(name, kind), temporary_path(folder)
        with blaming(folder):
            safe_fs.make_folder(folder)
            try:
                with safe_fs.new_file(part) as file:
                    shutil.copyfileobj(source, file)
                    file.flush()
                    os.fsync(file.fileno())
                    arrived_bytes = file.tell()
                if arrived_bytes == 0 or arrived_bytes < size_bytes:
                    raise Unusable("upload.cut" if arrived_bytes else "upload.empty", kind)
                safe_fs.move(part, path)
            finally:
                safe_fs.remove_file(part)
            self._remove(folder, but=path)
        return path

    def take_back(self, token: str, kind: str) -> None:
        """Forget the file of one of ``KINDS``, if it has arrived."""
        self._remove(self._of(token, kind))

    def staged(self, token: str) -> Staged:
        """Return the files that have arrived."""
        folder = self._of(token)
        audio, transcript, cover = (_only(folder / kind) for kind in KINDS)
        return Staged(folder, audio, transcript, cover, safe_fs.files(folder).get(structure_overrides.FILE))

    def transcript(self, token: str) -> Path:
        """Return the transcript that has arrived; raises Unusable if none has."""
        path = self.staged(token).transcript
        if path is None:
            raise Unusable("upload.missing.transcript", "transcript")
        return path

    def tell(self, token: str, labels: Mapping[str, bool], kinds: Mapping[int, Kind]) -> TranscriptPreview:
        """Keep what a person says of the transcript that has arrived; return its preview with that. Raises Unusable: it
        is not a transcript, or none has arrived."""
        told, shown = judged("transcript", _told_of, self.transcript(token), labels, kinds)
        structure_overrides.write_structure(self._of(token) / structure_overrides.FILE, told)
        return shown

    def drop(self, token: str) -> None:
        """Forget an upload."""
        safe_fs.remove_folder(self._of(token))

    def _of(self, token: str, kind: str = "") -> Path:
        folder = self._folder / token
        if kind not in ("", *KINDS) or not _TOKEN.fullmatch(token) or not safe_fs.is_folder(folder):
            raise NotFound("upload.gone")
        return folder / kind

    def _remove(self, folder: Path, but: Path | None = None) -> None:
        for path in safe_fs.files(folder).values():
            if path != but and not path.name.startswith("."):
                safe_fs.remove_file(path)

    def _sweep(self) -> None:
        oldest = time.time() - _KEPT_SECONDS
        for folder in safe_fs.entries(self._folder):
            with contextlib.suppress(OSError):  # another request may sweep too
                if max(safe_fs.place(path).lstat().st_mtime for path in (folder, *safe_fs.entries(folder))) < oldest:
                    safe_fs.remove_folder(folder)


def recover_uploads(root: Path) -> None:
    """Remove what a killed server was still receiving or writing of the uploads into the library at ``root``."""
    uploads = root / HIDDEN / "incoming"
    for folder in (uploads, *(kind for each in safe_fs.folders(uploads) for kind in safe_fs.folders(each))):
        sweep(folder)
    for path in safe_fs.entries(passing_folder(root)):  # on most systems what is left there has no name
        safe_fs.remove_folder(path)


@dataclass(frozen=True, slots=True)
class AudioFile:
    """The tags of an audio file that a form uses, and its length in seconds by its header, None if it has none."""

    title: str | None
    show: str | None
    date: str | None
    duration: float | None


def look_at(path: Path) -> AudioFile:
    """Return what an audio file says of itself; raises Unusable if it is not audio, or damaged at its beginning."""
    return judged("audio", _look_at, path)


def _look_at(path: Path) -> AudioFile:
    from media.decode import EXPECTED, open_container, read_tags

    with contextlib.closing(open_container(path)) as container:
        if not container.streams.audio:
            raise DecodeError("{path}: has no sound; {expected}", path=path.name, expected=EXPECTED)
        duration = container.duration / 1e6 if container.duration else None
    tags = read_tags(path)
    # A year alone is of no use in a form that asks for a day.
    return AudioFile(tags.title, tags.album, iso_date(published_date(tags.date or "") or ""), duration)


def cover_name(picture: Path) -> str:
    """Return the name that a picture gets as a cover, by its content; raises Unusable if it cannot be one."""
    return judged("cover", _cover_name, picture)


def _cover_name(picture: Path) -> str:
    from media.pictures import format_of

    try:
        return f"cover{_COVER_ENDINGS[format_of(picture)]}"
    except NoPictureError as error:
        raise Unusable("upload.no_picture", "cover") from error


def judged(field: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Let a worker call ``function``; raise what is wrong with a file as an Unusable that names the form's field."""
    try:
        return call(function, *args, **kwargs)
    except Unusable as error:
        error.field = error.field or field
        raise
    except UserError as error:
        raise Unusable("upload.unusable", field, reason=error.message) from error


def _only(folder: Path) -> Path | None:
    """Return the file that arrived; the later one if a server was killed before it removed the earlier."""
    arrived = (path for name, path in safe_fs.files(folder).items() if not name.startswith("."))
    return max(arrived, key=lambda path: safe_fs.status_of(path).st_mtime_ns, default=None)


@dataclass(frozen=True, slots=True)
class PreviewedPassage:
    """A paragraph, a heading, a note or a stage direction on a line of its own. ``start`` is where it begins, in
    characters; ``doubtful`` passages may be of another kind."""

    kind: Kind
    speaker: str | None
    text: str
    start: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class TranscriptPreview:
    """What was understood of a transcript.

    ``left`` is the number of passages that are not shown. ``speakers`` are labels in order of appearance, ``labels``
    what may be one, whether it is, and how many passages it opens; ``kinds`` what a person said that passages are.
    ``headline`` stands above the text and may be the title.
    """

    passages: tuple[PreviewedPassage, ...]
    left: int
    speakers: tuple[str, ...]
    counts: dict[Kind, int]
    words: int
    title: str | None
    language: str | None
    labels: tuple[tuple[str, bool, int], ...]
    kinds: Mapping[int, Kind]
    show: str | None
    headline: str | None


def preview(path: Path, told: StructureOverrides | None = None) -> TranscriptPreview:
    """Return the transcript at ``path`` as it is read, with a person's overrides. Raises Unusable: it is none."""
    return judged("transcript", _preview, path, told)


def labels_in(path: Path, told: StructureOverrides | None = None) -> tuple[str, ...]:
    """Return the speakers' labels in a transcript, in order of appearance; raises as ``preview``."""
    return preview(path, told).speakers


def speakers_of(transcript: Transcript) -> dict[str, int]:
    """Return the speakers' labels in order of appearance, and how many passages each has."""
    return dict(Counter(s.speaker for s in transcript.segments if s.speaker and s.kind is Kind.SPEECH))


def _told_of(
    path: Path, labels: Mapping[str, bool], kinds: Mapping[int, Kind]
) -> tuple[StructureOverrides, TranscriptPreview]:
    told = StructureOverrides.of(read_transcript(path), labels, kinds)
    return told, _preview(path, told)


def _preview(path: Path, told: StructureOverrides | None) -> TranscriptPreview:
    file = open_transcript(path)
    read, headline = file.understood(), file.draft.headline
    told = structure_overrides.followed(told, read) if told else StructureOverrides(read.sha256)
    transcript = structure_overrides.with_structure(read, told)
    passages = tuple(_shown(read, transcript, told))
    spoken = [word for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH]
    return TranscriptPreview(
        passages=passages,
        left=sum(1 for _ in outermost(transcript.segments)) - len(passages),
        speakers=tuple(speakers_of(transcript))[:_MOST_SPEAKERS],
        counts=dict(Counter(segment.kind for segment in transcript.segments)),
        words=len(spoken),
        title=transcript.title,
        language=guess_language(transcript),
        labels=tuple(_labels(read, transcript, told)),
        kinds=told.kinds,
        show=file.draft.show,
        headline=None if headline is None or is_transcript_title(headline) else headline,
    )


def _shown(read: Transcript, transcript: Transcript, told: StructureOverrides) -> Iterator[PreviewedPassage]:
    """Yield the first passages of a transcript, as many as are shown."""
    text = unbroken(transcript.text, guess_language(transcript) or "")
    starts = (start for start, paragraph in structure_overrides.overridden_paragraphs(read, told) if paragraph)
    for start, (index, _) in islice(zip(starts, outermost(transcript.segments), strict=True), _MOST_PASSAGES):
        segment = transcript.segments[index]
        shown = shortened(text[segment.char_start : segment.char_end], _LONGEST_PASSAGE) or ""
        is_doubtful = start in told.kinds or _may_be_another(transcript, segment)
        yield PreviewedPassage(segment.kind, segment.speaker, shown, start, is_doubtful)


def _may_be_another(transcript: Transcript, segment: Segment) -> bool:
    """Return whether a person should be asked what a passage is: what is not spoken, or short and ends as titles do."""
    words = transcript.text[segment.char_start : segment.char_end].split()
    return segment.kind is not Kind.SPEECH or (len(words) <= _TITLE_WORDS and words[-1][-1].isalnum())


def _labels(read: Transcript, now: Transcript, told: StructureOverrides) -> Iterator[tuple[str, bool, int]]:
    """Yield labels that name a speaker, and others that may."""
    speakers, before = speakers_of(now), speakers_of(read)
    yield from ((label, True, times) for label, times in islice(speakers.items(), _MOST_SPEAKERS))
    outer = (now.segments[index] for index, _ in outermost(now.segments))
    found = (
        structure_overrides.candidate_of(now.text, s.char_start, s.char_end) for s in outer if s.kind is Kind.SPEECH
    )
    names = Counter(each[0] for each in found if each and len(each[0].split()) <= _LABEL_WORDS)
    refused = {label: before.get(label, 0) for label, is_one in told.labels.items() if not is_one}
    others = {**dict(names.most_common(_MOST_CANDIDATES)), **refused}
    yield from ((label, False, times) for label, times in others.items() if label not in speakers)
