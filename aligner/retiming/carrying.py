"""The two recordings of one episode: what was recognised of the old one, carried to the new one.

So nothing is recognised twice, neither now nor when words are corrected later: what comes of it is kept beside what was
recognised of whole recordings (``recognition.cached``), and never taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aligner.corrections.repair import Heard
from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.errors import AlignerError, NoSoundError
from aligner.locating.spoken_words import is_latin
from aligner.model import Alignment, Audio, AudioFile, RecognisedWord, Recognition, Span
from aligner.recognition import RATE, Progress, Recogniser, check_channels, examine
from aligner.recognition.cache import load_audio
from aligner.recognition.cached import keep_carried, recognisers_of
from aligner.retiming.matching import Stretch, gaps, stretches
from aligner.retiming.moving import Timeline, moved
from aligner.spans import SpeechSpans
from aligner.storage.atomic import Content, free_backup, without_backup_ending
from aligner.storage.file_names import find_audio, fingerprint_path, seen_from, sha256_of
from media.errors import FingerprintError
from media.fingerprint import FINE_MS, LARGEST_BYTES, Fingerprint, fingerprint_of, from_bytes
from media.safe_fs import files, is_regular, read_regular

if TYPE_CHECKING:
    from aligner.recognition import Samples

_AROUND = 1.0  # seconds before and after in which a detector of speech, and a recogniser, find their way
_JOINED = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class NewSound:
    """New audio. ``warnings`` are what the user should know of it; ``place`` is where it will be, if not where it
    is."""

    path: Path
    sha256: str
    duration: float
    warnings: tuple[str, ...] = ()
    place: Path | None = None

    def blocks(self, start: float, end: float | None, block: float = 30.0) -> Iterator[tuple[float, Samples]]:
        """Decode it from a second to another, or to its end."""
        from media.decode import sound_blocks

        return sound_blocks(self.path, RATE, start, end, block)

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
    """Return what is recognised in the new audio: what is known of the ``old`` one, and what is in its new spans. If
    nothing is known of the old one, that is all, with the spans ``unheard``, in which words stood."""
    timeline, fresh = Timeline(stretches, sound.duration), gaps([each.new for each in stretches], sound.duration)
    audio = load_audio(sound.path, sound.sha256)
    if audio is None and old:
        kept = (piece for span in old.audio.speech for piece in timeline.pieces(span))
        speech = joined([*kept, *_speech_in(fresh, sound)])
        audio = Audio(sound.path, sound.sha256, sound.duration, speech, sound.warnings)
    audio = audio or examine(sound.path, progress)
    heard = _recognised(audio, _recogniser_of(alignment), fresh if old else joined([*fresh, *unheard]), progress)
    if old is None:
        return Heard(audio, heard)
    whole = _both(old.recognition, heard, stretches, timeline, audio.duration)
    keep_carried(alignment, audio, whole)
    return Heard(audio, whole)


def _speech_in(spans: Sequence[Span], sound: NewSound) -> Iterator[Span]:
    """Yield where someone talks in some spans of new audio, of which no more is decoded."""
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans

    for span in spans:
        first, last = max(0.0, span.start - _AROUND), min(sound.duration, span.end + _AROUND)
        probabilities = speech_probabilities(sound.blocks(first, last, BLOCK))
        found = speech_spans(p for _, block in probabilities for p in block.tolist())
        moved_back = SpeechSpans([Span(each.start + first, each.end + first) for each in found])
        yield from moved_back.between(span.start, span.end)


def joined(spans: Iterable[Span], apart: float = _JOINED) -> tuple[Span, ...]:
    """Return the spans in order, those that are no further ``apart`` as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start - found[-1].end <= apart:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _recogniser_of(alignment: Alignment) -> Recogniser:
    """Return the recogniser of the old audio; where another program's output was imported, one of ours."""
    from aligner.recognition.acoustic import AcousticRecogniser
    from aligner.recognition.asr import AsrRecogniser

    *_, recogniser = [None, *recognisers_of(alignment)]
    ours = AcousticRecogniser if is_latin(alignment.transcript) else AsrRecogniser
    return recogniser or ours("base", alignment.language)


def _recognised(audio: Audio, ear: Recogniser, spans: Sequence[Span], progress: Progress) -> Recognition:
    speech = SpeechSpans(audio.speech)
    spoken = joined(part for span in spans for part in speech.between(span.start - _AROUND, span.end + _AROUND))
    return ear.recognise(replace(audio, speech=spoken), progress) if spoken else Recognition((), "und")


def _both(
    old: Recognition, new: Recognition, stretches: Sequence[Stretch], timeline: Timeline, duration: float
) -> Recognition:
    """Return what was recognised of the old audio where the new one has that, and of the new one elsewhere."""
    if old.emissions is None:
        kept = [(word, timeline.word(Span(word.start, word.end))) for word in old.words]
        words = [replace(word, start=span.start, end=span.end) for word, span in kept if span]
        words += _outside(new.words, [each.new for each in stretches])
        return replace(old, words=tuple(sorted(words, key=lambda word: word.start)))
    values, is_known = _moved_values(old.emissions.values, stretches, int(np.ceil(duration / FRAME)))
    if new.emissions is not None:
        fresh = new.emissions.values[: len(values)]
        values[: len(fresh)][~is_known[: len(fresh)]] = fresh[~is_known[: len(fresh)]]
    return replace(old, emissions=Emissions(values, old.emissions.prior))


def _moved_values(
    old: NDArray[np.float16], stretches: Sequence[Stretch], frames: int
) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """Return emissions moved to the nearest frames of the new audio, and which frames have some."""
    values, is_known = silent_frames(frames), np.zeros(frames, np.bool_)
    for stretch in stretches:
        first, stop = round(stretch.new.start / FRAME), min(frames, round(stretch.new.end / FRAME) + 1)
        there = stretch.old.start + (np.arange(first, stop) * FRAME - stretch.new.start) * stretch.rate
        places = np.round(there / FRAME).astype(np.int64)
        inside = (places >= 0) & (places < len(old))
        values[first:stop][inside] = old[places[inside]]
        is_known[first:stop] |= inside
    return values, is_known


def _outside(words: Iterable[RecognisedWord], kept: Sequence[Span]) -> Iterator[RecognisedWord]:
    return (word for word in words if not any(span.start <= (word.start + word.end) / 2 < span.end for span in kept))


class Sounds:
    """New audio, and how the old ones of alignments lie in it.

    Raises MediaError, SourceError: it cannot be read, or is no audio.
    """

    def __init__(self, path: Path, progress: Progress) -> None:
        from media.decode import check_readable, sound_blocks, stated_duration

        check_readable(path)
        self._path, self._progress = path, progress
        self._found: dict[str, tuple[Stretch, ...]] = {}
        warnings: list[str] = []
        sha256, expected = sha256_of(path), stated_duration(path)
        blocks = self._reported(sound_blocks(path, RATE, warn=warnings.append), expected or 0.0)
        self._fingerprint = fingerprint_of(blocks, FINE_MS, sha256=sha256)
        self.new = NewSound(path, sha256, self._fingerprint.duration, tuple(warnings))

    def stretches(self, alignment: Alignment, file: Path, old: Path | None = None) -> tuple[Stretch, ...]:
        """Return where the audio of the alignment in ``file`` is in the new one; ``old`` is that audio, if it is not
        where the alignment says.

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
        """Return what is to be kept beside an alignment of the new audio, for its next one."""
        return {fingerprint_path(alignment): self._fingerprint.as_kept().to_bytes()}

    def _reported(self, blocks: Iterable[tuple[float, Samples]], expected: float) -> Iterator[tuple[float, Samples]]:
        done = 0.0
        for at, samples in blocks:
            done = at + len(samples) / RATE
            self._progress("reading", done, max(done, expected))
            yield at, samples
        self._progress("reading", done, done)

    def _known(self, alignment: Alignment, file: Path, old: Path | None) -> Fingerprint:
        """Return the fingerprint of the old audio: as it was kept, else made of the audio."""
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


def moved_to(sound: Path, alignment: Alignment, file: Path, folder: Path, progress: Progress) -> Alignment:
    """Return the alignment in ``file`` with all that people set in it moved to other audio, in which nothing is sought.

    Raises AlignerError, MediaError: as of ``Sounds``.
    """
    sounds = Sounds(sound, progress)
    new, timeline = sounds.new, Timeline(sounds.stretches(alignment, file), sounds.new.duration)
    audio = AudioFile(seen_from(folder, sound), new.duration, new.sha256)
    return moved(alignment, timeline, audio, new.loudness).alignment


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
