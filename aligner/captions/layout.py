"""Where the words of a cue stand on its lines, and when the cue appears and goes.

A cue starts with its voice and goes half a second after it, later where its reader needs more and nobody speaks; it
always leaves a gap before the next, and holds on to it where the gap would otherwise flicker.

Conventions
-----------
- Positions index the passage's tokens, ranges are half-open; lengths are characters as ``width`` counts them.
- Costs are in the unit of ``typography.breaks``. A cue of two lines counts one character for its line break.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules, CueLine, CueWord, SpeakerNames
from aligner.durations import to_milliseconds
from aligner.languages import Captioning
from aligner.typography.breaks import COMMA, Orphans, unbroken_tokens
from aligner.typography.tokens import DASHES, width

# A break between lines disturbs less than one between cues.
LINE_BREAK = 0.55
# Per character that one line is longer than the other; once more where it is the upper one.
UNBALANCE = 0.08
TOP_HEAVY = 0.05
NAME_ALONE = 2.0
# A word that has a line for itself amid a clause. It tells only between the ways to set a cue: were cues cut for it, as
# many breaks would be worse as better.
LONE_WORD = 4.0
# A name that is left out in a cue that goes on with the last one's speaker: less than too fast to be read.
UNNAMED = 30.0
# A word longer than a line.
OVERFLOW = 300.0


class Layout(NamedTuple):
    """A way to set a cue: its cost, its characters, where its second line starts (at its end where it has one)."""

    cost: float
    chars: int
    split: int
    leads: tuple[str, str]


class Leads(NamedTuple):
    """What a cue or a speaker's line that starts at each position adds: a name, a dash, or nothing.

    ``optional`` are the positions where it may be left out.
    """

    texts: tuple[str, ...]
    optional: frozenset[int] = frozenset()


class Typesetter:
    """Sets ranges of one passage's tokens."""

    def __init__(self, passage: Passage, language: Captioning, rules: CaptionRules) -> None:
        self.costs = passage.breaks
        self.orphans = Orphans(passage.tokens, self.costs)
        self._passage = passage
        self._rules = rules
        self.dash = language.dash
        self._before = [width(token.before) for token in passage.tokens]
        widths = (before + width(token.text) for before, token in zip(self._before, passage.tokens, strict=True))
        self._read = list(accumulate(widths, initial=0))
        self._shown = tuple(_shown_words(passage, language))

    def width(self, start: int, end: int) -> int:
        """The length of the tokens set on one line."""
        return self._read[end] - self._read[start] - self._before[start]

    def leads(self, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> Leads:
        """What captions add where, speakers named as ``names`` says; ``labels`` holds their full and short labels.

        A name is full where its speaker is first heard, then short, so that nobody seems to be two people.
        """
        positions = range(len(self._passage.tokens))
        texts = tuple(self._lead(position, names, labels) for position in positions)
        if names is not SpeakerNames.ALWAYS:
            return Leads(texts)
        return Leads(texts, frozenset(at for at in positions if texts[at] and at not in self._passage.changes))

    def layouts(self, start: int, end: int, change: int, leads: Leads) -> list[Layout]:
        """The ways to set a cue; ``change`` is where the second speaker starts, ``end`` or more where none does."""
        texts = leads.texts
        if change >= end:
            found = self._one_speaker(start, end, texts[start])
        else:
            found = self._two_speakers(start, change, end, (texts[start], texts[change]))
        if start not in leads.optional or (found and self._can_be_read(found[0].chars, start, end)):
            return found
        if change >= end:
            bare = self._one_speaker(start, end, "")
        else:
            bare = self._two_speakers(start, change, end, ("", texts[change]))
        return found + [way._replace(cost=way.cost + UNNAMED) for way in bare]

    def _can_be_read(self, chars: int, start: int, end: int) -> bool:
        """Whether so many characters can be read while the tokens are said."""
        return chars <= self._rules.max_speed * (self._passage.ends[end - 1] - self._passage.starts[start])

    def lines(self, start: int, end: int, layout: Layout) -> tuple[CueLine, ...]:
        """The lines of the layout chosen."""
        parts = [(start, layout.split, layout.leads[0]), (layout.split, end, layout.leads[1])]
        return tuple(
            CueLine(self._speaker(first), lead, self._shown[first:last])
            for first, last, lead in parts
            if first < last or lead
        )

    def _speaker(self, position: int) -> str | None:
        return self._passage.tokens[position].speaker

    def _lead(self, position: int, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> str:
        passage = self._passage
        token = passage.tokens[position]
        told = names is SpeakerNames.ALWAYS or (names is SpeakerNames.CHANGE and position in passage.named)
        if told and token.speaker and token.speaker in labels:
            full, short = labels[token.speaker]
            return full if position in passage.introduced else short
        opens = position in passage.turns and (token.opens or names is SpeakerNames.DASH)
        return self.dash if opens and token.text[0] not in DASHES else ""

    def _one_speaker(self, start: int, end: int, lead: str) -> list[Layout]:
        room, two_lines = self._rules.max_line, self._rules.max_lines > 1
        led = width(lead) + 1 if lead else 0
        text = self.width(start, end)
        if led + text <= room:
            return [Layout(0.0, led + text, end, (lead, ""))]
        found = []
        # A name may have the upper line to itself; a dash alone tells nothing.
        name_alone = two_lines and lead not in ("", self.dash)
        if two_lines:
            if name_alone and text <= room:
                found.append(Layout(NAME_ALONE, led + text, start, (lead, "")))
            split, cost = self._best_split(start, end, led)
            if split:
                chars = led + self.width(start, split) + 1 + self.width(split, end)
                found.append(Layout(cost, chars, split, (lead, "")))
        if end == start + 1:
            found.append(Layout(OVERFLOW, led + text, start if name_alone else end, (lead, "")))
        return found

    def _best_split(self, start: int, end: int, led: int) -> tuple[int, float]:
        """The best place for a line break and its cost; 0 where the text does not fit on two lines."""
        read, before, room = self._read, self._before, self._rules.max_line
        first = max(start + 1, bisect_left(read, read[end] - room - 2, start, end))
        last = min(end - 1, bisect_right(read, read[start] + before[start] + room - led) - 1)
        best, best_cost, least = 0, 0.0, float("inf")
        for split in range(first, last + 1):
            cost = LINE_BREAK * self.costs[split]
            lower = read[end] - read[split] - before[split]
            if cost >= least or lower > room:
                continue
            cost += LINE_BREAK * self.orphans.cost(start, split)
            uneven = led + read[split] - read[start] - before[start] - lower
            cost += UNBALANCE * abs(uneven) + TOP_HEAVY * max(0, uneven)
            is_lone = split + 1 == end or (split == start + 1 and not led)
            minded = cost + LONE_WORD * (is_lone and self.costs[split] > COMMA)
            if minded < least:
                best, best_cost, least = split, cost, minded
        return best, best_cost

    def _two_speakers(self, start: int, change: int, end: int, leads: tuple[str, str]) -> list[Layout]:
        room = self._rules.max_line
        upper, lower = leads
        if change not in self._passage.unsure:
            upper, lower = self._dashed(start, upper), self._dashed(change, lower)
        top = width(upper) + bool(upper) + self.width(start, change)
        bottom = width(lower) + bool(lower) + self.width(change, end)
        if min(self._rules.max_lines, self._rules.max_voices) == 1 or max(top, bottom) > room:
            return []
        return [Layout(0.0, top + 1 + bottom, change, (upper, lower))]

    def _dashed(self, position: int, lead: str) -> str:
        """The lead of a dialogue line: a dash unless the transcript has one there, then the name."""
        if lead == self.dash or self._passage.tokens[position].text[0] in DASHES:
            return lead
        return f"{self.dash} {lead}" if lead else self.dash


def _shown_words(passage: Passage, language: Captioning) -> Iterator[CueWord]:
    """The words as shown. Players break lines at spaces: what no line break may cut has no-break spaces."""
    for token, (before, text) in zip(passage.tokens, unbroken_tokens(passage.tokens, language), strict=True):
        yield CueWord(text, before, None if token.word is None else token.span, token.word)


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
