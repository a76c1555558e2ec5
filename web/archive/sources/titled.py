"""The title that a transcript plainly has: a property of its file, or a heading of its own over the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from aligner.languages import word_set
from aligner.model import Kind
from aligner.transcript import is_transcript_title
from aligner.transcript.draft import Draft
from web.archive.pairing.items import Text
from web.archive.pairing.names import folded
from web.library.folders import TEXTS

_NO_TITLE = re.compile(
    r"microsoft word|(?:word document|document|dokument|documento|untitled|sans titre)(?: ?\d+)?$"
)  # folded
_NO_TITLES = word_set("transcript transcription transkript episode title titre titel titolo titulo introduction intro")


def titles_of(draft: Draft) -> tuple[str, ...]:
    """The titles of the whole transcript that its format marks as such, the surest first; a heading only where it is
    the first line and none other is there, for else it may be a part's."""
    headings = [line for line in draft.lines if line.kind is Kind.HEADING]
    first = draft.text[headings[0].start : headings[0].end] if headings == [*draft.lines[:1]] else None
    titles = (" ".join(each.split()) for each in (draft.title, draft.headline, first) if each)
    return tuple(dict.fromkeys(filter(_is_title, titles)))


def with_own_titles(texts: Sequence[Text]) -> list[Text]:
    """The texts without titles that one of other words has too: a property is often that of the file which the others
    were begun as copies of."""
    of = defaultdict[str, set[str]](set)
    for text in texts:
        for title in text.titles:
            of[title.casefold()].add(text.same)
    return [replace(text, titles=tuple(t for t in text.titles if len(of[t.casefold()]) == 1)) for text in texts]


def _is_title(words: str) -> bool:
    plain = folded(words)
    if not any(map(str.isalpha, plain)) or plain in _NO_TITLES or is_transcript_title(words):
        return False
    return not (_NO_TITLE.match(plain) or words.lower().endswith(TEXTS))
