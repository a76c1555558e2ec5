"""The sound of a published page: a file beside it that browsers jump in exactly, or an address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import SourceError
from aligner.model import Alignment
from aligner.recognition import Progress
from aligner.storage.atomic import scratch
from aligner.storage.audio_lookup import find_audio
from media.container import open_container
from media.errors import MediaError
from web.page.downloads import columns
from web.page.preparation import prepare, read_peaks, ready


@dataclass(frozen=True, slots=True)
class SiteSound:
    """``address`` is where the page finds its sound; ``file`` what is to lie there, None where the sound is elsewhere.
    ``audio`` is what was aligned, ``peaks`` are from 0 to 255 over the whole; None where nobody has the sound at hand.
    """

    address: str
    file: Path | None = None
    audio: Path | None = None
    peaks: list[int] | None = None


@contextmanager
def site_sound(
    alignment: Alignment, path: Path, given: Path | None, address: str | None, progress: Progress
) -> Iterator[SiteSound]:
    """The sound of the alignment at ``path``, ``given`` where it is not where it was; at ``address`` where it is
    published already. Its file is there while the context lasts.

    Raises
    ------
    SourceError, MediaError
        It is needed and not there, or cannot be read.
    """
    try:
        audio = find_audio(alignment, path, given)
    except (SourceError, MediaError):
        if not address or given:
            raise
        yield SiteSound(address)
        return
    with scratch() as folder:
        prepared = ready(audio, path.parent)
        if prepared is None:
            prepare(audio, folder, progress)
            prepared = ready(audio, folder)
        if prepared is None:
            raise SourceError("{path}: has changed while it was read; try again", path=audio)
        peaks = columns(read_peaks(prepared.peaks))
        if address:
            yield SiteSound(address, None, audio, peaks)
        else:
            yield SiteSound(f"sound{_ending(prepared.sound)}", prepared.sound, audio, peaks)


def _ending(sound: Path) -> str:
    """By what servers tell browsers what it is: of the two kinds that are jumped in exactly."""
    with closing(open_container(sound)) as container:
        return ".mp3" if container.format.name == "mp3" else ".m4a"
