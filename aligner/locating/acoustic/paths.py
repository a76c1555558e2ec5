"""Find the best path of all words through the framewise and the CTC emissions (Viterbi), in many windows at a time.

Conventions
-----------
- A *trellis* is a window of audio with the words that may be said in it. Its states are, in order: a gap, the letters
  of the first word, a gap, the letters of the second word, ..., a gap. A gap accepts all audio between words: silence,
  hesitations, other speech. A *hole* is the middle of a long gap. A gap costs something in each frame, a hole only when
  it begins. So words stay together, and long gaps occur where the text has breaks. Each gap has a hole; the states of
  holes come after all others, in the same order.
- A path begins in the first gap or word and ends in the last gap or word. From one frame to the next, it stays in its
  state or moves to the next one. It may also go from a word directly to the next word. At a cost, it may skip a letter,
  skip words from gap to gap, or go from a gap into its hole; it returns from the hole for free.
- Scores are natural logarithms. A word occupies the frames ``[start, stop)``, both -1 if it is skipped. A frame is
  ``FRAME`` seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.acoustic.anchors import Window

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

_NEVER = np.float32(-1e6)
# How a path reaches a state: a hop skips a letter or a gap, a jump skips words from gap to gap, a path sinks from a gap
# into its hole and rises from there.
_STAY, _STEP, _HOP, _JUMP, _SINK, _RISE = range(6)

# The kinds of steps and hops, by what they earn: columns of a table of all frames.
_FREE, _BEGIN, _LEAVE, _PASS, _SKIP, _SKIP_BEGIN, _SKIP_LEAVE, _FORBIDDEN = range(8)
_KINDS = 8


@dataclass(frozen=True, slots=True)
class PathCosts:
    """The costs of a path, in nats (natural logarithms). A skipped letter costs ``letter_skip``. Skipping consecutive
    words costs ``word_skip`` once, and for each word ``word_skip_more``, or ``anchored_skip_more`` if decoded letters
    match the word. Each frame in a gap between words costs ``gap_frame``."""

    letter_skip: float = 3.0  # for each letter that is skipped
    word_skip: float = 14.0  # for a jump over words,
    word_skip_more: float = 8.0  # for each of these words,
    anchored_skip_more: float = 11.0  # or for each with an anchor
    gap_frame: float = 0.02  # for each frame of a gap


@dataclass(frozen=True, slots=True, eq=False)
class Trellis:
    """A window of audio with the words that may be said in it, and the scores of each frame.

    ``words`` holds the letter classes of each word, at least one. ``anchored`` flags words that match decoded letters.
    ``enter`` and ``stay`` (frames, classes) are the scores of a frame that begins or continues a letter, ``gap`` and
    ``hole`` (frames,) of a frame in a gap between words, or in a hole (the middle of a long gap). ``starts`` and
    ``ends`` (frames,) are added in the first frame of a word and in the first frame after it. ``holes`` (words + 1,) is
    the cost of a hole before each word and after the last.
    """

    words: Sequence[Sequence[int]]
    anchored: NDArray[np.bool_]
    enter: Floats
    stay: Floats
    gap: Floats
    hole: Floats
    starts: Floats
    ends: Floats
    holes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class WordPath:
    """Where a path places each word. ``frames`` (words, 2) holds the range ``[start, stop)``, both -1 if the word is
    skipped. ``gain`` (words,) says by how much the letters of the word score better than a gap in the same frames."""

    frames: Indices
    gain: Floats


def best_paths(trellises: Sequence[Trellis], costs: PathCosts) -> list[WordPath]:
    """Return the best path through each trellis: the frames of each word, and how well it matches."""
    if not trellises:
        return []
    order = sorted(range(len(trellises)), key=lambda k: -len(trellises[k].gap))
    longest_first = [trellises[k] for k in order]
    states, scores = _States.of(longest_first, costs), _Scores.of(longest_first, costs)
    visited = _backward(longest_first, states, *_forward(longest_first, states, scores, costs))
    paths = [_path(b, one, states, scores, visited[: len(one.gap), b]) for b, one in enumerate(longest_first)]
    return [path for _, path in sorted(zip(order, paths, strict=True), key=lambda pair: pair[0])]


@dataclass(frozen=True, slots=True, eq=False)
class _States:
    """The states of paths through the trellises, shape (trellises, states), padded with states that cannot be entered.
    ``column`` is each state's column in the scores: a letter class, a gap between words, or a hole (the middle of a
    long gap). ``owner`` is the index of the state's word, -1 for gaps and holes. A path enters a state from the state
    before it, or from the one before that: ``step`` and ``hop`` are the kinds of these two moves. ``gaps`` (trellises,
    words + 1) has the indices of the gaps, ``toll`` the cost of skipping all words before each gap, ``holes`` the cost
    of each gap's hole."""

    column: Indices
    owner: Indices
    step: Indices
    hop: Indices
    gaps: Indices
    toll: Floats
    holes: Floats

    @classmethod
    def of(cls, trellises: Sequence[Trellis], costs: PathCosts) -> _States:
        count = max(1 + sum(len(word) + 1 for word in trellis.words) for trellis in trellises)
        longest = max(len(trellis.words) for trellis in trellises)
        shape = len(trellises), count + longest + 1
        column = np.full(shape, trellises[0].enter.shape[1])
        column[:, count:] += 1
        owner = np.full(shape, -1)
        step, hop = (np.full(shape, _FORBIDDEN) for _ in range(2))
        gaps = np.zeros((len(trellises), longest + 1), np.int64)
        holes = np.full((len(trellises), longest + 1), -_NEVER, np.float32)
        toll = np.zeros((len(trellises), longest + 1), np.float32)
        for b, trellis in enumerate(trellises):
            at = 0
            for k, word in enumerate(trellis.words):
                first, after = at + 1, at + 1 + len(word)
                column[b, first:after], owner[b, first:after] = word, k
                step[b, first : after + 1], hop[b, first + 1 : after + 1] = _FREE, _SKIP
                step[b, first], step[b, after] = _BEGIN, _LEAVE
                hop[b, first] = _PASS if k else _FORBIDDEN
                hop[b, first + 1], hop[b, after] = (
                    (_SKIP_BEGIN, _SKIP_LEAVE) if len(word) > 1 else (_FORBIDDEN, _FORBIDDEN)
                )
                at = gaps[b, k + 1] = after
                skip = costs.anchored_skip_more if trellis.anchored[k] else costs.word_skip_more
                toll[b, k + 1] = toll[b, k] + skip
            holes[b, : len(trellis.words) + 1] = trellis.holes
            gaps[b, len(trellis.words) + 1 :] = at
            toll[b, len(trellis.words) + 1 :] = toll[b, len(trellis.words)]  # repeat the last gap to fill the row
        return cls(column, owner, step, hop, gaps, toll, holes)


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """The scores of all trellises. ``enter`` and ``stay`` have shape (frames, trellises, classes + 2); the last two
    classes are gap and hole. ``starts`` and ``ends`` (frames, trellises) score word edges. Padding has score 0."""

    enter: Floats
    stay: Floats
    starts: Floats
    ends: Floats

    @classmethod
    def of(cls, trellises: Sequence[Trellis], costs: PathCosts) -> _Scores:
        frames, classes = max(len(trellis.gap) for trellis in trellises), trellises[0].enter.shape[1]
        enter = np.zeros((frames, len(trellises), classes + 2), np.float32)
        stay = enter if all(trellis.enter is trellis.stay for trellis in trellises) else np.zeros_like(enter)
        starts, ends = (np.zeros((frames, len(trellises)), np.float32) for _ in range(2))
        for b, trellis in enumerate(trellises):
            n = len(trellis.gap)
            for into, letters in ((enter, trellis.enter), (stay, trellis.stay)):
                into[:n, b, :classes] = letters
                into[:n, b, classes], into[:n, b, classes + 1] = trellis.gap - costs.gap_frame, trellis.hole
            starts[:n, b], ends[:n, b] = trellis.starts, trellis.ends
        return cls(enter, stay, starts, ends)


def _forward(
    trellises: Sequence[Trellis], states: _States, scores: _Scores, costs: PathCosts
) -> tuple[NDArray[np.uint8], Floats, Indices]:
    """Compute the best paths frame by frame. Return the best move into each state in each frame, the score of leaving
    each gap in each frame, and the last state of the best path through each trellis."""
    frames, shape = len(scores.enter), states.column.shape
    rows = np.arange(len(trellises))[:, None]
    column = states.column + rows * scores.enter.shape[2]
    step, hop = states.step + rows * _KINDS, states.hop + rows * _KINDS
    gaps, holes = states.gaps + rows * shape[1], shape[1] - states.gaps.shape[1]
    price = states.toll + np.float32(costs.word_skip)
    moves, leaving = np.zeros((frames, *shape), np.uint8), np.zeros((frames, *gaps.shape), np.float32)
    buffers = np.empty(shape, np.float32), np.empty(shape, np.float32), np.empty(shape, bool)
    lengths = np.array([len(trellis.gap) for trellis in trellises])
    lasting = np.searchsorted(-lengths, -np.arange(frames)).tolist()  # number of trellises with each frame
    earnings = _earnings(scores, costs)

    score = np.full(shape, _NEVER)
    score[:, 0] = 0.0
    score[:, 1:2] = scores.starts[0][:, None]
    score += scores.enter[0].reshape(-1)[column]
    for t in range(1, frames):
        n, earned = lasting[t], earnings[t]
        now, (arrived, other, skipped) = score[:n], (buffer[:n] for buffer in buffers)
        np.take(earned, step[:n], out=arrived, mode="clip")
        arrived[:, 1:] += now[:, :-1]
        np.take(earned, hop[:n], out=other, mode="clip")
        other[:, 2:] += now[:, :-2]
        np.greater(other, arrived, out=skipped)
        np.maximum(arrived, other, out=arrived)
        move = moves[t, :n]
        np.add(skipped.view(np.uint8), _STEP, out=move)
        between = now.reshape(-1)[gaps[:n]]
        np.add(between, states.toll[:n], out=leaving[t, :n])
        arrived[:, holes:], move[:, holes:] = between - states.holes[:n], _SINK
        _take(now[:, holes:], arrived.reshape(-1), move.reshape(-1), gaps[:n], _RISE)
        jump = np.maximum.accumulate(leaving[t, :n, :-1], axis=1) - price[:n, 1:]
        _take(jump, arrived.reshape(-1), move.reshape(-1), gaps[:n, 1:], _JUMP)
        np.take(scores.stay[t].reshape(-1), column[:n], out=other, mode="clip")
        now += other
        if scores.enter is not scores.stay:
            np.take(scores.enter[t].reshape(-1), column[:n], out=other, mode="clip")
        arrived += other
        move *= arrived > now
        np.maximum(now, arrived, out=now)
    final = states.gaps[:, -1].copy()
    before = np.maximum(final - 1, 0)
    final -= (score[rows[:, 0], before] > score[rows[:, 0], final]) & (final > 0)
    return moves, leaving, final


def _earnings(scores: _Scores, costs: PathCosts) -> Floats:
    starts, ends = scores.starts, scores.ends
    table = np.zeros((*starts.shape, _KINDS), np.float32)
    table[..., _BEGIN], table[..., _LEAVE], table[..., _PASS] = starts, ends, starts + ends
    table[..., _SKIP] = -costs.letter_skip
    table[..., _SKIP_BEGIN], table[..., _SKIP_LEAVE] = starts - costs.letter_skip, ends - costs.letter_skip
    table[..., _FORBIDDEN] = _NEVER
    return table.reshape(len(table), -1)


def _take(scores: Floats, arrived: Floats, moves: NDArray[np.uint8], targets: Indices, move: int) -> None:
    """Reach the ``targets`` by ``move`` where its ``scores`` are better; ``arrived`` and ``moves`` are changed."""
    better = scores > arrived[targets]
    if better.any():
        target = targets[better]
        arrived[target] = scores[better]
        moves[target] = move


def _backward(
    trellises: Sequence[Trellis], states: _States, moves: NDArray[np.uint8], leaving: Floats, final: Indices
) -> Indices:
    """Trace the best paths back from ``final``, their last states. Return all states, shape (frames, trellises)."""
    rows = np.arange(len(trellises))
    number = np.zeros(states.column.shape, np.int64)  # of each gap among its trellis's gaps
    for k in range(states.gaps.shape[1] - 1, -1, -1):  # backwards, because the last gap is repeated
        number[rows, states.gaps[:, k]] = k
    holes = states.column.shape[1] - states.gaps.shape[1]
    last = np.array([len(trellis.gap) - 1 for trellis in trellises])
    visited = np.zeros((len(moves), len(trellises)), np.int64)
    state = final.copy()
    for t in range(len(moves) - 1, -1, -1):
        visited[t] = state
        move = moves[t, rows, state]
        before = state - move
        for b in np.flatnonzero(move >= _JUMP):
            if move[b] == _JUMP:
                before[b] = states.gaps[b, leaving[t, b, : number[b, state[b]]].argmax()]
            else:
                before[b] = states.gaps[b, state[b] - holes] if move[b] == _SINK else holes + number[b, state[b]]
        state = np.where(t <= last, before, state)
    return visited


def _path(b: int, trellis: Trellis, states: _States, scores: _Scores, visited: Indices) -> WordPath:
    """Return the path through ``trellis``, which has index ``b``; ``visited`` holds the path's state in each frame."""
    owner = states.owner[b, visited]
    inside = np.flatnonzero(owner >= 0)
    frames = np.full((len(trellis.words), 2), -1, np.int64)
    frames[owner[inside[::-1]], 0] = inside[::-1]
    frames[owner[inside], 1] = inside + 1
    column = states.column[b, visited[inside]]
    entered = np.append(True, visited[1:] != visited[:-1])[inside]
    score = np.where(entered, scores.enter[inside, b, column], scores.stay[inside, b, column])
    gain = np.bincount(owner[inside], score - trellis.gap[inside], minlength=len(trellis.words))
    return WordPath(frames, gain.astype(np.float32))


# Tuned on generated episodes and spontaneous speech; no value matters much.
_COSTS = PathCosts()
_OTHER = 2.0  # nats by which a gap scores less than its likeliest letter
_OTHER_IN_HOLE = 1.9  # the same of holes, in which other speech is expected
_HELD = 0.02  # nats for each frame that a letter lasts after its spike; at least as many as a gap costs
_HOLES = (52.0, 25.0, 10.0)  # nats for a hole within a clause, after a clause, after a sentence
_PRIOR = 0.6  # power of the letters' prior by which framewise posteriors are divided
_LEAST = -12.0  # nats; the least score of a letter in a frame
_TORN = -1000.0  # nats for a letter in the first frame after a jump: no word lasts across one
_EDGE_WEIGHT = 0.5  # of the starts and ends of words
_EDGE_LEAST = 0.02  # least probability of an edge, and
_EDGE_MEAN = 0.15  # the one that counts neither for it nor against it
_BATCH = 32  # windows searched together; more take more memory and no less time


@dataclass(frozen=True, slots=True, eq=False)
class FrameScores:
    """The scores of each frame: to begin or to continue a letter of each class, to be in a gap between words, or in a
    hole (the middle of a long gap)."""

    enter: Floats
    stay: Floats
    gap: Floats
    hole: Floats


Scorer = Callable[[Emissions], FrameScores]


class Paths(NamedTuple):
    """The best paths of all words, one through the framewise emissions and one through the CTC emissions."""

    framewise: WordPath
    ctc: WordPath


def framewise_scores(emissions: Emissions) -> FrameScores:
    """Return frame scores from the framewise posteriors: a letter scores in all frames of its duration."""
    letters = np.asarray(emissions.framewise, np.float32) - np.float32(_PRIOR) * np.log(
        emissions.prior + np.float32(1e-4)
    )
    np.maximum(letters, _LEAST, out=letters)
    return FrameScores(letters, letters, *_gaps(letters))


def ctc_scores(emissions: Emissions) -> FrameScores:
    """Return frame scores from the CTC posteriors: a letter scores in one or a few frames, the blank in the others."""
    spikes = np.maximum(np.asarray(emissions.ctc, np.float32), np.float32(_LEAST))
    return FrameScores(spikes, np.maximum(spikes, spikes[:, :1] - np.float32(_HELD)), *_gaps(spikes))


def _gaps(letters: Floats) -> tuple[Floats, Floats]:
    """Return two scores for each frame: of a gap, and of a hole (the middle of a long gap). ``letters`` holds the
    scores of the blank and of each letter in each frame."""
    best = letters[:, 1:].max(axis=1)
    gap, hole = (np.maximum(letters[:, 0], best - np.float32(other)) for other in (_OTHER, _OTHER_IN_HOLE))
    return gap, hole


def find_paths(
    classes: Sequence[Sequence[int]],
    windows: Sequence[Window],
    scorers: Sequence[Scorer],
    emissions: Emissions,
    edge_weight: float = _EDGE_WEIGHT,
) -> list[WordPath]:
    """Return the best path of all words for each of ``scorers``, functions that turn emissions into frame scores.
    ``classes`` holds the letter classes of each word. ``edge_weight`` is the weight of the acoustic model's
    probabilities that a word starts or ends in a frame."""
    paths = [WordPath(np.full((len(classes), 2), -1, np.int64), np.zeros(len(classes), np.float32)) for _ in scorers]
    by_size = sorted(windows, key=lambda window: sum(len(classes[word]) + 1 for word in window.words))
    for first in range(0, len(by_size), _BATCH):
        batch = by_size[first : first + _BATCH]
        for path, scorer in zip(paths, scorers, strict=True):
            found = best_paths(_trellises(classes, batch, scorer, emissions, edge_weight), _COSTS)
            for window, own in zip(batch, found, strict=True):
                _enter(path, window, own)
    return paths


def _enter(path: WordPath, window: Window, found: WordPath) -> None:
    own = slice(window.first, window.last)
    words, taken = window.words[own], found.frames[own]
    placed = taken[:, 0] >= 0
    path.frames[words[placed], 0] = window.frames[taken[placed, 0]]
    path.frames[words[placed], 1] = window.frames[taken[placed, 1] - 1] + 1
    path.gain[words] = found.gain[own]


def _trellises(
    classes: Sequence[Sequence[int]],
    windows: Sequence[Window],
    scorer: Scorer,
    emissions: Emissions,
    edge_weight: float,
) -> list[Trellis]:
    part = Emissions(emissions.values[np.concatenate([window.frames for window in windows])], emissions.prior)
    scores, starts, ends = scorer(part), _edge(part.starts, edge_weight), _edge(part.ends, edge_weight)
    trellises, at = [], 0
    for window in windows:
        here = slice(at, at + len(window.frames))
        at = here.stop
        enter = scores.enter[here]
        stay = enter if scores.stay is scores.enter else scores.stay[here]
        gap = scores.gap[here]
        torn = np.flatnonzero(np.diff(window.frames) > 1) + 1
        enter[torn] = stay[torn] = _TORN
        gap[torn] = _TORN
        words = [classes[word] for word in window.words]
        holes = np.array(_HOLES, np.float32)[window.breaks]
        trellises.append(
            Trellis(words, window.anchored, enter, stay, gap, scores.hole[here], starts[here], ends[here], holes)
        )
    return trellises


def _edge(log_probability: NDArray[np.float16], weight: float) -> Floats:
    probability = np.exp(np.asarray(log_probability, np.float32))
    earned: Floats = weight * (np.log(np.maximum(probability, _EDGE_LEAST)) - np.log(_EDGE_MEAN))
    return earned.astype(np.float32)
