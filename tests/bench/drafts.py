"""Whether the confidence of automatic transcripts separates wrong words from right ones, beside what it is made of.

Usage: python -m tests.bench.drafts FOLDER... [--fit]

For each episode and language: the word error rate, the words judged, those that are wrong, and the area under the ROC
curve (AUC) of the confidence, of the recogniser's probability, and of the share of letters that the acoustic model
recognised. ``--fit`` prints ``aligner.draft_confidence.DraftWeights``, fitted on these episodes: give synthetic ones.
A word is right if it equals the true word but for case, accents and punctuation. An inserted word is wrong, but not
judged if paragraphs of the transcript are unspoken: it is an edited one, and spoken words are missing.
"""

import argparse
import json
from collections import defaultdict
from dataclasses import fields
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from aligner import transcribing
from aligner.draft_confidence import DraftWeights, draft_features, with_draft_confidence
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.pipeline import AlignOptions
from tests.bench.calibrate import fit
from tests.bench.report import table
from tests.bench.trial import EpisodeFiles, find_episodes

Columns = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    found, rows = defaultdict[str, list[Columns]](list), []
    for files in find_episodes(options.folders):
        columns, rate, language = judged_words(files)
        found[language].append(columns)
        rows.append([files.name, f"{rate:.3f}", *row_of(columns)])
    rows += [[language, "", *row_of(np.concatenate(of))] for language, of in sorted(found.items())]
    every = np.concatenate([columns for of in found.values() for columns in of])
    head = ("episode", "WER", "words", "wrong", "confidence", "recogniser", "acoustic")
    print(table(head, [*rows, ["all", "", *row_of(every)]]))
    if options.fit:
        for field, weight in zip(fields(DraftWeights), fit(every[:, 2:], every[:, 0] > 0), strict=True):
            print(f"    {field.name}: float = {weight:.2f}")


def row_of(columns: Columns) -> list[str]:
    right, (confidence, _, recognised, _, missed, long) = columns[:, 0] > 0, columns[:, 1:].T
    scores = (confidence, recognised, -missed / np.exp(long))
    return [str(len(right)), str((~right).sum()), *(f"{auc(score, right):.3f}" for score in scores)]


def auc(score: Columns, right: NDArray[np.bool_]) -> float:
    """The probability that a right word scores better than a wrong one."""
    pairs = score[right][:, None] - score[~right]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2) if pairs.size else float("nan")


def judged_words(files: EpisodeFiles) -> tuple[Columns, float, str]:
    """Whether each word is right, its confidence and its features; the word error rate, and the language."""
    truth, seen = json.loads(files.truth.read_text(encoding="utf-8")), list[Columns]()

    def watched(alignment: Alignment, *evidence: Any) -> Alignment:
        seen.append(draft_features(alignment, *evidence))
        return with_draft_confidence(alignment, *evidence)

    with patch.object(transcribing, "with_draft_confidence", watched):
        made = transcribing.transcribe(files.audio, Path("draft.txt"), AlignOptions(language=truth.get("language")))
    words = made.aligned.alignment.words
    draft = [fold(word.word.text) for word in words]
    true = [fold(word["text"]) for word in truth["words"] if fold(word["text"])]
    right, is_edited = np.zeros(len(draft)), any(word.get("why", "ok") == "cut" for word in truth["words"])
    for code in Levenshtein.opcodes(true, draft):
        right[code.dest_start : code.dest_end] = {"equal": 1, "insert": -int(is_edited)}.get(code.tag, 0)
    columns = np.column_stack([right, [word.confidence for word in words], seen[-1]])
    return columns[right >= 0], Levenshtein.distance(true, draft) / len(true), made.aligned.alignment.language


if __name__ == "__main__":
    main()
