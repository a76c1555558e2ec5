"""Whether what a clip says is still what the transcript has there: a clip that was made stays as it is, and whoever
publishes it should know that its words were corrected since."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum

from aligner.model import Alignment, Kind, Segment
from aligner.normalization import fold
from web.clips.folder import MadeClip

_BESIDE = 8  # words around those that are said in it, for printed words that nobody says and words at its very edges
_MOST_WORDS = 6000  # of a clip: half an hour of fast talk; of a longer one nothing is told


class Outdated(StrEnum):
    """What has changed: the clip's ``WORDS`` stand there no more, somebody else says them, nothing is said there, or it
    was cut from another ``SOUND`` than the episode has now."""

    WORDS = "words"
    SPEAKER = "speaker"
    GONE = "gone"
    SOUND = "sound"


class Printed:
    """What the transcript of an episode has now, for the clips that are listed."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        self._said = sorted((timed.span.middle, k) for k, timed in enumerate(alignment.words) if timed.span)
        self._folded: dict[int, str] = {}

    def outdated(self, clip: MadeClip) -> Outdated | None:
        """What has changed of a clip since it was cut; None where nothing has.

        Case, accents and punctuation are no difference; of a clip without a record nothing is known.
        """
        said = [folded for word in clip.text.split() if (folded := fold(word))]
        if clip.sound and clip.sound != self._alignment.audio.sha256:
            return Outdated.SOUND
        if clip.start is None or clip.end is None or not 0 < len(said) <= _MOST_WORDS:
            return None
        there = self._spoken(clip.start, clip.end)
        words = [self._word(k) for k in there]
        for first in range(len(there) - len(said) + 1):
            if words[first] == said[0] and words[first : first + len(said)] == said:
                is_same = self._said_by_the_same(clip, there[first : first + len(said)])
                return None if is_same else Outdated.SPEAKER
        return Outdated.WORDS if there else Outdated.GONE

    def _spoken(self, start: float, end: float) -> list[int]:
        """The words of speech that are said between two times, and some around them; those of marks alone are none."""
        inside = [k for _, k in self._said[bisect_left(self._said, (start, -1)) : bisect_left(self._said, (end, -1))]]
        if not inside:
            return []
        around = range(max(0, min(inside) - _BESIDE), min(len(self._alignment.words), max(inside) + 1 + _BESIDE))
        return [k for k in around if self._segment(k).kind is Kind.SPEECH and self._word(k)]

    def _said_by_the_same(self, clip: MadeClip, words: list[int]) -> bool:
        """Whether who says the words is who says them in the clip, as far as both name anybody."""
        now = {speaker for k in words if (speaker := self._segment(k).speaker)}
        before = set((clip.speaker or "").split(", ")) - {""}
        return not now or not before or now == before

    def _word(self, k: int) -> str:
        if k not in self._folded:
            self._folded[k] = fold(self._alignment.words[k].word.text)
        return self._folded[k]

    def _segment(self, k: int) -> Segment:
        return self._alignment.segments[self._alignment.words[k].word.segment].segment
