"""What of a transcript may be read aloud, token by token."""

from __future__ import annotations

import re

from aligner.model import Kind, Transcript
from aligner.normalization import is_sign

_LETTER, _LATIN = re.compile(r"[^\W\d_]"), re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_LONE_SIGN = re.compile(r"\s(\W)(?=\s|$|[.,;:!?»)])")


def spoken_tokens(transcript: Transcript, language: str) -> list[str | None]:
    """For each word what is read where it stands, None for those of notes and stage directions.

    A sign that stands alone ("80 %") is read with the word before it.
    """
    tokens: list[str | None] = []
    for word in transcript.words:
        if transcript.segments[word.segment].kind not in (Kind.SPEECH, Kind.HEADING):
            tokens.append(None)
            continue
        alone = _LONE_SIGN.match(transcript.text, word.char_end)
        tokens.append(word.text + alone[1] if alone and is_sign(alone[1], language) else word.text)
    return tokens


def is_latin(transcript: Transcript) -> bool:
    """Whether most of the transcript's letters are Latin ones."""
    text = "".join(word.text for word in transcript.words)
    return 2 * len(_LATIN.findall(text)) > len(_LETTER.findall(text))
