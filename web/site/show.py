"""Several episodes as one folder: each below ``e/``, under a name that stays, and a page that lists and searches them.

What an episode's own list tells of it is all that a later run goes by, so that a run which ends in between leaves
nothing that contradicts itself: the next one goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from msgspec import UNSET

from aligner.errors import NoSoundError, OutputError, SourceError
from aligner.recognition import Progress
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from media.errors import UserError
from web.site.episodes import Digest, ShowEpisode
from web.site.folder import Contents, Written, begun_show, write_folder
from web.site.lists import EPISODES_FOLDER, SHOW, told_in
from web.site.look import look_of
from web.site.pages import Publication, contents_of
from web.site.plan import Planned, plan_of
from web.site.remembered import remembered_sound
from web.site.show_pages import ShowFacts, show_contents
from web.site.sound import site_sound

_SHOW_PAGE = "../../index.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the alignment at ``path``: ``episode`` is what lies there of it now, ``error`` why it was not made
    now although it should be, so that what lies there stays; ``written`` what became of its folder, ``left_out`` what
    cannot be used, ``sound`` where that is, if it lies elsewhere. A new one that ``is_untitled`` is called by its file.
    """

    path: Path
    episode: ShowEpisode | None
    error: UserError | OSError | None = None
    is_unchanged: bool = False
    written: Written = field(default_factory=Written)
    left_out: tuple[str, ...] = ()
    sound: str | None = None
    is_untitled: bool = False


class Show:
    """A show to be published into ``folder``, which will be found at ``base``, of these alignments; ``facts`` are what
    its feed says of it. ``written`` tells in the end what became of its own files.

    Raises
    ------
    OutputError
        The folder holds something else, an episode twice, or episodes that are not named.
    AlignerError
        Two alignments are of one sound.
    """

    def __init__(
        self, alignments: Sequence[Path], folder: Path, interface: str | None, base: str | None, facts: ShowFacts | None
    ) -> None:
        self.folder, self._interface, self._base, self._facts = folder, interface, base, facts
        self._plan = plan_of(alignments, folder, interface, base)
        self.written = Written()

    @property
    def lengths(self) -> tuple[float, ...]:
        """Of the episodes to make, for they are new, or have changed since they were made, the seconds of sound."""
        return tuple(each.duration for each in self._plan.episodes if not each.is_unchanged)

    @property
    def unknown(self) -> tuple[UserError, ...]:
        """What keeps folders in it that may be episodes' from being known; they are not listed."""
        return self._plan.unknown

    @property
    def left(self) -> tuple[Path, ...]:
        """The folders of episodes that may be those of alignments which cannot be read: they stay as they are."""
        return tuple(self.folder / EPISODES_FOLDER / name for name in self._plan.left)

    def make(self, progress: Progress, begin: Callable[[], None]) -> Iterator[Outcome]:
        """Make what is to be made, one after the other, each after a ``begin``; then the page that lists all that is
        there. What cannot be made stays as it is, and hinders nothing else.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        there = [self._there(name, digest, None) for name, digest in self._plan.left.items()]
        with begun_show(self.folder):
            for each in self._plan.episodes:
                if not each.is_unchanged:
                    begin()
                outcome = self._outcome(each, progress)
                there += [outcome.episode] if outcome.episode else []
                yield outcome
            if there:
                contents = show_contents(there, self._interface, self._base, self._facts)
                self.written = write_folder(self.folder, contents, SHOW)

    def _there(self, name: str, digest: Digest, path: Path | None) -> ShowEpisode:
        return ShowEpisode(name, digest, path, self.folder / EPISODES_FOLDER / name)

    def _outcome(self, each: Planned, progress: Progress) -> Outcome:
        if each.is_unchanged and each.old:
            return Outcome(each.path, self._there(each.name, each.old, each.path), is_unchanged=True)
        try:
            if each.error:
                raise each.error
            return self._made(each, progress)
        except (UserError, OSError) as caught:
            error = _without_option(caught)
            if each.old is None:
                return Outcome(each.path, None, error)
            is_same = each.old.alignment == each.alignment
            return Outcome(each.path, self._there(each.name, each.old, each.path if is_same else None), error)

    def _made(self, each: Planned, progress: Progress) -> Outcome:
        folder = self.folder / EPISODES_FOLDER / each.name
        alignment = read_alignment(each.path)
        name, look = each.path.name.removesuffix(JSON_SUFFIX), look_of(alignment, each.path)
        base = self._base and f"{self._base}{EPISODES_FOLDER}/{each.name}/"
        publication = Publication(alignment, each.path, name, look, self._interface, base, _SHOW_PAGE)
        address = remembered_sound(told_in(folder), folder, alignment)
        with site_sound(alignment, each.path, None, address, progress) as sound:
            contents = contents_of(publication, sound, progress)
            digest = _digest_of(each, publication, contents)
            written = write_folder(folder, replace(contents, episode=digest))
        there = self._there(each.name, digest, each.path)
        return Outcome(
            each.path,
            there,
            written=written,
            left_out=look.left_out,
            sound=address,
            is_untitled=publication.is_untitled and not each.old,
        )


def _without_option(error: UserError | OSError) -> UserError | OSError:
    """What is told of an error, without an option that goes with one episode alone, or would part it from the show."""
    if isinstance(error, NoSoundError):
        path = error.message.values["path"]
        return SourceError("{path}: the sound of the alignment is not there; put it beside the alignment", path=path)
    return error.where_it_is() if isinstance(error, OutputError) else error


def _digest_of(each: Planned, publication: Publication, contents: Contents) -> Digest:
    alignment = publication.alignment
    details = alignment.episode
    return Digest(
        sound=alignment.audio.sha256,
        alignment=each.alignment,
        inputs=each.inputs,
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
        signature=alignment.signature or UNSET,
    )
