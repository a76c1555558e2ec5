"""A library in which there is something of everything, and every request that the app answers about it.

``lay_out`` makes it; ``requests`` are named by the app's endpoints, in an order in which each finds what it is about.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from aligner.recognition import silent
from aligner.storage.alignment_json import read_alignment
from media.errors import Message, to_facts
from tests.web.library.shelved import plant
from tests.web.planting import plant_sample
from tests.web.search.asking import search
from web.archive.folders import state_of
from web.archive.records import Change, Finding, Origin, Result, Tracked
from web.archive.state import open_archive
from web.archive.status import inputs_of
from web.jobs import Job, JobState
from web.jobs.job import Rows, now
from web.jobs.kinds import KINDS, Prepare
from web.library import Library
from web.library.details import write_details
from web.page.preparation import prepare
from web.quotes import kept

VERSION, LATER_VERSION = (f"000{n} 2025-01-0{n} 00-00-00 transcript.txt" for n in (1, 2))
UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_SOUND = (letter * 32 for letter in "abcdef")
REMOVED_CLIP, JOB, QUOTE = "20260101-000000-0badcafe", "20260102-000000-0badcafe", "0badcafe"
CLIP = hashlib.sha256(b"one.wav").hexdigest()[:12]
OTHER_TITLE = "Un été"


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
    quote = kept.keep(talk, read_alignment(talk / "episode.alignment.json"), 3, 9)
    quotes = (talk / kept.FILE).read_text(encoding="utf-8").replace(quote.id, QUOTE)
    (talk / kept.FILE).write_text(quotes, encoding="utf-8")
    clips = talk / "clips"
    for folder, name in ((clips, "one"), (clips / "trash" / REMOVED_CLIP, "two")):
        folder.mkdir(parents=True)
        shutil.copy(root / "other" / "talk.wav", folder / f"{name}.wav")
        told = {"format": "quotecast-clip", "version": 1, "file": f"{name}.wav", "quote": "A quote."}
        (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
    (root / ".quotecast" / "passing").mkdir(parents=True)
    for token in (UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_SOUND):
        staged = root / ".quotecast" / "incoming" / token
        for kind, source in (("audio", "episode.mp3"), ("transcript", "transcript.txt"), ("cover", "cover.jpg")):
            (staged / kind).mkdir(parents=True)
            shutil.copy(talk / source, staged / kind)


def plant_archive(root: Path) -> None:
    """Give the user a job, and an archive of the library: both episodes failed, there is something of everything."""
    Rows(root, KINDS).put(Job(JOB, Prepare("episode.mp3"), "talk", created=now(), state=JobState.DONE))
    found = open_archive(root)
    for name in ("talk", "other", "missing"):
        found.put_episode(Tracked(name, name, name, Origin("/source/talk.wav", "1", "2")))
    episodes = [Library(root).episode(name) for name in ("talk", "other")]
    why = to_facts(Message("its process was ended by signal {signal}", signal=6))
    found.put_results([Result(each.folder.name, *inputs_of(each), why) for each in episodes])
    for kind in ("audio", "transcript"):
        found.put_change(Change("talk", kind, Origin(f"/source/new {kind}", "1", "")))
    audio = root / "other" / "talk.wav"
    reasons = [{"odds": odds, **to_facts(Message("declared by the feed"))} for odds in (2.0, -1.0)]
    texts = [
        {"key": f"text {n}", "name": f"{n}.txt", "confidence": 0.5, "opening": ["A: Hello."], "language": "en"}
        for n in (1, 2)
    ]
    details = {"candidates": [{**text, "reasons": reasons} for text in texts]}
    question = Finding("question", "E01", "E01.wav", {**details, "path": str(audio), "state": state_of(audio)})
    left_over = (Finding(kind, kind, f"some {kind}") for kind in ("audio", "text", "fault", "gone"))
    found.replace_findings([question, *left_over, Finding("duplicate", "a b", "b.txt", {"of": "a.txt"})])


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Request:
    """One as the app's pages send it. ``costly`` ones decode sound or draw; ``data`` is what is uploaded, or a form."""

    endpoint: str
    path: str
    method: str = "GET"
    body: object = None
    data: bytes | dict[str, str] | None = None
    costly: bool = False

    @property
    def is_of_all(self) -> bool:
        """Whether it is about all episodes."""
        return self.endpoint in ("library.index", "search.find", "archive.index")


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
    yield Request("clips.move", f"{api}/clips/moving", "POST", {**export, "shape": "square"}, costly=True)
    yield Request("clips.cover", f"{api}/clips/cover/{VIDEO_COVER}", "POST")
    yield Request("quotes.keep", f"{api}/quotes", "POST", {"first": 11, "last": 15})
    yield Request("quotes.remove", f"{api}/quotes/{QUOTE}", "DELETE")
    yield Request("quotes.remove", f"{api}/quotes/{QUOTE}/restore", "POST")
    yield Request("quotes.take_nearest", f"{api}/quotes/{QUOTE}/nearest", "POST")
    yield Request("clips.restore", f"{api}/clips/restore/{REMOVED_CLIP}", "POST")
    yield Request("library.delete_clip", f"{api}/clips/trash/{REMOVED_CLIP}", "DELETE")
    yield Request("clips.delete", f"{api}/clips/{CLIP}", "DELETE")
    yield Request("clips.make", f"{api}/clips", "POST", {"exports": [export]})
    yield from _corrections(api)
    yield Request("versions.compare_new", f"{api}/transcript/{NEW_TEXT}/comparison")
    yield Request("versions.restore_version", f"{api}/versions/1/restore", "POST")
    yield Request("page.prepare", f"{api}/prepare", "POST")
    yield Request("adding.open_upload", "/api/incoming", "POST")
    yield Request("adding.preview_transcript", f"/api/incoming/{UPLOAD}/preview")
    yield Request("adding.structure", f"/api/incoming/{UPLOAD}/structure", "POST", {"labels": {}, "kinds": {}})
    yield Request("adding.take_back", f"/api/incoming/{UPLOAD}/cover", "DELETE")
    for kind, content in (("transcript", b"A: new words\n"), ("cover", picture())):
        yield Request("adding.receive_file", f"/api/incoming/{UPLOAD}/{kind}", "PUT", data=content)
    yield Request("adding.save_details", f"{api}/details", "POST", {**form, "token": NEW_COVER})
    yield Request("adding.replace_text", f"{api}/transcript/{NEW_TEXT}", "POST")
    yield Request("retiming.look", f"{api}/sound/{NEW_SOUND}", "POST", costly=True)
    yield Request("retiming.take", f"{api}/sound", "POST", {"take": True})
    yield Request("retiming.leave", f"{api}/sound", "DELETE")
    yield Request("adding.create_episode", f"/api/incoming/{UPLOAD}/create", "POST", form, costly=True)
    yield Request("library.sample", "/sample", "POST", costly=True)
    yield Request("adding.align_again", f"{api}/align", "POST")
    yield Request("jobs.cancel", f"/api/jobs/{JOB}/cancel", "POST")
    for named in ({"folder": "talk"}, {}):
        yield Request("archive.retry", "/archive/retry", "POST", data=named)
    yield Request("archive.answer", "/archive/answer", "POST", data={"key": "E01", "text": "text 1"})
    yield Request("archive.answer", "/archive/answer", "POST", data={"key": "E01", "undo": "1"})
    change = {"folder": "talk", "kind": "audio", "state": "1", "decision": "take"}
    yield Request("archive.decide", "/archive/change", "POST", data=change)
    yield Request("archive.forget_missing", "/archive/forget", "POST", data={"folder": "missing"})
    yield Request("library.remove_episode", f"{api}/remove", "POST")
    yield Request("library.trash", "/trash")
    for token in ("talk", "gone"):
        yield Request("library.restore_episode", f"/api/trash/{token}/restore", "POST")
        yield Request("library.delete_episode", f"/api/trash/{token}", "DELETE")
    yield Request("library.index", "/")


def _corrections(api: str) -> Iterator[Request]:
    for base, asked in enumerate(({"kind": "accept", "words": [[3, 5]]}, {"kind": "sign", "who": "Zoé", "share": 0.5})):
        yield Request("corrections.make", f"{api}/corrections", "POST", {"base": 2 * base, "correction": asked})
    paragraph = {"kind": "speech", "speaker": None, "text": "New words."}
    text = {"kind": "text", "first": 1, "stop": 1, "paragraphs": [paragraph]}
    yield Request("corrections.make", f"{api}/corrections", "POST", {"base": 3, "correction": text})
    yield Request("corrections.reverse", f"{api}/undo", "POST", {"base": 4})
    yield Request("corrections.reverse", f"{api}/redo", "POST", {"base": 5})
    yield Request("corrections.changes", f"{api}/changes?since=2")
    yield Request("corrections.name", "/api/name", "POST", {"name": "Zoé"})


def _looks(page: str, api: str) -> Iterator[Request]:
    """Those that only look."""
    for path in ("/", "/?removed=gone"):
        yield Request("library.index", path)
    yield Request("archive.index", "/archive")
    yield Request("archive.progress", "/archive/progress")
    yield Request("archive.audio", "/archive/audio?key=E01", costly=True)
    yield Request("search.find", "/search?q=bonjour")
    yield Request("search.find", "/search?q=tandem&show=&from=2020-01-01&to=&sort=relevance&page=2")
    yield Request("search.find", f"/search?q=tandem&episode={page.rpartition('/')[2]}")
    yield Request("library.cover", f"{page}/cover")
    yield Request("adding.add", "/add")
    yield Request("adding.details", f"{page}/details")
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
    yield Request("page.report", f"{page}/report")
    yield Request("page.report_part", "/report/report.css")
    yield Request("publish.index", f"{page}/publish")
    yield Request("publish.site", f"{page}/publish/site.zip", costly=True)
    yield Request("publish.player", "/publish/quote-cast.js")
    for path in ("feed/podcast-vtt", "youtube/chapter-lines", "feed/epub"):
        yield Request("publish.file", f"{page}/publish/{path}")
    yield Request("review.queue", f"{api}/review")
    yield Request("review.spectrogram", f"{page}/spectrogram?from=1&to=3&columns=9", costly=True)
    yield Request("corrections.paragraphs", f"{api}/paragraphs?first=1&stop=2")
    yield Request("review.voice", f"{api}/voice?from=1&to=3", costly=True)
    yield Request("corrections.history", f"{api}/history")
    yield Request("clips.listed", f"{api}/clips")
    for name in ("one.wav", "one.json"):
        yield Request("clips.file", f"{page}/clips/{CLIP}/{name}")
    yield Request("clips.still_of_made", f"{api}/clips/{CLIP}/still", costly=True)
    yield Request("clips.bundle", f"{page}/clips.zip?clip={CLIP}")
    yield Request("quotes.selection", f"{api}/selection?first=3&last=9")
    yield Request("quotes.listed", f"{api}/quotes")
    yield Request("jobs.every", "/api/jobs")
