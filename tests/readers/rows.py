"""Whether the transcript in a player has every word once, in order, with its speaker."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aligner.captions import CueKind
from aligner.captions.rules import CaptionRules
from aligner.formats import Material
from aligner.formats.material import UNNAMED
from aligner.languages import language_of

_ADDED = "[]()–-—\ufffd"  # added or removed around words, and the replacement character


@dataclass(frozen=True)
class Row:
    """A row of a player's transcript; ``speaker`` is empty where it shows none."""

    speaker: str
    text: str


def assert_as_said(rows: Sequence[Row], material: Material) -> None:
    """Compare rows with our own captions; stage directions may be in any row."""
    said, shown = [*_said(material)], [*_shown(rows, material)]
    assert "".join(sign for sign, _ in shown) == "".join(sign for sign, _ in said)
    false = {
        (by, who) for (_, by), (_, who) in zip(shown, said, strict=True) if who is not None and not _is_same(by, who)
    }
    assert not false, f"shown as said by, said by: {false}"


def _said(material: Material) -> Iterator[tuple[str, str | None]]:
    """Yield each character and its speaker: "" if the text names nobody, None if any speaker will do."""
    for cue in material.cues(CaptionRules()):
        for line in cue.lines if cue.kind is not CueKind.UNTRANSCRIBED else ():
            who = (line.speaker or UNNAMED) if material.nobody else ""
            for word in line.words:
                for sign in _signs(word.text):
                    yield sign, None if word.word is None else _plain(who)


def _shown(rows: Sequence[Row], material: Material) -> Iterator[tuple[str, str]]:
    language = language_of(material.language).captioning
    for row in rows:
        text = row.text
        for mark in (language.ad, language.jingle, language.untranscribed):
            text = text.replace(f"[{mark}]", "")
        for sign in _signs(text):
            yield sign, _plain(row.speaker)


def _signs(text: str) -> str:
    seen = unicodedata.normalize("NFKC", text)
    return "".join(
        sign for sign in seen if sign not in _ADDED and not sign.isspace() and unicodedata.category(sign)[0] != "C"
    )


def _plain(name: str) -> str:
    """Return a name without invisible characters."""
    seen = (sign for sign in unicodedata.normalize("NFKC", name) if unicodedata.category(sign)[0] != "C")
    return " ".join("".join(seen).split())


def _is_same(shown: str, name: str) -> bool:
    """Return whether this is the name, or its beginning with an ellipsis."""
    return shown == name or (shown.endswith("...") and name.startswith(shown.removesuffix("...")))
