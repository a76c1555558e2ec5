"""What can be taken from an episode besides its clips: captions, plain text, a page that stands alone.

That page is opened from a disk without any server: its scripts and styles travel within it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aligner.captions import build_cues
from aligner.durations import clock
from aligner.languages.sentences import in_language
from aligner.model import Alignment, Kind, Status
from aligner.outputs import OutputOptions, are_behind, captions
from aligner.settled import standing
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.typography import DIALOGUE_DASH, unbroken, widened
from media.safe_fs import is_regular, read_regular
from web.bounded import call
from web.library import Episode
from web.page.bundle import script_of, styles
from web.page.data import cues_of, episode_data
from web.page.preparation import read_peaks, ready
from web.page.transcript import Page, Paragraph, page_of
from web.sending import kept_as

_LARGEST_CAPTIONS_BYTES = 50_000_000
_MOST_COLUMNS = 2000  # more than a screen has
_ENTRY = "page/standalone.js"
_FEW = 3  # words, from which on it is told that they are not said
_NOT_SAID = "[not said: {text}]"
_COPY = ".m4a"  # the ending of a sound that was prepared


def caption_text(path: Path, kind: str) -> str:
    """The captions that belong to the alignment at ``path``, as ``vtt`` or ``srt``; where there are none, or those of
    before a change, a child makes them.

    Raises
    ------
    AlignmentError, Unusable, Busy
        They cannot be made, within bounds or at all, or not now.
    """
    beside = path.with_name(path.name.removesuffix(JSON_SUFFIX) + f".{kind}")
    if is_regular(beside) and not are_behind(path):
        return read_regular(beside, _LARGEST_CAPTIONS_BYTES).decode("utf-8", "replace")
    return call(_captions, path, kind)


def _captions(path: Path, kind: str) -> str:
    alignment, options = read_alignment(path), OutputOptions(formats=(kind,))
    return captions(build_cues(alignment, options.rules_for(kind)), alignment, kind, options)


def plain_text(alignment: Alignment, page: Page) -> str:
    """Who stands for it; then a paragraph for each of the transcript's, a line with time and speaker over each turn;
    headings stand alone, and words that nobody says in brackets.

    It is to be read, in a program that breaks lines at spaces: it has no-break spaces, of the kind that all know.
    """
    blocks = [f"{alignment.episode.title}\n{'=' * len(alignment.episode.title)}"] if alignment.episode.title else []
    stands = in_language(standing(alignment.signature, alignment.machine_text), alignment.language)
    blocks.append(f"({stands})")
    for turn in page.turns:
        paragraphs = [DIALOGUE_DASH * each.dashed + _line(alignment, each) for each in turn.paragraphs]
        if turn.kind is Kind.SPEECH:
            at = None if turn.start is None else f"[{clock(turn.start)}]"
            blocks.append("\n".join(filter(None, [" ".join(filter(None, [at, turn.speaker])), *paragraphs])))
        elif turn.kind is Kind.HEADING:
            blocks.append("## " + paragraphs[0])
        else:
            blocks += paragraphs
    return widened(unbroken("\n\n".join(blocks), alignment.language)) + "\n"


def _line(alignment: Alignment, paragraph: Paragraph) -> str:
    """A paragraph's text; of words that are not said at all it is told, unless they are few."""
    text, segment = alignment.transcript.text, alignment.segments[paragraph.segment].segment
    pieces, at = [], segment.char_start
    for run in _unsaid(alignment, paragraph) if segment.kind is Kind.SPEECH else ():
        start, end = alignment.words[run[0]].word.char_start, alignment.words[run[-1]].word.char_end
        pieces += [text[at:start], _NOT_SAID.format(text=text[start:end])]
        at = end
    return " ".join("".join([*pieces, text[at : segment.char_end]]).split())


def _unsaid(alignment: Alignment, paragraph: Paragraph) -> Iterator[list[int]]:
    """The runs of words that are not said."""

    def is_unsaid(word: int) -> bool:
        timed = alignment.words[word]
        return timed.status is Status.UNSPOKEN and timed.word.segment == paragraph.segment

    for unsaid, run in groupby(paragraph.words, key=is_unsaid):
        words = list(run)
        if unsaid and len(words) >= _FEW:
            yield words


def standalone(episode: Episode, path: Path, alignment: Alignment, address: str) -> dict[str, Any]:
    """What the template ``standalone.html`` shows of the alignment at ``path``: the page that plays without a server.

    Its sound is at ``address``, where that is one of the web; else it lies beside the page.
    """
    page = page_of(alignment)
    taken = sound_beside(episode, episode.audio) if episode.audio else None
    names = [kept_as(name) for name in (taken.names if taken else (alignment.audio.file,))]
    sounds = [address] if urlsplit(address).scheme in ("http", "https") else [quote(name) for name in names]
    return {
        "episode": episode,
        "alignment": alignment,
        "page": page,
        "data": episode_data(alignment, page) | {"id": episode.id},
        "cues": json.loads(cues_of(path)),
        "peaks": taken.peaks if taken else None,
        "sound": sounds[0],
        "otherwise": sounds[1:],
        "sound_name": names[0],
        "styles": styles(),
        "script": script_of(_ENTRY),
        "script_hash": base64.b64encode(hashlib.sha256(script_of(_ENTRY).encode()).digest()).decode("ascii"),
    }


@dataclass(frozen=True, slots=True)
class SoundBeside:
    """``path`` is the sound to take along, ``name`` what it is called there.

    ``names`` are those that a page looks for, in order: one that was taken before the sound was prepared finds what is
    given afterwards, and the other way round. ``peaks`` are from 0 to 255 over the whole; None until they are prepared.
    """

    path: Path
    name: str
    names: tuple[str, ...]
    peaks: list[int] | None


def sound_beside(episode: Episode, audio: Path) -> SoundBeside:
    """What belongs beside the page of an episode with that ``audio``: the sound that jumps exactly, once there is one.

    The page looks for the file as it was given, too: it may lie there already.
    """
    prepared, called = ready(audio, episode.folder), sound_names(episode, audio)
    names = tuple(dict.fromkeys([*called, audio.name, f"{audio.stem}{_COPY}"]))
    if prepared is None:
        return SoundBeside(audio, called[0], names, None)
    return SoundBeside(prepared.sound, called[0], names, columns(read_peaks(prepared.peaks)))


def sound_names(episode: Episode, audio: Path) -> tuple[str, ...]:
    """What the episode's sound is called where it is taken away: that of what is given now first, then of what is given
    before, or after, it is prepared."""
    return tuple(f"{episode.download_name}{ending}" for ending in sound_endings(episode, audio))


def sound_endings(episode: Episode, audio: Path) -> tuple[str, ...]:
    """The endings of these names."""
    prepared, given = ready(audio, episode.folder), audio.suffix
    return tuple(dict.fromkeys((_COPY, given) if prepared and prepared.sound != audio else (given, _COPY)))


def columns(peaks: list[int]) -> list[int]:
    """The loudest of each stretch, for as many stretches as can be drawn."""
    width = max(1, -(-len(peaks) // _MOST_COLUMNS))
    return [max(peaks[k : k + width]) for k in range(0, len(peaks), width)]
