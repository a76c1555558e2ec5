"""Caption files of an episode: the one in its folder, which a person may have edited, else made anew."""

from __future__ import annotations

from pathlib import Path

from aligner.captions import build_cues
from aligner.model import Alignment
from aligner.storage.outputs import JSON_SUFFIX, OutputOptions, captions


def caption_text(path: Path, alignment: Alignment, kind: str) -> str:
    """The captions that belong to the alignment at ``path``, as ``vtt`` or ``srt``."""
    beside = path.with_name(path.name.removesuffix(JSON_SUFFIX) + f".{kind}")
    if beside.is_file():
        return beside.read_bytes().decode("utf-8", "replace")
    options = OutputOptions(formats=(kind,))
    return captions(build_cues(alignment, options.rules_for(kind)), alignment, kind, options)
