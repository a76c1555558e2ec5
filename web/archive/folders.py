"""List the audio and transcripts in folders and their subfolders, and extract clues (``records.Clues``) from each file.

Links, hidden files and files that quotecast wrote are skipped. Files are read in child processes with limits of time
and memory. If a file cannot be read, a message is added to ``SourceContents.faults``.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
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
from web.archive.records import Audio, Origin, SourceContents, Text
from web.errors import WebError
from web.library.details import MOST_NAMES, NAME
from web.library.episode import AUDIO_TYPES, TEXT_TYPES
from web.library.incoming import audio_info, speakers_of
from web.worker_pool import call

_DEEPEST = 20  # nested folders
_MOST_FILES = 100_000
_NOT_TEXTS = frozenset([NAME, "quotes.json", "readme.md", "readme.txt", "license", "license.txt"])
_CAPTIONS = (".srt", ".vtt", ".json")
_MASTERS = (".wav", ".aif", ".aiff", ".flac", ".mp4", ".mov", ".mkv", ".avi", ".webm")
_NO_NAMES = word_set("transcript transcription transkript audio episode sound son texte text untitled final")
_LEAST_WORDS = 0.25  # of the longest of several transcripts with one name; a shorter one is notes
_MOST_MISSING, _MISSING_SECONDS = 0.5, 10.0  # of the stated length; audio that lacks more is damaged
_LONGEST_TITLE = 300
_MOST_LINES, _LONGEST_LINE = 4, 160  # first lines of a transcript, and characters of each

OnFile = Callable[[int, int], None]
"""Called with the numbers of files done and in all."""


def read_folders(
    locations: Iterable[Path], library: Path, known: Collection[str], on_file: OnFile, contents: SourceContents
) -> None:
    """Add the audio and transcripts at ``locations`` to ``contents``. The folder ``library`` is skipped.

    ``known`` are the paths of imported files, which are not read again. If files in a folder differ only in their
    extension, only one of them is used: compressed audio rather than uncompressed, a document rather than captions. If
    one of them was imported, the others are ignored. Before each file, ``on_file`` is called with the number of files
    already read and the total.

    Raises ArchiveError if there are too many files.
    """
    groups = defaultdict[tuple[Path, str, bool], list[Path]](list)
    for path, state in (file for each in locations for file in _files(each, library)):
        if str(path) in contents.states:
            continue
        contents.states[str(path)] = state
        if len(contents.states) > _MOST_FILES:
            raise ArchiveError("more than {most} files of audio and text; name fewer folders", most=_MOST_FILES)
        groups[path.parent, path.stem, is_audio(path)].append(path)
    of_one_episode = _folders_of_one_episode(groups)
    new = {key: files for key, files in groups.items() if not any(str(file) in known for file in files)}
    for number, ((folder, _, of_audio), files) in enumerate(new.items()):
        on_file(number, len(new))
        (_read_audio if of_audio else _read_texts)(files, folder if folder in of_one_episode else None, contents)
    on_file(len(new), len(new))
    contents.texts = _without_shared_titles(contents.texts)


def inspect_audio(path: Path, own_folder: Path | None = None) -> Audio:
    """Read an audio file and return it as ``Audio`` with its clues. ``own_folder`` is the file's folder if that holds
    only one episode. Raises ArchiveError, WebError or OSError if the file is unusable."""
    tags = audio_info(path)
    playable = call(_playable_seconds, path)
    if tags.duration and tags.duration - playable > max(_MISSING_SECONDS, _MOST_MISSING * tags.duration):
        raise ArchiveError(
            "{path}: the audio is damaged: {playable:.1f} s of {stated:.0f} s can be played",
            path=path.name, playable=playable, stated=tags.duration,
        )  # fmt: skip
    file = origin_of(path)
    titles = tuple(filter(None, [tags.title]))
    clues = clues_of(
        _names_of(path, own_folder), titles, length=tags.duration or playable, date=tags.date, show=tags.show,
        keywords=distinctive_words(" ".join([path.stem, *titles])),
    )  # fmt: skip
    return Audio(f"file:{file.sha256}", clues, file, own_folder=own_folder)


def inspect_text(path: Path, own_folder: Path | None = None) -> Text:
    """Read a transcript and return it as ``Text`` with its clues. ``own_folder`` is the file's folder if that holds
    only one episode. Raises UserError, WebError or OSError if the file is unusable."""
    file = origin_of(path)
    return replace(call(_read_text, path, own_folder), key=f"file:{file.sha256}", file=file)


def origin_of(path: Path) -> Origin:
    return Origin(str(path), state_of(path), sha256_of(path))


def state_of(path: Path) -> str:
    """Return the size and modification time of a file, as used in ``Origin.state``."""
    return format_state(status_of(path))


def format_state(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def is_audio(path: Path) -> bool:
    return path.suffix.lower() in AUDIO_TYPES


def _read_audio(files: list[Path], own_folder: Path | None, contents: SourceContents) -> None:
    first, *others = sorted(files, key=lambda file: (file.suffix.lower() in _MASTERS, file.name))
    contents.duplicates += [(printable(first.name), printable(other.name)) for other in others]
    try:
        contents.audio.append(inspect_audio(first, own_folder))
    except (UserError, WebError, OSError) as error:
        contents.faults.append(_fault(first, error))


def _read_texts(files: list[Path], own_folder: Path | None, contents: SourceContents) -> None:
    texts = list[Text]()
    for file in sorted(files, key=lambda file: (file.suffix.lower() in _CAPTIONS, file.name)):
        try:
            texts.append(inspect_text(file, own_folder))
        except (UserError, WebError, OSError) as error:
            contents.faults.append(_fault(file, error))
    if texts:
        longest = max(text.clues.length or 0.0 for text in texts)
        used = next(text for text in texts if (text.clues.length or 0.0) >= _LEAST_WORDS * longest)
        contents.texts.append(used)
        contents.duplicates += [(used.name, text.name) for text in texts if text is not used]


def _fault(path: Path, error: UserError | WebError | OSError) -> str:
    reason = reason_of(error)
    return str(reason) if path.name in reason else f"{printable(path.name)}: {reason}"


def _playable_seconds(path: Path) -> float:
    """Return the seconds of audio that a file contains: in a truncated file, fewer than the header states."""
    import contextlib

    from media.decode import open_container

    with contextlib.closing(open_container(path)) as container:
        stream = container.streams.audio[0]
        return float(sum((packet.duration or 0) for packet in container.demux(stream)) * stream.time_base)


def _read_text(path: Path, own_folder: Path | None) -> Text:
    file = open_transcript(path)
    transcript = file.understood()
    passages = [(each.kind, transcript.text[each.char_start : each.char_end]) for each in transcript.segments]
    above = takewhile(lambda each: each[0] is not Kind.SPEECH, passages[:3])  # a later heading is one of a chapter
    headings = [text for kind, text in above if kind is Kind.HEADING]
    found = [file.draft.title or "", file.draft.headline or "", transcript.title or "", *headings]
    titles = tuple(dict.fromkeys(" ".join(each.split())[:_LONGEST_TITLE] for each in found if _is_title(each)))
    spoken = [word.text for word in transcript.words if transcript.segments[word.segment].kind is Kind.SPEECH]
    words = " ".join(spoken)
    lines = [" ".join(text[: 2 * _LONGEST_LINE].split()) for kind, text in passages if kind is Kind.SPEECH]
    # In a script without spaces the number of words is unknown.
    clues = clues_of(
        _names_of(path, own_folder), titles, length=None if has_unspaced(words) else float(len(spoken)) or None,
        language=guess_language(transcript), keywords=distinctive_words(words),
    )  # fmt: skip
    return Text(
        "", clues, words_hash=hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
        first_lines=tuple(printable(shorten(line, _LONGEST_LINE, placeholder=" …")) for line in lines[:_MOST_LINES]),
        title=next(iter(titles), None), labels=tuple(speakers_of(transcript))[:MOST_NAMES], own_folder=own_folder,
    )  # fmt: skip


def _is_title(title: str) -> bool:
    return any(map(str.isalpha, title)) and not is_transcript_title(title) and not title.lower().endswith(TEXT_TYPES)


def _without_shared_titles(texts: list[Text]) -> list[Text]:
    """Return the texts. Titles that several texts share become None, as an edited copy often keeps the old title."""
    count = Counter(text.title.casefold() for text in texts if text.title)
    return [replace(text, title=None) if text.title and count[text.title.casefold()] > 1 else text for text in texts]


def _names_of(path: Path, own_folder: Path | None) -> tuple[str, ...]:
    names = [path.stem, *([own_folder.name] if own_folder else [])]
    return tuple(name for name in map(printable, names) if folded(name) not in _NO_NAMES)


def _files(at: Path, library: Path) -> Iterator[tuple[Path, str]]:
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
                yield folder / name, format_state(status)
        inner = folders(folder)
        if (folder / HIDDEN) in inner or any(name.endswith(JSON_SUFFIX) for name in files):
            inner = [path for path in inner if path.name.casefold() not in OWN]
        if depth < _DEEPEST:
            waiting.extend((path, depth + 1) for path in reversed(inner) if not path.name.startswith("."))


def _is_wanted(name: str) -> bool:
    name = name.lower()
    if name.startswith((".", "~$")) or name in _NOT_TEXTS or name.endswith((JSON_SUFFIX, ".info.json")):
        return False
    return name.endswith((*AUDIO_TYPES, *TEXT_TYPES))


def _is_our_caption(path: Path, beside: Collection[str]) -> bool:
    """Return whether quotecast wrote the captions at ``path``: then the folder has an alignment of the same name, made
    from a transcript other than these captions. ``beside`` are the names of the files in the folder."""
    alignment = f"{path.stem}{JSON_SUFFIX}"
    if path.suffix.lower() not in (".srt", ".vtt") or alignment not in beside:
        return False
    try:
        return Path(call(read_head, path.with_name(alignment)).transcript.file).name != path.name
    except (UserError, WebError, OSError):
        return False


def _folders_of_one_episode(groups: Iterable[tuple[Path, str, bool]]) -> set[Path]:
    count = Counter((folder, of_audio) for folder, _, of_audio in groups)
    return {folder for folder, of_audio in count if of_audio and count[folder, True] == count[folder, False] == 1}


def holds_loose_files(folder: Path) -> bool:
    """Return whether a folder directly contains audio or transcripts. Such a folder is a source, never a library."""
    return any(map(_is_wanted, plain_files(folder)))
