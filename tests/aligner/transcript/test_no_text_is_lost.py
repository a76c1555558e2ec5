"""Every spoken letter of a file is in the transcript's text, in order, and in its words, however odd the file."""

import html
import io
import json
import re
from collections import Counter
from itertools import count, pairwise

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aligner.transcript import read_transcript
from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import find_labels
from aligner.transcript.structure import segments_of, words_of
from tests.tables import over_rows

AWKWARD = [
    "STYLE", "REGION", "WEBVTT", "Note:", "42", "7", "-->", "->", "&", "AT&T", "<3", "a<b", "12:30",
    "(rires)", "Chapitre",
    "[1]", "—", "-", "#", "*", "**", "1984.", "|", "---", "===", "_", "`", "«", "»", ">>", "l’été", "&amp;", "&not",
    "été", "ß", "漢字", "\\", "Ana:", "[Leo]", "[Leo]:", "Leo", "=", "~~", "kHz", "x²", "00:00:01,000",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(AWKWARD), st.text("abcdefgéîñABCÉ0123456789", min_size=1, max_size=8))
# A unique word in each line keeps it from being taken for a repeated caption.
LINES = st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=6)
TURNS = st.lists(
    st.tuples(st.sampled_from([None, "Ana Sol", "Leo"]), st.lists(LINES, min_size=1, max_size=3)),
    min_size=1,
    max_size=6,
)


def numbered(turns, labels_stay=True):
    """Return the turns as (speaker, lines of words), each line with a unique word, below a line of plain speech.

    If labels are removed from the text, a line that begins like one (``[Leo]``, ``Note:``) has its unique word first.
    """
    numbers = count(1)
    return [(None, [["Bonjour", "à", "tous."]])] + [
        (speaker, [_with_own(line, f"mot{next(numbers)}", labels_stay) for line in lines]) for speaker, lines in turns
    ]


def _with_own(line, own, labels_stay):
    words = [word for word, _ in line]
    is_first = line[0][1] or (not labels_stay and any(mark in word for word in words for mark in ("[", ":")))
    return [own, *words] if is_first else [*words, own]


def lost(tmp_path_factory, name, content, turns):
    """Return the words and letters of the turns that are missing from the text of the content."""
    path = tmp_path_factory.mktemp("lost") / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    text = read_transcript(path).text
    missing, at = [], 0
    for word in (word for _, lines in turns for line in lines for word in line):
        for piece in "".join(char if char.isalnum() else " " for char in word).split():
            found = text.find(piece, at)
            if found < 0:
                missing.append(piece)
            else:
                at = found + len(piece)
    spoken = Counter(filter(str.isalnum, (char for _, lines in turns for line in lines for char in "".join(line))))
    return missing, spoken - Counter(filter(str.isalnum, text))


NOTHING = ([], Counter())
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@pytest.mark.nightly
@given(TURNS, ENDS, st.sampled_from(["", "> ", ">> ", "- ", "    "]), st.sampled_from(["\n\n", "\n---\n", "\n"]))
@example([(None, [[("Oui", False)]])], "\n", "[Leo]: ", "\n\n")
@example([(None, [[("Oui", True)]])], "\n", "> " * 30, "\n\n")
@example([(None, [[("Oui", True)]])], "\n", "- " * 30, "\n\n")
@example([(None, [[("Oui", True)]])] * 3, "\n", "---\nAna: ", "\n---\n")
@settings(max_examples=60, deadline=None)
def test_markdown(tmp_path_factory, turns, end, lead, between):
    turns = numbered(turns)
    shown = between.join(lead + "\n".join(" ".join(line) for line in lines) for _, lines in turns)
    # Markdown renders tags and escapes as other text.
    assume(not any(mark in shown for mark in ("a<b", "&not", "&amp;")))
    assert lost(tmp_path_factory, "a.md", shown.replace("\n", end), turns) == NOTHING


BLOCKS = ["p", "div", "li", "td", "section", "blockquote", "pre", "form", "x-turn", "dd", "center", "label"]
INLINE = ["b", "i", "span", "a href='#t=3'", "a href='#x'", "font", "unk", "small", "bdi", "mark", "q"]


@st.composite
def wrapped(draw, text):
    """Escaped text inside some elements, with a comment beside it."""
    shown = html.escape(text, quote=draw(st.booleans()))
    for tag in draw(st.lists(st.sampled_from(INLINE), max_size=3)):
        shown = f"<{tag}>{shown}</{tag.split()[0]}>"
    return draw(st.sampled_from(["", "<!-- not said -->", "<wbr>", "<?pi no?>"])) + shown


@pytest.mark.nightly
@given(
    st.data(), TURNS, st.sampled_from(["{}", "<html><head><title>T</title>{}", "<body>{}</body>", "<main>{}</main>"])
)
@settings(max_examples=50, deadline=None)
def test_html(tmp_path_factory, data, turns, page):
    turns = numbered(turns)
    blocks = []
    for speaker, lines in turns:
        tag = data.draw(st.sampled_from(BLOCKS))
        rows = [" ".join(data.draw(wrapped(word)) for word in line) for line in lines]
        label = f"<b>{speaker}:</b> " if speaker else ""
        close = data.draw(st.sampled_from([f"</{tag}>", ""]))
        blocks.append(f"<{tag}>{label}{'<br>'.join(rows)}{close}")
    assert lost(tmp_path_factory, "a.html", page.format("\n".join(blocks)), turns) == NOTHING


@pytest.mark.nightly
@given(
    TURNS, st.sampled_from(["body", "text"]), st.sampled_from([{}, {"startTime": None}, {"startTime": "1", "x": [1]}])
)
@settings(max_examples=40, deadline=None)
def test_podcast_json(tmp_path_factory, turns, name, fields):
    turns = numbered(turns, labels_stay=False)
    segments = []
    for speaker, lines in turns:
        segments.append({**fields, name: "\n".join(" ".join(line) for line in lines)})
        if speaker:
            segments[-1]["speaker"] = speaker
        segments.append({"body": None})
    assert lost(tmp_path_factory, "a.json", json.dumps({"segments": segments}), turns) == NOTHING


@st.composite
def cues(draw, turns, is_vtt):
    """A caption file, a turn a cue, with blank lines among its lines and times that are broken here and there."""
    blocks = []
    is_numbered = draw(st.booleans()) or not is_vtt
    for number, (speaker, lines) in enumerate(turns, start=1):
        rows = [" ".join(line) for line in lines]
        if is_vtt:
            rows = [html.escape(row, quote=False) for row in rows]
            rows[0] = (f"<v {speaker}>" if speaker else "") + rows[0]
        elif speaker:
            rows[0] = f"{speaker}: {rows[0]}"
        rows = [piece for row in rows for piece in (row, *draw(st.sampled_from([(), ("",), (" ",), ("", "")])))]
        start, end = f"00:00:{number:02},000", f"00:00:{number + 1:02},000"
        times = draw(
            st.sampled_from([f"{start} --> {end}"] * 5 + [f"{start} -->", f"00:00:1x --> {end}", f"{start} -> {end}"])
        )
        settings_ = draw(st.sampled_from(["", " align:start position:0%"]))
        times = (times + settings_ if times.endswith(end) and "-->" in times else times).replace(
            ",", "." if is_vtt else ","
        )
        blocks.append("\n".join([str(number)] * is_numbered + [times, *rows]))
    between = draw(st.sampled_from(["\n\n", "\n\n\n"] + ["\n"] * is_numbered))
    return between.join(blocks)


@pytest.mark.nightly
@pytest.mark.parametrize("is_vtt", [True, False])
@given(data=st.data(), turns=TURNS, end=ENDS, has_bom=st.booleans())
@settings(max_examples=60, deadline=None)
def test_captions(tmp_path_factory, is_vtt, data, turns, end, has_bom):
    turns = numbered(turns, labels_stay=False)
    shown = "\ufeff" * has_bom + "WEBVTT\n\nNOTE not said\n\n" * is_vtt + data.draw(cues(turns, is_vtt=is_vtt))
    # An escape of WebVTT, which is read as one in SubRip too, and text that looks like a tag.
    assume(is_vtt or not re.search(r"&amp;|<b(?:\s|[^<]*=[^<]*)>", shown))
    assert lost(tmp_path_factory, "a.vtt" if is_vtt else "a.srt", shown.replace("\n", end), turns) == NOTHING


def _inserted(run):
    mark = OxmlElement("w:ins")
    run.addprevious(mark)
    mark.append(run)


def _linked(run):
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), "x")
    run.addprevious(link)
    link.append(run)


def _controlled(run):
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    run.addprevious(control)
    control[0].append(run)


def _boxed(run):
    box = parse_xml(f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r>")
    run.addprevious(box)
    box[0][0][0].append(run)


@pytest.mark.nightly
@given(st.data(), TURNS)
@settings(max_examples=25, deadline=None)
def test_word_documents(tmp_path_factory, data, turns):
    turns = numbered(turns)
    document = docx.Document()
    for speaker, lines in turns:
        in_table = data.draw(st.booleans())
        paragraph = document.add_table(1, 1).cell(0, 0).paragraphs[0] if in_table else document.add_paragraph()
        if speaker:
            paragraph.add_run(f"{speaker}: ").bold = True
        for words in lines:
            run = paragraph.add_run(" ".join(words) + data.draw(st.sampled_from([" ", "\n", "\t"])))
            if kind := data.draw(st.sampled_from([None, _inserted, _linked, _controlled])):
                kind(run._r)
    stream = io.BytesIO()
    document.save(stream)
    assert lost(tmp_path_factory, "a.docx", stream.getvalue(), turns) == NOTHING


def test_a_text_box_and_an_equation_of_a_word_document(read):
    document = docx.Document()
    _boxed(document.add_paragraph("Before.").add_run("In the box.")._r)
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    equation = parse_xml(f'<m:oMath xmlns:m="{namespace}"><m:r><m:t>E=mc</m:t></m:r></m:oMath>')
    document.add_paragraph("So ")._p.append(equation)
    stream = io.BytesIO()
    document.save(stream)
    assert read(stream.getvalue(), "a.docx").text == "Before.\nIn the box.\nSo E=mc\n"


@over_rows("page, text",
    [
        ("<head><meta charset=utf-8><title>T</title><p>Hello", "Hello"),
        ("<p>On <time>4 May</time> we met. <time>0:12</time></p>", "On 4 May we met."),
        ("<a href='#t=1'>Hello</a> <a href='#w2'>you</a> <a href='#w3'>I</a>", "Hello you I"),
        ("<div id='transcript' hidden>Hello.</div><p hidden>No.</p>", "Hello."),
        ("<p>AT&T; R&D; &eacute;t&eacute;&hellip;</p>", "AT&T; R&D; été…"),
        ("<article>News.</article><div>The talk itself is told at length, outside.</div>",
         "News.\nThe talk itself is told at length, outside."),
    ],
)  # fmt: skip
def test_pages_written_by_hand(read, page, text):
    assert read(page, "a.html").text == text + "\n"


PIECES = st.sampled_from(
    ["Ana Sol", "Leo", " : ", ":", ". ", "— ", "- ", "[1]", "[Rires]", "(", ")", "00:12", "[00:01:02] ", "mot", "Le",
     "monde[2].", " ", "# ", "¹", "*", "?", "«", "»", ">> ", "é", "http://a.b", "\n", "\n\n", "\r\n", "\u2028", "\xa0",
     "Notes\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


@pytest.mark.nightly
@given(TEXTS)
@example("A:\nB:\nA:\nB:")
@example("[1]")
@example("(rires)[2]Ana : [3]")
@settings(max_examples=400, deadline=None)
def test_every_token_outside_labels_is_in_exactly_one_word(text):
    draft = read_plain(text)
    segments = segments_of(draft)
    words = words_of(text, segments)

    assert all(text[w.char_start : w.char_end] == w.text for w in words)
    assert all(a.char_end <= b.char_start for a, b in pairwise(words))
    assert all(
        segments[w.segment].char_start <= w.char_start < w.char_end <= segments[w.segment].char_end for w in words
    )

    held = [0] * len(text)
    for label, line in zip(find_labels(text, draft.lines), draft.lines, strict=True):
        for at in range(line.start, label.end if label else line.start):
            held[at] += 1
    for word in words:
        for at in range(word.char_start, word.char_end):
            held[at] += 1
    assert max(held, default=0) <= 1
    assert all(count or not char.isalnum() for char, count in zip(text, held, strict=True))
