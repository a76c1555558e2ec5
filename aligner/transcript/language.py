"""Which language a transcript is written in, by its own words.

A recogniser decides by a few passages of the audio, and takes a voice for that of another language now and then; a text
of a few dozen words is in no doubt. Of texts of 40 words in nine languages none was taken for another, nor of those
half of whose words are names from elsewhere (``tests/bench/languages.py``).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aligner.languages import KNOWN, NAMED, language_code
from aligner.model import Kind, Transcript

_SURE = 0.9  # probability; below this, names and foreign words may be what counts
_MOST_CHARACTERS = 30_000  # half an hour of talk; the rest says the same
# Of a guess: the words that are looked at, and the share of function words from which a language is believed; in the
# wrong one it is under 0.12.
_SAMPLE_WORDS, _TELLING = 2000, 0.2


def written_language(transcript: Transcript) -> str | None:
    """Return the language that the transcript's own words are in, None if they leave it in doubt."""
    spoken = (s for s in transcript.segments if s.kind is Kind.SPEECH)
    text = " ".join(transcript.text[s.char_start : s.char_end] for s in spoken)[:_MOST_CHARACTERS]
    try:
        code, probability = _identifier().classify(text)
    except OSError:  # the model is unpacked into a temporary file, and the disk may be full
        return None
    return str(code) if code in NAMED and probability >= _SURE else None


def guess_language(transcript: Transcript) -> str | None:
    """Return the language that the file names, else the one whose function words are most frequent, if any are; it
    takes no model, for what can be corrected in a form."""
    if named := language_code(transcript.language):
        return named
    words = [word.text.casefold().strip('.,;:!?«»"“”()') for word in transcript.words[:_SAMPLE_WORDS]]
    words = [part for word in words for part in word.replace("’", "'").split("'")]
    little = {code: language.captioning.breaks.clinging for code, language in KNOWN.items()}
    shares = {code: sum(word in known for word in words) / len(words) for code, known in little.items()}
    likeliest = max(shares, key=lambda code: shares[code])
    return likeliest if shares[likeliest] >= _TELLING else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
