"""Clips: from what is quoted to an audio file that can be posted, with captions, text and record beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.captions import CaptionRules, CueBuilder, SpeakerNames, to_srt, to_vtt
from aligner.errors import AlignerError, ModelError, OutputError
from aligner.model import Audio, Span
from aligner.outputs import check_outputs, publication_name
from aligner.pins import standing
from aligner.publishing import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.publishing.excerpt import Cut, CutOptions, Excerpt, Source, coverless, cut_sound
from aligner.publishing.post import post_text, record, tags
from aligner.quotes.comparison import Caution, compare_texts
from aligner.quotes.quote import QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.storage.atomic import making, scratch, write_keeping
from aligner.storage.file_names import JSON_SUFFIX, shown_name
from media.errors import MediaError

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
    from aligner.recognition.words import WordsEar

    duration, language = cut.timeline.duration, cut.alignment.language
    sound = Audio(clip, "", duration, (Span(0.0, duration),))
    # One worker, for a clip is seldom more than a piece or two, and each needs memory of its own.
    ear = WordsEar(_MODEL, None if language == "und" else language, workers=1)
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

    Examples
    --------
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
        texts = *_captions(cut), post_text(cut), record(cut, target.name, level, check.text, check.cautions)
        return [sound.read_bytes(), *(text.encode("utf-8") for text in texts)], level, check


def _write_sound(excerpt: Excerpt, path: Path, lufs: float | None, cover: Path | None) -> Level:
    from media.mastering import Encoding, write_finished

    return write_finished(excerpt.sound, path, lufs, Encoding(tags(excerpt.cut), cover))


def _captions(cut: Cut) -> tuple[str, str]:
    """The clip's captions as VTT and as SRT."""
    builder, episode = CueBuilder(cut.alignment, CaptionRules(), cut.quote.words), cut.alignment
    told = str(standing(episode.signature, episode.machine_text))
    vtt = to_vtt(builder.cues(SpeakerNames.DASH), verdict=episode.verdict, standing=told)
    return vtt, to_srt(builder.cues(SpeakerNames.CHANGE), language=episode.language, verdict=episode.verdict)
