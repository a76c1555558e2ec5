"""Which transcript a sound is of, by the sound itself: the letters of two minutes of it, against every text left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.model import Span
from aligner.normalization import spell
from media.errors import Message, UserError
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Sound, Text
from web.bounded import call
from web.errors import WebError
from web.library.preview import guess_language

if TYPE_CHECKING:
    from aligner.locating.letters.anchors import DecodedLetters

_LISTENED = 120.0  # seconds of speech
_SKIPPED = 0.15  # of the sound, before which there are jingles, adverts and words that all episodes begin with
_HEARD, _UNHEARD = 12.0, -8.0  # odds
_SHARE, _NO_SHARE = 0.3, 0.12  # of the letters that were heard: the text's, and as many as any text has


@dataclass(frozen=True, slots=True)
class Listener:
    """What listens to sounds, as ``pairing.Listen``; ``fetched`` has those that are only in a feed, or None."""

    fetched: Callable[[Sound], Path | None] = lambda _: None

    def __call__(self, sound: Sound, texts: Sequence[Text]) -> Mapping[str, Reason] | None:
        try:
            path = sound.file.path if sound.file else self.fetched(sound)
            if path is None:
                return None
            decoded = letters_of(path)
        except (UserError, OSError):
            return None
        told = {}
        for text in texts:
            if text.file and (spelled := _spelled(text.file.path)):
                told[text.key] = _reason(_share(spelled, decoded))
        return {key: reason for key, reason in told.items() if reason}


def letters_of(path: Path) -> DecodedLetters:
    """The letters that are heard in two minutes of a sound's speech; in all of it, if that was listened to before.

    Raises
    ------
    UserError
        It cannot be decoded, there is no speech in it, or there is no model.
    """
    from aligner.locating.letters.anchors import decode
    from aligner.recognition import examine, recognise, recognised_before
    from aligner.recognition.letters import LettersEar

    audio, ear = examine(path), LettersEar()
    known = recognised_before(audio, ear)
    if known is None:
        spans, left = list[Span](), _LISTENED
        for span in audio.speech:
            if span.end > _SKIPPED * audio.duration and left > 0:
                spans.append(Span(span.start, min(span.end, span.start + left)))
                left -= spans[-1].duration
        known = recognise(replace(audio, speech=tuple(spans)), ear)
    assert known.emissions is not None
    return decode(known.emissions)


def _share(spelled: tuple[str, ...], decoded: DecodedLetters) -> float:
    from aligner.locating.letters.anchors import share_heard

    return share_heard(spelled, decoded)


@lru_cache(maxsize=1000)
def _spelled(path: Path) -> tuple[str, ...]:
    """The letters of a transcript's spoken words; none where it cannot be read, or is in a script that is not heard."""
    try:
        return call(_read_spelled, path)
    except (UserError, WebError):
        return ()


def _read_spelled(path: Path) -> tuple[str, ...]:
    from aligner.locating.spoken_words import is_latin, spoken_tokens
    from aligner.transcript import read_transcript

    transcript = read_transcript(path)
    if not is_latin(transcript):
        return ()
    language = guess_language(transcript) or "en"
    return tuple(spell([token or "" for token in spoken_tokens(transcript, language)], language))


def _reason(share: float) -> Reason | None:
    told = Message("heard: {percent:.0f}% of the letters are the text's", percent=100 * share)
    if share >= _SHARE:
        return Reason(_HEARD, told)
    return Reason(_UNHEARD, told) if share <= _NO_SHARE else None
