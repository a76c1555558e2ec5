"""Tokens gathered into passages that no cue may cross.

A long silence, a stage direction with room of its own and speech that was not transcribed each end a passage; a silence
in which somebody hesitates, between a word and what it clings to, does not.

Conventions
-----------
- Passages are in order of time and disjoint. Within one, ``starts`` never decrease; an untimed token is a point: where
  the next timed word of its sentence starts, else where the last one ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise

from aligner.captions.cue import CueKind
from aligner.captions.rules import CaptionRules
from aligner.captions.sounds import Sound, with_sounds
from aligner.durations import to_milliseconds
from aligner.languages import Captioning, language_of
from aligner.model import Alignment
from aligner.typography.breaks import (
    COMMA,
    HEAD_WORDS,
    LEANING,
    SENTENCE,
    break_costs,
    last_breaks,
)
from aligner.typography.phrases import Pair, recurring_pairs
from aligner.typography.sentences import (
    Sentence,
    as_excerpt,
    read_sentences,
    with_whole_quotations,
    without_stage,
)
from aligner.typography.tokens import Token, read_tokens, tokens_width


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
    sentences = with_whole_quotations(sentences, paragraphs) if words is None else as_excerpt(sentences, paragraphs)
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
