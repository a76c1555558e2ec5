"""The files of a clip: the sound and what lies beside it, all written or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.captions import CaptionRules, CueBuilder, SpeakerNames, to_srt, to_vtt
from aligner.clips.listened import listen_again
from aligner.clips.posting import Heard, post_text, record, tags
from aligner.model import Alignment
from aligner.normalization import letters_of
from aligner.publishing.excerpt import Excerpt
from aligner.quotes import Cut
from aligner.recognition.ear import silent
from aligner.storage.atomic import making, scratch
from aligner.storage.backups import write_keeping

if TYPE_CHECKING:
    from aligner.recognition import Progress
    from media.mastering import Finish, Level

SIDECARS = (".vtt", ".srt", ".txt", ".json")

_NAME_WORDS = 6
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How a cut becomes files: how loud, with which picture, and whether the model listens to the result."""

    finish: Finish
    cover: Path | None = None
    listen: bool = True


@dataclass(frozen=True, slots=True)
class ClipFiles:
    """What was written: the clip first, then what lies beside it; and what was learnt on the way."""

    paths: tuple[Path, ...]
    level: Level
    heard: Heard
    kept: tuple[Path, ...] = field(default=())


def default_name(alignment: Alignment, cut: Cut) -> str:
    """A name for the clip, without its ending: the episode's, when, and the first words.

    Examples
    --------
    ``episode-73s-c-est-le-combat-qui-commence``
    """
    return clip_name(alignment, cut.quote.text, cut.timeline.span.start)


def clip_name(alignment: Alignment, text: str, start: float) -> str:
    """``default_name`` of a clip that says ``text`` and starts at ``start`` seconds of the episode."""
    words = re.findall(r"\w+", text)[:_NAME_WORDS]
    slug = "-".join(filter(None, (letters_of(word, alignment.language) for word in words)))[:_NAME_LENGTH].strip("-")
    return "-".join(filter(None, [Path(alignment.audio.file).stem, f"{start:.0f}s", slug]))


def clip_paths(target: Path) -> tuple[Path, ...]:
    """The clip's file and those beside it."""
    return (target, *(target.with_suffix(ending) for ending in SIDECARS))


def clip_bytes(
    alignment: Alignment, excerpt: Excerpt, ending: str, finish: Finish, cover: Path | None = None
) -> tuple[bytes, Level]:
    """The clip's sound as the file that ``write_clip`` writes, byte for byte, and how loud it is; for a preview.

    ``ending`` is that of the file, such as ``.mp3``.

    Raises
    ------
    OutputError, MediaError
        As ``write_clip``.
    """
    with scratch() as folder:
        sound = folder / f"clip{ending}"
        level = _write_sound(alignment, excerpt, sound, finish, cover)
        return sound.read_bytes(), level


def write_clip(
    alignment: Alignment, excerpt: Excerpt, target: Path, options: ClipOptions, progress: Progress = silent
) -> ClipFiles:
    """Finish the sound, write it and its sidecars; what someone made or edited in their place is kept.

    Raises
    ------
    OutputError
        Something cannot be written; then nothing has changed.
    MediaError
        The sound cannot be encoded.
    """
    cut, seconds = excerpt.cut, excerpt.cut.timeline.duration
    with scratch() as folder:
        sound = folder / f"clip{target.suffix.lower()}"
        progress("encoding", 0.0, seconds)
        level = _write_sound(alignment, excerpt, sound, options.finish, options.cover)
        progress("encoding", seconds, seconds)
        heard = listen_again(sound, cut, alignment.language, progress) if options.listen else Heard()
        texts = _sidecars(alignment, cut, record(alignment, cut, target.name, level, heard))
        contents = [sound.read_bytes(), *(text.encode("utf-8") for text in texts)]
    paths = clip_paths(target)
    with making(target.parent):
        kept = write_keeping(dict(zip(paths, contents, strict=True)))
    return ClipFiles(paths, level, heard, kept)


def _write_sound(alignment: Alignment, excerpt: Excerpt, path: Path, finish: Finish, cover: Path | None) -> Level:
    from media.mastering import Encoding, write_finished

    return write_finished(excerpt.sound, path, finish, Encoding(tags(alignment, excerpt.cut), cover))


def _sidecars(alignment: Alignment, cut: Cut, json: str) -> list[str]:
    """The content of each of ``SIDECARS``."""
    builder = CueBuilder(cut.alignment, CaptionRules(), cut.quote.words)
    vtt = to_vtt(builder.cues(SpeakerNames.NEVER), verdict=alignment.verdict)
    srt = to_srt(builder.cues(SpeakerNames.CHANGE), language=alignment.language, verdict=alignment.verdict)
    return [vtt, srt, post_text(alignment, cut), json]
