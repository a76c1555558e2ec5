"""Sounds that nobody says: stage directions in the silence they stand in, marks of untranscribed speech."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aligner.captions.cue import CueKind
from aligner.captions.rules import CaptionRules
from aligner.languages import language_of
from aligner.model import Alignment, SettledKind, Span
from aligner.settled import lacking
from aligner.typography.sentences import Sentence
from aligner.typography.tokens import Token, tokens_width

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
    """Put a mark where speech was not transcribed, or an advert or a jingle is, in the widest part that no shown word
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
    names = {SettledKind.ADVERT: language.advert, SettledKind.JINGLE: language.jingle}
    told = [(Span(each.start, each.end), names[each.kind]) for each in alignment.settled if each.kind in names]
    told += [(Span(each.start, each.end), language.untranscribed) for each in lacking(alignment)]
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
