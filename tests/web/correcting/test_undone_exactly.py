"""What was changed is taken back and made again exactly: each state to the byte, whatever was changed."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from aligner.corrections.commands import Command
from aligner.errors import CorrectionError
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import decode
from web.correcting.states import Revision, Update, correct, redo_change, undo_change

pytestmark = pytest.mark.nightly

_CORRECTIONS = 60


def asked(correction: dict[str, Any]) -> Command:
    made: Command = decode(json.dumps(correction).encode(), Command)  # type: ignore[arg-type]
    return made


def paragraph(number: int, kind: str = "speech") -> list[dict[str, Any]]:
    speaker = "Bastien Oriol" if kind == "speech" else None
    return [{"kind": kind, "speaker": speaker, "text": f"Phrase {number}."}]


def at_random(path: Path, chance: random.Random) -> dict[str, Any]:
    """A correction of whatever kind, of the words and paragraphs that there are."""
    alignment = read_alignment(path)
    first = chance.randrange(len(alignment.words) - 6)
    words = {"first": first, "stop": first + chance.randint(1, 5)}
    segment = chance.randrange(len(alignment.segments))
    at = round(chance.uniform(1.0, alignment.audio.duration - 4), 3)
    anew = paragraph(chance.randrange(1000), chance.choice(["speech", "speech", "heading", "note", "stage"]))
    made: list[dict[str, Any]] = [
        {"kind": "text", "first": segment, "stop": segment, "paragraphs": anew},
        {"kind": "text", "first": segment, "stop": segment + 1, "paragraphs": anew},
        {"kind": "text", "first": segment, "stop": segment + 1, "paragraphs": []},
        {"kind": "insert", "start": at, "end": at + 2, "speaker": None, "text": "Une phrase qui manquait."},
        {"kind": "move", **words, "by": chance.choice([-0.01, 0.01])},
        {"kind": "unspoken", **words},
        {"kind": "accept", "words": [[words["first"], words["stop"]]], "annotations": [["norm", at, at + 1]]},
        {"kind": "unpin", **words},
        {"kind": "passage", **words, "start": at, "end": at + 3},
        {"kind": "paraphrase", **words, "start": at, "end": at + 3},
        {"kind": "instead", **words, "start": at, "end": at + 3, "text": "Une autre phrase."},
        {"kind": "start", "word": first, "at": at, "late": chance.choice([0, 0.4])},
        {"kind": "annotate", "as": "ad", "start": at, "end": at + 2},
        {"kind": "unannotate", "start": max(0.0, at - 30), "end": at + 30},
        {"kind": "review", "who": "Zoé", "share": round(chance.random(), 2)},
        {"kind": "unreview"},
    ]
    return chance.choices(made, [3, 2, 1, 2, 4, 3, 2, 2, 1, 1, 2, 1, 1, 1, 1, 1])[0]


def test_a_chain_of_undos_gives_each_state_to_the_byte_and_redos_the_last(library: Path) -> None:
    path, chance = next((library / "roue-libre").glob("*.alignment.json")), random.Random(1)
    states, base = [path.read_bytes()], 0
    while len(states) <= _CORRECTIONS:
        try:
            taken = correct(path, Revision(base), asked(at_random(path, chance)), "Zoé")
        except CorrectionError:
            continue
        base = taken.revision
        if taken.change:
            states.append(path.read_bytes())
    for state in states[-2::-1]:
        base = turned(undo_change(path, Revision(base), None, "Zoé"))
        assert path.read_bytes() == state
    for state in states[1:]:
        base = turned(redo_change(path, Revision(base), None, "Zoé"))
        assert path.read_bytes() == state


def turned(taken: Update) -> int:
    assert taken.change
    return taken.revision
