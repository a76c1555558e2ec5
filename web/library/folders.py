"""Episodes' folders: what lies in them, whoever put it there, and their ids in addresses.

Conventions
-----------
- episode.json names the files; where it does not, or is not there, their names tell what they are.
- ``NAME.alignment.json`` belongs to the sound NAME; where there is no sound, it tells of an episode all the same.
  NAME.vtt and NAME.srt are captions that we write; they are taken for the transcript only where nothing else can be
  and there is no alignment.
- What is no regular file, a link out of the library, or a link in the place of a folder that quotecast keeps, is not
  opened; where it would matter it is told.
- An id is short, plain, and never a path.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aligner.normalization import fold
from aligner.storage.file_names import JSON_SUFFIX, parted, shown_name
from aligner.storage.outputs import output_name
from media.confinement import OWN
from media.listing import composed, contents, entries, named
from web.library.details import NAME, Stored, read_details
from web.library.digests import Digest, digest_of, problem_of
from web.library.episode import Details, Episode, EpisodeProblem
from web.library.patience import OutOfPatienceError

SOUNDS = frozenset(
    [
        ".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".wav", ".flac", ".ogg", ".oga", ".opus", ".webm", ".mkv", ".mov",
        ".avi", ".wma", ".aif", ".aiff", ".mka", ".mpga",
    ]
)  # fmt: skip
TEXTS = (".txt", ".text", ".md", ".markdown", ".docx", ".html", ".htm", ".xhtml", ".json", ".srt", ".vtt")
_CAPTIONS = (".srt", ".vtt")
_OURS = frozenset([NAME, "quotes.json"])
_LONGEST_ID = 60  # characters of a name that an id repeats
_HASH_DIGITS = 6
_SAID_AS_COVER = ("cover.jpg", "cover.jpeg", "cover.png", "cover.webp")


def read_folder(folder: Path, episode_id: str) -> Episode | None:
    """The episode in ``folder``, a folder of the library; None if there is none."""
    all_in_it = contents(folder)
    found = {name: path for name, path in all_in_it.files.items() if not name.startswith(".")}
    problem: EpisodeProblem | None = None
    try:
        stored = read_details(folder) if NAME in found else None
    except ValueError:
        stored, problem = Stored(), EpisodeProblem.DETAILS
    except OutOfPatienceError:
        stored, problem = Stored(), EpisodeProblem.LATER
    audio = _audio(found, stored)
    alignment = _alignment_of(audio, found) if audio else None
    told = alignment or (None if audio else next(iter(_alignments(found).values()), None))  # of sound that is elsewhere
    digest = digest_of(told) if told else None
    transcript = _transcript(found, stored, audio, digest)
    refused = [path for path in all_in_it.others if _is_telling(path)]
    if stored is None and not audio and not told and not any(path.suffix.lower() in SOUNDS for path in refused):
        return None  # a folder of something else
    details = (
        stored.over(digest.details if digest else Details()) if stored else digest.details if digest else Details()
    )
    details = replace(details, cover=next((path.name for path in _covers(found, details)), None))
    episode = Episode(episode_id, folder, details, audio, transcript, alignment, problem)
    if refused:
        return replace(episode, problem=EpisodeProblem.REFUSED)
    if problem:
        return replace(episode, problem=problem)
    problem, about = _problem(episode, found, stored, digest)
    return replace(episode, problem=problem, problem_file=about and shown_name(Path(about)))


def ids_of(folders: Iterable[Path]) -> dict[str, Path]:
    """The folders by their ids, each id once."""
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.absolute().name
        shortest = id_of(name)
        found[shortest if shortest not in found else f"{shortest}-{_hash(str(folder.absolute()))}"] = folder
    return found


def id_of(name: str) -> str:
    """The id of a folder's name: its letters and digits, cut at a whole word, and a hash where those do not say it all.

    Examples
    --------
    >>> id_of("quotecast-demo"), id_of("Épisode 3"), id_of("L’été, cœur à cœur")
    ('quotecast-demo', 'episode-3-55fd68', 'l-ete-coeur-a-coeur-0ca234')
    """
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(name, "-")))
    if len(slug) > _LONGEST_ID:
        slug = slug[: _LONGEST_ID + 1].rpartition("-")[0] or slug[:_LONGEST_ID]
    return slug if slug and slug == name else f"{slug}-{_digits(name)}".lstrip("-")


def known_id(episode_id: str, known: Mapping[str, Path]) -> str | None:
    """The id that a folder has now which has, or once had, the given one: when ids were spelt otherwise, the digits at
    their end were of the name alone too. None where no folder has."""
    if episode_id in known:
        return episode_id
    digits = episode_id.rpartition("-")[2]
    return next((each for each, folder in known.items() if _digits(folder.absolute().name) == digits), None)


def free_path(folder: Path, name: str) -> Path:
    """A path in ``folder`` where nothing is: ``name``, else the same with a number; case does not tell names apart."""
    taken = {composed(path.name).casefold() for path in entries(folder)}
    stem, ending = parted(name)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}{ending}"
    return folder / name


def _is_telling(path: Path) -> bool:
    """Whether it would be the episode's sound, text or details, or a folder in which quotecast keeps something."""
    return path.name in OWN or (not path.name.startswith(".") and path.suffix.lower() in (*SOUNDS, *TEXTS))


def _audio(files: dict[str, Path], stored: Stored | None) -> Path | None:
    """The named one, else one with an alignment, else one with a transcript of its name, else the first."""
    if stored and stored.audio:
        return named(stored.audio, files)
    sounds, alignments = _sounds(files), _alignments(files)
    aligned = [path for path in sounds if composed(output_name(path)) in alignments]
    written = {Path(name).stem for name in files if Path(name).suffix.lower() in TEXTS}
    return next(iter([*aligned, *(path for path in sounds if path.stem in written), *sounds]), None)


def _sounds(files: dict[str, Path]) -> list[Path]:
    return [path for path in files.values() if path.suffix.lower() in SOUNDS]


def _alignments(files: dict[str, Path]) -> dict[str, Path]:
    """All alignments, by the names of their sounds without an ending."""
    found = (path for name, path in files.items() if name.endswith(JSON_SUFFIX))
    return {composed(path.name.removesuffix(JSON_SUFFIX)): path for path in found}


def _alignment_of(sound: Path, files: dict[str, Path]) -> Path | None:
    return named(f"{output_name(sound)}{JSON_SUFFIX}", files)


def _transcript(
    files: dict[str, Path], stored: Stored | None, audio: Path | None, digest: Digest | None
) -> Path | None:
    """The named one, else the one that was aligned, else the likeliest by name: that of the sound first."""
    if stored and stored.transcript:
        return named(stored.transcript, files)
    if digest:
        return named(digest.transcript, files)
    likely = sorted(_texts(files.values()), key=lambda p: (_rank(p), audio is None or p.stem != audio.stem))
    return next(iter(likely), None)


def _texts(paths: Iterable[Path]) -> list[Path]:
    return [
        path
        for path in paths
        if path.suffix.lower() in TEXTS and path.name not in _OURS and not path.name.endswith(JSON_SUFFIX)
    ]


def _rank(path: Path) -> int:
    return 1 if path.suffix.lower() in _CAPTIONS else 0


def covers_in(folder: Path, details: Details) -> list[Path]:
    """The files of an episode's folder that are its cover, or would be if those before were not there."""
    return _covers(contents(folder).files, details)


def _covers(files: dict[str, Path], details: Details) -> list[Path]:
    names: Sequence[str | None] = (details.cover, *_SAID_AS_COVER)
    found = (named(name, files) for name in names if name)
    return list(dict.fromkeys(path for path in found if path))


def _problem(
    episode: Episode, files: dict[str, Path], stored: Stored | None, digest: Digest | None
) -> tuple[EpisodeProblem | None, str | None]:
    """What is wrong, and with which file."""
    if episode.audio is None:
        named_there = stored.audio if stored else None
        return EpisodeProblem.AUDIO, named_there or (digest.audio if digest else None)
    if episode.alignment is not None and digest is None:
        return problem_of(episode.alignment), None
    alignments, own = _alignments(files), composed(output_name(episode.audio))
    sounds = {composed(output_name(sound)) for sound in _sounds(files)} | {own}
    copies = [path for name, path in alignments.items() if name not in sounds]
    if episode.alignment is None and copies and (other := digest_of(copies[0])):
        return EpisodeProblem.RENAMED, other.audio
    if episode.alignment is None and episode.transcript is None:
        return EpisodeProblem.TRANSCRIPT, None
    if others := [path for name, path in alignments.items() if name in sounds and name != own]:
        return EpisodeProblem.SEVERAL, others[0].name
    return (EpisodeProblem.COPY, copies[0].name) if copies else (None, None)


def _digits(name: str) -> str:
    """The digits by which an id tells a name from others that are spelt alike in it."""
    return _hash(name)[:_HASH_DIGITS]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()
