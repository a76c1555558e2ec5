"""Changing what is known of an episode: its details, and its transcript.

The transcript's text is never changed. A speaker who is to be shown by another name gets it in the alignment and the
captions; which label has which name is kept in episode.json, and comes back when the episode is aligned again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from aligner.errors import AlignmentError, TranscriptError
from aligner.model import Alignment, Transcript
from aligner.model import Episode as Described
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import write_files
from aligner.storage.backups import backup_path
from aligner.storage.outputs import JSON_SUFFIX, OutputOptions, write_outputs
from aligner.transcript import read_transcript, renamed
from web.errors import Conflict
from web.library.adding import Form, file_names
from web.library.covers import cover_name
from web.library.details import write_details
from web.library.fields import checked_details
from web.library.incoming import Staged
from web.library.preview import read_upload, speakers_of
from web.library.records import Details, Episode


def labels_of(episode: Episode) -> dict[str, str]:
    """The labels of the transcript's speakers, and by what name each is shown; none where it cannot be read."""
    transcript = _transcript(episode)
    labels = speakers_of(transcript) if transcript else ()
    return {label: episode.details.names.get(label, label) for label in labels}


def edit(episode: Episode, form: Form, cover: Path | None = None) -> None:
    """Save details, and a new cover if there is one; alignment and captions follow.

    Raises
    ------
    Unusable
        A field cannot be as it is.
    OutputError
        The folder cannot be written.
    """
    transcript = _transcript(episode)
    labels = tuple(speakers_of(transcript)) if transcript else ()
    details = checked_details(form.fields, form.names, labels)
    if transcript is None:
        details = replace(details, speakers=episode.details.speakers, names=episode.details.names)
    details = replace(details, cover=_new_cover(episode, cover) if cover else episode.details.cover)
    _tell_alignment(episode, details, transcript)
    write_details(episode.folder, details, _name(episode.audio), _name(episode.transcript))


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
    labels = tuple(speakers_of(read_upload(staged.transcript)))
    _, name = file_names(episode.audio.name, staged.transcript.name)
    path, content = episode.folder / name, staged.transcript.read_bytes()
    write_files({**_kept(path, content), path: content})
    names = {label: shown for label, shown in episode.details.names.items() if label in labels}
    speakers = tuple(dict.fromkeys(names.get(label, label) for label in labels))
    write_details(episode.folder, replace(episode.details, names=names, speakers=speakers), episode.audio.name, name)


def _kept(path: Path, content: bytes) -> dict[Path, bytes]:
    """Where the file that stands at ``path`` is kept, unless it is the same or such a copy is there."""
    if not path.exists() or (old := path.read_bytes()) == content:
        return {}
    backup = backup_path(path, old)
    return {} if backup.exists() else {backup: old}


def _new_cover(episode: Episode, picture: Path) -> str:
    """Put a picture into the folder as its cover; one that is replaced is kept."""
    path = episode.folder / cover_name(picture)
    content = picture.read_bytes()
    write_files({**_kept(path, content), path: content})
    return path.name


def _tell_alignment(episode: Episode, details: Details, transcript: Transcript | None) -> None:
    """Write what is new of the details into the alignment, and into the captions if speakers' names are."""
    if episode.alignment is None:
        return
    try:
        old = read_alignment(episode.alignment)
    except AlignmentError:
        return  # a damaged one is told on the page, and made anew by aligning
    new = replace(old, episode=_described(details))
    if transcript and transcript.text == old.transcript.text:
        new = _with_names(new, transcript, details.names)
    if new == old:
        return
    formats = ("vtt", "srt", "json") if new.segments != old.segments else ("json",)
    stem = episode.alignment.name.removesuffix(JSON_SUFFIX)
    write_outputs(_from_anywhere(new, episode.folder), episode.folder, stem, OutputOptions(formats=formats))


def _described(details: Details) -> Described:
    return Described(details.title, details.show, details.date, details.url, details.cover)


def _with_names(alignment: Alignment, transcript: Transcript, names: Mapping[str, str]) -> Alignment:
    """The alignment with the speakers of ``transcript`` as its labels give them, then by the names to show."""
    segments = renamed(transcript, names).segments
    if len(segments) != len(alignment.segments):
        return alignment  # made by a reader that saw other segments: aligning again brings the names
    timed = tuple(replace(t, segment=s) for t, s in zip(alignment.segments, segments, strict=True))
    return replace(alignment, segments=timed, transcript=replace(alignment.transcript, segments=segments))


def _from_anywhere(alignment: Alignment, folder: Path) -> Alignment:
    """The alignment with its paths absolute, as those who write it expect them."""
    cover = alignment.episode.cover
    return replace(
        alignment,
        audio=replace(alignment.audio, file=str(folder / alignment.audio.file)),
        episode=replace(alignment.episode, cover=str(folder / cover) if cover else None),
    )


def _transcript(episode: Episode) -> Transcript | None:
    if episode.transcript is None:
        return None
    try:
        return read_transcript(episode.transcript)
    except TranscriptError:
        return None  # the page says so where it matters: aligning


def _name(path: Path | None) -> str | None:
    return path.name if path else None
