"""Publish several episodes as one folder: each below ``e/``, under a name that stays, and a page that lists them.

An episode is known by its audio: the manifest in its folder has the hash, so that its name holds when its title or its
text changes. An episode that cannot be published stays as it was, and one that nobody names is never removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from itertools import count
from pathlib import Path

from aligner.errors import AlignerError, MissingAudioError, OutputError
from aligner.publication import published_date
from aligner.publishing.screens import recall
from aligner.recognition import Progress
from aligner.storage.alignment_json import AlignmentHead, read_head
from aligner.storage.file_names import JSON_SUFFIX, QUOTES, find_named, sha256_of
from media.errors import UserError
from media.safe_fs import is_folder, is_regular, is_taken, make_folder
from media.temporary import sweep
from web.site.folder import Contents, Written, write_folder
from web.site.manifest import (
    EPISODES_FOLDER,
    MANIFEST,
    Digest,
    Manifest,
    ShowEpisode,
    below,
    check_no_link,
    manifest_of,
    new_manifest,
    read_manifest,
    visible,
    write_manifest,
)
from web.site.pages import PAGE, Publication, made_episode, made_with
from web.site.quotes import hyphenated
from web.site.show_page import Facts, show_contents

_SHOW_PAGE = "../../index.html"
_LONGEST_NAME = 60  # characters
_MOST_TOLD = 5  # names of episodes in an error


@dataclass(frozen=True, slots=True)
class Planned:
    """An episode to publish: the alignment at ``path``, into ``folder``, where ``old`` lies of it; ``inputs`` is the
    hash of all that its pages are made of, ``duration`` in seconds; ``error`` is why nothing is known of it."""

    path: Path
    folder: Path
    old: ShowEpisode | None = None
    inputs: str = ""
    is_unchanged: bool = False
    error: UserError | None = None
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the alignment at ``path``: ``episode`` is what lies there of it now, ``error`` why it was not made
    although it should be; ``written`` what became of its folder, ``left_out`` what cannot be used, ``sound`` where that
    is, if it lies elsewhere."""

    path: Path
    episode: ShowEpisode | None
    error: UserError | OSError | None = None
    is_unchanged: bool = False
    written: Written = field(default_factory=Written)
    left_out: tuple[str, ...] = ()
    sound: str | None = None


class Show:
    """A show to be published into ``folder``, which will be found at ``base``, of these alignments; ``facts`` are what
    its feed says of it. ``left`` are episodes that may be those of alignments which cannot be read: they stay as they
    are. ``written`` says in the end what became of its own files.

    Raises OutputError if the folder holds something else, an episode with a damaged manifest, or episodes that are not
    named; AlignerError if two alignments are of the same audio.
    """

    def __init__(
        self, alignments: Sequence[Path], folder: Path, interface: str | None, base: str | None, facts: Facts | None
    ) -> None:
        self.folder, self._interface, self._base, self._facts = folder, interface, base, facts
        manifest_of(folder, is_show=True)
        for name in below(is_show=True):  # none of which is a link
            sweep(folder / name)
        held = _held_in(folder / EPISODES_FOLDER)
        heads = {path: _head_or_why(path) for path in dict.fromkeys(alignments)}
        self.left = _left(held, heads, folder / EPISODES_FOLDER)
        self._plan = [*self._planned(held, heads)]
        self.written = Written()

    @property
    def lengths(self) -> tuple[float, ...]:
        """The seconds of audio of each episode to make, because it is new or has changed."""
        return tuple(each.duration for each in self._plan if not each.is_unchanged)

    def make(self, progress: Progress, begin: Callable[[], None]) -> Iterator[Outcome]:
        """Make the episodes one after the other, each after a ``begin``, then the page that lists all that is there.

        What cannot be made stays as it is, and hinders nothing else. Raises OutputError if nothing can be written.
        """
        there = [*self.left]
        for each in self._plan:
            if not each.is_unchanged:
                begin()
            outcome = self._outcome(each, progress)
            there += [outcome.episode] if outcome.episode else []
            yield outcome
        if there:
            contents = show_contents(there, self._interface, self._base, self._facts)
            self.written = write_folder(self.folder, contents, is_show=True)

    def _planned(
        self, held: Mapping[str, Manifest | None], heads: Mapping[Path, AlignmentHead | UserError]
    ) -> Iterator[Planned]:
        names = {told.episode.sound: name for name, told in held.items() if told and told.episode}
        taken, episodes = {*held}, self.folder / EPISODES_FOLDER
        for path, head in heads.items():
            if not isinstance(head, AlignmentHead):
                yield Planned(path, episodes, error=head)
                continue
            name = names.get(head.audio.sha256) or _free_name(head, path, taken)
            taken.add(name)
            inputs, told, folder = self._inputs(path, head, name), held.get(name), episodes / name
            has_page = told is not None and told.episode is not None and is_regular(folder / PAGE)
            old = ShowEpisode(name, told.episode, folder) if has_page and told and told.episode else None
            is_whole = told is not None and all(is_regular(folder / each) for each in told.files)
            is_unchanged = is_whole and old is not None and old.digest.inputs == inputs
            yield Planned(path, folder, old, inputs, is_unchanged, duration=head.audio.duration)

    def _base_of(self, name: str) -> str | None:
        return self._base and f"{self._base}{EPISODES_FOLDER}/{name}/"

    def _inputs(self, path: Path, head: AlignmentHead, name: str) -> str:
        """Return the hash of all that the pages of an episode are made of; the alignment has that of the audio."""
        cover, style = head.episode.cover and find_named(head.episode.cover, path), recall(head.episode.show)
        files = [path, path.parent / QUOTES, *(Path(each) if each else None for each in (cover, style.cover))]
        told = [version("quotecast"), made_with(), self._interface, self._base_of(name), path.name, style.by_name()]
        return hashlib.sha256(json.dumps([*told, *map(_hash_or_none, files)]).encode("ascii")).hexdigest()

    def _outcome(self, each: Planned, progress: Progress) -> Outcome:
        if each.is_unchanged:
            return Outcome(each.path, each.old, is_unchanged=True)
        try:
            if each.error:
                raise each.error
            return self._made(each, progress)
        except MissingAudioError as error:  # whose remedy, --audio, is for one episode
            path = error.message.values["path"]
            error = MissingAudioError("{path}: is not there; put the sound beside its alignment", path=path)
            return Outcome(each.path, each.old, error)
        except (UserError, OSError) as error:
            return Outcome(each.path, each.old, error.where_it_is() if isinstance(error, OutputError) else error)

    def _made(self, each: Planned, progress: Progress) -> Outcome:
        folder, base = each.folder, self._base_of(each.folder.name)
        with made_episode(each.path, folder, self._interface, base, progress, _SHOW_PAGE) as made:
            publication, contents, address = made
            digest = _digest_of(each.inputs, publication, contents)
            if not is_taken(self.folder / MANIFEST):  # by it a run goes on after this one was killed
                make_folder(self.folder)
                write_manifest(self.folder, new_manifest(is_show=True))
            written = write_folder(folder, replace(contents, episode=digest))
        there, left_out = ShowEpisode(folder.name, digest, folder), publication.look.left_out
        return Outcome(each.path, there, written=written, left_out=left_out, sound=address)


def _held_in(folder: Path) -> dict[str, Manifest | None]:
    """Return the manifests in the folder of episodes, by name, None of what is nothing of ours.

    Raises OutputError if a folder holds an episode whose manifest is damaged: what is new might be that episode, and
    would get another address.
    """
    held = dict[str, Manifest | None]()
    for path in visible(folder):
        held[path.name] = None
        if not is_folder(path):
            continue
        for each in (path, path / "q"):
            check_no_link(each)
            sweep(each)
        if not is_taken(path / MANIFEST) and not is_taken(path / "episode.cast.json"):
            continue
        told = held[path.name] = read_manifest(path)
        if told is None:
            raise OutputError(
                "{path}: may be an episode, but its {list} is missing or damaged; put that back, or remove the folder",
                path=path,
                list=MANIFEST,
            )
    return held


def _head_or_why(path: Path) -> AlignmentHead | UserError:
    try:
        return read_head(path)
    except UserError as error:
        return error


def _left(
    held: Mapping[str, Manifest | None], heads: Mapping[Path, AlignmentHead | UserError], folder: Path
) -> list[ShowEpisode]:
    """Return the episodes in ``folder`` that are of none of the alignments that could be read.

    Raises OutputError if they are more than those that could not be read, so that one was forgotten.
    """
    named: dict[str, Path] = {}
    for path, head in heads.items():
        if isinstance(head, AlignmentHead) and (other := named.setdefault(head.audio.sha256, path)) != path:
            raise AlignerError("{path}: is of the same sound as {other}; name one of them", path=path, other=other)
    left = [
        ShowEpisode(name, told.episode, folder / name)
        for name, told in held.items()
        if told and told.episode and told.episode.sound not in named and is_regular(folder / name / PAGE)
    ]
    if len(left) > len(heads) - len(named):
        raise OutputError(
            "{path}: holds {names}, of which no alignment is named; name those of all episodes that are to stay; "
            "to take one off for good, remove its folder there",
            path=folder,
            names=", ".join(each.name for each in left[:_MOST_TOLD]) + (", …" if len(left) > _MOST_TOLD else ""),
        )
    return left


def _free_name(head: AlignmentHead, path: Path, taken: set[str]) -> str:
    """Return its date and title, safe in folders and addresses, with a number where that is taken:
    ``2026-11-20-l-ete-des-velos``."""
    day = published_date(head.episode.date or "") or ""
    name = hyphenated(f"{day} {head.episode.title or path.name.removesuffix(JSON_SUFFIX)}", _LONGEST_NAME) or "episode"
    return next(free for k in count(1) if (free := name if k == 1 else f"{name}-{k}") not in taken)


def _hash_or_none(path: Path | None) -> str | None:
    try:
        return sha256_of(path) if path else None
    except UserError:
        return None


def _digest_of(inputs: str, publication: Publication, contents: Contents) -> Digest:
    alignment = publication.alignment
    details = alignment.episode
    return Digest(
        sound=alignment.audio.sha256,
        inputs=inputs,
        title=details.title or publication.name,
        show=details.show,
        date=details.date,
        language=alignment.language,
        duration=alignment.audio.duration,
        verdict=alignment.verdict,
        coverage=alignment.coverage,
        quotes=sum(path.startswith("q/") and path.endswith(".html") for path in contents.written),
        has_cover="cover.jpg" in contents.written,
        machine_text=alignment.machine_text,
        review=alignment.review,
    )
