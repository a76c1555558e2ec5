"""The captions that a review judges, kept from one state of an episode to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aligner.captions import Cue, CueReport
from aligner.content_cache import ContentCache
from aligner.model import Alignment, Verdict
from aligner.report.figures import CAPTION_FORMATS, judged_captions
from aligner.settled import SettledKind


class CaptionsAtHand:
    """The captions in WebVTT of the state that was asked for last, and the norms that they miss. Of another state they
    are the same where its words have the same times, as when some were accepted; else what both show is not cut again.
    """

    def __init__(self) -> None:
        self._cuts = ContentCache()
        self._shown: object = None
        self._judged: tuple[Sequence[Cue], CueReport] | None = None

    def of(self, alignment: Alignment) -> tuple[Sequence[Cue], CueReport]:
        """The captions of an alignment, and which norms each misses."""
        shown = _shown(alignment)
        if self._judged is None or shown != self._shown:
            self._cuts = ContentCache(self._cuts.used)
            [(_, cues, report)] = judged_captions(alignment, CAPTION_FORMATS[:1], self._cuts)
            self._shown, self._judged = shown, (cues, report)
        return self._judged


def _shown(alignment: Alignment) -> object:
    """All that captions may depend on: the alignment without what only says how sure it is and what was looked at."""
    settled = tuple(each for each in alignment.settled if each.kind is not SettledKind.NORM)
    bare = replace(
        alignment,
        coverage=0.0,
        verdict=Verdict.GOOD,
        segments=(),
        words=(),
        pinned_passages=(),
        lost_pins=(),
        settled=settled,
        signature=None,
    )
    words = [(timed.word, timed.span) for timed in alignment.words]
    return bare, words, [(timed.segment, timed.start, timed.end) for timed in alignment.segments]
