"""What comes of an answer, bounded: in bytes, in those that it is unpacked to, and in time.

Conventions
-----------
- A body has to bring ``SLOW_BYTES`` in each ``_SLOW_SECONDS``, and to end within ``LONGEST``. A thread of its own sees
  to that: what frames a body (lines of chunks, trailers, records of TLS) may come for ever where no byte of it does.
"""

from __future__ import annotations

import http.client
import math
import threading
import zlib
from collections.abc import Iterator
from typing import Self

from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources.addresses import Reply
from web.archive.sources.asking import Limits

SLOW_BYTES, _SLOW_SECONDS = 60_000, 60.0  # what has to come in such a time
LONGEST = 4 * 3600.0  # seconds for a file
_BLOCK = 1 << 16


class _Pace:
    """How much ``came`` of a body; one that is too ``late`` is ended, whatever is being read of it."""

    def __init__(self, reply: Reply) -> None:
        self.came, self.late = 0, False
        self._reply, self._over = reply, threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _look(self) -> None:
        before = 0
        for _ in range(math.ceil(LONGEST / _SLOW_SECONDS)):
            if self._over.wait(_SLOW_SECONDS):
                return
            came = self.came
            if came - before < SLOW_BYTES:
                break
            before = came
        self.late = True
        self._reply.end()


def blocks_of(reply: Reply, url: str, limits: Limits) -> Iterator[bytes]:
    """The body as it comes, up to what may be taken; one that comes too slowly is given up."""
    with _Pace(reply) as pace:
        while True:
            try:
                block = reply.read1(_BLOCK)
            except (OSError, http.client.HTTPException, ValueError) as error:
                if pace.late:
                    raise _too_slow(url) from error
                raise FetchError("{url}: broke off ({detail})", url=shown(url), detail=str(error)[:150]) from error
            if pace.late:  # then its end is none
                raise _too_slow(url)
            if not block:
                return
            pace.came += len(block)
            if pace.came > limits.most_bytes:
                raise too_large(url, limits)
            yield block


def counted(reply: Reply, url: str, limits: Limits) -> Iterator[bytes]:
    """The body, up to what may be taken, and no less than was announced."""
    whole, size = reply.length, 0
    if whole is not None and whole > limits.most_bytes:
        raise too_large(url, limits)
    for block in blocks_of(reply, url, limits):
        size += len(block)
        yield block
    if whole is not None and size != whole:
        raise FetchError("{url}: broke off after {size} of {whole} bytes", url=shown(url), size=size, whole=whole)


def unzipped(blocks: Iterator[bytes], limits: Limits, url: str) -> Iterator[bytes]:
    """What is compressed, up to what may be taken, however little it is compressed to; nothing is read of what follows
    it."""
    inner, size = zlib.decompressobj(31), 0
    try:
        for block in blocks:
            while block:
                if inner.eof:
                    if not block.startswith(b"\x1f"):
                        return
                    inner = zlib.decompressobj(31)  # one more that is compressed (RFC 1952, 2.2)
                piece = inner.decompress(block, _BLOCK)
                size += len(piece)
                if size > limits.most_bytes:
                    raise too_large(url, limits)
                yield piece
                block = inner.unused_data if inner.eof else inner.unconsumed_tail
    except zlib.error as error:
        raise FetchError("{url}: is damaged on its way", url=shown(url)) from error
    if not inner.eof:
        raise FetchError("{url}: broke off", url=shown(url))


def too_large(url: str, limits: Limits) -> RefusedError:
    return RefusedError("{url}: is larger than {most:.0f} MB", url=shown(url), most=limits.most_bytes / 1e6)


def _too_slow(url: str) -> FetchError:
    return FetchError("{url}: comes too slowly", url=shown(url))
