"""Match audio as a host delivers it, with ads of its choice, with the episode's own audio, known by its sync file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.recognition import Progress
from aligner.retiming.moving import MatchedSpan, gaps
from aligner.retiming.new_audio import AudioMatcher
from aligner.storage.file_names import sha256_of
from media.errors import FingerprintError
from media.fingerprint import LARGEST_BYTES, Fingerprint, from_bytes
from media.safe_fs import read_regular


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivered audio of ``duration`` seconds. In the ``matched`` spans, it is the episode's own audio (``old``), which
    lasts ``own_duration`` seconds. ``is_same`` is true for the own file itself. ``warnings`` are to be shown."""

    matched: tuple[MatchedSpan, ...]
    duration: float
    own_duration: float
    is_same: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def foreign(self) -> list[Span]:
        """The passages of the delivered audio that are not the episode's own: ads or other audio."""
        return gaps([each.new for each in self.matched], self.duration)

    @property
    def missing(self) -> list[Span]:
        """The passages of the own audio that were not delivered."""
        return gaps([each.old for each in self.matched], self.own_duration)

    def shift_at(self, own: float) -> float | None:
        """Return the seconds by which a time of the own audio is later in the delivered audio; None if it was cut."""
        there = (each for each in self.matched if each.old.start <= own < each.old.end)
        return next((each.to_new(own) - own for each in there), None)


def match_delivered(audio: Path, sync_file: Path, progress: Progress) -> Delivery:
    """Match the delivered ``audio`` with the own audio of ``sync_file``. The own file itself is not decoded.

    Raises FingerprintError or OSError if the sync file is damaged or cannot be read, AnotherEpisodeError if too little
    of the own audio is found, and the errors of ``AudioMatcher``.
    """
    own = _read_sync(sync_file)
    if sha256_of(audio) == own.sha256:
        whole = Span(0.0, own.duration)
        return Delivery((MatchedSpan(whole, whole),), own.duration, own.duration, is_same=True)
    matcher = AudioMatcher(audio, progress)
    try:
        matched = matcher.match_fingerprint(own)
    except AnotherEpisodeError as error:
        raise AnotherEpisodeError(
            "{path}: has only {share:.0f}% of the audio of {sync}; it is another episode",
            path=audio, share=error.message.values["share"], sync=sync_file,
        ) from error  # fmt: skip
    return Delivery(matched, matcher.new.duration, own.duration, warnings=matcher.new.warnings)


def _read_sync(path: Path) -> Fingerprint:
    try:
        return from_bytes(read_regular(path, LARGEST_BYTES))
    except FingerprintError as error:
        raise FingerprintError("{path}: {problem}; export it again", path=path, problem=error.message) from error
