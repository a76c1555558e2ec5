"""Recordings with their best available truth, and figures of the words of their edited texts.

Conventions: seconds; a word is judged by its start, where that is known; a figure over nothing is None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.model import Span, Status, TimedWord
from tests.bench.edited import Edited, lines
from tests.bench.evaluation import Evidence, TrueWord, judged_ends, paired, summarise
from tests.bench.french import reference_of, reference_path
from tests.bench.recordings import Recording, Said, read_recording
from tests.bench.splicing import alignment_of, found_for
from tests.bench.trial import EpisodeFiles, find_episodes

WRONG = 0.2  # seconds from where it is said, for a word that is called exact
_LINE = 0.25  # seconds; the limit that subtitle programs publish


@dataclass(frozen=True, slots=True)
class Judgeable:
    """A recording, the name of the folder that it was found by, and its own file, None where it was cut."""

    folder: str
    recording: Recording
    audio: Path | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A word of a text, when it is spoken (None: never), when it was found, and whether it opens a caption line."""

    text: str
    true: Said | None
    timed: TimedWord | None
    opens_line: bool = False

    @property
    def start(self) -> float | None:
        return self.timed.span.start if self.timed and self.timed.span else None

    @property
    def off(self) -> float | None:
        """Found minus true start; None if not found, unknown or unspoken."""
        return None if self.start is None or self.true is None or not self.true.known else self.start - self.true.latest

    @property
    def end_off(self) -> float | None:
        span = self.timed.span if self.timed else None
        return None if span is None or self.true is None or self.true.end is None else span.end - self.true.end

    @property
    def exact(self) -> bool:
        return self.timed is not None and self.timed.status is Status.EXACT


@dataclass(frozen=True, slots=True)
class Figures:
    """What a table shows of judged words: errors of starts and of ends in seconds, the rest in shares.

    ``unsaid_timed`` is of the words that nobody says; ``lines_within`` of the lines whose first word's start is known.
    """

    words: int
    mean: float | None
    median: float | None
    p95: float | None
    end: float | None
    within_100_ms: float | None
    within_200_ms: float | None
    beyond_1_s: int
    missed: float | None
    exact_wrong: int
    unsaid_timed: float | None
    lines_within: float | None


def read_judged(folders: Iterable[Path]) -> list[Judgeable]:
    """The recordings in ``folders``.

    Raises FileNotFoundError if a folder neither is nor holds an episode; ValueError if a transcript is not the one that
    the reference made by eye is for.
    """
    return [
        Judgeable(folder.resolve().name, with_best_truth(files), files.audio)
        for folder in folders
        for files in find_episodes([folder])
    ]


def with_best_truth(files: EpisodeFiles) -> Recording:
    """A recording with its text as it is written, and its words as they were seen by eye, where they were."""
    with files.transcript.open(encoding="utf-8", newline="") as file:
        recording = replace(read_recording(files), text=file.read())
    if not reference_path(files.name).is_file():
        return recording
    words = tuple(
        Said(word.char_start, word.char_end, word.span.start, word.span.start, word.span.end)
        for word in reference_of(files).words
    )
    return replace(recording, words=words, breaks=frozenset())


def by_quotecast(version: Edited, audio: Path | None) -> list[TimedWord]:
    """Return the words of the text with the times of acoustic alignment, in its own file if there is one."""
    recording = version.recording
    places = sorted([*((word.char_start, word.char_end) for word in recording.words), *version.unsaid])
    alignment = alignment_of(audio or recording.samples, recording.text, recording.language)
    return [timed for timed in found_for(places, alignment) if timed]


def judged(version: Edited, found: Sequence[TimedWord]) -> list[Judged]:
    """The text's words, those that are said before those that are not; ``found`` is in order of the text."""
    recording = version.recording
    firsts = {recording.words[k].char_start for k in lines(recording)}
    spans = [Span(word.latest, word.end) if word.known and word.end is not None else None for word in recording.words]
    true: dict[int, Said] = {
        word.char_start: replace(word, end=end or word.end)
        for word, end in zip(recording.words, judged_ends(spans), strict=True)
    }
    asked = [
        TrueWord(*place, None) for place in [*((w.char_start, w.char_end) for w in true.values()), *version.unsaid]
    ]
    return [
        Judged(
            recording.text[word.char_start : word.char_end], true.get(word.char_start), timed, word.char_start in firsts
        )
        for word, timed in paired(found, asked)
    ]


def figures(words: Iterable[Judged]) -> Figures:
    words = list(words)
    known = [word for word in words if word.true and word.true.known]
    offs = tuple(word.off for word in known if word.off is not None)
    score = summarise(Evidence(start_errors=offs, missed=len(known) - len(offs)))
    ends = tuple(off for word in words if (off := word.end_off) is not None)
    unsaid = [word for word in words if word.true is None]
    opening = [word for word in known if word.opens_line]
    return Figures(
        words=len(known),
        mean=score.start_mean,
        median=score.start_median,
        p95=score.start_p95,
        end=summarise(Evidence(start_errors=ends)).start_median,
        within_100_ms=score.within_100_ms,
        within_200_ms=score.within_200_ms,
        beyond_1_s=sum(abs(off) > 1 for off in offs),
        missed=score.missed,
        exact_wrong=len(list(exact_and_wrong(words))),
        unsaid_timed=share(word.start is not None for word in unsaid),
        lines_within=share(word.off is not None and abs(word.off) <= _LINE for word in opening),
    )


def exact_and_wrong(words: Iterable[Judged]) -> Iterable[Judged]:
    """The words that are called exact and are far off, or are not said at all."""
    for word in words:
        if word.exact and (word.true is None or (word.off is not None and abs(word.off) > WRONG)):
            yield word


def share(holds: Iterable[bool]) -> float | None:
    counted = list(holds)
    return sum(counted) / len(counted) if counted else None
