"""What a path through a trellis may do, written down move by move; and the best path of all, slowly.

Conventions
-----------
A state is ``(word, letter)``, the letter's place in its word; ``(k, GAP)`` is the gap before word ``k``, ``(k, HOLE)``
the hole in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.locating.letters.paths import PathCosts, Trellis

GAP, HOLE = -1, -2
State = tuple[int, int]


@dataclass(frozen=True)
class Move:
    """From one state into another between two frames: what it costs, and whether a word starts or ends by it."""

    before: State
    after: State
    cost: float = 0.0
    starts: bool = False
    ends: bool = False


def moves(words: list[list[int]], heard: list[bool], holes: list[float], costs: PathCosts) -> Iterator[Move]:
    """Every move between different states."""
    for k, cost in enumerate(holes):
        yield Move((k, GAP), (k, HOLE), cost)
        yield Move((k, HOLE), (k, GAP))
    skip = [costs.heard_skip_more if found else costs.word_skip_more for found in heard]
    for k, word in enumerate(words):
        last = len(word) - 1
        yield Move((k, GAP), (k, 0), starts=True)
        yield Move((k, last), (k + 1, GAP), ends=True)
        if k + 1 < len(words):
            yield Move((k, last), (k + 1, 0), starts=True, ends=True)
        for i in range(last):
            yield Move((k, i), (k, i + 1))
        for i in range(last - 1):
            yield Move((k, i), (k, i + 2), costs.letter_skip)
        if last > 0:
            yield Move((k, GAP), (k, 1), costs.letter_skip, starts=True)
            yield Move((k, last - 1), (k + 1, GAP), costs.letter_skip, ends=True)
        for left_out in range(1, len(words) - k + 1):
            yield Move((k, GAP), (k + left_out, GAP), costs.word_skip + sum(skip[k : k + left_out]))


def best_path(trellis: Trellis, costs: PathCosts) -> tuple[list[State], float]:
    """The state of each frame on the path that earns most, and what it earns."""
    words = [list(word) for word in trellis.words]
    allowed = list(moves(words, trellis.heard.tolist(), trellis.holes.tolist(), costs))
    states = [(k, i) for k, word in enumerate([*words, []]) for i in range(HOLE, len(word))]

    def earned(state: State, frame: int, entered: bool) -> float:
        if state[1] == HOLE:
            return float(trellis.hole[frame])
        if state[1] == GAP:
            return float(trellis.gap[frame]) - costs.gap_frame
        return float((trellis.enter if entered else trellis.stay)[frame, words[state[0]][state[1]]])

    best: dict[State, tuple[float, list[State]]] = {(0, GAP): (earned((0, GAP), 0, True), [(0, GAP)])}
    if words:
        best[0, 0] = (float(trellis.starts[0]) + earned((0, 0), 0, True), [(0, 0)])
    for t in range(1, len(trellis.gap)):
        arriving = [(score + earned(state, t, False), path, state) for state, (score, path) in best.items()]
        for move in allowed:
            if move.before in best:
                score, path = best[move.before]
                score += move.starts * float(trellis.starts[t]) + move.ends * float(trellis.ends[t]) - move.cost
                arriving.append((score + earned(move.after, t, True), path, move.after))
        best = {}
        for state in states:
            ways = [(score, path) for score, path, after in arriving if after == state]
            if ways:
                score, path = max(ways, key=lambda way: way[0])
                best[state] = (score, [*path, state])
    ending = [(len(words), GAP), *([(len(words) - 1, len(words[-1]) - 1)] if words else [])]
    score, path = max((best[state] for state in ending if state in best), key=lambda way: way[0])
    return path, score


def frames_of(path: list[State], words: int) -> list[list[int]]:
    """The frames ``[start, stop)`` that each word takes on a path, -1 twice where it is left out."""
    taken = [[-1, -1] for _ in range(words)]
    for t, (word, letter) in enumerate(path):
        if letter > GAP:
            taken[word] = [taken[word][0] if taken[word][0] >= 0 else t, t + 1]
    return taken
