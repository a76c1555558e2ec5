"""Attacks the readers of transcripts, captions and recognisers' output with files that somebody made to hurt.

    python -m tests.attack.inputs [--seed N] [--count N] [--characters N] [--format ENDING]

Three kinds: real files with bytes changed, doubled, cut and mixed; structures made by a grammar of each format's own
marks; and single things repeated until the file is large. A child process reads them, with limits of memory and of the
time of each. What is accepted must come back as text that can be written, with each of its words where it says, and is
made into captions; what is refused, in a sentence of ours. Anything else is a failure.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from aligner.transcript.html import MAX_TAGS

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("txt", "md", "html", "docx", "json", "srt", "vtt")
BATCH = 250
SEEDS = [
    "Ana Sol : Bonsoir à tous.\n\nLeo Paz : Bonsoir. (rires)\n\nAna Sol : L’été 1984, à 18h30 [1].\n",
    "Ana Sol: Good evening.\n00:12 Leo Paz\nWell, it’s 12:30 [laughs] (1).\n\nNotes\n[1] A book.\n",
]
# What means something in one of the formats, or has been taken for something that it is not.
MARKS = [
    "<", ">", "</", "<p>", "</p>", "<b>", "<a b=\">\" ", "<a b='", "<!--", "-->", "<![",
    "<![CDATA[", "]]>", "<!DOCTYPE ",
    "<?xml ", "<script>", "<sup>1</sup>", "&", "&#", "&#xd83d;", "&#0;", "&lt;", "[", "]", "(",
    ")", "![", "](", "*", "**",
    "_", "`", "```\n", "> ", "- ", "1. ", "# ", "|", "|-|\n", "---\n", "===\n", "    ", "\\", "{",
    "}", '"', "\\ud83d",
    "\\u0000", ":", "：", ",", "null", "1e999", "NaN", "-->", "00:00:01,000 --> 00:00:02,000\n",
    "00:12", "<00:00:01.000>",
    "<v Ana>", "WEBVTT\n\n", "NOTE\n", "STYLE\n", "1\n", "Ana: ", "A", "a", "é", "日", "1", "¹",
    "[1]", "(sic ", "[laughs]",
    "♪", "\u200d", "\u0301", "\u202e", "\ufeff", "\x00", "\x1b", "\r", "\n", "\n\n", "\t", " ",
    "\u2028", "\x85", "a" * 300,
    "10^999999", "9" * 5000, "XIVe", "https://", "1984.", "---\ntitle: a\n---\n", "Transcript\n", "a\n" * 50,
]  # fmt: skip
# What is slow to make a tree of.
HTML_MARKS = [
    "<b>a<br>b", "<p>a<p>b", "<li>a<br>", "<font><i>a</i>", "<b><i></b>", "<pre>", "<time>a</time>b",
    "<a href='#a'>1</a>",
    "<main>a", "<body>a", "<template>a", "<nav><footer><button>a", "<p hidden>", "<p class='speaker-name'>a", "<style>",
    "<!---->", "<![if>", "<!a>", "<?a <b>", "</ ", "<a/ ", "<a b='&#" + "9" * 5000 + "'>", "&" + "a" * 40, "&#x",
]  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be", "cp1252", "latin-1", "shift_jis")
CODECS = ("punycode", "idna", "undefined", "hex", "zlib", "unicode_escape", "rot13", "no-such", "utf-16", "../a")
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
WORD_MARKS = [
    "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>a b</w:t>", "<w:br/>", "<w:tab/>", '<w:footnoteReference w:id="1"/>',
    "<w:tbl>", "</w:tbl>", "<mc:AlternateContent>", "</mc:AlternateContent>", "<mc:Choice>", "</mc:Choice>",
    "<mc:Fallback>", "</mc:Fallback>", "<w:moveFrom>", "</w:moveFrom>", "&amp;", "&x;", "<w:p/>", "<!---->", "<?a?>",
    "<w:p><w:r><w:t>hello there</w:t></w:r></w:p>", "<w:pPr><w:pStyle w:val='Title'/></w:pPr>",
]  # fmt: skip


def inputs(seed: int, characters: int, formats: Sequence[str] = FORMATS) -> Iterator[tuple[str, str, bytes]]:
    """(kind, file's ending, content) without end; the same for the same seed."""
    dice = random.Random(seed)
    kinds = {"changed": _changed, "composed": _composed, "repeated": _repeated}
    for number in count():
        kind, ending = (
            dice.choice(["changed", "changed", "composed", "composed", "repeated"]),
            formats[number % len(formats)],
        )
        yield kind, ending, kinds[kind](dice, ending, characters)


def real(ending: str) -> list[bytes]:
    """Sound files of a format."""
    samples = ROOT / "tests" / "bench" / "texts"
    texts = [path.read_text(encoding="utf-8")[:4000] for path in sorted(samples.glob("*.txt"))] + SEEDS
    return [_in_format(text, ending) for text in texts]


def _in_format(text: str, ending: str) -> bytes:
    paragraphs = text.split("\n\n")
    if ending == "docx":
        return _word("".join(f"<w:p><w:r><w:t>{_escaped(each)}</w:t></w:r></w:p>" for each in paragraphs))
    if ending == "html":
        text = "<!DOCTYPE html>\n<title>T</title>" + "\n".join(f"<p>{_escaped(each)}</p>" for each in paragraphs)
    elif ending == "json":
        text = json.dumps({"segments": [{"body": each, "startTime": k} for k, each in enumerate(paragraphs)]})
    elif ending in ("srt", "vtt"):
        mark = "," if ending == "srt" else "."
        cues = [
            f"{k}\n00:00:{k % 60:02}{mark}000 --> 00:00:{k % 60:02}{mark}900\n{each}"
            for k, each in enumerate(paragraphs)
        ]
        text = ("WEBVTT\n\n" if ending == "vtt" else "") + "\n\n".join(cues)
    return text.encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _word(body: str, before: str = "", more: dict[str, str] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        whole = f"<w:document {W}><w:body>{body}</w:body></w:document>" if body else ""
        archive.writestr("word/document.xml", before + whole)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def _changed(dice: random.Random, ending: str, _characters: int) -> bytes:
    """A sound file with some of its bytes changed, doubled or cut, perhaps in another encoding."""
    data = bytearray(dice.choice(real(ending)))
    if ending == "docx" and dice.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            document = archive.read("word/document.xml").decode("utf-8")
        at = dice.randrange(document.index("<w:p>"), len(document))
        return _word("", document[:at] + dice.choice([*WORD_MARKS, *MARKS]) + document[at:])
    if ending != "docx" and dice.random() < 0.3:
        data = bytearray(data.decode("utf-8").encode(dice.choice(ENCODINGS), errors="replace"))
    for _ in range(dice.choice([1, 2, 5, 30])):
        at, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        match dice.randrange(5):
            case 0:
                data[at:at] = dice.choice(MARKS).encode("utf-8")
            case 1:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 2:
                del data[at : min(end, at + 50)]
            case 3:
                data[at:at] = data[at : min(end, at + 200)]
            case _:
                data[at : at + 4] = dice.randbytes(4)
    return bytes(data)


def _composed(dice: random.Random, ending: str, _characters: int) -> bytes:
    """Marks of the formats one after another, with words between them."""
    if ending == "docx":
        body = _tree(dice, dice.choice([5, 30, 300]))
        before = dice.choice(
            ["", "", "", "", '<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">']
        )
        title = _escaped("".join(filter(str.isprintable, dice.choice(MARKS))))
        properties = f'<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></a>'
        return _word(body, before, {"docProps/core.xml": properties})
    text = "".join(dice.choices([*MARKS, "hello ", "there. "], k=dice.choice([5, 30, 300])))
    if ending == "json" and dice.random() < 0.7:
        segment = {"body": text, "speaker": dice.choice(MARKS), "startTime": dice.choice([0, -1, 1e300, None, "x"])}
        return (
            json.dumps({"segments": [segment, segment], "title": dice.choice(MARKS)}).replace("\\\\u", "\\u").encode()
        )
    if ending in ("srt", "vtt"):
        text = "WEBVTT\n\n" * (ending == "vtt") + "1\n00:00:00,000 --> 00:00:09,000\n" + text
    elif ending == "html" and dice.random() < 0.3:
        return (
            f'<meta charset="{dice.choice(CODECS)}">é'.encode(dice.choice(ENCODINGS), errors="replace") + text.encode()
        )
    return text.encode(dice.choice(ENCODINGS), errors="replace")


def _tree(dice: random.Random, size: int) -> str:
    """Elements of Word's within and after one another, each of them ended."""
    whole, open_tags = "", []
    for mark in dice.choices(WORD_MARKS[:-2], k=size):
        name = mark.strip("</>").partition(" ")[0]
        if mark.startswith("</") or mark == "&x;":
            whole += f"</{open_tags.pop()}>" if open_tags else ""
        else:
            whole += mark
            open_tags += [name] if f"</{name}>" in WORD_MARKS and mark == f"<{name}>" else []
    return whole + "".join(f"</{name}>" for name in reversed(open_tags)) + WORD_MARKS[-2]


def _repeated(dice: random.Random, ending: str, characters: int) -> bytes:
    """One or two things again and again."""
    marks = {"docx": WORD_MARKS, "html": [*HTML_MARKS, *MARKS]}.get(ending, MARKS)
    lead, unit = dice.choice(marks) * dice.randrange(2), "".join(dice.choices(marks, k=dice.choice([1, 1, 2, 3])))
    times = characters // len(unit)
    if ending == "html":  # as many tags as a page may have, and words between them
        times = min(times, (MAX_TAGS - 10) // max(1, unit.count("<")))
        unit += "hellothereagain " * ((characters // times - len(unit)) // 16)
    text = lead + unit * times + dice.choice(["", "hello there", ">", "\nhello\n"])
    if ending == "docx":
        return _word(text)
    if ending == "json":
        bodies = [text] if dice.random() < 0.5 else [unit] * min(characters // len(unit), 100_000)
        return json.dumps({"segments": [{"body": each} for each in bodies]}).encode()
    if ending in ("srt", "vtt"):
        text = "WEBVTT\n\n" * (ending == "vtt") + "1\n00:00:00,000 --> 00:00:09,000\n" + text
    return text.encode("utf-8", errors="replace")


def attack(seed: int, number: int, characters: int, formats: Sequence[str]) -> tuple[Counter[str], list[str]]:
    """What became of that many inputs, by kind and end, and the failures."""
    ends: Counter[str] = Counter()
    failures: list[str] = []
    made = enumerate(islice(inputs(seed, characters, formats), number))
    while batch := list(islice(made, BATCH)):
        with tempfile.TemporaryDirectory() as folder:
            names = [f"{k}.{ending}" for k, (_, ending, _) in batch]
            for name, (_, (_, _, content)) in zip(names, batch, strict=True):
                (Path(folder) / name).write_bytes(content)
            told = _read_by_child(Path(folder), names)
        for name, (_, (kind, ending, _)) in zip(names, batch, strict=True):
            end = told.get(name, "the child died or took too long")
            ends[f"{kind} {ending} {end if end in ('accepted', 'refused') else 'FAILED'}"] += 1
            if end not in ("accepted", "refused"):
                failures.append(f"seed {seed}, input {name} ({kind}): {end}")
    return ends, failures


def _read_by_child(folder: Path, names: list[str]) -> dict[str, str]:
    """How the reading of each file ended. A child that dies does so at one file; another goes on after it."""
    told: dict[str, str] = {}
    left = names
    while left:
        command = [sys.executable, "-m", "tests.attack.reading", str(folder)]
        done = subprocess.run(command, input="\n".join(left), capture_output=True, text=True, cwd=ROOT, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        told |= {name: end for name, end in lines if end}
        if done.returncode == 0:
            break
        at = lines[-1][0] if lines else left[0]
        told.setdefault(at, f"the child ended with {done.returncode}: {done.stderr[-300:]}")
        left = left[left.index(at) + 1 :]
    return told


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--characters", type=int, default=200_000, help="of the files in which things are repeated")
    parser.add_argument("--format", choices=FORMATS, help="the only format of which files are made")
    given = parser.parse_args(arguments)
    ends, failures = attack(given.seed, given.count, given.characters, [given.format] if given.format else FORMATS)
    for end, number in sorted(ends.items()):
        print(f"{number:7} {end}")
    print(f"{sum(ends.values()):7} inputs, {len(failures)} failures", *failures, sep="\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
