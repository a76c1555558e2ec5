"""Align podcast transcripts with their audio; make captions and clips from the result.

This is the public interface: the names in ``__all__`` remain the same in later versions; everything else may change.
``docs/reference/library.md`` has examples. Times are in seconds, ranges are half-open. Errors that a user can fix are
raised as ``UserError``, ``AlignerError`` or ``MediaError``, with a message of one line. Wrong arguments raise
``ValueError``.

Modules are imported on first use, so that ``import aligner`` is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aligner.captions import CaptionRules, Cue, SpeakerNames, build_cues, to_srt, to_vtt
    from aligner.errors import AlignerError
    from aligner.model import Alignment, Span, Status, TimedWord, Verdict
    from aligner.outputs import OutputOptions, write_alignment, write_outputs
    from aligner.pipeline import Aligned, AlignOptions, align
    from aligner.publishing.clips import Clip, ClipOptions, make_clip
    from aligner.publishing.excerpt import CutOptions, open_episode
    from aligner.quotes.quote import QuoteMatch, QuoteQuery, find_quote
    from aligner.recognition import Progress
    from aligner.storage.alignment_json import read_alignment
    from media.errors import MediaError, UserError

__all__ = [
    "AlignOptions",
    "Aligned",
    "AlignerError",
    "Alignment",
    "CaptionRules",
    "Clip",
    "ClipOptions",
    "Cue",
    "CutOptions",
    "MediaError",
    "OutputOptions",
    "Progress",
    "QuoteMatch",
    "QuoteQuery",
    "Span",
    "SpeakerNames",
    "Status",
    "TimedWord",
    "UserError",
    "Verdict",
    "align",
    "build_cues",
    "find_quote",
    "make_clip",
    "open_episode",
    "read_alignment",
    "to_srt",
    "to_vtt",
    "write_alignment",
    "write_outputs",
]

_MODULES = {
    "aligner.captions": ("CaptionRules", "Cue", "SpeakerNames", "build_cues", "to_srt", "to_vtt"),
    "aligner.errors": ("AlignerError",),
    "aligner.model": ("Alignment", "Span", "Status", "TimedWord", "Verdict"),
    "aligner.pipeline": ("AlignOptions", "Aligned", "align"),
    "aligner.publishing.clips": ("Clip", "ClipOptions", "make_clip"),
    "aligner.publishing.excerpt": ("CutOptions", "open_episode"),
    "aligner.quotes.quote": ("QuoteMatch", "QuoteQuery", "find_quote"),
    "aligner.recognition": ("Progress",),
    "aligner.storage.alignment_json": ("read_alignment",),
    "aligner.outputs": ("OutputOptions", "write_alignment", "write_outputs"),
    "media.errors": ("MediaError", "UserError"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # type checkers would take __getattr__ for any name

    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
