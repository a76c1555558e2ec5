"""Tokens and sounds gathered into passages that no cue may cross.

A long silence, a stage direction with room of its own and speech that was not transcribed each end a passage; a silence
in which somebody hesitates, between a word and what it clings to, does not.

Conventions
-----------
- Passages are in order of time and disjoint. Within one, ``starts`` never decrease; an untimed token is a point: where
  the next timed word of its sentence starts, else where the last one ends.
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
    HEAD_WORDS,
    LEANING,
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
class Sound:
    """A stage direction or a mark of untranscribed speech, and when it is shown."""

    kind: CueKind
    tokens: list[Token]
    start: float
    end: float


def with_sounds(
    sentences: list[Sentence], alignment: Alignment, rules: CaptionRules, *, whole: bool
) -> list[Sentence | Sound]:
    """The sentences with every sound in its place; ``whole`` where they are those of the whole episode.

    Stage directions are sounds of their own, or part of a sentence of speech.
    """
    marked = _with_untranscribed(sentences, alignment, rules, whole=whole)
    return _with_room_for_stage(marked, alignment.audio.duration, rules)


def _with_untranscribed(
    sentences: list[Sentence], alignment: Alignment, rules: CaptionRules, *, whole: bool
) -> list[Sentence | Sound]:
    """Put a mark where speech was not transcribed, or an ad or a jingle is, in the widest part that no shown word
    takes."""
    spans = [token.span for sentence in sentences for token in sentence.tokens if token.span]
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    marks: dict[int, list[Sound]] = {}
    for lost, text in _passages(alignment):
        if lost.end - lost.start <= rules.min_untranscribed:
            continue
        start, end, position = max(_free(lost, starts, ends, rules.min_gap), key=lambda part: part[1] - part[0])
        inside = whole or 0 < position < len(spans)
        if inside and end - start >= rules.min_duration:
            tokens = [Token(word, " ", -1, None, stage=True) for word in f"[{text}]".split()]
            for first, last in _stays(start, end, rules):
                marks.setdefault(position, []).append(Sound(CueKind.UNTRANSCRIBED, tokens, first, last))
    return list(_inserted(sentences, marks))


def _passages(alignment: Alignment) -> Iterator[tuple[Span, str]]:
    """The stretches of sound that are marked, in order and disjoint, with what each is called; of what a person said
    needs no text, none is."""
    language = language_of(alignment.language).captioning
    names = {AnnotationKind.AD: language.ad, AnnotationKind.JINGLE: language.jingle}
    told = [(Span(each.start, each.end), names[each.kind]) for each in alignment.annotations if each.kind in names]
    told += [(Span(each.start, each.end), language.untranscribed) for each in open_untranscribed(alignment)]
    end = 0.0
    for span, name in sorted(told, key=lambda each: each[0].start):
        if span.end > end:
            yield Span(max(span.start, end), span.end), name
            end = span.end


def _stays(start: float, end: float, rules: CaptionRules) -> Iterator[tuple[float, float]]:
    """The cues of a mark that is there from ``start`` to ``end``, one after the other, none too long."""
    count = max(1, math.ceil((end - start + rules.min_gap) / (rules.max_duration + rules.min_gap) - _ROUNDING))
    step = (end - start + rules.min_gap) / count
    for number in range(count):
        yield start + number * step, start + (number + 1) * step - rules.min_gap


def _free(lost: Span, starts: list[float], ends: list[float], gap: float) -> Iterator[tuple[float, float, int]]:
    """The parts of a span between timed words: ``(start, end, position of the word after it)``."""
    position = bisect_right(starts, lost.start)
    while True:
        start = max(lost.start, ends[position - 1] + gap) if position else lost.start
        end = min(lost.end, starts[position] - gap) if position < len(starts) else lost.end
        yield start, end, position
        if position == len(starts) or starts[position] >= lost.end:
            return
        position += 1


def _inserted(sentences: list[Sentence], marks: dict[int, list[Sound]]) -> Iterator[Sentence | Sound]:
    """The sentences with each mark before the timed token it is filed under, which may cut a sentence in two."""
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


def _with_room_for_stage(parts: list[Sentence | Sound], duration: float, rules: CaptionRules) -> list[Sentence | Sound]:
    """Give a stage direction the silence it stands in, where a cue fits; else let it end the sentence before it.

    One that opens a turn is the speaker's: it starts the first sentence, unless it is long or a long silence is before.
    """
    placed: list[Sentence | Sound] = []
    opening: list[Token] = []
    for position, part in enumerate(parts):
        if isinstance(part, Sound):
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
        turn = _turn_opened(parts, position)
        if turn:
            tokens = _spoken_by(turn, tokens)
            start = max(start, end - needed)
        if turn and end - start < rules.stage_duration and tokens_width(tokens) <= rules.max_line // 2:
            opening = opening + tokens
        elif end - start >= rules.min_duration:
            placed.append(Sound(CueKind.STAGE, tokens, start, min(end, start + needed)))
        elif placed and isinstance(before := placed[-1], Sentence) and not turn:
            placed[-1] = Sentence(before.tokens + _spoken_by(before.tokens[-1], tokens))
        elif isinstance(following, Sentence):
            opening = opening + _spoken_by(following.tokens[0], tokens)
    return placed


def _after(parts: list[Sentence | Sound], position: int) -> Iterator[Sentence | Sound]:
    """Those after a position, of which mostly the first is looked at: a copy would take as long as all of them."""
    return (parts[later] for later in range(position + 1, len(parts)))


def _is_stage(part: Sentence | Sound) -> bool:
    return isinstance(part, Sentence) and part.stage


def _turn_opened(parts: list[Sentence | Sound], position: int) -> Token | None:
    """The first token of the paragraph of speech that the stage direction at ``position`` opens, if it opens one."""
    paragraph = parts[position].tokens[0].paragraph
    if position and parts[position - 1].tokens[-1].paragraph == paragraph:
        return None
    later = (other for other in _after(parts, position) if isinstance(other, Sentence) and not other.stage)
    speech = next(later, None)
    return speech.tokens[0] if speech and speech.tokens[0].paragraph == paragraph else None


def _spoken_by(neighbour: Token, stage: list[Token]) -> list[Token]:
    """The tokens of a stage direction as if its neighbour's speaker had said them."""
    tokens = [replace(token, speaker=neighbour.speaker, paragraph=neighbour.paragraph) for token in stage]
    return [replace(tokens[0], opens=tokens[0].opens or neighbour.opens), *tokens[1:]]


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens to cut into cues.

    ``breaks`` are the costs of a break before each token (see ``typography.breaks``), 0 before the first. ``changes``
    are the positions where someone else starts to speak; ``named`` those of them where the speaker's name is known and
    other than the last; ``introduced`` those of them where the speaker is first heard; ``unsure`` those where a
    paragraph starts and nobody is named, so that it may be someone else; ``turns`` those that are not unsure, the first
    words of all left out.
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
    """The passages of the whole alignment, or of the words that ``words`` indexes."""
    paragraphs = read_tokens(alignment, rules.max_line)
    sentences = read_sentences(paragraphs, words)
    if words is not None:
        sentences = as_excerpt(sentences, paragraphs)
    parts: list[Sentence | Sound] = [*without_stage(sentences)]
    if rules.sound_cues:
        parts = with_sounds(sentences, alignment, rules, whole=words is None)
    language = language_of(alignment.language).captioning
    building = _Building(rules, language, recurring_pairs(list(chain.from_iterable(paragraphs)), language))
    passages: list[Passage] = []
    for part in parts:
        if isinstance(part, Sound):
            passages += [*building.finished(), building.sound(part)]
            continue
        for token, span in zip(_voiced(part.tokens), part.spans(), strict=True):
            building.add(token, span.start, span.end)
    return [*passages, *building.finished()]


def _voiced(tokens: list[Token]) -> list[Token]:
    """The tokens of a sentence, its stage directions as if whoever says the words beside them had said them."""
    voice = next((token for token in tokens if not token.stage), None)
    voiced: list[Token] = []
    for token in tokens:
        if not token.stage:
            voice = token
        elif voice is not None:
            token = replace(token, speaker=voice.speaker, paragraph=voice.paragraph)
        voiced.append(token)
    return voiced


class _Building:
    """What was read since the last sound; remembers who spoke last across passages."""

    def __init__(self, rules: CaptionRules, language: Captioning, expressions: frozenset[Pair]) -> None:
        self._rules = rules
        self._language = language
        self._expressions = expressions
        self.last: Token | None = None
        self.clock = 0.0
        self.heard: set[str] = set()
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
        """Add a token, on the millisecond grid, at times that never run backwards whatever the alignment says."""
        start, end = to_milliseconds(start) / 1000, to_milliseconds(end) / 1000
        self._tell_voice(token)
        self.tokens.append(token)
        self.starts.append(max(start, self.starts[-1] if self.starts else self.clock))
        self.ends.append(max(end, self.starts[-1], self.ends[-1] if self.ends else 0.0))

    def _tell_voice(self, token: Token) -> None:
        """Note whether someone else speaks from the token on, which is the next of the passage."""
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
                if token.speaker not in self.heard:
                    self.introduced.append(len(self.tokens))
                self.heard.add(token.speaker)
        self.last = token

    def sound(self, sound: Sound) -> Passage:
        """The passage of a sound, its words spread over its span; one that opens a turn is its speaker's."""
        if sound.tokens[0].speaker:
            self._tell_voice(sound.tokens[0])
        read = list(accumulate((tokens_width([token]) for token in sound.tokens), initial=0))
        edges = [sound.start + (sound.end - sound.start) * part / read[-1] for part in read]
        self.tokens, self.starts, self.ends = sound.tokens, edges[:-1], edges[1:]
        passage = self._passage(sound.kind, 0, len(edges) - 1, break_costs(self.tokens, edges[:-1], self._language))
        self._empty()
        return passage

    def finished(self) -> Iterator[Passage]:
        """The passages of speech read so far, parted by pauses; the next one starts empty."""
        if not self.tokens:
            return
        self.clock = self.ends[-1]
        pauses = [0.0] + [start - end for start, end in zip(self.starts[1:], self.ends[:-1], strict=True)]
        costs = break_costs(self.tokens, pauses, self._language, self._expressions)
        rules, sentences = self._rules, last_breaks(costs, SENTENCE)

        def clings(at: int, cost: float) -> bool:
            return cost >= LEANING or (cost > COMMA and at - sentences[at] <= HEAD_WORDS)

        cuts = [
            at
            for at, (pause, cost) in enumerate(zip(pauses, costs, strict=True))
            if pause > (rules.max_hesitation if clings(at, cost) else rules.max_pause)
        ]
        for first, last in pairwise([0, *cuts, len(self.tokens)]):
            yield self._passage(CueKind.SPEECH, first, last, costs)
        self._empty()

    def _passage(self, kind: CueKind, first: int, last: int, costs: list[float]) -> Passage:
        """The passage of the tokens ``first`` to ``last``."""

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
