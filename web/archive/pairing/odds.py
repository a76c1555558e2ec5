"""How likely each sound is of each text, by all but the sound itself, and of an episode that was made before."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from web.archive.pairing.evidence import NAMED, Evidence, Reason
from web.archive.pairing.items import Sound, Text

NO_PARTNER = 0.1  # of sounds, those whose transcript is not there, and of texts
_FEWEST = 10  # that there are next to no others to be paired with says as little as if there were so many
_ALL_PAIRS = 250_000  # up to so many, each pair is looked at; beyond, those that have something rare in common
_RARE = 30  # items, of those that have a word or number in common
_AGAINST = -1.0  # odds of what speaks against a pair


@dataclass(slots=True)
class Odds:
    """The odds of pairs, by their indices, and why; which are ``never`` any, and which what the files hold speaks
    against."""

    never: frozenset[tuple[int, int]] = frozenset()
    of: dict[tuple[int, int], float] = field(default_factory=dict)
    why: dict[tuple[int, int], list[Reason]] = field(default_factory=dict)
    contradicted: set[tuple[int, int]] = field(default_factory=set)  # by what the files hold
    named: dict[int, int] = field(default_factory=dict)  # by a sound, the text that its names mean
    told: int = 0  # how many times a sound was heard
    alone: float = NO_PARTNER  # the odds of having no partner, when it is asked how sure a pair is
    made_with: tuple[dict[int, float], dict[int, float]] = ({}, {})  # of a sound, and a text, being of a made episode


def odds_of(evidence: Evidence, never: Collection[tuple[str, str]]) -> Odds:
    """The odds of all that may be pairs, but for what is ``never`` one, by the keys of sound and text."""
    sounds, texts = evidence.sounds, evidence.texts
    prior = math.log((1 - NO_PARTNER) / max(1, len(sounds), len(texts)))
    odds = Odds(_indices(never, sounds, texts))
    odds.alone *= max(1.0, _FEWEST / max(1, len(sounds), len(texts)))
    candidates = (each for each in _candidates(sounds, texts) if each not in odds.never)
    named = {(i, j): evidence.named(sounds[i], texts[j]) for i, j in candidates}
    total = {pair: sum(reason.odds for reason in why) for pair, why in named.items()}
    strong = [pair for pair, each in total.items() if each >= NAMED]
    of_sound, of_text = Counter(i for i, _ in strong), Counter(j for _, j in strong)
    for (i, j), names in named.items():
        own = total[i, j] >= NAMED
        if own and total[i, j] > total.get((i, odds.named.get(i, -1)), 0.0):
            odds.named[i] = j
        is_elsewhere = of_sound[i] > own or of_text[j] > own
        held = evidence.held(sounds[i], texts[j])
        why = [*evidence.bounded(sounds[i], names, is_elsewhere), *held]
        if any(reason.odds <= _AGAINST for reason in held):
            odds.contradicted.add((i, j))
        odds.why[i, j] = why
        odds.of[i, j] = prior + sum(reason.odds for reason in why)
    likely = [pair for pair, each in odds.of.items() if each > math.log(odds.alone)]
    odds.made_with = _made_with(evidence, prior, likely)
    return odds


def _made_with(
    evidence: Evidence, prior: float, likely: Collection[tuple[int, int]]
) -> tuple[dict[int, float], dict[int, float]]:
    """The highest odds of each sound's, and of each text's, of ``likely`` pairs, being one of an episode once more that
    was made before, as by its names: an episode seldom has two."""
    known, said = [Sound("", each) for each in evidence.before], [Text("", each) for each in evidence.before]
    of_sound, of_text = dict[int, float](), dict[int, float]()
    sounds, texts = sorted({i for i, _ in likely}), sorted({j for _, j in likely})
    for n, k in _in_common([evidence.sounds[i] for i in sounds], said):
        made = _made_odds(evidence, prior, evidence.sounds[sounds[n]], said[k])
        of_sound[sounds[n]] = max(of_sound.get(sounds[n], 0.0), made)
    for n, k in _in_common([evidence.texts[j] for j in texts], known):
        made = _made_odds(evidence, prior, known[k], evidence.texts[texts[n]])
        of_text[texts[n]] = max(of_text.get(texts[n], 0.0), made)
    return of_sound, of_text


def _made_odds(evidence: Evidence, prior: float, sound: Sound, text: Text) -> float:
    names = evidence.bounded(sound, evidence.named(sound, text), False)
    return NO_PARTNER * math.exp(prior + sum(reason.odds for reason in names))


def _indices(
    never: Collection[tuple[str, str]], sounds: Sequence[Sound], texts: Sequence[Text]
) -> frozenset[tuple[int, int]]:
    at_sound = {each.key: i for i, each in enumerate(sounds)}
    at_text = {each.key: j for j, each in enumerate(texts)}
    return frozenset((at_sound[s], at_text[t]) for s, t in never if s in at_sound and t in at_text)


def _candidates(sounds: Sequence[Sound], texts: Sequence[Text]) -> Iterable[tuple[int, int]]:
    if len(sounds) * len(texts) <= _ALL_PAIRS:
        return ((i, j) for i in range(len(sounds)) for j in range(len(texts)))
    return _in_common(sounds, texts)


def _in_common(some: Sequence[Sound | Text], others: Sequence[Sound | Text]) -> Iterable[tuple[int, int]]:
    """Those that have something in common that is rare among the others."""
    with_other = defaultdict[object, list[int]](list)
    for j, other in enumerate(others):
        for each in _marks(other):
            with_other[each].append(j)
    return sorted(
        {(i, j) for i, s in enumerate(some) for m in _marks(s) if len(of := with_other[m]) <= _RARE for j in of}
    )


def _marks(item: Sound | Text) -> Iterator[object]:
    """What two of one episode may have in common."""
    told = item.clues.told
    yield from (("number", number) for number in {n for _, n in told.numbers} | told.bare)
    yield from (("date", day) for day in told.dates | ({item.clues.date} if item.clues.date else set()))
    yield from told.words
    yield ("of", item.of if isinstance(item, Text) else item.key)
    if item.alone:
        yield item.folder
