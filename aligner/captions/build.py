"""Build the cues of an alignment, and convert cues to WebVTT and SubRip.

Right-to-left lines are enclosed in U+202B and U+202C (right-to-left embedding): SubRip cannot state a direction, and
libass, which burns captions into pictures, treats every line as left-to-right.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from aligner.captions.cutting import Cutter, Typesetter, cue_times
from aligner.captions.passages import read_passages
from aligner.captions.rules import CaptionRules, Cue, CueKind, CueLine, SpeakerNames, speaker_labels
from aligner.durations import to_milliseconds
from aligner.languages import language_of
from aligner.model import Alignment, Verdict
from aligner.timed_text import CueBlock, write_srt, write_vtt
from aligner.timed_text.write import srt_text, vtt_text, vtt_time, vtt_voice
from media.errors import Message
from media.video.bidirectional import base_level


def build_cues(alignment: Alignment, rules: CaptionRules | None = None, words: range | None = None) -> list[Cue]:
    """Return the cues of an episode, or of the range ``words`` of word indices; times are in seconds."""
    rules = rules or CaptionRules()
    return CueBuilder(alignment, rules, words).cues(rules.speaker_names)


class CueBuilder:
    """A builder of the cues of an episode, or of the range ``words`` of word indices.

    Call ``cues`` with each ``SpeakerNames`` that is wanted: passages and the costs of line breaks are computed only
    once. The builder ignores ``rules.speaker_names``.
    """

    def __init__(self, alignment: Alignment, rules: CaptionRules, words: range | None = None) -> None:
        self._rules = rules
        self._passages = read_passages(alignment, rules, words)
        self._audio_end = max([alignment.audio.duration] + [passage.ends[-1] for passage in self._passages[-1:]])
        speakers = dict.fromkeys(token.speaker for each in self._passages for token in each.tokens if token.speaker)
        labels = speaker_labels(speakers, alignment.language, rules.max_line, rules.name_mark)
        self._labels = labels if rules.introduces else {name: (short, short) for name, (_, short) in labels.items()}
        language = language_of(alignment.language).captioning
        followings = [passage.starts[0] for passage in self._passages[1:]] + [self._audio_end + rules.min_gap]
        self._typesetters = [Typesetter(passage, language, rules) for passage in self._passages]
        self._cutters = [
            Cutter(passage, typesetter, following, rules)
            for passage, typesetter, following in zip(self._passages, self._typesetters, followings, strict=False)
        ]

    def cues(self, names: SpeakerNames) -> list[Cue]:
        """Return the cues; ``names`` says in which cues the speaker's name is shown."""
        cut = [
            (passage.kind, cue)
            for passage, typesetter, cutter in zip(self._passages, self._typesetters, self._cutters, strict=True)
            for cue in cutter.cut(typesetter.leads(names, self._labels))
        ]
        times = cue_times([cue.draft for _, cue in cut], self._audio_end, self._rules)
        return [Cue(start, end, cue.lines, kind) for (start, end), (kind, cue) in zip(times, cut, strict=True)]


POOR = Message("Verdict: poor. This may be the transcript of another episode; check the times before publishing.")


def to_vtt(cues: Iterable[Cue], *, verdict: Verdict | None = None, word_times: bool = False, review: str = "") -> str:
    """Return the cues as the text of a WebVTT file, with speakers in voice tags.

    Comments report a poor ``verdict`` and the ``review``, a sentence on who reviewed the episode. With ``word_times``,
    each word with a known time has a timestamp, so that players can highlight the spoken word.
    """
    blocks = (CueBlock(cue.start, cue.end, tuple(_vtt_lines(cue, word_times))) for cue in cues)
    return write_vtt(blocks, remarks(verdict, review))


def remarks(verdict: Verdict | None, review: str, poor: str = POOR) -> tuple[str, ...]:
    """Return the comments for a caption file: the text ``poor`` if the verdict is poor, and the sentence ``review``, if
    any, which says who reviewed the episode."""
    comments = [poor] if verdict is Verdict.POOR else []
    return (*comments, f"{review[:1].upper()}{review[1:]}.") if review else tuple(comments)


def to_srt(cues: Iterable[Cue], *, language: str = "en", verdict: Verdict | None = None) -> str:
    """Return the cues as the text of a SubRip file.

    SubRip has no comments. So if the ``verdict`` is poor, a cue with a warning in the ``language`` is added, in the
    first silence that is long enough or at the end.
    """
    cues = list(cues)
    if verdict is Verdict.POOR:
        cues = _with_warning(cues, f"[{language_of(language).captioning.unreliable}]")
    return write_srt(
        CueBlock(cue.start, cue.end, tuple(directed([srt_text(line.text) for line in cue.lines]))) for cue in cues
    )


def _vtt_lines(cue: Cue, word_times: bool) -> list[str]:
    stamps = _stamps(cue) if word_times else {}
    texts = directed([_vtt_line(line, number, stamps) for number, line in enumerate(cue.lines)])
    speakers = [line.speaker for line in cue.lines]
    if len(set(speakers)) == 1:
        return vtt_voice(speakers[0], texts)
    return [
        voiced + "</v>" * bool(speaker)
        for speaker, text in zip(speakers, texts, strict=True)
        for voiced in vtt_voice(speaker, [text])
    ]


def _vtt_line(line: CueLine, number: int, stamps: dict[tuple[int, int], str]) -> str:
    if not stamps:
        return vtt_text(line.text)
    text = vtt_text(line.lead) + (" " if line.lead and line.words else "")
    for position, word in enumerate(line.words):
        text += (word.before if position else "") + stamps.get((number, position), "") + vtt_text(word.text)
    return text


def directed(lines: list[str]) -> list[str]:
    """Return the lines of a cue, each enclosed in right-to-left marks if most letters of the cue are right-to-left."""
    return [f"\u202b{line}\u202c" for line in lines] if base_level("".join(lines)) else lines


def _stamps(cue: Cue) -> dict[tuple[int, int], str]:
    """Return the timestamp tags to put before words, by (index of the line, index of the word in the line). Tags
    must be in order and between the start and end of the cue: a word whose time breaks this rule has no tag."""
    last, end = to_milliseconds(cue.start), to_milliseconds(cue.end)
    stamps = {}
    for number, line in enumerate(cue.lines):
        for position, word in enumerate(line.words):
            if word.span and last < (start := to_milliseconds(word.span.start)) < end:
                stamps[number, position] = f"<{vtt_time(word.span.start)}>"
                last = start
    return stamps


def _with_warning(cues: list[Cue], text: str) -> list[Cue]:
    """Insert a cue that shows ``text`` in the first silence that is long enough, or else after the last cue."""
    rules = CaptionRules()
    needed = max(rules.min_duration, len(text) / rules.max_speed)
    free = 0.0
    for position, cue in enumerate(cues):
        if cue.start - rules.min_gap - free >= needed:
            return [*cues[:position], _warning(free, needed, text), *cues[position:]]
        free = cue.end + rules.min_gap
    return [*cues, _warning(free, needed, text)]


def _warning(start: float, duration: float, text: str) -> Cue:
    lines = textwrap.wrap(text, CaptionRules().max_line, break_on_hyphens=False)
    return Cue(start, start + duration, tuple(CueLine(None, line, ()) for line in lines), CueKind.UNTRANSCRIBED)
