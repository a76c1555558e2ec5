"""The kinds of jobs: each a record of checked arguments, from which the command of its process is made.

No program and no option can be among the arguments: files are names in the episode's folder, and every value is passed
as that of an option of ours, or after the last one. A record raises ValueError if an argument cannot be one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import ClassVar

from aligner.outputs import SUFFIXES
from aligner.publication import is_web_address, iso_date
from aligner.storage.database import CLIPS as CLIPS
from aligner.storage.database import HIDDEN

PROGRESS = ("--progress", "json")

PREPARED = ("playable.m4a", "peaks.json")
"""What preparing an episode writes into its hidden folder."""

NEW_SOUND = "new sound"
"""The folder, within the hidden one of an episode, for new audio until it replaces the old."""

MOVES = "moves.json"
"""What would move, in the hidden folder, as ``quotecast retime --json`` writes it."""


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
        who = [f"--who={self.who}"] if self.who is not None else []
        return self._command("align", [*names, *structure, *who], self.transcript)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcribe(_Listening):
    """Write an automatic transcript of an episode that has none."""

    kind: ClassVar[str] = "transcribe"

    def command(self) -> list[str]:
        return self._command("transcribe", [])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut(Work):
    """Cut words of ``alignment``, from ``first`` to before ``last``, into the file ``name`` among the clips.

    The numbers of the words are those in the ``transcript`` whose hash begins so. ``edges`` are exact, in seconds; the
    command finds those that are None. ``lufs`` None leaves the loudness as it is.
    """

    memory_bytes: ClassVar[int | None] = 4_000_000_000  # half an hour of audio is 0.7 GB, held more than once
    files: ClassVar[tuple[str, ...]] = ("alignment", "name")

    alignment: str
    first: int
    last: int
    name: str
    transcript: str
    edges: tuple[float, float] | None = None
    lufs: float | None = None
    tighten: bool = False
    listen: bool = True

    @property
    def outputs(self) -> tuple[str, ...]:
        return (f"{CLIPS}/{self.name}",)

    def _command(self, name: str, *options: str) -> list[str]:
        words = ["--words", f"{self.first}-{self.last}@{self.transcript}"]
        if self.edges:
            words += ["--from", f"{self.edges[0]:.3f}", "--to", f"{self.edges[1]:.3f}", "--exact"]
        finish = ["--no-loudness"] if self.lufs is None else ["--lufs", f"{self.lufs:g}"]
        finish += ["--tighten"] * self.tighten + ["--no-listen"] * (not self.listen)
        # Its name was free when the job was submitted; a file that is there by now is somebody's.
        output = ["--keep", "-o", self.outputs[0], *PROGRESS]
        return ["aligner", name, *words, *finish, *options, *output, "--", self.alignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(_Cut):
    """Make a quote an audio file."""

    kind: ClassVar[str] = "clip"

    def command(self) -> list[str]:
        return self._command("clip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audiogram(_Cut):
    """Make a quote a video. ``text`` is the wording on it, None the transcript's own; what is None of its style is that
    of the show's last one (``aligner.publishing.showing``)."""

    kind: ClassVar[str] = "audiogram"
    heavy: ClassVar[bool] = True

    shape: str
    text: str | None = None
    colour: str | None = None
    accent: str | None = None
    font: str | None = None
    cover: str | None = None
    end_card: bool | None = None

    def command(self) -> list[str]:
        # One argument with no option's dash before it, whatever the wording begins with.
        wording = [f"--text={as_text(self.text)}"] if self.text else []
        chosen = {name: getattr(self, name) for name in ("colour", "accent", "font", "cover")}
        style = [f"--{name}={value}" for name, value in chosen.items() if value]
        if self.end_card is not None:
            style.append("--end-card" if self.end_card else "--no-end-card")
        return self._command("audiogram", "--shape", self.shape, *wording, *style)


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
        mode = ["--replace", f"--who={self.who}"] if self.take else ["--dry-run", f"--json={HIDDEN}/{MOVES}"]
        return ["aligner", "retime", *PROGRESS, *mode, "--", self.alignment, f"{HIDDEN}/{NEW_SOUND}/{self.sound}"]


Kinds = Mapping[str, type[Work]]

KINDS: Kinds = {each.kind: each for each in (Align, Transcribe, Clip, Audiogram, Prepare, Retime)}
"""Every kind of job, by its name."""
