"""When cues appear and go.

A cue starts with its voice and goes half a second after it, later where its reader needs more and nobody speaks; it
always leaves a gap before the next, and holds on to it where the gap would otherwise flicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aligner.captions.rules import CaptionRules
from aligner.durations import to_milliseconds


class CueDraft(NamedTuple):
    """A cue before its end is known: when its voice starts and ends, its characters, whether any word has a time."""

    start: float
    voice_end: float
    chars: int
    voiced: bool = True


def on_screen_until(start: float, voice_end: float, chars: int, following: float, rules: CaptionRules) -> float:
    """When a cue should go; ``following`` is the start of the next cue, or the end of the sound."""
    latest = following - rules.min_gap
    longest = start + rules.max_duration
    end = voice_end + rules.linger
    # The innermost step of the search for the best cut; comparisons cost half of what min and max do.
    if end < start + chars / rules.max_speed:
        end = start + chars / rules.max_speed
    if end < start + rules.min_duration:
        end = start + rules.min_duration
    if latest < end + rules.chain:
        end = latest
    return end if end < longest else longest


def settle(drafts: Sequence[CueDraft], sound_end: float, rules: CaptionRules) -> list[tuple[float, float]]:
    """The times of all cues, on the millisecond grid, disjoint and in order.

    Where two cues start too close for the gap, the gap gives way first.
    """
    starts = _shared_out(drafts, sound_end, rules)
    starts_ms: list[int] = []
    for start in starts:
        earliest = starts_ms[-1] + 1 if starts_ms else 0
        starts_ms.append(max(earliest, to_milliseconds(start)))
    gap_ms = to_milliseconds(rules.min_gap)
    times = []
    for number, draft in enumerate(drafts):
        start_ms = starts_ms[number]
        last = number + 1 == len(drafts)
        next_ms = max(to_milliseconds(sound_end) + gap_ms, start_ms + gap_ms + 1) if last else starts_ms[number + 1]
        end = on_screen_until(start_ms / 1000, draft.voice_end, draft.chars, next_ms / 1000, rules)
        end_ms = min(to_milliseconds(end), next_ms - gap_ms)
        if end_ms <= start_ms:
            end_ms = next_ms
        times.append((start_ms / 1000, end_ms / 1000))
    return times


def _shared_out(drafts: Sequence[CueDraft], sound_end: float, rules: CaptionRules) -> list[float]:
    """The starts of all cues. Cues without a voice share the silence after the cue before them, by their characters;
    where that is too short for them to be seen, the time of that cue too."""
    starts = [draft.start for draft in drafts]
    number = 0
    while number < len(drafts):
        first = number
        number += 1
        while number < len(drafts) and not drafts[number].voiced:
            number += 1
        if not drafts[first].voiced and number < len(drafts):
            number += 1
        if number - first > 1:
            end = drafts[number].start if number < len(drafts) else max(sound_end, drafts[number - 1].voice_end)
            least = (number - first - 1) * (rules.min_duration + rules.min_gap)
            start = drafts[first].start
            if drafts[first].voiced and end - drafts[first].voice_end >= least:
                first, start = first + 1, drafts[first].voice_end
            total = sum(draft.chars for draft in drafts[first:number])
            read = 0
            for position in range(first, number):
                starts[position] = start + (end - start) * read / total
                read += drafts[position].chars
    return starts
