"""Receive uploads, and check and preview their files.

The files of an upload are in a folder named by a random token until the app uses them:

    LIBRARY/.quotecast/incoming/TOKEN/audio/NAME.mp3
                                     /transcript/NAME.docx
                                     /cover/cover.jpg
                                     /structure.json      structure overrides for the transcript
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
"""The media types of covers by suffix; other files are not served as covers."""

_KEPT_SECONDS = 24 * 3600.0  # of an unused upload since its last file
_TOKEN = re.compile(r"[0-9a-f]{32}")
_COVER_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_MOST_SPEAKERS = 1000  # more than an episode may have
_MOST_PASSAGES = 2000  # in a preview
_LONGEST_PASSAGE = 20_000  # characters
_TITLE_WORDS, _LABEL_WORDS = 8, 4  # at most, in a possible heading and a possible speaker label
_MOST_CANDIDATES = 20  # possible labels in a preview


@dataclass(frozen=True, slots=True)
class Staged:
    """The files of an upload that have arrived, None for a missing one. ``structure`` has the structure overrides."""

    folder: Path
    audio: Path | None = None
    transcript: Path | None = None
    cover: Path | None = None
    structure: Path | None = None

    @property
    def overrides(self) -> StructureOverrides | None:
        """Return a person's changes to the transcript's detected structure (kinds of passages, labels of speakers)."""
        return structure_overrides.read_structure(self.structure) if self.structure else None


class Incoming:
    """The uploads to the library at ``root``. An audio file has at most ``largest_bytes``. Methods raise NotFound if no
    upload has the token or the kind of file is unknown, and OutputError if the library cannot be written."""

    def __init__(self, root: Path, largest_bytes: int) -> None:
        self._folder = root / HIDDEN / "incoming"
        self._largest_bytes = largest_bytes

    def open(self) -> str:
        """Start an upload and return its token."""
        self._sweep()
        token = secrets.token_hex(16)
        with blaming(self._folder):
            safe_fs.make_folder(self._folder / token)
        return token

    def check_size(self, kind: str, name: str, size_bytes: int) -> int:
        """Return the limit in bytes for this kind of file (one of ``KINDS``). Raises TooLarge if the file is larger."""
        most = {"audio": self._largest_bytes, "transcript": most_bytes(name), "cover": LARGEST_COVER_BYTES}.get(kind)
        if most is None:
            raise NotFound("upload.gone")
        if size_bytes > most:
            key = "upload.too_large.transcript" if kind == "transcript" else "upload.too_large"
            raise TooLarge(key, kind, size=round(size_bytes / 1e6, 2), most=round(most / 1e6, 2))
        return most

    def receive(self, token: str, kind: str, name: str, source: IO[bytes], size_bytes: int) -> Path:
        """Store an uploaded file of this ``kind`` (one of ``KINDS``) in place of an earlier one; return its path.
        ``name`` is the name on the client. Raises Unusable and keeps the earlier file if the new one is empty or
        shorter than ``size_bytes``."""
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
        """Delete the uploaded file of this kind (one of ``KINDS``) if there is one."""
        self._remove(self._of(token, kind))

    def staged(self, token: str) -> Staged:
        """Return the files of an upload that have arrived."""
        folder = self._of(token)
        audio, transcript, cover = (_only(folder / kind) for kind in KINDS)
        return Staged(folder, audio, transcript, cover, safe_fs.files(folder).get(structure_overrides.FILE))

    def transcript(self, token: str) -> Path:
        """Return the path of the uploaded transcript. Raises Unusable if no transcript was uploaded."""
        path = self.staged(token).transcript
        if path is None:
            raise Unusable("upload.missing.transcript", "transcript")
        return path

    def save_structure(self, token: str, labels: Mapping[str, bool], kinds: Mapping[int, Kind]) -> TranscriptPreview:
        """Save a person's changes to the uploaded transcript: whether a text is a speaker's label (``labels``), and the
        ``kinds`` of passages by offset. Return the new preview. Raises Unusable if there is no usable transcript."""
        overrides, shown = call_for_field("transcript", _with_overrides, self.transcript(token), labels, kinds)
        structure_overrides.write_structure(self._of(token) / structure_overrides.FILE, overrides)
        return shown

    def drop(self, token: str) -> None:
        """Delete an upload with all its files."""
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
            with contextlib.suppress(OSError):  # another request may remove it at the same time
                if max(safe_fs.place(path).lstat().st_mtime for path in (folder, *safe_fs.entries(folder))) < oldest:
                    safe_fs.remove_folder(folder)


def recover_uploads(root: Path) -> None:
    """Delete the incomplete files of uploads that a killed server left in the library at ``root``."""
    uploads = root / HIDDEN / "incoming"
    for folder in (uploads, *(kind for each in safe_fs.folders(uploads) for kind in safe_fs.folders(each))):
        sweep(folder)
    for path in safe_fs.entries(passing_folder(root)):  # empty on systems with unnamed temporary files
        safe_fs.remove_folder(path)


@dataclass(frozen=True, slots=True)
class AudioFile:
    """An audio file's tags, and the ``duration`` in seconds that its header states. Unknown values are None."""

    title: str | None
    show: str | None
    date: str | None
    duration: float | None


def audio_info(path: Path) -> AudioFile:
    """Return an audio file's tags and duration. Raises Unusable if the file is not audio, or its header is damaged."""
    return call_for_field("audio", _read_audio, path)


def _read_audio(path: Path) -> AudioFile:
    from media.decode import EXPECTED, open_container, read_tags

    with contextlib.closing(open_container(path)) as container:
        if not container.streams.audio:
            raise DecodeError("{path}: has no audio; {expected}", path=path.name, expected=EXPECTED)
        duration = container.duration / 1e6 if container.duration else None
    tags = read_tags(path)
    # The form needs a whole date; a year alone is dropped.
    return AudioFile(tags.title, tags.album, iso_date(published_date(tags.date or "") or ""), duration)


def cover_name(picture: Path) -> str:
    """Return the file name for a cover, with the extension of the picture's format. Raises Unusable if unsupported."""
    return call_for_field("cover", _cover_name, picture)


def _cover_name(picture: Path) -> str:
    from media.pictures import format_of

    try:
        return f"cover{_COVER_ENDINGS[format_of(picture)]}"
    except NoPictureError as error:
        raise Unusable("upload.no_picture", "cover") from error


def call_for_field(field: str, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a worker process. Convert a UserError to an Unusable that names this form ``field``."""
    try:
        return call(function, *args, **kwargs)
    except Unusable as error:
        error.field = error.field or field
        raise
    except UserError as error:
        raise Unusable("upload.unusable", field, reason=error.message) from error


def _only(folder: Path) -> Path | None:
    """Return a folder's only file, None if the folder is empty. If a crash left two files, return the latest."""
    arrived = (path for name, path in safe_fs.files(folder).items() if not name.startswith("."))
    return max(arrived, key=lambda path: safe_fs.status_of(path).st_mtime_ns, default=None)


@dataclass(frozen=True, slots=True)
class PreviewedPassage:
    """A passage in a preview: a paragraph, heading, note or stage direction. ``start`` is the passage's offset in the
    text, in characters. If ``doubtful``, the preview lets a person choose another kind."""

    kind: Kind
    speaker: str | None
    text: str
    start: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class TranscriptPreview:
    """The structure of a transcript, shown for a person to check.

    ``passages`` are the first passages, ``left`` is the number of further ones. ``speakers`` are labels in order of
    appearance. ``labels`` has each possible label as (text, whether it is used as a label, number of passages).
    ``counts`` are numbers of passages by kind. ``kinds`` are the kinds that a person chose, by the passage's ``start``.
    ``headline`` is a title in the text itself.
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


def preview(path: Path, overrides: StructureOverrides | None = None) -> TranscriptPreview:
    """Return the preview of the transcript at ``path``. Raises Unusable if the file is not a transcript."""
    return call_for_field("transcript", _preview, path, overrides)


def labels_in(path: Path, overrides: StructureOverrides | None = None) -> tuple[str, ...]:
    """Return a transcript's speaker labels in order of appearance. Raises Unusable if the file is not a transcript."""
    return preview(path, overrides).speakers


def speakers_of(transcript: Transcript) -> dict[str, int]:
    """Return each speaker's number of passages; the speakers are in order of appearance."""
    return dict(Counter(s.speaker for s in transcript.segments if s.speaker and s.kind is Kind.SPEECH))


def _with_overrides(
    path: Path, labels: Mapping[str, bool], kinds: Mapping[int, Kind]
) -> tuple[StructureOverrides, TranscriptPreview]:
    overrides = StructureOverrides.of(read_transcript(path), labels, kinds)
    return overrides, _preview(path, overrides)


def _preview(path: Path, overrides: StructureOverrides | None) -> TranscriptPreview:
    file = open_transcript(path)
    read, headline = file.understood(), file.draft.headline
    overrides = structure_overrides.adapted(overrides, read) if overrides else StructureOverrides(read.sha256)
    transcript = structure_overrides.with_structure(read, overrides)
    passages = tuple(_previewed(read, transcript, overrides))
    spoken = [word for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH]
    return TranscriptPreview(
        passages=passages,
        left=sum(1 for _ in outermost(transcript.segments)) - len(passages),
        speakers=tuple(speakers_of(transcript))[:_MOST_SPEAKERS],
        counts=dict(Counter(segment.kind for segment in transcript.segments)),
        words=len(spoken),
        title=transcript.title,
        language=guess_language(transcript),
        labels=tuple(_labels(read, transcript, overrides)),
        kinds=overrides.kinds,
        show=file.draft.show,
        headline=None if headline is None or is_transcript_title(headline) else headline,
    )


def _previewed(read: Transcript, transcript: Transcript, overrides: StructureOverrides) -> Iterator[PreviewedPassage]:
    text = unbroken(transcript.text, guess_language(transcript) or "")
    starts = (start for start, paragraph in structure_overrides.overridden_paragraphs(read, overrides) if paragraph)
    for start, (index, _) in islice(zip(starts, outermost(transcript.segments), strict=True), _MOST_PASSAGES):
        segment = transcript.segments[index]
        shown = shortened(text[segment.char_start : segment.char_end], _LONGEST_PASSAGE) or ""
        is_doubtful = start in overrides.kinds or _is_doubtful(transcript, segment)
        yield PreviewedPassage(segment.kind, segment.speaker, shown, start, is_doubtful)


def _is_doubtful(transcript: Transcript, segment: Segment) -> bool:
    """Return whether a passage's kind is uncertain: it is not speech, or it is short and ends without punctuation."""
    words = transcript.text[segment.char_start : segment.char_end].split()
    return segment.kind is not Kind.SPEECH or (len(words) <= _TITLE_WORDS and words[-1][-1].isalnum())


def _labels(read: Transcript, now: Transcript, overrides: StructureOverrides) -> Iterator[tuple[str, bool, int]]:
    """Yield possible labels as (text, whether the text is used as a label, number of passages), those in use first.
    ``read`` is the transcript as detected, ``now`` is the transcript with a person's ``overrides``."""
    speakers, detected = speakers_of(now), speakers_of(read)
    yield from ((label, True, times) for label, times in islice(speakers.items(), _MOST_SPEAKERS))
    outer = (now.segments[index] for index, _ in outermost(now.segments))
    found = (
        structure_overrides.candidate_of(now.text, s.char_start, s.char_end) for s in outer if s.kind is Kind.SPEECH
    )
    names = Counter(each[0] for each in found if each and len(each[0].split()) <= _LABEL_WORDS)
    refused = {label: detected.get(label, 0) for label, is_one in overrides.labels.items() if not is_one}
    others = {**dict(names.most_common(_MOST_CANDIDATES)), **refused}
    yield from ((label, False, times) for label, times in others.items() if label not in speakers)
