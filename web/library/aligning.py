"""What the command line is told when an episode is aligned."""

from __future__ import annotations

from aligner.storage.outputs import JSON_SUFFIX
from web.errors import Conflict
from web.library.records import Episode, Problem

_TOLD = ("language", "title", "show", "date", "url", "cover")


def align_arguments(episode: Episode) -> tuple[list[str], list[str]]:
    """The arguments of ``python -m aligner``, run in the episode's folder, and the files it will make there.

    Raises
    ------
    Conflict
        Sound or transcript are missing.
    """
    if episode.audio is None:
        raise Conflict(Problem.AUDIO)
    if episode.transcript is None:
        raise Conflict(Problem.TRANSCRIPT)
    details = episode.details
    arguments = ["align", "--progress", "json"]
    for name in _TOLD:
        if value := getattr(details, name):
            arguments.append(f"--{name}={value}")
    arguments += [f"--rename={label}={name}" for label, name in details.names.items() if "=" not in label]
    # A name that starts with a hyphen is no option.
    arguments += ["--", episode.audio.name, episode.transcript.name]
    return arguments, [f"{episode.audio.stem}{ending}" for ending in (".vtt", ".srt", JSON_SUFFIX)]
