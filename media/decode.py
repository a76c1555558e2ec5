"""Decode audio files as blocks of samples with their times in the episode, and warn about damage.

FFmpeg opens only the formats listed below. Unlike playlists, none of these containers refers to other files, and none
of the decoders renders text.

Warnings are stored in alignments. An alignment may come from an untrusted source, so a stored warning is read only if
this module can give such a warning.

Conventions
-----------
- Second 0 of the episode is where a player starts: where the audio or, in a video, the picture starts, whichever is
  earlier. In an MP3, this is 25 to 50 ms after time stamp 0, because the encoder's padding comes first.
- Blocks are contiguous. Missing audio (damaged packets, a video's silent start) is replaced by silence.
- Memory holds one block at a time.
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


EXPECTED = Message("expected audio, or a video with audio (MP3, M4A, WAV, FLAC, Ogg, MP4...)")

_CONTAINERS = """
    aa aac ac3 aiff amr amrnb amrwb ape asf au avi caf dsf dss dts dtshd dv eac3 flac flv g722 gsm iff ilbc ircam loas
    matroska mov mp3 mpc mpc8 mpeg mpegts mxf nistsphere nut ogg oma pvf qcp qoa rm tak truehd tta voc w64 wav wtv wv
    xwma
"""
_AUDIO_DECODERS = """
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
# The start of a video's picture is known once its first frames are decoded.
_PICTURE_DECODERS = """
    av1 cinepak dnxhd dvvideo ffv1 flv h261 h263 h263i h263p h264 hevc libdav1d libvpx libvpx-vp9 mjpeg mpeg1video
    mpeg2video mpeg4 mpegvideo msmpeg4 msmpeg4v1 msmpeg4v2 msvideo1 png prores rv10 rv20 rv30 rv40 svq1 svq3 theora vc1
    vp3 vp5 vp6 vp6a vp6f vp7 vp8 vp9 vvc wmv1 wmv2 wmv3
"""
_DECODERS = frozenset(_AUDIO_DECODERS.split())

LOCAL = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(_CONTAINERS.split()),
    "codec_whitelist": ",".join((_AUDIO_DECODERS + _PICTURE_DECODERS).split()),
}
"""FFmpeg's options for an audio file; they restrict formats and protocols before its content is read."""

_LONGEST_TAG = 500  # characters
_RATES = range(1000, 6_200_000)  # samples a second that audio may have: DSD has about 5.6 million
_MOST_CHANNELS = 64


def check_readable(path: Path) -> None:
    """Raise DecodeError if ``path`` is not a readable regular file, is empty, or is a link that ``safe_fs`` refuses."""
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
    """Open ``path`` and return its PyAV container. The caller must close the container.

    Raises DecodeError if the file cannot be read (see ``check_readable``), or is not audio or video."""
    import av

    check_readable(path)
    # Before version 19, PyAV fails on tags that are not UTF-8 without this option; since then there is no option.
    lenient: dict[str, Any] = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    try:
        return av.open(f"file:{regular_file(path)}", options=LOCAL, **lenient)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DecodeError(
            "{path}: is not audio, or damaged at its start; {expected}", path=path, expected=EXPECTED
        ) from error


def audio_track(path: Path, container: Any) -> Any:
    """Return the audio stream of ``container``, the open PyAV container of ``path``.

    Raises NoAudioError if there is no audio, DecodeError if the codec is unsupported or the header is damaged."""
    if not container.streams.audio:
        raise NoAudioError("{path}: has no audio track; {expected}", path=path, expected=EXPECTED)
    stream = container.streams.best("audio") or container.streams.audio[0]
    context = stream.codec_context
    if context is None or context.codec.name not in _DECODERS:
        raise DecodeError("{path}: its audio has an unsupported codec; {expected}", path=path, expected=EXPECTED)
    if not is_plausible(context.sample_rate or _RATES[0], context.channels or 1):  # 0 means not yet known
        raise _damaged_header(path)
    return stream


def stated_duration(path: Path) -> float | None:
    """Return the length of an audio file in seconds, None if unknown.

    The length, stated in the header or else estimated by FFmpeg, is exact enough for a progress bar. Raises the same
    errors as ``open_container`` and ``audio_track``."""
    with closing(open_container(path)) as container:
        stream = audio_track(path, container)
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else float(container.duration) / 1e6


def audio_format(path: Path) -> tuple[int, int]:
    """Return the sample rate in Hz and the number of channels of the audio in ``path``.

    Raises the same errors as ``open_container`` and ``audio_track``."""
    with closing(open_container(path)) as container:
        stream = audio_track(path, container)
        if not stream.codec_context.sample_rate or not stream.codec_context.channels:
            raise _damaged_header(path)
        return stream.codec_context.sample_rate, stream.codec_context.channels


def _damaged_header(path: Path) -> DecodeError:
    return DecodeError("{path}: the header of its audio is damaged; {expected}", path=path, expected=EXPECTED)


def is_plausible(rate: int, channels: int) -> bool:
    """Return whether audio can have this sample rate and number of channels; if not, the file's header is damaged."""
    return rate in _RATES and 0 < channels <= _MOST_CHANNELS


@dataclass(frozen=True, slots=True)
class Tags:
    """Tags of an audio file; a missing tag is None. The ``album`` of a podcast episode is the name of the show."""

    title: str | None = None
    album: str | None = None
    date: str | None = None


def read_tags(path: Path) -> Tags:
    """Return the tags of the file at ``path``; raise DecodeError if the file cannot be opened as audio or video."""
    with closing(open_container(path)) as container:
        found = dict(container.metadata)
        for stream in container.streams.audio:
            found = {**stream.metadata, **found}
    folded = {key.lower(): " ".join(value.split())[:_LONGEST_TAG] for key, value in found.items()}
    return Tags(folded.get("title") or None, folded.get("album") or None, folded.get("date") or None)


def cut_short(decoded: float, promised: float | None) -> Message:
    """Return the warning that a file ends early.

    ``decoded`` is the length in seconds of the audio found, ``promised`` the length in the header (None if unknown)."""
    if promised is None:
        return Message("the file is cut short: its first {decoded:.0f} s are used", decoded=decoded)
    return Message(
        "the file is cut short: its first {decoded:.0f} s of {promised:.0f} s are used",
        decoded=decoded,
        promised=promised,
    )


def damaged(lost: Sequence[float]) -> Message:
    """Return the warning that audio packets could not be decoded; ``lost`` has the time in seconds of each packet."""
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


def is_cut_short(warning: str) -> bool:
    """Return whether a warning says that the file ends early."""
    return isinstance(warning, Message) and warning.template in _CUT_SHORT


def stored_warning(template: str, values: Mapping[str, int | float]) -> str | None:
    """Return the warning that an alignment stores as ``template`` and ``values``.

    Returns None if this module never gives a warning with this template and values of these names."""
    if set(values) != _TEMPLATES.get(template):
        return None
    return from_facts({"message": template.format(**values), "template": template, "values": dict(values)})


# Containers whose header states the length; for the others FFmpeg guesses it from the bit rate and the file's size.
_STATES_LENGTH = {"mov", "wav", "flac", "matroska", "mp3"}

# A file is cut short if it is shorter than its header promises by more than this.
_SHORT_SECONDS, _SHORT_SHARE = 1.0, 0.01

# Matroska's time stamps are whole milliseconds and recorders jitter; a lost packet is 20 ms or more.
_JITTER = 0.012

# Gaps may last this long, plus as long as the audio itself: a few packets must not claim days of silence.
_MOST_MISSING = 6 * 3600.0

# Time stamps that jump further than this come from recordings joined together, not from lost audio.
_LONGEST_HOLE, _LONGEST_OVERLAP = 6 * 3600.0, 2.0

# After a seek, decoders need a run-up: MP3's bit reservoir reaches back 9 frames, Opus asks for 80 ms.
_RUN_UP = 1.0

_FILL_SAMPLES = 1 << 20

LONGEST = 48 * 3600.0
"""Seconds that an episode may last: a few bytes can claim days of audio or silence."""

# A frame holds about 25 ms. Resampling one costs as much as decoding it, so the resampler gets a few seconds at once,
# with the same output.
_RESAMPLED_TOGETHER = 5.0


def audio_blocks(
    path: Path,
    rate: int = 16000,
    start: float = 0.0,
    end: float | None = None,
    block: float = 30.0,
    warn: Callable[[Message], object] | None = None,
    channels: int | None = None,
) -> Iterator[tuple[float, Samples]]:
    """Decode ``path`` from ``start`` to ``end`` (by default the file's end), ``block`` seconds at a time.

    Yields ``(seconds, samples)``: the episode time of the first sample, and float32 samples, ``rate`` per second. They
    are mono of shape (n,) or, with ``channels`` (1 or 2), of shape (n, channels). All blocks but the last have the same
    length. ``warn`` is called with a message if the file ends early or packets cannot be decoded.

    Raises DecodeError if the file is missing, empty, unreadable, not audio, longer than ``LONGEST`` seconds or mostly
    gaps; NoAudioError if the file has no audio track."""
    import numpy as np

    size = max(1, round(block * rate))
    at, last = round(start * rate), None if end is None else round(end * rate)
    pending: list[Samples] = []
    held = 0
    with closing(open_container(path)) as container:
        timeline = _Timeline(path, container, (rate, channels), warn or (lambda _: None))
        if end is None and (timeline.promised() or 0.0) > LONGEST:
            raise _too_long(path)  # early, without decoding two days of audio
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


# All codecs of clips support it, and higher frequencies are inaudible.
_HIGHEST_RATE = 48_000


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """A passage of audio in memory: float32 samples of shape (n, channels), full scale 1.0, with one or two
    channels and ``rate`` samples per second."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    def between(self, start: float, end: float) -> Waveform:
        """Return the audio from second ``start`` to ``end``. The samples are shared, not copied."""
        return Waveform(self.samples[round(start * self.rate) : round(end * self.rate)], self.rate)


def read_waveform(path: Path, start: float = 0.0, end: float | None = None) -> Waveform:
    """Return the audio of ``path`` from ``start`` to ``end`` in seconds, by default the file's end.

    The sample rate is that of the file, at most 48 kHz; more than two channels are mixed to stereo.

    Raises DecodeError if the file is missing, unreadable or not audio, or has no audio in this passage; NoAudioError if
    the file has no audio track."""
    import numpy as np

    rate, channels = audio_format(path)
    rate, channels = min(rate, _HIGHEST_RATE), min(channels, 2)
    blocks = [samples for _, samples in audio_blocks(path, rate, start, end, channels=channels)]
    if not blocks:
        raise DecodeError("{path}: has no audio from {start:.1f} s on", path=path, start=start)
    return Waveform(np.concatenate(blocks), rate)


class _Timeline:
    """The decoder of an open file's audio track; sample 0 is second 0 of the episode. ``wanted``: (rate, channels)."""

    def __init__(
        self, path: Path, container: Any, wanted: tuple[int, int | None], warn: Callable[[Message], object]
    ) -> None:
        self._path, self._container, self._warn = path, container, warn
        self._rate, self._channels = wanted
        self._stream = audio_track(path, container)
        self._origin = _origin(container, self._stream)
        self._damaged: list[float] = []
        self._is_broken = False

    def pieces(self, first: int, last: int | None) -> Iterator[Samples]:
        """Yield the samples from index ``first`` to before ``last`` (None: the end), in pieces; gaps are silent."""
        import numpy as np

        self._seek(first / self._rate - _RUN_UP)
        position, has_audio = first, False
        for index, samples in self._runs(first / self._rate):
            has_audio = True
            while position < index and (last is None or position < last):
                gap = min(index - position, _FILL_SAMPLES, _FILL_SAMPLES if last is None else last - position)
                yield np.zeros(gap if self._channels is None else (gap, self._channels), np.float32)
                position += gap
            part = samples[position - index if position > index else 0 : None if last is None else max(0, last - index)]
            if len(part):
                yield part
                position += len(part)
            if last is not None and position >= last:
                return
        if not has_audio and first == 0:
            raise DecodeError(
                "{path}: no audio in it can be decoded; the file is damaged or has no audio", path=self._path
            )
        self._report(position / self._rate, whole=last is None)

    def _seek(self, seconds: float) -> None:
        import av

        if seconds <= 0:
            return
        # A file without an index is decoded from its start, which gives the same samples.
        with suppress(av.FFmpegError, OverflowError):
            self._container.seek(int((seconds + self._origin) / self._stream.time_base), stream=self._stream)

    def _runs(self, start: float) -> Iterator[tuple[int, Samples]]:
        """Decode and resample the audio from about second ``start`` on. Yield pieces: (index of first sample, samples).

        Where time stamps jump by hours or jump back, as in joined recordings, the next piece follows without a gap."""
        run, fed, begin, shift = None, 0, 0.0, 0.0
        decoded, missing = 0.0, 0.0
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
                if missing > _MOST_MISSING + decoded:
                    raise DecodeError(
                        "{path}: has hours of gaps between little audio; expected an episode", path=self._path
                    )
                shape, begin, fed = new_shape, stamp, 0
                run = Resampling(self._rate, self._channels, round(stamp * self._rate))
            fed, decoded = fed + frame.samples, decoded + frame.samples / frame.sample_rate
            yield from run.feed(frame)
        if run:
            yield from run.rest()

    def _frames(self, start: float) -> Iterator[Any]:
        """Yield the decoded frames. Skip damaged packets; note the times of those after ``start`` for a warning."""
        import av

        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
            except (av.FFmpegError, OSError):
                self._is_broken = True
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
                if at >= start:  # errors in the run-up are harmless
                    self._damaged.append(at)

    def _report(self, decoded: float, whole: bool) -> None:
        if self._damaged:
            self._warn(damaged(self._damaged))
        promised = self.promised()
        missing = 0.0 if promised is None else promised - decoded
        if whole and (self._is_broken or missing > max(_SHORT_SECONDS, _SHORT_SHARE * decoded)):
            self._warn(cut_short(decoded, promised if promised and missing > 0 else None))

    def promised(self) -> float | None:
        """Return the audio's length in seconds according to the header; None if the header has no exact length."""
        names = set(self._container.format.name.split(","))
        if not names & _STATES_LENGTH or ("mp3" in names and not self._stream.start_time):
            return None  # an MP3 without padding has no header of its own, so its length is a guess
        if self._stream.duration is not None:
            return float(self._stream.duration * self._stream.time_base) * (
                _riff_share(self._path) if "wav" in names else 1
            )
        if self._container.duration is not None and len(self._container.streams) == 1:
            return float(self._container.duration) / 1e6
        return None


class Resampling:
    """A resampler of contiguous audio frames to float32 at ``rate`` samples per second.

    The result is mono of shape (n,) or, with ``channels`` (1 or 2), of shape (n, channels). ``feed`` and ``rest`` yield
    (index of the first sample, samples). Samples are counted from ``index``: the first of the audio has this index."""

    def __init__(self, rate: int, channels: int | None, index: int = 0) -> None:
        import av

        self._resampler: Any = av.AudioResampler(format="flt", layout="stereo" if channels == 2 else "mono", rate=rate)
        self._shape = (-1,) if channels is None else (-1, channels)
        self._waiting = av.AudioFifo()
        self._index = index

    def feed(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        """Add ``frame``; yield the samples that are ready. The frame loses its time stamp, lest FFmpeg fill gaps."""
        frame.pts = None
        self._waiting.write(frame)
        if self._waiting.samples >= _RESAMPLED_TOGETHER * frame.sample_rate:
            yield from self._resampled(self._waiting.read())

    def rest(self) -> Iterator[tuple[int, Samples]]:
        """Yield the remaining samples; ``feed`` must not be called afterwards."""
        if self._waiting.samples:
            yield from self._resampled(self._waiting.read())
        yield from self._resampled(None)

    def _resampled(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        for out in self._resampler.resample(frame):
            if out is not None and out.samples:
                yield self._index, out.to_ndarray().reshape(self._shape)
                self._index += out.samples


def _riff_share(path: Path) -> float:
    """Return how many times larger a WAV file is according to its header than in fact; 1 if nothing is cut off."""
    with open_regular(path) as file:
        stated = int.from_bytes(file.read(8)[4:], "little") + 8
        size = os.fstat(file.fileno()).st_size
    return stated / size if size < stated < 0xFFFFFFFF else 1.0  # a recorder that streams writes the largest number


def _origin(container: Any, stream: Any) -> float:
    """Return the time stamp in seconds of the episode's second 0: the earlier of the starts of audio and video."""
    import av

    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    starts = [float(s.start_time * s.time_base) for s in [stream, *pictures] if s.start_time is not None]
    return max(0.0, min(starts, default=0.0))  # below 0 is an encoder's padding, which decoders drop


_RATE, _SEARCHED_SECONDS = 16_000, 600.0
_LOUD = 0.01  # of full scale; quieter blocks show nothing
_CANCELLED = 0.03  # of the level that is left in the mix: encoders leave some


def cancel_out(path: Path) -> bool:
    """Return whether the left and right channels cancel each other out when mixed to mono.

    Only the first block that is not silent is checked. Raises MediaError if the file cannot be decoded."""
    import numpy as np

    for _, block in audio_blocks(path, _RATE, end=_SEARCHED_SECONDS, channels=2):
        peak, mixed = float(np.abs(block).max()), float(np.abs(block.sum(axis=1)).mean() / 2)
        if peak >= _LOUD:
            return mixed < _CANCELLED * float(np.abs(block).mean())
    return False
