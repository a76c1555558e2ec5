"""An alignment moved to a new sound of the same episode: the page to read first.

old sound, new sound --stretches (matching)--> Timeline --moved--> words, pins, passages where their sound is now
what was heard of the old sound --carried--+
what is new, listened to ------------------+--> heard --words_in, passages_in--> text found there, and what it lacks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.corrections.repair import Heard, judged_anew
from aligner.model import Alignment, AudioFile, EpisodeDetails, Untranscribed
from aligner.pipeline import with_text
from aligner.recognition import Ear, Progress, silent
from aligner.recognition.before import heard_before
from aligner.retiming.carrying import NewSound, carried, joined
from aligner.retiming.finding import passages_in, words_in
from aligner.retiming.matching import Stretch, gaps
from aligner.retiming.moving import Timeline, moved
from aligner.settled import taken_off
from aligner.storage.audio_lookup import seen_from

_APART = 5.0  # seconds of pause within which displaced words are one stretch


@dataclass(frozen=True, slots=True)
class Retimed:
    """An alignment of the new sound, and what became of the ``old`` one's times: indices of words that have ``lost``
    their sound, that are ``displaced`` in it, and that were ``found`` in what is new; passages that are new."""

    alignment: Alignment
    old: Alignment
    stretches: tuple[Stretch, ...]
    lost: tuple[int, ...] = ()
    displaced: tuple[int, ...] = ()
    found: tuple[int, ...] = ()
    passages: tuple[Untranscribed, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def timeline(self) -> Timeline:
        return Timeline(self.stretches, self.alignment.audio.duration)


def retimed(
    alignment: Alignment,
    stretches: Sequence[Stretch],
    sound: NewSound,
    file: Path,
    folder: Path,
    progress: Progress = silent,
    hears_words: Ear | None = None,
) -> Retimed:
    """The ``alignment`` in ``file`` moved to another ``sound``, for ``folder``, from which its paths are seen.

    ``hears_words`` puts words to what the text lacks, by default the words ear. Told of ``progress`` are the stages
    ``speech``, ``letters`` or ``words``, ``locating`` and ``untranscribed``, as of ``align``.

    Raises
    ------
    MediaError, ModelError, SpeechError
        What is new cannot be listened to.
    """
    from aligner.recognition.words import WordsEar

    audio = AudioFile(seen_from(folder, sound.place or sound.path), sound.duration, sound.sha256)
    there = _from_there(alignment, file, folder)
    made = moved(there, Timeline(stretches, sound.duration), audio, sound.loudness)
    old = heard_before(alignment)
    displaced = joined((span for _, span in made.displaced), _APART)
    heard = carried(alignment, Heard(*old) if old else None, stretches, sound, displaced, progress)
    new = gaps([each.new for each in stretches], sound.duration)
    progress("locating", 0.0, sound.duration)
    now = replace(made.alignment, words=words_in(made.alignment, new, heard), warnings=heard.audio.warnings)
    lacking = passages_in(now, [*new, *displaced], heard)
    progress("locating", sound.duration, sound.duration)
    ear = hears_words or WordsEar("base", alignment.language)
    told = with_text([*made.cut, *lacking], heard.audio, ear, progress)
    passages = [*(each for each in now.untranscribed if each not in made.cut), *told]
    now = judged_anew(now, now.words, sorted(passages, key=lambda each: each.start), heard.audio)
    found = tuple(k for k, word in enumerate(now.words) if word.span and not made.alignment.words[k].span)
    if found:
        now = replace(now, signature=None)
    new_passages = told[len(made.cut) :]
    warnings = (*heard.audio.warnings, *taken_off(alignment.signature, now.signature, same_sound=True))
    lost, away = made.lost, tuple(k for k, _ in made.displaced)
    return Retimed(now, alignment, tuple(stretches), lost, away, found, new_passages, warnings)


def _from_there(alignment: Alignment, file: Path, folder: Path) -> Alignment:
    """The alignment with its paths seen from another folder than that of ``file``."""
    if folder == file.parent:
        return alignment

    def seen(name: str) -> str:
        return seen_from(folder, file.parent / name)

    cover = alignment.episode.cover
    episode: EpisodeDetails = replace(alignment.episode, cover=seen(cover) if cover else None)
    transcript = replace(alignment.transcript, file=seen(alignment.transcript.file))
    return replace(alignment, episode=episode, transcript=transcript)
