"""A correction that was meant for another state of an alignment, and what a history says of it."""

from __future__ import annotations

from typing import Any

from msgspec import structs, to_builtins

from aligner.corrections.commands import Accept, Command, OfWords, Place, Start, Text
from aligner.edits import Edit, segments_after, words_after
from aligner.model import Alignment

_LONGEST_TOLD = 120  # characters of a text that the history says in a few words


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


def followed(command: Command, over: Edit, before: Alignment) -> Command:
    """The correction, which was meant for ``before``, as one of what ``over`` then made of that.

    Raises
    ------
    ConflictError
        It changed what the correction is of.
    """
    if isinstance(command, Text):
        segments = segments_after(range(command.first, command.stop), over, before)
        return structs.replace(command, first=segments.start, stop=segments.stop)
    match command, [words_after(words, over) for words in words_of(command)]:
        case Place() | Start(), [words]:
            return structs.replace(command, word=words.start)
        case OfWords(), [words]:
            return structs.replace(command, first=words.start, stop=words.stop)
        case Accept(), runs:
            return structs.replace(command, words=[(run.start, run.stop) for run in runs])
    return command


def what_of(command: Command) -> dict[str, Any]:
    """What a history says of a correction: its kind, and what of it is small."""
    told = {name: value for name, value in to_builtins(command).items() if not isinstance(value, list | dict)}
    text = " ".join(each.text for each in command.paragraphs) if isinstance(command, Text) else told.get("text", "")
    return {**told, "text": text[:_LONGEST_TOLD]} if text else told
