"""What is said in the terminal of pairs and of the episodes that are made of them, in `add` and `update` alike."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from web.archive.adding.attempts import Attempts
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made
from web.archive.adding.making import AlreadyThereError, Maker
from web.archive.adding.new_pairs import beside_key, twice_key
from web.archive.pairing.items import Sound, Text
from web.archive.pairing.pairs import Pair, Pairing

_MOST_TOLD = 1000  # lines of one kind
_MOST_REASONS = 3


def show_pairing(pairing: Pairing, sure: float, library: Path, told: Collection[str] = ()) -> None:
    """Say which goes with which, what is in doubt, what is left over and what is there twice; of what was ``told``
    before, by its keys, how much there is. What is in doubt is decided in the app, of that ``library``."""
    surely, doubtful = pairing.sure(sure), pairing.in_doubt(sure)
    candidates = {each.text.key for pair in doubtful for each in pair.others}
    texts = [text for text in pairing.texts if text.key not in candidates]
    kinds: list[list[tuple[str, tuple[str, ...]]]] = [
        [(f"{_line('In doubt', pair)}{_rivals(pair)}", (pair.sound.key, pair.text.key)) for pair in doubtful],
        [(f"Left      {sound.name}: no transcript found", (sound.key,)) for sound in pairing.sounds],
        [(f"Left      {text.name}: no sound found", (text.key,)) for text in texts],
        [(_contested(*each), ()) for each in pairing.contested],
        [(f"Twice     {other} is {one} once more", (twice_key(one, other),)) for one, other in pairing.twice],
        [
            (f"Beside    {other}: {one} is taken, which is called so too", (beside_key(one, other),))
            for one, other in pairing.beside
        ],
    ]
    new = [[line for line, keys in kind if not keys or not {*keys} <= {*told}] for kind in kinds]
    before = sum(map(len, kinds)) - sum(map(len, new))
    found = f"{len(surely)} sure, {len(doubtful)} in doubt; left over: {len(pairing.sounds)} sounds"
    say(
        *_some([_line("Pair", pair) for pair in surely]),
        *(line for lines in new for line in _some(lines)),
        *([f"As before {before} left over or in doubt; the app's page Archive lists them"] if before else []),
        f"Found     {found}, {len(texts)} transcripts",
        *([f"Decide    what is in doubt on the app's page Archive: quotecast serve {library}"] if new[0] else []),
    )


def watching(done: int, whole: int | None) -> None:
    """Show in a terminal how much of what is being fetched is there; the watch of a ``Maker``."""
    if sys.stderr.isatty():
        of = f" of {whole / 1e6:.1f}" if whole else ""
        end = "\r\033[K" if done == whole else ""
        print(f"\rFetching  {done / 1e6:.1f}{of} MB{end}", end="", file=sys.stderr, flush=True)


def say_finished(listing: Listing, made: Made | None) -> None:
    """Say that an episode was made, by a run that fell before it could."""
    if made:
        say(f"Made      {listing.called(made.folder)}")


def make_all(maker: Maker, pairs: Sequence[Pair], alone: Sequence[Sound] = ()) -> ExitStatus:
    """Make the episodes, and say of each what became of it; one that fails hinders no other, while hosts answer."""
    made, late, attempts, retitled = 0, 0, Attempts(tell, maker.archive.library.root), dict[str, None]()
    todo: list[tuple[Sound, Text | None, float | None]] = [(p.sound, p.text, p.confidence) for p in pairs]
    for sound, text, confidence in [*todo, *((sound, None, None) for sound in alone)]:
        if attempts.are_over:
            break
        with attempts.of(sound.name, "not made"):
            try:
                episode = maker.make(sound, text, confidence)
            except AlreadyThereError as there:
                say(f"There     {sound.name}: is the sound of {maker.listing.called(there.folder)}")
                continue
            if text and sound.key in maker.open:
                late += 1
                say(f"Text      {maker.listing.called(episode.folder)}: has its transcript now")
                continue
            made += 1
            say(f"Made      {maker.listing.called(episode.folder)}")
            if otherwise := maker.source_shows.retitled(sound):
                show, title = otherwise
                retitled[f"Show      {show}: its feed calls it {title} now"] = None
    given = f"{late} given their transcript, " if late else ""
    say(*retitled, f"Episodes  {made} made, {given}{attempts.failed} failed")
    return ExitStatus.UNUSABLE if attempts.failed else ExitStatus.DONE


def _line(begun: str, pair: Pair) -> str:
    reasons = "; ".join(reason.words for reason in pair.reasons[:_MOST_REASONS])
    return f"{begun:<9} {pair.confidence:.2f}  {pair.sound.name} + {pair.text.name}  ({reasons})"


def _contested(text: str, sounds: Sequence[str]) -> str:
    return f"Chosen    {text}: for {' and '.join(sounds)}; neither takes it until one choice is taken back in the app"


def _rivals(pair: Pair) -> str:
    return f"; or with {', '.join(pair.rivals[:3])}" if pair.rivals else ""


def _some(lines: Iterable[str]) -> list[str]:
    all_lines = [*lines]
    more = len(all_lines) - _MOST_TOLD
    return [*all_lines[:_MOST_TOLD], f"          and {more} others"] if more > 0 else all_lines
