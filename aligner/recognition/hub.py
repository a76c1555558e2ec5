"""The model hub: what its own client has kept on this machine, and fetching a file whose size is known.

Fetching is one plain request a file: the client asks several things first, tells the hub what runs it, tries for half a
minute where there is no network, and takes as much as it is sent.

Conventions
-----------
- The client is imported where it is used, for it takes a while.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_TRIES = 5  # while each brings more of a file
_SILENCE = 30.0  # seconds without a byte that end a try
_BLOCK = 1 << 18


class Hub:
    """One revision of a repository of the hub."""

    def __init__(self, repository: str, revision: str) -> None:
        self._repository, self._revision = repository, revision

    def kept(self, name: str) -> list[Path]:
        """The file ``name`` as the client has kept it, if it has; not checked."""
        with quiet():
            from huggingface_hub import try_to_load_from_cache

            found = try_to_load_from_cache(self._repository, name, revision=self._revision)
            return [Path(found)] if isinstance(found, str) else []

    def fetch(self, name: str, path: Path, size_bytes: int, told: Callable[[int], None]) -> None:
        """Fetch the file ``name`` to ``path``, going on where an earlier try stopped; what comes is not checked.

        ``told`` hears how many bytes are here, at first and after each block; there are never more than
        ``size_bytes``.

        Raises
        ------
        ConnectionError
            The hub cannot be reached, has no such file, or broke off.
        OSError
            The file cannot be written.
        """
        part = path.with_name(f"{path.name}.part")
        for _ in range(_TRIES):
            before = part.stat().st_size if part.exists() else 0
            if before >= size_bytes:
                break
            told(before)
            self._go_on(name, part, size_bytes, told)
            if part.stat().st_size <= before:
                break
        if part.stat().st_size < size_bytes:
            raise ConnectionError(f"{name} broke off")
        part.replace(path)

    def _go_on(self, name: str, part: Path, size_bytes: int, told: Callable[[int], None]) -> None:
        with part.open("ab") as file, self._asked(name, file.tell()) as answer:
            if answer.status != 206:  # what is sent is the whole file
                file.truncate(0)
            while file.tell() < size_bytes and (block := _read(answer, min(_BLOCK, size_bytes - file.tell()))):
                file.write(block)
                told(file.tell())

    @contextlib.contextmanager
    def _asked(self, name: str, first: int) -> Iterator[Any]:
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        from huggingface_hub import constants

        if constants.HF_HUB_OFFLINE:
            raise ConnectionError("HF_HUB_OFFLINE is set")
        url = f"{constants.ENDPOINT}/{self._repository}/resolve/{self._revision}/{name}"
        headers = {"User-Agent": "quotecast", "Accept-Encoding": "identity"}
        if first:
            headers["Range"] = f"bytes={first}-"
        try:
            answer = urlopen(Request(url, headers=headers), timeout=_SILENCE)
        except (OSError, ValueError) as error:  # ValueError: of an address that is none
            if isinstance(error, HTTPError):
                error.close()
            raise ConnectionError(str(error)) from error
        with answer:
            yield answer


def _read(answer: Any, most: int) -> bytes:
    """What comes next, nothing where it breaks off."""
    from http.client import HTTPException

    try:
        return bytes(answer.read(most))
    except (OSError, HTTPException):
        return b""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The hub's client tells of missing tokens and draws bars; the user of a command line has no use for either."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_SYMLINKS_WARNING", "1")
    from huggingface_hub.utils.tqdm import disable_progress_bars

    logger = logging.getLogger("huggingface_hub")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    disable_progress_bars()
    try:
        yield
    finally:
        logger.setLevel(before)
