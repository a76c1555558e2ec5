"""Which formats go together for which use, and the endings that their files have in one folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aligner.formats.format import Format, endings_of


@dataclass(frozen=True, slots=True)
class Profile:
    """Files for one use; by format, their endings after the episode's name."""

    title: str
    endings: Mapping[Format, str]


def _profile(title: str, endings: Mapping[str, str]) -> Profile:
    return Profile(title, endings_of(endings))


PROFILES: Mapping[str, Profile] = {
    "podcast": _profile(
        "for podcast players and hosts",
        {
            "podcast-vtt": ".vtt",
            "podcast-srt": ".srt",
            "transcript-json": ".transcript.json",
            "transcript-html": ".transcript.html",
            "chapters-json": ".chapters.json",
            "chaptered-mp3": ".mp3",
        },
    ),
    "broadcast": _profile(
        "for broadcasters and editors of subtitles",
        {"imsc": ".imsc.ttml", "ebu-tt-d": ".ebu-tt-d.xml", "broadcast-srt": ".srt", "ass": ".ass"},
    ),
    "web": _profile("for pages", {"web-vtt": ".vtt", "chapters-vtt": ".chapters.vtt", "cast": ".cast.json"}),
    "editor": _profile(
        "for editing software",
        {
            "otio": ".otio",
            "edl": ".edl",
            "quotes-edl": ".quotes.edl",
            "labels": ".labels.txt",
            "quotes-labels": ".quotes.txt",
        },
    ),
    "research": _profile("for linguists and data", {"textgrid": ".TextGrid", "elan": ".eaf", "csv": ".words.csv"}),
    "book": _profile("for readers of books", {"epub": ".epub"}),
}
"""By name."""
