"""From an episode's sound and its transcript to the time of every word: the page to read first.

transcript --read_transcript--> words --------------------------------+
                                                                      +--locate--> placements --judge--> alignment
sound --examine--> audio --recognise (an ear)--> emissions or words --+
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from pathlib import Path

from aligner.attempts import TranscriptWays, best_attempt
from aligner.content_cache import code_of, content_key
from aligner.corrections.annotations import carried, with_what_holds
from aligner.corrections.structure_overrides import read_structure, structured, with_structure
from aligner.errors import AlignerError
from aligner.languages import language_code
from aligner.locating.spoken_words import is_latin
from aligner.model import (
    Alignment,
    Audio,
    AudioFile,
    Engine,
    EpisodeDetails,
    HeardWord,
    LostPin,
    Pin,
    Span,
    Transcript,
    Untranscribed,
)
from aligner.pins import passages_of, taken_off
from aligner.publication import is_web_address, iso_date, published_date
from aligner.recognition import RATE, Ear, Progress, examine, recognise, silent
from aligner.recognition.cache import found_before
from aligner.recognition.given import GivenEar
from aligner.recognition.letters import LettersEar
from aligner.recognition.words import WordsEar
from aligner.spans import SpeechSpans
from aligner.storage.checked_json import on_one_line, shortened
from aligner.storage.file_names import seen_from, shown_name
from aligner.transcript import TranscriptFile, open_transcript, renamed
from aligner.transcript.language import written_language
from media import decode
from media.decode import Tags
from media.kept_sound import KeptSound

# The model whose encoder the letters head was trained on.
_LETTERS_MODEL = "base"
_LONGEST_GUID = 2000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """How to listen to an episode, and what is known of it; None means that the files tell, or the model.

    ``language`` is a code such as fr; ``ear`` is "letters" or "words"; ``model`` a Whisper model's name or folder;
    ``hypothesis`` a recogniser's output, which is used instead of listening. ``names`` are how speakers shall be
    called, by their labels in the transcript; ``structure`` is a file of what was said of its structure. ``folder`` is
    where the alignment will lie, the audio's own if it is None: its paths are seen from there. Where nothing tells the
    title it is the audio's name; with ``folder_title`` that of the folder, and no earlier alignment tells anything.
    """

    language: str | None = None
    ear: str | None = None
    model: str = "base"
    hypothesis: Path | None = None
    title: str | None = None
    folder_title: bool = False
    show: str | None = None
    date: str | None = None
    url: str | None = None
    guid: str | None = None
    cover: Path | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    structure: Path | None = None
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.ear not in (None, "letters", "words"):
            raise ValueError(f"ear is {self.ear!r}, expected letters or words")
        for name in ("hypothesis", "cover", "structure", "folder"):  # a path may be given as text
            given = getattr(self, name)
            object.__setattr__(self, name, None if given is None else Path(given))


@dataclass(frozen=True, slots=True)
class Aligned:
    """An alignment, with what the user should be told: of its sound, and of what of an earlier one holds no more; and
    the sound's fingerprint, as a file has it, where one was made while it was listened to."""

    alignment: Alignment
    warnings: tuple[str, ...]
    fingerprint: bytes | None = None


def align(
    audio: Path | str,
    transcript: Path | str | TranscriptFile,
    options: AlignOptions | None = None,
    progress: Progress = silent,
    ears: Sequence[Ear] | None = None,
    earlier: Alignment | None = None,
) -> Aligned:
    """Find when each word of a transcript is said in an episode's sound.

    The result is the alignment, with warnings that the user should be told.
    ``progress`` is told ``(stage, done, total)`` in seconds of the episode: of ``speech``, the ears that listen,
    ``locating``, and ``untranscribed``, which is listening once more to what the transcript lacks, in seconds of that.
    ``ears`` are taken instead of those that the options name: the first one listens, the next one only if that one
    makes too little of the transcript; the last one hears any script and puts words to what the transcript lacks.
    What a person fixed in the ``earlier`` alignment stays as it is, wherever its words stand now, and what they settled
    of the same sound; so does what it says of the episode, where the options are silent.

    Raises
    ------
    AlignerError, MediaError
        An input cannot be used; the message says which, and what was expected. The transcript is read first, since
        that takes no time.
    """
    audio, options = Path(audio), options or AlignOptions()
    ears = ears or ears_of(options)
    check_details(options)
    file = transcript if isinstance(transcript, TranscriptFile) else open_transcript(Path(transcript))
    told = read_structure(options.structure) if options.structure else None

    def understood(talk: range | None = None) -> Transcript:
        return renamed(structured(with_structure(file.understood(talk), told), earlier), options.names)

    written = understood()
    with KeptSound(RATE) as kept:
        sound = examine(audio, progress, kept)
        fixed = partial(_pins, earlier, sound)
        settled = earlier.settled if earlier and earlier.audio.sha256 == sound.sha256 else ()
        ways = TranscriptWays(written, understood, lambda text: fixed(text)[0], settled)
        with ThreadPoolExecutor(1) as beside:  # where nothing is known it takes half a second, and listening more
            spoken = None if options.language else beside.submit(written_language, written)
            ears = _expecting(ears, written, spoken)
            best = best_attempt(ways, sound, ears, spoken, progress)
        untranscribed = with_text(best.judgement.untranscribed, sound, ears[-1], progress)
    folder, (pins, lost) = options.folder or audio.parent, fixed(best.transcript)
    alignment = Alignment(
        language=best.language,
        episode=_describe(sound, folder, options, written.title, earlier),
        audio=AudioFile(seen_from(folder, audio), sound.duration, sound.sha256),
        transcript=best.transcript,
        engine=Engine(best.ear.name, best.ear.model),
        coverage=best.judgement.coverage,
        verdict=best.judgement.verdict,
        segments=best.judgement.segments,
        words=best.judgement.words,
        untranscribed=untranscribed,
        warnings=sound.warnings,
        pinned_passages=passages_of(pins),
        lost_pins=lost,
    )
    warnings = (*sound.warnings, *best.recognition.warnings)
    if earlier is None:
        return Aligned(alignment, warnings, sound.fingerprint)
    alignment = with_what_holds(alignment, earlier)
    gone = taken_off(earlier.signature, alignment.signature, same_sound=earlier.audio.sha256 == sound.sha256)
    return Aligned(alignment, (*warnings, *gone), sound.fingerprint)


def ears_of(options: AlignOptions) -> tuple[Ear, ...]:
    """The ears that the options name: letters first, words where these lead nowhere; words alone if they are wanted,
    or with a model of another size; what is given instead, if something is.

    Raises
    ------
    AlignerError
        No language has that code.
    HypothesisError
        What is given cannot be read.
    """
    language = language_code(options.language)
    if options.language and not language:
        raise AlignerError(
            "{language}: no language that is known; expected a code such as fr", language=options.language
        )
    if options.hypothesis:
        return (GivenEar(options.hypothesis, language),)
    words = WordsEar(options.model, language)
    if (options.ear or ("letters" if options.model == _LETTERS_MODEL else "words")) == "words":
        return (words,)
    return LettersEar(options.model, language), words


def _expecting(ears: Sequence[Ear], transcript: Transcript, spoken: Future[str | None] | None) -> Sequence[Ear]:
    """The ears, of which those that write what they hear are told the language of a text in another script than Latin.

    Whisper writes what it takes for another language in the script of that, where not a word can be found again.
    """
    if spoken is None or is_latin(transcript):
        return ears
    return tuple(ear.expecting(spoken.result()) if isinstance(ear, WordsEar) else ear for ear in ears)


def _pins(
    earlier: Alignment | None, sound: Audio, transcript: Transcript
) -> tuple[tuple[Pin, ...], tuple[LostPin, ...]]:
    """The pins of an earlier alignment on the words of a transcript, and those that are lost."""
    return carried(earlier, transcript, sound.sha256) if earlier else ((), ())


def check_details(options: AlignOptions) -> None:
    """Find out before the work whether what is told of the episode can be used.

    Raises
    ------
    AlignerError
        The date or the GUID is none, or the address is none of the web.
    PictureError
        The cover is not there, or is none that a clip can carry.
    """
    from media.pictures import format_of

    if options.date and not iso_date(options.date):
        raise AlignerError("{found}: not a date; expected one such as 2025-03-04", found=shortened(options.date))
    if options.url and not is_web_address(options.url):
        raise AlignerError(
            "{found}: not an address of the web; expected one that begins with https://", found=shortened(options.url)
        )
    if options.guid and (len(options.guid) > _LONGEST_GUID or on_one_line(options.guid) != options.guid):
        raise AlignerError(
            "{found}: not a GUID; expected a line of at most {most} characters",
            found=shortened(options.guid), most=_LONGEST_GUID,
        )  # fmt: skip
    if options.cover:
        format_of(options.cover)


def with_text(
    passages: Sequence[Untranscribed], audio: Audio, ear: Ear, progress: Progress
) -> tuple[Untranscribed, ...]:
    """Let ``ear`` listen to the passages that have no text yet, and to nothing else."""
    mute = [passage for passage in passages if not passage.text]
    speech = SpeechSpans(audio.speech)
    # Whole spans of speech, so that a change of the text which moves a passage's edge a little asks for nothing new.
    spans = sorted(
        {span for passage in mute for span in speech.touching(passage.start, passage.end)}, key=lambda span: span.start
    )
    if not spans:
        return tuple(passages)
    words = recognise(replace(audio, speech=tuple(spans)), ear, _within(spans, progress)).words
    return tuple(passage if passage.text else replace(passage, text=_said_in(passage, words)) for passage in passages)


def _within(spans: Sequence[Span], progress: Progress) -> Progress:
    """A progress of listening to ``spans`` alone, told as stage ``untranscribed`` in seconds of these."""
    spoken = sum(span.duration for span in spans)

    def told(stage: str, done: float, total: float) -> None:
        if stage == "model":
            progress(stage, done, total)
        else:
            heard = sum(min(max(done - span.start, 0.0), span.duration) for span in spans)
            progress("untranscribed", heard, spoken)

    return told


def _said_in(passage: Untranscribed, words: Sequence[HeardWord]) -> str:
    return " ".join(w.text for w in words if passage.start <= (w.start + w.end) / 2 < passage.end)


def _tags(audio: Audio) -> Tags:
    """The sound's own tags, read once: what opens a sound takes longer to load than all else that is asked of it."""
    with found_before("tags", audio.sha256) as known:
        key = content_key(code_of(str(decode.__file__)))
        kept = known.get(key)
        if kept is None:
            kept = json.dumps(astuple(decode.read_tags(audio.path))).encode("ascii")
            known.put(key, kept)
        return Tags(*json.loads(kept))


def _describe(
    audio: Audio, folder: Path, options: AlignOptions, title: str | None, earlier: Alignment | None
) -> EpisodeDetails:
    """What is known of the episode as a publication: from the user, also of an ``earlier`` alignment, else from the
    sound's tags, else from a name. ``title`` is the transcript's own, which comes before names.
    """
    tags = _tags(audio)
    known = earlier.episode if earlier and not options.folder_title else EpisodeDetails()
    named = shown_name(folder) if options.folder_title else audio.path.stem
    return EpisodeDetails(
        title=options.title or known.title or tags.title or title or named,
        show=options.show or known.show or tags.album,
        date=options.date or known.date or (tags.date and (published_date(tags.date) or tags.date)),
        url=options.url or known.url,
        cover=seen_from(folder, options.cover) if options.cover else known.cover,
        guid=options.guid or known.guid,
    )
