"""Downloads of an episode: captions, plain text, and an offline page with embedded scripts and styles."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aligner.captions import build_cues
from aligner.durations import clock
from aligner.languages.sentences import in_language
from aligner.model import Alignment, Kind
from aligner.outputs import OutputOptions, are_behind, captions
from aligner.pins import review_status
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.typography import DIALOGUE_DASH, unbroken, widened
from media.safe_fs import is_regular, read_regular
from web.library import Episode
from web.page.bundle import script_of, styles
from web.page.data import cues_of, episode_data
from web.page.preparation import columns, read_peaks, ready
from web.page.transcript import Page, page_of
from web.sending import download_name
from web.worker_pool import call

_LARGEST_CAPTIONS_BYTES = 50_000_000
_ENTRY = "page/standalone.js"


def caption_text(path: Path, kind: str) -> str:
    """Return the alignment's captions (``kind``: vtt or srt), from the captions file if that is up to date. Raises
    AlignmentError for a damaged alignment, Unusable if the work exceeds the limits, Busy if the server is busy."""
    file = path.with_name(path.name.removesuffix(JSON_SUFFIX) + f".{kind}")
    if is_regular(file) and not are_behind(path):
        return read_regular(file, _LARGEST_CAPTIONS_BYTES).decode("utf-8", "replace")
    return call(_captions, path, kind)


def _captions(path: Path, kind: str) -> str:
    alignment, options = read_alignment(path), OutputOptions(formats=(kind,))
    return captions(build_cues(alignment, options.rules_for(kind)), alignment, kind, options)


def plain_text(alignment: Alignment, page: Page) -> str:
    """Return the transcript as plain text: the review status, then each turn with its time and speaker above. Narrow
    no-break spaces are replaced by U+00A0, which every font has."""
    text = alignment.transcript.text
    blocks = [f"{alignment.episode.title}\n{'=' * len(alignment.episode.title)}"] if alignment.episode.title else []
    blocks.append(f"({in_language(review_status(alignment.review, alignment.machine_text), alignment.language)})")
    for turn in page.turns:
        paragraphs = []
        for each in turn.paragraphs:
            segment = alignment.segments[each.segment].segment
            words = " ".join(text[segment.char_start : segment.char_end].split())
            paragraphs.append(DIALOGUE_DASH * each.dashed + words)
        if turn.kind is Kind.SPEECH:
            at = None if turn.start is None else f"[{clock(turn.start)}]"
            blocks.append("\n".join(filter(None, [" ".join(filter(None, [at, turn.speaker])), *paragraphs])))
        elif turn.kind is Kind.HEADING:
            blocks.append("## " + paragraphs[0])
        else:
            blocks += paragraphs
    return widened(unbroken("\n\n".join(blocks), alignment.language)) + "\n"


def standalone(episode: Episode, path: Path, alignment: Alignment, address: str) -> dict[str, Any]:
    """Return the variables of the template ``standalone.html``, the offline page of the alignment at ``path``. The page
    plays the audio at ``address`` if that is a web address, otherwise a file beside the page."""
    page, script, audio = page_of(alignment), script_of(_ENTRY), episode.audio
    prepared = ready(audio, episode.folder) if audio else None
    name = download_name(audio_beside(episode, audio)[1] if audio else alignment.audio.file)
    return {
        "episode": episode,
        "alignment": alignment,
        "page": page,
        "data": episode_data(alignment, page) | {"id": episode.id},
        "cues": json.loads(cues_of(path)),
        "peaks": columns(read_peaks(prepared.peaks)) if prepared else None,
        "audio_address": address if urlsplit(address).scheme in ("http", "https") else quote(name),
        "audio_name": name,
        "styles": styles(),
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
    }


def audio_beside(episode: Episode, audio: Path) -> tuple[Path, str]:
    """Return the audio for the offline page (the seekable copy if it exists), and its file name for that page."""
    prepared = ready(audio, episode.folder)
    path = prepared.audio if prepared else audio
    return path, f"{episode.download_name}{path.suffix}"
