"""Fetching what a feed names: whole, or gone on with where it broke off, or not at all.

Conventions
-----------
- What is long is written beside its place, with a note of what it is a part of. It is gone on with only where the
  server says by a strong ETag or a date of change that it still has the same file (``Range``, ``If-Range``; RFC 9110,
  13.1.5 and 14); else it begins anew. What has all the bytes that were announced, and the hash if one was declared, is
  whole.
- Feeds declare lengths that are mostly wrong, for adverts are put in later: they are not gone by.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import io
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TypeVar

from media.confinement import open_regular, read_regular, status_of
from media.moving import make_folder, move, new_file, open_kept, remove_file, write_new
from media.temporary import temporary_path
from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources.asking import Limits, asked
from web.archive.sources.bodies import LONGEST, SLOW_BYTES, blocks_of, counted, too_large, unzipped

_TRIES, _MOST_TRIES = 5, 50  # without anything that comes, and at all
_LONGEST_PAUSE = 60.0  # seconds before another try
_RANGE = re.compile(r"bytes (?:(\d{1,15})-\d{1,15}|\*)/(?:(\d{1,15})|\*)")
_VALUE = re.compile(r"[ -~\x80-\xff]{1,500}")
_HASHES = ("sha256", "sha384", "sha512")

T = TypeVar("T")

Watch = Callable[[int, int | None], None]
"""Told how many bytes are there, of how many."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a file's state: its ETag, and when it was changed."""

    etag: str | None = None
    modified: str | None = None

    @property
    def strong(self) -> str | None:
        """What ``If-Range`` may name."""
        etag = _sendable(self.etag)
        return (None if etag.startswith("W/") else etag) if etag else _sendable(self.modified)

    def conditions(self) -> dict[str, str]:
        """The headers that ask for a file only if it is another by now."""
        etag = _sendable(self.etag)
        told = {"If-None-Match": etag, "If-Modified-Since": None if etag else _sendable(self.modified)}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was fetched: its bytes, where it was found at last, and its state."""

    content: bytes
    url: str
    validators: Validators


def fetch(url: str, limits: Limits, known: Validators | None = None) -> Answer | None:
    """What lies at ``url``, in memory; None where it is still what is ``known``.

    Raises
    ------
    FetchError
        It cannot be had.
    RefusedError
        The address is not asked, or what it sends is too large.
    """

    def once() -> Answer | None:
        with asked(url, limits, {"Accept-Encoding": "gzip", **(known.conditions() if known else {})}) as (
            answer,
            found,
        ):
            if answer.status == 304 and known:
                return None
            _check(answer, url, (200,))
            zipped = (answer.getheader("Content-Encoding") or "").lower() in ("gzip", "x-gzip")
            blocks = unzipped(blocks_of(answer, url, limits), limits, url) if zipped else counted(answer, url, limits)
            content = io.BytesIO()  # a list of blocks that are small would be far larger than they are
            content.writelines(blocks)
            return Answer(content.getvalue(), found, _validators(answer))

    return _patiently(once, limits)


def download(
    url: str, path: Path, limits: Limits, integrity: str | None = None, watch: Watch = lambda *_: None
) -> Validators:
    """Fetch what lies at ``url`` to ``path``, where nothing is; a part that is there of an earlier try is gone on with.

    ``integrity`` is the hash that was declared for it, as subresource integrity writes it (``sha384-...`` in base64).

    Raises
    ------
    FetchError
        It cannot be had, or is not what was announced; what came of it is kept where it can be gone on with.
    RefusedError
        As ``fetch``; nothing of it is kept.
    OSError
        It cannot be written.
    """
    part = _Part(path, url)
    make_folder(path.parent)
    try:
        validators = _patiently(lambda: _more(part, limits, watch), limits, part.size)
    except RefusedError:
        part.drop()
        raise
    if integrity and not _is_intact(part.path, integrity):
        part.drop()
        raise RefusedError("{url}: its bytes are not those that the feed declares by their hash", url=shown(url))
    move(part.path, path)
    part.drop()
    return validators


class _Part:
    """What is there of a file, beside its place, and what it is a part of."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self._note, self._url = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.json"), url

    def size(self) -> int:
        with contextlib.suppress(OSError):
            return status_of(self.path).st_size
        return 0

    def validators(self) -> Validators | None:
        """What it is a part of; None where it is of something else, or nothing tells."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(read_regular(self._note, 10_000))
            if told["url"] == self._url and self.size():
                return Validators(_sendable(told["etag"]), _sendable(told["modified"]))
        return None

    def begin(self, validators: Validators) -> IO[bytes]:
        """Anew, as a part of what has these."""
        self.drop()
        note = temporary_path(self._note.parent)
        write_new(note, json.dumps({"url": self._url, **asdict(validators)}).encode("utf-8"))
        move(note, self._note)
        return new_file(self.path)

    def go_on(self) -> IO[bytes]:
        file = open_kept(self.path)
        file.seek(0, 2)
        return file

    def drop(self) -> None:
        remove_file(self.path)
        remove_file(self._note)


def _more(part: _Part, limits: Limits, watch: Watch) -> Validators:
    """Fetch what is not there yet of a file."""
    url, known, there = part._url, part.validators(), part.size()
    headers = {"Accept-Encoding": "identity"}
    if known and known.strong:
        headers |= {"Range": f"bytes={there}-", "If-Range": known.strong}
    with asked(url, limits, headers) as (answer, _):
        if answer.status == 416 and known and _total(answer) == there:
            return known  # all of it was there
        if answer.status == 416:
            part.drop()
            raise FetchError("{url}: ends before where it broke off; it begins anew", url=shown(url))
        _check(answer, url, (200, 206))
        if (answer.getheader("Content-Encoding") or "identity").lower() != "identity":
            raise RefusedError("{url}: is sent compressed, though it was asked for as it is", url=shown(url))
        goes_on = answer.status == 206 and known is not None and _begins(answer) == there
        if answer.status == 206 and not goes_on:
            part.drop()
            raise FetchError("{url}: another part of it was sent than was asked for", url=shown(url))
        if goes_on and known and not _is_of(answer, known):
            part.drop()
            raise FetchError("{url}: is another file than where it broke off; it begins anew", url=shown(url))
        told = known if goes_on and known else _validators(answer)
        whole = _total(answer) if goes_on else answer.length
        if whole is not None and whole > limits.most_bytes:
            raise too_large(url, limits)
        size = there if goes_on else 0
        with part.go_on() if goes_on else part.begin(told) as file:
            for block in blocks_of(answer, url, limits):
                size += len(block)
                if size > limits.most_bytes:
                    raise too_large(url, limits)
                file.write(block)
                watch(size, whole)
        if whole is not None and size != whole:
            raise FetchError("{url}: broke off after {size} of {whole} bytes", url=shown(url), size=size, whole=whole)
        if not size:
            raise FetchError("{url}: is empty", url=shown(url))
        return told


def _patiently(attempt: Callable[[], T], limits: Limits, there: Callable[[], int] = lambda: 0) -> T:
    """What ``attempt`` gives, tried again as long as that makes sense: what gets on is given up only after
    ``_MOST_TRIES`` or ``LONGEST``, what does not, or hardly does, after ``_TRIES``."""
    idle, before, until = 0, there(), time.monotonic() + LONGEST
    for number in range(_MOST_TRIES):
        try:
            return attempt()
        except FetchError as error:
            idle = 0 if there() - before >= SLOW_BYTES else idle + 1
            before = max(before, there())
            if error.lasting or idle >= _TRIES or number == _MOST_TRIES - 1 or time.monotonic() >= until:
                raise
            time.sleep(min(limits.pause * 2**idle, _LONGEST_PAUSE))
    raise AssertionError


def _check(answer: http.client.HTTPResponse, url: str, wanted: tuple[int, ...]) -> None:
    if answer.status in wanted:
        return
    if answer.status in (408, 425, 429) or answer.status >= 500:  # which may pass
        raise FetchError("{url}: the server answers {status}", url=shown(url), status=answer.status)
    raise RefusedError("{url}: the server answers {status}", url=shown(url), status=answer.status)


def _validators(answer: http.client.HTTPResponse) -> Validators:
    return Validators(_sendable(answer.getheader("ETag")), _sendable(answer.getheader("Last-Modified")))


def _is_of(answer: http.client.HTTPResponse, known: Validators) -> bool:
    """Whether a part that is sent is of the file that is known, as far as its headers tell: not every server minds
    ``If-Range``."""
    told = _validators(answer)
    if told.etag and known.etag:
        return told.etag == known.etag
    return not (told.modified and known.modified) or told.modified == known.modified


def _sendable(told: object) -> str | None:
    """What was told of a file's state, as far as it can be told back in a header."""
    return told if isinstance(told, str) and _VALUE.fullmatch(told) else None


def _begins(answer: http.client.HTTPResponse) -> int | None:
    """The first byte of a part that is sent."""
    found = _RANGE.fullmatch(answer.getheader("Content-Range") or "")
    return int(found[1]) if found and found[1] else None


def _total(answer: http.client.HTTPResponse) -> int | None:
    """The size of the whole of which a part is sent."""
    found = _RANGE.fullmatch(answer.getheader("Content-Range") or "")
    return int(found[2]) if found and found[2] else None


def _is_intact(path: Path, integrity: str) -> bool:
    """Whether a file has one of the hashes of the strongest kind that is declared; what is of no known kind is not
    gone by (Subresource Integrity, 3.3)."""
    declared = [each.partition("?")[0].partition("-") for each in integrity.split()]
    known = [(kind, value) for kind, _, value in declared if kind in _HASHES]
    if not known:
        return True
    strongest = max(kind for kind, _ in known)
    with open_regular(path) as file:
        digest = base64.b64encode(hashlib.file_digest(file, strongest).digest()).decode("ascii")
    return any(value.rstrip("=") == digest.rstrip("=") for kind, value in known if kind == strongest)
