"""Words that a reader selected: what there is to show, play, copy and look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aligner.errors import QuoteError
from aligner.kept import as_it_stands, chars_of
from aligner.model import Alignment, Span
from aligner.publishing.post import Wording, cited
from aligner.quotes import Caution, quote_of_words, read_printed
from aligner.saved_quotes import LONGEST
from aligner.typography import read_tokens, sentence_words, unbroken
from web.errors import Unusable
from web.quotes.links import link_to, write_fragment


@dataclass(frozen=True, slots=True)
class Selection:
    """Words that were selected: ``text`` as printed, ``said_by`` naming who says each of its lines, ``voice`` when they
    are said, None where nobody says them.

    ``sentence`` are the words of the sentences that they belong to; ``cautions`` what to look at before a clip of them
    is published.
    """

    words: range
    text: str
    speakers: tuple[str, ...]
    said_by: tuple[str | None, ...]
    voice: Span | None
    sentence: range
    fragment: str
    cautions: tuple[Caution, ...] = ()


def selected(alignment: Alignment, first: int, last: int) -> Selection:
    """The words from ``first`` to before ``last``.

    Raises
    ------
    Unusable
        The episode has no such words.
    """
    words = checked_words(alignment, first, last)
    printed = read_printed(alignment, words)
    try:
        quote = quote_of_words(alignment, words)
        voice, cautions = quote.voice, quote.cautions
    except QuoteError as error:
        voice, cautions = None, (Caution("not-said", str(error)),)
    return Selection(
        words,
        printed.text or as_it_stands(alignment, words),
        printed.speakers,
        printed.said_by,
        voice,
        to_sentence(alignment, words),
        write_fragment(link_to(alignment, words)),
        cautions,
    )


def checked_words(alignment: Alignment, first: int, last: int) -> range:
    """The range, if it is one of the alignment's words.

    Raises
    ------
    Unusable
        It is not, or is longer than a quote may be.
    """
    if not 0 <= first < last <= len(alignment.words):
        raise Unusable("quote.no_words", first=first, last=last, n=len(alignment.words))
    words = range(first, last)
    if chars_of(alignment, words) > LONGEST:
        raise Unusable("quote.too_long", n=LONGEST)
    return words


def copied(alignment: Alignment, selection: Selection, address: str) -> str:
    """The text of "Copy quote": the quote between its language's marks, who says it where, and ``address``.

    It is set for posting, as a clip's text is, and keeps its no-break spaces; the browser's own copy of the page has
    those that people type.
    """
    return cited(alignment, Wording(selection.text, selection.speakers, selection.said_by), address)


def address_of(alignment: Alignment, local: str, fragment: str) -> tuple[str, bool]:
    """The link to a fragment, and whether it is public.

    It leads to the episode's own address where there is one; ``local`` is that of this server's page. A public address
    that ends in a fragment of its own is left as it is.
    """
    public = (alignment.episode.url or "").strip()
    if not public.lower().startswith(("https://", "http://")):
        return f"{local}#{fragment}", False
    return (public if "#" in public else f"{public}#{fragment}"), True


def selection_facts(alignment: Alignment, selection: Selection, local: str) -> dict[str, Any]:
    """A selection with its link, which is ``public`` or leads to ``local``, and the text of "Copy quote"."""
    address, public = address_of(alignment, local, selection.fragment)
    voice = selection.voice
    return {
        "first": selection.words.start,
        "last": selection.words.stop,
        "text": unbroken(selection.text, alignment.language),
        "speaker": ", ".join(selection.speakers) or None,
        "start": voice.start if voice else None,
        "end": voice.end if voice else None,
        "sentence": [selection.sentence.start, selection.sentence.stop],
        "link": address,
        "public": public,
        "copy": copied(alignment, selection, address),
        "cautions": [asdict(caution) for caution in selection.cautions],
    }


def to_sentence(alignment: Alignment, words: range) -> range:
    """The words of every sentence that has one of ``words``; those outside any sentence stay as they are.

    Examples
    --------
    In "Oui. La terre tourne. Bien." the word "terre" becomes "La terre tourne."
    """
    sentences = sentence_words(read_tokens(alignment, words=words))
    touched = [each for each in sentences if each.start < words.stop and words.start < each.stop]
    edges = [words, *touched]
    return range(min(each.start for each in edges), max(each.stop for each in edges))
