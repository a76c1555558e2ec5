"""What jobs do: each kind a record of checked arguments, from which our own code makes the command when it starts.

A record on the disk names a kind and gives it arguments. No program and no option can be in it: files are named by
names in the episode's folder, and every value is told to the command as that of an option of ours, or after the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated, ClassVar, Literal, Protocol, get_args

from msgspec import Meta

from aligner.publication import is_web_address, iso_date
from aligner.publishing.platforms import LOUDEST_LUFS, QUIETEST_LUFS
from aligner.storage.outputs import SUFFIXES, output_name
from aligner.storage.user_folders import CLIPS as CLIPS
from aligner.storage.user_folders import HIDDEN
from media.video.shapes import ShapeName
from web.jobs.arguments import PROGRESS, as_text, check_name, check_texts
from web.jobs.retime import Retime

PREPARED = ("playable.m4a", "peaks.json", "prepared.json")
"""What preparing an episode writes into its hidden folder."""

SoundFormat = Literal["mp3", "m4a", "wav", "flac", "opus"]

LONGEST_TEXT = 2_000  # characters of what is said of an episode
LONGEST_WORDING = 20_000  # characters of an audiogram's
MOST_NAMES = 200  # speakers of an episode

_LONGEST = 1e6  # seconds, which is beyond any sound

_Word = Annotated[int, Meta(ge=0, le=999_999_999)]
_Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]
_Loudness = Annotated[float, Meta(ge=QUIETEST_LUFS, le=LOUDEST_LUFS)]

ColourChoice = Annotated[str, Meta(pattern=r"^(auto|#[0-9a-fA-F]{6})\Z")]
FontChoice = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9 ]{0,59}\Z")]  # a family's name: no path, no file's
CoverChoice = Literal["auto", "none", "audiogram cover.jpg", "audiogram cover.png", "audiogram cover.webp"]
"""The episode's own cover, none, or a picture that was sent for audiograms, in the episode's folder."""


class Work(Protocol):
    """What a job does, as its kind has it.

    ``heavy`` work takes a pair of cores. ``memory_bytes`` is the most that one of its processes may take, None as much
    as any may. ``outputs`` are the files it makes, the last one when the others are there, and ``sources`` what people
    change of that which it reads, both as paths from the episode's folder.
    """

    kind: ClassVar[str]
    heavy: ClassVar[bool]
    memory_bytes: ClassVar[int | None]

    @property
    def outputs(self) -> tuple[str, ...]: ...

    @property
    def sources(self) -> tuple[str, ...]: ...

    def command(self) -> list[str]:
        """The module that does it, and its arguments, run in the episode's folder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listening:
    """What is said in ``audio``, an episode of which so much is known; what is None is for the aligner to find.

    Raises ValueError where an argument is none, as the other kinds do.
    """

    heavy: ClassVar[bool] = True
    memory_bytes: ClassVar[int | None] = None  # models and days of sound

    audio: str
    language: str | None = None
    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    guid: str | None = None
    cover: str | None = None

    def __post_init__(self) -> None:
        self._check()

    def _check(self, *files: str) -> None:
        for name in (self.audio, *files, *filter(None, [self.cover])):
            check_name(name)
        texts = self.language, self.title, self.show, self.date, self.url, self.guid
        check_texts(filter(None, texts), LONGEST_TEXT)

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{output_name(PurePath(self.audio))}{ending}" for ending in SUFFIXES.values())

    @property
    def sources(self) -> tuple[str, ...]:
        return ()

    def _command(self, name: str, options: Sequence[str], *files: str) -> list[str]:
        told = {name: getattr(self, name) for name in ("language", "title", "show", "guid", "cover")}
        # What others wrote into the details may be no date, or no address of the web.
        told["date"] = self.date and iso_date(self.date)
        told["url"] = self.url if self.url and is_web_address(self.url) else None
        known = [f"--{name}={value}" for name, value in told.items() if value]
        # An episode without a title is called as its folder is, before it is aligned and after.
        return ["aligner", name, *PROGRESS, *known, *options, "--folder-title", "--", self.audio, *files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Align(_Listening):
    """The words of ``transcript`` timed; ``names`` are those of the speakers, by their labels in the transcript,
    ``structure`` is the file of what was told of that before it was aligned, ``who`` whoever has it aligned, for the
    history."""

    kind: ClassVar[str] = "align"

    transcript: str
    names: Mapping[str, str] = field(default_factory=dict)
    structure: str | None = None
    who: str | None = None

    def __post_init__(self) -> None:
        self._check(self.transcript, *filter(None, [self.structure]))
        check_texts((*self.names, *self.names.values(), self.who or ""), LONGEST_TEXT)
        if len(self.names) > MOST_NAMES:
            raise ValueError(f"{len(self.names)} speakers have names")

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.transcript,)

    def command(self) -> list[str]:
        names = [f"--rename={label}={name}" for label, name in self.names.items() if "=" not in label]
        told = [f"--structure={self.structure}"] if self.structure else []
        told += [f"--who={self.who}"] if self.who is not None else []
        return self._command("align", [*names, *told], self.transcript)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe(_Listening):
    """A first transcript where there is none."""

    kind: ClassVar[str] = "transcribe"

    def command(self) -> list[str]:
        return self._command("transcribe", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """Words of ``alignment``, from ``first`` to before ``last``, as the file ``name`` among the clips.

    The words count in the ``transcript`` whose hash begins so; None where an earlier version wrote the record.
    ``edges`` are exact, in seconds; None where the cut is the command's to find. ``lufs`` None leaves the loudness as
    it is.
    """

    memory_bytes: ClassVar[int | None] = 4_000_000_000  # half an hour of sound is 0.7 GB, and lies there more than once

    alignment: str
    first: _Word
    last: _Word
    name: str
    edges: tuple[float, float] | None = None
    lufs: _Loudness | None = None
    tighten: bool = False
    listen: bool = True
    transcript: _Hash | None = None

    def _check(self, endings: Iterable[str]) -> None:
        check_name(self.alignment)
        check_name(self.name)
        if self.name.startswith((".", "-")) or self.name.rpartition(".")[2] not in endings:
            raise ValueError(f"{self.name!r} is no name of such a clip")
        if not self.first < self.last:
            raise ValueError(f"no word is from {self.first} to {self.last}")
        if self.edges and not 0 <= self.edges[0] < self.edges[1] <= _LONGEST:
            raise ValueError(f"nothing is from {self.edges[0]} to {self.edges[1]} s")

    @property
    def outputs(self) -> tuple[str, ...]:
        return (f"{CLIPS}/{self.name}",)

    @property
    def sources(self) -> tuple[str, ...]:
        return () if self.transcript else (self.alignment,)

    def _command(self, name: str, *options: str) -> list[str]:
        words = ["--words", f"{self.first}-{self.last}" + (f"@{self.transcript}" if self.transcript else "")]
        if self.edges:
            words += ["--from", f"{self.edges[0]:.3f}", "--to", f"{self.edges[1]:.3f}", "--exact"]
        finish = ["--no-loudness"] if self.lufs is None else ["--lufs", f"{self.lufs:g}"]
        finish += ["--tighten"] * self.tighten + ["--no-listen"] * (not self.listen)
        # Its name was free when this was asked for: what has come there since is somebody's, or was brought back.
        output = ["--keep", "-o", self.outputs[0], *PROGRESS]
        return ["aligner", name, *words, *finish, *options, *output, "--", self.alignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(_Cut):
    """A quote as a sound."""

    kind: ClassVar[str] = "clip"
    heavy: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self._check(get_args(SoundFormat))

    def command(self) -> list[str]:
        return self._command("clip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiogram(_Cut):
    """A quote as a video; ``text`` is the wording on it, None the transcript's own. Of its style None is as in the
    show's last one, as ``aligner.publishing.styles`` has it."""

    kind: ClassVar[str] = "audiogram"
    heavy: ClassVar[bool] = True

    shape: ShapeName
    text: str | None = None
    colour: ColourChoice | None = None
    accent: ColourChoice | None = None
    font: FontChoice | None = None
    cover: CoverChoice | None = None
    end_card: bool | None = None

    def __post_init__(self) -> None:
        self._check(("mp4",))
        check_texts(filter(None, [self.text]), LONGEST_WORDING + 1)

    def command(self) -> list[str]:
        # One argument with no option's dash before it, whatever the wording begins with.
        wording = [f"--text={as_text(self.text)}"] if self.text else []
        told = {name: getattr(self, name) for name in ("colour", "accent", "font", "cover")}
        style = [f"--{name}={value}" for name, value in told.items() if value]
        if self.end_card is not None:
            style.append("--end-card" if self.end_card else "--no-end-card")
        return self._command("audiogram", "--shape", self.shape, *wording, *style)


@dataclass(frozen=True, slots=True)
class Prepare:
    """An episode's sound made ready to be played and drawn."""

    kind: ClassVar[str] = "prepare"
    heavy: ClassVar[bool] = False
    memory_bytes: ClassVar[int | None] = 1_000_000_000  # it takes the sound a block at a time

    audio: str

    def __post_init__(self) -> None:
        check_name(self.audio)

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(f"{HIDDEN}/{name}" for name in PREPARED)

    @property
    def sources(self) -> tuple[str, ...]:
        return ()  # it is made anew of what the sound is now

    def command(self) -> list[str]:
        return ["web.page.preparation", self.audio, "."]


Kinds = Mapping[str, type[Work]]

KINDS: Kinds = {each.kind: each for each in (Align, Transcribe, Clip, Audiogram, Prepare, Retime)}
"""Every kind of job that a record may name."""
