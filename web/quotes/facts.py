"""Quotes and clips as the page's scripts get them: plain values, words as ``first`` and ``last``, half-open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from aligner.model import Alignment
from aligner.quotes import Caution
from web.quotes.clips import Clip
from web.quotes.kept import Placed
from web.quotes.links import link_to, write_fragment
from web.quotes.previews import Preview
from web.quotes.selection import Selection, address_of, copied


def selection_facts(alignment: Alignment, selection: Selection, local: str) -> dict[str, Any]:
    """A selection with its link, which is ``public`` or leads to ``local``, and the text of "Copy quote"."""
    address, public = address_of(alignment, local, selection.fragment)
    voice = selection.voice
    return {
        "first": selection.words.start,
        "last": selection.words.stop,
        "text": selection.text,
        "speaker": ", ".join(selection.speakers) or None,
        "start": voice.start if voice else None,
        "end": voice.end if voice else None,
        "sentence": [selection.sentence.start, selection.sentence.stop],
        "link": address,
        "public": public,
        "copy": copied(alignment, selection, address),
        "cautions": caution_facts(selection.cautions),
    }


def kept_facts(alignment: Alignment, placed: Placed) -> dict[str, Any]:
    """A kept quote; ``first`` and the link's ``fragment`` are None where it is lost."""
    kept, words = placed.kept, placed.words
    return {
        "id": kept.id,
        "text": kept.text,
        "speaker": kept.speaker,
        "start": kept.start,
        "end": kept.end,
        "created": kept.created,
        "first": words.start if words else None,
        "last": words.stop if words else None,
        "fragment": f"#{write_fragment(link_to(alignment, words))}" if words else None,
    }


def preview_facts(preview: Preview) -> dict[str, Any]:
    """Where a clip will be cut, and what to look at."""
    return {
        "text": preview.text,
        "start": preview.span.start,
        "end": preview.span.end,
        "duration": round(preview.duration, 3),
        "wording": preview.wording,
        "cautions": caution_facts(preview.cautions),
    }


def clip_facts(clip: Clip) -> dict[str, Any]:
    """A clip that was made; ``files`` are names, the first that of what plays."""
    beside = [name for name in clip.files if name != clip.file.name]
    return {
        "id": clip.id,
        "name": clip.file.name,
        "files": [clip.file.name, *beside],
        "video": clip.is_video,
        "shape": clip.shape,
        "duration": clip.duration,
        "made": clip.made,
        "text": clip.text,
        "speaker": clip.speaker,
        "start": clip.start,
        "cautions": caution_facts(clip.cautions),
    }


def caution_facts(cautions: Iterable[Caution]) -> list[dict[str, str]]:
    """What a person should look at."""
    return [asdict(caution) for caution in cautions]
