"""A version of a transcript made the present text again: what differs alone is sought in the sound, and it is a change
like others, so it can be taken back. A signature goes with the text that was signed, and comes back with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from aligner.corrections.commands import refusing
from aligner.corrections.repair import Heard
from aligner.corrections.text import reworded
from aligner.corrections.told_structure import structured
from aligner.kept import follow
from aligner.model import Signature
from aligner.recognition.before import heard_before
from aligner.storage.history import History, changed, open_history
from web.bounded import call
from web.versions.comparing import transcript_of
from web.versions.listing import Listed
from web.versions.text_changes import signatures


def restore(path: Path, version: Listed, who: str) -> bool:
    """Make a version the text of the alignment at ``path``; whether the sound was known, so that all words were sought.

    Raises
    ------
    ConflictError, CorrectionError, HistoryError, AlignmentError, TranscriptError, OutputError
        It cannot be: the message says why. Nothing has changed then.
    Unusable, Busy
        It cannot be done within bounds, or not now.
    """
    return call(_restore, path, version, who)


def _restore(path: Path, version: Listed, who: str) -> bool:
    history = open_history(path)
    now = history.alignment
    read = transcript_of(version.path, path)
    if read.file == version.path.name:  # the history does not know it
        read = structured(replace(read, file=version.name), now)
    found = heard_before(now)
    with refusing():
        new = reworded(now, read, Heard(*found) if found else None)
        if new.transcript.text != now.transcript.text:
            new = replace(new, signature=_signature(history, read.sha256))
        new = changed(
            history, new, {"kind": "restored", "version": version.number}, who, partial(follow, path.parent, now)
        ).alignment
    return found is not None


def _signature(history: History, sha256: str) -> Signature | None:
    return signatures(history.path, history.alignment.transcript.sha256).get(sha256)
