"""Publish several episodes as one folder: a page that lists them, and a subfolder ``e/NAME`` for each episode.

An episode is identified by the hash of its audio, which is stored in the manifest of the episode's folder. So the
folder keeps its name if title or text change. If an episode cannot be published again, its files stay as they were.
Published episodes are never deleted, even if the command does not name them.
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
from aligner.storage.file_names import JSON_SUFFIX, QUOTES, find_named, fingerprint_path, sha256_of
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
from web.site.pages import PAGE, Publication, assets_version, prepared_episode
from web.site.quotes import hyphenated
from web.site.show_page import Facts, show_contents

_SHOW_PAGE = "../../index.html"
_LONGEST_NAME = 60  # characters
_MOST_NAMED = 5  # episodes in an error


@dataclass(frozen=True, slots=True)
class Planned:
    """An episode to publish, from the alignment at ``path`` into ``folder``. ``old`` is the episode now published
    there. ``inputs`` is the hash of all that the pages depend on. ``error`` says why the alignment is unreadable."""

    path: Path
    folder: Path
    old: ShowEpisode | None = None
    inputs: str = ""
    is_unchanged: bool = False
    error: UserError | None = None
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of publishing the alignment at ``path``. ``episode`` is the episode now published, if any. ``error``
    says why publishing failed. ``left_out`` warns of what was not published. ``audio`` is the address of audio on
    another host."""

    path: Path
    episode: ShowEpisode | None
    error: UserError | OSError | None = None
    is_unchanged: bool = False
    written: Written = field(default_factory=Written)
    left_out: tuple[str, ...] = ()
    audio: str | None = None


class Show:
    """A show to publish into ``folder`` from several ``alignments``; ``make`` publishes it. ``base`` is the folder's
    web address, ``interface`` the language of labels. ``facts`` are the show's description and cover from the feed.

    ``left`` are episodes published earlier that stay as they are, because their alignments may be among the unreadable
    ones. ``written`` is the result of writing the show's page. Raises OutputError if the folder has other files, a
    damaged manifest, or an episode without an alignment; AlignerError if two alignments have the same audio."""

    def __init__(
        self, alignments: Sequence[Path], folder: Path, interface: str | None, base: str | None, facts: Facts | None
    ) -> None:
        self.folder, self._interface, self._base, self._facts = folder, interface, base, facts
        manifest_of(folder, is_show=True)
        for name in below(is_show=True):  # manifest_of has refused links
            sweep(folder / name)
        published = _manifests_in(folder / EPISODES_FOLDER)
        heads = {path: _head_or_error(path) for path in dict.fromkeys(alignments)}
        self.left = _left(published, heads, folder / EPISODES_FOLDER)
        self._plan = [*self._planned(published, heads)]
        self.written = Written()

    @property
    def lengths(self) -> tuple[float, ...]:
        """The length of the audio of each new or changed episode, in seconds."""
        return tuple(each.duration for each in self._plan if not each.is_unchanged)

    def make(self, progress: Progress, begin: Callable[[], None]) -> Iterator[Outcome]:
        """Publish the new and changed episodes, yield the outcome of every episode, and write the page that lists the
        episodes. ``begin`` is called before each new or changed episode. If an episode cannot be published, its old
        files stay, and the next episode follows. Raises OutputError if the page cannot be written."""
        published = [*self.left]
        for each in self._plan:
            if not each.is_unchanged:
                begin()
            outcome = self._outcome(each, progress)
            published += [outcome.episode] if outcome.episode else []
            yield outcome
        if published:
            contents = show_contents(published, self._interface, self._base, self._facts)
            self.written = write_folder(self.folder, contents, is_show=True)

    def _planned(
        self, published: Mapping[str, Manifest | None], heads: Mapping[Path, AlignmentHead | UserError]
    ) -> Iterator[Planned]:
        names = {each.episode.audio: name for name, each in published.items() if each and each.episode}
        taken, episodes = {*published}, self.folder / EPISODES_FOLDER
        for path, head in heads.items():
            if not isinstance(head, AlignmentHead):
                yield Planned(path, episodes, error=head)
                continue
            name = names.get(head.audio.sha256) or _free_name(head, path, taken)
            taken.add(name)
            inputs, manifest, folder = self._inputs(path, head, name), published.get(name), episodes / name
            has_page = manifest is not None and manifest.episode is not None and is_regular(folder / PAGE)
            old = ShowEpisode(name, manifest.episode, folder) if has_page and manifest and manifest.episode else None
            is_complete = manifest is not None and all(is_regular(folder / each) for each in manifest.files)
            is_unchanged = is_complete and old is not None and old.digest.inputs == inputs
            yield Planned(path, folder, old, inputs, is_unchanged, duration=head.audio.duration)

    def _base_of(self, name: str) -> str | None:
        return self._base and f"{self._base}{EPISODES_FOLDER}/{name}/"

    def _inputs(self, path: Path, head: AlignmentHead, name: str) -> str:
        """Return a hash of all that an episode's pages depend on. If the hash changes, the pages are made again."""
        cover, style = head.episode.cover and find_named(head.episode.cover, path), recall(head.episode.show)
        files = path, fingerprint_path(path), path.parent / QUOTES, cover, style.cover
        options = self._interface, self._base_of(name), path.name, style.by_name()
        values = [version("quotecast"), assets_version(), *options]
        return hashlib.sha256(json.dumps([*values, *map(_hash_or_none, files)]).encode("ascii")).hexdigest()

    def _outcome(self, each: Planned, progress: Progress) -> Outcome:
        if each.is_unchanged:
            return Outcome(each.path, each.old, is_unchanged=True)
        try:
            if each.error:
                raise each.error
            return self._published(each, progress)
        except MissingAudioError as error:  # its usual remedy, --audio, is for one episode
            path = error.message.values["path"]
            error = MissingAudioError("{path}: not found; put the audio beside its alignment", path=path)
            return Outcome(each.path, each.old, error)
        except (UserError, OSError) as error:
            return Outcome(each.path, each.old, error.where_it_is() if isinstance(error, OutputError) else error)

    def _published(self, each: Planned, progress: Progress) -> Outcome:
        folder, base = each.folder, self._base_of(each.folder.name)
        with prepared_episode(each.path, folder, self._interface, base, progress, _SHOW_PAGE) as prepared:
            publication, contents, address = prepared
            digest = _digest_of(each.inputs, publication, contents)
            if not is_taken(self.folder / MANIFEST):  # the next run continues from it if this one is interrupted
                make_folder(self.folder)
                write_manifest(self.folder, new_manifest(is_show=True))
            written = write_folder(folder, replace(contents, episode=digest))
        episode = ShowEpisode(folder.name, digest, folder)
        return Outcome(each.path, episode, written=written, left_out=contents.left_out, audio=address)


def _manifests_in(folder: Path) -> dict[str, Manifest | None]:
    """Map each name in ``folder``, which holds a show's episodes, to the manifest, or to None if the name is not an
    episode's. Raises OutputError if a manifest is missing or damaged, or a folder of an episode or quotes is a link."""
    manifests = dict[str, Manifest | None]()
    for path in visible(folder):
        manifests[path.name] = None
        if not is_folder(path):
            continue
        for each in (path, path / "q"):
            check_no_link(each)
            sweep(each)
        if not is_taken(path / MANIFEST) and not is_taken(path / "episode.cast.json"):
            continue
        found = manifests[path.name] = read_manifest(path)
        if found is None:
            raise OutputError(
                "{path}: may be an episode, but its {list} is missing or damaged; restore that file, or remove the "
                "folder",
                path=path,
                list=MANIFEST,
            )
    return manifests


def _head_or_error(path: Path) -> AlignmentHead | UserError:
    try:
        return read_head(path)
    except UserError as error:
        return error


def _left(
    published: Mapping[str, Manifest | None], heads: Mapping[Path, AlignmentHead | UserError], folder: Path
) -> list[ShowEpisode]:
    """Return the ``published`` episodes without a readable alignment in ``heads``. They stay published, since their
    alignments may be the unreadable ones. But if there are fewer unreadable alignments than such episodes, some
    have no alignment: then OutputError is raised. Raises AlignerError if two alignments have the same audio."""
    named: dict[str, Path] = {}
    for path, head in heads.items():
        if isinstance(head, AlignmentHead) and (other := named.setdefault(head.audio.sha256, path)) != path:
            raise AlignerError("{path}: has the same audio as {other}; name only one of them", path=path, other=other)
    left = [
        ShowEpisode(name, each.episode, folder / name)
        for name, each in published.items()
        if each and each.episode and each.episode.audio not in named and is_regular(folder / name / PAGE)
    ]
    if len(left) > len(heads) - len(named):
        raise OutputError(
            "{path}: also holds {names}; name the alignments of all episodes to keep, or remove the folders of the "
            "others",
            path=folder,
            names=", ".join(each.name for each in left[:_MOST_NAMED]) + (", …" if len(left) > _MOST_NAMED else ""),
        )
    return left


def _free_name(head: AlignmentHead, path: Path, taken: set[str]) -> str:
    """Return a name for an episode's folder, made of date and title, such as ``2026-11-20-l-ete-des-velos``. A number
    is added if the name is in ``taken``."""
    day = published_date(head.episode.date or "") or ""
    name = hyphenated(f"{day} {head.episode.title or path.name.removesuffix(JSON_SUFFIX)}", _LONGEST_NAME) or "episode"
    return next(free for k in count(1) if (free := name if k == 1 else f"{name}-{k}") not in taken)


def _hash_or_none(path: Path | str | None) -> str | None:
    try:
        return sha256_of(Path(path)) if path else None
    except UserError:
        return None


def _digest_of(inputs: str, publication: Publication, contents: Contents) -> Digest:
    alignment = publication.alignment
    details = alignment.episode
    return Digest(
        audio=alignment.audio.sha256,
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
