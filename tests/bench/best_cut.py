"""The best that any cut into cues can do for reading speed: a slow search that cares for nothing else.

It looks at every cue that keeps the other norms and shows no sentence early, at any break however bad, and finds the
cut with the largest share of cues inside the reading speed. A share is a ratio, so the search asks again and again
whether a cut beats the share found so far (W. Dinkelbach, On nonlinear fractional programming, 1967) until none does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.captions import CaptionRules
from aligner.captions.cutting import EARLY_PAUSE, OVERFLOW, Typesetter, on_screen_until
from aligner.captions.passages import Passage, read_passages
from aligner.languages import language_of
from aligner.model import Alignment
from aligner.typography.breaks import GLUE, SENTENCE


@dataclass(frozen=True)
class _Step:
    """A cue: tokens ``start`` to ``end``, whether its reader can follow.

    ``fault`` where it is too short or too long, or shows a sentence before the silence that it comes after.
    """

    start: int
    end: int
    readable: bool
    fault: bool


def best_readable_share(alignment: Alignment, rules: CaptionRules) -> float:
    """The largest share of cues inside the reading speed, cues starting with their voice."""
    graphs = []
    passages = read_passages(alignment, rules)
    for number, passage in enumerate(passages):
        following = passages[number + 1].starts[0] if number + 1 < len(passages) else alignment.audio.duration
        typesetter = Typesetter(passage, language_of(alignment.language).captioning, rules)
        graphs.append((len(passage.tokens), list(_steps(passage, typesetter, following, rules))))
    share, better = -1.0, 0.0
    while better > share:
        share = better
        counts = [_best_counts(size, steps, share) for size, steps in graphs]
        better = sum(readable for readable, _ in counts) / max(1, sum(cues for _, cues in counts))
    return share


def _steps(passage: Passage, typesetter: Typesetter, following: float, rules: CaptionRules) -> Iterator[_Step]:
    size = len(passage.tokens)
    starts = [*passage.starts, following]
    leads = typesetter.leads(rules.speaker_names, {})
    pauses = [0.0, *map(float.__sub__, passage.starts[1:], passage.ends)]
    opens = [cost <= SENTENCE and pause > EARLY_PAUSE for cost, pause in zip(typesetter.costs, pauses, strict=True)]
    for start in range(size):
        change, stop = [*sorted(c for c in passage.changes if c > start), size, size][:2]
        for end in range(start + 1, stop + 1):
            voice_end = passage.ends[end - 1]
            if typesetter.width(start, end) > rules.max_lines * rules.max_line:
                break
            if end < size and typesetter.costs[end] >= GLUE:
                continue
            for layout in typesetter.layouts(start, end, change, leads):
                until = on_screen_until(starts[start], voice_end, layout.chars, starts[end], rules)
                duration = until - starts[start] + 1e-6
                fault = layout.cost >= OVERFLOW or duration < rules.min_duration or voice_end > until + 0.2
                fault |= any(opens[start + 1 : end])
                yield _Step(start, end, layout.chars <= rules.max_speed * duration, fault)


def _best_counts(size: int, steps: list[_Step], share: float) -> tuple[int, int]:
    """Readable cues and all cues of the cut that most exceeds the share, without faults where that can be."""
    best: list[tuple[float, int, int]] = [(float("-inf"), 0, 0)] * (size + 1)
    best[0] = (0.0, 0, 0)
    for step in steps:
        gain, readable, cues = best[step.start]
        gain += step.readable - share - 1000 * step.fault
        if gain > best[step.end][0]:
            best[step.end] = (gain, readable + step.readable, cues + 1)
    return best[size][1:]
