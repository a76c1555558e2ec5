"""What is tried of one episode after another: what fails is told, and hinders no other, while hosts answer."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from media.confinement import is_folder
from media.errors import UserError
from web.archive.errors import ArchiveError, FetchError, told
from web.errors import WebError

UNANSWERED = 5  # episodes in a row, after which a host is left alone
LEFT_ALONE = f"quotecast: {UNANSWERED} in a row could not be had; the next run goes on with what is left"

Say = Callable[[str], None]
"""Told a line."""


@dataclass(slots=True)
class Attempts:
    """How many ``failed`` in the library at ``root``, of which who is to ``warn`` is told each."""

    warn: Say
    root: Path
    failed: int = 0
    _unanswered: int = 0  # in a row

    @property
    def are_over(self) -> bool:
        """Whether hosts are left alone by now."""
        return self._unanswered >= UNANSWERED

    @contextlib.contextmanager
    def of(self, name: str, what: str = "not brought up to date") -> Iterator[None]:
        """Try something of what is called so; ``what`` it is where that fails.

        Raises
        ------
        ArchiveError
            The library is gone, as where its disk is: so is whatever else would be tried.
        """
        try:
            yield
        except (UserError, WebError, OSError) as error:
            if not is_folder(self.root):
                raise ArchiveError(
                    "{path}: is not there any more; once it is again, the same command goes on", path=self.root
                ) from error
            self.failed += 1
            self.warn(f"quotecast: {name}: {what}: {told(error)}")
            self._unanswered = self._unanswered + 1 if isinstance(error, FetchError) and not error.lasting else 0
            if self._unanswered == UNANSWERED:
                self.warn(LEFT_ALONE)
        else:
            self._unanswered = 0
