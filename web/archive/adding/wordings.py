"""What transcripts say, to find those that are nearly word for word the same, whatever their formats.

A wording is a sample of the runs of three words in a text: those with the least hashes, of which two texts have as
large a share in common as of all of theirs (Broder, On the resemblance and containment of documents, 1997).
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from aligner.model import Kind
from aligner.storage.file_states import until_changed
from aligner.transcript import read_transcript
from media.errors import UserError
from web.archive.pairing.names import folded, hashed
from web.bounded import call
from web.errors import WebError

Wording = frozenset[int]

_RUN = 3  # words
_SAMPLE = 200  # runs
_FEWEST = 25  # runs; what is shorter may be what a show says in each episode
_ALIKE = 0.5  # of the runs of both: one word in nine is another
_AT_HAND = 2_000  # transcripts


def wording_of(path: Path) -> Wording:
    """The wording of a transcript; nothing where it cannot be read."""
    with contextlib.suppress(UserError, WebError, OSError):
        return _kept(path)
    return frozenset()


def say_the_same(one: Wording, other: Wording) -> bool:
    """Whether two texts are nearly word for word the same; what is short tells nothing."""
    return likeness(one, other) >= _ALIKE


def likeness(one: Wording, other: Wording) -> float:
    """The share of the runs of two texts that both have; none of what is short."""
    if min(len(one), len(other)) < _FEWEST:
        return 0.0
    least = sorted(one | other)[:_SAMPLE]
    return len(one & other & {*least}) / len(least)


@until_changed(_AT_HAND)
def _kept(path: Path) -> Wording:
    return call(_read, path)


def _read(path: Path) -> Wording:
    transcript = read_transcript(path)
    spoken = (word.text for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH)
    words = [word for text in spoken for word in folded(text).split()]
    runs = {hashed(" ".join(words[k : k + _RUN])) for k in range(len(words) - _RUN + 1)}
    return frozenset(sorted(runs)[:_SAMPLE])
