"""A kept quote, or an episode's title, as a picture, drawn as audiograms are."""

from __future__ import annotations

from aligner.model import Alignment
from aligner.publishing.showing import StyleChoices, shown_words, style_of
from aligner.quotes import Quote, Timeline, cut_out
from aligner.typography import unbroken
from media.video.screens import Script, ShownWord

_LONGEST = 300  # characters of a title: more than a card has room for


def quote_card(alignment: Alignment, quote: Quote, choices: StyleChoices) -> bytes:
    """The card of a quote, as PNG.

    Raises
    ------
    QuoteError
        No word of it stands in a paragraph of speech.
    PictureError, FontError
        The cover or the font cannot be used.
    """
    from media.video.card import card_png

    words = shown_words(cut_out(alignment, quote, Timeline((quote.voice,))))
    episode = alignment.episode
    script = Script(words, quote.voice.duration, episode.show, episode.title, alignment.language)
    return card_png(script, style_of(choices))


def title_card(title: str, show: str | None, below: str | None, language: str, choices: StyleChoices) -> bytes:
    """The card of an episode or a show, as PNG: its title, its show, and what is to stand ``below`` that, as the date.

    Raises
    ------
    PictureError, FontError
        The cover or the font cannot be used.
    """
    from media.video.card import card_png

    pieces = unbroken(title[:_LONGEST], language).split(" ")
    words = tuple(ShownWord(piece, 0.0, 0.0) for piece in pieces if piece)
    return card_png(Script(words, 0.0, show, below if show else None, language), style_of(choices))
