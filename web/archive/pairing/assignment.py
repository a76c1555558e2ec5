"""Which text belongs to which sound: the assignment that is likeliest by all evidence, and how sure each pair is.

The confidence of a pair is the share of its odds among all that its sound, or its text, could be instead, whichever is
less: another partner, or none. A transcript that fits two episodes equally well is so half sure of each.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from web.archive.pairing.evidence import Evidence, Reason
from web.archive.pairing.items import Clues, Sound, Text
from web.archive.pairing.odds import NO_PARTNER, Odds, odds_of
from web.archive.pairing.pairs import Candidate, Pair, Pairing
from web.archive.pairing.rarity import called, names_of

SURE = 0.9
"""From this confidence on a pair is taken without being asked for; ``python -m tests.bench.pairing`` measures it."""

_HIGHEST = 0.999
_CONTRADICTED = 0.85  # the most that a pair is sure where something speaks against it
_PROBED = 5  # sounds of a folder that are listened to, however sure their names are
_LIKELY = 0.5  # from this confidence on a pair is learnt from
_LEAST = 0.05  # a pair less likely than that is none, whatever is left for its sound

T = TypeVar("T", Sound, Text)

Listen = Callable[[Sound, Sequence[Text]], Mapping[str, Reason] | None]
"""Told a sound and texts, what the sound itself says of each of these, by key; None where it cannot be heard."""


def pair(
    sounds: Sequence[Sound],
    texts: Sequence[Text],
    listen: Listen | None = None,
    all_heard: bool = False,
    never: Collection[tuple[str, str]] = (),
    before: Sequence[Clues] = (),
) -> Pairing:
    """Pair them. ``listen`` is asked of what is in doubt, of all sounds where ``all_heard``, and they are paired once
    more with what that told. What is ``never`` a pair is told by the keys of sound and text; ``before`` are the clues
    of episodes that have both already."""
    sounds, same_sounds = sounds_once(sounds, texts)
    texts, same_texts = _texts_once(texts, sounds)
    evidence = Evidence(sounds, texts, before)
    odds = odds_of(evidence, never)
    first = _assigned(odds)
    evidence.learn((sounds[i], texts[j]) for (i, j), sure in first.items() if sure >= _LIKELY)
    odds = odds_of(evidence, never)
    found = _assigned(odds)
    if listen:
        found = _with_heard(odds, found, sounds, texts, listen, all_heard)
    pairs = _pairs(odds, found, sounds, texts)
    with_sound, with_text = {each.sound.key for each in pairs}, {each.text.key for each in pairs}
    return Pairing(
        tuple(pairs),
        tuple(sound for sound in sounds if sound.key not in with_sound),
        tuple(text for text in texts if text.key not in with_text),
        (*same_sounds, *same_texts),
    )


def _assigned(odds: Odds) -> dict[tuple[int, int], float]:
    """The likeliest assignment as a whole, in which each may stay alone, and the confidence of its pairs; where
    nothing speaks for a pair, it is none."""
    sure = _confidence(odds)
    told = {pair: each for pair, each in odds.of.items() if any(reason.odds > 0 for reason in odds.why[pair])}
    return {(i, j): sure(i, j) for i, j in _chosen(told, math.log(NO_PARTNER))}


def _confidence(odds: Odds) -> Callable[[int, int], float]:
    """How sure each pair is."""
    of_sound, of_text = odds.made_with
    with_sound, with_text = defaultdict[int, float](float, of_sound), defaultdict[int, float](float, of_text)
    for (i, j), each in odds.of.items():
        with_sound[i] += math.exp(min(each, 50.0))
        with_text[j] += math.exp(min(each, 50.0))

    def sure(i: int, j: int) -> float:
        own = math.exp(min(odds.of[i, j], 50.0))
        likely = min(own / (with_sound[i] + odds.alone), own / (with_text[j] + odds.alone), _HIGHEST)
        return min(likely, _CONTRADICTED) if (i, j) in odds.contradicted else likely

    return sure


def _chosen(odds: Mapping[tuple[int, int], float], alone: float) -> Iterator[tuple[int, int]]:
    """The pairs whose odds make the largest sum, each component of what may go together by itself."""
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    worth = [(i, j, value - alone) for (i, j), value in odds.items() if value > alone]
    if not worth:
        return
    rows, columns = (sorted({each[side] for each in worth}) for side in (0, 1))
    row_at, column_at = {i: k for k, i in enumerate(rows)}, {j: k for k, j in enumerate(columns)}
    size = len(rows) + len(columns)
    edges = ([row_at[i] for i, _, _ in worth], [len(rows) + column_at[j] for _, j, _ in worth])
    _, labels = connected_components(coo_array((np.ones(len(worth)), edges), shape=(size, size)), directed=False)
    members = defaultdict[int, list[tuple[int, int, float]]](list)
    for i, j, value in worth:
        members[int(labels[row_at[i]])].append((i, j, value))
    for group in members.values():
        in_rows, in_columns = (sorted({each[side] for each in group}) for side in (0, 1))
        gain = np.zeros((len(in_rows), len(in_columns)))
        for i, j, value in group:
            gain[in_rows.index(i), in_columns.index(j)] = value
        for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
            if gain[row, column] > 0:
                yield in_rows[row], in_columns[column]


def _with_heard(
    odds: Odds,
    found: dict[tuple[int, int], float],
    sounds: Sequence[Sound],
    texts: Sequence[Text],
    listen: Listen,
    all_heard: bool,
) -> dict[tuple[int, int], float]:
    """The assignment with what those sounds say that are in doubt, and some of each folder that are not; where
    ``all_heard``, what all say that have no sure text, while there are texts left. Where that finds a name that lies,
    all sounds of its folder are in doubt."""
    heard, lying = set[int](), set[Path | None]()
    probed = _probed(sounds)
    while True:
        settled = {i: j for (i, j), sure in found.items() if sure >= SURE and not all_heard}
        likely = {i for i, _ in found}  # what is only in a feed is not fetched where nothing speaks for a text
        doubtful = [
            i
            for i, sound in enumerate(sounds)
            if i not in heard
            and (i not in settled or i in probed or sound.folder in lying)
            and (sound.file or i in likely)
        ]
        if not doubtful and all_heard:
            doubtful = _next_of_feeds(found, heard, sounds, texts)
        if not doubtful:
            return found
        told = odds.told
        for i in doubtful:
            left = [j for j in range(len(texts)) if j not in settled.values()]
            if not _hear(odds, i, left, sounds, texts, listen):  # then it may be of what another sound is named as
                _hear(odds, i, sorted(set(settled.values())), sounds, texts, listen)
        heard.update(doubtful)
        if odds.told > told:
            found = _assigned(odds)  # in which what was told of one may put another in doubt
        lying |= {sounds[i].folder for i, j in found if i in heard and odds.named.get(i, j) != j}


def _next_of_feeds(
    found: Mapping[tuple[int, int], float], heard: Collection[int], sounds: Sequence[Sound], texts: Sequence[Text]
) -> list[int]:
    """Of the sounds for which nothing speaks, neither their feed, the next ones: as many as there are texts left."""
    sure = [pair for pair, each in found.items() if each >= SURE]
    settled = {*heard, *(i for i, _ in sure)}
    rest = (i for i, sound in enumerate(sounds) if i not in settled and sound.entry and not sound.entry.transcripts)
    return [*islice(rest, len(texts) - len(sure))]


def _probed(sounds: Sequence[Sound]) -> set[int]:
    """Some sounds of each folder, from its beginning to its end."""
    of = defaultdict[Path | None, list[int]](list)
    for i, sound in enumerate(sounds):
        if sound.file:
            of[sound.folder].append(i)
    return {i for group in of.values() for i in group[:: -(-len(group) // _PROBED)]}


def _hear(
    odds: Odds, i: int, among: Sequence[int], sounds: Sequence[Sound], texts: Sequence[Text], listen: Listen
) -> bool:
    """Note what a sound says of each of the texts; whether it is of one of them, or cannot be heard."""
    among = [j for j in among if (i, j) not in odds.never]
    said = listen(sounds[i], [texts[j] for j in among]) if among else {}
    if said is None:
        return True
    odds.told += 1
    for j in among:
        if reason := said.get(texts[j].key):
            odds.why.setdefault((i, j), []).append(reason)
            odds.of[i, j] = odds.of.get((i, j), math.log(NO_PARTNER / max(1, len(texts)))) + reason.odds
            odds.contradicted.discard((i, j))
    return any(reason.odds > 0 for reason in said.values())


def _pairs(
    odds: Odds, found: Mapping[tuple[int, int], float], sounds: Sequence[Sound], texts: Sequence[Text]
) -> list[Pair]:
    """What was found, with all else that its sounds and texts could be with, the surest first."""
    of_sound, of_text = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for i, j in odds.of:
        of_sound[i].append(j)
        of_text[j].append(i)
    confidence = _confidence(odds)

    def candidate(i: int, j: int) -> Candidate:
        reasons = sorted(odds.why[i, j], key=lambda reason: -abs(reason.odds))
        return Candidate(texts[j], round(confidence(i, j), 3), tuple(reasons))

    pairs = list[Pair]()
    for (i, j), sure in found.items():
        if sure >= _LEAST:
            own = candidate(i, j)
            others = [candidate(i, b) for b in of_sound[i] if b != j and confidence(i, b) >= _LEAST]
            claimants = tuple(sounds[a].name for a in of_text[j] if a != i and confidence(a, j) >= _LEAST)
            others.sort(key=lambda each: -each.confidence)
            pairs.append(Pair(sounds[i], own.text, own.confidence, own.reasons, tuple(others), claimants))
    return sorted(pairs, key=lambda each: -each.confidence)


def sounds_once(sounds: Sequence[Sound], texts: Sequence[Text]) -> tuple[list[Sound], list[tuple[str, str]]]:
    """Each sound that is there more than once a single time, and of the others what they are the same as. That is kept
    which lies beside a text that is called so, else is named as one, else has the shortest name: ``E12 (copy)`` stands
    for nothing more. It lies where the others do too."""
    named = {name for text in texts for name in names_of(text.clues)}
    beside = {(text.folder, name) for text in texts for name in names_of(text.clues)}

    def rank(sound: Sound) -> tuple[bool, bool, int]:
        names = called(sound.clues)
        is_apart = beside.isdisjoint((sound.folder, name) for name in names)
        return is_apart, named.isdisjoint(names), len("".join(sound.clues.names))

    groups = _alike(sorted(sounds, key=rank), _sound_identity)
    places = {id(each): place for place, each in enumerate(sounds)}
    groups.sort(key=lambda group: places[id(group[0])])
    return [first.lying_also(*others) for first, *others in groups], _names_of_same(groups)


def _texts_once(texts: Sequence[Text], sounds: Sequence[Sound]) -> tuple[list[Text], list[tuple[str, str]]]:
    """The same of texts, of which that is kept which lies beside a sound that is called so, else beside any."""
    folders = {sound.folder for sound in sounds}
    beside = {(sound.folder, name) for sound in sounds for name in called(sound.clues)}

    def rank(text: Text) -> tuple[bool, bool]:
        return beside.isdisjoint((text.folder, name) for name in names_of(text.clues)), text.folder not in folders

    groups = [sorted(group, key=rank) for group in _alike(texts, _text_identity)]
    return [first for first, *_ in groups], _names_of_same(groups)


def _alike(items: Sequence[T], identity: Callable[[T], object]) -> list[list[T]]:
    groups: dict[object, list[T]] = {}
    for item in items:
        groups.setdefault(identity(item), []).append(item)
    return list(groups.values())


def _names_of_same(groups: Sequence[Sequence[Sound]] | Sequence[Sequence[Text]]) -> list[tuple[str, str]]:
    """Of each that is the same as the first of its group what both are called."""
    return [(group[0].name, other.name) for group in groups for other in group[1:]]


def _sound_identity(sound: Sound) -> object:
    return sound.file.sha256 if sound.file else sound.key


def _text_identity(text: Text) -> object:
    return text.same or (text.file.sha256 if text.file else text.key)
