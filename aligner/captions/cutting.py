"""Split passages into cues: arrange the text in lines, find the cheapest split, and choose when each cue is shown.

The cost of a split is the sum of the costs of its cues. The cost of a cue depends on its tokens and on when the next
cue starts, which is when the next cue's first token is spoken. So ``best[j] = min over i of best[i] + cost(i, j)`` is
exact, and the search is linear in the length of the text, because a cue has few tokens.

A cue starts about when its first word is spoken. It ends half a second after its last word, or later if reading takes
longer, but always before the next cue. If the gap before the next cue would be so short that it looks like a flicker,
the cue stays on screen until just before the next one.

Conventions
-----------
- Positions are indices of tokens in the passage; ranges are half-open. Lengths are characters as ``width`` counts them;
  a line break counts as one character. The *voice* of a cue is the speech that the cue shows.
- Costs have the unit of ``typography.breaks``, where a neutral break costs 12.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules, CueKind, CueLine, CueWord, SpeakerNames
from aligner.durations import to_milliseconds
from aligner.languages import Captioning
from aligner.typography.breaks import BRACKET, COMMA, SENTENCE, Orphans, unbroken_tokens
from aligner.typography.tokens import DASHES, width

# Factor of a break between lines, which disturbs less than one between cues.
LINE_BREAK = 0.55
# Per character that one line is longer than the other, and again if it is the upper one.
UNBALANCE = 0.08
TOP_HEAVY = 0.05
NAME_ALONE = 2.0
# A word alone on a line inside a clause. It only decides where the line breaks: as a cost of the cue, it would make as
# many splits worse as better.
LONE_WORD = 4.0
# Leaving out the name of a speaker who continues: cheaper than a cue too fast to read.
UNNAMED = 30.0
# A word longer than a line.
OVERFLOW = 300.0

# Each cue, so that fewer, fuller cues win a tie.
CUE = 2.0
# A cue too fast to read, and each character per second beyond the limit.
TOO_FAST = 270.0
FASTER = 2.0
# A cue too short, and each second below the limit; a hasty cue, per squared second: at 0.85 s about the cost of a break
# before a clause or phrase, at 1.1 s hardly more than that of a shifted start.
TOO_SHORT = 300.0
SHORTER = 100.0
HASTY = 30.0
HASTY_BELOW = 1.3
TOO_LONG = 300.0
# A cue with the end of a sentence and the start of the next.
STRADDLES = 8.0
# A sentence shown before the silence that precedes it, which is worse than a cue too fast to read, because readers know
# what nobody has said yet.
EARLY = 400.0
EARLY_PAUSE = 0.3
# A cue that continues into the next paragraph.
NEW_PARAGRAPH = 8.0
# The same if the paragraph may be by another speaker: between a cue too fast and one too short.
NEW_VOICE = 285.0
# Two speakers in a cue, free if one of them says little.
DIALOGUE = 12.0
EXCHANGE = 0.0
# A cue of two speakers that ends at a comma, or starts or ends inside a clause. The latter is harder to follow than a
# cue too fast to read; only a cue too short is worse.
DIALOGUE_AT_COMMA = 60.0
DIALOGUE_CUT = 290.0
LEAST_DURATION = 0.001
ROUNDING = 1e-6
# A cue in which no word has a time.
VOICELESS = 400.0
# A cue that starts a little before or after its voice.
SHIFT = 1.0
_UNREACHED = float("inf")


class Layout(NamedTuple):
    """A layout of a cue in one or two lines, and the cost of this layout. ``chars`` is the cue's length. ``split`` is
    the position of the second line's first token, or the cue's end if there is one line. ``leads`` are the texts before
    each line: a name, a dash or ""."""

    cost: float
    chars: int
    split: int
    leads: tuple[str, str]


class Leads(NamedTuple):
    """The leads of a passage: names and dashes before lines. ``texts[i]`` is the lead of a cue or line that starts with
    token ``i``, or "". A cue that starts at one of the ``optional`` positions may be shown without its lead."""

    texts: tuple[str, ...]
    optional: frozenset[int] = frozenset()


class Typesetter:
    """A typesetter that arranges the tokens of a passage in lines."""

    def __init__(self, passage: Passage, language: Captioning, rules: CaptionRules) -> None:
        self.costs = passage.breaks
        self.orphans = Orphans(passage.tokens, self.costs)
        self._passage = passage
        self._rules = rules
        self.dash = language.dash
        self._spaces = [width(token.before) for token in passage.tokens]
        widths = (space + width(token.text) for space, token in zip(self._spaces, passage.tokens, strict=True))
        self._offsets = list(accumulate(widths, initial=0))
        self._shown = tuple(_shown_words(passage, language))

    def width(self, start: int, end: int) -> int:
        """Return the displayed length of the tokens ``[start, end)`` on one line."""
        return self._offsets[end] - self._offsets[start] - self._spaces[start]

    def leads(self, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> Leads:
        """Return the leads of the passage: names and dashes to show before lines. ``names`` says which cues show a
        name. ``labels`` holds two labels of each speaker: the full one for the first cue, the short one for others."""
        positions = range(len(self._passage.tokens))
        texts = tuple(self._lead(position, names, labels) for position in positions)
        if names is not SpeakerNames.ALWAYS:
            return Leads(texts)
        return Leads(texts, frozenset(at for at in positions if texts[at] and at not in self._passage.changes))

    def layouts(self, start: int, end: int, change: int, leads: Leads) -> list[Layout]:
        """Return the ways to display the tokens ``[start, end)`` as a cue; [] if the text is too long. ``change`` is
        where the speaker changes next: if this is before ``end``, the cue has two speakers, each on a line."""
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
        return chars <= self._rules.max_speed * (self._passage.ends[end - 1] - self._passage.starts[start])

    def lines(self, start: int, end: int, layout: Layout) -> tuple[CueLine, ...]:
        parts = [(start, layout.split, layout.leads[0]), (layout.split, end, layout.leads[1])]
        return tuple(
            CueLine(self._passage.tokens[first].speaker, lead, self._shown[first:last])
            for first, last, lead in parts
            if first < last or lead
        )

    def _lead(self, position: int, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> str:
        passage = self._passage
        token = passage.tokens[position]
        has_name = names is SpeakerNames.ALWAYS or (names is SpeakerNames.CHANGE and position in passage.named)
        if has_name and token.speaker and token.speaker in labels:
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
        # A name may stand alone on the upper line, a dash may not.
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
        """Return the position of the token before which a line break costs least, and this cost. The position is 0 if
        the tokens do not fit on two lines. ``led`` is the length of the lead (a name or dash) before the first line."""
        offsets, spaces, room = self._offsets, self._spaces, self._rules.max_line
        first = max(start + 1, bisect_left(offsets, offsets[end] - room - 2, start, end))
        last = min(end - 1, bisect_right(offsets, offsets[start] + spaces[start] + room - led) - 1)
        best, best_cost, least = 0, 0.0, float("inf")
        for split in range(first, last + 1):
            cost = LINE_BREAK * self.costs[split]
            lower = offsets[end] - offsets[split] - spaces[split]
            if cost >= least or lower > room:
                continue
            cost += LINE_BREAK * self.orphans.cost(start, split)
            uneven = led + offsets[split] - offsets[start] - spaces[start] - lower
            cost += UNBALANCE * abs(uneven) + TOP_HEAVY * max(0, uneven)
            is_lone = split + 1 == end or (split == start + 1 and not led)
            rated = cost + LONE_WORD * (is_lone and self.costs[split] > COMMA)
            if rated < least:
                best, best_cost, least = split, cost, rated
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
        """Put a dash before a lead, unless the lead is a dash or the token at ``position`` begins with a dash."""
        if lead == self.dash or self._passage.tokens[position].text[0] in DASHES:
            return lead
        return f"{self.dash} {lead}" if lead else self.dash


def _shown_words(passage: Passage, language: Captioning) -> Iterator[CueWord]:
    for token, (before, text) in zip(passage.tokens, unbroken_tokens(passage.tokens, language), strict=True):
        yield CueWord(text, before, None if token.word is None else token.span, token.word)


class CueDraft(NamedTuple):
    """A cue whose end is not chosen yet. ``voice_end`` is the end of the cue's last word, ``chars`` the cue's length.
    ``voiced`` is False if no word of the cue has a time."""

    start: float
    voice_end: float
    chars: int
    voiced: bool = True


def on_screen_until(start: float, voice_end: float, chars: int, following: float, rules: CaptionRules) -> float:
    """Return when a cue of ``chars`` characters should disappear, in seconds. ``voice_end`` is the end of its last
    word, ``following`` the start of the next cue (for the last cue: ``rules.min_gap`` after the end of the audio)."""
    latest = following - rules.min_gap
    longest = start + rules.max_duration
    end = voice_end + rules.linger
    # The search calls this most often, and comparisons take half the time of min and max.
    if end < start + chars / rules.max_speed:
        end = start + chars / rules.max_speed
    if end < start + rules.min_duration:
        end = start + rules.min_duration
    if latest < end + rules.chain:
        end = latest
    return end if end < longest else longest


def cue_times(drafts: Sequence[CueDraft], audio_end: float, rules: CaptionRules) -> list[tuple[float, float]]:
    """Return the start and end of each cue in seconds, rounded to milliseconds, without overlap.

    A cue ends at least ``rules.min_gap`` before the next cue starts, unless that would leave no time to show the cue.
    """
    starts = _starts(drafts, audio_end, rules)
    starts_ms: list[int] = []
    for start in starts:
        earliest = starts_ms[-1] + 1 if starts_ms else 0
        starts_ms.append(max(earliest, to_milliseconds(start)))
    gap_ms = to_milliseconds(rules.min_gap)
    times = []
    for number, draft in enumerate(drafts):
        start_ms = starts_ms[number]
        last = number + 1 == len(drafts)
        next_ms = max(to_milliseconds(audio_end) + gap_ms, start_ms + gap_ms + 1) if last else starts_ms[number + 1]
        end = on_screen_until(start_ms / 1000, draft.voice_end, draft.chars, next_ms / 1000, rules)
        end_ms = min(to_milliseconds(end), next_ms - gap_ms)
        if end_ms <= start_ms:
            end_ms = next_ms
        times.append((start_ms / 1000, end_ms / 1000))
    return times


def _starts(drafts: Sequence[CueDraft], audio_end: float, rules: CaptionRules) -> list[float]:
    """Return the start of each cue in seconds.

    Consecutive cues without word times divide the silence after the previous cue in proportion to their lengths. If the
    silence is too short, the previous cue shares its time with them, or the next cue if there is no previous one.
    """
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
            end = drafts[number].start if number < len(drafts) else max(audio_end, drafts[number - 1].voice_end)
            least = (number - first - 1) * (rules.min_duration + rules.min_gap)
            start = drafts[first].start
            if drafts[first].voiced and end - drafts[first].voice_end >= least:
                first, start = first + 1, drafts[first].voice_end
            total = sum(draft.chars for draft in drafts[first:number])
            done = 0
            for position in range(first, number):
                starts[position] = start + (end - start) * done / total
                done += drafts[position].chars
    return starts


class Step(NamedTuple):
    """The last cue of the cheapest split found for the tokens before some position; a back-pointer in the search.
    ``start`` is the position of the cue's first token. ``state`` says when the cue appears: with its first word, or
    slightly earlier or later (see ``Cutter``)."""

    start: int
    state: int
    layout: Layout


class CutCue(NamedTuple):
    """The lines of a cue, and the draft that determines its times."""

    lines: tuple[CueLine, ...]
    draft: CueDraft


_NO_STEP = Step(0, 0, Layout(0.0, 0, 0, ("", "")))


class _Search:
    """The cheapest splits found so far of the tokens before each position ``end``, one for each shift ``state`` of
    the next cue (see ``Cutter``). ``costs[end][state]`` is the split's cost, ``steps[end][state]`` its last cue.
    ``worst[end]`` is the highest of ``costs[end]``: a split that costs as much or more is not kept."""

    def __init__(self, size: int, states: int) -> None:
        self.costs = [[_UNREACHED] * states for _ in range(size)] + [[_UNREACHED]]
        self.steps: list[list[Step]] = [[_NO_STEP] * len(costs) for costs in self.costs]
        self.worst = [_UNREACHED] * (size + 1)
        self.costs[0][:2] = [0.0, SHIFT][:states]

    def improve(self, end: int, state: int, cost: float, step: Step) -> None:
        self.costs[end][state] = cost
        self.steps[end][state] = step
        self.worst[end] = max(self.costs[end])


class Cutter:
    """A search for the cheapest split of a passage into cues. The next passage starts at ``following`` seconds.

    A cue may start ``rules.lend`` seconds before its first word is spoken, which leaves more time to read this cue, or
    ``rules.lend`` seconds after, which leaves more time to read the previous cue. The search calls this shift the cue's
    ``state``: 0 for none, 1 for early, 2 for late. The start of the next passage has no shift.
    """

    def __init__(self, passage: Passage, typesetter: Typesetter, following: float, rules: CaptionRules) -> None:
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._costs = _Costs(passage, typesetter, rules)
        self._size = len(passage.tokens)
        self._shifts = (0.0, -rules.lend, rules.lend) if rules.lend else (0.0,)
        # When the voice of a cue that starts at each position starts: at its first timed token.
        self._voice = [*passage.starts, following]
        self._next_voiced = [self._size] * (self._size + 1)
        for position in range(self._size - 1, -1, -1):
            timed = passage.kind is not CueKind.SPEECH or passage.tokens[position].timed
            self._next_voiced[position] = position if timed else self._next_voiced[position + 1]
            if self._next_voiced[position] < self._size:
                self._voice[position] = passage.starts[self._next_voiced[position]]
        self._changes, self._furthest = self._bounds()
        self._cuts: dict[Leads, list[CutCue]] = {}

    def cut(self, leads: Leads) -> list[CutCue]:
        """Return the cues of the cheapest split, with the names and dashes in ``leads``. The result is cached."""
        if leads not in self._cuts:
            steps = _backtrack(self._search(leads), self._size)
            ends = [*(step.start for step in steps[1:]), self._size]
            self._cuts[leads] = [self._cue(step, end) for step, end in zip(steps, ends, strict=True)]
        return self._cuts[leads]

    def _bounds(self) -> tuple[list[int], list[int]]:
        """Return two lists, by token: where the speaker changes next, and the latest end of a cue that starts there.

        A cue has at most two speakers, and no more text and time than the rules allow, but always at least one token.
        """
        changes, furthest = [], []
        upcoming = deque([*sorted(self._passage.changes), self._size, self._size])
        end = 0
        for start in range(self._size):
            while upcoming[0] <= start:
                upcoming.popleft()
            end = max(end, start + 1)
            while end < self._size and not self._is_too_big(start, end + 1):
                end += 1
            changes.append(upcoming[0])
            furthest.append(min(end, upcoming[1]))
        return changes, furthest

    def _is_too_big(self, start: int, end: int) -> bool:
        rules = self._rules
        if self._typesetter.width(start, end) > rules.max_lines * rules.max_line:
            return True
        return self._passage.ends[end - 1] - self._voice[start] > rules.max_duration + ROUNDING

    def _search(self, leads: Leads) -> _Search:
        search = _Search(self._size, len(self._shifts))
        least, worst, layouts = self._costs.least, search.worst, self._typesetter.layouts
        for start in range(self._size):
            lowest = min(search.costs[start])
            for end in range(start + 1, self._furthest[start] + 1):
                if lowest + least[end] < worst[end]:
                    for layout in layouts(start, end, self._changes[start], leads):
                        self._try(start, end, layout, search)
        return search

    def _try(self, start: int, end: int, layout: Layout, search: _Search) -> None:
        """Append the cue ``[start, end)`` to each split of the tokens before it, and record the cheapest results."""
        known_costs, worst = search.costs[start], search.worst[end]
        lowest, cost = min(known_costs), self._costs.layout_cost(start, end, layout)
        if lowest + cost >= worst:
            return
        if self._next_voiced[start] >= end:
            if known_costs[0] + cost + VOICELESS < search.costs[end][0]:
                search.improve(end, 0, known_costs[0] + cost + VOICELESS, Step(start, 0, layout))
            return
        time_cost, lend, chars = self._costs.time_cost, self._rules.lend, layout.chars
        first, last, voice_end = self._voice[start], self._voice[end], self._passage.ends[end - 1]
        if time_cost(first + lend, voice_end, chars, last - lend) == 0:
            step = Step(start, known_costs.index(lowest), layout)
            for after, known in enumerate(search.costs[end]):
                if lowest + cost + SHIFT * (after > 0) < known:
                    search.improve(end, after, lowest + cost + SHIFT * (after > 0), step)
        elif lowest + cost + time_cost(first - lend, voice_end, chars, last + lend) < worst:
            self._try_shifts(start, end, layout, cost, search)

    def _try_shifts(self, start: int, end: int, layout: Layout, cost: float, search: _Search) -> None:
        """Do what ``_try`` does for a cue whose cost depends on when the cue is shown: try each shift of the cue's
        start and each shift of the next cue's start."""
        time_cost, chars, voice_end = self._costs.time_cost, layout.chars, self._passage.ends[end - 1]
        ways = [
            (before, so_far + cost, self._voice[start] + self._shifts[before])
            for before, so_far in enumerate(search.costs[start])
        ]
        for after, known in enumerate(search.costs[end]):
            penalty, following = SHIFT * (after > 0), self._voice[end] + self._shifts[after]
            cheapest, chosen = known, 0
            for before, so_far, first in ways:
                if so_far + penalty < cheapest:
                    total = so_far + time_cost(first, voice_end, chars, following) + penalty
                    if total < cheapest:
                        cheapest, chosen = total, before
            if cheapest < known:
                search.improve(end, after, cheapest, Step(start, chosen, layout))

    def _cue(self, step: Step, end: int) -> CutCue:
        voiced = self._next_voiced[step.start] < end
        shifted = self._voice[step.start] + self._shifts[step.state]
        start = shifted if voiced else self._passage.starts[step.start]
        draft = CueDraft(max(0.0, start), self._passage.ends[end - 1], step.layout.chars, voiced)
        return CutCue(self._typesetter.lines(step.start, end, step.layout), draft)


def _backtrack(search: _Search, end: int) -> list[Step]:
    steps, state = [], 0
    while end:
        steps.append(search.steps[end][state])
        end, state = steps[-1].start, steps[-1].state
    return steps[::-1]


class _Costs:
    """The costs of a passage's cues. No cue that ends at position ``end`` costs less than ``least[end]``."""

    def __init__(self, passage: Passage, typesetter: Typesetter, rules: CaptionRules) -> None:
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._breaks = [*typesetter.costs, SENTENCE]
        # The summed cost of showing the sentences before each position ahead of the silence that precedes them.
        pauses = map(float.__sub__, passage.starts[1:], passage.ends)
        pairs = zip(self._breaks[1:], pauses, strict=False)
        early = (EARLY * (cost <= SENTENCE and pause > EARLY_PAUSE) for cost, pause in pairs)
        self._early = [0.0, 0.0, *accumulate(early)]
        self.least = [CUE + cost for cost in self._breaks]

    def layout_cost(self, start: int, end: int, layout: Layout) -> float:
        """Return the cost of the cue ``[start, end)`` in a given layout, with the cost of the break after the cue."""
        cost = CUE + layout.cost + self._sharing(start, end, layout.split)
        cost += self._early[end] - self._early[start + 1]
        if self._breaks[end] > SENTENCE:
            orphans = self._typesetter.orphans
            cost += self._breaks[end] + STRADDLES * (orphans.last_sentence[end] > start) + orphans.cost(start, end)
        return cost

    def _sharing(self, start: int, end: int, split: int) -> float:
        """Return the extra cost of the cue ``[start, end)`` if several paragraphs or speakers share the cue, else 0.
        ``split`` is the position of the second line's first token."""
        tokens, breaks = self._passage.tokens, self._breaks
        if tokens[start].paragraph == tokens[end - 1].paragraph:
            return 0.0
        if not start < split < end or split not in self._passage.changes:
            return NEW_PARAGRAPH
        cut = DIALOGUE_CUT * (breaks[start] > SENTENCE)
        if breaks[end] > SENTENCE:
            cut += DIALOGUE_AT_COMMA if breaks[end] <= BRACKET else DIALOGUE_CUT
        if split in self._passage.unsure:
            return max(NEW_VOICE, cut)
        starts, ends = self._passage.starts, self._passage.ends
        short = min(ends[split - 1] - starts[start], ends[end - 1] - starts[split]) < HASTY_BELOW
        return (EXCHANGE if short else DIALOGUE) + cut

    def time_cost(self, start: float, voice_end: float, chars: int, following: float) -> float:
        """Return the cost of showing a cue too long or too briefly. The cue's last word ends at ``voice_end``, and the
        next cue starts at ``following``."""
        rules = self._rules
        duration = on_screen_until(start, voice_end, chars, following, rules) - start
        if duration < LEAST_DURATION:
            duration = LEAST_DURATION
        cost = 0.0
        if duration * rules.max_speed < chars - ROUNDING:
            cost += TOO_FAST + FASTER * min(20.0, chars / duration - rules.max_speed)
        if duration < rules.min_duration - ROUNDING:
            cost += TOO_SHORT + SHORTER * (rules.min_duration - duration)
        elif duration < HASTY_BELOW:
            cost += HASTY * (HASTY_BELOW - duration) ** 2
        elif duration > rules.max_duration + ROUNDING:
            cost += TOO_LONG
        return cost
