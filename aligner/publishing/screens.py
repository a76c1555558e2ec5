"""Choose an audiogram's style and the words on its screens, and warn about characters that cannot be drawn.

Conventions
-----------
- A choice of style is text as the user wrote it: ``#B3401F``, a font's name, a picture's path. None repeats the choice
  for the show's last audiogram, ``auto`` is the default. The cover ``none`` means no cover, not even the episode's.
- A *wording* is the user's text for the screen. Each line is a line on the screen; an empty line starts a new screen.
  In a wording of one line, ``|`` ends a line and ``||`` a screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

from aligner.errors import AlignerError, OutputError, QuoteError
from aligner.languages import language_of
from aligner.model import Span
from aligner.normalization import fold
from aligner.publishing.excerpt import Cut, Excerpt, Source, missing_cover
from aligner.quotes.comparison import Caution
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode
from aligner.storage.database import config_folder
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
from media.video.backdrop import Style
from media.video.colours import Colour, read_colour
from media.video.drawing import SHAPES, ShapeName
from media.video.screens import Script, ShownWord

if TYPE_CHECKING:
    from media.video.drawing import Shape


AUTO, NONE = "auto", "none"


@dataclass(frozen=True, slots=True)
class StyleChoices:
    """A user's choices of style for an audiogram. None repeats the choice for the show's last audiogram."""

    colour: str | None = None
    accent: str | None = None
    font: str | None = None
    cover: str | None = None
    end_card: bool | None = None

    def by_name(self) -> dict[str, str | bool]:
        """Return the choices that are not None, each by its name."""
        return {name: choice for name, choice in asdict(self).items() if choice is not None}


def recall(show: str | None, chosen: StyleChoices | None = None) -> StyleChoices:
    """Return ``chosen`` with each None replaced by the choice for the show's last audiogram; a cover that no longer
    exists is not reused. In the result, None means the default: the user chose ``auto``, or no choice is saved."""
    last = _read_styles().get(show or "", {})
    cover = last.get("cover")
    if isinstance(cover, str) and cover != NONE and not is_regular(Path(cover)):
        last = last | {"cover": None}
    choices: dict[str, Any] = {}
    for name, choice in asdict(chosen or StyleChoices()).items():
        choice = last.get(name) if choice in (None, "") else choice
        if isinstance(choice, bool if name == "end_card" else str) and choice != AUTO:
            choices[name] = choice
    return StyleChoices(**choices)


def remembered_choices(recalled: StyleChoices, chosen: StyleChoices) -> dict[str, str | bool]:
    """Return, by name, the choices in ``recalled`` that come from the show's last audiogram and not from ``chosen``."""
    return {name: choice for name, choice in recalled.by_name().items() if getattr(chosen, name) is None}


def remember(show: str | None, choices: StyleChoices) -> None:
    """Save the choices for the show's next audiogram; do nothing if the configuration cannot be written."""
    if not show:
        return
    saved = {name: choice for name, choice in choices.by_name().items() if choice is not True}  # an end card is usual
    if choices.cover not in (None, NONE):
        saved["cover"] = str(Path(choices.cover).absolute())
    styles = _read_styles()
    if styles.get(show, {}) == saved:
        return
    styles[show] = saved
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_text(styles_file(), json.dumps(styles, ensure_ascii=False, indent=1))
    except (OSError, OutputError):
        return


def style_of(choices: StyleChoices) -> Style:
    """Convert a user's choices to a style for drawing. Raises AlignerError if a colour is invalid."""
    return Style(
        colour=_colour("colour", choices.colour),
        accent=_colour("accent", choices.accent),
        font=choices.font,
        cover=None if choices.cover in (None, NONE) else Path(choices.cover),
        end_card=choices.end_card is not False,
    )


def _colour(name: str, choice: str | None) -> Colour | None:
    if choice is None:
        return None
    colour = read_colour(choice)
    if colour is None:
        raise AlignerError("{choice}: is no colour; --{name} takes one like #1F5F8B", choice=choice[:40], name=name)
    return colour


def styles_file() -> Path:
    """Return the path of the file that stores the style of each show's last audiogram."""
    return config_folder() / "audiograms.json"


def _read_styles() -> dict[str, dict[str, Any]]:
    try:
        styles = decode(styles_file().read_bytes(), dict[str, Any])
    except (OSError, ValueError):
        return {}
    return {show: style for show, style in styles.items() if isinstance(style, dict)}


_LONGEST = 20_000  # characters
_OPENING = "«“„‹([{¿¡"
_WORD = re.compile(r"[^ \t\v\f\r\n]+")
# Embeddings and overrides would reverse the text around them; isolates and marks of direction stay.
_OVERRIDES = re.compile("[\u202a-\u202e]")


@dataclass(frozen=True, slots=True)
class _WrittenWord:
    """A word of the user's wording, and whether a new line or a new screen starts with the word."""

    text: str
    new_line: bool
    new_screen: bool


def shown_words(cut: Cut) -> tuple[ShownWord, ...]:
    """Return the words of a quote that an audiogram shows, with times in seconds of the clip.

    As in captions, footnote marks, headings, stage directions and unspoken sentences are left out. An unspoken word in
    a spoken sentence has a time of length 0.

    Raises QuoteError if the quote has no word of speech.
    """
    paragraphs = read_tokens(cut.alignment)
    sentences = without_stage(as_excerpt(read_sentences(paragraphs, cut.quote.words), paragraphs))
    tokens = [token for sentence in sentences for token in sentence.tokens]
    if not tokens:
        raise QuoteError("none of these words is speech; an audiogram of them would be empty")
    spans = [span for sentence in sentences for span in sentence.spans()]
    return as_shown(tokens, spans, cut.alignment.language, list(chain.from_iterable(paragraphs)))


def as_shown(
    tokens: Sequence[Token], spans: Sequence[Span], language: str, whole: Sequence[Token] = ()
) -> tuple[ShownWord, ...]:
    """Convert tokens to the words of an audiogram, each with its time and the cost (badness) of a line break before it.

    ``spans`` has the time of each token; overlaps are removed. ``whole`` has all tokens of the transcript: a line break
    costs more between two words that often follow each other in the transcript. Turns of a dialogue start with a dash;
    no line ends at a no-break space.
    """
    spans, known = _in_order(spans), language_of(language).captioning
    pauses = [0.0, *(after.start - before.end for before, after in pairwise(spans))]
    costs = break_costs(tokens, pauses, known, recurring_pairs(whole, known))
    orphans = Orphans(tokens, costs)
    dialogue = any(token.opens for token in tokens[1:])
    unbroken = unbroken_tokens(tokens, known)
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
        for at, (token, (before, text), span, cost) in enumerate(zip(tokens, unbroken, spans, costs, strict=True))
    )


def _in_order(spans: Sequence[Span]) -> list[Span]:
    starts = list(accumulate((span.start for span in spans), max))
    return [
        Span(start, max(start, min(span.end, following)))
        for start, span, following in zip(starts, spans, [*starts[1:], float("inf")], strict=True)
    ]


def read_wording(source: str) -> str:
    """Return the wording (text for the screen) from ``source``, which is the text itself or the path of a text file.
    Raises QuoteError if the file is not UTF-8, or if the wording has no word or is too long."""
    text = source
    try:
        if len(source) < 1000 and "\n" not in source and is_regular(Path(source)):
            text = read_regular(Path(source), 4 * _LONGEST + 3).decode("utf-8-sig").replace("\r\n", "\n")
            text = text.replace("\r", "\n")
    except (OSError, ValueError) as error:
        raise QuoteError("{text}: is no text in UTF-8; --text expects a text or its file", text=source[:100]) from error
    if len(text) > _LONGEST:
        raise QuoteError("--text holds {length} characters, expected {most} at most", length=len(text), most=_LONGEST)
    if not any(character.isalnum() for character in text):
        raise QuoteError("--text has no word in it, expected what the audiogram is to show")
    return text


def timed_wording(spoken: Sequence[ShownWord], text: str, language: str) -> tuple[ShownWord, ...]:
    """Return the words of ``text``, the user's wording for the screen, each with the time of its match in ``spoken``.

    Words without a match share the time of the spoken words that they replace, or of the previous word. If "la la terre
    tourne" is said, the wording "La terre | tourne" shows two lines and highlights "terre" when it is said.
    """
    written = _with_punctuation(list(_read(text)))
    spans = _spans([fold(word.text) for word in written], spoken)
    tokens: list[Token] = []
    for word, span in zip(written, spans, strict=True):
        speaker = next((w.speaker for w in reversed(spoken) if w.start <= span.start), spoken[0].speaker)
        same = not tokens or tokens[-1].speaker == speaker
        paragraph = (tokens[-1].paragraph if tokens else 0) + (not same)
        tokens.append(Token(word.text, " ", paragraph, speaker, span, len(tokens), language=language))
    return tuple(
        replace(shown, new_line=word.new_line, new_screen=word.new_screen)
        for shown, word in zip(as_shown(tokens, spans, language), written, strict=True)
    )


def _read(text: str) -> Iterator[_WrittenWord]:
    text = _WORD.sub(lambda word: word[0] if _is_visible(word[0]) else "", _OVERRIDES.sub("", text))
    if "\n" not in text.strip():
        text = text.replace("||", "\n\n").replace("|", "\n")
    for number, screen in enumerate(re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n").strip())):
        for row, line in enumerate(screen.split("\n")):
            for column, word in enumerate(_WORD.findall(line)):
                yield _WrittenWord(word, column == 0 and row > 0, column == 0 and row == 0 and number > 0)


def _is_visible(word: str) -> bool:
    return any(category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") for character in word)


def _with_punctuation(words: Sequence[_WrittenWord]) -> list[_WrittenWord]:
    """Attach each separate punctuation mark to a word: opening marks such as « to the next, others to the previous."""
    joined: list[_WrittenWord] = []
    opening: _WrittenWord | None = None
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


def _spans(written: Sequence[str], spoken: Sequence[ShownWord]) -> list[Span]:
    """Match written and spoken words in order; return the span in which to highlight each written word."""
    from rapidfuzz.distance import Indel

    spans: list[Span] = []
    at = reached = 0
    for block in Indel.opcodes([fold(word.text) for word in spoken], written).as_matching_blocks():
        replaced, others = spoken[at : block.a], written[reached : block.b]
        if replaced:
            spans += _shared(others, Span(replaced[0].start, replaced[-1].end))
        elif others and spans:
            spans += _shared(written[reached - 1 : block.b], spans.pop())
        elif others:
            begin = spoken[0].start
            spans += _shared(others, Span(max(0.0, begin - 0.2 * len(others)), begin))
        at, reached = block.a + block.size, block.b + block.size
        spans += [Span(word.start, word.end) for word in spoken[block.a : at]]
    return spans


def _shared(words: Sequence[str], span: Span) -> list[Span]:
    """Divide a span among words in proportion to the lengths of the words."""
    total, at, shares = sum(len(word) + 1 for word in words), span.start, []
    for word in words:
        until = min(span.end, at + span.duration * (len(word) + 1) / total)
        shares.append(Span(at, until))
        at = until
    return shares


_MOST_LISTED = 20  # characters


@dataclass(frozen=True, slots=True)
class Look:
    """The shape and the style of an audiogram, and the ``text`` for its screens (None: the quote's printed text)."""

    shape: Shape
    style: Style
    text: str | None = None


def look_of(
    source: Source, shape: ShapeName, choices: StyleChoices, text: str | None = None
) -> tuple[Look, tuple[Caution, ...]]:
    """Return the shape, style and text of an audiogram, and a caution if the episode's cover is used by default but
    missing. ``text`` replaces the quote's words: it is the text itself or the path of a text file. Raises AlignerError
    if a colour or the text is invalid."""
    style, cautions = style_of(choices), tuple[Caution, ...]()
    if choices.cover is None:
        style, cautions = replace(style, cover=source.cover), missing_cover(source.alignment, source.file)
    return Look(SHAPES[shape], style, None if text is None else read_wording(text)), cautions


def script_of(excerpt: Excerpt, look: Look) -> Script:
    """Return the content of an audiogram: its words with their times, its length, and details of the episode."""
    from media.video import backdrop

    words, alignment = shown_words(excerpt.cut), excerpt.cut.alignment
    if look.text is not None:
        words = timed_wording(words, look.text, alignment.language)
    episode = alignment.episode
    script = Script(words, excerpt.audio.duration, episode.show, episode.title, alignment.language, episode.url)
    return replace(script, card=backdrop.SECONDS if backdrop.has_end_card(script, look.style) else 0.0)


def wording_of(excerpt: Excerpt, look: Look) -> str:
    """Return the text on the audiogram's screens with line breaks. The user may edit this text and pass it to
    ``look_of``. Raises MediaError if the font cannot be used."""
    from media.video.screens import written
    from media.video.setting import set_quote

    script = script_of(excerpt, look)
    return written(script.words, set_quote(script, look.style, look.shape).screens)


def undrawable_in(excerpt: Excerpt, look: Look) -> Iterator[Caution]:
    """Yield cautions about characters that no font has, emoji drawn without colour, and letters of a joined script,
    such as Arabic, drawn unjoined. Raises FontError if the font of the quote cannot be used."""
    from media.video.setting import unshown

    found = unshown(script_of(excerpt, look), look.style, look.shape)
    if found.missing:
        names = _listed(found.missing)
        remedy = "install a font that has it, the extra noto or Noto Sans CJK, or name one with --font"
        yield Caution("no-glyph", f"no font here has {names}, left out of the picture; {remedy}", names)
    if found.one_colour:
        names = _listed(found.one_colour)
        message = f"no font here has {names} in colour; a system's font has, such as Noto Color Emoji"
        yield Caution("plain-emoji", message, names)
    if found.unjoined:
        message = "letters are not joined and ordered as their script requires; that takes the library FriBiDi"
        yield Caution("unjoined", message)


def duration_of(excerpt: Excerpt, look: Look) -> float:
    """Return the audiogram's length in seconds, including the still frames at both ends and the end card."""
    from media.video.render import seconds_of

    return seconds_of(script_of(excerpt, look))


def _listed(characters: tuple[str, ...]) -> str:
    return " ".join(characters[:_MOST_LISTED]) + " …" * (len(characters) > _MOST_LISTED)
