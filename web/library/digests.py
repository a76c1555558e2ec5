"""What the list needs of an alignment, read from the file's beginning.

A thread reads what quotecast wrote; whatever else lies under that name a child does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aligner.errors import AlignmentError, NewerError
from aligner.languages import language_code
from aligner.model import Verdict
from aligner.publication import published_date
from aligner.settled import Signature
from aligner.storage.alignment_head import AlignmentHead, head_as_written, read_head, signature_in, warnings_in
from aligner.storage.file_names import printable
from aligner.storage.file_states import until_changed
from web.bounded import call
from web.errors import Busy, Unusable
from web.library.alignments import known_error
from web.library.episode import Details, EpisodeProblem
from web.library.patience import OutOfPatienceError, patience

_AT_HAND = 16_384  # episodes
_LONGEST_TEXT = 2_000  # characters of what an alignment says of its episode


@dataclass(frozen=True, slots=True)
class Digest:
    """The head of an alignment: what it says of the episode, and how well it went.

    ``duration`` in seconds; ``warnings`` are of the sound.
    """

    details: Details
    duration: float
    coverage: float
    verdict: Verdict
    audio: str
    transcript: str
    transcript_sha256: str
    audio_sha256: str = ""
    warnings: tuple[str, ...] = ()
    signature: Signature | None = None
    machine_text: bool = False


def digest_of(alignment: Path) -> Digest | None:
    """The digest of an alignment, None where the file is none that can be read; kept until the file changes."""
    found = _found(alignment)
    return found if isinstance(found, Digest) else None


def problem_of(alignment: Path) -> EpisodeProblem | None:
    """What keeps an alignment from being read, as far as that is known."""
    found = _found(alignment)
    return None if isinstance(found, Digest) else found


def _found(alignment: Path) -> Digest | EpisodeProblem:
    if known_error(alignment):
        return EpisodeProblem.ALIGNMENT
    try:
        return _read(alignment)
    except OutOfPatienceError:
        return EpisodeProblem.LATER  # which is not kept, nor is the next
    except (OSError, Busy):
        return EpisodeProblem.ALIGNMENT  # it may be read the next time


@until_changed(_AT_HAND)
def _read(path: Path) -> Digest | EpisodeProblem:
    try:
        head = head_as_written(path) or _read_by_child(path)
    except NewerError:
        return EpisodeProblem.NEWER
    except (AlignmentError, Unusable):
        return EpisodeProblem.ALIGNMENT  # damaged, or something else under that name
    said = head.episode
    return Digest(
        details=Details(
            title=_printable(said.title),
            show=_printable(said.show),
            date=_printable(published_date(said.date or "") or said.date),
            url=_printable(said.url),
            language=language_code(_printable(head.language)),
            cover=said.cover,
            guid=_printable(said.guid),
        ),
        duration=head.audio.duration,
        coverage=head.coverage,
        verdict=head.verdict,
        audio=head.audio.file,
        transcript=head.transcript.file,
        transcript_sha256=_printable(head.transcript.sha256) or "",
        audio_sha256=_printable(head.audio.sha256) or "",
        warnings=warnings_in(head),
        signature=signature_in(head.signature),
        machine_text=bool(head.machine_text),
    )


def _read_by_child(path: Path) -> AlignmentHead:
    with patience():
        return call(read_head, path)


def _printable(text: str | None) -> str | None:
    return printable(text[:_LONGEST_TEXT]) if text else None
