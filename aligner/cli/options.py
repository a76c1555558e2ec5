"""Define the options that several commands share, in groups. A dataclass for each group holds the values.

The dataclass of a command inherits from the option groups and adds fields for its own options. Rare options are
``advanced``: only ``--help-all`` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aligner.durations import read_time
from aligner.publishing import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS

if TYPE_CHECKING:
    from aligner.outputs import OutputOptions
    from aligner.publishing.excerpt import CutOptions
    from aligner.quotes.quote import QuoteQuery

_Command = TypeVar("_Command", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
"""A file or a folder that may be missing; reading or writing it reports problems in a line, with status 3."""

advanced = partial(click.option, hidden=True)
"""Add an option that only ``--help-all`` lists."""


def help_all_option(command: _Command) -> _Command:
    """Add ``--help-all`` to a command."""
    return click.option(
        "--help-all",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_all,
        help="Show the advanced options too, and exit.",
    )(command)


def _show_all(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if not is_asked:
        return
    for parameter in context.command.params:
        if isinstance(parameter, click.Option):
            parameter.hidden = False
    click.echo(context.get_help())
    context.exit()


def _time(text: str) -> float:
    try:
        return read_time(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _words(text: str) -> tuple[range, str | None]:
    """Parse ``--words``, such as 120-135@4f2a, into word indices and, if given, the start of the transcript's hash."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})(?:@([0-9a-f]{1,64}))?", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise click.BadParameter(f"{text!r}; expected two indices such as 120-135")
    return range(int(found[1]), int(found[2])), found[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteArguments:
    """The values of the options that ``quote_options`` adds: which quote to cut, how to cut it and report progress."""

    quote: str | None
    match: int | None
    start: float | None
    end: float | None
    exact: bool
    words: tuple[range, str | None] | None
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
        """Return the query for the quote. Raise UsageError unless the options select a quote in exactly one way."""
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
        return QuoteQuery(self.quote, self.start, self.end, self.segment, self.match, *(self.words or (None, None)))

    @property
    def names_a_quote(self) -> bool:
        """Return whether any option selects a quote."""
        return any((self.quote, self.match, self.start, self.end, self.words, self.segment, self.exact))

    @property
    def cut(self) -> CutOptions:
        """Return how to cut the quote."""
        from aligner.publishing.excerpt import CutOptions

        return CutOptions(self.pad, self.tighten, self.exact)

    @property
    def loudness_lufs(self) -> float | None:
        """Return the clip's target loudness in LUFS; None leaves the loudness unchanged."""
        return None if self.no_loudness else self.lufs


def quote_options(command: _Command) -> _Command:
    """Add the options of ``QuoteArguments`` to a command."""
    return _with_options(
        command,
        click.option("--quote", help="The words to cut out; small differences do not matter."),
        click.option("--match", type=click.IntRange(1), help="Which occurrence to take, if there are several."),
        click.option("--from", "start", type=_time, metavar="TIME", help="Start instead of a quote: 75 or 1:02:03."),
        click.option("--to", "end", type=_time, metavar="TIME", help="End, such as 75 or 1:15."),
        click.option("--audio", type=PATH, metavar="AUDIO", help="The audio, if it was moved."),
        click.option("--pad", type=click.FloatRange(0, 30), default=0.0, help="Seconds to add at both ends."),
        click.option("--tighten", is_flag=True, help="Shorten long pauses."),
        advanced("--exact", is_flag=True, help="Cut at --from and --to to the millisecond, even inside a word."),
        advanced(
            "--words",
            type=_words,
            metavar="FIRST-LAST[@HASH]",
            help="The alignment's words from index FIRST up to but without LAST, if its transcript's hash begins with "
            "HASH; with --from, --to and --exact these are the words of the clip.",
        ),
        advanced("--segment", help="Id of a segment of the alignment instead of a quote, such as s12."),
        advanced(
            "--lufs", type=click.FloatRange(QUIETEST_LUFS, LOUDEST_LUFS), default=PODCAST_LUFS, show_default=True,
            help="Loudness.",
        ),
        advanced("--no-loudness", is_flag=True, help="Leave the loudness as it is."),
        advanced("--keep", is_flag=True, help="Keep all files that are replaced as NAME.bak, quotecast's own too."),
        progress_option,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionArguments:
    """The values of the options that ``caption_options`` adds to a command: how to write caption files."""

    word_times: bool
    no_sound_cues: bool
    speaker_names: str | None

    def output_options(self, formats: str) -> OutputOptions:
        """Return the options for writing ``formats``, a comma-separated list. Raise UsageError if one is unknown."""
        from aligner.captions import SpeakerNames
        from aligner.outputs import OutputOptions

        names = tuple(dict.fromkeys(name.strip().lower() for name in formats.split(",") if name.strip()))
        if self.word_times and "vtt" not in names:
            raise click.UsageError("--word-times goes with VTT: other captions have no times of words")
        speakers = SpeakerNames(self.speaker_names) if self.speaker_names else None
        try:
            return OutputOptions(names, speakers, not self.no_sound_cues, self.word_times)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--formats") from error


def caption_options(command: _Command) -> _Command:
    """Add the options of ``CaptionArguments`` to a command."""
    return _with_options(
        command,
        click.option(
            "--speaker-names",
            type=click.Choice(["always", "change", "dash", "never"]),
            help="Name speakers in every caption with time for it, name them or put a dash where the speaker changes, "
            "or neither.  [default: change in SRT; dash in VTT, which has <v Name>]",
        ),
        click.option("--word-times", is_flag=True, help="Write the time of every word into the VTT."),
        click.option("--no-sound-cues", is_flag=True, help="Omit stage directions and untranscribed speech."),
    )


def progress_option(command: _Command) -> _Command:
    """Add the option ``--progress``, which sets the format in which a command reports progress and errors."""

    @wraps(command)
    def reporting(**options: Any) -> Any:
        from aligner.cli.progress import reporting_errors

        with reporting_errors(options["progress_mode"]):
            return command(**options)

    return advanced(
        "--progress",
        "progress_mode",
        type=click.Choice(["auto", "json", "none"]),
        default="auto",
        help="json: a line of JSON on stderr for each step, the last one with the files and the warnings.",
    )(reporting)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeArguments(CaptionArguments):
    """The values of the options that ``episode_options`` adds: outputs, speech recognition, details of the episode."""

    output: Path | None
    language: str | None
    model: str
    asr_output: Path | None
    vocabulary: str | None
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
    def details(self) -> dict[str, Any]:
        """Return the details of the episode and of recognition as keyword arguments for ``AlignOptions``."""
        return {name: getattr(self, name) for name in _DETAILS}


_DETAILS = (
    "language", "model", "asr_output", "vocabulary", "title", "folder_title", "show", "date", "url", "guid", "cover",
)  # fmt: skip


def episode_options(command: _Command) -> _Command:
    """Add the options of ``EpisodeArguments`` to a command."""
    return _with_options(
        command,
        click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Where to write.  [default: beside AUDIO]"),
        click.option(
            "--language", callback=_language_code, help="Language spoken, such as fr.  [default: detected]"
        ),
        click.option("--asr-output", type=PATH, metavar="FILE", help="Use the words that another recogniser wrote."),
        click.option("--title", help="Title of the episode.  [default: as before, the audio's tags, its name]"),
        click.option("--show", help="Name of the show."),
        click.option("--date", help="Date of publication, such as 2025-03-04."),
        caption_options,
        advanced("--model", default="base", show_default=True, help="Whisper model: a name or a folder."),
        advanced("--formats", default="vtt,srt,json", show_default=True, help="What to write, separated by commas."),
        advanced("--folder-title", is_flag=True, help="Use the folder's name, not the audio's, if there is no title."),
        advanced("--url", help="Public address of the episode."),
        advanced("--guid", metavar="TEXT", help="GUID of the episode's item in its feed."),
        advanced("--cover", type=PATH, metavar="FILE", help="Picture of the episode."),
        progress_option,
    )  # fmt: skip


def _language_code(_context: click.Context, _option: click.Parameter, language: str | None) -> str | None:
    from aligner.languages import language_code

    code = language_code(language)
    if language and not code:
        raise click.BadParameter(f"{language!r}; expected a code such as fr")
    return code


def _with_options(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command
