"""The files of a run: which, where, and how they replace what stands there.

All are written in full before any takes its place, so that a crash or a full disk leaves the old set or the new one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.captions import CaptionRules, Cue, CueReport, SpeakerNames, build_cues, judge_cues, to_srt, to_vtt
from aligner.errors import OutputError
from aligner.files import replacing
from aligner.model import Alignment
from aligner.store import to_text

JSON_SUFFIX = ".alignment.json"
_SETTLED = 2.0  # seconds: a file changed this much later than the alignment beside it was changed by someone


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """What to write and how. ``speaker_names`` None means each format's own custom: in SRT at a change, in VTT never
    in the text, since VTT has voice tags."""

    formats: tuple[str, ...] = ("vtt", "srt", "json")
    speaker_names: SpeakerNames | None = None
    sound_cues: bool = True
    word_times: bool = False
    rules: CaptionRules = field(default_factory=CaptionRules)

    def rules_for(self, format: str) -> CaptionRules:
        """The caption rules of one format."""
        custom = SpeakerNames.CHANGE if format == "srt" else SpeakerNames.NEVER
        return replace(self.rules, speaker_names=self.speaker_names or custom, sound_cues=self.sound_cues)


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a run and the cues of its captions, those of SRT where there are both; no cues without captions."""

    paths: tuple[Path, ...]
    cues: tuple[Cue, ...]
    report: CueReport


SUFFIXES: Mapping[str, str] = {"vtt": ".vtt", "srt": ".srt", "json": JSON_SUFFIX}
"""By format, the ending of the file's name."""


def output_paths(folder: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Where each format of the episode ``name`` goes."""
    return [folder / f"{name}{SUFFIXES[format]}" for format in formats]


def check_outputs(paths: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Find out before the work whether its results can be written.

    Raises
    ------
    OutputError
        An output would replace an input, or the folder cannot be written.
    """
    for path in paths:
        for given in inputs:
            if path.exists() and given.exists() and path.samefile(given):
                raise OutputError(f"{path}: would replace the file that is read; choose another folder with -o")
        place = next(p for p in (path.parent, *path.parent.absolute().parents) if p.exists())
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise OutputError(f"{path.parent}: cannot be written; choose another folder with -o")


def write_outputs(alignment: Alignment, folder: Path, name: str, options: OutputOptions) -> Written:
    """Write the episode's files into ``folder``, made if need be.

    A caption file that someone edited or made by hand is first kept as ``NAME.vtt.bak``.

    Raises
    ------
    OutputError
        Something cannot be written; then no file has changed.
    """
    cues = {f: build_cues(alignment, options.rules_for(f)) for f in options.formats if f != "json"}
    texts = [to_text(alignment) if f == "json" else captions(cues[f], alignment, f, options) for f in options.formats]
    paths = output_paths(folder, name, options.formats)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror})") from error
    for path in paths:
        _keep_handiwork(path, folder / f"{name}{JSON_SUFFIX}")
    write_texts(dict(zip(paths, texts, strict=True)))
    shown = cues.get("srt", cues.get("vtt", []))
    return Written(tuple(paths), tuple(shown), judge_cues(shown, options.rules))


def captions(cues: Sequence[Cue], alignment: Alignment, format: str, options: OutputOptions) -> str:
    """The content of a caption file."""
    if format == "vtt":
        return to_vtt(cues, verdict=alignment.verdict, word_times=options.word_times)
    return to_srt(cues, language=alignment.language, verdict=alignment.verdict)


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write all files or none.

    Raises
    ------
    OutputError
        One cannot be written; then none has changed.
    """
    with contextlib.ExitStack() as stack:
        for path, text in texts.items():
            stack.enter_context(replacing(path)).write_bytes(text.encode("utf-8"))


def _keep_handiwork(path: Path, alignment: Path) -> None:
    """Keep a copy of a file that did not come out of the run which wrote the alignment beside it."""
    if not path.exists() or path == alignment:
        return
    ours = alignment.exists() and path.stat().st_mtime <= alignment.stat().st_mtime + _SETTLED
    if not ours:
        with replacing(path.with_name(path.name + ".bak")) as copy:
            shutil.copyfile(path, copy)
