"""The kinds of jobs. Each kind is a class of validated arguments, from which it builds the command line of a process.

No argument can inject a program or an option: files are names in the episode's folder, and each value either belongs to
one of our own options or follows the ``--`` that ends them. The classes raise ValueError if an argument is invalid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from aligner.durations import to_milliseconds
from aligner.model import Span
from aligner.outputs import SUFFIXES
from aligner.publication import is_web_address, iso_date
from aligner.publishing import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.publishing.screens import StyleChoices
from aligner.storage.database import CLIPS as CLIPS
from aligner.storage.database import HIDDEN
from media.video.drawing import ShapeName

PROGRESS = ("--progress", "json")

PREPARED = ("playable.m4a", "peaks.json")
"""The files that ``Prepare`` writes into an episode's hidden folder."""

NEW_AUDIO = "new sound"
"""The folder within an episode's hidden folder that holds new audio until it replaces the old."""

MOVES = "moves.json"
"""The output of ``quotecast retime --json`` in an episode's hidden folder: the times that would move."""

SoundFormat = Literal["mp3", "m4a", "wav", "flac", "opus"]

CoverChoice = Literal["auto", "none", "audiogram cover.jpg", "audiogram cover.png", "audiogram cover.webp"]
"""The cover of an audiogram: the episode's own, none, or an uploaded picture in the episode's folder."""

LONGEST_WORDING = 20_000  # characters of an audiogram's text
_Colour = Annotated[str, Meta(pattern=r"^(auto|#[0-9a-fA-F]{6})\Z")]


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a job. Each kind of work is a subclass whose fields are the arguments.

    ``heavy`` work uses two cores. ``memory_bytes`` limits the memory of each process; None is the default limit.
    ``files`` lists the fields whose value, unless None, must be the name of a file in the episode's folder.
    """

    kind: ClassVar[str]
    heavy: ClassVar[bool] = False
    memory_bytes: ClassVar[int | None] = None
    files: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        names = (getattr(self, each) for each in self.files)
        for name in (each for each in names if each is not None):
            if name in ("", "..") or PurePath(name).name != name or "\0" in name:
                raise ValueError(f"{name!r} where the name of a file in the episode's folder was expected")

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return the files that the job writes, as paths relative to the episode's folder."""
        return ()

    def command(self) -> list[str]:
        """Return the module to run and its arguments. The process runs in the episode's folder."""
        raise NotImplementedError


def as_text(text: str) -> str:
    """Return ``text`` with at least one line break, since commands read text without line breaks as a file's name."""
    return text if "\n" in text else f"{text}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recognition(Work):
    """The work of aligning or transcribing the whole ``audio`` of an episode. The fields after ``audio`` are the
    episode's details. The aligner reads missing details from the files' tags, and from an earlier alignment if
    ``is_complete`` is false."""

    heavy: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("audio", "cover")

    audio: str
    language: str | None = None
    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    guid: str | None = None
    cover: str | None = None
    vocabulary: tuple[str, ...] = ()
    is_complete: bool = True

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{PurePath(self.audio).stem}{ending}" for ending in SUFFIXES.values())

    def _command(self, name: str, options: Sequence[str], *files: str) -> list[str]:
        details = {name: getattr(self, name) for name in ("language", "title", "show", "guid", "cover")}
        details["vocabulary"] = "\n".join([*self.vocabulary, ""])
        # A library that was received from elsewhere may hold any text as date and address.
        details["date"] = self.date and iso_date(self.date)
        details["url"] = self.url if self.url and is_web_address(self.url) else None
        known = [f"--{name}={value}" for name, value in details.items() if value]
        # The app shows an episode without a title under its folder's name.
        titled = ["--folder-title"] if self.is_complete else []
        return ["aligner", name, *PROGRESS, *known, *options, *titled, "--", self.audio, *files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Align(_Recognition):
    """The work of aligning ``transcript``. ``names`` maps speakers' labels in the transcript to names, ``structure`` is
    the file with structure overrides, ``who`` is the author in the alignment's history."""

    kind: ClassVar[str] = "align"
    files: ClassVar[tuple[str, ...]] = ("audio", "cover", "transcript", "structure")

    transcript: str
    names: Mapping[str, str] = field(default_factory=dict)
    structure: str | None = None
    who: str | None = None

    def command(self) -> list[str]:
        names = [f"--rename={label}={name}" for label, name in self.names.items() if "=" not in label]
        structure = [f"--structure={self.structure}"] if self.structure else []
        who = [f"--author={self.who}"] if self.who is not None else []
        return self._command("align", [*names, *structure, *who], self.transcript)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe(_Recognition):
    """The work of transcribing an episode that has no transcript."""

    kind: ClassVar[str] = "transcribe"

    def command(self) -> list[str]:
        return self._command("transcribe", [])


class Export(Struct, frozen=True):
    """A request for a clip, as the page's scripts send it.

    The clip has the words ``first`` to ``last - 1`` of the transcript whose hash begins with ``transcript`` (None: of
    the present transcript). ``start`` and ``end`` are exact seconds in the episode, None if chosen automatically. With
    a ``shape`` the clip is an audiogram with the chosen style and the edited wording ``text``; otherwise it is audio in
    ``format``. ``lufs`` is the loudness, None to leave it unchanged. ``tighten`` shortens long pauses. With ``listen``
    a recogniser checks the clip's words.
    """

    first: int
    last: int
    start: float | None = None
    end: float | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | None = None
    lufs: Annotated[float, Meta(ge=QUIETEST_LUFS, le=LOUDEST_LUFS)] | None = PODCAST_LUFS
    tighten: bool = False
    text: Annotated[str, Meta(max_length=LONGEST_WORDING)] | None = None
    colour: _Colour | None = None
    accent: _Colour | None = None
    font: str | None = None
    cover: CoverChoice | None = None
    end_card: bool | None = None
    listen: bool = True
    transcript: str | None = None

    @property
    def words(self) -> range:
        return range(self.first, self.last)

    @property
    def edges(self) -> Span | None:
        """Return the exact start and end, rounded to milliseconds as on the command line; None if either is missing."""
        if self.start is None or self.end is None:
            return None
        return Span(to_milliseconds(self.start) / 1000, to_milliseconds(self.end) / 1000)

    @property
    def ending(self) -> str:
        """Return the extension of the clip's file, with its dot."""
        return ".mp4" if self.shape else f".{self.format}"

    @property
    def style(self) -> StyleChoices:
        return StyleChoices(self.colour, self.accent, self.font, self.cover, self.end_card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(Work):
    """The work of cutting a clip from an episode. ``export`` describes the clip, ``alignment`` is the episode's
    alignment file, and ``name`` the name of the clip's file without extension."""

    kind: ClassVar[str] = "clip"
    memory_bytes: ClassVar[int | None] = 4_000_000_000  # half an hour of audio is 0.7 GB, held more than once
    files: ClassVar[tuple[str, ...]] = ("alignment", "name")

    alignment: str
    name: str
    export: Export

    @property
    def outputs(self) -> tuple[str, ...]:
        return (f"{CLIPS}/{self.name}{self.export.ending}",)

    def command(self) -> list[str]:
        return self._command()

    def _command(self, *options: str) -> list[str]:
        export = self.export
        words = ["--words", f"{export.first}-{export.last}@{export.transcript}"]
        if edges := export.edges:
            words += ["--from", f"{edges.start:.3f}", "--to", f"{edges.end:.3f}", "--exact"]
        finish = ["--no-loudness"] if export.lufs is None else ["--lufs", f"{export.lufs:g}"]
        finish += ["--tighten"] * export.tighten + ["--no-listen"] * (not export.listen)
        # The name was free when the job was submitted, so a file with this name is a user's and must be kept.
        output = ["--keep", "-o", self.outputs[0], *PROGRESS]
        return ["aligner", self.kind, *words, *finish, *options, *output, "--", self.alignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiogram(Clip):
    """The work of rendering a clip as a video. Choices of style that are None in ``export`` are taken from the show's
    last audiogram (``aligner.publishing.screens``)."""

    kind: ClassVar[str] = "audiogram"
    heavy: ClassVar[bool] = True

    def command(self) -> list[str]:
        export = self.export
        # As one argument, so that a wording that begins with a dash is no option.
        options = [f"--shape={export.shape}", *([f"--text={as_text(export.text)}"] if export.text else [])]
        chosen = {name: getattr(export, name) for name in ("colour", "accent", "font", "cover")}
        options += [f"--{name}={value}" for name, value in chosen.items() if value]
        if export.end_card is not None:
            options.append("--end-card" if export.end_card else "--no-end-card")
        return self._command(*options)


@dataclass(frozen=True, slots=True)
class Prepare(Work):
    """The work of converting an episode's audio for playback, and of computing the peaks of its waveform."""

    kind: ClassVar[str] = "prepare"
    memory_bytes: ClassVar[int | None] = 1_000_000_000  # enough, since it reads the audio in blocks
    files: ClassVar[tuple[str, ...]] = ("audio",)

    audio: str

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{HIDDEN}/{name}" for name in PREPARED)

    def command(self) -> list[str]:
        return ["web.page.preparation", self.audio, "."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retime(Work):
    """The work of adjusting the times in ``alignment`` to new ``audio``. With ``take`` the new audio replaces the old,
    and ``who`` is the author in the history. Without ``take`` the job only reports which times would move."""

    kind: ClassVar[str] = "retime"
    heavy: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("alignment", "audio")

    alignment: str
    audio: str
    take: bool = False
    who: str = ""

    @property
    def outputs(self) -> tuple[str, ...]:
        return (self.alignment,) if self.take else (f"{HIDDEN}/{MOVES}",)

    def command(self) -> list[str]:
        mode = ["--replace", f"--author={self.who}"] if self.take else ["--dry-run", f"--json={HIDDEN}/{MOVES}"]
        return ["aligner", "retime", *PROGRESS, *mode, "--", self.alignment, f"{HIDDEN}/{NEW_AUDIO}/{self.audio}"]


Kinds = Mapping[str, type[Work]]

KINDS: Kinds = {each.kind: each for each in (Align, Transcribe, Clip, Audiogram, Prepare, Retime)}
"""Every kind of job, by its name."""
