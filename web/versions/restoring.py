"""Restore an earlier version of a transcript. Only words that differ are aligned again; the change can be undone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from aligner.corrections.commands import refusing
from aligner.corrections.structure_overrides import structured
from aligner.corrections.text import with_transcript
from aligner.saved_quotes import carry_over_quotes
from aligner.storage.history import changed, open_history
from web.library.episode import recognised_audio_of
from web.versions.comparing import transcript_of
from web.versions.listing import Version
from web.worker_pool import call


def restore(path: Path, version: Version, who: str) -> bool:
    """Make ``version`` the transcript of the alignment at ``path``, as a change by the user ``who``.

    A changed text is no longer marked as reviewed. Return True if all words were aligned, and False if the audio must
    be recognised again to align them. Raises ConflictError, CorrectionError, HistoryError, AlignmentError,
    TranscriptError or OutputError if the version cannot be restored (then nothing has changed); Unusable if the work
    exceeds the limits; Busy if the server has too much work."""
    return call(_restore, path, version, who)


def _restore(path: Path, version: Version, who: str) -> bool:
    history = open_history(path)
    now = history.alignment
    transcript = transcript_of(version.path, path)
    if transcript.file == version.path.name:  # it is not in the history
        transcript = structured(replace(transcript, file=version.name), now)
    heard = recognised_audio_of(now)
    with refusing():
        new = with_transcript(now, transcript, heard)
        if new.transcript.text != now.transcript.text:
            new = replace(new, review=None)
        what, quotes = {"kind": "restored", "version": version.number}, partial(carry_over_quotes, path.parent, now)
        changed(history, new, what, who, quotes)
    return heard is not None
