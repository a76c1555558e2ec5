#!/usr/bin/env python3
"""Errors of quotecast's word times in eleven French recordings, by a reference made by eye.

Usage: python -m tests.bench.french [FOLDER...] [--list]

A folder is an episode or holds episodes, as for ``run.py``; those that ``tests/bench/french`` has no reference for are
skipped. Without one the recordings beside the checkout are taken. How the reference was made: the README there.

A row for each folder that holds recordings, for starts and ends, for all of them and for those alone that both passes
could see: errors (mean, median, p95) in ms, the shares of words within 100 ms and missed, and how many are called exact
and yet over 200 ms off. *truth.json* is the automatic alignment that came with a recording, where it has all words.
Words missing from the reference are not judged.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.model import Span, Status
from aligner.pipeline import AlignOptions, align, recognisers_for
from tests.bench.evaluation import Evidence, TrueWord, judged_ends, paired, read_truth, summarise
from tests.bench.recordings import default_folders
from tests.bench.report import milliseconds, percent, table
from tests.bench.trial import EpisodeFiles, find_episodes

REFERENCES = Path(__file__).with_suffix("")

_OFF, _WRONG = 0.1, 0.2  # seconds
_HEAD = ("episode", "method", "edge", "kind", "words", "mean", "median", "p95", "<=100", "missed", "exact >200")


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word of the reference, ``[char_start, char_end)`` of the transcript, and which of its edges could be seen."""

    char_start: int
    char_end: int
    span: Span
    start_visible: bool
    end_visible: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """``transcript_sha256`` is of the bytes of the transcript that the words' characters are counted in."""

    transcript_sha256: str
    words: tuple[SeenWord, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where somebody has put a word; ``span`` is None if nowhere."""

    text: str
    span: Span | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a word: when it is, when it was found (None: not at all), and whether it was called exact."""

    kind: str  # "start" or "end"
    text: str
    true: float
    visible: bool
    found: float | None
    exact: bool

    @property
    def off(self) -> float | None:
        """Found minus true."""
        return None if self.found is None else self.found - self.true


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--list", action="store_true", help="each edge that is over 100 ms off or missed")
    options = parser.parse_args()
    judged: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for files in with_reference(options.folders or default_folders()):
        reference = reference_of(files)
        for method, placed in placings(files, reference):
            edges = list(edges_of(reference, placed))
            for episode in (files.truth.resolve().parents[1].name, "all"):
                judged[episode, method] += edges
            for line in listed(f"{files.name} {method}", edges) if options.list else ():
                print(line)
    print(as_table(judged))
    return 0


def with_reference(folders: Iterable[Path]) -> list[EpisodeFiles]:
    """The episodes in ``folders`` that there is a reference for.

    Raises FileNotFoundError if there is none, or a folder holds no episode.
    """
    episodes = [files for files in find_episodes(folders) if reference_path(files.name).is_file()]
    if not episodes:
        raise FileNotFoundError("no recording that has a reference; name the folders that hold them")
    return episodes


def reference_path(name: str) -> Path:
    return REFERENCES / f"{name}.json"


def read_reference(path: Path) -> Reference:
    content = json.loads(path.read_text(encoding="utf-8"))
    words = (
        SeenWord(first, last, Span(start, end), start_visible, end_visible)
        for first, last, start, end, start_visible, end_visible in content["words"]
    )
    return Reference(content["transcript_sha256"], tuple(words))


def reference_of(files: EpisodeFiles) -> Reference:
    """The reference of a recording.

    Raises ValueError if the transcript is not the one that the reference was made for.
    """
    reference = read_reference(reference_path(files.name))
    if hashlib.sha256(files.transcript.read_bytes()).hexdigest() != reference.transcript_sha256:
        raise ValueError(f"{files.transcript}: not the text that the reference was made for")
    return reference


def placings(files: EpisodeFiles, reference: Reference) -> Iterator[tuple[str, list[Placed]]]:
    """Where the words of the reference are put: by quotecast, and by the recording's truth.json if it has them all."""
    asked = [TrueWord(word.char_start, word.char_end, word.span) for word in reference.words]
    words = align(
        files.audio, files.transcript, recognisers=recognisers_for(AlignOptions(language="fr"))
    ).alignment.words
    yield (
        "letters",
        [
            Placed(found.word.text, found.span, found.status is Status.EXACT) if found else Placed("?", None, False)
            for _, found in paired(words, asked)
        ],
    )
    text = files.transcript.read_bytes().decode("utf-8")
    known = {word.char_start: word.span for word in read_truth(files.truth).words}
    spans = [known.get(word.char_start) for word in asked]
    if None not in spans:
        yield (
            "truth.json",
            [Placed(text[a.char_start : a.char_end], span, False) for a, span in zip(asked, spans, strict=True)],
        )


def edges_of(reference: Reference, placed: Sequence[Placed]) -> Iterator[Edge]:
    ends = judged_ends([seen.span for seen in reference.words])
    for seen, true_end, put in zip(reference.words, ends, placed, strict=True):
        start, end = (put.span.start, put.span.end) if put.span else (None, None)
        yield Edge("start", put.text, seen.span.start, seen.start_visible, start, put.exact)
        yield Edge("end", put.text, true_end or seen.span.end, seen.end_visible, end, put.exact)


def as_table(judged: Mapping[tuple[str, str], Sequence[Edge]]) -> str:
    rows = []
    for (episode, method), edges in sorted(judged.items(), key=lambda item: item[0][0] == "all"):
        for kind in ("start", "end"):
            of_kind = [edge for edge in edges if edge.kind == kind]
            rows.append([episode, method, kind, "all", *cells(of_kind)])
            rows.append([episode, method, kind, "visible", *cells([edge for edge in of_kind if edge.visible])])
    return table(_HEAD, rows)


def cells(edges: Sequence[Edge]) -> list[str]:
    offs = tuple(edge.off for edge in edges if edge.off is not None)
    # The score's figures of starts, be the edges starts or ends.
    score = summarise(Evidence(start_errors=offs, missed=len(edges) - len(offs)))
    return [
        str(len(edges)),
        *map(milliseconds, (score.start_mean, score.start_median, score.start_p95)),
        *map(percent, (score.within_100_ms, score.missed)),
        str(sum(edge.exact and edge.off is not None and abs(edge.off) > _WRONG for edge in edges)),
    ]


def listed(name: str, edges: Iterable[Edge]) -> Iterator[str]:
    """A line for each edge that is missed or far off."""
    for edge in edges:
        if edge.off is None or abs(edge.off) > _OFF:
            found = "missed" if edge.found is None else f"found {edge.found:.3f}"
            marks = [mark for mark, holds in (("exact", edge.exact), ("not visible", not edge.visible)) if holds]
            yield "  ".join([name, edge.text, edge.kind, f"true {edge.true:.3f}", found, *marks])


if __name__ == "__main__":
    sys.exit(main())
