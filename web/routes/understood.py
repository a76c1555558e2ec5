"""What a page shows of a transcript that was sent: how it was understood, and the names of its speakers."""

from __future__ import annotations

from typing import Any

from flask import render_template

from aligner.model import Kind
from aligner.transcript.names import shortened
from web.languages import t
from web.library.incoming import PreviewedPassage, TranscriptPreview
from web.page.transcript import SPEAKER_COLOURS

_SILENT = (Kind.HEADING, Kind.NOTE, Kind.STAGE)
_LONGEST_NAMED = 60  # characters of a passage in the name of its choice
_PROPOSED = ("language", "title", "show", "headline", "speakers", "kinds", "lost")


def understood(shown: TranscriptPreview) -> dict[str, Any]:
    """Return a preview as HTML, the fields for the speakers' names as ``names``, and what it proposes for the form."""
    labels = {label: label for label, _ in shown.speakers}
    return {
        "html": render_template(
            "adding/preview.html",
            shown=shown,
            tally=_tally(shown),
            colours={label: k % SPEAKER_COLOURS for k, label in enumerate(labels)},
            choices=(Kind.SPEECH, *_SILENT),
            beginning=_beginning,
        ),
        "names": render_template("details/names.html", labels=labels),
        **{name: getattr(shown, name) for name in _PROPOSED},
    }


def _tally(shown: TranscriptPreview) -> str:
    """Return how much was understood, in a sentence."""
    n = len(shown.speakers)
    speakers = t("understood.speakers", n=n) if n > 1 else t("understood.speaker" if n else "understood.nobody")
    is_silent = any(shown.counts.get(kind) for kind in _SILENT)
    return t("understood.silent" if is_silent else "understood.tally", words=shown.words, speakers=speakers)


def _beginning(passage: PreviewedPassage) -> str:
    """Return how a passage of a transcript begins, to name what is chosen of it."""
    return shortened("".join(run.text for run in passage.runs), _LONGEST_NAMED) or ""
