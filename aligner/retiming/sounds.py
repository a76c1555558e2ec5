"""The two sounds of one episode: the new one decoded once, and what the old one is known by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from aligner.errors import AlignerError, NoSoundError
from aligner.model import Alignment, AudioFile
from aligner.recognition import RATE, Progress, check_channels
from aligner.retiming.carrying import NewSound
from aligner.retiming.matching import Stretch, stretches
from aligner.retiming.moving import Timeline, moved
from aligner.storage.atomic import Content
from aligner.storage.audio_lookup import find_audio, seen_from, sha256_of
from aligner.storage.backups import free_backup, without_backup_ending
from aligner.storage.file_names import fingerprint_path
from media.errors import FingerprintError
from media.fingerprint import FINE_MS, LARGEST_BYTES, Fingerprint, FingerprintMaker, fingerprint_of, from_bytes
from media.kept_sound import KeptSound
from media.safe_fs import files, is_regular, read_regular

if TYPE_CHECKING:
    from aligner.recognition import Samples


class Sounds:
    """A new sound, decoded while the context is entered, and how old ones of alignments lie in it.

    Raises
    ------
    MediaError, SourceError
        It cannot be read, or is no sound.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path, self._progress = path, progress
        self._kept_sound = KeptSound(RATE)
        self._found: dict[str, tuple[Stretch, ...]] = {}

    def __enter__(self) -> Self:
        from media.container import check_readable, stated_duration
        from media.decode import sound_blocks

        check_readable(self._path)
        self._kept_sound.__enter__()
        sha256, expected = sha256_of(self._path), stated_duration(self._path)
        warnings: list[str] = []
        blocks = self._kept_sound.keeping(sound_blocks(self._path, RATE, warn=warnings.append))
        self._fingerprint = _fine_fingerprint(self._told(blocks, expected or 0.0), sha256)
        kept = self._kept_sound if self._kept_sound.is_whole else None
        self.new = NewSound(self._path, sha256, self._fingerprint.duration, tuple(warnings), kept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept_sound.__exit__(kind, error, trace)

    def stretches(self, alignment: Alignment, file: Path, old: Path | None = None) -> tuple[Stretch, ...]:
        """Where the sound of the alignment in ``file`` is in the new one; ``old`` is that sound, where it is not where
        the alignment says.

        Raises
        ------
        AnotherEpisodeError
            It is hardly anywhere in it.
        AlignerError
            It is the same, its channels cancel each other, or nothing is known of the old one.
        """
        before = alignment.audio.sha256
        if before == self.new.sha256:
            raise AlignerError(
                "{path}: is the sound of this alignment already; there is nothing to move", path=self._path
            )
        if not self._fingerprint.tells.any():
            check_channels(self._path)
        if before not in self._found:
            self._found[before] = stretches(self._known(alignment, file, old), self._fingerprint, self.new.blocks)
        return self._found[before]

    def kept(self, alignment: Path) -> Mapping[Path, bytes]:
        """What is to be kept beside an alignment of the new sound, for its next one."""
        return {fingerprint_path(alignment): self._fingerprint.as_kept().to_bytes()}

    def _told(self, blocks: Iterable[tuple[float, Samples]], expected: float) -> Iterator[tuple[float, Samples]]:
        done = 0.0
        for at, samples in blocks:
            done = at + len(samples) / RATE
            self._progress("reading", done, max(done, expected))
            yield at, samples
        self._progress("reading", done, done)

    def _known(self, alignment: Alignment, file: Path, old: Path | None) -> Fingerprint:
        """What the sound of an alignment is known by: as it was kept, else made of the sound."""
        from media.decode import sound_blocks

        if kept := read_fingerprint(file, alignment.audio.sha256):
            return kept
        try:
            path = find_audio(alignment, file, old)
        except AlignerError as error:
            if old:
                raise
            raise NoSoundError(
                "{path}: the old sound is not there, nor what it is known by ({kept}); name it with --old",
                path=file.parent / alignment.audio.file,
                kept=fingerprint_path(file).name,
            ) from error
        return fingerprint_of(sound_blocks(path, RATE), sha256=alignment.audio.sha256)


def _fine_fingerprint(blocks: Iterable[tuple[float, Samples]], sha256: str) -> Fingerprint:
    """What a sound is sought by, made while the next of its blocks is decoded."""
    maker, taken = FingerprintMaker(FINE_MS), Future[None]()
    taken.set_result(None)
    with ThreadPoolExecutor(1) as beside:
        for _, samples in blocks:
            taken.result()
            taken = beside.submit(maker.add, samples)
    taken.result()
    return maker.finished(sha256)


def moved_to(sound: Path, alignment: Alignment, file: Path, folder: Path, progress: Progress) -> Alignment:
    """The alignment in ``file`` with all that people set in it moved to another sound, in which nothing is sought.

    Raises
    ------
    AlignerError, MediaError
        As of ``Sounds``.
    """
    with Sounds(sound, progress) as sounds:
        found, new = sounds.stretches(alignment, file), sounds.new
        audio = AudioFile(seen_from(folder, sound), new.duration, new.sha256)
        return moved(alignment, Timeline(found, new.duration), audio, new.loudness).alignment


def in_place(place: Path, laid: Path | None, old: Path | None) -> dict[Path, Content]:
    """Return the files to replace, which put the new audio ``laid`` at ``place``, if it is not there already, and keep
    the ``old`` one, and whatever stands at ``place``, as ``NAME.bak``, ``NAME.bak2``, ..."""
    found: dict[Path, Content] = {}
    if old and old != place:
        found |= {**_copied(old), old: None}  # goes first: to some systems both names are one
    if laid:
        found |= {**(_copied(place) if is_regular(place) else {}), place: laid}
    return found


def _copied(path: Path) -> dict[Path, Content]:
    """Return the copy to make of a file that is to be replaced, none if one of its copies holds the same."""
    copies = (each for each in files(path.parent).values() if each != path and without_backup_ending(each) == path)
    sha256 = sha256_of(path)
    return {} if any(sha256_of(each) == sha256 for each in copies) else {free_backup(path): path}


def read_fingerprint(path: Path, sha256: str) -> Fingerprint | None:
    """Return the fingerprint beside the alignment at ``path``, by which its audio is recognised when it comes back cut
    or encoded again; None if there is none, it is damaged, or of other audio than that with this hash."""
    try:
        found = from_bytes(read_regular(fingerprint_path(path), LARGEST_BYTES))
    except (OSError, FingerprintError):
        return None
    return found if found.sha256 == sha256 else None
