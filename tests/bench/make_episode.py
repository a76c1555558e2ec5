#!/usr/bin/env python3
"""Make an episode with known times: written text and spoken text side by side, spoken by a synthesiser.

Usage: make_episode.py --speak SPEAK_PY SOURCE_TXT OUT_DIR [options handed on to the synthesiser]

The source is one turn per line, ``Name : words``; ``# `` opens a heading, which is not spoken. ``{written|spoken}``
says that the transcript has one thing and the voices say another: ``{(rires)|}`` is not said, ``30 {%|pour cent}`` is.

The synthesiser is called as ``SPEAK_PY TRANSCRIPT OUT_DIR options`` and leaves ``episode.mp3``, ``transcript.txt`` and
``truth.json`` (``words``: text, char_start, char_end, start, end, line, why). The two text files are rewritten here for
the written text.

Conventions: seconds; character ranges are half-open; a footnote mark glued to a word is a word of its own, unspoken.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORK = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
NOTE = re.compile(r"\[\d+\]")
TOKEN = re.compile(r"\[\d+\]|(?:(?!\[\d+\])\S)+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of the source: its range in the written text and in the spoken text."""

    written_start: int
    written_end: int
    spoken_start: int
    spoken_end: int
    verbatim: bool


def split(source: str) -> tuple[str, str, list[Piece]]:
    """The written text, the spoken text, and how their characters correspond."""
    written = spoken = ""
    pieces = []
    end = 0
    for fork in [*FORK.finditer(source), None]:
        same = source[end : fork.start() if fork else len(source)]
        parts = [(same, same)] if fork is None else [(same, same), (fork[1], fork[2])]
        for number, (left, right) in enumerate(parts):
            pieces.append(
                Piece(len(written), len(written) + len(left), len(spoken), len(spoken) + len(right), number == 0)
            )
            written, spoken = written + left, spoken + right
        end = fork.end() if fork else end
    return written, spoken, pieces


def spoken_ranges(start: int, end: int, pieces: list[Piece]) -> list[tuple[int, int]]:
    """Where the written range ``[start, end)`` stands in the spoken text; a forked piece counts as a whole."""
    ranges = []
    for piece in pieces:
        left, right = max(start, piece.written_start), min(end, piece.written_end)
        if left >= right:
            continue
        shift = piece.spoken_start - piece.written_start
        ranges.append((left + shift, right + shift) if piece.verbatim else (piece.spoken_start, piece.spoken_end))
    return ranges


def rewrite(truth: dict[str, Any], written: str, pieces: list[Piece]) -> dict[str, Any]:
    """Return the ``truth`` of the spoken text for the written text."""
    words = []
    for token in TOKEN.finditer(written):
        ranges = spoken_ranges(token.start(), token.end(), pieces)
        under = [w for w in truth["words"] if any(w["char_start"] < b and a < w["char_end"] for a, b in ranges)]
        said = [w for w in under if w["start"] is not None]
        if not under and all(a < b for a, b in ranges):
            continue  # part of a speaker's label: the synthesiser counts no words there
        if said and not NOTE.fullmatch(token[0]):
            why, start, end = "ok", min(w["start"] for w in said), max(w["end"] for w in said)
        else:
            why, start, end = reason(token[0], under), None, None
        line = written.count("\n", 0, token.start())
        words.append(
            {"text": token[0], "char_start": token.start(), "char_end": token.end()}
            | {"start": start, "end": end, "line": line, "why": why}
        )
    return truth | {"words": words}


def reason(token: str, under: list[dict[str, Any]]) -> str:
    """Why a written token is not said."""
    if NOTE.fullmatch(token):
        return "note"
    if not re.search(r"\w", token):
        return "punct"
    return str(under[0]["why"]) if under else "stage"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speak", required=True, type=Path, help="the synthesiser's script")
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    args, options = parser.parse_known_args()

    source = args.source.read_text(encoding="utf-8").rstrip("\n")
    _, with_marks, _ = split(source)
    written, spoken, pieces = split(re.sub(r"^# ", "", source, flags=re.MULTILINE))
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "spoken.txt")
        lines.write_text(with_marks, encoding="utf-8")
        subprocess.run([sys.executable, str(args.speak), str(lines), str(args.out), *options], check=True)
    if (args.out / "transcript.txt").read_text(encoding="utf-8") != spoken:
        raise SystemExit("the synthesiser changed the text it was given")
    truth = json.loads((args.out / "truth.json").read_text(encoding="utf-8"))
    (args.out / "transcript.txt").write_text(written + "\n", encoding="utf-8")
    text = json.dumps(rewrite(truth, written, pieces), ensure_ascii=False)
    (args.out / "truth.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
