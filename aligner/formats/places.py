"""Where an episode is published: what to upload there, under which name, and what is outside the place's limits.

What each place reads is described in docs/how-to/upload.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from aligner.formats import bluesky_vtt, chapter_lines
from aligner.formats.format import Format, endings_of
from aligner.formats.kept import told_of_lost
from aligner.formats.material import Material, Quote
from aligner.formats.profiles import PROFILES
from media.errors import Message

_NAMED = 5  # chapters in one message
_LONGEST_ALT = {"Bluesky": 1000, "Mastodon": 1500}  # graphemes (app.bsky.embed.video); characters (Mastodon's own)


@dataclass(frozen=True, slots=True)
class Check:
    """``outside`` finds what is not within a limit, ``within`` says what was looked at where nothing is; None where
    there was nothing to look at."""

    outside: Callable[[Material], Iterator[Message]]
    within: Callable[[Material], Message | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its ``name`` and its ``title``: the ``formats`` that it takes, with the endings of their files, and
    ``how``.

    ``has_tags``: the tags of the episode go there; ``has_lines``: chapters go there as lines of a description;
    ``has_player``: ``<quote-cast>`` is there, with its script and the sound;
    ``named_as_sound``: its files are found by the name of the sound.
    """

    name: str
    title: str
    formats: Mapping[Format, str]
    how: Message
    checks: tuple[Check, ...] = ()
    has_tags: bool = False
    has_lines: bool = False
    has_player: bool = False
    named_as_sound: bool = False

    def files(self, material: Material) -> dict[str, Format]:
        """What is uploaded there, by the names that the files have; nothing of what the material has not."""
        name = PurePosixPath(material.alignment.audio.file).stem if self.named_as_sound else material.upload_name
        return {f"{name}{ending}": each for each, ending in self.formats.items() if not each.lacking(material)}


def readers_of(format: Format) -> list[str]:
    """Who reads files of a format: the places that take it, then programs."""
    return [*(place.title for place in PLACES.values() if format in place.formats), *_PROGRAMS.get(format.name, ())]


def checked(place: Place, material: Material) -> tuple[Message, ...]:
    """What of the episode is not there, or outside the place's limits, each in a sentence."""
    missing = dict.fromkeys(lacks for each in place.formats if (lacks := each.lacking(material)))
    if any(each.holds_quotes for each in place.formats):
        missing |= dict.fromkeys(told_of_lost(material.lost))
    return (*missing, *(message for check in place.checks for message in check.outside(material)))


def passed(place: Place, material: Material) -> tuple[Message, ...]:
    """What was looked at and is within the place's limits, each in a sentence."""
    found = (check.within(material) for check in place.checks if not any(True for _ in check.outside(material)))
    return tuple(message for message in found if message)


def _lines(material: Material) -> Iterator[Message]:
    """What of the chapters is not in a description, or makes it too long."""
    if titles := chapter_lines.chapter_lines(material).too_short:
        named = "; ".join([*titles[:_NAMED], *(["…"] if titles[_NAMED:] else [])])
        yield Message("chapters of less than ten seconds have no line: {titles}", titles=named)
    size_bytes = _size_of_lines(material)
    if size_bytes > chapter_lines.MOST_BYTES:
        yield Message(
            "the lines have {size} bytes of the {most} that a description may have",
            size=size_bytes, most=chapter_lines.MOST_BYTES,
        )  # fmt: skip


def _within_lines(material: Material) -> Message | None:
    lines = chapter_lines.chapter_lines(material).lines
    if not lines:
        return None
    return Message(
        "the lines of {count} chapters have {size} bytes of the {most} that a description may have",
        count=len(lines), size=_size_of_lines(material), most=chapter_lines.MOST_BYTES,
    )  # fmt: skip


def _size_of_lines(material: Material) -> int:
    return len(chapter_lines.write(material).encode("utf-8"))


def _chapters_of_youtube(material: Material) -> Iterator[Message]:
    count = len(chapter_lines.chapter_lines(material).lines)
    if chapter_lines.FEWEST <= count < chapter_lines.LEAST:
        yield Message(
            "there are {count} chapters of ten seconds or more; YouTube shows them from {least} on",
            count=count, least=chapter_lines.LEAST,
        )  # fmt: skip
    yield from _lines(material)


def _voices(material: Material) -> Iterator[Message]:
    if not any(turn.speaker for turn in material.turns):
        yield Message("the text names no speakers, so none is named there")


def _named(material: Material) -> Message | None:
    count = len({turn.speaker for turn in material.turns if turn.speaker})
    return Message("speakers whom the text names: {count}", count=count)


def _track_of_bluesky(material: Material) -> Iterator[Message]:
    if end := bluesky_vtt.reach(material):
        yield Message(
            "the captions of the whole episode are larger than the {most} bytes of a track: the file ends at {end}, "
            "after a whole cue",
            most=bluesky_vtt.MOST_BYTES, end=end,
        )  # fmt: skip


def _within_track(material: Material) -> Message | None:
    size_bytes = len(bluesky_vtt.write(material).encode("utf-8"))
    return Message(
        "the captions have {size} bytes of the {most} of a track", size=size_bytes, most=bluesky_vtt.MOST_BYTES
    )


def _descriptions(most: int) -> Check:
    """That quotes are no longer than the description of a video may be."""

    def outside(material: Material) -> Iterator[Message]:
        from media.video.lettering import clusters

        def is_long(quote: Quote) -> bool:
            return len(quote.text) > most and len(clusters(quote.text)) > most

        if count := sum(is_long(quote) for quote in material.quotes):
            yield Message(
                "kept quotes that are longer than the {most} characters of a video's description: {count}",
                most=most, count=count,
            )  # fmt: skip

    def within(material: Material) -> Message | None:
        if not material.quotes:
            return None
        return Message(
            "kept quotes, each within the {most} characters of a video's description: {count}",
            most=most, count=len(material.quotes),
        )  # fmt: skip

    return Check(outside, within)


_SPEAKERS = Check(_voices, _named)
_LINES = Check(_lines, _within_lines)

_VTT = endings_of({"podcast-vtt": ".vtt"})
_VIDEO = endings_of({"broadcast-srt": ".video.srt", "chapter-lines": ".chapters.txt"})

_ALL = (
    Place(
        "feed",
        Message("Your feed"),
        PROFILES["podcast"].endings,
        Message("put the files on your web host, and the tags into the episode's item of the feed"),
        has_tags=True,
    ),
    Place(
        "castopod",
        "Castopod",
        endings_of({"podcast-vtt": ".vtt", "chapters-json": ".chapters.json"}),
        Message("choose the files in the episode's form, under transcript and chapters; Castopod writes the tags"),
        (_SPEAKERS,),
    ),
    Place(
        "podlove",
        "Podlove Publisher",
        _VTT,
        Message("import the file under transcripts of the episode, then say which voice is which contributor"),
        (_SPEAKERS,),
    ),
    Place(
        "apple",
        "Apple Podcasts",
        _VTT,
        Message("set the show to transcripts that you provide; Apple takes the file from the feed's tag"),
        (_SPEAKERS,),
    ),
    Place(
        "spotify",
        "Spotify",
        _VTT,
        Message("upload the file as the episode's transcript in Spotify for Creators"),
    ),
    Place(
        "youtube",
        "YouTube",
        _VIDEO,
        Message("upload the captions under subtitles in YouTube Studio, and paste the lines into the description"),
        (Check(_chapters_of_youtube, _within_lines),),
        has_lines=True,
    ),
    Place(
        "peertube",
        "PeerTube",
        _VIDEO,
        Message("upload the captions on the video's captions tab, and paste the lines into the description"),
        (_LINES,),
        has_lines=True,
    ),
    Place(
        "audiobookshelf",
        "Audiobookshelf",
        _VTT,
        Message("put the file beside the sound, under the same name"),
        named_as_sound=True,
    ),
    Place(
        "mastodon",
        "Mastodon",
        {},
        Message("it takes no captions: post a clip as a video that shows its words, and the quote as its description"),
        (_descriptions(_LONGEST_ALT["Mastodon"]),),
    ),
    Place(
        "bluesky",
        "Bluesky",
        endings_of({"bluesky-vtt": ".bluesky.vtt"}),
        Message("post a clip as a video with its own captions; those of the whole episode are for one that is whole"),
        (Check(_track_of_bluesky, _within_track), _descriptions(_LONGEST_ALT["Bluesky"])),
    ),
    Place(
        "books",
        Message("Readers of e-books"),
        endings_of({"epub": ".epub"}),
        Message("open the file with a reader that plays along, such as Thorium or Apple Books"),
    ),
    Place(
        "site",
        Message("Your own site"),
        endings_of(
            {
                "web-vtt": ".web.vtt",
                "chapters-vtt": ".chapters.vtt",
                "transcript-html": ".transcript.html",
                "cast": ".cast.json",
            }
        ),
        Message("put the files into one folder, and the line into a page: it shows the player with the transcript"),
        has_player=True,
    ),
)

_EDITORS = ("DaVinci Resolve", "Premiere Pro", "Avid Media Composer")
_PROGRAMS = {
    "imsc": ("broadcasters and platforms of video, as a delivery of subtitles",),
    "ebu-tt-d": ("broadcasters in Europe", "HbbTV"),
    "broadcast-srt": ("editing and subtitling programs",),
    "ass": ("Aegisub and other editors of subtitles",),
    "otio": ("DaVinci Resolve", "Premiere Pro", "Final Cut Pro by OpenTimelineIO's adapters"),
    "edl": _EDITORS,
    "quotes-edl": _EDITORS,
    "labels": ("Audacity",),
    "quotes-labels": ("Audacity",),
    "textgrid": ("Praat",),
    "elan": ("ELAN",),
    "csv": ("R", "pandas", "spreadsheets"),
}

PLACES: Mapping[str, Place] = {each.name: each for each in _ALL}
"""By name, in the order in which people are shown them."""
