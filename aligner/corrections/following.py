"""A correction that was meant for another state of an alignment, and what a history says of it. What two people wrote
in one paragraph is brought together where they changed different words of it."""

from __future__ import annotations

import re
from typing import Any

from msgspec import structs, to_builtins

from aligner.corrections.commands import Accept, Command, GivenParagraph, OfWords, Place, Start, Text
from aligner.edits import Edit, difference, merged_text, segments_after, words_after
from aligner.errors import ConflictError
from aligner.model import Alignment, outermost

_LONGEST_TOLD = 120  # characters of a text that the history says in a few words
_BREAK = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")  # where a paragraph's line was broken in the file


def words_of(command: Command) -> list[range]:
    """The words that a correction is of."""
    match command:
        case Place(word) | Start(word):
            return [range(word, word + 1)]
        case OfWords(first, stop):
            return [range(first, stop)]
        case Accept(runs):
            return [range(*run) for run in runs]
    return []


def followed(command: Command, before: Alignment, now: Alignment) -> Command:
    """The correction, which was meant for ``before``, as one of ``now``, which others made of that.

    Raises
    ------
    ConflictError
        They changed what the correction is of.
    """
    over = difference(before, now)
    if over.is_empty:
        return command
    if isinstance(command, Text):
        return _text_followed(command, over, before, now)
    match command, [words_after(words, over) for words in words_of(command)]:
        case Place() | Start(), [words]:
            return structs.replace(command, word=words.start)
        case OfWords(), [words]:
            return structs.replace(command, first=words.start, stop=words.stop)
        case Accept(), runs:
            return structs.replace(command, words=[(run.start, run.stop) for run in runs])
    return command


def _text_followed(command: Text, over: Edit, before: Alignment, now: Alignment) -> Text:
    try:
        segments = segments_after(range(command.first, command.stop), over, before)
    except ConflictError:
        if (merged := _merged(command, before, now)) is None:
            raise
        return merged
    return structs.replace(command, first=segments.start, stop=segments.stop)


def _merged(command: Text, before: Alignment, now: Alignment) -> Text | None:
    """The change of paragraphs of ``before``, with what others wrote in them since; None where both made something else
    of the same, or either made more paragraphs of them, or fewer."""
    old, new = _paragraphs(before), _paragraphs(now)
    bases, theirs = list(old.values()), list(new.values())
    same = _places(bases, theirs)
    own = [k for k, index in enumerate(old) if command.first <= index < command.stop]
    there = [same[k] for k in own if k in same]
    if not there or len(there) != len(command.paragraphs) or there != [*range(there[0], there[0] + len(own))]:
        return None
    made = [_both(bases[k], mine, theirs[place]) for k, mine, place in zip(own, command.paragraphs, there, strict=True)]
    paragraphs = [each for each in made if each is not None]
    if len(paragraphs) < len(made):
        return None
    starts = [*new, len(now.segments)]
    return Text(starts[there[0]], starts[there[-1] + 1], paragraphs)


def _both(base: GivenParagraph, mine: GivenParagraph, theirs: GivenParagraph) -> GivenParagraph | None:
    """A paragraph as two changed it."""
    text = merged_text(base.text, mine.text, theirs.text)
    is_clash = any(
        one != other and one != was and other != was
        for was, one, other in ((base.kind, mine.kind, theirs.kind), (base.speaker, mine.speaker, theirs.speaker))
    )
    if text is None or is_clash:
        return None
    kind = mine.kind if theirs.kind == base.kind else theirs.kind
    speaker = mine.speaker if theirs.speaker == base.speaker else theirs.speaker
    return GivenParagraph(kind, speaker, text)


def _paragraphs(alignment: Alignment) -> dict[int, GivenParagraph]:
    """What is edited of an alignment, by its segments."""
    text, segments = alignment.transcript.text, alignment.transcript.segments
    return {
        index: GivenParagraph(each.kind, each.speaker, _BREAK.sub(" ", text[each.char_start : each.char_end]))
        for index, each in ((index, segments[index]) for index, _ in outermost(segments))
    }


def _places(old: list[GivenParagraph], new: list[GivenParagraph]) -> dict[int, int]:
    """Where paragraphs stand, or what others made of them."""
    from rapidfuzz.distance import Levenshtein

    sides = ([(each.kind, each.speaker, each.text) for each in side] for side in (old, new))
    return {
        edit.src_start + k: edit.dest_start + k
        for edit in Levenshtein.opcodes(*sides)
        if edit.tag in ("equal", "replace")
        for k in range(min(edit.src_end - edit.src_start, edit.dest_end - edit.dest_start))
    }


def what_of(command: Command) -> dict[str, Any]:
    """What a history says of a correction: its kind, and what of it is small."""
    told = {name: value for name, value in to_builtins(command).items() if not isinstance(value, list | dict)}
    text = " ".join(each.text for each in command.paragraphs) if isinstance(command, Text) else told.get("text", "")
    return {**told, "text": text[:_LONGEST_TOLD]} if text else told
