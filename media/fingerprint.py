"""Compute fingerprints of audio: 32 bits per hop (time step), which hardly change with encoding, volume or mixing.

After Haitsma and Kalker, "A highly robust audio fingerprinting system" (ISMIR 2002): each bit is the sign of how the
difference between two neighbouring frequency bands changes from one hop to the next. As in the paper, 33 bands between
300 and 2000 Hz are used. There are two differences from the paper. Energies are logarithmic, so that filters and slow
changes of volume do not change the bits. Frames are shorter, so that cuts are located more precisely.

Conventions
-----------
- Hop ``k`` is centred on second ``k * hop``, so that an offset in hops is also an offset in time.
- ``is_informative`` is False for hops of silence or of a steady tone, in which the bits are random.
- Memory holds the current block and a few bytes for each hop.
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
"""Of a saved fingerprint, which takes 225 kB an hour."""

FINE_MS = 8
"""Of audio to find in a saved fingerprint: the best offset is known to a few milliseconds."""

_RATE = 8000  # samples a second, half the input's
_FRAME = 1024  # 128 ms: consecutive saved hops share half of their audio
_BANDS, _LOWEST, _HIGHEST = 33, 300.0, 2000.0
_BINS = slice(32, 288)  # of a frame's spectrum, 7.8 Hz each: all that a band needs, with a margin for a changed pitch
_STEP = _RATE * HOP_MS // 1000  # samples between the two hops that are compared, however fine the hops are
_FRAMES_TOGETHER = 512

_QUIET = 3e-7  # mean square of a frame, -65 dB of full scale: below is the noise of a room or an encoder
_FLOOR = 1e-3  # added to a band's energy, some -85 dB, so that silence does not change
_STEADY = 0.02  # mean change of a band's difference in nepers of energy; speech and noise have about 1, tones less

_MAGIC, _VERSION = b"quotecast sound\n", 1
_HEAD = struct.Struct("<16sHHQ32s")
_CHECK = struct.Struct("<I")
_LONGEST_SECONDS = 48 * 3600  # as in media.decode

LARGEST_BYTES = 16_000_000
"""More than the fingerprint of the longest audio takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """A recording's fingerprint: one entry of ``bits`` and ``is_informative`` per hop of ``hop_ms`` milliseconds.
    ``samples`` is the audio's length at 16 kHz, ``sha256`` the hash of the audio file, empty if unknown."""

    bits: NDArray[np.uint32]
    is_informative: NDArray[np.bool_]
    samples: int
    hop_ms: int = HOP_MS
    sha256: str = ""

    @property
    def hop(self) -> float:
        """The time step in seconds, from the centre of one hop to the next."""
        return self.hop_ms / 1000

    @property
    def duration(self) -> float:
        """The length of the audio in seconds."""
        return self.samples / (2 * _RATE)

    def coarse(self) -> Fingerprint:
        """Return a copy that keeps only one hop every HOP_MS milliseconds, so that it is small enough to save."""
        every = HOP_MS // self.hop_ms
        return replace(self, bits=self.bits[::every], is_informative=self.is_informative[::every], hop_ms=HOP_MS)

    def to_bytes(self) -> bytes:
        """Serialise as a header, ``bits`` (little-endian), ``is_informative`` (one bit per hop) and a CRC-32."""
        import numpy as np

        digest = bytes.fromhex(self.sha256).rjust(32, b"\0")
        head = _HEAD.pack(_MAGIC, _VERSION, self.hop_ms, self.samples, digest)
        content = head + self.bits.astype("<u4").tobytes() + np.packbits(self.is_informative).tobytes()
        return content + _CHECK.pack(zlib.crc32(content))


def from_bytes(content: bytes) -> Fingerprint:
    """Return the fingerprint that ``content`` holds, as written by ``Fingerprint.to_bytes``.

    Raises FingerprintError if ``content`` is not a fingerprint, or is damaged, of another version or too long."""
    import numpy as np

    if len(content) < _HEAD.size + _CHECK.size or not content.startswith(_MAGIC):
        raise FingerprintError("not an audio fingerprint")
    _, version, hop_ms, samples, digest = _HEAD.unpack_from(content)
    if version != _VERSION or hop_ms != HOP_MS:
        raise FingerprintError(
            "an audio fingerprint of version {found}; expected version {version}", found=version, version=_VERSION
        )
    if samples > _LONGEST_SECONDS * 2 * _RATE:
        raise FingerprintError("a damaged audio fingerprint")
    count = _hops(samples // 2, hop_ms)
    end = _HEAD.size + 4 * count
    check = end + (count + 7) // 8
    if len(content) != check + _CHECK.size or _CHECK.unpack_from(content, check)[0] != zlib.crc32(content[:check]):
        raise FingerprintError("a damaged audio fingerprint")
    bits = np.frombuffer(content, "<u4", count, _HEAD.size).astype(np.uint32)
    is_informative = np.unpackbits(np.frombuffer(content, np.uint8, check - end, end), count=count).astype(bool)
    return Fingerprint(bits, is_informative, samples, hop_ms, digest.hex() if any(digest) else "")


def fingerprint_of(
    blocks: Iterable[tuple[float, Samples]], hop_ms: int = HOP_MS, pitch: float = 1.0, sha256: str = ""
) -> Fingerprint:
    """Return the fingerprint of the audio in ``blocks``; ``sha256`` is the hash of the audio file, if known. ``hop_ms``
    and ``pitch`` are as in ``FingerprintMaker``."""
    maker = FingerprintMaker(hop_ms, pitch)
    for _, samples in blocks:
        maker.add(samples)
    return maker.finished(sha256)


class FingerprintMaker:
    """The computation of a fingerprint from mono samples at 16 kHz: call ``add`` for each block, then ``finished``.

    ``hop_ms`` is HOP_MS or FINE_MS. ``pitch`` is the pitch of this audio relative to the audio with which it will be
    compared: 1.05 if this audio is 5 % higher."""

    def __init__(self, hop_ms: int = HOP_MS, pitch: float = 1.0) -> None:
        import numpy as np
        from threadpoolctl import ThreadpoolController

        self._hop_ms = hop_ms
        self._hop = _RATE * hop_ms // 1000
        self._bands, self._window = _bands(pitch), np.hanning(_FRAME + 1)[:-1].astype(np.float32)
        self._samples = 0
        self._whole = np.zeros(1, np.float32)  # input not yet halved, after one sample that was
        self._half = np.zeros(_FRAME // 2, np.float32)  # at the lower rate, from the start of the next frame
        self._previous: NDArray[np.float32] | None = None  # differences between bands, of the hops one step back
        self._bits: list[NDArray[np.uint32]] = []
        self._informative: list[NDArray[np.bool_]] = []
        self._threads = ThreadpoolController()  # of BLAS; looking it up takes longer than a product

    def passing(self, blocks: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, Samples]]:
        """Add the samples of all ``blocks`` to the fingerprint, and yield each block unchanged."""
        for at, samples in blocks:
            self.add(samples)
            yield at, samples

    def add(self, samples: Samples) -> None:
        """Add the next samples to the fingerprint."""
        self._samples += len(samples)
        self._add(samples)

    def finished(self, sha256: str = "") -> Fingerprint:
        """Return the fingerprint of all added samples; ``add`` must not be called afterwards."""
        import numpy as np

        self._add(np.zeros(2 * _FRAME, np.float32))
        count = _hops(self._samples // 2, self._hop_ms)
        bits = np.concatenate([*self._bits, np.zeros(0, np.uint32)])[:count]
        is_informative = np.concatenate([*self._informative, np.zeros(0, bool)])[:count]
        return Fingerprint(bits, is_informative, self._samples, self._hop_ms, sha256)

    def _add(self, samples: Samples) -> None:
        import numpy as np

        x = np.concatenate([self._whole, samples])
        count = max(0, (len(x) - 2) // 2)
        self._whole = x[2 * count :]
        # Two cosines to the third power: aliases in the bands are at least 25 dB down.
        whole = x[: 2 * count + 2]
        half = (whole[:-3:2] + 3 * (whole[1:-2:2] + whole[2:-1:2]) + whole[3::2]) / 8 if count else whole[:0]
        self._half = np.concatenate([self._half, half])
        frames = max(0, (len(self._half) - _FRAME) // self._hop + 1)
        for first in range(0, frames, _FRAMES_TOGETHER):
            last = min(first + _FRAMES_TOGETHER, frames)
            self._measure(self._half[first * self._hop : (last - 1) * self._hop + _FRAME])
        self._half = self._half[frames * self._hop :]

    def _measure(self, samples: Samples) -> None:
        import numpy as np
        from scipy.fft import rfft

        frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[:: self._hop] * self._window
        spectrum = rfft(frames, axis=1)[:, _BINS]
        power = spectrum.real**2 + spectrum.imag**2
        # For so small a product, waiting for a second thread takes longer than the product.
        with self._threads.limit(limits=1, user_api="blas"):
            levels = np.log(power @ self._bands + _FLOOR)
        differences = levels[:, 1:] - levels[:, :-1]
        back = _STEP // self._hop
        previous = np.repeat(differences[:1], back, axis=0) if self._previous is None else self._previous
        run = np.concatenate([previous, differences])
        changes = run[back:] - run[:-back]
        self._previous = run[-back:]
        loud = np.einsum("ij,ij->i", frames, frames) > _QUIET * _FRAME
        self._informative.append(loud & (np.abs(changes).mean(axis=1) > _STEADY))
        packed = np.packbits(changes > 0, axis=1)
        self._bits.append(np.ascontiguousarray(packed).view("<u4")[:, 0].astype(np.uint32))


def _hops(samples: int, hop_ms: int) -> int:
    return samples // (_RATE * hop_ms // 1000) + 1 if samples else 0


def _bands(pitch: float) -> NDArray[np.float32]:
    """Return the weight of each frequency bin in each band, of shape (bins, bands).

    The weights of a band form a triangle; neighbouring bands overlap. ``pitch`` multiplies the bands' frequencies."""
    import numpy as np

    edges = np.geomspace(_LOWEST, _HIGHEST, _BANDS + 2) * pitch
    bins = np.arange(_BINS.start, _BINS.stop)[:, None] * _RATE / _FRAME
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
