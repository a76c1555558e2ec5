"""Whether the audio of ten shows finds the transcript that is its own, and what a pair's confidence is worth.

Usage: python -m tests.bench.pairing [--seed 1]

Cuts the recordings beside the checkout, or else the sample, at the starts of sentences into episodes of 14 to 30 s,
whose words are known, and has espeak-ng, if it is installed, read the bench's texts for others. Each show takes some of
these episodes and names audio and transcripts as people do: numbers in words, dates in French, titles cut off or
translated, names that are hashes, names that lie, two shows in one folder, transcripts that are missing or of no
episode. The shows of ``pairing_names`` were named by somebody who did not know the rules of pairing, and no rule was
made for them.

Prints for each show, by names alone and with listening: pairs that are right and wrong, those of them that are sure,
the pairs in doubt, and the audio left without its transcript; and of all pairs that are possible the share that is
right, and of these the share that is sure.
"""

import argparse
import hashlib
import random
import re
import shutil
import subprocess
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from num2words import num2words

from tests.bench.pairing_names import SHOWS
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
from tests.paths import ROOT
from web.archive.acoustic_matching import AcousticMatcher
from web.archive.folders import read_folders
from web.archive.names import clues_of, distinctive_words
from web.archive.pairing import SURE, MatchSpeech, pair
from web.archive.records import Audio, Pairing, SourceContents, Text

_SHORTEST, _LONGEST = 14.0, 30.0  # seconds of an episode
_EPISODES = 26  # of a show
_COLUMNS = "right", "wrong", "sure right", "sure wrong", "in doubt", "left"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_DAYS = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"]
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


@dataclass
class Desk:
    """A folder for the files of a show; ``truth`` has the episode of each, ``items`` what a feed says of some audio."""

    folder: Path
    truth: dict[str, str] = field(default_factory=dict)
    items: dict[str, tuple[Episode, str]] = field(default_factory=dict)

    def audio(self, name: str, episode: Episode) -> None:
        path = self.folder / "audio" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wave(path, episode.samples)
        self.truth[path.name] = episode.key

    def text(self, name: str, episode: Episode, heading: str = "") -> None:
        path = self.folder / "texts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {heading}\n\n{episode.text}\n" if heading else f"{episode.text}\n", encoding="utf-8")
        self.truth[path.name] = episode.key

    def item(self, name: str, episode: Episode, about: str) -> None:
        """Note what a feed says of audio."""
        self.items[f"{name}.wav"] = episode, about


Name = Callable[[Desk, list[Episode], random.Random], None]


def _in_words(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Numbers in words, two seasons; one transcript is missing, and one audio file is there under two names."""
    for each in show:
        season, number = divmod(each.number - 1, 13)
        desk.audio(f"roue-libre-s{season + 1:02d}e{number + 1:02d}-{_slug(each.title)}", each)
        if each is not show[-1]:
            spelt = num2words(number + 1, lang="fr", to="ordinal")
            desk.text(f"Saison {season + 1}, {spelt} épisode (relu).txt", each)
    desk.audio("copie de secours", show[2])


def _days(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Dates in words, with accents as Macs encode them; on some days there are two episodes."""
    for k, each in enumerate(show):
        shared = show[k - 1].day if k % 5 == 4 else each.day
        part = 2 if k % 5 == 4 else 1
        desk.audio(f"REC{shared:%y%m%d}_{part:03d}", each)
        named = f"{_DAYS[shared.weekday()]} {shared.day} {_MONTHS[shared.month - 1]} {shared.year}"
        desk.text(unicodedata.normalize("NFD", f"{named}{' (soir)' if part == 2 else ''}.md"), each)


def _translated(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Titles cut off in the names of audio; above every other transcript stands a title in another language."""
    for k, each in enumerate(rng.sample(show, len(show))):
        desk.audio(_slug(each.title).upper().replace("-", "_")[:18], each)
        heading = each.title if k % 2 else _ELSEWHERE[k % len(_ELSEWHERE)]
        desk.text(f"final v{rng.randint(1, 4)} ({k}).md", each, heading)


def _fed(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """Audio called by hashes, with a feed that says in a few words what it is about; transcripts in no order."""
    for each in show:
        desk.audio(_digest(each.key), each)
        desk.item(_digest(each.key), each, " ".join(rng.sample(each.words[:16], min(6, len(each.words)))))
    for k, each in enumerate(rng.sample(show, len(show))):
        desk.text(f"doc-{k + 3}.txt", each)


def _lying(desk: Desk, show: list[Episode], rng: random.Random) -> None:
    """A third of the transcripts have each other's names; one is there twice, and one belongs to nothing."""
    names = [unicodedata.normalize("NFD", f"{each.number}. Hörspiel – Folge {each.number}.txt") for each in show]
    lying = rng.sample(range(len(show)), len(show) // 3)
    moved = {a: names[b] for a, b in zip(lying, [*lying[1:], lying[0]], strict=True)}
    for k, each in enumerate(show):
        desk.audio(f"{each.number}", each)
        desk.text(moved.get(k, names[k]), each)
    desk.text("HÖRSPIEL alt.txt", show[0])
    desk.text("Notizen.txt", replace(show[0], key="none", text=_STRANGE))


def _mixed(desk: Desk, show: list[Episode], _: random.Random) -> None:
    """Two shows with the same numbers in one folder; the transcripts of one are called after its titles."""
    half = len(show) // 2
    for number, (one, other) in enumerate(zip(show[:half], show[half:], strict=False), 1):
        desk.audio(f"Kulturtermin {number:03d}", one)
        desk.text(f"kulturtermin_{number}_transkript.txt", one)
        desk.audio(f"{number:03d} {other.title}", other)
        desk.text(f"{other.title}.txt", other)


_STRANGE = (
    "We keep the door of the observatory shut in winter. Nobody has asked for the key since the storm took the roof."
)
_OWN: tuple[Name, ...] = (_in_words, _days, _translated, _fed, _lying, _mixed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    rng = random.Random(parser.parse_args().seed)
    parts = [part for recording in read_recordings(default_folders()) for part in _parts(recording, rng)]
    parts += [part for recording in _spoken() for part in _parts(recording, rng)]
    with tempfile.TemporaryDirectory() as scratch:
        desks = list[Desk]()
        for k, name in enumerate((*_OWN, *SHOWS)):
            desks.append(Desk(Path(scratch, f"show-{k}")))
            name(desks[-1], _made_show(parts, k, rng), rng)
        listener = AcousticMatcher(_path_of, _path_of)
        for title, listen in (("names alone", None), ("with listening", listener)):
            _judge(title, desks, listen)


def _judge(title: str, desks: Sequence[Desk], listen: MatchSpeech | None) -> None:
    print(f"\n{title:16}{''.join(f'{column:>11}' for column in _COLUMNS)}{'possible':>10}{'s':>7}")
    groups = {"all": range(len(desks)), "own names": range(len(_OWN)), "others' names": range(len(_OWN), len(desks))}
    counts = list[Counter[str]]()
    for k, desk in enumerate(desks):
        began = time.perf_counter()
        counts.append(_counted(desk, listen))
        _print_row(f"show {k + 1}", counts[-1], f"{time.perf_counter() - began:>7.1f}")
    for name, indices in groups.items():
        total = sum((counts[k] for k in indices), Counter[str]())
        right, sure = total["right"] / total["possible"], total["sure right"] / total["right"]
        _print_row(name, total, f"  {right:.1%} right, {sure:.1%} of these sure")


def _print_row(name: str, counts: Counter[str], more: str) -> None:
    print(f"{name:16}{''.join(f'{counts[column]:>11}' for column in _COLUMNS)}{counts['possible']:>10}{more}")


def _counted(desk: Desk, listen: MatchSpeech | None) -> Counter[str]:
    found = SourceContents()
    read_folders([desk.folder], desk.folder / "library", (), lambda *_: None, found)
    assert not found.faults, found.faults
    # As sources do: what is there twice is used once, the first that was found.
    audio, texts = {each.key: each for each in found.audio[::-1]}, {each.words_hash: each for each in found.texts[::-1]}
    files = [_with_item(each, desk) for each in audio.values()]
    pairing = pair(files[::-1], [*texts.values()][::-1], match=listen)
    counts = Counter[str]()
    for each in pairing.pairs:
        assert each.audio.file
        assert each.best.text.file
        is_right = desk.truth[each.audio.file.path.name] == desk.truth[each.best.text.file.path.name]
        counts["right" if is_right else "wrong"] += 1
        if each.confidence >= SURE:
            counts["sure right" if is_right else "sure wrong"] += 1
        else:
            counts["in doubt"] += 1
    of_texts = {desk.truth[each.file.path.name] for each in found.texts if each.file}
    of_audio = {desk.truth[each.file.path.name] for each in found.audio if each.file}
    counts["possible"] = len(of_audio & of_texts)
    counts["left"] = _left(pairing, desk)
    return counts


def _with_item(audio: Audio, desk: Desk) -> Audio:
    """Return audio with what the feed says of it."""
    assert audio.file
    if audio.file.path.name not in desk.items:
        return audio
    episode, about = desk.items[audio.file.path.name]
    clues = clues_of(
        audio.clues.names, (episode.title,), length=audio.clues.length, show="Salt", date=episode.day.isoformat(),
        keywords=distinctive_words(f"{episode.title} {about}"),
    )  # fmt: skip
    return replace(audio, clues=clues)


def _path_of(item: Audio | Text) -> Path | None:
    return item.file.path if item.file else None


def _left(pairing: Pairing, desk: Desk) -> int:
    """Return how many audio files were left without a transcript, though theirs was left too."""
    texts = {desk.truth[text.file.path.name] for text in pairing.texts if text.file}
    return sum(1 for audio in pairing.audio if audio.file and desk.truth[audio.file.path.name] in texts)


def _made_show(parts: Sequence[Episode], k: int, rng: random.Random) -> list[Episode]:
    """Return some parts as a show, in the order in which they come, with numbers, days and titles."""
    chosen = rng.sample(parts, min(_EPISODES, len(parts)))
    first = date(2024, 1, 2 + k)
    return [
        replace(part, number=n, day=first + timedelta(weeks=n), title=_title(part, rng))
        for n, part in enumerate(chosen, 1)
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
