"""What is shown, and when: tokens gathered into passages that no cue may cross.

A sentence of which nothing is spoken is left out; words without a time inside a spoken sentence stay in it. A long
silence, a stage direction with room of its own and speech that was not transcribed each end a passage.

Conventions
-----------
- Passages are in order of time and disjoint. Within one, ``starts`` never decrease; an untimed token is a point: where
  the next timed word of its sentence starts, else where the last one ends.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from aligner.captions.breaks import ends_sentence
from aligner.captions.cue import CueKind
from aligner.captions.languages import language_of
from aligner.captions.milliseconds import to_milliseconds
from aligner.captions.rules import CaptionRules
from aligner.captions.tokens import Token, read_tokens
from aligner.captions.width import width
from aligner.model import Alignment, Untranscribed


@dataclass(frozen=True, slots=True)
class Passage:
    """Tokens to cut into cues.

    ``changes`` are the positions where someone else starts to speak; ``named`` those of them where the speaker's name
    is known and other than the last; ``introduced`` those of them where the speaker is first heard.
    """

    kind: CueKind
    tokens: tuple[Token, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    changes: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    introduced: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A sentence, a stage direction or a mark of untranscribed speech; sounds have the span they are shown for."""

    kind: CueKind
    tokens: list[Token]
    start: float
    end: float


def read_passages(alignment: Alignment, rules: CaptionRules, words: range | None = None) -> list[Passage]:
    """The passages of the whole alignment, or of the words that ``words`` indexes."""
    stretches = _shown(_sentences(_within(read_tokens(alignment, rules.max_line), words)))
    if not rules.sound_cues:
        stretches = list(_without_stage(stretches))
    else:
        stretches = _with_untranscribed(stretches, alignment, rules, whole=words is None)
        stretches = _with_room_for_stage(stretches, alignment.audio.duration, rules)
    return _cut_at_pauses(stretches, rules.max_pause)


def _within(paragraphs: list[list[Token]], words: range | None) -> list[list[Token]]:
    if words is None:
        return paragraphs
    tokens = [token for paragraph in paragraphs for token in paragraph]
    inside = [position for position, token in enumerate(tokens) if token.word is not None and token.word in words]
    if not inside:
        return []
    kept: list[list[Token]] = []
    for token in tokens[inside[0] : inside[-1] + 1]:
        if not kept or kept[-1][-1].paragraph != token.paragraph:
            kept.append([])
        kept[-1].append(token)
    return kept


def _sentences(paragraphs: list[list[Token]]) -> Iterator[_Stretch]:
    for paragraph in paragraphs:
        sentence: list[Token] = []
        for position, token in enumerate(paragraph):
            if sentence and sentence[-1].stage and not token.stage and all(other.stage for other in sentence):
                yield _stretch(CueKind.STAGE, sentence)
                sentence = []
            sentence.append(token)
            following = paragraph[position + 1].text if position + 1 < len(paragraph) else ""
            if not token.stage and ends_sentence(token.text, following):
                yield _stretch(CueKind.SPEECH, sentence)
                sentence = []
        if sentence:
            stage = all(token.stage for token in sentence)
            yield _stretch(CueKind.STAGE if stage else CueKind.SPEECH, sentence)


def _stretch(kind: CueKind, tokens: list[Token]) -> _Stretch:
    starts = [token.start for token in tokens if token.start is not None]
    ends = [token.end for token in tokens if token.end is not None]
    return _Stretch(kind, tokens, starts[0] if starts else 0.0, ends[-1] if ends else 0.0)


def _shown(sentences: Iterable[_Stretch]) -> list[_Stretch]:
    """Leave out sentences without a spoken word, and stage directions beside them: their place is not known."""
    kept: list[_Stretch] = []
    pending: list[_Stretch] = []
    known = True
    for sentence in sentences:
        if sentence.kind is CueKind.STAGE:
            pending.append(sentence)
            continue
        spoken = any(token.timed for token in sentence.tokens)
        if spoken:
            kept += pending * known + [sentence]
        known, pending = spoken, []
    return kept + pending * (known and bool(kept))


def _without_stage(stretches: list[_Stretch]) -> Iterator[_Stretch]:
    for stretch in stretches:
        if stretch.kind is CueKind.SPEECH:
            yield replace(stretch, tokens=[token for token in stretch.tokens if not token.stage])


def _with_untranscribed(
    stretches: list[_Stretch], alignment: Alignment, rules: CaptionRules, *, whole: bool
) -> list[_Stretch]:
    """Put a mark where speech was not transcribed, in the widest part of it that no shown word takes."""
    timed = [token for stretch in stretches for token in stretch.tokens if token.timed]
    starts = [token.start for token in timed if token.start is not None]
    ends = [token.end for token in timed if token.end is not None]
    text = f"[{language_of(alignment.language).untranscribed}]"
    marks: dict[int, list[_Stretch]] = {}
    for lost in alignment.untranscribed:
        if lost.end - lost.start <= rules.min_untranscribed:
            continue
        start, end, position = max(_free(lost, starts, ends, rules.min_gap), key=lambda part: part[1] - part[0])
        inside = whole or 0 < position < len(timed)
        if inside and end - start >= rules.min_duration:
            tokens = [Token(word, " ", -1, None, stage=True) for word in text.split()]
            mark = _Stretch(CueKind.UNTRANSCRIBED, tokens, start, min(end, start + rules.max_duration))
            marks.setdefault(position, []).append(mark)
    return list(_inserted(stretches, marks))


def _free(
    lost: Untranscribed, starts: list[float], ends: list[float], gap: float
) -> Iterator[tuple[float, float, int]]:
    """The parts of a span between timed words: ``(start, end, position of the word after it)``."""
    position = bisect_right(starts, lost.start)
    while True:
        start = max(lost.start, ends[position - 1] + gap) if position else lost.start
        end = min(lost.end, starts[position] - gap) if position < len(starts) else lost.end
        yield start, end, position
        if position == len(starts) or starts[position] >= lost.end:
            return
        position += 1


def _inserted(stretches: list[_Stretch], marks: dict[int, list[_Stretch]]) -> Iterator[_Stretch]:
    """The stretches with each mark before the timed token it is filed under, which may cut a sentence in two."""
    position = 0
    for stretch in stretches:
        part: list[Token] = []
        for token in stretch.tokens:
            if token.timed:
                if position in marks and part:
                    yield _stretch(stretch.kind, part)
                    part = []
                yield from marks.get(position, ())
                position += 1
            part.append(token)
        yield _stretch(stretch.kind, part)
    yield from marks.get(position, ())


def _with_room_for_stage(stretches: list[_Stretch], duration: float, rules: CaptionRules) -> list[_Stretch]:
    """Give a stage direction the silence it stands in, where a cue fits; else let it end the sentence before it."""
    placed: list[_Stretch] = []
    for position, stretch in enumerate(stretches):
        if stretch.kind is not CueKind.STAGE:
            placed.append(stretch)
            continue
        start = placed[-1].end + rules.min_gap if placed else 0.0
        following = next((other for other in stretches[position + 1 :] if other.kind is not CueKind.STAGE), None)
        room = (following.start - rules.min_gap if following else duration) - start
        if room >= rules.min_duration:
            needed = max(rules.stage_duration, _width(stretch.tokens) / rules.max_speed)
            placed.append(replace(stretch, start=start, end=start + min(room, needed)))
        elif placed and placed[-1].kind is CueKind.SPEECH:
            placed[-1] = replace(placed[-1], tokens=placed[-1].tokens + _spoken_by(placed[-1].tokens[-1], stretch))
        elif following and following.kind is CueKind.SPEECH:
            following.tokens[:0] = _spoken_by(following.tokens[0], stretch)
    return placed


def _spoken_by(neighbour: Token, stage: _Stretch) -> list[Token]:
    return [replace(token, speaker=neighbour.speaker, paragraph=neighbour.paragraph) for token in stage.tokens]


def _width(tokens: list[Token]) -> int:
    return sum(width(token.before) + width(token.text) for token in tokens)


def _cut_at_pauses(stretches: list[_Stretch], max_pause: float) -> list[Passage]:
    passages: list[Passage] = []
    building = _Building()
    for stretch in stretches:
        if stretch.kind is not CueKind.SPEECH:
            passages += building.finished()
            passages.append(_sound_passage(stretch))
            continue
        for token, (start, end) in zip(stretch.tokens, _placed(stretch.tokens), strict=True):
            if building.tokens and start - building.ends[-1] > max_pause:
                passages += building.finished()
            building.add(token, start, end)
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

    def add(self, token: Token, start: float, end: float) -> None:
        """Add a token, on the millisecond grid, at times that never run backwards whatever the alignment says."""
        start, end = to_milliseconds(start) / 1000, to_milliseconds(end) / 1000
        if self.last is None or token.paragraph != self.last.paragraph:
            other = self.last is None or token.speaker != self.last.speaker
            if other or token.opens:
                self.changes.add(len(self.tokens))
            if other and token.speaker:
                self.named.add(len(self.tokens))
                if token.speaker not in self.heard:
                    self.introduced.add(len(self.tokens))
                self.heard.add(token.speaker)
        self.last = token
        self.tokens.append(token)
        self.starts.append(max(start, self.starts[-1] if self.starts else self.clock))
        self.ends.append(max(end, self.starts[-1], self.ends[-1] if self.ends else 0.0))

    def finished(self) -> list[Passage]:
        if not self.tokens:
            return []
        self.clock = self.ends[-1]
        passage = Passage(
            CueKind.SPEECH,
            tuple(self.tokens),
            tuple(self.starts),
            tuple(self.ends),
            frozenset(self.changes),
            frozenset(self.named),
            frozenset(self.introduced),
        )
        self._empty()
        return [passage]


def _placed(tokens: list[Token]) -> list[tuple[float, float]]:
    """The span of every token of a sentence, a point for the untimed."""
    last = max((token.end for token in tokens if token.end is not None), default=0.0)
    placed: list[tuple[float, float]] = []
    upcoming = last
    for token in reversed(tokens):
        if token.start is not None and token.end is not None:
            placed.append((token.start, token.end))
            upcoming = token.start
        else:
            placed.append((upcoming, upcoming))
    return placed[::-1]


def _sound_passage(stretch: _Stretch) -> Passage:
    """Spread the words of a sound over its span."""
    read = list(accumulate((_width([token]) for token in stretch.tokens), initial=0))
    edges = [stretch.start + (stretch.end - stretch.start) * part / read[-1] for part in read]
    return Passage(stretch.kind, tuple(stretch.tokens), tuple(edges[:-1]), tuple(edges[1:]))
