"""What a person chose for a clip, and the work that makes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from aligner.durations import to_milliseconds
from aligner.model import Alignment, Span
from aligner.publishing.clips import clip_name
from aligner.publishing.platforms import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.publishing.styles import AUTO, StyleChoices
from aligner.quotes import Quote, quote_of_words
from media.safe_fs import entries
from media.video.fonts import families
from media.video.shapes import SHAPES, ShapeName
from web.bounded import call
from web.errors import Conflict, Unusable, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import CLIPS, Audiogram, Clip
from web.library import Episode
from web.library.library import exclusive
from web.quotes.selection import checked_words

SoundFormat = Literal["mp3", "m4a", "wav", "flac", "opus"]
ColourChoice = Annotated[str, Meta(pattern=r"^(auto|#[0-9a-fA-F]{6})\Z")]
FontChoice = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9 ]{0,59}\Z")]  # a family's name: no path, no file's
CoverChoice = Literal["auto", "none", "audiogram cover.jpg", "audiogram cover.png", "audiogram cover.webp"]
"""The episode's own cover, none, or a picture that was sent for audiograms, in the episode's folder."""

LONGEST_WORDING = 20_000  # characters of an audiogram's
FORMATS: tuple[SoundFormat, ...] = get_args(SoundFormat)
LONGEST = 30 * 60.0  # seconds of a clip

_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "flac": "audio/flac", "opus": "audio/ogg"}
_MOST = 200  # exports at once
_FIELD = re.compile(r"(?:missing required field `|at `\$\.)(\w+)")  # in what msgspec says of a misfit
_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")  # what no command line carries: NUL, and halves of surrogate pairs


@dataclass(frozen=True, slots=True)
class Export:
    """One clip that is wanted: words, and how they are to be cut and finished.

    ``edges`` are exact, in seconds of the episode and whole milliseconds; None where the cut is ours to find. ``shape``
    makes it an audiogram, ``text`` being the wording on it and ``style`` what was chosen of its look, a cover by its
    name in the episode's folder; else it is a sound of ``format``. ``lufs`` None leaves the loudness alone; without
    ``listen`` nobody compares what is heard with what is printed.
    """

    words: range
    edges: Span | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | None = None
    lufs: float | None = PODCAST_LUFS
    tighten: bool = False
    text: str | None = None
    listen: bool = True
    style: StyleChoices = field(default_factory=StyleChoices)

    @property
    def sound_type(self) -> str:
        """The media type of its sound as it is previewed."""
        return _TYPES["mp3" if self.shape else self.format]


class _Request(Struct):
    """An export as the page's scripts ask for it; empty texts and None say that there is none.

    ``transcript`` is the hash of that in which the words count, where it may be another than the page's.
    """

    first: int
    last: int
    start: float | None = None
    end: float | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | Literal[""] | None = None
    lufs: Annotated[float, Meta(ge=QUIETEST_LUFS, le=LOUDEST_LUFS)] | None = PODCAST_LUFS
    tighten: bool = False
    text: Annotated[str, Meta(max_length=LONGEST_WORDING)] | None = None
    colour: ColourChoice | None = None
    accent: ColourChoice | None = None
    font: FontChoice | None = None
    cover: CoverChoice | None = None
    end_card: bool | None = None
    listen: bool = True
    transcript: str | None = None


def read_exports(alignment: Alignment, given: Mapping[str, Any]) -> list[Export]:
    """The ``exports`` that a request asks for, at least one; each is read as ``read_export`` does, and raises as it."""
    wanted = given.get("exports")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= _MOST:
        raise WebError("clip.refused.exports", most=_MOST)
    return [read_export(alignment, each) for each in wanted]


def read_export(alignment: Alignment, given: object) -> Export:
    """The export that a request asks for; what it does not name is as ``Export`` has it.

    Raises
    ------
    WebError
        A value is none of those there are.
    Unusable
        The episode has no such words, or the clip would have no such edges or wording.
    Conflict
        It was asked for of another transcript.
    """
    duration = alignment.audio.duration
    try:
        asked = msgspec.convert(given, _Request)
    except ValueError as error:
        field = _FIELD.search(str(error))
        raise _refusal(field[1] if field else "", duration) from error
    if asked.transcript not in (None, alignment.version):
        raise Conflict("page.changed")
    edges = _edges(asked, duration)
    text = asked.text or None
    if text and (_UNSPEAKABLE.search(text) or not any(map(str.isalnum, text))):
        raise _refusal("text", duration)
    if asked.font not in (None, AUTO, *families()):
        raise _refusal("font", duration)
    words = checked_words(alignment, asked.first, asked.last)
    sound = Export(words, edges, asked.format, None, asked.lufs, asked.tighten, listen=asked.listen)
    if not asked.shape:
        return sound
    style = StyleChoices(asked.colour, asked.accent, asked.font, asked.cover, asked.end_card)
    return replace(sound, shape=asked.shape, text=text, style=style)


def _edges(asked: _Request, duration: float) -> Span | None:
    """The edges that were asked for, to the millisecond: what is previewed is what the command line is told."""
    for name, time in (("start", asked.start), ("end", asked.end)):
        if time is not None and not 0 <= time <= duration:  # which no NaN is
            raise _refusal(name, duration)
    if asked.start is None and asked.end is None:
        return None
    if asked.start is None or asked.end is None or not 0 < asked.end - asked.start <= LONGEST:
        raise Unusable("clip.refused.length")
    return Span(to_milliseconds(asked.start) / 1000, to_milliseconds(asked.end) / 1000)


def _refusal(field: str, duration: float) -> WebError:
    """Return what is said of a field that holds something else than it should."""
    flags = dict.fromkeys(("tighten", "listen", "end_card"), ("true", "false"))
    fonts, covers = (AUTO, *families()), get_args(CoverChoice)
    choices = {"format": FORMATS, "shape": tuple(SHAPES), "font": fonts, "cover": covers, **flags}
    numbers = {"start": (0.0, duration), "end": (0.0, duration), "lufs": (QUIETEST_LUFS, LOUDEST_LUFS)}
    if field in choices:
        return WebError("clip.refused.choice", name=field, known=", ".join(choices[field]))
    if field in numbers:
        return WebError("clip.refused.number", name=field, least=numbers[field][0], most=numbers[field][1])
    if field == "text":
        return Unusable("clip.refused.wording", n=LONGEST_WORDING)
    kinds = {"first": "word", "last": "word", "colour": "colour", "accent": "colour"}
    return WebError(f"clip.refused.{kinds[field]}", name=field) if field in kinds else WebError("clip.refused.export")


def quotes_of(alignment: Alignment, exports: Iterable[Export]) -> dict[range, Quote]:
    """The quotes that are to be exported, by their words; a child finds each of them once.

    Raises
    ------
    QuoteError
        Nobody says the words of one of them.
    Unusable, Busy
        They cannot be found within bounds, or not now.
    """
    return call(_quotes_of, alignment, list(dict.fromkeys(export.words for export in exports)))


def _quotes_of(alignment: Alignment, passages: Sequence[range]) -> dict[range, Quote]:
    return {words: quote_of_words(alignment, words) for words in passages}


def order(
    jobs: Jobs, episode: Episode, alignment: Alignment, exports: Sequence[Export], quotes: Mapping[range, Quote]
) -> list[Job]:
    """The jobs that make ``exports``, one for each, of an episode with this ``alignment``; ``quotes`` are theirs.

    Raises
    ------
    Conflict, OutputError
        As ``Jobs.submit``.
    """
    folder = episode.folder
    with exclusive(folder):  # two tabs never give two clips one name
        named = being_made(jobs, folder)
        taken = set(taken_names(folder, named))
        works: list[Clip | Audiogram] = []
        for export in exports:
            works.append(work_of(episode, alignment, export, quotes[export.words], taken))
            taken |= _names(works[-1].outputs)
        return [jobs.submit(folder, work) for work in works]


def being_made(jobs: Jobs, folder: Path) -> list[str]:
    """The outputs of the open jobs of the episode in ``folder``."""
    return [output for job in jobs.of(folder) if job.is_open for output in job.outputs]


def work_of(
    episode: Episode, alignment: Alignment, export: Export, quote: Quote, taken: Collection[str]
) -> Clip | Audiogram:
    """What makes the clip of an episode with this ``alignment``, which is of ``quote``; ``taken`` are the names that
    others have."""
    assert episode.alignment
    start = export.edges.start if export.edges else quote.voice.start
    cut: dict[str, Any] = {
        "alignment": episode.alignment.name,
        "first": export.words.start,
        "last": export.words.stop,
        "name": _free_name(episode, quote, start, export, taken),
        "edges": (export.edges.start, export.edges.end) if export.edges else None,
        "lufs": export.lufs,
        "tighten": export.tighten,
        "listen": export.listen,
        "transcript": alignment.version,
    }
    if not export.shape:
        return Clip(**cut)
    return Audiogram(shape=export.shape, text=export.text, **asdict(export.style), **cut)


def asked_again(work: Clip | Audiogram) -> dict[str, Any]:
    """What asks for the same once more, as ``read_export`` reads it."""
    start, end = work.edges or (None, None)
    told = asdict(work)
    same = {name: told[name] for name in _Request.__struct_fields__ if name in told}
    return same | {
        "start": start,
        "end": end,
        "format": Path(work.name).suffix[1:] if isinstance(work, Clip) else "mp3",
    }


def taken_names(folder: Path, outputs: Collection[str] = ()) -> frozenset[str]:
    """The names, without endings, of the clips of the episode in ``folder`` and of those that are being made."""
    there = (path.name for path in entries(folder / CLIPS))
    return _names((*there, *outputs))


def _names(files: Iterable[str]) -> frozenset[str]:
    return frozenset(Path(name).name.split(".")[0] for name in files)


def _free_name(episode: Episode, quote: Quote, start: float, export: Export, taken: Collection[str]) -> str:
    stem = name = clip_name(episode.title, episode.details.date, quote.text, start, export.shape)
    number, taken = 1, {each.casefold() for each in taken}
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}"
    return f"{name}.{'mp4' if export.shape else export.format}"
