"""Tokens gathered into passages that no cue may cross.

A long silence, a stage direction with room of its own and speech that was not transcribed each end a passage.

Conventions
-----------
- Passages are in order of time and disjoint. Within one, ``starts`` never decrease; an untimed token is a point: where
  the next timed word of its sentence starts, else where the last one ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from aligner.captions.cue import CueKind
from aligner.captions.rules import CaptionRules
from aligner.captions.sounds import Sound, with_sounds
from aligner.durations import to_milliseconds
from aligner.model import Alignment
from aligner.typography.sentences import Sentence, read_sentences, without_stage
from aligner.typography.tokens import Token, read_tokens, tokens_width


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens to cut into cues.

    ``changes`` are the positions where someone else starts to speak; ``named`` those of them where the speaker's name
    is known and other than the last; ``introduced`` those of them where the speaker is first heard; ``unsure`` those
    where a paragraph starts and nobody is named, so that it may be someone else.
    """

    kind: CueKind
    tokens: tuple[Token, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    changes: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    introduced: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()


def read_passages(alignment: Alignment, rules: CaptionRules, words: range | None = None) -> list[Passage]:
    """The passages of the whole alignment, or of the words that ``words`` indexes."""
    sentences = read_sentences(read_tokens(alignment, rules.max_line), words)
    if not rules.sound_cues:
        return _cut_at_pauses(without_stage(sentences), rules.max_pause)
    return _cut_at_pauses(with_sounds(sentences, alignment, rules, whole=words is None), rules.max_pause)


def _cut_at_pauses(parts: Sequence[Sentence | Sound], max_pause: float) -> list[Passage]:
    passages: list[Passage] = []
    building = _Building()
    for part in parts:
        if isinstance(part, Sound):
            passages += building.finished()
            passages.append(building.sound(part))
            continue
        for token, span in zip(part.tokens, part.spans(), strict=True):
            if building.tokens and span.start - building.ends[-1] > max_pause:
                passages += building.finished()
            building.add(token, span.start, span.end)
    return passages + building.finished()


class _Building:
    """The passage being built; remembers who spoke last across passages."""

    def __init__(self) -> None:
        self.last: Token | None = None
        self.clock = 0.0
        self.heard: set[str] = set()
        self._empty()

    def _empty(self) -> None:
        self.tokens: list[Token] = []
        self.starts: list[float] = []
        self.ends: list[float] = []
        self.changes: set[int] = set()
        self.named: set[int] = set()
        self.introduced: set[int] = set()
        self.unsure: set[int] = set()

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
                self.changes.add(len(self.tokens))
            elif not token.speaker:
                self.changes.add(len(self.tokens))
                self.unsure.add(len(self.tokens))
            if other and token.speaker:
                self.named.add(len(self.tokens))
                if token.speaker not in self.heard:
                    self.introduced.add(len(self.tokens))
                self.heard.add(token.speaker)
        self.last = token

    def sound(self, sound: Sound) -> Passage:
        """The passage of a sound, its words spread over its span; one that opens a turn is its speaker's."""
        if sound.tokens[0].speaker:
            self._tell_voice(sound.tokens[0])
        read = list(accumulate((tokens_width([token]) for token in sound.tokens), initial=0))
        edges = [sound.start + (sound.end - sound.start) * part / read[-1] for part in read]
        self.tokens, self.starts, self.ends = sound.tokens, edges[:-1], edges[1:]
        return self._passage(sound.kind)

    def finished(self) -> list[Passage]:
        if not self.tokens:
            return []
        self.clock = self.ends[-1]
        return [self._passage(CueKind.SPEECH)]

    def _passage(self, kind: CueKind) -> Passage:
        """The passage built; the next one starts empty."""
        passage = Passage(
            kind,
            tuple(self.tokens),
            tuple(self.starts),
            tuple(self.ends),
            frozenset(self.changes),
            frozenset(self.named),
            frozenset(self.introduced),
            frozenset(self.unsure),
        )
        self._empty()
        return passage
