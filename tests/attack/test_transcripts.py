"""Any uploaded transcript is read or refused in a sentence, within limits of time and memory."""

import io
import json
import os
import signal
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions.build import build_cues
from aligner.errors import AsrOutputError, CaptionError, TranscriptError
from aligner.normalization import readings, spell
from aligner.recognition.imported_asr import read_asr_output
from aligner.timed_text import check_captions
from aligner.transcript import read_transcript
from aligner.transcript.html import MAX_TAGS
from tests.aligner.storage.written_texts import timed
from tests.attack.dying import limit, run
from tests.attack.effort import examples
from tests.attack.odd import wrong_json

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(not hasattr(os, "fork"), reason="processes have no limits here")]

_CPU_SECONDS, _MEMORY_BYTES = 30, 2_000_000_000  # what the app gives to a child for a file
_MOST_WORDS = 5_000  # of which captions are made
FORMATS = ("txt", "md", "html", "docx", "json", "srt", "vtt")
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "shift_jis")

# What means something in one of the formats, or has been taken for something that it is not.
MARKS = (
    "hello ", "there. ", "hello ", "Ana: ", "Ana Sol : L’été 1984, à 18h30 [1].\n\n", "<", ">", "</", "<p>", "<b>",
    '<a b=">" ', "<a b='", "<!--", "-->", "<![", "<![CDATA[", "]]>", "<!DOCTYPE ", "<?xml ", "<script>",
    "<sup>1</sup>", "&", "&#", "&#xd83d;", "&#0;", "[", "]", "(", ")", "![", "](", "*", "**", "_", "`", "```\n", "> ",
    "- ", "1. ", "# ", "|", "|-|\n", "---\n", "===\n", "    ", "\\", "{", "}", '"', "\\ud83d", ":", "：", ",", "1e999",
    "00:00:01,000 --> 00:00:02,000\n", "00:12", "<00:00:01.000>", "<v Ana>", "WEBVTT\n\n", "NOTE\n", "STYLE\n", "1\n",
    "é", "日", "¹", "[1]", "(sic ", "[laughs]", "♪", "\u200d", "\u0301", "\u202e", "\ufeff", "\x00", "\x1b", "\r",
    "\n", "\n\n", "\t", " ", "\u2028", "\x85", "a" * 300, "10^999999", "9" * 5000, "XIVe", "https://", "1984.",
    "---\ntitle: a\n---\n", "Transcript\n", "a\n" * 50,
)  # fmt: skip
# What is slow to make a tree of.
TAGS = (
    "<b>a<br>b", "<p>a<p>b", "<li>a<br>", "<font><i>a</i>", "<b><i></b>", "<pre>", "<time>a</time>b", "<main>a",
    "<a href='#a'>1</a>", "<body>a", "<template>a", "<nav><footer><button>a", "<p hidden>", "<p class='speaker-name'>a",
    "<style>", "<!---->", "<![if>", "<!a>", "<?a <b>", "</ ", "<a/ ", "<a b='&#" + "9" * 5000 + "'>", "&" + "a" * 40,
)  # fmt: skip
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHOICE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WORD_TAGS = ("w:p", "w:r", "w:tbl", "w:moveFrom", "mc:AlternateContent", "mc:Choice", "mc:Fallback")
WORD_PARTS = ("<w:t>a b</w:t>", "<w:br/>", '<w:footnoteReference w:id="1"/>', "&amp;", "<w:p/>", "<!---->", "<?a?>",
              "<w:p><w:r><w:t>hello there</w:t></w:r></w:p>", "<w:pPr><w:pStyle w:val='Title'/></w:pPr>")  # fmt: skip
JSON = {
    "title": "La roue",
    "language": "fr",
    "segments": [{"speaker": f"A{k}", "startTime": k, "endTime": k + 1, "body": "Bonjour à tous."} for k in range(4)],
}

LENGTHS = (20_000, 20_000, 20_000, 200_000)  # characters of what is repeated
TEXTS = st.lists(st.sampled_from(MARKS), min_size=1, max_size=60).map("".join)
WORD_BODIES = st.recursive(
    st.sampled_from(WORD_PARTS),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(WORD_TAGS), st.lists(inner, max_size=9)
    ),
    max_leaves=40,
)


@st.composite
def repeated(draw: st.DrawFn, ending: str, characters: int) -> str:
    """Draw one or two marks again and again, until the text is as long as that."""
    marks = {"html": TAGS + MARKS, "docx": WORD_PARTS}.get(ending, MARKS)
    unit = "".join(draw(st.lists(st.sampled_from(marks), min_size=1, max_size=3)))
    times = characters // len(unit)
    if ending == "html":  # as many tags as a page may have, and words between them
        times = min(times, (MAX_TAGS - 10) // max(1, unit.count("<")))
        unit += "hellothereagain " * ((characters // times - len(unit)) // 16)
    lead, tail = draw(st.sampled_from(["", *marks])), draw(st.sampled_from(["", "hello there", ">", "\nhello\n"]))
    return lead + unit * times + (tail if ending != "docx" else "")


@st.composite
def files(draw: st.DrawFn, ending: str) -> bytes:
    """Draw a file of a format: of marks, of one that is repeated, or with bytes of it changed."""
    kind = draw(st.sampled_from(["marks", "marks", "repeated", "changed"]))
    if ending == "json" and kind != "repeated":
        text = json.dumps(draw(wrong_json(JSON)))
    else:
        plain = WORD_BODIES if ending == "docx" else TEXTS
        text = draw(repeated(ending, draw(st.sampled_from(LENGTHS))) if kind == "repeated" else plain)
    content = in_format(text, ending, draw(st.sampled_from(ENCODINGS)))
    if kind == "changed":
        at, count = draw(st.integers(0, len(content))), draw(st.integers(0, 40))
        content = content[:at] + draw(st.binary(max_size=4)) + content[at + count :]
    return content


def in_format(text: str, ending: str, encoding: str) -> bytes:
    if ending == "docx":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            spaces = f'xmlns:w="{WORD}" xmlns:mc="{CHOICE}"'
            archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{text}</w:body></w:document>")
        return stream.getvalue()
    if ending == "json" and not text.startswith("{"):
        text = json.dumps({"segments": [{"body": text}] * 2})
    if ending in ("srt", "vtt"):
        text = "WEBVTT\n\n" * (ending == "vtt") + "1\n00:00:00,000 --> 00:00:09,000\n" + text
    return text.encode(encoding, errors="replace")


def read(path: Path) -> None:
    """Read a file in every way that the app does; whatever is raised other than a refusal ends the child."""
    for other in (check_captions, read_asr_output):
        try:
            other(path)
        except (CaptionError, AsrOutputError) as error:
            error.message.encode("utf-8")
    try:
        transcript = read_transcript(path)
    except TranscriptError as error:
        refusal = str(error).encode("utf-8")
        if str(path).encode() not in refusal or b"\n" in refusal:
            raise AssertionError(refusal) from error
        return
    json.dumps([transcript.text, transcript.title, transcript.language], ensure_ascii=False).encode("utf-8")
    assert "\0" not in transcript.text
    for word in transcript.words:
        segment = transcript.segments[word.segment]
        assert segment.char_start <= word.char_start < word.char_end <= segment.char_end
    tokens = [word.text for word in transcript.words]
    if len(tokens) < _MOST_WORDS and all(len(token) < _MOST_WORDS for token in tokens):
        readings(tokens, "fr")
        spell(tokens, "en")
        build_cues(timed(transcript))


def check(folder: Path, contents: dict[str, bytes]) -> None:
    """Have a child read files, with the limits that the app sets."""
    for ending, content in contents.items():
        (folder / f"a.{ending}").write_bytes(content)

    def work() -> None:
        limit(_CPU_SECONDS * len(contents), _MEMORY_BYTES)
        for ending in contents:
            print(ending, file=sys.stderr, flush=True)
            signal.setitimer(signal.ITIMER_PROF, _CPU_SECONDS)  # which ends this process
            read(folder / f"a.{ending}")

    end = run(work)
    assert end.status == 0, end.said[-3000:]


@given(contents=st.fixed_dictionaries({ending: files(ending) for ending in FORMATS}))
@examples(50)
def test_hostile_files_are_read_or_refused(tmp_path: Path, contents: dict[str, bytes]) -> None:
    check(tmp_path, contents)


@given(text=repeated("html", 4_900_000))
@examples(6)
def test_pages_that_are_slow_to_parse_are_read_or_refused(tmp_path: Path, text: str) -> None:
    check(tmp_path, {"html": text.encode("utf-8", "replace")})
