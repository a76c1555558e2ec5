"""The words of a quote as they stand on the screen: those that are said, or a wording of the user's own.

Conventions
-----------
A line of such a wording is a line on the screen, an empty line begins a new screen. Written in one line, ``|`` ends a
line and ``||`` a screen. Its words are matched to those that are said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, chain, pairwise
from pathlib import Path
from unicodedata import category

from aligner.errors import QuoteError
from aligner.languages import language_of
from aligner.model import Span
from aligner.normalization import fold
from aligner.quotes import Cut
from aligner.typography import (
    DIALOGUE_DASH,
    Orphans,
    Token,
    as_excerpt,
    break_costs,
    read_sentences,
    read_tokens,
    recurring_pairs,
    unbroken_tokens,
    without_stage,
)
from media.safe_fs import is_regular, read_regular
from media.video.screens import ShownWord

_LONGEST = 20_000  # characters
_MOST_PAIRS = 2_000_000  # of equal words; half an hour of talk has a tenth of that
_OPENING = "«“„‹([{¿¡"
_WORD = re.compile(r"[^ \t\v\f\r\n]+")
# What embeds and overrides would turn around what others read; what isolates stays, as marks of direction do.
_OVERRIDES = re.compile("[\u202a-\u202e]")


@dataclass(frozen=True, slots=True)
class _Given:
    """A word of the user's text, and the break that was asked for before it."""

    text: str
    new_line: bool
    new_screen: bool


def shown_words(cut: Cut) -> tuple[ShownWord, ...]:
    """The words of the quote in the clip's time; footnote marks, headings, stage directions and the like left out.

    As in captions, a sentence of which nothing is said is left out; a word of a spoken one that was not found in the
    sound is there, and has no length.

    Raises
    ------
    QuoteError
        No word of the quote stands in a paragraph of speech.
    """
    paragraphs = read_tokens(cut.alignment)
    sentences = as_excerpt(read_sentences(paragraphs, cut.quote.words), paragraphs)
    sentences = without_stage(sentences)
    tokens = [token for sentence in sentences for token in sentence.tokens]
    if not tokens:
        raise QuoteError("these words stand in no paragraph of speech; an audiogram of them would be empty")
    spans = [span for sentence in sentences for span in sentence.spans()]
    return as_shown(tokens, spans, cut.alignment.language, list(chain.from_iterable(paragraphs)))


def as_shown(
    tokens: Sequence[Token], spans: Sequence[Span], language: str, whole: Sequence[Token] = ()
) -> tuple[ShownWord, ...]:
    """The tokens, each with its span and what a reader minds of a break before it, as in captions; ``whole`` are those
    of the whole text that they are from.

    A word ends where the next one starts at the latest, and none starts before the one before it. The dashes of a
    dialogue are shown, and spaces at which no line may end are no-break spaces.
    """
    spans, known = _in_order(spans), language_of(language).captioning
    pauses = [0.0, *(after.start - before.end for before, after in pairwise(spans))]
    costs = break_costs(tokens, pauses, known, recurring_pairs(whole, known))
    orphans = Orphans(tokens, costs)
    dialogue = any(token.opens for token in tokens[1:])
    return tuple(
        ShownWord(
            DIALOGUE_DASH * (dialogue and token.opens) + text,
            span.start,
            span.end,
            token.speaker,
            before,
            cost,
            orphans.behind(at),
            orphans.wholes(at),
            opens=token.opens,
        )
        for at, (token, (before, text), span, cost) in enumerate(
            zip(tokens, unbroken_tokens(tokens, known), spans, costs, strict=True)
        )
    )


def _in_order(spans: Sequence[Span]) -> list[Span]:
    starts = list(accumulate((span.start for span in spans), max))
    followings = [*starts[1:], float("inf")]
    return [
        Span(start, max(start, min(span.end, following)))
        for start, span, following in zip(starts, spans, followings, strict=True)
    ]


def read_wording(given: str) -> str:
    """The text that ``given`` is, or that the file it names holds.

    Raises
    ------
    QuoteError
        The file is not UTF-8 text, or there is no word, or far too much text.
    """
    text = given
    try:
        if len(given) < 1000 and "\n" not in given and is_regular(Path(given)):
            text = read_regular(Path(given), 4 * _LONGEST + 3).decode("utf-8-sig").replace("\r\n", "\n")
            text = text.replace("\r", "\n")
    except (OSError, ValueError) as error:
        raise QuoteError("{text}: is no text in UTF-8; --text expects a text or its file", text=given[:100]) from error
    if len(text) > _LONGEST:
        raise QuoteError("--text holds {length} characters, expected {most} at most", length=len(text), most=_LONGEST)
    if not any(character.isalnum() for character in text):
        raise QuoteError("--text has no word in it, expected what the audiogram is to show")
    return text


def reworded(said: Sequence[ShownWord], text: str, language: str) -> tuple[ShownWord, ...]:
    """The words of ``text`` at the times of those of ``said`` that they stand for.

    Words that both have keep their times; others share the time of the words that they replace, or of the word before.

    Examples
    --------
    For "la la terre tourne", the text "La terre | tourne" is shown in two lines, "terre" lit when it is said.
    """
    given = _joined(list(_read(text)))
    spans = _spans([fold(word.text) for word in given], said)
    tokens: list[Token] = []
    for word, span in zip(given, spans, strict=True):
        speaker = next((w.speaker for w in reversed(said) if w.start <= span.start), said[0].speaker)
        same = not tokens or tokens[-1].speaker == speaker
        paragraph = (tokens[-1].paragraph if tokens else 0) + (not same)
        tokens.append(Token(word.text, " ", paragraph, speaker, span, len(tokens), language=language))
    shown = as_shown(tokens, spans, language)
    return tuple(
        replace(word, new_line=asked.new_line, new_screen=asked.new_screen)
        for word, asked in zip(shown, given, strict=True)
    )


def _read(text: str) -> Iterator[_Given]:
    text = _WORD.sub(lambda word: word[0] if _is_seen(word[0]) else "", _OVERRIDES.sub("", text))
    if "\n" not in text.strip():
        text = text.replace("||", "\n\n").replace("|", "\n")
    for number, screen in enumerate(re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n").strip())):
        for row, line in enumerate(screen.split("\n")):
            for column, word in enumerate(_WORD.findall(line)):
                yield _Given(word, column == 0 and row > 0, column == 0 and row == 0 and number > 0)


def _is_seen(word: str) -> bool:
    """Whether there is more to it than spaces and characters that control others."""
    return any(category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in word)


def _joined(words: Sequence[_Given]) -> list[_Given]:
    """Punctuation that stands alone is tied to its word: « and the like to the next, the rest to the one before."""
    joined: list[_Given] = []
    opening: _Given | None = None
    for word in words:
        alone = not any(character.isalnum() for character in word.text)
        if opening is not None:
            word, opening = replace(opening, text=f"{opening.text} {word.text}"), None
        if alone and word.text[-1] in _OPENING:
            opening = word
        elif alone and joined and not (word.new_line or word.new_screen):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {word.text}")
        else:
            joined.append(word)
    return joined if opening is None else [*joined, opening]


def _spans(given: Sequence[str], said: Sequence[ShownWord]) -> list[Span]:
    spans: list[Span] = []
    for kind, first, last, start, stop in _differences([fold(word.text) for word in said], given):
        if kind == "equal":
            spans += [Span(word.start, word.end) for word in said[first:last]]
        elif kind == "replace":
            spans += _shared(given[start:stop], Span(said[first].start, said[last - 1].end))
        elif kind == "insert" and spans:
            spans += _shared(given[start - 1 : stop], spans.pop())
        elif kind == "insert":
            begin = said[0].start
            spans += _shared(given[start:stop], Span(max(0.0, begin - 0.2 * (stop - start)), begin))
    return spans


def _differences(said: Sequence[str], given: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """As ``SequenceMatcher`` tells them; where hardly anything but the same few words is said, it would take for ever,
    and all is taken for replaced."""
    often, pairs = Counter(said), 0
    for word in given:
        pairs += often[word]
    if pairs > _MOST_PAIRS:
        return [("replace", 0, len(said), 0, len(given))]
    return SequenceMatcher(None, said, given, autojunk=False).get_opcodes()


def _shared(words: Sequence[str], span: Span) -> list[Span]:
    """The span shared out by length."""
    total, at, shares = sum(len(word) + 1 for word in words), span.start, []
    for word in words:
        until = min(span.end, at + span.duration * (len(word) + 1) / total)
        shares.append(Span(at, until))
        at = until
    return shares
