"""Create and edit episodes.

A new episode's folder is created in a hidden folder and then moved into the library. Changes of details also change the
alignment and its history. Replaced transcripts are stored as versions; other replaced files become NAME.bak.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from aligner.corrections.structure_overrides import FILE as STRUCTURE
from aligner.demo import SAMPLES
from aligner.errors import AlignmentError, ConflictError, HistoryError, StaleError, TranscriptError
from aligner.model import Alignment, EpisodeDetails, Segment, Transcript
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import blaming, free_backup, write_file, write_keeping
from aligner.storage.database import HIDDEN
from aligner.storage.file_names import JSON_SUFFIX, printable, safe_name, without_slashes
from aligner.storage.history import changed, open_history
from aligner.storage.transcript_file import keep_file, keep_text, keep_version
from aligner.transcript import read_transcript
from media.errors import UserError
from media.safe_fs import copy, files, link, make_folder, move, read_regular, remove_file, remove_folder
from media.temporary import flush_names, temporary_path
from web.errors import Busy, Conflict, Unusable
from web.library.details import MOST_NAMES, NAME, Details, checked_details, write_details
from web.library.episode import Episode, covers_in, free_path
from web.library.incoming import Incoming, Staged, audio_info, cover_name, labels_in, speakers_of
from web.library.library import Library, unreserved
from web.worker_pool import call

_SAMPLE = ("episode.mp3", "transcript.txt")
_MOST_VALUES = 1000  # of a form


@dataclass(frozen=True, slots=True)
class EpisodeForm:
    """The form that creates or edits an episode.

    ``names`` maps speakers' labels in the transcript to names. ``token`` identifies the upload, if any. ``version`` is
    the ``details_version`` when the page was opened. With ``draft`` the audio will be transcribed automatically.
    """

    fields: Annotated[dict[str, str], Meta(max_length=_MOST_VALUES)] = field(default_factory=dict)
    names: Annotated[dict[str, str], Meta(max_length=_MOST_VALUES)] = field(default_factory=dict)
    token: str = ""
    version: str | None = None
    keeps_cover: bool = True
    draft: bool = False


def create(library: Library, incoming: Incoming, token: str, form: EpisodeForm) -> Episode:
    """Create an episode from the upload ``token``. If this fails, the upload is unchanged. Raises NotFound if there is
    no such upload, Unusable if a file is missing or unusable or a field is invalid, OutputError if the library cannot
    be written."""
    with library.changing:  # so that a form submitted twice creates one episode
        staged = incoming.staged(token)
        if staged.audio is None:
            raise Unusable("upload.missing.audio", "audio")
        if staged.transcript is None and not form.draft:
            raise Unusable("upload.missing.transcript", "transcript")
        audio_info(staged.audio)
        labels = labels_in(staged.transcript, staged.overrides) if staged.transcript else ()
        details = checked_details(form.fields, form.names, labels)
        audio, transcript = staged.audio.name, None
        sources = {audio: staged.audio}
        if staged.transcript:
            transcript = transcript_name(audio, staged.transcript.name)
            sources[transcript] = staged.transcript
            sources |= {STRUCTURE: staged.structure} if staged.structure else {}
        if staged.cover:
            details = replace(details, cover=cover_name(staged.cover))
            sources[str(details.cover)] = staged.cover
        # Hard links leave the upload complete if something fails afterwards.
        episode = make_episode(library, sources, details, (audio, transcript), link)
        incoming.drop(token)
        return episode


def add_sample(library: Library, language: str) -> Episode:
    """Create the sample episode in this language. Raises OutputError if the library cannot be written."""
    with resources.as_file(SAMPLES[language]) as sample:
        fields = json.loads((sample / "details.json").read_text(encoding="utf-8"))
        speakers = tuple(speakers_of(read_transcript(sample / "transcript.txt")))
        details = Details(fields["title"], fields["show"], fields["date"], fields["url"], language, speakers)
        sources = {name: sample / name for name in _SAMPLE}
        return make_episode(library, sources, details, _SAMPLE)


def transcript_name(audio: str, transcript: str) -> str:
    """Return a name for a new transcript: ``transcript``, but ``notes transcript.vtt`` for ``notes.vtt`` if the episode
    uses this name for another file. ``audio`` is the name of the episode's audio file."""
    stem = Path(audio).stem
    taken = {NAME, STRUCTURE, "quotes.json", audio, *(f"{stem}{ending}" for ending in (".vtt", ".srt", JSON_SUFFIX))}
    if transcript.casefold() in {name.casefold() for name in taken}:
        return f"{Path(transcript).stem} transcript{Path(transcript).suffix}"
    return transcript


def make_episode(
    library: Library,
    sources: Mapping[str, Path],
    details: Details,
    named: tuple[str, str | None],
    put: Callable[[Path, Path], None] = copy,
) -> Episode:
    """Create and return an episode. ``sources`` maps new file names to files, which ``put(old, new)`` copies or links;
    ``named`` are the new names of audio and transcript. Raises OutputError if the library cannot be written."""
    with blaming(library.root):
        folder = temporary_path(library.root / HIDDEN / "incoming")  # leftovers there are swept
        make_folder(folder)
        try:
            for name, source in sources.items():
                put(source, folder / name)
            write_details(folder, details, *named)
            created = free_path(library.root, unreserved(safe_name(without_slashes(details.title or ""), "episode")))
            move(folder, created)
        finally:
            remove_folder(folder)
        flush_names(library.root)
    return library.episode_in(created)


def labels_of(episode: Episode) -> dict[str, str]:
    """Return a dict from the label of each speaker in the transcript to the name to show. Speakers whom a person added
    in the alignment are labels too. If the transcript cannot be read, the dict is empty."""
    try:
        labels, named = call(_labels, episode.transcript, episode.alignment) if episode.transcript else ((), ())
    except (UserError, Unusable, OSError):
        return {}
    shown = {label: episode.details.names.get(label, label) for label in labels}
    return shown | {name: name for name in named if name not in shown.values()}


def _labels(transcript: Path, alignment: Path | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    labels = tuple(speakers_of(read_transcript(transcript)))[: MOST_NAMES + 1]
    try:
        segments = read_alignment(alignment).transcript.segments if alignment else ()
    except AlignmentError:
        return labels, ()
    return labels, tuple(dict.fromkeys(each.speaker for each in segments if each.pinned and each.speaker))


def edit(
    episode: Episode,
    form: EpisodeForm,
    cover: Path | None = None,
    end_work: Callable[[Path], object] = lambda _: None,
    who: str = "",
) -> None:
    """Save the form's details and ``cover``, also in the alignment as a change by ``who``. First, ``end_work(folder)``
    ends jobs that would overwrite the details. Raises Unusable if a field is invalid, OutputError if writing fails."""
    labels = labels_of(episode)
    details = replace(checked_details(form.fields, form.names, tuple(labels)), guid=episode.details.guid)
    if not labels:
        details = replace(details, speakers=episode.details.speakers, names=episode.details.names)
    picture = cover_name(cover) if cover else episode.details.cover if form.keeps_cover else None
    details = replace(details, cover=picture)
    end_work(episode.folder)
    if cover and picture:
        write_keeping({episode.folder / picture: read_regular(cover)})
    elif not form.keeps_cover:
        with blaming(episode.folder):
            for each in covers_in(files(episode.folder), episode.details):
                move(each, free_backup(each))
    audio, transcript = (path.name if path else None for path in (episode.audio, episode.transcript))
    write_details(episode.folder, details, audio, transcript)
    if episode.alignment:
        # The details are saved. The page shows these errors, and aligning or saving again applies the details.
        with contextlib.suppress(AlignmentError, HistoryError, ConflictError, Unusable, Busy):
            call(_describe, episode.alignment, episode.transcript, episode.details.names, details, who)


def replace_transcript(episode: Episode, staged: Staged) -> None:
    """Replace the transcript and its structure overrides by the uploaded files ``staged``; store the old transcript as
    a version. Raises Conflict if the episode has no audio or no transcript was uploaded, Unusable if the new transcript
    is unusable, OutputError if the folder cannot be written."""
    if episode.audio is None:
        raise Conflict("problem.audio")
    if staged.transcript is None:
        raise Conflict("upload.missing.transcript")
    labels = labels_in(staged.transcript, staged.overrides)
    name = transcript_name(episode.audio.name, safe_name(printable(staged.transcript.name), "transcript"))
    path, content = episode.folder / name, read_regular(staged.transcript)
    structure = episode.folder / STRUCTURE
    names = {label: shown for label, shown in episode.details.names.items() if label in labels}
    speakers = tuple(dict.fromkeys(names.get(label, label) for label in labels))
    keep_transcript(episode)
    keep_version(episode.folder, name, content)
    if path == episode.transcript:
        write_file(path, content)
    else:
        write_keeping({path: content})
    write_file(structure, read_regular(staged.structure)) if staged.structure else remove_file(structure)
    write_details(
        episode.folder, replace(episode.details, names=names, speakers=speakers), episode.audio.name, path.name
    )


def keep_transcript(episode: Episode) -> None:
    """Store the episode's transcript as a version. If the alignment was made from an earlier text, store that text
    first. Raises OutputError if the folder cannot be written."""
    if episode.transcript is None:
        return
    if episode.alignment and episode.is_outdated:
        with contextlib.suppress(AlignmentError, Unusable):  # the episode's page shows this error
            call(_keep_aligned, episode.folder, episode.alignment)
    keep_file(episode.folder, episode.transcript)


def _keep_aligned(folder: Path, alignment: Path) -> None:
    keep_text(folder, read_alignment(alignment).transcript)


def _describe(path: Path, transcript: Path | None, names: Mapping[str, str], details: Details, who: str) -> None:
    """Store ``details`` in the alignment at ``path`` as a change by ``who``. ``names`` are the old names by label."""
    history = open_history(path)
    old = history.alignment
    described = EpisodeDetails(details.title, details.show, details.date, details.url, details.cover, details.guid)
    new = replace(old, episode=described)
    try:
        read = read_transcript(transcript) if transcript else None
    except TranscriptError:
        read = None  # aligning again shows this error
    if read and read.text == old.transcript.text:
        new = _with_names(new, read, names, details.names)
    try:
        changed(history, new, {"kind": "details"}, who)
    except StaleError:  # changed in the meantime: try again
        _describe(path, transcript, names, details, who)


def _with_names(
    alignment: Alignment, transcript: Transcript, old_names: Mapping[str, str], names: Mapping[str, str]
) -> Alignment:
    """Return the alignment with its speakers renamed. ``old_names`` and ``names`` map labels to old and new names. The
    label of a segment is taken from ``transcript``. If there is none, or a person chose the segment's speaker, the
    label is the one whose old name is this speaker's."""
    labels = {(s.char_start, s.char_end): s.speaker for s in transcript.segments if s.speaker}
    shown = {old_names.get(label, label): label for label in (*old_names, *labels.values())}

    def renamed(segment: Segment) -> Segment:
        label = labels.get((segment.char_start, segment.char_end))
        if segment.pinned or label is None:
            label = shown.get(segment.speaker or "", segment.speaker)
        return replace(segment, speaker=names.get(label, label)) if label else segment

    segments = tuple(map(renamed, alignment.transcript.segments))
    timed = tuple(replace(t, segment=s) for t, s in zip(alignment.segments, segments, strict=True))
    return replace(alignment, segments=timed, transcript=replace(alignment.transcript, segments=segments))
