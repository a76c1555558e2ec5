"""What feeds declare for transcripts: where that takes the place of what an episode has, and where it is no surer than
anything else, since another episode's transcript says the same nearly word for word."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from media.errors import Message, UserError
from web.archive.adding.attempts import UNANSWERED
from web.archive.adding.downloads import Downloads
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part, unasked
from web.archive.adding.wordings import Wording, say_the_same, wording_of
from web.archive.errors import FetchError
from web.archive.pairing.assignment import Listen
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import File, Link, Text
from web.archive.pairing.pairs import Pair, Pairing
from web.archive.sources.folders import look_at_text
from web.archive.sources.gathering import DECLARED
from web.errors import WebError

_HEARD = 0.999  # confidence of what was heard
_UNHEARD = 0.05


def is_news(link: Link, made: Made) -> bool:
    """Whether a feed declares another transcript for an episode than it has, and no file was a surer one; where one was
    taken, another than it did then."""
    if made.text is None:
        return True
    if made.text.url:
        return made.text.url != link.url
    if made.text.path is None:
        return True  # as of a library that somebody sent, whose addresses do not count
    return made.passed != unasked(link.url) and made.confidence is not None and made.confidence < DECLARED


def is_unknown(made: Made) -> bool:
    """Whether an episode has a file's transcript, and it is not known what its feed declared when that was taken."""
    return made.text is not None and made.text.path is not None and made.passed is None


def as_anothers(made: Made, part: Part) -> Made:
    """An episode whose feed declares another's transcript, which is not taken."""
    anothers = msgspec.structs.replace(made, anothers=part.sha256, waiting=None)
    if made.text is None:
        return anothers
    if made.text.path:
        return msgspec.structs.replace(anothers, passed=unasked(part.url or ""))
    return msgspec.structs.replace(anothers, text=part)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A pair that a feed declares, and its transcript."""

    pair: Pair
    path: Path
    wording: Wording


def told_apart(pairing: Pairing, listing: Listing, downloads: Downloads, listen: Listen | None) -> Pairing:
    """A pairing in which a declared transcript that is nearly word for word that of another sound, or of an episode, is
    sure only where it is heard; what is fetched for that is held."""
    fetched = [*_fetched(pairing.pairs, downloads)]
    files = [(each.sound.name, wording_of(each.text.file.path)) for each in pairing.pairs if each.text.file and fetched]
    now = dict[str, Pair]()
    for each in fetched:
        declared = [(other.pair.sound.name, other.wording) for other in fetched if other is not each]
        others = [name for name, wording in (*declared, *files) if say_the_same(wording, each.wording)]
        if folder := listing.worded_alike(each.wording):
            others.append(listing.called(folder))
        if others:
            now[each.pair.sound.key] = _judged(each, others, listen)
    pairs = sorted((now.get(pair.sound.key, pair) for pair in pairing.pairs), key=lambda pair: -pair.confidence)
    return replace(pairing, pairs=tuple(pairs)) if now else pairing


def _fetched(pairs: Sequence[Pair], downloads: Downloads) -> Iterator[_Fetched]:
    """Those that a feed declares and nobody chose, as far as they can be had."""
    unanswered = 0
    for pair in pairs:
        if pair.text.link and pair.confidence == DECLARED and unanswered < UNANSWERED:
            try:
                path, _ = downloads.held(pair.text.link, "text")
            except (UserError, OSError) as error:  # told where it is to be made
                unanswered += isinstance(error, FetchError)
            else:
                unanswered = 0
                yield _Fetched(pair, path, wording_of(path))


def _judged(declared: _Fetched, others: Sequence[str], listen: Listen | None) -> Pair:
    """A pair that may be another's, by what is heard of it."""
    pair, odds = declared.pair, -1.0
    text = _looked_into(pair.text, declared.path)
    reason = Reason(odds, Message("declared by the feed, and nearly word for word that of {other}", other=others[0]))
    known = replace(text, file=File(declared.path, 0, 0, ""))
    heard = (listen(pair.sound, [known]) or {}).get(pair.text.key) if listen else None
    sure = 1 / (1 + len(others)) if heard is None else _HEARD if heard.odds > 0 else _UNHEARD
    return Pair(pair.sound, text, sure, (*filter(None, [heard]), reason), pair.others, (*pair.claimants, *others))


def _looked_into(text: Text, path: Path) -> Text:
    """A text with what is to be shown of it."""
    with contextlib.suppress(UserError, WebError, OSError):
        found = look_at_text(path)
        return replace(text, opening=found.opening, clues=replace(text.clues, language=found.clues.language))
    return text
