"""Write a backup of a small library, with every format that people's work is kept in, into tests/data/formats.

Run ``python -m tests.formats`` once for each new version of a format; the earlier backups stay.
"""

import os
from pathlib import Path

from aligner.feeds.items import Show
from media.ffmpeg import running
from media.temporary import scratch_folder
from tests.aligner.command import quotecast_here
from tests.paths import DATA, SAMPLE
from tests.web.asking import Asker
from web.app import create_app
from web.archive.records import Change, Finding, ImportedEpisode, Origin, Result, Source
from web.archive.state import open_archive
from web.care.backup import back_up
from web.jobs.job import Job, Rows, now
from web.jobs.kinds import KINDS, Align
from web.settings import Settings

TEXT = """Anna: Un vélo qui dort dans une cave, ce n’est pas un déchet, c’est une promenade qui attend que \
quelqu’un lui regonfle les pneus.

Bruno: Bonjour et bienvenue dans « Roue libre », le rendez-vous de celles et ceux qui réparent au lieu de jeter.
"""
FEED = "https://radio.example/feed.xml"
API = "/api/episodes/promenade"


def main() -> None:
    formats = DATA / "formats"
    formats.mkdir(exist_ok=True)
    folder = formats / str(sum(each.is_dir() for each in formats.iterdir()) + 1)
    folder.mkdir()
    with scratch_folder() as scratch:
        os.environ["QUOTECAST_DATA"] = str(scratch / "data")
        library = scratch / "library"
        _align(library / "promenade")
        _edit(library)
        _record(library)
        back_up(library, folder / "library.tar", with_sources=True)
    print(folder / "library.tar")


def _align(folder: Path) -> None:
    folder.mkdir(parents=True)
    cut = "-ss 4 -t 16 -i", str(SAMPLE / "episode.mp3"), "-ac 1 -ar 16000 -b:a 24k -map_metadata -1 -map 0:a"
    with running([*cut[0].split(), cut[1], *cut[2].split(), str(folder / "promenade.mp3")]):
        pass
    (folder / "promenade.txt").write_text(TEXT, encoding="utf-8")
    files = folder / "promenade.mp3", folder / "promenade.txt"
    run = quotecast_here("align", *files, "--language", "fr", "--title", "Une promenade", "--progress", "none")
    assert run.returncode == 0, run.stderr


def _edit(library: Path) -> None:
    """Correct a time and a word, undo and redo, mark as reviewed, save a quote, and cut a clip."""
    folder, ask = library / "promenade", Asker(create_app(Settings(library)).test_client())
    assert ask.post("/api/name", {"name": "Ada"}).status_code == 200
    words = TEXT.split("\n")[0].removeprefix("Anna: ").replace("déchet", "rebut")
    paragraph = {"kind": "speech", "speaker": "Anna", "text": words}
    corrections = [
        {"kind": "place", "word": 7, "start": 2.8, "end": 2.95},
        {"kind": "text", "first": 0, "stop": 1, "paragraphs": [paragraph]},
        {"kind": "review", "who": "Ada", "share": 1.0},
        {"kind": "place", "word": 3, "start": 1.2, "end": 1.5},
    ]
    revision = 0
    for each in corrections:
        answer = ask.post(f"{API}/corrections", {"revision": revision, "correction": each})
        assert answer.status_code == 200, answer.text
        revision = answer.json["revision"]
    assert ask.post(f"{API}/quotes", {"first": 10, "last": 18}).status_code == 201
    clip = ("clip", folder / "promenade.alignment.json", "--quote", "le rendez-vous de celles", "--no-listen")
    run = quotecast_here(*clip, "--progress", "none", "-o", folder / "clips" / "rendez-vous.opus")
    assert run.returncode == 0, run.stderr


def _record(library: Path) -> None:
    """Store one record of each kind, and a job that waits."""
    archive, audio = open_archive(library), Origin(f"{FEED}/1.mp3", "1 2", "0" * 64)
    archive.put_source(Source(FEED, Show(title="Roue libre", url=FEED)))
    archive.put_episode(ImportedEpisode("promenade", "1" * 32, "Une promenade", audio, date="2025-03-15", feed=FEED))
    archive.put_change(Change("promenade", "audio", Origin(f"{FEED}/2.mp3", "3 4", "2" * 64)))
    archive.replace_findings([Finding("question", "2" * 32, "Un autre épisode", {"options": []})])
    archive.put_results([Result("promenade", "3" * 64, "[]")])
    archive.put_run({"is_over": True, "done": 1})
    work = Align(audio="promenade.mp3", transcript="promenade.txt", who="Ada")
    Rows(library, KINDS).put(Job("20250315-120000-00000000", work, "promenade", now()))


if __name__ == "__main__":
    main()
