"""Read the new audio of an episode: match it with the old audio, and run the recogniser on added audio only.

The recognition of the old audio is converted to times of the new audio. The result is cached under a separate key
(``recognition.cached``): later corrections use it, but no later alignment takes it for a full recognition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aligner.corrections.repair import RecognisedAudio
from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.errors import AlignerError, MissingAudioError
from aligner.locating.spoken_words import is_latin
from aligner.model import Alignment, Audio, AudioFile, Recognition, Span
from aligner.recognition import RATE, Progress, Recogniser, check_channels, examine
from aligner.recognition.cache import load_audio
from aligner.recognition.cached import recognisers_of, store_carried
from aligner.retiming.matching import match_audio
from aligner.retiming.moving import AudioMapping, MatchedSpan, gaps, move_alignment
from aligner.spans import SpeechSpans
from aligner.storage.atomic import Content, free_backup
from aligner.storage.file_names import find_audio, fingerprint_path, read_fingerprint, seen_from, sha256_of
from media.fingerprint import FINE_MS, Fingerprint, fingerprint_of
from media.safe_fs import is_regular

if TYPE_CHECKING:
    from aligner.recognition import Samples

_CONTEXT = 1.0  # seconds that the speech detector and the recogniser get before and after a span
_TOUCHING = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class NewAudio:
    """A new audio file of an episode, now at ``path``. ``target`` is the path to which it will be copied, None if it
    stays at ``path``. ``warnings`` are shown to the user."""

    path: Path
    sha256: str
    duration: float
    warnings: tuple[str, ...] = ()
    target: Path | None = None

    def blocks(self, start: float, end: float | None, block: float = 30.0) -> Iterator[tuple[float, Samples]]:
        """Yield blocks of samples with their times, from second ``start`` to ``end`` (None: the end of the file)."""
        from media.decode import audio_blocks

        return audio_blocks(self.path, RATE, start, end, block)

    def loudness(self, span: Span) -> float:
        """Return the sum of the absolute sample values in a span."""
        return sum(float(np.abs(samples).sum()) for _, samples in self.blocks(span.start, span.end))


def recognise_new(
    alignment: Alignment,
    old: RecognisedAudio | None,
    matched: Sequence[MatchedSpan],
    new: NewAudio,
    displaced: Sequence[Span],
    progress: Progress,
) -> RecognisedAudio:
    """Return the recognition of the new audio. In the ``matched`` spans, it is ``old`` (the recognition of the old
    audio) with its times converted; in added audio, new output of the recogniser. If ``old`` is None, only added audio
    and ``displaced`` spans (whose words are no longer in text order) are recognised."""
    mapping, added = AudioMapping(matched, new.duration), gaps([each.new for each in matched], new.duration)
    audio = load_audio(new.path, new.sha256)
    if audio is None and old:
        moved = (piece for span in old.audio.speech for piece in mapping.pieces(span))
        speech = merged([*moved, *_speech_in(added, new)])
        audio = Audio(new.path, new.sha256, new.duration, speech, new.warnings)
    audio = audio or examine(new.path, progress)
    recognition = _recognised(
        audio, _recogniser_of(alignment), added if old else merged([*added, *displaced]), progress
    )
    if old is None:
        return RecognisedAudio(audio, recognition)
    recognition = _combined(old.recognition, recognition, matched, mapping, audio.duration)
    store_carried(alignment, audio, recognition)
    return RecognisedAudio(audio, recognition)


def _speech_in(spans: Sequence[Span], new: NewAudio) -> Iterator[Span]:
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans

    for span in spans:
        first, last = max(0.0, span.start - _CONTEXT), min(new.duration, span.end + _CONTEXT)
        probabilities = speech_probabilities(new.blocks(first, last, BLOCK))
        found = speech_spans(p for _, block in probabilities for p in block.tolist())
        speech = SpeechSpans([Span(each.start + first, each.end + first) for each in found])
        yield from speech.between(span.start, span.end)


def merged(spans: Iterable[Span], apart: float = _TOUCHING) -> tuple[Span, ...]:
    """Return the spans in order; spans with gaps of at most ``apart`` seconds between them are joined."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start - found[-1].end <= apart:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _recogniser_of(alignment: Alignment) -> Recogniser:
    from aligner.recognition.acoustic import AcousticRecogniser
    from aligner.recognition.asr import AsrRecogniser

    *_, recogniser = [None, *recognisers_of(alignment)]
    ours = AcousticRecogniser if is_latin(alignment.transcript) else AsrRecogniser
    return recogniser or ours("base", alignment.language)


def _recognised(audio: Audio, recogniser: Recogniser, spans: Sequence[Span], progress: Progress) -> Recognition:
    speech = SpeechSpans(audio.speech)
    spoken = merged(part for span in spans for part in speech.between(span.start - _CONTEXT, span.end + _CONTEXT))
    return recogniser.recognise(replace(audio, speech=spoken), progress) if spoken else Recognition((), "und")


def _combined(
    old: Recognition, new: Recognition, matched: Sequence[MatchedSpan], mapping: AudioMapping, duration: float
) -> Recognition:
    """Return a recognition of the new audio: ``old``, converted, in the matched spans, and ``new`` elsewhere."""
    if old.emissions is None:
        moved = [(word, mapping.word(Span(word.start, word.end))) for word in old.words]
        words = [replace(word, start=span.start, end=span.end) for word, span in moved if span]
        spans = [each.new for each in matched]
        middles = [(word, (word.start + word.end) / 2) for word in new.words]
        words += (word for word, at in middles if not any(span.start <= at < span.end for span in spans))
        return replace(old, words=tuple(sorted(words, key=lambda word: word.start)))
    values, is_known = _moved_emissions(old.emissions.values, matched, int(np.ceil(duration / FRAME)))
    if new.emissions is not None:
        added = new.emissions.values[: len(values)]
        values[: len(added)][~is_known[: len(added)]] = added[~is_known[: len(added)]]
    return replace(old, emissions=Emissions(values, old.emissions.prior))


def _moved_emissions(
    old: NDArray[np.float16], matched: Sequence[MatchedSpan], frames: int
) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """Convert ``old`` emissions to the ``frames`` of the new audio; also return which frames have old emissions."""
    values, is_known = silent_frames(frames), np.zeros(frames, np.bool_)
    for each in matched:
        first, stop = round(each.new.start / FRAME), min(frames, round(each.new.end / FRAME) + 1)
        times = each.old.start + (np.arange(first, stop) * FRAME - each.new.start) * each.rate
        sources = np.round(times / FRAME).astype(np.int64)
        inside = (sources >= 0) & (sources < len(old))
        values[first:stop][inside] = old[sources[inside]]
        is_known[first:stop] |= inside
    return values, is_known


class AudioMatcher:
    """A new audio file, read once, to be matched with the old audio of one or more alignments. Raises MediaError or
    SourceError if the file cannot be read or is not audio."""

    def __init__(self, path: Path, progress: Progress) -> None:
        from media.decode import audio_blocks, check_readable, stated_duration

        check_readable(path)
        self._path, self._progress = path, progress
        warnings: list[str] = []
        sha256, expected = sha256_of(path), stated_duration(path)
        blocks = self._reported(audio_blocks(path, RATE, warn=warnings.append), expected or 0.0)
        self._fingerprint = fingerprint_of(blocks, FINE_MS, sha256=sha256)
        self.new = NewAudio(path, sha256, self._fingerprint.duration, tuple(warnings))

    def match(self, alignment: Alignment, file: Path, old: Path | None = None) -> tuple[MatchedSpan, ...]:
        """Return the spans that the new audio shares with the audio of the alignment in ``file``. ``old`` is the
        path of the alignment's audio, if that audio has been moved. Raises the errors of ``match_fingerprint``, and
        AlignerError if old and new audio are the same file, or both the old audio and its fingerprint are missing."""
        if alignment.audio.sha256 == self.new.sha256:
            raise AlignerError("{path}: this is the audio of the alignment already; nothing to move", path=self._path)
        return self.match_fingerprint(self._old_fingerprint(alignment, file, old))

    def match_fingerprint(self, old: Fingerprint) -> tuple[MatchedSpan, ...]:
        """Return the spans that the new audio shares with the audio of a fingerprint. Raises AnotherEpisodeError if too
        little is shared; AlignerError if the new audio's channels cancel each other."""
        if not self._fingerprint.is_informative.any():
            check_channels(self._path)
        return match_audio(old, self._fingerprint, self.new.blocks)

    def fingerprint_file(self, alignment: Path) -> Mapping[Path, bytes]:
        """Return the fingerprint of the new audio as a file (content by path) to write beside ``alignment``, so that
        later calls of ``match`` can use it."""
        return {fingerprint_path(alignment): self._fingerprint.coarse().to_bytes()}

    def _reported(self, blocks: Iterable[tuple[float, Samples]], expected: float) -> Iterator[tuple[float, Samples]]:
        done = 0.0
        for at, samples in blocks:
            done = at + len(samples) / RATE
            self._progress("reading", done, max(done, expected))
            yield at, samples
        self._progress("reading", done, done)

    def _old_fingerprint(self, alignment: Alignment, file: Path, old: Path | None) -> Fingerprint:
        from media.decode import audio_blocks

        if saved := read_fingerprint(file, alignment.audio.sha256):
            return saved
        try:
            path = find_audio(alignment, file, old)
        except AlignerError as error:
            if old:
                raise
            raise MissingAudioError(
                "{path}: the old audio and its fingerprint ({fingerprint}) are missing; give the audio with --old",
                path=file.parent / alignment.audio.file,
                fingerprint=fingerprint_path(file).name,
            ) from error
        return fingerprint_of(audio_blocks(path, RATE), sha256=alignment.audio.sha256)


def move_to_audio(path: Path, alignment: Alignment, file: Path, folder: Path, progress: Progress) -> Alignment:
    """Convert the alignment in ``file``, with corrections, to the new audio at ``path``, named relative to ``folder``.
    Added audio is not searched for words. Raises the errors of ``AudioMatcher`` and its ``match``."""
    matcher = AudioMatcher(path, progress)
    new, mapping = matcher.new, AudioMapping(matcher.match(alignment, file), matcher.new.duration)
    audio = AudioFile(seen_from(folder, path), new.duration, new.sha256)
    return move_alignment(alignment, mapping, audio, new.loudness).alignment


def replaced_files(target: Path, copy: Path | None, old: Path | None) -> dict[Path, Content]:
    """Return the new content of each file (None: delete it) when new audio replaces ``target``. The new audio is at
    ``copy`` or, if ``copy`` is None, at ``target`` already. The ``old`` audio and a file that the copy replaces are
    kept as ``NAME.bak``, ``NAME.bak2``, and so on."""
    found: dict[Path, Content] = {}
    if old and old != target:
        found |= {free_backup(old): old, old: None}  # first: some file systems do not tell the two names apart
    if copy:
        found |= {**({free_backup(target): target} if is_regular(target) else {}), target: copy}
    return found
