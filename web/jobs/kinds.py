"""The kinds of jobs: each a record of checked arguments, from which the command of its process is made.

No program and no option can be among the arguments: files are names in the episode's folder, and every value is passed
as that of an option of ours, or after the last one. A record raises ValueError if an argument cannot be one.
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
"""What preparing an episode writes into its hidden folder."""

NEW_SOUND = "new sound"
"""The folder, within the hidden one of an episode, for new audio until it replaces the old."""

MOVES = "moves.json"
"""What would move, in the hidden folder, as ``quotecast retime --json`` writes it."""

SoundFormat = Literal["mp3", "m4a", "wav", "flac", "opus"]

CoverChoice = Literal["auto", "none", "audiogram cover.jpg", "audiogram cover.png", "audiogram cover.webp"]
"""The episode's own cover, none, or a picture that was uploaded for audiograms, in the episode's folder."""

LONGEST_WORDING = 20_000  # characters of an audiogram's
_Colour = Annotated[str, Meta(pattern=r"^(auto|#[0-9a-fA-F]{6})\Z")]


@dataclass(frozen=True, slots=True)
class Work:
    """What a job does; each kind is a class of its own, of which the fields are the arguments.

    ``heavy`` work takes a pair of cores. ``memory_bytes`` is the most that one of its processes may take, None as much
    as any may. ``files`` are the fields that name files in the episode's folder, or None.
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
        """The files that it writes, as paths from the episode's folder."""
        return ()

    def command(self) -> list[str]:
        """Return the module to run and its arguments; it runs in the episode's folder."""
        raise NotImplementedError


def as_text(text: str) -> str:
    """Return ``text`` with a line end in it, so that no command takes it for the name of a file."""
    return text if "\n" in text else f"{text}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listening(Work):
    """Work on the whole ``audio`` of an episode with these details; the aligner finds those that are None, also in an
    earlier alignment unless these are known to be complete (``is_complete``)."""

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
    is_complete: bool = True

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{PurePath(self.audio).stem}{ending}" for ending in SUFFIXES.values())

    def _command(self, name: str, options: Sequence[str], *files: str) -> list[str]:
        details = {name: getattr(self, name) for name in ("language", "title", "show", "guid", "cover")}
        # Details that somebody else wrote may hold any text as date and address.
        details["date"] = self.date and iso_date(self.date)
        details["url"] = self.url if self.url and is_web_address(self.url) else None
        known = [f"--{name}={value}" for name, value in details.items() if value]
        # The app shows an episode without a title under its folder's name.
        titled = ["--folder-title"] if self.is_complete else []
        return ["aligner", name, *PROGRESS, *known, *options, *titled, "--", self.audio, *files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Align(_Listening):
    """Align ``transcript``. ``names`` are the speakers' by their labels in it, ``structure`` is the file of corrections
    to its structure, and ``who`` the person whom the history names."""

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
class Transcribe(_Listening):
    """Write an automatic transcript of an episode that has none."""

    kind: ClassVar[str] = "transcribe"

    def command(self) -> list[str]:
        return self._command("transcribe", [])


class Export(Struct, frozen=True):
    """A clip that is wanted, as the page's scripts request it.

    It has the words from ``first`` to before ``last`` of the ``transcript`` whose hash begins so, None if that is the
    page's. ``start`` and ``end`` are exact edges in seconds of the episode; without them the cut is found. A ``shape``
    makes it an audiogram, with a wording of the reader's own as ``text``, and the style that they chose; otherwise it
    is audio of ``format``. ``lufs`` None leaves the loudness as it is. With ``listen`` a recogniser checks the result.
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
        """The exact edges, to the millisecond: the preview cuts what the command line is given."""
        if self.start is None or self.end is None:
            return None
        return Span(to_milliseconds(self.start) / 1000, to_milliseconds(self.end) / 1000)

    @property
    def ending(self) -> str:
        """The ending of its file."""
        return ".mp4" if self.shape else f".{self.format}"

    @property
    def style(self) -> StyleChoices:
        return StyleChoices(self.colour, self.accent, self.font, self.cover, self.end_card)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(Work):
    """Make an ``export`` from ``alignment``: ``name``, without its ending, among the clips. Base of ``Audiogram``."""

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
        # Its name was free when the job was submitted; a file that is there by now is somebody's.
        output = ["--keep", "-o", self.outputs[0], *PROGRESS]
        return ["aligner", self.kind, *words, *finish, *options, *output, "--", self.alignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiogram(Clip):
    """Make an export a video: what is None of its style is that of the show's last one
    (``aligner.publishing.screens``)."""

    kind: ClassVar[str] = "audiogram"
    heavy: ClassVar[bool] = True

    def command(self) -> list[str]:
        export = self.export
        # One argument with no option's dash before it, whatever the wording begins with.
        options = [f"--shape={export.shape}", *([f"--text={as_text(export.text)}"] if export.text else [])]
        chosen = {name: getattr(export, name) for name in ("colour", "accent", "font", "cover")}
        options += [f"--{name}={value}" for name, value in chosen.items() if value]
        if export.end_card is not None:
            options.append("--end-card" if export.end_card else "--no-end-card")
        return self._command(*options)


@dataclass(frozen=True, slots=True)
class Prepare(Work):
    """Prepare an episode's audio to be played and drawn."""

    kind: ClassVar[str] = "prepare"
    memory_bytes: ClassVar[int | None] = 1_000_000_000  # it reads the audio a block at a time
    files: ClassVar[tuple[str, ...]] = ("audio",)

    audio: str

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{HIDDEN}/{name}" for name in PREPARED)

    def command(self) -> list[str]:
        return ["web.page.preparation", self.audio, "."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retime(Work):
    """Move the times of ``alignment`` to the new audio ``sound``: with ``take`` that replaces the old, by ``who``;
    without it the job only lists what would move."""

    kind: ClassVar[str] = "retime"
    heavy: ClassVar[bool] = True
    files: ClassVar[tuple[str, ...]] = ("alignment", "sound")

    alignment: str
    sound: str
    take: bool = False
    who: str = ""

    @property
    def outputs(self) -> tuple[str, ...]:
        return (self.alignment,) if self.take else (f"{HIDDEN}/{MOVES}",)

    def command(self) -> list[str]:
        mode = ["--replace", f"--author={self.who}"] if self.take else ["--dry-run", f"--json={HIDDEN}/{MOVES}"]
        return ["aligner", "retime", *PROGRESS, *mode, "--", self.alignment, f"{HIDDEN}/{NEW_SOUND}/{self.sound}"]


Kinds = Mapping[str, type[Work]]

KINDS: Kinds = {each.kind: each for each in (Align, Transcribe, Clip, Audiogram, Prepare, Retime)}
"""Every kind of job, by its name."""
