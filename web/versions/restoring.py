"""Restore a version of a transcript: what differs alone is sought in the audio, and the change can be undone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from aligner.corrections.commands import refusing
from aligner.corrections.structure_overrides import structured
from aligner.corrections.text import reworded
from aligner.saved_quotes import carry_over
from aligner.storage.history import changed, open_history
from web.library.episode import heard_of
from web.versions.comparing import transcript_of
from web.versions.listing import Listed
from web.worker_pool import call


def restore(path: Path, version: Listed, who: str) -> bool:
    """Make a version the text of the alignment at ``path``; return whether the recognition of the audio was at hand, so
    that all words were sought. The mark of who reviewed the text before is taken off.

    Raises ConflictError, CorrectionError, HistoryError, AlignmentError, TranscriptError, OutputError: it cannot be
    restored, the message says why, and nothing has changed; Unusable, Busy: not within the limits, or not now.
    """
    return call(_restore, path, version, who)


def _restore(path: Path, version: Listed, who: str) -> bool:
    history = open_history(path)
    now = history.alignment
    read = transcript_of(version.path, path)
    if read.file == version.path.name:  # the history does not know it
        read = structured(replace(read, file=version.name), now)
    heard = heard_of(now)
    with refusing():
        new = reworded(now, read, heard)
        if new.transcript.text != now.transcript.text:
            new = replace(new, review=None)
        what, quotes = {"kind": "restored", "version": version.number}, partial(carry_over, path.parent, now)
        changed(history, new, what, who, quotes)
    return heard is not None
