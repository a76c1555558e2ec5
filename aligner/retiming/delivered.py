"""Match audio as a host delivers it, with ads of its choice, with the episode's own audio, known by its sync file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.recognition import Progress
from aligner.retiming.moving import MatchedSpan, gaps
from aligner.retiming.new_audio import AudioMatcher
from aligner.storage.file_names import read_sync_file, sha256_of


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivered audio: the spans in which it matches the own audio (``old``), and the passages that are ``foreign``,
    such as ads. ``missing`` passages of the own audio were not delivered. ``warnings`` are shown to the user."""

    matched: Sequence[MatchedSpan]
    foreign: Sequence[Span] = ()
    missing: Sequence[Span] = ()
    warnings: tuple[str, ...] = ()


def match_delivered(audio: Path, sync_file: Path, progress: Progress) -> Delivery:
    """Match the delivered ``audio`` with the own audio of ``sync_file``. The own file itself is not decoded.

    Raises FingerprintError if the sync file cannot be used, and the errors of ``AudioMatcher.match_fingerprint``.
    """
    own = read_sync_file(sync_file)
    if sha256_of(audio) == own.sha256:
        whole = Span(0.0, own.duration)
        return Delivery([MatchedSpan(whole, whole)])
    matcher = AudioMatcher(audio, progress)
    try:
        matched, new = matcher.match_fingerprint(own), matcher.new
    except AnotherEpisodeError as error:
        raise AnotherEpisodeError(
            "{path}: another episode than that of {sync_file} ({share:.0f}% in common); name the files of one episode",
            path=audio, sync_file=sync_file, share=error.message.values["share"],
        ) from error  # fmt: skip
    foreign = gaps([each.new for each in matched], new.duration)
    return Delivery(matched, foreign, gaps([each.old for each in matched], own.duration), new.warnings)
