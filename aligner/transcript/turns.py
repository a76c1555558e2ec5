"""Read captions and podcast JSON, and join their short texts into paragraphs, one on each line.

Times are used only to decide where a paragraph ends. The JSON of the podcast namespace is ``{"version", "segments":
[{"speaker", "startTime", "endTime", "body"}]}``:
https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aligner.errors import TranscriptError
from aligner.timed_text.cues import CueBlock, plain, read_cues, unrolled, voices
from aligner.transcript.draft import Draft, Line
from aligner.transcript.marks import ONLY_TIME, is_stage
from aligner.transcript.names import LONGEST, LONGEST_NAME, NameShape, clean_name, is_clause, shape_of, shortened
from aligner.transcript.speakers import ends_sentence
from aligner.transcript.vocabulary import CHAPTERS, OPENERS

PARAGRAPH_CHARS = 600  # a longer paragraph ends at the end of a sentence
MAX_PARAGRAPH_CHARS = 2000  # a longer paragraph ends anywhere
PARAGRAPH_PAUSE = 2.0  # seconds; a longer pause ends a paragraph at the end of a sentence
LONG_PAUSE = 6.0  # seconds; a longer pause ends a paragraph anywhere
MIN_LABELLED = 0.5  # share of pieces
NEW_VOICE = re.compile(r"[-–—―]\s*\S|>>")
LABEL = re.compile(
    r"(?:>>+\s*)?(?:(?P<label>['’]?[^\W\d_][^:：\n\[\]]{0,60}?)\s*[:：]|\[(?P<bracketed>[^\[\]\n]{1,40})\]:?)(?:\s+|$)"
)
UNSPACED = re.compile(r"[\u0e00-\u0fff\u2e80-\ua4cf\uff00-\uff9f]")  # Thai, Chinese, Japanese; not Korean
BRACKETED = re.compile(r"[\[(][^\[\]()]*[\])]|[♪♫].*")
NO_SPACE_BEFORE = re.compile(r"[.,…)\]}’”]+(?:\s|$)")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and surrogates, which JSON can escape
MAX_SEGMENTS = 500_000


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text spoken by one speaker (None if unknown), with its start and end in seconds."""

    text: str
    speaker: str | None
    start: float
    end: float


def read_subtitles(text: str, file: str) -> Draft:
    """Read an SRT or WebVTT file into a draft transcript, including text above the first cue. Raises TranscriptError if
    no cue has text."""
    found = read_cues(text)
    pieces = [piece for line in found.above for piece in _utterances(CueBlock(0.0, 0.0, (line,)))]
    pieces += [piece for cue in unrolled(found.cues) for piece in _utterances(cue)]
    if not pieces or not found.cues:
        raise TranscriptError("{path}: no caption with text in it; SRT or WebVTT was expected", path=file)
    return join_turns(pieces, None, shortened(found.language))


def _utterances(cue: CueBlock) -> Iterator[Utterance]:
    speaker: str | None = None
    rows: list[str] = []
    for line in cue.lines:
        for voice, piece in voices(line):
            name = shortened(voice, LONGEST_NAME)
            if name or (rows and NEW_VOICE.match(piece.strip())):
                yield from _said(rows, speaker, cue)
                rows, speaker = [], name or speaker
            rows.append(piece.strip())
    yield from _said(rows, speaker, cue)


def _said(rows: Sequence[str], speaker: str | None, cue: CueBlock) -> Iterator[Utterance]:
    if text := re.sub(r"[ \t\n]+", " ", plain(" ".join(rows))):
        yield Utterance(text, speaker, cue.start, cue.end)


def read_json(text: str, file: str) -> Draft:
    """Return the draft of a JSON transcript; each segment may be a word or a sentence. Raises TranscriptError if the
    JSON is invalid."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(
            "{path}: line {line}: not JSON ({detail})", path=file, line=error.lineno, detail=error.msg
        ) from error
    except (RecursionError, ValueError) as error:
        raise TranscriptError(
            "{path}: not a transcript's JSON (nested too deep, or a number too long)", path=file
        ) from error
    segments = data.get("segments") if isinstance(data, dict) else None
    if isinstance(data, dict) and str(data.get("format")).startswith("quotecast-"):
        raise TranscriptError(
            "{path}: this file was made by quotecast and is not a transcript; use the original transcript", path=file
        )
    if not isinstance(segments, list) or len(segments) > MAX_SEGMENTS:
        raise TranscriptError('{path}: no "segments" list; a podcast-namespace transcript was expected', path=file)
    utterances: list[Utterance] = []
    for index, segment in enumerate(segments):
        utterances.append(_utterance(segment, index, file, utterances[-1] if utterances else None))
    return join_turns(utterances, _text(data.get("title")), _text(data.get("language")))


def _utterance(segment: Any, index: int, file: str, last: Utterance | None) -> Utterance:
    bodies = [segment[name] for name in ("body", "text") if name in segment] if isinstance(segment, dict) else []
    texts = [UNWRITABLE.sub("\ufffd", body) for body in bodies if isinstance(body, str)]
    if not bodies or not (texts or None in bodies):
        raise TranscriptError(
            '{path}: segment {index} has no "body"; a podcast-namespace transcript was expected', path=file, index=index
        )
    start = _seconds(segment.get("startTime"), last.end if last else 0.0)
    speaker = _text(segment.get("speaker"), LONGEST_NAME) or (last.speaker if last else None)
    end = max(start, _seconds(segment.get("endTime"), start))
    return Utterance(next(filter(str.strip, texts), ""), speaker, start, end)


def _text(value: Any, longest: int = LONGEST) -> str | None:
    return shortened(" ".join(UNWRITABLE.sub("\ufffd", value).split()), longest) if isinstance(value, str) else None


def _seconds(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 1e9 else default


def join_turns(utterances: Sequence[Utterance], title: str | None = None, language: str | None = None) -> Draft:
    """Join utterances into paragraphs and return the draft. If no speaker is known, labels are detected later."""
    utterances = _named(utterances)
    named = any(piece.speaker for piece in utterances)
    lines: list[Line] = []
    texts: list[str] = []
    start = at = 0
    last: Utterance | None = None
    for piece in utterances:
        text = piece.text.replace("\n", " ").rstrip()
        if not text:
            continue
        if last is None or _starts_paragraph(last, piece, at - start):
            text = text.lstrip()
            texts.append("\n" if last else "")
            start = at = at + len(texts[-1])
            lines.append(Line(start, start, None, piece.speaker, start if named else None))
        else:
            texts.append(_glue(last.text.rstrip(), text))
            at += len(texts[-1])
        texts.append(text)
        at += len(text)
        lines[-1] = replace(lines[-1], end=at)
        last = piece
    return Draft("".join(texts) + "\n", tuple(lines), title or None, language or None, guess_headings=False)


def _named(utterances: Sequence[Utterance]) -> Sequence[Utterance]:
    """Move the labels in the utterances' texts into ``speaker``, if enough texts begin with a label that recurs."""
    labels = [None if piece.speaker else _label(piece.text.strip()) for piece in utterances]
    counts = Counter(label[0] for label in labels if label)
    if sum(counts[label[0]] > 1 for label in labels if label) < max(2, MIN_LABELLED * len(utterances)):
        return utterances
    named: list[Utterance] = []
    for piece, label in zip(utterances, labels, strict=True):
        speaker = named[-1].speaker if named and not NEW_VOICE.match(piece.text.strip()) else None
        text = piece.text.strip()[label[1] :] if label else piece.text
        named.append(replace(piece, text=text, speaker=label[0] if label else piece.speaker or speaker))
    return named


def _starts_paragraph(last: Utterance, piece: Utterance, length: int) -> bool:
    """Return whether ``piece`` starts a new paragraph. Otherwise, it continues the paragraph that has ``length``
    characters so far and ends with ``last``."""
    text, before, pause = piece.text.strip(), last.text.strip(), piece.start - last.end
    if piece.speaker != last.speaker or NEW_VOICE.match(text) or (piece.speaker is None and _label(text)):
        return True
    if any(BRACKETED.fullmatch(each) or ONLY_TIME.fullmatch(each) for each in (before, text)):
        return True
    if pause >= LONG_PAUSE or length >= MAX_PARAGRAPH_CHARS:
        return True
    return ends_sentence(before) and (pause >= PARAGRAPH_PAUSE or length >= PARAGRAPH_CHARS)


def _label(text: str) -> tuple[str, int] | None:
    """Return the name in the speaker's label that begins a text, and the label's end offset; None if there is none."""
    found = LABEL.match(text)
    if not found or is_stage(found.group().strip()):
        return None
    label = found["label"] or found["bracketed"]
    name = clean_name(label)
    if not any(map(str.isalpha, name)) or shape_of(name) < NameShape.ARTICLED or is_clause(label.partition(",")[2]):
        return None
    return None if name.casefold().split()[0] in OPENERS | CHAPTERS else (name, found.end())


def _glue(before: str, text: str) -> str:
    """Return the separator between two texts: "" before punctuation or between scripts without spaces, else a space."""
    if text[0].isspace() or NO_SPACE_BEFORE.match(text) or (UNSPACED.match(before[-1]) and UNSPACED.match(text[0])):
        return ""
    return " "
