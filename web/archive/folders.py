"""Audio and transcripts in folders: what lies there, however deep, and what each file says of itself.

Links are not followed, hidden names are skipped, and so is what quotecast itself writes beside an episode. What a file
holds is read by a child process with limits; one that cannot be read is listed as a fault and stops no other.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import shorten

from aligner.languages import word_set
from aligner.model import Kind
from aligner.storage.alignment_json import read_head
from aligner.storage.database import HIDDEN, OWN
from aligner.storage.file_names import JSON_SUFFIX, printable, sha256_of
from aligner.transcript import is_transcript_title, open_transcript
from aligner.transcript.language import guess_language
from aligner.typography import has_unspaced
from media.errors import UserError
from media.safe_fs import folders, is_regular, plain_files, status_of, where
from web.archive.errors import ArchiveError, reason_of
from web.archive.names import clues_of, distinctive_words, folded
from web.archive.records import Audio, Offer, Origin, Text
from web.errors import WebError
from web.library.details import MOST_NAMES, NAME
from web.library.episode import SOUNDS, TEXTS
from web.library.incoming import look_at, speakers_of
from web.worker_pool import call

_DEEPEST = 20  # folders within one another
_MOST_FILES = 100_000
_NOT_TEXTS = frozenset([NAME, "quotes.json", "readme.md", "readme.txt", "license", "license.txt"])
_CAPTIONS = (".srt", ".vtt", ".json")
_MASTERS = (".wav", ".aif", ".aiff", ".flac", ".mp4", ".mov", ".mkv", ".avi", ".webm")
_NO_NAMES = word_set("transcript transcription transkript audio episode sound son texte text untitled final")
_LEAST_WORDS = 0.25  # of the longest of several transcripts with one name: what is shorter is notes
_MOST_MISSING, _MISSING_SECONDS = 0.5, 10.0  # of the stated length, from which on an audio file is damaged
_LONGEST_TITLE = 300
_MOST_LINES, _LONGEST_LINE = 4, 160  # of a transcript's first lines, and characters of each

Watch = Callable[[int, int], None]
"""Called with how many files were read, of how many."""


def read_folders(places: Iterable[Path], library: Path, known: Collection[str], watch: Watch, found: Offer) -> None:
    """Read the files and folders at ``places``, except what lies in the ``library``, into an offer.

    Files whose paths are ``known`` are not read. Of files in one folder that differ by their ending alone one is used:
    the known one, compressed audio before masters, documents before captions.

    Raises ArchiveError: there is nothing at one of the places, or there are too many files.
    """
    groups = defaultdict[tuple[Path, str, bool], list[Path]](list)
    for path, state in (file for each in places for file in _files(each, library)):
        if str(path) in found.states:
            continue
        found.states[str(path)] = state
        if len(found.states) > _MOST_FILES:
            raise ArchiveError("more than {most} files of audio and text; name fewer folders", most=_MOST_FILES)
        groups[path.parent, path.stem, is_audio(path)].append(path)
    alone = _alone(groups)
    new = {key: files for key, files in groups.items() if not any(str(file) in known for file in files)}
    for number, ((folder, _, of_audio), files) in enumerate(new.items()):
        watch(number, len(new))
        (_read_audio if of_audio else _read_texts)(files, folder if folder in alone else None, found)
    watch(len(new), len(new))
    found.texts = _with_own_titles(found.texts)


def look_at_audio(path: Path, alone_in: Path | None = None) -> Audio:
    """Read what an audio file says of itself.

    Raises ArchiveError, WebError, OSError: it is no audio, or damaged.
    """
    looked = look_at(path)
    playable = call(_playable_seconds, path)
    if looked.duration and looked.duration - playable > max(_MISSING_SECONDS, _MOST_MISSING * looked.duration):
        raise ArchiveError(
            "{path}: the audio is damaged: {playable:.1f} s of {stated:.0f} s can be played",
            path=path.name, playable=playable, stated=looked.duration,
        )  # fmt: skip
    file = source_file(path)
    titles = tuple(filter(None, [looked.title]))
    clues = clues_of(
        _names_of(path, alone_in), titles, length=looked.duration or playable, date=looked.date, show=looked.show,
        said=distinctive_words(" ".join([path.stem, *titles])),
    )  # fmt: skip
    return Audio(f"file:{file.sha256}", clues, file, alone_in=alone_in)


def look_at_text(path: Path, alone_in: Path | None = None) -> Text:
    """Read what a transcript says of itself; raises UserError, WebError or OSError where it is none."""
    file = source_file(path)
    return replace(call(_read_text, path, alone_in), key=f"file:{file.sha256}", file=file)


def source_file(path: Path) -> Origin:
    return Origin(str(path), state_of(path), sha256_of(path))


def state_of(path: Path) -> str:
    """Return the size and the time of change of a file as a text."""
    return state_by(status_of(path))


def state_by(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def is_audio(path: Path) -> bool:
    return path.suffix.lower() in SOUNDS


def _read_audio(files: list[Path], alone_in: Path | None, found: Offer) -> None:
    first, *others = sorted(files, key=lambda file: (file.suffix.lower() in _MASTERS, file.name))
    found.duplicates += [(printable(first.name), printable(other.name)) for other in others]
    try:
        found.audio.append(look_at_audio(first, alone_in))
    except (UserError, WebError, OSError) as error:
        found.faults.append(_fault(first, error))


def _read_texts(files: list[Path], alone_in: Path | None, found: Offer) -> None:
    texts = list[Text]()
    for file in sorted(files, key=lambda file: (file.suffix.lower() in _CAPTIONS, file.name)):
        try:
            texts.append(look_at_text(file, alone_in))
        except (UserError, WebError, OSError) as error:
            found.faults.append(_fault(file, error))
    if texts:
        longest = max(text.clues.length or 0.0 for text in texts)
        used = next(text for text in texts if (text.clues.length or 0.0) >= _LEAST_WORDS * longest)
        found.texts.append(used)
        found.duplicates += [(used.name, text.name) for text in texts if text is not used]


def _fault(path: Path, error: UserError | WebError | OSError) -> str:
    reason = reason_of(error)
    return str(reason) if path.name in reason else f"{printable(path.name)}: {reason}"


def _playable_seconds(path: Path) -> float:
    """Return how much audio the packets of a file hold, whatever its header says; nothing is decoded."""
    import contextlib

    from media.decode import open_container

    with contextlib.closing(open_container(path)) as container:
        stream = container.streams.audio[0]
        return float(sum((packet.duration or 0) for packet in container.demux(stream)) * stream.time_base)


def _read_text(path: Path, alone_in: Path | None) -> Text:
    file = open_transcript(path)
    transcript = file.understood()
    passages = [(each.kind, transcript.text[each.char_start : each.char_end]) for each in transcript.segments]
    headings = [text for kind, text in passages[:3] if kind is Kind.HEADING]
    found = [file.draft.title or "", file.draft.headline or "", transcript.title or "", *headings]
    titles = tuple(dict.fromkeys(" ".join(each.split())[:_LONGEST_TITLE] for each in found if _is_title(each)))
    spoken = [word.text for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH]
    wording = " ".join(spoken)
    opening = [" ".join(text[: 2 * _LONGEST_LINE].split()) for kind, text in passages if kind is Kind.SPEECH]
    # Of a script without spaces nobody can tell how many words there are.
    clues = clues_of(
        _names_of(path, alone_in), titles, length=None if has_unspaced(wording) else float(len(spoken)) or None,
        language=guess_language(transcript), said=distinctive_words(wording),
    )  # fmt: skip
    return Text(
        "", clues, wording=hashlib.sha256(wording.encode("utf-8", "replace")).hexdigest(),
        opening=tuple(printable(shorten(line, _LONGEST_LINE, placeholder=" …")) for line in opening[:_MOST_LINES]),
        title=next(iter(titles), None), labels=tuple(speakers_of(transcript))[:MOST_NAMES], alone_in=alone_in,
    )  # fmt: skip


def _is_title(title: str) -> bool:
    return any(map(str.isalpha, title)) and not is_transcript_title(title) and not title.lower().endswith(TEXTS)


def _with_own_titles(texts: list[Text]) -> list[Text]:
    """Drop titles that other transcripts have too: a document's property often is that of the one it was begun as a
    copy of."""
    count = Counter(text.title.casefold() for text in texts if text.title)
    return [replace(text, title=None) if text.title and count[text.title.casefold()] > 1 else text for text in texts]


def _names_of(path: Path, alone_in: Path | None) -> tuple[str, ...]:
    """Return the name of a file, and of the folder that it has to itself, where these say something."""
    names = [path.stem, *([alone_in.name] if alone_in else [])]
    return tuple(name for name in map(printable, names) if folded(name) not in _NO_NAMES)


def _files(at: Path, library: Path) -> Iterator[tuple[Path, str]]:
    """List the audio and transcripts at a place, by name, with their states."""
    if is_regular(at):
        yield at.absolute(), state_of(at)
        return
    waiting = [(at.absolute(), 0)]
    while waiting:
        folder, depth = waiting.pop()
        if where(folder) == library:
            continue
        files = plain_files(folder)
        for name, status in files.items():
            if _is_wanted(name) and not _is_our_caption(folder / name, files):
                yield folder / name, state_by(status)
        inner = folders(folder)
        if (folder / HIDDEN) in inner or any(name.endswith(JSON_SUFFIX) for name in files):
            inner = [path for path in inner if path.name.casefold() not in OWN]
        if depth < _DEEPEST:
            waiting.extend((path, depth + 1) for path in reversed(inner) if not path.name.startswith("."))


def _is_wanted(name: str) -> bool:
    small = name.lower()
    if small.startswith((".", "~$")) or small in _NOT_TEXTS or small.endswith((JSON_SUFFIX, ".info.json")):
        return False
    return small.endswith((*SOUNDS, *TEXTS))


def _is_our_caption(path: Path, beside: Collection[str]) -> bool:
    """Return whether a file is captions written beside an alignment, and not the transcript that was aligned."""
    alignment = f"{path.stem}{JSON_SUFFIX}"
    if path.suffix.lower() not in (".srt", ".vtt") or alignment not in beside:
        return False
    try:
        return Path(call(read_head, path.with_name(alignment)).transcript.file).name != path.name
    except (UserError, WebError, OSError):
        return False


def _alone(groups: Iterable[tuple[Path, str, bool]]) -> set[Path]:
    """Return the folders that hold one audio file and one transcript, in whatever formats."""
    count = Counter((folder, of_audio) for folder, _, of_audio in groups)
    return {folder for folder, of_audio in count if of_audio and count[folder, True] == count[folder, False] == 1}


def holds_loose_files(folder: Path) -> bool:
    """Return whether audio or transcripts lie right in a folder, as in a source and never in a library."""
    return any(map(_is_wanted, plain_files(folder)))
