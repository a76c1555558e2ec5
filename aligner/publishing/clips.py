"""Clips: from what is quoted to an audio file that can be posted, with captions, text and record beside it.

The clip's own language speaks; of one that is not known here no words are said. A clip stays as it is when its episode
gets other audio: its record then says where its own is in that, or goes on to name the old one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import groupby
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
from aligner.publishing.excerpt import Cut, CutOptions, Excerpt, Source, coverless, cut_sound
from aligner.quotes.comparison import Caution, compare_texts
from aligner.quotes.quote import Quote, QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.retiming.moving import EDGE
from aligner.retiming.moving import Timeline as AudioTimeline
from aligner.storage.atomic import making, scratch, write_keeping
from aligner.storage.checked_json import decode, encodable, on_one_line
from aligner.storage.file_names import JSON_SUFFIX, shown_name
from aligner.typography import DIALOGUE_DASH, quoted, unbroken, widened
from media.errors import MediaError
from media.safe_fs import files, read_regular, where
from media.video.bidirectional import undirected

if TYPE_CHECKING:
    from media.mastering import Level


_MODEL = "base"
_JOINED = re.compile(r"(?<!\s)\s++(?=['’\-])")  # Whisper counts "'est" as a word of its own


@dataclass(frozen=True, slots=True)
class ListeningCheck:
    """What a recogniser made of the clip's sound, None where none listened, and what it casts doubt on."""

    text: str | None = None
    cautions: tuple[Caution, ...] = ()


def listen_again(clip: Path, cut: Cut, progress: Progress = silent) -> ListeningCheck:
    """The words of the clip as the default model hears them, and how they differ from what is printed.

    Where there is no model, or it does not know the language, nothing is heard, and a caution says so.

    Raises MediaError: the clip cannot be decoded.
    """
    from aligner.recognition.asr import AsrRecogniser

    duration, language = cut.timeline.duration, cut.alignment.language
    sound = Audio(clip, "", duration, (Span(0.0, duration),))
    # One worker, for a clip is seldom more than a piece or two, and each needs memory of its own.
    ear = AsrRecogniser(_MODEL, None if language == "und" else language, workers=1)
    try:
        recognition = ear.recognise(sound, lambda _, done, total: progress("listening", done, total))
    except ModelError as error:
        caution = Caution("not-listened", f"nothing was compared with the sound: {error}", str(error))
        return ListeningCheck(None, (caution,))
    text = _JOINED.sub("", " ".join(word.text for word in recognition.words))
    return ListeningCheck(text, compare_texts(cut.quote.text, text, language))


_SIDECARS = (".vtt", ".srt", ".txt", ".json")
_FOLDER_ENDS = ("/", os.sep)


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How the quote is cut, how loud the clip is, and whether the model listens to it when it is done.

    ``lufs`` None leaves the loudness as it is; ``keep`` has also what quotecast wrote itself kept where it is replaced.
    """

    cut: CutOptions = field(default_factory=CutOptions)
    lufs: float | None = PODCAST_LUFS
    listen: bool = True
    keep: bool = False

    def __post_init__(self) -> None:
        check_loudness(self.lufs)


def check_loudness(lufs: float | None) -> None:
    """Raise ValueError if ``lufs`` is no loudness that can be asked for; None leaves the loudness as it is."""
    if lufs is not None and not QUIETEST_LUFS <= lufs <= LOUDEST_LUFS:
        raise ValueError(f"loudness is {lufs}, expected {QUIETEST_LUFS:g} to {LOUDEST_LUFS:g} LUFS")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was made.

    ``match`` is the quote and where it was found; ``paths`` the clip first, then what lies beside it; ``kept`` copies
    of what someone had made or edited in their place; ``heard`` what the model heard in it, None where none listened;
    ``cautions`` all there is to look at before it is published.
    """

    match: QuoteMatch
    cut: Cut
    paths: tuple[Path, ...]
    kept: tuple[Path, ...]
    level: Level
    heard: str | None
    cautions: tuple[Caution, ...]


def make_clip(
    source: Source,
    query: QuoteQuery,
    target: Path | str | None = None,
    options: ClipOptions | None = None,
    progress: Progress = silent,
) -> Clip:
    """Cut a quote out of the episode, finish its sound, and write it with its sidecars.

    ``target`` is the file, its ending the format; where it is a folder that is there, a text that ends in a slash,
    which makes the folder, or None for the alignment's own, an MP3 named after the quote is written in it.

    Raises AlignerError, MediaError: the quote is not there, or its clip cannot be made or written; then nothing has
    changed.
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
    """A clip of each quote, as ``make_clip`` makes it, in ``folder``, which is made if need be.

    One that cannot be made stops nothing: what is wrong with it is given in its place.
    """
    path_of = partial(_free_path, source, folder or source.folder, set())
    for query in queries:
        try:
            yield _make(source, query, path_of, options or ClipOptions(), progress)
        except (AlignerError, MediaError) as error:
            yield error


def clip_bytes(excerpt: Excerpt, ending: str, lufs: float | None, cover: Path | None = None) -> tuple[bytes, Level]:
    """The clip's sound as the file that ``make_clip`` writes, byte for byte, and how loud it is; for a preview.

    ``ending`` is that of the file, such as ``.mp3``.

    Raises OutputError, MediaError: as ``make_clip``.
    """
    with scratch() as folder:
        sound = folder / f"clip{ending}"
        level = _write_sound(excerpt, sound, lufs, cover)
        return sound.read_bytes(), level


def clip_name(title: str, date: str | None, text: str, start: float, shape: str | None = None) -> str:
    """A name, without its ending, for a clip that says ``text`` and starts at ``start`` seconds of the episode of that
    title and date, or an audiogram of that ``shape``.

    ``2026-11-20 Title of the episode - 01m13s C’est le combat qui commence - portrait``
    """
    name = publication_name(title, date, text, start)
    return f"{name} - {shape}" if shape else name


def default_name(source: Source, cut: Cut, shape: str | None = None) -> str:
    """The name of a clip, or of an audiogram of that ``shape``, that was given none."""
    episode = source.alignment.episode
    title = episode.title or shown_name(source.folder)
    return clip_name(title, episode.date, cut.quote.text, cut.timeline.span.start, shape)


def _make(
    source: Source, query: QuoteQuery, path_of: Callable[[Cut], Path], options: ClipOptions, progress: Progress
) -> Clip:
    match = find_quote(source.alignment, query)
    seconds = match.quote.asked.duration
    progress("cutting", 0.0, seconds)
    excerpt = cut_sound(source, match.quote, options.cut)
    progress("cutting", seconds, seconds)
    cut, cover = excerpt.cut, source.cover
    paths = _checked_paths(source, path_of(cut))
    contents, level, check = _contents(excerpt, paths[0], options, cover, progress)
    with making(paths[0].parent):
        kept = write_keeping(dict(zip(paths, contents, strict=True)), ours_too=options.keep)
    cautions = (*match.cautions, *cut.quote.cautions, *check.cautions, *coverless(source.alignment, source.file))
    return Clip(match, cut, paths, kept, level, check.text, cautions)


def _free_path(source: Source, folder: Path, taken: set[Path], cut: Cut) -> Path:
    """A file for the clip in ``folder`` that no other of the run has; ``taken`` is told of it."""
    target = folder / f"{default_name(source, cut)}.mp3"
    number, stem = 1, target.stem
    while target in taken:
        number += 1
        target = target.with_name(f"{stem} {number}{target.suffix}")
    taken.add(target)
    return target


def _checked_paths(source: Source, target: Path) -> tuple[Path, ...]:
    """The clip's file and those beside it, in places where nothing of the episode is.

    Raises OutputError: they would replace what the clip is made of, or the episode's captions, or cannot be written.
    """
    episode = source.file.name.removesuffix(JSON_SUFFIX)
    if target.stem == episode and target.parent.resolve() == source.folder.resolve():
        raise OutputError(
            "{path}: its captions would replace those of the episode; choose another name with -o", path=target
        )
    paths = (target, *(target.with_suffix(ending) for ending in _SIDECARS))
    check_outputs(paths, source.kept)
    return paths


def _contents(
    excerpt: Excerpt, target: Path, options: ClipOptions, cover: Path | None, progress: Progress
) -> tuple[list[bytes], Level, ListeningCheck]:
    """What the clip's file and each of its ``_SIDECARS`` hold, and what was learnt on the way."""
    cut, seconds = excerpt.cut, excerpt.cut.timeline.duration
    with scratch() as folder:
        sound = folder / f"clip{target.suffix.lower()}"
        progress("encoding", 0.0, seconds)
        level = _write_sound(excerpt, sound, options.lufs, cover)
        progress("encoding", seconds, seconds)
        check = listen_again(sound, cut, progress) if options.listen else ListeningCheck()
        builder = CueBuilder(cut.alignment, CaptionRules(), cut.quote.words)
        verdict, language = cut.alignment.verdict, cut.alignment.language
        reviewed = str(review_status(cut.alignment.review, cut.alignment.machine_text))
        vtt = to_vtt(builder.cues(SpeakerNames.DASH), verdict=verdict, review=reviewed)
        srt = to_srt(builder.cues(SpeakerNames.CHANGE), language=language, verdict=verdict)
        texts = vtt, srt, post_text(cut), record(cut, target.name, level, check.text, check.cautions)
        return [sound.read_bytes(), *(text.encode("utf-8") for text in texts)], level, check


def _write_sound(excerpt: Excerpt, path: Path, lufs: float | None, cover: Path | None) -> Level:
    from media.mastering import Encoding, write_finished

    return write_finished(excerpt.sound, path, lufs, Encoding(tags(excerpt.cut), cover))


FORMAT, VERSION = "quotecast-clip", 1

SILENT_DB = -120.0  # where the peak of silence, which has none, is told to be

_TITLE_WORDS, _TITLE_LENGTH = 10, 70


def link(episode: EpisodeDetails, start: float) -> str | None:
    """The episode's public address, at the second that ``start`` is in (W3C Media Fragments 4.2.1)."""
    if not episode.url:
        return None
    url = episode.url.strip()
    return url if "#" in url else f"{url}#t={int(start)}"


def post_text(cut: Cut, duration: float | None = None) -> str:
    """The text to post with the clip, and under it the description for who cannot hear it.

    ``duration`` is the file's, in seconds, where that is longer than what is cut.
    """
    address = link(cut.alignment.episode, cut.timeline.span.start)
    return cited(cut.alignment, Wording.of(cut.quote), address) + "\n\n" + alt_text(cut, duration) + "\n"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is printed, a line for each paragraph, ``said_by`` naming who says each line, ``speakers`` all who do."""

    text: str
    speakers: tuple[str, ...]
    said_by: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, quote: Quote) -> Wording:
        return cls(quote.text, quote.speakers, quote.said_by)

    @property
    def is_dialogue(self) -> bool:
        """Whether several people speak, whose names are known."""
        return len(self.speakers) > 1 and len(self.said_by) == len(self.text.split("\n"))

    def turns(self) -> Iterator[tuple[str | None, str]]:
        """What each says in turn, and their name."""
        lines = zip(self.said_by, self.text.split("\n"), strict=True)
        for name, turn in groupby(lines, key=lambda line: line[0]):
            said = [text for _, text in turn]
            yield name, "\n".join(said) if len(said) > 1 else said[0].removeprefix(DIALOGUE_DASH)


def cited(alignment: Alignment, wording: Wording, address: str | None) -> str:
    """A quote between its language's marks, who says it in which show and episode, and where; a line for each.

    What several people say is a dialogue: who speaks stands before what they say.
    """
    episode, speaker = alignment.episode, "" if wording.is_dialogue else ", ".join(wording.speakers)
    said = ", ".join(filter(None, [speaker, episode.show, episode.title]))
    credited = said and _unbroken(f"— {said}", alignment.language)
    return "\n".join(filter(None, [between_marks(wording, alignment.language), credited, address]))


def between_marks(wording: Wording, language: str) -> str:
    """The wording between its language's marks, or in a dialogue each turn, after the name of who speaks."""
    known = language_of(language)
    marks = known.posting.marks, known.posting.inner_marks
    if not wording.is_dialogue:
        return _unbroken(quoted(wording.text, *marks), language)
    told = ((name, quoted(text, *marks)) for name, text in wording.turns())
    lines = (f"{name}{known.captioning.name_mark} {said}" if name else said for name, said in told)
    return _unbroken("\n".join(lines), language)


def alt_text(cut: Cut, duration: float | None = None) -> str:
    """What a screen reader says of the clip, which lasts ``duration`` seconds if it is longer than what is cut."""
    words, seconds = language_of(cut.alignment.language).posting, spoken_seconds(duration or cut.timeline.duration)
    wording = Wording.of(cut.quote)
    alt = words.alt.format(
        length=f"{seconds} {words.seconds[seconds > 1]}" if words.seconds else clock(seconds),
        speaker="\0",
        quote=between_marks(wording, cut.alignment.language).replace("\n", " "),
    )
    if cut.quote.speaker and not wording.is_dialogue:
        return alt.replace("\0", undirected(cut.quote.speaker))
    return alt.replace("\0\u00a0: ", "").replace("\0: ", "")


def tags(cut: Cut) -> dict[str, str]:
    """The tags of the clip's file, by ffmpeg's names; what is not known is left out."""
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
    """The quote's first words."""
    words = cut.quote.text.split()
    shown = " ".join(words[:_TITLE_WORDS])[:_TITLE_LENGTH].strip()
    return shown if shown == " ".join(words) else shown.rstrip(" ,;:.…") + "…"


def record(
    cut: Cut, file: str, level: Level, heard: str | None, cautions: Sequence[Caution], duration: float | None = None
) -> str:
    """The clip's JSON: what was cut from where, how it sounds, and what a person should look at.

    ``heard`` is what a recogniser made of the finished sound, None where none listened; ``cautions`` are those that
    making it gave, told after the quote's own; ``duration`` is the file's where that is longer than what is cut.
    """
    alignment, quote, span = cut.alignment, cut.quote, cut.timeline.span
    content = {
        "format": FORMAT,
        "version": VERSION,
        "file": file,
        "quote": quote.text,
        "heard": heard,
        "speaker": quote.speaker,
        "speakers": list(quote.speakers),
        "language": alignment.language,
        "duration": round(duration or cut.timeline.duration, 3),
        "source": {
            "audio": alignment.audio.file,
            "sha256": alignment.audio.sha256,
            "start": span.start,
            "end": span.end,
            "kept": [[part.start, part.end] for part in cut.timeline.kept],
            "words": [quote.words.start, quote.words.stop],
        },
        "link": link(alignment.episode, span.start),
        "episode": asdict(alignment.episode),
        "loudness": loudness_facts(level),
        "alt": alt_text(cut, duration),
        "warnings": [asdict(caution) for caution in (*quote.cautions, *cautions)],
    }
    return _as_json(content)


def loudness_facts(level: Level) -> dict[str, float | None]:
    """How loud a clip is, for a program."""
    lufs = None if level.lufs is None else round(level.lufs, 2)
    return {"lufs": lufs, "true_peak_db": round(max(level.true_peak_db, SILENT_DB), 2)}


def _unbroken(text: str, language: str) -> str:
    """As it is posted: where it is shown, lines are broken at spaces, in whatever font there is, beside other texts."""
    return widened(unbroken(undirected(text), language))


_LARGEST_BYTES = 500_000  # an hour of talk takes half of that


def moved_records(folder: Path, timeline: AudioTimeline, old: AudioFile, alignment: Alignment) -> dict[Path, bytes]:
    """Return the records in ``folder`` of clips that were cut from the ``old`` audio, as they are with that of the
    ``alignment``, which has all of theirs. One that cannot be read stays, and so do all in a folder that may not be
    changed."""
    found: dict[Path, bytes] = {}
    with suppress(OSError):
        where(folder)
        for path in files(folder).values():
            if path.suffix == ".json":
                with suppress(OSError, ValueError, KeyError, TypeError):
                    record = decode(read_regular(path, _LARGEST_BYTES), dict[str, Any])
                    if _move_record(record, timeline, old, alignment):
                        found[path] = _as_json(record).encode("utf-8")
    return found


def _move_record(record: dict[str, Any], timeline: AudioTimeline, old: AudioFile, alignment: Alignment) -> bool:
    """Move the times of a record in place; return False if it is of other audio, or not all of its own is there in one
    piece."""
    source, audio = record["source"], alignment.audio
    if (record["format"], record["version"], source["sha256"]) != (FORMAT, VERSION, old.sha256):
        return False
    spans = [Span(float(start), float(end)) for start, end in [(source["start"], source["end"]), *source["kept"]]]
    pieces = [timeline.pieces(span) for span in spans]
    lost = [span.duration * (1 - timeline.share(span)) for span in spans]
    if any(len(each) != 1 for each in pieces) or max(lost) > EDGE:
        return False
    (whole,), *kept = pieces
    source |= {"audio": audio.file, "sha256": audio.sha256, "start": whole.start, "end": whole.end}
    source["kept"] = [[part.start, part.end] for (part,) in kept]
    record["link"] = link(alignment.episode, whole.start)
    return True


def _as_json(record: dict[str, Any]) -> str:
    return encodable(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"
