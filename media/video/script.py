"""What an audiogram shows: the words of a quote with their times, and where it comes from.

Conventions
-----------
- Seconds of the clip: 0 is the first frame.
- Words are in the order of the text and of time; one that was not found in the sound has no length.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word with its punctuation, as it will stand on the screen.

    ``before`` parts it from the word before: a space, a no-break space or nothing. ``cost`` is what a reader minds a
    break before it: 0 at the end of a sentence, about 12 between any two words, 1000 where none belongs.
    ``new_line`` and ``new_screen`` are breaks that somebody asked for; a word that ``opens`` a turn begins a line too.
    """

    text: str
    start: float
    end: float
    speaker: str | None = None
    before: str = " "
    cost: float = 12.0
    new_line: bool = False
    new_screen: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A quote, and the show and the episode that it is from; ``duration`` is the sound's, in seconds."""

    words: tuple[ShownWord, ...]
    duration: float
    show: str | None = None
    title: str | None = None

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those who speak, in order of appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker))
