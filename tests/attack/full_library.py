"""A library in which there is something of everything, and every request that the app answers about it.

``lay_out`` makes it; ``requests`` are named by the app's endpoints, in an order in which each finds what it is about.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from aligner.recognition import silent
from aligner.storage.alignment_json import read_alignment
from media.errors import Message, to_facts
from tests.web.library.shelved import plant
from tests.web.planting import plant_sample
from tests.web.search.asking import search
from web.archive.doubts import record
from web.archive.doubts.new_texts import lay_text
from web.archive.doubts.sounds import leave_sounds
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Clues, File, Sound, Text
from web.archive.pairing.pairs import Candidate, Pair, Pairing
from web.archive.runs.outcome import Outcome, Stage, State
from web.archive.runs.records import Records
from web.archive.runs.stages import key_of
from web.jobs import Job, JobState
from web.jobs.job import now
from web.jobs.kinds import Prepare
from web.jobs.record_format import to_json
from web.library import Library
from web.library.details import write_details
from web.library.folders import id_of
from web.page.preparation import prepare
from web.quotes import kept

VERSION, LATER_VERSION, GONE_VERSION = (f"000{n} 2025-01-0{n} 00-00-00 transcript.txt" for n in (1, 2, 3))
UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_SOUND = (letter * 32 for letter in "abcdef")
REMOVED_CLIP, JOB, QUOTE = "20260101-000000-0badcafe", "20260102-000000-0badcafe", "0badcafe"
CLIP = hashlib.sha256(b"one.wav").hexdigest()[:12]
OTHER_TITLE = "Un été"

AT_SOURCE = record.key_of("talk"), record.key_of("file:v4.txt")
"""The keys of an episode's sound, and of another version of its transcript."""


def lay_out(root: Path) -> None:
    """The library: ``talk``, an episode with all that one can have, ``other`` beside it, ``gone`` in the trash, and
    uploads that are all there."""
    talk = plant_sample(root / "talk")
    plant(root / "other", title=OTHER_TITLE)
    plant(root / "trash" / "gone")
    library = Library(root)
    search(library, "tandem")  # which leaves the index
    prepare(talk / "episode.mp3", talk, silent)
    episode = library.episode("talk")
    (talk / "cover.jpg").write_bytes(picture())
    write_details(talk, episode.details, "episode.mp3", "transcript.txt")
    (talk / "versions").mkdir()
    shutil.copy(talk / "transcript.txt", talk / "versions" / VERSION)
    (talk / "versions" / LATER_VERSION).write_text("Ana: Other words.\n", encoding="utf-8")
    (talk / "versions" / "trash").mkdir()
    (talk / "versions" / "trash" / GONE_VERSION).write_text("Ana: Words that went.\n", encoding="utf-8")
    quote = kept.keep(talk, read_alignment(talk / "episode.alignment.json"), 3, 9)
    quotes = (talk / kept.FILE).read_text(encoding="utf-8").replace(quote.id, QUOTE)
    (talk / kept.FILE).write_text(quotes, encoding="utf-8")
    clips = talk / "clips"
    for folder, name in ((clips, "one"), (clips / "trash" / REMOVED_CLIP, "two")):
        folder.mkdir(parents=True)
        shutil.copy(root / "other" / "talk.wav", folder / f"{name}.wav")
        told = {"format": "quotecast-clip", "version": 1, "file": f"{name}.wav", "quote": "A quote."}
        (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    job = Job(JOB, Prepare("episode.mp3"), "talk", created=now(), state=JobState.DONE)
    (talk / "jobs").mkdir()
    (talk / "jobs" / f"{JOB}.json").write_text(to_json(job, []), encoding="utf-8")
    for name in ("passing", "scratch"):
        (root / ".quotecast" / name).mkdir(parents=True)
    (root / ".quotecast" / "server.lock").touch()
    records = Records(root)
    records.read({"talk"})
    why = to_facts(Message("its process was ended by signal {signal}", signal=6))
    key = key_of(episode, Stage.WAVEFORM)
    failed = Outcome(episode="talk", stage=Stage.WAVEFORM, key=key, state=State.FAILED, message=why)
    records.take(failed)
    told = {"format": "quotecast-archive", "version": 1, "episodes": {"all": 2, "left": 1}, "running": True, "at": 9}
    told |= {"hours": {"done": 1.5, "left": 0.5}, "hours_an_hour": 3.5, "seconds_left": 500, "troubles": []}
    (root / ".quotecast" / "archive" / "state.json").write_text(json.dumps(told), encoding="utf-8")
    lay_text(episode, root / "other" / "talk.txt", "new.txt")
    edited = hashlib.sha256((root / "other" / "talk.txt").read_bytes()).hexdigest()
    stays = (
        record.Stay("talk", "sound", "0" * 64),
        record.Stay("talk", "edited", edited),
        record.Stay("talk", "version", "0" * 64, None, None, "v4.txt", *AT_SOURCE),
    )
    beside = record.Doubts(stays=stays, counts=record.Counts(stays=3))
    record.leave(root / ".quotecast" / "archive", open_pairs(), 0.9, [], is_whole=True, beside=beside)
    sound = root / "other" / "talk.wav"
    lying = File(sound.absolute(), sound.stat().st_size, sound.stat().st_mtime_ns, "")
    in_doubt = [replace(pair.sound, file=lying) for pair in open_pairs().pairs]
    leave_sounds(root / ".quotecast" / "archive", in_doubt, [root.absolute()])
    for token in (UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_SOUND):
        staged = root / ".quotecast" / "incoming" / token
        for kind, source in (("audio", "episode.mp3"), ("transcript", "transcript.txt"), ("cover", "cover.jpg")):
            (staged / kind).mkdir(parents=True)
            shutil.copy(talk / source, staged / kind)


def open_pairs() -> Pairing:
    """Two sounds in doubt, with two transcripts each; one of either left over, one there twice."""
    reasons = (Reason(2.0, Message("number {number}", number=2)), Reason(-1.0, Message("in other folders")))
    texts = [Text(f"text {n}", Clues(names=(f"{n}",)), File(Path(f"/texts/{n}.txt"), 1, 1, f"{n}")) for n in range(5)]
    sounds = [
        Sound(key, Clues(names=(key,)), File(Path(f"/sounds/{key}.mp3"), 1, 1, key)) for key in ("E01", "E02", "E03")
    ]
    pairs = [
        Pair(sounds[k], texts[2 * k], 0.5, reasons, (Candidate(texts[2 * k + 1], 0.4, reasons),), ("E03.mp3",))
        for k in (0, 1)
    ]
    return Pairing(tuple(pairs), tuple(sounds[2:]), tuple(texts[4:]), (("0.txt", "0.srt"),))


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Request:
    """One as the app's pages send it. ``costly`` ones decode sound or draw; ``data`` is what is uploaded, or a form; of
    what ``streams`` without end the beginning is read."""

    endpoint: str
    path: str
    method: str = "GET"
    body: object = None
    data: bytes | dict[str, str] | None = None
    costly: bool = False
    streams: bool = False

    @property
    def is_of_all(self) -> bool:
        """Whether it is about all episodes."""
        return self.endpoint in ("library.index", "search.find", "search.in_episode", "archive.index")


def requests() -> Iterator[Request]:
    """All of them; the last remove the episode and bring it back."""
    page, api = "/episodes/talk", "/api/episodes/talk"
    export = {"first": 3, "last": 9}
    form = {"fields": {"title": "Another title"}, "names": {}, "token": ""}
    yield from _looks(page, api)
    yield Request("clips.stretch", f"{api}/stretch?from=1&to=3&columns=9", costly=True)
    for what in ("preview", "sound", "still"):
        wanted = {**export, "shape": "square" if what == "still" else ""}
        yield Request(f"clips.{what}", f"{api}/clips/{what}", "POST", wanted, costly=True)
    yield Request("clips.move", f"{api}/clips/moving/0badcafe", "POST", {**export, "shape": "square"}, costly=True)
    yield Request("clips.end_moving", f"{api}/clips/moving/0badcafe", "DELETE")
    yield Request("clips.cover", f"{api}/clips/cover/{VIDEO_COVER}", "POST")
    yield Request("quotes.keep", f"{api}/quotes", "POST", {"first": 11, "last": 15})
    yield Request("quotes.remove", f"{api}/quotes/{QUOTE}", "DELETE")
    yield Request("quotes.restore", f"{api}/quotes/{QUOTE}/restore", "POST")
    yield Request("quotes.take_nearest", f"{api}/quotes/{QUOTE}/nearest", "POST")
    yield Request("clips.restore", f"{api}/clips/restore/{REMOVED_CLIP}", "POST")
    yield Request("trash.delete_clip", f"{api}/clips/trash/{REMOVED_CLIP}", "DELETE")
    yield Request("clips.delete", f"{api}/clips/{CLIP}", "DELETE")
    yield Request("clips.make", f"{api}/clips", "POST", {"exports": [export]})
    yield from _corrections(api)
    yield Request("versions.compare_new", f"{api}/transcript/{NEW_TEXT}/comparison")
    yield Request("versions.restore_version", f"{api}/versions/1/restore", "POST")
    yield Request("versions.bring_back_version", f"{api}/versions/trash/{id_of(GONE_VERSION)}/restore", "POST")
    yield Request("versions.delete_version", f"{api}/versions/2", "DELETE")
    yield Request("trash.delete_version", f"{api}/versions/trash/{id_of(LATER_VERSION)}", "DELETE")
    yield Request("page.prepare", f"{api}/prepare", "POST")
    yield Request("library.open_upload", "/api/incoming", "POST")
    yield Request("library.preview_transcript", f"/api/incoming/{UPLOAD}/preview")
    yield Request("editing.structure", f"/api/incoming/{UPLOAD}/structure", "POST", {"labels": {}, "kinds": {}})
    yield Request("library.take_back", f"/api/incoming/{UPLOAD}/cover", "DELETE")
    for kind, content in (("transcript", b"A: new words\n"), ("cover", picture())):
        yield Request("library.receive_file", f"/api/incoming/{UPLOAD}/{kind}", "PUT", data=content)
    yield Request("library.save_details", f"{api}/details", "POST", {**form, "token": NEW_COVER})
    yield Request("library.replace_text", f"{api}/transcript/{NEW_TEXT}", "POST")
    yield Request("retiming.look", f"{api}/sound/{NEW_SOUND}", "POST", costly=True)
    yield Request("retiming.look_at_earlier", f"{api}/earlier-sound", "POST")
    yield Request("retiming.take", f"{api}/sound", "POST", {"take": True})
    yield Request("retiming.leave", f"{api}/sound", "DELETE")
    yield Request("library.create_episode", f"/api/incoming/{UPLOAD}/create", "POST", form, costly=True)
    yield Request("library.sample", "/sample", "POST", costly=True)
    yield Request("library.name_back", f"{api}/name-back", "POST")
    yield Request("drafts.first_transcript", f"{api}/transcribe", "POST")
    yield Request("library.align_again", f"{api}/align", "POST")
    yield Request("jobs.cancel", f"/api/jobs/{JOB}/cancel", "POST")
    for named in ({"episode": "talk"}, {}):
        yield Request("archive.retry", "/archive/retry?state=failed", "POST", data=named)
    yield Request("archive.settle_text", "/archive/text/talk", "POST", data={"text": "0", "version": "0"})
    for way in ("choose", "take_back"):
        chosen = {"sound": record.key_of("E01"), "text": record.key_of("text 1")}
        yield Request(f"archive.{way}", f"/archive/choice{'/back' * (way != 'choose')}", "POST", data=chosen)
    version = {"sound": AT_SOURCE[0], "text": AT_SOURCE[1]}
    yield Request("archive.choose_version", "/archive/version", "POST", data=version)
    yield Request("library.remove_episode", f"{api}/remove", "POST")
    yield Request("trash.index", "/trash")
    for token in ("talk", "gone"):
        yield Request("trash.restore_episode", f"/api/trash/{token}/restore", "POST")
        yield Request("trash.delete_episode", f"/api/trash/{token}", "DELETE")
    yield Request("library.index", "/")


def _corrections(api: str) -> Iterator[Request]:
    for base, asked in enumerate(({"kind": "accept", "words": [[3, 5]]}, {"kind": "sign", "who": "Zoé", "share": 0.5})):
        yield Request("corrections.make", f"{api}/corrections", "POST", {"base": 2 * base, "correction": asked})
    paragraph = {"kind": "speech", "speaker": None, "text": "New words."}
    text = {"kind": "text", "first": 1, "stop": 1, "paragraphs": [paragraph]}
    yield Request("corrections.make", f"{api}/corrections", "POST", {"base": 3, "correction": text})
    yield Request("corrections.undo", f"{api}/undo", "POST", {"base": 4})
    yield Request("corrections.redo", f"{api}/redo", "POST", {"base": 5})
    yield Request("corrections.changes", f"{api}/changes?since=2")
    yield Request("corrections.name", "/api/name", "POST", {"name": "Zoé"})


def _looks(page: str, api: str) -> Iterator[Request]:
    """Those that only look."""
    for path in ("/", "/?removed=gone"):
        yield Request("library.index", path)
    yield Request("library.sort", "/sort", "POST", data={"sort": "title"})
    for query in ("", "?state=failed&verdict=good&page=2"):
        yield Request("archive.index", f"/archive{query}")
    yield Request("archive.text", "/archive/text/talk", costly=True)
    yield Request("archive.progress", "/archive/progress")
    yield Request("archive.sound", f"/archive/sound/{record.key_of('E01')}", costly=True)
    yield Request("search.find", "/search?q=bonjour")
    yield Request("search.find", "/search?q=tandem&show=&from=2020-01-01&to=&sort=relevance&page=2")
    yield Request("search.in_episode", f"{page.replace('/episodes', '/search')}?q=tandem")
    yield Request("library.cover", f"{page}/cover")
    yield Request("library.add", "/add")
    yield Request("library.details", f"{page}/details")
    yield Request("library.read_details", f"{api}/details")
    for path in ("", "?from=1&to=1", "?from=0&to=1"):
        yield Request("versions.index", f"{page}/versions{path}")
    yield Request("retiming.index", f"{page}/sound")
    yield Request("versions.download", f"{page}/versions/1")
    yield Request("page.read", page)
    yield Request("page.cues", f"{api}/cues")
    for way in ("", "?as=given", "?download=1"):
        yield Request("page.audio", f"{page}/audio{way}")
    yield Request("page.peaks", f"{page}/peaks")
    for kind in ("vtt", "srt", "txt", "json", "html"):
        yield Request("page.download", f"{page}/download/{kind}")
    yield Request("report.read", f"{page}/report")
    yield Request("report.part", "/report/report.css")
    yield Request("publish.index", f"{page}/publish")
    yield Request("publish.player", "/publish/quote-cast.js")
    for path in ("feed/podcast-vtt", "bluesky/bluesky-vtt", "youtube/chapter-lines", "feed/epub"):
        yield Request("publish.file", f"{page}/publish/{path}")
    yield Request("review.queue", f"{api}/review")
    yield Request("review.spectrogram", f"{page}/spectrogram?from=1&to=3&columns=9", costly=True)
    yield Request("editing.paragraph", f"{api}/paragraphs/1")
    yield Request("drafts.voice", f"{api}/voice?from=1&to=3", costly=True)
    yield Request("corrections.events", f"{api}/events", streams=True)
    yield Request("clips.listed", f"{api}/clips")
    for name in ("one.wav", "one.json"):
        yield Request("clips.file", f"{page}/clips/{CLIP}/{name}")
    yield Request("clips.still_of_made", f"{api}/clips/{CLIP}/still", costly=True)
    yield Request("clips.bundle", f"{page}/clips.zip?clip={CLIP}")
    yield Request("quotes.selection", f"{api}/selection?first=3&last=9")
    yield Request("quotes.listed", f"{api}/quotes")
    yield Request("jobs.every", "/api/jobs")
    yield Request("jobs.one", f"/api/jobs/{JOB}")
    yield Request("jobs.events", "/api/jobs/events")
