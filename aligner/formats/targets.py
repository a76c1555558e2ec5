"""The targets where an episode can be published: the files to upload, their names, and the target's limits.

docs/how-to/upload.md describes what each target reads, with sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from aligner.formats import chapters
from aligner.formats.format import FORMATS, PROFILES, Format, endings_of
from aligner.formats.material import Material
from aligner.formats.quotes import warnings_of_lost
from media.errors import Message

_NAMED = 5  # chapters in one message


@dataclass(frozen=True, slots=True)
class Target:
    """A place to publish an episode, such as a host or a site. ``formats`` maps each format that the target reads to a
    file extension, ``how`` says how to upload files, and ``problems`` yields messages about exceeded limits.

    ``has_tags``: the target needs the episode's tags for a feed; ``has_lines``: it shows chapters as lines of a
    description; ``has_player``: its page shows ``<quote-cast>``, so it needs the script and the audio;
    ``named_like_audio``: files must have the name of the audio.
    """

    name: str
    title: str
    formats: Mapping[Format, str]
    how: Message
    problems: Callable[[Material], Iterator[Message]] | None = None
    has_tags: bool = False
    has_lines: bool = False
    has_player: bool = False
    named_like_audio: bool = False

    def files(self, material: Material) -> dict[str, Format]:
        """Return the available formats of the target, by the name of the file to upload."""
        name = PurePosixPath(material.alignment.audio.file).stem if self.named_like_audio else material.upload_name
        return {f"{name}{ending}": each for each, ending in self.formats.items() if not each.unavailable(material)}


def readers_of(format: Format) -> list[str]:
    """Return the titles of the targets that read a format, then the names of other programs that read this format."""
    return [*(target.title for target in TARGETS.values() if format in target.formats), *_PROGRAMS.get(format.name, ())]


def checked(target: Target, material: Material) -> tuple[Message, ...]:
    """Return messages about unavailable formats, lost quotes, and limits of the target that the episode exceeds."""
    missing = dict.fromkeys(reason for each in target.formats if (reason := each.unavailable(material)))
    if any(each.holds_quotes for each in target.formats):
        missing |= dict.fromkeys(warnings_of_lost(material.lost))
    return (*missing, *(target.problems(material) if target.problems else ()))


def _of_lines(material: Material) -> Iterator[Message]:
    """Yield a message if chapters are too short for a line, and one if all lines are too long for a description."""
    if titles := chapters.lines_of(material).too_short:
        named = "; ".join([*titles[:_NAMED], *(["…"] if titles[_NAMED:] else [])])
        yield Message("chapters of less than ten seconds have no line: {titles}", titles=named)
    size_bytes = len(chapters.chapter_lines(material).encode("utf-8"))
    if size_bytes > chapters.MOST_BYTES:
        yield Message(
            "the lines have {size} bytes of the {most} that a description may have",
            size=size_bytes, most=chapters.MOST_BYTES,
        )  # fmt: skip


def _of_youtube(material: Material) -> Iterator[Message]:
    count = len(chapters.lines_of(material).lines)
    if chapters.FEWEST <= count < chapters.LEAST:
        yield Message(
            "there are {count} chapters of ten seconds or more; YouTube shows them from {least} on",
            count=count, least=chapters.LEAST,
        )  # fmt: skip
    yield from _of_lines(material)


def _of_voices(material: Material) -> Iterator[Message]:
    if not any(turn.speaker for turn in material.turns):
        yield Message("the text names no speakers, so none is named there")


_VTT = endings_of({"podcast-vtt": ".vtt"})
_VIDEO = endings_of({"broadcast-srt": ".video.srt", "chapter-lines": ".chapters.txt"})
_SITE = "web-vtt", "chapters-vtt", "transcript-html", "cast", "sync"

_ALL = (
    Target(
        "feed",
        Message("Your feed"),
        PROFILES["podcast"].endings,
        Message("put the files on your web host, and the tags into the episode's item of the feed"),
        has_tags=True,
    ),
    Target(
        "castopod",
        "Castopod",
        endings_of({"podcast-vtt": ".vtt", "chapters-json": ".chapters.json"}),
        Message("choose the files in the episode's form, under transcript and chapters; Castopod writes the tags"),
        _of_voices,
    ),
    Target(
        "podlove",
        "Podlove Publisher",
        _VTT,
        Message("import the file under transcripts of the episode, then say which voice is which contributor"),
        _of_voices,
    ),
    Target(
        "apple",
        "Apple Podcasts",
        _VTT,
        Message("set the show to transcripts that you provide; Apple takes the file from the feed's tag"),
        _of_voices,
    ),
    Target(
        "spotify",
        "Spotify",
        _VTT,
        Message("upload the file as the episode's transcript in Spotify for Creators"),
    ),
    Target(
        "youtube",
        "YouTube",
        _VIDEO,
        Message("upload the captions under subtitles in YouTube Studio, and paste the lines into the description"),
        _of_youtube,
        has_lines=True,
    ),
    Target(
        "peertube",
        "PeerTube",
        _VIDEO,
        Message("upload the captions on the video's captions tab, and paste the lines into the description"),
        _of_lines,
        has_lines=True,
    ),
    Target(
        "audiobookshelf",
        "Audiobookshelf",
        _VTT,
        Message("put the file beside the audio, under the same name"),
        named_like_audio=True,
    ),
    Target(
        "mastodon",
        "Mastodon",
        {},
        Message("it takes no captions: post a clip as a video that shows its words, and the quote as its description"),
    ),
    Target(
        "bluesky",
        "Bluesky",
        {},
        Message("post a clip as a video with its own captions"),
    ),
    Target(
        "books",
        Message("Readers of e-books"),
        endings_of({"epub": ".epub"}),
        Message("open the file with a reader that plays along, such as Thorium or Apple Books"),
    ),
    Target(
        "site",
        Message("Your own site"),
        {FORMATS[name]: FORMATS[name].ending for name in _SITE},
        Message("put the files into one folder, and the line into a page: it shows the player with the transcript"),
        has_player=True,
    ),
)

_PROGRAMS = {
    "imsc": ("broadcasters and platforms of video, as a delivery of subtitles",),
    "ebu-tt-d": ("broadcasters in Europe", "HbbTV"),
    "broadcast-srt": ("editing and subtitling programs",),
    "ass": ("Aegisub and other editors of subtitles",),
    "otio": ("DaVinci Resolve", "Premiere Pro", "Final Cut Pro by OpenTimelineIO's adapters"),
    "edl": ("DaVinci Resolve", "Premiere Pro", "Avid Media Composer"),
    "labels": ("Audacity",),
    "textgrid": ("Praat",),
    "elan": ("ELAN",),
    "csv": ("R", "pandas", "spreadsheets"),
}

TARGETS: Mapping[str, Target] = {each.name: each for each in _ALL}
"""By name, in the order of the interface."""
