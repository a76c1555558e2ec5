"""A library in which there is something of everything, and every request that the app answers about it."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from aligner.storage.alignment_json import read_alignment
from tests.web.archive.archiving import plant_archive
from tests.web.library.shelved import plant
from tests.web.planting import plant_sample
from web.jobs import Job, JobState
from web.jobs.job import Rows, now
from web.jobs.kinds import KINDS, Prepare
from web.library import Library
from web.library.details import write_details
from web.page.preparation import prepare
from web.quotes.saved import save_quote

VERSION = "0001 2025-01-01 00-00-00 transcript.txt"
UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_AUDIO = (letter * 32 for letter in "abcdef")
REMOVED_CLIP, JOB, QUOTE = "20260101-000000-0badcafe", "20260102-000000-0badcafe", "0badcafe"
CLIP = hashlib.sha256(b"one.wav").hexdigest()[:12]


def lay_out(root: Path) -> None:
    """Write the library: ``talk``, an episode with all that one can have, ``other``, ``gone`` in the trash, uploads."""
    talk = plant_sample(root / "talk")
    plant(root / "other")
    plant(root / "trash" / "gone")
    prepare(talk / "episode.mp3", talk, lambda *_: None)
    (talk / "cover.jpg").write_bytes(picture())
    write_details(talk, Library(root).episode("talk").details, "episode.mp3", "transcript.txt")
    (talk / "versions").mkdir()
    shutil.copy(talk / "transcript.txt", talk / "versions" / VERSION)
    quote = save_quote(talk, read_alignment(talk / "episode.alignment.json"), 3, 9)
    quotes = talk / "quotes.json"
    quotes.write_text(quotes.read_text("utf-8").replace(quote.id, QUOTE), "utf-8")
    for folder, name in ((talk / "clips", "one"), (talk / "clips" / "trash" / REMOVED_CLIP, "two")):
        folder.mkdir(parents=True)
        shutil.copy(root / "other" / "talk.wav", folder / f"{name}.wav")
        record = {"format": "quotecast-clip", "version": 1, "file": f"{name}.wav", "quote": "A quote."}
        (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    (root / ".quotecast" / "passing").mkdir(parents=True)
    for token in (UPLOAD, NEW_COVER, NEW_TEXT, OTHERS_UPLOAD, VIDEO_COVER, NEW_AUDIO):
        for kind, source in (("audio", "episode.mp3"), ("transcript", "transcript.txt"), ("cover", "cover.jpg")):
            (staged := root / ".quotecast" / "incoming" / token / kind).mkdir(parents=True)
            shutil.copy(talk / source, staged)


def plant_user(root: Path) -> None:
    """Give the user a job in the library, and an archive of it."""
    Rows(root, KINDS).put(Job(JOB, Prepare("episode.mp3"), "talk", created=now(), state=JobState.DONE))
    plant_archive(root, "talk", "other", root / "other" / "talk.wav")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the app's pages send it, to a rule that is called ``endpoint``. ``costly`` ones decode audio or
    draw; ``data`` is an upload or a form."""

    endpoint: str
    path: str
    method: str = "GET"
    body: object = None
    data: bytes | dict[str, str] | None = None
    costly: bool = False


def requests() -> Iterator[Request]:
    """Yield all requests, in an order in which each finds what it is about; the last remove the episode."""
    api = "/api/episodes/talk"
    export = {"first": 3, "last": 9, "format": "mp3", "listen": False}
    shaped = {**export, "shape": "square"}
    fields = {"title": "T", "show": "S", "date": "2025-01-01", "url": "https://x.example", "language": "fr"}
    form = {"fields": fields, "names": {"Bastien Oriol": "B"}, "token": ""}
    yield from views()
    yield Request("clips.peaks", f"{api}/stretch?from=1&to=3&columns=9", costly=True)
    for what, address, asked in (
        ("preview", "preview", export),
        ("preview", "preview", shaped),
        ("audio_preview", "sound", export),
        ("frame_preview", "still", shaped),
    ):
        yield Request(f"clips.{what}", f"{api}/clips/{address}", "POST", asked, costly=True)
    yield Request("clips.video_preview", f"{api}/clips/moving/0badcafe", "POST", shaped, costly=True)
    yield Request("clips.cover", f"{api}/clips/cover/{VIDEO_COVER}", "POST")
    yield Request("quotes.save", f"{api}/quotes", "POST", {"first": 11, "last": 15})
    yield Request("quotes.accept_nearest", f"{api}/quotes/{QUOTE}/nearest", "POST")
    yield Request("quotes.remove", f"{api}/quotes/{QUOTE}", "DELETE")
    yield Request("clips.restore", f"{api}/clips/restore/{REMOVED_CLIP}", "POST")
    yield Request("library.delete_clip", f"{api}/clips/trash/{REMOVED_CLIP}", "DELETE")
    yield Request("clips.delete", f"{api}/clips/{CLIP}", "DELETE")
    yield Request("clips.export", f"{api}/clips", "POST", {"exports": [export]})
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
    yield Request("retiming.stage", f"{api}/sound/{NEW_AUDIO}", "POST", costly=True)
    yield Request("retiming.use", f"{api}/sound", "POST", {"take": True})
    yield Request("retiming.discard", f"{api}/sound", "DELETE")
    yield Request("adding.create_episode", f"/api/incoming/{UPLOAD}/create", "POST", form, costly=True)
    yield Request("library.sample", "/sample", "POST", costly=True)
    yield Request("adding.align_again", f"{api}/align", "POST")
    yield Request("jobs.cancel", f"/api/jobs/{JOB}/cancel", "POST")
    yield Request("jobs.cancel_listed", f"/jobs/{JOB}/cancel", "POST", data={})
    yield Request("archive.retry", "/archive/retry", "POST", data={"folder": "talk"})
    yield Request("archive.answer", "/archive/answer", "POST", data={"key": "show#E01", "text": "text 1"})
    change = {"folder": "other", "kind": "audio", "state": "v2", "decision": "take"}
    yield Request("archive.decide", "/archive/change", "POST", data=change)
    yield Request("archive.forget_missing", "/archive/forget", "POST", data={"folder": "gone"})
    yield Request("library.remove_episode", f"{api}/remove", "POST")
    yield Request("library.trash", "/trash")
    for token in ("talk", "gone"):
        yield Request("library.restore_episode", f"/api/trash/{token}/restore", "POST")
        yield Request("library.delete_episode", f"/api/trash/{token}", "DELETE")
    yield Request("library.index", "/")


def _corrections(api: str) -> Iterator[Request]:
    paragraph = {"kind": "speech", "speaker": None, "text": "New words."}
    corrections: tuple[dict[str, Any], ...] = (
        {"kind": "accept", "words": [[3, 5]]},
        {"kind": "review", "who": "Zoé", "share": 0.5},
        {"kind": "text", "first": 1, "stop": 1, "paragraphs": [paragraph]},
    )
    for number, asked in enumerate(corrections):
        base = number + (number > 0)  # the first correction is the second change
        yield Request("corrections.make", f"{api}/corrections", "POST", {"revision": base, "correction": asked})
    for base, way in ((4, "undo"), (5, "redo")):
        yield Request("corrections.reverse", f"{api}/{way}", "POST", {"revision": base})
    yield Request("corrections.changes", f"{api}/changes?revision=2")
    yield Request("corrections.name", "/api/name", "POST", {"name": "Zoé"})


def views() -> Iterator[Request]:
    """Yield the requests that only look."""
    page, api = "/episodes/talk", "/api/episodes/talk"
    yield Request("library.index", "/?removed=gone")
    yield Request("archive.index", "/archive")
    yield Request("archive.progress", "/archive/progress")
    yield Request("archive.audio", "/archive/audio?key=show%23E01", costly=True)
    yield Request("search.find", "/search?q=tandem&show=&from=2020-01-01&to=&sort=relevance&page=1")
    yield Request("search.find", "/search?q=tandem&episode=talk")
    yield Request("library.cover", f"{page}/cover")
    yield Request("adding.add", "/add")
    yield Request("adding.details", f"{page}/details")
    yield Request("versions.index", f"{page}/versions?from=1&to=1")
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
    yield Request("clips.file", f"{page}/clips/{CLIP}/one.wav")
    yield Request("clips.thumbnail", f"{api}/clips/{CLIP}/still", costly=True)
    yield Request("clips.bundle", f"{page}/clips.zip?clip={CLIP}")
    yield Request("quotes.selection", f"{api}/selection?first=3&last=9")
    yield Request("quotes.listed", f"{api}/quotes")
    yield Request("jobs.index", "/api/jobs")
    yield Request("jobs.listed", "/jobs")
