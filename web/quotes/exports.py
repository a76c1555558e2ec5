"""What a person chose for a clip, and the command line that makes it: the same that is typed in a terminal."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.model import Alignment
from aligner.publishing.clips import clip_name
from aligner.quotes import Quote, quote_of_words
from web.errors import Unusable, WebError
from web.quotes.selection import checked_words

CLIPS = "clips"  # the folder, within the episode's
KINDS = ("clip", "audiogram")
SHAPES = ("portrait", "square", "landscape")  # those of media.video.shapes, which would load too much here
_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "flac": "audio/flac", "opus": "audio/ogg"}
FORMATS = tuple(_TYPES)
MOST = 200  # exports at once
QUIETEST, LOUDEST = -40.0, -5.0  # LUFS, as the command has it
LONGEST_TEXT = 20_000  # characters of a wording of one's own
_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST = 30 * 60.0  # seconds of a clip


@dataclass(frozen=True, slots=True)
class Export:
    """One clip that is wanted: words, and how they are to be cut and finished.

    ``start`` and ``end`` are the exact edges, in seconds of the episode, both None where the cut is ours to find.
    ``shape`` makes it an audiogram, ``text`` being the wording on it; else it is a sound of ``format``. ``lufs`` None
    leaves the loudness alone; without ``listen`` nobody compares what is heard with what is printed.
    """

    words: range
    start: float | None = None
    end: float | None = None
    format: str = "mp3"
    shape: str | None = None
    lufs: float | None = -16.0
    tighten: bool = False
    text: str | None = None
    listen: bool = True

    @property
    def kind(self) -> str:
        """The command that makes it."""
        return KINDS[1] if self.shape else KINDS[0]

    @property
    def sound_type(self) -> str:
        """The media type of its sound as it is previewed."""
        return _TYPES["mp3" if self.shape else self.format]


@dataclass(frozen=True, slots=True)
class Command:
    """``python -m aligner`` with these arguments, run in the episode's folder, writes ``output``, relative to it."""

    kind: str
    arguments: tuple[str, ...]
    output: str


def read_exports(alignment: Alignment, given: Mapping[str, Any]) -> list[Export]:
    """The ``exports`` that a request asks for, at least one; each is read as ``read_export`` does, and raises as it."""
    wanted = given.get("exports")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST:
        raise WebError("clip.refused.exports", most=MOST)
    if not all(isinstance(each, dict) for each in wanted):
        raise WebError("clip.refused.export")
    return [read_export(alignment, each) for each in wanted]


def read_export(alignment: Alignment, given: Mapping[str, Any]) -> Export:
    """The export that a request asks for; what it does not name is as ``Export`` has it.

    Raises
    ------
    WebError
        A value is none of those there are.
    Unusable
        The episode has no such words, or the clip would have no such edges or wording.
    """
    first, last = (_whole(given, name) for name in ("first", "last"))
    start, end = (_number(given, name, 0.0, alignment.audio.duration) for name in ("start", "end"))
    if (start is None) != (end is None) or (start is not None and end is not None and not 0 < end - start <= _LONGEST):
        raise Unusable("clip.refused.length")
    lufs = None if given.get("lufs", -16.0) is None else _number(given, "lufs", QUIETEST, LOUDEST, -16.0)
    text = _wording(given.get("text") or None)
    shape = given.get("shape") or None
    if shape is not None:
        _one_of("shape", shape, SHAPES)
    return Export(
        checked_words(alignment, first, last),
        start,
        end,
        _one_of("format", given.get("format", "mp3"), FORMATS),
        shape,
        lufs,
        given.get("tighten") is True,
        text if shape else None,
        given.get("listen") is not False,
    )


def command_of(alignment: Alignment, file: str, export: Export, taken: Collection[str]) -> Command:
    """The command that makes the clip of the alignment in ``file``; ``taken`` are the names that others have.

    Raises
    ------
    QuoteError
        Nobody says the words.
    """
    quote = quote_of_words(alignment, export.words)
    start = quote.voice.start if export.start is None else export.start
    output = f"{CLIPS}/{_free_name(alignment, quote, start, export, taken)}"
    arguments = [export.kind, file, "--words", f"{export.words.start}-{export.words.stop}"]
    if export.start is not None and export.end is not None:
        arguments += ["--from", f"{export.start:.3f}", "--to", f"{export.end:.3f}", "--exact"]
    arguments += ["--no-loudness"] if export.lufs is None else ["--lufs", f"{export.lufs:g}"]
    arguments += ["--tighten"] * export.tighten + ["--no-listen"] * (not export.listen)
    if export.shape:
        arguments += ["--shape", export.shape]
    if export.text:
        # One argument with no option's dash before it, whatever the wording begins with.
        arguments.append(f"--text={as_text(export.text)}")
    return Command(export.kind, (*arguments, "-o", output, "--progress", "json"), output)


def taken_names(folder: Path, outputs: Collection[str] = ()) -> frozenset[str]:
    """The names, without endings, of the clips of the episode in ``folder`` and of those that are being made."""
    clips = folder / CLIPS
    there = [path.name for path in clips.iterdir()] if clips.is_dir() else []
    return frozenset(Path(name).name.split(".")[0] for name in (*there, *outputs))


def as_text(text: str) -> str:
    """The wording with a line end in it, so that no command takes it for the name of a file."""
    return text if "\n" in text else f"{text}\n"


def _free_name(alignment: Alignment, quote: Quote, start: float, export: Export, taken: Collection[str]) -> str:
    stem = clip_name(alignment, quote.text, start).replace(".", "-").lstrip("-")
    stem = f"{stem}-{export.shape}" if export.shape else stem
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return f"{name}.{'mp4' if export.shape else export.format}"


def _whole(given: Mapping[str, Any], name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise WebError("clip.refused.word", name=name)
    return value


def _number(
    given: Mapping[str, Any], name: str, least: float, most: float, default: float | None = None
) -> float | None:
    value = given.get(name, default)
    if value is None:
        return None
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not least <= value <= most:  # which no NaN is
        raise WebError("clip.refused.number", name=name, least=least, most=most)
    return float(value)


def _wording(value: Any) -> str | None:
    if value is None:
        return None
    # What no command line carries is no wording: NUL, and halves of surrogate pairs.
    if (
        not isinstance(value, str)
        or _UNSPEAKABLE.search(value)
        or len(value) > LONGEST_TEXT
        or not any(map(str.isalnum, value))
    ):
        raise Unusable("clip.refused.wording", n=LONGEST_TEXT)
    return value


def _one_of(name: str, value: Any, known: Collection[str]) -> str:
    if value not in known or not isinstance(value, str):
        raise WebError("clip.refused.choice", name=name, known=", ".join(known))
    return value
