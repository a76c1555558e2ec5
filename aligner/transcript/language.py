"""Which language a transcript is written in, by its own words.

A recogniser tells a language by a few stretches of the sound, and takes a voice for that of another one now and then; a
text of a few dozen words is in no doubt. Of texts of 40 words in nine languages none was told wrongly, nor of those
half of whose words are names from elsewhere (``tests/bench/languages.py``).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aligner.languages import NAMED
from aligner.model import Kind, Transcript

# Below this, names and foreign words may be what counts.
_SURE = 0.9
# Half an hour of talk. What is left out says the same.
_MOST_CHARACTERS = 30_000


def written_language(transcript: Transcript) -> str | None:
    """The code of the language that the transcript's own words are in; None where these leave it in doubt."""
    spoken = (s for s in transcript.segments if s.kind is Kind.SPEECH)
    text = " ".join(transcript.text[s.char_start : s.char_end] for s in spoken)
    try:
        identifier = _identifier()
    except OSError:  # the model is unpacked into a temporary file; where the disk is full, the sound tells the language
        return None
    language, probability = identifier.classify(text[:_MOST_CHARACTERS])
    return language if language in NAMED and probability >= _SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
