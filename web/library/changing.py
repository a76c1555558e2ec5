"""Changing an episode: its details, its transcript, and whether it is there.

The transcript's text is never changed. A speaker who is to be shown by another name gets it in the alignment and the
captions; which label has which name is kept in episode.json, and comes back when the episode is aligned again.

What is removed can come back: its folder moves to LIBRARY/trash, whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from aligner.errors import AlignmentError, OutputError, TranscriptError
from aligner.model import Alignment, EpisodeDetails, Transcript
from aligner.storage.alignment_json import read_alignment
from aligner.storage.audio_lookup import inside
from aligner.storage.backups import to_keep
from aligner.storage.moving import make_folder, move
from aligner.storage.outputs import JSON_SUFFIX, OutputOptions, output_contents
from aligner.transcript import read_transcript, renamed
from media.confinement import is_regular, read_regular
from web.bounded import call
from web.errors import Conflict, NotFound, Unusable
from web.library.adding import EpisodeForm, file_names
from web.library.details import checked_details, write_details
from web.library.episode import Details, Episode
from web.library.folders import free_path, ids_of, read_folder
from web.library.incoming import Staged
from web.library.preview import cover_name, labels_in
from web.library.shelf import TRASH, Library, subfolders


def labels_of(episode: Episode) -> dict[str, str]:
    """The labels of the transcript's speakers, and by what name each is shown; none where it cannot be read."""
    labels = _labels(episode) or ()
    return {label: episode.details.names.get(label, label) for label in labels}


def edit(
    episode: Episode,
    form: EpisodeForm,
    cover: Path | None = None,
    end_work: Callable[[Path], object] = lambda _: None,
) -> None:
    """Save details, and a new cover if there is one, once ``end_work`` has ended what would write over them; alignment
    and captions follow.

    Raises
    ------
    Unusable
        A field cannot be as it is.
    OutputError
        The folder cannot be written.
    """
    labels = _labels(episode)
    details = checked_details(form.fields, form.names, labels or ())
    if labels is None:
        details = replace(details, speakers=episode.details.speakers, names=episode.details.names)
    picture: dict[Path, bytes | Path] = _new_cover(episode, cover) if cover else {}
    end_work(episode.folder)
    details = replace(details, cover=[*picture][-1].name if picture else episode.details.cover)
    told = _told(episode, details)
    write_details(episode.folder, details, _name(episode.audio), _name(episode.transcript), told, picture)


def replace_transcript(episode: Episode, staged: Staged) -> None:
    """Put another transcript in the place of the episode's, which is kept beside it.

    Raises
    ------
    Conflict
        The episode has no sound, or no transcript was sent.
    Unusable
        The new one cannot be used.
    OutputError
        The folder cannot be written. In every case nothing has changed.
    """
    if episode.audio is None:
        raise Conflict("problem.audio")
    if staged.transcript is None:
        raise Conflict("upload.missing.transcript")
    labels = labels_in(staged.transcript)
    _, name = file_names(episode.audio.name, staged.transcript.name)
    path, content = episode.folder / name, read_regular(staged.transcript)
    names = {label: shown for label, shown in episode.details.names.items() if label in labels}
    speakers = tuple(dict.fromkeys(names.get(label, label) for label in labels))
    details = replace(episode.details, names=names, speakers=speakers)
    write_details(episode.folder, details, episode.audio.name, name, beside={**_kept(path, content), path: content})


def remove(library: Library, episode: Episode, end_work: Callable[[Path], object] = lambda _: None) -> str:
    """Move the episode's folder to the trash, once ``end_work`` has ended all that works in it; return the token by
    which it comes back.

    Raises
    ------
    Conflict
        The episode is the library's own folder.
    OutputError
        The library cannot be written.
    """
    if episode.folder == library.root:
        raise Conflict("remove.root")
    end_work(episode.folder)
    with library.adding:
        place = _move(episode.folder, library.root / TRASH)
    return next(token for token, folder in _removed(library).items() if folder == place)


def restore(library: Library, token: str) -> Episode:
    """Bring a removed episode back, under another name if its own is taken.

    Raises
    ------
    NotFound
        Nothing of that token is in the trash.
    OutputError
        The library cannot be written.
    """
    with library.adding:
        folder = _removed(library).get(token)
        if folder is None:
            raise NotFound("remove.gone")
        place = _move(folder, library.root)
    found = next((episode for episode in library.episodes() if episode.folder == place), None)
    if found is None:
        raise NotFound("remove.gone")
    return found


def removed_episode(library: Library, token: str) -> Episode | None:
    """What lies in the trash under that token."""
    folder = _removed(library).get(token)
    return read_folder(folder, token) if folder else None


def _new_cover(episode: Episode, picture: Path) -> dict[Path, bytes | Path]:
    """What makes a picture the episode's cover: a copy of the one that it replaces, and the picture as the last."""
    path = episode.folder / cover_name(picture)
    content = read_regular(picture)
    return {**_kept(path, content), path: content}


def _kept(path: Path, content: bytes) -> dict[Path, Path]:
    return to_keep(path, content) if is_regular(path) else {}


def _told(episode: Episode, details: Details) -> dict[Path, bytes]:
    """The alignment with what is new of the details, and the captions if speakers' names are; nothing if nothing is."""
    if episode.alignment is None:
        return {}
    try:
        return call(_told_anew, episode, episode.alignment, details)
    except (AlignmentError, Unusable):
        return {}  # a damaged one is told on the page, and made anew by aligning


def _told_anew(episode: Episode, alignment: Path, details: Details) -> dict[Path, bytes]:
    old = read_alignment(alignment)
    new = replace(old, episode=_described(details))
    transcript = _transcript(episode)
    if transcript and transcript.text == old.transcript.text:
        new = _with_names(new, transcript, details.names)
    if new == old:
        return {}
    formats = ("vtt", "srt", "json") if new.segments != old.segments else ("json",)
    stem = alignment.name.removesuffix(JSON_SUFFIX)
    return output_contents(inside(new), episode.folder, stem, OutputOptions(formats=formats))


def _described(details: Details) -> EpisodeDetails:
    return EpisodeDetails(details.title, details.show, details.date, details.url, details.cover)


def _with_names(alignment: Alignment, transcript: Transcript, names: Mapping[str, str]) -> Alignment:
    """The alignment with the speakers of ``transcript`` as its labels give them, then by the names to show."""
    segments = renamed(transcript, names).segments
    if len(segments) != len(alignment.segments):
        return alignment  # made by a reader that saw other segments: aligning again brings the names
    timed = tuple(replace(t, segment=s) for t, s in zip(alignment.segments, segments, strict=True))
    return replace(alignment, segments=timed, transcript=replace(alignment.transcript, segments=segments))


def _transcript(episode: Episode) -> Transcript | None:
    if episode.transcript is None:
        return None
    try:
        return read_transcript(episode.transcript)
    except TranscriptError:
        return None  # the page says so where it matters: aligning


def _labels(episode: Episode) -> tuple[str, ...] | None:
    """The labels of the transcript's speakers; None where it cannot be read."""
    try:
        return labels_in(episode.transcript) if episode.transcript else None
    except Unusable:
        return None


def _name(path: Path | None) -> str | None:
    return path.name if path else None


def _removed(library: Library) -> dict[str, Path]:
    return ids_of(subfolders(library.root / TRASH))


def _move(folder: Path, into: Path) -> Path:
    try:
        make_folder(into)
        place = free_path(into, folder.name)
        move(folder, place)
    except OSError as error:
        raise OutputError("{path}: cannot be written ({reason})", path=into, reason=error.strerror) from error
    return place
