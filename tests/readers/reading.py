"""The cues that a reader should find in a file, as it may show them."""

import re
from dataclasses import dataclass

from aligner.captions import CaptionRules
from aligner.durations import to_milliseconds
from aligner.formats import Material

# Word joiners and embeddings of right-to-left lines, added so that players show texts as they are.
_ADDED = re.compile("[\u2060\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\s\u0085\u001c-\u001f]+")
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A cue: its times in milliseconds, its lines, and the speaker of each."""

    start: int
    end: int
    lines: tuple[str, ...]
    speakers: tuple[str | None, ...]

    @property
    def words(self) -> list[str]:
        return " ".join(self.lines).split()


def written(material: Material, rules: CaptionRules) -> list[Shown]:
    """Return the cues by these rules, with their texts as ``seen``."""
    return [
        Shown(
            to_milliseconds(cue.start),
            to_milliseconds(cue.end),
            tuple(seen(line.text) for line in cue.lines),
            tuple(line.speaker for line in cue.lines),
        )
        for cue in material.cues(rules)
    ]


def seen(text: str) -> str:
    """Return a text without invisible characters, with any white space as a space, and with characters that XML cannot
    hold replaced."""
    return _SPACE.sub(" ", _NO_XML.sub("\ufffd", _ADDED.sub("", text))).strip()
