"""Name and write the output files of an alignment, and rewrite its captions after a correction.

A download is named after the episode's title: ``2026-11-20 Title of the episode.vtt``, and a clip
``2026-11-20 Title of the episode - 01m13s Words of the quote.mp3``. A file for upload is named after the audio, so that
its name survives a corrected title: ``episode-12.vtt``. It is named after the title if the audio's name is generic.

Captions of an hour take a second to build, too long to wait for on each correction. They are written later: captions
older than their alignment are out of date, and the server looks for such captions when it starts.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.captions import CaptionRules, Cue, CueBuilder, SpeakerNames, to_srt, to_vtt
from aligner.errors import AlignmentError, OutputError
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.pins import review_status
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import blaming, checked_place, making, state_of, write_keeping
from aligner.storage.database import OWN
from aligner.storage.file_names import (
    DEVICES,
    JSON_SUFFIX,
    fingerprint_path,
    last_part,
    parted,
    safe_name,
    without_slashes,
)
from aligner.storage.transcript_file import is_version
from media.safe_fs import files, folders, is_regular, where

_LONGEST, _LONGEST_TITLE = 76, 32  # characters of a name, and of the title in one that goes on after it
_LONGEST_READ = 400  # characters of a text that are read for a name
_LONGEST_NAMED_BYTES = 190  # of 255; the rest is for a shape, a number and an extension
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_ANY = {"audio", "episode", "final", "master", "mix", "podcast", "recording", "son", "sound"}  # generic audio names
_LONGEST_UPLOADED = 80  # characters
_AT_ENDS = " .,;:…!¡¿–—-_'’‘“”„«»‹›()[]{}~#&+=@"  # characters that are trimmed from both ends of a name


def publication_name(title: str, date: str | None = None, words: str = "", at: float | None = None) -> str:
    """Return the name of a download, without an extension: the episode's date and title, the time ``at`` in seconds,
    and ``words``, such as the text of a quote. The name is cut at whole words to about 80 characters; it has no dot.

    Examples
    --------
    >>> publication_name("L’été : des vélos", "2026-11-20", "« C’est le combat qui commence. »", 73.4)
    '2026-11-20 L’été des vélos - 01m13s C’est le combat qui commence'
    >>> publication_name("AC/DC, vol. 2.5")
    'AC-DC, vol 2-5'
    """
    day, moment = _DATE.match(date or ""), "" if at is None else _moment(at)
    named = _cut(_part(title), _LONGEST_TITLE if words or moment else _LONGEST)
    begun = f"{day[0] if day else ''} {named}".strip()
    said = _cut(_part(words), _LONGEST - len(f"{begun} - {moment} "))
    name = " - ".join(filter(None, [begun, f"{moment} {said}".strip()]))
    return safe_name(_cut(name, _LONGEST), "quotecast", _LONGEST_NAMED_BYTES)


def upload_name(audio: str, title: str | None = None) -> str:
    """Return the name of a file for upload, without an extension: the name of the ``audio`` file, reduced to ASCII
    letters, digits, ``-`` and ``_``, because hosts change other characters. If the name loses letters or is too long,
    six digits of a hash are appended. If the name is generic, such as ``episode.mp3``, ``title`` is used instead.

    Examples
    --------
    >>> upload_name("shows/Épisode 3 & été.MP3")
    'Episode-3-ete'
    """
    stem, _ = parted(last_part(audio))
    if title and fold(stem) in _ANY:
        stem = title
    bare = (c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
    latin = "".join(c if c.isascii() else fold(c) or c for c in bare)
    name = re.sub("[^A-Za-z0-9_]+", "-", latin).strip("-_")
    is_whole = name and len(name) <= _LONGEST_UPLOADED and not any(c.isalnum() and not c.isascii() for c in latin)
    if is_whole and not DEVICES.fullmatch(name):
        return name
    digits = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{name[:_LONGEST_UPLOADED].rstrip('-_') or 'episode'}-{digits}"


def _part(text: str) -> str:
    """Return a text as part of a file name: on one line, without slashes and dots."""
    plain = re.sub(r"(?<=\w)\.(?=\w)", "-", without_slashes(text[:_LONGEST_READ])).replace(".", "")
    return safe_name(plain, "", 4 * _LONGEST_READ).strip(_AT_ENDS)


def _cut(text: str, longest: int) -> str:
    """Return the text cut to ``longest`` characters at a whole word, or inside a word that is very long."""
    if len(text) <= longest:
        return text
    fits, _, begun = text[: longest + 1].rpartition(" ")
    return (text[:longest] if len(begun) > longest // 2 else fits).strip(_AT_ENDS)


def _moment(seconds: float) -> str:
    minutes, left = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m{left:02d}s" if hours else f"{minutes:02d}m{left:02d}s"


SUFFIXES: Mapping[str, str] = {"vtt": ".vtt", "srt": ".srt", "json": JSON_SUFFIX}
"""The file extension of each format."""


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """The formats to write and their options. If ``speaker_names`` is None, a change of speaker is shown by a name in
    SRT, and by a dash in VTT, since browsers do not show the names in voice tags."""

    formats: tuple[str, ...] = ("vtt", "srt", "json")
    speaker_names: SpeakerNames | None = None
    sound_cues: bool = True
    word_times: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.formats, str) or not set(self.formats) <= set(SUFFIXES):
            raise ValueError(f"formats are {self.formats!r}, expected some of {', '.join(SUFFIXES)}")

    def names_for(self, format: str) -> SpeakerNames:
        """Return when captions in ``format`` show a speaker's name, such as at each change of speaker."""
        return self.speaker_names or (SpeakerNames.CHANGE if format == "srt" else SpeakerNames.DASH)

    def rules_for(self, format: str) -> CaptionRules:
        """Return the caption rules for ``format``. Formats differ only in when the captions show a speaker's name."""
        return CaptionRules(speaker_names=self.names_for(format), sound_cues=self.sound_cues)


@dataclass(frozen=True, slots=True)
class Written:
    """The written files, the caption cues by format, and the backup copies of files that a person had edited."""

    paths: tuple[Path, ...]
    cues: Mapping[str, Sequence[Cue]]
    backups: tuple[Path, ...] = ()


def output_paths(folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Return the path of the output in each of the formats, such as ``folder / "NAME.vtt"``."""
    return [folder / f"{name}{SUFFIXES[format]}" for format in formats]


def check_outputs(paths: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Check, before a run, that its outputs can be written to ``paths``. ``inputs`` are the files that the run reads,
    and other files that no output may replace; they need not exist.

    Raises OutputError if an output would replace an input or a folder, has a name that is too long, or its folder
    cannot be written.
    """
    for path in paths:
        with blaming(path):
            read = (where(each) for each in inputs if is_regular(each))
            is_read = is_regular(path) and any(map(where(path).samefile, read))
            checked_place(path)
            folder = where(path.parent)
            existing = next(p for p in (folder, *folder.absolute().parents) if p.exists())
        if is_read:
            raise OutputError("{path}: would replace the file that is read; choose another folder with -o", path=path)
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise OutputError("{path}: cannot be written; choose another folder with -o", path=path.parent)


def write_outputs(
    alignment: Alignment,
    folder: Path | str,
    name: str,
    options: OutputOptions | None = None,
    *,
    fingerprint: bytes | None = None,
    write: Callable[[Mapping[Path, bytes]], tuple[Path, ...]] = write_keeping,
) -> Written:
    """Write the episode's files into ``folder``, and back up files there that a person wrote or edited.

    By default, the files are ``NAME.vtt``, ``NAME.srt`` and ``NAME.alignment.json``; ``options`` may name other
    formats. A caption file that was used as the transcript is not overwritten. A missing folder is created. The paths
    in the alignment must be relative to ``folder``, as ``AlignOptions.folder`` makes them. The ``fingerprint`` of the
    audio is written beside the alignment. ``write`` writes the files and returns the paths of the backups.

    Raises OutputError if something cannot be written, and ValueError if ``name`` is not the name of a file.
    """
    folder, options = Path(folder), options or OutputOptions()
    if not name or Path(name).name != name:
        raise ValueError(f"name is {name!r}, expected one without folders")
    contents, cues = output_contents(alignment, folder, name, options)
    # Write the alignment first: captions that are older than it count as out of date.
    ordered = dict(sorted(contents.items(), key=lambda each: not each[0].name.endswith(JSON_SUFFIX)))
    if fingerprint and "json" in options.formats:
        ordered[fingerprint_path(folder / f"{name}{JSON_SUFFIX}")] = fingerprint
    with making(folder):
        backups = write(ordered)
    return Written(tuple(contents), cues, backups)


def write_alignment(alignment: Alignment, path: Path | str) -> tuple[Path, ...]:
    """Write the alignment. If a person had edited the old file, back it up and return the path of the backup. Paths in
    the alignment must be relative to the file's folder. Raises OutputError if the file cannot be written."""
    return write_keeping({Path(path): to_text(alignment).encode("utf-8")})


def output_contents(
    alignment: Alignment, folder: Path, name: str, options: OutputOptions
) -> tuple[dict[Path, bytes], dict[str, list[Cue]]]:
    """Return the content of each file that ``write_outputs`` writes, except the fingerprint, and the cues by format."""
    cues: dict[str, list[Cue]] = {}
    if formats := [format for format in options.formats if format != "json"]:
        builder = CueBuilder(alignment, options.rules_for(formats[0]))
        cues = {format: builder.cues(options.names_for(format)) for format in formats}
    texts = (captions(cues[f], alignment, f, options) if f in cues else to_text(alignment) for f in options.formats)
    paths = output_paths(folder, name, options.formats)
    return {path: text.encode("utf-8") for path, text in zip(paths, texts, strict=True) if not is_version(path)}, cues


def caption_paths(path: Path, alignment: Alignment | None = None) -> dict[str, Path]:
    """Return by format the caption files beside the alignment at ``path``, but none that is or was the transcript."""
    transcript = alignment and path.parent / alignment.transcript.file
    source = where(transcript) if transcript and is_regular(transcript) else None
    beside = _captions_beside(path).items()
    return {format: each for format, each in beside if not is_version(each) and where(each) != source}


def _captions_beside(path: Path) -> dict[str, Path]:
    if not path.name.endswith(JSON_SUFFIX):
        return {}
    name = path.name.removesuffix(JSON_SUFFIX)
    beside = {format: path.with_name(f"{name}{SUFFIXES[format]}") for format in ("vtt", "srt")}
    return {format: each for format, each in beside.items() if is_regular(each)}


def caption_contents(alignment: Alignment, path: Path) -> dict[Path, bytes]:
    """Return the content to write to each caption file that exists beside the alignment at ``path``."""
    options = OutputOptions(formats=tuple(caption_paths(path, alignment)))
    return output_contents(alignment, path.parent, path.name.removesuffix(JSON_SUFFIX), options)[0]


def are_behind(path: Path) -> bool:
    """Return whether a caption file beside the alignment at ``path`` is older than the alignment."""
    try:
        changed_ns = state_of(path).modified_ns
        older = [each for each in _captions_beside(path).values() if state_of(each).modified_ns < changed_ns]
        return not all(map(is_version, older))  # reads whole files, so only of the older ones
    except OSError:
        return False  # a file was removed in the meantime


def captions_follow(path: Path) -> None:
    """Rewrite outdated captions beside the alignment at ``path``; repeat if the alignment changes in the meantime.

    Raises AlignmentError if the alignment cannot be read, and OutputError if the captions cannot be written. On an
    error the captions are unchanged.
    """
    is_done = not are_behind(path)
    while not is_done:
        before = state_of(path)
        contents = caption_contents(read_alignment(path), path)
        if is_done := state_of(path) == before:  # captions written after a missed change would look up to date
            write_keeping(contents)


def captions(cues: Sequence[Cue], alignment: Alignment, format: str, options: OutputOptions) -> str:
    """Return the text of a caption file with these cues; ``format`` is "vtt" or "srt"."""
    if format == "vtt":
        reviewed = str(review_status(alignment.review, alignment.machine_text))
        return to_vtt(cues, verdict=alignment.verdict, word_times=options.word_times, review=reviewed)
    return to_srt(cues, language=alignment.language, verdict=alignment.verdict)


def alignments_in(library: Path) -> tuple[Path, ...]:
    """Return the paths of the alignments in the folders of ``library``, ordered by name.

    Links that lead out of the library are omitted. Raises AlignmentError if there are no alignments.
    """
    shown = (each for each in folders(library) if not each.name.startswith(".") and each.name.casefold() not in OWN)
    named = (path for folder in shown for name, path in files(folder).items() if name.endswith(JSON_SUFFIX))
    found = tuple(path for path in named if path.name[0] != "." and where(path).is_relative_to(where(library)))
    if not found:
        raise AlignmentError("{path}: holds no folder with an alignment.json", path=library)
    return found
