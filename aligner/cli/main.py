"""The command line: commands, arguments and what is printed; ``__main__`` handles errors and signals."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.audiogram import audiogram
from aligner.cli.clip import clip
from aligner.cli.terminal import open_missing_streams, say, tell
from aligner.errors import ExitStatus
from aligner.model import Verdict
from web.command import serve

if TYPE_CHECKING:
    from aligner.recognition import Ear
    from aligner.storage.outputs import OutputOptions

_existing = click.Path(path_type=Path)


def run() -> int:
    """Run the command that the arguments name; return its exit status."""
    open_missing_streams()
    return int(quotecast.main(standalone_mode=False) or 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quotecast", message="%(prog)s %(version)s")
def quotecast() -> None:
    """Find when each word of a podcast's published transcript is said, and make captions of it."""


quotecast.add_command(clip)
quotecast.add_command(audiogram)
quotecast.add_command(serve)


def _caption_options(command: Any) -> Any:
    """The options that shape caption files, shared by the commands that write them."""
    for option in (
        click.option("--word-times", is_flag=True, help="Put the time of every word into the VTT."),
        click.option("--no-sound-cues", is_flag=True, help="No cues for stage directions and untranscribed speech."),
        click.option(
            "--speaker-names",
            type=click.Choice(["always", "change", "never"]),
            help="Name speakers in the text of cues.  [default: change in SRT; never in VTT, which has <v Name>]",
        ),
    ):
        command = option(command)
    return command


@quotecast.command()
@click.argument("audio", type=_existing)
@click.argument("transcript", type=_existing)
@click.option("-o", "--output", type=_existing, help="Folder for the results.  [default: beside the audio]")
@click.option("--language", help="Language spoken, such as fr.  [default: what the model hears]")
@click.option("--model", default="base", show_default=True, help="Whisper model: a name or a folder.")
@click.option(
    "--ear",
    type=click.Choice(["letters", "words"]),
    help="How to listen.  [default: letters, and words where letters lead nowhere or another model is named]",
)
@click.option("--hypothesis", type=_existing, help="Use this recogniser's output instead of listening.")
@click.option("--formats", default="vtt,srt,json", show_default=True, help="What to write, separated by commas.")
@_caption_options
@click.option("--title", help="Title of the episode.  [default: the audio's tags, else its name]")
@click.option("--show", help="Name of the show.")
@click.option("--date", help="Date of publication.")
@click.option("--url", help="Public address of the episode.")
@click.option("--cover", help="Picture of the episode.")
@click.option("--rename", multiple=True, metavar="LABEL=NAME", help="Call a speaker by another name; may be repeated.")
@click.option("--progress", "progress_mode", type=click.Choice(["auto", "json", "none"]), default="auto")
def align(audio: Path, transcript: Path, **options: Any) -> int:
    """Time every word of TRANSCRIPT in AUDIO; write NAME.vtt, NAME.srt and NAME.alignment.json."""
    from aligner.cli.progress import shown, tell_done
    from aligner.cli.report import facts, summary
    from aligner.episode import check_cover
    from aligner.pipeline import Job
    from aligner.pipeline import align as align_episode
    from aligner.storage.outputs import check_outputs, output_paths, write_outputs

    outputs = _output_options(options)
    folder = options["output"] or audio.parent
    paths = output_paths(folder, audio.stem, outputs.formats)
    check_outputs(paths, [audio, transcript, *filter(None, [options["hypothesis"]])])
    details = {name: options[name] for name in ("title", "show", "date", "url", "cover")}
    check_cover(details["cover"])
    job = Job(audio, transcript, _ears(options), details, _names(options["rename"]), folder)
    with shown(options["progress_mode"]) as progress:
        aligned = align_episode(job, progress)
    written = write_outputs(aligned.alignment, folder, audio.stem, outputs)
    for warning in aligned.warnings:
        tell(f"quotecast: warning: {warning}")
    say(*summary(aligned, written))
    tell_done(options["progress_mode"], **facts(aligned, written))
    return ExitStatus.POOR if aligned.alignment.verdict is Verdict.POOR else ExitStatus.DONE


@quotecast.command()
@click.argument("alignment", type=_existing)
@click.option("--to", "format", type=click.Choice(["vtt", "srt"]), required=True, help="Format to write.")
@click.option("-o", "--output", type=_existing, help="File to write.  [default: beside the alignment]")
@_caption_options
def export(alignment: Path, format: str, output: Path | None, **options: Any) -> int:
    """Write the captions of ALIGNMENT again, in another format or with other options."""
    from aligner.captions import build_cues
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.outputs import JSON_SUFFIX, captions, check_outputs, write_texts

    stored = read_alignment(alignment)
    options["formats"] = format
    outputs = _output_options(options)
    target = output or alignment.with_name(alignment.name.removesuffix(JSON_SUFFIX) + f".{format}")
    check_outputs([target], [alignment])
    cues = build_cues(stored, outputs.rules_for(format))
    kept = write_texts({target: captions(cues, stored, format, outputs)})
    say(f"Written   {target}", *(f"Kept      {path}, as edited before" for path in kept))
    return 0


@quotecast.command()
@click.argument("file", type=_existing)
def check(file: Path) -> int:
    """Check the caption FILE (VTT or SRT) against the rules of its format."""
    from aligner.timed_text import check_captions

    problems = check_captions(file)
    for problem in problems:
        say(f"{file}:{problem.line}: {problem.message}")
    say(f"{file}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return ExitStatus.UNUSABLE if problems else ExitStatus.DONE


@quotecast.command()
@click.option("-o", "--output", type=_existing, default=Path("quotecast-demo"), show_default=True, help="Folder.")
@click.option("--model", default="base", show_default=True, help="Whisper model: a name or a folder.")
def demo(output: Path, model: str) -> int:
    """Align a sample episode of two minutes and compare the result with the truth."""
    from aligner.cli.progress import shown
    from aligner.demo import run_demo

    with shown("auto") as progress:
        result = run_demo(output, model, progress, _own_command())
    say(*result)
    return 0


def _own_command() -> str:
    """How to call quotecast again from the same shell."""
    from aligner.demo import quoted

    if Path(sys.argv[0]).name == "__main__.py":
        return quoted(sys.executable, "-m", "aligner")
    return "quotecast" if shutil.which("quotecast") else quoted(sys.argv[0])


def _ears(options: dict[str, Any]) -> tuple[Ear, ...]:
    """The ears that the options ask for, in their order."""
    from aligner.languages import language_code

    language = language_code(options["language"])
    if options["language"] and not language:
        raise click.BadParameter(f"{options['language']!r}; expected a code such as fr", param_hint="--language")
    if options["hypothesis"]:
        from aligner.recognition.given import GivenEar

        return (GivenEar(options["hypothesis"], language),)
    from aligner.ears import ears

    return ears(options["model"], language, options["ear"])


def _names(given: Sequence[str]) -> dict[str, str]:
    """The names of speakers by their labels in the transcript."""
    parted = [(label.strip(), name.strip()) for label, _, name in (each.partition("=") for each in given)]
    if not all(label and name for label, name in parted):
        raise click.BadParameter(f"{', '.join(given)}; expected LABEL=NAME", param_hint="--rename")
    return dict(parted)


def _output_options(options: dict[str, Any]) -> OutputOptions:
    """What to write, from the options of a command."""
    from aligner.captions import SpeakerNames
    from aligner.storage.outputs import SUFFIXES, OutputOptions

    formats = tuple(dict.fromkeys(f.strip().lower() for f in options["formats"].split(",") if f.strip()))
    unknown = [f for f in formats if f not in SUFFIXES]
    if unknown or not formats:
        raise click.BadParameter(
            f"{', '.join(unknown) or 'none'}; expected some of {', '.join(SUFFIXES)}", param_hint="--formats"
        )
    names = options["speaker_names"]
    return OutputOptions(
        formats=formats,
        speaker_names=SpeakerNames(names) if names else None,
        sound_cues=not options["no_sound_cues"],
        word_times=options["word_times"],
    )
