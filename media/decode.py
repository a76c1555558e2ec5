"""Decode any file that FFmpeg knows, as blocks of samples whose times are the episode's; report damage.

What FFmpeg may make of a file is listed by name. None of the containers names other files, as playlists do, and none of
the decoders makes pictures of text; of any other kind it opens nothing.

What is reported of damage is kept with an alignment, which somebody may have sent: what is read from there is one of
the sentences below or none.

Conventions
-----------
- Second 0 is where a player starts: the earliest moment of the sound or, in a video, of the picture. An MP3's time
  stamps count from before its encoder's padding (25 to 50 ms), so a time stamp alone is not an episode time.
- Blocks follow each other without a hole. What the file lacks (damaged packets, a video's silent beginning) is silence.
- Nothing is held but the block in hand, whatever the file's length.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from media.errors import DecodeError, Message, NoAudioError, from_facts
from media.safe_fs import OutsideError, open_regular, regular_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


EXPECTED = Message("expected sound, or a video with sound (MP3, M4A, WAV, FLAC, Ogg, MP4...)")

_CONTAINERS = """
    aa aac ac3 aiff amr amrnb amrwb ape asf au avi caf dsf dss dts dtshd dv eac3 flac flv g722 gsm iff ilbc ircam loas
    matroska mov mp3 mpc mpc8 mpeg mpegts mxf nistsphere nut ogg oma pvf qcp qoa rm tak truehd tta voc w64 wav wtv wv
    xwma
"""
_SOUND_DECODERS = """
    8svx_exp 8svx_fib aac aac_fixed aac_latm ac3 ac3_fixed adpcm_adx adpcm_ct adpcm_g722 adpcm_g726 adpcm_g726le
    adpcm_ima_qt adpcm_ima_wav adpcm_ms adpcm_sbpro_2 adpcm_sbpro_3 adpcm_sbpro_4 adpcm_swf adpcm_yamaha alac als amrnb
    amrwb ape atrac1 atrac3 atrac3al atrac3plus atrac3plusal cook dca dsd_lsbf dsd_lsbf_planar dsd_msbf
    dsd_msbf_planar dss_sp dvaudio eac3 evrc flac g722 g723_1 g726 g726le g729 gsm gsm_ms ilbc libgsm libgsm_ms
    libopencore_amrnb libopencore_amrwb libopus libspeex libvorbis mace3 mace6 mlp mp1 mp1float mp2 mp2float mp3
    mp3adu mp3adufloat mp3float mp3on4 mp3on4float mpc7 mpc8 nellymoser opus pcm_alaw pcm_bluray pcm_dvd pcm_f16le
    pcm_f24le pcm_f32be pcm_f32le pcm_f64be pcm_f64le pcm_mulaw pcm_s16be pcm_s16be_planar pcm_s16le pcm_s16le_planar
    pcm_s24be pcm_s24le pcm_s24le_planar pcm_s32be pcm_s32le pcm_s32le_planar pcm_s64be pcm_s64le pcm_s8
    pcm_s8_planar pcm_u16be pcm_u16le pcm_u24be pcm_u24le pcm_u32be pcm_u32le pcm_u8 pcm_vidc qcelp qdm2 qdmc qoa ralf
    real_144 real_288 s302m sipr speex tak truehd truespeech tta vorbis wavpack wmalossless wmapro wmav1 wmav2
    wmavoice xma1 xma2
"""
# Where a video's picture begins is known once its first frames are decoded.
_PICTURE_DECODERS = """
    av1 cinepak dnxhd dvvideo ffv1 flv h261 h263 h263i h263p h264 hevc libdav1d libvpx libvpx-vp9 mjpeg mpeg1video
    mpeg2video mpeg4 mpegvideo msmpeg4 msmpeg4v1 msmpeg4v2 msvideo1 png prores rv10 rv20 rv30 rv40 svq1 svq3 theora vc1
    vp3 vp5 vp6 vp6a vp6f vp7 vp8 vp9 vvc wmv1 wmv2 wmv3
"""
_DECODERS = frozenset(_SOUND_DECODERS.split())

LOCAL = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(_CONTAINERS.split()),
    "codec_whitelist": ",".join((_SOUND_DECODERS + _PICTURE_DECODERS).split()),
}
"""FFmpeg's options for a file of sound: what it may be, decided before anything is made of it."""

_LONGEST_TAG = 500  # characters; what is longer is no title
_RATES = range(1000, 6_200_000)  # samples per second that a sound may have: DSD has some 5.6 million
_MOST_CHANNELS = 64


def check_readable(path: Path) -> None:
    """Say what is wrong with ``path`` as a file, before anything is made of its content.

    Raises DecodeError: the file is missing, empty, no regular file, leads out of a confined folder, or may not be read.
    """
    try:
        with open_regular(regular_file(path)) as file:
            if not file.read(1):
                raise DecodeError("{path}: is empty; {expected}", path=path, expected=EXPECTED)
    except FileNotFoundError as error:
        raise DecodeError("{path}: no such file; {expected}", path=path, expected=EXPECTED) from error
    except IsADirectoryError as error:
        raise DecodeError("{path}: is a folder; {expected}", path=path, expected=EXPECTED) from error
    except OutsideError as error:
        raise DecodeError(
            "{path}: cannot be read ({reason}); {expected}", path=path, reason=error.strerror, expected=EXPECTED
        ) from error
    except PermissionError as error:
        raise DecodeError("{path}: no permission to read it", path=path) from error
    except (OSError, ValueError) as error:
        raise DecodeError(
            "{path}: cannot be read ({detail}); {expected}", path=path, detail=error, expected=EXPECTED
        ) from error


def open_container(path: Path) -> Any:
    """The PyAV container of ``path``; the caller closes it.

    Raises DecodeError: as ``check_readable``; or the file is not sound or video, or one that names other files.
    """
    import av

    check_readable(path)
    # Before version 19, PyAV stops at tags that are not UTF-8 unless told otherwise; since then it cannot be told.
    lenient: dict[str, Any] = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    try:
        return av.open(f"file:{regular_file(path)}", options=LOCAL, **lenient)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DecodeError(
            "{path}: is not sound, or damaged at its beginning; {expected}", path=path, expected=EXPECTED
        ) from error


def sound_track(path: Path, container: Any) -> Any:
    """The stream of an open file's sound.

    Raises NoAudioError: there is none; DecodeError: it is of a kind that is not decoded, or its header is damaged.
    """
    if not container.streams.audio:
        raise NoAudioError("{path}: has no sound track; {expected}", path=path, expected=EXPECTED)
    stream = container.streams.best("audio") or container.streams.audio[0]
    context = stream.codec_context
    if context is None or context.codec.name not in _DECODERS:
        raise DecodeError(
            "{path}: its sound is of a kind that cannot be decoded; {expected}", path=path, expected=EXPECTED
        )
    if not is_plausible(context.sample_rate or _RATES[0], context.channels or 1):  # 0 is not yet known
        raise _damaged_header(path)
    return stream


def stated_duration(path: Path) -> float | None:
    """The sound's length in seconds as the header states or FFmpeg guesses it: for a progress bar, not for truth.

    Raises DecodeError, NoAudioError: as ``open_container``; or the file has no sound track.
    """
    with closing(open_container(path)) as container:
        stream = sound_track(path, container)
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else float(container.duration) / 1e6


def sound_format(path: Path) -> tuple[int, int]:
    """Samples per second and number of channels of the sound.

    Raises DecodeError, NoAudioError: as ``open_container``; or the file has no sound track.
    """
    with closing(open_container(path)) as container:
        stream = sound_track(path, container)
        if not stream.codec_context.sample_rate or not stream.codec_context.channels:
            raise _damaged_header(path)
        return stream.codec_context.sample_rate, stream.codec_context.channels


def _damaged_header(path: Path) -> DecodeError:
    return DecodeError("{path}: the header of its sound is damaged; {expected}", path=path, expected=EXPECTED)


def is_plausible(rate: int, channels: int) -> bool:
    """Whether a sound can have so many samples per second and channels; others are a damaged header's."""
    return rate in _RATES and 0 < channels <= _MOST_CHANNELS


@dataclass(frozen=True, slots=True)
class Tags:
    """Title, album or show, and date as the file's tags give them; None where they do not."""

    title: str | None = None
    album: str | None = None
    date: str | None = None


def read_tags(path: Path) -> Tags:
    """The tags of ``path``, their characters repaired if need be; empty ones where it has none.

    Raises DecodeError: the file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        found = dict(container.metadata)
        for stream in container.streams.audio:
            found = {**stream.metadata, **found}
    folded = {key.lower(): " ".join(value.split())[:_LONGEST_TAG] for key, value in found.items()}
    return Tags(folded.get("title") or None, folded.get("album") or None, folded.get("date") or None)


def cut_short(decoded: float, promised: float | None) -> Message:
    """What to tell of a file that ends before it should; ``promised`` is its length as far as that is known."""
    if promised is None:
        return Message("the file is cut short: its first {decoded:.0f} s are used", decoded=decoded)
    return Message(
        "the file is cut short: its first {decoded:.0f} s of {promised:.0f} s are used",
        decoded=decoded,
        promised=promised,
    )


def damaged(lost: Sequence[float]) -> Message:
    """What to tell of packets that did not decode; ``lost`` is where they were."""
    if len(lost) == 1:
        return Message("damaged audio near {start:.1f} s is replaced by silence", start=lost[0])
    return Message(
        "damaged audio near {start:.1f} s and after ({packets} packets) is replaced by silence",
        start=lost[0],
        packets=len(lost),
    )


_CUT_SHORT = frozenset(each.template for each in (cut_short(0, None), cut_short(0, 0)))
_TEMPLATES = {
    template: {name for _, name, _, _ in Formatter().parse(template) if name}
    for template in (*_CUT_SHORT, *(damaged(lost).template for lost in ([0], [0, 0])))
}


def is_cut_short(told: str) -> bool:
    """Whether a warning says that the sound ends before it should."""
    return isinstance(told, Message) and told.template in _CUT_SHORT


def told_again(template: str, values: Mapping[str, int | float]) -> str | None:
    """The sentence that was made of these; None where it is none of ours."""
    if set(values) != _TEMPLATES.get(template):
        return None
    return from_facts({"message": template.format(**values), "template": template, "values": dict(values)})


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

    Raises DecodeError: the file is missing, empty, unreadable, not sound, has two days of it, or hours of nothing
    between little; NoAudioError: the file has no sound track.
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


# What every codec that clips are written in takes, and no ear misses what lies above.
_HIGHEST_RATE = 48_000


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """Samples as float32 of shape (n, channels), one or two channels, 1.0 being full scale; ``rate`` per second."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    def between(self, start: float, end: float) -> Waveform:
        """The part between two of its times, which shares the samples."""
        return Waveform(self.samples[round(start * self.rate) : round(end * self.rate)], self.rate)


def read_waveform(path: Path, start: float = 0.0, end: float | None = None) -> Waveform:
    """The sound of ``path`` between two times, at its own rate up to 48 kHz; mono stays mono, all else is stereo.

    Raises DecodeError: the file is missing, unreadable or not sound, or nothing of it is there; NoAudioError: it has no
    sound track.
    """
    import numpy as np

    rate, channels = sound_format(path)
    rate, channels = min(rate, _HIGHEST_RATE), min(channels, 2)
    blocks = [samples for _, samples in sound_blocks(path, rate, start, end, channels=channels)]
    if not blocks:
        raise DecodeError("{path}: has no sound from {start:.1f} s on", path=path, start=start)
    return Waveform(np.concatenate(blocks), rate)


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


_RATE, _SOUGHT_SECONDS = 16_000, 600.0
_LOUD = 0.01  # of full scale: a block with less tells nothing
_LEFT = 0.03  # of what is heard, in the mix: encoders leave some


def cancel_out(path: Path) -> bool:
    """Whether the right channel is the left one turned over, by the first half minute in which there is something.

    Raises MediaError: it cannot be decoded.
    """
    import numpy as np

    for _, block in sound_blocks(path, _RATE, end=_SOUGHT_SECONDS, channels=2):
        heard, mixed = float(np.abs(block).max()), float(np.abs(block.sum(axis=1)).mean() / 2)
        if heard >= _LOUD:
            return mixed < _LEFT * float(np.abs(block).mean())
    return False
