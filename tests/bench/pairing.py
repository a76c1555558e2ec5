"""Whether each sound of five shows finds the transcript that is its own, and what a pair's confidence is worth.

Usage: python -m tests.bench.pairing [--seed 1] [--listen none,doubt,all]

Cuts the recordings beside the checkout, where they are, else the sample, at the starts of sentences into episodes of 14
to 30 s, whose words are known, and has espeak-ng read the bench's texts for others; makes five shows of them, and names
sounds and texts as people do, in ways that were not looked at until the rules stood: numbers in words, days of the week
and months in French, titles cut off, titles in another language, names that are hashes, names that lie, transcripts
that are missing, there twice, or of no episode.

Prints for each show, and for all of them in one folder, by how much was listened to: how many pairs are sure and right,
sure and wrong, in doubt and right or wrong, and how many sounds were left though their text is there; and of all, by
bands of confidence, what share of the pairs is right.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shutil
import subprocess
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from num2words import num2words

from tests.bench.recordings import (
    RATE,
    Recording,
    Said,
    Samples,
    default_folders,
    read_recordings,
    samples_of,
    write_wave,
)
from tests.places import ROOT
from web.archive.adding.new_pairs import pair_new
from web.archive.adding.present import Present
from web.archive.adding.remembered import Memory
from web.archive.pairing.assignment import SURE
from web.archive.pairing.listening import Listener
from web.archive.pairing.pairs import Pairing
from web.archive.sources.asking import Limits
from web.archive.sources.gathering import Reading, gather

_SHORTEST, _LONGEST = 14.0, 30.0  # seconds of an episode
_SHOWS = 5
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_DAYS = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"]
_BANDS = (0.0, 0.3, 0.6, 0.9, 0.97, 1.0)
_ELSEWHERE = (
    "The quiet harvest", "Seven winters", "A bridge too narrow", "Letters from the coast", "What the river kept",
    "Under the copper roof", "The last projectionist", "Salt and iron", "Night market", "The weight of paper",
    "Borrowed ladders", "An orchard in March", "The slow train", "Glass, again", "North of the mill", "Two kitchens",
    "The unlit stage", "Paper boats", "A map of small noises", "The bell founder",
)  # fmt: skip


@dataclass(frozen=True)
class Episode:
    """A part of a recording, as an episode of a show."""

    key: str
    language: str
    samples: Samples
    text: str
    number: int = 0
    day: date = date(2024, 1, 2)
    title: str = ""

    @property
    def words(self) -> list[str]:
        """Its telling words, the longest first."""
        return sorted(set(re.findall(r"\w{5,}", self.text)), key=lambda w: (-len(w), w))


class Desk:
    """A folder in which a show's files are laid under names; ``truth`` is of which episode each is."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.truth = folder, dict[str, str]()
        (folder / "sounds").mkdir(parents=True)
        (folder / "texts").mkdir()

    def sound(self, name: str, episode: Episode) -> None:
        path = self.folder / "sounds" / f"{name}.wav"
        write_wave(path, episode.samples)
        self.truth[path.name] = episode.key

    def text(self, name: str, episode: Episode, heading: str = "") -> None:
        path = self.folder / "texts" / name
        path.write_text(f"# {heading}\n\n{episode.text}\n" if heading else f"{episode.text}\n", encoding="utf-8")
        self.truth[path.name] = episode.key


Name = Callable[[Desk, list[Episode], random.Random], None]


def _in_words(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Numbers in words; one text is missing, and one sound there under two names."""
    for each in show:
        desk.sound(f"roue-libre-s01e{each.number}-{_slug(each.title)}", each)
        if each is not show[-1]:
            desk.text(f"Épisode {num2words(each.number, lang='fr')} (relu).txt", each)
    desk.sound("copie de secours", show[2])


def _days(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Days in words; on some days there are two episodes."""
    for k, each in enumerate(show):
        shared = show[k - 1].day if k % 5 == 4 else each.day
        part = 2 if k % 5 == 4 else 1
        desk.sound(f"REC{shared:%y%m%d}_{part:03d}", each)
        named = f"{_DAYS[shared.weekday()]} {shared.day} {_MONTHS[shared.month - 1]} {shared.year}"
        desk.text(f"{named}{' (soir)' if part == 2 else ''}.md", each)


def _translated(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Titles cut off in the sounds' names; over every other text stands one of another language."""
    for k, each in enumerate(rng.sample(show, len(show))):
        desk.sound(_slug(each.title).upper().replace("-", "_")[:18], each)
        desk.text(
            f"final v{rng.randint(1, 4)} ({k}).md", each, each.title if k % 2 else _ELSEWHERE[k % len(_ELSEWHERE)]
        )


def _fed(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Sounds called by hashes, of which a feed tells in a sentence what they are about; texts counted as they came."""
    items = []
    for each in show:
        desk.sound(_digest(each.key), each)
        about = " ".join(rng.sample(each.words[:16], min(6, len(each.words))))
        items.append(
            f"<item><title>{escape(each.title)}</title><guid>{each.key}</guid><description>{escape(about)}</description>"
            f"<pubDate>{each.day:%a, %d %b %Y} 10:00:00 GMT</pubDate>"
            f'<enclosure url="https://example.org/a/{_digest(each.key)}.wav" length="1" type="audio/wav"/></item>'
        )
    feed = f"<rss><channel><title>Salt</title>{''.join(items)}</channel></rss>"
    (desk.folder / "feed.xml").write_text(feed, encoding="utf-8")
    for k, each in enumerate(rng.sample(show, len(show))):
        desk.text(f"doc-{k + 3}.txt", each)


def _lying(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """A third of the texts have each other's names; accents are written as Macs do; one text is there twice."""
    names = [unicodedata.normalize("NFD", f"{each.number}. Hörspiel – Folge {each.number}.txt") for each in show]
    lying = rng.sample(range(len(show)), len(show) // 3)
    moved = {a: names[b] for a, b in zip(lying, [*lying[1:], lying[0]], strict=True)}
    for k, each in enumerate(show):
        desk.sound(f"{each.number}", each)
        desk.text(moved.get(k, names[k]), each)
    desk.text("HÖRSPIEL alt.txt", show[0])
    desk.text("Notizen.txt", replace(show[0], key="none", text=_STRANGE))


_STRANGE = (
    "We keep the door of the observatory shut in winter. Nobody has asked for the key since the storm took the roof."
)
NAMES: tuple[Name, ...] = (_in_words, _days, _translated, _fed, _lying)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listen", default="none,doubt,all")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    shows = made_shows(rng)
    print(f"{sum(map(len, shows))} episodes of {len(shows)} shows; seed {args.seed}")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        desks = [Desk(root / f"show-{k}") for k in range(len(shows))]
        for desk, show, name in zip(desks, shows, NAMES, strict=True):
            name(desk, show, rng)
        for how in args.listen.split(","):
            _judge(how, desks, root)


def _judge(how: str, desks: Sequence[Desk], root: Path) -> None:
    print(
        f"\nlisten {how}\n{'':12} {'sure right':>10} {'wrong':>6} {'doubt right':>12} {'wrong':>6} {'left':>5} {'s':>6}"
    )
    bands = defaultdict[float, Counter[bool]](Counter)
    for k, desk in enumerate(desks):
        _line(f"show {k + 1}", [desk], how, root, bands)
    all_bands = defaultdict[float, Counter[bool]](Counter)
    _line("all at once", desks, how, root, all_bands)
    for name, found in (("shows", bands), ("all at once", all_bands)):
        told = (
            f"{low:.2f}–{high:.2f}: {count[True]} of {count.total()}"
            for low, high in pairwise(_BANDS)
            if (count := found[low])
        )
        print(f"right by confidence, {name}: {'; '.join(told)}")


def _line(name: str, desks: Sequence[Desk], how: str, root: Path, bands: dict[float, Counter[bool]]) -> None:
    truth = {file: key for desk in desks for file, key in desk.truth.items()}
    places = [str(path) for desk in desks for path in (desk.folder, desk.folder / "feed.xml") if path.exists()]
    began = time.perf_counter()
    gathered = gather(places, Reading(root / "library", Limits(), root / "feeds"))
    listen = None if how == "none" else Listener()
    pairing = pair_new(gathered.found, Memory(), Present(), listen=listen, all_heard=how == "all")
    took = time.perf_counter() - began
    counts = Counter[tuple[bool, bool]]()
    for pair in pairing.pairs:
        assert pair.sound.file
        assert pair.text.file
        is_right = truth[pair.sound.file.path.name] == truth[pair.text.file.path.name]
        counts[pair.confidence >= SURE, is_right] += 1
        bands[max(low for low in _BANDS[:-1] if low <= pair.confidence)][is_right] += 1
    left = _left(pairing, truth)
    print(
        f"{name:12} {counts[True, True]:>10} {counts[True, False]:>6} {counts[False, True]:>12} "
        f"{counts[False, False]:>6} {left:>5} {took:>6.1f}"
    )


def _left(pairing: Pairing, truth: dict[str, str]) -> int:
    """Sounds that were left, though their text is there."""
    texts = {truth[text.file.path.name] for text in pairing.texts if text.file}
    return sum(1 for sound in pairing.sounds if sound.file and truth[sound.file.path.name] in texts)


def made_shows(rng: random.Random) -> list[list[Episode]]:
    """Five shows of the recordings' parts, each in the order in which they come, with numbers, days and titles."""
    parts = [part for recording in read_recordings(default_folders()) for part in _parts(recording, rng)]
    parts += [part for recording in _spoken() for part in _parts(recording, rng)]
    rng.shuffle(parts)
    shows = [parts[k::_SHOWS] for k in range(_SHOWS)]
    return [
        [
            replace(part, number=n, day=date(2024, 1, 2 + k) + timedelta(weeks=n), title=_title(part, rng))
            for n, part in enumerate(show, 1)
        ]
        for k, show in enumerate(shows)
    ]


def _parts(recording: Recording, rng: random.Random) -> Iterator[Episode]:
    words, starts = recording.words, [k for k in recording.phrase_starts if k in recording.sentence_starts]
    first = 0
    wanted = rng.uniform(_SHORTEST, _LONGEST)
    for k in [*starts, len(words)]:
        begin = recording.cut_before(first) if words[first].known else words[first].earliest
        end = recording.duration if k == len(words) else recording.cut_before(k)
        if end - begin < wanted and k < len(words):
            continue
        if end - begin >= _SHORTEST / 2 and k > first:
            text = recording.text[words[first].char_start : words[k - 1].char_end]
            yield Episode(
                f"{recording.name[:40]}:{first}", recording.language or "", recording.between(begin, end), text
            )
        first, wanted = k, rng.uniform(_SHORTEST, _LONGEST)
        if first >= len(words):
            return


def _spoken() -> Iterator[Recording]:
    """The bench's texts, read by espeak-ng paragraph by paragraph; none where that is not installed."""
    if not shutil.which("espeak-ng"):
        return
    for path in sorted((ROOT / "tests" / "bench" / "texts").glob("??.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            said = line.partition(": ")[2] or line
            if len(said.split()) < 12 or line.startswith("#"):
                continue
            samples = _read_aloud(said, path.stem)
            word = Said(0, len(said), 0.0, 0.0, len(samples) / RATE)
            yield Recording(f"{path.stem}-{number}", path.stem, samples, said, (word,), frozenset())


def _read_aloud(text: str, language: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        subprocess.run(["espeak-ng", "-v", language, "-w", str(path), "--", text], check=True, capture_output=True)
        return samples_of(path)


def _title(part: Episode, rng: random.Random) -> str:
    """Half of the titles are words that are said, half are not."""
    said = " ".join(rng.sample(part.words[:12], min(3, len(part.words))))
    return said if rng.random() < 0.5 and said else f"{rng.choice(_ELSEWHERE)} {rng.choice(_ELSEWHERE).split()[-1]}"


def _slug(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
