"""Test helpers: a small show in folders and in a feed, and the archive's commands run in this process."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from media.errors import Message, to_facts
from media.ffmpeg import running
from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.web.archive.hosting import Host
from tests.web.library.shelved import tree, write_sound
from web.archive.folders import state_of
from web.archive.records import Change, Finding, ImportedEpisode, Origin, Result
from web.archive.state import Archive, archive_at, open_archive
from web.archive.status import inputs_of
from web.library import read_folder

SIGNAL = Message("its process was ended by signal {signal}", signal=6)

EPISODES = {
    "velo": "Aujourd'hui nous parlons du vélo cargo, de ses freins et de sa batterie.",
    "pain": "Le levain demande de la patience, dit le boulanger de Quimper.",
    "phare": "Le gardien du phare allumait la lanterne chaque soir.",
    "tandem": "Le tandem de mes parents a traversé deux fois les Alpes.",
    "moulin": "Le moulin de la vallée ne tourne plus que le dimanche.",
}
TALKS = [f"Anna: {said}\n\nBob: Et de la pluie.\n" for said in EPISODES.values()]
ENGLISH = "Anna: This week we talk about the bakers of our town and about their bread.\n\nBob: And of the rain.\n"

SENTENCES = {  # of the sample: when each is said, and its text
    "velo": (4.5, 12.8, "Un vélo qui dort dans une cave, ce n’est pas un déchet, c’est une promenade qui attend que"
             " quelqu’un lui regonfle les pneus."),
    "bonjour": (13.5, 19.2, "Bonjour et bienvenue dans « Roue libre », le rendez-vous de celles et ceux qui réparent au"
                " lieu de jeter."),
}  # fmt: skip


def archive(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``quotecast archive`` in this process."""
    return quotecast_here("archive", *arguments)


def done(*arguments: object) -> str:
    """Run ``quotecast archive``, which must succeed and report no problem, and return what it prints."""
    result = archive(*arguments)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr
    return result.stdout


def name_of(number: int) -> str:
    """Return the name of an episode's files in a source folder, and of its folder in the library."""
    return f"E{number:02d} {[*EPISODES][number - 1]}"


def write_episode(folder: Path, number: int) -> tuple[Path, Path]:
    """Write the audio and the transcript of an episode to a source folder, and return their paths."""
    text = folder / f"{name_of(number)}.txt"
    audio = write_sound(text.with_suffix(".wav"), seconds=6 + number / 10)
    text.write_text(TALKS[number - 1], "utf-8")
    return audio, text


def write_spoken(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a sentence of the sample that is really spoken to a folder, and its transcript."""
    folder.mkdir(parents=True, exist_ok=True)
    start, end, sentence = SENTENCES[name]
    audio, text = folder / f"{name}.wav", folder / f"{name}.txt"
    cut = ["-ss", f"{start}", "-to", f"{end}", "-i", f"file:{SAMPLE / 'episode.mp3'}", "-ar", "16000", "-ac", "1"]
    with running([*cut, f"file:{audio}"]):
        pass
    text.write_text(f"Bastien Oriol : {sentence}\n", "utf-8")
    return audio, text


def reword(text: Path, new: str = "neige") -> None:
    """Change the last word of an episode's transcript."""
    text.write_text(text.read_text("utf-8").replace("pluie", new), "utf-8")


def archive_of(library: Path) -> Archive:
    found = archive_at(library)
    assert found
    return found


def folders(library: Path) -> list[str]:
    """Return the names of the episodes' folders."""
    return sorted(path.name for path in library.glob("[!.]*") if path.is_dir())


def details(library: Path, name: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads((library / name / "episode.json").read_text("utf-8"))
    return known


def transcript_of(library: Path, name: str) -> str:
    """Return what the transcript of an episode says."""
    return (library / name / details(library, name)["transcript"]).read_text("utf-8")


def shown(folder: Path) -> dict[str, bytes]:
    """Return the content of all files in a library or an episode, except what quotecast keeps for itself."""
    return {name: held for name, held in tree(folder).items() if not name.startswith(".")}


@dataclass
class Feed:
    """A feed on a host, whose ``items`` may be changed before it is published again."""

    host: Host
    folder: Path
    items: list[str] = field(default_factory=list)
    channel: str = "<title>Roue libre</title><language>fr</language>"

    def add(self, number: int, talk: str | None = "", title: str | None = None) -> str:
        """Add an item, by default with the transcript of that number, and return the feed's address."""
        audio = write_sound(self.folder / f"{number}.wav", 6 + number / 10).read_bytes()
        url = self.host.put(f"/audio/{number}.wav", audio)
        transcript = ""
        if talk is not None:
            self.host.put(f"/text/{number}.txt", (talk or TALKS[number - 1]).encode())
            transcript = f'<podcast:transcript url="/text/{number}.txt" type="text/plain"/>'
        self.items.append(
            f"<item><title>{title or name_of(number)}</title><guid>g{number}</guid>"
            f"<link>https://example.org/{number}</link><pubDate>Fri, 0{number} May 2026 10:00:00 GMT</pubDate>"
            f'{transcript}<enclosure url="{url}" length="{len(audio)}" type="audio/wav"/></item>'
        )
        return self.publish()

    def publish(self) -> str:
        """Serve the feed as it is now, and return its address."""
        return self.host.put("/feed.xml", feed_of(self.channel, *self.items))


def plant_archive(root: Path, failed: str, changed: str, audio: Path) -> None:
    """Give the user an archive of a library in which one episode failed, one has new audio and one, ``gone``, is
    missing; there are two questions, the first about ``audio``, and one finding of each other kind."""
    found = open_archive(root)
    for name in dict.fromkeys((failed, "gone", changed)):
        found.put_episode(ImportedEpisode(name, name, name, Origin("/source/talk.wav", "1", "2")))
    origin = Origin("https://example.org/new.mp3?key=1", "v2", "")
    found.put_change(Change(changed, "audio", origin, problem={"message": "<i>"}))
    episode = read_folder(root / failed, failed)
    assert episode
    found.put_results([Result(failed, *inputs_of(episode), to_facts(SIGNAL))])
    reasons = [{"odds": odds, **to_facts(SIGNAL)} for odds in (2.0, -1.0)]
    common = {"opening": ["<script>alert(1)</script>"], "language": None, "reasons": reasons}
    texts = [{"key": f"text {n}", "name": f"{n}.txt", "confidence": 0.5 - n / 10, **common} for n in (0, 1)]
    recording = {"path": str(audio), "state": state_of(audio)}
    questions = [Finding("question", f"show#E0{n}", f"E0{n}.wav", {"candidates": texts, **recording}) for n in (1, 2)]
    del questions[1].details["path"]
    others = [Finding(kind, kind, f"some {kind}") for kind in ("audio", "text", "fault", "gone")]
    found.replace_findings([*questions, Finding("duplicate", "a b", "b.txt", {"of": "a.txt"}), *others])


def feed_of(channel: str, *items: str) -> bytes:
    """Return a feed in RSS with the namespaces of podcasts."""
    return (
        '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:psc="http://podlove.org/simple-chapters">'
        f"<channel>{channel}{''.join(items)}</channel></rss>"
    ).encode()
