"""Opening a file of sound or video, and nothing but that file; what its header says.

What FFmpeg may make of a file is listed by name. None of the containers names other files, as playlists do, and none of
the decoders makes pictures of text; of any other kind it opens nothing.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.errors import DecodeError, Message, NoAudioError
from media.safe_fs import OutsideError, open_regular, regular_file

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
_MOST_BOXES = 10_000  # of an MP4, right in the file; one in fragments of a second has two for each


def check_readable(path: Path) -> None:
    """Say what is wrong with ``path`` as a file, before anything is made of its content.

    Raises
    ------
    DecodeError
        The file is missing, empty, no regular file, leads out of a confined folder, or may not be read.
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

    Raises
    ------
    DecodeError
        As ``check_readable``; or the file is not sound or video, or one that names other files.
    """
    import av

    check_readable(path)
    # Before version 19, PyAV stops at tags that are not UTF-8 unless told otherwise; since then it cannot be told.
    lenient: dict[str, Any] = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    try:
        return av.open(f"file:{regular_file(path)}", options=LOCAL, **lenient)
    except (av.FFmpegError, OSError, ValueError) as error:
        if _breaks_off(path):
            raise DecodeError(
                "{path}: breaks off before its end, without which nothing of it can be played; copy it again", path=path
            ) from error
        raise DecodeError(
            "{path}: is not sound, or damaged at its beginning; {expected}", path=path, expected=EXPECTED
        ) from error


def _breaks_off(path: Path) -> bool:
    """Whether it is an MP4 that ends within one of its boxes (ISO/IEC 14496-12, 4.2); the one that tells where the
    sound lies is mostly the last."""
    with suppress(OSError), open_regular(path) as file:  # what cannot be read is told otherwise
        size = os.fstat(file.fileno()).st_size
        at = 0
        for _ in range(_MOST_BOXES):
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4])
            if length == 1:
                length = int.from_bytes(head[8:])
            if (at == 0 and head[4:8] != b"ftyp") or length < 8:
                return False
            at += length
            if at >= size:
                return at > size
    return False


def sound_track(path: Path, container: Any) -> Any:
    """The stream of an open file's sound.

    Raises
    ------
    NoAudioError
        There is none.
    DecodeError
        It is of a kind that is not decoded, or its header is damaged.
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

    Raises
    ------
    DecodeError, NoAudioError
        As ``open_container``; or the file has no sound track.
    """
    with closing(open_container(path)) as container:
        stream = sound_track(path, container)
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else float(container.duration) / 1e6


def sound_format(path: Path) -> tuple[int, int]:
    """Samples per second and number of channels of the sound.

    Raises
    ------
    DecodeError, NoAudioError
        As ``open_container``; or the file has no sound track.
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

    Raises
    ------
    DecodeError
        The file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        found = dict(container.metadata)
        for stream in container.streams.audio:
            found = {**stream.metadata, **found}
    folded = {key.lower(): " ".join(value.split())[:_LONGEST_TAG] for key, value in found.items()}
    return Tags(folded.get("title") or None, folded.get("album") or None, folded.get("date") or None)
