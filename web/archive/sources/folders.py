"""Folders of sound and transcripts, looked through: what lies in them, however deep, and what it says of itself.

Links are not followed, hidden names are passed over, and so is what quotecast itself writes beside an episode. What a
file holds is looked at by a child with limits (``web.bounded``); one that cannot be read is told, and hinders no other.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from aligner.languages import word_set
from aligner.model import Kind, Transcript
from aligner.storage.alignment_head import read_head
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import JSON_SUFFIX, printable
from aligner.transcript import is_transcript_title, open_transcript
from aligner.typography import has_unspaced
from media.confinement import HIDDEN, OWN, is_folder, is_regular, status_of, where
from media.confinement import place as at
from media.errors import UserError
from media.listing import contents
from web.archive.errors import ArchiveError, told
from web.archive.pairing.items import Clues, File, Sound, Text
from web.archive.pairing.names import folded, hashed, words_of
from web.archive.sources.encodings import Copy, Once, once
from web.archive.sources.forms import forms_of, names_of
from web.archive.sources.titled import titles_of, with_own_titles
from web.bounded import call
from web.errors import WebError
from web.library.details import MOST_NAMES, NAME
from web.library.folders import SOUNDS, TEXTS
from web.library.preview import guess_language, speakers_of
from web.library.sent_files import look_at

_DEEPEST = 20  # folders within one another
_MOST_FILES = 100_000  # sounds and texts
_OURS = (JSON_SUFFIX, ".info.json")
_NOT_TEXTS = frozenset([NAME, "quotes.json", "readme.md", "readme.txt", "license", "license.txt"])
_MADE = (".srt", ".vtt")  # captions that are written beside an alignment
_TELLING_LETTERS = 4  # of a word that may tell one text from another
_MOST_SAID = 4000  # such words of a text
_LONGEST_TITLE = 300
_MOST_LINES, _LONGEST_OPENING = 4, 320  # of a text's beginning, and characters of it
_NO_NAMES = word_set("transcript transcription transkript audio episode sound son texte text untitled final")

Watch = Callable[[int, int], None]
"""Told how many files were looked at, of how many."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is in folders: sounds, texts, and in words what could not be used; by the name of what is taken, texts
    ``beside`` it that are called so, and the ``copies`` of sounds in another encoding."""

    sounds: tuple[Sound, ...] = ()
    texts: tuple[Text, ...] = ()
    faults: tuple[str, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    copies: tuple[Copy, ...] = ()


def look_through(
    places: list[Path],
    library: Path,
    watch: Watch = lambda *_: None,
    skipped: Callable[[Path], bool] = lambda _: False,
    each_once: Once = once,
    own: Collection[str] = (),
) -> Found:
    """The sounds and texts at ``places``, files or folders, but for what lies in the ``library`` or is
    ``skipped``; of sounds in several encodings ``each_once``, of texts that are called alike one, that whose path is
    among ``own`` ones where one is.

    Raises
    ------
    ArchiveError
        There is nothing at one of them, or more than ``_MOST_FILES``.
    """
    files = list(dict.fromkeys(file for place in places for file in _files(place, library)))
    if len(files) > _MOST_FILES:
        raise ArchiveError("more than {most} files of sound and text; name fewer folders", most=_MOST_FILES)
    alone = _alone(files)
    forms = forms_of((file for file in files if file.suffix.lower() in TEXTS), own)
    wanted = [*(file for file in files if file.suffix.lower() in SOUNDS), *(f for each in forms for f in each.to_read)]
    wanted = [file for file in wanted if not skipped(file)]
    sounds, read, faults = list[Sound](), dict[Path, Text](), list[str]()
    for number, file in enumerate(wanted):
        watch(number, len(wanted))
        try:
            if file.suffix.lower() in SOUNDS:
                sounds.append(look_at_sound(file, file.parent in alone))
            else:
                read[file] = look_at_text(file, file.parent in alone)
        except (UserError, WebError, OSError) as error:
            faults.append(_about(file, told(error)))
    watch(len(wanted), len(wanted))
    kept, copies = each_once(sounds)
    taken = {each.taken(read): each for each in forms}
    beside = [(one, other) for one, each in taken.items() for other in each.files if other != one]
    texts = tuple(read[one] for one in taken if one in read)
    return Found(kept, tuple(with_own_titles(texts)), tuple(faults), names_of(beside, taken), copies)


def first_file(place: Path) -> Path | None:
    """A sound or text at a place, which is there; None where there is none."""
    return next(_files(place), None)


def lies_loose(folder: Path) -> bool:
    """Whether a sound or text lies right in a folder."""
    return any(map(_is_wanted, contents(folder).files))


def look_at_sound(path: Path, alone: bool = False) -> Sound:
    """The sound in a file; raises as ``look_at``, or OSError."""
    looked = look_at(path)
    file = _file(path)
    titles = tuple(filter(None, [looked.title]))
    clues = Clues.of(
        names_by(path, alone),
        titles,
        length=looked.duration,
        date=looked.date,
        show=looked.show,
        said=said_in(" ".join([path.stem, *titles])),
    )
    return Sound(f"file:{file.sha256}", clues, file, folder=path.parent, alone=alone)


def look_at_text(path: Path, alone: bool = False) -> Text:
    """The transcript in a file; raises UserError or WebError where it is none, or OSError."""
    looked = call(_look_at_text, path)
    clues = Clues.of(
        names_by(path, alone),
        looked.titles,
        length=float(looked.words) or None,
        language=looked.language,
        said=looked.said,
    )
    file = _file(path)
    return Text(
        f"file:{path}",
        clues,
        file,
        folder=path.parent,
        alone=alone,
        same=looked.same,
        opening=looked.opening,
        titles=looked.own_titles,
        labels=looked.labels,
    )


def names_by(path: Path, alone: bool = False) -> tuple[str, ...]:
    """What a file is called, as far as that tells something; its folder too where that is of it ``alone``."""
    names = [path.stem, *([path.parent.name] if alone else [])]
    return tuple(name for name in map(printable, names) if folded(name) not in _NO_NAMES)


def said_in(text: str) -> tuple[int, ...]:
    """The words of a text that may tell it from others, as sorted hashes."""
    words = {word for word in words_of(text) if len(word) >= _TELLING_LETTERS}
    return tuple(sorted({hashed(word) for word in sorted(words)[:_MOST_SAID]}))


@dataclass(frozen=True, slots=True)
class _Looked:
    titles: tuple[str, ...]
    language: str | None
    words: int
    said: tuple[int, ...]
    same: str
    opening: tuple[str, ...]
    own_titles: tuple[str, ...]
    labels: tuple[str, ...]


def _look_at_text(path: Path) -> _Looked:
    file = open_transcript(path)
    transcript = file.understood()
    headings = (transcript.text[s.char_start : s.char_end] for s in transcript.segments[:3] if s.kind is Kind.HEADING)
    titles = [transcript.title, *(each for each in headings if not is_transcript_title(each))]
    spoken = [word.text for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH]
    letters = " ".join(spoken)
    # A name of a file is cut at _LONGEST characters, a text is not.
    words = {part for word in spoken if len(word) >= _TELLING_LETTERS for part in words_of(word)}
    said = sorted({hashed(word) for word in sorted(words) if len(word) >= _TELLING_LETTERS})[:_MOST_SAID]
    return _Looked(
        tuple(dict.fromkeys(title[:_LONGEST_TITLE] for title in titles if title)),
        guess_language(transcript),
        0 if has_unspaced(letters) else len(spoken),  # of such words nobody can tell how many there are
        tuple(said),
        hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest(),
        _opening(transcript),
        tuple(title[:_LONGEST_TITLE] for title in titles_of(file.draft)),
        tuple(speakers_of(transcript))[:MOST_NAMES],
    )


def _opening(transcript: Transcript) -> tuple[str, ...]:
    """The first lines of what is said, after who says it where that is another, cut where they tell enough."""
    lines, left, before = list[str](), _LONGEST_OPENING, None
    for segment in (each for each in transcript.segments if each.kind is Kind.SPEECH):
        if left <= 0 or len(lines) == _MOST_LINES:
            break
        said = transcript.text[segment.char_start : segment.char_end][: 2 * _LONGEST_OPENING]
        who = [f"{segment.speaker}:"] if segment.speaker and segment.speaker != before else []
        line, before = printable(" ".join([*who, *said.split()])), segment.speaker
        lines.append(line if len(line) <= left else f"{line[:left].rpartition(' ')[0] or line[:left]} …")
        left -= len(line)
    return tuple(lines)


def _files(place: Path, library: Path | None = None) -> Iterator[Path]:
    """The sounds and texts at a place, by name."""
    if is_regular(place):
        yield place.absolute()
        return
    if not is_folder(place):
        raise ArchiveError("{path}: nothing is there; expected a feed, a folder or a file", path=place)
    folders = [(place.absolute(), 0)]
    while folders:
        folder, depth = folders.pop()
        if where(folder) == library:
            continue
        found = contents(folder)
        wanted = (path for name, path in found.files.items() if _is_wanted(name) and not _is_link(path))
        yield from (path for path in wanted if not _is_made(path, found.files))
        inner = [path for path in found.folders if not path.name.startswith(".") and not _is_link(path)]
        beside = (*found.files, *(path.name for path in found.folders))
        if any(name == HIDDEN or name.endswith(JSON_SUFFIX) for name in beside):
            inner = [path for path in inner if path.name.casefold() not in OWN]  # what is quotecast's own there
        if depth < _DEEPEST:
            folders.extend((path, depth + 1) for path in reversed(inner))


def _is_link(path: Path) -> bool:
    return at(path).is_symlink()


def _is_made(path: Path, beside: Collection[str]) -> bool:
    """Whether it is captions of an alignment that lies beside it, and not the transcript that this was made of."""
    alignment = f"{path.stem}{JSON_SUFFIX}"
    if path.suffix.lower() not in _MADE or alignment not in beside:
        return False
    try:
        return Path(call(read_head, path.with_name(alignment)).transcript.file).name != path.name
    except (UserError, WebError, OSError):
        return False


def _is_wanted(name: str) -> bool:
    small = name.lower()
    if small.startswith("~$"):  # Word's own, while a document is open
        return False
    if small.startswith(".") or small in _NOT_TEXTS or small.endswith(_OURS):
        return False
    return small.endswith((*SOUNDS, *TEXTS))


def _alone(files: list[Path]) -> set[Path]:
    """The folders with one sound and one text, in whatever forms that lies there."""
    sounds, texts = defaultdict[Path, set[str]](set), defaultdict[Path, set[str]](set)
    for file in files:
        (sounds if file.suffix.lower() in SOUNDS else texts)[file.parent].add(file.stem)
    return {folder for folder in sounds if len(sounds[folder]) == 1 == len(texts.get(folder, ()))}


def _file(path: Path) -> File:
    status = status_of(path)
    return File(path, status.st_size, status.st_mtime_ns, sha256_of(path))


def _about(file: Path, why: str) -> str:
    return why if file.name in why else f"{printable(file.name)}: {why}"
