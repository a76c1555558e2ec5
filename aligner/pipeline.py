"""From an episode's audio and transcript to the time of every word. Start reading here.

transcript --open_transcript--> words -------------------------+
                                                               +--locate--> placements --judge--> alignment
audio --examine--> speech --recognise--> emissions or words ---+
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from aligner.attempts import Attempt, TranscriptWays, best_attempt
from aligner.corrections.annotations import carry_over, kept_pins
from aligner.corrections.structure_overrides import read_structure, structured, with_structure
from aligner.emissions import Emissions
from aligner.errors import AlignerError
from aligner.languages import language_code
from aligner.locating.spoken_words import is_latin
from aligner.model import (
    Alignment,
    Audio,
    AudioFile,
    Engine,
    EpisodeDetails,
    LostPin,
    Pin,
    RecognisedWord,
    Span,
    Transcript,
    Untranscribed,
)
from aligner.pins import passages_of, review_removed
from aligner.publication import is_web_address, iso_date, published_date
from aligner.recognition import RATE, Progress, Recogniser, examine, recognise, silent
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.recognition.asr import AsrRecogniser
from aligner.recognition.imported_asr import ImportedRecogniser
from aligner.spans import SpeechSpans
from aligner.storage.checked_json import on_one_line, shortened
from aligner.storage.file_names import seen_from, shown_name
from aligner.storage.vocabulary import read_vocabulary
from aligner.transcript import TranscriptFile, open_transcript, renamed
from aligner.transcript.language import written_language
from media.audio_cache import AudioCache
from media.decode import Tags
from media.pictures import format_of

METHODS = AcousticRecogniser.name, AsrRecogniser.name

_ACOUSTIC_SIZE = "base"  # the Whisper model whose encoder the acoustic model was trained on
_LONGEST_GUID = 2000  # characters

_Pins = tuple[tuple[Pin, ...], tuple[LostPin, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """Options of an alignment, and details of the episode. A detail that is None is taken from the files; a language
    that is None is detected.

    ``language`` is a code such as fr; ``method`` is "acoustic" or "asr"; ``model`` is the name or folder of a Whisper
    model; ``asr_output`` is another recogniser's output file, used instead of ``model``. ``vocabulary`` has names and
    words for ASR to expect, one a line: a file, or a text with line breaks. ``names`` maps speakers' labels in the
    transcript to other names; ``structure`` is a file of structure overrides. Paths in the alignment are relative to
    ``folder``, by default the audio's folder. Without a title, the episode is named after the audio file. With
    ``folder_title``, it is named after the folder, and the previous alignment's details are not used.
    """

    language: str | None = None
    method: str | None = None
    model: str = "base"
    asr_output: Path | None = None
    vocabulary: Path | str | None = None
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
        if self.method not in (None, *METHODS):
            raise ValueError(f"method is {self.method!r}, expected {' or '.join(METHODS)}")
        for name in ("asr_output", "cover", "structure", "folder"):  # callers may pass strings
            path = getattr(self, name)
            object.__setattr__(self, name, None if path is None else Path(path))


@dataclass(frozen=True, slots=True)
class Aligned:
    """An alignment and the warnings to show to the user. ``fingerprint`` is None if the audio's fingerprint was not
    computed, ``emissions`` is None if acoustic alignment did not find the words."""

    alignment: Alignment
    warnings: tuple[str, ...]
    fingerprint: bytes | None = None
    emissions: Emissions | None = None


def align(
    audio: Path | str,
    transcript: Path | str | TranscriptFile,
    options: AlignOptions | None = None,
    progress: Progress = silent,
    recognisers: Sequence[Recogniser] | None = None,
    previous: Alignment | None = None,
) -> Aligned:
    """Align a transcript with an episode's audio; return the alignment and the warnings to show.

    ``progress(stage, done, total)`` is called with seconds of audio; stages are ``speech``, one for each recogniser,
    ``locating`` and ``untranscribed``. ``recognisers`` are used instead of those that the options select. Each is tried
    only if the previous one matched too few words; the last also transcribes speech that is missing from the
    transcript. Corrections and annotations in ``previous`` are kept if their words still exist; episode details missing
    from the options are taken from ``previous``.

    Raises AlignerError or MediaError if an input cannot be used. The transcript is read first, since this is fast.
    """
    audio, options = Path(audio), options or AlignOptions()
    recognisers = recognisers or recognisers_for(options)
    check_details(options)
    vocabulary = read_vocabulary(options.vocabulary)
    file = transcript if isinstance(transcript, TranscriptFile) else open_transcript(Path(transcript))
    overrides = read_structure(options.structure) if options.structure else None

    def understood(talk: range | None = None) -> Transcript:
        read = file.understood(talk)
        read = with_structure(read, overrides) if overrides else read
        return renamed(structured(read, previous) if previous else read, options.names)

    with AudioCache(RATE) as cache:
        examined = examine(audio, progress, cache)
        is_same_audio = previous is not None and previous.audio.sha256 == examined.sha256
        pins = partial(_carried_pins, previous, examined)
        annotations = previous.annotations if previous and is_same_audio else ()
        ways = TranscriptWays(understood(), understood, lambda text: pins(text)[0], annotations)
        language = None if options.language else written_language(ways.by_look)
        recognisers = _expecting(language, recognisers, ways.by_look)
        best = best_attempt(ways, examined, recognisers, language, progress)
        transcriber = recognisers[-1]
        if vocabulary and isinstance(transcriber, AsrRecogniser):  # not for aligning: fewer words would match
            transcriber = replace(transcriber, vocabulary=vocabulary)
        untranscribed = with_text(best.judgement.untranscribed, examined, transcriber, progress)
    folder = options.folder or audio.parent
    episode = _details(examined, folder, options, ways.by_look.title, previous)
    alignment = _alignment(best, examined, folder, episode, untranscribed, pins(best.transcript))
    warnings = (*examined.warnings, *best.recognition.warnings)
    if previous:
        alignment = carry_over(alignment, previous)
        warnings += review_removed(previous.review, alignment.review, same_audio=is_same_audio)
    return Aligned(alignment, warnings, examined.fingerprint, best.recognition.emissions)


def recognisers_for(options: AlignOptions) -> tuple[Recogniser, ...]:
    """Return the recognisers that the options select, in the order in which they are tried.

    The default is acoustic alignment, then ASR. ASR alone is returned if the method is "asr", or if no method is set
    and the model is not the default. With ``asr_output``, a recogniser that reads this file is returned. Raises
    AlignerError if the language code is unknown, AsrOutputError if the file cannot be used.
    """
    language = language_code(options.language)
    if options.language and not language:
        raise AlignerError("{language}: not a known language; expected a code such as fr", language=options.language)
    if options.asr_output:
        return (ImportedRecogniser(options.asr_output, language),)
    asr = AsrRecogniser(options.model, language)
    by_model = AcousticRecogniser.name if options.model == _ACOUSTIC_SIZE else asr.name
    if (options.method or by_model) == asr.name:
        return (asr,)
    return AcousticRecogniser(options.model, language), asr


def check_details(options: AlignOptions) -> None:
    """Check options before any work starts. Raises AlignerError if the date, the GUID or the web address is invalid, or
    a vocabulary is combined with an ASR output; PictureError if the cover cannot be used."""
    if options.date and not iso_date(options.date):
        raise AlignerError("{found}: not a date; expected one such as 2025-03-04", found=shortened(options.date))
    if options.url and not is_web_address(options.url):
        raise AlignerError(
            "{found}: not an address of the web; expected one that begins with https://", found=shortened(options.url)
        )
    if options.guid and (len(options.guid) > _LONGEST_GUID or on_one_line(options.guid) != options.guid):
        raise AlignerError(
            "{found}: not a GUID; expected a line of at most {most} characters",
            found=shortened(options.guid),
            most=_LONGEST_GUID,
        )
    if options.vocabulary and options.asr_output:
        raise AlignerError("a vocabulary does not change an ASR output; leave out one of the two")
    if options.cover:
        format_of(options.cover)


def with_text(
    passages: Sequence[Untranscribed], audio: Audio, recogniser: Recogniser, progress: Progress
) -> tuple[Untranscribed, ...]:
    """Return all passages, after ``recogniser`` has transcribed those that have no text."""
    without_text = [passage for passage in passages if not passage.text]
    speech = SpeechSpans(audio.speech)
    # Whole spans of speech, so that the cached recognition is found if an edit moves a passage's edge a little.
    spans = sorted(
        {span for passage in without_text for span in speech.touching(passage.start, passage.end)},
        key=lambda span: span.start,
    )
    if not spans:
        return tuple(passages)
    words = recognise(replace(audio, speech=tuple(spans)), recogniser, _within(spans, progress)).words
    return tuple(passage if passage.text else replace(passage, text=_text_of(passage, words)) for passage in passages)


def _text_of(passage: Untranscribed, words: Sequence[RecognisedWord]) -> str:
    return " ".join(w.text for w in words if passage.start <= (w.start + w.end) / 2 < passage.end)


def _within(spans: Sequence[Span], progress: Progress) -> Progress:
    """Return a progress function for a recogniser that processes only ``spans``. The function calls ``progress`` with
    the stage ``untranscribed``, the seconds of these spans that are done, and their total."""
    spoken = sum(span.duration for span in spans)

    def within(stage: str, done: float, total: float) -> None:
        if stage == "model":
            progress(stage, done, total)
        else:
            passed = sum(min(max(done - span.start, 0.0), span.duration) for span in spans)
            progress("untranscribed", passed, spoken)

    return within


def _expecting(language: str | None, recognisers: Sequence[Recogniser], transcript: Transcript) -> Sequence[Recogniser]:
    """Return the recognisers. If the transcript's script is not Latin, ASR uses ``language`` instead of detecting the
    language: Whisper could detect another one and write in another script, and no word would be matched."""
    if language is None or is_latin(transcript):
        return recognisers
    return tuple(replace(each, likely=language) if isinstance(each, AsrRecogniser) else each for each in recognisers)


def _carried_pins(previous: Alignment | None, audio: Audio, transcript: Transcript) -> _Pins:
    return kept_pins(previous, transcript, audio.sha256) if previous else ((), ())


def _alignment(
    best: Attempt,
    audio: Audio,
    folder: Path,
    episode: EpisodeDetails,
    untranscribed: tuple[Untranscribed, ...],
    pins: _Pins,
) -> Alignment:
    carried_pins, lost = pins
    return Alignment(
        language=best.language,
        episode=episode,
        audio=AudioFile(seen_from(folder, audio.path), audio.duration, audio.sha256),
        transcript=best.transcript,
        engine=Engine(best.recogniser.name, best.recogniser.model),
        coverage=best.judgement.coverage,
        verdict=best.judgement.verdict,
        segments=best.judgement.segments,
        words=best.judgement.words,
        untranscribed=untranscribed,
        warnings=audio.warnings,
        pinned_passages=passages_of(carried_pins),
        lost_pins=lost,
    )


def _details(
    audio: Audio, folder: Path, options: AlignOptions, title: str | None, previous: Alignment | None
) -> EpisodeDetails:
    """Return the episode's details, each from the first of these sources that has it: the options, the previous
    alignment, the audio's tags. The title may also come from the transcript (``title``) or from a file name."""
    tags = audio.tags or Tags()
    known = previous.episode if previous and not options.folder_title else EpisodeDetails()
    named = shown_name(folder) if options.folder_title else audio.path.stem
    return EpisodeDetails(
        title=options.title or known.title or tags.title or title or named,
        show=options.show or known.show or tags.album,
        date=options.date or known.date or (tags.date and (published_date(tags.date) or tags.date)),
        url=options.url or known.url,
        cover=seen_from(folder, options.cover) if options.cover else known.cover,
        guid=options.guid or known.guid,
    )
