"""Read a vocabulary: a list of the names and words that ASR should expect, and spell as listed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from aligner.errors import AlignerError
from aligner.transcript.formats import decode
from media.safe_fs import read_regular

LONGEST_VOCABULARY = 400  # characters: in French or Russian names as many as fit in the 223 tokens that Whisper accepts


def read_vocabulary(source: Path | str | None) -> tuple[str, ...]:
    """Return the entries of a vocabulary. ``source`` is the path of a file with one entry a line or, if it contains a
    line break, the text of such a file. None is an empty vocabulary. Raises AlignerError if the file cannot be read or
    the vocabulary is too long, TranscriptError if the file is not text."""
    text = str(source or "\n")
    if "\n" not in text:
        try:
            text = decode(read_regular(Path(text), 8 * LONGEST_VOCABULARY), text)
        except OSError as error:
            raise AlignerError("{path}: cannot be read ({reason})", path=source, reason=error.strerror) from error
    entries = entries_of(text.splitlines())
    if (length := len(" ".join(entries))) > LONGEST_VOCABULARY:
        raise AlignerError(
            "the vocabulary has {length} characters, the limit is {most}", length=length, most=LONGEST_VOCABULARY
        )
    return entries


def entries_of(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines without repetitions, blank lines and needless spaces."""
    return tuple(dict.fromkeys(entry for line in lines if (entry := " ".join(line.split()))))
