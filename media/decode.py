"""Sound of any file that FFmpeg knows, as blocks of samples whose times are the episode's.

Conventions
-----------
- Second 0 is where a player starts: the earliest moment of the sound or, in a video, of the picture. An MP3's time
  stamps count from before its encoder's padding (25 to 50 ms), so a time stamp alone is not an episode time.
- Blocks follow each other without a hole. What the file lacks (damaged packets, a video's silent beginning) is silence.
- Nothing is held but the block in hand, whatever the file's length.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.container import is_plausible, open_container, sound_track
from media.damage import cut_short, damaged
from media.errors import DecodeError, Message
from media.safe_fs import open_regular

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

# Containers whose header states the length; for the others FFmpeg guesses it from the bit rate and the file's size.
_STATES_LENGTH = {"mov", "wav", "flac", "matroska", "mp3"}

# A file is called cut short when it lacks more than this of what its header promises.
_SHORT_SECONDS, _SHORT_SHARE = 1.0, 0.01

# Time stamps in Matroska are whole milliseconds, and recorders jitter; a lost packet is 20 ms or more.
_JITTER = 0.012

# What is missing may last so long, and as much again as there is; a few packets must not claim days of silence.
_MOST_MISSING = 6 * 3600.0

# Time stamps that jump further than this are a fault of the file (recordings glued together), not lost sound.
_LONGEST_HOLE, _LONGEST_OVERLAP = 6 * 3600.0, 2.0

# Decoders need a run-up after a seek: MP3's bit reservoir reaches back 9 frames, Opus asks for 80 ms.
_RUN_UP = 1.0

_FILL_SAMPLES = 1 << 20

LONGEST = 48 * 3600.0
"""Seconds that an episode may last: a few bytes can claim days of sound or silence."""

# A frame holds some 25 ms. The resampler costs as much for each of them as decoding does, so they are given to it a few
# seconds at a time; what comes out is the same.
_RESAMPLED_TOGETHER = 5.0


def sound_blocks(
    path: Path,
    rate: int = 16000,
    start: float = 0.0,
    end: float | None = None,
    block: float = 30.0,
    warn: Callable[[Message], object] | None = None,
    channels: int | None = None,
) -> Iterator[tuple[float, Samples]]:
    """Decode ``path`` from ``start`` to ``end`` (by default to where it ends), ``block`` seconds at a time.

    Yields ``(seconds, samples)``: the episode time of the first sample, and float32 mono samples, ``rate`` per second,
    or, with ``channels`` (1 or 2), samples of shape (n, channels). All blocks but the last have one length. ``warn`` is
    told what the user should know: the file is cut short, packets could not be decoded.

    Raises
    ------
    DecodeError
        The file is missing, empty, unreadable, not sound, has two days of it, or hours of nothing between little.
    NoAudioError
        The file has no sound track.
    """
    import numpy as np

    size = max(1, round(block * rate))
    at, last = round(start * rate), None if end is None else round(end * rate)
    pending: list[Samples] = []
    held = 0
    with closing(open_container(path)) as container:
        timeline = _Timeline(path, container, (rate, channels), warn or (lambda _: None))
        if end is None and (timeline.promised() or 0.0) > LONGEST:
            raise _too_long(path)  # without decoding two days of it
        for piece in timeline.pieces(at, last):
            pending.append(piece)
            held += len(piece)
            if at + held > LONGEST * rate:
                raise _too_long(path)
            if held < size:
                continue
            joined = np.concatenate(pending)
            whole = held - held % size
            for offset in range(0, whole, size):
                yield (at + offset) / rate, joined[offset : offset + size]
            at, held, pending = at + whole, held - whole, [joined[whole:]]
    if held:
        yield at / rate, np.concatenate(pending)


def _too_long(path: Path) -> DecodeError:
    most = int(LONGEST / 3600)
    return DecodeError("{path}: lasts longer than {most} hours, expected an episode", path=path, most=most)


class _Timeline:
    """The sound track of an open file, laid out on the episode's time."""

    def __init__(
        self, path: Path, container: Any, wanted: tuple[int, int | None], warn: Callable[[Message], object]
    ) -> None:
        self._path, self._container, self._warn = path, container, warn
        self._rate, self._channels = wanted
        self._stream = sound_track(path, container)
        self._origin = _origin(container, self._stream)
        self._lost: list[float] = []
        self._broken = False

    def pieces(self, first: int, last: int | None) -> Iterator[Samples]:
        """Sample ``first`` and all that follow, up to ``last`` or to the end, in pieces of any length."""
        import numpy as np

        self._seek(first / self._rate - _RUN_UP)
        position, heard = first, False
        for index, samples in self._runs(first / self._rate):
            heard = True
            while position < index and (last is None or position < last):
                gap = min(index - position, _FILL_SAMPLES, _FILL_SAMPLES if last is None else last - position)
                yield np.zeros(gap if self._channels is None else (gap, self._channels), np.float32)
                position += gap
            kept = samples[position - index if position > index else 0 : None if last is None else max(0, last - index)]
            if len(kept):
                yield kept
                position += len(kept)
            if last is not None and position >= last:
                return
        if not heard and first == 0:
            raise DecodeError(
                "{path}: no sound in it can be decoded; the file is damaged or empty of sound", path=self._path
            )
        self._report(position / self._rate, whole=last is None)

    def _seek(self, seconds: float) -> None:
        import av

        if seconds <= 0:
            return
        # A file that cannot be sought in is decoded from its beginning, which gives the same samples.
        with suppress(av.FFmpegError, OverflowError):
            self._container.seek(int((seconds + self._origin) / self._stream.time_base), stream=self._stream)

    def _runs(self, start: float) -> Iterator[tuple[int, Samples]]:
        """Resampled sound with the sample number where it belongs; a hole in the time stamps starts a new run."""
        run, fed, begin, shift = None, 0, 0.0, 0.0
        heard, missing = 0.0, 0.0
        shape: tuple[object, ...] = ()
        for frame in self._frames(start):
            expected = begin + fed / frame.sample_rate if run else max(0.0, start - _RUN_UP)
            stamp = frame.pts * float(frame.time_base) - self._origin + shift if frame.pts is not None else expected
            if stamp - expected > _LONGEST_HOLE or (run and expected - stamp > _LONGEST_OVERLAP):
                shift, stamp = shift + expected - stamp, expected
            new_shape = (frame.sample_rate, frame.layout.name, frame.format.name)
            if run is None or new_shape != shape or abs(stamp - expected) > _JITTER:
                if run:
                    yield from run.rest()
                missing += max(0.0, stamp - expected)
                if missing > _MOST_MISSING + heard:
                    raise DecodeError(
                        "{path}: claims hours of sound that it does not have; expected an episode", path=self._path
                    )
                shape, begin, fed = new_shape, stamp, 0
                run = Resampling(self._rate, self._channels, round(stamp * self._rate))
            fed, heard = fed + frame.samples, heard + frame.samples / frame.sample_rate
            yield from run.feed(frame)
        if run:
            yield from run.rest()

    def _frames(self, start: float) -> Iterator[Any]:
        """Decoded frames; packets that do not decode are noted and left out."""
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
            except (av.FFmpegError, OSError):
                self._broken = True
                return
            try:
                frames = packet.decode()
            except av.EOFError:
                continue
            except (av.FFmpegError, MemoryError):
                frames = [None]
            for frame in frames:
                if frame is not None and is_plausible(frame.sample_rate, frame.layout.nb_channels):
                    yield frame
                    continue
                at = 0.0 if packet.pts is None else float(packet.pts * packet.time_base) - self._origin
                if at >= start:  # a decoder may stumble in the run-up
                    self._lost.append(at)

    def _report(self, decoded: float, whole: bool) -> None:
        if self._lost:
            self._warn(damaged(self._lost))
        promised = self.promised()
        lacking = 0.0 if promised is None else promised - decoded
        if whole and (self._broken or lacking > max(_SHORT_SECONDS, _SHORT_SHARE * decoded)):
            self._warn(cut_short(decoded, promised if promised and lacking > 0 else None))

    def promised(self) -> float | None:
        """The sound's length as the header states it, None where it does not."""
        names = set(self._container.format.name.split(","))
        if not names & _STATES_LENGTH or ("mp3" in names and not self._stream.start_time):
            return None  # an MP3 without padding has no header of its own either, and its length is a guess
        if self._stream.duration is not None:
            return float(self._stream.duration * self._stream.time_base) * (
                _riff_share(self._path) if "wav" in names else 1
            )
        if self._container.duration is not None and len(self._container.streams) == 1:
            return float(self._container.duration) / 1e6
        return None


class Resampling:
    """Makes frames of one kind, each following the one before, mono float32 samples at ``rate``, or, with ``channels``
    (1 or 2), samples of shape (n, channels); each piece comes with the number of its first sample, ``index`` at first.
    """

    def __init__(self, rate: int, channels: int | None, index: int = 0) -> None:
        import av

        self._resampler: Any = av.AudioResampler(format="flt", layout="stereo" if channels == 2 else "mono", rate=rate)
        self._shape = (-1,) if channels is None else (-1, channels)
        self._waiting = av.AudioFifo()
        self._index = index

    def feed(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        """Take a frame, whose time stamp is dropped: the resampler would fill holes between them by its own rules."""
        frame.pts = None
        self._waiting.write(frame)
        if self._waiting.samples >= _RESAMPLED_TOGETHER * frame.sample_rate:
            yield from self._resampled(self._waiting.read())

    def rest(self) -> Iterator[tuple[int, Samples]]:
        """What is still held; nothing can be fed after it."""
        if self._waiting.samples:
            yield from self._resampled(self._waiting.read())
        yield from self._resampled(None)

    def _resampled(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        for out in self._resampler.resample(frame):
            if out is not None and out.samples:
                yield self._index, out.to_ndarray().reshape(self._shape)
                self._index += out.samples


def _riff_share(path: Path) -> float:
    """How many times larger a WAV file's header says it is than it is; FFmpeg only reports the latter."""
    with open_regular(path) as file:
        stated = int.from_bytes(file.read(8)[4:], "little") + 8
        size = os.fstat(file.fileno()).st_size
    return stated / size if size < stated < 0xFFFFFFFF else 1.0  # recorders that stream write the largest number


def _origin(container: Any, stream: Any) -> float:
    """The time stamp, in seconds, that a player shows as 0."""
    import av

    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    starts = [float(s.start_time * s.time_base) for s in [stream, *pictures] if s.start_time is not None]
    return max(0.0, min(starts, default=0.0))  # below 0 is an encoder's run-up, which decoders drop
