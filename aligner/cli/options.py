"""The options that several commands share, each group with the record that holds what was given.

A command takes what click gives it into a record at once, those of its groups with its own fields added.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aligner.publishing import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS

if TYPE_CHECKING:
    from aligner.outputs import OutputOptions
    from aligner.publishing.excerpt import CutOptions
    from aligner.quotes.quote import QuoteQuery

_Command = TypeVar("_Command", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
"""A file or a folder, there or not: who reads or writes it says what is wrong with it, in a line and with status 3."""


class NumberRange(click.FloatRange):
    """``FloatRange`` without NaN, which lies in every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        converted: float = super().convert(value, param, ctx)
        if math.isnan(converted):
            self.fail(f"{value!r} is not a valid float.", param, ctx)
        return converted


_LUFS = NumberRange(QUIETEST_LUFS, LOUDEST_LUFS)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteArguments:
    """What ``quote_options`` were given: which quote is meant, how it is cut and finished, and how progress is told."""

    quote: str | None
    match: int | None
    start: str | None
    end: str | None
    exact: bool
    words: str | None
    segment: str | None
    audio: Path | None
    pad: float
    tighten: bool
    lufs: float
    no_loudness: bool
    keep: bool
    progress_mode: str

    @property
    def query(self) -> QuoteQuery:
        """Which quote is named.

        Raises
        ------
        click.UsageError
            None is, or more than one, or options do not go together.
        QuoteError
            A time cannot be read.
        """
        from aligner.quotes.quote import QuoteQuery

        times = self.start is not None, self.end is not None
        ways = {
            "--quote": self.quote is not None,
            "--words": self.words is not None,
            "--from/--to": any(times) and not (self.words and self.exact),
            "--segment": self.segment is not None,
        }
        if sum(ways.values()) != 1:
            raise click.UsageError(f"expected one of {', '.join(ways)}; --words goes with --from, --to and --exact too")
        if self.match and not ways["--quote"]:
            raise click.UsageError("--match goes with --quote")
        if self.exact and not (all(times) and not self.pad):
            raise click.UsageError("--exact goes with --from and --to, and without --pad")
        indices, transcript = (None, None) if self.words is None else _read_indices(self.words)
        start, end = _read_time(self.start), _read_time(self.end)
        return QuoteQuery(self.quote, start, end, self.segment, self.match, indices, transcript)

    @property
    def names_a_quote(self) -> bool:
        """Whether any option is there that says which quote is meant."""
        return any((self.quote, self.match, self.start, self.end, self.words, self.segment, self.exact))

    @property
    def cut(self) -> CutOptions:
        """How the quote is to be cut."""
        from aligner.publishing.excerpt import CutOptions

        return CutOptions(self.pad, self.tighten, self.exact)

    @property
    def loudness_lufs(self) -> float | None:
        """How loud the clip is to be, None to leave that as it is."""
        return None if self.no_loudness else self.lufs


def quote_options(command: _Command) -> _Command:
    """Give a command the options of ``QuoteArguments``."""
    return _with_options(
        command,
        click.option("--quote", help="The words to cut out; small differences do not matter."),
        click.option("--match", type=click.IntRange(1), help="Of several places where they are said, the one to take."),
        click.option("--from", "start", help="Start instead of a quote, in seconds or h:mm:ss."),
        click.option("--to", "end", help="End, in seconds or h:mm:ss."),
        click.option("--exact", is_flag=True, help="Cut at --from and --to to the millisecond, in a word if need be."),
        click.option(
            "--words",
            metavar="FIRST-LAST[@HASH]",
            help="The alignment's words from index FIRST up to but without LAST, if its transcript's hash begins with "
            "HASH; with --from, --to and --exact only what the clip is said to hold.",
        ),
        click.option("--segment", help="Id of a segment of the alignment instead of a quote, such as s12."),
        click.option("--audio", type=PATH, help="The sound, if it is no longer where it was."),
        click.option("--pad", type=NumberRange(0, 30), default=0.0, help="Seconds more at both ends."),
        click.option("--tighten", is_flag=True, help="Make long pauses short."),
        click.option("--lufs", type=_LUFS, default=PODCAST_LUFS, show_default=True, help="Loudness."),
        click.option("--no-loudness", is_flag=True, help="Leave the loudness as it is."),
        click.option("--keep", is_flag=True, help="Keep as NAME.bak all that is replaced, quotecast's own files too."),
        progress_option(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionArguments:
    """What ``caption_options`` were given: how caption files are made."""

    word_times: bool
    no_sound_cues: bool
    speaker_names: str | None

    def output_options(self, formats: str) -> OutputOptions:
        """What to write: ``formats``, separated by commas.

        Raises
        ------
        click.BadParameter
            There are none, or one that is not written.
        click.UsageError
            Word times are asked for, and no VTT.
        """
        from aligner.captions import SpeakerNames
        from aligner.outputs import SUFFIXES, OutputOptions

        names = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",") if name.strip()))
        unknown = [name for name in names if name not in SUFFIXES]
        if unknown or not names:
            raise click.BadParameter(
                f"{', '.join(unknown) or 'none'}; expected some of {', '.join(SUFFIXES)}", param_hint="--formats"
            )
        if self.word_times and "vtt" not in names:
            raise click.UsageError("--word-times goes with VTT: other captions hold no times of words")
        return OutputOptions(
            formats=names,
            speaker_names=SpeakerNames(self.speaker_names) if self.speaker_names else None,
            sound_cues=not self.no_sound_cues,
            word_times=self.word_times,
        )


def caption_options(command: _Command) -> _Command:
    """Give a command the options of ``CaptionArguments``."""
    return _with_options(
        command,
        click.option(
            "--speaker-names",
            type=click.Choice(["always", "change", "dash", "never"]),
            help="How the text tells who speaks: by name in every cue with time for it, by name or by a dash where the "
            "speaker changes, or not.  [default: change in SRT; dash in VTT, which has <v Name>]",
        ),
        click.option("--no-sound-cues", is_flag=True, help="No cues for stage directions and untranscribed speech."),
        click.option("--word-times", is_flag=True, help="Put the time of every word into the VTT."),
    )


_PROGRESS = "json: a line of JSON on stderr for each step, the last one with the files and the warnings."


def progress_option(help: str = _PROGRESS) -> Callable[[_Command], _Command]:
    """How the run shows how far it is, as ``progress.telling_progress`` takes it, and that it is ended by an error."""
    modes = click.Choice(["auto", "json", "none"])
    option = click.option("--progress", "progress_mode", type=modes, default="auto", help=help)

    def with_option(command: _Command) -> _Command:
        @wraps(command)
        def telling(**options: Any) -> Any:
            from aligner.cli.progress import telling_errors

            with telling_errors(options["progress_mode"]):
                return command(**options)

        return option(telling)  # type: ignore[return-value]

    return with_option


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeArguments(CaptionArguments):
    """What ``episode_options`` were given: where results go, how to listen, and what is known of the episode."""

    output: Path | None
    language: str | None
    model: str
    formats: str
    title: str | None
    folder_title: bool
    show: str | None
    date: str | None
    url: str | None
    guid: str | None
    cover: Path | None
    progress_mode: str

    @property
    def code(self) -> str | None:
        """The code of the language that is asked for.

        Raises
        ------
        click.BadParameter
            No language has that name.
        """
        from aligner.languages import language_code

        language = language_code(self.language)
        if self.language and not language:
            raise click.BadParameter(f"{self.language!r}; expected a code such as fr", param_hint="--language")
        return language

    @property
    def details(self) -> dict[str, Any]:
        """What is known of the episode, and the model, as ``AlignOptions`` calls them."""
        return {name: getattr(self, name) for name in ("model", *_DETAILS)}


_DETAILS = ("title", "folder_title", "show", "date", "url", "guid", "cover")


def episode_options(command: _Command) -> _Command:
    """Give a command the options of ``EpisodeArguments``."""
    return _with_options(
        command,
        click.option("-o", "--output", type=PATH, help="Folder for the results.  [default: beside the audio]"),
        click.option(
            "--language", help="Language spoken, such as fr.  [default: what the text is in, else what is heard]"
        ),
        click.option("--model", default="base", show_default=True, help="Whisper model: a name or a folder."),
        click.option(
            "--formats", default="vtt,srt,json", show_default=True, help="What to write, separated by commas."
        ),
        caption_options,
        click.option("--title", help="Title of the episode.  [default: as before, the audio's tags, its name]"),
        click.option("--folder-title", is_flag=True, help="Without any title take the folder's name, not the audio's."),
        click.option("--show", help="Name of the show."),
        click.option("--date", help="Date of publication, such as 2025-03-04."),
        click.option("--url", help="Public address of the episode."),
        click.option("--guid", metavar="TEXT", help="GUID of the episode's item in its feed."),
        click.option("--cover", type=PATH, help="Picture of the episode."),
        progress_option(),
    )


def _with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """The command with the options in the order of the help's lines."""
    for option in reversed(options):
        command = option(command)
    return command


def _read_time(text: str | None) -> float | None:
    from aligner.durations import read_time
    from aligner.errors import QuoteError

    try:
        return None if text is None else read_time(text)
    except ValueError as error:
        raise QuoteError(
            "{text!r} is no time; expected seconds or hh:mm:ss, such as 75.5 or 1:15", text=text
        ) from error


def _read_indices(text: str) -> tuple[range, str | None]:
    """Which words, and the beginning of the hash of the transcript in which they are counted."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})(?:@([0-9a-f]{1,64}))?", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise click.BadParameter(f"{text!r}; expected two indices such as 120-135", param_hint="--words")
    return range(int(found[1]), int(found[2])), found[3]
