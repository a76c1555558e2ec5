"""Podcast captions in a browser's ``<track>``."""

from playwright.sync_api import Browser

from aligner.formats import FORMATS
from tests.readers.hostile import materials
from tests.readers.rows import Row, assert_as_said
from tests.web.visiting import new_tab

SHOWN_BY_A_BROWSER = """texts => Promise.all(texts.map(text => new Promise((done, failed) => {
    const video = document.createElement("video"), element = document.createElement("track");
    element.src = URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
    element.addEventListener("load", () => done([...element.track.cues].map(cue => {
        const shown = cue.getCueAsHTML(), voice = shown.querySelector("[title]");
        return [voice?.title ?? "", shown.textContent];
    })));
    element.addEventListener("error", () => failed(new Error("not loaded")));
    video.append(element);
    element.track.mode = "hidden";
})))"""


def test_a_browsers_track_has_every_cue(browser: Browser) -> None:
    texts = [FORMATS["podcast-vtt"].content(material).decode("utf-8") for material in materials().values()]
    with new_tab(browser) as page:
        shown = page.evaluate(SHOWN_BY_A_BROWSER, texts)
    for material, cues in zip(materials().values(), shown, strict=True):
        assert_as_said([Row(voice, text) for voice, text in cues], material)
