"""Split a transcript into tokens, which no line break may split, and into sentences.

A token is a word with the punctuation around it, even if spaces separate them (``« mot »``). In a script without
spaces, a token is a character with its punctuation. Footnote marks are omitted, stage directions are put in brackets,
and white space becomes one space.

A sentence without a spoken word is omitted, and so are the stage directions beside the sentence. A few unspoken words
stay in their sentence, which would be hard to understand without these words. More unspoken words in a row are omitted,
since there would be no time to read them.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, groupby, pairwise, takewhile
from operator import attrgetter

from aligner.languages import Captioning, language_of, of_all
from aligner.model import Alignment, Kind, Segment, Span, outermost

# Thai to Myanmar, Khmer, kana, Han and their extensions, but not Hangul, which has spaces.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Characters that must not start a line (JIS X 4051), and Thai vowels and marks written after their consonant.
NO_START = frozenset(
    "、。，．・：；！？」』）】〕〉》”’ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥,.!?)]}»ะาำๆฯ"
)
# Characters that must not end one, and Thai vowels written before it.
NO_END = frozenset("「『（【〔〈《“‘([{«เแโใไ")
_UNSEEN = {"Mn", "Me", "Cf", "Cc"}


def width(text: str) -> int:
    """Return the displayed length of a text: combining marks count as 0, wide characters (W and F in UAX 11) as 2."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in _UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def is_unspaced(text: str) -> bool:
    """Return whether a text has more than one character of a script without spaces."""
    return not text.isascii() and len(_UNSPACED.findall(text)) > 1


def has_unspaced(text: str) -> bool:
    return not text.isascii() and _UNSPACED.search(text) is not None


def unspaced_apart(text: str, between: str = " ") -> str:
    """Return the text with ``between`` inserted before and after each character of a script without spaces."""
    return text if text.isascii() else _UNSPACED.sub(rf"{between}\g<0>{between}", text)


def pieces(text: str) -> list[str]:
    """Split text into words, and scripts without spaces into characters. Punctuation stays with the word beside it."""
    starts = [0, *(at for at in range(1, len(text)) if not _belongs(text[at - 1], text[at]))]
    return [text[start:end] for start, end in pairwise([*starts, len(text)]) if text]


def _belongs(last: str, character: str) -> bool:
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") or last == "\u200d":
        return True
    if character in NO_START or last in NO_END:
        return True
    return not _is_free(last) and not _is_free(character)


def _is_free(character: str) -> bool:
    return bool(_UNSPACED.match(character)) or character in NO_START or character in NO_END


_RUN = re.compile(r"\S+")
_NO_BREAK_SPACES = ("\u00a0", "\u202f", "\u2007")
DASHES = "-–—―"
DIALOGUE_DASH = "–\u00a0"
# Lone punctuation that belongs to the next word; all other belongs to the previous word.
_OPENING = frozenset("«“„‹([{¿¡#") | {'"'}
_BRACKETS = "()[]{} \t\u00a0*_"


@dataclass(frozen=True, slots=True)
class Token:
    """A unit of text that no line break may split.

    ``before`` is the white space before the token. ``word`` and ``paragraph`` are indices in ``Alignment.words`` and
    ``Alignment.segments``. ``span`` is the time at which the token is spoken, None if unknown. ``stage`` says whether
    the token belongs to a stage direction, ``opens`` whether it follows a dash that announces another speaker.
    ``language`` is a code.
    """

    text: str
    before: str
    paragraph: int
    speaker: str | None
    span: Span | None = None
    word: int | None = None
    stage: bool = False
    opens: bool = False
    language: str = ""

    @property
    def timed(self) -> bool:
        return self.span is not None


def read_tokens(alignment: Alignment, max_line: int = sys.maxsize, words: range | None = None) -> list[list[Token]]:
    """Return the tokens of each paragraph of speech and of each stage direction between paragraphs, in text order.

    ``words`` limits the result to the paragraphs of a range of words. Punctuation that stands alone in the text is
    joined to its word, unless both together are wider than ``max_line``.
    """
    paragraphs = []
    segments = [timed.segment for timed in alignment.segments]
    first, last = 0, len(alignment.transcript.text)
    if words:
        first, last = alignment.words[words[0]].word.char_start, alignment.words[words[-1]].word.char_end
    for index, inner in outermost(segments):
        is_asked_for = segments[index].char_start < last and first < segments[index].char_end
        if is_asked_for and segments[index].kind in (Kind.SPEECH, Kind.STAGE):
            tokens = list(_read_paragraph(alignment, index, segments[inner.start : inner.stop]))
            paragraphs.append(_join_punctuation(tokens, max_line))
    return [tokens for tokens in paragraphs if tokens]


def tokens_width(tokens: Iterable[Token]) -> int:
    """Return the displayed length of tokens on one line, including the space before the first token."""
    return sum(width(token.before) + width(token.text) for token in tokens)


def _read_paragraph(alignment: Alignment, index: int, inner: list[Segment]) -> Iterator[Token]:
    outer = alignment.segments[index].segment
    text = alignment.transcript.text
    opens = text[outer.char_start] in DASHES or dash_before(text, outer.char_start)
    for start, end, kind in _regions(outer, inner):
        if kind is Kind.STAGE:
            found = _stage_tokens(text[start:end], index)
        elif kind is Kind.SPEECH:
            found = _speech_tokens(alignment, index, start, end)
        else:
            continue
        for token in found:
            yield replace(token, opens=True) if opens and not token.stage else token
            opens = opens and token.stage


def dash_before(text: str, position: int) -> bool:
    """Return whether the text from the start of the line to ``position`` is only a dash, which marks a speaker."""
    line = text[text.rfind("\n", 0, position) + 1 : position].strip()
    return bool(line) and line in DASHES


def _regions(outer: Segment, inner: list[Segment]) -> Iterator[tuple[int, int, Kind]]:
    position = outer.char_start
    for segment in inner:
        if segment.char_start < position:
            continue
        if position < segment.char_start:
            yield position, segment.char_start, outer.kind
        yield segment.char_start, segment.char_end, segment.kind
        position = segment.char_end
    if position < outer.char_end:
        yield position, outer.char_end, outer.kind


def _stage_tokens(text: str, paragraph: int) -> Iterator[Token]:
    words = text.strip(_BRACKETS + "\r\n").split()
    for number, word in enumerate(words):
        opening = "[" if number == 0 else ""
        closing = "]" if number == len(words) - 1 else ""
        yield Token(opening + word + closing, " ", paragraph, None, stage=True)


def _speech_tokens(alignment: Alignment, paragraph: int, char_start: int, char_end: int) -> Iterator[Token]:
    text, words = alignment.transcript.text, alignment.words
    speaker = alignment.segments[paragraph].segment.speaker
    index = bisect_left(words, char_start, key=lambda timed: timed.word.char_start)
    last = char_start
    for run in _RUN.finditer(text, char_start, char_end):
        before = _separator(text[last : run.start()], run.group(), run.start() == char_start)
        position, last = run.span()
        while index < len(words) and words[index].word.char_start < position:
            index += 1
        while position < last:
            # A word extends to the start of the next one; a run without a word stays whole.
            timed = words[index] if index < len(words) and words[index].word.char_start < last else None
            follows = timed is not None and index + 1 < len(words) and words[index + 1].word.char_start < last
            stop = words[index + 1].word.char_start if follows else last
            span, word = (timed.span, index) if timed is not None else (None, None)
            token = Token(text[position:stop], before, paragraph, speaker, span, word, language=alignment.language)
            index += timed is not None
            yield from _unspaced(token) if is_unspaced(token.text) else (token,)
            position, before = stop, ""


def _separator(gap: str, run: str, after_mark: bool) -> str:
    """Return the white space to write before ``run``, characters that follow the white space ``gap`` in the text.
    After an omitted footnote mark, only a word or an opening mark has a space before it."""
    if after_mark:
        return " " if run[0].isalnum() or run[0] in _OPENING else ""
    return gap if gap in _NO_BREAK_SPACES else " "


def _unspaced(token: Token) -> Iterator[Token]:
    parts = pieces(token.text)
    for number, part in enumerate(parts):
        before = token.before if number == 0 else ""
        if token.span is None:
            yield replace(token, text=part, before=before)
            continue
        step = token.span.duration / len(parts)
        start = token.span.start + number * step
        yield replace(token, text=part, before=before, span=Span(start, start + step))


def _join_punctuation(tokens: list[Token], max_line: int) -> list[Token]:
    joined: list[Token] = []
    opening: Token | None = None
    for position, token in enumerate(tokens):
        if opening is not None:
            if _fits(opening, token, max_line):
                token = replace(
                    token, text=opening.text + token.before + token.text, before=opening.before, opens=opening.opens
                )
            else:
                joined.append(opening)
            opening = None
        if _is_lone(token) and position + 1 < len(tokens) and (token.text[-1] in _OPENING or not joined):
            opening = token
        elif _is_lone(token) and joined and _fits(joined[-1], token, max_line):
            joined[-1] = replace(joined[-1], text=joined[-1].text + token.before + token.text)
        else:
            joined.append(token)
    return joined


def _is_lone(token: Token) -> bool:
    return token.word is None and not token.stage and not any(character.isalnum() for character in token.text)


def _fits(first: Token, second: Token, max_line: int) -> bool:
    return width(first.text) + width(second.before) + width(second.text) <= max_line


CLOSERS = "»”’\"')]}›*_ \u00a0\u202f"
OPENERS = "«“„‹([{¿¡\"'‘*_ \u00a0\u202f–—-"
TERMINALS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
# The longest run of unspoken words that stays in a sentence, in characters: half a line; there is no time to read more.
_MAX_UNSPOKEN = 21
_SHORT_FORMS = of_all(lambda language: language.captioning.sentences.short_forms)
_ORDINAL = re.compile(r"\d{1,3}")
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a stage direction between two sentences."""

    tokens: list[Token]

    @property
    def stage(self) -> bool:
        return all(token.stage for token in self.tokens)

    @property
    def start(self) -> float:
        """The start of the first token with a time, in seconds, or 0."""
        return next((token.span.start for token in self.tokens if token.span), 0.0)

    @property
    def end(self) -> float:
        """The end of the last token with a time, in seconds, or 0."""
        return next((token.span.end for token in reversed(self.tokens) if token.span), 0.0)

    def spans(self) -> list[Span]:
        """Return a span for each token. The span of an untimed token has no duration: it is at the start of the next
        timed token, or else at the end of the last timed token."""
        upcoming = max((token.span.end for token in self.tokens if token.span), default=0.0)
        spans: list[Span] = []
        for token in reversed(self.tokens):
            spans.append(token.span or Span(upcoming, upcoming))
            upcoming = spans[-1].start
        return spans[::-1]


def ends_sentence(text: str, following: str, language: Captioning) -> bool:
    """Return whether a token ends its sentence; ``following`` is the next token's text ("" at the paragraph's end)."""
    if not following:
        return True
    if not text.rstrip(CLOSERS).endswith(TERMINALS) or goes_on_after_stop(text, following, language):
        return False
    return not following.lstrip(OPENERS)[:1].islower()


def goes_on_after_stop(text: str, following: str, language: Captioning) -> bool:
    """Return whether the full stop at the end of a token only marks an abbreviation or an ordinal in digits."""
    core = text.rstrip(CLOSERS)
    if not core.endswith(".") or core.endswith(".."):
        return False
    word = core[:-1].lstrip(OPENERS)
    return _is_abbreviation(word, language) or (language.ordinal_stop and _is_ordinal(word, following, language))


def _is_abbreviation(word: str, language: Captioning) -> bool:
    if (len(word) == 1 and word.isupper()) or re.fullmatch(r"(\w\.)+\w", word):
        return True
    small = word.lower()
    elided = small.replace("’", "'").rpartition("'")[2]
    return small in _SHORT_FORMS or elided in language.sentences.short_forms | language.sentences.own_short_forms


def _is_ordinal(word: str, following: str, language: Captioning) -> bool:
    """Return whether a number with a full stop is an ordinal, because the ``following`` word looks like a noun."""
    first = _FIRST_WORD.match(following.lstrip(OPENERS))
    if not _ORDINAL.fullmatch(word) or first is None or not first[0][0].isalpha():
        return False
    words = language.breaks
    return first[0].lower() not in words.clinging | words.leaning | words.clause | language.sentences.openers


def read_sentences(paragraphs: list[list[Token]], words: range | None = None) -> list[Sentence]:
    """Return the spoken sentences and the stage directions of paragraphs, or only those within a range of ``words``."""
    return _spoken(_sentences(_within(paragraphs, words)))


def without_stage(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Remove stage directions, both those between sentences and those inside sentences."""
    return [Sentence([t for t in each.tokens if not t.stage]) for each in sentences if not each.stage]


def sentence_words(paragraphs: Iterable[list[Token]]) -> Iterator[range]:
    """Yield the range of word indices of each sentence. Stage directions are disregarded."""
    for sentence in _sentences([token for token in paragraph if not token.stage] for paragraph in paragraphs):
        words = [token.word for token in sentence.tokens if token.word is not None]
        if words:
            yield range(words[0], words[-1] + 1)


def _within(paragraphs: list[list[Token]], words: range | None) -> list[list[Token]]:
    if words is None:
        return paragraphs
    tokens = list(chain.from_iterable(paragraphs))
    inside = [position for position, token in enumerate(tokens) if token.word is not None and token.word in words]
    if not inside:
        return []
    return [list(group) for _, group in groupby(tokens[inside[0] : inside[-1] + 1], lambda token: token.paragraph)]


def _sentences(paragraphs: Iterable[list[Token]]) -> Iterator[Sentence]:
    for paragraph in paragraphs:
        sentence: list[Token] = []
        for position, token in enumerate(paragraph):
            if sentence and sentence[-1].stage and not token.stage and all(other.stage for other in sentence):
                yield Sentence(sentence)
                sentence = []
            sentence.append(token)
            following = paragraph[position + 1].text if position + 1 < len(paragraph) else ""
            language = language_of(token.language).captioning
            if not token.stage and ends_sentence(token.text, following, language):
                yield Sentence(sentence)
                sentence = []
        if sentence:
            yield Sentence(sentence)


def _spoken(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Return the sentences with a spoken word, and the stage directions between them. A stage direction beside an
    unspoken sentence is omitted, since its time is unknown."""
    shown: list[Sentence] = []
    pending: list[Sentence] = []
    known = True
    for sentence in sentences:
        if sentence.stage:
            pending.append(sentence)
            continue
        spoken = any(token.timed for token in sentence.tokens)
        if spoken:
            shown += pending * known + [_without_unspoken(sentence)]
        known, pending = spoken, []
    return shown + pending * (known and bool(shown))


def _without_unspoken(sentence: Sentence) -> Sentence:
    tokens = sentence.tokens
    edges = [at for at, (one, other) in enumerate(pairwise(tokens), start=1) if one.timed != other.timed]
    spoken: list[Token] = []
    for first, last in pairwise([0, *edges, len(tokens)]):
        run = tokens[first:last]
        if run[0].timed or tokens_width(token for token in run if not token.stage) <= _MAX_UNSPOKEN:
            spoken += run
            continue
        # The time of a stage direction next to a spoken word is known.
        spoken += takewhile(attrgetter("stage"), run if first else ())
        spoken += reversed(list(takewhile(attrgetter("stage"), reversed(run if last < len(tokens) else ()))))
    return Sentence(spoken)
