"""What goes with a clip when it is posted: the text, the link, the tags, the record of where it comes from.

The clip's own language speaks; of one that is not known here no words are said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from aligner.durations import clock, spoken_seconds
from aligner.languages import Posting, language_of
from aligner.model import Alignment, EpisodeDetails
from aligner.quotes import Caution, Cut, Quote
from aligner.storage.checked_json import encodable, on_one_line
from aligner.typography import DIALOGUE_DASH, quoted, unbroken, widened
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
