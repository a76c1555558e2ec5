"""An alignment with anything wrong in it is reported as damaged, or shown everywhere."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from aligner.timed_text import check_captions
from tests.attack.asked_app import Answer, Target, sent
from tests.attack.effort import examples
from tests.attack.full_library import Request, views
from tests.attack.odd import TEXTS, dumped, wrong_json
from web.languages import catalogue

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts a request here")

EXPORT = {"first": 3, "last": 9, "format": "wav", "listen": False}
PAGE = Request("page.read", "/episodes/talk")
REQUESTS = [
    *(request for request in views() if "talk" in request.path and not request.costly and request != PAGE),
    Request("library.index", "/"),
    Request("clips.preview", "/api/episodes/talk/clips/preview", "POST", EXPORT),
    Request("clips.preview", "/api/episodes/talk/clips/preview", "POST", {**EXPORT, "shape": "square"}),
    Request("clips.export", "/api/episodes/talk/clips", "POST", {"exports": [EXPORT]}),
]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(tmp_path_factory.mktemp("attacked"))


@st.composite
def wrong_words(draw: st.DrawFn, good: dict[str, Any]) -> dict[str, Any]:
    """Draw an alignment some of whose words, names and kinds are odd, without a contradiction."""
    data = json.loads(json.dumps(good))
    text = data["transcript"]["text"]
    for word in draw(st.lists(st.sampled_from(data["words"]), max_size=5)):
        start, end = word["char_start"], word["char_end"]
        word["text"] = ((draw(st.sampled_from(TEXTS)) or "a") * (end - start))[: end - start]
        text = text[:start] + word["text"] + text[end:]
    data["transcript"]["text"] = text
    speaker, kind = draw(st.sampled_from([None, *TEXTS])), draw(st.sampled_from(["speech", "heading", "note", "stage"]))
    for segment in draw(st.lists(st.sampled_from(data["segments"]), max_size=5)):
        segment |= {"speaker": speaker, "kind": kind}
    names = ("title", "show", "url", "date")
    data["episode"] |= {name: draw(st.sampled_from([None, *TEXTS])) for name in names if draw(st.booleans())}
    return dict(data)


def wrong_with(request: Request, answer: Answer, is_read: bool, folder: Path) -> list[str]:
    found = []
    if b"<script>alert" in answer.body and answer.type.startswith("text/html"):
        found.append("text has become HTML")
    if request.endpoint == "library.index" and is_read and catalogue("en")["problem.alignment"].encode() in answer.body:
        found.append("the list says that it is damaged, and the page shows it")
    if answer.status == 200 and request.path.endswith(("/vtt", "/srt")):
        (file := folder / f"captions.{request.path[-3:]}").write_bytes(answer.body)
        found += [f"no captions: {each}" for each in check_captions(file) if each.rule != "empty"]
    return found


def check(target: Target, data: Any) -> None:
    target.restore()
    episode = target.root / "talk"
    (episode / "episode.alignment.json").write_bytes(dumped(data))
    for ending in ("vtt", "srt"):
        (episode / f"episode.{ending}").unlink(missing_ok=True)  # so that they are made of what is read
    is_read = target.check(sent(PAGE)).status == 200
    event("read" if is_read else "refused")
    for request in REQUESTS:
        assert wrong_with(request, target.check(sent(request)), is_read, target.root.parent) == []


@pytest.mark.parametrize("count", [3, pytest.param(25, marks=pytest.mark.nightly)])
def test_any_alignment_is_refused_in_one_sentence_or_shown(target: Target, sample: Path, count: int) -> None:
    good = json.loads((sample / "episode.alignment.json").read_text("utf-8"))

    @given(data=wrong_json(good) | wrong_words(good))
    @examples(count)
    def attack(data: Any) -> None:
        check(target, data)

    attack()
