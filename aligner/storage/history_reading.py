"""Reading an episode's history: its changes with every claim checked, and what they make one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aligner.edits import NOTHING, applied
from aligner.errors import HistoryError, NewerError
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, to_text
from aligner.storage.checked_json import shortened
from aligner.storage.file_names import history_path
from aligner.storage.history_lines import VERSION, Change, LaterError, read_change
from aligner.storage.journal import fingerprint_of
from media.confinement import read_regular


def read_changes(path: Path, largest_bytes: int) -> tuple[tuple[Change, ...], int]:
    """The changes of the alignment at ``path`` that were acknowledged, and how many bytes of the history hold them.

    Raises
    ------
    HistoryError
        It cannot be read, a line is none, or one does not follow from the one before.
    NewerError
        A line is of a later version.
    """
    file = history_path(path)
    try:
        content = read_regular(file, largest_bytes)
    except FileNotFoundError:
        return (), 0
    except OSError as error:
        raise HistoryError("{path}: cannot be read ({reason})", path=file, reason=error.strerror) from error
    lines = content.split(b"\n")[:-1]
    last_written = 2 if len(lines) == 2 else 1  # a history begins with two
    if any(b"\0" in line for line in lines[-last_written:]):
        del lines[-last_written:]
    changes: list[Change] = []
    for number, line in enumerate(lines, 1):
        changes.append(_change(file, number, line, changes[-1].after_sha256 if changes else None))
    return tuple(changes), sum(map(len, lines)) + len(lines)


def replayed(path: Path, changes: Sequence[Change]) -> Alignment:
    """What the changes make of nothing, one after the other.

    Raises
    ------
    HistoryError
        They do not make what they say.
    """
    alignment, number = NOTHING, 0
    try:
        for change in changes:
            number = change.id
            alignment = applied(alignment, change.edit)
        content = to_text(alignment).encode("utf-8")
        if fingerprint_of(content) != changes[-1].after_sha256:
            raise ValueError("it leads elsewhere")
        return from_content(content)
    except ValueError as error:
        raise _damaged(history_path(path), number, error) from error


def _change(file: Path, number: int, line: bytes, before_sha256: str | None) -> Change:
    try:
        change = read_change(line)
        if change.id != number or change.before_sha256 != before_sha256:
            raise ValueError(f"change {change.id} does not follow")
        return change
    except LaterError as error:
        raise NewerError(
            "{path}: made by a newer quotecast (version {version} of its format, this one reads {known}); "
            "update quotecast",
            path=file,
            version=str(error),
            known=VERSION,
        ) from error
    except ValueError as error:
        raise _damaged(file, number, error) from error


def _damaged(file: Path, number: int, error: ValueError) -> HistoryError:
    return HistoryError(
        "{path}: line {number} is no change that can be read ({detail}); move the file elsewhere to begin another "
        "history",
        path=file,
        number=number,
        detail=shortened(error),
    )
