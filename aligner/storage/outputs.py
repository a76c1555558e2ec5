"""The files of a run: which, where, and how they replace what stands there.

All are written in full before any takes its place, so that a crash or a full disk leaves the old set or the new one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from aligner.captions import CaptionRules, Cue, CueBuilder, CueReport, SpeakerNames, judge_cues, to_srt, to_vtt
from aligner.content_cache import ContentCache
from aligner.errors import OutputError
from aligner.model import Alignment
from aligner.settled import standing
from aligner.storage.alignment_json import to_text
from aligner.storage.atomic import checked_place, making
from aligner.storage.backups import write_keeping
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.versions import is_version
from media.confinement import is_regular, where

_LONGEST_NAME = 255  # bytes, as file systems have it
_DIGITS = 8
_ROOM = 8  # bytes for the endings of copies

SUFFIXES: Mapping[str, str] = {"vtt": ".vtt", "srt": ".srt", "json": JSON_SUFFIX}
"""By format, the ending of the file's name."""


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What to write and how. ``speaker_names`` None means each format's own custom: in SRT a name at a change; in VTT,
    which has voice tags that browsers do not show, a dash there."""

    formats: tuple[str, ...] = ("vtt", "srt", "json")
    speaker_names: SpeakerNames | None = None
    sound_cues: bool = True
    word_times: bool = False

    def __post_init__(self) -> None:
        unknown = [format for format in self.formats if format not in SUFFIXES]
        if isinstance(self.formats, str) or unknown:
            raise ValueError(f"formats are {self.formats!r}, expected some of {', '.join(SUFFIXES)}")
        if self.speaker_names is not None:
            SpeakerNames(self.speaker_names)

    def names_for(self, format: str) -> SpeakerNames:
        """When captions of one format name speakers in their text."""
        return self.speaker_names or (SpeakerNames.CHANGE if format == "srt" else SpeakerNames.DASH)

    def rules_for(self, format: str) -> CaptionRules:
        """The caption rules of one format; formats differ in nothing but ``names_for``."""
        return CaptionRules(speaker_names=self.names_for(format), sound_cues=self.sound_cues)


@dataclass(frozen=True, slots=True)
class WrittenCaptions:
    """The cues of one caption file, and the norms that they miss."""

    format: str
    cues: tuple[Cue, ...]
    report: CueReport


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a run, and what is in those of captions.

    ``kept`` holds the copies of what someone had made or edited in the files' places.
    """

    paths: tuple[Path, ...]
    captions: tuple[WrittenCaptions, ...]
    kept: tuple[Path, ...] = ()


def output_name(audio: PurePath) -> str:
    """What an episode's outputs are called, without their endings: as its sound is. Of a name that is too long for
    them, as much as fits, and something to tell it from others that begin so."""
    stem = audio.stem
    if len(os.fsencode(stem)) <= _LONGEST_NAME - len(JSON_SUFFIX):
        return stem
    ending = "-" + hashlib.sha256(os.fsencode(stem)).hexdigest()[:_DIGITS]
    most = _LONGEST_NAME - len(JSON_SUFFIX) - len(ending) - _ROOM
    return next(cut for k in range(len(stem), 0, -1) if len(os.fsencode(cut := stem[:k])) <= most) + ending


def output_paths(folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Where each format of the episode ``name`` goes."""
    return [folder / f"{name}{SUFFIXES[format]}" for format in formats]


def check_outputs(paths: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Find out before the work whether its results can be written. ``inputs`` are what the run reads, and what else of
    the episode is nobody's to replace; what is not there is none.

    Raises
    ------
    OutputError
        An output would replace an input or what is no file, has a name that is too long, or its folder cannot be
        written.
    """
    for path in paths:
        try:
            _check_place(path, inputs)
        except OSError as error:
            raise OutputError("{path}: cannot be written ({reason})", path=path, reason=error.strerror) from error


def _check_place(path: Path, inputs: Sequence[Path]) -> None:
    for given in inputs:
        if is_regular(path) and is_regular(given) and where(path).samefile(where(given)):
            raise OutputError("{path}: would replace the file that is read; choose another folder with -o", path=path)
    checked_place(path)
    folder = where(path.parent)
    place = next(p for p in (folder, *folder.absolute().parents) if p.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise OutputError("{path}: cannot be written; choose another folder with -o", path=path.parent)


def write_outputs(
    alignment: Alignment,
    folder: Path | str,
    name: str,
    options: OutputOptions | None = None,
    known: ContentCache | None = None,
    write: Callable[[Mapping[Path, bytes]], tuple[Path, ...]] = write_keeping,
) -> Written:
    """Write the episode's files into ``folder``, made if need be; what someone made or edited there is kept.

    They are ``NAME.vtt``, ``NAME.srt`` and ``NAME.alignment.json``, or those that ``options`` ask for, without those
    in the place of captions that were the transcript, and so stay. The
    alignment's paths stay as they are, seen from the folder that ``AlignOptions.folder`` named: this one. ``known`` has
    what was found for captions of an earlier text; ``write`` writes the set, and returns the copies of what it kept.

    Raises
    ------
    OutputError
        Something cannot be written; then no file has changed, and no folder been made.
    ValueError
        ``name`` is none that a file in that folder can have.
    """
    folder, options = Path(folder), options or OutputOptions()
    if not name or Path(name).name != name:
        raise ValueError(f"name is {name!r}, expected one without folders")
    cues = _cues(alignment, options, known)
    contents = _contents(alignment, folder, name, options, cues)
    with making(folder):
        kept = write(contents)
    shown = tuple(WrittenCaptions(format, tuple(each), judge_cues(each)) for format, each in cues.items())
    return Written(tuple(contents), shown, kept)


def output_contents(alignment: Alignment, folder: Path, name: str, options: OutputOptions) -> dict[Path, bytes]:
    """What ``write_outputs`` writes, for a set of more files."""
    return _contents(alignment, folder, name, options, _cues(alignment, options))


def following_contents(alignment: Alignment, path: Path) -> dict[Path, bytes]:
    """What is to be written as one set when the alignment at ``path`` has changed; captions follow by themselves."""
    return {path: to_text(alignment).encode("utf-8")}


def caption_paths(path: Path) -> dict[str, Path]:
    """By format, the captions that lie beside the alignment at ``path``, or what is called as these are; not those that
    were its transcript once."""
    if not path.name.endswith(JSON_SUFFIX):
        return {}
    name = path.name.removesuffix(JSON_SUFFIX)
    beside = {format: path.with_name(f"{name}{SUFFIXES[format]}") for format in ("vtt", "srt")}
    return {format: each for format, each in beside.items() if is_regular(each) and not is_version(each)}


def caption_contents(alignment: Alignment, path: Path, known: ContentCache | None = None) -> dict[Path, bytes]:
    """The captions that lie beside the alignment at ``path``, as they are to be; ``known`` as in ``write_outputs``."""
    options = OutputOptions(formats=written_captions(alignment, path))
    cues = _cues(alignment, options, known)
    return _contents(alignment, path.parent, path.name.removesuffix(JSON_SUFFIX), options, cues)


def written_captions(alignment: Alignment, path: Path) -> tuple[str, ...]:
    """The formats of the captions that lie beside the alignment at ``path``, and are not its transcript."""
    transcript = path.parent / alignment.transcript.file
    return tuple(format for format, each in caption_paths(path).items() if _is_other_file(each, transcript))


def _is_other_file(path: Path, transcript: Path) -> bool:
    """Whether the file at ``path`` is not the transcript."""
    return not (is_regular(transcript) and where(path) == where(transcript))


def _contents(
    alignment: Alignment, folder: Path, name: str, options: OutputOptions, cues: Mapping[str, Sequence[Cue]]
) -> dict[Path, bytes]:
    texts = [to_text(alignment) if f == "json" else captions(cues[f], alignment, f, options) for f in options.formats]
    paths = output_paths(folder, name, options.formats)
    return {path: text.encode("utf-8") for path, text in zip(paths, texts, strict=True) if not is_version(path)}


def _cues(alignment: Alignment, options: OutputOptions, known: ContentCache | None = None) -> dict[str, list[Cue]]:
    """The cues of each caption format that is asked for."""
    formats = [format for format in options.formats if format != "json"]
    if not formats:
        return {}
    builder = CueBuilder(alignment, options.rules_for(formats[0]), known=known)
    return {format: builder.cues(options.names_for(format)) for format in formats}


def write_alignment(alignment: Alignment, path: Path | str) -> tuple[Path, ...]:
    """Write ``alignment``, whose paths are those seen from the file's folder; return the copy of what someone had
    edited in its place, if there was something.

    Raises
    ------
    OutputError
        It cannot be written; then nothing has changed.
    """
    return write_texts({Path(path): to_text(alignment)})


def write_texts(texts: Mapping[Path, str]) -> tuple[Path, ...]:
    """Write all files or none, as ``write_keeping``."""
    return write_keeping({path: text.encode("utf-8") for path, text in texts.items()})


def captions(cues: Sequence[Cue], alignment: Alignment, format: str, options: OutputOptions) -> str:
    """The content of a caption file."""
    if format == "vtt":
        told = str(standing(alignment.signature, alignment.machine_text))
        return to_vtt(cues, verdict=alignment.verdict, word_times=options.word_times, standing=told)
    return to_srt(cues, language=alignment.language, verdict=alignment.verdict)
