"""The compact JSON of an episode for the web component ``<quote-cast>``, specified in docs/reference/embed.md.

Times are whole milliseconds. The words of a paragraph, joined, are its displayed text with no-break spaces. The file
holds no character offsets, because JavaScript counts UTF-16 units where Python counts code points.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from aligner.durations import to_milliseconds
from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.model import TimedWord
from aligner.pins import open_untranscribed
from aligner.typography import unbroken, with_punctuation

FORMAT, VERSION = "quote-cast", "1.0"
SCRIPT = "quote-cast.js"
"""The name of the component's script."""

_TYPES = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".mp4": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
    ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".webm": "audio/webm",
}  # fmt: skip
_LEFTWARD = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


def embed(material: Material) -> str:
    """Return the episode's JSON, which refers to audio in the same folder."""
    return json.dumps(embed_data(material), ensure_ascii=False, separators=(",", ":"))


def embed_data(material: Material, urls: Sequence[str] | None = None, sync: str | None = None) -> dict[str, Any]:
    """Return the content of the JSON file. ``urls`` are the URLs of the audio relative to the file, the preferred one
    first, and ``sync`` is that of the audio's sync file; by default both are in the same folder."""
    alignment = material.alignment
    episode, review = alignment.episode, alignment.review
    names = dict.fromkeys(each.speaker for each in material.paragraphs if each.speaker)
    speakers = {name: number for number, name in enumerate(names)}
    sources = _beside(material) if urls is None else urls
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": material.title,
        "show": episode.show,
        "date": episode.date,
        "url": episode.url,
        "language": material.language,
        "direction": "rtl" if material.language in _LEFTWARD else "ltr",
        "audio": {
            "duration": to_milliseconds(alignment.audio.duration),
            "sources": [{"src": each, "type": _type(each)} for each in sources],
            **({"sync": sync or f"{material.upload_name}.sync"} if material.fingerprint else {}),
        },
        "verdict": alignment.verdict.value,
        "machine_text": alignment.machine_text,
        "review": review and {"by": review.who, "on": review.when[:10], "share": review.share},
        "speakers": list(speakers),
        "chapters": [{"title": unbroken(each.title, material.language), **_times(each)} for each in material.chapters],
        "paragraphs": [_paragraph(material, each, speakers) for each in material.paragraphs],
        "quotes": [{"text": each.text, "speaker": each.speaker, **_times(each)} for each in material.quotes],
        "missing": _missing(material),
    }


def _times(each: Any) -> dict[str, int]:
    return {"start": to_milliseconds(each.start), "end": to_milliseconds(each.end)}


def embedding(material: Material, data: str, text: str | None = None, base: str = "") -> str:
    """Return the HTML that embeds ``<quote-cast>`` in a page. ``data`` is the name of the JSON file; ``text`` is the
    name of a transcript to link to if scripts are disabled. ``base`` is the URL of the folder that contains these files
    and the script; the default is the page's own folder."""

    def address(name: str) -> str:
        return escape(base + quote(unicodedata.normalize("NFC", name), safe=""))

    within = escape(on_one_line(material.title))
    if text:
        within = f'<a href="{address(text)}">{within}</a>'
    script = f'<script type="module" src="{address(SCRIPT)}"></script>'
    return f'{script}<quote-cast src="{address(data)}">{within}</quote-cast>'


def _beside(material: Material) -> list[str]:
    """Return the relative URLs of the audio: its name for upload, then the names of the file that was aligned."""
    names = [PurePosixPath(each).name for each in (material.audio_path, *material.other_audio_files)]
    uploaded = f"{material.upload_name}{PurePosixPath(names[0]).suffix.lower()}"
    return [quote(name, errors="surrogateescape") for name in dict.fromkeys([uploaded, *names]) if name.strip(".")]


def _type(address: str) -> str | None:
    """Return the MIME type of an audio URL by its file extension; None if the extension is unknown."""
    return _TYPES.get(PurePosixPath(re.split("[?#]", address)[0]).suffix.lower())


def sync_warnings(audio: str) -> Iterator[str]:
    """Yield a warning if ``audio``, a file name or URL, is of a type that ``quotecast-sync.js`` cannot match."""
    if _type(audio) not in (None, "audio/mpeg", "audio/aac"):
        yield f"{audio}: players on web pages can use the sync file with MP3 and ADTS (.aac) only; publish one of these"


def _paragraph(material: Material, paragraph: Paragraph, speakers: dict[str, int]) -> dict[str, Any]:
    """Return a paragraph as JSON; ``speakers`` maps names to indices. ``start`` is the start of the first spoken
    word in milliseconds; ``starts`` has, for each word, the time since the previous spoken word started."""
    words = material.words(paragraph)
    written: dict[str, Any] = {"kind": paragraph.kind.value, "words": list(_pieces(material, paragraph, words))}
    if paragraph.speaker:
        written["speaker"] = speakers[paragraph.speaker]
    spans = [each.span and (to_milliseconds(each.span.start), to_milliseconds(each.span.end)) for each in words]
    said = [span for span in spans if span]
    if not said:
        return written
    before = written["start"] = said[0][0]
    written["starts"], written["lengths"] = [], []
    for span in spans:
        written["starts"].append(span and span[0] - before)
        written["lengths"].append(span and span[1] - span[0])
        before = span[0] if span else before
    return written


def _pieces(material: Material, paragraph: Paragraph, words: Sequence[TimedWord]) -> Iterator[str]:
    """Yield each word of a paragraph with its punctuation and following spaces; joined, they are the whole text."""
    segment = material.alignment.segments[paragraph.segment].segment
    first, last = segment.char_start, segment.char_end
    text = unbroken(material.alignment.transcript.text[first:last], material.language)
    starts = [*(each.word.char_start - first for each in words), last - first]
    cuts, before = [0], 0
    for each, after in zip(words, starts[1:], strict=True):
        start, end = each.word.char_start - first, each.word.char_end - first
        begins, before = with_punctuation(text, start, end, range(before, after))
        cuts.append(begins)
    cuts = [0, *cuts[2:], len(text)]
    for start, end in pairwise(cuts):
        piece = _SPACE.sub(" ", text[start:end])
        yield piece.rstrip(" ") if end == len(text) else piece


def _missing(material: Material) -> list[dict[str, Any]]:
    """Return the kind and times of each passage without text: missing speech, ads and jingles."""
    passages = [{"kind": "speech", **_times(each)} for each in open_untranscribed(material.alignment)]
    passages += [{"kind": each.kind.value, **_times(each)} for each in material.ads]
    return sorted(passages, key=itemgetter("start"))
