"""One clip after another from one alignment: from what was asked for to files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.cli.quote_options import cutting_of, finish_of
from aligner.clips.files import ClipFiles, ClipOptions, clip_paths, default_name, write_clip
from aligner.errors import OutputError, QuoteError
from aligner.publishing.excerpt import cut_sound
from aligner.quotes import Caution, Cut, Wanted, choose, listing
from aligner.recognition.ear import Progress, silent
from aligner.storage.alignment_json import read_alignment
from aligner.storage.audio_lookup import find_audio
from aligner.storage.outputs import JSON_SUFFIX, check_outputs
from aligner.transcript.formats import decode

_ALIKE = 0.9  # a quote with one of ten words changed
_LARGEST_BYTES = 1_000_000  # of a file of quotes


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that was made: its words and times, its files, and the places where the quote was found, as told.

    ``number`` is that of the place taken, from 1; ``cautions`` what to look at.
    """

    cut: Cut
    files: ClipFiles
    places: Sequence[str]
    number: int
    cautions: Sequence[Caution]

    @property
    def taken(self) -> str:
        """The place that was taken, as told."""
        return self.places[self.number - 1].removeprefix(f"{self.number}  ")


class Maker:
    """Makes clips of one alignment as the options of the command say.

    Raises
    ------
    AlignerError, MediaError
        The alignment or its sound cannot be used.
    """

    def __init__(self, alignment: Path, options: Mapping[str, Any]) -> None:
        from media.mastering import check_format

        self._place = alignment
        self._target: Path | None = options["output"]
        self._many = options["quotes"] is not None
        if self._target and not self._is_folder(self._target):
            check_format(self._target)
        self._alignment = read_alignment(alignment)
        self._audio = find_audio(self._alignment, alignment.parent, options["audio"])
        self._cutting = cutting_of(options)
        named = self._alignment.episode.cover
        cover = alignment.parent / named if named else None
        self._cover = cover if cover and cover.is_file() else None
        missing = Caution("no-cover", f"{cover}: the cover is not there, so the clip has none", named or "")
        self._cautions = (missing,) if cover and not self._cover else ()
        self._options = ClipOptions(finish_of(options), self._cover, not options["no_listen"])
        self._taken: set[Path] = set()

    @property
    def folder(self) -> Path:
        """Where clips without a name of their own go."""
        return self._target if self._target and self._is_folder(self._target) else self._place.parent

    def make(self, wanted: Wanted, progress: Progress = silent) -> Made:
        """Cut, finish and write one clip.

        Raises
        ------
        AlignerError, MediaError
            The quote is not there, or its clip cannot be made or written; then nothing is left behind.
        """
        alignment = self._alignment
        chosen = choose(alignment, wanted)
        seconds = chosen.quote.asked.duration
        progress("cutting", 0.0, seconds)
        excerpt = cut_sound(alignment, self._audio, chosen.quote, self._cutting)
        progress("cutting", seconds, seconds)
        target = self._target_of(excerpt.cut)
        files = write_clip(alignment, excerpt, target, self._options, progress)
        score = chosen.taken.score if chosen.taken else 1.0
        number = chosen.places.index(chosen.taken) + 1 if chosen.taken else 0
        return Made(
            excerpt.cut,
            files,
            listing(alignment, chosen.places),
            number,
            (*_unlike(score), *excerpt.cut.quote.cautions, *files.heard.cautions, *self._cautions),
        )

    def _is_folder(self, path: Path) -> bool:
        return path.is_dir() or self._many

    def _target_of(self, cut: Cut) -> Path:
        """Where the clip goes, in a place where nothing of the episode is."""
        target = self._target
        if target is None or self._is_folder(target):
            target = self.folder / f"{default_name(self._alignment, cut)}.mp3"
        number, stem = 1, target.stem
        while target in self._taken:
            number += 1
            target = target.with_name(f"{stem}-{number}{target.suffix}")
        self._taken.add(target)
        episode = self._place.name.removesuffix(JSON_SUFFIX)
        if target.stem == episode and target.parent.resolve() == self._place.parent.resolve():
            raise OutputError(f"{target}: its captions would replace those of the episode; choose another name with -o")
        check_outputs(clip_paths(target), [self._place, self._audio, *filter(None, [self._cover])])
        return target


def _unlike(score: float) -> Iterator[Caution]:
    """A word with a person, where what was found is not quite what was asked for."""
    if score < _ALIKE:
        yield Caution("approximate", f"what was found is {score:.0%} like the quote that was asked for")


def read_quotes(path: Path) -> list[str]:
    """The quotes of a file, one a line; empty lines and those that begin with # are left out.

    Raises
    ------
    QuoteError
        It cannot be read, is too large, or holds no quote.
    TranscriptError
        It is not text.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise QuoteError(f"{path}: is larger than {_LARGEST_BYTES // 1_000_000} MB, expected a quote a line")
        data = path.read_bytes()
    except OSError as error:
        raise QuoteError(f"{path}: cannot be read ({error.strerror}); expected a file with a quote a line") from error
    lines = (line.strip() for line in decode(data, str(path)).splitlines())
    quotes = [line for line in lines if line and not line.startswith("#")]
    if not quotes:
        raise QuoteError(f"{path}: holds no quote, expected one a line")
    return quotes
