"""The two recordings of one episode: what was recognised of the old one, carried to the new one.

So nothing is listened to twice, neither now nor when words are set right later: what comes of it is kept beside what is
heard of whole sounds (``recognition.before``), and never taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from aligner.corrections.repair import Heard
from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.errors import AlignerError, NoSoundError
from aligner.locating.spoken_words import is_latin
from aligner.model import Alignment, Audio, AudioFile, HeardWord, Recognition, Span
from aligner.recognition import RATE, Ear, Progress, check_channels, examine
from aligner.recognition.before import ears_that_listened, keep_carried
from aligner.recognition.cache import load_audio
from aligner.retiming.matching import Stretch, gaps, stretches
from aligner.retiming.moving import Timeline, moved
from aligner.spans import SpeechSpans
from aligner.storage.atomic import Content, free_backup, without_backup_ending
from aligner.storage.file_names import find_audio, fingerprint_path, seen_from, sha256_of
from media.errors import FingerprintError
from media.fingerprint import FINE_MS, LARGEST_BYTES, Fingerprint, FingerprintMaker, fingerprint_of, from_bytes
from media.kept_sound import KeptSound
from media.safe_fs import files, is_regular, read_regular

if TYPE_CHECKING:
    from aligner.recognition import Samples


_AROUND = 1.0  # seconds before and after in which a detector of speech, and an ear, find their way
_JOINED = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class NewSound:
    """A sound as it was decoded, and ``kept``, if it was. ``warnings`` are what the user should know of it; ``place``
    is where it will be, if not where it is."""

    path: Path
    sha256: str
    duration: float
    warnings: tuple[str, ...] = ()
    kept: KeptSound | None = None
    place: Path | None = None

    def blocks(self, start: float, end: float | None, block: float = 30.0) -> Iterator[tuple[float, Samples]]:
        """Read it from a second to another, or to its end: as it was kept, else decoded again."""
        from media.decode import sound_blocks

        kept = self.kept
        return kept.blocks(start, end, block) if kept else sound_blocks(self.path, RATE, start, end, block)

    def loudness(self, span: Span) -> float:
        """Return the sum of the absolute values of the samples in a span."""
        return sum(float(np.abs(samples).sum()) for _, samples in self.blocks(span.start, span.end))


def carried(
    alignment: Alignment,
    old: Heard | None,
    stretches: Sequence[Stretch],
    sound: NewSound,
    unheard: Sequence[Span],
    progress: Progress,
) -> Heard:
    """What is heard of the new sound: of the ``old`` one what is known, and what lies in its new spans. Where nothing
    is known of the old one, that is all, with the spans ``unheard``, in which words stood."""
    timeline, fresh = Timeline(stretches, sound.duration), gaps([each.new for each in stretches], sound.duration)
    audio = load_audio(sound.path, sound.sha256)
    if audio is None and old is None:
        audio = examine(sound.path, progress)
    elif audio is None and old:
        speech = joined([*_moved_speech(old.audio, timeline), *_speech_in(fresh, sound)])
        audio = Audio(sound.path, sound.sha256, sound.duration, speech, sound.warnings)
    assert audio
    audio = replace(audio, kept=sound.kept)
    ear = _ear_of(alignment)
    wanted = fresh if old else joined([*fresh, *unheard])
    heard = _listened(audio, ear, wanted, progress)
    if old is None:
        return Heard(audio, heard)
    whole = _both(old.recognition, heard, stretches, timeline, audio.duration)
    keep_carried(alignment, audio, whole)
    return Heard(audio, whole)


def _moved_speech(audio: Audio, timeline: Timeline) -> Iterator[Span]:
    return (piece for span in audio.speech for piece in timeline.pieces(span))


def _speech_in(spans: Sequence[Span], sound: NewSound) -> Iterator[Span]:
    """Where someone talks in some spans of a sound, of which no more is decoded."""
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans

    for span in spans:
        first, last = max(0.0, span.start - _AROUND), min(sound.duration, span.end + _AROUND)
        probabilities = speech_probabilities(sound.blocks(first, last, BLOCK))
        found = speech_spans(p for _, block in probabilities for p in block.tolist())
        yield from SpeechSpans([Span(each.start + first, each.end + first) for each in found]).between(
            span.start, span.end
        )


def joined(spans: Iterable[Span], apart: float = _JOINED) -> tuple[Span, ...]:
    """Spans in order, those that are no further ``apart`` as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start - found[-1].end <= apart:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _ear_of(alignment: Alignment) -> Ear:
    """The ear that listened to the old sound; where words were given, one that times what is said."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    *_, ear = [None, *ears_that_listened(alignment)]
    given = LettersEar if is_latin(alignment.transcript) else WordsEar
    return ear or given("base", alignment.language)


def _listened(audio: Audio, ear: Ear, spans: Sequence[Span], progress: Progress) -> Recognition:
    """What an ear makes of some spans of a sound."""
    speech = SpeechSpans(audio.speech)
    parts = (part for span in spans for part in speech.between(span.start - _AROUND, span.end + _AROUND))
    spoken = joined(parts)
    if not spoken:
        return Recognition((), "und")
    return ear.recognise(replace(audio, speech=spoken), progress)


def _both(
    old: Recognition, new: Recognition, stretches: Sequence[Stretch], timeline: Timeline, duration: float
) -> Recognition:
    """What was heard of an old sound where the new one has that, and of the new one elsewhere."""
    if old.emissions is None:
        words = [*_moved_words(old.words, timeline), *_outside(new.words, stretches)]
        return replace(old, words=tuple(sorted(words, key=lambda word: word.start)))
    values, is_known = _moved_values(old.emissions.values, stretches, int(np.ceil(duration / FRAME)))
    if new.emissions is not None:
        fresh = new.emissions.values[: len(values)]
        values[: len(fresh)][~is_known[: len(fresh)]] = fresh[~is_known[: len(fresh)]]
    return replace(old, emissions=Emissions(values, old.emissions.prior))


def _moved_values(
    old: NDArray[np.float16], stretches: Sequence[Stretch], frames: int
) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """Emissions moved to the frames nearest in the new sound, and which frames have some."""
    values, is_known = silent_frames(frames), np.zeros(frames, np.bool_)
    for stretch in stretches:
        first, stop = round(stretch.new.start / FRAME), min(frames, round(stretch.new.end / FRAME) + 1)
        there = stretch.old.start + (np.arange(first, stop) * FRAME - stretch.new.start) * stretch.rate
        places = np.round(there / FRAME).astype(np.int64)
        inside = (places >= 0) & (places < len(old))
        values[first:stop][inside] = old[places[inside]]
        is_known[first:stop] |= inside
    return values, is_known


def _moved_words(words: Iterable[HeardWord], timeline: Timeline) -> Iterator[HeardWord]:
    for word in words:
        if span := timeline.word(Span(word.start, word.end)):
            yield replace(word, start=span.start, end=span.end)


def _outside(words: Iterable[HeardWord], stretches: Sequence[Stretch]) -> Iterator[HeardWord]:
    kept = [each.new for each in stretches]
    return (word for word in words if not any(span.start <= (word.start + word.end) / 2 < span.end for span in kept))


class Sounds:
    """A new sound, decoded while the context is entered, and how old ones of alignments lie in it.

    Raises MediaError, SourceError: it cannot be read, or is no sound.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        self._path, self._progress = path, progress
        self._kept_sound = KeptSound(RATE)
        self._found: dict[str, tuple[Stretch, ...]] = {}

    def __enter__(self) -> Self:
        from media.decode import check_readable, sound_blocks, stated_duration

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

        Raises AnotherEpisodeError: it is hardly anywhere in it; AlignerError: it is the same, its channels cancel each
        other, or nothing is known of the old one.
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

    Raises AlignerError, MediaError: as of ``Sounds``.
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
