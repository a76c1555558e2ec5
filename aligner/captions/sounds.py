"""What is shown that nobody says: stage directions in the silence they stand in, marks of untranscribed speech."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from aligner.captions.cue import CueKind
from aligner.captions.rules import CaptionRules
from aligner.captions.stretches import Stretch, stretch_of
from aligner.captions.tokens import Token, tokens_width
from aligner.languages import language_of
from aligner.model import Alignment, Untranscribed


def with_sounds(stretches: list[Stretch], alignment: Alignment, rules: CaptionRules, *, whole: bool) -> list[Stretch]:
    """The stretches with every sound in its place; ``whole`` where they are those of the whole episode."""
    marked = _with_untranscribed(stretches, alignment, rules, whole=whole)
    return _with_room_for_stage(marked, alignment.audio.duration, rules)


def without_sounds(stretches: list[Stretch]) -> Iterator[Stretch]:
    """The stretches of speech, without the stage directions inside them."""
    for stretch in stretches:
        if stretch.kind is CueKind.SPEECH:
            yield replace(stretch, tokens=[token for token in stretch.tokens if not token.stage])


def _with_untranscribed(
    stretches: list[Stretch], alignment: Alignment, rules: CaptionRules, *, whole: bool
) -> list[Stretch]:
    """Put a mark where speech was not transcribed, in the widest part of it that no shown word takes."""
    timed = [token for stretch in stretches for token in stretch.tokens if token.timed]
    starts = [token.start for token in timed if token.start is not None]
    ends = [token.end for token in timed if token.end is not None]
    text = f"[{language_of(alignment.language).captioning.untranscribed}]"
    marks: dict[int, list[Stretch]] = {}
    for lost in alignment.untranscribed:
        if lost.end - lost.start <= rules.min_untranscribed:
            continue
        start, end, position = max(_free(lost, starts, ends, rules.min_gap), key=lambda part: part[1] - part[0])
        inside = whole or 0 < position < len(timed)
        if inside and end - start >= rules.min_duration:
            tokens = [Token(word, " ", -1, None, stage=True) for word in text.split()]
            mark = Stretch(CueKind.UNTRANSCRIBED, tokens, start, min(end, start + rules.max_duration))
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


def _inserted(stretches: list[Stretch], marks: dict[int, list[Stretch]]) -> Iterator[Stretch]:
    """The stretches with each mark before the timed token it is filed under, which may cut a sentence in two."""
    position = 0
    for stretch in stretches:
        part: list[Token] = []
        for token in stretch.tokens:
            if token.timed:
                if position in marks and part:
                    yield stretch_of(stretch.kind, part)
                    part = []
                yield from marks.get(position, ())
                position += 1
            part.append(token)
        yield stretch_of(stretch.kind, part)
    yield from marks.get(position, ())


def _with_room_for_stage(stretches: list[Stretch], duration: float, rules: CaptionRules) -> list[Stretch]:
    """Give a stage direction the silence it stands in, where a cue fits; else let it end the sentence before it.

    One that opens a turn is the speaker's: it starts the first sentence, unless it is long or a long silence is before.
    """
    placed: list[Stretch] = []
    opening: list[Token] = []
    for position, stretch in enumerate(stretches):
        if stretch.kind is not CueKind.STAGE:
            if stretch.kind is CueKind.SPEECH:
                stretch, opening = replace(stretch, tokens=opening + stretch.tokens), []
            placed.append(stretch)
            continue
        following = next((other for other in stretches[position + 1 :] if other.kind is not CueKind.STAGE), None)
        start = placed[-1].end + rules.min_gap if placed else 0.0
        end = following.start - rules.min_gap if following else duration
        needed = max(rules.stage_duration, tokens_width(stretch.tokens) / rules.max_speed)
        turn = _turn_opened(stretches, position)
        if turn:
            stretch = replace(stretch, tokens=_spoken_by(turn, stretch))
            start = max(start, end - needed)
        if turn and end - start < rules.stage_duration and tokens_width(stretch.tokens) <= rules.max_line // 2:
            opening = opening + stretch.tokens
        elif end - start >= rules.min_duration:
            placed.append(replace(stretch, start=start, end=min(end, start + needed)))
        elif placed and placed[-1].kind is CueKind.SPEECH and not turn:
            placed[-1] = replace(placed[-1], tokens=placed[-1].tokens + _spoken_by(placed[-1].tokens[-1], stretch))
        elif following and following.kind is CueKind.SPEECH:
            opening = opening + _spoken_by(following.tokens[0], stretch)
    return placed


def _turn_opened(stretches: list[Stretch], position: int) -> Token | None:
    """The first token of the paragraph of speech that the stage direction at ``position`` opens, if it opens one."""
    paragraph = stretches[position].tokens[0].paragraph
    if position and stretches[position - 1].tokens[-1].paragraph == paragraph:
        return None
    speech = next((other for other in stretches[position + 1 :] if other.kind is CueKind.SPEECH), None)
    return speech.tokens[0] if speech and speech.tokens[0].paragraph == paragraph else None


def _spoken_by(neighbour: Token, stage: Stretch) -> list[Token]:
    """The tokens of a stage direction as if its neighbour's speaker had said them."""
    tokens = [replace(token, speaker=neighbour.speaker, paragraph=neighbour.paragraph) for token in stage.tokens]
    return [replace(tokens[0], opens=tokens[0].opens or neighbour.opens), *tokens[1:]]
