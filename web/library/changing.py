"""Changing an episode: its details and its transcript.

The details change no text. A speaker who is to be shown by another name gets it in the alignment and the captions;
which label has which name is kept in episode.json, and comes back when the episode is aligned again. A transcript that
is replaced stays among the versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from aligner.corrections.told_structure import FILE as STRUCTURE
from aligner.corrections.told_structure import ToldStructure
from aligner.errors import AlignmentError, HistoryError, OutputError, TranscriptError
from aligner.model import Alignment, EpisodeDetails, Segment, Transcript
from aligner.storage.alignment_head import read_head
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import Content
from aligner.storage.audio_lookup import inside
from aligner.storage.backups import to_keep, write_keeping
from aligner.storage.file_names import JSON_SUFFIX, history_path, printable, safe_name
from aligner.storage.following import captions_follow
from aligner.storage.history import changed, open_history
from aligner.storage.history_lines import DETAILS
from aligner.storage.history_writing import Files
from aligner.storage.outputs import OutputOptions, output_contents
from aligner.storage.transcript_file import keep_file, keep_text
from aligner.storage.turns import taking_turns
from aligner.storage.versions import forget_version, keep_version, version_of
from aligner.transcript import read_transcript
from media.confinement import is_regular, read_regular
from web.bounded import call
from web.errors import Conflict, Unusable, WebError
from web.library.adding import EpisodeForm, file_names
from web.library.details import checked_details, details_files, write_details
from web.library.episode import Details, Episode
from web.library.folders import covers_in
from web.library.incoming import Staged
from web.library.preview import labels_in
from web.library.row import transcript_hash
from web.library.sent_files import cover_name


def labels_of(episode: Episode) -> dict[str, str]:
    """The labels of the transcript's speakers, and by what name each is shown; none where it cannot be read. A speaker
    whom a person has named in the alignment of that transcript is their own label."""
    return _labels_of(episode) or {}


def _labels_of(episode: Episode) -> dict[str, str] | None:
    labels = _labels(episode)
    if labels is None:
        return None
    shown = {label: episode.details.names.get(label, label) for label in labels}
    return shown | {name: name for name in _named_by_hand(episode) if name not in shown.values()}


def _named_by_hand(episode: Episode) -> tuple[str, ...]:
    """The speakers of paragraphs that a person has set, as far as there is an alignment that can be read."""
    if episode.alignment is None:
        return ()
    try:
        return call(_named_in, episode.alignment)
    except (AlignmentError, WebError):
        return ()


def _named_in(alignment: Path) -> tuple[str, ...]:
    segments = read_alignment(alignment).transcript.segments
    return tuple(dict.fromkeys(segment.speaker for segment in segments if segment.pinned and segment.speaker))


def edit(
    episode: Episode,
    form: EpisodeForm,
    cover: Path | None = None,
    end_work: Callable[[Path], object] = lambda _: None,
    who: str = "",
) -> None:
    """Save details, and a new cover if there is one, once ``end_work`` has ended what would write over them; alignment
    and captions follow, as a change by ``who`` where these have a history. A cover that is taken away stays in the
    folder as a copy, under a name that is no cover's.

    Raises
    ------
    Unusable
        A field cannot be as it is.
    OutputError
        The folder cannot be written.
    """
    labels = _labels_of(episode)
    details = checked_details(form.fields, form.names, tuple(labels or ()))
    if labels is None:
        details = replace(details, speakers=episode.details.speakers, names=episode.details.names)
    details = replace(details, guid=episode.details.guid)
    picture: dict[Path, Content] = _new_cover(episode, cover) if cover else {}
    old = [] if picture or form.keeps_cover else covers_in(episode.folder, episode.details)
    end_work(episode.folder)
    details = replace(details, cover=[*picture][-1].name if picture else None if old else episode.details.cover)
    files = details_files(episode.folder, details, _name(episode.audio), _name(episode.transcript))
    _write(episode, details, replace(files, beside={**picture, **_set_aside(old), **files.beside}), who)


def replace_transcript(episode: Episode, staged: Staged, told: ToldStructure | None = None) -> None:
    """Put another transcript in the place of the episode's, which is kept among its versions, with what was ``told`` of
    it in its preview; what was told of the other is in the alignment by now, and goes with its words.

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
    labels = labels_in(staged.transcript, told)
    _, name = file_names(episode.audio.name, safe_name(printable(staged.transcript.name), "transcript"))
    path, content = episode.folder / name, read_regular(staged.transcript)
    names = {label: shown for label, shown in episode.details.names.items() if label in labels}
    speakers = tuple(dict.fromkeys(names.get(label, label) for label in labels))
    details = replace(episode.details, names=names, speakers=speakers)
    beside: dict[Path, Content] = {**({} if path == episode.transcript else _kept(path, content)), path: content}
    beside[episode.folder / STRUCTURE] = read_regular(staged.structure) if told else None
    keep_transcript(episode)
    with taking_turns(episode.folder):
        version = keep_version(episode.folder, name, content)
    try:
        write_details(episode.folder, details, episode.audio.name, name, beside=beside)
    except OutputError:
        if version:
            forget_version(version)
        raise


def keep_transcript(episode: Episode) -> None:
    """Keep the episode's transcript, as it is now, among its versions; what was aligned comes before what was made of
    that elsewhere.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    if episode.transcript:
        with taking_turns(episode.folder):
            if aligned := _aligned_before(episode):
                keep_text(episode.folder, aligned)
            keep_file(episode.folder, episode.transcript)


def _aligned_before(episode: Episode) -> Transcript | None:
    """The transcript that was aligned, where the file is another one since, and none of its versions is that."""
    if episode.alignment is None or episode.transcript is None:
        return None
    try:
        sha256 = read_head(episode.alignment).transcript.sha256
        is_known = sha256 == transcript_hash(episode.transcript) or version_of(episode.folder, sha256)
        return None if is_known else call(_transcript_of, episode.alignment)
    except (AlignmentError, WebError, OSError):
        return None  # it cannot be read, and is told where it matters


def _transcript_of(alignment: Path) -> Transcript:
    return read_alignment(alignment).transcript


def _new_cover(episode: Episode, picture: Path) -> dict[Path, Content]:
    """What makes a picture the episode's cover: a copy of the one that it replaces, and the picture as the last."""
    path = episode.folder / cover_name(picture)
    content = read_regular(picture)
    return {**_kept(path, content), path: content}


def _set_aside(pictures: Iterable[Path]) -> dict[Path, Content]:
    found: dict[Path, Content] = {}
    for each in pictures:
        found |= {**_kept(each, b""), each: None}
    return found


def _kept(path: Path, content: bytes) -> dict[Path, Path]:
    return to_keep(path, content) if is_regular(path) else {}


def _write(episode: Episode, details: Details, files: Files, who: str) -> None:
    """Write the files of details, and in the same set the alignment with what is new of them."""
    path, told = episode.alignment, {}
    if path is not None:
        try:
            if is_regular(history_path(path)):
                call(_change, episode, path, details, files, who)
                return
            told = call(_told_anew, episode, path, details)
        except (AlignmentError, HistoryError, Unusable):
            pass  # a damaged one is told on the page, and made anew by aligning
    write_keeping({**told, **files.contents}, files.beside)


def _change(episode: Episode, path: Path, details: Details, files: Files, who: str) -> None:
    history = open_history(path)
    changed(history, _retold(history.alignment, episode, details), {"kind": DETAILS}, who, files)
    captions_follow(path)


def _told_anew(episode: Episode, path: Path, details: Details) -> dict[Path, bytes]:
    """The alignment with what is new of the details, and the captions if speakers' names are; nothing if nothing is."""
    old = read_alignment(path)
    new = _retold(old, episode, details)
    if new == old:
        return {}
    formats = ("vtt", "srt", "json") if new.segments != old.segments else ("json",)
    stem = path.name.removesuffix(JSON_SUFFIX)
    return output_contents(inside(new), episode.folder, stem, OutputOptions(formats=formats))


def _retold(alignment: Alignment, episode: Episode, details: Details) -> Alignment:
    new = replace(alignment, episode=_described(details))
    transcript = _transcript(episode)
    if transcript and transcript.text == alignment.transcript.text:
        new = _with_names(new, transcript, episode.details.names, details.names)
    return new


def _described(details: Details) -> EpisodeDetails:
    return EpisodeDetails(details.title, details.show, details.date, details.url, details.cover, details.guid)


def _with_names(
    alignment: Alignment, transcript: Transcript, before: Mapping[str, str], names: Mapping[str, str]
) -> Alignment:
    """The alignment with its speakers by the ``names`` to show, where they are shown by those of ``before``: by their
    labels in ``transcript``, or where a person said who speaks, by the name that they gave."""
    labels = {(s.char_start, s.char_end): s.speaker for s in transcript.segments if s.speaker}
    shown = {before.get(label, label): label for label in (*before, *labels.values())}

    def called(segment: Segment) -> Segment:
        label = labels.get((segment.char_start, segment.char_end))
        if segment.pinned or label is None or before.get(label, label) != segment.speaker:
            label = shown.get(segment.speaker or "", segment.speaker)
        return replace(segment, speaker=names.get(label, label)) if label else segment

    segments = tuple(map(called, alignment.transcript.segments))
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
