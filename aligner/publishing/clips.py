"""Clips: cut a quote out of an episode as an audio file, with captions, a post text and a JSON record beside it.

The post text is in the episode's language. If the episode's audio is replaced later, its clips are not cut again; only
the times in their records are converted to the new audio. A record is unchanged if its passage was cut.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from aligner.captions import CaptionRules, CueBuilder, SpeakerNames, to_srt, to_vtt
from aligner.durations import clock, spoken_seconds
from aligner.errors import AlignerError, ModelError, OutputError
from aligner.languages import language_of
from aligner.model import Alignment, Audio, AudioFile, EpisodeDetails, Span
from aligner.outputs import check_outputs, publication_name
from aligner.pins import review_status
from aligner.publishing import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.publishing.excerpt import Cut, CutOptions, Excerpt, Source, cut_audio, missing_cover
from aligner.quotes.comparison import Caution, compare_texts
from aligner.quotes.quote import PrintedText, QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.retiming.moving import EDGE, AudioMapping
from aligner.storage.atomic import making, scratch, write_keeping
from aligner.storage.checked_json import decode, encodable, on_one_line
from aligner.storage.file_names import JSON_SUFFIX, shown_name
from aligner.typography import quoted, unbroken, widened
from media.errors import MediaError
from media.safe_fs import files, read_regular, where
from media.video.bidirectional import without_bidi_controls

if TYPE_CHECKING:
    from media.mastering import Level

FORMAT, VERSION = "quotecast-clip", 1

SILENT_DB = -120.0
"""The peak that is reported of silence."""

_MODEL = "base"
_CLITIC_SPACE = re.compile(r"(?<!\s)\s++(?=['’\-])")  # Whisper writes "c 'est" as two words
_SIDECARS = (".vtt", ".srt", ".txt", ".json")
_FOLDER_ENDS = ("/", os.sep)
_TITLE_WORDS, _TITLE_LENGTH = 10, 70
_LARGEST_BYTES = 500_000  # of a record; an hour of speech takes half of that


@dataclass(frozen=True, slots=True)
class ListeningCheck:
    """The result of checking a finished clip with a recogniser: the recognised ``text`` (None if no recogniser ran),
    and ``cautions`` about differences between this text and the quote."""

    text: str | None = None
    cautions: tuple[Caution, ...] = ()


def listen_again(clip: Path, cut: Cut, progress: Progress = silent) -> ListeningCheck:
    """Recognise the speech in a clip with the default model, and compare the text with the quote's printed text.
    Without a model for the language, the result is a caution. Raises MediaError if the clip cannot be decoded."""
    from aligner.recognition.asr import AsrRecogniser

    duration, language = cut.timeline.duration, cut.alignment.language
    audio = Audio(clip, "", duration, (Span(0.0, duration),))
    # One worker: a clip is seldom longer than a piece or two, and each worker needs memory of its own.
    recogniser = AsrRecogniser(_MODEL, None if language == "und" else language, workers=1)
    try:
        recognition = recogniser.recognise(audio, lambda _, done, total: progress("listening", done, total))
    except ModelError as error:
        caution = Caution("not-listened", f"the text was not compared with the audio: {error}", str(error))
        return ListeningCheck(None, (caution,))
    text = _CLITIC_SPACE.sub("", " ".join(word.text for word in recognition.words))
    return ListeningCheck(text, compare_texts(cut.quote.text, text, language))


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How to cut a clip and finish its audio.

    ``lufs`` is the loudness, None to leave it unchanged. With ``listen``, a recogniser checks the clip. Before a file
    is replaced, it is backed up if a person had edited it; with ``keep``, it is always backed up.
    """

    cut: CutOptions = field(default_factory=CutOptions)
    lufs: float | None = PODCAST_LUFS
    listen: bool = True
    keep: bool = False

    def __post_init__(self) -> None:
        if self.lufs is not None and not QUIETEST_LUFS <= self.lufs <= LOUDEST_LUFS:
            raise ValueError(f"loudness is {self.lufs}, expected {QUIETEST_LUFS:g} to {LOUDEST_LUFS:g} LUFS")


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished clip.

    ``paths`` are the clip and the files beside it. ``copies`` are backups of files that a person had edited and that
    were replaced. ``recognised`` is the text that a recogniser found in the clip, None if no recogniser ran.
    """

    match: QuoteMatch
    cut: Cut
    paths: tuple[Path, ...]
    copies: tuple[Path, ...]
    level: Level
    recognised: str | None
    cautions: tuple[Caution, ...]


def make_clip(
    source: Source,
    query: QuoteQuery,
    target: Path | str | None = None,
    options: ClipOptions | None = None,
    progress: Progress = silent,
) -> Clip:
    """Cut a quote out of an episode, finish its audio, and write it with captions, post text and record beside it.

    ``target`` is a file, whose extension selects the format, or a folder, in which an MP3 is named after the quote. A
    string that ends in a slash means a folder, which is created if missing. The default is the alignment's folder.

    Raises AlignerError or MediaError, and writes nothing, if the quote is not found or the clip cannot be made.
    """
    path, options = source.folder if target is None else Path(target), options or ClipOptions()
    if path.is_dir() or (isinstance(target, str) and target.endswith(_FOLDER_ENDS)):
        return _make(source, query, partial(_free_path, source, path, set()), options, progress)
    from media.mastering import check_format

    check_format(path)
    return _make(source, query, lambda _: path, options, progress)


def make_clips(
    source: Source,
    queries: Iterable[QuoteQuery],
    folder: Path | None = None,
    options: ClipOptions | None = None,
    progress: Progress = silent,
) -> Iterator[Clip | AlignerError | MediaError]:
    """Write a clip of each quote into ``folder``. Yield each clip, or the error if this clip cannot be made."""
    path_of = partial(_free_path, source, folder or source.folder, set())
    for query in queries:
        try:
            yield _make(source, query, path_of, options or ClipOptions(), progress)
        except (AlignerError, MediaError) as error:
            yield error


def clip_bytes(excerpt: Excerpt, ending: str, lufs: float | None, cover: Path | None = None) -> tuple[bytes, Level]:
    """Return the content of the audio file that ``make_clip`` would write, and its loudness, for a preview. ``ending``
    selects the format, such as ``.mp3``. Raises OutputError or MediaError if the file cannot be made."""
    with scratch() as folder:
        path = folder / f"clip{ending}"
        level = _write_audio(excerpt, path, lufs, cover)
        return path.read_bytes(), level


def _write_audio(excerpt: Excerpt, path: Path, lufs: float | None, cover: Path | None) -> Level:
    from media.mastering import Encoding, write_finished

    return write_finished(excerpt.audio, path, lufs, Encoding(tags(excerpt.cut), cover))


def clip_name(title: str, date: str | None, text: str, start: float, shape: str | None = None) -> str:
    """Return a file name without extension, from the episode's title and date, the quote's text and its start.

    For an audiogram the ``shape`` is added: ``2026-11-20 Title - 01m13s C’est le combat qui commence - portrait``.
    """
    name = publication_name(title, date, text, start)
    return f"{name} - {shape}" if shape else name


def default_name(source: Source, cut: Cut, shape: str | None = None) -> str:
    """Return the default file name, without extension, of a clip, or of an audiogram with this ``shape``."""
    episode = source.alignment.episode
    title = episode.title or shown_name(source.folder)
    return clip_name(title, episode.date, cut.quote.text, cut.timeline.span.start, shape)


def _make(
    source: Source, query: QuoteQuery, path_of: Callable[[Cut], Path], options: ClipOptions, progress: Progress
) -> Clip:
    match = find_quote(source.alignment, query)
    seconds = match.quote.asked.duration
    progress("cutting", 0.0, seconds)
    excerpt = cut_audio(source, match.quote, options.cut)
    progress("cutting", seconds, seconds)
    cut = excerpt.cut
    target = path_of(cut)
    is_beside = target.parent.resolve() == source.folder.resolve()
    if is_beside and target.stem == source.file.name.removesuffix(JSON_SUFFIX):
        raise OutputError("{path}: would replace the episode's captions; choose another name with -o", path=target)
    paths = (target, *(target.with_suffix(ending) for ending in _SIDECARS))
    check_outputs(paths, source.protected)
    contents, level, check = _contents(excerpt, paths[0], options, source.cover, progress)
    with making(paths[0].parent):
        copies = write_keeping(dict(zip(paths, contents, strict=True)), ours_too=options.keep)
    missing = missing_cover(source.alignment, source.file)
    cautions = (*match.cautions, *cut.quote.cautions, *check.cautions, *missing)
    return Clip(match, cut, paths, copies, level, check.text, cautions)


def _free_path(source: Source, folder: Path, taken: set[Path], cut: Cut) -> Path:
    """Return a path for the clip in ``folder``: one that is not in ``taken``. Add this path to ``taken``."""
    target = folder / f"{default_name(source, cut)}.mp3"
    number, stem = 1, target.stem
    while target in taken:
        number += 1
        target = target.with_name(f"{stem} {number}{target.suffix}")
    taken.add(target)
    return target


def _contents(
    excerpt: Excerpt, target: Path, options: ClipOptions, cover: Path | None, progress: Progress
) -> tuple[list[bytes], Level, ListeningCheck]:
    """Return the contents of the clip and the files beside it, the clip's loudness, and the check by a recogniser."""
    cut, seconds, ending = excerpt.cut, excerpt.cut.timeline.duration, target.suffix.lower()
    with scratch() as folder:
        path = folder / f"clip{ending}"
        progress("encoding", 0.0, seconds)
        level = _write_audio(excerpt, path, options.lufs, cover)
        progress("encoding", seconds, seconds)
        check = listen_again(path, cut, progress) if options.listen else ListeningCheck()
        audio = path.read_bytes()
    builder = CueBuilder(cut.alignment, CaptionRules(), cut.quote.words)
    verdict, language = cut.alignment.verdict, cut.alignment.language
    reviewed = str(review_status(cut.alignment.review, cut.alignment.machine_text))
    vtt = to_vtt(builder.cues(SpeakerNames.DASH), verdict=verdict, review=reviewed)
    srt = to_srt(builder.cues(SpeakerNames.CHANGE), language=language, verdict=verdict)
    texts = vtt, srt, post_text(cut), record(cut, target.name, level, check.text, check.cautions)
    return [audio, *(text.encode("utf-8") for text in texts)], level, check


def link(episode: EpisodeDetails, start: float) -> str | None:
    """Return the episode's address with the time ``start`` added, such as ``#t=73``; None if there is no address."""
    if not episode.url:
        return None
    url = episode.url.strip()
    return url if "#" in url else f"{url}#t={int(start)}"


def post_text(cut: Cut, duration: float | None = None) -> str:
    """Return the text to post with the clip, and below it a description for people who cannot hear the clip.
    ``duration`` is the file's length in seconds; the default is the length of the cut."""
    address = link(cut.alignment.episode, cut.timeline.span.start)
    return cited(cut.alignment, cut.quote.printed, address) + "\n\n" + alt_text(cut, duration) + "\n"


def cited(alignment: Alignment, printed: PrintedText, address: str | None) -> str:
    """Return a quote in quotation marks, a line of credits (speaker, show, episode) and the ``address``. In a dialogue,
    each turn starts with the speaker's name, and the credits omit the speakers."""
    episode, speaker = alignment.episode, "" if printed.is_dialogue else ", ".join(printed.speakers)
    names = ", ".join(filter(None, [speaker, episode.show, episode.title]))
    credited = names and _for_posts(f"— {names}", alignment.language)
    return "\n".join(filter(None, [in_quotation_marks(printed, alignment.language), credited, address]))


def in_quotation_marks(printed: PrintedText, language: str) -> str:
    """Return a quote in the quotation marks of ``language``. Each turn of a dialogue starts with the speaker's name."""
    known = language_of(language)
    marks = known.posting.marks, known.posting.inner_marks
    if not printed.is_dialogue:
        return _for_posts(quoted(printed.text, *marks), language)
    turns = ((name, quoted(text, *marks)) for name, text in printed.turns())
    lines = (f"{name}{known.captioning.name_mark} {said}" if name else said for name, said in turns)
    return _for_posts("\n".join(lines), language)


def _for_posts(text: str, language: str) -> str:
    """Return the text for a post: with no-break spaces, and without Unicode's control characters for direction."""
    return widened(unbroken(without_bidi_controls(text), language))


def alt_text(cut: Cut, duration: float | None = None) -> str:
    """Return a text for people who cannot hear the clip; ``duration`` is in seconds, by default the cut's length."""
    words, seconds = language_of(cut.alignment.language).posting, spoken_seconds(duration or cut.timeline.duration)
    alt = words.alt.format(
        length=f"{seconds} {words.seconds[seconds > 1]}" if words.seconds else clock(seconds),
        speaker="\0",
        quote=in_quotation_marks(cut.quote.printed, cut.alignment.language).replace("\n", " "),
    )
    if cut.quote.speaker and not cut.quote.printed.is_dialogue:
        return alt.replace("\0", without_bidi_controls(cut.quote.speaker))
    return alt.replace("\0\u00a0: ", "").replace("\0: ", "")


def tags(cut: Cut) -> dict[str, str]:
    """Return the metadata tags for the clip's file, such as title and artist, by the names that ffmpeg uses."""
    alignment, episode, start = cut.alignment, cut.alignment.episode, cut.timeline.span.start
    name = episode.title or on_one_line(PurePath(alignment.audio.file).name)
    source = language_of(alignment.language).posting.source.format(episode=name, at=clock(start))
    found = {
        "title": title(cut),
        "artist": cut.quote.speaker,
        "album": " – ".join(filter(None, [episode.show, episode.title])),
        "date": episode.date,
        "comment": " ".join(filter(None, [source, link(episode, start)])),
    }
    return {name: value for name, value in found.items() if value}


def title(cut: Cut) -> str:
    """Return the quote's first words, at most 10 words and 70 characters, as the title of the clip."""
    words = cut.quote.text.split()
    shown = " ".join(words[:_TITLE_WORDS])[:_TITLE_LENGTH].strip()
    return shown if shown == " ".join(words) else shown.rstrip(" ,;:.…") + "…"


def record(
    cut: Cut, file: str, level: Level, text: str | None, cautions: Sequence[Caution], duration: float | None = None
) -> str:
    """Return the record of a clip as JSON: its words, its source, its loudness and its cautions.

    ``file`` is the clip's file name, ``text`` the recognised text. ``cautions`` are added to the cautions of the quote.
    ``duration`` is the file's length in seconds; the default is the length of the cut.
    """
    alignment, quote, span = cut.alignment, cut.quote, cut.timeline.span
    content = {
        "format": FORMAT,
        "version": VERSION,
        "file": file,
        "quote": quote.text,
        "heard": text,
        "speaker": quote.speaker,
        "speakers": list(quote.printed.speakers),
        "language": alignment.language,
        "duration": round(duration or cut.timeline.duration, 3),
        "source": {
            "audio": alignment.audio.file,
            "sha256": alignment.audio.sha256,
            "start": span.start,
            "end": span.end,
            "kept": [[part.start, part.end] for part in cut.timeline.spans],
            "words": [quote.words.start, quote.words.stop],
        },
        "link": link(alignment.episode, span.start),
        "episode": asdict(alignment.episode),
        "loudness": {
            "lufs": None if level.lufs is None else round(level.lufs, 2),
            "true_peak_db": round(max(level.true_peak_db, SILENT_DB), 2),
        },
        "alt": alt_text(cut, duration),
        "warnings": [asdict(caution) for caution in (*quote.cautions, *cautions)],
    }
    return _as_json(content)


def moved_records(folder: Path, mapping: AudioMapping, old: AudioFile, alignment: Alignment) -> dict[Path, bytes]:
    """Return the clip records in ``folder``, by path, with times converted to the new audio of ``alignment``.

    ``mapping`` converts times of the audio ``old`` to times of the new audio. The result has only the records of clips
    that were cut from ``old`` and are entirely in the new audio. It is empty if the folder cannot be used.
    """
    found: dict[Path, bytes] = {}
    with suppress(OSError):
        where(folder)
        for path in files(folder).values():
            if path.suffix == ".json":
                with suppress(OSError, ValueError, KeyError, TypeError):
                    record = decode(read_regular(path, _LARGEST_BYTES), dict[str, Any])
                    if _move_record(record, mapping, old, alignment):
                        found[path] = _as_json(record).encode("utf-8")
    return found


def _move_record(record: dict[str, Any], mapping: AudioMapping, old: AudioFile, alignment: Alignment) -> bool:
    """Convert the times in a clip's record to the new audio and return True. Return False, without a change, if the
    clip was not cut from the audio ``old`` or the new audio does not contain the whole clip."""
    source, audio = record["source"], alignment.audio
    if (record["format"], record["version"], source["sha256"]) != (FORMAT, VERSION, old.sha256):
        return False
    spans = [Span(float(start), float(end)) for start, end in [(source["start"], source["end"]), *source["kept"]]]
    pieces = [mapping.pieces(span) for span in spans]
    lost = [span.duration * (1 - mapping.share(span)) for span in spans]
    if any(len(each) != 1 for each in pieces) or max(lost) > EDGE:
        return False
    (whole,), *kept = pieces
    source |= {"audio": audio.file, "sha256": audio.sha256, "start": whole.start, "end": whole.end}
    source["kept"] = [[part.start, part.end] for (part,) in kept]
    record["link"] = link(alignment.episode, whole.start)
    return True


def _as_json(record: dict[str, Any]) -> str:
    return encodable(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"
