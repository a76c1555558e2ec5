"""What goes with a clip when it is posted: the text, the link, the tags, and the record of where it comes from.

The clip's own language speaks; of one that is not known here no words are said.

A clip stays as it is. One of whose sound the new one has all tells where that is; of any other the record goes on to
name the old sound, by which its clip is known to be of another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from aligner.durations import clock, spoken_seconds
from aligner.languages import Posting, language_of
from aligner.model import Alignment, AudioFile, EpisodeDetails, Span
from aligner.publishing.excerpt import Cut
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import Quote
from aligner.retiming.moving import EDGE, Timeline
from aligner.storage.checked_json import decode, encodable, on_one_line
from aligner.typography import DIALOGUE_DASH, quoted, unbroken, widened
from media.safe_fs import files, read_regular, where
from media.video.bidirectional import undirected

if TYPE_CHECKING:
    from media.mastering import Level


FORMAT, VERSION = "quotecast-clip", 1

SILENT_DB = -120.0  # where the peak of silence, which has none, is told to be

_TITLE_WORDS, _TITLE_LENGTH = 10, 70


def link(episode: EpisodeDetails, start: float) -> str | None:
    """The episode's public address, at the second that ``start`` is in (W3C Media Fragments 4.2.1)."""
    if not episode.url:
        return None
    url = episode.url.strip()
    return url if "#" in url else f"{url}#t={int(start)}"


def post_text(cut: Cut, duration: float | None = None) -> str:
    """The text to post with the clip, and under it the description for who cannot hear it.

    ``duration`` is the file's, in seconds, where that is longer than what is cut.
    """
    address = link(cut.alignment.episode, cut.timeline.span.start)
    return cited(cut.alignment, Wording.of(cut.quote), address) + "\n\n" + alt_text(cut, duration) + "\n"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is printed, a line for each paragraph, ``said_by`` naming who says each line, ``speakers`` all who do."""

    text: str
    speakers: tuple[str, ...]
    said_by: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, quote: Quote) -> Wording:
        return cls(quote.text, quote.speakers, quote.said_by)

    @property
    def is_dialogue(self) -> bool:
        """Whether several people speak, whose names are known."""
        return len(self.speakers) > 1 and len(self.said_by) == len(self.text.split("\n"))

    def turns(self) -> Iterator[tuple[str | None, str]]:
        """What each says in turn, and their name."""
        lines = zip(self.said_by, self.text.split("\n"), strict=True)
        for name, turn in groupby(lines, key=lambda line: line[0]):
            said = [text for _, text in turn]
            yield name, "\n".join(said) if len(said) > 1 else said[0].removeprefix(DIALOGUE_DASH)


def cited(alignment: Alignment, wording: Wording, address: str | None) -> str:
    """A quote between its language's marks, who says it in which show and episode, and where; a line for each.

    What several people say is a dialogue: who speaks stands before what they say.
    """
    speaker = None if wording.is_dialogue else ", ".join(wording.speakers)
    credited = _credits(alignment.episode, speaker)
    lines = [between_marks(wording, alignment.language), credited and _unbroken(credited, alignment.language), address]
    return "\n".join(filter(None, lines))


def between_marks(wording: Wording, language: str) -> str:
    """The wording between its language's marks, or in a dialogue each turn, after the name of who speaks."""
    known = language_of(language)
    marks = known.posting.marks, known.posting.inner_marks
    if not wording.is_dialogue:
        return _unbroken(quoted(wording.text, *marks), language)
    told = ((name, quoted(text, *marks)) for name, text in wording.turns())
    lines = (f"{name}{known.captioning.name_mark} {said}" if name else said for name, said in told)
    return _unbroken("\n".join(lines), language)


def alt_text(cut: Cut, duration: float | None = None) -> str:
    """What a screen reader says of the clip, which lasts ``duration`` seconds if it is longer than what is cut."""
    words, seconds = _words_of(cut.alignment), spoken_seconds(duration or cut.timeline.duration)
    wording = Wording.of(cut.quote)
    alt = words.alt.format(
        length=f"{seconds} {words.seconds[seconds > 1]}" if words.seconds else clock(seconds),
        speaker="\0",
        quote=between_marks(wording, cut.alignment.language).replace("\n", " "),
    )
    if cut.quote.speaker and not wording.is_dialogue:
        return alt.replace("\0", undirected(cut.quote.speaker))
    return alt.replace("\0\u00a0: ", "").replace("\0: ", "")


def tags(cut: Cut) -> dict[str, str]:
    """The tags of the clip's file, by ffmpeg's names; what is not known is left out."""
    alignment, episode, start = cut.alignment, cut.alignment.episode, cut.timeline.span.start
    name = episode.title or on_one_line(PurePath(alignment.audio.file).name)
    source = _words_of(alignment).source.format(episode=name, at=clock(start))
    found = {
        "title": title(cut),
        "artist": cut.quote.speaker,
        "album": " – ".join(filter(None, [episode.show, episode.title])),
        "date": episode.date,
        "comment": " ".join(filter(None, [source, link(episode, start)])),
    }
    return {name: value for name, value in found.items() if value}


def title(cut: Cut) -> str:
    """The quote's first words."""
    words = cut.quote.text.split()
    shown = " ".join(words[:_TITLE_WORDS])[:_TITLE_LENGTH].strip()
    return shown if shown == " ".join(words) else shown.rstrip(" ,;:.…") + "…"


def record(
    cut: Cut, file: str, level: Level, heard: str | None, cautions: Sequence[Caution], duration: float | None = None
) -> str:
    """The clip's JSON: what was cut from where, how it sounds, and what a person should look at.

    ``heard`` is what a recogniser made of the finished sound, None where none listened; ``cautions`` are those that
    making it gave, told after the quote's own; ``duration`` is the file's where that is longer than what is cut.
    """
    alignment, quote, span = cut.alignment, cut.quote, cut.timeline.span
    content = {
        "format": FORMAT,
        "version": VERSION,
        "file": file,
        "quote": quote.text,
        "heard": heard,
        "speaker": quote.speaker,
        "speakers": list(quote.speakers),
        "language": alignment.language,
        "duration": round(duration or cut.timeline.duration, 3),
        "source": {
            "audio": alignment.audio.file,
            "sha256": alignment.audio.sha256,
            "start": span.start,
            "end": span.end,
            "kept": [[part.start, part.end] for part in cut.timeline.kept],
            "words": [quote.words.start, quote.words.stop],
        },
        "link": link(alignment.episode, span.start),
        "episode": asdict(alignment.episode),
        "loudness": loudness_facts(level),
        "alt": alt_text(cut, duration),
        "warnings": [asdict(caution) for caution in (*quote.cautions, *cautions)],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    return encodable(text) + "\n"


def loudness_facts(level: Level) -> dict[str, float | None]:
    """How loud a clip is, for a program."""
    lufs = None if level.lufs is None else round(level.lufs, 2)
    return {"lufs": lufs, "true_peak_db": round(max(level.true_peak_db, SILENT_DB), 2)}


def _words_of(alignment: Alignment) -> Posting:
    return language_of(alignment.language).posting


def _unbroken(text: str, language: str) -> str:
    """As it is posted: where it is shown, lines are broken at spaces, in whatever font there is, beside other texts."""
    return widened(unbroken(undirected(text), language))


def _credits(episode: EpisodeDetails, speaker: str | None) -> str | None:
    """Who says it, in which show and episode."""
    said = ", ".join(filter(None, [speaker, episode.show, episode.title]))
    return f"— {said}" if said else None


_LARGEST_BYTES = 500_000  # an hour of talk takes half of that


def moved_records(folder: Path, timeline: Timeline, old: AudioFile, alignment: Alignment) -> dict[Path, bytes]:
    """The records in ``folder`` of clips that were cut from the ``old`` sound, as they are with that of the
    ``alignment``. One that cannot be read stays, and so do all where nothing in the folder may be changed."""
    found: dict[Path, bytes] = {}
    with suppress(OSError):
        where(folder)
        for path in files(folder).values():
            if path.suffix == ".json":
                with suppress(OSError, ValueError):
                    told = decode(read_regular(path, _LARGEST_BYTES), dict[str, Any])
                    if _moved(told, timeline, old, alignment):
                        text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
                        found[path] = (encodable(text) + "\n").encode("utf-8")
    return found


def _moved(told: dict[str, Any], timeline: Timeline, old: AudioFile, alignment: Alignment) -> bool:
    """Move what a record tells; whether it tells of the old sound, and all of that is there in one piece.

    Raises ValueError: it is no such record.
    """
    source = told.get("source")
    if (told.get("format"), told.get("version")) != (FORMAT, VERSION) or not isinstance(source, dict):
        return False
    if source.get("sha256") != old.sha256:
        return False
    try:
        spans = [Span(float(start), float(end)) for start, end in [(source["start"], source["end"]), *source["kept"]]]
    except (KeyError, TypeError) as error:
        raise ValueError("not the record of a clip") from error
    pieces = [timeline.pieces(span) for span in spans]
    if any(
        len(each) != 1 or span.duration * (1 - timeline.share(span)) > EDGE
        for each, span in zip(pieces, spans, strict=True)
    ):
        return False
    (whole,), *kept = pieces
    audio = alignment.audio
    source |= {"audio": audio.file, "sha256": audio.sha256, "start": whole.start, "end": whole.end}
    source["kept"] = [[part.start, part.end] for (part,) in kept]
    told["link"] = link(alignment.episode, whole.start)
    return True
