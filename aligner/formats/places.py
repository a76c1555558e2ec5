"""Where an episode is published: what to upload there, under which name, and what is outside the place's limits.

What each place reads is described in docs/formats.md, with its sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from aligner.formats import bluesky_vtt, chapter_lines
from aligner.formats.format import FORMATS, Format
from aligner.formats.material import Material, Quote
from aligner.formats.profiles import PROFILES
from media.errors import Message

Check = Callable[[Material], Iterator[Message]]

_LONGEST_ALT = {"Bluesky": 1000, "Mastodon": 1500}  # graphemes (app.bsky.embed.video); characters (Mastodon's own)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its ``name`` and its ``title``: the names of ``formats`` that it takes, and ``how``.

    ``has_tags``: the tags of the episode go there; ``has_lines``: chapters go there as lines of a description;
    ``named_as_sound``: its files are found by the name of the sound.
    """

    name: str
    title: str
    formats: tuple[str, ...]
    how: Message
    checks: tuple[Check, ...] = ()
    has_tags: bool = False
    has_lines: bool = False
    named_as_sound: bool = False

    def files(self, material: Material) -> dict[str, Format]:
        """What is uploaded there, by the names that the files have; nothing of what the material has not."""
        name = PurePosixPath(material.alignment.audio.file).stem if self.named_as_sound else material.name
        formats = [FORMATS[each] for each in self.formats if each in FORMATS]
        return {f"{name}{_ending(each)}": each for each in formats if not each.lacking(material)}


def checked(place: Place, material: Material) -> tuple[Message, ...]:
    """What of the episode is not there, or outside the place's limits, each in a sentence."""
    formats = [FORMATS[each] for each in place.formats if each in FORMATS]
    missing = dict.fromkeys(lacks for each in formats if (lacks := each.lacking(material)))
    return (*missing, *(message for check in place.checks for message in check(material)))


def _ending(format: Format) -> str:
    return PROFILES["podcast"].endings.get(format, format.ending)


def _lines(material: Material) -> Iterator[Message]:
    """What of the chapters is not in a description, or makes it too long."""
    for title in chapter_lines.chapter_lines(material).too_short:
        yield Message("the chapter {title} is shorter than ten seconds and has no line", title=title)
    size_bytes = len(chapter_lines.write(material).encode("utf-8"))
    if size_bytes > chapter_lines.MOST_BYTES:
        yield Message(
            "the lines have {size} bytes of the {most} that a description may have",
            size=size_bytes, most=chapter_lines.MOST_BYTES,
        )  # fmt: skip


def _chapters_of_youtube(material: Material) -> Iterator[Message]:
    count = len(chapter_lines.chapter_lines(material).lines)
    if 0 < count < chapter_lines.LEAST:
        yield Message(
            "there are {count} chapters of ten seconds or more; YouTube shows them from {least} on",
            count=count, least=chapter_lines.LEAST,
        )  # fmt: skip
    yield from _lines(material)


def _track_of_bluesky(material: Material) -> Iterator[Message]:
    if end := bluesky_vtt.reach(material):
        yield Message(
            "the captions of the whole episode are larger than the {most} bytes of a track: the file ends at {end}, "
            "after a whole cue",
            most=bluesky_vtt.MOST_BYTES, end=end,
        )  # fmt: skip


def _descriptions(most: int) -> Check:
    """That quotes are no longer than the description of a video may be."""

    def check(material: Material) -> Iterator[Message]:
        from media.video.clusters import clusters

        def is_long(quote: Quote) -> bool:
            return len(quote.text) > most and len(clusters(quote.text)) > most

        if count := sum(is_long(quote) for quote in material.quotes):
            yield Message(
                "kept quotes that are longer than the {most} characters of a video's description: {count}",
                most=most, count=count,
            )  # fmt: skip

    return check


_ALL = (
    Place(
        "feed",
        Message("Your feed"),
        ("podcast-vtt", "podcast-srt", "transcript-json", "transcript-html", "chapters-json", "chaptered-mp3"),
        Message("put the files on your web host, and the tags into the episode's item of the feed"),
        has_tags=True,
    ),
    Place(
        "castopod",
        "Castopod",
        ("podcast-vtt", "chapters-json"),
        Message("choose the files in the episode's form, under transcript and chapters; Castopod writes the tags"),
    ),
    Place(
        "podlove",
        "Podlove Publisher",
        ("podcast-vtt",),
        Message("import the file under transcripts of the episode, then say which voice is which contributor"),
    ),
    Place(
        "apple",
        "Apple Podcasts",
        ("podcast-vtt",),
        Message("set the show to transcripts that you provide; Apple takes the file from the feed's tag"),
    ),
    Place(
        "spotify",
        "Spotify",
        ("podcast-vtt",),
        Message("upload the file as the episode's transcript in Spotify for Creators"),
    ),
    Place(
        "youtube",
        "YouTube",
        ("broadcast-srt", "chapter-lines"),
        Message("upload the captions under subtitles in YouTube Studio, and paste the lines into the description"),
        (_chapters_of_youtube,),
        has_lines=True,
    ),
    Place(
        "peertube",
        "PeerTube",
        ("broadcast-srt", "chapter-lines"),
        Message("upload the captions on the video's captions tab, and paste the lines into the description"),
        (_lines,),
        has_lines=True,
    ),
    Place(
        "audiobookshelf",
        "Audiobookshelf",
        ("podcast-vtt",),
        Message("put the file beside the sound, under the same name"),
        named_as_sound=True,
    ),
    Place(
        "mastodon",
        "Mastodon",
        (),
        Message("it takes no captions: post a clip as a video that shows its words, and the quote as its description"),
        (_descriptions(_LONGEST_ALT["Mastodon"]),),
    ),
    Place(
        "bluesky",
        "Bluesky",
        ("bluesky-vtt",),
        Message("post a clip as a video with its own captions; those of the whole episode are for one that is whole"),
        (_track_of_bluesky, _descriptions(_LONGEST_ALT["Bluesky"])),
    ),
    Place(
        "site",
        Message("Your own site"),
        ("web-vtt", "chapters-vtt", "transcript-html"),
        Message("put the files beside the sound, and the transcript on the page itself or behind a link next to it"),
    ),
)

PLACES: Mapping[str, Place] = {each.name: each for each in _ALL}
"""By name, in the order in which people are shown them."""
