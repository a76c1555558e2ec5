"""Find when each word of an edited podcast transcript is said; make captions and clips of it.

This is the way in for programs, and stays as it is from version to version: what ``__all__`` names is promised, all
else may move. ``docs/reference/library.md`` shows it at work. Times are seconds, ranges half-open. Whatever a user can
mend is raised as ``UserError``, an ``AlignerError`` or a ``MediaError``, with one line that says what, where, and what
was expected; what a program asks wrongly is a ``ValueError``.

Nothing is loaded before it is used, so that ``import aligner`` takes no time.
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

_ROOMS = {
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
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


if not TYPE_CHECKING:  # a checker knows the names above, and no others

    def __getattr__(name: str) -> object:
        if name not in _ROOM_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(_ROOM_OF[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return __all__
