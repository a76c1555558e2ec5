"""The objects of an archive in a store that speaks S3: listed, fetched, and put where nobody has put another meanwhile.

Conventions
-----------
- An object is named as seen from the archive's address; what a name may be is for whoever makes a file of it to say
  (``names``).
- What is put names what it takes the place of, and the store refuses it where that is another by now. So nothing is
  lost of what anybody puts there, and nothing is ever removed.
- Keys and passwords are those of the environment, as s3fs finds them. What a store says is told by its code alone.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from web.archive.errors import ArchiveError
from web.archive.runs.places import AwayError

_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])((?:/[^/]+)*)/?")
_AT_A_TIME = 1_000  # objects of a page of the list
_MOST_PAGES = 20_000
_WHOLE_BYTES = 90_000_000  # what is larger is put in parts, for which nothing but newness can be demanded
_SETTINGS = {
    "max_concurrency": 2,  # parts of 50 MB at a time
    "use_listings_cache": False,
    "skip_instance_cache": True,
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 3, "mode": "standard"}},
}
_TRIES = 2
_OTHERS = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_AWAY = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "500", "502", "503", "504"}
_CODE = re.compile(r"[A-Za-z0-9]{1,60}")


class StoreError(ArchiveError):
    """A store does not do what is asked of it."""


class StoreAwayError(StoreError, AwayError):
    """A store cannot be reached now."""


class TakenError(StoreError):
    """There is another object by now than the one that was to be replaced."""


@dataclass(frozen=True, slots=True)
class Object:
    """What the list of a store says of an object; ``modified`` is in seconds since 1970."""

    name: str
    size_bytes: int
    etag: str
    modified: float


class Store:
    """The archive at ``address``, ``s3://BUCKET/FOLDER``.

    Raises
    ------
    StoreError
        It is no such address, or what speaks to stores is not installed.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._bucket, self._start = parted(address)
        self._fs = _file_system()

    def listed(self, within: str = "") -> Iterator[Object]:
        """The objects whose names begin with ``within``, by name.

        Raises
        ------
        StoreError
            They cannot be listed.
        """
        start, asked = f"{self._start}{within}", dict[str, Any]()
        for _ in range(_MOST_PAGES):
            with self._telling():
                page = self._fs.call_s3(
                    "list_objects_v2", Bucket=self._bucket, Prefix=start, MaxKeys=_AT_A_TIME, **asked
                )
            for each in page.get("Contents", ()):
                name = each["Key"].removeprefix(self._start)
                yield Object(name, each["Size"], each["ETag"].strip('"'), each["LastModified"].timestamp())
            if not page.get("IsTruncated"):
                return
            asked = {"ContinuationToken": page["NextContinuationToken"]}
        raise StoreError("{address}: holds too many objects", address=self.address)

    def is_there(self) -> bool:
        """Whether the store answers now."""
        try:
            with self._telling():
                self._fs.call_s3("list_objects_v2", Bucket=self._bucket, Prefix=self._start, MaxKeys=1)
        except StoreError:
            return False
        return True

    def find(self, name: str) -> Object | None:
        """The object of that name, if there is one.

        Raises
        ------
        StoreError
            The store does not say.
        """
        return next((each for each in self.listed(name) if each.name == name), None)

    def fetch(self, found: Object, path: Path) -> None:
        """Write the object to ``path``, where nothing is.

        Raises
        ------
        TakenError
            It has another size by now.
        StoreError
            It is not there any more, or cannot be had.
        """
        from fsspec.callbacks import Callback

        def check(size_bytes: int | None, *_: object, **__: object) -> None:
            if size_bytes not in (None, found.size_bytes):  # before a byte of it is written
                raise self._taken()

        with self._telling():
            self._fs.get_file(self._key(found.name), str(path), callback=Callback(hooks={"size": check}))

    def read(self, found: Object) -> bytes:
        """The bytes of a small object.

        Raises
        ------
        StoreError
            It cannot be had.
        """
        with self._telling():
            return bytes(self._fs.cat_file(self._key(found.name), start=0, end=found.size_bytes))

    def put(self, name: str, content: bytes, replaces: str | None) -> str:
        """Put an object, in place of the one with the ETag ``replaces``, or where none is; return its own ETag.

        Raises
        ------
        TakenError
            Another is there.
        StoreError
            It cannot be put.
        """
        condition: dict[str, Any] = {"IfMatch": f'"{replaces}"'} if replaces else {"mode": "create"}
        with self._telling():
            answer = self._fs.pipe_file(self._key(name), content, **condition)
        return str(answer["ETag"]).strip('"')

    def put_file(self, name: str, path: Path, size_bytes: int, replaces: str | None) -> None:
        """``put`` a file of any size; in place of another only up to 90 MB."""
        if replaces and size_bytes > _WHOLE_BYTES:
            raise StoreError("{address}: {name} is too large to be replaced", address=self.address, name=name)
        condition: dict[str, Any] = {"IfMatch": f'"{replaces}"'} if replaces else {"mode": "create"}
        with self._telling():
            self._fs.put_file(str(path), self._key(name), **condition)

    def _key(self, name: str) -> str:
        return f"{self._bucket}/{self._start}{name}"

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """What s3fs and those below it raise, as ours."""
        try:
            yield
        except Exception as error:
            ours = self._ours(error)
            if ours is None:
                raise
            raise ours from error

    def _ours(self, error: Exception) -> StoreError | None:
        from aiohttp import ClientError as LostError
        from botocore import exceptions as boto

        answer = getattr(error.__cause__ or error, "response", None)
        code = str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""
        if isinstance(error, FileExistsError) or code in _OTHERS:
            return self._taken()
        lost = boto.ConnectionError, boto.HTTPClientError, LostError, ConnectionError, TimeoutError
        if isinstance(error, lost) or code in _AWAY:
            return StoreAwayError("{address}: does not answer", address=self.address)
        if not isinstance(error, boto.BotoCoreError | boto.ClientError) and not code:
            return None  # as of a disk of this machine that is full
        said = code if _CODE.fullmatch(code) else type(error).__name__
        return StoreError("{address}: refuses what is asked ({detail})", address=self.address, detail=said)

    def _taken(self) -> TakenError:
        return TakenError("{address}: somebody has changed it meanwhile", address=self.address)

    @classmethod
    def at(cls, address: str) -> Self:
        """The store at an address, one for each of a process."""
        if address not in _known:
            _known[address] = cls(address)
        return _known[address]  # type: ignore[return-value]


_known: dict[str, Store] = {}


def parted(address: str) -> tuple[str, str]:
    """The bucket that an address names, and what the keys of its objects begin with.

    Raises
    ------
    StoreError
        It is no address of an archive in a store; it is not repeated, for there may be a password in it.
    """
    found = _ADDRESS.fullmatch(address)
    folders = found[2].split("/")[1:] if found else []
    if not found or {".", ".."} & set(folders) or any(not c.isprintable() or c in "?#" for c in found[2]):
        raise StoreError("the address of a store is none that is read; expected s3://BUCKET/FOLDER")
    return found[1], "".join(f"{name}/" for name in folders)


def _file_system() -> Any:
    import fsspec

    try:
        found = fsspec.filesystem("s3", **_SETTINGS)
    except ImportError as error:
        raise StoreError("what speaks to stores is not installed; pip install 'quotecast[s3]'") from error
    found.retries = _TRIES
    return found
