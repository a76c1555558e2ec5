"""A kept quote as a picture, drawn as audiograms are."""

from __future__ import annotations

from aligner.model import Alignment
from aligner.publishing.screen_words import shown_words
from aligner.publishing.styles import StyleChoices, style_of
from aligner.quotes import Quote, Timeline, cut_out
from media.video.screens import Script


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
