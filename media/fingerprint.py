"""What a sound is known by: 32 bits for each moment of it, which stay when it is encoded anew, made louder or mixed.

After Haitsma and Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002): each bit is the sign of how the
difference between two neighbouring bands of frequency changes from one moment to the next. The bands are theirs, 33
between 300 and 2000 Hz; energies are compared by their logarithms, so that no filter and no slow change of loudness
touches a bit, and the frame is shorter, for where a sound is cut is to be known too.

Conventions
-----------
- Hop ``k`` is about second ``k * hop``, the middle of its frame: offsets between two fingerprints are those of sounds.
- Of a hop that tells nothing (silence, a tone that stays as it is), ``tells`` is False, and its bits mean nothing.
- Nothing is held but the block in hand, and a few bytes for each hop.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from media.errors import FingerprintError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

HOP_MS = 64
"""Of a fingerprint that is kept: 225 kB an hour."""

FINE_MS = 8
"""Of a sound that is sought in a kept fingerprint: where it fits best is known to a few milliseconds."""

_RATE = 8000  # samples a second, half of those that come in
_FRAME = 1024  # 128 ms: bits of two kept hops in a row share half of their sound
_BANDS, _LOWEST, _HIGHEST = 33, 300.0, 2000.0
_BINS = slice(32, 288)  # of a frame's spectrum, 7.8 Hz each: all that lie in a band, a few per cent higher or lower too
_STEP = _RATE * HOP_MS // 1000  # from one moment to the next, in samples, however fine the hops are
_TOGETHER = 512  # frames

_QUIET = 3e-7  # mean square of a frame, -65 dB of full scale: what is below is a room's or an encoder's noise
_FLOOR = 1e-3  # added to a band's energy, so that what is no sound is no change either: some -85 dB
_STEADY = 0.02  # mean change of a band's difference, in nepers of energy; speech and noise have some 1, tones less

_MAGIC, _VERSION = b"quotecast sound\n", 1
_HEAD = struct.Struct("<16sHHQ32s")
_CHECK = struct.Struct("<I")
_LONGEST_SECONDS = 48 * 3600  # as media.decode

LARGEST_BYTES = 16_000_000
"""More than a fingerprint of the longest sound has."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """``bits`` (uint32) and ``tells`` (bool) of each hop of ``hop_ms`` milliseconds, of a sound that lasts ``samples``
    at 16 kHz; ``sha256`` is of the file's bytes, empty where there is none."""

    bits: NDArray[np.uint32]
    tells: NDArray[np.bool_]
    samples: int
    hop_ms: int = HOP_MS
    sha256: str = ""

    @property
    def hop(self) -> float:
        """Seconds from one hop to the next."""
        return self.hop_ms / 1000

    @property
    def duration(self) -> float:
        """Seconds of the sound."""
        return self.samples / (2 * _RATE)

    def as_kept(self) -> Fingerprint:
        """The same with the hops alone that one that is kept has."""
        every = HOP_MS // self.hop_ms
        return replace(self, bits=self.bits[::every], tells=self.tells[::every], hop_ms=HOP_MS)

    def to_bytes(self) -> bytes:
        """The fingerprint as a file: a head, four little-endian bytes for each hop, a bit for each, and a CRC-32."""
        import numpy as np

        digest = bytes.fromhex(self.sha256).rjust(32, b"\0")
        head = _HEAD.pack(_MAGIC, _VERSION, self.hop_ms, self.samples, digest)
        content = head + self.bits.astype("<u4").tobytes() + np.packbits(self.tells).tobytes()
        return content + _CHECK.pack(zlib.crc32(content))


def from_bytes(content: bytes) -> Fingerprint:
    """What ``to_bytes`` wrote.

    Raises FingerprintError: it is something else, damaged, of another version, or of a sound that is longer than any.
    """
    import numpy as np

    if len(content) < _HEAD.size + _CHECK.size or not content.startswith(_MAGIC):
        raise FingerprintError("not the fingerprint of a sound")
    _, version, hop_ms, samples, digest = _HEAD.unpack_from(content)
    if version != _VERSION or hop_ms != HOP_MS:
        raise FingerprintError(
            "the fingerprint of a sound, of version {found}; expected {version}", found=version, version=_VERSION
        )
    if samples > _LONGEST_SECONDS * 2 * _RATE:
        raise FingerprintError("a damaged fingerprint of a sound")
    count = _hops(samples // 2, hop_ms)
    end = _HEAD.size + 4 * count
    check = end + (count + 7) // 8
    if len(content) != check + _CHECK.size or _CHECK.unpack_from(content, check)[0] != zlib.crc32(content[:check]):
        raise FingerprintError("a damaged fingerprint of a sound")
    bits = np.frombuffer(content, "<u4", count, _HEAD.size).astype(np.uint32)
    tells = np.unpackbits(np.frombuffer(content, np.uint8, check - end, end), count=count).astype(bool)
    return Fingerprint(bits, tells, samples, hop_ms, digest.hex() if any(digest) else "")


def fingerprint_of(
    blocks: Iterable[tuple[float, Samples]], hop_ms: int = HOP_MS, pitch: float = 1.0, sha256: str = ""
) -> Fingerprint:
    """The fingerprint of the sound in ``blocks``, as ``FingerprintMaker`` makes it."""
    maker = FingerprintMaker(hop_ms, pitch)
    for _, samples in blocks:
        maker.add(samples)
    return maker.finished(sha256)


class FingerprintMaker:
    """Makes a fingerprint of mono samples, 16000 a second, that come in pieces of any length.

    ``hop_ms`` is HOP_MS or FINE_MS; ``pitch`` is how much higher the sound is than the one that it is to be like.
    """

    def __init__(self, hop_ms: int = HOP_MS, pitch: float = 1.0) -> None:
        import numpy as np
        from threadpoolctl import ThreadpoolController

        self._hop_ms = hop_ms
        self._hop = _RATE * hop_ms // 1000
        self._bands, self._window = _bands(pitch), np.hanning(_FRAME + 1)[:-1].astype(np.float32)
        self._samples = 0
        self._whole = np.zeros(1, np.float32)  # what comes in and is not halved yet, after the sample before it
        self._half = np.zeros(_FRAME // 2, np.float32)  # at the lower rate, from where the next frame begins
        self._before: NDArray[np.float32] | None = None  # differences between bands, of the hops one moment back
        self._bits: list[NDArray[np.uint32]] = []
        self._tells: list[NDArray[np.bool_]] = []
        self._threads = ThreadpoolController()  # of BLAS; to look for it each time takes longer than a product

    def passing(self, blocks: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, Samples]]:
        """Pass the blocks on, and take their samples on the way."""
        for at, samples in blocks:
            self.add(samples)
            yield at, samples

    def add(self, samples: Samples) -> None:
        """Take the next samples."""
        self._samples += len(samples)
        self._take(samples)

    def finished(self, sha256: str = "") -> Fingerprint:
        """The fingerprint of all that came; nothing can be added after it."""
        import numpy as np

        self._take(np.zeros(2 * _FRAME, np.float32))
        count = _hops(self._samples // 2, self._hop_ms)
        bits = np.concatenate([*self._bits, np.zeros(0, np.uint32)])[:count]
        tells = np.concatenate([*self._tells, np.zeros(0, bool)])[:count]
        return Fingerprint(bits, tells, self._samples, self._hop_ms, sha256)

    def _take(self, samples: Samples) -> None:
        import numpy as np

        x = np.concatenate([self._whole, samples])
        count = max(0, (len(x) - 2) // 2)
        self._whole = x[2 * count :]
        # Two cosines to the third power: what would fold into the bands is 25 dB down and more.
        whole = x[: 2 * count + 2]
        half = (whole[:-3:2] + 3 * (whole[1:-2:2] + whole[2:-1:2]) + whole[3::2]) / 8 if count else whole[:0]
        self._half = np.concatenate([self._half, half])
        frames = max(0, (len(self._half) - _FRAME) // self._hop + 1)
        for first in range(0, frames, _TOGETHER):
            last = min(first + _TOGETHER, frames)
            self._measure(self._half[first * self._hop : (last - 1) * self._hop + _FRAME])
        self._half = self._half[frames * self._hop :]

    def _measure(self, samples: Samples) -> None:
        """The bits of the frames in these samples, which begin with a frame and end with one."""
        import numpy as np
        from scipy.fft import rfft

        frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[:: self._hop] * self._window
        spectrum = rfft(frames, axis=1)[:, _BINS]
        power = spectrum.real**2 + spectrum.imag**2
        # So small a product waits longer for a second thread than it takes.
        with self._threads.limit(limits=1, user_api="blas"):
            levels = np.log(power @ self._bands + _FLOOR)
        differences = levels[:, 1:] - levels[:, :-1]
        back = _STEP // self._hop
        before = np.repeat(differences[:1], back, axis=0) if self._before is None else self._before
        run = np.concatenate([before, differences])
        changes = run[back:] - run[:-back]
        self._before = run[-back:]
        loud = np.einsum("ij,ij->i", frames, frames) > _QUIET * _FRAME
        self._tells.append(loud & (np.abs(changes).mean(axis=1) > _STEADY))
        packed = np.packbits(changes > 0, axis=1)
        self._bits.append(np.ascontiguousarray(packed).view("<u4")[:, 0].astype(np.uint32))


def _hops(samples: int, hop_ms: int) -> int:
    """How many hops a sound of so many samples at the lower rate has."""
    return samples // (_RATE * hop_ms // 1000) + 1 if samples else 0


def _bands(pitch: float) -> NDArray[np.float32]:
    """What each bin of a frame's spectrum gives to each band: triangles, half over the next, even in semitones."""
    import numpy as np

    edges = np.geomspace(_LOWEST, _HIGHEST, _BANDS + 2) * pitch
    bins = np.arange(_BINS.start, _BINS.stop)[:, None] * _RATE / _FRAME
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
