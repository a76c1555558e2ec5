"""What an audiogram shows and how it looks: its style, its words on the screen, what cannot be shown.

Conventions
-----------
- A choice is text as the user wrote it: ``#B3401F``, a font's name, a picture's path; ``auto`` forgets it, None says
  nothing. A cover can be ``none``, so that the episode's own is not taken either. The end card is there or not.
- A line of such a wording is a line on the screen, an empty line begins a new screen. Written in one line, ``|`` ends a
  line and ``||`` a screen. Its words are matched to those that are said.
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
from aligner.publishing.excerpt import Cut, Excerpt, Source, coverless
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
    """What someone chose of a style."""

    colour: str | None = None
    accent: str | None = None
    font: str | None = None
    cover: str | None = None
    end_card: bool | None = None

    @property
    def made(self) -> dict[str, str | bool]:
        """The choices that were made, by name."""
        return {name: choice for name, choice in asdict(self).items() if choice is not None}


def recall(show: str | None, given: StyleChoices | None = None) -> StyleChoices:
    """What is ``given``, and for the rest what was remembered of the show, but for a picture that is gone since."""
    remembered = _read_styles().get(show or "", {})
    cover = remembered.get("cover")
    if isinstance(cover, str) and cover != NONE and not is_regular(Path(cover)):
        remembered = remembered | {"cover": None}
    kept: dict[str, Any] = {}
    for name, choice in asdict(given or StyleChoices()).items():
        choice = remembered.get(name) if choice in (None, "") else choice
        if isinstance(choice, bool if name == "end_card" else str) and choice != AUTO:
            kept[name] = choice
    return StyleChoices(**kept)


def remembered_choices(recalled: StyleChoices, given: StyleChoices) -> dict[str, str | bool]:
    """What ``recall`` has taken from memory beside what was ``given``, by name."""
    return {name: choice for name, choice in recalled.made.items() if getattr(given, name) is None}


def remember(show: str | None, choices: StyleChoices) -> None:
    """Keep the choices for the show's next audiogram; a configuration that cannot be written forgets them."""
    if not show:
        return
    kept = {name: choice for name, choice in choices.made.items() if choice is not True}  # an end card is usual
    if choices.cover not in (None, NONE):
        kept["cover"] = str(Path(choices.cover).absolute())
    styles = _read_styles()
    if styles.get(show, {}) == kept:
        return
    styles[show] = kept
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_text(styles_file(), json.dumps(styles, ensure_ascii=False, indent=1))
    except (OSError, OutputError):
        return


def style_of(choices: StyleChoices) -> Style:
    """The style that the choices make.

    Raises AlignerError: a colour is not one.
    """
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
        raise AlignerError(
            "{choice}: is no colour; --{name} expects one such as #1F5F8B", choice=choice[:40], name=name
        )
    return colour


def styles_file() -> Path:
    """Return where the styles of shows are remembered."""
    return config_folder() / "audiograms.json"


def _read_styles() -> dict[str, dict[str, Any]]:
    """The styles by show; none where the file is missing or damaged."""
    try:
        styles = decode(styles_file().read_bytes(), dict[str, Any])
    except (OSError, ValueError):
        return {}
    return {show: style for show, style in styles.items() if isinstance(style, dict)}


_LONGEST = 20_000  # characters
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

    Raises QuoteError: no word of the quote stands in a paragraph of speech.
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

    Raises QuoteError: the file is not UTF-8 text, or there is no word, or far too much text.
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
    """Return when each word of a wording is shown, by the words that both sides have in the same order."""
    from rapidfuzz.distance import Indel

    spans: list[Span] = []
    at = reached = 0
    for block in Indel.opcodes([fold(word.text) for word in said], given).as_matching_blocks():
        replaced, others = said[at : block.a], given[reached : block.b]
        if replaced:
            spans += _shared(others, Span(replaced[0].start, replaced[-1].end))
        elif others and spans:
            spans += _shared(given[reached - 1 : block.b], spans.pop())
        elif others:
            begin = said[0].start
            spans += _shared(others, Span(max(0.0, begin - 0.2 * len(others)), begin))
        at, reached = block.a + block.size, block.b + block.size
        spans += [Span(word.start, word.end) for word in said[block.a : at]]
    return spans


def _shared(words: Sequence[str], span: Span) -> list[Span]:
    """The span shared out by length."""
    total, at, shares = sum(len(word) + 1 for word in words), span.start, []
    for word in words:
        until = min(span.end, at + span.duration * (len(word) + 1) / total)
        shares.append(Span(at, until))
        at = until
    return shares


_MOST_TOLD = 20  # characters


@dataclass(frozen=True, slots=True)
class Look:
    """How an audiogram is to look: ``text`` is a wording of the user's own, with line breaks."""

    shape: Shape
    style: Style
    text: str | None = None


def look_of(
    source: Source, shape: ShapeName, choices: StyleChoices, text: str | None = None
) -> tuple[Look, tuple[Caution, ...]]:
    """The look that ``choices`` make, and what could not be used for it.

    The episode's cover is taken if none is chosen; ``text`` is a wording, or the path of a file that holds one.

    Raises AlignerError: a colour is not one, or the wording cannot be read.
    """
    style, cautions = style_of(choices), tuple[Caution, ...]()
    if choices.cover is None:
        style, cautions = replace(style, cover=source.cover), coverless(source.alignment, source.file)
    return Look(SHAPES[shape], style, None if text is None else read_wording(text)), cautions


def script_of(excerpt: Excerpt, look: Look) -> Script:
    """What the audiogram of the excerpt shows."""
    from media.video import backdrop

    words, alignment = shown_words(excerpt.cut), excerpt.cut.alignment
    if look.text is not None:
        words = reworded(words, look.text, alignment.language)
    episode = alignment.episode
    script = Script(words, excerpt.sound.duration, episode.show, episode.title, alignment.language, episode.url)
    return replace(script, card=backdrop.SECONDS if backdrop.has_end_card(script, look.style) else 0.0)


def wording_of(excerpt: Excerpt, look: Look) -> str:
    """The text that the audiogram shows: a line for each of its lines, an empty line between screens.

    Edited, it is the ``text`` of another look.

    Raises MediaError: the font cannot be used.
    """
    from media.video.screens import written
    from media.video.setting import set_quote

    script = script_of(excerpt, look)
    return written(script.words, set_quote(script, look.style, look.shape).screens)


def unshown_in(excerpt: Excerpt, look: Look) -> Iterator[Caution]:
    """Yield what of the audiogram cannot be shown as it is meant: letters that no font has, emoji without colour.

    Raises FontError if the font of the quote cannot be used.
    """
    from media.video.setting import unshown

    found = unshown(script_of(excerpt, look), look.style, look.shape)
    if found.missing:
        told = _listed(found.missing)
        remedy = "install a font that has it, the extra noto or Noto Sans CJK, or name one with --font"
        yield Caution("no-glyph", f"no font here has {told}, left out of the picture; {remedy}", told)
    if found.one_colour:
        told = _listed(found.one_colour)
        message = f"no font here has {told} in colour; a system's font has, such as Noto Color Emoji"
        yield Caution("plain-emoji", message, told)
    if found.unjoined:
        yield Caution(
            "unjoined", "letters are not joined and ordered as their script wants; that takes the library FriBiDi", ""
        )


def duration_of(excerpt: Excerpt, look: Look) -> float:
    """Return how long the audiogram is, in seconds: its audio, the frames that hold, the end card."""
    from media.video.render import seconds_of

    return seconds_of(script_of(excerpt, look))


def _listed(characters: tuple[str, ...]) -> str:
    return " ".join(characters[:_MOST_TOLD]) + " …" * (len(characters) > _MOST_TOLD)
