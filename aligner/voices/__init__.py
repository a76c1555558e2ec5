"""Speaker diarisation: embed the voice of each passage of a recording, then cluster the embeddings.

Voices differ less in some recordings than in others, so the limit for clusters is relative: the distance of two pieces
of 1.6 s of one passage, which one person speaks. ``_UNLIKE`` was fitted on synthetic conversations, see
``tests/bench/RESULTS.md``.
"""

from __future__ import annotations

from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from aligner.voices.encoder import Matrix, Voices, embed

__all__ = ["Voices", "embed", "speakers_of"]

_UNLIKE = 1.25  # times that distance: clusters that are further apart are two speakers
_SHORT = 1.0  # seconds; a shorter passage has the speaker of the passage before it
_LEAST_SHARE, _LEAST = 0.03, 8.0  # of the speech, and seconds: who says less is no speaker
_MOST = 4000  # passages to cluster, the longest ones: memory grows with their square


def speakers_of(voices: Voices) -> list[str]:
    """Return the speaker of each passage: "A" for the first, then "B" …; "" for all if they have one voice.

    Voices are found by agglomerative clustering with average linkage on cosine distances. Then each passage has the
    voice that it is most like.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    seconds, nobody = voices.seconds, [""] * len(voices.seconds)
    long = np.sort(np.argsort(-seconds, kind="stable")[:_MOST])
    long = long[seconds[long] >= _SHORT]
    several = voices.pieces > 1
    if len(long) < 2 or not several.any():
        return nobody
    means, weights = voices.means[long], seconds[long]
    distances = np.maximum(0.0, 1.0 - means @ means.T)
    np.fill_diagonal(distances, 0.0)
    limit = _UNLIKE * _distance_within(voices.means[several], voices.pieces[several])
    tree = linkage(squareform(distances, checks=False), "average")
    clusters = fcluster(tree, limit, "distance") - 1
    talk = np.bincount(clusters, weights)
    found = np.flatnonzero(talk >= max(_LEAST, _LEAST_SHARE * talk.sum()))[: len(ascii_uppercase)]
    if len(found) < 2:
        return nobody
    centres = np.stack([weights[clusters == each] @ means[clusters == each] for each in found])
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    likeliest = np.argmax(voices.means @ centres.T, axis=1)
    last = np.maximum.accumulate(np.where(seconds >= _SHORT, np.arange(len(seconds)), -1))
    likeliest = likeliest[np.where(last < 0, long[0], last)]
    letters = dict(zip(dict.fromkeys(likeliest.tolist()), ascii_uppercase, strict=False))
    return [letters[each] for each in likeliest.tolist()] if len(letters) > 1 else nobody


def _distance_within(means: Matrix, pieces: NDArray[np.int64]) -> float:
    """Return the mean cosine distance between two pieces of one passage, weighted by their number. ``means`` are means
    of vectors of length 1, so their length shows how alike these are."""
    alike = (pieces * np.sum(means**2, axis=1) - 1) / (pieces - 1)
    return 1.0 - float(np.average(alike, weights=pieces - 1))
