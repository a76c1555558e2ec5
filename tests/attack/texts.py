"""Edits texts at random, in all formats and with what no text should hold, and reads what was written.

    python -m tests.attack.texts [--seed N] [--count N]

After each edit the transcript's file must read as the text that the alignment has, with the hash that it names; with
what was set by hand taken over, its paragraphs are the same; and each state of it is among the versions. All edits
taken back, the file is what it was, to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from aligner.corrections.structure_overrides import structured
from aligner.errors import TranscriptError
from aligner.model import Kind, outermost
from aligner.storage.history import History, changed, open_history
from aligner.storage.transcript_file import versions_in
from aligner.storage.undoing import undo, undoable
from aligner.transcript import open_transcript
from aligner.transcript.retexting import Paragraph, retexted
from tests.aligner.storage.written_texts import TALK, laid_out, timed

_TURNS = [("Ana Sol", "Bonjour à tous."), ("Leo", "Avec plaisir, oui."), ("Ana Sol", "On commence ?"), ("Leo", "Oui.")]
_MARKDOWN = """---
title: La roue
---

# La roue

**Ana Sol :** Bonjour à [tous](https://example.org).

> **Leo :** Avec *plaisir*, `oui`.

- Un point
- Un autre point_souligné

1984. Nous étions jeunes.
Et la suite.
"""
_VTT = "WEBVTT\n\n" + "\n".join(
    f"00:{k:02d}.000 --> 00:{k:02d}.900\n<v {who}>{text}\n" for k, (who, text) in enumerate(_TURNS)
)
_JSON = json.dumps(
    {"version": "1.0.0", "segments": [{"speaker": w, "startTime": 9 * k, "body": t} for k, (w, t) in enumerate(_TURNS)]}
)
_WRAPPED = "\r\n\r\n".join(
    f"{who}: Une phrase assez longue pour être coupée\r\npar un éditeur qui coupe à une largeur fixe,\r\ncomme {text}"
    for who, text in _TURNS * 2
)
FILES: tuple[tuple[str, bytes], ...] = (
    ("talk.txt", TALK.encode()),
    ("talk.txt", TALK.replace("\n", "\r\n").encode("utf-8-sig")),
    ("talk.txt", TALK.encode("latin-1")),
    ("talk.txt", TALK.encode("utf-16")),
    ("talk", "— Bonjour.\n— Salut.\n[00:12] Un mot.\n***\n(rires)\n— Ça va ?[1]\n\n[1] Une note".encode()),
    ("talk.txt", _WRAPPED.encode()),
    ("talk.md", _MARKDOWN.encode()),
    ("talk.md", _MARKDOWN.replace("\n", "\r\n").encode("utf-8-sig")),
    ("talk.html", "".join(f"<p><cite>{who}:</cite> {text}</p>\n" for who, text in _TURNS).encode()),
    ("talk.vtt", _VTT.encode()),
    ("talk.json", _JSON.encode()),
    ("talk.srt", _VTT.replace("WEBVTT\n\n", "").replace(".000", ",000").replace(".900", ",900").encode()),
)
_PIECES = (
    *(
        "Oui",
        "Leo : ",
        "Ana Sol\t",
        "[rires]",
        "[2]",
        "(applaus)",
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "— ",
        ">> ",
        "*",
        "_",
    ),
    *(
        "<b>",
        "</p>",
        "&amp;",
        "[x](y)",
        "|",
        "~~",
        "\\",
        "===",
        "---",
        "\n",
        "\r\n",
        "\n\n",
        "\u2028",
        "\x00",
        "\x1b",
        "`",
    ),
    *("\ufeff", "\ud83d", "\u202e", "שלום", "مرحبا", "😀", "e\u0301", "\xa0", "¹", "WEBVTT", '{"version":', "%PDF"),
    *("00:12:13", "http://a.b", " mot" * 90, "é" * 3000),
)
_SPEAKERS = (None, "Ana Sol", "Leo", "Zoé", "{}", "?", "a\nb", "X" * 400, "Dr. M: Y", "\u202eAnb")


def paragraph(chance: random.Random) -> Paragraph:
    text = "".join(chance.choice(_PIECES) + chance.choice((" ", "")) for _ in range(chance.randint(0, 6)))
    return Paragraph(chance.choice(list(Kind)), chance.choice(_SPEAKERS), text)


def edited(history: History, chance: random.Random) -> History | None:
    """The history after an edit of some paragraphs; None where it is refused, for nothing would be said any more, or
    the text would be no text."""
    transcript = history.alignment.transcript
    places = [*(index for index, _ in outermost(transcript.segments)), len(transcript.segments)]
    first = chance.randrange(len(places))
    stop = min(len(places) - 1, first + chance.choice((0, 0, 1, 1, 1, 2, 9)))
    new = [paragraph(chance) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
    try:
        text = retexted(transcript, range(places[first], places[stop]), new)
        now = timed(text)
        made = replace(history.alignment, transcript=text, segments=now.segments, words=now.words)
        return changed(history, made, {"kind": "text"}, "Ada")
    except TranscriptError:
        return None


def wrong_with(path: Path) -> list[str]:
    """What does not agree between the alignment and the file of its transcript."""
    alignment = open_history(path).alignment
    transcript = alignment.transcript
    file = path.parent / transcript.file
    read = open_transcript(file)
    wrong = []
    if read.sha256 != transcript.sha256:
        wrong.append("another hash")
    if read.draft.text != transcript.text:
        wrong.append("another text")
    elif any(segment.pinned for segment in transcript.segments):
        try:
            if structured(read.understood(), alignment).segments != transcript.segments:
                wrong.append("other paragraphs")
        except TranscriptError as error:
            wrong.append(str(error))
    kept = {hashlib.sha256(version.content()).hexdigest() for version in versions_in(path.parent)}
    if len(open_history(path).changes) and transcript.sha256 not in kept:
        wrong.append("no version")
    return wrong


def attack(chance: random.Random, folder: Path) -> tuple[list[str], int]:
    """What went wrong with one file after several edits, and how many were taken."""
    name, content = chance.choice(FILES)
    path = laid_out(folder, name, content)
    history = open_history(path)
    taken = 0
    for _ in range(chance.randint(1, 6)):
        after = edited(history, chance)
        if after is None:
            continue
        history, taken = after, taken + 1
        if wrong := wrong_with(path):
            return [f"{name}: {each}" for each in wrong], taken
    while change := undoable(history):
        history = undo(history, change, "Léa")
    back = (folder / name).read_bytes() == content and history.alignment.transcript.file == name
    return ([] if back else [f"{name}: not what it was"]), taken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    asked = parser.parse_args()
    wrong: Counter[str] = Counter()
    taken = 0
    for seed in range(asked.seed, asked.seed + asked.count):
        with tempfile.TemporaryDirectory() as folder:
            told, edits = attack(random.Random(seed), Path(folder))
        taken += edits
        for each in told:
            print(f"seed {seed}: {each}")
            wrong[each] += 1
    print(f"{asked.count} files, {taken} edits, {sum(wrong.values())} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
