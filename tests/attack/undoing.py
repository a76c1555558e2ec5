"""Corrects small episodes at random, two people in turns, takes back and takes again, and asks for every byte.

    python -m tests.attack.undoing [--seed N] [--count N] [--length N]

An episode has headings, notes within paragraphs, words that nobody says, words that overlap, segments without words;
its sound is known by letters, by words, or not at all. Corrections are of every kind; what is taken back or again is
somebody's last, or any of theirs, wherever it can be; who asks may not know the last changes. At the end all is taken
back, the last first, and then taken again.

What stands tells the state: whenever the same changes stand, the alignment is the same but for what a search finds, and
so is the transcript's file. A failure is also: a refusal that changes something, a history that makes
something else of nothing, or the last of all changes that cannot be taken back, where nothing was ever in conflict.
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
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aligner.attempts import locate
from aligner.corrections.commands import Command
from aligner.corrections.repair import Heard
from aligner.errors import AlignerError, ConflictError
from aligner.locating.quality import judge
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    HeardWord,
    Kind,
    Recognition,
    Segment,
    Span,
    TimedSegment,
    Transcript,
    outermost,
)
from aligner.outputs import write_alignment
from aligner.storage.alignment_json import from_content, to_text
from aligner.storage.checked_json import decode
from aligner.storage.history import as_of, open_history
from aligner.storage.undoing import redoable, undoable
from aligner.transcript import open_transcript
from tests.aligner.episodes import as_judged
from tests.aligner.locating.letters.tape import Tape
from tests.aligner.storage.corrected import check_whole
from web.correcting import states
from web.correcting.states import Seen
from web.library import episode

_PEOPLE = ("Ada", "Grace")
_SPEAKERS = (None, "Ada Quay", "Tom Reed", "Zoé")
_SAID = (
    ("Ada Quay", "The old ferry carried nine crates of oranges, and nobody in town remembered it."),
    ("Tom Reed", "My grandmother measured twice the northern buoy. [laughs] She sold a drawer full of keys."),
    ("Tom Reed", "Every other engineer never opened the lamps on the quay."),
    ("Ada Quay", "A small green notebook, two wooden boots and that yellow bridge."),
    ("Tom Reed", "Honey from the chapel was never sold, not even a bucket of cold water."),
    ("Ada Quay", "Somebody carried the boots across the bridge when the tide was out."),
)
_LACKING = "this is what the text has not at all"
_TEXT = "\n\n".join(
    (
        "The harbour at noon\n===================",
        *(f"{who}: {said}" for who, said in _SAID[:3]),
        "* * *",
        "Second part, at night",
        "Ada Quay: Nobody says this sentence, for it was put in by an editor.",
        *(f"{who}: {said}" for who, said in _SAID[3:]),
        "(music)",
    )
)


@cache
def _tape() -> Heard:
    """What is heard: all that is said, with something that the text lacks in the middle."""
    tape = Tape(misheard=0.1)
    tape.pause(0.8)
    for k, (_, said) in enumerate(_SAID):
        tape.say(said.replace("[laughs] ", "").replace(",", "").replace(".", ""), gap=0.03)
        tape.pause(0.5)
        if k == 2:
            tape.say(_LACKING, gap=0.03)
            tape.pause(0.6)
    heard = tape.heard()
    return Heard(heard.audio, Recognition((), "en", emissions=heard.emissions))


@cache
def _read() -> tuple[Transcript, Alignment]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talk.txt"
        path.write_text(_TEXT, encoding="utf-8")
        transcript = open_transcript(path).understood()
    heard = _tape()
    found = judge(transcript, locate(transcript, heard.audio, heard.recognition, "en"), heard.audio)
    audio = AudioFile("talk.mp3", heard.audio.duration, "0" * 64)
    return transcript, as_judged(transcript, found, audio, Engine("letters", "base"), "The ferry")


def _heard(chance: random.Random) -> Heard | None:
    """What is known of the sound."""
    heard, (_, alignment) = _tape(), _read()
    words = tuple(HeardWord(w.word.text, w.span.start, w.span.end, 0.9) for w in alignment.words if w.span)
    return chance.choice([heard, heard, Heard(heard.audio, Recognition(words, "en")), None])


def _odd(alignment: Alignment, chance: random.Random) -> Alignment:
    """The alignment with what others may have made of it."""
    if chance.random() < 0.6:
        alignment = _overlapping(alignment, chance)
    if chance.random() < 0.5:
        alignment = _with_empty_segment(alignment)
    return from_content(to_text(alignment).encode())


def _overlapping(alignment: Alignment, chance: random.Random) -> Alignment:
    words = [
        replace(w, span=Span(w.span.start, w.span.end + 0.07)) if w.span and chance.random() < 0.1 else w
        for w in alignment.words[:-3]
    ]
    return replace(alignment, words=(*words, *alignment.words[-3:]))


def _with_empty_segment(alignment: Alignment) -> Alignment:
    """With one of a line that has no word."""
    text, segments = alignment.transcript.text, list(alignment.segments)
    at = text.find("* * *")
    if at < 0 or any(s.segment.char_start <= at < s.segment.char_end for s in segments):
        return alignment
    place = sum(s.segment.char_start < at for s in segments)
    new = TimedSegment("s", Segment(Kind.NOTE, None, at, at + 5), None, None, 0.0)
    segments.insert(place, new)
    timed = tuple(
        replace(w, word=replace(w.word, segment=w.word.segment + (w.word.segment >= place))) for w in alignment.words
    )
    numbered = tuple(replace(s, id=f"s{k}") for k, s in enumerate(segments))
    transcript = replace(
        alignment.transcript,
        segments=tuple(each.segment for each in numbered),
        words=tuple(each.word for each in timed),
    )
    return replace(alignment, transcript=transcript, segments=numbered, words=timed)


def _asked(alignment: Alignment, chance: random.Random) -> dict[str, Any]:
    """A correction of whatever kind, of the words and paragraphs that there are."""
    first = chance.randrange(max(1, len(alignment.words) - 6))
    words = {"first": first, "stop": first + chance.randint(1, 5)}
    at = round(chance.uniform(0.5, alignment.audio.duration - 4), 3)
    sound = {"start": at, "end": round(at + chance.uniform(0.3, 3.0), 3)}
    span = alignment.words[first].span or Span(at, at + 0.2)
    near = round(max(0.0, span.start + chance.choice((-0.4, -0.05, -0.01, 0.01, 0.05, 0.4))), 3)
    speaker = chance.choice(_SPEAKERS)
    made: list[dict[str, Any]] = [
        {"kind": "place", "word": first, "start": near, "end": round(near + chance.uniform(0.02, 0.6), 3)},
        {"kind": "start", "word": first, "at": near},
        {"kind": "move", **words, "by": chance.choice((-0.3, -0.01, 0.01, 0.05))},
        {"kind": "unspoken", **words},
        {"kind": "passage", **words, "start": max(0.0, near - 1), "end": near + 3},
        {"kind": "unpin", **words},
        {"kind": "paraphrase", **words, "start": max(0.0, near - 1), "end": near + 3},
        {"kind": "instead", **words, "start": max(0.0, near - 1), "end": near + 3, "text": "Some other words."},
        {"kind": "accept", "words": [[words["first"], words["stop"]]], "settled": [["norm", at, at + 1]]},
        {"kind": "settle", "as": chance.choice(("advert", "jingle", "dismissed")), **sound},
        {"kind": "unsettle", "start": max(0.0, at - 10), "end": at + 10},
        {"kind": "insert", **sound, "speaker": speaker, "text": chance.choice((_LACKING, "Hello?", "[coughs] Well."))},
        {"kind": "sign", "who": chance.choice(_PEOPLE), "share": round(chance.random(), 2)},
        {"kind": "unsign"},
        _text(alignment, chance),
    ]
    return chance.choices(made, [3, 3, 3, 2, 1, 2, 1, 2, 2, 1, 1, 2, 1, 1, 8])[0]


def _text(alignment: Alignment, chance: random.Random) -> dict[str, Any]:
    """An edit of paragraphs: a word, the speaker, the kind, split, merged, put in, taken out."""
    segments, text = alignment.transcript.segments, alignment.transcript.text
    whole = [(index, inner.stop) for index, inner in outermost(segments)]
    k = chance.randrange(len(whole))
    (first, stop), (_, after) = whole[k], whole[min(k + 1, len(whole) - 1)]
    own = segments[first]
    said = text[own.char_start : own.char_end]
    tokens = said.split(" ")
    cut = chance.randint(1, max(1, len(tokens) - 1))

    def edit(stop: int, *paragraphs: tuple[str, str | None, str], first: int = first) -> dict[str, Any]:
        told = [{"kind": kind, "speaker": speaker, "text": text} for kind, speaker, text in paragraphs]
        return {"kind": "text", "first": first, "stop": stop, "paragraphs": told}

    kind, number = own.kind.value, chance.randrange(100)
    new = chance.choice(("quay", f"number {number}", "ferry, indeed", "[laughs]", "œuf", "9:15", ""))
    rest = text[own.char_start : segments[max(first, after - 1)].char_end].split("\n\n")
    edits = [
        edit(stop, (kind, own.speaker, " ".join([*tokens[: cut - 1], new, *tokens[cut:]]))),
        edit(stop, (kind, chance.choice(_SPEAKERS), said)),
        edit(stop, (chance.choice(list(Kind)).value, own.speaker, said)),
        edit(stop, (kind, own.speaker, " ".join(tokens[:cut])), (kind, own.speaker, " ".join(tokens[cut:]))),
        edit(after, (kind, own.speaker, " ".join(rest))),
        edit(first, (chance.choice(list(Kind)).value, chance.choice(_SPEAKERS), f"Something new, {number}.")),
        edit(stop),
    ]
    return chance.choice(edits)


class Episode:
    """An episode that two people correct, and what it was whenever which changes stood."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.path, self._chance = folder / "talk.alignment.json", chance
        (folder / "talk.txt").write_text(_TEXT, encoding="utf-8")
        write_alignment(_odd(_read()[1], chance), self.path)
        self.heard = _heard(chance)
        self._bases = dict.fromkeys(_PEOPLE, 0)
        self._standing: list[int] = []
        self._known: dict[frozenset[int], tuple[bytes, int]] = {}
        self._before: dict[int, tuple[list[int], bytes]] = {}
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._look("at first")

    def act(self) -> None:
        """Something that somebody does."""
        chance, who = self._chance, self._chance.choice(_PEOPLE)
        history, act = open_history(self.path), chance.random()
        if chance.random() < 0.7:
            self._bases[who] = len(history.changes)
        if act < 0.35:
            work, candidate = (
                (states.take_back, undoable) if act < 0.22 or not self.told["undone"] else (states.take_again, redoable)
            )
            ids = [
                c.id for c in history.changes if chance.random() < 0.5 and candidate(history, frozenset({who}), c.id)
            ]
            self.turn(work, who, chance.choice([None, None, *ids]))
        else:
            self._correct(as_of(history, self._bases[who]).alignment, who)

    def _correct(self, alignment: Alignment, who: str) -> None:
        asked = _asked(alignment, self._chance)
        command: Command = decode(json.dumps(asked).encode(), Command)  # type: ignore[arg-type]
        self._done(asked["kind"], lambda seen: states.correct(self.path, seen, command, who), who, str(asked))

    def turn(self, work: Any, who: str, change: int | None) -> bool:
        """Take back, or again; whether it was done."""
        kind = "undone" if work is states.take_back else "redone"
        return self._done(kind, lambda seen: work(self.path, seen, change, who), who, f"{kind} {change}")

    def _done(self, kind: str, work: Any, who: str, asked: str) -> bool:
        before, last = self.path.read_bytes(), len(open_history(self.path).changes)
        try:
            taken = work(Seen(self._bases[who]))
        except AlignerError as error:
            self.told[f"{kind} {'conflicts' if isinstance(error, ConflictError) else 'refused'}"] += 1
            if self.path.read_bytes() != before:
                self.wrong.append(f"{asked} was refused ({error}), and changed something")
            return False
        self._bases[who] = taken.history
        if taken.change is None or taken.history == last:
            self.told[f"{kind} of nothing"] += 1
            return False
        self.told[kind] += 1
        if kind == "undone":
            self._standing.remove(taken.change.id)
        else:
            self._standing.append(taken.change.id)
        self._look(asked)
        return True

    def _look(self, asked: str) -> None:
        """Hold what is there against what was there when the same stood."""
        content, count = _as_set(self.path.read_bytes()), len(open_history(self.path).changes)
        known, when = self._known.setdefault(frozenset(self._standing), (content, count))
        if known != content:
            self.wrong.append(f"{asked}: not as after change {when}: {_differing(known, content)}")
        alignment = from_content(self.path.read_bytes())
        file = (self.path.parent / alignment.transcript.file).read_bytes()
        if hashlib.sha256(file).hexdigest() != alignment.transcript.sha256:
            self.wrong.append(f"{asked}: the transcript's file is of another state")
        check_whole(self.path)

    def end(self) -> None:
        """All taken back, the last first, and taken again, unless one is in conflict with what came between."""
        owners = {change.id: change.who for change in open_history(self.path).changes}
        standing = list(self._standing)
        for change in standing[::-1]:
            if not self.turn(states.take_back, owners[change], change):
                if not self.told["undone conflicts"]:
                    self.wrong.append(f"{change} of {standing} is not undone at the end")
                return
        for change in standing:
            if not self.turn(states.take_again, owners[change], change):
                if not self.told["redone conflicts"]:
                    self.wrong.append(f"{change} of {standing} is not redone at the end")
                return


def _as_set(content: bytes) -> bytes:
    """The alignment without what a search finds or is worked out: times of words that nobody set and of segments, how
    sure all is, what the text lacks."""
    told = json.loads(content)
    del told["verdict"], told["coverage"], told["untranscribed"]
    for row in told["words"]:
        if not row["pinned"]:
            del row["start"], row["end"], row["status"]
        del row["confidence"]
    for row in told["segments"]:
        del row["start"], row["end"], row["confidence"]
    return json.dumps(told, indent=0).encode()


def _differing(one: bytes, other: bytes) -> list[tuple[bytes, bytes]]:
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return [(a[:150], b[:150]) for a, b in pairs if a != b][:3]


def attack(seed: int, length: int) -> tuple[list[str], Counter[str]]:
    """What went wrong with one episode, and what was done."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        corrected = Episode(Path(folder), chance)
        heard = corrected.heard and (corrected.heard.audio, corrected.heard.recognition)
        with patch.object(episode, "heard_before", lambda _: heard):
            for _ in range(length):
                corrected.act()
            corrected.end()
    return corrected.wrong, corrected.told


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--length", type=int, default=15)
    given = parser.parse_args(arguments)
    failures, told = 0, Counter[str]()
    for seed in range(given.seed, given.seed + given.count):
        wrong, done = attack(seed, given.length)
        told += done
        failures += len(wrong)
        for each in wrong:
            print(f"FAILED seed {seed}: {each}", flush=True)
    print(f"{given.count} episodes: {dict(told.most_common())}; failures: {failures}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
