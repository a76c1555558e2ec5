"""The lock that one run at a time has on an archive in a store: an object that the run writes anew every few seconds.

Conventions
-----------
- It is taken, renewed and given back by puts that the store refuses where the object is another by now. A store that
  does not refuse them is not worked on.
- Whose run was killed is told by the object alone, which stays as it is: after a while, by the clock of whoever looks,
  it is taken over. No clocks are compared.
- It is empty while nobody has it; nothing is removed.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from collections.abc import Iterator

from aligner.cli.terminal import tell
from aligner.storage.user_folders import HIDDEN
from web.archive.runs.records import ARCHIVE, ArchiveInUseError
from web.archive.runs.store.objects import Object, Store, StoreError, TakenError

_NAME = f"{HIDDEN}/{ARCHIVE}/run.lock"
_RENEWED_EVERY, _STALE_AFTER = 10.0, 60.0  # seconds
_LOOK_EVERY = 1.0  # seconds
_LARGEST_BYTES = 1_000


class Lock:
    """A run's own, once it is ``taken``."""

    def __init__(self, store: Store) -> None:
        self._store, self._run, self._count = store, uuid.uuid4().hex, 0
        self._etag = ""
        self._is_lost, self._over = False, threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lock", daemon=True)

    def check(self) -> None:
        """Make sure that it is still ours.

        Raises
        ------
        ArchiveInUseError
            Another run has taken it over, as one does that hears nothing of this one.
        """
        if self._is_lost:
            raise self._in_use()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Have it, and renew it meanwhile.

        Raises
        ------
        ArchiveInUseError
            Another run has it.
        StoreError
            It cannot be put, or the store puts whatever it is told to.
        """
        try:
            found = self._store.find(_NAME)
            replaced = self._abandoned(found) if found and found.size_bytes else found
            self._etag = self._store.put(_NAME, self._content(), replaced.etag if replaced else None)
        except TakenError as error:
            raise self._in_use() from error
        self._try_conditions()
        self._renewing.start()
        try:
            yield
        finally:
            self._over.set()
            self._renewing.join()
            with contextlib.suppress(StoreError):  # the next run takes it over after a while
                self._store.put(_NAME, b"", self._etag)

    def _abandoned(self, seen: Object) -> Object | None:
        """The lock of a run that does not renew it; None once it is gone."""
        tell("quotecast: another run may be at work on this archive; looking whether it is, for a minute at most")
        deadline = time.monotonic() + _STALE_AFTER
        while time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY)
            now = self._store.find(_NAME)
            if now is None or not now.size_bytes:
                return now
            if now.etag != seen.etag:
                raise self._in_use()
        return seen

    def _try_conditions(self) -> None:
        for replaces in (None, "0" * 32):
            with contextlib.suppress(TakenError):
                self._etag = self._store.put(_NAME, self._content(), replaces)
                raise StoreError(
                    "{address}: this store writes over what others have put; expected one that knows If-Match and"
                    " If-None-Match",
                    address=self._store.address,
                )

    def _renew(self) -> None:
        while not self._over.wait(_RENEWED_EVERY) and not self._is_lost:
            self._renew_once()

    def _renew_once(self) -> None:
        with contextlib.suppress(StoreError):  # it is away: again, until another has taken it
            try:
                self._etag = self._store.put(_NAME, self._content(), self._etag)
            except TakenError:
                self._is_lost = not self._is_ours_still()

    def _is_ours_still(self) -> bool:
        """Whether it was put by us after all, and only the answer was lost."""
        found = self._store.find(_NAME)
        if found is None or not 0 < found.size_bytes <= _LARGEST_BYTES:
            return False
        if self._run.encode("ascii") not in self._store.read(found):
            return False
        self._etag = found.etag
        return True

    def _content(self) -> bytes:
        self._count += 1
        return (json.dumps({"run": self._run, "count": self._count}) + "\n").encode("ascii")

    def _in_use(self) -> ArchiveInUseError:
        return ArchiveInUseError(
            "{path}: another run is at work on this archive; wait for it, or end it", path=self._store.address
        )
