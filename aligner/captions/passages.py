"""Collect the tokens of an alignment in passages; a cue never contains tokens of two passages.

A passage ends at a long silence, at a stage direction with a cue of its own, and at a mark such as "[ad]" for audio
without text. A hesitation does not end the passage after a word that must not end a line, such as an article.

Conventions
-----------
- Passages are in order of time and do not overlap. Within a passage, no token starts before the previous one. A token
  without a time has no duration: it is placed before the next timed word of its sentence, or else after the last.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise

from aligner.captions.rules import CaptionRules, CueKind
from aligner.durations import to_milliseconds
from aligner.languages import Captioning, language_of
from aligner.model import Alignment, AnnotationKind, Span
from aligner.pins import open_untranscribed
from aligner.typography.breaks import (
    COMMA,
    LEANING,
    OPENING_WORDS,
    SENTENCE,
    Pair,
    break_costs,
    last_breaks,
    recurring_pairs,
)
from aligner.typography.quotation import as_excerpt
from aligner.typography.tokens import Sentence, Token, read_sentences, read_tokens, tokens_width, without_stage

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class SoundCue:
    """A cue for a stage direction, or for a mark such as "[ad]" in audio without text; times are in seconds."""

    kind: CueKind
    tokens: list[Token]
    start: float
    end: float


def _with_marks(
    sentences: list[Sentence], alignment: Alignment, rules: CaptionRules, *, whole: bool
) -> list[Sentence | SoundCue]:
    """Insert cues such as "[ad]" in ads, jingles and missing speech longer than ``rules.min_untranscribed``, in the
    longest stretch of each that has no words. If the sentences are not the ``whole`` episode, marks before the first
    and after the last word are omitted."""
    spans = [token.span for sentence in sentences for token in sentence.tokens if token.span]
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    marks: dict[int, list[SoundCue]] = {}
    for span, text in _marked_spans(alignment):
        if span.end - span.start <= rules.min_untranscribed:
            continue
        start, end, position = max(_free_parts(span, starts, ends, rules.min_gap), key=lambda part: part[1] - part[0])
        inside = whole or 0 < position < len(spans)
        if inside and end - start >= rules.min_duration:
            tokens = [Token(word, " ", -1, None, stage=True) for word in f"[{text}]".split()]
            for first, last in _mark_times(start, end, rules):
                marks.setdefault(position, []).append(SoundCue(CueKind.UNTRANSCRIBED, tokens, first, last))
    return list(_inserted(sentences, marks))


def _marked_spans(alignment: Alignment) -> Iterator[tuple[Span, str]]:
    """Yield each span of audio to mark, and the text of its mark. The spans are in order and do not overlap. Missing
    speech that a user has dismissed is not marked."""
    language = language_of(alignment.language).captioning
    names = {AnnotationKind.AD: language.ad, AnnotationKind.JINGLE: language.jingle}
    spans = [(Span(each.start, each.end), names[each.kind]) for each in alignment.annotations if each.kind in names]
    spans += [(Span(each.start, each.end), language.untranscribed) for each in open_untranscribed(alignment)]
    end = 0.0
    for span, name in sorted(spans, key=lambda each: each[0].start):
        if span.end > end:
            yield Span(max(span.start, end), span.end), name
            end = span.end


def _mark_times(start: float, end: float, rules: CaptionRules) -> Iterator[tuple[float, float]]:
    count = max(1, math.ceil((end - start + rules.min_gap) / (rules.max_duration + rules.min_gap) - _ROUNDING))
    step = (end - start + rules.min_gap) / count
    for number in range(count):
        yield start + number * step, start + (number + 1) * step - rules.min_gap


def _free_parts(span: Span, starts: list[float], ends: list[float], gap: float) -> Iterator[tuple[float, float, int]]:
    """Yield each part of ``span`` that has no words, as (start, end, index of the next word). The parts keep a
    distance of ``gap`` seconds from the words. ``starts`` and ``ends`` are the times of all words."""
    for position in range(bisect_right(starts, span.start), bisect_left(starts, span.end) + 1):
        start = max(span.start, ends[position - 1] + gap) if position else span.start
        end = min(span.end, starts[position] - gap) if position < len(starts) else span.end
        yield start, end, position


def _inserted(sentences: list[Sentence], marks: dict[int, list[SoundCue]]) -> Iterator[Sentence | SoundCue]:
    """Yield the sentences and the marks in order. A sentence is split where a mark falls inside it. ``marks[n]`` are
    the marks to insert after the first ``n`` tokens that have a time."""
    position = 0
    for sentence in sentences:
        part: list[Token] = []
        for token in sentence.tokens:
            if token.timed:
                if position in marks and part:
                    yield Sentence(part)
                    part = []
                yield from marks.get(position, ())
                position += 1
            part.append(token)
        yield Sentence(part)
    yield from marks.get(position, ())


def _with_stage_cues(
    parts: list[Sentence | SoundCue], duration: float, rules: CaptionRules
) -> list[Sentence | SoundCue]:
    """Make each stage direction a cue if a silence leaves time for one, or else add the direction to a sentence.

    A direction at the start of a speaker's turn is added to the turn's first sentence, others to the previous sentence.
    A short direction at the start of a turn needs a longer silence for a cue. ``duration`` is that of the audio.
    """
    placed: list[Sentence | SoundCue] = []
    opening: list[Token] = []
    for position, part in enumerate(parts):
        if isinstance(part, SoundCue):
            placed.append(part)
            continue
        if not part.stage:
            placed.append(Sentence(opening + part.tokens))
            opening = []
            continue
        tokens = part.tokens
        following = next((other for other in _after(parts, position) if not _is_stage(other)), None)
        start = placed[-1].end + rules.min_gap if placed else 0.0
        end = following.start - rules.min_gap if following else duration
        needed = max(rules.stage_duration, tokens_width(tokens) / rules.max_speed)
        turn = _start_of_turn(parts, position)
        if turn:
            tokens = _spoken_by(turn, tokens)
            start = max(start, end - needed)
        if turn and end - start < rules.stage_duration and tokens_width(tokens) <= rules.max_line // 2:
            opening = opening + tokens
        elif end - start >= rules.min_duration:
            placed.append(SoundCue(CueKind.STAGE, tokens, start, min(end, start + needed)))
        elif placed and isinstance(last := placed[-1], Sentence) and not turn:
            placed[-1] = Sentence(last.tokens + _spoken_by(last.tokens[-1], tokens))
        elif isinstance(following, Sentence):
            opening = opening + _spoken_by(following.tokens[0], tokens)
    return placed


def _after(parts: list[Sentence | SoundCue], position: int) -> Iterator[Sentence | SoundCue]:
    return (parts[later] for later in range(position + 1, len(parts)))


def _is_stage(part: Sentence | SoundCue) -> bool:
    return isinstance(part, Sentence) and part.stage


def _start_of_turn(parts: list[Sentence | SoundCue], position: int) -> Token | None:
    """Return the first spoken token of a paragraph that begins with the direction ``parts[position]``, else None."""
    paragraph = parts[position].tokens[0].paragraph
    if position and parts[position - 1].tokens[-1].paragraph == paragraph:
        return None
    later = (other for other in _after(parts, position) if isinstance(other, Sentence) and not other.stage)
    speech = next(later, None)
    return speech.tokens[0] if speech and speech.tokens[0].paragraph == paragraph else None


def _spoken_by(neighbour: Token, stage: list[Token]) -> list[Token]:
    tokens = [replace(token, speaker=neighbour.speaker, paragraph=neighbour.paragraph) for token in stage]
    return [replace(tokens[0], opens=tokens[0].opens or neighbour.opens), *tokens[1:]]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sequence of tokens to split into cues, with their start and end times in seconds.

    ``breaks`` is the cost of a break before each token (see ``typography.breaks``), 0 before the first. The sets hold
    positions at which a paragraph starts. ``changes``: the paragraph may have another speaker than the previous one.
    The other sets are subsets of ``changes``. ``turns``: the speaker certainly changes. ``unsure``: neither paragraph
    names a speaker. ``named``: the speaker changes, and the new speaker's name is known. ``introduced``: a speaker
    whose name is known speaks for the first time.
    """

    kind: CueKind
    tokens: tuple[Token, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    breaks: tuple[float, ...]
    changes: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    introduced: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()
    turns: frozenset[int] = frozenset()


def read_passages(alignment: Alignment, rules: CaptionRules, words: range | None = None) -> list[Passage]:
    """Return the passages of an alignment, or of a range of its words, to split into cues."""
    paragraphs = read_tokens(alignment, rules.max_line)
    sentences = read_sentences(paragraphs, words)
    if words is not None:
        sentences = as_excerpt(sentences, paragraphs)
    parts: list[Sentence | SoundCue] = [*without_stage(sentences)]
    if rules.sound_cues:
        parts = _with_marks(sentences, alignment, rules, whole=words is None)
        parts = _with_stage_cues(parts, alignment.audio.duration, rules)
    language = language_of(alignment.language).captioning
    builder = _PassageBuilder(rules, language, recurring_pairs(list(chain.from_iterable(paragraphs)), language))
    passages: list[Passage] = []
    for part in parts:
        if isinstance(part, SoundCue):
            passages += [*builder.take_passages(), builder.cue_passage(part)]
            continue
        for token, span in zip(_with_speakers(part.tokens), part.spans(), strict=True):
            builder.add(token, span.start, span.end)
    return [*passages, *builder.take_passages()]


def _with_speakers(tokens: list[Token]) -> Iterator[Token]:
    """Yield a sentence's tokens. A stage direction gets the speaker of the previous word, or else of the next word."""
    neighbour = next((token for token in tokens if not token.stage), None)
    for token in tokens:
        if not token.stage:
            neighbour = token
        elif neighbour is not None:
            token = replace(token, speaker=neighbour.speaker, paragraph=neighbour.paragraph)
        yield token


class _PassageBuilder:
    """A builder of passages from tokens, which remembers the last speaker and the speakers introduced so far."""

    def __init__(self, rules: CaptionRules, language: Captioning, expressions: frozenset[Pair]) -> None:
        self._rules = rules
        self._language = language
        self._expressions = expressions
        self.last: Token | None = None
        self.clock = 0.0
        self.introduced_speakers: set[str] = set()
        self._empty()

    def _empty(self) -> None:
        self.tokens: list[Token] = []
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.changes: list[int] = []
        self.named: list[int] = []
        self.introduced: list[int] = []
        self.unsure: list[int] = []
        self.turns: list[int] = []

    def add(self, token: Token, start: float, end: float) -> None:
        """Add a token. The token's times are rounded to milliseconds, and are never before the previous token's."""
        start, end = to_milliseconds(start) / 1000, to_milliseconds(end) / 1000
        self._note_speaker(token)
        self.tokens.append(token)
        self.starts.append(max(start, self.starts[-1] if self.starts else self.clock))
        self.ends.append(max(end, self.starts[-1], self.ends[-1] if self.ends else 0.0))

    def _note_speaker(self, token: Token) -> None:
        """Record whether another speaker starts at ``token``, the next token of the passage."""
        if self.last is None or token.paragraph != self.last.paragraph:
            other = self.last is None or token.speaker != self.last.speaker
            if other or token.opens:
                self.changes.append(len(self.tokens))
                if self.last is not None or token.opens:
                    self.turns.append(len(self.tokens))
            elif not token.speaker:
                self.changes.append(len(self.tokens))
                self.unsure.append(len(self.tokens))
            if other and token.speaker:
                self.named.append(len(self.tokens))
                if token.speaker not in self.introduced_speakers:
                    self.introduced.append(len(self.tokens))
                self.introduced_speakers.add(token.speaker)
        self.last = token

    def cue_passage(self, cue: SoundCue) -> Passage:
        """Return a sound cue as a passage: each word gets a share of the cue's time in proportion to its width."""
        if cue.tokens[0].speaker:
            self._note_speaker(cue.tokens[0])
        widths = list(accumulate((tokens_width([token]) for token in cue.tokens), initial=0))
        edges = [cue.start + (cue.end - cue.start) * part / widths[-1] for part in widths]
        self.tokens, self.starts, self.ends = cue.tokens, edges[:-1], edges[1:]
        passage = self._passage(cue.kind, 0, len(edges) - 1, break_costs(self.tokens, edges[:-1], self._language))
        self._empty()
        return passage

    def take_passages(self) -> Iterator[Passage]:
        """Yield the tokens added so far as passages, split at pauses. Then delete these tokens from the builder."""
        if not self.tokens:
            return
        self.clock = self.ends[-1]
        pauses = [0.0] + [start - end for start, end in zip(self.starts[1:], self.ends[:-1], strict=True)]
        costs = break_costs(self.tokens, pauses, self._language, self._expressions)
        rules, sentences = self._rules, last_breaks(costs, SENTENCE)

        def clings(at: int, cost: float) -> bool:
            return cost >= LEANING or (cost > COMMA and at - sentences[at] <= OPENING_WORDS)

        cuts = [
            at
            for at, (pause, cost) in enumerate(zip(pauses, costs, strict=True))
            if pause > (rules.max_hesitation if clings(at, cost) else rules.max_pause)
        ]
        for first, last in pairwise([0, *cuts, len(self.tokens)]):
            yield self._passage(CueKind.SPEECH, first, last, costs)
        self._empty()

    def _passage(self, kind: CueKind, first: int, last: int, costs: list[float]) -> Passage:
        def within(positions: list[int]) -> frozenset[int]:
            inside = positions[bisect_left(positions, first) : bisect_left(positions, last)]
            return frozenset(position - first for position in inside)

        return Passage(
            kind,
            tuple(self.tokens[first:last]),
            tuple(self.starts[first:last]),
            tuple(self.ends[first:last]),
            (0.0, *costs[first + 1 : last]),
            within(self.changes),
            within(self.named),
            within(self.introduced),
            within(self.unsure),
            within(self.turns),
        )
