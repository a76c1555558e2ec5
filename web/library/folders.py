"""Episodes' folders: what lies in them, whoever put it there; their ids in addresses, and safe names for their files.

Conventions
-----------
- episode.json names the files; where it does not, or is not there, their names tell what they are.
- ``NAME.alignment.json`` belongs to the sound NAME. NAME.vtt and NAME.srt are captions that we write; they are taken
  for the transcript only where nothing else can be and there is no alignment.
- What is no regular file, or a link out of the library, is not opened; where it would matter it is told.
- An id is short, plain, and never a path. A name from outside is made safe on every system and stays readable.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from aligner.storage.outputs import JSON_SUFFIX, output_name
from media.listing import contents, entries
from web.library.details import NAME, Stored, read_details
from web.library.digests import Digest, digest_of, problem_of
from web.library.episode import Details, Episode, EpisodeProblem

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
_LONGEST_BYTES = 150  # of 255; what is written beside a file has longer endings
_LONGEST_ENDING = 12  # characters; what is longer is part of the name
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # controls, marks of direction, private and lone surrogates
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
    audio = _audio(found, stored)
    alignment = found.get(f"{output_name(audio)}{JSON_SUFFIX}") if audio else None
    digest = digest_of(alignment) if alignment else None
    transcript = _transcript(found, stored, audio, digest)
    refused = [path for path in all_in_it.others if _is_telling(path)]
    if stored is None and not audio and not any(path.suffix.lower() in SOUNDS for path in refused):
        return None  # a folder of something else
    details = (
        stored.over(digest.details if digest else Details()) if stored else digest.details if digest else Details()
    )
    episode = Episode(
        episode_id, folder, replace(details, cover=_cover(found, details)), audio, transcript, alignment, problem
    )
    if refused:
        return replace(episode, problem=EpisodeProblem.REFUSED)
    return replace(episode, problem=problem or _problem(episode, found, digest))


def ids_of(folders: Iterable[Path]) -> dict[str, Path]:
    """The folders by their ids, each id once."""
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.absolute().name
        shortest = id_of(name)
        found[shortest if shortest not in found else f"{shortest}-{_hash(str(folder.absolute()))}"] = folder
    return found


def id_of(name: str) -> str:
    """The id of a folder's name: its letters and digits, and a hash where those do not say it all.

    Examples
    --------
    >>> id_of("quotecast-demo"), id_of("Épisode 3")
    ('quotecast-demo', 'episode-3-55fd68')
    """
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", bare)[:_LONGEST_ID].strip("-")
    return slug if slug and slug == name else f"{slug}-{_hash(name)[:6]}".lstrip("-")


def safe_name(given: str, otherwise: str) -> str:
    """The last part of a path from any system as a name for a file here; ``otherwise`` if nothing of it is left.

    Examples
    --------
    >>> safe_name("C:\\\\Users\\\\Léa\\\\..épisode 3?.MP3", "audio")
    'épisode 3.MP3'
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub(" ", name).split())
    stem, ending = _parted(name.rstrip(". "))
    stem = stem.strip(". ")
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"{stem}_"
    stem = _shortened(stem, _LONGEST_BYTES - len(ending.encode()))
    return f"{stem or otherwise}{ending}"


def free_path(folder: Path, name: str) -> Path:
    """A path in ``folder`` where nothing is: ``name``, else the same with a number; case does not tell names apart."""
    taken = {unicodedata.normalize("NFC", path.name).casefold() for path in entries(folder)}
    stem, ending = _parted(name)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}{ending}"
    return folder / name


def _is_telling(path: Path) -> bool:
    """Whether it would be the episode's sound, text or details."""
    return not path.name.startswith(".") and path.suffix.lower() in (*SOUNDS, *TEXTS)


def _audio(files: dict[str, Path], stored: Stored | None) -> Path | None:
    """The named one, else one with an alignment, else one with a transcript of its name, else the first."""
    if stored and stored.audio:
        return files.get(stored.audio)
    sounds = [path for path in files.values() if path.suffix.lower() in SOUNDS]
    aligned = [path for path in sounds if f"{output_name(path)}{JSON_SUFFIX}" in files]
    written = {Path(name).stem for name in files if Path(name).suffix.lower() in TEXTS}
    return next(iter([*aligned, *(path for path in sounds if path.stem in written), *sounds]), None)


def _transcript(
    files: dict[str, Path], stored: Stored | None, audio: Path | None, digest: Digest | None
) -> Path | None:
    """The named one, else the one that was aligned, else the likeliest by name: that of the sound first."""
    if stored and stored.transcript:
        return files.get(stored.transcript)
    if digest:
        return files.get(digest.transcript)
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


def _cover(files: dict[str, Path], details: Details) -> str | None:
    names: Sequence[str | None] = (details.cover, *_SAID_AS_COVER)
    return next((name for name in names if name and name in files), None)


def _problem(episode: Episode, files: dict[str, Path], digest: Digest | None) -> EpisodeProblem | None:
    if episode.audio is None:
        return EpisodeProblem.AUDIO
    if episode.alignment is not None and digest is None:
        return problem_of(episode.alignment)
    if episode.alignment is None and episode.transcript is None:
        return EpisodeProblem.TRANSCRIPT
    others = [n for n in files if n.endswith(JSON_SUFFIX) and files[n] != episode.alignment]
    return EpisodeProblem.SEVERAL if others else None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()


def _parted(name: str) -> tuple[str, str]:
    """A name and its ending, dot included; a long one or one with spaces is none."""
    stem, dot, ending = name.rpartition(".")
    if dot and 0 < len(ending) <= _LONGEST_ENDING and ending.isalnum():
        return stem, f"{dot}{ending}"
    return name, ""


def _shortened(text: str, length_bytes: int) -> str:
    return text.encode()[:length_bytes].decode("utf-8", "ignore").rstrip(". ")
